/// Creating a stream (POST /api/streams/create-whip and create-obs) as a pure state machine: authorize, write down what
/// is about to be made, make it, save the document. Every failure is an event too.
///
/// One effect at a time: whoever carries it out reports back with an event. What was made and not saved is not undone
/// here: the intent (intent.hpp) is left to be settled. The same order, sent again under the same key, ends in the same
/// stream, for a key is claimed by one attempt at a time, and one whose intent is not `making` any more cannot save.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "streams/intent.hpp"
#include "streams/paths.hpp"
#include "streams/provider.hpp"
#include "streams/refuse.hpp"
#include "streams/stream.hpp"

namespace streams::create {

/// What was asked for, by whom, and what the pure core cannot know: the time, fresh names, what is set up.
struct Order {
    User user{};
    std::string memorialId{}, title{};
    std::optional<std::string> scheduledAt{};  ///< when it is planned to begin
    StreamingMethod streamingMethod = StreamingMethod::whip_browser;
    bool enableMuxBackup = false;
    std::string streamId{};        ///< for the stream, should one be made; the mark on what is made for it
    std::string idempotencyKey{};  ///< the client's; empty when it sent none
    std::string now{};             ///< ISO 8601
    std::string mediaBase{};       ///< what our own media server's addresses begin with: they are stored as paths
    Setup setup{};
    std::string relaySecret{};  ///< fresh; for a publisher at the relay
    bool operator==(const Order&) const = default;
};

// clang-format off
// What happened.
struct Ordered         {};
struct MemorialFound   { Memorial memorial; };
struct MemorialMissing {};
/// `streamId` is another's when the key was known; `busy`, when that one is still at it.
struct Claimed         { std::string streamId; bool sameOrder = true; bool busy = false; };
struct StreamFound     { Stream stream; };
struct StreamMissing   {};
struct Waited          {};
struct BackupMade      { MuxStream backup; };
struct InputMade       { LiveInput input; };
struct OutputMade      { std::string id; };
struct Saved           {};
using Event = std::variant<Ordered, MemorialFound, MemorialMissing, Claimed, StreamFound, StreamMissing, Waited, BackupMade,
                           InputMade, OutputMade, Saved, Failed>;

// What to do about it.
struct FindMemorial { std::string memorialId;                     bool operator==(const FindMemorial&) const = default; };
struct SaveIntent   { Intent intent;                              bool operator==(const SaveIntent&) const = default; };
struct DropIntent   { std::string id;                             bool operator==(const DropIntent&) const = default; };
/// Remembers `streamId` under this user's key, unless the key is known: then what was remembered counts; unless that is
/// `instead` and comes to nothing.
struct ClaimKey     { std::string uid, key; Order order; std::string instead{};
                      bool operator==(const ClaimKey&) const = default; };
struct FindStream   { std::string id;                             bool operator==(const FindStream&) const = default; };
struct Wait         { int ms;                                     bool operator==(const Wait&) const = default; };
struct CreateMuxStream { std::string streamId, title;             bool operator==(const CreateMuxStream&) const = default; };
/// Under a key the provider knows, it answers with the input it made before.
struct CreateInput  { std::string streamId, idempotencyKey, title, memorialId, createdBy;
                      bool operator==(const CreateInput&) const = default; };
struct CreateOutput { std::string cloudflareInputId, url, streamKey;
                      bool operator==(const CreateOutput&) const = default; };
/// Creates the document, if its intent is still `making`, and drops the intent, or leaves this one instead.
struct SaveStream   { Stream stream; std::optional<Intent> left{}; bool operator==(const SaveStream&) const = default; };
/// The stream was made, and what the person should know about it.
struct Created      { Stream stream; std::vector<core::Error> warnings{};
                      bool operator==(const Created&) const = default; };
/// It was not; what may have been made is to be settled.
struct Refused      { Refuse refusal; std::string settle{};       bool operator==(const Refused&) const = default; };
using Effect = std::variant<FindMemorial, SaveIntent, DropIntent, ClaimKey, FindStream, Wait, CreateMuxStream, CreateInput,
                            CreateOutput, SaveStream, Created, Refused>;
// clang-format on

enum class Step {
    New,
    Looking,
    Intending,
    Claiming,
    Recalling,
    Waiting,
    MakingBackup,
    MakingInput,
    MakingOutput,
    Saving,
    Checking,
    Dropping,
    Leaving,
    Done
};

struct State {
    Step step = Step::New;
    Order order{};
    Stream stream{};         ///< what is to be saved
    std::string earlier{};   ///< the stream that another attempt claimed the key for
    MuxStream backup{};      ///< none when it has no id
    bool lookMux = false;    ///< a live stream of Mux may have been made that we do not know
    bool lookInput = false;  ///< ... a live input
    int attempts = 1;        ///< keys used with the provider under this order's id
    int waits = 0;
    std::optional<Effect> answer{};  ///< once the intent is out of the way
};

/// Moves the flow on. `Created` and `Refused` end it; so does an event that no rule names.
[[nodiscard]] Effect step(State& state, const Event& event);

/// What the person should know of a stream made to this order.
[[nodiscard]] std::vector<core::Error> warnings(const Order& order, const Stream& stream);

}  // namespace streams::create
