/// getStats(), read into figures that the core judges.
#pragma once

#include "browser/js_async.hpp"
#include "quality/sample.hpp"

namespace browser {

/// What `report`, an RTCStatsReport of a connection that sends, counts by now. What a browser does not tell stays 0.
[[nodiscard]] quality::Sample readStatistics(const js::val& report);

/// A clock that never runs backwards.
[[nodiscard]] std::chrono::milliseconds steadyNow();

}  // namespace browser
