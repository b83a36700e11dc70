/// Packets for tests: made field by field, or from hexadecimal text.
#pragma once

#include <string>
#include <string_view>

#include "rtp/packet.hpp"

/// Bytes from hexadecimal digits; blanks do not matter.
inline rtp::Bytes fromHex(std::string_view text) {
    rtp::Bytes bytes;
    int digits = 0;
    for (const char c : text) {
        if (c == ' ') continue;
        const int value = c <= '9' ? c - '0' : c - 'a' + 10;
        if (digits++ % 2 == 0) bytes.push_back(0);
        bytes.back() = static_cast<std::uint8_t>(bytes.back() << 4 | value);
    }
    return bytes;
}

/// The other way; doctest shows strings when they differ.
inline std::string toHex(rtp::View bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

struct Header {
    int sequence = 0;
    std::uint32_t timestamp = 0;
    bool marker = false;
    std::uint32_t ssrc = 1;
    std::uint8_t payloadType = 96;
};

inline rtp::Bytes rtpPacket(const Header& header, rtp::View payload) {
    rtp::Bytes packet;
    rtp::appendU8(packet, 0x80);
    rtp::appendU8(packet, (header.marker ? 0x80u : 0u) | header.payloadType);
    rtp::appendU16(packet, static_cast<std::uint32_t>(header.sequence));
    rtp::appendU32(packet, header.timestamp);
    rtp::appendU32(packet, header.ssrc);
    rtp::append(packet, payload);
    return packet;
}

inline rtp::Bytes senderReport(std::uint32_t ssrc, std::uint32_t seconds, std::uint32_t fraction,
                               std::uint32_t timestamp) {
    rtp::Bytes packet = fromHex("80c80006");
    for (const std::uint32_t word : {ssrc, seconds, fraction, timestamp, 7u, 700u}) rtp::appendU32(packet, word);
    return packet;
}

/// xorshift32: the same numbers in every run.
class Random {
public:
    explicit Random(std::uint32_t seed) : state_{seed} {}
    std::uint32_t next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 17;
        state_ ^= state_ << 5;
        return state_;
    }
    std::uint32_t below(std::uint32_t limit) { return next() % limit; }
    bool chance(double probability) { return next() < probability * 4294967295.0; }

private:
    std::uint32_t state_;
};

/// A VP8 key frame of `width` by `height` (RFC 6386 9.1), in one packet's payload (RFC 7741 4.2).
inline rtp::Bytes vp8Key(int width, int height, std::size_t size = 40) {
    rtp::Bytes payload = fromHex("10 000000 9d012a");
    for (const int side : {width, height}) {
        rtp::appendU8(payload, static_cast<std::uint32_t>(side & 0xff));
        rtp::appendU8(payload, static_cast<std::uint32_t>(side >> 8));
    }
    payload.resize(size + 1, 0xaa);
    return payload;
}

/// A VP8 frame that needs the ones before it.
inline rtp::Bytes vp8Delta() { return fromHex("10 01bbbbbb"); }
