#include "sdp/codec.hpp"

#include "sdp/fixtures.hpp"

using namespace sdp;

TEST_CASE("codecs come in the order of the m= line, with what rtpmap and fmtp say") {
    const auto offer = parseFixture("chromium-156-offer-gathered.sdp");
    const auto audio = codecs(offer.media[0]), video = codecs(offer.media[1]);
    REQUIRE(audio.size() == 8);
    CHECK(audio[0].payloadType == 111);
    CHECK(audio[0].name == "opus");
    CHECK(audio[0].clockRate == 48000);
    CHECK(audio[0].channels == "2");
    CHECK(audio[0].fmtp == "minptime=10;useinbandfec=1");
    CHECK(audio[2].name == "G722");
    CHECK(audio[2].channels.empty());
    CHECK(audio[2].fmtp.empty());
    REQUIRE(video.size() == 23);
    CHECK(video[2].payloadType == 102);
    CHECK(video[2].name == "H264");
}

TEST_CASE("formats that are no payload type are left out, repeated ones are read once") {
    const auto description = describe(
        "m=video 9 RTP/AVP 96 128 x 96 7 -1\r\n"
        "a=rtpmap:96 VP8/90000\r\na=rtpmap:96 H264/90000\r\n"  // the first one counts
        "a=rtpmap:128 VP9/90000\r\na=rtpmap\r\na=rtpmap:\r\na=rtpmap:7\r\na=fmtp:96\r\n");
    const auto found = codecs(description.media[0]);
    REQUIRE(found.size() == 2);
    CHECK(found[0].name == "VP8");
    CHECK(found[1].payloadType == 7);
    CHECK(found[1].name.empty());
    CHECK(found[1].clockRate == 0);
}

TEST_CASE("a clock rate that is no number reads as 0") {
    for (const char* rate : {"", "/x", "/-1", "/99999999999"}) {
        CAPTURE(rate);
        const auto description = describe(std::string{"m=video 9 RTP/AVP 96\r\na=rtpmap:96 VP8"} + rate + "\r\n");
        CHECK(codecs(description.media[0])[0].clockRate == 0);
    }
}

TEST_CASE("fmtp parameters are found by key, whatever the blanks and letter case") {
    struct Row {
        const char *fmtp, *key;
        std::optional<std::string_view> value;
    };
    const Row rows[] = {
        {"a=1;b=2", "b", "2"},  {"a=1; b=2 ; c=3", "b", "2"}, {"A=1", "a", "1"},   {"a", "a", ""},
        {"ab=1;a=2", "a", "2"}, {"a=1;", "a", "1"},           {"", "a", {}},       {"b=1", "a", {}},
        {"0-15", "a", {}},      {"a=b=c", "a", "b=c"},        {";;a=1", "a", "1"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.fmtp);
        CHECK(parameter(row.fmtp, row.key) == row.value);
    }
}

TEST_CASE("setting a parameter keeps all others in their place") {
    struct Row {
        const char *fmtp, *key, *value, *after;
    };
    const Row rows[] = {
        {"", "a", "1", "a=1"},
        {"b=2", "a", "1", "b=2;a=1"},
        {"a=0;b=2", "a", "1", "a=1;b=2"},
        {"b=2; a=0; c=3", "a", "1", "b=2; a=1; c=3"},
        {"a=0;a=3;b=2", "a", "1", "a=1;b=2"},
        {"ab=0", "a", "1", "ab=0;a=1"},
        {"A=0", "a", "1", "a=1"},
        {"b=2;", "a", "1", "b=2;a=1"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.fmtp);
        CHECK(withParameter(row.fmtp, row.key, row.value) == row.after);
    }
}

TEST_CASE("an fmtp line is edited, or added behind its rtpmap, or at the end") {
    auto description = describe(
        "m=video 9 RTP/AVP 96 97 98\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 H264/90000\r\na=fmtp:97 "
        "x=1\r\na=mid:0\r\n");
    Media& media = description.media[0];
    for (const std::uint8_t payloadType : {std::uint8_t{96}, std::uint8_t{97}, std::uint8_t{98}})
        setParameters(media, payloadType, {{"y", "2"}});
    setParameters(media, 96, {});
    CHECK(
        textOf(media) ==
        "m=video 9 RTP/AVP 96 97 98\na=rtpmap:96 VP8/90000\na=fmtp:96 y=2\na=rtpmap:97 H264/90000\na=fmtp:97 x=1;y=2\n"
        "a=mid:0\na=fmtp:98 y=2\n");
}

TEST_CASE("H.264 is ranked by profile, and only with packetization-mode=1") {
    struct Row {
        const char* fmtp;
        int rank;
    };
    const Row rows[] = {
        {"packetization-mode=1;profile-level-id=42e01f", 3},
        {"profile-level-id=42E01F; packetization-mode=1", 3},
        {"packetization-mode=1;profile-level-id=42e034", 2},
        {"packetization-mode=1;profile-level-id=42c01f", 2},
        {"packetization-mode=1;profile-level-id=42C01F", 2},
        {"packetization-mode=1;profile-level-id=42401f", 2},
        {"packetization-mode=1;profile-level-id=42001f", 1},
        {"packetization-mode=1;profile-level-id=42a01f", 1},
        {"packetization-mode=1;profile-level-id=4d001f", 1},
        {"packetization-mode=1;profile-level-id=4D001f", 1},
        {"packetization-mode=1;profile-level-id=640c1f", 1},
        {"packetization-mode=1", 1},
        {"packetization-mode=1;profile-level-id=f4001f", 0},
        {"packetization-mode=1;profile-level-id=42e0", 0},
        {"packetization-mode=1;profile-level-id=", 0},
        {"packetization-mode=0;profile-level-id=42e01f", 0},
        {"profile-level-id=42e01f", 0},
        {"", 0},
    };
    for (const Row& row : rows) {
        CAPTURE(row.fmtp);
        CHECK(rankH264({96, "H264", 90000, "", row.fmtp}) == row.rank);
    }
    CHECK(rankH264({96, "h264", 90000, "", "packetization-mode=1"}) == 1);
    CHECK(rankH264({96, "H265", 90000, "", "packetization-mode=1"}) == 0);
    CHECK(rankH264({96, "H264", 48000, "", "packetization-mode=1"}) == 0);
}
