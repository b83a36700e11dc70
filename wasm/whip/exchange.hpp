/// What can happen in a WHIP or WHEP session and what can be done about it: the events and effects that the publisher's
/// session (session.hpp) and the viewer's (viewer.hpp) have in common. All are plain values.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "whip/outcome.hpp"

namespace whip {

// What happened. A reply to an effect carries the effect's turn, so that one that comes too late is known as such.
// Created, Dropped and Refused are in outcome.hpp.
// clang-format off
struct Preview    {};                                 // the person wants to see the camera before going live
struct Start      { std::string endpoint; };          // the person tapped Start Streaming; the player wants to watch
struct Captured   { int turn = 0; };                  // camera and microphone were granted
struct OfferReady { int turn = 0; std::string sdp; };
struct Connected  { int turn = 0; };                  // ICE and DTLS are up (again)
struct Faltered   { int turn = 0; };                  // nothing has come from the far end for seconds
struct Picture    { int turn = 0; };                  // what is watched begins to arrive
struct MediaLost  {};                                 // the camera or the microphone went away
struct Online     {};                                 // the device has a network again
struct Waited     {};                                 // the pause asked for is over
struct Deleted    { std::string resource; };          // the DELETE is done, whatever came back
struct Stop       {};                                 // the person tapped Stop; the player wants to watch no more
struct Leave      {};                                 // the page is closing: nothing can be awaited any more
// clang-format on
using Event = std::variant<Preview, Start, Captured, OfferReady, Created, Dropped, Refused, Connected, Faltered,
                           Picture, MediaLost, Online, Waited, Deleted, Stop, Leave>;

// What to do about it, in the order given. There is one peer connection and one timer: MakeOffer and Wait replace them.
// clang-format off
struct Capture       { int turn = 0;                           bool operator==(const Capture&) const = default; };
struct MakeOffer     { int turn = 0; int media = 0;            bool operator==(const MakeOffer&) const = default; };
struct PostOffer     { int turn = 0; std::string url, sdp;     bool operator==(const PostOffer&) const = default; };
struct SetIceServers { std::vector<IceServer> servers;         bool operator==(const SetIceServers&) const = default; };
struct ApplyAnswer   { int turn = 0; std::string sdp;          bool operator==(const ApplyAnswer&) const = default; };
struct DeleteSession { std::string resource;                   bool operator==(const DeleteSession&) const = default; };
struct ClosePeer     {                                         bool operator==(const ClosePeer&) const = default; };
struct ReleaseMedia  { int media = 0;                          bool operator==(const ReleaseMedia&) const = default; };
struct Wait          { std::chrono::seconds pause{};           bool operator==(const Wait&) const = default; };
// clang-format on
using Effect = std::variant<Capture, MakeOffer, PostOffer, SetIceServers, ApplyAnswer, DeleteSession, ClosePeer,
                            ReleaseMedia, Wait>;
using Effects = std::vector<Effect>;

/// Whether `event` is the reply to an effect of another turn than `turn`.
[[nodiscard]] bool tooLate(const Event& event, int turn);

/// What to do about a reply nobody waits for: what it brought, a camera or a session on the server, must not stay on.
[[nodiscard]] Effects letGo(const Event& event);

/// One row of a session's table: in phase `from`, on the event of index `event`, when `when` holds, carry out `act` and
/// be in phase `to`.
template <class Session, class Phase, class When>
struct RuleOf {
    Phase from;
    std::size_t event;
    When when;
    Phase to;
    Effects (*act)(Session&, const Event&);
};

}  // namespace whip
