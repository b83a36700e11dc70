#include "sdp/answer.hpp"

#include "sdp/fixtures.hpp"
#include "sdp/munge.hpp"

using namespace sdp;

namespace {

constexpr const char* kAudio =
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=recvonly\r\na=rtpmap:111 opus/48000/2\r\n";
constexpr const char* kVideo =
    "m=video 9 UDP/TLS/RTP/SAVPF 108\r\na=mid:1\r\na=recvonly\r\na=rtpmap:108 H264/90000\r\n";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("an answer that receives every section passes") {
    const Description offer = parseFixture("chromium-156-offer.sdp");
    CHECK_FALSE(checkAnswer(offer, describe(std::string{kAudio} + kVideo)));
    // The session's direction counts where a section has none of its own.
    CHECK_FALSE(checkAnswer(offer, describe("a=recvonly\r\n" + replaced(kAudio, "a=recvonly\r\n", "") + kVideo)));
    // Payload types may be numbered anew, and a mid may be left out without BUNDLE.
    CHECK_FALSE(checkAnswer(offer, describe(kAudio + replaced(replaced(kVideo, "108", "35"), ":108", ":35"))));
    CHECK_FALSE(checkAnswer(offer, describe(kAudio + replaced(kVideo, "a=mid:1\r\n", ""))));
}

TEST_CASE("an answer under which somebody would stream to nobody is a failure that names its section") {
    const Description offer = parseFixture("chromium-156-offer.sdp");
    const std::string audio = kAudio, video = kVideo;
    struct Row {
        std::string sections;
        const char *where, *what;
    };
    const Row rows[] = {
        {"", "m=audio (mid 0)", "the server left it out of its answer"},
        {audio, "m=video (mid 1)", "the server left it out of its answer"},
        {video + audio, "m=audio (mid 0)", "the server answered with another kind of media"},
        {audio + replaced(video, "mid:1", "mid:2"), "m=video (mid 1)", "the server answered with another mid"},
        {audio + replaced(video, "video 9", "video 0"), "m=video (mid 1)", "the server rejected it"},
        {replaced(audio, "audio 9", "audio 0") + video, "m=audio (mid 0)", "the server rejected it"},
        {audio + replaced(video, "video 9", "video 0") + "a=bundle-only\r\n", "m=video (mid 1)",
         "the server rejected it"},
        {audio + replaced(video, "recvonly", "inactive"), "m=video (mid 1)",
         "the server will neither receive nor send it"},
        {"a=inactive\r\n" + replaced(audio, "a=recvonly\r\n", "") + video, "m=audio (mid 0)",
         "the server will neither receive nor send it"},
        {audio + replaced(video, "recvonly", "sendonly"), "m=video (mid 1)", "the server will not only receive it"},
        {audio + replaced(video, "recvonly", "sendrecv"), "m=video (mid 1)", "the server will not only receive it"},
        {audio + replaced(video, "a=recvonly\r\n", ""), "m=video (mid 1)", "the server will not only receive it"},
        {audio + replaced(video, "H264", "H265"), "m=video (mid 1)",
         "the server answered without any of the codecs that were offered"},
        {audio + replaced(video, "a=rtpmap:108 H264/90000\r\n", "a=rtpmap:108 H264/8000\r\n"), "m=video (mid 1)",
         "the server answered without any of the codecs that were offered"},
        {audio + video + video, "m=video (mid 1)", "the server answered what was not offered"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sections);
        const auto error = checkAnswer(offer, describe(row.sections));
        REQUIRE(error.has_value());
        CHECK(error->where == row.where);
        CHECK(error->what == row.what);
    }
}

TEST_CASE("what a viewer asked to receive must be sent") {
    const Description offer = recvOnly(parseFixture("firefox-153-offer.sdp"));
    const std::string audio =
        "m=audio 9 UDP/TLS/RTP/SAVPF 109\r\na=mid:0\r\na=sendonly\r\na=rtpmap:109 opus/48000/2\r\n";
    const std::string video = "m=video 9 UDP/TLS/RTP/SAVPF 120\r\na=mid:1\r\na=sendonly\r\na=rtpmap:120 VP8/90000\r\n";
    CHECK_FALSE(checkAnswer(offer, describe(audio + video)));
    const auto error = checkAnswer(offer, describe(audio + replaced(video, "sendonly", "recvonly")));
    REQUIRE(error.has_value());
    CHECK(error->what == "the server will not only send it");
}

TEST_CASE("either way will do where both were offered, and nothing is missed where nothing was asked for") {
    const Description both = describe("m=audio 9 RTP/AVP 0\r\n");
    for (const char* way : {"sendrecv", "sendonly", "recvonly"}) {
        CHECK_FALSE(checkAnswer(both, describe(std::string{"m=audio 9 RTP/AVP 0\r\na="} + way + "\r\n")));
    }
    CHECK(checkAnswer(both, describe("m=audio 9 RTP/AVP 0\r\na=inactive\r\n")).has_value());
    const Description none = describe("m=audio 0 RTP/AVP 0\r\nm=video 9 RTP/AVP 31\r\na=inactive\r\n");
    CHECK_FALSE(checkAnswer(none, describe("m=audio 0 RTP/AVP 0\r\nm=video 0 RTP/AVP 31\r\n")));
}

TEST_CASE("a static payload type needs no rtpmap to be shared, and a data channel has no codec") {
    const Description offer = describe("m=audio 9 RTP/AVP 0 8\r\na=sendonly\r\nm=application 9 UDP/DTLS/SCTP x\r\n");
    const auto answer = [&](const char* format) {
        return describe(std::string{"m=audio 9 RTP/AVP "} + format +
                        "\r\na=recvonly\r\nm=application 9 UDP/DTLS/SCTP y\r\n");
    };
    CHECK_FALSE(checkAnswer(offer, answer("8")));
    CHECK(checkAnswer(offer, answer("9")).has_value());
}
