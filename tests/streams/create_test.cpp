#include "streams/create.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"
#include "streams/backup.hpp"

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
const MuxStream backup{.id = "l1", .streamKey = "mux-key", .playbackId = "p1", .ingestUrl = "rtmps://mux/app"};

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

Order withBackup(const std::string& key = "") {
    Order from = order(key);
    from.enableMuxBackup = true;
    from.setup.mux = true;
    return from;
}

/// What differs from a flow that has come to this step without trouble.
struct Before {
    std::string earlier{};
    bool backup = false, lookMux = false, lookInput = false;
    int attempts = 1, waits = 0;
};

State given(Step step, Order from, const Before& before = {}) {
    State state{.step = step, .order = std::move(from)};
    state.earlier = before.earlier;
    if (before.backup) state.backup = ::backup;
    state.lookMux = before.lookMux;
    state.lookInput = before.lookInput;
    state.attempts = before.attempts;
    state.waits = before.waits;
    if (step == Saving || step == Checking) state.stream = sample::stream();
    if (step == Dropping || step == Leaving) state.answer = Refused{storeFailed()};
    return state;
}

Stream withMux(Backup state) {
    Stream stream = sample::stream();
    stream.muxLiveStreamId = "l1";
    stream.muxStreamKey = "mux-key";
    stream.muxIngestUrl = "rtmps://mux/app";
    stream.muxPlaybackId = "p1";
    stream.recordingSources.mux = RecordingSource{};
    stream.backup = state;
    stream.simulcastEnabled = state == Backup::ready;
    if (state == Backup::ready) stream.cloudflareOutputId = "o1";
    return stream;
}
Stream withoutMux() {
    Stream stream = sample::stream();
    stream.backup = Backup::failed;
    return stream;
}

Intent making(bool lookMux) {
    return {.id = "s1", .streamId = "s1", .due = "2026-09-23T08:02:00.000Z", .lookInputs = true, .lookMux = lookMux};
}
Intent left(const char* due = "2026-09-23T08:00:00.000Z") {
    return {.id = "s1", .streamId = "s1", .phase = Intent::Phase::settling, .due = due};
}
Intent leftWith(bool lookInputs, bool lookMux, std::vector<std::string> inputs, std::vector<std::string> mux) {
    Intent intent = left();
    intent.lookInputs = lookInputs;
    intent.lookMux = lookMux;
    intent.cloudflareInputIds = std::move(inputs);
    intent.muxLiveStreamIds = std::move(mux);
    return intent;
}

Failed broken(const char* code = "unavailable") { return {code, "words for the log"}; }

}  // namespace

TEST_CASE("each rule of creation moves the flow on and says what to do") {  // a row a rule, in the order of kRules
    struct Row {
        Step before;
        Order order;
        Event event;
        Step after;
        Effect effect;
        Before more{};
    };
    const CreateInput create{"s1", "s1", "Service", "m1", "owner"};
    const CreateInput otherKey{"s1", "s1:2", "Service", "m1", "owner"};
    const CreateMuxStream createMux{"s1", "Service"};
    const DropIntent drop{"s1"};
    const Refused refused{storeFailed()};
    const Stream made = sample::stream();
    Intent lookLater = left("2026-09-23T08:01:00.000Z");
    lookLater.lookMux = true;
    Intent lookForInputs = left("2026-09-23T08:01:00.000Z");
    lookForInputs.lookInputs = true;
    // clang-format off
    const Row rows[] = {
        {New,          order(),       Ordered{},                         Looking,      FindMemorial{"m1"}},
        {Looking,      order(),       MemorialMissing{},                 Done,         Refused{noMemorial()}},
        {Looking,      byStranger(),  MemorialFound{sample::memorial()}, Done,         Refused{otherFamily()}},
        {Looking,      order(),       MemorialFound{sample::memorial()}, Intending,    SaveIntent{making(false)}},
        {Looking,      withBackup(),  MemorialFound{sample::memorial()}, Intending,    SaveIntent{making(true)}},
        {Looking,      order(),       broken(),                          Done,         refused},
        {Intending,    order("k"),    Saved{},                           Claiming,     ClaimKey{"owner", "k", order("k")}},
        {Intending,    withBackup(),  Saved{},                           MakingBackup, createMux},
        {Intending,    order(),       Saved{},                           MakingInput,  create},
        {Intending,    order(),       broken(),                          Done,         refused},

        {Claiming,     order("k"),    Claimed{"s1", false},              Dropping,     drop},
        {Claiming,     order("k"),    Claimed{"s0", true, true},         Dropping,     drop, {.waits = 20}},
        {Claiming,     order("k"),    Claimed{"s0", true, false},        Dropping,     drop, {.waits = 20}},
        {Claiming,     order("k"),    Claimed{"s0", true, true},         Waiting,      Wait{500}},
        {Claiming,     order("k"),    Claimed{"s0", true},               Recalling,    FindStream{"s0"}},
        {Claiming,     withBackup("k"), Claimed{"s1", true},             MakingBackup, createMux},
        {Claiming,     order("k"),    Claimed{"s1", true},               MakingInput,  create},
        {Claiming,     order("k"),    broken(),                          Dropping,     drop},
        {Recalling,    order("k"),    StreamFound{made},                 Dropping,     drop},
        {Recalling,    order("k"),    StreamMissing{},                   Claiming,     ClaimKey{"owner", "k", order("k"), "s0"}, {.earlier = "s0"}},
        {Recalling,    order("k"),    broken(),                          Dropping,     drop},
        {Waiting,      order("k"),    Waited{},                          Recalling,    FindStream{"s0"}, {.earlier = "s0"}},
        {Waiting,      order("k"),    broken(),                          Dropping,     drop},

        {MakingBackup, withBackup(),  BackupMade{backup},                MakingInput,  create},
        {MakingBackup, withBackup(),  broken("refused"),                 MakingInput,  create},
        {MakingInput,  withBackup(),  InputMade{input},                  MakingOutput, CreateOutput{sample::kInput, "rtmps://mux/app", "mux-key"}, {.backup = true}},
        {MakingInput,  order(),       InputMade{input},                  Saving,       SaveStream{made}},
        {MakingInput,  order(),       InputMade{input},                  Saving,       SaveStream{made}, {.lookInput = true}},
        {MakingInput,  order(),       InputMade{input},                  Saving,       SaveStream{made, lookForInputs}, {.lookInput = true, .attempts = 2}},
        {MakingInput,  order(),       broken("conflict"),                MakingInput,  otherKey},
        {MakingInput,  order(),       broken("timeout"),                 MakingInput,  create},
        {MakingInput,  order(),       broken("refused"),                 Dropping,     drop},
        {MakingInput,  order(),       broken("conflict"),                Dropping,     drop, {.attempts = 3}},
        {MakingInput,  order(),       broken("timeout"),                 Leaving,      SaveIntent{leftWith(true, false, {}, {})}, {.lookInput = true}},
        {MakingInput,  withBackup(),  broken("refused"),                 Leaving,      SaveIntent{leftWith(false, false, {}, {"l1"})}, {.backup = true}},
        {MakingInput,  withBackup(),  broken("refused"),                 Leaving,      SaveIntent{leftWith(false, true, {}, {})}, {.lookMux = true}},
        {Saving,       order(),       Saved{},                           Done,         Created{made}},
        {Saving,       order(),       broken(),                          Checking,     FindStream{"s1"}},
        {Saving,       order(),       broken("gone"),                    Checking,     FindStream{"s1"}},
        {Checking,     order(),       StreamFound{made},                 Done,         Created{made}},
        {Checking,     order(),       StreamMissing{},                   Leaving,      SaveIntent{leftWith(false, false, {sample::kInput}, {})}},
        {Checking,     order(),       broken(),                          Leaving,      SaveIntent{leftWith(false, false, {sample::kInput}, {})}},

        {Dropping,     order(),       Saved{},                           Done,         refused},
        {Dropping,     order(),       broken(),                          Done,         refused},
        {Leaving,      order(),       Saved{},                           Done,         refused},
        {Leaving,      order(),       broken(),                          Done,         refused},
        // No rule: an answer that nothing asked for ends the flow.
        {Saving,       order(),       InputMade{input},                  Done,         Refused{unexpected()}},
        {Done,         order(),       Saved{},                           Done,         Refused{unexpected()}},
    };
    // clang-format on
    int i = 0;
    for (const Row& row : rows) {
        CAPTURE(i++);
        State state = given(row.before, row.order, row.more);
        CHECK((step(state, row.event) == row.effect));
        CHECK(state.step == row.after);
    }
}

TEST_CASE("what a flow answers once its intent is out of the way") {
    struct Row {
        Step before;
        Event event;
        Effect answer;
        Before more{};
    };
    const Refuse reused{422, "idempotency-key-reused",
                        "This request was sent before with other content. Please reload the page and try again.", ""};
    const Refuse busy{409, "being-created",
                      "This stream is still being set up by an earlier request. Please try again in a minute.", ""};
    const Refuse refused{502, "provider-unavailable",
                         "The video service could not set up the stream. Please try again in a minute.", ""};
    const Refuse late{504, "provider-timeout",
                      "The video service took too long to answer. Nothing is lost: please try again.", ""};
    const Row rows[] = {
        {Claiming, Claimed{"s1", false}, Refused{reused}},
        {Claiming, Claimed{"s0", true, true}, Refused{busy}, {.waits = 20}},
        {Claiming, broken(), Refused{storeFailed()}},
        {Recalling, StreamFound{sample::stream()}, Created{sample::stream()}},
        {Recalling, broken(), Refused{storeFailed()}},
        {MakingInput, broken("refused"), Refused{refused}},
        {MakingInput, broken("timeout"), Refused{late, "s1"}, {.lookInput = true}},
        {Checking, StreamMissing{}, Refused{storeFailed(), "s1"}},
    };
    int i = 0;
    for (const Row& row : rows) {
        CAPTURE(i++);
        State state = given(row.before, order("k"), row.more);
        (void)step(state, row.event);
        CHECK((step(state, Saved{}) == row.answer));
        CHECK(state.step == Done);
    }
}

TEST_CASE("the backup is ready, pending or failed, and the person is told") {
    struct Row {
        Event mux;
        Event output;
        Stream saved;
        bool looks;
    };
    const Row rows[] = {
        {BackupMade{backup}, OutputMade{"o1"}, withMux(Backup::ready), false},
        {BackupMade{backup}, broken("timeout"), withMux(Backup::pending), false},
        {broken("refused"), Saved{}, withoutMux(), false},
        {broken("rate-limited"), Saved{}, withoutMux(), false},
        {broken("timeout"), Saved{}, withoutMux(), true},
        {broken("unreadable"), Saved{}, withoutMux(), true},
    };
    int i = 0;
    for (const Row& row : rows) {
        CAPTURE(i++);
        State state = given(MakingBackup, withBackup());
        (void)step(state, row.mux);
        Effect effect = step(state, InputMade{input});
        if (std::holds_alternative<CreateOutput>(effect)) effect = step(state, row.output);
        REQUIRE(std::holds_alternative<SaveStream>(effect));
        const auto& save = *std::get_if<SaveStream>(&effect);
        CHECK((save.stream == row.saved));
        REQUIRE(save.left.has_value() == row.looks);
        if (row.looks) CHECK(save.left->lookMux);
        const Effect end = step(state, Saved{});
        const auto& warnings = std::get_if<Created>(&end)->warnings;
        CHECK(warnings.size() == (row.saved.backup == Backup::ready ? 0 : 1));
        if (!warnings.empty()) CHECK(warnings[0] == core::Error{"/enableMuxBackup", *warningOf(row.saved.backup)});
    }
}

TEST_CASE("a backup that cannot be is not asked for; the stream is made without, and the person is told") {
    Order direct = withBackup();
    direct.setup.embedded = false;
    direct.setup.ingest = Ingest::direct;
    Order notSetUp = withBackup();
    notSetUp.setup.mux = false;
    for (const Order& each : {direct, notSetUp}) {
        State state = given(Intending, each);
        CHECK(std::holds_alternative<CreateInput>(step(state, Saved{})));
        (void)step(state, InputMade{input});
        const Effect end = step(state, Saved{});
        const auto& warnings = std::get_if<Created>(&end)->warnings;
        REQUIRE(warnings.size() == 1);
        CHECK(warnings[0].what == *whyNoBackup(state.stream.path, each.setup));
    }
}

TEST_CASE("each path keeps the addresses that it uses, and no others") {
    struct Row {
        bool embedded;
        Ingest ingest;
        StreamingMethod method;
        Path path;
        bool whip, rtmp, hls, whep;
    };
    using enum StreamingMethod;
    // clang-format off
    const Row rows[] = {
        {true,  Ingest::relay,  whip_browser, Path::embedded, true,  false, true,  true},
        {true,  Ingest::direct, obs,          Path::embedded, false, true,  true,  true},
        {false, Ingest::relay,  whip_browser, Path::relay,    true,  true,  true,  false},
        {false, Ingest::direct, whip_browser, Path::direct,   true,  false, false, true},
        {false, Ingest::relay,  obs,          Path::obs,      false, true,  true,  false},
    };
    // clang-format on
    for (const Row& row : rows) {
        Order from = order();
        from.streamId = "12345678-9abc-4def-8123-456789abcdef";
        from.streamingMethod = row.method;
        from.setup = {.embedded = row.embedded, .ingest = row.ingest, .relayUrl = "http://vigil.test/media/"};
        from.relaySecret = "00112233445566778899aabbccddeeff";
        State state = given(MakingInput, from);
        (void)step(state, InputMade{input});
        const Stream& stream = state.stream;
        CAPTURE(static_cast<int>(row.path));
        CHECK(stream.path == row.path);
        CHECK(stream.whipUrl.has_value() == row.whip);
        CHECK(stream.rtmpUrl.has_value() == row.rtmp);
        CHECK(stream.streamKey.has_value() == row.rtmp);
        CHECK(stream.playbackUrl.empty() != row.hls);
        CHECK(stream.whepUrl.has_value() == row.whep);
        CHECK(stream.relayKey.has_value() == (row.path == Path::relay));
        if (row.path == Path::relay) {
            CHECK(stream.relayKey == "00112233445566778899aabbccddeeffk123456789abc4def8123456789abcdef");
            CHECK(stream.whipUrl == "/media/" + *stream.relayKey + "/webRTC/publish");
        }
    }
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
