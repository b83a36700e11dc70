#include "rtp/feedback.hpp"

#include <algorithm>
#include <cmath>

namespace rtp {
namespace {

// RFC 3550 A.1: a larger step forward is not loss but another count. A retransmission may come half a second late,
// which is hundreds of packets, so the step back is wider than the RFC's 100.
constexpr int kMaxDropout = 3000;
constexpr int kMaxMisorder = 1024;

constexpr std::size_t kMaxMissing = 512;
constexpr std::size_t kMaxWanted = 256;  // at worst 1 KiB of NACK, which fits a datagram
constexpr int kMaxAsks = 4;
constexpr double kAskAgainMs = 60;
constexpr double kGiveUpMs = 500;

// Our own SSRC. A receiver that sends no media needs none that is unique; 1 is what libwebrtc uses.
constexpr std::uint32_t kReceiver = 1;

Bytes feedbackHeader(std::uint8_t format, std::uint8_t type, std::size_t size, std::uint32_t about) {
    Bytes packet;
    packet.reserve(size);
    appendU8(packet, 0x80u | format);
    appendU8(packet, type);
    appendU16(packet, static_cast<std::uint32_t>(size / 4 - 1));
    appendU32(packet, kReceiver);
    appendU32(packet, about);
    return packet;
}

std::uint32_t saturate(double value) {
    if (!(value > 0)) return 0;
    return value < 4294967295.0 ? static_cast<std::uint32_t>(value) : 4294967295u;
}

}  // namespace

Statistics::Arrival Statistics::arrive(const Packet& packet, double now) {
    const bool first = !started_;
    if (first) begin(packet);
    const int step = static_cast<std::int16_t>(packet.sequence - static_cast<std::uint16_t>(highest_));
    std::int64_t sequence = highest_ + step;

    if (step > kMaxDropout || step < -kMaxMisorder) {
        if (suspect_ != packet.sequence) {
            suspect_ = static_cast<std::uint16_t>(packet.sequence + 1);
            return {Arrival::Duplicate, 0};
        }
        begin(packet);
        sequence = highest_;
        ++received_;
        measureJitter(packet, now);
        return {Arrival::Restart, sequence};
    }
    suspect_.reset();

    if (step <= 0 && !first) {
        const auto found = missing_.find(sequence);
        if (found == missing_.end()) return {Arrival::Duplicate, 0};
        if (found->second.times > 0) {
            ++recovered_;
            repairMs_ += (now - found->second.since - repairMs_) / 4;
        }
        missing_.erase(found);
        ++received_;
        return {Arrival::Late, sequence};
    }
    miss(highest_ + 1, sequence, now);
    highest_ = sequence;
    ++received_;
    measureJitter(packet, now);
    return {Arrival::New, sequence};
}

void Statistics::begin(const Packet& packet) {
    // What was lost before the numbers jumped stays lost: the total goes on, only the count is new.
    const std::int64_t before = lost();
    started_ = true;
    highest_ = packet.sequence;
    first_ = highest_ - before;
    received_ = expectedBefore_ = receivedBefore_ = 0;
    if (before > 0) expectedBefore_ = before;
    missing_.clear();
    suspect_.reset();
    lastTimestamp_ = packet.timestamp;
    jitter_ = lastArrival_ = 0;
}

void Statistics::miss(std::int64_t from, std::int64_t to, double now) {
    from = std::max(from, to - static_cast<std::int64_t>(kMaxMissing));
    for (; from < to; ++from) missing_.emplace(from, Missing{now, 0, 0});
    while (missing_.size() > kMaxMissing) missing_.erase(missing_.begin());
}

// RFC 3550 A.8, in floating point.
void Statistics::measureJitter(const Packet& packet, double now) {
    if (lastArrival_ > 0) {
        const double sent = static_cast<std::int32_t>(packet.timestamp - lastTimestamp_);
        const double difference = std::abs((now - lastArrival_) * clockRate_ / 1000 - sent);
        jitter_ += (difference - jitter_) / 16;
    }
    lastArrival_ = now;
    lastTimestamp_ = packet.timestamp;
}

void Statistics::senderReport(const SenderReport& report, double now) {
    lastReport_ = report.ntpMiddle;
    lastReportAt_ = now;
}

std::vector<std::uint16_t> Statistics::wanted(double now) {
    std::vector<std::uint16_t> sequences;
    // Asked for again before it can have come, a packet comes twice, and a thin way has room for neither.
    const double again = std::max(kAskAgainMs, repairMs_ * 1.25);
    for (auto it = missing_.begin(); it != missing_.end();) {
        Missing& missing = it->second;
        if (now - missing.since > kGiveUpMs) {
            it = missing_.erase(it);
            continue;
        }
        if (missing.times < kMaxAsks && sequences.size() < kMaxWanted &&
            (missing.times == 0 || now - missing.asked >= again)) {
            ++missing.times;
            missing.asked = now;
            sequences.push_back(static_cast<std::uint16_t>(it->first));
        }
        ++it;
    }
    return sequences;
}

std::int64_t Statistics::lost() const { return std::max<std::int64_t>(0, expected() - received_); }

Bytes Statistics::reportBlock(std::uint32_t ssrc, double now) {
    const std::int64_t expectedNow = expected() - expectedBefore_;
    const std::int64_t lostNow = expectedNow - (received_ - receivedBefore_);
    expectedBefore_ = expected();
    receivedBefore_ = received_;
    const std::int64_t fraction =
        expectedNow > 0 && lostNow > 0 ? std::min<std::int64_t>(255, lostNow * 256 / expectedNow) : 0;

    Bytes block;
    appendU32(block, ssrc);
    appendU32(block, static_cast<std::uint32_t>(fraction << 24 | std::min<std::int64_t>(lost(), 0x7fffff)));
    appendU32(block, static_cast<std::uint32_t>(highest_));
    appendU32(block, saturate(jitter_));
    appendU32(block, lastReport_);
    appendU32(block, lastReport_ ? saturate((now - lastReportAt_) * 65.536) : 0);  // in 1/65536 s
    return block;
}

Bytes receiverReport(View block) {
    Bytes packet;
    appendU8(packet, block.empty() ? 0x80 : 0x81);
    appendU8(packet, 201);
    appendU16(packet, static_cast<std::uint32_t>((8 + block.size()) / 4 - 1));
    appendU32(packet, kReceiver);
    append(packet, block);
    return packet;
}

Bytes nack(std::uint32_t ssrc, const std::vector<std::uint16_t>& sequences) {
    // Each entry is a number and a bit for each of the sixteen that follow it.
    std::vector<std::pair<std::uint16_t, std::uint16_t>> entries;
    for (const std::uint16_t sequence : sequences) {
        const int after = entries.empty() ? 0 : static_cast<std::uint16_t>(sequence - entries.back().first);
        if (after >= 1 && after <= 16) {
            entries.back().second = static_cast<std::uint16_t>(entries.back().second | 1u << (after - 1));
        } else {
            entries.emplace_back(sequence, 0);
        }
    }
    Bytes packet = feedbackHeader(1, 205, 12 + 4 * entries.size(), ssrc);
    for (const auto& entry : entries) {
        appendU16(packet, entry.first);
        appendU16(packet, entry.second);
    }
    return packet;
}

Bytes pictureLoss(std::uint32_t ssrc) { return feedbackHeader(1, 206, 12, ssrc); }

Bytes remb(std::uint32_t ssrc, std::uint64_t bitsPerSecond) {
    Bytes packet = feedbackHeader(15, 206, 24, 0);  // the draft wants the media SSRC to be 0
    for (const char c : {'R', 'E', 'M', 'B'}) appendU8(packet, static_cast<std::uint8_t>(c));
    std::uint32_t exponent = 0;
    while (bitsPerSecond > 0x3ffff) {
        bitsPerSecond >>= 1;
        ++exponent;
    }
    appendU32(packet, 1u << 24 | exponent << 18 | static_cast<std::uint32_t>(bitsPerSecond));
    appendU32(packet, ssrc);
    return packet;
}

}  // namespace rtp
