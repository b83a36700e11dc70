#include "rtp/track.hpp"

#include <utility>

namespace rtp {
namespace {

constexpr double kReportMs = 1000;
constexpr double kOldSourceMs = 2000;

}  // namespace

Track::Track(const Source& source)
    : source_{source}, ssrc_{source.ssrc}, statistics_{source.clockRate}, clock_{source.clockRate} {
    if (source.codec == Codec::Vp8) depacketiser_ = Vp8{};
    if (source.codec == Codec::Opus) depacketiser_ = Opus{};
}

bool Track::receive(const Packet& packet, View datagram, double now) {
    if (packet.ssrc != ssrc_ && !changeSource(packet.ssrc, now)) return false;
    const auto arrival = statistics_.arrive(packet, now);
    if (arrival.what == Statistics::Arrival::Duplicate) return false;
    if (arrival.what == Statistics::Arrival::Restart) startOver();
    ++packets_;
    bytes_ += static_cast<std::int64_t>(datagram.size());
    reorder_.push(arrival.sequence, datagram, now);
    return true;
}

// RFC 3550 8.2: an encoder that starts over takes another SSRC. The packets are authenticated (SRTP), so the first one
// is believed; stragglers of the SSRC before must not turn it back.
bool Track::changeSource(std::uint32_t ssrc, double now) {
    if (isHeard()) {
        if (ssrc == formerSsrc_ && now - changedAt_ < kOldSourceMs) return false;
        past_.lost += statistics_.lost();
        past_.recovered += statistics_.recovered();
        statistics_ = Statistics{source_.clockRate};
        startOver();
        formerSsrc_ = ssrc_;
        changedAt_ = now;
    }
    ssrc_ = ssrc;
    return true;
}

void Track::startOver() {
    while (const auto ordered = reorder_.flush()) depacketise(*ordered);
    reorder_ = {};
    clock_.restart();
    std::visit([](auto& depacketiser) { depacketiser.gap(); }, depacketiser_);
    ++past_.restarts;
}

void Track::senderReport(const SenderReport& report, double now) {
    statistics_.senderReport(report, now);
    clock_.senderReport(report);
}

std::vector<Track::Timed> Track::frames(std::optional<double> now) {
    while (const auto ordered = now ? reorder_.next(*now) : reorder_.flush()) depacketise(*ordered);
    return std::exchange(frames_, {});
}

void Track::depacketise(const Reorder::Ordered& ordered) {
    const auto packet = parsePacket(ordered.packet);
    if (!packet) return;
    if (ordered.lost > 0) {
        ++past_.gaps;
        std::visit([](auto& depacketiser) { depacketiser.gap(); }, depacketiser_);
    }
    // An access unit is complete with its last packet, or with the first of the next; either way all its packets had
    // its own timestamp, and the clock is asked in the order of the units.
    auto units = std::visit([&](auto& depacketiser) { return depacketiser.push(*packet); }, depacketiser_);
    for (AccessUnit& unit : units) {
        if (unit.key) ++past_.keyframes;
        if (unit.key) past_.size = unit.size;
        const double ms = clock_.at(unit.timestamp, ordered.arrival);
        frames_.push_back({std::move(unit), ms});
    }
}

Bytes Track::feedback(double now, bool askKey, const Rate& rate) {
    if (!isHeard()) return {};
    auto sequences = statistics_.wanted(now);
    if (rate.flood) sequences.clear();
    const bool report = rate.urgent || !reportedAt_ || now - *reportedAt_ >= kReportMs;
    if (!report && sequences.empty() && !askKey) return {};

    Bytes compound = receiverReport(report ? statistics_.reportBlock(ssrc_, now) : Bytes{});
    if (report) reportedAt_ = now;
    if (report && source_.kind == Kind::Video) append(compound, remb(ssrc_, rate.bitsPerSecond));
    if (!sequences.empty()) append(compound, nack(ssrc_, sequences));
    if (askKey) append(compound, pictureLoss(ssrc_));
    return compound;
}

bool Track::isWaiting() const {
    return std::visit([](const auto& depacketiser) { return depacketiser.isWaiting(); }, depacketiser_);
}

Track::Stats Track::stats() const {
    Stats stats = past_;
    stats.packets = packets_;
    stats.bytes = bytes_;
    stats.lost += statistics_.lost();
    stats.recovered += statistics_.recovered();
    stats.jitterMs = statistics_.jitterMs();
    return stats;
}

}  // namespace rtp
