/// A notice from a provider, its signature already verified, as a pure state machine: find the stream of that input,
/// merge what is new, write it guarded by the version that was read.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "streams/merge.hpp"
#include "streams/refuse.hpp"
#include "streams/stream.hpp"

namespace streams::notice {

// clang-format off
// What happened.
/// Whose notice it is. Mux's names a live stream; where it does not, the mark that was given along (`passthrough`).
struct About         { std::string cloudflareInputId{}, muxLiveStreamId{}, passthrough{};
                       bool operator==(const About&) const = default; };
/// `eventKey` is the same each time the provider sends this notice.
struct Told          { About about; Notice notice; std::string eventKey{}; };
struct Irrelevant    { std::string why; };        // a kind we do not act on: to be acknowledged, or it comes again and again
struct Malformed     { core::Error fault; };      // not what the provider's documentation promises
struct StreamFound   { Stream stream; std::string version; };
struct StreamMissing {};
struct Updated       { bool duplicate = false; };
using Event = std::variant<Told, Irrelevant, Malformed, StreamFound, StreamMissing, Updated, Failed>;

// What to do about it.
struct FindStream   { const char* by; std::string is;
                      bool operator==(const FindStream& o) const { return std::string_view{by} == o.by && is == o.is; } };
/// Turns the document from `before` into `after`, if it is still at `version`; else fails with code `conflict`.
/// A known `eventKey` changes nothing.
struct UpdateStream { std::string version; Stream before, after; std::string eventKey{}; bool operator==(const UpdateStream&) const = default; };
/// Acknowledged; `what` says for the log what became of it.
struct Accept       { std::string what; bool operator==(const Accept&) const = default; };
using Effect = std::variant<FindStream, UpdateStream, Accept, Refuse>;
// clang-format on

enum class Step { New, Finding, Updating, Done };

struct State {
    Step step = Step::New;
    std::string now{};  ///< ISO 8601
    Told told{};
    bool byMark = false;  ///< searched for by the mark
    int conflicts = 0;
};

/// Moves the flow on. `Accept` and `Refuse` end it; so does an event that no rule names.
[[nodiscard]] Effect step(State& state, const Event& event);

}  // namespace streams::notice
