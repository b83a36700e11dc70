/// What POSTing an offer to a WHIP or WHEP endpoint came to, in the terms of a session's rules.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "whip/reason.hpp"

namespace whip {

/// One STUN or TURN server from a Link header (RFC 9725 section 4.6), as RTCConfiguration wants it.
struct IceServer {
    std::string url;                   ///< "turn:turn.example.net?transport=udp"
    std::string username, credential;  ///< both "" for STUN
    bool operator==(const IceServer&) const = default;
};

/// The server holds a session now.
struct Created {
    int turn = 0;                       ///< which offer this answers: Session::turn when it was posted
    std::string resource;               ///< the session's URL, absolute
    std::string etag;                   ///< as sent, to be echoed and never parsed; "" when unreadable
    std::vector<IceServer> iceServers;  ///< to be set before the local description is
    std::string answer;                 ///< SDP
    bool operator==(const Created&) const = default;
};

/// A fault that may pass: no network, 503, a lost connection.
struct Dropped {
    int turn = 0;
    Reason reason = Reason::ConnectionLost;
    std::optional<std::chrono::seconds> pause{};  ///< what Retry-After asked for
    bool operator==(const Dropped&) const = default;
};

/// A fault that will not pass by itself: 403, camera denied.
struct Refused {
    int turn = 0;
    Reason reason = Reason::BadReply;
    bool operator==(const Refused&) const = default;
};

using Outcome = std::variant<Created, Dropped, Refused>;

}  // namespace whip
