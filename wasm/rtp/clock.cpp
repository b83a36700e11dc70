#include "rtp/clock.hpp"

#include <algorithm>
#include <cmath>

namespace rtp {
namespace {

// Packets come later than their timestamps say when the network stalls, and catch up afterwards. They never come
// sooner.
constexpr double kMaxAheadMs = 3000;
constexpr double kMaxBehindMs = 10000;
// Pictures may come in decoding order, a little back in time.
constexpr double kMaxBackMs = 1000;

}  // namespace

double Clock::at(std::uint32_t timestamp, double arrival) {
    if (!anchored_) {
        anchored_ = true;
        anchor_ = arrival;
    } else {
        // The difference of two 32-bit numbers is right across the wrap (RFC 3550 5.1).
        const std::int32_t ticks = static_cast<std::int32_t>(timestamp - last_);
        const double step = ticks * 1000.0 / rate_;
        const double elapsed = arrival - lastArrival_;
        const double ahead = step - elapsed;
        if (jumped_ || step < -kMaxBackMs || ahead > kMaxAheadMs || ahead < -kMaxBehindMs) {
            anchor_ = position(ticks_) + elapsed;
            ticks_ = 0;
            if (!jumped_) report_.reset();  // it speaks of the time before the jump
        } else {
            ticks_ += ticks;
        }
    }
    jumped_ = false;
    last_ = timestamp;
    lastArrival_ = arrival;
    return position(ticks_);
}

void Clock::restart() {
    jumped_ = true;
    report_.reset();
}

std::optional<double> Clock::offset() const {
    if (!report_ || !anchored_ || jumped_) return {};
    const double ours = position(ticks_ + static_cast<std::int32_t>(report_->timestamp - last_));
    return report_->ntpMs - ours;
}

double LipSync::move(const Clock& video, const Clock& audio, double most) {
    const auto ofVideo = video.offset();
    const auto ofAudio = audio.offset();
    if (!ofVideo || !ofAudio) return skew_;
    const double change = *ofVideo - *ofAudio - skew_;
    if (std::abs(change) < kPlausibleMs) skew_ += std::clamp(change, -most, most);
    return skew_;
}

}  // namespace rtp
