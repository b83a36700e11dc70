#include "quality/hearing.hpp"

#include <algorithm>

namespace quality {
namespace {

using namespace std::chrono_literals;

constexpr milliseconds kShortest = 2s, kLongest = 2 * Hearing{}.usual;
constexpr int kForget = 4;  // a hiccup counts less by a quarter each time something comes

}  // namespace

Sign hear(Hearing& hearing, milliseconds at, std::int64_t bytes) {
    if (hearing.bytes >= bytes) {
        hearing.bytes = bytes;  // the browser has forgotten a connection of the time before a restart
        if (hearing.silent || at - hearing.at < std::clamp(2 * hearing.usual, kShortest, kLongest)) return Sign::None;
        hearing.silent = true;
        return Sign::Silence;
    }
    if (hearing.bytes && !hearing.silent) {
        const milliseconds faded = hearing.usual - hearing.usual / kForget;
        hearing.usual = std::max(at - hearing.at, faded);
    }
    const bool first = !hearing.bytes;
    hearing = {.bytes = bytes, .at = at, .usual = hearing.usual};
    return first ? Sign::None : Sign::Life;
}

}  // namespace quality
