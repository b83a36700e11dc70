#include "streams/read.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"

using namespace streams;
using namespace streams::read;
using enum Step;

namespace {

Memorial other() { return {.id = "m2", .name = "B. Example", .ownerUid = "other"}; }

Stream named(const std::string& id, const std::string& created) {
    Stream stream = sample::stream();
    stream.id = id;
    stream.createdAt = created;
    return stream;
}

State given(Step step, const User& user = sample::owner()) {
    return {.step = step, .user = user, .memorial = sample::memorial(), .stream = sample::stream()};
}

}  // namespace

TEST_CASE("each rule of reading moves the flow on and says what to do") {  // a row a rule, in the order of kRules
    struct Row {
        Step before;
        Event event;
        Step after;
        Effect effect;
        User user = sample::owner();
    };
    const Memorial memorial = sample::memorial();
    const User owner = sample::owner();
    const User director{"director", "funeral_director"};
    const Memorial asked{.id = "m9", .name = "C. Example"};
    const Memorial owned{.id = "m9", .name = "C. Example", .ownerUid = "director", .funeralDirectorUid = "director"};
    const Refuse mayNot{403, "forbidden", "Only administrators and funeral directors can open a memorial.", ""};
    const std::vector<Stream> streams{named("a", "2026-01-01"), named("c", "2026-01-02"), named("b", "2026-01-02")};
    const std::vector<Stream> sorted{streams[2], streams[1], streams[0]};
    // clang-format off
    const Row rows[] = {
        {New,            ViewMemorial{"m1"},             Viewing,        FindMemorial{"m1"}},
        {Viewing,        MemorialMissing{},              Done,           noMemorial()},
        {Viewing,        MemorialFound{memorial},        ViewingStreams, FindStreams{"m1"}},
        {Viewing,        Failed{},                       Done,           storeFailed()},
        {ViewingStreams, StreamsFound{streams},          Done,           ShowMemorial{memorial, sorted}},
        {ViewingStreams, Failed{},                       Done,           storeFailed()},

        {New,            ListStreams{owner, "m1"},       Listing,        FindMemorial{"m1"}},
        {Listing,        MemorialMissing{},              Done,           noMemorial()},
        {Listing,        MemorialFound{memorial},        Done,           otherFamily(), sample::stranger()},
        {Listing,        MemorialFound{memorial},        ListingStreams, FindStreams{"m1"}},
        {Listing,        Failed{},                       Done,           storeFailed()},
        {ListingStreams, StreamsFound{streams},          Done,           ShowStreams{memorial, sorted}},
        {ListingStreams, Failed{},                       Done,           storeFailed()},

        {New,            GetStream{owner, "s1"},         Getting,        FindStream{"s1"}},
        {Getting,        StreamMissing{},                Done,           noStream()},
        {Getting,        StreamFound{sample::stream()},  Authorizing,    FindMemorial{"m1"}},
        {Getting,        Failed{},                       Done,           storeFailed()},
        {Authorizing,    MemorialMissing{},              Done,           noStream()},
        {Authorizing,    MemorialFound{memorial},        Done,           otherFamily(), sample::stranger()},
        {Authorizing,    MemorialFound{memorial},        Done,           ShowStream{sample::stream()}},
        {Authorizing,    Failed{},                       Done,           storeFailed()},

        {New,            ListMemorials{owner},           Choosing,       FindMemorials{}},
        {Choosing,       MemorialsFound{{memorial, other()}}, Done,      ShowMemorials{{memorial}}},
        {Choosing,       MemorialsFound{{memorial, other()}}, Done,      ShowMemorials{{memorial, other()}}, {"root", "admin"}},
        {Choosing,       Failed{},                       Done,           storeFailed()},

        {New,            CreateMemorial{owner, asked},   Done,           mayNot},
        {New,            CreateMemorial{director, asked}, Saving,        SaveMemorial{owned}},
        {Saving,         Saved{},                        Done,           ShowCreated{memorial}},
        {Saving,         Failed{},                       Done,           storeFailed()},
        // No rule.
        {Choosing,       Saved{},                        Done,           unexpected()},
    };
    // clang-format on
    int i = 0;
    for (const Row& row : rows) {
        CAPTURE(i++);
        State state = given(row.before, row.user);
        CHECK(step(state, row.event) == row.effect);
        CHECK(state.step == row.after);
    }
}

TEST_CASE("who asks is remembered until the memorial is known") {
    const Event questions[] = {ListStreams{sample::stranger(), "m1"}, GetStream{sample::stranger(), "s1"}};
    for (const Event& question : questions) {
        State state{};
        Effect effect = step(state, question);
        if (std::holds_alternative<FindStream>(effect)) effect = step(state, StreamFound{sample::stream()});
        CHECK(step(state, MemorialFound{sample::memorial()}) == Effect{otherFamily()});
    }
}

TEST_CASE("an administrator's memorial has no funeral director yet") {
    State state{};
    const Effect effect = step(state, CreateMemorial{{"root", "admin"}, {.id = "m9", .name = "C. Example"}});
    CHECK(effect == Effect{SaveMemorial{{.id = "m9", .name = "C. Example", .ownerUid = "root"}}});
}
