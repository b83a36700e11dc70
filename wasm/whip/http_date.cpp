#include "whip/http_date.hpp"

#include <array>

#include "core/text.hpp"

namespace whip {
namespace {

using Words = std::array<std::string_view, 6>;

// Splits at blanks, commas and hyphens; empty when there are more words than a date has.
std::optional<Words> split(std::string_view text) {
    Words words;
    std::size_t count = 0;
    while (!text.empty()) {
        const auto end = text.find_first_of(" ,-");
        if (end != 0) {
            if (count == words.size()) return {};
            words[count++] = text.substr(0, end);
        }
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
    return words;
}

std::optional<unsigned> readMonth(std::string_view word) {
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const auto at = kMonths.find(word);
    if (word.size() != 3 || at == std::string_view::npos || at % 3 != 0) return {};
    return static_cast<unsigned>(at / 3 + 1);
}

// 08:49:37
std::optional<std::chrono::seconds> readTime(std::string_view word) {
    const auto hour = core::parseUnsigned(core::cut(word, ':'));
    const auto minute = core::parseUnsigned(core::cut(word, ':'));
    const auto second = core::parseUnsigned(word);
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return {};
    return std::chrono::seconds{static_cast<long>(*hour * 3600 + *minute * 60 + *second)};
}

std::optional<std::chrono::sys_seconds> assemble(std::string_view day, std::string_view month, std::string_view year,
                                                 std::string_view time) {
    const auto d = core::parseUnsigned(day);
    const auto m = readMonth(month);
    auto y = core::parseUnsigned(year);
    const auto t = readTime(time);
    if (!d || !m || !y || !t || *d > 31 || *y > 9999) return {};
    // A two-digit year: RFC 9110 wants the past when it would be over 50 years ahead; no server predates 1970.
    if (year.size() == 2) y = *y + (*y < 70 ? 2000 : 1900);
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*y)}, std::chrono::month{*m},
                                           std::chrono::day{static_cast<unsigned>(*d)}};
    if (!date.ok()) return {};
    return std::chrono::sys_days{date} + *t;
}

}  // namespace

std::optional<std::chrono::sys_seconds> readHttpDate(std::string_view text) {
    const auto words = split(text);
    if (!words) return {};
    const Words& w = *words;
    if (w[5] == "GMT") return assemble(w[1], w[2], w[3], w[4]);  // Sun 06 Nov 1994 08:49:37 GMT
    if (w[5].empty()) return assemble(w[2], w[1], w[4], w[3]);   // Sun Nov 6 08:49:37 1994
    return {};
}

}  // namespace whip
