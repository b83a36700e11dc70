#include "streams/playback.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>

#include "core/variant.hpp"

namespace playback {
namespace {

using namespace std::chrono_literals;

constexpr auto kWhepTime = 4s;   // for WHEP to connect, then for its picture to be seen, before HLS is shown instead
constexpr auto kStallTime = 1s;  // a stall that WHEP may still get over
constexpr auto kPatience = 8s;   // between tries when there is nothing else to show
constexpr auto kHlsRest = 2s;    // before an HLS player that failed begins again: the playlist may not be there yet
constexpr auto kHlsStallTime = 30s;  // some browsers play HLS by themselves, and never say that they have given up
constexpr auto kWhepSoon = 10s;      // after an HLS that stalled
constexpr auto kRecordingRest = 5s;

const View& viewOf(const Event& e) { return *std::get_if<View>(&e); }

// When to try WHEP again behind a playing HLS.
std::chrono::seconds nextTry(const State& s) {
    constexpr std::chrono::seconds kPauses[] = {10s, 30s, 60s, 300s};
    return kPauses[std::clamp(s.failures - 1, 0, 3)];
}

Effects wait(State& s, std::chrono::seconds pause) {
    s.pending = true;
    return {Wait{pause}};
}

Effects stopWhep(State& s) {
    if (!std::exchange(s.whepOn, false)) return {};
    return {StopWhep{}};
}

Effects operator+(Effects first, const Effects& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

Effects playWhep(State& s, std::chrono::seconds pause) {
    s.whepOn = true;
    return Effects{PlayWhep{s.view.whepUrl}} + wait(s, pause);
}

Effects nothing(State&, const Event&) { return {}; }

Effects keep(State& s, const Event& e) {
    s.view = viewOf(e);
    return {};
}

// From here on nothing is pending and WHEP is off.
Effects leave(State& s, const Event& e) {
    if (s.view.recordingUrl != viewOf(e).recordingUrl) s.onBackup = false;
    s.view = viewOf(e);
    s.pending = s.stalled = s.hlsFailed = false;
    if (s.worked) s.failures = 0;  // it stopped because the broadcast did, not because of this network
    return stopWhep(s);
}

Effects tryWhep(State& s, const Event& e) { return leave(s, e) + playWhep(s, kWhepTime); }

// Behind HLS, WHEP is tried now and then, if there is any.
Effects lookForWhep(State& s) { return s.view.whepUrl.empty() ? Effects{} : wait(s, nextTry(s)); }
Effects showHls(State& s, const Event& e) { return leave(s, e) + lookForWhep(s); }
// Until it has played again, it may hang without a word.
Effects watchHls(State& s) {
    s.stalled = true;
    return wait(s, kHlsStallTime);
}
Effects keepHls(State& s, const Event& e) {
    const bool isNew = s.view.whepUrl != viewOf(e).whepUrl;
    s.view = viewOf(e);
    if (!isNew) return {};
    s.pending = false;
    return stopWhep(s) + (s.stalled ? watchHls(s) : lookForWhep(s));
}
Effects tryBehind(State& s, const Event&) { return playWhep(s, kWhepTime); }

Effects show(State& s, const Event&) { return wait(s, kWhepTime); }
Effects doubt(State& s, const Event&) { return wait(s, kStallTime); }
Effects bePatient(State& s, const Event&) { return wait(s, kPatience); }

Effects settle(State& s, const Event&) {
    s.pending = false;
    s.worked = true;
    s.failures = 0;
    return {};
}

Effects fallBack(State& s, const Event&) {
    ++s.failures;
    return stopWhep(s) + (s.stalled || s.hlsFailed ? watchHls(s) : wait(s, nextTry(s)));
}

// With nothing but WHEP to show. A WHEP session that still tries by itself is not disturbed by being asked again.
Effects insist(State& s, const Event&) { return playWhep(s, kPatience); }
Effects restart(State& s, const Event&) { return stopWhep(s) + playWhep(s, kPatience); }

Effects keepStalled(State& s, const Event&) {
    s.stalled = true;
    return {};
}
Effects doubtHls(State& s, const Event&) { return watchHls(s); }
// What has stalled may do so again: a reason to look for WHEP.
Effects trustHls(State& s, const Event&) {
    s.hlsFailed = false;
    if (!std::exchange(s.stalled, false) || s.whepOn) return {};
    s.pending = false;
    return s.view.whepUrl.empty() ? Effects{} : wait(s, kWhepSoon);
}

Effects restHls(State& s, const Event&) {
    s.stalled = false;
    s.hlsFailed = true;
    return stopWhep(s) + wait(s, kHlsRest);
}
// HLS and WHEP by turns, until one of them plays.
Effects turnToWhep(State& s, const Event&) {
    s.stalled = false;
    s.hlsFailed = true;
    return s.whepOn ? wait(s, kWhepTime) : playWhep(s, kWhepTime);
}
Effects useBackup(State& s, const Event&) {
    s.onBackup = true;
    return {};
}
Effects restRecording(State& s, const Event&) {
    s.onBackup = false;
    return wait(s, kRecordingRest);
}
// What must hold besides mode and event.
using Guard = bool (*)(const State&, const Event&);

bool always(const State&, const Event&) { return true; }
bool sameView(const State& s, const Event& e) { return s.view == viewOf(e); }
bool sameHls(const State& s, const Event& e) {
    return viewOf(e).phase == Phase::live && s.view.hlsUrl == viewOf(e).hlsUrl;
}
bool sameWhep(const State& s, const Event& e) {
    return s.whepOn && viewOf(e).phase == Phase::live && s.view.whepUrl == viewOf(e).whepUrl;
}
template <Phase phase>
bool is(const State&, const Event& e) {
    return viewOf(e).phase == phase;
}
bool isRecorded(const State&, const Event& e) {
    return viewOf(e).phase == Phase::recording && !viewOf(e).recordingUrl.empty();
}
bool whepFirst(const State&, const Event& e) { return !viewOf(e).whepUrl.empty(); }
bool hlsFirst(const State& s, const Event& e) {
    return !viewOf(e).hlsUrl.empty() && (viewOf(e).whepUrl.empty() || s.failures > 0);
}
bool hasHls(const State& s, const Event&) { return !s.view.hlsUrl.empty(); }
bool hasWhep(const State& s, const Event&) { return !s.view.whepUrl.empty(); }
bool tried(const State& s, const Event&) { return s.whepOn; }
bool triedBesideHls(const State& s, const Event&) { return s.whepOn && !s.view.hlsUrl.empty() && !s.hlsFailed; }
bool triedAfterHls(const State& s, const Event&) { return s.whepOn && s.hlsFailed && !s.view.hlsUrl.empty(); }
bool notStalled(const State& s, const Event&) { return !s.stalled; }
bool hasBackup(const State& s, const Event&) { return !s.onBackup && !s.view.backupUrl.empty(); }
bool due(const State& s, const Event&) { return s.pending; }
bool dueStalled(const State& s, const Event&) { return s.pending && s.stalled; }
bool dueStalledBesideWhep(const State& s, const Event&) {
    return s.pending && s.stalled && !s.whepOn && !s.view.whepUrl.empty();
}
bool dueWhep(const State& s, const Event&) { return s.pending && s.whepOn; }
bool dueBesideHls(const State& s, const Event&) { return s.pending && s.whepOn && !s.view.hlsUrl.empty(); }

using enum Mode;
using Modes = unsigned;  // a set of them
constexpr Modes in(Mode mode) { return 1u << static_cast<unsigned>(mode); }
template <class... More>
constexpr Modes in(Mode first, More... more) {
    return in(first) | in(more...);
}
constexpr Modes any = ~0u;

struct Rule {
    Modes from;
    std::size_t event;
    Guard when;
    std::optional<Mode> to;  // empty: stays as it is
    Effects (*act)(State&, const Event&);
};

template <class E>
constexpr std::size_t on = core::indexOf<E, Event>;
constexpr std::nullopt_t stay = std::nullopt;

// clang-format off
constexpr Rule kRules[] = {
    // The view says what is there; as long as that is what is shown, a new one only brings other addresses.
    {any,                  on<View>,        sameView,               stay,        nothing},
    {in(Connecting, Whep), on<View>,        sameWhep,               stay,        keep},
    {in(Hls),              on<View>,        sameHls,                stay,        keepHls},
    {any,                  on<View>,        is<Phase::waiting>,     Waiting,     leave},
    {any,                  on<View>,        is<Phase::interrupted>, Interrupted, leave},
    {any,                  on<View>,        is<Phase::preparing>,   Preparing,   leave},
    {any,                  on<View>,        isRecorded,             Recording,   leave},
    {any,                  on<View>,        is<Phase::recording>,   Preparing,   leave},
    {any,                  on<View>,        is<Phase::none>,        None,        leave},
    {any,                  on<View>,        hlsFirst,               Hls,         showHls},
    {any,                  on<View>,        whepFirst,              Connecting,  tryWhep},
    {any,                  on<View>,        is<Phase::live>,        Connecting,  leave},

    // WHEP is on its way, or an HLS player that failed rests. WhepDown is no reason to give up early: a server that has
    // just got its publisher may say "not yet" once.
    {in(Connecting),       on<WhepUp>,      tried,                  Whep,        show},
    {in(Connecting),       on<WhepRefused>, triedBesideHls,         Hls,         fallBack},
    {in(Connecting),       on<WhepRefused>, triedAfterHls,          stay,        restHls},
    {in(Connecting),       on<WhepRefused>, tried,                  stay,        bePatient},
    {in(Connecting),       on<Waited>,      dueBesideHls,           Hls,         fallBack},
    {in(Connecting),       on<Waited>,      dueWhep,                stay,        insist},
    {in(Connecting),       on<Waited>,      due,                    Hls,         doubtHls},

    {in(Whep),             on<Playing>,     always,                 stay,        settle},
    {in(Whep),             on<Stalled>,     always,                 stay,        doubt},
    {in(Whep),             on<Failed>,      hasHls,                 Hls,         fallBack},
    {in(Whep),             on<Failed>,      always,                 Connecting,  restart},
    {in(Whep),             on<WhepDown>,    hasHls,                 Hls,         fallBack},
    {in(Whep),             on<WhepDown>,    always,                 Connecting,  bePatient},
    {in(Whep),             on<WhepRefused>, hasHls,                 Hls,         fallBack},
    {in(Whep),             on<WhepRefused>, always,                 Connecting,  bePatient},
    {in(Whep),             on<Waited>,      dueBesideHls,           Hls,         fallBack},
    {in(Whep),             on<Waited>,      due,                    Connecting,  restart},

    // HLS plays; WHEP is tried behind it from time to time.
    {in(Hls),              on<Playing>,     always,                 stay,        trustHls},
    {in(Hls),              on<Stalled>,     tried,                  stay,        keepStalled},
    {in(Hls),              on<Stalled>,     notStalled,             stay,        doubtHls},
    {in(Hls),              on<Failed>,      hasWhep,                Connecting,  turnToWhep},
    {in(Hls),              on<Failed>,      always,                 Connecting,  restHls},
    {in(Hls),              on<WhepUp>,      tried,                  Whep,        show},
    {in(Hls),              on<WhepRefused>, tried,                  stay,        fallBack},
    {in(Hls),              on<Waited>,      dueStalledBesideWhep,   Connecting,  turnToWhep},
    {in(Hls),              on<Waited>,      dueStalled,             Connecting,  restHls},
    {in(Hls),              on<Waited>,      dueWhep,                stay,        fallBack},
    {in(Hls),              on<Waited>,      due,                    stay,        tryBehind},

    {in(Recording),        on<Failed>,      hasBackup,              stay,        useBackup},
    {in(Recording),        on<Failed>,      always,                 Interrupted, restRecording},
    {in(Interrupted),      on<Waited>,      due,                    Recording,   nothing},
};
// clang-format on

}  // namespace

Phase readPhase(std::string_view name) {
    constexpr std::string_view kNames[] = {"waiting", "live", "interrupted", "preparing", "recording", "none"};
    const auto* const at = std::find(std::begin(kNames), std::end(kNames) - 1, name);
    return static_cast<Phase>(at - std::begin(kNames));
}

Effects step(State& state, const Event& event) {
    for (const Rule& rule : kRules) {
        if (!(rule.from & in(state.mode)) || rule.event != event.index() || !rule.when(state, event)) continue;
        state.mode = rule.to.value_or(state.mode);
        return rule.act(state, event);
    }
    return {};
}

std::string_view url(const State& state) {
    if (state.mode == Hls) return state.view.hlsUrl;
    if (state.mode == Recording) return state.onBackup ? state.view.backupUrl : state.view.recordingUrl;
    return {};
}

}  // namespace playback
