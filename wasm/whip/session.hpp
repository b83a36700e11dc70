/// One WHIP publishing session (RFC 9725) as a pure state machine.
///
/// `step` takes what happened and returns what to do next. It opens no socket, reads no clock and touches no browser
/// object, so the same code runs in a phone, in Node and in a native test. Whoever carries out an effect reports back
/// with an event: see browser/publisher.cpp. The rules are a table in session.cpp, drawn in docs/whip-session.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "whip/outcome.hpp"
#include "whip/reason.hpp"

namespace whip {

enum class Phase : std::uint8_t {
    Idle,
    Capturing,
    Ready,
    Offering,
    Posting,
    Connecting,
    Live,
    Waiting,
    Stopping,
    Failed
};

// What happened. A reply to an effect carries the effect's turn, so that one that comes too late is known as such.
struct Preview {};  // the person wants to see the camera before going live
struct Start {
    std::string endpoint;
};  // the person tapped Start Streaming
struct Captured {
    int turn = 0;
};  // camera and microphone were granted
struct OfferReady {
    int turn = 0;
    std::string sdp;
};
// Created, Dropped, Refused: outcome.hpp
struct Connected {
    int turn = 0;
};  // ICE and DTLS are up (again)
struct Faltered {
    int turn = 0;
};                    // nothing has come from the far end for seconds
struct MediaLost {};  // the camera or the microphone went away
struct Online {};     // the device has a network again
struct Waited {};     // the pause asked for is over
struct Deleted {
    std::string resource;
};                // the DELETE is done, whatever came back
struct Stop {};   // the person tapped Stop
struct Leave {};  // the page is closing: nothing can be awaited any more
using Event = std::variant<Preview, Start, Captured, OfferReady, Created, Dropped, Refused, Connected, Faltered,
                           MediaLost, Online, Waited, Deleted, Stop, Leave>;

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

/// Everything a session remembers. A plain value: copy it, compare it, print it.
struct Session {
    Phase phase = Phase::Idle;
    Reason reason = Reason::None;  ///< why it failed, waits or is unsteady
    int turn = 0;                  ///< number of the newest Capture or MakeOffer; replies to an older one are too late
    int media = 0;                 ///< the turn in which what is held of camera and microphone was captured; 0: nothing
    int drops = 0;                 ///< faults in a row; 0 again once live
    bool peer = false;             ///< whether there is a peer connection to close
    bool faltering = false;        ///< Live, but the far end is silent
    std::string endpoint{};        ///< where offers are POSTed; "" while only previewing
    std::string offer{};           ///< the offer as POSTed, to check the answer against
    std::string resource{};        ///< what DELETE must name; "" until the server has said 201
    std::string etag{};            ///< of the session's ICE state, for later PATCHes

    bool operator==(const Session&) const = default;
};

/// Moves `session` on and returns the effects to carry out, in order. An event that no rule names in this phase (a
/// second tap, a reply that came too late) changes nothing; if such a reply brought something with it, a camera or a
/// session on the server, the effects let go of that.
[[nodiscard]] Effects step(Session& session, const Event& event);

}  // namespace whip
