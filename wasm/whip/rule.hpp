/// What the rule tables of the sessions are made of.
#pragma once

#include <cstddef>
#include <cstdint>

#include "whip/exchange.hpp"

namespace whip {

/// Some phases of a session: a row of a table can hold in several.
template <class Phase>
struct Phases {
    std::uint32_t bits = 0;

    constexpr Phases(Phase phase) : bits(1U << static_cast<unsigned>(phase)) {}
    constexpr explicit Phases(std::uint32_t all) : bits(all) {}
    [[nodiscard]] constexpr bool contains(Phase phase) const {
        return (bits >> static_cast<unsigned>(phase) & 1U) != 0;
    }
    friend constexpr Phases operator|(Phases a, Phases b) { return Phases{a.bits | b.bits}; }
};

/// The phase a rule leads to, or Stay.
struct StayInPhase {};
inline constexpr StayInPhase Stay{};

template <class Phase>
struct Target {
    Phase phase{};
    bool stays = false;

    constexpr Target(Phase to) : phase(to) {}
    constexpr Target(StayInPhase) : stays(true) {}
};

/// One row of a session's table: in a phase of `from`, on the event of index `event`, when `when` holds, carry out
/// `act` and be in phase `to`. `section` is where the rule comes from: a section of RFC 9725 unless it says otherwise,
/// "-" when it is our own.
template <class Session, class Phase, class When>
struct RuleOf {
    Phases<Phase> from;
    std::size_t event;
    When when;
    Target<Phase> to;
    Effects (*act)(Session&, const Event&);
    const char* section;
};

}  // namespace whip
