#include "rtp/reorder.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "rtp/packets.hpp"

using namespace rtp;

namespace {

// "1 2 +3 6" = packets 1 and 2, then 6 after three lost ones.
std::string drain(Reorder& reorder, double now) {
    std::string text;
    while (const auto ordered = reorder.next(now)) {
        if (!text.empty()) text += ' ';
        if (ordered->lost) text += '+' + std::to_string(ordered->lost) + ' ';
        text += std::to_string(ordered->packet.at(0));
    }
    return text;
}

void push(Reorder& reorder, int sequence, double now) {
    reorder.push(sequence, Bytes{static_cast<std::uint8_t>(sequence)}, now);
}

}  // namespace

TEST_CASE("packets in sequence pass at once") {
    Reorder reorder;
    for (int sequence = 10; sequence < 14; ++sequence) {
        push(reorder, sequence, 0);
        CHECK(drain(reorder, 0) == std::to_string(sequence));
    }
}

TEST_CASE("a hole is waited for, and closed by the late packet") {
    Reorder reorder;
    push(reorder, 1, 0);
    push(reorder, 3, 10);
    push(reorder, 4, 20);
    CHECK(drain(reorder, 20) == "1");
    CHECK(drain(reorder, 209) == "");
    push(reorder, 2, 209);
    CHECK(drain(reorder, 209) == "2 3 4");
}

TEST_CASE("no packet is held longer than 200 ms") {
    Reorder reorder;
    push(reorder, 1, 0);
    push(reorder, 6, 0);
    push(reorder, 9, 100);
    CHECK(drain(reorder, 199) == "1");
    CHECK(drain(reorder, 200) == "+4 6");
    CHECK(drain(reorder, 299) == "");
    CHECK(drain(reorder, 300) == "+2 9");
}

TEST_CASE("what comes after its turn, or twice, is dropped") {
    Reorder reorder;
    push(reorder, 5, 0);
    push(reorder, 4, 0);
    push(reorder, 7, 0);
    push(reorder, 7, 0);
    CHECK(drain(reorder, 200) == "5 +1 7");
    push(reorder, 6, 200);
    push(reorder, 8, 200);
    CHECK(drain(reorder, 200) == "8");
}

TEST_CASE("the end waits for nothing") {
    Reorder reorder;
    push(reorder, 1, 0);
    push(reorder, 3, 0);
    CHECK(reorder.flush()->packet == Bytes{1});
    CHECK(reorder.flush()->lost == 1);
    CHECK_FALSE(reorder.flush());
    CHECK_FALSE(Reorder{}.next(1000));
}

TEST_CASE("behind a hole only so much is held") {
    Reorder reorder;
    push(reorder, 0, 0);
    std::size_t held = 0;
    std::size_t most = 0;
    const Bytes packet(3000);
    for (int sequence = 2; sequence < 5000; sequence += 2) {
        reorder.push(sequence, packet, 0);
        ++held;
        while (reorder.next(0)) --held;
        most = std::max(most, held);
    }
    CHECK(most <= Reorder::kMaxPackets);
    CHECK(most > Reorder::kMaxPackets - 5);
}

TEST_CASE("any order within the hold comes out in sequence, whole") {
    Random random{42};
    Reorder reorder;
    std::int64_t expected = 65000;
    reorder.push(expected, Bytes{0}, 0);
    std::vector<std::pair<double, std::int64_t>> arrivals;
    for (std::int64_t sequence = 65001; sequence < 68000; ++sequence) {
        arrivals.emplace_back(static_cast<double>(sequence - 65000) * 10 + random.below(190), sequence);
    }
    std::sort(arrivals.begin(), arrivals.end());
    for (const auto& arrival : arrivals) {
        Bytes packet;
        appendU32(packet, static_cast<std::uint32_t>(arrival.second));
        reorder.push(arrival.second, packet, arrival.first);
        while (const auto ordered = reorder.next(arrival.first)) {
            REQUIRE(ordered->lost == 0);
            if (ordered->packet.size() == 4) REQUIRE(readU32(ordered->packet, 0) == ++expected);
        }
    }
    CHECK(expected == 67999);
}
