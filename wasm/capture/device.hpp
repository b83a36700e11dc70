/// What a browser can take pictures and sound from, in the terms of W3C Media Capture and Streams.
#pragma once

#include <cstdint>
#include <string>

namespace capture {

enum class Kind : std::uint8_t { Camera, Microphone, Screen };

/// Where a camera looks (VideoFacingModeEnum): at the person who holds the phone, or away from them.
enum class Facing : std::uint8_t { Unknown, User, Environment };

/// One entry of enumerateDevices(), or what a track says it comes from.
struct Device {
    Kind kind{};
    std::string id{};     ///< deviceId, the same for as long as this site has its permission; "" when untold
    std::string label{};  ///< "" before a permission
    std::string group{};  ///< groupId: the same for what is one piece of hardware
    Facing facing{};

    bool operator==(const Device&) const = default;
};

/// Which device to open: the one with this id, or one that looks that way, or, when it says neither, any.
struct Wish {
    std::string id{};
    Facing facing{};

    bool operator==(const Wish&) const = default;
};

}  // namespace capture
