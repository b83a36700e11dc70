/// Points in time as providers write them: text in, comparable text out. No clock is read here.
#pragma once

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

}  // namespace streams
