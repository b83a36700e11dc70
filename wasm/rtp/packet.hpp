/// RTP and RTCP packets as they arrive (RFC 3550). Everything here is a look at bytes from the network: nothing is
/// trusted, nothing is copied; what does not parse is empty.
#pragma once

#include <optional>

#include "rtp/bytes.hpp"

namespace rtp {

/// One RTP packet. `payload` is a view into the datagram, without padding; a probe that is all padding has none.
struct Packet {
    bool marker = false;
    std::uint8_t payloadType = 0;
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    std::uint32_t ssrc = 0;
    View payload{};
};

/// RFC 3550 5.1 and 5.3.1. Empty when the version is not 2 or a length does not fit.
[[nodiscard]] std::optional<Packet> parsePacket(View datagram);

/// Whether a datagram of a port that RTP and RTCP share is RTCP (RFC 5761 section 4).
[[nodiscard]] bool isRtcp(View datagram);

/// The packets of an RTCP compound (RFC 3550 6.1), up to the first that does not fit.
[[nodiscard]] std::vector<View> splitRtcp(View datagram);

/// What a sender says about its clock (RFC 3550 6.4.1).
struct SenderReport {
    std::uint32_t ssrc = 0;
    double ntpMs = 0;             ///< NTP time in milliseconds since 1900
    std::uint32_t ntpMiddle = 0;  ///< the middle 32 bits of the NTP time, which a receiver report echoes
    std::uint32_t timestamp = 0;  ///< the same instant in RTP time
};

/// Empty when `packet` (one of splitRtcp) is not a whole sender report.
[[nodiscard]] std::optional<SenderReport> readSenderReport(View packet);

/// Whether `packet` (one of splitRtcp) is a BYE (RFC 3550 6.6) of `ssrc`.
[[nodiscard]] bool isByeOf(View packet, std::uint32_t ssrc);

/// A copy of an RTP packet for a viewer, who was promised another payload type and SSRC. Empty for what is not RTP.
[[nodiscard]] Bytes forwardRtp(View datagram, std::uint8_t payloadType, std::uint32_t ssrc);

/// The sender report inside an RTCP compound, alone and without report blocks (those are about us), under another
/// SSRC. Empty when there is none.
[[nodiscard]] Bytes forwardSr(View datagram, std::uint32_t ssrc);

}  // namespace rtp
