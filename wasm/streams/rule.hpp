/// What the rule tables of the flows are made of.
#pragma once

#include <cstddef>
#include <optional>

#include "core/variant.hpp"

namespace streams {

using core::as;

/// One row of a flow's table: in step `from`, on the event of index `event`, when `when` holds, be in step `to` and do
/// what `act` says, which may move on to another step itself.
template <class State, class Event, class Effect>
struct RuleOf {
    using Step = decltype(State::step);

    Step from;
    std::size_t event;
    bool (*when)(const State&, const Event&);
    Step to;
    Effect (*act)(State&, const Event&);
};

/// For a rule that holds whatever else is known.
template <class State, class Event>
bool always(const State&, const Event&) {
    return true;
}

/// What the first of `rules` that fits says to do, with `state` moved on; nothing when none fits.
template <class State, class Event, class Effect, std::size_t N>
[[nodiscard]] std::optional<Effect> applyFirst(const RuleOf<State, Event, Effect> (&rules)[N], State& state,
                                               const Event& event) {
    for (const auto& rule : rules) {
        if (rule.from != state.step || rule.event != event.index() || !rule.when(state, event)) continue;
        state.step = rule.to;
        return rule.act(state, event);
    }
    return std::nullopt;
}

}  // namespace streams
