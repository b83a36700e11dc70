#include "sdp/munge.hpp"

#include <algorithm>

#include "sdp/fixtures.hpp"

using namespace sdp;

namespace {

/// What `after` has and `before` has not, line by line, in order; each line "+a=x" or "-a=x".
std::vector<std::string> changes(const Description& before, const Description& after) {
    std::vector<std::string> found;
    const auto compare = [&](const Lines& old, const Lines& fresh) {
        const auto missing = [&](char sign, const Lines& from, const Lines& in) {
            for (const Line& line : from) {
                if (std::find(in.begin(), in.end(), line) == in.end()) {
                    found.push_back(std::string{sign, line.type, '='} + line.value);
                }
            }
        };
        missing('-', old, fresh);
        missing('+', fresh, old);
    };
    compare(before.session, after.session);
    REQUIRE(before.media.size() == after.media.size());
    for (std::size_t i = 0; i < before.media.size(); ++i) compare(before.media[i].lines, after.media[i].lines);
    return found;
}

using Changes = std::vector<std::string>;

std::string formatsOf(const Media& media) {
    std::string text;
    for (const auto format : media.formats()) text.append(text.empty() ? "" : " ").append(format);
    return text;
}

}  // namespace

TEST_CASE("every change of every real offer is SDP again, and made twice is made once") {
    const OpusOptions opus{true, true, false, 64000};
    for (const char* file : kFixtures) {
        CAPTURE(file);
        const Description offer = parseFixture(file);
        const auto stable = [&](auto change) {
            const Description once = change(offer);
            const auto again = parse(write(once));
            REQUIRE(again.has_value());
            CHECK(*again == once);
            CHECK(change(once) == once);
        };
        stable([](Description d) { return sendOnly(std::move(d)); });
        stable([](Description d) { return recvOnly(std::move(d)); });
        stable([](Description d) { return rtcpMuxOnly(std::move(d)); });
        stable([](Description d) { return preferCodec(std::move(d), Profile::H264); });
        stable([](Description d) { return preferCodec(std::move(d), Profile::VP8); });
        stable([](Description d) { return limitBitrate(std::move(d), "video", 2500); });
        stable([](Description d) { return withoutExtensions(std::move(d)); });
        stable([&](Description d) { return opusParameters(std::move(d), opus); });
    }
}

TEST_CASE("sendOnly and recvOnly set the direction of audio and video, in its place") {
    const Description offer = parseFixture("chromium-156-offer.sdp");
    CHECK(sendOnly(offer) == offer);
    CHECK(changes(offer, recvOnly(offer)) == Changes{"-a=sendonly", "+a=recvonly", "-a=sendonly", "+a=recvonly"});
    CHECK(sendOnly(recvOnly(offer)) == offer);

    const Description bare = describe(
        "m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=rtcp-mux\r\n"
        "m=video 9 RTP/AVP 31\r\na=rtcp-mux\r\n"
        "m=audio 9 RTP/AVP 0\r\na=inactive\r\na=x\r\na=sendrecv\r\n"
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:3\r\n");
    const Description sent = sendOnly(bare);
    CHECK(textOf(sent.media[0]) == "m=audio 9 RTP/AVP 0\na=mid:0\na=sendonly\na=rtcp-mux\n");
    CHECK(textOf(sent.media[1]) == "m=video 9 RTP/AVP 31\na=rtcp-mux\na=sendonly\n");
    CHECK(textOf(sent.media[2]) == "m=audio 9 RTP/AVP 0\na=sendonly\na=x\n");
    CHECK(sent.media[3] == bare.media[3]);
}

TEST_CASE("a=rtcp-mux-only stands beside each a=rtcp-mux that lacks it") {
    const Description offer = parseFixture("firefox-153-offer.sdp");
    const Description posted = rtcpMuxOnly(offer);
    CHECK(changes(offer, posted) == Changes{"+a=rtcp-mux-only", "+a=rtcp-mux-only"});
    for (const Media& media : posted.media) {
        CHECK(textOf(media).find("a=rtcp-mux\na=rtcp-mux-only\n") != std::string::npos);
    }
    const Description some =
        describe("m=audio 9 RTP/AVP 0\r\na=rtcp-mux-only\r\na=rtcp-mux\r\nm=video 9 RTP/AVP 31\r\n");
    CHECK(rtcpMuxOnly(some) == some);  // already there; not muxed at all
}

TEST_CASE("the preferred codec comes first, its rtx behind it") {
    struct Row {
        const char* file;
        Profile profile;
        const char* formats;
    };
    const Row rows[] = {
        {"chromium-156-offer.sdp", Profile::H264,
         "108 109 96 97 102 103 104 107 114 115 116 117 39 40 45 46 98 99 100 101 118 119 120"},
        {"chromium-156-offer.sdp", Profile::VP8,
         "96 97 102 103 104 107 108 109 114 115 116 117 39 40 45 46 98 99 100 101 118 119 120"},
        {"firefox-153-offer.sdp", Profile::H264, "120 124 121 125 99 100 123 122 119"},  // offers none
        {"firefox-153-offer.sdp", Profile::VP8, "120 124 121 125 99 100 123 122 119"},
        {"aiortc-1.4-offer-gathered.sdp", Profile::H264, "101 102 97 98 99 100"},
        {"aiortc-1.4-offer-gathered.sdp", Profile::VP8, "97 98 99 100 101 102"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.file);
        const Description offer = parseFixture(row.file);
        const Description changed = preferCodec(offer, row.profile);
        CHECK(formatsOf(changed.media[1]) == row.formats);
        CHECK(changed.media[0] == offer.media[0]);
        CHECK(Lines(changed.media[1].lines.begin() + 1, changed.media[1].lines.end()) ==
              Lines(offer.media[1].lines.begin() + 1, offer.media[1].lines.end()));
    }
}

TEST_CASE("without 42e01f the next best H.264 is preferred") {
    const std::string h264 = " H264/90000\r\na=fmtp:";
    struct Row {
        const char *first, *second, *formats;  // of 97 and 98; 96 is VP8
    };
    const Row rows[] = {
        {"packetization-mode=1;profile-level-id=640c1f", "packetization-mode=1;profile-level-id=42e034", "98 96 97"},
        {"packetization-mode=0;profile-level-id=42e01f", "packetization-mode=1;profile-level-id=640c1f", "98 96 97"},
        {"packetization-mode=1;profile-level-id=42e01f", "packetization-mode=1;profile-level-id=42e01f", "97 98 96"},
        {"packetization-mode=0;profile-level-id=42e01f", "packetization-mode=0;profile-level-id=42e01f", "96 97 98"},
    };
    for (const Row& row : rows) {
        const Description offer =
            describe("m=video 9 UDP/TLS/RTP/SAVPF 96 97 98\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97" + h264 + "97 " +
                     row.first + "\r\na=rtpmap:98" + h264 + "98 " + row.second + "\r\n");
        CHECK(formatsOf(preferCodec(offer, Profile::H264).media[0]) == row.formats);
    }
}

TEST_CASE("a section without the preferred codec is left as it is") {
    const Description offer = describe(
        "m=video 9 UDP/TLS/RTP/SAVPF 98 100 99 x\r\na=rtpmap:98 VP9/90000\r\na=rtpmap:99 rtx/90000\r\na=fmtp:99 "
        "apt=98\r\n"
        "a=rtpmap:100 AV1/90000\r\n");
    CHECK(preferCodec(offer, Profile::H264) == offer);
    CHECK(preferCodec(offer, Profile::VP8) == offer);
}

TEST_CASE("bit rates stand behind c= and replace older ones, other b= lines stay") {
    const Description offer = parseFixture("chromium-156-offer.sdp");
    const Description limited = limitBitrate(offer, "video", 2500);
    CHECK(changes(offer, limited) == Changes{"+b=AS:2500", "+b=TIAS:2500000"});
    CHECK(textOf(limited.media[1]).find("c=IN IP4 0.0.0.0\nb=AS:2500\nb=TIAS:2500000\na=") != std::string::npos);
    CHECK(limitBitrate(limited, "video", 0) == offer);
    CHECK(changes(limited, limitBitrate(limited, "video", 600)) ==
          Changes{"-b=AS:2500", "-b=TIAS:2500000", "+b=AS:600", "+b=TIAS:600000"});

    const Description bare =
        describe("m=audio 9 RTP/AVP 0\r\ni=voice\r\nb=RS:0\r\nk=clear:x\r\nm=video 9 RTP/AVP 31\r\n");
    CHECK(textOf(limitBitrate(bare, "audio", 64).media[0]) ==
          "m=audio 9 RTP/AVP 0\ni=voice\nb=AS:64\nb=TIAS:64000\nb=RS:0\nk=clear:x\n");
    CHECK(textOf(limitBitrate(bare, "video", 4294967295u).media[1]) ==
          "m=video 9 RTP/AVP 31\nb=AS:4294967295\nb=TIAS:4294967295000\n");
}

TEST_CASE("opus parameters are edited in the fmtp that is there, the rest stays") {
    const Description offer = parseFixture("chromium-156-offer.sdp");
    struct Row {
        OpusOptions options;
        const char* fmtp;
    };
    const Row rows[] = {
        {{}, "minptime=10;useinbandfec=1"},
        {{true, {}, {}, {}}, "minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1"},
        {{false, false, true, {}}, "minptime=10;useinbandfec=0;stereo=0;sprop-stereo=0;usedtx=1"},
        {{{}, {}, {}, 128000}, "minptime=10;useinbandfec=1;maxaveragebitrate=128000"},
        {{{}, {}, {}, 1}, "minptime=10;useinbandfec=1;maxaveragebitrate=6000"},
        {{{}, {}, {}, 1000000}, "minptime=10;useinbandfec=1;maxaveragebitrate=510000"},
    };
    for (const Row& row : rows) {
        const Description changed = opusParameters(offer, row.options);
        CHECK(changed.media[0].attribute("fmtp") == std::string{"111 "} + row.fmtp);
        CHECK(changed.media[1] == offer.media[1]);
    }
    const Description bare = describe("m=audio 9 RTP/AVP 96 0\r\na=rtpmap:96 OPUS/48000/2\r\na=rtpmap:0 PCMU/8000\r\n");
    CHECK(
        textOf(opusParameters(bare, {true, {}, {}, {}}).media[0]) ==
        "m=audio 9 RTP/AVP 96 0\na=rtpmap:96 OPUS/48000/2\na=fmtp:96 stereo=1;sprop-stereo=1\na=rtpmap:0 PCMU/8000\n");
}

TEST_CASE("without extensions neither section nor session speaks of them") {
    for (const char* file : kFixtures) {
        CAPTURE(file);
        const Description offer = parseFixture(file);
        const Description changed = withoutExtensions(offer);
        CHECK(write(changed).find("a=extmap") == std::string::npos);
        for (const std::string& change : changes(offer, changed)) CHECK(change.starts_with("-a=extmap"));
    }
}
