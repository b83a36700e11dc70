/// Whatever text comes as an offer or an answer: it is refused or read, what is read is written back byte for byte
/// where its line ends are of one kind, and every change to it can be read again.
#include <cstdint>
#include <cstdlib>

#include "sdp/answer.hpp"
#include "sdp/description.hpp"
#include "sdp/fragment.hpp"
#include "sdp/trim.hpp"
#include "whip/offer.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

bool reads(const std::string& text) { return sdp::parse(text).has_value(); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{reinterpret_cast<const char*>(data), size};
    const auto parsed = sdp::parse(text);
    if (!parsed) {
        require(whip::publisherOffer(text) == text);
        return 0;
    }
    const std::string written = sdp::write(*parsed);
    const auto again = sdp::parse(written);
    require(again && *again == *parsed && sdp::write(*again) == written);
    require(reads(whip::publisherOffer(text)) && reads(whip::viewerOffer(text)));
    require(reads(whip::publisherAnswer(text)) && reads(whip::viewerAnswer(text)));
    require(reads(whip::withCandidates(text, {"candidate:1 1 udp 1 192.0.2.2 9 typ host"}, true)));
    (void)sdp::checkAnswer(*parsed, *parsed);
    (void)whip::answerFits(text, text);
    for (const auto role : {sdp::Role::Ingest, sdp::Role::Egress}) {
        const auto trimmed = sdp::trimOffer(*parsed, {sdp::Profile::H264, role});
        if (trimmed) require(reads(sdp::write(trimmed->description)));
    }
    return 0;
}
