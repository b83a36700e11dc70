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

/// What a server says about its refusal (application/problem+json, RFC 9457); all "" when it says nothing.
struct Problem {
    std::string type{}, title{}, detail{};
    bool operator==(const Problem&) const = default;
};

/// The server holds a session now.
struct Created {
    int turn = 0;                       ///< which offer this answers: Session::turn when it was posted
    std::string resource;               ///< the session's URL, absolute
    std::string etag;                   ///< as sent, to be echoed and never parsed; "" when unreadable
    std::vector<IceServer> iceServers;  ///< to be set before candidates are gathered
    std::string answer;                 ///< SDP
    bool operator==(const Created&) const = default;
};

/// A WHEP server that would rather offer itself (406 with an offer): it holds a session and waits for our answer.
struct Countered {
    int turn = 0;
    std::string resource, etag;
    std::vector<IceServer> iceServers;
    std::string offer;  ///< SDP
    bool operator==(const Countered&) const = default;
};

/// A fault that may pass: no network, 503, a lost connection.
struct Dropped {
    int turn = 0;
    Reason reason = Reason::ConnectionLost;
    std::optional<std::chrono::seconds> pause{};  ///< what Retry-After asked for
    Problem problem{};
    bool operator==(const Dropped&) const = default;
};

/// A fault that will not pass by itself: 403, an unfit answer.
struct Refused {
    int turn = 0;
    Reason reason = Reason::BadReply;
    Problem problem{};
    bool operator==(const Refused&) const = default;
};

using Outcome = std::variant<Created, Countered, Dropped, Refused>;

/// What the reply to a PATCH says about the feature it was for (RFC 9725 section 4.3.1).
enum class Verdict {
    Done,         ///< 2xx
    Passing,      ///< no reply, 408, 425, 429, 5xx: it may work another time
    Mismatch,     ///< 412: our ETag is not that of the server's ICE session
    Gone,         ///< 404, 410: there is no such session any more
    Unsupported,  ///< 422, 428 and any other 4xx: not this feature
    Neither,      ///< 405, 415, 501: neither trickle nor restart
};

}  // namespace whip
