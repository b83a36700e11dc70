/// How a stream is doing, in one word and one sentence.
#pragma once

#include <cstdint>
#include <string_view>

#include "quality/choice.hpp"
#include "quality/sample.hpp"

namespace quality {

enum class Grade : std::uint8_t { Good, Fair, Poor };
enum class Cause : std::uint8_t { None, Nothing, Loss, Delay, Thin, Device };

struct Verdict {
    Grade grade{};
    Cause cause{};

    bool operator==(const Verdict&) const = default;
};

/// Of one second's figures alone. `limits` is what the encoders are held to, `size` what the person wants.
[[nodiscard]] Verdict judge(const Figures& figures, const Limits& limits, Size size);

/// A verdict that does not flicker: it gets worse after 2 seconds that agree, better after 5.
struct Steady {
    Verdict told{}, next{};
    int seconds = 0;  ///< for which `next` has been the verdict

    bool operator==(const Steady&) const = default;
};
void settle(Steady& steady, const Verdict& verdict);

[[nodiscard]] std::string_view name(Grade grade);  ///< "good", "fair", "poor"
[[nodiscard]] std::string_view code(Cause cause);  ///< "quality-loss" and the like; "" for None. Never changes.
/// For the person who films; "" for None.
[[nodiscard]] std::string_view sentence(Cause cause);

}  // namespace quality
