/// What a receiver tells a sender: how much arrived (RFC 3550 6.4), what to send again (RFC 4585 6.2.1), how fast it
/// may send (REMB) and when a key frame is needed (RFC 4585 6.3.1).
#pragma once

#include <map>
#include <optional>

#include "rtp/packet.hpp"

namespace rtp {

/// Counts what arrives of one SSRC. Times are milliseconds of any clock that never runs backwards.
class Statistics {
public:
    explicit Statistics(std::uint32_t clockRate) : clockRate_{static_cast<double>(clockRate)} {}

    /// What a packet turned out to be, and where it belongs.
    struct Arrival {
        enum What { New, Late, Duplicate, Restart } what;
        std::int64_t sequence;  ///< counted on past 65535; meaningless for a Duplicate
    };

    /// Restart = the numbers jumped and went on from there (RFC 3550 A.1), and counting began anew with this packet. A
    /// packet that was given up, or that jumps alone, is a Duplicate too: nobody waits for it.
    Arrival arrive(const Packet& packet, double now);

    void senderReport(const SenderReport& report, double now);

    /// Sequence numbers to ask for now, in order. Each is asked for at most 4 times, for 500 ms: 60 ms
    /// apart, or more where repairs take longer.
    [[nodiscard]] std::vector<std::uint16_t> wanted(double now);

    /// The 24 bytes of a report block (RFC 3550 6.4.1) about `ssrc`; the fraction lost is since the last call.
    [[nodiscard]] Bytes reportBlock(std::uint32_t ssrc, double now);

    [[nodiscard]] std::int64_t lost() const;
    [[nodiscard]] std::int64_t recovered() const { return recovered_; }
    [[nodiscard]] double jitterMs() const { return jitter_ * 1000 / clockRate_; }

private:
    struct Missing {
        double since;
        double asked;
        int times;
    };

    void begin(const Packet& packet);
    void miss(std::int64_t from, std::int64_t to, double now);
    void measureJitter(const Packet& packet, double now);
    [[nodiscard]] std::int64_t expected() const { return started_ ? highest_ - first_ + 1 : 0; }

    double clockRate_;
    bool started_ = false;
    std::int64_t first_ = 0;
    std::int64_t highest_ = 0;
    std::int64_t received_ = 0;
    std::int64_t recovered_ = 0;
    std::int64_t expectedBefore_ = 0;
    std::int64_t receivedBefore_ = 0;
    std::optional<std::uint16_t> suspect_;
    std::map<std::int64_t, Missing> missing_;
    double repairMs_ = 0;  ///< how long packets that were asked for have taken, smoothed
    double jitter_ = 0;
    double lastArrival_ = 0;
    std::uint32_t lastTimestamp_ = 0;
    std::uint32_t lastReport_ = 0;
    double lastReportAt_ = 0;
};

/// Receiver report (RFC 3550 6.4.2) with `blocks`, one or none of reportBlock. RFC 3550 6.1 wants one at the head of
/// every compound, so the other packets follow it.
[[nodiscard]] Bytes receiverReport(View block);
/// Asks for lost packets; `sequences` as from Statistics::wanted.
[[nodiscard]] Bytes nack(std::uint32_t ssrc, const std::vector<std::uint16_t>& sequences);
/// Asks for a key frame.
[[nodiscard]] Bytes pictureLoss(std::uint32_t ssrc);
/// The bit rate the receiver would take (draft-alvestrand-rmcat-remb-03).
[[nodiscard]] Bytes remb(std::uint32_t ssrc, std::uint64_t bitsPerSecond);

}  // namespace rtp
