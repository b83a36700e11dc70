/// Asking the providers what became of a stream, for notices that never come: when it is due (schedule.hpp), or when a
/// person wants to know. What they say goes through the same merge as their notices.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "streams/provider.hpp"
#include "streams/refuse.hpp"
#include "streams/stream.hpp"

namespace streams::reconcile {

enum class MuxState { idle, active, gone, other };

/// What the providers said, and `nothing` where they could not be asked.
struct Facts {
    std::optional<InputStatus> status{};
    std::optional<LiveInput> input{};
    std::optional<std::vector<Recording>> videos{},
        assets{};  ///< those that are finished; of Mux, those being made too
    std::optional<MuxState> mux{};
    bool unasked = false;  ///< somebody could not be asked
    int pause = 0;         ///< seconds for which somebody wants to be left alone
};

/// `stream` with what was said of it at `now`, and with its next check.
[[nodiscard]] Stream reconciled(Stream stream, const Facts& facts, const std::string& now);

// clang-format off
// What happened.
struct Asked           {};
struct StreamFound     { Stream stream; std::string version; };
struct StreamMissing   {};  // or not due, or taken by somebody else
struct MemorialFound   { Memorial memorial; };
struct MemorialMissing {};
struct InputTold       { InputStatus status; std::optional<LiveInput> input{}; };
struct VideosTold      { std::vector<Recording> videos; };
struct MuxTold         { MuxState state; };
struct AssetsTold      { std::vector<Recording> assets; };
struct Updated         {};
using Event = std::variant<Asked, StreamFound, StreamMissing, MemorialFound, MemorialMissing, InputTold, VideosTold, MuxTold,
                           AssetsTold, Updated, Failed>;

// What to do about it.
/// The stream, if it is still due at `now`; it is due again at `until`, should this be the last that is heard of it.
struct TakeCheck     { std::string id, now, until;    bool operator==(const TakeCheck&) const = default; };
struct FindStream    { std::string id;                bool operator==(const FindStream&) const = default; };
struct FindMemorial  { std::string memorialId;        bool operator==(const FindMemorial&) const = default; };
struct GetInput      { std::string cloudflareInputId; bool operator==(const GetInput&) const = default; };
struct ListVideos    { std::string cloudflareInputId; bool operator==(const ListVideos&) const = default; };
struct GetMuxStream  { std::string muxLiveStreamId;   bool operator==(const GetMuxStream&) const = default; };
struct ListMuxAssets { std::string muxLiveStreamId;   bool operator==(const ListMuxAssets&) const = default; };
struct UpdateStream  { std::string version; Stream before, after; bool operator==(const UpdateStream&) const = default; };
/// `what` for the log, `stream` for the person.
struct Answer        { std::string what; std::optional<Stream> stream{}; bool operator==(const Answer&) const = default; };
using Effect = std::variant<TakeCheck, FindStream, FindMemorial, GetInput, ListVideos, GetMuxStream, ListMuxAssets, UpdateStream, Answer,
                            Refuse>;
// clang-format on

enum class Step {
    New,
    Taking,
    Finding,
    Authorizing,
    AskingInput,
    AskingVideos,
    AskingMux,
    AskingAssets,
    Updating,
    FindingAgain,
    Done
};

struct State {
    Step step = Step::New;
    std::string id{}, now{};
    Bases bases{};
    std::optional<User> user{};  ///< the person who asks; none when it is due
    bool force = false;          ///< whether or not it is due
    Stream stream{};
    std::string version{};
    Facts facts{};
    Stream after{};
    int conflicts = 0;
};

/// Moves the flow on. `Answer` and `Refuse` end it; so does an event that no rule names.
[[nodiscard]] Effect step(State& state, const Event& event);

}  // namespace streams::reconcile
