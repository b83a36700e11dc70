#include "streams/create.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"

using namespace streams;
using namespace streams::create;
using enum Step;

namespace {

const LiveInput input{.uid = sample::kInput,
                      .whipUrl = sample::kWhip,
                      .whepUrl = sample::kWhep,
                      .rtmpUrl = "rtmps://live.cloudflare.com:443/live/",
                      .streamKey = sample::kSecret + "k" + sample::kInput,
                      .hlsUrl = sample::kHls};

Order order(const std::string& key = "") {
    return {.user = sample::owner(),
            .memorialId = "m1",
            .title = "Service",
            .streamId = "s1",
            .idempotencyKey = key,
            .now = "2026-09-23T08:00:00.000Z",
            .mediaBase = "http://vigil.test"};
}

Order byStranger() {
    Order from = order();
    from.user = sample::stranger();
    return from;
}

State given(Step step, Order from, int attempts = 1) {
    State state{.step = step, .order = std::move(from)};
    state.attempts = attempts;
    if (step == Saving || step == Checking || step == Undoing) state.stream = sample::stream();
    return state;
}

Refuse storeDown() { return storeFailed(); }
Failed broken(const char* code = "unavailable") { return {code, "words for the log"}; }

}  // namespace

TEST_CASE("each rule of creation moves the flow on and says what to do") {  // a row a rule, in the order of kRules
    struct Row {
        Step before;
        Order order;
        Event event;
        Step after;
        Effect effect;
        int attempts = 1;
    };
    const Refuse reused{422, "idempotency-key-reused",
                        "This request was sent before with other content. Please reload the page and try again.", ""};
    const Refuse noInput{502, "provider-unavailable",
                         "The video service could not set up the stream. Please try again in a minute.", ""};
    const Refuse late{504, "provider-timeout",
                      "The video service took too long to answer. Nothing is lost: please try again.", ""};
    const CreateInput create{"s1", "s1", "Service", "m1", "owner"};
    const CreateInput again{"s1", "s1:2", "Service", "m1", "owner"};
    const CreateInput earlier{"s0", "s0", "Service", "m1", "owner"};
    const Stream made = sample::stream();
    // clang-format off
    const Row rows[] = {
        {New,         order(),      Ordered{},                        Looking,     FindMemorial{"m1"}},
        {Looking,     order(),      MemorialMissing{},                Done,        noMemorial()},
        {Looking,     byStranger(), MemorialFound{sample::memorial()}, Done,       otherFamily()},
        {Looking,     order("k"),   MemorialFound{sample::memorial()}, Claiming,   ClaimKey{"owner", "k", order("k")}},
        {Looking,     order(),      MemorialFound{sample::memorial()}, MakingInput, create},
        {Looking,     order(),      broken(),                         Done,        storeDown()},
        {Claiming,    order("k"),   Claimed{"s1", false},             Done,        reused},
        {Claiming,    order("k"),   Claimed{"s0", true},              Recalling,   FindStream{"s0"}},
        {Claiming,    order("k"),   Claimed{"s1", true},              MakingInput, create},
        {Claiming,    order("k"),   broken(),                         Done,        storeDown()},
        {Recalling,   order("k"),   StreamFound{made},                Done,        Created{made}},
        {Recalling,   order("k"),   StreamMissing{},                  MakingInput, create},
        {Recalling,   order("k"),   broken(),                         Done,        storeDown()},
        {MakingInput, order(),      InputMade{input},                 Saving,      SaveStream{made}},
        {MakingInput, order(),      broken("conflict"),               MakingInput, again},
        {MakingInput, order(),      broken("conflict"),               Done,        noInput, 3},
        {MakingInput, order(),      broken(),                         Done,        noInput},
        {MakingInput, order(),      broken("timeout"),                Done,        late},
        {Saving,      order(),      Saved{},                          Done,        Created{made}},
        {Saving,      order(),      broken(),                         Checking,    FindStream{"s1"}},
        {Saving,      order(),      broken("conflict"),               Checking,    FindStream{"s1"}},
        {Checking,    order(),      StreamFound{made},                Done,        Created{made}},
        {Checking,    order(),      StreamMissing{},                  Undoing,     DeleteInput{sample::kInput}},
        {Checking,    order(),      broken(),                         Undoing,     DeleteInput{sample::kInput}},
        {Undoing,     order(),      InputDeleted{},                   Done,        storeDown()},
        {Undoing,     order(),      broken(),                         Done,        storeDown()},
        // No rule: an answer that nothing asked for ends the flow.
        {Saving,      order(),      InputMade{input},                 Done,        unexpected()},
        {Done,        order(),      Saved{},                          Done,        unexpected()},
    };
    // clang-format on
    int i = 0;
    for (const Row& row : rows) {
        CAPTURE(i++);
        State state = given(row.before, row.order, row.attempts);
        CHECK(step(state, row.event) == row.effect);
        CHECK(state.step == row.after);
    }
    State claimed = given(Claiming, order("k"));
    (void)step(claimed, Claimed{"s0", true});
    CHECK(step(claimed, StreamMissing{}) == Effect{earlier});  // under the id that was claimed, not a new one
}

TEST_CASE("an OBS stream keeps the RTMP address and key, a browser stream the WHIP address") {
    Order obs = order();
    obs.streamingMethod = StreamingMethod::obs;
    State state = given(MakingInput, obs);
    const Effect effect = step(state, InputMade{input});
    REQUIRE(std::holds_alternative<SaveStream>(effect));
    const Stream& stream = std::get_if<SaveStream>(&effect)->stream;
    CHECK(stream.rtmpUrl == input.rtmpUrl);
    CHECK(stream.streamKey == input.streamKey);
    CHECK_FALSE(stream.whipUrl.has_value());
}

TEST_CASE("addresses of our own media server are kept as paths") {
    LiveInput ours = input;
    ours.whipUrl = "http://vigil.test/media/key/webRTC/publish";
    ours.whepUrl = "http://vigil.test/media/uid/webRTC/play";
    ours.hlsUrl = "http://vigil.test/media/uid/manifest/video.m3u8";
    State state = given(MakingInput, order());
    const Effect effect = step(state, InputMade{ours});
    const Stream& stream = std::get_if<SaveStream>(&effect)->stream;
    CHECK(stream.whipUrl == "/media/key/webRTC/publish");
    CHECK(stream.whepUrl == "/media/uid/webRTC/play");
    CHECK(stream.playbackUrl == "/media/uid/manifest/video.m3u8");
}

TEST_CASE("a backup that is wished for and cannot be made is a warning, also when the stream was there already") {
    Order wished = order("k");
    wished.enableMuxBackup = true;
    State saving = given(Saving, wished);
    State recalling = given(Recalling, wished);
    const Effect effects[] = {step(saving, Saved{}), step(recalling, StreamFound{sample::stream()})};
    for (const Effect& effect : effects) {
        REQUIRE(std::holds_alternative<Created>(effect));
        const auto& warnings = std::get_if<Created>(&effect)->warnings;
        REQUIRE(warnings.size() == 1);
        CHECK(warnings[0].where == "/enableMuxBackup");
    }
}

// A world in which any step may fail. `failures` is read bit by bit, a bit for each effect carried out.
namespace {
struct World {
    unsigned failures = 0;
    bool input = false, stream = false;
    int effects = 0;

    Event carryOut(const Effect& effect) {
        const bool fails = (failures >> effects++) & 1U;
        if (std::holds_alternative<FindMemorial>(effect)) {
            return fails ? Event{broken()} : Event{MemorialFound{sample::memorial()}};
        }
        if (std::holds_alternative<ClaimKey>(effect)) return fails ? Event{broken()} : Event{Claimed{"s1", true}};
        if (std::holds_alternative<CreateInput>(effect)) {
            if (fails) return broken();
            input = true;
            return InputMade{::input};
        }
        if (std::holds_alternative<SaveStream>(effect)) {
            if (fails) return broken();
            stream = true;
            return Saved{};
        }
        if (std::holds_alternative<FindStream>(effect)) {
            if (fails) return broken();
            return stream ? Event{StreamFound{sample::stream()}} : Event{StreamMissing{}};
        }
        REQUIRE(std::holds_alternative<DeleteInput>(effect));
        if (fails) return broken();
        input = false;
        return InputDeleted{};
    }
};
}  // namespace

TEST_CASE("whatever fails, a live input is left only with its stream, or when deleting it failed too") {
    for (unsigned failures = 0; failures < 256; failures++) {
        CAPTURE(failures);
        World world{failures};
        State state = given(New, order("k"));
        Effect effect = step(state, Ordered{});
        bool undone = true;
        while (!std::holds_alternative<Created>(effect) && !std::holds_alternative<Refuse>(effect)) {
            const bool deleting = std::holds_alternative<DeleteInput>(effect);
            const Event event = world.carryOut(effect);
            if (deleting && std::holds_alternative<Failed>(event)) undone = false;
            effect = step(state, event);
        }
        CHECK(std::holds_alternative<Created>(effect) == world.stream);
        if (undone) CHECK(world.input == world.stream);
    }
}
