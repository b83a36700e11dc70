/// What those who manage a stream may do to it, as a pure state machine: rename, remove, give it new keys, try its
/// backup again. Every change is guarded by the version it was made for, and made again for a newer one.
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

namespace streams::manage {

enum class Wish { Rename, Remove, RotateKeys, RetryBackup };

struct Order {
    Wish wish = Wish::Rename;
    User user{};
    std::string id{}, now{};
    std::string title{};                       ///< to rename
    std::optional<std::string> scheduledAt{};  ///< and to plan anew; "" = not planned any more
    std::string relaySecret{};                 ///< to rotate keys; fresh
    std::string mark{};                        ///< to retry a backup; fresh
    Bases bases{};
    Setup setup{};
};

// clang-format off
// What happened.
struct Ordered         {};
struct StreamFound     { Stream stream; std::string version; };
struct StreamMissing   {};
struct MemorialFound   { Memorial memorial; };
struct MemorialMissing {};
struct InputTold       { LiveInput input; };
struct BackupMade      { MuxStream backup; };
struct OutputMade      { std::string id; };
struct Carried         {};
using Event = std::variant<Ordered, StreamFound, StreamMissing, MemorialFound, MemorialMissing, InputTold, BackupMade,
                           OutputMade, Carried, Failed>;

// What to do about it.
struct FindStream      { std::string id;                bool operator==(const FindStream&) const = default; };
struct FindMemorial    { std::string memorialId;        bool operator==(const FindMemorial&) const = default; };
/// Writes `after`, if the stream is still at `version` and the intent of that id, if any, is still `making`: it is dropped.
struct UpdateStream    { std::string version; Stream before, after; std::string intentId{};
                         bool operator==(const UpdateStream&) const = default; };
/// Removes the document, if it is still at `version`, and leaves the intent to delete what it referenced.
struct RemoveStream    { std::string id, version; Intent intent; bool operator==(const RemoveStream&) const = default; };
struct RotateInputKeys { std::string cloudflareInputId; bool operator==(const RotateInputKeys&) const = default; };
struct GetInput        { std::string cloudflareInputId; bool operator==(const GetInput&) const = default; };
struct SaveIntent      { Intent intent;                 bool operator==(const SaveIntent&) const = default; };
struct CreateMuxStream { std::string streamId, title;   bool operator==(const CreateMuxStream&) const = default; };
struct CreateOutput    { std::string cloudflareInputId, url, streamKey;
                         bool operator==(const CreateOutput&) const = default; };
struct DeleteOutput    { std::string cloudflareInputId, cloudflareOutputId;
                         bool operator==(const DeleteOutput&) const = default; };
/// Done. `settle`, when it is not empty, is an intent that is due.
struct Show            { Stream stream; std::string settle{}; bool operator==(const Show&) const = default; };
struct Removed         { std::string settle;            bool operator==(const Removed&) const = default; };
struct Refused         { Refuse refusal; std::string settle{}; bool operator==(const Refused&) const = default; };
using Effect = std::variant<FindStream, FindMemorial, UpdateStream, RemoveStream, RotateInputKeys, GetInput, SaveIntent,
                            CreateMuxStream, CreateOutput, DeleteOutput, Show, Removed, Refused>;
// clang-format on

enum class Step {
    New,
    Finding,
    Authorizing,
    Marking,
    Rotating,
    Rereading,
    Intending,
    MakingBackup,
    SavingBackup,
    MakingOutput,
    DroppingOutput,
    Updating,
    FindingAgain,
    Removing,
    Leaving,
    Done
};

struct State {
    Step step = Step::New;
    Order order{};
    Stream stream{};
    std::string version{};
    bool marked = false;               ///< due to be compared with the provider
    std::optional<LiveInput> input{};  ///< with new keys
    MuxStream backup{};
    std::string outputId{};
    bool saved = false;  ///< the new backup stands in the document
    Failed failure{};    ///< why the keys may not be new
    int conflicts = 0;
    std::optional<Effect> answer{};
};

/// Moves the flow on. `Show`, `Removed` and `Refused` end it; so does an event that no rule names.
[[nodiscard]] Effect step(State& state, const Event& event);

}  // namespace streams::manage
