#include "rtp/feedback.hpp"

#include <doctest/doctest.h>

#include <set>

#include "rtp/packets.hpp"

using namespace rtp;
using Arrival = Statistics::Arrival;

namespace {

Arrival arrive(Statistics& statistics, int sequence, double now = 0, std::uint32_t timestamp = 0) {
    return statistics.arrive({.sequence = static_cast<std::uint16_t>(sequence), .timestamp = timestamp}, now);
}

using Numbers = std::vector<std::uint16_t>;

}  // namespace

TEST_CASE("sequence numbers count on across the wrap") {
    Statistics statistics{90000};
    CHECK(arrive(statistics, 65534).sequence == 65534);
    CHECK(arrive(statistics, 65535).sequence == 65535);
    CHECK(arrive(statistics, 0).sequence == 65536);
    CHECK(arrive(statistics, 2).sequence == 65538);
    const auto late = arrive(statistics, 1);
    CHECK(late.what == Arrival::Late);
    CHECK(late.sequence == 65537);
}

TEST_CASE("a packet counts once") {
    Statistics statistics{90000};
    arrive(statistics, 10);
    arrive(statistics, 13);
    struct Row {
        int sequence;
        Arrival::What what;
    };
    const Row rows[] = {{13, Arrival::Duplicate}, {11, Arrival::Late},        {11, Arrival::Duplicate},
                        {10, Arrival::Duplicate}, {9, Arrival::Duplicate},    {14, Arrival::New},
                        {12, Arrival::Late},      {65530, Arrival::Duplicate}};
    for (const Row& row : rows) {
        CAPTURE(row.sequence);
        CHECK(arrive(statistics, row.sequence).what == row.what);
    }
    CHECK(statistics.lost() == 0);
    CHECK(statistics.recovered() == 0);
}

TEST_CASE("a missing packet is asked for four times, 60 ms apart, and no longer than 500 ms") {
    Statistics statistics{90000};
    arrive(statistics, 65534, 1000);
    arrive(statistics, 1, 1000);
    std::vector<double> asked;
    for (double now = 1000; now < 2000; now += 10) {
        const auto wanted = statistics.wanted(now);
        if (wanted.empty()) continue;
        CHECK(wanted == Numbers{65535, 0});
        asked.push_back(now - 1000);
    }
    CHECK(asked == std::vector<double>{0, 60, 120, 180});
    CHECK(statistics.lost() == 2);
}

TEST_CASE("where repairs take long, a packet is asked for again as seldom") {
    Statistics statistics{90000};
    arrive(statistics, 0, 0);
    for (int n = 1; n < 20; ++n) {  // each second one is missing and comes 200 ms later
        arrive(statistics, 2 * n, n * 1000);
        (void)statistics.wanted(n * 1000);
        CHECK(arrive(statistics, 2 * n - 1, n * 1000 + 200).what == Arrival::Late);
    }
    arrive(statistics, 40, 21000);
    std::vector<double> asked;
    for (double now = 21000; now < 22000; now += 10) {
        if (!statistics.wanted(now).empty()) asked.push_back(now - 21000);
    }
    CHECK(asked == std::vector<double>{0, 250, 500});
}

TEST_CASE("late packets, asked for or not, are not asked for again") {
    Statistics statistics{90000};
    arrive(statistics, 1, 0);
    arrive(statistics, 4, 0);
    arrive(statistics, 2, 5);
    CHECK(statistics.wanted(10) == Numbers{3});
    CHECK(arrive(statistics, 3, 50).what == Arrival::Late);
    CHECK(statistics.wanted(100).empty());
    CHECK(statistics.recovered() == 1);
    CHECK(statistics.lost() == 0);
}

TEST_CASE("a packet that was asked for seldom is given up after 500 ms all the same") {
    Statistics statistics{90000};
    arrive(statistics, 1, 0);
    arrive(statistics, 3, 0);
    CHECK(statistics.wanted(501).empty());
    CHECK(arrive(statistics, 2, 502).what == Arrival::Duplicate);
    CHECK(statistics.lost() == 1);
}

TEST_CASE("a long gap does not make a list without end") {
    Statistics statistics{90000};
    arrive(statistics, 0, 0);
    for (int sequence = 3000; sequence < 60000; sequence += 3000) arrive(statistics, sequence, 0);
    std::set<std::uint16_t> all;
    for (double now = 0; now < 400; now += 10) {
        const auto wanted = statistics.wanted(now);
        CHECK(wanted.size() <= 256);
        all.insert(wanted.begin(), wanted.end());
    }
    CHECK(all.size() <= 512);
    CHECK(all.count(56999) == 1);
}

TEST_CASE("one packet far away is an accident, two in a row are another count") {
    Statistics statistics{90000};
    arrive(statistics, 100);
    arrive(statistics, 102);
    CHECK(arrive(statistics, 30000).what == Arrival::Duplicate);
    CHECK(arrive(statistics, 103).what == Arrival::New);
    CHECK(arrive(statistics, 30001).what == Arrival::Duplicate);
    const auto restart = arrive(statistics, 30002);
    CHECK(restart.what == Arrival::Restart);
    CHECK(restart.sequence == 30002);
    CHECK(arrive(statistics, 30003).what == Arrival::New);
    CHECK(statistics.lost() == 1);
    CHECK(statistics.wanted(0).empty());
}

TEST_CASE("a report block says what RFC 3550 6.4.1 wants") {
    Statistics statistics{90000};
    statistics.senderReport({.ntpMiddle = 0x11223344}, 500);
    for (int sequence = 65530; sequence < 65530 + 10; ++sequence) {
        if (sequence != 65535) arrive(statistics, sequence, 1000, 0);
    }
    // SSRC | lost 1 of 10: 25/256, 1 | extended highest | jitter | LSR | 1.5 s in 1/65536
    CHECK(toHex(statistics.reportBlock(0xabcdef01, 2000)) ==
          "abcdef01"
          "19000001"
          "00010003"
          "00000000"
          "11223344"
          "00018000");
    // Nothing was lost since; then half of four.
    arrive(statistics, 4, 1000, 0);
    CHECK(toHex(statistics.reportBlock(1, 2000)).substr(8, 8) == "00000001");
    arrive(statistics, 5, 1000, 0);
    arrive(statistics, 8, 1000, 0);
    CHECK(toHex(statistics.reportBlock(1, 2000)).substr(8, 8) == "80000003");
}

TEST_CASE("jitter is how unevenly packets come, in timestamp units") {
    Statistics even{90000};
    Statistics uneven{90000};
    for (int i = 0; i < 200; ++i) {
        const auto timestamp = 0xfffff000u + static_cast<std::uint32_t>(i) * 900;
        arrive(even, i, 5000 + i * 10, timestamp);
        arrive(uneven, i, 5000 + i * 10 + (i % 2 ? 4 : 0), timestamp);
    }
    CHECK(even.jitterMs() < 0.001);
    even.arrive({.sequence = 200, .timestamp = 0xfffff000u + 200 * 900}, 5000 + 200 * 10 + 16);
    CHECK(even.jitterMs() == doctest::Approx(1));  // a sixteenth of it
    CHECK(uneven.jitterMs() == doctest::Approx(4).epsilon(0.01));
}

TEST_CASE("NACK joins a number and the sixteen after it") {
    struct Row {
        Numbers sequences;
        const char* entries;
    };
    const Row rows[] = {{{5}, "00050000"},
                        {{5, 6, 21}, "00058001"},
                        {{5, 22},
                         "00050000"
                         "00160000"},
                        {{65535, 0, 15}, "ffff8001"},
                        {{65530, 65535, 20},
                         "fffa0010"
                         "00140000"}};
    for (const Row& row : rows) {
        const auto packet = toHex(nack(0x01020304, row.sequences));
        CAPTURE(packet);
        CHECK(packet.substr(0, 4) == "81cd");
        CHECK(packet.substr(8, 16) ==
              "00000001"
              "01020304");
        CHECK(packet.substr(24) == row.entries);
        CHECK(packet.size() / 8 - 1 == static_cast<std::size_t>(std::stoi(packet.substr(4, 4), nullptr, 16)));
    }
}

TEST_CASE("the other packets are as their documents draw them") {
    CHECK(toHex(receiverReport({})) ==
          "80c90001"
          "00000001");
    CHECK(toHex(receiverReport(fromHex("000000020000000000000000000000000000000000000000"))).substr(0, 24) ==
          "81c90007"
          "00000001"
          "00000002");
    CHECK(toHex(pictureLoss(0x01020304)) ==
          "81ce0002"
          "00000001"
          "01020304");
    // 4 Mbit/s = 250000 << 4
    CHECK(toHex(remb(0x01020304, 4'000'000)) ==
          "8fce0005"
          "00000001"
          "00000000"
          "52454d42"
          "0113d090"
          "01020304");
    CHECK(toHex(remb(1, 0)).substr(32, 8) == "01000000");
    CHECK(toHex(remb(1, ~std::uint64_t{0})).substr(32, 8) == "01bbffff");
}
