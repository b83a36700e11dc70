#include "whip/link.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace whip {
namespace {

struct Link {
    IceServer server;
    bool isIceServer = false;
};

void skipBlanks(std::string_view& text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

bool take(std::string_view& text, char mark) {
    skipBlanks(text);
    if (text.empty() || text.front() != mark) return false;
    text.remove_prefix(1);
    return true;
}

// "a \"quoted\" text" (RFC 9110 section 5.6.4) after its opening quote; commas and semicolons in it are text.
std::string takeQuoted(std::string_view& text) {
    std::string value;
    while (!text.empty()) {
        char c = text.front();
        text.remove_prefix(1);
        if (c == '"') break;
        if (c == '\\' && !text.empty()) {
            c = text.front();
            text.remove_prefix(1);
        }
        value += c;
    }
    return value;
}

std::string_view takeToken(std::string_view& text) {
    skipBlanks(text);
    const auto end = std::min(text.find_first_of("=;, \t"), text.size());
    const auto token = text.substr(0, end);
    text.remove_prefix(end);
    return token;
}

// rel may name several relations, parted by blanks.
bool namesIceServer(std::string_view rel) {
    while (!rel.empty()) {
        if (core::iequals(core::cut(rel, ' '), "ice-server")) return true;
    }
    return false;
}

bool isIceUrl(std::string_view url) {
    std::string_view rest = url;
    const auto scheme = core::cut(rest, ':');
    if (rest.empty()) return false;
    for (const std::string_view known : {"stun", "stuns", "turn", "turns"}) {
        if (core::iequals(scheme, known)) return true;
    }
    return false;
}

// ; username="user"
void takeParameter(std::string_view& text, Link& link) {
    const auto name = takeToken(text);
    std::string value;
    if (take(text, '=')) value = take(text, '"') ? takeQuoted(text) : std::string{takeToken(text)};
    if (core::iequals(name, "rel")) link.isIceServer = namesIceServer(value);
    if (core::iequals(name, "username")) link.server.username = value;
    if (core::iequals(name, "credential")) link.server.credential = value;
}

// The next link's <; elements of a list may be empty (RFC 9110 section 5.6.1.2).
bool takeOpening(std::string_view& text) {
    while (take(text, ',')) {}
    return take(text, '<');
}

}  // namespace

std::vector<IceServer> iceServers(std::string_view header) {
    std::vector<IceServer> servers;
    while (takeOpening(header)) {  // <turn:turn.example.net?transport=udp>; rel="ice-server"; username="user"; …
        const auto end = header.find('>');
        if (end == std::string_view::npos) break;
        Link link;
        link.server.url = core::trim(header.substr(0, end));
        header.remove_prefix(end + 1);
        while (take(header, ';')) takeParameter(header, link);
        if (link.isIceServer && isIceUrl(link.server.url)) servers.push_back(link.server);
    }
    return servers;
}

}  // namespace whip
