#include "streams/merge.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "samples.hpp"
#include "streams/recordings.hpp"

using namespace streams;
using sample::at;
using sample::failed;
using sample::recording;

namespace {

Stream after(const std::vector<Notice>& notices, Stream stream = sample::stream()) {
    for (const Notice& notice : notices) stream = merge(std::move(stream), notice);
    return stream;
}

}  // namespace

TEST_CASE("notices move the status, and stale ones do not") {
    struct Row {
        std::vector<Notice> notices;
        Status status;
    };
    const Row rows[] = {
        {{}, Status::ready},
        {{Connected{at("10:00")}}, Status::live},
        {{Connected{at("10:00")}, Disconnected{at("11:00")}}, Status::completed},
        {{Disconnected{at("11:00")}, Connected{at("10:00")}}, Status::completed},                          // overtaken
        {{Connected{at("10:00")}, Disconnected{at("11:00")}, Connected{at("10:00")}}, Status::completed},  // repeated
        {{Connected{at("10:00")}, Disconnected{at("11:00")}, Connected{at("11:01")}}, Status::live},       // returned
        {{Connected{at("11:01")}, Disconnected{at("11:00")}}, Status::live},
        {{Connected{at("10:00")}, Disconnected{at("10:00")}}, Status::completed},
        {{Errored{{"ERR_GOP_OUT_OF_RANGE", "too long", at("10:00")}}}, Status::ready},
        {{Recorded{recording("v1", "10:00", 60, "11:05")}}, Status::completed},  // all other notices were lost
        {{Connected{at("12:00")}, Recorded{recording("v1", "10:00", 60, "11:05")}}, Status::live},
    };
    int i = 0;
    for (const Row& row : rows) {
        CAPTURE(i++);
        CHECK(after(row.notices).status == row.status);
    }
}

TEST_CASE("what is known already changes nothing") {
    const Notice notices[] = {Connected{at("10:00"), "v1"}, Disconnected{at("11:00"), DisconnectReason::lost, "v1"},
                              Errored{{"CODE", "words", at("10:30")}}, Recorded{recording("v1", "10:00", 60, "11:05")}};
    Stream stream = sample::stream();
    for (const Notice& notice : notices) stream = merge(stream, notice);
    for (const Notice& notice : notices) CHECK(merge(stream, notice) == stream);
    CHECK(merge(stream, Recorded{failed("v1", "10:00", "10:59")}) == stream);
    CHECK_FALSE(hasStopped(merge(stream, Disconnected{at("09:00"), DisconnectReason::stopped})));
}

TEST_CASE(
    "a publisher that said goodbye is not counted as lost, whoever tells of the end as well, until the next one") {
    const Notice stopped = Disconnected{at("11:00"), DisconnectReason::stopped};
    const Notice lost = Disconnected{at("11:00"), DisconnectReason::lost};
    const Notice unsaid = Disconnected{at("11:01")};  // by Cloudflare, after the relay
    CHECK(hasStopped(after({stopped, lost})));
    CHECK(hasStopped(after({lost, stopped})));
    CHECK(hasStopped(after({stopped, unsaid})));
    CHECK(hasStopped(after({unsaid, stopped})));
    CHECK_FALSE(hasStopped(after({lost})));
    CHECK_FALSE(hasStopped(after({stopped, unsaid, Connected{at("11:02")}, Disconnected{at("11:03")}})));
}

TEST_CASE("the primary recording is the longest that is ready, of several as long the earliest") {
    const Recording morning = recording("a", "10:00", 60, "11:05");
    const Recording noon = recording("b", "12:00", 90, "13:35");
    const Recording evening = recording("c", "18:00", 90, "19:35");
    const Recording broken = failed("d", "20:00", "20:30");

    CHECK(after({Recorded{morning}}).recordingSources.cloudflare ==
          RecordingSource{true, morning.playbackUrl, morning.duration});
    const Stream all = after({Recorded{broken}, Recorded{evening}, Recorded{morning}, Recorded{noon}});
    CHECK(all.recordingSources.cloudflare == RecordingSource{true, noon.playbackUrl, noon.duration});
    CHECK(all.recordings == std::vector<Recording>{morning, noon, evening, broken});
    const RecordingSource none{false, {}, {}, broken.reason};
    CHECK(after({Recorded{broken}}).recordingSources.cloudflare == none);
}

TEST_CASE("a recording is taken back only by newer word of it") {
    const Recording ready = recording("a", "10:00", 60, "11:05");
    CHECK(after({Recorded{ready}, Recorded{failed("a", "10:00", "11:04")}}).recordingSources.cloudflare.available);
    CHECK(after({Recorded{ready}, Recorded{failed("a", "10:00", "11:05")}}).recordingSources.cloudflare.available);
    CHECK_FALSE(
        after({Recorded{ready}, Recorded{failed("a", "10:00", "11:06")}}).recordingSources.cloudflare.available);
}

TEST_CASE("a stream started with its first connection, whichever is told first") {
    CHECK(after({Connected{at("10:00")}, Connected{at("12:00")}}).startedAt == at("10:00"));
    CHECK(after({Connected{at("12:00")}, Connected{at("10:00")}}).startedAt == at("10:00"));
}

TEST_CASE("two providers may give their recordings the same name") {
    Recording mux = recording("same", "10:00", 60, "11:20");
    mux.provider = Provider::mux;
    CHECK(after({Recorded{recording("same", "10:00", 60, "11:05")}, Recorded{mux}}).recordings.size() == 2);
}

TEST_CASE("Cloudflare's recording is preferred, Mux's serves while there is no other") {
    Recording mux = recording("m", "10:00", 60, "11:20");
    mux.provider = Provider::mux;
    const Recording cloudflare = recording("c", "10:00", 60, "11:05");

    const Stream onlyMux = after({Recorded{mux}});
    CHECK(onlyMux.preferredRecordingSource == Provider::mux);
    REQUIRE(onlyMux.recordingSources.mux.has_value());
    CHECK(onlyMux.recordingSources.mux->available);
    CHECK(after({Recorded{mux}, Recorded{cloudflare}}).preferredRecordingSource == Provider::cloudflare);
    CHECK(after({Recorded{mux}, Recorded{failed("c", "10:00", "11:05")}}).preferredRecordingSource == Provider::mux);
}

TEST_CASE("in whatever order notices come, and however often each, the stream ends up the same") {
    Recording mux = recording("m", "10:00", 60, "11:20");
    mux.provider = Provider::mux;
    Recording sameTime = recording("v1", "10:00", 61, "10:52");
    const std::vector<Notice> notices = {
        Connected{at("10:00"), "v1"},
        Disconnected{at("10:20"), DisconnectReason::lost, "v1"},
        Connected{at("10:21"), "v1"},
        Disconnected{at("10:50"), DisconnectReason::stopped, "v1"},
        Disconnected{at("10:50"), DisconnectReason::lost, std::nullopt},
        Recorded{failed("v1", "10:00", "10:51")},
        Recorded{recording("v1", "10:00", 50, "10:52")},
        Recorded{sameTime},
        Connected{at("15:00"), "v2"},
        Connected{at("15:00"), "v3"},
        Errored{{"ERR_GOP_OUT_OF_RANGE", "too long", at("15:01")}},
        Errored{{"ERR_UNSUPPORTED_VIDEO_CODEC", "vp9", at("15:01")}},
        Disconnected{at("15:30"), DisconnectReason::lost, std::nullopt},
        Recorded{recording("v2", "15:00", 30, "15:40")},
        Recorded{failed("v3", "15:00", "15:41")},
        Recorded{mux},
    };
    std::mt19937 random{20261122};
    for (int round = 0; round < 500; round++) {
        // Any part of them, so that every state along the way is a start too.
        std::vector<Notice> part = notices;
        std::shuffle(part.begin(), part.end(), random);
        part.resize(1 + random() % part.size());
        const Stream expected = after(part);
        std::vector<Notice> again = part;
        for (const Notice& notice : part) {
            if (random() % 2) again.push_back(notice);
        }
        std::shuffle(again.begin(), again.end(), random);
        CAPTURE(round);
        REQUIRE(after(again) == expected);
    }
}
