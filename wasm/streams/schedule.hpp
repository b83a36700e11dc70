/// When the providers are asked by ourselves, for notices that never come.
#pragma once

#include <optional>
#include <string>

#include "streams/stream.hpp"

namespace streams {

/// Whether anything is still to be heard of this stream's last broadcast.
[[nodiscard]] bool isAwaited(const Stream& stream);

/// The next time after `now`. None when nothing is awaited, or when it has been asked for often enough.
[[nodiscard]] std::optional<std::string> nextCheck(const Stream& stream, const std::string& now);

/// When to ask again after the providers could not be asked at `now`.
[[nodiscard]] std::string nextTry(const Stream& stream, const std::string& now);

}  // namespace streams
