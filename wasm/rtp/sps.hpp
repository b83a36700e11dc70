/// The H.264 sequence parameter set (ITU-T H.264 7.3.2.1.1): the picture's size, and what avcC repeats of it.
#pragma once

#include <optional>

#include "rtp/frame.hpp"

namespace rtp {

struct Sps {
    Size size{};  ///< after cropping
    std::uint8_t profile = 0;
    std::uint8_t compatibility = 0;
    std::uint8_t level = 0;
    std::uint8_t chromaFormat = 1;
    std::uint8_t lumaDepth = 8;
    std::uint8_t chromaDepth = 8;
};

/// `nal` = the whole NAL unit with its header byte. Empty when it is cut short or describes no possible picture.
[[nodiscard]] std::optional<Sps> parseSps(View nal);

/// Which picture parameter set `nal` (7.3.2.2) is. Empty when that cannot be told.
[[nodiscard]] std::optional<std::uint32_t> parsePpsNumber(View nal);

/// The AVCDecoderConfigurationRecord of ISO/IEC 14496-15 5.3.3.1; `sps` must be a NAL unit that parseSps took.
[[nodiscard]] Bytes decoderConfig(View sps, const std::vector<Bytes>& pps);

}  // namespace rtp
