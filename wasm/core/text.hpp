/// Small text helpers: views in, no regular expressions, no locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace core {

/// `text` without the spaces and tabs at its ends.
[[nodiscard]] std::string_view trim(std::string_view text);

/// Whether two ASCII texts are the same but for letter case.
[[nodiscard]] bool iequals(std::string_view a, std::string_view b);

/// The part of `text` before the first `mark`; `text` moves on to what follows it. Without a mark: all of it.
[[nodiscard]] std::string_view cut(std::string_view& text, char mark);

/// A decimal number without sign. Empty when `text` is anything else or does not fit.
[[nodiscard]] std::optional<std::uint64_t> parseUnsigned(std::string_view text);

}  // namespace core
