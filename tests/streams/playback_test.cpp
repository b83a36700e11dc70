#include "streams/playback.hpp"

#include <doctest/doctest.h>

using namespace playback;
using enum playback::Mode;
using namespace std::chrono_literals;

namespace {

const std::string whep = "https://m.test/w", hls = "https://m.test/h.m3u8", recorded = "https://m.test/r.m3u8",
                  backup = "https://b.test/r.m3u8";

View live(const std::string& whepUrl = whep, const std::string& hlsUrl = hls) {
    return {.phase = Phase::live, .whepUrl = whepUrl, .hlsUrl = hlsUrl};
}

View over(Phase phase, const std::string& recordingUrl = "") { return {.phase = phase, .recordingUrl = recordingUrl}; }

// A live stream in the given mode, WHEP on where it must be.
State given(Mode mode, View view = live()) {
    return {.mode = mode, .view = std::move(view), .whepOn = mode == Connecting || mode == Whep, .pending = true};
}

State with(State s, void (*change)(State&)) {
    change(s);
    return s;
}

}  // namespace

TEST_CASE("each rule moves the player on and says what to do") {  // one row a rule, in the order of the table
    struct Row {
        State before;
        Event event;
        Mode after;
        Effects effects;
    };
    const View onlyWhep = live(whep, ""), onlyHls = live("", hls), nothingYet = live("", "");
    const View done = over(Phase::recording, recorded);
    const View twice{.phase = Phase::recording, .recordingUrl = recorded, .backupUrl = backup};
    const State onBackup = with(given(Recording, twice), [](State& s) { s.onBackup = true; });
    const State behind = with(given(Hls), [](State& s) { s.whepOn = true; });
    const State stalled = with(given(Hls), [](State& s) { s.stalled = true; });
    const State stalledAlone = with(given(Hls, live("", hls)), [](State& s) { s.stalled = true; });
    const State stalledBehind = with(given(Hls), [](State& s) { s.stalled = s.whepOn = true; });
    const State byTurns = with(given(Connecting), [](State& s) { s.hlsFailed = true; });
    const State resting = with(given(Connecting), [](State& s) { s.whepOn = false; });
    const State failedBefore = {.mode = Mode::Waiting, .failures = 2};
    const State settled = with(given(Whep), [](State& s) { s.pending = false; });
    // clang-format off
    const Row rows[] = {
        {given(Whep),                   live(),                     Whep,        {}},
        {given(Whep, onlyWhep),         live(),                     Whep,        {}},
        {given(Connecting, onlyWhep),   live(),                     Connecting,  {}},
        {given(Hls, onlyHls),           live(),                     Hls,         {Wait{10s}}},
        {behind,                        onlyHls,                    Hls,         {StopWhep{}}},
        {stalledBehind,                 onlyHls,                    Hls,         {StopWhep{}, Wait{30s}}},
        {given(Whep),                   over(Phase::waiting),       Mode::Waiting, {StopWhep{}}},
        {given(Whep),                   over(Phase::interrupted),   Interrupted, {StopWhep{}}},
        {given(Hls),                    over(Phase::preparing),     Preparing,   {}},
        {given(Preparing),              done,                       Recording,   {}},
        {given(Preparing),              over(Phase::recording),     Preparing,   {}},
        {behind,                        over(Phase::none),          None,        {StopWhep{}}},
        {failedBefore,                  live(),                     Hls,         {Wait{30s}}},
        {State{},                       onlyHls,                    Hls,         {}},
        {State{},                       live(),                     Connecting,  {PlayWhep{whep}, Wait{4s}}},
        {State{},                       nothingYet,                 Connecting,  {}},

        {given(Connecting),             WhepUp{},                   Whep,        {Wait{4s}}},
        {given(Connecting),             WhepRefused{},              Hls,         {StopWhep{}, Wait{10s}}},
        {byTurns,                       WhepRefused{},              Connecting,  {StopWhep{}, Wait{2s}}},
        {given(Connecting, onlyWhep),   WhepRefused{},              Connecting,  {Wait{8s}}},
        {given(Connecting),             Waited{},                   Hls,         {StopWhep{}, Wait{10s}}},
        {given(Connecting, onlyWhep),   Waited{},                   Connecting,  {PlayWhep{whep}, Wait{8s}}},
        {resting,                       Waited{},                   Hls,         {Wait{30s}}},

        {given(Whep),                   Playing{},                  Whep,        {}},
        {settled,                       Stalled{},                  Whep,        {Wait{1s}}},
        {given(Whep),                   Failed{},                   Hls,         {StopWhep{}, Wait{10s}}},
        {given(Whep, onlyWhep),         Failed{},                   Connecting,  {StopWhep{}, PlayWhep{whep}, Wait{8s}}},
        {settled,                       WhepDown{},                 Hls,         {StopWhep{}, Wait{10s}}},
        {given(Whep, onlyWhep),         WhepDown{},                 Connecting,  {Wait{8s}}},
        {settled,                       WhepRefused{},              Hls,         {StopWhep{}, Wait{10s}}},
        {given(Whep, onlyWhep),         WhepRefused{},              Connecting,  {Wait{8s}}},
        {given(Whep),                   Waited{},                   Hls,         {StopWhep{}, Wait{10s}}},
        {given(Whep, onlyWhep),         Waited{},                   Connecting,  {StopWhep{}, PlayWhep{whep}, Wait{8s}}},

        {given(Hls),                    Playing{},                  Hls,         {}},
        {stalled,                       Playing{},                  Hls,         {Wait{10s}}},
        {stalledBehind,                 Playing{},                  Hls,         {}},
        {behind,                        Stalled{},                  Hls,         {}},
        {given(Hls),                    Stalled{},                  Hls,         {Wait{30s}}},
        {given(Hls),                    Failed{},                   Connecting,  {PlayWhep{whep}, Wait{4s}}},
        {behind,                        Failed{},                   Connecting,  {Wait{4s}}},
        {given(Hls, onlyHls),           Failed{},                   Connecting,  {Wait{2s}}},
        {behind,                        WhepUp{},                   Whep,        {Wait{4s}}},
        {behind,                        WhepRefused{},              Hls,         {StopWhep{}, Wait{10s}}},
        {stalledBehind,                 WhepRefused{},              Hls,         {StopWhep{}, Wait{30s}}},
        {stalled,                       Waited{},                   Connecting,  {PlayWhep{whep}, Wait{4s}}},
        {stalledBehind,                 Waited{},                   Connecting,  {StopWhep{}, Wait{2s}}},
        {stalledAlone,                  Waited{},                   Connecting,  {Wait{2s}}},
        {behind,                        Waited{},                   Hls,         {StopWhep{}, Wait{10s}}},
        {given(Hls),                    Waited{},                   Hls,         {PlayWhep{whep}, Wait{4s}}},

        {given(Recording, twice),       Failed{},                   Recording,   {}},
        {onBackup,                      Failed{},                   Interrupted, {Wait{5s}}},
        {given(Recording, done),        Failed{},                   Interrupted, {Wait{5s}}},
        {given(Interrupted, done),      Waited{},                   Recording,   {}},

        // No rule: nothing moves.
        {settled,                       Waited{},                   Whep,        {}},
        {given(Hls),                    WhepDown{},                 Hls,         {}},
        {stalled,                       Stalled{},                  Hls,         {}},
        {given(Interrupted),            WhepUp{},                   Interrupted, {}},
        {given(Connecting),             WhepDown{},                 Connecting,  {}},
        {behind,                        WhepDown{},                 Hls,         {}},
        {given(Connecting),             Playing{},                  Connecting,  {}},
    };
    // clang-format on
    int number = 0;
    for (const Row& row : rows) {
        CAPTURE(number++);
        State state = row.before;
        CHECK(step(state, row.event) == row.effects);
        CHECK(int(state.mode) == int(row.after));
        if (const auto* view = std::get_if<View>(&row.event)) CHECK(state.view == *view);
    }
}

TEST_CASE("a service as most see it: waiting, WHEP, over, being prepared, recording") {
    State state;
    CHECK(step(state, over(Phase::waiting)).empty());
    CHECK(step(state, live()) == Effects{PlayWhep{whep}, Wait{4s}});
    CHECK(step(state, WhepUp{}) == Effects{Wait{4s}});
    CHECK(step(state, Playing{}).empty());
    CHECK(step(state, Waited{}).empty());
    CHECK(step(state, over(Phase::preparing)) == Effects{StopWhep{}});
    CHECK(step(state, over(Phase::recording, recorded)).empty());
    CHECK(url(state) == recorded);
}

TEST_CASE("a recording that will not play gives way to its backup, and is tried again when that will not either") {
    View view{.phase = Phase::recording, .recordingUrl = recorded, .backupUrl = backup};
    State state;
    (void)step(state, view);
    CHECK(url(state) == recorded);
    CHECK(step(state, Failed{}).empty());
    CHECK(url(state) == backup);

    view.whepUrl = whep;  // news that is not about the recording does not disturb who watches the backup
    (void)step(state, view);
    CHECK(url(state) == backup);

    CHECK(step(state, Failed{}) == Effects{Wait{5s}});
    CHECK(step(state, Waited{}).empty());
    CHECK(url(state) == recorded);

    (void)step(state, Failed{});
    view.recordingUrl = "https://m.test/longer.m3u8";
    (void)step(state, view);
    CHECK(url(state) == view.recordingUrl);
}

TEST_CASE("where WHEP cannot get through, HLS plays, and WHEP is tried behind it ever more rarely") {
    State state;
    (void)step(state, live());
    for (const auto pause : {10s, 30s, 60s, 300s, 300s}) {
        CHECK(step(state, Waited{}) == Effects{StopWhep{}, Wait{pause}});
        CHECK(state.mode == Hls);
        CHECK(url(state) == hls);
        CHECK(step(state, Waited{}) == Effects{PlayWhep{whep}, Wait{4s}});
        CHECK(url(state) == hls);
    }
}

TEST_CASE("after an interruption a viewer for whom WHEP worked gets WHEP at once, one for whom it never did HLS") {
    State works;
    (void)step(works, live());
    (void)step(works, WhepUp{});
    (void)step(works, Playing{});
    (void)step(works, WhepDown{});  // the publisher is gone; the view says so a little later
    CHECK(works.mode == Hls);
    (void)step(works, over(Phase::interrupted));
    CHECK(step(works, live()) == Effects{PlayWhep{whep}, Wait{4s}});

    State never;
    (void)step(never, live());
    (void)step(never, Waited{});
    (void)step(never, over(Phase::interrupted));
    CHECK(step(never, live()) == Effects{Wait{10s}});
    CHECK(never.mode == Hls);
}

TEST_CASE("a WHEP that stalls may get over it") {
    State state = given(Whep);
    (void)step(state, Playing{});
    CHECK(step(state, Stalled{}) == Effects{Wait{1s}});
    CHECK(step(state, Playing{}).empty());
    CHECK(step(state, Waited{}).empty());
    CHECK(state.mode == Whep);
    (void)step(state, Stalled{});
    CHECK(step(state, Waited{}) == Effects{StopWhep{}, Wait{10s}});
}

TEST_CASE("an HLS that cannot be played does not keep WHEP from it, nor the other way round") {
    State state = given(Hls);
    for (int i = 0; i < 20; ++i) {
        CHECK(step(state, Failed{}) == Effects{PlayWhep{whep}, Wait{4s}});
        if (i % 2) {
            CHECK(step(state, Waited{}) == Effects{StopWhep{}, Wait{30s}});
        } else {  // both refuse at once: not in a circle without a pause
            CHECK(step(state, WhepRefused{}) == Effects{StopWhep{}, Wait{2s}});
            CHECK(step(state, Waited{}) == Effects{Wait{30s}});
        }
        CHECK(state.mode == Hls);
    }
    (void)step(state, Failed{});
    CHECK(step(state, WhepUp{}) == Effects{Wait{4s}});
    CHECK(state.mode == Whep);
}

TEST_CASE("an HLS that has run dry begins anew, again and again, unless it plays on") {
    State state = given(Hls, live("", hls));
    CHECK(step(state, Stalled{}) == Effects{Wait{30s}});
    CHECK(step(state, Stalled{}).empty());  // the first counts
    CHECK(step(state, Playing{}).empty());
    CHECK(step(state, Waited{}).empty());
    CHECK(state.mode == Hls);
    (void)step(state, Stalled{});
    for (int i = 0; i < 3; ++i) {
        CHECK(step(state, Waited{}) == Effects{Wait{2s}});
        CHECK(state.mode == Connecting);
        CHECK(step(state, Waited{}) == Effects{Wait{30s}});  // and may hang without a word
        CHECK(state.mode == Hls);
    }
    (void)step(state, Playing{});
    CHECK(step(state, Waited{}).empty());
    CHECK(state.mode == Hls);
}

TEST_CASE("an HLS that stalls now and then does not keep WHEP from being tried") {
    State state = with(given(Hls), [](State& s) { s.failures = 4; });
    (void)step(state, Stalled{});
    CHECK(step(state, Playing{}) == Effects{Wait{10s}});
    CHECK(step(state, Waited{}) == Effects{PlayWhep{whep}, Wait{4s}});
}

TEST_CASE("the same view again changes nothing, whatever is going on") {
    const View done = over(Phase::recording, recorded);
    State resting = given(Connecting);
    resting.whepOn = false;
    for (const State& state : {given(Connecting), given(Whep), given(Hls), resting, given(Interrupted, done)}) {
        State after = state;
        CHECK(step(after, state.view).empty());
        CHECK(after == state);
    }
}

TEST_CASE("a pause whose reason is gone ends without effect") {
    State gone = given(Hls);
    (void)step(gone, over(Phase::preparing));
    CHECK(step(gone, Waited{}).empty());
    CHECK(gone.mode == Preparing);

    State without = given(Hls);
    without.whepOn = true;
    (void)step(without, live("", hls));
    CHECK(step(without, Waited{}).empty());

    State rested = given(Hls, live("", hls));
    (void)step(rested, Failed{});
    CHECK(step(rested, Waited{}) == Effects{Wait{30s}});
    CHECK(rested.mode == Hls);
    (void)step(rested, Playing{});
    CHECK(step(rested, Waited{}).empty());
}

TEST_CASE("once WHEP has worked, its next failure counts as the first") {
    State state;
    (void)step(state, live());
    (void)step(state, Waited{});  // to HLS
    (void)step(state, Waited{});  // behind it
    CHECK(step(state, Waited{}) == Effects{StopWhep{}, Wait{30s}});
    (void)step(state, Waited{});
    (void)step(state, WhepUp{});
    (void)step(state, Playing{});
    CHECK(step(state, WhepDown{}) == Effects{StopWhep{}, Wait{10s}});
}

TEST_CASE("phases are known by the names they have in the public view") {
    CHECK(readPhase("waiting") == Phase::waiting);
    CHECK(readPhase("live") == Phase::live);
    CHECK(readPhase("interrupted") == Phase::interrupted);
    CHECK(readPhase("preparing") == Phase::preparing);
    CHECK(readPhase("recording") == Phase::recording);
    CHECK(readPhase("none") == Phase::none);
    CHECK(readPhase("Live") == Phase::none);
}
