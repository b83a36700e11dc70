#include "quality/meter.hpp"

#include <algorithm>
#include <cmath>

namespace quality {
namespace {

using namespace std::chrono_literals;

constexpr double kRangeDb = 60;
constexpr double kFallPerMs = 20.0 / 1700 / kRangeDb;
constexpr milliseconds kHold = 1500ms;
constexpr milliseconds kAlarm = 2500ms;
// The smallest step of 16 bits. The quietest room gives more through a microphone that works; one that is unplugged,
// switched off on its cable or taken by a telephone call gives zeros.
constexpr float kNothing = 1.0f / 32768;

double scale(float peak) {
    if (!(peak > 0)) return 0;
    return std::clamp(1 + 20 * std::log10(static_cast<double>(peak)) / kRangeDb, 0.0, 1.0);
}

}  // namespace

void measure(Meter& meter, const Heard& heard, milliseconds now) {
    if (!meter.begun) meter = {.begun = true, .at = now, .held = now, .sounded = now};
    const double fall = static_cast<double>((now - meter.at).count()) * kFallPerMs;
    const double level = heard.off ? 0 : scale(heard.peak);
    meter.level = std::max(level, meter.level - fall);
    if (meter.level >= meter.hold) {
        meter.hold = meter.level;
        meter.held = now;
    } else if (now - meter.held > kHold) {
        meter.hold = std::max(meter.level, meter.hold - fall);
    }
    if (heard.off || heard.peak >= kNothing) meter.sounded = now;
    meter.silent = now - meter.sounded >= kAlarm;
    meter.at = now;
}

}  // namespace quality
