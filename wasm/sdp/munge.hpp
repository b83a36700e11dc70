/// What we change in an offer: each function takes a description and returns the changed one, keeping every line it
/// does not know and the order of the rest.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sdp/description.hpp"

namespace sdp {

/// The video codecs we stream with.
enum class Profile { H264, VP8 };

/// The opus fmtp parameters of RFC 7587 section 6.1, spelled as there. An empty member is left as the browser had it.
struct OpusOptions {
    std::optional<bool> stereo;                      ///< both stereo and sprop-stereo
    std::optional<bool> useinbandfec;                ///< forward error correction
    std::optional<bool> usedtx;                      ///< send nothing in silence
    std::optional<std::uint32_t> maxaveragebitrate;  ///< bit/s, held to 6000..510000
};

/// Every audio and video section sendonly, as a WHIP offer should be (RFC 9725 section 4.2).
[[nodiscard]] Description sendOnly(Description description);
/// Every audio and video section recvonly, as a WHEP offer should be.
[[nodiscard]] Description recvOnly(Description description);

/// a=rtcp-mux-only beside each a=rtcp-mux (RFC 8858 section 3; browsers leave it out). For the posted copy only, never
/// for the local description.
[[nodiscard]] Description rtcpMuxOnly(Description description);

/// The payload types of `profile`, each followed by its rtx, first in every video section; for H.264 those with
/// profile-level-id=42e01f and packetization-mode=1, failing that constrained baseline of another level, failing that
/// any with packetization-mode=1. Unchanged when the codec is not offered.
[[nodiscard]] Description preferCodec(Description description, Profile profile);

/// b=AS (kbit/s) and b=TIAS (bit/s) of each section of `kind` ("audio", "video"); 0 takes both away. Other b= lines
/// stay.
[[nodiscard]] Description limitBitrate(Description description, std::string_view kind, std::uint32_t kbps);

/// Sets parameters in the a=fmtp line of opus, adding the line when there is none; all other parameters stay.
[[nodiscard]] Description opusParameters(Description description, const OpusOptions& options);

/// Without RTP header extensions (a=extmap, a=extmap-allow-mixed; RFC 8285).
[[nodiscard]] Description withoutExtensions(Description description);

}  // namespace sdp
