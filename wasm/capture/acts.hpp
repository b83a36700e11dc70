/// What the rules of the inputs do. Each is called in the phase the input was in before.
#pragma once

#include "capture/inputs.hpp"

namespace capture {

/// Open, in one of the phases in which its track is there.
[[nodiscard]] bool running(const Input& input);

namespace acts {

using Act = Effects(Inputs&, Input&, const Event&);

Act nothing, share, use, apart, notShared, tryNext, miss, slowDown, unshare, drop, reopen, pauseSoon, resume, checkSoon,
    beSteady, retry, takeBack, choose, flip, turnOff, turnOn, askForScreen, forget;

/// Both are asked for, in one question to the person where it can be.
[[nodiscard]] Effects acquire(Inputs& inputs, int take);
/// Everything is closed; what the person has chosen is kept.
[[nodiscard]] Effects release(Inputs& inputs);
/// Takes note of the devices there are.
void list(Inputs& inputs, const std::vector<Device>& devices);
/// Takes note of how the picture looks.
void look(Inputs& inputs, const Sampled& sample);

/// Whether there is a device of this kind.
[[nodiscard]] bool hasDevice(const Inputs& inputs, Kind kind);
[[nodiscard]] bool isListed(const Inputs& inputs, const Device& device);

}  // namespace acts
}  // namespace capture
