/// The rule table of the inputs, for those who count it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "capture/acts.hpp"
#include "whip/rule.hpp"

namespace capture {

using whip::Stay;

/// What must hold besides phase and event for a rule to apply.
enum class When : std::uint8_t {
    Always,
    IsScreen,
    Mutely,         ///< its track is muted from the beginning
    Together,       ///< camera and microphone were asked for at once
    MayTryNext,     ///< there is another device to try, and the person has not said no
    Failing,        ///< it has worked for a moment only, time and again
    Gone,           ///< it is in the list of devices no more
    HomeIsBack,     ///< another device stands in for one that was gone and is listed again
    HomeMayBeBack,  ///< another device stands in for one that is listed
    Frozen,         ///< its picture has stopped
    NeverSeen,      ///< nor was there any since it was opened
    MayRetry,       ///< there is a device, and the person has not said no
    NotHeld,        ///< nothing is wanted at the moment, or the browser is still asking the person
    CanFlip,        ///< there are two cameras
    CanShare,       ///< the screen is wanted, and something is sent
    IsWish,         ///< on
    IsNoWish,       ///< off
    IsWanted,       ///< the camera is wanted, and no screen is shared in its place
};

/// One row: in a phase of `from`, on the event of index `event`, when `when` holds, carry out `act` and be in phase
/// `to`.
struct Rule {
    whip::Phases<Phase> from;
    std::size_t event;
    When when;
    whip::Target<Phase> to;
    acts::Act* act;
};

/// All rules, for each input by itself. The first that fits is taken.
[[nodiscard]] std::span<const Rule> rules();

/// The number of the rule that `event` meets in the input of this kind, once what it lists or shows has been taken note
/// of; as many as there are when there is none.
[[nodiscard]] std::size_t ruleFor(Inputs inputs, Kind kind, const Event& event);

}  // namespace capture
