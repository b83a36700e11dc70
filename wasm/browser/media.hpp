/// Camera and microphone: one function per thing the session asks of them.
#pragma once

#include "browser/js_async.hpp"
#include "quality/choice.hpp"
#include "whip/reason.hpp"

namespace browser {

/// Why this page cannot stream at all; None when it can.
[[nodiscard]] whip::Reason missingSupport();

/// Asks for camera and microphone; comes to a MediaStream. Call inside a tap: iOS wants one.
js::Settle openMedia(const quality::Choice& choice);

/// Changes what is done to the sound of an audio track. Comes to the track that has it: the same one where the browser
/// can, else a new one of the same microphone, which is for the caller to stop. One that has ended says that it is
/// lost.
js::Async<js::val> resound(js::val track, bool speech);

/// Asks the camera of a video track for pictures of another size.
js::Settle resize(const js::val& track, quality::Size size);

/// Says of the audio track of `stream` what is in it, so that it is encoded as such.
void hintSound(const js::val& stream, bool speech);

/// Turns off every track of `stream`.
void stopTracks(const js::val& stream);

}  // namespace browser
