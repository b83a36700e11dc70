/// One WHIP publishing session (RFC 9725) as a pure state machine.
///
/// `step` takes what happened and returns what to do next. It opens no socket, reads no clock and touches no browser
/// object, so the same code runs in a phone, in Node and in a native test. Whoever carries out an effect reports back
/// with an event: see browser/publisher.cpp. The rules are a table in session.cpp, shown in docs/whip-session.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "whip/exchange.hpp"
#include "whip/reason.hpp"

namespace whip {

enum class Phase : std::uint8_t {
    Idle,
    Capturing,   ///< the camera is asked for; the peer connection and its offer are made meanwhile
    Ready,       ///< the camera is on; the offer waits for the tap ("armed")
    Offering,    ///< the tap came before the offer was ready
    Posting,     ///< the offer is on its way
    Connecting,  ///< the answer is here
    Live,
    Restarting,  ///< ICE is restarted in the session there is
    Waiting,     ///< for the network, or for the server to be ready
    Stopping,    ///< for the reply to the DELETE
    Failed
};

/// What a session knows of the endpoint and how to speak to it.
struct Far {
    std::string endpoint{};            ///< where offers are POSTed; "" while unknown
    std::string token{};               ///< of RFC 9725 section 4.7; "" for none
    std::vector<IceServer> servers{};  ///< told by the page, or by a Link header
    bool trickles = true;              ///< false once it has refused candidates
    bool restarts = true;              ///< false once it has refused a restart
    bool quotes = false;               ///< it takes If-Match: "*" only

    bool operator==(const Far&) const = default;
};

/// The ICE side of a session: our credentials and candidates, and how a restart is getting on.
struct Ice {
    std::string ufrag{}, pwd{};
    std::vector<std::string> candidates{};  ///< of these credentials
    bool gathered = false;                  ///< there will be no more
    std::size_t sent = 0;                   ///< how many of them the server has, or is being sent
    bool endSent = false;                   ///< and that these are all
    bool sending = false;                   ///< a PATCH with candidates is under way: the next ones wait for its reply
    bool resynced = false;                  ///< a mismatch has been answered by a restart
    bool newServers = false;                ///< the 201 named servers that nothing has been gathered from
    int round = 0;                          ///< number of the newest restart
    int tries = 0;                          ///< restarts since it was last live
    bool pending = false;                   ///< a restart has been offered to the browser and not been answered
    bool applied = true;                    ///< the remote description belongs to our credentials

    bool operator==(const Ice&) const = default;
};

/// Everything a session remembers. A plain value: copy it, compare it, print it.
struct Session {
    Phase phase = Phase::Idle;
    Reason reason = Reason::None;  ///< why it failed, waits or is unsteady
    Problem problem{};             ///< what the server said about it
    int take = 0;                  ///< number of the newest Capture
    bool asking = false;           ///< and whether it is still to be granted
    int media = 0;                 ///< the take in which what is held of camera and microphone was captured; 0: nothing
    int turn = 0;                  ///< number of the newest MakeOffer; replies to an older one are too late
    int drops = 0;                 ///< faults in a row; 0 again once live
    int refusals = 0;              ///< and how many of them were refusals
    int ticks = 0;                 ///< pauses in a row, in Ready and in Waiting
    bool peer = false;             ///< whether there is a peer connection to close
    bool going = false;            ///< the person has tapped Start
    bool lived = false;            ///< and has been live since then
    bool linked = false;           ///< the connection is up, though it is not live yet (or again)
    bool faltering = false;        ///< Live, but the far end is silent
    bool reached = false;          ///< and the network is not the reason
    bool unreachable = false;      ///< Waiting for the network, not for the server
    bool asked = false;            ///< Waiting as long as the server asked for
    Far far{};
    Ice ice{};
    std::string offer{};                ///< as POSTed, without candidates; "" until it is ready
    std::string answer{};               ///< as the server gave it, with the credentials of its last restart
    std::string resource{};             ///< what PATCH and DELETE must name; "" until the server has said 201
    std::string etag{};                 ///< of the session's ICE state; "" when there was none to read
    std::vector<std::string> strays{};  ///< sessions of ours that a DELETE could not reach

    bool operator==(const Session&) const = default;
};

/// Moves `session` on and returns the effects to carry out, in order. An event that no rule names in this phase (a
/// second tap, a reply that came too late) changes nothing; if such a reply brought something with it, a camera or a
/// session on the server, the effects let go of that.
[[nodiscard]] Effects step(Session& session, const Event& event);

}  // namespace whip
