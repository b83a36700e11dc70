/// What a stream's recordings amount to: which one is shown, whether more are to come, and why there is none.
#pragma once

#include <optional>
#include <string>

#include "streams/stream.hpp"

namespace streams {

/// When the last broadcast ended, as far as anybody told: Cloudflare, or Mux when Cloudflare says nothing at all.
[[nodiscard]] std::optional<std::string> endedAt(const Stream& stream);

/// Whether the last broadcast ended because its publisher wished so. Behind a relay the end is told twice: by the
/// relay, which knows why, and a little later by Cloudflare, which does not.
[[nodiscard]] bool hasStopped(const Stream& stream);

/// Whether `provider` has said what became of the last broadcast, or will not any more.
[[nodiscard]] bool isSettled(const Stream& stream, Provider provider);

/// Sets everything that follows from what is known: the status, the primary recordings, the preferred one, Mux's asset.
void project(Stream& stream);

}  // namespace streams
