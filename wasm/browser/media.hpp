/// Camera, microphone and screen: one function per thing that is asked of the browser about them.
#pragma once

#include <vector>

#include "browser/js_async.hpp"
#include "capture/device.hpp"
#include "quality/choice.hpp"
#include "whip/reason.hpp"

namespace browser {

/// Why this page cannot stream at all; None when it can.
[[nodiscard]] whip::Reason missingSupport();

/// Whether this browser can share a screen: telephones cannot.
[[nodiscard]] bool canShareScreen();

/// Asks for camera and microphone in one question; comes to a MediaStream. Call inside a tap: iOS wants one.
js::Settle openBoth(const capture::Wish& camera, const capture::Wish& microphone, const quality::Choice& choice);

/// Asks for one; comes to a MediaStream. For the screen inside a tap: every browser wants one.
js::Settle open(capture::Kind kind, const capture::Wish& wish, const quality::Choice& choice);

/// Asks the camera of a video track for pictures of another size.
js::Settle resize(const js::val& track, quality::Size size);

/// Says of a track what is in it, so that it is encoded as such.
void hint(js::val track, capture::Kind kind, bool speech);

/// Comes to an array of MediaDeviceInfo.
js::Settle listDevices();

/// The cameras and microphones among an array of MediaDeviceInfo.
[[nodiscard]] std::vector<capture::Device> readDevices(const js::val& infos);

/// Looks at a video track: look() gives 256 times the frames so far, plus the brightest value there is in the last (0
/// to 255); end() lets go of it. Undefined where the browser cannot.
[[nodiscard]] js::val viewfinder(const js::val& track);

/// What a track says it comes from.
[[nodiscard]] capture::Device deviceOf(capture::Kind kind, const js::val& track);

}  // namespace browser
