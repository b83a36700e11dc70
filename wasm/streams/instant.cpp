#include "streams/instant.hpp"

#include <algorithm>

namespace streams {
namespace {

constexpr std::string_view kShape = "0000-00-00T00:00:00";
constexpr std::size_t kFractionDigits = 9;
constexpr std::int64_t kSecondsOfDay = 86400;
constexpr std::int64_t kEnd = 253402300800;  // the year 10000

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool hasShape(std::string_view text) {
    return std::equal(kShape.begin(), kShape.end(), text.begin(), text.end(),
                      [](char shape, char c) { return shape == '0' ? isDigit(c) : shape == c; });
}

bool inRange(std::string_view text, std::size_t at, std::string_view from, std::string_view to) {
    const std::string_view part = text.substr(at, 2);
    return part >= from && part <= to;
}

// Days since 1970 began, and back: the civil calendar, counted in eras of 400 years that begin in March.
std::int64_t daysOf(std::int64_t year, std::int64_t month, std::int64_t day) {
    year -= month <= 2;
    const std::int64_t era = year / 400;
    const std::int64_t yearOfEra = year - era * 400;
    const std::int64_t dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

struct Date {
    std::int64_t year, month, day;
};

Date dateOf(std::int64_t days) {
    days += 719468;
    const std::int64_t era = days / 146097;
    const std::int64_t dayOfEra = days - era * 146097;
    const std::int64_t yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
    const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::int64_t month = (5 * dayOfYear + 2) / 153;
    const std::int64_t day = dayOfYear - (153 * month + 2) / 5 + 1;
    return {yearOfEra + era * 400 + (month >= 10), month < 10 ? month + 3 : month - 9, day};
}

std::int64_t number(std::string_view text, std::size_t at, std::size_t digits) {
    std::int64_t value = 0;
    for (const char c : text.substr(at, digits)) value = value * 10 + (c - '0');
    return value;
}

// Of an instant, so its shape is known.
std::int64_t secondsOf(std::string_view at) {
    return daysOf(number(at, 0, 4), number(at, 5, 2), number(at, 8, 2)) * kSecondsOfDay + number(at, 11, 2) * 3600 +
           number(at, 14, 2) * 60 + number(at, 17, 2);
}

void append(std::string& text, std::int64_t value, std::size_t digits, char after) {
    const std::string written = std::to_string(value);
    text.append(digits - std::min(digits, written.size()), '0');
    text += written;
    text += after;
}

}  // namespace

std::optional<std::string> instant(std::string_view text) {
    if (text.size() <= kShape.size() || text.back() != 'Z' || !hasShape(text.substr(0, kShape.size()))) return {};
    if (!inRange(text, 5, "01", "12") || !inRange(text, 8, "01", "31") || !inRange(text, 11, "00", "23") ||
        !inRange(text, 14, "00", "59") || !inRange(text, 17, "00", "60")) {
        return {};
    }
    std::string_view fraction = text.substr(kShape.size(), text.size() - kShape.size() - 1);
    if (!fraction.empty()) {
        if (fraction[0] != '.' || fraction.size() == 1) return {};
        fraction.remove_prefix(1);
        if (!std::all_of(fraction.begin(), fraction.end(), isDigit)) return {};
    }
    std::string digits{fraction.substr(0, kFractionDigits)};
    digits.resize(kFractionDigits, '0');
    return std::string{text.substr(0, kShape.size())} + "." + digits + "Z";
}

std::string toMilliseconds(std::string_view instant) { return std::string{instant.substr(0, kShape.size() + 4)} + "Z"; }

std::optional<std::string> instantOf(std::int64_t seconds, std::int64_t nanoseconds) {
    if (seconds < 0 || seconds >= kEnd || nanoseconds < 0 || nanoseconds > 999999999) return {};
    const Date date = dateOf(seconds / kSecondsOfDay);
    const std::int64_t second = seconds % kSecondsOfDay;
    std::string text;
    append(text, date.year, 4, '-');
    append(text, date.month, 2, '-');
    append(text, date.day, 2, 'T');
    append(text, second / 3600, 2, ':');
    append(text, second / 60 % 60, 2, ':');
    append(text, second % 60, 2, '.');
    append(text, nanoseconds, kFractionDigits, 'Z');
    return text;
}

std::string later(std::string_view from, std::int64_t seconds) {
    const auto at = instant(from);
    if (!at) return std::string{from};
    const auto moved = instantOf(secondsOf(*at) + seconds, number(*at, kShape.size() + 1, kFractionDigits));
    return moved.value_or(*at);
}

std::int64_t secondsBetween(std::string_view from, std::string_view to) {
    const auto begin = instant(from);
    const auto end = instant(to);
    return begin && end ? secondsOf(*end) - secondsOf(*begin) : 0;
}

}  // namespace streams
