#include "sdp/answer.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "core/text.hpp"
#include "sdp/codec.hpp"

namespace sdp {
namespace {

using core::Error;

/// Whether any codec of the offer is in the answer; by name where both name it, because an answer may number it anew
/// (RFC 3264 section 6.1), else by payload type.
bool shareCodec(const Media& offered, const Media& answered) {
    const std::vector<Codec> theirs = codecs(answered), ours = codecs(offered);
    return std::any_of(theirs.begin(), theirs.end(), [&](const Codec& their) {
        return std::any_of(ours.begin(), ours.end(), [&](const Codec& our) {
            if (their.name.empty() || our.name.empty()) return their.payloadType == our.payloadType;
            return core::iequals(their.name, our.name) && their.clockRate == our.clockRate;
        });
    });
}

bool carriesRtp(const Media& media) { return media.kind() == "audio" || media.kind() == "video"; }

/// What is wrong with the answer to one section, nullptr when nothing is.
const char* faultOf(const Media& offered, Direction wanted, const Media& answered, Direction given) {
    // RFC 3264 section 6: the sections of an answer are those of the offer, in their order.
    if (answered.kind() != offered.kind()) return "the server answered with another kind of media";
    if (!answered.mid().empty() && answered.mid() != offered.mid()) return "the server answered with another mid";
    // RFC 9143 section 7.3: an answer never says bundle-only, so its port 0 always is a rejection.
    if (answered.port() == 0) return "the server rejected it";
    if (given == Direction::Inactive) return "the server will neither receive nor send it";
    if (wanted == Direction::SendOnly && given != Direction::RecvOnly) return "the server will not only receive it";
    if (wanted == Direction::RecvOnly && given != Direction::SendOnly) return "the server will not only send it";
    if (carriesRtp(offered) && !shareCodec(offered, answered)) {
        return "the server answered without any of the codecs that were offered";
    }
    return nullptr;
}

}  // namespace

std::optional<Error> checkAnswer(const Description& offer, const Description& answer) {
    for (std::size_t i = 0; i < offer.media.size(); ++i) {
        const Media& offered = offer.media[i];
        // Nothing was asked for here, so nothing can be refused.
        if (offered.rejected() || direction(offer, offered) == Direction::Inactive) continue;
        if (i >= answer.media.size()) return Error{nameOf(offered), "the server left it out of its answer"};
        const Media& answered = answer.media[i];
        const char* fault = faultOf(offered, direction(offer, offered), answered, direction(answer, answered));
        if (fault) return Error{nameOf(offered), fault};
    }
    if (answer.media.size() > offer.media.size()) {
        return Error{nameOf(answer.media[offer.media.size()]), "the server answered what was not offered"};
    }
    return {};
}

}  // namespace sdp
