/// Dates as HTTP writes them (RFC 9110 section 5.6.7).
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace whip {

/// Reads all three forms a recipient must accept: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT" and
/// "Sun Nov  6 08:49:37 1994". Empty for anything else.
[[nodiscard]] std::optional<std::chrono::sys_seconds> readHttpDate(std::string_view text);

}  // namespace whip
