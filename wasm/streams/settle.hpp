/// Settling an intent that is due: what bears its mark at the providers and is not referenced by the stream's document
/// is deleted, for as often as it takes, and searched for again as long as a late request may still arrive.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "streams/intent.hpp"
#include "streams/refuse.hpp"
#include "streams/stream.hpp"

namespace streams::settle {

// clang-format off
// What happened.
struct Asked         {};
struct Taken         { Intent intent; };  // it is `settling` from now on: nothing of it can be saved any more
struct NotDue        {};                  // or gone, or somebody else's
struct StreamFound   { Stream stream; };
struct StreamMissing {};
struct Found         { std::vector<std::string> ids; };
struct Carried         {};
using Event = std::variant<Asked, Taken, NotDue, StreamFound, StreamMissing, Found, Carried, Failed>;

// What to do about it.
struct TakeIntent      { std::string id, now, until;      bool operator==(const TakeIntent&) const = default; };
struct FindStream      { std::string id;                  bool operator==(const FindStream&) const = default; };
struct FindInputs      { std::string streamId;            bool operator==(const FindInputs&) const = default; };
struct FindMuxStreams  { std::string streamId;            bool operator==(const FindMuxStreams&) const = default; };
struct DeleteInput     { std::string cloudflareInputId;   bool operator==(const DeleteInput&) const = default; };
struct DeleteMuxStream { std::string muxLiveStreamId;     bool operator==(const DeleteMuxStream&) const = default; };
struct DeleteVideo     { std::string cloudflareVideoId;   bool operator==(const DeleteVideo&) const = default; };
struct DeleteMuxAsset  { std::string muxAssetId;          bool operator==(const DeleteMuxAsset&) const = default; };
struct SaveIntent      { Intent intent;                   bool operator==(const SaveIntent&) const = default; };
struct DropIntent      { std::string id;                  bool operator==(const DropIntent&) const = default; };
/// `what` for the log.
struct Answer          { std::string what;                bool operator==(const Answer&) const = default; };
using Effect = std::variant<TakeIntent, FindStream, FindInputs, FindMuxStreams, DeleteInput, DeleteMuxStream, DeleteVideo,
                            DeleteMuxAsset, SaveIntent, DropIntent, Answer>;
// clang-format on

enum class Step { New, Taking, Reading, SearchingInputs, SearchingMux, Deleting, Finishing, Done };

enum class Kind { Input, MuxStream, Video, MuxAsset };
struct Doomed {
    Kind kind = Kind::Input;
    std::string id{};
};

struct State {
    Step step = Step::New;
    std::string id{}, now{};
    Intent intent{};
    std::string keptInput{}, keptMux{};  ///< what the document references
    Intent found{};                      ///< what is to be deleted, known and found
    std::vector<Doomed> doomed{};        ///< what is still to be deleted, in this order
    bool failed = false;
    int pause = 0;  ///< seconds for which somebody wants to be left alone
};

/// Moves the flow on. `Answer` ends it; so does an event that no rule names.
[[nodiscard]] Effect step(State& state, const Event& event);

}  // namespace streams::settle
