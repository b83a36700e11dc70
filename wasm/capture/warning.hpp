/// What to tell the person about a device while the stream goes on: a code for programs and a sentence.
#pragma once

#include <cstdint>
#include <string_view>

namespace capture {

enum class Warning : std::uint8_t {
    None,
    CameraOther,
    CameraLost,
    CameraBusy,
    CameraDenied,
    CameraPaused,
    CameraFrozen,
    CameraBlack,
    CameraNotStarted,
    MicrophoneOther,
    MicrophoneLost,
    MicrophoneBusy,
    MicrophoneDenied,
    MicrophonePaused,
    MicrophoneNotStarted,
    ScreenNotShared,
};

/// The warning's name in the state a page sees, for instance "device-camera-lost"; "" for None. Never changes.
[[nodiscard]] std::string_view code(Warning warning);

/// What happened, what the people watching see and hear, and what to do. "" for None.
[[nodiscard]] std::string_view sentence(Warning warning);

}  // namespace capture
