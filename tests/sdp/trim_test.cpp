#include "sdp/trim.hpp"

#include "sdp/fixtures.hpp"

using namespace sdp;

namespace {

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

const std::string kAudio = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=sendonly\r\na=rtpmap:111 opus/48000/2\r\n";
const std::string kVideo = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=sendonly\r\na=rtpmap:96 VP8/90000\r\n";

}  // namespace

TEST_CASE("of every real offer one codec per section is left, and its source is named") {
    struct Row {
        const char* file;
        Profile prefer;
        TrimmedMedia audio, video;
    };
    const Profile h264 = Profile::H264, vp8 = Profile::VP8;
    const Row rows[] = {
        {"chromium-156-offer.sdp", h264, {"audio", "0", 111, "OPUS", 48000, 0}, {"video", "1", 108, "H264", 90000, 0}},
        {"chromium-156-offer.sdp", vp8, {"audio", "0", 111, "OPUS", 48000, 0}, {"video", "1", 96, "VP8", 90000, 0}},
        {"chromium-156-offer-gathered.sdp",
         h264,
         {"audio", "0", 111, "OPUS", 48000, 2649490732},
         {"video", "1", 108, "H264", 90000, 2798425016}},
        {"chromium-156-offer-simulcast.sdp",
         h264,
         {"audio", "0", 111, "OPUS", 48000, 0},
         {"video", "1", 108, "H264", 90000, 0}},
        {"firefox-153-offer-gathered.sdp",
         h264,
         {"audio", "0", 109, "OPUS", 48000, 2248044708},
         {"video", "1", 120, "VP8", 90000, 3627470172}},
        {"aiortc-1.4-offer-gathered.sdp",
         h264,
         {"audio", "0", 96, "OPUS", 48000, 1827657859},
         {"video", "1", 101, "H264", 90000, 1263299181}},
        {"aiortc-1.4-offer-gathered.sdp",
         vp8,
         {"audio", "0", 96, "OPUS", 48000, 1827657859},
         {"video", "1", 97, "VP8", 90000, 1263299181}},
        {"node-datachannel-0.33-offer-gathered.sdp",
         vp8,
         {"audio", "audio0", 111, "OPUS", 48000, 1001},
         {"video", "video1", 96, "H264", 90000, 1002}},
        {"extra-bundle-only-offer.sdp",
         h264,
         {"audio", "audio0", 111, "OPUS", 48000, 1001},
         {"video", "video1", 96, "H264", 90000, 1002}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.file);
        const Description offer = parseFixture(row.file);
        const auto trimmed = trimOffer(offer, {row.prefer, Role::Ingest});
        REQUIRE(trimmed.has_value());
        REQUIRE(trimmed->media.size() == 2);
        for (const std::size_t i : {0u, 1u}) {
            TrimmedMedia expected = i == 0 ? row.audio : row.video;
            const TrimmedMedia& found = trimmed->media[i];
            // Sources differ from offer to offer; only rows that name one check it.
            if (expected.ssrc == 0) expected.ssrc = found.ssrc;
            CHECK(found == expected);
            const Media& media = trimmed->description.media[i];
            CHECK(media.formats() == std::vector<std::string_view>{std::to_string(found.payloadType)});
            CHECK(media.port() == offer.media[i].port());
        }
        const auto again = parse(write(trimmed->description));
        REQUIRE(again.has_value());
        CHECK(*again == trimmed->description);
        const auto twice = trimOffer(trimmed->description, {row.prefer, Role::Ingest});
        REQUIRE(twice.has_value());
        CHECK(*twice == *trimmed);
    }
}

TEST_CASE("a trimmed section holds what our server does and nothing else") {
    const auto trimmed = trimOffer(parseFixture("chromium-156-offer-gathered.sdp"), {});
    REQUIRE(trimmed.has_value());
    const std::string fingerprint =
        "a=fingerprint:sha-256 "
        "E3:59:F1:08:96:26:BC:9F:BA:03:D7:CB:B9:A6:05:09:F6:B6:A2:AC:85:CC:FC:8B:6B:42:17:0D:48:FD:F4:"
        "1E\n";
    CHECK(textOf({trimmed->description.session}) ==
          "v=0\no=- 657671451797897570 2 IN IP4 127.0.0.1\ns=-\nt=0 0\na=group:BUNDLE 0 1\n");
    CHECK(textOf(trimmed->description.media[1]) ==
          "m=video 9 UDP/TLS/RTP/SAVPF 108\nc=IN IP4 0.0.0.0\na=sendonly\na=ice-ufrag:pvkV\n"
          "a=ice-pwd:6k01C2LEdJG0sGqLE277Nisn\na=ice-options:trickle\n" +
              fingerprint +
              "a=setup:actpass\na=mid:1\na=rtcp-mux\na=rtcp-rsize\na=rtpmap:108 H264/90000\na=rtcp-fb:108 goog-remb\n"
              "a=rtcp-fb:108 ccm fir\na=rtcp-fb:108 nack\na=rtcp-fb:108 nack pli\n"
              "a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\n"
              "a=ssrc:2798425016 cname:xIRrhYCOEDz63yPR\n");
}

TEST_CASE("feedback for any payload type stays when we give it; mux-only is no matter of an answer") {
    const auto trimmed = trimOffer(
        describe("b=AS:1\r\na=sendonly\r\n" + kAudio + kVideo +
                 "b=AS:1\r\na=rtcp-mux-only\r\na=rtcp-fb:* nack\r\na=rtcp-fb:* transport-cc\r\n"
                 "a=rtcp-fb:97 nack\r\na=fmtp:97 apt=96\r\na=ssrc:x\r\na=rid:q send\r\na=simulcast:send q\r\n"),
        {});
    REQUIRE(trimmed.has_value());
    CHECK(textOf(trimmed->description.media[1]) ==
          "m=video 9 UDP/TLS/RTP/SAVPF 96\na=sendonly\na=mid:1\na=rtpmap:96 VP8/90000\na=rtcp-fb:* nack\n");
    CHECK(trimmed->media[1].ssrc == 0);
    CHECK(textOf({trimmed->description.session}) == "v=0\no=- 1 2 IN IP4 127.0.0.1\ns=-\nt=0 0\n");
}

TEST_CASE("a bundle-only section keeps its port 0, and a section not in use keeps its place") {
    const auto trimmed = trimOffer(describe("m=video 0 UDP/TLS/RTP/SAVPF 97 98\r\na=mid:2\r\n" +
                                            replaced(kAudio, "audio 9", "audio 0") + "a=bundle-only\r\n" + kVideo),
                                   {});
    REQUIRE(trimmed.has_value());
    REQUIRE(trimmed->description.media.size() == 3);
    CHECK(textOf(trimmed->description.media[0]) == "m=video 0 UDP/TLS/RTP/SAVPF 97\na=inactive\na=mid:2\n");
    CHECK(trimmed->description.media[1].port() == 0);
    CHECK(trimmed->description.media[1].has("bundle-only"));
    REQUIRE(trimmed->media.size() == 2);
    CHECK(trimmed->media[0].kind == "audio");
    CHECK(trimmed->media[1].mid == "1");
}

TEST_CASE("an offer of both ways is answered one way") {
    const std::string both = replaced(kAudio, "a=sendonly\r\n", "");
    const auto ingest = trimOffer(describe(both), {Profile::H264, Role::Ingest});
    const auto egress = trimOffer(describe(both), {Profile::H264, Role::Egress});
    REQUIRE((ingest.has_value() && egress.has_value()));
    CHECK(direction(ingest->description, ingest->description.media[0]) == Direction::SendOnly);
    CHECK(direction(egress->description, egress->description.media[0]) == Direction::RecvOnly);
}

TEST_CASE("a viewer gets what is published, or the error that a server maps to 406") {
    const Description firefox = recvOnly(parseFixture("firefox-153-offer.sdp"));
    const Description chromium = recvOnly(parseFixture("chromium-156-offer.sdp"));
    CHECK(trimOffer(firefox, {Profile::VP8, Role::Egress})->media[1].codec == "VP8");
    CHECK(trimOffer(chromium, {Profile::VP8, Role::Egress})->media[1].codec == "VP8");
    CHECK(trimOffer(chromium, {Profile::H264, Role::Egress})->media[1].codec == "H264");
    const auto refused = trimOffer(firefox, {Profile::H264, Role::Egress});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().where == kNoCodec);
}

TEST_CASE("an offer we cannot serve is refused") {
    const std::string data = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n";
    const char* noCodec =
        "m=video (mid 1) offers no codec that can be used here: Opus for audio, H.264 with packetization-mode=1 or VP8 "
        "for "
        "video";
    const char* oneEach = "at most one audio and one video section are accepted";
    struct Row {
        std::string sections;
        Role role;
        const char *where, *what;
    };
    const Row rows[] = {
        {"", Role::Ingest, "m=", "the offer has no audio and no video"},
        {replaced(kAudio, "audio 9", "audio 0"), Role::Ingest, "m=", "the offer has no audio and no video"},
        {kAudio + data, Role::Ingest, "m=application (mid 2)", "only audio and video are accepted here"},
        {"m=audio 9 RTP/AVP 0\r\n", Role::Ingest, "m=audio", "only WebRTC media (RTP/SAVPF) is accepted"},
        {replaced(kAudio, "sendonly", "recvonly"), Role::Ingest, "m=audio (mid 0)", "a publisher must offer sendonly"},
        {replaced(kAudio, "sendonly", "inactive"), Role::Ingest, "m=audio (mid 0)", "a publisher must offer sendonly"},
        {kAudio, Role::Egress, "m=audio (mid 0)", "a viewer must offer recvonly"},
        {replaced(kAudio, "sendonly", "inactive"), Role::Egress, "m=audio (mid 0)", "a viewer must offer recvonly"},
        {kAudio + replaced(kAudio, "mid:0", "mid:1"), Role::Ingest, "m=audio (mid 1)", oneEach},
        {kVideo + kAudio + replaced(kVideo, "mid:1", "mid:2"), Role::Ingest, "m=video (mid 2)", oneEach},
        {replaced(kVideo, "VP8", "AV1"), Role::Ingest, kNoCodec, noCodec},
        {replaced(kVideo, "90000", "8000"), Role::Ingest, kNoCodec, noCodec},
        {replaced(kVideo, "VP8", "H264"), Role::Ingest, kNoCodec, noCodec},  // packetization-mode is 0 unless said
    };
    for (const Row& row : rows) {
        CAPTURE(row.sections);
        const auto trimmed = trimOffer(describe(row.sections), {Profile::H264, row.role});
        REQUIRE_FALSE(trimmed.has_value());
        CHECK(trimmed.error().where == row.where);
        CHECK(trimmed.error().what == row.what);
    }
    for (const char* codec : {"opus/48000", "opus/16000/2", "PCMU/8000"}) {
        CAPTURE(codec);
        CHECK(trimOffer(describe(replaced(kAudio, "opus/48000/2", codec)), {}).error().where == kNoCodec);
    }
}

TEST_CASE("an offer cut off after any of its lines is trimmed or refused") {
    const std::string text = readFixture("chromium-156-offer-gathered.sdp");
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', end + 1)) {
        const auto description = parse(text.substr(0, end + 1));
        if (!description) continue;
        const auto trimmed = trimOffer(*description, {});
        if (trimmed && trimmed->media.empty()) FAIL("neither media nor an error");
    }
}

TEST_CASE("the answer tells a browser its bit rates, behind what its fmtp says or in one of its own") {
    const Description answer = describe(
        "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10\r\n"
        "m=video 9 UDP/TLS/RTP/SAVPF 108 96 98\r\na=rtpmap:108 H264/90000\r\na=fmtp:108 packetization-mode=1\r\n"
        "a=rtpmap:96 VP8/90000\r\na=rtpmap:98 VP9/90000\r\n"
        "m=video 0 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n");
    const Description finished = finishAnswer(answer, {2500, 4000});
    CHECK(finished.media[0] == answer.media[0]);
    CHECK(finished.media[2] == answer.media[2]);
    CHECK(textOf(finished.media[1]) ==
          "m=video 9 UDP/TLS/RTP/SAVPF 108 96 98\na=rtpmap:108 H264/90000\n"
          "a=fmtp:108 packetization-mode=1;x-google-start-bitrate=2500;x-google-max-bitrate=4000\n"
          "a=rtpmap:96 VP8/90000\na=fmtp:96 x-google-start-bitrate=2500;x-google-max-bitrate=4000\n"
          "a=rtpmap:98 VP9/90000\n");
    CHECK(finishAnswer(finished, {2500, 4000}) == finished);
}
