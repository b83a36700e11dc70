/// One WHIP publishing session (RFC 9725) as a pure state machine.
///
/// `step` takes what happened and returns what to do next. It opens no socket, reads no clock and touches no browser
/// object, so the same code runs in a phone, in Node and in a native test. Whoever carries out an effect reports back
/// with an event: see browser/publisher.cpp. The rules are a table in session.cpp, drawn in docs/whip-session.md.
#pragma once

#include <cstdint>
#include <string>

#include "whip/exchange.hpp"
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
