/// One offer and what servers may answer to it, for the tests of the sessions.
#pragma once

#include <string>

namespace whip {

inline const std::string kHead =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\n"
    "a=fingerprint:sha-256 00:11\r\n";

inline std::string section(const std::string& mLine, const std::string& mid, const std::string& rtpmap,
                           const std::string& rest) {
    return "m=" + mLine + "\r\nc=IN IP4 0.0.0.0\r\na=mid:" + mid + "\r\na=rtpmap:" + rtpmap + "\r\n" + rest;
}

inline const std::string kOffer =
    kHead +
    section("audio 9 UDP/TLS/RTP/SAVPF 111", "0", "111 opus/48000/2",
            "a=setup:actpass\r\na=rtcp-mux\r\na=sendonly\r\n") +
    section("video 9 UDP/TLS/RTP/SAVPF 96", "1", "96 VP8/90000", "a=setup:actpass\r\na=rtcp-mux\r\na=sendonly\r\n");

inline const std::string kAnswerAudio = section("audio 9 UDP/TLS/RTP/SAVPF 111", "0", "111 opus/48000/2",
                                                "a=setup:passive\r\na=rtcp-mux\r\na=recvonly\r\n");

inline const std::string kAnswer =
    kHead + kAnswerAudio +
    section("video 9 UDP/TLS/RTP/SAVPF 96", "1", "96 VP8/90000", "a=setup:passive\r\na=rtcp-mux\r\na=recvonly\r\n");

inline const std::string kAnswerWithoutVideo =
    kHead + kAnswerAudio + section("video 0 UDP/TLS/RTP/SAVPF 96", "1", "96 VP8/90000", "a=inactive\r\n");

}  // namespace whip
