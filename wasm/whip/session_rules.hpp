/// The rule table of the publisher's session, for those who draw or count it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "whip/rule.hpp"
#include "whip/session.hpp"

namespace whip {

/// What must hold besides phase and event for a rule to apply.
enum class When : std::uint8_t {
    Always,
    HasOffer,
    Going,
    GoingWithOffer,
    HasMedia,
    NoMedia,
    Linked,
    WasLive,
    AnswerFits,
    NewServers,
    Mismatch,
    CanRestart,
    Steady,
    BackToRestart,
    Faltering,
    Unreached,
    Latest,
    Stale,
    Accepted,
    AcceptedLinked,
    OtherForm,
    LinkedUnapplied,
    Applied,
    NoReply,
    HasPeer,
    Unreachable,
    MayProbe,
    MayRestart,
    Asked,
    HasResource,
    OwnResource,
    Undone,
};

using Rule = RuleOf<Session, Phase, When>;

/// All rules. The first that fits is taken.
[[nodiscard]] std::span<const Rule> rules();

/// The number of the rule that `event` meets in `session`; as many as there are when there is none.
[[nodiscard]] std::size_t ruleFor(const Session& session, const Event& event);

}  // namespace whip
