#include "whip/session.hpp"

#include "core/variant.hpp"
#include "sdp/fragment.hpp"
#include "whip/http.hpp"
#include "whip/offer.hpp"
#include "whip/session_acts.hpp"
#include "whip/session_rules.hpp"

namespace whip {
namespace {

using namespace acts;
using enum Phase;
using enum When;

constexpr int kMostRestarts = 3;      // without becoming live: after these a new POST is more likely to help
constexpr int kMostRefusals = 12;     // of a session that has been live: more than a minute
constexpr int kTicksPerAttempt = 20;  // no probe may be allowed to reach the endpoint where a POST is

template <class E>
constexpr std::size_t on = core::indexOf<E, Event>;

using Set = Phases<Phase>;
constexpr Set kArming = Set{Capturing} | Ready;
constexpr Set kAway = Set{Offering} | Posting | Connecting | Live | Restarting | Waiting;
constexpr Set kOpen = Set{Posting} | Connecting | Live | Restarting;
constexpr Set kResting = Set{Idle} | Failed;

// clang-format off
constexpr Rule kRules[] = {
    {kResting,             on<Preview>,      Always,          Capturing,  preview,       "-"},
    {kResting,             on<Arm>,          Always,          Stay,       aim,           "4.7"},
    {kResting,             on<Start>,        Always,          Offering,   goCold,        "4.2"},
    {Failed,               on<Stop>,         Always,          Idle,       end,           "-"},
    {Failed,               on<Leave>,        Always,          Idle,       end,           "-"},

    {kArming,              on<Arm>,          Always,          Stay,       aim,           "4.6"},
    {kArming,              on<OfferReady>,   Always,          Stay,       keepOffer,     "4.3.2"},
    {kArming,              on<Start>,        HasOffer,        Posting,    goArmed,       "4.3.2"},
    {kArming,              on<Start>,        Always,          Offering,   go,            "4.2"},
    {kArming,              on<Waited>,       Always,          Stay,       pulse,         "-"},
    {kArming,              on<Online>,       Always,          Stay,       rearm,         "-"},
    {kArming,              on<Awake>,        Always,          Stay,       rearm,         "-"},
    {kArming,              on<Refused>,      Always,          Failed,     fail,          "-"},
    {Capturing,            on<Captured>,     GoingWithOffer,  Posting,    holdAndPost,   "4.2"},
    {Capturing,            on<Captured>,     Going,           Offering,   hold,          "4.2"},
    {Capturing,            on<Captured>,     Always,          Ready,      holdAndRearm, "-"},

    {Offering,             on<OfferReady>,   Always,          Posting,    post,          "4.3.2"},
    {Offering,             on<Refused>,      WasLive,         Waiting,    refusedAgain,  "-"},
    {Offering,             on<Refused>,      Always,          Failed,     fail,          "-"},

    {Posting,              on<Created>,      AnswerFits,      Connecting, answer,        "4.2"},
    {Posting,              on<Created>,      WasLive,         Waiting,    refusedAgain,  "4.4.3"},
    {Posting,              on<Created>,      Always,          Failed,     misfit,        "4.4.3"},
    {Posting,              on<Dropped>,      Always,          Waiting,    again,         "4.5"},
    {Posting,              on<Waited>,       Always,          Waiting,    unanswered,    "-"},
    {Posting,              on<Reached>,      Unreachable,     Offering,   offer,         "-"},
    {Posting,              on<Refused>,      WasLive,         Waiting,    refusedAgain,  "4.1"},
    {Posting,              on<Refused>,      Always,          Failed,     fail,          "4.1"},
    {Posting,              on<Online>,       Always,          Offering,   offer,         "-"},

    {Connecting,           on<Connected>,    HasMedia,        Live,       live,          "4.2"},
    {Connecting,           on<Connected>,    Always,          Stay,       link,          "-"},
    {Connecting,           on<Captured>,     Linked,          Live,       holdLive,      "5"},
    {Connecting,           on<Waited>,       Linked,          Stay,       nothing,       "-"},
    {Connecting,           on<Waited>,       NewServers,      Restarting, restart,       "4.6"},
    {Connecting,           on<Waited>,       NoMedia,         Capturing,  askFirst,      "-"},
    {Connecting,           on<Waited>,       Always,          Waiting,    unconnected,   "-"},
    {Connecting,           on<Dropped>,      NewServers,      Restarting, restart,       "4.6"},
    {Connecting,           on<Dropped>,      NoMedia,         Capturing,  askFirst,      "-"},
    {Connecting,           on<Dropped>,      Always,          Waiting,    again,         "-"},
    {Connecting,           on<Ended>,        NoMedia,         Capturing,  askFirst,      "4.2"},
    {Connecting,           on<Ended>,        Always,          Waiting,    ended,         "4.2"},
    {Connecting,           on<Patched>,      Mismatch,        Restarting, restart,       "4.3.1"},
    {Connecting,           on<Refused>,      WasLive,         Waiting,    refusedAgain,  "4.4.3"},
    {Connecting,           on<Refused>,      Always,          Failed,     fail,          "4.4.3"},
    {Connecting,           on<Online>,       Always,          Offering,   offer,         "-"},

    {Live,                 on<Connected>,    Always,          Stay,       live,          "-"},
    {Live,                 on<Faltered>,     Steady,          Stay,       falter,        "-"},
    {Live,                 on<Reached>,      BackToRestart,   Restarting, restart,       "4.3.3"},
    {Live,                 on<Reached>,      Faltering,       Stay,       reach,         "-"},
    {Live,                 on<Waited>,       Steady,          Stay,       nothing,       "-"},
    {Live,                 on<Waited>,       Unreached,       Stay,       probe,         "-"},
    {Live,                 on<Waited>,       CanRestart,      Restarting, restart,       "4.3.3"},
    {Live,                 on<Waited>,       Always,          Offering,   offer,         "4.3.3"},
    {Live,                 on<Online>,       CanRestart,      Restarting, restart,       "4.3.3"},
    {Live,                 on<Online>,       Always,          Offering,   offer,         "4.3.3"},
    {Live,                 on<Dropped>,      CanRestart,      Waiting,    lose,          "4.3.3"},
    {Live,                 on<Dropped>,      Always,          Waiting,    again,         "4.2"},
    {Live,                 on<Ended>,        Always,          Waiting,    ended,         "4.2"},

    {Restarting,           on<RestartReady>, Latest,          Stay,       sendRestart,   "4.3.3"},
    {Restarting,           on<Restarted>,    Stale,           Stay,       nothing,       "4.3.3"},
    {Restarting,           on<Restarted>,    AcceptedLinked,  Live,       applyRestart,  "4.3.3"},
    {Restarting,           on<Restarted>,    Accepted,        Stay,       applyRestart,  "4.3.3"},
    {Restarting,           on<Restarted>,    OtherForm,       Stay,       sendOtherForm, "4.3.3"},
    {Restarting,           on<Restarted>,    LinkedUnapplied, Live,       undoRestart,   "4.3.3"},
    {Restarting,           on<Restarted>,    NoReply,         Waiting,    lose,          "4.3.3"},
    {Restarting,           on<Restarted>,    Always,          Offering,   unsupported,   "4.3.1"},
    {Restarting,           on<Connected>,    Applied,         Live,       live,          "4.3.3"},
    {Restarting,           on<Connected>,    Always,          Stay,       link,          "4.3.3"},
    {Restarting,           on<Faltered>,     Always,          Stay,       unlink,        "-"},
    {Restarting,           on<Dropped>,      Applied,         Offering,   offer,         "4.3.3"},
    {Restarting,           on<Dropped>,      Always,          Stay,       unlink,        "-"},
    {Restarting,           on<Ended>,        Always,          Waiting,    ended,         "4.2"},
    {Restarting,           on<Online>,       Always,          Stay,       restart,       "4.3.3"},
    {Restarting,           on<Reached>,      Unreachable,     Stay,       restart,       "4.3.3"},
    {Restarting,           on<Refused>,      Always,          Offering,   offer,         "4.3.3"},
    {Restarting,           on<Waited>,       LinkedUnapplied, Live,       undoRestart,   "4.3.3"},
    {Restarting,           on<Waited>,       Applied,         Offering,   offer,         "4.3.3"},
    {Restarting,           on<Waited>,       Always,          Waiting,    lose,          "4.3.3"},

    {Waiting,              on<Connected>,    HasPeer,         Live,       undoRestart,   "-"},
    {Waiting,              on<Ended>,        HasPeer,         Stay,       ended,         "4.2"},
    {Waiting,              on<Reached>,      MayRestart,      Restarting, restart,       "4.3.3"},
    {Waiting,              on<Reached>,      Unreachable,     Offering,   offer,         "-"},
    {Waiting,              on<Waited>,       MayProbe,        Stay,       probe,         "-"},
    {Waiting,              on<Waited>,       MayRestart,      Restarting, restartBlindly, "4.3.3"},
    {Waiting,              on<Waited>,       Unreachable,     Offering,   offerBlindly,  "-"},
    {Waiting,              on<Waited>,       Always,          Offering,   offer,         "4.5"},
    {Set{Waiting},         on<Online>,       Asked,           Stay,       nothing,       "4.5"},
    {Set{Waiting},         on<Awake>,        Asked,           Stay,       nothing,       "4.5"},
    {Set{Waiting},         on<Online>,       CanRestart,      Restarting, restart,       "4.3.3"},
    {Set{Waiting},         on<Awake>,        CanRestart,      Restarting, restart,       "4.3.3"},
    {Set{Waiting},         on<Online>,       Always,          Offering,   offer,         "-"},
    {Set{Waiting},         on<Awake>,        Always,          Offering,   offer,         "-"},
    {Waiting,              on<Stop>,         HasResource,     Stopping,   stop,          "4.2"},
    {Waiting,              on<Stop>,         Always,          Idle,       end,           "-"},

    {Set{Connecting}|Live, on<Candidate>,    Always,          Stay,       trickle,       "4.3.2"},
    {Restarting,           on<Candidate>,    Applied,         Stay,       trickle,       "4.3.3"},
    {kArming | kAway,      on<Candidate>,    Always,          Stay,       gather,        "4.3.2"},
    {kAway,                on<Patched>,      Always,          Stay,       patched,       "4.3.1"},
    {kAway,                on<Captured>,     Always,          Stay,       hold,          "5"},
    {kArming | kAway,      on<Uncaptured>,   Always,          Failed,     uncaptured,    "-"},
    {kArming | kAway,      on<Deleted>,      Undone,          Stay,       keepStray,     "4.2"},
    {kArming | Offering,   on<Stop>,         Always,          Idle,       end,           "-"},
    {kOpen,                on<Stop>,         Always,          Stopping,   stop,          "4.2"},
    {kArming | kAway,      on<Leave>,        Always,          Idle,       end,           "4.2"},

    {Stopping,             on<Created>,      Always,          Stay,       disown,        "4.2"},
    {Stopping,             on<Dropped>,      Always,          Idle,       stopped,       "-"},
    {Stopping,             on<Ended>,        Always,          Idle,       stopped,       "-"},
    {Stopping,             on<Refused>,      Always,          Idle,       stopped,       "-"},
    {Stopping,             on<Deleted>,      OwnResource,     Idle,       stopped,       "4.2"},
    {Stopping,             on<Waited>,       Always,          Idle,       stopped,       "-"},
    {Stopping,             on<Leave>,        Always,          Idle,       stopped,       "-"},
};
// clang-format on

bool accepted(const Event& e) {
    const auto& reply = as<Restarted>(e);
    if (readPatch(reply.status) != Verdict::Done) return false;
    const auto fragment = sdp::parseFragment(reply.body);
    return fragment && !fragment->iceUfrag.empty() && !fragment->icePwd.empty();
}

bool canRestart(const Session& s) {
    return s.far.restarts && s.peer && !s.resource.empty() && s.ice.tries < kMostRestarts;
}

bool holds(When when, const Session& s, const Event& e) {
    switch (when) {
        case Always:
            return true;
        case HasOffer:
            return !s.offer.empty();
        case Going:
            return s.going;
        case GoingWithOffer:
            return s.going && !s.offer.empty();
        case HasMedia:
            return s.media != 0;
        case NoMedia:
            return s.media == 0;
        case Linked:
            return s.linked;
        case WasLive:
            return s.lived && s.refusals < kMostRefusals;
        case AnswerFits:
            return answerFits(s.offer, as<Created>(e).answer);
        case NewServers:
            return s.ice.newServers && canRestart(s);
        case Mismatch:
            return readPatch(as<Patched>(e).status) == Verdict::Mismatch && !s.ice.resynced && canRestart(s);
        case CanRestart:
            return canRestart(s);
        case Steady:
            return !s.faltering;
        case BackToRestart:
            return s.faltering && !s.reached && s.ticks > 0 && canRestart(s);
        case Faltering:
            return s.faltering && !s.reached;
        case Unreached:
            return !s.reached;
        case Latest:
            return as<RestartReady>(e).round == s.ice.round;
        case Stale:
            return as<Restarted>(e).round != s.ice.round || s.ice.applied;
        case Accepted:
            return accepted(e);
        case AcceptedLinked:
            return accepted(e) && s.linked;
        case OtherForm:
            return as<Restarted>(e).status == 412 && !s.far.quotes;
        case LinkedUnapplied:
            return s.linked && !s.ice.applied;
        case Applied:
            return s.ice.applied;
        case NoReply:
            return as<Restarted>(e).status == 0;
        case HasPeer:
            return s.peer;
        case Unreachable:
            return s.unreachable;
        case MayProbe:
            return s.unreachable && (s.ticks + 1) % kTicksPerAttempt != 0;
        case MayRestart:
            return s.unreachable && canRestart(s);
        case Asked:
            return s.asked;
        case HasResource:
            return !s.resource.empty();
        case OwnResource:
            return as<Deleted>(e).resource == s.resource;
        case Undone:
            return !as<Deleted>(e).done;
    }
    return false;
}

}  // namespace

std::span<const Rule> rules() { return kRules; }

std::size_t ruleFor(const Session& session, const Event& event) {
    const std::size_t none = rules().size();
    if (tooLate(event, session.turn, session.take)) return none;
    for (std::size_t i = 0; i < none; ++i) {
        const Rule& rule = kRules[i];
        if (rule.event != event.index() || !rule.from.contains(session.phase)) continue;
        if (holds(rule.when, session, event)) return i;
    }
    return none;
}

Effects step(Session& session, const Event& event) {
    const std::size_t number = ruleFor(session, event);
    if (number == rules().size()) return letGo(event, session.far.token);
    const Rule& rule = kRules[number];
    if (!rule.to.stays) session.phase = rule.to.phase;
    return rule.act(session, event);
}

}  // namespace whip
