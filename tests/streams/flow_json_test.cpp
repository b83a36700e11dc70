#include "streams/flow_json.hpp"

#include <doctest/doctest.h>

#include <string>

#include "files.hpp"
#include "samples.hpp"
#include "streams/stream_json.hpp"

using namespace streams;
using core::Json;

namespace {

Json parsed(const std::string& text) {
    const auto json = core::parseJson(text);
    REQUIRE(json.has_value());
    return *json;
}

Json next(Flow& flow, const Json& value) { return parsed(flow.next(Json{{"value", value}}.dump())); }
Json begin(Flow& flow) { return parsed(flow.next("{}")); }

Flow notice(const std::string& product, const std::string& body) {
    return readNotice(Json{{"product", product},
                           {"body", body},
                           {"now", "2026-09-23T12:00:00.000Z"},
                           {"mediaBase", "https://customer-f33zs165nr7gyfy4.cloudflarestream.com"}}
                          .dump());
}

Json found() { return {{"version", "3"}, {"document", encode(sample::stream())}}; }

Json order(const Json& body) {
    return {{"user", {{"uid", "owner"}, {"role", "owner"}}},
            {"body", body.dump()},
            {"streamingMethod", "whip_browser"},
            {"streamId", "s1"},
            {"now", "2026-09-23T08:00:00.000Z"},
            {"base", "http://vigil.test"},
            {"mediaBase", "http://vigil.test"},
            {"idempotencyKey", "k"}};
}

}  // namespace

TEST_CASE("creation, from the order to the answer, with what Cloudflare answers") {
    Flow flow = createStream(order({{"memorialId", "m1"}, {"title", " Service "}}).dump());
    CHECK(begin(flow)["effect"] == Json{{"type", "FindMemorial"}, {"memorialId", "m1"}});
    const Json intent = next(flow, encode(sample::memorial()))["effect"];
    CHECK(intent["type"] == "SaveIntent");
    CHECK(intent["id"] == "s1");
    CHECK(intent["document"]["phase"] == "making");
    CHECK(intent["document"]["due"] == "2026-09-23T08:02:00.000Z");
    const Json claim = next(flow, nullptr)["effect"];
    CHECK(claim["type"] == "ClaimKey");
    CHECK(claim["uid"] == "owner");
    CHECK(claim["key"] == "k");
    CHECK(claim["streamId"] == "s1");
    CHECK(parsed(claim["order"]) == Json{{"memorialId", "m1"},
                                         {"title", "Service"},
                                         {"streamingMethod", "whip_browser"},
                                         {"enableMuxBackup", false}});
    CHECK(next(flow, {{"streamId", "s1"}, {"sameOrder", true}})["effect"] == Json{{"type", "CreateInput"},
                                                                                  {"streamId", "s1"},
                                                                                  {"idempotencyKey", "s1"},
                                                                                  {"title", "Service"},
                                                                                  {"memorialId", "m1"},
                                                                                  {"createdBy", "owner"}});
    const Json input = parsed(fixture("live-input/cloudflare-create.json"))["result"];
    const Json save = next(flow, input)["effect"];
    CHECK(save["type"] == "SaveStream");
    CHECK(decodeStream(save["document"]).faults.empty());
    CHECK(decodeStream(save["document"]).value == sample::stream());
    CHECK(save["intent"].is_null());
    CHECK(save["view"]["id"] == "s1");
    CHECK(save["view"].dump().find(sample::kSecret) == std::string::npos);
    const Json response = next(flow, nullptr)["response"];
    CHECK(response["status"] == 201);
    CHECK(response["body"]["success"] == true);
    CHECK(response["body"]["stream"]["whipUrl"] == sample::kWhip);
    CHECK_FALSE(response["body"].contains("warnings"));
}

TEST_CASE("a notice, from its body to the fields that are written") {
    Flow flow = notice("video", fixture("webhook/cloudflare/webhook.video-ready.live-recording.json"));
    CHECK(begin(flow)["effect"] == Json{{"type", "FindStream"}, {"by", "cloudflareInputId"}, {"is", sample::kInput}});
    const Json update = next(flow, found())["effect"];
    CHECK(update["type"] == "UpdateStream");
    CHECK(update["id"] == "s1");
    CHECK(update["version"] == "3");
    const Json& set = update["set"];
    CHECK(set["status"] == "completed");
    CHECK(set["recordingSources.cloudflare.available"] == true);
    CHECK(set["recordingSources.cloudflare.duration"] == 7272);
    CHECK(set["recordingSources.cloudflare.playbackUrl"] == "/6b9e68b07dfee8cc2d116e4c51d6a957/manifest/video.m3u8");
    CHECK(set["recordings"][0]["changedAt"] == "2026-09-23T07:46:05.591333000Z");
    CHECK(set["updatedAt"] == "2026-09-23T12:00:00.000Z");
    CHECK(set["nextCheckAt"].is_null());  // nothing more is awaited
    CHECK(set.size() == 7);
    CHECK(update["eventKey"] == "cf-video:6b9e68b07dfee8cc2d116e4c51d6a957:2026-09-23T07:46:05.591333000Z:ready");
    CHECK(update["view"]["phase"] == "recording");
    CHECK(next(flow, nullptr)["response"]["status"] == 200);
}

TEST_CASE("each of Cloudflare's notices is read as what it says") {
    struct Row {
        const char* product;
        const char* file;
        const char* what;  // of the answer when nothing is to be done, else a field that is written ...
        Json value;        // ... and what is written there
    };
    const Row rows[] = {
        {"notification", "notification.live_input.connected.json", "connectedAt", "2026-09-23T11:43:41.855717910Z"},
        {"notification", "notification.full-envelope.json", "status", "live"},
        {"notification", "notification.live_input.disconnected.json", "disconnectedAt",
         "2026-09-23T11:43:41.855717910Z"},
        {"notification",
         "notification.live_input.errored.json",
         "inputError",
         {{"code", "ERR_GOP_OUT_OF_RANGE"},
          {"message", "Input GOP size or keyframe interval is out of range."},
          {"at", "2026-09-23T11:43:41.855717910Z"}}},
        {"notification", "notification.save-and-test.json", "no live input notification", nullptr},
        {"video", "webhook.video-error.live-recording.json", "status", "completed"},
        {"video", "webhook.video-ready.upload.docs-example.json", "a video of no live input", nullptr},
    };
    for (const Row& row : rows) {
        CAPTURE(row.file);
        Flow flow = notice(row.product, fixture(std::string{"webhook/cloudflare/"} + row.file));
        const Json first = begin(flow);
        if (row.value.is_null()) {
            CHECK(first["response"]["status"] == 200);
            CHECK(first["response"]["body"]["what"] == row.what);
        } else {
            REQUIRE(first.contains("effect"));
            CHECK(next(flow, found())["effect"]["set"][row.what] == row.value);
        }
    }
}

TEST_CASE("our own media server says why a publisher is gone, which broadcast it was, and where the MP4 is") {
    Json gone = parsed(fixture("webhook/cloudflare/notification.live_input.disconnected.json"));
    gone["data"]["reason"] = "stopped";
    gone["data"]["video_uid"] = "v1";
    Flow flow = notice("notification", gone.dump());
    (void)begin(flow);
    const Json set = next(flow, found())["effect"]["set"];
    CHECK(set["stoppedAt"] == "2026-09-23T11:43:41.855717910Z");
    CHECK(set["broadcastId"] == "v1");

    Json video = parsed(fixture("webhook/cloudflare/webhook.video-ready.live-recording.json"));
    video["downloads"]["default"] = "https://customer-f33zs165nr7gyfy4.cloudflarestream.com/v1/downloads/default.mp4";
    Flow recorded = notice("video", video.dump());
    (void)begin(recorded);
    CHECK(next(recorded, found())["effect"]["set"]["recordings"][0]["downloadUrl"] == "/v1/downloads/default.mp4");
}

TEST_CASE("a notice that is not what it should be is refused or, where it may be meant so, acknowledged") {
    struct Row {
        const char* product;
        const char* body;
        int status;
    };
    const Row rows[] = {
        {"notification", "", 400},
        {"notification", "{", 400},
        {"notification", "7", 200},
        {"notification", "{}", 200},
        {"notification", R"({"data":7})", 400},
        {"notification", R"({"data":{"event_type":7}})", 400},
        {"notification", R"({"data":{"event_type":"live_input.dis"}})", 200},
        {"notification", R"({"data":{"event_type":"live_input.connected"}})", 400},
        {"notification", R"({"data":{"event_type":"live_input.connected","input_id":"i"}})", 400},
        {"notification", R"({"data":{"event_type":"live_input.connected","input_id":"i","updated_at":"now"}})", 400},
        {"video", "[]", 400},
        {"video", R"({"liveInput":"i"})", 400},
        {"video", R"({"uid":"v"})", 200},
        {"video", R"({"uid":"v","liveInput":"i","status":{"state":"inprogress"}})", 200},
        {"video", R"({"uid":"v","liveInput":"i","status":{"state":"ready"},"readyToStream":false})", 200},
        {"video", R"({"uid":"v","liveInput":"i","status":{"state":"ready"},"readyToStream":true})", 400},
        {"video", R"({"uid":"v","liveInput":"i","status":{"state":"error"}})", 400},
        {"video", R"({"uid":"v","liveInput":"i","status":7})", 400},
    };
    for (const Row& row : rows) {
        CAPTURE(row.body);
        Flow flow = notice(row.product, row.body);
        const Json first = begin(flow);
        REQUIRE(first.contains("response"));
        CHECK(first["response"]["status"] == row.status);
        CHECK(first["response"]["body"]["success"] == (row.status == 200));
    }
}

TEST_CASE("one document that cannot be read does not take the others with it") {
    Flow flow = viewMemorial(R"({"memorialId":"m1","base":""})");
    (void)begin(flow);
    (void)next(flow, encode(sample::memorial()));
    const Json answer = next(flow, Json::array({{{"id", "broken"}}, encode(sample::stream()), 7}))["response"];
    CHECK(answer["status"] == 200);
    REQUIRE(answer["body"]["streams"].size() == 1);
    CHECK(answer["body"]["streams"][0]["id"] == "s1");
}

TEST_CASE("whatever a port answers, a flow goes on or ends, with JSON") {
    const std::string results[] = {"",
                                   "{",
                                   "7",
                                   "[]",
                                   "{}",
                                   R"({"value":null})",
                                   R"({"value":7})",
                                   R"({"value":[7]})",
                                   R"({"value":{}})",
                                   R"({"value":{"document":7,"version":"1"}})",
                                   R"({"value":{"document":{},"version":1}})",
                                   R"({"failed":7})",
                                   R"({"failed":"x"})"};
    for (const std::string& result : results) {
        CAPTURE(result);
        Flow flows[] = {
            createStream(order({{"memorialId", "m1"}, {"title", "t"}}).dump()),
            notice("video", fixture("webhook/cloudflare/webhook.video-ready.live-recording.json")),
            viewMemorial(R"({"memorialId":"m1"})"),
            notice("mux", fixture("webhook/mux/webhook.asset.live_stream_completed.json")),
            settleIntent(R"({"id":"s1","now":"2026-09-23T12:00:00.000Z"})"),
            reconcileStream(R"({"id":"s1","now":"2026-09-23T12:00:00.000Z","force":true})"),
            reconcileStream(R"({"id":"s1","now":"2026-09-23T12:00:00.000Z"})"),
            checkStream(R"({"user":{"uid":"u"},"id":"s1","now":"2026-09-23T12:00:00.000Z"})"),
            renameStream(R"({"user":{"uid":"u"},"id":"s1","now":"n","body":"{\"title\":\"t\"}"})"),
            removeStream(R"({"user":{"uid":"u"},"id":"s1","now":"n"})"),
            rotateKeys(R"({"user":{"uid":"u"},"id":"s1","now":"n"})"),
            retryBackup(R"({"user":{"uid":"u"},"id":"s1","now":"n","mark":"x"})"),
            relayTarget(R"({"key":"k"})"),
            listStreams(R"({"user":{"uid":"u"},"memorialId":"m1"})"),
            getStream(R"({"user":{"uid":"u"},"id":"s1"})"),
            listMemorials(R"({"user":{"uid":"u"}})"),
            createMemorial(
                R"({"user":{"uid":"u","role":"admin"},"body":"{\"name\":\"n\"}","memorialId":"m","now":""})")};
        for (Flow& flow : flows) {
            Json step = begin(flow);
            for (int i = 0; step.contains("effect") && i < 50; i++) step = parsed(flow.next(result));
            CHECK(step.contains("response"));
        }
    }
}

TEST_CASE("a question that cannot be understood is our own mistake, and said so") {
    const std::string rows[] = {"", "7", "{}", R"({"user":7,"memorialId":"m","id":"s","body":"{}"})"};
    for (const std::string& row : rows) {
        CAPTURE(row);
        Flow flows[] = {createStream(row),  readNotice(row),   listStreams(row),     getStream(row),
                        listMemorials(row), settleIntent(row), reconcileStream(row), checkStream(row),
                        renameStream(row),  removeStream(row), rotateKeys(row),      retryBackup(row),
                        relayTarget(row)};
        for (Flow& flow : flows) CHECK(begin(flow)["response"]["status"] == 500);
    }
}

TEST_CASE("the relay learns where a key leads, and nothing of a key that leads nowhere") {
    Stream stream = sample::stream();
    stream.rtmpUrl = "rtmps://live.cloudflare.com:443/live/";
    stream.streamKey = "key";
    Flow known = relayTarget(R"({"key":"k"})");
    CHECK(begin(known)["effect"] == Json{{"type", "FindStream"}, {"by", "relayKey"}, {"is", "k"}});
    const Json answer = next(known, {{"version", "1"}, {"document", encode(stream)}})["response"];
    CHECK(answer["body"] == Json{{"streamId", "s1"},
                                 {"cloudflareInputId", sample::kInput},
                                 {"rtmpUrl", "rtmps://live.cloudflare.com:443/live/"},
                                 {"streamKey", "key"},
                                 {"enabled", true}});
    Flow unknown = relayTarget(R"({"key":"k"})");
    (void)begin(unknown);
    CHECK(next(unknown, nullptr)["response"]["status"] == 404);
    Flow empty = relayTarget(R"({"key":""})");
    CHECK(begin(empty)["response"]["status"] == 404);
}

TEST_CASE("providers are asked and their lists read, the unreadable left out") {
    Flow flow = checkStream(R"({"user":{"uid":"owner"},"id":"s1","now":"2026-09-23T12:00:00.000Z","base":"",
        "mediaBase":"","muxPlaybackBase":"https://stream.mux.com"})");
    (void)begin(flow);
    Stream stream = sample::stream();
    stream.muxLiveStreamId = "l1";
    stream.backup = Backup::ready;
    (void)next(flow, {{"version", "3"}, {"document", encode(stream)}});
    CHECK(next(flow, encode(sample::memorial()))["effect"]["type"] == "GetInput");
    const Json input = parsed(fixture("live-input/cloudflare-create.json"))["result"];
    CHECK(next(flow, input)["effect"]["type"] == "ListVideos");
    const Json video = parsed(fixture("webhook/cloudflare/webhook.video-ready.live-recording.json"));
    CHECK(next(flow, Json::array({7, video, {{"uid", "broken"}}}))["effect"]["type"] == "GetMuxStream");
    CHECK(next(flow, {{"status", "idle"}})["effect"]["type"] == "ListMuxAssets");
    const Json asset = parsed(fixture("webhook/mux/webhook.asset.live_stream_completed.json"))["data"];
    const Json update = next(flow, Json::array({7, asset}))["effect"];
    CHECK(update["set"]["recordings"].size() == 2);
    CHECK(update["set"]["muxAssetReady"] == true);
    CHECK_FALSE(update.contains("eventKey"));
    CHECK(next(flow, nullptr)["response"]["body"]["stream"]["phase"] == "recording");
}
