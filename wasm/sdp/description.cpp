#include "sdp/description.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace sdp {
namespace {

using core::Error;

constexpr const char* kMediaGrammar = "expected m=<kind> <port> <protocol> <format> ...";

/// Whether `value` begins with `count` words, one blank between them.
bool hasWords(std::string_view value, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        if (core::cut(value, ' ').empty()) return false;
    }
    return true;
}

// m=audio 41472 UDP/TLS/RTP/SAVPF 111 63        m=video 49170/2 RTP/AVP 31
bool isMedia(std::string_view value) {
    if (!hasWords(value, 4)) return false;
    (void)core::cut(value, ' ');
    auto count = core::cut(value, ' ');
    const auto port = core::parseUnsigned(core::cut(count, '/'));
    return port && *port <= 65535;
}

/// What was expected instead of `line`, the `number`th one; nullptr when it may stand there.
const char* faultOf(std::string_view line, std::size_t number, bool inMedia) {
    // RFC 8866 section 5: these three come first, in this order.
    if (number == 1) return line == "v=0" ? nullptr : "expected v=0";
    if (line.size() < 2 || line[1] != '=') return "expected <letter>=<value>";
    const std::string_view value = line.substr(2);
    if (number == 2) {
        return line[0] == 'o' && hasWords(value, 6)
                   ? nullptr
                   : "expected o=<user> <session id> <version> <network> <address type> <address>";
    }
    if (number == 3) return line[0] == 's' ? nullptr : "expected s=<name>";
    switch (line[0]) {
        case 'a':
            return value.empty() || value[0] == ':' ? "expected a=<attribute>" : nullptr;
        case 'm':
            return isMedia(value) ? nullptr : kMediaGrammar;
        case 'b':
            return value.find(':') == std::string_view::npos ? "expected b=<type>:<bandwidth>" : nullptr;
        case 'c':
            return hasWords(value, 3) ? nullptr : "expected c=<network> <address type> <address>";
        case 'i':
        case 'k':
            return nullptr;
        case 't':
            if (!hasWords(value, 2)) return "expected t=<start> <stop>";
            [[fallthrough]];
        case 'e':
        case 'p':
        case 'r':
        case 'u':
        case 'z':
            return inMedia ? "expected an a=, b=, c=, i=, k= or m= line" : nullptr;
        case 'v':
        case 'o':
        case 's':
            return "expected v=, o= and s= only once, as lines 1 to 3";
        default:
            return "expected one of the letters of RFC 8866: v o s i u e p c b t r z k a m";
    }
}

Error at(std::size_t number, std::string what) { return {"line " + std::to_string(number), std::move(what)}; }

std::size_t sizeOf(const Lines& lines, std::size_t lineEnd) {
    std::size_t size = 0;
    for (const Line& line : lines) size += 2 + line.value.size() + lineEnd;
    return size;
}

char* copy(char* to, const Lines& lines, bool crlf) {
    for (const Line& line : lines) {
        *to++ = line.type;
        *to++ = '=';
        to += line.value.copy(to, line.value.size());
        if (crlf) *to++ = '\r';
        *to++ = '\n';
    }
    return to;
}

/// The `index`th word of an m= line.
std::string_view word(const Media& media, std::size_t index) {
    std::string_view rest = media.lines.front().value;
    for (; index > 0; --index) (void)core::cut(rest, ' ');
    return core::cut(rest, ' ');
}

}  // namespace

bool isAttribute(const Line& line, std::string_view name) {
    const std::string_view value = line.value;
    return line.type == 'a' && value.starts_with(name) && (value.size() == name.size() || value[name.size()] == ':');
}

std::optional<std::string_view> attribute(const Lines& lines, std::string_view name) {
    for (const Line& line : lines) {
        if (!isAttribute(line, name)) continue;
        return std::string_view{line.value}.substr(std::min(line.value.size(), name.size() + 1));
    }
    return {};
}

std::vector<std::string_view> attributes(const Lines& lines, std::string_view name) {
    std::vector<std::string_view> values;
    for (const Line& line : lines) {
        if (!isAttribute(line, name)) continue;
        values.push_back(std::string_view{line.value}.substr(std::min(line.value.size(), name.size() + 1)));
    }
    return values;
}

std::string_view name(Direction direction) {
    switch (direction) {
        case Direction::SendRecv:
            return "sendrecv";
        case Direction::SendOnly:
            return "sendonly";
        case Direction::RecvOnly:
            return "recvonly";
        case Direction::Inactive:
            break;
    }
    return "inactive";
}

std::optional<Direction> readDirection(std::string_view attribute) {
    using enum Direction;
    for (const Direction direction : {SendRecv, SendOnly, RecvOnly, Inactive}) {
        if (attribute == name(direction)) return direction;
    }
    return {};
}

std::string_view Media::kind() const { return word(*this, 0); }
std::string_view Media::protocol() const { return word(*this, 2); }

std::uint16_t Media::port() const {
    std::string_view text = word(*this, 1);
    return static_cast<std::uint16_t>(core::parseUnsigned(core::cut(text, '/')).value_or(0));
}

std::vector<std::string_view> Media::formats() const {
    std::string_view rest = lines.front().value;
    for (int i = 0; i < 3; ++i) (void)core::cut(rest, ' ');
    std::vector<std::string_view> formats;
    while (!rest.empty()) {
        if (const auto format = core::cut(rest, ' '); !format.empty()) formats.push_back(format);
    }
    return formats;
}

std::string_view Media::mid() const { return attribute("mid").value_or(std::string_view{}); }

std::optional<std::string_view> Media::attribute(std::string_view name) const { return sdp::attribute(lines, name); }

std::vector<std::string_view> Media::attributes(std::string_view name) const { return sdp::attributes(lines, name); }

bool Media::rejected() const { return port() == 0 && !has("bundle-only"); }

std::string nameOf(const Media& media) {
    std::string name = "m=" + std::string{media.kind()};
    if (!media.mid().empty()) name.append(" (mid ").append(media.mid()).append(")");
    return name;
}

std::optional<std::string_view> Description::attribute(std::string_view name) const {
    return sdp::attribute(session, name);
}

Direction direction(const Description& description, const Media& media) {
    for (const Lines* lines : {&media.lines, &description.session}) {
        for (const Line& line : *lines) {
            if (line.type != 'a') continue;
            if (const auto found = readDirection(line.value)) return *found;
        }
    }
    return Direction::SendRecv;
}

core::Result<Description> parse(std::string_view text) {
    if (text.size() > kMaxBytes) return at(1, "the description is longer than 256 KiB");
    if (text.find('\0') != std::string_view::npos) {
        const auto end = text.begin() + static_cast<std::ptrdiff_t>(text.find('\0'));
        return at(1 + static_cast<std::size_t>(std::count(text.begin(), end, '\n')), "a line holds a zero byte");
    }
    Description description;
    description.session.reserve(12);
    Lines* lines = &description.session;
    bool timed = false;
    std::size_t number = 0;
    while (!text.empty()) {
        ++number;
        const auto end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (end == std::string_view::npos) {
            description.finalNewline = false;
            text = {};
        } else {
            text.remove_prefix(end + 1);
            const bool crlf = line.ends_with('\r');
            if (crlf) line.remove_suffix(1);
            if (number == 1) description.crlf = crlf;
        }
        if (line.size() > kMaxLine) return at(number, "the line is longer than 8 KiB");
        if (line.find('\r') != std::string_view::npos)
            return at(number, "a carriage return is not followed by a line feed");
        if (const char* fault = faultOf(line, number, lines != &description.session)) return at(number, fault);
        if (line[0] == 't') timed = true;
        if (line[0] == 'm') {
            if (!timed) return at(number, "expected t=<start> <stop> before the first m= line");
            lines = &description.media.emplace_back().lines;
            lines->reserve(48);
        }
        lines->push_back(Line{line[0], std::string{line.substr(2)}});
    }
    if (number == 0) return at(1, "expected v=0");
    if (!timed) return at(number + 1, "expected v=0, o=, s= and t=<start> <stop>, but the text ends here");
    return description;
}

std::string write(const Description& description) {
    const std::size_t lineEnd = description.crlf ? 2 : 1;
    std::size_t size = sizeOf(description.session, lineEnd);
    for (const Media& media : description.media) size += sizeOf(media.lines, lineEnd);
    std::string text(size, '\0');
    char* to = copy(text.data(), description.session, description.crlf);
    for (const Media& media : description.media) to = copy(to, media.lines, description.crlf);
    if (!description.finalNewline && !text.empty()) text.resize(size - lineEnd);
    return text;
}

}  // namespace sdp
