#include "whip/offer.hpp"

#include <utility>

#include "sdp/answer.hpp"
#include "sdp/description.hpp"
#include "sdp/fragment.hpp"
#include "sdp/munge.hpp"
#include "sdp/trim.hpp"

namespace whip {
namespace {

// What a browser gives out until it has heard of the way: so little that the first picture, which comes in a burst,
// leaves room for the sound on a thin one. Ours and others' servers let it grow within a second or two.
constexpr std::uint32_t kStartKbps = 60;

// A service is music as much as speech: stereo, never silent, 128 kbit/s; in-band FEC because a lost word is gone.
sdp::OpusOptions music() {
    return {.stereo = true, .useinbandfec = true, .usedtx = false, .maxaveragebitrate = 128'000};
}

}  // namespace

std::string publisherOffer(std::string_view offer) {
    auto parsed = sdp::parse(offer);
    if (!parsed) return std::string{offer};
    auto posted = sdp::preferCodec(sdp::rtcpMuxOnly(sdp::sendOnly(*parsed)), sdp::Profile::H264);
    return sdp::write(sdp::opusParameters(std::move(posted), music()));
}

std::string withCandidates(const std::string& offer, const std::vector<std::string>& candidates, bool all) {
    const auto parsed = sdp::parse(offer);
    if (!parsed || (candidates.empty() && !all)) return offer;
    sdp::Fragment fragment = sdp::fragmentOf(*parsed);
    fragment.candidates = candidates;
    fragment.endOfCandidates = all;
    return sdp::write(sdp::restartIce(*parsed, fragment));
}

std::string viewerAnswer(std::string_view answer) {
    auto parsed = sdp::parse(answer);
    return parsed ? sdp::write(sdp::rtcpMuxOnly(sdp::recvOnly(*parsed))) : std::string{answer};
}

std::string viewerOffer(std::string_view offer) {
    auto parsed = sdp::parse(offer);
    if (!parsed) return std::string{offer};
    auto posted = sdp::rtcpMuxOnly(sdp::recvOnly(*parsed));
    return sdp::write(sdp::opusParameters(
        std::move(posted), {.stereo = true, .useinbandfec = true, .usedtx = {}, .maxaveragebitrate = {}}));
}

bool answerFits(std::string_view offer, std::string_view answer) {
    const auto offered = sdp::parse(offer);
    const auto answered = sdp::parse(answer);
    return offered && answered && !sdp::checkAnswer(*offered, *answered);
}

std::string publisherAnswer(std::string_view answer) {
    const auto parsed = sdp::parse(answer);
    if (!parsed) return std::string{answer};
    return sdp::write(sdp::finishAnswer(sdp::opusParameters(*parsed, music()), {.startBitrate = kStartKbps}));
}

}  // namespace whip
