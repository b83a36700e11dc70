#include "streams/settle.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"

using namespace streams;
using namespace streams::settle;
using enum Step;

namespace {

const std::string now = "2026-09-23T08:00:00.000Z";

Intent intent() {
    return {.id = "s1", .streamId = "s1", .phase = Intent::Phase::settling, .due = "2026-09-23T08:02:00.000Z"};
}
Intent looking(int looks = 0) {
    Intent looked = intent();
    looked.lookInputs = looked.lookMux = true;
    looked.looks = looks;
    return looked;
}
Intent knowing() {
    Intent known = intent();
    known.cloudflareInputIds = {"i1"};
    known.muxLiveStreamIds = {"l1"};
    known.cloudflareVideoIds = {"v1"};
    known.muxAssetIds = {"a1"};
    return known;
}

State given(Step step, Intent of, std::vector<Doomed> doomed = {}) {
    State state{.step = step, .id = "s1", .now = now, .intent = std::move(of)};
    state.doomed = std::move(doomed);
    return state;
}
const Doomed input{Kind::Input, "i1"}, mux{Kind::MuxStream, "l1"}, video{Kind::Video, "v1"},
    asset{Kind::MuxAsset, "a1"};

Intent due(Intent of, const char* at, int attempts = 0, int looks = 0) {
    of.due = at;
    of.attempts = attempts;
    of.looks = looks;
    return of;
}

Stream kept() {
    Stream stream = sample::stream();
    stream.cloudflareInputId = "i1";
    stream.muxLiveStreamId = "l1";
    return stream;
}

}  // namespace

TEST_CASE("each rule of settling moves the flow on and says what to do") {  // a row a rule, in the order of kRules
    struct Row {
        State before;
        Event event;
        Step after;
        Effect effect;
    };
    const Failed broken{"timeout", ""};
    const Failed missing{"not-found", ""};
    const DropIntent drop{"s1"};
    const char* soon = "2026-09-23T08:00:30.000Z";
    // clang-format off
    const Row rows[] = {
        {given(New, {}),                        Asked{},             Taking,          TakeIntent{"s1", now, "2026-09-23T08:02:00.000Z"}},
        {given(Taking, {}),                     Taken{intent()},     Reading,         FindStream{"s1"}},
        {given(Taking, {}),                     NotDue{},            Done,            Answer{"nothing to do"}},
        {given(Taking, {}),                     broken,              Done,            Answer{"later"}},
        {given(Reading, looking()),             StreamFound{kept()}, SearchingInputs, FindInputs{"s1"}},
        {given(Reading, intent()),              StreamMissing{},     Finishing,       drop},
        {given(Reading, knowing()),             StreamMissing{},     Deleting,        DeleteInput{"i1"}},
        {given(Reading, knowing()),             broken,              Done,            Answer{"later"}},
        {given(SearchingInputs, looking()),     Found{{"i1"}},       SearchingMux,    FindMuxStreams{"s1"}},
        {given(SearchingInputs, looking()),     broken,              SearchingMux,    FindMuxStreams{"s1"}},
        {given(SearchingMux, looking()),        Found{{"l1"}},       Deleting,        DeleteMuxStream{"l1"}},
        {given(SearchingMux, looking()),        broken,              Finishing,       SaveIntent{due(looking(), soon, 1)}},
        {given(Deleting, intent(), {input, mux}),   Carried{},       Deleting,        DeleteMuxStream{"l1"}},
        {given(Deleting, intent(), {mux, video}),   Carried{},       Deleting,        DeleteVideo{"v1"}},
        {given(Deleting, intent(), {video, asset}), Carried{},       Deleting,        DeleteMuxAsset{"a1"}},
        {given(Deleting, intent(), {asset}),        missing,         Finishing,       drop},
        {given(Deleting, knowing(), {input, mux}),  broken,          Deleting,        DeleteMuxStream{"l1"}},
        {given(Deleting, knowing(), {asset}),       broken,          Finishing,       SaveIntent{due(knowing(), soon, 1)}},
        {given(Finishing, intent()),            Carried{},           Done,            Answer{"settled"}},
        {given(Finishing, intent()),            broken,              Done,            Answer{"later"}},
        // No rule.
        {given(Done, intent()),                 Carried{},           Done,            Answer{"a result that nothing asked for"}},
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

TEST_CASE("what was found late is searched for again, for an hour; then the intent goes") {
    const char* next[] = {"2026-09-23T08:01:00.000Z", "2026-09-23T08:10:00.000Z", "2026-09-23T09:00:00.000Z"};
    for (int looks = 0; looks < 3; looks++) {
        CAPTURE(looks);
        State state = given(SearchingMux, looking(looks));
        CHECK((step(state, Found{}) == Effect{SaveIntent{due(looking(), next[looks], 0, looks + 1)}}));
    }
    State last = given(SearchingMux, looking(3));
    CHECK((step(last, Found{}) == Effect{DropIntent{"s1"}}));
}

TEST_CASE("a provider that wants to be left alone is not searched before") {
    State state = given(SearchingInputs, looking());
    (void)step(state, Failed{"rate-limited", "", 300});
    const Effect effect = step(state, Found{});
    REQUIRE(std::holds_alternative<SaveIntent>(effect));
    CHECK(std::get_if<SaveIntent>(&effect)->intent.due == "2026-09-23T08:05:00.000Z");
}

TEST_CASE("what cannot be deleted is tried again, ever more rarely, and never given up") {
    struct Row {
        int attempts;
        const char* due;
    };
    const Row rows[] = {{0, "2026-09-23T08:00:30.000Z"}, {1, "2026-09-23T08:01:00.000Z"},
                        {2, "2026-09-23T08:02:00.000Z"}, {3, "2026-09-23T08:05:00.000Z"},
                        {4, "2026-09-23T08:10:00.000Z"}, {5, "2026-09-23T08:30:00.000Z"},
                        {6, "2026-09-23T09:00:00.000Z"}, {99, "2026-09-23T09:00:00.000Z"}};
    for (const Row& row : rows) {
        CAPTURE(row.attempts);
        Intent of = knowing();
        of.attempts = row.attempts;
        State state = given(Deleting, of, {mux});
        const Effect effect = step(state, Failed{"unavailable", ""});
        REQUIRE(std::holds_alternative<SaveIntent>(effect));
        CHECK(std::get_if<SaveIntent>(&effect)->intent.due == row.due);
    }
}

TEST_CASE("what a stream that was removed had is deleted whole: what records first, then what was recorded") {
    State state = given(Taking, {});
    (void)step(state, Taken{knowing()});
    CHECK((step(state, StreamMissing{}) == Effect{DeleteInput{"i1"}}));
    CHECK((step(state, Carried{}) == Effect{DeleteMuxStream{"l1"}}));
    CHECK((step(state, Carried{}) == Effect{DeleteVideo{"v1"}}));
    CHECK((step(state, Carried{}) == Effect{DeleteMuxAsset{"a1"}}));
    CHECK((step(state, Carried{}) == Effect{DropIntent{"s1"}}));
}

TEST_CASE("what the document references stays, though it bears the mark") {
    State state = given(Taking, {});
    (void)step(state, Taken{looking()});
    (void)step(state, StreamFound{kept()});
    (void)step(state, Found{{"i1", "i2"}});
    CHECK((step(state, Found{{"l1"}}) == Effect{DeleteInput{"i2"}}));
    CHECK(std::holds_alternative<SaveIntent>(step(state, Carried{})));
}
