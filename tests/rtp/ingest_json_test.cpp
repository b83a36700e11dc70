#include "rtp/ingest_json.hpp"

#include <doctest/doctest.h>

using namespace rtp;

TEST_CASE("the media list of an offer makes the sources") {
    const auto sources = readSources(
        R"([{"kind":"audio","mid":"0","payloadType":111,"codec":"OPUS","clockRate":48000,"ssrc":4294967295},
            {"kind":"video","mid":"1","payloadType":96,"codec":"VP8"}])");
    REQUIRE(sources);
    REQUIRE(sources->size() == 2);
    const Source& audio = (*sources)[0];
    CHECK(audio.kind == Kind::Audio);
    CHECK(audio.codec == Codec::Opus);
    CHECK(audio.payloadType == 111);
    CHECK(audio.clockRate == 48000);
    CHECK(audio.ssrc == 4294967295);
    const Source& video = (*sources)[1];
    CHECK(video.kind == Kind::Video);
    CHECK(video.codec == Codec::Vp8);
    CHECK(video.clockRate == 90000);
    CHECK(video.ssrc == 0);
}

TEST_CASE("what is no media list says where it is not") {
    struct Row {
        const char* json;
        const char* where;
    };
    const Row rows[] = {
        {"", ""},
        {"null", "/media"},
        {"{}", "/media"},
        {"[]", "/media"},
        {"[7]", "/media/0"},
        {R"([{"kind":"video","codec":"H264"}])", "/media/0/payloadType"},
        {R"([{"kind":"video","codec":"OPUS","payloadType":1}])", "/media/0/codec"},
        {R"([{"kind":"audio","codec":"VP8","payloadType":1}])", "/media/0/codec"},
        {R"([{"kind":"video","codec":"H264","payloadType":128}])", "/media/0/payloadType"},
        {R"([{"kind":"video","codec":"H264","payloadType":1.5}])", "/media/0/payloadType"},
        {R"([{"kind":"video","codec":"H264","payloadType":"96"}])", "/media/0/payloadType"},
        {R"([{"kind":"video","codec":"H264","payloadType":96,"clockRate":0}])", "/media/0/clockRate"},
        {R"([{"kind":"video","codec":"H264","payloadType":96,"ssrc":-1}])", "/media/0/ssrc"},
        {R"([{"kind":"video","codec":"H264","payloadType":96,"ssrc":4294967296}])", "/media/0/ssrc"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.json);
        const auto sources = readSources(row.json);
        REQUIRE_FALSE(sources);
        CHECK(sources.error().where == row.where);
    }
}

TEST_CASE("figures are told of the kinds there are") {
    Ingest::Stats stats;
    stats.video = Track::Stats{.packets = 3, .bytes = 300, .lost = 1, .size = {640, 360}};
    stats.silentMs = 20;
    CHECK(writeStats(stats) ==
          R"({"silentMs":20.0,"video":{"bytes":300,"gaps":0,"height":360,"jitterMs":0.0,"keyframes":0,"lost":1,)"
          R"("packets":3,"recovered":0,"restarts":0,"width":640}})");
}
