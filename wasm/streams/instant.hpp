/// Points in time as providers write them: text in, comparable text out. No clock is read here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace streams {

/// `text` (RFC 3339, UTC: 2026-09-23T11:43:41.855717910Z, any number of fraction digits) with exactly nine fraction
/// digits, so that comparing two of them as text compares them in time. Cloudflare sends nanoseconds, which
/// milliseconds would make equal. Empty when `text` is anything else.
[[nodiscard]] std::optional<std::string> instant(std::string_view text);

/// An instant with three fraction digits, as every browser's Date reads it.
[[nodiscard]] std::string toMilliseconds(std::string_view instant);

/// The instant `seconds` (and `nanoseconds`) after 1970 began. Empty before that and after the year 9999.
[[nodiscard]] std::optional<std::string> instantOf(std::int64_t seconds, std::int64_t nanoseconds = 0);

/// The instant `seconds` later (earlier, when negative); the same fraction. `instant` is one, or a time that can be.
[[nodiscard]] std::string later(std::string_view instant, std::int64_t seconds);

/// Whole seconds from `from` to `to`; 0 when either is no time.
[[nodiscard]] std::int64_t secondsBetween(std::string_view from, std::string_view to);

}  // namespace streams
