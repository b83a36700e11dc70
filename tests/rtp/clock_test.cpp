#include "rtp/clock.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace rtp;

namespace {

SenderReport report(double ntpMs, std::uint32_t timestamp) { return {.ntpMs = ntpMs, .timestamp = timestamp}; }

}  // namespace

TEST_CASE("the first packet is where it arrived, the others where their timestamps say") {
    Clock clock{90000};
    CHECK(clock.at(0xffffff00, 1000) == 1000);
    CHECK(clock.at(0xffffff00 + 2970, 1090) == doctest::Approx(1033));  // wrapped, and late by the network
    CHECK(clock.at(0xffffff00 + 2970, 1090) == doctest::Approx(1033));
    CHECK(clock.at(0xffffff00 + 5940, 1091) == doctest::Approx(1066));
}

TEST_CASE("hours of thirds of milliseconds do not drift") {
    Clock clock{90000};
    std::uint32_t timestamp = 4'000'000'000;
    const double begin = 1.7e12;  // milliseconds since 1970 have few bits left for a fraction
    double ms = 0;
    const int frames = 12 * 3600 * 30;
    for (int i = 0; i <= frames; ++i, timestamp += 3000) ms = clock.at(timestamp, begin + i * 1000.0 / 30);
    CHECK(std::abs(ms - begin - frames * 1000.0 / 30) < 0.01);
}

TEST_CASE("a jump that the arrival does not show is not followed") {
    struct Row {
        const char* what;
        std::int64_t step;  // ms by the timestamps
        double elapsed;     // ms by the arrival
        double moved;       // ms by our clock
    };
    const Row rows[] = {
        {"the next frame", 33, 33, 33},
        {"a frame that was late", 33, 150, 33},
        {"frames that catch up", 33, 0, 33},
        {"a network that stood still", 33, 9000, 33},
        {"a camera that stood still", 60000, 60010, 60000},
        {"a picture out of order", -66, 10, -66},
        {"a jump back", -5000, 33, 33},
        {"a jump ahead", 5000, 33, 33},
        {"a jump ahead by hours", 20'000'000, 33, 33},
        {"a clock that stood still", 0, 60000, 60000},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        Clock clock{1000};
        const double before = clock.at(5'000'000, 100'000);
        const double after = clock.at(static_cast<std::uint32_t>(5'000'000 + row.step), 100'000 + row.elapsed);
        CHECK(after - before == doctest::Approx(row.moved));
    }
}

TEST_CASE("another source goes on where the last one was") {
    Clock clock{1000};
    clock.at(0, 500);
    clock.at(100, 650);
    clock.senderReport(report(1e6, 100));
    CHECK(clock.offset());
    clock.restart();
    CHECK_FALSE(clock.offset());
    clock.senderReport(report(2e6, 150));  // may come before the first packet
    CHECK(clock.at(123, 690) == doctest::Approx(640));
    CHECK(*clock.offset() == doctest::Approx(2e6 - 667));
    CHECK(clock.at(133, 700) == doctest::Approx(650));
}

TEST_CASE("the offset is the sender's time less ours, wherever the report lies") {
    Clock clock{90000};
    CHECK_FALSE(clock.offset());
    clock.at(90000, 1000);
    CHECK_FALSE(clock.offset());
    clock.senderReport(report(5000, 0));  // a second before the packet
    CHECK(*clock.offset() == doctest::Approx(5000));
    clock.senderReport(report(5000, 180000));  // a second after
    CHECK(*clock.offset() == doctest::Approx(3000));
    clock.at(4000000000, 1001);  // a jump: the report speaks of another count
    CHECK_FALSE(clock.offset());
}

TEST_CASE("lips meet the voice 3 ms a frame, or at once before anything is shown") {
    Clock video{90000};
    Clock audio{48000};
    video.at(0, 1000);
    audio.at(0, 1100);  // captured together, yet it came 100 ms later
    video.senderReport(report(50000, 0));
    LipSync sync;
    CHECK(sync.slew(video, audio) == 0);  // the audio has not reported yet
    audio.senderReport(report(50000, 0));
    CHECK(sync.slew(video, audio) == doctest::Approx(3));
    for (int i = 0; i < 50; ++i) sync.slew(video, audio);
    CHECK(sync.slew(video, audio) == doctest::Approx(100));
    CHECK(LipSync{}.snap(video, audio) == doctest::Approx(100));
}

TEST_CASE("reports that put sound and picture seconds apart are not believed") {
    Clock video{90000};
    Clock audio{48000};
    video.at(0, 1000);
    audio.at(0, 1000);
    video.senderReport(report(50000, 0));
    audio.senderReport(report(53001, 0));
    LipSync sync;
    CHECK(sync.slew(video, audio) == 0);
    CHECK(sync.snap(video, audio) == 0);
}
