/// Camera and microphone: one function per thing the session asks of them.
#pragma once

#include "browser/js_async.hpp"
#include "whip/reason.hpp"

namespace browser {

/// Why this page cannot stream at all; None when it can.
[[nodiscard]] whip::Reason missingSupport();

/// Asks for camera and microphone; comes to a MediaStream. Call inside a tap: iOS wants one.
js::Settle openMedia();

/// Turns off every track of `stream`.
void stopTracks(const js::val& stream);

}  // namespace browser
