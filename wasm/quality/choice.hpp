/// What the person chooses of picture and sound, and what that asks of camera, microphone and encoders.
#pragma once

#include <cstdint>
#include <string_view>

namespace quality {

enum class Size : std::uint8_t { P1080, P720, P480 };

struct Choice {
    bool speech = false;  ///< "make speech clearer": for a quiet voice, at the cost of the music
    Size size = Size::P720;

    bool operator==(const Choice&) const = default;
};

/// The size of that name, "1080p", "720p" or "480p"; 720p for any other text.
[[nodiscard]] Size readSize(std::string_view name);

/// What to ask of a camera and of its encoder.
struct Picture {
    int width, height;  ///< of a device held sideways
    int framesPerSecond;
    int kbps;  ///< H.264 without visible blocks
};
[[nodiscard]] Picture picture(Size size);

/// How much the encoders may give out (W3C WebRTC section 5.2.9, RTCRtpEncodingParameters).
struct Limits {
    int audioKbps = 128;
    int videoKbps = 2500;
    int framesPerSecond = 30;
    int scale = 1;  ///< by how much each edge of the picture is divided

    bool operator==(const Limits&) const = default;
};

/// All that `size` wants.
[[nodiscard]] Limits unlimited(Size size);

/// What to ask of a microphone (W3C Media Capture and Streams section 4.3.8) and to say of its track (W3C
/// MediaStreamTrack Content Hints section 3).
struct Sound {
    bool echoCancellation, noiseSuppression, autoGainControl;
    const char* contentHint;
};
[[nodiscard]] Sound sound(bool speech);

}  // namespace quality
