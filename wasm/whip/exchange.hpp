/// What can happen in a WHIP or WHEP session and what can be done about it: the events and effects that the publisher's
/// session (session.hpp) and the viewer's (viewer.hpp) have in common. All are plain values.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/variant.hpp"
#include "whip/outcome.hpp"

namespace whip {

using std::chrono::milliseconds;

// What happened. A reply to an effect carries the effect's turn (of a camera: its take), so that one that comes too
// late is known as such. Created, Countered, Dropped and Refused are in outcome.hpp.
// clang-format off
struct Preview      {};                                 // the person wants to see the camera before going live
struct Arm          { std::string endpoint, token;      // the page knows where Start will stream to, and by which servers
                      std::vector<IceServer> servers; };
struct Start        { std::string endpoint; };          // the person tapped Start Streaming; the player wants to watch
struct Captured     { int take = 0; };                  // camera and microphone were granted
struct Uncaptured   { int take = 0; Reason reason{}; }; // they were not
struct OfferReady   { int turn = 0; std::string sdp; };
struct AnswerReady  { int turn = 0; std::string sdp; }; // to what the far end has offered
struct Candidate    { int turn = 0;                     // a local ICE candidate of the credentials `ufrag` ("": unknown);
                      std::string ufrag, line; };       // line "": there will be no more
struct Connected    { int turn = 0; };                  // ICE and DTLS are up (again)
struct Faltered     { int turn = 0; };                  // nothing has come from the far end for seconds
struct Ended        { int turn = 0; };                  // the far end has closed the connection
struct RestartReady { int turn = 0, round = 0; std::string sdp; };
struct Restarted    { int turn = 0, round = 0;          // the reply to SendRestart
                      int status = 0; std::string etag, body; };
struct Patched      { int turn = 0, round = 0;          // the reply to SendCandidates or SendAnswer
                      int status = 0; };
struct Picture      { int turn = 0; };                  // what is watched begins to arrive
struct Reached      {};                                 // something came back from the endpoint: there is a network
struct Online       {};                                 // the device has a network again
struct Awake        {};                                 // the page is looked at again
struct Waited       {};                                 // the pause asked for is over
struct Deleted      { std::string resource;             // the DELETE came to an end; `done`: something came back
                      bool done = true; };
struct Stop         {};                                 // the person tapped Stop; the player wants to watch no more
struct Leave        {};                                 // the page is closing: nothing can be awaited any more
// clang-format on
using Event = std::variant<Preview, Arm, Start, Captured, Uncaptured, OfferReady, AnswerReady, Created, Countered,
                           Dropped, Refused, Candidate, Connected, Faltered, Ended, RestartReady, Restarted, Patched,
                           Picture, Reached, Online, Awake, Waited, Deleted, Stop, Leave>;

// What to do about it, in the order given. There is one peer connection and one timer: MakeOffer, AnswerOffer and Wait
// replace them. A `token` goes out as "Authorization: Bearer", "" sends none; `match` as If-Match, likewise.
// clang-format off
struct Capture        { int take = 0;                            bool operator==(const Capture&) const = default; };
struct MakeOffer      { int turn = 0;
                        std::vector<IceServer> servers{};        bool operator==(const MakeOffer&) const = default; };
struct AnswerOffer    { int turn = 0; std::string sdp;
                        std::vector<IceServer> servers{};        bool operator==(const AnswerOffer&) const = default; };
struct AttachMedia    { int media = 0;                           bool operator==(const AttachMedia&) const = default; };
struct Warm           { std::string url, token{};                bool operator==(const Warm&) const = default; };
struct Probe          { std::string url;                         bool operator==(const Probe&) const = default; };
struct PostOffer      { int turn = 0;
                        std::string url, sdp, token{};           bool operator==(const PostOffer&) const = default; };
struct SetIceServers  { std::vector<IceServer> servers;          bool operator==(const SetIceServers&) const = default; };
struct ApplyAnswer    { int turn = 0; std::string sdp;           bool operator==(const ApplyAnswer&) const = default; };
struct SendAnswer     { int turn = 0;
                        std::string url, sdp, token{};           bool operator==(const SendAnswer&) const = default; };
struct SendCandidates { int turn = 0, round = 0;
                        std::string url, body, match, token{};   bool operator==(const SendCandidates&) const = default; };
struct RestartIce     { int turn = 0, round = 0;                 bool operator==(const RestartIce&) const = default; };
struct SendRestart    { int turn = 0, round = 0;
                        std::string url, body, match, token{};   bool operator==(const SendRestart&) const = default; };
struct UndoRestart    {                                          bool operator==(const UndoRestart&) const = default; };
struct DeleteSession  { std::string resource, token{};           bool operator==(const DeleteSession&) const = default; };
struct ClosePeer      {                                          bool operator==(const ClosePeer&) const = default; };
struct ReleaseMedia   { int media = 0;                           bool operator==(const ReleaseMedia&) const = default; };
struct Wait           { milliseconds pause{}, spread{};          bool operator==(const Wait&) const = default; };
// clang-format on
using Effect = std::variant<Capture, MakeOffer, AnswerOffer, AttachMedia, Warm, Probe, PostOffer, SetIceServers,
                            ApplyAnswer, SendAnswer, SendCandidates, RestartIce, SendRestart, UndoRestart,
                            DeleteSession, ClosePeer, ReleaseMedia, Wait>;
using Effects = std::vector<Effect>;

/// Whether `event` is the reply to an effect of another turn than `turn`, or of another take than `take`.
[[nodiscard]] bool tooLate(const Event& event, int turn, int take);

/// What to do about a reply nobody waits for: what it brought, a camera or a session on the server, must not stay on.
[[nodiscard]] Effects letGo(const Event& event, const std::string& token);

using core::as;

inline void append(Effects& effects, Effects more) {
    for (Effect& effect : more) effects.push_back(std::move(effect));
}

}  // namespace whip
