/// What a page knows of its device before a stream, judged by the core.
#pragma once

#include "browser/js_async.hpp"

namespace browser {

/// {code, sentence} (quality/readiness.hpp) of {picture, microphone, muted, silent, measuring, uplinkKbps?,
/// batteryPercent?, freeMegabytes?}.
[[nodiscard]] js::val readiness(const js::val& equipment);

}  // namespace browser
