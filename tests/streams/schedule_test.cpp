#include "streams/schedule.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"
#include "streams/merge.hpp"
#include "streams/stream_json.hpp"
#include "streams/view.hpp"

using namespace streams;
using sample::at;

namespace {

Stream created() { return sample::stream(); }  // at 08:00
Stream live() { return merge(created(), Connected{at("10:00")}); }
Stream ended() { return merge(live(), Disconnected{at("11:00"), DisconnectReason::stopped}); }
Stream recorded() { return merge(ended(), Recorded{sample::recording("v", "10:00", 60, "11:05")}); }
Stream withBackup(Stream stream) {
    stream.muxLiveStreamId = "l1";
    stream.backup = Backup::ready;
    return stream;
}
Recording asset() {
    Recording recording = sample::recording("a", "10:00", 60, "11:06");
    recording.provider = Provider::mux;
    return recording;
}
Stream direct(Stream stream) {
    stream.path = Path::direct;
    return stream;
}

}  // namespace

TEST_CASE("the providers are asked at these times") {
    struct Row {
        Stream stream;
        const char* now;
        const char* next;  // nullptr: never
    };
    // clang-format off
    const Row rows[] = {
        // Nothing was broadcast yet: by age.
        {created(), "2026-09-23T08:00:00.000Z", "2026-09-23T08:01:00.000Z"},
        {created(), "2026-09-23T08:59:59.000Z", "2026-09-23T09:00:59.000Z"},
        {created(), "2026-09-23T09:00:00.000Z", "2026-09-23T09:05:00.000Z"},
        {created(), "2026-09-24T08:00:00.000Z", "2026-09-24T08:30:00.000Z"},
        {created(), "2026-10-07T08:00:00.000Z", nullptr},
        // Live.
        {live(),    "2026-09-23T10:10:00.500Z", "2026-09-23T10:10:30.500Z"},
        // Over: by the time since.
        {ended(),   "2026-09-23T11:00:00.100Z", "2026-09-23T11:01:00.000Z"},
        {ended(),   "2026-09-23T11:01:00.000Z", "2026-09-23T11:02:00.000Z"},
        {ended(),   "2026-09-23T11:02:03.000Z", "2026-09-23T11:05:00.000Z"},
        {ended(),   "2026-09-23T11:05:00.000Z", "2026-09-23T11:10:00.000Z"},
        {ended(),   "2026-09-23T11:10:00.000Z", "2026-09-23T11:30:00.000Z"},
        {ended(),   "2026-09-23T11:30:00.000Z", "2026-09-23T13:00:00.000Z"},
        {ended(),   "2026-09-23T13:00:00.000Z", nullptr},
        {ended(),   "2026-09-23T10:59:59.000Z", "2026-09-23T11:01:00.000Z"},  // clocks differ
        // Everything is known.
        {recorded(),                                          "2026-09-23T11:06:00.000Z", nullptr},
        {withBackup(recorded()),                              "2026-09-23T11:06:00.000Z", "2026-09-23T11:10:00.000Z"},
        {merge(withBackup(recorded()), Recorded{asset()}),    "2026-09-23T11:06:00.000Z", nullptr},
        {merge(ended(), GaveUp{at("11:00")}),                 "2026-09-23T11:01:00.000Z", nullptr},
        {merge(merge(ended(), GaveUp{at("11:00")}), Connected{at("12:00")}), "2026-09-23T12:00:00.000Z", "2026-09-23T12:00:30.000Z"},
        // Where nothing is recorded: only whether the publisher comes back.
        {direct(ended()), "2026-09-23T11:02:00.000Z", "2026-09-23T11:05:00.000Z"},
        {direct(ended()), "2026-09-23T11:05:00.000Z", nullptr},
    };
    // clang-format on
    int i = 0;
    for (const Row& row : rows) {
        CAPTURE(i++);
        const auto next = nextCheck(row.stream, row.now);
        CHECK(next.value_or("never") == (row.next ? row.next : "never"));
    }
}

TEST_CASE("who could not be asked is asked again, in a minute at the earliest, and without end") {
    CHECK(nextTry(live(), "2026-09-23T10:00:00.000Z") == "2026-09-23T10:01:00.000Z");
    CHECK(nextTry(ended(), "2026-09-23T11:02:00.000Z") == "2026-09-23T11:05:00.000Z");
    CHECK(nextTry(ended(), "2026-09-23T14:00:00.000Z") == "2026-09-23T14:30:00.000Z");
}

TEST_CASE("a stream without a recording says why, once that is known") {
    CHECK_FALSE(ended().recordingSources.cloudflare.reason.has_value());
    CHECK(phase(ended()) == Phase::preparing);
    const Stream given = merge(ended(), GaveUp{at("11:00")});
    CHECK(phase(given) == Phase::none);
    CHECK(publicView(given, "").reason == "The video service made no recording of this broadcast.");
    CHECK(encode(publicView(given, ""))["reasonCode"] == "none-made");
    const Stream late = merge(given, Recorded{sample::recording("v", "10:00", 60, "14:00")});  // after all
    CHECK(phase(late) == Phase::recording);
    CHECK_FALSE(late.recordingSources.cloudflare.reason.has_value());
    CHECK_FALSE(publicView(late, "").reason.has_value());
    const Stream broken = merge(ended(), Recorded{sample::failed("v", "10:00", "11:05")});
    CHECK(publicView(broken, "").reason == "The video was deemed to be corrupted or malformed.");
    const Stream unrecorded = merge(direct(live()), Disconnected{at("11:00"), DisconnectReason::stopped});
    CHECK(phase(unrecorded) == Phase::none);
    CHECK(publicView(unrecorded, "").reason ==
          "The stream went straight from the browser to Cloudflare, which does not record such streams.");
    const Stream lost = merge(direct(live()), Disconnected{at("11:00")});
    CHECK(phase(lost) == Phase::interrupted);
    CHECK(phase(merge(lost, GaveUp{at("11:00")})) == Phase::none);
}

TEST_CASE("Mux's word on the broadcast counts only where Cloudflare says nothing") {
    CHECK(merge(created(), MuxActive{at("10:00")}).status == Status::live);
    CHECK(merge(merge(created(), MuxActive{at("10:00")}), MuxIdle{at("11:00")}).status == Status::completed);
    CHECK(merge(live(), MuxIdle{at("10:30")}).status == Status::live);
    CHECK(merge(ended(), MuxActive{at("11:30")}).status == Status::completed);
}

TEST_CASE("the backup's recording is shown while the other is being made") {
    const Stream waiting = withBackup(ended());
    CHECK(phase(waiting) == Phase::preparing);
    const Stream made = merge(waiting, Recorded{asset()});
    CHECK(phase(made) == Phase::recording);
    CHECK(made.preferredRecordingSource == Provider::mux);
    CHECK(made.muxAssetId == "a");
    CHECK(made.muxAssetReady == true);
}

TEST_CASE("a recording that was deleted gives way to the backup's, and comes back when it is listed again") {
    Stream stream =
        merge(merge(withBackup(ended()), Recorded{asset()}), Recorded{sample::recording("v", "10:00", 60, "11:05")});
    CHECK(stream.preferredRecordingSource == Provider::cloudflare);
    stream = merge(stream, Vanished{Provider::cloudflare, "v", at("11:05")});
    CHECK(stream.preferredRecordingSource == Provider::mux);
    CHECK(stream.recordingSources.cloudflare.reason == "The recording was deleted at the provider.");
    CHECK(merge(stream, Vanished{Provider::cloudflare, "v", at("11:05")}) == stream);
    stream = merge(stream, Recorded{sample::recording("v", "10:00", 60, "11:05")});
    CHECK(stream.preferredRecordingSource == Provider::cloudflare);
}
