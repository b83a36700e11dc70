#include "streams/notice.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"

using namespace streams;
using namespace streams::notice;
using enum Step;
using sample::at;

namespace {

const std::string now = "2026-09-23T10:00:01.000Z";

State given(Step step, int conflicts = 0) {
    State state{.step = step, .now = now, .cloudflareInputId = sample::kInput, .notice = Connected{at("10:00")}};
    state.conflicts = conflicts;
    return state;
}

Stream live() {
    Stream stream = merge(sample::stream(), Connected{at("10:00")});
    stream.updatedAt = now;
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
    };
    const Stream ready = sample::stream();
    // clang-format off
    const Row rows[] = {
        {New,      Told{sample::kInput, Connected{at("10:00")}}, Finding,  FindStream{sample::kInput}},
        {New,      Irrelevant{"a test"},                         Done,     Accept{"a test"}},
        {New,      Malformed{{"/uid", "is missing"}},            Done,     Refuse{400, "malformed", "This notice is not what it should be: is missing.", "/uid"}},
        {Finding,  StreamMissing{},                              Done,     Accept{"unknown input"}},
        {Finding,  StreamFound{ready, "7"},                      Updating, UpdateStream{"7", ready, live()}},
        {Finding,  StreamFound{live(), "7"},                     Done,     Accept{"nothing new"}},
        {Finding,  Failed{},                                     Done,     storeFailed()},
        {Updating, Updated{},                                    Done,     Accept{"updated"}},
        {Updating, Failed{"conflict", ""},                       Finding,  FindStream{sample::kInput}},
        {Updating, Failed{"conflict", ""},                       Done,     storeFailed(), 20},
        {Updating, Failed{"unavailable", ""},                    Done,     storeFailed()},
        // No rule.
        {Finding,  Updated{},                                    Done,     unexpected()},
    };
    // clang-format on
    int i = 0;
    for (const Row& row : rows) {
        CAPTURE(i++);
        State state = given(row.before, row.conflicts);
        CHECK(step(state, row.event) == row.effect);
        CHECK(state.step == row.after);
    }
}

TEST_CASE("a conflict is counted, so that it cannot go on for ever") {
    State state = given(Updating);
    (void)step(state, Failed{"conflict", ""});
    CHECK(state.conflicts == 1);
}
