/// Whatever stands in the headers of a reply: servers from Link are STUN or TURN and nothing else, a Retry-After is a
/// pause of a day at most or none, and the reply means something.
#include <cstdint>
#include <cstdlib>

#include "whip/http.hpp"
#include "whip/link.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{reinterpret_cast<const char*>(data), size};
    for (const whip::IceServer& server : whip::iceServers(text)) {
        require(server.url.size() > 5 && server.url.find('>') == std::string::npos);
        require((server.url[0] | 0x20) == 's' || (server.url[0] | 0x20) == 't');
    }
    constexpr std::chrono::sys_seconds kNow{std::chrono::seconds{1'700'000'000}};
    if (const auto pause = whip::readRetryAfter(text, kNow)) require(pause->count() >= 0);
    for (const int status : {201, 406, 409, 503, int(size % 1000)}) {
        for (const auto role : {whip::Role::Publisher, whip::Role::Viewer}) {
            (void)whip::interpret({.status = status,
                                   .url = "https://media.test/a/whip",
                                   .location = text,
                                   .etag = text,
                                   .link = text,
                                   .retryAfter = text,
                                   .contentType = "application/sdp",
                                   .body = text},
                                  role, kNow);
        }
    }
    return 0;
}
