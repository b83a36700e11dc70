#include "quality/watch.hpp"

#include <doctest/doctest.h>

using namespace quality;
using namespace std::chrono_literals;

TEST_CASE("a decision a second, and a new count for a new connection") {
    Watch watch;
    Sample sample{.at = 5s, .audioBytes = 100, .videoBytes = 100, .packets = 10, .roundTrip = 50ms};
    CHECK_FALSE(look(watch, sample, Size::P480));
    CHECK(watch.limits == limits({}, Size::P480));
    for (int second = 0; second < 2; ++second) {
        sample.at += 1s;
        sample.audioBytes += 16'000;
        sample.videoBytes += 50'000;
        sample.packets += 100;
        sample.lost += 50;
        CHECK(look(watch, sample, Size::P480));
    }
    CHECK(watch.figures.lossPercent == 50);
    CHECK(watch.limits.audioKbps < 128);
    CHECK(watch.steady.told.grade != Grade::Good);
    Governor known = watch.governor;
    known.quickest = 0;  // what fits is still believed, but the way may be longer
    CHECK_FALSE(look(watch, {.at = 9s, .packets = 1}, Size::P480));
    CHECK(watch.governor == known);
    CHECK_FALSE(look(watch, {.at = 9s, .packets = 2}, Size::P480));
}

TEST_CASE("the log says when and what, in figures, and does not grow for ever") {
    Log log;
    log.note(100s, "Live");
    Watch watch;
    watch.figures = {.audioKbps = 130,
                     .videoKbps = 900,
                     .lossPercent = 2.4,
                     .roundTripMs = 60,
                     .framesPerSecond = 30,
                     .width = 1280,
                     .height = 720,
                     .availableKbps = 2000};
    log.note(101s, watch);
    CHECK(log.text() ==
          "0 Live\n"
          "1 good  audio=130 video=900 kbit/s loss=2 % roundtrip=60 ms 1280x720@30 available=2000 room=0\n");
    for (std::size_t i = 0; i < Log::kMost; ++i) log.note(102s, "x");
    CHECK(log.text().starts_with("2 x\n"));
}
