#include <algorithm>
#include <optional>
#include <utility>

#include "whip/session_acts.hpp"

namespace whip::acts {
namespace {

using namespace std::chrono_literals;

constexpr auto kFalterTime = 1s;     // nothing has come for two seconds or more: short stalls have healed by now
constexpr auto kHealTime = 500ms;    // what ICE needs to find its way again once there is a network
constexpr auto kProbeTime = 700ms;   // while there is no network: a request as often shows when it is back
constexpr auto kSlowProbeTime = 2s;  // when it has been away for a minute
constexpr int kLong = 5;             // attempts, with twenty probes each
constexpr auto kInUseTime = 3s;      // asking again sooner only disturbs whoever is streaming
constexpr auto kLongestPause = 60s;  // whatever Retry-After says: a service cannot be held again

// A service cannot be held again, so we never give up: half a second, doubling up to 8 s and a random part more, for as
// long as it takes. The camera stays on.
Wait pauseFor(Session& s, Reason reason, std::optional<std::chrono::seconds> asked) {
    const milliseconds step = 500ms * (1 << std::min(s.drops++, 4));
    if (asked) return {std::clamp<milliseconds>(*asked, 1s, kLongestPause), {}};
    if (reason == Reason::InUse) return {std::max<milliseconds>(step, kInUseTime), step / 2};
    return {step, step / 2};
}

Wait probePause(const Session& s) {
    const milliseconds pause = s.drops < kLong ? milliseconds{kProbeTime} : milliseconds{kSlowProbeTime};
    return {pause, pause / 4};
}

Effects seekNetwork(Session& s, Reason reason) {
    s.reason = reason;
    s.unreachable = true;
    s.ticks = 0;
    ++s.drops;
    return {Probe{s.far.endpoint}, probePause(s)};
}

}  // namespace

Effects falter(Session& s, const Event&) {
    s.faltering = true;
    s.reached = false;
    s.ticks = 0;
    s.reason = Reason::Unsteady;
    return {Probe{s.far.endpoint}, Wait{kFalterTime}};
}

// There is a network, and yet nothing comes from the far end: ICE gets a moment to heal by itself.
Effects reach(Session& s, const Event&) {
    s.reached = true;
    if (s.ticks == 0) return {};  // the first pause is not over yet
    return {Wait{kHealTime}};
}

Effects probe(Session& s, const Event&) {
    ++s.ticks;
    return {Probe{s.far.endpoint}, probePause(s)};
}

// The session may still be there when the network is: kept for a restart.
Effects lose(Session& s, const Event&) {
    s.faltering = s.reached = s.linked = false;
    return seekNetwork(s, Reason::ConnectionLost);
}

Effects offer(Session& s, const Event&) {
    Effects effects = hangUp(s);
    append(effects, makeOffer(s));
    return effects;
}

// No probe has come back, but a server may refuse those.
Effects offerBlindly(Session& s, const Event& e) {
    Effects effects = offer(s, e);
    s.unreachable = true;
    return effects;
}

// There is nothing to send yet: the offer is made anew, and posted once the camera is granted.
Effects askFirst(Session& s, const Event& e) { return offer(s, e); }

Effects again(Session& s, const Event& e) {
    const auto& dropped = as<Dropped>(e);
    Effects effects = hangUp(s);
    s.problem = dropped.problem;
    if (dropped.reason == Reason::Offline || dropped.reason == Reason::ConnectionLost) {
        append(effects, seekNetwork(s, dropped.reason));
        return effects;
    }
    s.reason = dropped.reason;
    s.asked = dropped.pause.has_value();
    effects.push_back(pauseFor(s, dropped.reason, dropped.pause));
    return effects;
}

// Who has been live is not sent away at once: a proxy whose server is set up anew answers 404, and some servers answer
// 403 or 400 while they still hold the session that was lost. What is refused for longer was meant: the keys were
// changed.
Effects refusedAgain(Session& s, const Event& e) {
    const auto* refused = std::get_if<Refused>(&e);
    if (!refused) s.resource = as<Created>(e).resource;
    Effects effects = hangUp(s);
    ++s.refusals;
    s.reason = refused ? refused->reason : Reason::AnswerUnfit;
    s.problem = refused ? refused->problem : Problem{};
    effects.push_back(pauseFor(s, Reason::InUse, {}));
    return effects;
}

// The server has ended the session, or has been restarted: it can be reached, and a new POST is due.
Effects ended(Session& s, const Event&) {
    Effects effects = hangUp(s);
    s.reason = Reason::ConnectionLost;
    effects.push_back(pauseFor(s, Reason::ConnectionLost, {}));
    return effects;
}

Effects unanswered(Session& s, const Event&) {
    Effects effects = hangUp(s);
    append(effects, seekNetwork(s, Reason::NoReply));
    return effects;
}

Effects unconnected(Session& s, const Event&) {
    Effects effects = hangUp(s);
    append(effects, seekNetwork(s, Reason::ConnectionLost));
    return effects;
}

}  // namespace whip::acts
