/// Whatever comes as the body of a PATCH, or of the reply to one: it is refused or read within its bounds, what is read
/// is written so that it reads the same, and an answer it is put into can still be read.
#include <cstdint>
#include <cstdlib>

#include "sdp/fragment.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

const std::string kAnswer =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\na=recvonly\r\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{reinterpret_cast<const char*>(data), size};
    const auto fragment = sdp::parseFragment(text);
    if (!fragment) return 0;
    require(fragment->candidates.size() <= sdp::kMaxCandidates);
    // A fragment without an m= line is written with a neutral one, so that only what is read back from that is the
    // same.
    const auto once = sdp::parseFragment(sdp::write(*fragment));
    if (once) {
        const auto twice = sdp::parseFragment(sdp::write(*once));
        require(twice && *twice == *once);
        require(once->candidates == fragment->candidates && once->iceUfrag == fragment->iceUfrag);
    }
    require(sdp::parse(sdp::write(sdp::restartIce(*sdp::parse(kAnswer), *fragment))).has_value());
    return 0;
}
