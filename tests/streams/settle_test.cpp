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
    return known;
}

State given(Step step, Intent of, std::vector<std::string> inputs = {}, std::vector<std::string> mux = {}) {
    State state{.step = step, .id = "s1", .now = now, .intent = std::move(of)};
    state.inputs = std::move(inputs);
    state.mux = std::move(mux);
    return state;
}

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
        {given(Reading, knowing()),             StreamFound{kept()}, Finishing,       drop},  // all of it is referenced
        {given(Reading, intent()),              StreamMissing{},     Finishing,       drop},
        {given(Reading, knowing()),             StreamMissing{},     DeletingInputs,  DeleteInput{"i1"}},
        {given(Reading, knowing()),             broken,              Done,            Answer{"later"}},
        {given(SearchingInputs, looking()),     Found{{"i1"}},       SearchingMux,    FindMuxStreams{"s1"}},
        {given(SearchingInputs, looking()),     broken,              SearchingMux,    FindMuxStreams{"s1"}},
        {given(SearchingMux, looking()),        Found{{"l1"}},       DeletingMux,     DeleteMuxStream{"l1"}},
        {given(SearchingMux, looking()),        broken,              Finishing,       SaveIntent{due(looking(), soon, 1)}},
        {given(DeletingInputs, intent(), {"i1"}, {"l1"}), Carried{}, DeletingMux,     DeleteMuxStream{"l1"}},
        {given(DeletingInputs, intent(), {"i1"}),         missing,   Finishing,       drop},
        {given(DeletingInputs, knowing(), {"i1"}, {"l1"}), broken,   DeletingMux,     DeleteMuxStream{"l1"}},
        {given(DeletingMux, intent(), {}, {"l2", "l1"}),  Carried{}, DeletingMux,     DeleteMuxStream{"l2"}},
        {given(DeletingMux, intent(), {}, {"l1"}),        missing,   Finishing,       drop},
        {given(DeletingMux, knowing(), {}, {"l1"}),       broken,    Finishing,       SaveIntent{due(knowing(), soon, 1)}},
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
        State state = given(DeletingMux, of, {}, {"l1"});
        const Effect effect = step(state, Failed{"unavailable", ""});
        REQUIRE(std::holds_alternative<SaveIntent>(effect));
        CHECK(std::get_if<SaveIntent>(&effect)->intent.due == row.due);
    }
}

TEST_CASE("what the document references stays, though it bears the mark") {
    State state = given(Taking, {});
    (void)step(state, Taken{looking()});
    (void)step(state, StreamFound{kept()});
    (void)step(state, Found{{"i1", "i2"}});
    CHECK((step(state, Found{{"l1"}}) == Effect{DeleteInput{"i2"}}));
    CHECK(std::holds_alternative<SaveIntent>(step(state, Carried{})));
}
