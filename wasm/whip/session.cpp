#include "whip/session.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/variant.hpp"
#include "whip/offer.hpp"
#include "whip/session_rules.hpp"

namespace whip {
namespace {

using namespace std::chrono_literals;
using enum Phase;
using enum When;

constexpr auto kPostTime = 10s;      // a POST without reply for so long is taken as lost; a late 201 is still deleted
constexpr auto kConnectTime = 15s;   // ICE and DTLS on a poor mobile network take a few seconds; browsers give up at 30
constexpr auto kFalterTime = 3s;     // browsers say "disconnected" after 5 to 7 s of silence; short stalls heal by now
constexpr auto kDeleteTime = 3s;     // how long Stop waits for the server before it closes the connection anyway
constexpr auto kInUseTime = 3s;      // asking again sooner only disturbs whoever is streaming
constexpr auto kLongestPause = 60s;  // whatever Retry-After says: a service cannot be held again

template <class E>
const E& as(const Event& event) {
    return *std::get_if<E>(&event);
}

void append(Effects& effects, Effects more) {
    for (Effect& effect : more) effects.push_back(std::move(effect));
}

// DELETE goes out before the connection is closed: closing first makes some servers forget the session, and their 404
// is then unreadable across origins.
Effects hangUp(Session& s) {
    Effects effects;
    if (!s.resource.empty()) effects.push_back(DeleteSession{std::exchange(s.resource, {})});
    if (std::exchange(s.peer, false)) effects.push_back(ClosePeer{});
    s.faltering = false;
    s.offer.clear();
    s.etag.clear();
    return effects;
}

Effects giveUp(Session& s) {
    Effects effects;
    if (const int media = std::exchange(s.media, 0)) effects.push_back(ReleaseMedia{media});
    append(effects, hangUp(s));
    return effects;
}

Effects capture(Session& s, const Event&) {
    s.reason = Reason::None;
    s.endpoint.clear();
    s.drops = 0;
    return {Capture{++s.turn}};
}

Effects captureAndGo(Session& s, const Event& e) {
    Effects effects = capture(s, e);
    s.endpoint = as<Start>(e).endpoint;
    return effects;
}

Effects remember(Session& s, const Event& e) {
    s.endpoint = as<Start>(e).endpoint;
    return {};
}

Effects hold(Session& s, const Event& e) {
    s.media = as<Captured>(e).turn;
    return {};
}

Effects offer(Session& s, const Event&) {
    s.peer = true;
    return {MakeOffer{++s.turn, s.media}};
}

Effects holdAndOffer(Session& s, const Event& e) {
    (void)hold(s, e);
    return offer(s, e);
}

Effects rememberAndOffer(Session& s, const Event& e) {
    (void)remember(s, e);
    return offer(s, e);
}

Effects post(Session& s, const Event& e) {
    s.offer = publisherOffer(as<OfferReady>(e).sdp);
    return {PostOffer{s.turn, s.endpoint, s.offer}, Wait{kPostTime}};
}

// RFC 9725 section 4.6: the servers of the Link header come before the local description, which ApplyAnswer sets.
Effects answer(Session& s, const Event& e) {
    const auto& created = as<Created>(e);
    s.resource = created.resource;
    s.etag = created.etag;
    Effects effects;
    if (!created.iceServers.empty()) effects.push_back(SetIceServers{created.iceServers});
    effects.push_back(ApplyAnswer{s.turn, publisherAnswer(created.answer)});
    effects.push_back(Wait{kConnectTime});
    return effects;
}

// RFC 9725 section 4.4.3: an answer that rejects picture or sound is a failure, not a success.
Effects misfit(Session& s, const Event& e) {
    s.resource = as<Created>(e).resource;
    s.reason = Reason::AnswerUnfit;
    return giveUp(s);
}

Effects live(Session& s, const Event&) {
    s.drops = 0;
    s.faltering = false;
    s.reason = Reason::None;
    return {};
}

Effects falter(Session& s, const Event&) {
    s.faltering = true;
    s.reason = Reason::Unsteady;
    return {Wait{kFalterTime}};
}

// A service cannot be held again, so we never give up: 1 s, 2 s, 4 s, then every 8 s until Stop. The camera stays on.
Effects retry(Session& s, Reason reason, std::optional<std::chrono::seconds> asked) {
    s.reason = reason;
    auto pause = std::chrono::seconds{1 << std::min(s.drops++, 3)};
    if (asked) pause = std::clamp<std::chrono::seconds>(*asked, 1s, kLongestPause);
    if (reason == Reason::InUse) pause = std::max<std::chrono::seconds>(pause, kInUseTime);
    Effects effects = hangUp(s);
    effects.push_back(Wait{pause});
    return effects;
}

Effects again(Session& s, const Event& e) { return retry(s, as<Dropped>(e).reason, as<Dropped>(e).pause); }
Effects unanswered(Session& s, const Event&) { return retry(s, Reason::NoReply, {}); }
Effects unconnected(Session& s, const Event&) { return retry(s, Reason::ConnectionLost, {}); }

Effects fail(Session& s, const Event& e) {
    s.reason = as<Refused>(e).reason;
    return giveUp(s);
}

Effects end(Session& s, const Event&) {
    s.reason = Reason::None;
    s.endpoint.clear();
    s.drops = 0;
    return giveUp(s);
}

// The peer connection stays until the server has let the session go, or has not said so in time.
Effects stop(Session& s, const Event&) {
    Effects effects;
    s.reason = Reason::None;
    if (const int media = std::exchange(s.media, 0)) effects.push_back(ReleaseMedia{media});
    if (!s.resource.empty()) effects.push_back(DeleteSession{s.resource});
    effects.push_back(Wait{kDeleteTime});
    return effects;
}

// Stop was tapped while the POST was under way: the server now holds a session nobody wants.
Effects disown(Session& s, const Event& e) {
    s.resource = as<Created>(e).resource;
    return {DeleteSession{s.resource}, Wait{kDeleteTime}};
}

Effects stopped(Session& s, const Event& e) {
    s.resource.clear();  // its DELETE is out already
    return end(s, e);
}

// An unplugged camera, a microphone taken by a call: what is left is given back, then both are asked for anew.
Effects recapture(Session& s, const Event&) {
    Effects effects = giveUp(s);
    effects.push_back(Capture{++s.turn});
    return effects;
}

template <class E>
constexpr std::size_t on = core::indexOf<E, Event>;

// clang-format off
constexpr Rule kRules[] = {
    {Idle,       on<Preview>,    Always,      Capturing,  capture},
    {Idle,       on<Start>,      Always,      Capturing,  captureAndGo},
    {Failed,     on<Preview>,    Always,      Capturing,  capture},
    {Failed,     on<Start>,      Always,      Capturing,  captureAndGo},
    {Failed,     on<Stop>,       Always,      Idle,       end},
    {Failed,     on<Leave>,      Always,      Idle,       end},

    {Capturing,  on<Start>,      Always,      Capturing,  remember},
    {Capturing,  on<Captured>,   HasEndpoint, Offering,   holdAndOffer},
    {Capturing,  on<Captured>,   Always,      Ready,      hold},
    {Capturing,  on<Refused>,    Always,      Failed,     fail},
    {Capturing,  on<Stop>,       Always,      Idle,       end},
    {Capturing,  on<Leave>,      Always,      Idle,       end},

    {Ready,      on<Start>,      Always,      Offering,   rememberAndOffer},
    {Ready,      on<MediaLost>,  Always,      Capturing,  recapture},
    {Ready,      on<Stop>,       Always,      Idle,       end},
    {Ready,      on<Leave>,      Always,      Idle,       end},

    {Offering,   on<OfferReady>, Always,      Posting,    post},
    {Offering,   on<Refused>,    Always,      Failed,     fail},
    {Offering,   on<MediaLost>,  Always,      Capturing,  recapture},
    {Offering,   on<Stop>,       Always,      Idle,       end},
    {Offering,   on<Leave>,      Always,      Idle,       end},

    {Posting,    on<Created>,    AnswerFits,  Connecting, answer},
    {Posting,    on<Created>,    Always,      Failed,     misfit},
    {Posting,    on<Dropped>,    Always,      Waiting,    again},
    {Posting,    on<Waited>,     Always,      Waiting,    unanswered},
    {Posting,    on<Refused>,    Always,      Failed,     fail},
    {Posting,    on<MediaLost>,  Always,      Capturing,  recapture},
    {Posting,    on<Stop>,       Always,      Stopping,   stop},
    {Posting,    on<Leave>,      Always,      Idle,       end},

    {Connecting, on<Connected>,  Always,      Live,       live},
    {Connecting, on<Dropped>,    Always,      Waiting,    again},
    {Connecting, on<Waited>,     Always,      Waiting,    unconnected},
    {Connecting, on<Refused>,    Always,      Failed,     fail},
    {Connecting, on<MediaLost>,  Always,      Capturing,  recapture},
    {Connecting, on<Stop>,       Always,      Stopping,   stop},
    {Connecting, on<Leave>,      Always,      Idle,       end},

    {Live,       on<Connected>,  Always,      Live,       live},
    {Live,       on<Faltered>,   Always,      Live,       falter},
    {Live,       on<Waited>,     Faltering,   Waiting,    unconnected},
    {Live,       on<Dropped>,    Always,      Waiting,    again},
    {Live,       on<MediaLost>,  Always,      Capturing,  recapture},
    {Live,       on<Stop>,       Always,      Stopping,   stop},
    {Live,       on<Leave>,      Always,      Idle,       end},

    {Waiting,    on<Waited>,     Always,      Offering,   offer},
    {Waiting,    on<Online>,     Always,      Offering,   offer},
    {Waiting,    on<MediaLost>,  Always,      Capturing,  recapture},
    {Waiting,    on<Stop>,       Always,      Idle,       end},
    {Waiting,    on<Leave>,      Always,      Idle,       end},

    {Stopping,   on<Created>,    Always,      Stopping,   disown},
    {Stopping,   on<Dropped>,    Always,      Idle,       stopped},
    {Stopping,   on<Refused>,    Always,      Idle,       stopped},
    {Stopping,   on<Deleted>,    OwnResource, Idle,       stopped},
    {Stopping,   on<Waited>,     Always,      Idle,       stopped},
    {Stopping,   on<Leave>,      Always,      Idle,       stopped},
};
// clang-format on

bool holds(When when, const Session& s, const Event& e) {
    switch (when) {
        case Always:
            return true;
        case HasEndpoint:
            return !s.endpoint.empty();
        case AnswerFits:
            return answerFits(s.offer, as<Created>(e).answer);
        case Faltering:
            return s.faltering;
        case OwnResource:
            return as<Deleted>(e).resource == s.resource;
    }
    return false;
}

}  // namespace

std::span<const Rule> rules() { return kRules; }

Effects step(Session& session, const Event& event) {
    if (tooLate(event, session.turn)) return letGo(event);
    for (const Rule& rule : kRules) {
        if (rule.from != session.phase || rule.event != event.index() || !holds(rule.when, session, event)) continue;
        session.phase = rule.to;
        return rule.act(session, event);
    }
    return letGo(event);
}

}  // namespace whip
