#include "rtp/flood.hpp"

#include <algorithm>

namespace rtp {
namespace {

constexpr double kLookMs = 250;
constexpr double kHoldMs = 500;
constexpr double kLost = 0.3;
constexpr std::int64_t kFew = 10;  // packets: so many may be lost at once for any reason
constexpr double kPart = 0.9;
constexpr double kGrow = 1.19;     // four times that is twice as much
constexpr double kBeginMs = 2000;  // so long libwebrtc takes what it is allowed at once, later by 8 % a second
constexpr double kLateMs = 100;
constexpr double kJumpMs = 30'000;
constexpr double kDrift = 0.001;  // of two clocks, at most
constexpr double kLeast = 30'000;

}  // namespace

void Flood::heard(double media, double now) {
    const double way = now - media;
    // Nothing is ever so late: the sender's clock has jumped, or its 32 bits have begun anew.
    if (quickest_ && way - *quickest_ > kJumpMs) quickest_.reset();
    quickest_ = quickest_ ? std::min(*quickest_, way) : way;
    late_ = way - *quickest_;
}

bool Flood::look(std::int64_t packets, std::int64_t lost, double now) {
    if (!since_ && packets == 0) return false;
    if (!since_) since_ = begun_ = now;
    const bool begins = now - begun_ < kBeginMs && allowed_ < kMost && !held_;
    const double ms = now - *since_;
    if (ms < kLookMs) return false;
    if (quickest_) *quickest_ += kDrift * ms;
    const std::int64_t came = std::max<std::int64_t>(0, packets - packets_);
    const std::int64_t missing = std::max<std::int64_t>(0, lost - lost_);
    const double rate = static_cast<double>(bytes_) * 8000 / ms;
    since_ = now;
    packets_ = packets;
    lost_ = lost;
    bytes_ = 0;
    const double part = static_cast<double>(missing) / static_cast<double>(std::max<std::int64_t>(1, came + missing));
    if (begins && late_ >= kLateMs) {
        allowed_ = static_cast<std::uint64_t>(std::clamp(rate * kPart, kLeast, static_cast<double>(allowed_)));
        return true;
    }
    if (missing >= kFew && part >= kLost) {
        const auto fits = static_cast<std::uint64_t>(std::clamp(rate * kPart, kLeast, double{kMost}));
        held_ = now;
        if (fits >= allowed_) return false;
        allowed_ = fits;
        return true;
    }
    if (begins) {
        allowed_ = std::min(kMost, allowed_ * 2);
        return true;
    }
    if (!held_ || now - *held_ >= kHoldMs) {
        allowed_ = std::min(kMost, static_cast<std::uint64_t>(static_cast<double>(allowed_) * kGrow));
    }
    return false;
}

}  // namespace rtp
