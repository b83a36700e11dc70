/// Notices a sender that gives out far more than its way carries, and says what arrives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace rtp {

/// A browser learns of losses once a second, and a stream that begins over a thin uplink has by then filled its queue
/// with pictures, behind which the sound is lost. This looks four times a second. At the beginning it allows twice as
/// much each time, until sound is late, which it is before anything is lost. Later it leaves milder losses to the
/// sender's own judgement: they may be those of a weak radio link, which sending less does not cure.
class Flood {
public:
    static constexpr std::uint64_t kMost = 4'000'000;  ///< bit/s: plenty for 1080p of a service
    static constexpr std::uint64_t kBegin = 60'000;    ///< as our own client begins

    /// A packet of pictures.
    void arrived(std::size_t bytes) { bytes_ += bytes; }
    /// A packet of sound: browsers send it the moment it is encoded. `media`: its time by the sender's clock, ms.
    void heard(double media, double now);

    /// `packets` and `lost` of all tracks, since the beginning. Call as often as you like. Whether the sender must be
    /// told of allowed() at once.
    [[nodiscard]] bool look(std::int64_t packets, std::int64_t lost, double now);

    /// Within a second of a flood: what is asked for again then only makes it worse.
    [[nodiscard]] bool isHigh(double now) const { return held_ && now - *held_ < 1000; }

    /// Whether sound is so late that what is asked for again would come too late.
    [[nodiscard]] bool isLate() const { return late_ >= 200; }

    /// bit/s of pictures the sender may give out. What arrived when 30 % and more were lost, for half a second at
    /// least; then it doubles each second up to kMost.
    [[nodiscard]] std::uint64_t allowed() const { return allowed_; }

private:
    std::uint64_t allowed_ = kBegin;
    double begun_ = 0;
    std::optional<double> quickest_;  ///< the shortest way of a packet of sound, plus a constant
    double late_ = 0;                 ///< ms by which the newest was slower
    std::size_t bytes_ = 0;
    std::int64_t packets_ = 0, lost_ = 0;
    std::optional<double> since_;
    std::optional<double> held_;  ///< when it was last seen
};

}  // namespace rtp
