/// RTP time on the receiver's clock, and the two tracks of a stream brought together by their sender reports.
#pragma once

#include <optional>

#include "rtp/packet.hpp"

namespace rtp {

/// One sender's RTP clock. It begins at a random number and wraps; it jumps when an encoder starts over.
class Clock {
public:
    explicit Clock(std::uint32_t rate) : rate_{static_cast<double>(rate)} {}

    /// The RTP time of the next packet in sequence as milliseconds of the receiver's clock. Anchored where the first
    /// packet arrived; from there on the sender's own clock counts. A jump that the arrival does not show is not
    /// followed.
    double at(std::uint32_t timestamp, double arrival);

    /// Two instants of the sender: NTP, which its tracks share, and RTP.
    void senderReport(const SenderReport& report) { report_ = report; }

    /// Another source, or another count of the same one: the next timestamp has nothing to do with the last.
    void restart();

    /// The sender's NTP time less our time of the same instant. Empty before the first report.
    [[nodiscard]] std::optional<double> offset() const;

private:
    /// Whole ticks are added up, not milliseconds: hours of rounded thirds would drift.
    [[nodiscard]] double position(std::int64_t ticks) const {
        return anchor_ + static_cast<double>(ticks) * 1000 / rate_;
    }

    double rate_;
    bool anchored_ = false;
    bool jumped_ = false;
    std::uint32_t last_ = 0;  ///< RTP time of the packet before
    std::int64_t ticks_ = 0;  ///< the same, counted from the anchor
    double anchor_ = 0;       ///< the receiver's time of tick 0, in ms
    double lastArrival_ = 0;
    std::optional<SenderReport> report_;
};

/// What is to be added to a video frame's time so that lips and voice meet. Arrival alone is wrong by up to 300 ms.
class LipSync {
public:
    /// Moves towards what the sender reports say, by 3 ms a frame at most, so that no frame seems to jump.
    double slew(const Clock& video, const Clock& audio) { return move(video, audio, 3); }
    /// Goes there at once; for when nothing was shown yet.
    double snap(const Clock& video, const Clock& audio) { return move(video, audio, kPlausibleMs); }

private:
    static constexpr double kPlausibleMs = 3000;  // reports that differ by more are wrong themselves
    double move(const Clock& video, const Clock& audio, double most);

    double skew_ = 0;
};

}  // namespace rtp
