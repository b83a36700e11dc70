#include "streams/instant.hpp"

#include <algorithm>

namespace streams {
namespace {

constexpr std::string_view kShape = "0000-00-00T00:00:00";
constexpr std::size_t kFractionDigits = 9;

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool hasShape(std::string_view text) {
    return std::equal(kShape.begin(), kShape.end(), text.begin(), text.end(),
                      [](char shape, char c) { return shape == '0' ? isDigit(c) : shape == c; });
}

bool inRange(std::string_view text, std::size_t at, std::string_view from, std::string_view to) {
    const std::string_view part = text.substr(at, 2);
    return part >= from && part <= to;
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

}  // namespace streams
