/// The JSON an Ingest is made from, and the JSON it tells of itself.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "rtp/ingest.hpp"

namespace rtp {

/// Reads the "media" list of trimOffer: [{"kind":"audio"|"video","payloadType":0-127,"codec":"H264"|"VP8"|"OPUS",
/// "clockRate":Hz,"ssrc":number}]. The clock rate may be absent (90000, 48000), and so may the SSRC, or be 0.
[[nodiscard]] core::Result<std::vector<Source>> readSources(std::string_view json);

/// {"video":{"packets","bytes","lost","recovered","gaps","keyframes","restarts","jitterMs","width","height"},
/// "audio":{...},"silentMs"}; a kind that was not agreed on is absent.
[[nodiscard]] std::string writeStats(const Ingest::Stats& stats);

}  // namespace rtp
