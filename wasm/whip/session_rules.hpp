/// The rule table of whip::step, for those who draw or count it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/variant.hpp"
#include "whip/session.hpp"

namespace whip {

/// What must hold besides phase and event for a rule to apply.
enum class When : std::uint8_t { Always, HasEndpoint, AnswerFits, Faltering, OwnResource };

/// In phase `from`, on an event of index `event`, when `when` holds: carry out `act`, then be in phase `to`.
struct Rule {
    Phase from;
    std::size_t event;
    When when;
    Phase to;
    Effects (*act)(Session&, const Event&);
};

/// All rules. The first that fits is taken.
[[nodiscard]] std::span<const Rule> rules();

}  // namespace whip
