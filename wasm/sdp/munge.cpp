#include "sdp/munge.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "sdp/codec.hpp"

namespace sdp {
namespace {

bool isDirection(const Line& line) { return line.type == 'a' && readDirection(line.value).has_value(); }

bool carriesMedia(const Media& media) { return media.kind() == "audio" || media.kind() == "video"; }

/// In the place of the direction it had, else behind a=mid, else at the end.
void setDirection(Media& media, Direction direction) {
    Lines& lines = media.lines;
    auto place = std::find_if(lines.begin(), lines.end(), isDirection);
    if (place == lines.end()) {
        place = std::find_if(lines.begin(), lines.end(), [](const Line& line) { return isAttribute(line, "mid"); });
        if (place != lines.end()) ++place;
        place = lines.insert(place, Line{'a', ""});
    }
    place->value = name(direction);
    lines.erase(std::remove_if(place + 1, lines.end(), isDirection), lines.end());
}

Description withDirection(Description description, Direction direction) {
    for (Media& media : description.media) {
        if (carriesMedia(media)) setDirection(media, direction);
    }
    return description;
}

/// How much `profile` wants `codec`; 0 is not at all.
int rank(const Codec& codec, Profile profile) {
    if (profile == Profile::H264) return rankH264(codec);
    return core::iequals(codec.name, "VP8") && codec.clockRate == 90000 ? 1 : 0;
}

/// Whether `codec` is the retransmission of `payloadType` (RFC 4588 section 8.1):   a=fmtp:97 apt=96
bool repairs(const Codec& codec, std::uint8_t payloadType) {
    if (!core::iequals(codec.name, "rtx")) return false;
    return core::parseUnsigned(parameter(codec.fmtp, "apt").value_or(std::string_view{})) == payloadType;
}

void setFormats(Media& media, const std::vector<std::uint8_t>& payloadTypes) {
    std::string_view rest = media.lines.front().value;
    std::string line;
    for (int word = 0; word < 3; ++word) line.append(core::cut(rest, ' ')).append(word < 2 ? " " : "");
    for (const std::uint8_t payloadType : payloadTypes) line.append(" ").append(std::to_string(payloadType));
    media.lines.front().value = std::move(line);
}

bool isRateLimit(const Line& line) {
    return line.type == 'b' && (line.value.starts_with("AS:") || line.value.starts_with("TIAS:"));
}

}  // namespace

Description sendOnly(Description description) { return withDirection(std::move(description), Direction::SendOnly); }
Description recvOnly(Description description) { return withDirection(std::move(description), Direction::RecvOnly); }

Description rtcpMuxOnly(Description description) {
    for (Media& media : description.media) {
        if (media.has("rtcp-mux-only")) continue;
        auto mux = std::find_if(media.lines.begin(), media.lines.end(),
                                [](const Line& line) { return isAttribute(line, "rtcp-mux"); });
        if (mux != media.lines.end()) media.lines.insert(mux + 1, Line{'a', "rtcp-mux-only"});
    }
    return description;
}

Description preferCodec(Description description, Profile profile) {
    for (Media& media : description.media) {
        if (media.kind() != "video") continue;
        const std::vector<Codec> offered = codecs(media);
        int best = 0;
        for (const Codec& codec : offered) best = std::max(best, rank(codec, profile));
        if (best == 0) continue;

        std::vector<std::uint8_t> order;
        const auto add = [&](std::uint8_t payloadType) {
            if (std::find(order.begin(), order.end(), payloadType) == order.end()) order.push_back(payloadType);
        };
        for (const Codec& codec : offered) {
            if (rank(codec, profile) != best) continue;
            add(codec.payloadType);
            for (const Codec& other : offered) {
                if (repairs(other, codec.payloadType)) add(other.payloadType);
            }
        }
        for (const Codec& codec : offered) add(codec.payloadType);
        setFormats(media, order);
    }
    return description;
}

Description limitBitrate(Description description, std::string_view kind, std::uint32_t kbps) {
    for (Media& media : description.media) {
        if (media.kind() != kind) continue;
        Lines& lines = media.lines;
        lines.erase(std::remove_if(lines.begin(), lines.end(), isRateLimit), lines.end());
        if (kbps == 0) continue;
        // RFC 8866 section 5: m=, i=, c=, b=, k=, a=, in this order.
        const auto place = std::find_if(lines.begin() + 1, lines.end(),
                                        [](const Line& line) { return line.type != 'i' && line.type != 'c'; });
        const std::uint64_t bps = std::uint64_t{kbps} * 1000;
        const Line limits[] = {{'b', "AS:" + std::to_string(kbps)}, {'b', "TIAS:" + std::to_string(bps)}};
        lines.insert(place, std::begin(limits), std::end(limits));
    }
    return description;
}

Description opusParameters(Description description, const OpusOptions& options) {
    std::vector<Parameter> parameters;
    const auto flag = [&](std::string_view key, const std::optional<bool>& value) {
        if (value) parameters.push_back({key, *value ? "1" : "0"});
    };
    flag("stereo", options.stereo);
    flag("sprop-stereo", options.stereo);
    flag("useinbandfec", options.useinbandfec);
    flag("usedtx", options.usedtx);
    if (options.maxaveragebitrate) {
        const auto rate = std::clamp(*options.maxaveragebitrate, std::uint32_t{6000}, std::uint32_t{510000});
        parameters.push_back({"maxaveragebitrate", std::to_string(rate)});
    }
    for (Media& media : description.media) {
        if (media.kind() != "audio") continue;
        std::vector<std::uint8_t> payloadTypes;
        for (const Codec& codec : codecs(media)) {
            if (core::iequals(codec.name, "opus")) payloadTypes.push_back(codec.payloadType);
        }
        for (const std::uint8_t payloadType : payloadTypes) setParameters(media, payloadType, parameters);
    }
    return description;
}

Description withoutExtensions(Description description) {
    const auto drop = [](Lines& lines) {
        lines.erase(std::remove_if(lines.begin(), lines.end(),
                                   [](const Line& line) {
                                       return isAttribute(line, "extmap") || isAttribute(line, "extmap-allow-mixed");
                                   }),
                    lines.end());
    };
    drop(description.session);
    for (Media& media : description.media) drop(media.lines);
    return description;
}

}  // namespace sdp
