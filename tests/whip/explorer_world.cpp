#include "whip/explorer_world.hpp"

#include <algorithm>
#include <chrono>

#include "core/variant.hpp"
#include "whip/texts.hpp"

namespace whip::explorer {
namespace {

using namespace std::chrono_literals;
using enum Phase;

const std::string kEndpoint = "https://s/in";
const std::string kToken = "t";

std::string description(const std::string& ufrag, const std::string& direction) {
    return "v=0\r\no=- 1 1 IN IP4 0\r\ns=-\r\nt=0 0\r\na=ice-ufrag:" + ufrag +
           "\r\na=ice-pwd:p\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=" + direction + "\r\n";
}

void require(World& w, bool holds, const char* promise) {
    if (!holds && w.fault.empty()) w.fault = promise;
}

template <class T, class Is>
bool take(std::vector<T>& from, Is is) {
    const auto at = std::find_if(from.begin(), from.end(), is);
    if (at == from.end()) return false;
    from.erase(at);
    return true;
}

Held* find(World& w, const std::string& resource) {
    for (Held& each : w.held) {
        if (each.resource == resource) return &each;
    }
    return nullptr;
}

void tryAgain(World& w) {
    require(w, w.credit > 0, "retries are bounded in rate: between two there is a pause or a reason");
    w.credit = 0;
}

// Only effects that are legal now, and with exactly what they must carry.
void carryOut(World& w, const Effect& effect) {
    const Session& s = w.session;
    std::visit(
        core::Match{
            [&](const Capture& e) { w.captures.push_back(e.take); },
            [&](const MakeOffer& e) {
                w.offers.push_back(e.turn);
                w.peer = e.turn;
                w.answered = false;
                w.candidates = 1;
                w.endless = true;
            },
            [&](const AnswerOffer&) { require(w, false, "a publisher is never made an offer"); },
            [&](const SendAnswer&) { require(w, false, "a publisher is never made an offer"); },
            [&](const AttachMedia& e) {
                require(w, w.peer && std::count(w.media.begin(), w.media.end(), e.media) == 1,
                        "only what is held is attached, to a connection there is");
            },
            [&](const Warm& e) {
                require(w, e.url == kEndpoint && e.token == s.far.token, "Warm goes to the endpoint");
            },
            [&](const Probe& e) {
                require(w, e.url == kEndpoint, "Probe goes to the endpoint");
                w.probes = std::min(w.probes + 1, 2);
            },
            [&](const PostOffer& e) {
                require(w, e.turn == w.peer && e.url == kEndpoint && !e.sdp.empty() && e.token == s.far.token,
                        "a POST carries the offer of this connection, and the token");
                require(w, s.resource.empty(), "at most one session: no POST while one is held");
                tryAgain(w);
                w.posts.push_back(e.turn);
            },
            [&](const SetIceServers&) { require(w, w.peer == s.turn, "servers are for a connection there is"); },
            [&](const ApplyAnswer& e) {
                require(w, w.peer == e.turn, "an answer is for the connection that offered");
                const std::string last = s.ice.round ? "ice-ufrag:r" + std::to_string(s.ice.round) : "ice-ufrag:s";
                require(w, e.sdp.find(last) != std::string::npos, "the last restart wins");
                w.answered = true;
            },
            [&](const SendCandidates& e) {
                const Held* held = find(w, e.url);
                require(w, held && !held->deleted && e.url == s.resource, "no PATCH before the 201, none after DELETE");
                require(w, held && e.match == held->etag && e.token == s.far.token, "If-Match is the ETag as it came");
                require(w, w.patches.empty() || w.patches.back().turn != e.turn || w.patches.back().round != e.round,
                        "one PATCH with candidates at a time");
                w.patches.push_back({e.turn, e.round, {}});
            },
            [&](const RestartIce& e) {
                require(w, w.peer == e.turn && w.answered, "a restart is of a connection that was answered");
                if (w.credit == 0) require(w, false, "restarts are bounded in rate");
                w.readies.push_back({e.turn, e.round, {}});
            },
            [&](const SendRestart& e) {
                const Held* held = find(w, e.url);
                require(w, held && !held->deleted && e.url == s.resource, "no PATCH before the 201, none after DELETE");
                require(w, e.match == (s.far.quotes ? "\"*\"" : "*"), "a restart has If-Match: *");
                require(w, e.round == s.ice.round && e.token == s.far.token, "only the newest restart is sent");
                w.restarts.push_back({e.turn, e.round, e.match});
            },
            [&](const UndoRestart&) { require(w, w.peer == s.turn, "only what was offered is taken back"); },
            [&](const DeleteSession& e) {
                if (Held* held = find(w, e.resource)) held->deleted = true;
                w.deletes.push_back(e.resource);
            },
            [&](const ClosePeer&) {
                require(w, w.peer != 0, "a connection is closed once");
                w.peer = 0;
            },
            [&](const ReleaseMedia& e) {
                require(w, take(w.media, [&](int each) { return each == e.media; }), "what is released is held");
            },
            [&](const Wait& e) {
                require(w, e.pause >= 500ms, "no pause is shorter than half a second");
                w.timer = true;
            },
        },
        effect);
}

bool isOfTheNetwork(const Event& e) {
    return std::holds_alternative<Dropped>(e) || std::holds_alternative<Waited>(e) ||
           std::holds_alternative<Reached>(e) || std::holds_alternative<Online>(e) ||
           std::holds_alternative<Awake>(e) || std::holds_alternative<Ended>(e) ||
           std::holds_alternative<Faltered>(e) || std::holds_alternative<Patched>(e) ||
           std::holds_alternative<Restarted>(e);
}

void check(World& w, const Session& was, std::size_t mediaBefore, const Event& event) {
    const Session& s = w.session;
    const Phase before = was.phase;
    const bool rests = s.phase == Idle || s.phase == Failed;
    // Nor does a refusal at once, when it has been live: a proxy may say it while the server is set up anew.
    const bool passing = was.lived && was.refusals < 12 && before != Stopping;
    if (isOfTheNetwork(event) || (std::holds_alternative<Refused>(event) && passing)) {
        require(w, w.media.size() == mediaBefore, "no fault of the network turns the camera off");
        require(w, !rests || before == s.phase || before == Stopping, "no fault of the network ends the session");
    }
    if (rests) {
        require(w, w.media.empty() && s.media == 0, "at rest no camera is on");
        require(w, !w.peer && !s.peer, "at rest no connection is open");
        require(w, s.resource.empty(), "at rest no session is held");
    }
    require(w, s.peer == (w.peer != 0), "the session knows whether there is a connection");
    for (const int media : w.media) require(w, media == s.media, "no camera is on that the session does not know of");
    for (const Held& held : w.held)
        require(w, held.deleted || held.resource == s.resource, "every 201 is held or deleted");
    const bool waits = s.phase == Posting || s.phase == Waiting || s.phase == Restarting || s.phase == Stopping ||
                       (s.phase == Connecting && !s.linked) || (s.phase == Live && s.faltering);
    require(w, w.timer || !waits, "whatever waits has an end");
    require(w, s.phase != Offering || !w.offers.empty(), "an offer that is awaited has been asked for");
    require(w, s.phase != Live || s.media || s.asking, "Live has a camera, or asks for one");
    require(w, (s.phase != Connecting || !s.linked) || s.asking,
            "a connection waits for the camera only while it is asked for");
    if (s.phase == Stopping) {
        Session ending = s;
        (void)step(ending, Waited{});
        require(w, ending.phase == Idle, "Stop always ends");
    }
}

// Counters that only ever grow jump over what repeats, so that what lies behind is reached.
void hurry(Session& s) {
    s.drops = std::min(s.drops, 5);
    if (s.refusals == 2) s.refusals = 11;
    if (s.ticks == 3) s.ticks = s.phase == Capturing || s.phase == Ready ? 7 : 18;
    if (s.ticks > 20) s.ticks = 20;
}

void created(std::vector<Event>& out, const World& w, int turn) {
    const std::string resource = "https://s/" + std::to_string(w.made);
    out.push_back(Created{turn, resource, "e0", {}, description("s", "recvonly")});
    out.push_back(Created{turn, resource, "", {{"turn:t", "u", "c"}}, description("s", "recvonly")});
    out.push_back(Created{turn, resource, "e0", {}, description("s", "inactive")});
}

// What takes its place among what is under way no more, now that it has come back.
void arrive(World& w, const Event& event) {
    std::visit(
        core::Match{
            [&](const Captured& e) {
                take(w.captures, [&](int each) { return each == e.take; });
                w.media.push_back(e.take);
            },
            [&](const Uncaptured& e) { take(w.captures, [&](int each) { return each == e.take; }); },
            [&](const OfferReady& e) { take(w.offers, [&](int each) { return each == e.turn; }); },
            [&](const Created& e) {
                take(w.posts, [&](int each) { return each == e.turn; });
                w.held.push_back({e.resource, e.etag, false});
                ++w.made;
            },
            [&](const Dropped& e) {
                if (e.reason != Reason::ConnectionLost) take(w.posts, [&](int each) { return each == e.turn; });
            },
            [&](const Refused& e) { take(w.posts, [&](int each) { return each == e.turn; }); },
            [&](const Candidate& e) {
                if (e.line.empty())
                    w.endless = false;
                else
                    --w.candidates;
            },
            [&](const RestartReady& e) {
                take(w.readies, [&](const Reply& each) { return each.turn == e.turn && each.round == e.round; });
                w.candidates = 1;
                w.endless = true;
            },
            [&](const Restarted& e) {
                take(w.restarts, [&](const Reply& each) { return each.turn == e.turn && each.round == e.round; });
                const Session& session = w.session;
                const bool counts = session.phase == Restarting && !session.ice.applied && e.turn == session.turn &&
                                    e.round == session.ice.round && e.status == 200;
                if (!counts) return;
                if (Held* held = find(w, session.resource)) held->etag = e.etag;
            },
            [&](const Patched& e) {
                take(w.patches, [&](const Reply& each) { return each.turn == e.turn && each.round == e.round; });
            },
            [&](const Deleted& e) { take(w.deletes, [&](const std::string& each) { return each == e.resource; }); },
            [&](const Reached&) { --w.probes; },
            [&](const Waited&) { w.timer = false; },
            [](const auto&) {},
        },
        event);
}

bool isReason(const Event& e) {
    return std::holds_alternative<Start>(e) || std::holds_alternative<Waited>(e) ||
           std::holds_alternative<Reached>(e) || std::holds_alternative<Online>(e) ||
           std::holds_alternative<Awake>(e) || std::holds_alternative<Captured>(e) ||
           std::holds_alternative<Restarted>(e) || std::holds_alternative<Patched>(e) ||
           std::holds_alternative<Dropped>(e);
}

}  // namespace

std::vector<Event> choices(const World& w) {
    const Session& s = w.session;
    std::vector<Event> out;
    const bool rests = s.phase == Idle || s.phase == Failed;
    if (rests) {
        out.push_back(Preview{});
        out.push_back(Start{kEndpoint});
        if (s.far.token.empty()) out.push_back(Arm{kEndpoint, kToken, {}});
    }
    if ((s.phase == Capturing || s.phase == Ready)) {
        if (s.far.endpoint.empty()) out.push_back(Arm{kEndpoint, kToken, {{"stun:s", "", ""}}});
        out.push_back(Start{kEndpoint});
    }
    if (!rests) {
        out.push_back(Stop{});
        out.push_back(Leave{});
        out.push_back(Online{});
        out.push_back(Awake{});
    }
    if (w.timer) out.push_back(Waited{});
    if (w.probes) out.push_back(Reached{});
    for (const int take : w.captures) {
        out.push_back(Captured{take});
        out.push_back(Uncaptured{take, Reason::CameraDenied});
    }
    for (const int turn : w.offers) out.push_back(OfferReady{turn, description("u", "sendonly")});
    for (const int turn : w.posts) {
        created(out, w, turn);
        out.push_back(Dropped{turn, Reason::Offline});
        out.push_back(Dropped{turn, Reason::ServiceUnavailable, 5s});
        out.push_back(Refused{turn, Reason::NotAllowed});
    }
    if (w.peer) {
        if (w.candidates > 0) out.push_back(Candidate{w.peer, s.ice.ufrag, "candidate:1"});
        if (w.candidates > 0 && s.ice.round) out.push_back(Candidate{w.peer, "u", "candidate:0"});
        if (w.endless) out.push_back(Candidate{w.peer, "", ""});
    }
    if (w.peer && w.answered) {
        out.push_back(Connected{w.peer});
        out.push_back(Faltered{w.peer});
        out.push_back(Dropped{w.peer, Reason::ConnectionLost});
        out.push_back(Ended{w.peer});
    }
    for (const Reply& each : w.readies)
        out.push_back(RestartReady{each.turn, each.round, description("u" + std::to_string(each.round), "sendonly")});
    for (const Reply& each : w.restarts) {
        const std::string fresh = "a=ice-ufrag:r" + std::to_string(each.round) + "\r\na=ice-pwd:q\r\n";
        out.push_back(Restarted{each.turn, each.round, 200, "e" + std::to_string(each.round), fresh});
        for (const int status : {0, 404, 412, 422}) out.push_back(Restarted{each.turn, each.round, status, {}, {}});
    }
    for (const Reply& each : w.patches) {
        for (const int status : {204, 405, 412}) out.push_back(Patched{each.turn, each.round, status});
    }
    for (const std::string& resource : w.deletes) {
        out.push_back(Deleted{resource, true});
        out.push_back(Deleted{resource, false});
    }
    return out;
}

void happen(World& w, const Event& event) {
    const Session was = w.session;
    const std::size_t mediaBefore = w.media.size();
    arrive(w, event);
    const std::size_t held = w.media.size() - mediaBefore;
    if (isReason(event)) w.credit = 1;
    for (const Effect& effect : step(w.session, event)) carryOut(w, effect);
    hurry(w.session);
    check(w, was, mediaBefore + held, event);
    // Sessions that are being deleted, or were, need not be kept apart any more.
    w.held.erase(std::remove_if(w.held.begin(), w.held.end(),
                                [&](const Held& each) { return each.deleted && each.resource != w.session.resource; }),
                 w.held.end());
    // A DELETE that nobody waits for any more comes back at some time, to no effect.
    if (w.session.phase == Idle || w.session.phase == Failed) w.deletes.clear();
    const auto bound = [](auto& list) {
        if (list.size() > 2) list.erase(list.begin());
    };
    bound(w.captures), bound(w.offers), bound(w.posts), bound(w.readies), bound(w.restarts), bound(w.patches);
    bound(w.deletes);
}

}  // namespace whip::explorer
