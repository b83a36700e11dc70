/// What the depacketisers make of packets.
#pragma once

#include "rtp/bytes.hpp"

namespace rtp {

enum class Kind { Audio, Video };
enum class Codec { H264, Vp8, Opus };

/// A picture's size in pixels; 0 by 0 when it is not known.
struct Size {
    int width = 0;
    int height = 0;
    bool operator==(const Size&) const = default;
};

/// All that belongs to one RTP timestamp: a picture, or a piece of sound.
struct AccessUnit {
    std::uint32_t timestamp = 0;
    bool key = false;  ///< decoding can begin here
    Size size{};       ///< of key pictures
    Bytes config{};    ///< of H.264 key pictures: the AVCDecoderConfigurationRecord (avcC)
    Bytes data{};      ///< H.264: NAL units, each after its length in four bytes
};

/// A larger access unit than this is an attack, not a picture.
inline constexpr std::size_t kMaxUnitSize = 4 << 20;

}  // namespace rtp
