#include "whip/viewer.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/variant.hpp"
#include "whip/offer.hpp"
#include "whip/viewer_rules.hpp"

namespace whip {
namespace {

using namespace std::chrono_literals;
using enum ViewerPhase;
using enum ViewerWhen;

constexpr auto kPostTime = 10s;
constexpr auto kConnectTime = 10s;   // to the first picture
constexpr auto kFalterTime = 3s;     // on top of the 5 to 7 s after which browsers speak of "disconnected"
constexpr auto kLongestPause = 30s;  // whatever Retry-After says: the service may begin any moment

template <class E>
const E& as(const Event& event) {
    return *std::get_if<E>(&event);
}

Effects hangUp(Viewer& v) {
    Effects effects;
    if (!v.resource.empty()) effects.push_back(DeleteSession{std::exchange(v.resource, {})});
    effects.push_back(ClosePeer{});
    v.faltering = false;
    v.offer.clear();
    v.etag.clear();
    return effects;
}

Effects offer(Viewer& v, const Event&) { return {MakeOffer{++v.turn, 0}}; }

Effects begin(Viewer& v, const Event& e) {
    v.endpoint = as<Start>(e).endpoint;
    v.reason = Reason::None;
    v.drops = 0;
    return offer(v, e);
}

Effects post(Viewer& v, const Event& e) {
    v.offer = viewerOffer(as<OfferReady>(e).sdp);
    return {PostOffer{v.turn, v.endpoint, v.offer}, Wait{kPostTime}};
}

Effects answer(Viewer& v, const Event& e) {
    const auto& created = as<Created>(e);
    v.resource = created.resource;
    v.etag = created.etag;
    Effects effects;
    if (!created.iceServers.empty()) effects.push_back(SetIceServers{created.iceServers});
    effects.push_back(ApplyAnswer{v.turn, created.answer});
    effects.push_back(Wait{kConnectTime});
    return effects;
}

Effects misfit(Viewer& v, const Event& e) {
    v.resource = as<Created>(e).resource;
    v.reason = Reason::AnswerUnfit;
    return hangUp(v);
}

Effects play(Viewer& v, const Event&) {
    v.drops = 0;
    v.faltering = false;
    v.reason = Reason::None;
    return {};
}

Effects falter(Viewer& v, const Event&) {
    v.faltering = true;
    return {Wait{kFalterTime}};
}

Effects retry(Viewer& v, Reason reason, std::optional<std::chrono::seconds> asked) {
    v.reason = reason;
    auto pause = std::chrono::seconds{1 << std::min(v.drops++, 3)};
    if (asked) pause = std::clamp<std::chrono::seconds>(*asked, 1s, kLongestPause);
    Effects effects = hangUp(v);
    effects.push_back(Wait{pause});
    return effects;
}

Effects again(Viewer& v, const Event& e) { return retry(v, as<Dropped>(e).reason, as<Dropped>(e).pause); }
Effects unanswered(Viewer& v, const Event&) { return retry(v, Reason::NoReply, {}); }
Effects unconnected(Viewer& v, const Event&) { return retry(v, Reason::ConnectionLost, {}); }

Effects fail(Viewer& v, const Event& e) {
    v.reason = as<Refused>(e).reason;
    return hangUp(v);
}

Effects end(Viewer& v, const Event&) {
    v.reason = Reason::None;
    v.drops = 0;
    v.endpoint.clear();
    return hangUp(v);
}

template <class E>
constexpr std::size_t on = core::indexOf<E, Event>;

// clang-format off
constexpr ViewerRule kRules[] = {
    {Idle,       on<Start>,      Always,     Offering,   begin},
    {Failed,     on<Start>,      Always,     Offering,   begin},
    {Failed,     on<Stop>,       Always,     Idle,       end},

    {Offering,   on<OfferReady>, Always,     Posting,    post},
    {Offering,   on<Refused>,    Always,     Failed,     fail},
    {Offering,   on<Stop>,       Always,     Idle,       end},

    {Posting,    on<Created>,    AnswerFits, Connecting, answer},
    {Posting,    on<Created>,    Always,     Failed,     misfit},
    {Posting,    on<Dropped>,    Always,     Waiting,    again},
    {Posting,    on<Waited>,     Always,     Waiting,    unanswered},
    {Posting,    on<Refused>,    Always,     Failed,     fail},
    {Posting,    on<Stop>,       Always,     Idle,       end},

    {Connecting, on<Picture>,    Always,     Playing,    play},
    {Connecting, on<Dropped>,    Always,     Waiting,    again},
    {Connecting, on<Waited>,     Always,     Waiting,    unconnected},
    {Connecting, on<Refused>,    Always,     Failed,     fail},
    {Connecting, on<Stop>,       Always,     Idle,       end},

    {Playing,    on<Connected>,  Always,     Playing,    play},
    {Playing,    on<Faltered>,   Always,     Playing,    falter},
    {Playing,    on<Waited>,     Faltering,  Waiting,    unconnected},
    {Playing,    on<Dropped>,    Always,     Waiting,    again},
    {Playing,    on<Stop>,       Always,     Idle,       end},

    {Waiting,    on<Waited>,     Always,     Offering,   offer},
    {Waiting,    on<Online>,     Always,     Offering,   offer},
    {Waiting,    on<Stop>,       Always,     Idle,       end},
};
// clang-format on

bool holds(ViewerWhen when, const Viewer& v, const Event& e) {
    switch (when) {
        case Always:
            return true;
        case AnswerFits:
            return answerFits(v.offer, as<Created>(e).answer);
        case Faltering:
            return v.faltering;
    }
    return false;
}

}  // namespace

std::span<const ViewerRule> viewerRules() { return kRules; }

Effects step(Viewer& viewer, const Event& event) {
    if (tooLate(event, viewer.turn)) return letGo(event);
    for (const ViewerRule& rule : kRules) {
        if (rule.from != viewer.phase || rule.event != event.index() || !holds(rule.when, viewer, event)) continue;
        viewer.phase = rule.to;
        return rule.act(viewer, event);
    }
    return letGo(event);
}

}  // namespace whip
