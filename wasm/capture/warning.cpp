#include "capture/warning.hpp"

#include <cstddef>

namespace capture {
namespace {

struct Words {
    std::string_view code, sentence;
};

// In the order of the enum.
constexpr Words kWords[] = {
    {"", ""},
    {"device-camera-other", "The camera was disconnected. Another one is used until it is back."},
    {"device-camera-lost",
     "The camera was disconnected. The sound goes on; connect the camera, and the picture comes back by itself."},
    {"device-camera-busy",
     "Another app has taken the camera. The sound goes on; close that app, and the picture comes back by itself."},
    {"device-camera-denied",
     "This page may not use the camera any more. The sound goes on; allow the camera in the browser's settings for "
     "this "
     "page, then choose it again."},
    {"device-camera-paused",
     "The camera is paused, perhaps by a call. The picture comes back by itself when that is over."},
    {"device-camera-frozen",
     "The camera gives no new picture. The sound goes on; the camera is started again every few seconds."},
    {"device-camera-black", "The picture is black. Please see whether something covers the lens."},
    {"device-camera-not-started", "That camera could not be started, so the other one stays on."},
    {"device-microphone-other", "The microphone was disconnected. Another one is used until it is back."},
    {"device-microphone-lost",
     "The microphone was disconnected, so there is no sound. The picture goes on; connect the microphone, and the "
     "sound "
     "comes back by itself."},
    {"device-microphone-busy",
     "Another app has taken the microphone, so there is no sound. Close that app, and it comes back by itself."},
    {"device-microphone-denied",
     "This page may not use the microphone any more, so there is no sound. Allow it in the browser's settings for this "
     "page, then choose it again."},
    {"device-microphone-paused",
     "The microphone is paused, perhaps by a call, so there is no sound. It comes back by itself when that is over."},
    {"device-microphone-not-started", "That microphone could not be started, so the other one stays on."},
    {"device-screen-not-shared", "The screen could not be shared."},
};
static_assert(sizeof kWords / sizeof *kWords == static_cast<std::size_t>(Warning::ScreenNotShared) + 1);

}  // namespace

std::string_view code(Warning warning) { return kWords[static_cast<std::size_t>(warning)].code; }
std::string_view sentence(Warning warning) { return kWords[static_cast<std::size_t>(warning)].sentence; }

}  // namespace capture
