/// The rule table of the publisher's session, for those who draw or count it.
#pragma once

#include <cstdint>
#include <span>

#include "whip/session.hpp"

namespace whip {

/// What must hold besides phase and event for a rule to apply.
enum class When : std::uint8_t { Always, HasEndpoint, AnswerFits, Faltering, OwnResource };

using Rule = RuleOf<Session, Phase, When>;

/// All rules. The first that fits is taken.
[[nodiscard]] std::span<const Rule> rules();

}  // namespace whip
