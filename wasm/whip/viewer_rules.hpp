/// The rule table of the viewer's session, for those who draw or count it.
#pragma once

#include <cstdint>
#include <span>

#include "whip/rule.hpp"
#include "whip/viewer.hpp"

namespace whip {

/// What must hold besides phase and event for a rule to apply.
enum class ViewerWhen : std::uint8_t { Always, AnswerFits, Taken, Passing, Faltering };

using ViewerRule = RuleOf<Viewer, ViewerPhase, ViewerWhen>;

/// All rules. The first that fits is taken.
[[nodiscard]] std::span<const ViewerRule> viewerRules();

}  // namespace whip
