#include "streams/provider.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"

using namespace streams;
using core::Json;

TEST_CASE("what a path can do") {
    struct Row {
        Path path;
        Capabilities can;
    };
    const Row rows[] = {{Path::embedded, {true, true, true, true}},
                        {Path::relay, {true, true, true, false}},
                        {Path::direct, {false, false, false, true}},
                        {Path::obs, {true, true, true, false}}};
    for (const Row& row : rows) CHECK((capabilities(row.path) == row.can));
}

TEST_CASE("a live input's status in each of its forms") {
    using enum InputStatus::Now;
    struct Row {
        const char* json;
        InputStatus status;
    };
    const std::string at = "2026-09-23T10:00:00.500000000Z";
    const Row rows[] = {
        {R"({"status":null})", {}},
        {R"({})", {}},
        {R"(7)", {}},
        {R"({"status":7})", {}},
        {R"({"status":"connected"})", {live}},
        {R"({"status":"reconnected"})", {live}},
        {R"({"status":"reconnecting"})", {live}},
        {R"({"status":"client_disconnect"})", {gone}},
        {R"({"status":"ttl_exceeded"})", {gone}},
        {R"({"status":"failed_to_connect"})", {gone}},
        {R"({"status":"failed_to_reconnect"})", {gone}},
        {R"({"status":"new_configuration_accepted"})", {}},
        {R"({"status":"something new"})", {}},
        {R"({"status":{"current":{"state":"connected","statusEnteredAt":"2026-09-23T10:00:00.5Z"},"history":[]}})",
         {live, at}},
        {R"({"status":{"current":{"state":"disconnected","reason":"stopped","statusEnteredAt":"2026-09-23T10:00:00.5Z"}}})",
         {gone, at, DisconnectReason::stopped}},
        {R"({"status":{"current":{"state":"client_disconnect","statusEnteredAt":"yesterday"}}})", {gone}},
        {R"({"status":{"current":7}})", {}},
        {R"({"status":{}})", {}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.json);
        CHECK((readInputStatus(*core::parseJson(row.json)) == row.status));
    }
}

TEST_CASE("an input without what its path needs is a fault; an address of HLS is found where it is not given") {
    const Json input = *core::parseJson(R"({"uid":"u","webRTC":{"url":"https://c/ku/webRTC/publish"},
        "webRTCPlayback":{"url":"https://c/u/webRTC/play"},"rtmps":{"url":"rtmps://r","streamKey":"k"}})");
    using enum StreamingMethod;
    CHECK(readInput(input, Path::relay, whip_browser)->hlsUrl == "https://c/u/manifest/video.m3u8");
    struct Row {
        const char* without;
        Path path;
        StreamingMethod method;
        const char* fault;
    };
    const Row rows[] = {
        {"uid", Path::embedded, whip_browser, "/uid"},
        {"webRTC", Path::embedded, whip_browser, "/webRTC"},
        {"webRTC", Path::relay, whip_browser, ""},
        {"rtmps", Path::relay, whip_browser, "/rtmps"},
        {"rtmps", Path::embedded, whip_browser, ""},
        {"rtmps", Path::obs, obs, "/rtmps"},
        {"webRTCPlayback", Path::obs, obs, "/playback"},
        {"webRTCPlayback", Path::direct, whip_browser, "/webRTCPlayback"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.without);
        Json less = input;
        less.erase(row.without);
        const auto read = readInput(less, row.path, row.method);
        CHECK((read ? "" : read.error().where) == row.fault);
    }
}

TEST_CASE("Mux writes times as numbers, as numbers in text and as ISO 8601") {
    const std::string at = "2026-09-23T05:41:00.000000000Z";
    struct Row {
        Json value;
        const char* time;  // nullptr: none
    };
    const Row rows[] = {{1790142060, at.c_str()},
                        {1790142060.9, at.c_str()},
                        {"1790142060", at.c_str()},
                        {"2026-09-23T05:41:00Z", at.c_str()},
                        {"2026-09-23T05:41:00.000000Z", at.c_str()},
                        {-1, nullptr},
                        {1e300, nullptr},
                        {"99999999999999999999", nullptr},
                        {"soon", nullptr},
                        {nullptr, nullptr},
                        {true, nullptr}};
    for (const Row& row : rows) {
        CAPTURE(row.value.dump());
        CHECK(muxTime({{"t", row.value}}, "t").value_or("none") == (row.time ? row.time : "none"));
    }
}

TEST_CASE("an asset is ready only when its live stream is over, and public") {
    CHECK(assetState({{"status", "ready"}, {"is_live", true}}) == RecordingState::making);
    CHECK(assetState({{"status", "ready"}, {"is_live", false}}) == RecordingState::ready);
    CHECK(assetState({{"status", "ready"}}) == RecordingState::ready);
    CHECK(assetState({{"status", "preparing"}}) == RecordingState::making);
    CHECK(assetState({{"status", "errored"}}) == RecordingState::error);
    CHECK(assetState(7) == RecordingState::making);
    const Bases bases{"http://vigil.test", "http://vigil.test/media/mux"};
    const Json signedOnly{{"id", "a"}, {"playback_ids", {{{"id", "p"}, {"policy", "signed"}}}}};
    const auto hidden = readAsset(signedOnly, RecordingState::ready, sample::at("11:00"), bases);
    CHECK(hidden->state == RecordingState::error);
    const Json open{{"id", "a"},
                    {"duration", 12.5},
                    {"playback_ids", {{{"id", "s"}, {"policy", "signed"}}, {{"id", "p"}, {"policy", "public"}}}}};
    const auto shown = readAsset(open, RecordingState::ready, sample::at("11:00"), bases);
    CHECK(shown->playbackUrl == "/media/mux/p.m3u8");
    CHECK(shown->duration == 12.5);
    CHECK(shown->startedAt == sample::at("11:00"));
}
