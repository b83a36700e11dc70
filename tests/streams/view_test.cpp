#include "streams/view.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"
#include "streams/merge.hpp"

using namespace streams;
using sample::at;
using sample::failed;
using sample::recording;

namespace {

Stream after(const std::vector<Notice>& notices) {
    Stream stream = sample::stream();
    for (const Notice& notice : notices) stream = merge(std::move(stream), notice);
    return stream;
}

const Disconnected lost{at("11:00"), DisconnectReason::lost};
const Disconnected stopped{at("11:00"), DisconnectReason::stopped};

}  // namespace

TEST_CASE("the phase is what a viewer should see") {
    struct Row {
        std::vector<Notice> notices;
        Phase phase;
    };
    const Connected connected{at("10:00")};
    const Recorded recorded{recording("v1", "10:00", 60, "11:05")};
    const Recorded broken{failed("v1", "10:00", "11:05")};
    const Disconnected stoppedIn2{at("15:30"), DisconnectReason::stopped, "v2"};
    const Row rows[] = {
        {{}, Phase::waiting},
        {{connected}, Phase::live},
        {{connected, lost}, Phase::interrupted},
        {{connected, lost, Connected{at("11:01")}}, Phase::live},
        {{connected, stopped}, Phase::preparing},
        {{connected, stopped, recorded}, Phase::recording},
        {{connected, lost, recorded}, Phase::recording},
        {{connected, stopped, broken}, Phase::none},
        {{connected, lost, broken}, Phase::none},
        {{recorded}, Phase::recording},
        {{broken}, Phase::none},
        // A second broadcast: the recording of the first is not its recording.
        {{connected, stopped, recorded, Connected{at("15:00")}}, Phase::live},
        {{connected, stopped, recorded, Connected{at("15:00")}, stoppedIn2}, Phase::preparing},
        {{connected, stopped, recorded, Connected{at("15:00")}, Disconnected{at("15:30")}}, Phase::interrupted},
        {{connected, stopped, recorded, stoppedIn2, Recorded{recording("v2", "15:00", 30, "15:40")}}, Phase::recording},
        {{connected, stopped, recorded, stoppedIn2, Recorded{failed("v2", "15:00", "15:40")}}, Phase::recording},
        // The first recording, ready late, does not end the wait for the second where notices name theirs.
        {{connected, stoppedIn2, Recorded{recording("v1", "10:00", 60, "15:31")}}, Phase::preparing},
    };
    int i = 0;
    for (const Row& row : rows) {
        CAPTURE(i++);
        CHECK(phase(after(row.notices)) == row.phase);
    }
}

TEST_CASE("the public view of a recorded stream") {
    Recording first = recording("v1", "10:00", 60, "11:05");
    first.downloadUrl = "/media/v1/downloads/default.mp4";
    first.playbackUrl = "/media/v1/manifest/video.m3u8";
    Stream stream = after({Connected{at("10:00")}, stopped, Recorded{first}, Recorded{failed("v2", "10:30", "11:05")}});
    stream.playbackUrl = "/media/uid/manifest/video.m3u8";
    stream.scheduledAt = at("09:45");

    const PublicStream view = publicView(stream, "http://vigil.test");
    CHECK(view.phase == Phase::recording);
    CHECK(view.status == Status::completed);
    CHECK(view.hlsUrl == "http://vigil.test/media/uid/manifest/video.m3u8");
    CHECK(view.whepUrl == sample::kWhep);
    CHECK(view.recordingUrl == "http://vigil.test/media/v1/manifest/video.m3u8");
    CHECK(view.downloadUrl == "http://vigil.test/media/v1/downloads/default.mp4");
    CHECK(view.duration == 3600);
    CHECK(view.scheduledAt == "2026-09-23T09:45:00.000Z");
    CHECK(view.startedAt == "2026-09-23T10:00:00.000Z");
    CHECK(view.endedAt == "2026-09-23T11:00:00.000Z");
    CHECK(view.recordingSources.cloudflare.playbackUrl == view.recordingUrl);
    REQUIRE(view.recordings.size() == 1);  // what could not be made is of no use to a viewer
    CHECK(view.recordings[0].playbackUrl == *view.recordingUrl);
    CHECK(view.recordings[0].downloadUrl == view.downloadUrl);
}

TEST_CASE("a live stream has no end, nor one that never was") {
    CHECK_FALSE(publicView(after({Connected{at("12:00")}, lost}), "").endedAt.has_value());
    CHECK_FALSE(publicView(sample::stream(), "").endedAt.has_value());
    CHECK_FALSE(publicView(sample::stream(), "").recordingUrl.has_value());
}

TEST_CASE("the Mux recording is what is played while Cloudflare's is not there") {
    Recording mux = recording("m", "10:00", 60, "11:20");
    mux.provider = Provider::mux;
    const PublicStream view = publicView(after({Connected{at("10:00")}, lost, Recorded{mux}}), "");
    CHECK(view.recordingUrl == mux.playbackUrl);
    CHECK(view.preferredRecordingSource == Provider::mux);
}

TEST_CASE("a playback address with a key in it is not shown") {
    const std::string key = sample::kSecret + "k" + sample::kInput;
    Stream stream = sample::stream();
    stream.whepUrl = sample::kHost + key + "/webRTC/play";  // so it stands in an example of Cloudflare's
    CHECK_FALSE(publicView(stream, "").whepUrl.has_value());
    CHECK(publicView(stream, "").hlsUrl == sample::kHls);

    stream.whipUrl.reset();
    CHECK(publicView(stream, "").whepUrl.has_value());
    stream.streamKey = key;
    CHECK_FALSE(publicView(stream, "").whepUrl.has_value());
    stream.streamKey.reset();
    stream.muxStreamKey = key;
    CHECK_FALSE(publicView(stream, "").whepUrl.has_value());

    Recording leaking = recording("v", "10:00", 60, "11:00");
    leaking.playbackUrl = sample::kHost + key + "/manifest/video.m3u8";
    stream = merge(stream, Recorded{leaking});
    CHECK(publicView(stream, "").recordings.empty());
    CHECK_FALSE(publicView(stream, "").recordingUrl.has_value());
    CHECK_FALSE(publicView(stream, "").recordingSources.cloudflare.playbackUrl.has_value());
}

TEST_CASE("an RTMP address of this machine is shown under the host name it is reached by") {
    struct Row {
        const char* rtmpUrl;
        const char* base;
        const char* shown;
    };
    const Row rows[] = {
        {"rtmp://127.0.0.1:1935/live/", "http://127.0.0.1:8080", "rtmp://127.0.0.1:1935/live/"},
        {"rtmp://127.0.0.1:1935/live/", "http://192.168.1.5:8080", "rtmp://192.168.1.5:1935/live/"},
        {"rtmp://127.0.0.1:1935/live/", "https://memorial.example.org", "rtmp://memorial.example.org:1935/live/"},
        {"rtmp://127.0.0.1:1935/live/", "http://[::1]:8080", "rtmp://[::1]:1935/live/"},
        {"rtmp://127.0.0.1:1935/live/", "http://[::1]", "rtmp://[::1]:1935/live/"},
        {"rtmp://127.0.0.1:1935/live/", "", "rtmp://127.0.0.1:1935/live/"},
        {"rtmps://live.cloudflare.com:443/live/", "http://a.test", "rtmps://live.cloudflare.com:443/live/"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.base);
        CHECK(reachable(row.rtmpUrl, row.base) == row.shown);
    }
}

TEST_CASE("our own addresses become paths and back, others stay") {
    struct Row {
        const char* url;
        const char* base;
        const char* path;
    };
    const Row rows[] = {
        {"http://vigil.test/media/x", "http://vigil.test", "/media/x"},
        {"http://vigil.test.evil/media/x", "http://vigil.test", "http://vigil.test.evil/media/x"},
        {"http://vigil.test", "http://vigil.test", "http://vigil.test"},
        {"http://other.test/media/x", "http://vigil.test", "http://other.test/media/x"},
        {"http://vigil.test/media/x", "", "http://vigil.test/media/x"},
        {"", "http://vigil.test", ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.url);
        CHECK(relative(row.url, row.base) == row.path);
        CHECK(absolute(row.path, row.base) == row.url);
    }
    CHECK(absolute("/media/x", "") == "/media/x");
}
