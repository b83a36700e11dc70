#include "rtp/packet.hpp"

namespace rtp {
namespace {

constexpr std::uint8_t kSenderReport = 200;
constexpr std::uint8_t kBye = 203;
constexpr std::size_t kSenderReportSize = 28;

bool isVersion2(View bytes) { return bytes[0] >> 6 == 2; }

}  // namespace

std::optional<Packet> parsePacket(View datagram) {
    if (datagram.size() < 12 || !isVersion2(datagram)) return {};
    std::size_t begin = 12 + std::size_t{4} * (datagram[0] & 0x0f);
    if (datagram[0] & 0x10) {
        if (datagram.size() < begin + 4) return {};
        begin += 4 + std::size_t{4} * readU16(datagram, begin + 2);
    }
    if (datagram.size() < begin) return {};
    std::size_t end = datagram.size();
    if (datagram[0] & 0x20) {
        // The padding counts itself, so it is at least one.
        const std::size_t padding = datagram.back();
        if (padding == 0 || padding > end - begin) return {};
        end -= padding;
    }
    return Packet{.marker = (datagram[1] & 0x80) != 0,
                  .payloadType = static_cast<std::uint8_t>(datagram[1] & 0x7f),
                  .sequence = readU16(datagram, 2),
                  .timestamp = readU32(datagram, 4),
                  .ssrc = readU32(datagram, 8),
                  .payload = datagram.subspan(begin, end - begin)};
}

bool isRtcp(View datagram) { return datagram.size() >= 4 && datagram[1] >= 192 && datagram[1] <= 223; }

std::vector<View> splitRtcp(View datagram) {
    std::vector<View> packets;
    while (datagram.size() >= 4 && isVersion2(datagram)) {
        const std::size_t size = 4 * (std::size_t{readU16(datagram, 2)} + 1);
        if (size > datagram.size()) break;
        packets.push_back(datagram.first(size));
        datagram = datagram.subspan(size);
    }
    return packets;
}

std::optional<SenderReport> readSenderReport(View packet) {
    if (packet.size() < kSenderReportSize || packet[1] != kSenderReport) return {};
    const std::uint32_t seconds = readU32(packet, 8);
    const std::uint32_t fraction = readU32(packet, 12);
    return SenderReport{.ssrc = readU32(packet, 4),
                        .ntpMs = seconds * 1000.0 + fraction / 4294967.296,
                        .ntpMiddle = seconds << 16 | fraction >> 16,
                        .timestamp = readU32(packet, 16)};
}

bool isByeOf(View packet, std::uint32_t ssrc) {
    if (packet.size() < 4 || packet[1] != kBye) return false;
    const std::size_t count = packet[0] & 0x1f;
    for (std::size_t i = 0; i < count && 8 + 4 * i <= packet.size(); ++i) {
        if (readU32(packet, 4 + 4 * i) == ssrc) return true;
    }
    return false;
}

Bytes forwardRtp(View datagram, std::uint8_t payloadType, std::uint32_t ssrc) {
    if (datagram.size() < 12) return {};
    Bytes copy{datagram.begin(), datagram.end()};
    copy[1] = static_cast<std::uint8_t>((copy[1] & 0x80) | (payloadType & 0x7f));
    writeU32(copy, 8, ssrc);
    return copy;
}

Bytes forwardSr(View datagram, std::uint32_t ssrc) {
    for (const View packet : splitRtcp(datagram)) {
        if (!readSenderReport(packet)) continue;
        const View report = packet.first(kSenderReportSize);
        Bytes copy{report.begin(), report.end()};
        copy[0] = 0x80;
        copy[2] = 0;
        copy[3] = kSenderReportSize / 4 - 1;
        writeU32(copy, 4, ssrc);
        return copy;
    }
    return {};
}

}  // namespace rtp
