/// Whether an answer really gives what the offer asked for. A browser takes a rejected or inactive section without a
/// word, and the family would stream to nobody.
#pragma once

#include <optional>

#include "core/result.hpp"
#include "sdp/description.hpp"

namespace sdp {

/// Why `answer` cannot carry the media of `offer`: a section missing, of another kind or mid, rejected (port 0),
/// inactive, flowing the wrong way or without a codec that was offered (RFC 9725 section 4.4.3, RFC 3264 section 6).
/// Empty when it can. `where` is the section, "m=video (mid 1)".
[[nodiscard]] std::optional<core::Error> checkAnswer(const Description& offer, const Description& answer);

}  // namespace sdp
