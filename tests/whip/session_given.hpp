/// Sessions as they are in each phase, for the tests of their rules.
#pragma once

#include <string>
#include <utility>

#include "whip/offer.hpp"
#include "whip/session.hpp"
#include "whip/texts.hpp"

namespace whip {

using enum Phase;

inline const std::string in = "https://cf.test/in", res = "https://cf.test/s/1", tag = "\"tag\"";
inline const std::string line = "candidate:1 1 udp 2122194687 192.0.2.2 41472 typ host";
inline const std::string posted = publisherOffer(kOffer), applied = publisherAnswer(kAnswer);
inline const std::string restartOffer = kOffer, freshAnswer = "a=ice-ufrag:new\r\na=ice-pwd:newer\r\n";

// In every phase the session is at turn 5 and take 4; what it holds by then is what it would hold.
inline Session given(Phase phase) {
    Session s{.phase = phase, .take = 4, .turn = 5};
    if (phase == Idle) return s;
    if (phase == Failed) s.reason = Reason::NotAllowed;
    if (phase == Failed) return s;
    s.asking = phase == Capturing;
    if (phase != Stopping && phase != Capturing) s.media = 4;
    s.peer = phase != Waiting;
    s.going = phase != Capturing && phase != Ready;
    if (s.going) s.far.endpoint = in;
    if (phase == Posting || phase == Connecting || phase == Live || phase == Restarting) s.offer = posted;
    if (phase != Capturing && phase != Ready && phase != Offering) s.ice.ufrag = "u", s.ice.pwd = "p";
    if (phase == Connecting || phase == Live || phase == Restarting || phase == Stopping)
        s.resource = res, s.etag = tag;
    if (phase == Connecting || phase == Live || phase == Restarting) s.answer = kAnswer;
    if (phase == Restarting) s.ice.round = 2, s.ice.tries = 1, s.ice.pending = true, s.ice.applied = false;
    return s;
}

inline Session with(Session s, void (*change)(Session&)) {
    change(s);
    return s;
}

inline Created created(std::string answer = kAnswer) { return {5, res, tag, {}, std::move(answer)}; }

inline std::string fragmentText(const std::string& rest) {
    return "a=ice-ufrag:u\r\na=ice-pwd:p\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n" + rest;
}

}  // namespace whip
