#include "streams/memorial_view.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "samples.hpp"
#include "streams/merge.hpp"

using namespace streams;
using sample::at;
using sample::failed;
using sample::recording;

namespace {

const Disconnected lost{at("12:00"), DisconnectReason::lost};
const Disconnected stopped{at("12:00"), DisconnectReason::stopped};

/// A stream created at a time, and what became of it.
Stream stream(const std::string& id, const std::string& created, const std::vector<Notice>& notices) {
    Stream stream = sample::stream();
    stream.id = id;
    stream.createdAt = at(created);
    for (const Notice& notice : notices) stream = merge(std::move(stream), notice);
    return stream;
}

using Shown = std::vector<std::pair<std::string, std::string>>;

/// Ids and what can be played.
Shown recordings(const MemorialView& view) {
    Shown shown;
    for (const PublicStream& each : view.streams) shown.emplace_back(each.id, each.recordingUrl.value_or(""));
    return shown;
}

}  // namespace

TEST_CASE("a memorial shows first what its guests came for") {
    const Connected connected{at("11:00")};
    const Recorded recorded{recording("v", "11:00", 60, "12:05")};
    struct Row {
        const char* why;
        std::vector<Stream> streams;
        std::string current;
    };
    const Row rows[] = {
        {"there is nothing", {}, ""},
        {"live before anything newer", {stream("a", "08:00", {connected}), stream("b", "13:00", {})}, "a"},
        {"one that may come back",
         {stream("a", "09:00", {connected, stopped, recorded}), stream("b", "08:00", {connected, lost})},
         "b"},
        {"the next service after a recording",
         {stream("a", "08:00", {connected, stopped, recorded}), stream("b", "13:00", {})},
         "b"},
        {"a recording, not the stream created beside it and never used",
         {stream("a", "08:00", {connected, stopped, recorded}), stream("b", "09:00", {})},
         "a"},
        {"guests stay where the service ended",
         {stream("a", "08:00", {connected, stopped}),
          stream("b", "10:00",
                 {Connected{at("10:30")}, Disconnected{at("11:00"), DisconnectReason::stopped, "v"},
                  Recorded{recording("v", "10:30", 30, "12:30")}})},
         "a"},
        {"a recording before an end without one",
         {stream("a", "13:00",
                 {Connected{at("14:00")}, Disconnected{at("15:00"), DisconnectReason::stopped},
                  Recorded{failed("w", "14:00", "15:05")}}),
          stream("b", "08:00", {connected, stopped, recorded})},
         "b"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        CHECK(memorialView(row.streams, "").currentStreamId == row.current);
        CHECK(memorialView({row.streams.rbegin(), row.streams.rend()}, "").currentStreamId == row.current);
    }
}

TEST_CASE("each recording of a service that was broken off is there, once") {
    const Recording first = recording("r1", "11:00", 30, "11:35"), second = recording("r2", "11:40", 20, "12:05");
    Recording backup = recording("m1", "11:00", 60, "12:10");
    backup.provider = Provider::mux;
    const std::vector<Notice> broken{Connected{at("11:00")}, stopped, Recorded{first}, Recorded{second},
                                     Recorded{backup}};
    MemorialView view = memorialView({stream("s", "08:00", broken)}, "");
    const std::string shown = view.streams[0].recordingUrl.value_or("");
    CHECK(recordings(view) == Shown{{"s", shown},
                                    shown == first.playbackUrl ? std::pair{"s/r2", second.playbackUrl}
                                                               : std::pair{"s/r1", first.playbackUrl}});
    CHECK(view.streams[1].phase == Phase::recording);
    CHECK(view.streams[1].recordings.empty());
    CHECK(view.streams[1].recordingSources == RecordingSources{});

    std::vector<Notice> again = broken;
    again.emplace_back(Connected{at("13:00")});
    view = memorialView({stream("s", "08:00", again)}, "");
    REQUIRE(view.streams.size() == 3);
    CHECK(view.streams[0].phase == Phase::live);
    CHECK(view.streams[1].status == Status::completed);
    CHECK(view.streams[1].startedAt == "2026-09-23T11:00:00.000Z");
    CHECK(view.streams[1].duration == 1800);
    CHECK(view.currentStreamId == "s");
}
