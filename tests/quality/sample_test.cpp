#include "quality/sample.hpp"

#include <doctest/doctest.h>

using namespace quality;
using namespace std::chrono_literals;

TEST_CASE("the figures of the time between two samples") {
    const Sample before{.at = 10s, .audioBytes = 1000, .videoBytes = 5000, .packets = 100, .lost = 4, .frames = 30};
    Sample after{.at = 12s,
                 .audioBytes = 33000,
                 .videoBytes = 505000,
                 .packets = 500,
                 .lost = 10,
                 .resent = 14,
                 .frames = 90,
                 .width = 1280,
                 .height = 720,
                 .roundTrip = 45ms,
                 .availableKbps = 2600,
                 .bound = Bound::Cpu};
    CHECK(between(before, after) == Figures{.audioKbps = 128,
                                            .videoKbps = 2000,
                                            .lossPercent = 5,
                                            .roundTripMs = 45,
                                            .framesPerSecond = 30,
                                            .width = 1280,
                                            .height = 720,
                                            .availableKbps = 2600,
                                            .bound = Bound::Cpu});
    after.resent = 900;
    CHECK(between(before, after).lossPercent == 100);
    after.lost = after.resent = 0;  // what was reported lost came after all
    CHECK(between(before, after).lossPercent == 0);
    CHECK(between(after, after) == Figures{});
    CHECK(between(after, before) == Figures{});
}
