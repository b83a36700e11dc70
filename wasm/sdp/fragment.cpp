#include "sdp/fragment.hpp"

#include <algorithm>
#include <optional>

#include "core/text.hpp"

namespace sdp {
namespace {

using core::Error;

/// The section the others are bundled with: the first of the BUNDLE group (RFC 9143 section 7.2.1), else the first.
const Media* taggedSection(const Description& description) {
    for (std::string_view group : attributes(description.session, "group")) {
        if (core::cut(group, ' ') != "BUNDLE") continue;
        const std::string_view first = core::cut(group, ' ');
        for (const Media& media : description.media) {
            if (media.mid() == first) return &media;
        }
    }
    return description.media.empty() ? nullptr : &description.media.front();
}

// candidate:1 1 udp 2122194687 192.0.2.2 41472 typ host
bool isCandidate(std::string_view value) {
    if (core::cut(value, ':') != "candidate" || core::cut(value, ' ').empty()) return false;
    const auto component = core::parseUnsigned(core::cut(value, ' '));
    if (core::cut(value, ' ').empty() || !core::parseUnsigned(core::cut(value, ' '))) return false;
    const bool address = !core::cut(value, ' ').empty();
    const auto port = core::parseUnsigned(core::cut(value, ' '));
    const bool type = core::cut(value, ' ') == "typ" && !core::cut(value, ' ').empty();
    return component && address && port && *port <= 65535 && type;
}

bool isIce(const Line& line) {
    for (const char* name : {"ice-ufrag", "ice-pwd", "candidate", "end-of-candidates", "remote-candidates"}) {
        if (isAttribute(line, name)) return true;
    }
    return false;
}

/// Credentials as they stand at session level or in one section.
struct Credentials {
    std::string ufrag, pwd;
};

}  // namespace

Fragment fragmentOf(const Description& description) {
    Fragment fragment;
    const Media* media = taggedSection(description);
    const auto find = [&](std::string_view name) {
        auto value = media ? media->attribute(name) : std::nullopt;
        if (!value) value = description.attribute(name);
        return std::string{value.value_or(std::string_view{})};
    };
    fragment.iceUfrag = find("ice-ufrag");
    fragment.icePwd = find("ice-pwd");
    if (!media) return fragment;
    fragment.mid = media->mid();
    fragment.mLine = media->lines.front().value;
    return fragment;
}

std::string write(const Fragment& fragment) {
    std::string text;
    const auto add = [&](std::string_view start, std::string_view value) {
        text.append(start).append(value).append("\r\n");
    };
    // RFC 8840 section 9: credentials first, and the pseudo m= line before the mid it needs.
    if (!fragment.iceUfrag.empty()) add("a=ice-ufrag:", fragment.iceUfrag);
    if (!fragment.icePwd.empty()) add("a=ice-pwd:", fragment.icePwd);
    add("m=", fragment.mLine.empty() ? std::string_view{"audio 9 UDP/TLS/RTP/SAVPF 0"} : fragment.mLine);
    add("a=mid:", fragment.mid);
    for (const std::string& candidate : fragment.candidates) add("a=", candidate);
    if (fragment.endOfCandidates) add("a=end-of-candidates", "");
    return text;
}

core::Result<Fragment> parseFragment(std::string_view text) {
    const auto at = [](std::size_t number, std::string what) {
        return Error{"line " + std::to_string(number), std::move(what)};
    };
    if (text.size() > kMaxFragmentBytes) return at(1, "the fragment is longer than 64 KiB");
    Fragment fragment;
    Credentials session, section;  // section: the first that has any
    std::size_t sections = 0, number = 0;
    bool empty = true;
    while (!text.empty()) {
        ++number;
        std::string_view line = core::cut(text, '\n');
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) continue;
        if (line.size() < 3 || line[0] < 'a' || line[0] > 'z' || line[1] != '=' ||
            line.find_first_of(std::string_view{"\r\0", 2}) != std::string_view::npos) {
            return at(number, "expected <letter>=<value>");
        }
        empty = false;
        const Line each{line[0], std::string{line.substr(2)}};
        if (each.type == 'm' && ++sections == 1) fragment.mLine = each.value;
        if (each.type != 'a') continue;

        const auto valueOf = [&](std::string_view name) {
            return each.value.substr(std::min(each.value.size(), name.size() + 1));
        };
        Credentials& credentials = sections == 0 ? session : section;
        if (isAttribute(each, "mid")) {
            if (sections == 1) fragment.mid = valueOf("mid");
        } else if (isAttribute(each, "ice-ufrag")) {
            if (credentials.ufrag.empty()) credentials.ufrag = valueOf("ice-ufrag");
        } else if (isAttribute(each, "ice-pwd")) {
            if (credentials.pwd.empty()) credentials.pwd = valueOf("ice-pwd");
        } else if (isAttribute(each, "end-of-candidates")) {
            fragment.endOfCandidates = true;
        } else if (isAttribute(each, "candidate")) {
            if (!isCandidate(each.value)) {
                return at(
                    number,
                    "expected a=candidate:<foundation> <component> <transport> <priority> <address> <port> typ <type>");
            }
            const auto& all = fragment.candidates;
            if (std::find(all.begin(), all.end(), each.value) != all.end()) continue;
            if (all.size() == kMaxCandidates) return at(number, "the fragment holds more than 256 candidates");
            fragment.candidates.push_back(each.value);
        }
    }
    if (empty) return at(1, "the fragment is empty");
    const bool own = !section.ufrag.empty();
    fragment.iceUfrag = own ? section.ufrag : session.ufrag;
    fragment.icePwd = own ? section.pwd : session.pwd;
    return fragment;
}

Description restartIce(Description remote, const Fragment& fragment) {
    if (fragment.iceUfrag.empty() || fragment.icePwd.empty()) return remote;
    const Media* tagged = taggedSection(remote);
    const auto renew = [&](Lines& lines, bool isTagged) {
        // The new lines stand where the first of the old ones stood, so that the order stays the one of RFC 8866.
        auto place = static_cast<std::size_t>(std::find_if(lines.begin(), lines.end(), isIce) - lines.begin());
        const bool had = attribute(lines, "ice-ufrag").has_value();
        lines.erase(std::remove_if(lines.begin(), lines.end(), isIce), lines.end());
        const auto add = [&](std::string value) {
            lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(place++), Line{'a', std::move(value)});
        };
        if (had) {
            add("ice-ufrag:" + fragment.iceUfrag);
            add("ice-pwd:" + fragment.icePwd);
        }
        if (!isTagged) return;
        for (const std::string& candidate : fragment.candidates) add(candidate);
        if (fragment.endOfCandidates) add("end-of-candidates");
    };
    renew(remote.session, false);
    for (Media& media : remote.media) renew(media.lines, &media == tagged);
    return remote;
}

}  // namespace sdp
