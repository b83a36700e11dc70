#include "streams/notice.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"

using namespace streams;
using namespace streams::notice;
using enum Step;
using sample::at;

namespace {

const std::string now = "2026-09-23T10:00:01.000Z";

const Told told{{.cloudflareInputId = sample::kInput}, Connected{at("10:00")}, "key"};
const Told mux{{.muxLiveStreamId = "l1", .passthrough = "s1:again"}, MuxActive{at("10:00")}, "key"};
const Told marked{{.passthrough = "s1"}, MuxActive{at("10:00")}, "key"};

State given(Step step, int conflicts = 0, const Told& about = told, bool byMark = false) {
    State state{.step = step, .now = now, .told = about};
    state.conflicts = conflicts;
    state.byMark = byMark;
    return state;
}

Stream live() {
    Stream stream = merge(sample::stream(), Connected{at("10:00")});
    stream.updatedAt = now;
    stream.nextCheckAt = "2026-09-23T10:00:31.000Z";
    return stream;
}

Stream muxLive() {
    Stream stream = merge(sample::stream(), mux.notice);
    stream.updatedAt = now;
    stream.nextCheckAt = "2026-09-23T10:00:31.000Z";
    return stream;
}

}  // namespace

TEST_CASE("each rule of a notice moves the flow on and says what to do") {  // a row a rule, in the order of kRules
    struct Row {
        Step before;
        Event event;
        Step after;
        Effect effect;
        int conflicts = 0;
        Told about = told;
        bool byMark = false;
    };
    const FindStream find{"cloudflareInputId", sample::kInput};
    const Stream ready = sample::stream();
    // clang-format off
    const Row rows[] = {
        {New,      told,                                Finding,  find},
        {New,      mux,                                 Finding,  FindStream{"muxLiveStreamId", "l1"}},
        {New,      marked,                              Finding,  FindStream{"id", "s1"}},
        {New,      Irrelevant{"a test"},                Done,     Accept{"a test"}},
        {New,      Malformed{{"/uid", "is missing"}},   Done,     Refuse{400, "malformed", "This notice is not what it should be: is missing.", "/uid"}},
        {Finding,  StreamMissing{},                     Finding,  FindStream{"id", "s1"}, 0, mux},
        {Finding,  StreamMissing{},                     Done,     Accept{"unknown input"}},
        {Finding,  StreamMissing{},                     Done,     Accept{"unknown input"}, 0, mux, true},
        {Finding,  StreamFound{ready, "7"},             Done,     Accept{"unknown input"}, 0, mux, true},
        {Finding,  StreamFound{ready, "7"},             Updating, UpdateStream{"7", ready, live(), "key"}},
        {Finding,  StreamFound{ready, "7"},             Updating, UpdateStream{"7", ready, muxLive(), "key"}, 0, marked, true},
        {Finding,  StreamFound{live(), "7"},            Done,     Accept{"nothing new"}},
        {Finding,  Failed{},                            Done,     storeFailed()},
        {Updating, Updated{true},                       Done,     Accept{"known already"}},
        {Updating, Updated{},                           Done,     Accept{"updated"}},
        {Updating, Failed{"conflict", ""},              Finding,  find},
        {Updating, Failed{"conflict", ""},              Finding,  FindStream{"id", "s1"}, 0, mux, true},
        {Updating, Failed{"conflict", ""},              Done,     storeFailed(), 20},
        {Updating, Failed{"unavailable", ""},           Done,     storeFailed()},
        // No rule.
        {Finding,  Updated{},                                    Done,     unexpected()},
    };
    // clang-format on
    int i = 0;
    for (const Row& row : rows) {
        CAPTURE(i++);
        State state = given(row.before, row.conflicts, row.about, row.byMark);
        CHECK(step(state, row.event) == row.effect);
        CHECK(state.step == row.after);
    }
}

TEST_CASE("a conflict is counted, so that it cannot go on for ever") {
    State state = given(Updating);
    (void)step(state, Failed{"conflict", ""});
    CHECK(state.conflicts == 1);
}
