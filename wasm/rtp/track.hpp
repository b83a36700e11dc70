/// One track of a publisher: packets in, feedback and frames out.
#pragma once

#include <string>
#include <variant>

#include "rtp/clock.hpp"
#include "rtp/feedback.hpp"
#include "rtp/h264.hpp"
#include "rtp/opus.hpp"
#include "rtp/reorder.hpp"
#include "rtp/vp8.hpp"

namespace rtp {

/// What the SDP agreed on for a track.
struct Source {
    Kind kind = Kind::Video;
    Codec codec = Codec::H264;
    std::uint8_t payloadType = 0;
    std::uint32_t clockRate = 90000;
    std::uint32_t ssrc = 0;  ///< 0 = not said: learned from the first packet
};

class Track {
public:
    explicit Track(const Source& source);

    /// Takes an RTP packet. Whether it is new, and so worth forwarding.
    bool receive(const Packet& packet, View datagram, double now);
    void senderReport(const SenderReport& report, double now);

    struct Timed {
        AccessUnit unit;
        double ms;  ///< of the receiver's clock, before lip sync
    };
    /// The frames that are complete and in sequence by now; the rest too when `now` is empty.
    [[nodiscard]] std::vector<Timed> frames(std::optional<double> now);

    /// How fast the sender may send, whether it must hear of it at once, and whether its way is full.
    struct Rate {
        std::uint64_t bitsPerSecond;
        bool urgent = false;
        bool flood = false;
    };
    /// RTCP to send now: reports each second, with the rate for video; NACKs when due, but none on a
    /// way that is full; a PLI when `askKey`. Empty when there is nothing to say.
    [[nodiscard]] Bytes feedback(double now, bool askKey, const Rate& rate);

    [[nodiscard]] const Source& source() const { return source_; }
    [[nodiscard]] std::uint32_t ssrc() const { return ssrc_; }
    [[nodiscard]] const Clock& clock() const { return clock_; }
    /// Packets that came, and those missing so far.
    [[nodiscard]] std::int64_t packets() const { return packets_; }
    [[nodiscard]] std::int64_t lost() const { return past_.lost + statistics_.lost(); }
    /// Whether any packet came.
    [[nodiscard]] bool isHeard() const { return packets_ > 0; }
    /// Whether only a key picture can bring frames again.
    [[nodiscard]] bool isWaiting() const;

    /// For people and tests; they count from the beginning, over every SSRC there was.
    struct Stats {
        std::int64_t packets = 0, bytes = 0, lost = 0, recovered = 0, gaps = 0, keyframes = 0, restarts = 0;
        double jitterMs = 0;
        Size size{};
    };
    [[nodiscard]] Stats stats() const;

private:
    bool changeSource(std::uint32_t ssrc, double now);
    void startOver();
    void depacketise(const Reorder::Ordered& ordered);

    Source source_;
    std::uint32_t ssrc_;
    std::uint32_t formerSsrc_ = 0;
    double changedAt_ = 0;
    Statistics statistics_;
    Reorder reorder_;
    Clock clock_;
    std::variant<H264, Vp8, Opus> depacketiser_;
    std::vector<Timed> frames_;
    std::optional<double> reportedAt_;
    std::int64_t packets_ = 0;
    std::int64_t bytes_ = 0;
    Stats past_;  ///< what `statistics_` counted before it began anew, and what only the track counts
};

}  // namespace rtp
