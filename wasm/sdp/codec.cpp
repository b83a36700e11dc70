#include "sdp/codec.hpp"

#include <array>

#include "core/text.hpp"

namespace sdp {
namespace {

constexpr std::size_t kPayloadTypes = 128;  // RFC 3550 section 5.1: seven bits

std::optional<std::uint8_t> readPayloadType(std::string_view text) {
    const auto number = core::parseUnsigned(text);
    if (!number || *number >= kPayloadTypes) return {};
    return static_cast<std::uint8_t>(*number);
}

/// The text behind "`name`:" of an attribute line, cut into the payload type before the first blank and the rest.
struct Mapped {
    std::uint8_t payloadType;
    std::string_view rest;
};
std::optional<Mapped> readMapped(const Line& line, std::string_view name) {
    if (!isAttribute(line, name) || line.value.size() <= name.size()) return {};
    std::string_view rest = std::string_view{line.value}.substr(name.size() + 1);
    const auto payloadType = readPayloadType(core::cut(rest, ' '));
    if (!payloadType) return {};
    return Mapped{*payloadType, core::trim(rest)};
}

}  // namespace

std::vector<Codec> codecs(const Media& media) {
    std::array<Codec, kPayloadTypes> byType{};
    for (const Line& line : media.lines) {
        // a=rtpmap:111 opus/48000/2
        if (const auto rtpmap = readMapped(line, "rtpmap")) {
            std::string_view rest = rtpmap->rest;
            Codec& codec = byType[rtpmap->payloadType];
            if (!codec.name.empty()) continue;
            codec.name = core::cut(rest, '/');
            const auto rate = core::parseUnsigned(core::cut(rest, '/'));
            codec.clockRate = rate && *rate <= UINT32_MAX ? static_cast<std::uint32_t>(*rate) : 0;
            codec.channels = rest;
        } else if (const auto fmtp = readMapped(line, "fmtp")) {
            byType[fmtp->payloadType].fmtp = fmtp->rest;
        }
    }
    std::vector<Codec> found;
    std::array<bool, kPayloadTypes> seen{};
    for (const std::string_view format : media.formats()) {
        const auto payloadType = readPayloadType(format);
        if (!payloadType || seen[*payloadType]) continue;
        seen[*payloadType] = true;
        found.push_back(byType[*payloadType]);
        found.back().payloadType = *payloadType;
    }
    return found;
}

std::optional<std::string_view> parameter(std::string_view fmtp, std::string_view key) {
    while (!fmtp.empty()) {
        std::string_view value = core::trim(core::cut(fmtp, ';'));
        if (core::iequals(core::trim(core::cut(value, '=')), key)) return core::trim(value);
    }
    return {};
}

std::string withParameter(std::string_view fmtp, std::string_view key, std::string_view value) {
    std::string result;
    bool set = false;
    while (!fmtp.empty()) {
        const std::string_view item = core::cut(fmtp, ';');
        std::string_view rest = item;
        const bool here = core::iequals(core::trim(core::cut(rest, '=')), key);
        if (here && set) continue;
        if (!result.empty()) result += ';';
        if (here) {
            // A blank behind the semicolon, as some senders write it, stays.
            result.append(item.substr(0, item.find_first_not_of(" \t"))).append(key).append("=").append(value);
            set = true;
        } else {
            result += item;
        }
    }
    if (set) return result;
    if (!result.empty()) result += ';';
    return result.append(key).append("=").append(value);
}

void setParameters(Media& media, std::uint8_t payloadType, const std::vector<Parameter>& parameters) {
    if (parameters.empty()) return;
    const std::string start = "fmtp:" + std::to_string(payloadType) + " ";
    const auto apply = [&](std::string_view fmtp) {
        std::string text{fmtp};
        for (const Parameter& each : parameters) text = withParameter(text, each.key, each.value);
        return start + text;
    };
    auto after = media.lines.end();
    for (auto line = media.lines.begin(); line != media.lines.end(); ++line) {
        const auto fmtp = readMapped(*line, "fmtp");
        if (fmtp && fmtp->payloadType == payloadType) {
            line->value = apply(fmtp->rest);
            return;
        }
        const auto rtpmap = readMapped(*line, "rtpmap");
        if (rtpmap && rtpmap->payloadType == payloadType) after = line + 1;
    }
    media.lines.insert(after, Line{'a', apply("")});
}

int rankH264(const Codec& codec) {
    if (!core::iequals(codec.name, "H264") || codec.clockRate != 90000) return 0;
    if (parameter(codec.fmtp, "packetization-mode") != "1") return 0;
    // RFC 6184 section 8.1: without profile-level-id it is baseline, level 1.
    const std::string_view level = parameter(codec.fmtp, "profile-level-id").value_or("42000a");
    if (core::iequals(level, "42e01f")) return 3;
    if (level.size() != 6) return 0;
    const std::string_view profile = level.substr(0, 2);
    if (profile == "42") {
        // constraint_set1_flag, 0x40 of the second byte, makes baseline constrained baseline.
        return std::string_view{"4567cdefCDEF"}.find(level[2]) != std::string_view::npos ? 2 : 1;
    }
    return core::iequals(profile, "4d") || profile == "64" ? 1 : 0;
}

}  // namespace sdp
