#include "whip/session_acts.hpp"

#include <algorithm>
#include <utility>

#include "sdp/fragment.hpp"
#include "whip/offer.hpp"

namespace whip::acts {
namespace {

using namespace std::chrono_literals;

constexpr auto kPulseTime = 25s;    // servers and proxies close an idle connection after 30 s or more
constexpr int kPulsesPerOffer = 8;  // an armed offer is renewed when it is older than this many pulses
// A POST without reply for so long is taken as lost; a late 201 is still deleted. The first often hangs in a connection
// of the network before; one into the dark has a probe beside it.
constexpr auto kPostTime = 10s, kFirstPostTime = 5s, kBlindPostTime = 2s;
// ICE and DTLS on a poor mobile network take a few seconds; browsers give up at 30.
constexpr auto kConnectTime = 10s, kFirstConnectTime = 6s;
constexpr auto kServersTime =
    2500ms;                       // where the direct way is open it is found sooner; else by the servers of the 201
constexpr auto kDeleteTime = 3s;  // how long Stop waits for the server before it closes the connection anyway
constexpr std::size_t kMaxStrays = 4;

Effects begin(Session& s) {
    s.reason = Reason::None;
    s.problem = {};
    s.drops = 0;
    s.asking = true;
    s.going = false;
    return {Capture{++s.take}};
}

Effects warm(const Session& s) {
    if (s.far.endpoint.empty()) return {};
    return {Warm{s.far.endpoint, s.far.token}};
}

void aimAt(Session& s, const std::string& endpoint) {
    if (s.far.endpoint != endpoint) s.far = {.endpoint = endpoint};
    s.going = true;
}

Effects giveUp(Session& s) {
    Effects effects;
    if (const int media = std::exchange(s.media, 0)) effects.push_back(ReleaseMedia{media});
    append(effects, hangUp(s));
    s.asking = s.going = s.lived = false;
    s.refusals = 0;
    s.strays.clear();
    return effects;
}

// What RFC 9725 section 4.6 wants before the local description is set comes with the 201, after it: the candidates so
// far are tried first, and when they are not enough an ICE restart gathers again, by these servers too.
Effects learnServers(Session& s, const std::vector<IceServer>& servers) {
    const auto known = [&](const IceServer& server) {
        return std::any_of(s.far.servers.begin(), s.far.servers.end(),
                           [&](const IceServer& each) { return each.url == server.url; });
    };
    s.ice.newServers = !std::all_of(servers.begin(), servers.end(), known);
    if (servers.empty()) return {};
    s.far.servers = servers;
    return {SetIceServers{servers}};
}

}  // namespace

// DELETE goes out before the connection is closed: closing first makes some servers forget the session, and their 404
// is then unreadable across origins.
Effects hangUp(Session& s) {
    Effects effects;
    if (!s.resource.empty()) effects.push_back(DeleteSession{std::exchange(s.resource, {}), s.far.token});
    if (std::exchange(s.peer, false)) effects.push_back(ClosePeer{});
    s.linked = s.faltering = s.reached = s.unreachable = s.asked = false;
    s.ticks = 0;
    s.ice = {};
    s.offer.clear();
    s.answer.clear();
    s.etag.clear();
    return effects;
}

// The tracks join whenever the camera is granted, so the offer can be made before.
Effects makeOffer(Session& s) {
    s.peer = true;
    Effects effects{MakeOffer{++s.turn, s.far.servers}};
    if (s.media) effects.push_back(AttachMedia{s.media});
    return effects;
}

Effects preview(Session& s, const Event&) {
    Effects effects = begin(s);
    append(effects, makeOffer(s));
    append(effects, warm(s));
    s.ticks = 0;
    effects.push_back(Wait{kPulseTime});
    return effects;
}

Effects aim(Session& s, const Event& e) {
    const auto& to = as<Arm>(e);
    const bool others = s.peer && to.servers != s.far.servers;
    s.far = {.endpoint = to.endpoint, .token = to.token, .servers = to.servers};
    Effects effects = warm(s);
    if (!others) return effects;
    append(effects, hangUp(s));
    append(effects, makeOffer(s));
    return effects;
}

Effects goCold(Session& s, const Event& e) {
    Effects effects = begin(s);
    aimAt(s, as<Start>(e).endpoint);
    append(effects, makeOffer(s));
    return effects;
}

Effects go(Session& s, const Event& e) {
    aimAt(s, as<Start>(e).endpoint);
    return {};
}

Effects goArmed(Session& s, const Event& e) {
    aimAt(s, as<Start>(e).endpoint);
    return post(s, e);
}

Effects keepOffer(Session& s, const Event& e) {
    const auto& ready = as<OfferReady>(e);
    s.offer = publisherOffer(ready.sdp);
    if (const auto parsed = sdp::parse(ready.sdp)) {
        const sdp::Fragment fragment = sdp::fragmentOf(*parsed);
        s.ice.ufrag = fragment.iceUfrag;
        s.ice.pwd = fragment.icePwd;
    }
    return {};
}

// While the person looks at the preview: keeps the connection to the endpoint open, and the offer young.
Effects pulse(Session& s, const Event& e) {
    if (++s.ticks >= kPulsesPerOffer) return rearm(s, e);
    Effects effects = warm(s);
    effects.push_back(Wait{kPulseTime});
    return effects;
}

// Another network has other candidates.
Effects rearm(Session& s, const Event&) {
    Effects effects = hangUp(s);
    append(effects, warm(s));
    append(effects, makeOffer(s));
    effects.push_back(Wait{kPulseTime});
    return effects;
}

Effects hold(Session& s, const Event& e) {
    s.media = as<Captured>(e).take;
    s.asking = false;
    if (!s.peer) return {};  // the next connection has it from the beginning
    return {AttachMedia{s.media}};
}

// Before the camera is granted browsers hide this device's addresses from the far end, so what was gathered by then is
// of little use: the offer is made anew while the person looks at the preview.
Effects holdAndRearm(Session& s, const Event& e) {
    s.media = as<Captured>(e).take;
    s.asking = false;
    return rearm(s, e);
}

Effects holdAndPost(Session& s, const Event& e) {
    Effects effects = hold(s, e);
    append(effects, post(s, e));
    return effects;
}

Effects holdLive(Session& s, const Event& e) {
    Effects effects = hold(s, e);
    append(effects, live(s, e));
    return effects;
}

// The candidates gathered so far go with the offer; nothing waits for more (RFC 9725 section 4.3.2).
Effects post(Session& s, const Event& e) {
    if (std::holds_alternative<OfferReady>(e)) (void)keepOffer(s, e);
    Effects effects;
    for (std::string& stray : std::exchange(s.strays, {}))
        effects.push_back(DeleteSession{std::move(stray), s.far.token});
    s.ice.sent = s.ice.candidates.size();
    s.ice.endSent = s.ice.gathered;
    std::string sdp = withCandidates(s.offer, s.ice.candidates, s.ice.gathered);
    effects.push_back(PostOffer{s.turn, s.far.endpoint, std::move(sdp), s.far.token});
    effects.push_back(Wait{s.unreachable ? kBlindPostTime : s.drops ? kPostTime : kFirstPostTime});
    if (s.unreachable) effects.push_back(Probe{s.far.endpoint});
    return effects;
}

Effects answer(Session& s, const Event& e) {
    const auto& created = as<Created>(e);
    s.resource = created.resource;
    s.etag = created.etag;
    s.answer = created.answer;
    s.unreachable = false;
    Effects effects = learnServers(s, created.iceServers);
    effects.push_back(ApplyAnswer{s.turn, publisherAnswer(created.answer)});
    append(effects, flush(s));
    effects.push_back(
        Wait{s.ice.newServers ? milliseconds{kServersTime} : milliseconds{s.drops ? kConnectTime : kFirstConnectTime}});
    return effects;
}

// RFC 9725 section 4.4.3: an answer that rejects picture or sound is a failure, not a success.
Effects misfit(Session& s, const Event& e) {
    s.resource = as<Created>(e).resource;
    s.reason = Reason::AnswerUnfit;
    return giveUp(s);
}

Effects link(Session& s, const Event&) {
    s.linked = true;
    return {};
}

Effects live(Session& s, const Event&) {
    Effects effects;
    // A connection that has healed by itself needs the restart no more that was to heal it.
    if (std::exchange(s.ice.pending, false)) {
        effects.push_back(UndoRestart{});
        s.ice.ufrag.clear();  // what was gathered for it is no use to the server
        s.ice.pwd.clear();
        s.ice.candidates.clear();
        s.ice.sent = 0;
        s.ice.sending = false;
        s.ice.applied = s.ice.gathered = s.ice.endSent = true;
    }
    s.lived = true;
    s.drops = s.refusals = 0;
    s.ticks = 0;
    s.ice.tries = 0;
    s.linked = s.faltering = s.reached = s.unreachable = s.asked = false;
    s.strays.clear();
    s.reason = Reason::None;
    s.problem = {};
    return effects;
}

Effects fail(Session& s, const Event& e) {
    s.reason = as<Refused>(e).reason;
    s.problem = as<Refused>(e).problem;
    return giveUp(s);
}

Effects uncaptured(Session& s, const Event& e) {
    s.reason = as<Uncaptured>(e).reason;
    return giveUp(s);
}

Effects end(Session& s, const Event&) {
    s.reason = Reason::None;
    s.problem = {};
    s.drops = 0;
    Effects effects;
    for (std::string& stray : std::exchange(s.strays, {}))
        effects.push_back(DeleteSession{std::move(stray), s.far.token});
    append(effects, giveUp(s));
    s.far = {};
    return effects;
}

// The peer connection stays until the server has let the session go, or has not said so in time.
Effects stop(Session& s, const Event&) {
    Effects effects;
    s.reason = Reason::None;
    s.problem = {};
    s.asking = false;
    if (const int media = std::exchange(s.media, 0)) effects.push_back(ReleaseMedia{media});
    for (std::string& stray : std::exchange(s.strays, {}))
        effects.push_back(DeleteSession{std::move(stray), s.far.token});
    if (!s.resource.empty()) effects.push_back(DeleteSession{s.resource, s.far.token});
    effects.push_back(Wait{kDeleteTime});
    return effects;
}

// Stop was tapped while the POST was under way: the server now holds a session nobody wants.
Effects disown(Session& s, const Event& e) {
    s.resource = as<Created>(e).resource;
    return {DeleteSession{s.resource, s.far.token}, Wait{kDeleteTime}};
}

Effects stopped(Session& s, const Event& e) {
    s.resource.clear();  // its DELETE is out already
    return end(s, e);
}

Effects nothing(Session&, const Event&) { return {}; }

// It is deleted again when the network is back: a server that still holds it may refuse the next session.
Effects keepStray(Session& s, const Event& e) {
    if (s.strays.size() < kMaxStrays) s.strays.push_back(as<Deleted>(e).resource);
    return {};
}

}  // namespace whip::acts
