/// How a provider's notice changes a stream: a monotone merge. Whatever the order in which notices arrive, and however
/// often each does, the stream ends up the same; a stale one changes nothing.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "streams/stream.hpp"

namespace streams {

// clang-format off
/// The publisher is there, or gone; `lost` is also what is said by whoever does not know why. Times are instants
/// (instant.hpp).
struct Connected    { std::string at; std::optional<std::string> broadcastId{};
                      bool operator==(const Connected&) const = default; };
struct Disconnected { std::string at; DisconnectReason reason = DisconnectReason::lost;
                      std::optional<std::string> broadcastId{};
                      bool operator==(const Disconnected&) const = default; };
/// The provider cannot use what it is sent.
struct Errored      { InputError error; bool operator==(const Errored&) const = default; };
/// A recording is being made, was made, or could not be.
struct Recorded     { Recording recording; bool operator==(const Recorded&) const = default; };
/// Mux receives what Cloudflare sends on, or does not any more.
struct MuxActive    { std::string at; bool operator==(const MuxActive&) const = default; };
struct MuxIdle      { std::string at; bool operator==(const MuxIdle&) const = default; };
/// A recording that could be played is not at the provider any more; `changedAt` is what was known of it.
struct Vanished     { Provider provider = Provider::cloudflare; std::string id, changedAt;
                      bool operator==(const Vanished&) const = default; };
/// No recording will come of the broadcast that ended at `end`.
struct GaveUp       { std::string end; bool operator==(const GaveUp&) const = default; };
using Notice = std::variant<Connected, Disconnected, Errored, Recorded, MuxActive, MuxIdle, Vanished, GaveUp>;
// clang-format on

/// `stream` with what `notice` says. Equal to `stream` when that was known already or is out of date. `updatedAt` is
/// left alone.
[[nodiscard]] Stream merge(Stream stream, const Notice& notice);

}  // namespace streams
