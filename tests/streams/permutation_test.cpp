// Notices as the providers send them, in any order and any number: one document comes of them, whatever the order.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "files.hpp"
#include "samples.hpp"
#include "streams/flow_json.hpp"
#include "streams/stream_json.hpp"

using namespace streams;
using core::Json;

namespace {

const std::string kLive = "QrikEQpEXp3RvklQSHyHSYOakQkXlRId";

/// A document in a store that keeps event keys.
struct Store {
    Json document{};
    std::set<std::string> keys{};

    Json carryOut(const Json& effect) {
        if (effect["type"] == "FindStream") {
            const auto member = document.find(effect["by"].get<std::string>());
            if (member == document.end() || *member != effect["is"]) return {{"value", nullptr}};
            return {{"value", {{"document", document}, {"version", "1"}}}};
        }
        REQUIRE(effect["type"] == "UpdateStream");
        if (!keys.insert(effect["eventKey"].get<std::string>()).second) return {{"value", {{"duplicate", true}}}};
        for (const auto& [path, value] : effect["set"].items()) {
            Json* at = &document;
            std::size_t from = 0, dot = 0;
            while ((dot = path.find('.', from)) != std::string::npos) {
                at = &(*at)[path.substr(from, dot - from)];
                from = dot + 1;
            }
            if (value.is_null())
                at->erase(path.substr(from));
            else
                (*at)[path.substr(from)] = value;
        }
        return {{"value", nullptr}};
    }
};

struct Sent {
    std::string product, body;
};

/// What was answered.
std::string tell(Store& store, const Sent& notice) {
    Flow flow = readNotice(Json{{"product", notice.product},
                                {"body", notice.body},
                                {"now", "2026-09-23T12:00:00.000Z"},
                                {"mediaBase", ""},
                                {"muxPlaybackBase", "https://stream.mux.com"}}
                               .dump());
    Json step = *core::parseJson(flow.next("{}"));
    while (step.contains("effect")) step = *core::parseJson(flow.next(store.carryOut(step["effect"]).dump()));
    REQUIRE(step["response"]["status"] == 200);
    return step["response"]["body"]["what"];
}

Store fresh() {
    Stream stream = sample::stream();
    stream.id = "st_01JEXAMPLE";
    stream.muxLiveStreamId = kLive;
    stream.backup = Backup::ready;
    return {encode(stream), {}};
}

Sent cloudflare(const char* file, const Json& patch = Json::object()) {
    Json body = *core::parseJson(fixture(std::string{"webhook/cloudflare/"} + file));
    body.merge_patch(patch);
    return {body.contains("uid") ? "video" : "notification", body.dump()};
}
Sent mux(const char* file, const Json& patch = Json::object()) {
    Json body = *core::parseJson(fixture(std::string{"webhook/mux/"} + file));
    body.merge_patch(patch);
    return {"mux", body.dump()};
}
Json at(const char* time) { return {{"data", {{"updated_at", time}}}}; }

// A service with a gap: two broadcasts at Cloudflare, one asset at Mux, a second that failed and was deleted.
std::vector<Sent> service() {
    const Json other{{"data", {{"id", "other"}, {"created_at", "1790149260"}}}};
    Json deleted = other;
    deleted["type"] = "video.asset.deleted";
    deleted["id"] = "deleted";
    deleted["created_at"] = "2026-09-23T09:00:00Z";
    Json failed = other;
    failed["id"] = "failed";
    return {
        cloudflare("notification.live_input.connected.json", at("2026-09-23T05:44:30.453838Z")),
        cloudflare("notification.live_input.disconnected.json", at("2026-09-23T06:44:30.453838Z")),
        cloudflare("notification.live_input.connected.json", at("2026-09-23T06:50:00.1Z")),
        cloudflare("notification.live_input.errored.json", at("2026-09-23T06:51:00Z")),
        cloudflare("notification.live_input.disconnected.json", at("2026-09-23T07:45:00.000000001Z")),
        cloudflare("webhook.video-ready.live-recording.json"),
        cloudflare("webhook.video-error.live-recording.json"),
        cloudflare("webhook.video-ready.live-recording.json",
                   {{"uid", "second"}, {"duration", 60}, {"created", "2026-09-23T06:50:00Z"}}),
        mux("webhook.live_stream.connected.json"),
        mux("webhook.asset.created.live.json"),
        mux("webhook.live_stream.recording.json"),
        mux("webhook.live_stream.active.json"),
        mux("webhook.asset.ready.live-start.json"),
        mux("webhook.live_stream.disconnected.json"),
        mux("webhook.live_stream.idle.json"),
        mux("webhook.asset.live_stream_completed.json"),
        mux("webhook.asset.errored.json", failed),
        mux("webhook.asset.errored.json", deleted),
        mux("webhook.asset.live_stream_completed.json",
            {{"id", "no-live-id"}, {"data", {{"live_stream_id", nullptr}}}}),
    };
}

}  // namespace

TEST_CASE("in whatever order notices come, and however often each, one document comes of them") {
    const std::vector<Sent> all = service();
    std::mt19937 random{20261122};
    for (int round = 0; round < 60; round++) {
        std::vector<Sent> part = all;
        std::shuffle(part.begin(), part.end(), random);
        part.resize(1 + random() % part.size());
        Store once = fresh();
        for (const Sent& notice : part) (void)tell(once, notice);
        std::vector<Sent> again = part;
        for (const Sent& notice : part) {
            if (random() % 2) again.push_back(notice);
        }
        std::shuffle(again.begin(), again.end(), random);
        Store other = fresh();
        for (const Sent& notice : again) (void)tell(other, notice);
        CAPTURE(round);
        if (other.document.value("updatedAt", "") != once.document.value("updatedAt", ""))
            continue;  // nothing was news
        REQUIRE(other.document == once.document);
    }
    Store store = fresh();
    for (const Sent& notice : all) (void)tell(store, notice);
    const auto stream = decodeStream(store.document);
    REQUIRE(stream.faults.empty());
    CHECK(stream.value.status == Status::completed);
    CHECK(stream.value.recordingSources.cloudflare.duration == 7272);
    CHECK(stream.value.recordingSources.mux->playbackUrl ==
          "https://stream.mux.com/ljCTZK94b7ADmwCFR00KyLMda11jx21sTEKBJIxYIpBs.m3u8");
    for (const Sent& notice : all) {
        const std::string what = tell(store, notice);
        CAPTURE(what);
        CHECK(
            (what == "nothing new" || what == "a notification of another kind" || what == "a notice of another kind"));
    }
}

TEST_CASE("each of Mux's notices is read as what it says") {
    struct Row {
        Sent notice;
        const char* what;
        const char* member;  // of the document afterwards
        Json value;
    };
    const char* asset = "0201p02fGKPE7MrbC269XRD7LpcHhrmbu0002";
    const Json alone{{"data", {{"live_stream_id", nullptr}, {"passthrough", "st_01JEXAMPLE:again"}}}};
    const Json stray{{"data", {{"live_stream_id", "another"}}}};
    const Json nobody{{"data", {{"live_stream_id", nullptr}, {"passthrough", nullptr}}}};
    const Row rows[] = {
        {mux("webhook.live_stream.active.json"), "updated", "muxActiveAt", "2026-09-23T05:43:00.000000000Z"},
        {mux("webhook.live_stream.idle.json"), "updated", "muxIdleAt", "2026-09-23T05:45:00.000000000Z"},
        {mux("webhook.live_stream.disabled.json"), "updated", "muxIdleAt", "2026-09-23T05:46:00.000000000Z"},
        {mux("webhook.live_stream.connected.json"), "a notice of another kind", "status", "ready"},
        {mux("webhook.live_stream.recording.json"), "a notice of another kind", "status", "ready"},
        {mux("webhook.live_stream.disconnected.json"), "a notice of another kind", "status", "ready"},
        {mux("webhook.live_stream.deleted.json"), "a notice of another kind", "status", "ready"},
        {mux("webhook.live_stream.warning.docs-example.json"), "a notice of another kind", "status", "ready"},
        {mux("webhook.asset.created.live.json"), "updated", "muxAssetId", asset},
        {mux("webhook.asset.ready.live-start.json"), "updated", "muxAssetReady", false},  // it has only just begun
        {mux("webhook.asset.live_stream_completed.json"), "updated", "muxAssetReady", true},
        {mux("webhook.asset.live_stream_completed.json", {{"type", "video.asset.ready"}}), "updated", "muxAssetReady",
         true},
        {mux("webhook.asset.live_stream_completed.json", alone), "updated", "muxAssetReady", true},
        {mux("webhook.asset.live_stream_completed.json", {{"created_at", 1790142330}}), "updated", "muxAssetReady",
         true},
        {mux("webhook.asset.live_stream_completed.json", {{"created_at", "1790142330"}}), "updated", "muxAssetReady",
         true},
        {mux("webhook.asset.live_stream_completed.json", stray), "unknown input", "status", "ready"},
        {mux("webhook.asset.live_stream_completed.json", nobody), "an asset of no live stream", "status", "ready"},
        {mux("webhook.asset.errored.json"), "updated", "muxAssetReady", false},
        {mux("webhook.asset.ready.docs-example.json"), "an asset of no live stream", "status", "ready"},
    };
    int i = 0;
    for (const Row& row : rows) {
        CAPTURE(i++);
        Store store = fresh();
        CHECK(tell(store, row.notice) == row.what);
        CHECK(store.document[row.member] == row.value);
    }
}

TEST_CASE("an event that was counted already changes nothing, whatever it says now") {
    Store store = fresh();
    const Sent notice = mux("webhook.asset.live_stream_completed.json");
    store.keys.insert("mux:7b56ac3d-33da-4366-855b-f592d8984005");
    CHECK(tell(store, notice) == "known already");
    CHECK(store.document == fresh().document);
}

TEST_CASE("a notice of Mux that is not what it should be is refused or, where it may be meant so, acknowledged") {
    struct Row {
        const char* body;
        int status;
    };
    const Row rows[] = {
        {"{", 400},
        {"7", 400},
        {"{}", 400},
        {R"({"type":"video.asset.ready"})", 400},
        {R"({"type":"video.upload.created","id":"e"})", 200},
        {R"({"type":"video.asset.ready","id":"e"})", 400},
        {R"({"type":"video.asset.ready","id":"e","created_at":"soon","data":{}})", 400},
        {R"({"type":"video.asset.ready","id":"e","created_at":1})", 400},
        {R"({"type":"video.asset.ready","id":"e","created_at":1,"data":7})", 400},
        {R"({"type":"video.asset.ready","id":"e","created_at":1,"data":{}})", 400},
        {R"({"type":"video.asset.ready","id":"e","created_at":1,"data":{"id":7}})", 400},
        {R"({"type":"video.asset.ready","id":"e","created_at":1,"data":{"id":"a","live_stream_id":7}})", 400},
        {R"({"type":"video.asset.ready","id":"e","created_at":1,"data":{"id":"a","playback_ids":7,"passthrough":"s"}})",
         400},
        {R"({"type":"video.live_stream.idle","id":"e","created_at":1,"data":{}})", 400},
        {R"({"type":"video.asset.ready","id":"e","created_at":1,"data":{"id":"a"}})", 200},
    };
    for (const Row& row : rows) {
        CAPTURE(row.body);
        Flow flow =
            readNotice(Json{{"product", "mux"}, {"body", row.body}, {"now", "2026-09-23T12:00:00.000Z"}}.dump());
        const Json first = *core::parseJson(flow.next("{}"));
        REQUIRE(first.contains("response"));
        CHECK(first["response"]["status"] == row.status);
    }
}
