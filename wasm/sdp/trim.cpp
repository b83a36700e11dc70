#include "sdp/trim.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "core/text.hpp"
#include "sdp/codec.hpp"

namespace sdp {
namespace {

using core::Error;

// What a section keeps beside its codec. libdatachannel mirrors the rest of an offer into its answer, and a browser
// then counts on it: with transport-cc accepted and never fed, Chromium stays at 300 kbit/s.
constexpr const char* kKeptAttributes[] = {"mid",        "ice-ufrag", "ice-pwd",    "ice-options", "fingerprint",
                                           "setup",      "rtcp-mux",  "rtcp-rsize", "candidate",   "end-of-candidates",
                                           "bundle-only"};
constexpr const char* kKeptSessionAttributes[] = {"group",       "ice-lite",    "ice-ufrag", "ice-pwd",
                                                  "ice-options", "fingerprint", "setup"};
// RTCP feedback that our server sends and understands (RFC 4585, RFC 5104, REMB).
constexpr const char* kFeedback[] = {"nack", "nack pli", "ccm fir", "goog-remb"};

template <class Names>
bool isOneOf(const Line& line, const Names& names) {
    return std::any_of(std::begin(names), std::end(names), [&](const char* name) { return isAttribute(line, name); });
}

bool isOpus(const Codec& codec) {
    return core::iequals(codec.name, "opus") && codec.clockRate == 48000 &&
           codec.channels == "2";  // RFC 7587 section 7
}

bool isVp8(const Codec& codec) { return core::iequals(codec.name, "VP8") && codec.clockRate == 90000; }

/// A codec we can use and the name it goes by.
struct Choice {
    Codec codec;
    const char* name;
};

std::optional<Choice> chooseVideo(const std::vector<Codec>& offered, Profile profile) {
    if (profile == Profile::VP8) {
        const auto vp8 = std::find_if(offered.begin(), offered.end(), isVp8);
        if (vp8 == offered.end()) return {};
        return Choice{*vp8, "VP8"};
    }
    // The first of the best, since max_element keeps the earliest: the offerer's order decides between equals.
    const auto best = std::max_element(offered.begin(), offered.end(),
                                       [](const Codec& a, const Codec& b) { return rankH264(a) < rankH264(b); });
    if (best == offered.end() || rankH264(*best) == 0) return {};
    return Choice{*best, "H264"};
}

std::optional<Choice> choose(const Media& media, const TrimOptions& options) {
    const std::vector<Codec> offered = codecs(media);
    if (media.kind() == "audio") {
        const auto opus = std::find_if(offered.begin(), offered.end(), isOpus);
        if (opus == offered.end()) return {};
        return Choice{*opus, "OPUS"};
    }
    const Profile other = options.preferVideo == Profile::H264 ? Profile::VP8 : Profile::H264;
    const auto choice = chooseVideo(offered, options.preferVideo);
    // A viewer gets what is published as it is; a publisher may send either.
    if (choice || options.role == Role::Egress) return choice;
    return chooseVideo(offered, other);
}

/// The media's own source: the first of its first a=ssrc-group, which puts rtx and simulcast copies behind it (RFC 5576
/// section 4.2), else the first a=ssrc. 0 when there is none.
std::uint32_t primarySsrc(const Media& media) {
    std::string_view text = media.attribute("ssrc").value_or(std::string_view{});
    if (auto group = media.attribute("ssrc-group")) {
        (void)core::cut(*group, ' ');
        text = *group;
    }
    const auto ssrc = core::parseUnsigned(core::cut(text, ' '));
    return ssrc && *ssrc <= UINT32_MAX ? static_cast<std::uint32_t>(*ssrc) : 0;
}

/// Whether `line` maps, formats or asks feedback for `payloadType`, and we do that.
bool isAboutCodec(const Line& line, std::string_view payloadType) {
    std::string_view rest = line.value;
    const std::string_view name = core::cut(rest, ':');
    const std::string_view type = core::cut(rest, ' ');
    if (name == "rtpmap" || name == "fmtp") return type == payloadType;
    if (name != "rtcp-fb" || (type != payloadType && type != "*")) return false;
    return std::find(std::begin(kFeedback), std::end(kFeedback), core::trim(rest)) != std::end(kFeedback);
}

Media trimMedia(const Media& media, const std::string& payloadType, Direction direction, const std::string& ssrc) {
    Media trimmed;
    std::string_view rest = media.lines.front().value;
    std::string first;
    for (int word = 0; word < 3; ++word) first.append(core::cut(rest, ' ')).append(" ");
    trimmed.lines.push_back(Line{'m', first + payloadType});
    for (const Line& line : media.lines) {
        if (line.type == 'c') trimmed.lines.push_back(line);
    }
    trimmed.lines.push_back(Line{'a', std::string{name(direction)}});
    const std::string cname = "ssrc:" + ssrc + " cname:";
    for (const Line& line : media.lines) {
        if (line.type != 'a') continue;
        const bool kept = isOneOf(line, kKeptAttributes) || isAboutCodec(line, payloadType);
        if (kept || line.value.starts_with(cname)) trimmed.lines.push_back(line);
    }
    return trimmed;
}

Lines trimSession(const Lines& session) {
    Lines kept;
    for (const Line& line : session) {
        if (line.type == 'b' || (line.type == 'a' && !isOneOf(line, kKeptSessionAttributes))) continue;
        kept.push_back(line);
    }
    return kept;
}

/// Why `media` cannot be served at all, whatever its codecs; nullptr when it can.
const char* refusal(const Description& offer, const Media& media, Role role) {
    if (media.kind() != "audio" && media.kind() != "video") return "only audio and video are accepted here";
    if (media.protocol().find("RTP/SAVPF") == std::string_view::npos)
        return "only WebRTC media (RTP/SAVPF) is accepted";
    // RFC 9725 section 4.2 and the like in WHEP: the other directions MUST NOT be offered.
    const Direction way = direction(offer, media);
    if (way == Direction::SendRecv) return nullptr;
    if (role == Role::Ingest && way != Direction::SendOnly) return "a publisher must offer sendonly";
    if (role == Role::Egress && way != Direction::RecvOnly) return "a viewer must offer recvonly";
    return nullptr;
}

}  // namespace

core::Result<Trimmed> trimOffer(const Description& offer, const TrimOptions& options) {
    const Direction direction = options.role == Role::Ingest ? Direction::SendOnly : Direction::RecvOnly;
    Trimmed trimmed{{trimSession(offer.session), {}, offer.crlf, offer.finalNewline}, {}};
    for (const Media& media : offer.media) {
        if (media.rejected()) {
            // Not used in this session (RFC 3264 section 5.1), but its place in the order counts.
            const auto formats = media.formats();
            trimmed.description.media.push_back(
                trimMedia(media, std::string{formats.front()}, Direction::Inactive, "none"));
            continue;
        }
        if (const char* what = refusal(offer, media, options.role)) return Error{nameOf(media), what};
        const auto sameKind = [&](const TrimmedMedia& other) { return other.kind == media.kind(); };
        if (std::any_of(trimmed.media.begin(), trimmed.media.end(), sameKind)) {
            return Error{nameOf(media),
                         "at most one audio and one video section are accepted"};  // RFC 9725 section 4.4.2
        }
        const auto choice = choose(media, options);
        if (!choice) {
            return Error{kNoCodec, nameOf(media) +
                                       " offers no codec that can be used here: Opus for audio, H.264 with "
                                       "packetization-mode=1 or VP8 for video"};
        }
        const std::uint32_t ssrc = primarySsrc(media);
        const std::string payloadType = std::to_string(choice->codec.payloadType);
        trimmed.description.media.push_back(trimMedia(media, payloadType, direction, std::to_string(ssrc)));
        trimmed.media.push_back({std::string{media.kind()}, std::string{media.mid()}, choice->codec.payloadType,
                                 choice->name, choice->codec.clockRate, ssrc});
    }
    if (trimmed.media.empty()) return Error{"m=", "the offer has no audio and no video"};
    return trimmed;
}

Description finishAnswer(Description answer, const AnswerOptions& options) {
    const std::vector<Parameter> hints = {{"x-google-start-bitrate", std::to_string(options.startBitrate)},
                                          {"x-google-max-bitrate", std::to_string(options.maxBitrate)}};
    for (Media& media : answer.media) {
        if (media.kind() != "video" || media.port() == 0) continue;
        std::vector<std::uint8_t> payloadTypes;
        for (const Codec& codec : codecs(media)) {
            if (isVp8(codec) || core::iequals(codec.name, "H264")) payloadTypes.push_back(codec.payloadType);
        }
        for (const std::uint8_t payloadType : payloadTypes) setParameters(media, payloadType, hints);
    }
    return answer;
}

}  // namespace sdp
