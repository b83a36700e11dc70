/// Writes live Matroska (RFC 9559): a Segment and Clusters of unknown size, so that bytes can leave before the end is
/// known, and a reader may begin at the header plus any cluster that begins with a key frame.
#pragma once

#include <optional>

#include "rtp/frame.hpp"

namespace rtp {

/// A video track's entry in the header.
struct VideoTrack {
    Codec codec = Codec::H264;
    Size size{};
    Bytes config{};  ///< AccessUnit::config; empty for VP8
};

/// Everything before the first cluster: EBML header, Segment, Info, Tracks. Video is track 1, Opus sound track 2.
[[nodiscard]] Bytes matroskaHeader(const std::optional<VideoTrack>& video, bool audio);

/// Writes blocks into clusters.
class MatroskaWriter {
public:
    struct Block {
        bool startsCluster;
        Bytes bytes;
    };

    /// A SimpleBlock, in a new cluster when it is a key picture or the cluster is 5 s old. `ms` >= 0, from the start.
    [[nodiscard]] Block write(Kind kind, const AccessUnit& unit, std::int64_t ms);

private:
    std::optional<std::int64_t> cluster_;
};

}  // namespace rtp
