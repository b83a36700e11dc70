/// Cuts an offer down to what our own media server does, so that libdatachannel, which mirrors whatever it is offered,
/// answers with exactly that: one codec per section, RTCP feedback we really send, no header extensions, rtx, FEC or
/// simulcast.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "sdp/description.hpp"
#include "sdp/munge.hpp"

namespace sdp {

enum class Role {
    Ingest,  ///< the offer comes from a WHIP publisher: it sends, we receive
    Egress,  ///< the offer comes from a WHEP viewer: it receives what a publisher sends
};

struct TrimOptions {
    Profile preferVideo =
        Profile::H264;  ///< Ingest: tried first, then the other. Egress: the only one (what is published)
    Role role = Role::Ingest;
};

/// One section that carries media.
struct TrimmedMedia {
    std::string kind;  ///< "audio" or "video"
    std::string mid;
    std::uint8_t payloadType = 0;
    std::string codec;  ///< "H264", "VP8" or "OPUS"
    std::uint32_t clockRate = 0;
    std::uint32_t ssrc = 0;  ///< the primary one (not its rtx); 0 when the offer names none
    bool operator==(const TrimmedMedia&) const = default;
};

struct Trimmed {
    Description description;
    std::vector<TrimmedMedia> media;
    bool operator==(const Trimmed&) const = default;
};

/// `Error::where` of an offer that has no codec we can use: HTTP 406. Any other error of trimOffer is a 422.
inline constexpr const char* kNoCodec = "codec";

[[nodiscard]] core::Result<Trimmed> trimOffer(const Description& offer, const TrimOptions& options);

/// What our ingest tells a browser about bit rate, in kbit/s. Without it Chromium starts near 300 kbit/s and climbs.
struct AnswerOptions {
    std::uint32_t startBitrate = 2500;
    std::uint32_t maxBitrate = 4000;
};

/// An answer to a publisher with x-google-start-bitrate and x-google-max-bitrate in the fmtp of H.264 and VP8.
[[nodiscard]] Description finishAnswer(Description answer, const AnswerOptions& options);

}  // namespace sdp
