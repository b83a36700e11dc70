#include "core/url.hpp"

#include <algorithm>
#include <optional>

#include "core/text.hpp"

namespace core {
namespace {

/// The five components of RFC 3986 section 3; an empty optional is a component that is not there at all.
struct Url {
    std::optional<std::string_view> scheme, authority, query, fragment;
    std::string_view path;
};

/// The part of `text` behind the first `mark`, taken off `text`. Empty when there is no mark.
std::optional<std::string_view> takeTail(std::string_view& text, char mark) {
    const auto at = text.find(mark);
    if (at == std::string_view::npos) return {};
    const auto tail = text.substr(at + 1);
    text = text.substr(0, at);
    return tail;
}

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
bool isScheme(std::string_view text) {
    return !text.empty() && isLetter(text[0]) && std::all_of(text.begin(), text.end(), [](char c) {
        return isLetter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    });
}

Url split(std::string_view text) {
    Url url;
    url.fragment = takeTail(text, '#');
    url.query = takeTail(text, '?');
    const auto colon = text.find(':');
    if (colon != std::string_view::npos && isScheme(text.substr(0, colon))) {
        url.scheme = text.substr(0, colon);
        text.remove_prefix(colon + 1);
    }
    if (text.starts_with("//")) {
        const auto slash = std::min(text.find('/', 2), text.size());
        url.authority = text.substr(2, slash - 2);
        text.remove_prefix(slash);
    }
    url.path = text;
    return url;
}

/// RFC 3986 section 5.2.4. Paths here are absolute, so an output segment always begins with "/".
std::string removeDotSegments(std::string_view in) {
    std::string out;
    const auto back = [&] { out.erase(std::min(out.rfind('/'), out.size())); };
    while (!in.empty()) {
        if (in.starts_with("/./")) {
            in.remove_prefix(2);
        } else if (in == "/.") {
            in = "/";
        } else if (in.starts_with("/../")) {
            in.remove_prefix(3);
            back();
        } else if (in == "/..") {
            in = "/";
            back();
        } else {
            const auto end = std::min(in.find('/', 1), in.size());
            out += in.substr(0, end);
            in.remove_prefix(end);
        }
    }
    return out;
}

/// Reference resolution replaces what follows the last "/" of the base (section 5.2.3), or all when it has no path.
std::string merge(const Url& base, std::string_view path) {
    std::string merged;
    if (base.path.empty())
        merged = "/";
    else
        merged = base.path.substr(0, base.path.rfind('/') + 1);
    return merged += path;
}

bool hasHost(std::string_view authority) {
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
    return !authority.empty() && authority[0] != ':';
}

/// http or https, in small letters; empty for any other scheme.
std::string_view httpScheme(std::string_view scheme) {
    if (iequals(scheme, "https")) return "https";
    return iequals(scheme, "http") ? "http" : std::string_view{};
}

}  // namespace

std::string resolve(std::string_view reference, std::string_view base) {
    reference = trim(reference);
    // A blank or control character is in no URL (RFC 3986 section 2); in a header it may be an attempt to add a line.
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; };
    if (std::any_of(reference.begin(), reference.end(), isControl)) return {};

    const Url b = split(base), r = split(reference);
    // RFC 3986 section 5.2.2, in its own words: T is the target.
    Url t = r;
    std::string path;
    if (r.scheme || r.authority) {
        if (!r.scheme) t.scheme = b.scheme;
        path = removeDotSegments(r.path);
    } else {
        t.scheme = b.scheme;
        t.authority = b.authority;
        if (r.path.empty()) {
            path = b.path;
            if (!r.query) t.query = b.query;
        } else {
            path = removeDotSegments(r.path.starts_with('/') ? std::string{r.path} : merge(b, r.path));
        }
    }

    const std::string_view scheme = httpScheme(t.scheme.value_or(std::string_view{}));
    if (scheme.empty() || !t.authority || !hasHost(*t.authority)) return {};
    std::string url{scheme};
    url.append("://").append(*t.authority).append(path);
    if (t.query) url.append("?").append(*t.query);
    if (t.fragment) url.append("#").append(*t.fragment);
    return url;
}

}  // namespace core
