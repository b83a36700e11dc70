#include "whip/viewer.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/variant.hpp"
#include "whip/http.hpp"
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

Effects hangUp(Viewer& v) {
    Effects effects;
    if (!v.resource.empty()) effects.push_back(DeleteSession{std::exchange(v.resource, {})});
    effects.push_back(ClosePeer{});
    v.faltering = false;
    v.offer.clear();
    v.etag.clear();
    return effects;
}

Effects offer(Viewer& v, const Event&) { return {MakeOffer{++v.turn}}; }

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

// The server would rather offer itself: a connection of its own answers that.
Effects counter(Viewer& v, const Event& e) {
    const auto& countered = as<Countered>(e);
    v.resource = countered.resource;
    v.etag = countered.etag;
    return {AnswerOffer{v.turn, countered.offer, countered.iceServers}, Wait{kPostTime}};
}

Effects sendAnswer(Viewer& v, const Event& e) {
    return {SendAnswer{v.turn, v.resource, viewerAnswer(as<AnswerReady>(e).sdp)}};
}

Effects taken(Viewer&, const Event&) { return {Wait{kConnectTime}}; }

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

Effects untaken(Viewer& v, const Event&) {
    v.reason = Reason::AnswerUnfit;
    return hangUp(v);
}

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

using Set = Phases<ViewerPhase>;

// clang-format off
constexpr ViewerRule kRules[] = {
    {Set{Idle} | Failed,   on<Start>,       Always,     Offering,   begin,       "4.2"},
    {Failed,               on<Stop>,        Always,     Idle,       end,         "-"},

    {Offering,             on<OfferReady>,  Always,     Posting,    post,        "4.2"},
    {Offering,             on<Refused>,     Always,     Failed,     fail,        "-"},
    {Offering,             on<Stop>,        Always,     Idle,       end,         "-"},

    {Posting,              on<Created>,     AnswerFits, Connecting, answer,      "4.2"},
    {Posting,              on<Created>,     Always,     Failed,     misfit,      "4.2"},
    {Posting,              on<Countered>,   Always,     Countering, counter,     "4.3"},
    {Posting,              on<Dropped>,     Always,     Waiting,    again,       "4.2"},
    {Posting,              on<Waited>,      Always,     Waiting,    unanswered,  "-"},
    {Posting,              on<Refused>,     Always,     Failed,     fail,        "4.1"},
    {Posting,              on<Stop>,        Always,     Idle,       end,         "-"},

    {Countering,           on<AnswerReady>, Always,     Stay,       sendAnswer,  "4.3"},
    {Countering,           on<Patched>,     Taken,      Connecting, taken,       "4.3"},
    {Countering,           on<Patched>,     Passing,    Waiting,    unanswered,  "4.3"},
    {Countering,           on<Patched>,     Always,     Failed,     untaken,     "4.3"},
    {Countering,           on<Refused>,     Always,     Failed,     fail,        "4.3"},
    {Countering,           on<Waited>,      Always,     Waiting,    unanswered,  "4.3"},
    {Set{Countering} | Connecting, on<Picture>, Always, Playing,    play,        "-"},
    {Set{Countering} | Connecting, on<Dropped>, Always, Waiting,    again,       "-"},
    {Set{Countering} | Connecting, on<Ended>,   Always, Waiting,    unconnected, "4.2"},
    {Set{Countering} | Connecting, on<Stop>,    Always, Idle,       end,         "4.2"},

    {Connecting,           on<Waited>,      Always,     Waiting,    unconnected, "-"},
    {Connecting,           on<Refused>,     Always,     Failed,     fail,        "4.2"},

    {Playing,              on<Connected>,   Always,     Stay,       play,        "-"},
    {Playing,              on<Faltered>,    Always,     Stay,       falter,      "-"},
    {Playing,              on<Waited>,      Faltering,  Waiting,    unconnected, "-"},
    {Playing,              on<Dropped>,     Always,     Waiting,    again,       "-"},
    {Playing,              on<Ended>,       Always,     Waiting,    unconnected, "4.2"},
    {Playing,              on<Stop>,        Always,     Idle,       end,         "4.2"},

    {Waiting,              on<Waited>,      Always,     Offering,   offer,       "4.2"},
    {Waiting,              on<Online>,      Always,     Offering,   offer,       "-"},
    {Waiting,              on<Awake>,       Always,     Offering,   offer,       "-"},
    {Waiting,              on<Stop>,        Always,     Idle,       end,         "-"},
};
// clang-format on

bool holds(ViewerWhen when, const Viewer& v, const Event& e) {
    switch (when) {
        case Always:
            return true;
        case AnswerFits:
            return answerFits(v.offer, as<Created>(e).answer);
        case Taken:
            return readPatch(as<Patched>(e).status) == Verdict::Done;
        case Passing:
            return readPatch(as<Patched>(e).status) == Verdict::Passing;
        case Faltering:
            return v.faltering;
    }
    return false;
}

}  // namespace

std::span<const ViewerRule> viewerRules() { return kRules; }

Effects step(Viewer& viewer, const Event& event) {
    if (tooLate(event, viewer.turn, 0)) return letGo(event, {});
    for (const ViewerRule& rule : kRules) {
        if (rule.event != event.index() || !rule.from.contains(viewer.phase)) continue;
        if (!holds(rule.when, viewer, event)) continue;
        if (!rule.to.stays) viewer.phase = rule.to.phase;
        return rule.act(viewer, event);
    }
    return letGo(event, {});
}

}  // namespace whip
