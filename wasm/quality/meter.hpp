/// How loud the microphone is, as a needle with a peak hold shows it, and whether it gives nothing at all.
#pragma once

#include <chrono>

namespace quality {

using std::chrono::milliseconds;

/// A piece of what the microphone gave.
struct Heard {
    float peak = 0;    ///< the largest absolute value of its samples, full scale is 1
    bool off = false;  ///< the person has switched the microphone off
};

struct Meter {
    double level = 0;     ///< 0 to 1: -60 dBFS and below to 0 dBFS
    double hold = 0;      ///< the highest level of the last seconds, on the same scale
    bool silent = false;  ///< it has given nothing for so long that something is wrong: tell the person
    bool begun = false;
    milliseconds at{}, held{}, sounded{};  ///< when it was last told, `hold` was reached, anything was heard

    bool operator==(const Meter&) const = default;
};

/// Moves `meter` on. `now` is of any clock that never runs backwards. The level rises at once and falls by 20 dB in 1.7
/// seconds (IEC 60268-10, type I); a peak is held for 1.5 seconds. The alarm comes after 2.5 seconds and goes with the
/// first sound.
void measure(Meter& meter, const Heard& heard, milliseconds now);

}  // namespace quality
