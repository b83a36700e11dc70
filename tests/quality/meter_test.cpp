#include "quality/meter.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace quality;
using namespace std::chrono_literals;

namespace {

/// `meter` after being told the same thing every 50 ms for `length`, from `from` on.
Meter after(Meter meter, Heard heard, milliseconds from, milliseconds length) {
    for (milliseconds t = from; t <= from + length; t += 50ms) measure(meter, heard, t);
    return meter;
}

const Heard kFull{.peak = 1}, kNothing{.peak = 0}, kRoom{.peak = 0.0005f};

}  // namespace

TEST_CASE("the level is 0 dBFS to -60 dBFS") {
    struct Row {
        float peak;
        double level;
    };
    const Row rows[] = {{2.0f, 1},   {1.0f, 1},  {0.1f, 2.0 / 3}, {0.01f, 1.0 / 3},
                        {0.001f, 0}, {1e-9f, 0}, {0.0f, 0},       {std::numeric_limits<float>::quiet_NaN(), 0}};
    for (const Row& row : rows) {
        CAPTURE(row.peak);
        Meter meter;
        measure(meter, {.peak = row.peak}, 7s);
        CHECK(meter.level == doctest::Approx(row.level).epsilon(0.001));
        CHECK(meter.hold == meter.level);
    }
}

TEST_CASE("it rises at once, falls 20 dB in 1.7 s, and holds its peak for 1.5 s") {
    Meter meter = after({}, kRoom, 0s, 1s);
    measure(meter, kFull, 1100ms);
    CHECK(meter.level == 1);
    meter = after(meter, kRoom, 1150ms, 1450ms);
    CHECK(meter.hold == 1);
    CHECK(meter.level < 0.75);
    meter = after(meter, kRoom, 2650ms, 150ms);
    CHECK(meter.level == doctest::Approx(2.0 / 3).epsilon(0.01));
    CHECK(meter.hold < 1);
    meter = after(meter, kRoom, 2850ms, 6s);
    CHECK(meter.level == 0);
    CHECK(meter.hold == 0);
}

TEST_CASE("a microphone that gives nothing is noticed within 3 s, and so is that it is back") {
    struct Row {
        Heard heard;
        milliseconds length;
        bool silent;
    };
    const Row rows[] = {{kNothing, 2450ms, false},
                        {kNothing, 2550ms, true},
                        {kRoom, 60s, false},
                        {{.peak = 0.0001f}, 60s, false},
                        {{.peak = 0, .off = true}, 60s, false}};
    for (const Row& row : rows) {
        CAPTURE(row.heard.peak);
        CAPTURE(row.length.count());
        Meter meter = after({}, row.heard, 1s, row.length);
        CHECK(meter.silent == row.silent);
        measure(meter, kRoom, 90s);
        CHECK_FALSE(meter.silent);
    }
    CHECK(after(after({}, kFull, 0s, 10s), kNothing, 10s, 2550ms).silent);
}

TEST_CASE("the pauses of a hidden page's timers are no alarm of their own") {
    Meter meter = after({}, kRoom, 0s, 1s);
    measure(meter, kRoom, 70s);
    CHECK_FALSE(meter.silent);
}
