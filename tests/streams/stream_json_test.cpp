#include "streams/stream_json.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"
#include "streams/merge.hpp"

using namespace streams;
using core::Json;
using sample::at;

namespace {

Stream everything() {
    Stream stream = sample::stream();
    stream.rtmpUrl = "rtmp://r";
    stream.streamKey = "key";
    stream.ingest = Ingest::direct;
    stream.path = Path::direct;
    stream.relayKey = "relay-" + sample::kSecret;
    stream.backup = Backup::pending;
    stream.muxLiveStreamId = "l";
    stream.muxStreamKey = "k";
    stream.muxPlaybackId = "p";
    stream.muxAssetId = "a";
    stream.muxAssetReady = true;
    stream.cloudflareOutputId = "o";
    stream.simulcastEnabled = true;
    Recording mux = sample::recording("m", "10:00", 60.5, "11:20");
    mux.provider = Provider::mux;
    mux.downloadUrl = "https://d";
    const Notice notices[] = {Connected{at("10:00"), "v"},
                              Disconnected{at("11:00"), DisconnectReason::stopped, "v"},
                              Errored{{"CODE", "words", at("12:00")}},
                              Recorded{sample::recording("v", "10:00", 60, "11:05")},
                              Recorded{mux},
                              Recorded{sample::failed("w", "11:00", "11:05")},
                              MuxActive{at("10:00")},
                              MuxIdle{at("11:05")},
                              GaveUp{at("10:59")}};
    for (const Notice& notice : notices) stream = merge(std::move(stream), notice);
    return stream;
}

// Every text anywhere in it, keys too.
void collect(const Json& json, std::vector<std::string>& texts) {
    if (const auto* text = json.get_ptr<const std::string*>()) texts.push_back(*text);
    if (json.is_object()) {
        for (const auto& item : json.items()) texts.push_back(item.key());
    }
    if (json.is_structured()) {
        for (const Json& child : json) collect(child, texts);
    }
}

}  // namespace

TEST_CASE("a stream survives being written and read") {
    const Stream streams[] = {sample::stream(), everything()};
    for (const Stream& stream : streams) {
        const auto read = decodeStream(encode(stream));
        CHECK(read.faults.empty());
        CHECK(read.value == stream);
    }
}

TEST_CASE("a recording whose times its provider did not tell is written and read") {
    Stream stream = sample::stream();
    stream.recordings = {{.id = "v"}};
    const auto read = decodeStream(encode(stream));
    CHECK(read.faults.empty());
    CHECK(read.value == stream);
}

TEST_CASE("documents have the keys of the reference system, to the letter") {
    const Json json = encode(everything());
    const char* keys[] = {"id",
                          "memorialId",
                          "title",
                          "status",
                          "streamingMethod",
                          "rtmpUrl",
                          "streamKey",
                          "whipUrl",
                          "playbackUrl",
                          "cloudflareInputId",
                          "muxStreamKey",
                          "muxPlaybackId",
                          "muxAssetId",
                          "muxAssetReady",
                          "cloudflareOutputId",
                          "createdBy",
                          "createdAt",
                          "updatedAt",
                          "recordingSources",
                          "preferredRecordingSource",
                          "simulcastEnabled",
                          "muxLiveStreamId"};
    for (const char* key : keys) {
        CAPTURE(key);
        CHECK(json.contains(key));
    }
    CHECK(json["streamingMethod"] == "whip_browser");
    CHECK(json["recordingSources"]["cloudflare"]["available"] == true);
    CHECK(json["recordingSources"]["mux"]["duration"] == 3630);
}

TEST_CASE("a document of the reference system, without any field of ours, can be read") {
    const auto json = core::parseJson(R"({"id":"s","memorialId":"m","title":"t","status":"completed",
        "streamingMethod":"obs","rtmpUrl":"rtmps://r","streamKey":"k","cloudflareInputId":"c","playbackUrl":"https://p",
        "recordingSources":{"cloudflare":{"available":true,"playbackUrl":"https://v","duration":12.5}},
        "preferredRecordingSource":"cloudflare","createdBy":"u","createdAt":"2025-10-01T10:00:00.000Z",
        "updatedAt":"2025-10-01T10:00:00.000Z"})");
    const auto read = decodeStream(*json);
    REQUIRE(read.faults.empty());
    CHECK(read.value.ingest == Ingest::relay);
    CHECK(phase(read.value) == Phase::recording);
    CHECK(publicView(read.value, "").recordingUrl == "https://v");
}

TEST_CASE("every fault of a document is told, with its place") {
    Json json = encode(everything());
    json["id"] = "";
    json["title"] = 7;
    json["status"] = "over";
    json.erase("memorialId");
    json.erase("streamingMethod");
    json["muxAssetReady"] = "yes";
    json["recordingSources"]["mux"]["duration"] = -1;
    json["recordingSources"]["cloudflare"] = "none";
    json["recordings"][1]["id"] = nullptr;
    json["recordings"][2]["startedAt"] = "yesterday";
    json["connectedAt"] = "2026-09-23T10:00:00+02:00";
    json["createdAt"] = "today";
    json.erase("whipUrl");
    const std::vector<core::Error> expected = {
        {"/id", "is empty"},
        {"/memorialId", "is missing"},
        {"/title", "expected text"},
        {"/status", "expected one of ready, live, completed"},
        {"/streamingMethod", "is missing"},
        {"/muxAssetReady", "expected true or false"},
        {"/recordingSources/cloudflare", "expected an object"},
        {"/recordingSources/mux/duration", "expected a length in seconds"},
        {"/recordings/1/id", "is missing"},
        {"/recordings/2/startedAt", "expected a time in UTC, such as 2026-09-23T11:43:41Z"},
        {"/connectedAt", "expected a time in UTC, such as 2026-09-23T11:43:41Z"},
        {"/createdAt", "expected a time in UTC, such as 2026-09-23T11:43:41Z"},
    };
    const auto faults = decodeStream(json).faults;
    REQUIRE(faults.size() == expected.size());
    for (std::size_t i = 0; i < faults.size(); i++) {
        CHECK(faults[i].where == expected[i].where);
        CHECK(faults[i].what == expected[i].what);
    }
}

TEST_CASE("a stream nobody could publish to is a fault") {
    Json whip = encode(sample::stream());
    whip.erase("whipUrl");
    CHECK(decodeStream(whip).faults == std::vector<core::Error>{{"/whipUrl", "is missing"}});
    Json obs = encode(sample::stream());
    obs["streamingMethod"] = "obs";
    CHECK(decodeStream(obs).faults ==
          std::vector<core::Error>{{"/rtmpUrl", "is missing"}, {"/streamKey", "is missing"}});
}

TEST_CASE("what is no object at all is a fault, and nothing worse") {
    const char* rows[] = {"null", "7", "[]", "\"s\"", "{}", "[{}]", R"({"recordings":7,"recordingSources":[]})"};
    for (const char* row : rows) {
        CAPTURE(row);
        CHECK_FALSE(decodeStream(*core::parseJson(row)).faults.empty());
        CHECK_FALSE(decodeMemorial(*core::parseJson(row)).faults.empty());
        CHECK_FALSE(decodeUser(*core::parseJson(row)).faults.empty());
    }
}

TEST_CASE("both spellings of the funeral director are read, the full one first") {
    CHECK(decodeMemorial({{"id", "m"}, {"name", "n"}, {"funeralDir", "a"}}).value.funeralDirectorUid == "a");
    CHECK(decodeMemorial({{"id", "m"}, {"name", "n"}, {"funeralDir", "a"}, {"funeralDirectorUid", "b"}})
              .value.funeralDirectorUid == "b");
}

TEST_CASE("no key and no ingest address is anywhere in the public view, nor in the list of those who manage") {
    Stream stream = everything();
    stream.streamKey = "obs-" + sample::kSecret;
    stream.muxStreamKey = "mux-" + sample::kSecret;
    const Json views[] = {encode(publicView(stream, "http://vigil.test")), encodeManaged(stream, "http://vigil.test")};
    for (const Json& view : views) {
        std::vector<std::string> texts;
        collect(view, texts);
        REQUIRE(texts.size() > 20);
        const char* secrets[] = {"rtmp", "streamKey", "StreamKey", "whipUrl", "publish", sample::kSecret.c_str()};
        for (const std::string& text : texts) {
            for (const char* secret : secrets) {
                CAPTURE(text);
                CHECK(text.find(secret) == std::string::npos);
            }
        }
    }
}

TEST_CASE("the list of those who manage says how a stream is set up") {
    const Json view = encodeManaged(everything(), "");
    CHECK(view["backup"] == "pending");
    CHECK(view["capabilities"] == Json{{"records", false}, {"hls", false}, {"outputs", false}, {"whep", true}});
    CHECK(view["inputError"]["code"] == "CODE");
}

TEST_CASE("those who may publish get the address, and never the key of the backup") {
    const Json full = encodeFull(everything(), "");
    CHECK(full["whipUrl"] == sample::kWhip);
    CHECK_FALSE(full.contains("streamKey"));  // of a browser stream: the relay's, not the person's
    CHECK_FALSE(full.contains("rtmpUrl"));
    CHECK_FALSE(full.contains("relayKey"));
    CHECK(full["backup"] == "pending");
    CHECK(full["capabilities"] == Json{{"records", false}, {"hls", false}, {"outputs", false}, {"whep", true}});
    Stream obs = everything();
    obs.streamingMethod = StreamingMethod::obs;
    CHECK(encodeFull(obs, "")["streamKey"] == "key");
    CHECK(encodeFull(obs, "")["rtmpUrl"] == "rtmp://r");
    CHECK_FALSE(full.contains("muxStreamKey"));
    CHECK(full["inputError"]["code"] == "CODE");
}

TEST_CASE("an input error from before a connection that worked is not shown any more") {
    Stream stream = merge(sample::stream(), Errored{{"CODE", "words", at("10:00")}});
    CHECK(encodeFull(stream, "").contains("inputError"));
    stream = merge(stream, Connected{at("10:01")});
    CHECK_FALSE(encodeFull(stream, "").contains("inputError"));
}

TEST_CASE("changes name single fields, so that two writers do not overwrite each other") {
    const Stream before = sample::stream();
    Stream after = before;
    after.title = "New";
    after.simulcastEnabled.reset();
    after.recordingSources.cloudflare = {true, "https://v", 12.5};
    after.recordings = {sample::recording("v", "10:00", 60, "11:05")};
    const Json set = changes(before, after);
    CHECK(set.size() == 6);
    CHECK(set["title"] == "New");
    CHECK(set["simulcastEnabled"].is_null());
    CHECK(set["recordingSources.cloudflare.available"] == true);
    CHECK(set["recordingSources.cloudflare.playbackUrl"] == "https://v");
    CHECK(set["recordingSources.cloudflare.duration"] == 12.5);
    CHECK(set["recordings"].size() == 1);
    CHECK(changes(before, before).empty());
}
