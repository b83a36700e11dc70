#include "whip/offer.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_CASE("the answer asks a publisher for music, and for the whole picture from the start") {
    const std::string answer =
        "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
        "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=recvonly\r\na=rtpmap:111 opus/48000/2\r\n"
        "a=fmtp:111 minptime=10;useinbandfec=0;usedtx=1\r\n"
        "m=video 9 UDP/TLS/RTP/SAVPF 102\r\na=mid:1\r\na=recvonly\r\na=rtpmap:102 H264/90000\r\n"
        "a=fmtp:102 packetization-mode=1\r\n";
    const std::string applied = whip::publisherAnswer(answer);
    for (const char* parameter : {"minptime=10", "useinbandfec=1", "usedtx=0", "stereo=1", "maxaveragebitrate=128000",
                                  "packetization-mode=1", "x-google-start-bitrate=60"}) {
        CAPTURE(parameter);
        CHECK(applied.find(parameter) != std::string::npos);
    }
    CHECK(whip::publisherAnswer(applied) == applied);
    CHECK(whip::publisherAnswer("no SDP") == "no SDP");
}
