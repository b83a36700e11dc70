#include "streams/reconcile.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"
#include "streams/merge.hpp"
#include "streams/view.hpp"

using namespace streams;
using namespace streams::reconcile;
using enum Step;
using sample::at;

namespace {

const std::string now = "2026-09-23T11:02:00.000Z";

Stream live() {
    Stream stream = merge(sample::stream(), Connected{at("10:00")});
    stream.nextCheckAt = now;
    return stream;
}
Stream liveSince(const char* time) { return merge(live(), Connected{sample::at(time)}); }
Stream ended() { return merge(live(), Disconnected{at("11:00"), DisconnectReason::stopped}); }
Stream withMux(Stream stream) {
    stream.muxLiveStreamId = "l1";
    stream.backup = Backup::ready;
    stream.simulcastEnabled = true;
    return stream;
}
Recording made() { return sample::recording("v", "10:00", 60, "11:01"); }
Recording asset(RecordingState state = RecordingState::ready) {
    Recording recording = sample::recording("a", "10:00", 60, "11:02");
    recording.provider = Provider::mux;
    recording.state = state;
    return recording;
}

Facts told(std::vector<Recording> videos, InputStatus status = {}) {
    Facts facts{};
    facts.status = status;
    facts.videos = std::move(videos);
    return facts;
}
Facts toldOfMux(MuxState state, std::vector<Recording> assets) {
    Facts facts = told({});
    facts.mux = state;
    facts.assets = std::move(assets);
    return facts;
}
Facts nothing() {
    Facts facts{};
    facts.unasked = true;
    return facts;
}

State given(Step step, Stream stream = live(), Facts facts = {}, bool person = false) {
    State state{.step = step, .id = "s1", .now = now};
    state.stream = std::move(stream);
    state.version = "7";
    state.facts = std::move(facts);
    if (person) state.user = sample::owner();
    return state;
}
State updating(bool person, int conflicts = 0) {
    State state = given(Updating, ended(), told({made()}), person);
    state.after = reconciled(state.stream, state.facts, now);
    state.conflicts = conflicts;
    return state;
}

}  // namespace

TEST_CASE("each rule of asking moves the flow on and says what to do") {  // a row a rule, in the order of kRules
    struct Row {
        State before;
        Event event;
        Step after;
        Effect effect;
    };
    const Failed broken{"timeout", ""}, missing{"not-found", ""}, conflict{"conflict", ""};
    const MemorialFound memorial{sample::memorial()};
    const std::string& input = sample::kInput;
    State stranger = given(Authorizing, live(), {}, true);
    stranger.user = sample::stranger();
    const Stream both = withMux(live());
    const Stream recorded = reconciled(ended(), told({made()}), now);
    const auto update = [](const Stream& from, const Facts& facts) {
        return UpdateStream{"7", from, reconciled(from, facts, now)};
    };
    Facts half = told({});
    half.status.reset();
    half.videos.reset();
    Facts halfUnasked = half;
    halfUnasked.unasked = true;
    Facts muxAlso = told({});
    muxAlso.mux = MuxState::active;
    Facts muxUnasked = muxAlso;
    muxUnasked.unasked = true;
    Facts allTold = muxAlso;
    allTold.assets.emplace();
    const Refuse notAsked{502, "provider-unavailable",
                          "The video service could not be asked just now. Please try again in a minute.", ""};
    // clang-format off
    const Row rows[] = {
        {given(New),                          Asked{},                  Taking,       TakeCheck{"s1", now, "2026-09-23T11:03:00.000Z"}},
        {given(New, live(), {}, true),        Asked{},                  Finding,      FindStream{"s1"}},
        {given(Taking),                       StreamFound{live(), "7"}, AskingInput,  GetInput{input}},
        {given(Taking),                       StreamMissing{},          Done,         Answer{"not due"}},
        {given(Taking),                       broken,                   Done,         storeFailed()},
        {given(Finding),                      StreamMissing{},          Done,         Answer{"no such stream"}},
        {given(Finding, live(), {}, true),    StreamMissing{},          Done,         noStream()},
        {given(Finding, live(), {}, true),    StreamFound{live(), "7"}, Authorizing,  FindMemorial{"m1"}},
        {given(Finding),                      StreamFound{live(), "7"}, AskingInput,  GetInput{input}},
        {given(Finding),                      broken,                   Done,         storeFailed()},
        {given(Authorizing, live(), {}, true), MemorialMissing{},       Done,         noStream()},
        {stranger,                            memorial,                 Done,         otherFamily()},
        {given(Authorizing, live(), {}, true), memorial,                AskingInput,  GetInput{input}},
        {given(Authorizing, live(), {}, true), broken,                  Done,         storeFailed()},
        {given(AskingInput),                  InputTold{},              AskingVideos, ListVideos{input}},
        {given(AskingInput),                  broken,                   AskingVideos, ListVideos{input}},
        {given(AskingVideos, both),           VideosTold{},             AskingMux,    GetMuxStream{"l1"}},
        {given(AskingVideos, ended()),        VideosTold{{made()}},     Updating,     update(ended(), told({made()}))},
        {given(AskingVideos, both),           broken,                   AskingMux,    GetMuxStream{"l1"}},
        {given(AskingVideos),                 missing,                  Updating,     update(live(), half)},
        {given(AskingVideos),                 broken,                   Updating,     update(live(), halfUnasked)},
        {given(AskingVideos, live(), {}, true), broken,                 Done,         notAsked},
        {given(AskingMux, both),              MuxTold{MuxState::idle},  AskingAssets, ListMuxAssets{"l1"}},
        {given(AskingMux, both),              broken,                   AskingAssets, ListMuxAssets{"l1"}},
        {given(AskingAssets, both, muxAlso),  AssetsTold{},             Updating,     update(both, allTold)},
        {given(AskingAssets, both, muxAlso),  broken,                   Updating,     update(both, muxUnasked)},
        {updating(false),                     Updated{},                Done,         Answer{"checked"}},
        {updating(true),                      Updated{},                Done,         Answer{"checked", recorded}},
        {updating(false),                     conflict,                 FindingAgain, FindStream{"s1"}},
        {updating(false, 20),                 conflict,                 Done,         storeFailed()},
        {updating(false),                     broken,                   Done,         storeFailed()},
        {given(FindingAgain, live(), told({made()})), StreamFound{ended(), "7"}, Updating, update(ended(), told({made()}))},
        {given(FindingAgain, live(), told({made()})), StreamFound{recorded, "7"}, Done, Answer{"nothing new"}},
        {given(FindingAgain),                 StreamMissing{},          Done,         Answer{"no such stream"}},
        {given(FindingAgain),                 broken,                   Done,         storeFailed()},
        // No rule.
        {given(Done),                         Updated{},                Done,         unexpected()},
    };
    // clang-format on
    int i = 0;
    for (const Row& row : rows) {
        CAPTURE(i++);
        State state = row.before;
        CHECK((step(state, row.event) == row.effect));
        CHECK(state.step == row.after);
    }
}

TEST_CASE("what providers say is merged as their notices would have been") {
    using On = InputStatus::Now;
    struct Row {
        Stream stream;
        Facts facts;
        Status status;
        Phase phase;
    };
    const Stream ready = sample::stream();
    const std::string later = at("11:01");
    // clang-format off
    const Row rows[] = {
        {ready,   told({}),                                        Status::ready,     Phase::waiting},
        {ready,   told({}, {On::gone, at("11:00")}),                   Status::completed, Phase::interrupted},
        {ready,   told({}, {On::live, later}),                         Status::live,      Phase::live},
        {ready,   told({}, {On::live}),                                Status::live,      Phase::live},
        {live(),  told({}, {On::gone, later, DisconnectReason::stopped}), Status::completed, Phase::preparing},
        {live(),  told({}, {On::gone}),                                Status::completed, Phase::interrupted},
        {live(),  told({made()}, {On::gone}),                          Status::completed, Phase::recording},
        {liveSince("11:02"), told({}, {On::gone}),                  Status::live,      Phase::live},  // perhaps a little behind
        {live(),  told({}, {On::gone, at("09:00")}),                   Status::live,      Phase::live},  // yesterday's
        {live(),  told({}, {On::live, at("09:00")}),                   Status::live,      Phase::live},
        {live(),  nothing(),                                       Status::live,      Phase::live},
        {ended(), told({}, {On::live, at("10:00")}),                   Status::completed, Phase::preparing},  // before the end
        {ended(), told({}, {On::live, later}),                         Status::live,      Phase::live},
        {ended(), told({made()}),                                  Status::completed, Phase::recording},
        {ended(), told({sample::failed("v", "10:00", "11:01")}),   Status::completed, Phase::none},
        {withMux(ended()), toldOfMux(MuxState::idle, {asset()}),   Status::completed, Phase::recording},
        {withMux(ended()), toldOfMux(MuxState::active, {asset(RecordingState::making)}), Status::completed, Phase::preparing},
        {withMux(ready), toldOfMux(MuxState::active, {}),          Status::live,      Phase::live},
    };
    // clang-format on
    int i = 0;
    for (const Row& row : rows) {
        CAPTURE(i++);
        const Stream after = reconciled(row.stream, row.facts, now);
        CHECK(after.status == row.status);
        CHECK(phase(after) == row.phase);
        Stream again = reconciled(after, row.facts, now);
        CHECK((again == after));
    }
}

TEST_CASE("the recording is given up after two hours, honestly, and only when everybody was asked") {
    const std::string late = "2026-09-23T13:00:00.000Z";
    const Stream given = reconciled(ended(), told({}), late);
    CHECK(phase(given) == Phase::none);
    CHECK_FALSE(given.nextCheckAt.has_value());
    CHECK(given.recordingSources.cloudflare.reason == "The video service made no recording of this broadcast.");
    const Stream waiting = reconciled(ended(), nothing(), late);
    CHECK(phase(waiting) == Phase::preparing);
    CHECK(waiting.nextCheckAt == "2026-09-23T13:30:00.000Z");
    const Stream soon = reconciled(ended(), told({}), now);
    CHECK(phase(soon) == Phase::preparing);
    CHECK(soon.nextCheckAt == "2026-09-23T11:05:00.000Z");
    const Stream noBackup = reconciled(withMux(ended()), toldOfMux(MuxState::idle, {}), late);
    CHECK(noBackup.recordingSources.mux->reason == "Mux made no recording of this broadcast.");
}

TEST_CASE("what is not listed any more cannot be played; a list that is behind takes nothing away") {
    const Stream recorded = merge(ended(), Recorded{made()});
    CHECK(phase(reconciled(recorded, told({}), "2026-09-23T11:01:09.000Z")) == Phase::recording);
    CHECK(phase(reconciled(recorded, told({}), now)) == Phase::none);
    CHECK(phase(reconciled(recorded, nothing(), now)) == Phase::recording);
    const Stream back = reconciled(reconciled(recorded, told({}), now), told({made()}), now);
    CHECK(phase(back) == Phase::recording);
}

TEST_CASE("a live stream of Mux that is gone is a backup that failed") {
    const Stream after = reconciled(withMux(live()), toldOfMux(MuxState::gone, {}), now);
    CHECK(after.backup == Backup::failed);
    CHECK(after.simulcastEnabled == false);
}

TEST_CASE("asking changes nothing that viewers see when there is nothing new") {
    const Stream after = reconciled(live(), told({}, {InputStatus::Now::live, at("10:00")}), now);
    CHECK(after.updatedAt == live().updatedAt);
    CHECK(after.nextCheckAt == "2026-09-23T11:02:30.000Z");
}

TEST_CASE("new addresses are taken over, but not those that were read before somebody else's change") {
    LiveInput told{.uid = sample::kInput,
                   .whipUrl = "https://new/webRTC/publish",
                   .whepUrl = sample::kWhep,
                   .hlsUrl = sample::kHls};
    State first = given(AskingVideos);
    first.facts.input = told;
    const Effect effect = step(first, VideosTold{});
    CHECK(std::get_if<UpdateStream>(&effect)->after.whipUrl == told.whipUrl);
    State second = given(FindingAgain, live(), first.facts);
    second.conflicts = 1;
    const Effect again = step(second, StreamFound{live(), "8"});
    CHECK(std::get_if<UpdateStream>(&again)->after.whipUrl == sample::kWhip);
}

TEST_CASE("where addresses differ that were read before somebody else's change, they are read again soon") {
    Stream over = reconciled(ended(), told({made()}), now);
    REQUIRE(!over.nextCheckAt);
    State state = given(FindingAgain, over, told({made()}));
    state.facts.input = LiveInput{.uid = sample::kInput, .whipUrl = "https://new/webRTC/publish"};
    state.conflicts = 1;
    const Effect effect = step(state, StreamFound{over, "8"});
    REQUIRE(std::holds_alternative<UpdateStream>(effect));
    CHECK(std::get_if<UpdateStream>(&effect)->after.nextCheckAt == "2026-09-23T11:03:00.000Z");
}

TEST_CASE("a provider that wants to be left alone is left alone for so long") {
    struct Row {
        int retryAfter;
        const char* nextCheckAt;
    };
    const Row rows[] = {
        {0, "2026-09-23T11:03:00.000Z"}, {10, "2026-09-23T11:03:00.000Z"}, {600, "2026-09-23T11:12:00.000Z"}};
    for (const Row& row : rows) {
        CAPTURE(row.retryAfter);
        State state = given(AskingInput);
        (void)step(state, Failed{"rate-limited", "", row.retryAfter});
        const Effect effect = step(state, Failed{"timeout", ""});
        REQUIRE(std::holds_alternative<UpdateStream>(effect));
        CHECK(std::get_if<UpdateStream>(&effect)->after.nextCheckAt == row.nextCheckAt);
    }
}
