#include "streams/manage.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"
#include "streams/backup.hpp"
#include "streams/merge.hpp"

using namespace streams;
using namespace streams::manage;
using enum Step;

namespace {

const std::string now = "2026-09-23T09:00:00.000Z";
const LiveInput rotated{.uid = sample::kInput,
                        .whipUrl = sample::kHost + "newkey/webRTC/publish",
                        .whepUrl = sample::kWhep,
                        .hlsUrl = sample::kHls};
const LiveInput unchanged{
    .uid = sample::kInput, .whipUrl = sample::kWhip, .whepUrl = sample::kWhep, .hlsUrl = sample::kHls};
const MuxStream backup{.id = "l1", .streamKey = "mux-key", .playbackId = "p1", .ingestUrl = "rtmps://mux/app"};

Order order(Wish wish, User user = sample::owner()) {
    Order from{.wish = wish, .user = std::move(user), .id = "s1", .now = now, .title = "New", .mark = "again"};
    from.setup.mux = true;
    return from;
}

State given(Step step, Wish wish, Stream stream = sample::stream()) {
    State state{.step = step, .order = order(wish)};
    state.stream = std::move(stream);
    state.version = "7";
    return state;
}

Stream live() { return merge(sample::stream(), Connected{sample::at("10:00")}); }
Stream unfinished() { return merge(live(), Disconnected{sample::at("11:00")}); }
Stream recorded() {
    Recording asset = sample::recording("a1", "10:00", 60, "11:05");
    asset.provider = Provider::mux;
    return merge(merge(unfinished(), Recorded{sample::recording("v1", "10:00", 60, "11:05")}), Recorded{asset});
}
Stream marked() {
    Stream stream = sample::stream();
    stream.nextCheckAt = "2026-09-23T09:02:00.000Z";
    return stream;
}
Stream renamed(Stream stream = sample::stream()) {
    stream.title = "New";
    stream.updatedAt = now;
    return stream;
}
Stream withKeys() {
    Stream stream = sample::stream();
    stream.whipUrl = rotated.whipUrl;
    stream.updatedAt = now;
    return stream;
}
Stream pending() {
    Stream stream = sample::stream();
    stream.muxLiveStreamId = "l1";
    stream.muxStreamKey = "mux-key";
    stream.muxIngestUrl = "rtmps://mux/app";
    stream.muxPlaybackId = "p1";
    stream.recordingSources.mux = RecordingSource{};
    stream.backup = Backup::pending;
    stream.updatedAt = now;
    return stream;
}
Stream ready() {
    Stream stream = pending();
    stream.cloudflareOutputId = "o1";
    stream.backup = Backup::ready;
    stream.simulcastEnabled = true;
    return stream;
}

State made(Step step, Stream stream = sample::stream()) {
    State state = given(step, Wish::RetryBackup, std::move(stream));
    state.backup = backup;
    return state;
}
State savedBackup(Step step, Stream stream = pending(), const char* output = "") {
    State state = made(step, std::move(stream));
    state.saved = true;
    state.outputId = output;
    return state;
}
State often(State state) {
    state.conflicts = 20;
    return state;
}
State answering(Step step, Effect answer) {
    State state = given(step, Wish::RetryBackup);
    state.answer = std::move(answer);
    return state;
}

Intent removal(std::vector<std::string> mux = {}, std::vector<std::string> videos = {},
               std::vector<std::string> assets = {}) {
    return {.id = "s1:removed",
            .streamId = "s1",
            .phase = Intent::Phase::settling,
            .due = now,
            .cloudflareInputIds = {sample::kInput},
            .muxLiveStreamIds = std::move(mux),
            .cloudflareVideoIds = std::move(videos),
            .muxAssetIds = std::move(assets)};
}
Intent making() { return {.id = "s1:again", .streamId = "s1", .due = "2026-09-23T09:02:00.000Z", .lookMux = true}; }
Intent left(bool look, std::vector<std::string> mux) {
    return {.id = "s1:again",
            .streamId = "s1",
            .phase = Intent::Phase::settling,
            .due = now,
            .lookMux = look,
            .muxLiveStreamIds = std::move(mux)};
}

}  // namespace

TEST_CASE("each rule of managing moves the flow on and says what to do") {  // a row a rule, in the order of kRules
    struct Row {
        State before;
        Event event;
        Step after;
        Effect effect;
    };
    const Failed broken{"timeout", ""}, refused{"refused", ""}, conflict{"conflict", ""};
    const MemorialFound memorial{sample::memorial()};
    const Refused noStore{storeFailed()};
    const Refuse isLive{409, "is-live", "This stream is live just now. Please end the broadcast before you delete it.",
                        ""};
    const CreateOutput output{sample::kInput, "rtmps://mux/app", "mux-key"};
    const Stream plain = sample::stream();
    State stranger = given(Authorizing, Wish::Rename);
    stranger.order.user = sample::stranger();
    State notSetUp = given(Authorizing, Wish::RetryBackup);
    notSetUp.order.setup.mux = false;
    const Refuse isUnfinished{409, "is-unfinished",
                              "The recording is still being prepared. Please delete the stream once it is ready.", ""};
    State doubting = given(Rereading, Wish::RotateKeys);
    doubting.failure = broken;
    State rotating = given(FindingAgain, Wish::RotateKeys);
    rotating.marked = true;
    State keyed = given(Updating, Wish::RotateKeys);
    keyed.input = rotated;
    // clang-format off
    const Row rows[] = {
        {given(New, Wish::Rename),             Ordered{},               Finding,      FindStream{"s1"}},
        {given(Finding, Wish::Rename),         StreamMissing{},         Done,         Refused{noStream()}},
        {given(Finding, Wish::Rename),         StreamFound{plain, "7"}, Authorizing,  FindMemorial{"m1"}},
        {given(Finding, Wish::Rename),         broken,                  Done,         noStore},
        {given(Authorizing, Wish::Rename),     MemorialMissing{},       Done,         Refused{noStream()}},
        {stranger,                             memorial,                Done,         Refused{otherFamily()}},
        {given(Authorizing, Wish::Rename),     memorial,                Updating,     UpdateStream{"7", plain, renamed()}},
        {given(Authorizing, Wish::Remove, live()), memorial,            Done,         Refused{isLive}},
        {given(Authorizing, Wish::Remove, unfinished()), memorial,      Done,         Refused{isUnfinished}},
        {given(Authorizing, Wish::Remove),     memorial,                Removing,     RemoveStream{"s1", "7", removal()}},
        {given(Authorizing, Wish::Remove, ready()), memorial,           Removing,     RemoveStream{"s1", "7", removal({"l1"})}},
        {given(Authorizing, Wish::Remove, recorded()), memorial,        Removing,     RemoveStream{"s1", "7", removal({}, {"v1"}, {"a1"})}},
        {given(Authorizing, Wish::RotateKeys), memorial,                Marking,      UpdateStream{"7", plain, marked()}},
        {notSetUp,                             memorial,                Done,         Refused{{409, "no-backup", *whyNoBackup(Path::embedded, {}), ""}}},
        {given(Authorizing, Wish::RetryBackup, ready()), memorial,      Done,         Show{ready()}},
        {given(Authorizing, Wish::RetryBackup, pending()), memorial,    MakingOutput, output},
        {given(Authorizing, Wish::RetryBackup), memorial,               Intending,    SaveIntent{making()}},
        {given(Authorizing, Wish::Rename),     broken,                  Done,         noStore},

        {given(Marking, Wish::RotateKeys),     Carried{},               Rotating,     RotateInputKeys{sample::kInput}},
        {given(Marking, Wish::RotateKeys),     conflict,                FindingAgain, FindStream{"s1"}},
        {given(Marking, Wish::RotateKeys),     broken,                  Done,         noStore},
        {given(Rotating, Wish::RotateKeys),    InputTold{rotated},      FindingAgain, FindStream{"s1"}},
        {given(Rotating, Wish::RotateKeys),    broken,                  FindingAgain, FindStream{"s1"}},
        {given(Rotating, Wish::RotateKeys),    refused,                 Done,         Refused{providerFailed(refused)}},
        {given(Rereading, Wish::RotateKeys),   InputTold{rotated},      Updating,     UpdateStream{"7", plain, withKeys()}},
        {doubting,                             InputTold{rotated},      Updating,     UpdateStream{"7", plain, withKeys()}},
        {doubting,                             InputTold{unchanged},    Done,         Refused{providerFailed(broken)}},
        {doubting,                             refused,                 Done,         Refused{providerFailed(broken)}},
        {given(Rereading, Wish::RotateKeys),   refused,                 Done,         Refused{providerFailed(refused)}},

        {given(Intending, Wish::RetryBackup),  Carried{},               MakingBackup, CreateMuxStream{"s1:again", "Service"}},
        {given(Intending, Wish::RetryBackup),  broken,                  Done,         noStore},
        {given(MakingBackup, Wish::RetryBackup), BackupMade{backup},    SavingBackup, UpdateStream{"7", plain, pending(), "s1:again"}},
        {given(MakingBackup, Wish::RetryBackup), broken,                Leaving,      SaveIntent{left(true, {})}},
        {given(MakingBackup, Wish::RetryBackup), refused,               Leaving,      SaveIntent{left(false, {})}},
        {made(SavingBackup),                   Carried{},               MakingOutput, output},
        {made(SavingBackup),                   conflict,                FindingAgain, FindStream{"s1"}},
        {often(made(SavingBackup)),            conflict,                Leaving,      SaveIntent{left(false, {"l1"})}},
        {made(SavingBackup),                   broken,                  Leaving,      SaveIntent{left(false, {"l1"})}},
        {savedBackup(MakingOutput, ready()),   OutputMade{"o2"},        DroppingOutput, DeleteOutput{sample::kInput, "o1"}},
        {savedBackup(MakingOutput),            OutputMade{"o1"},        FindingAgain, FindStream{"s1"}},
        {savedBackup(DroppingOutput),          Carried{},               FindingAgain, FindStream{"s1"}},
        {savedBackup(DroppingOutput),          broken,                  FindingAgain, FindStream{"s1"}},
        {given(MakingOutput, Wish::RetryBackup, pending()), OutputMade{"o1"}, Updating, UpdateStream{"7", pending(), ready()}},
        {savedBackup(MakingOutput),            broken,                  Done,         Show{pending()}},

        {given(Updating, Wish::Rename),        Carried{},               Done,         Show{renamed()}},
        {keyed,                                Carried{},               Done,         Show{withKeys()}},
        {given(Updating, Wish::Rename),        conflict,                FindingAgain, FindStream{"s1"}},
        {often(given(Updating, Wish::Rename)), conflict,                Done,         noStore},
        {given(Removing, Wish::Remove),        Carried{},               Done,         Removed{"s1:removed"}},
        {given(Removing, Wish::Remove),        conflict,                FindingAgain, FindStream{"s1"}},
        {given(Removing, Wish::Remove),        broken,                  Done,         noStore},
        {given(FindingAgain, Wish::Remove),    StreamFound{live(), "8"}, Done,        Refused{isLive}},
        {given(FindingAgain, Wish::Remove),    StreamFound{unfinished(), "8"}, Done,  Refused{isUnfinished}},
        {given(FindingAgain, Wish::RotateKeys), StreamFound{plain, "8"}, Marking,     UpdateStream{"8", plain, marked()}},
        {rotating,                             StreamFound{plain, "8"}, Rereading,    GetInput{sample::kInput}},
        {given(FindingAgain, Wish::Remove),    StreamFound{plain, "8"}, Removing,     RemoveStream{"s1", "8", removal()}},
        {made(FindingAgain),                   StreamFound{ready(), "8"}, Leaving,    SaveIntent{left(false, {"l1"})}},
        {made(FindingAgain),                   StreamFound{plain, "8"}, SavingBackup, UpdateStream{"8", plain, pending(), "s1:again"}},
        {savedBackup(FindingAgain, pending(), "o1"), StreamFound{pending(), "8"}, Updating, UpdateStream{"8", pending(), ready()}},
        {given(FindingAgain, Wish::Rename),    StreamFound{live(), "8"}, Updating,    UpdateStream{"8", live(), renamed(live())}},
        {given(FindingAgain, Wish::Remove),    StreamMissing{},         Done,         Removed{"s1:removed"}},
        {made(FindingAgain),                   StreamMissing{},         Leaving,      SaveIntent{left(false, {"l1"})}},
        {given(FindingAgain, Wish::Rename),    StreamMissing{},         Done,         Refused{noStream()}},
        {made(FindingAgain),                   broken,                  Leaving,      SaveIntent{left(false, {"l1"})}},
        {given(FindingAgain, Wish::Rename),    broken,                  Done,         noStore},
        {answering(Leaving, noStore),          Carried{},               Done,         noStore},
        {answering(Leaving, noStore),          broken,                  Done,         noStore},
        // No rule.
        {given(Done, Wish::Rename),            Carried{},               Done,         Refused{unexpected()}},
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

TEST_CASE("who may do what to a stream") {
    struct Row {
        User user;
        bool may;
    };
    const Row rows[] = {
        {{"anybody", "admin"}, true},
        {{"owner", "owner"}, true},
        {{"director", "funeral_director"}, true},
        {{"stranger", "owner"}, false},
        {{"other", "funeral_director"}, false},
        {{"owner", ""}, true},
        {{"stranger", "superuser"}, false},
        {{"", "admin"}, false},
    };
    for (const Wish wish : {Wish::Rename, Wish::Remove, Wish::RotateKeys, Wish::RetryBackup}) {
        for (const Row& row : rows) {
            CAPTURE(static_cast<int>(wish));
            CAPTURE(row.user.uid);
            State state = given(Authorizing, wish);
            state.order.user = row.user;
            const Effect effect = step(state, MemorialFound{sample::memorial()});
            CHECK((effect == Effect{Refused{otherFamily()}}) == !row.may);
        }
    }
}

TEST_CASE("of two who give new keys at once, both end with the keys that the input has") {
    // The later one to find the document reads the input after that: whoever is slower meets a conflict, and reads
    // again.
    State slow = given(Updating, Wish::RotateKeys);
    slow.marked = true;
    slow.input = LiveInput{.uid = sample::kInput, .whipUrl = sample::kHost + "dead/webRTC/publish"};
    (void)step(slow, Failed{"conflict", ""});
    CHECK((step(slow, StreamFound{withKeys(), "9"}) == Effect{GetInput{sample::kInput}}));
    const Effect effect = step(slow, InputTold{rotated});
    REQUIRE(std::holds_alternative<UpdateStream>(effect));
    CHECK(std::get_if<UpdateStream>(&effect)->after.whipUrl == rotated.whipUrl);
}

TEST_CASE("new keys at the relay are new for the publisher as well") {
    Stream stream = sample::stream();
    stream.path = Path::relay;
    State state = given(Rereading, Wish::RotateKeys, stream);
    state.order.setup = {.embedded = false, .ingest = Ingest::relay, .relayUrl = "https://relay/"};
    state.order.relaySecret = "fresh";
    LiveInput told = rotated;
    told.rtmpUrl = "rtmps://live.cloudflare.com:443/live/";
    told.streamKey = "newkey";
    const Effect effect = step(state, InputTold{told});
    REQUIRE(std::holds_alternative<UpdateStream>(effect));
    const Stream& after = std::get_if<UpdateStream>(&effect)->after;
    CHECK(after.streamKey == "newkey");
    CHECK(after.relayKey == "freshks1");
    CHECK(after.whipUrl == "https://relay/freshks1/webRTC/publish");
}
