/// Creating a stream (POST /api/streams/create-whip and create-obs) as a pure state machine: authorize, make the live
/// input, save the document; every failure is an event, and undoing an ordinary rule.
///
/// One effect at a time: whoever carries it out reports back with an event. The same order, sent again under the same
/// key, ends in the same stream: its id was claimed under that key, and the provider gets the id as its own key.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "streams/refuse.hpp"
#include "streams/stream.hpp"

namespace streams::create {

/// What was asked for, by whom, and what the pure core cannot know: the time and a fresh id.
struct Order {
    User user{};
    std::string memorialId{}, title{};
    StreamingMethod streamingMethod = StreamingMethod::whip_browser;
    bool enableMuxBackup = false;
    std::string streamId{};        ///< for the stream, should one be made
    std::string idempotencyKey{};  ///< the client's; empty when it sent none
    std::string now{};             ///< ISO 8601
    std::string mediaBase{};       ///< what our own media server's addresses begin with: they are stored as paths
    bool operator==(const Order&) const = default;
};

/// A provider's live input, as far as a stream needs it.
struct LiveInput {
    std::string uid{}, whipUrl{}, whepUrl{}, rtmpUrl{}, streamKey{}, hlsUrl{};
    bool operator==(const LiveInput&) const = default;
};

// clang-format off
// What happened.
struct Ordered         {};
struct MemorialFound   { Memorial memorial; };
struct MemorialMissing {};
struct Claimed         { std::string streamId; bool sameOrder = true; };  // `streamId` is another's when the key was known
struct StreamFound     { Stream stream; };
struct StreamMissing   {};
struct InputMade       { LiveInput input; };
struct Saved           {};
struct InputDeleted    {};
using Event = std::variant<Ordered, MemorialFound, MemorialMissing, Claimed, StreamFound, StreamMissing, InputMade, Saved,
                           InputDeleted, Failed>;

// What to do about it.
struct FindMemorial { std::string memorialId;                     bool operator==(const FindMemorial&) const = default; };
/// Remembers `streamId` under this user's key, unless the key is known: then what was remembered counts.
struct ClaimKey     { std::string uid, key; Order order;          bool operator==(const ClaimKey&) const = default; };
struct FindStream   { std::string id;                             bool operator==(const FindStream&) const = default; };
/// Under a key the provider knows, it answers with the input it made before.
struct CreateInput  { std::string streamId, idempotencyKey, title, memorialId, createdBy;
                      bool operator==(const CreateInput&) const = default; };
/// Creates the document; fails with code `conflict` when there is one.
struct SaveStream   { Stream stream;                              bool operator==(const SaveStream&) const = default; };
struct DeleteInput  { std::string cloudflareInputId;              bool operator==(const DeleteInput&) const = default; };
/// The stream was made, and what the person should know about it.
struct Created      { Stream stream; std::vector<core::Error> warnings{};
                      bool operator==(const Created&) const = default; };
using Effect = std::variant<FindMemorial, ClaimKey, FindStream, CreateInput, SaveStream, DeleteInput, Created, Refuse>;
// clang-format on

enum class Step { New, Looking, Claiming, Recalling, MakingInput, Saving, Checking, Undoing, Done };

struct State {
    Step step = Step::New;
    Order order{};
    Stream stream{};   ///< what is to be saved
    int attempts = 1;  ///< live inputs asked for under this order's id
};

/// Moves the flow on. `Created` and `Refuse` end it; so does an event that no rule names.
[[nodiscard]] Effect step(State& state, const Event& event);

}  // namespace streams::create
