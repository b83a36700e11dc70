/// The only URL code in the core.
#pragma once

#include <string>
#include <string_view>

namespace core {

/// Resolves `reference` (a Location header) against `base`, the absolute URL that answered (RFC 3986 section 5.2).
/// Empty when the outcome is not an absolute http or https URL.
[[nodiscard]] std::string resolve(std::string_view reference, std::string_view base);

}  // namespace core
