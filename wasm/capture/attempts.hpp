/// Which devices are tried for an input, in what order, and how one is opened and closed.
#pragma once

#include <vector>

#include "capture/inputs.hpp"

namespace capture::acts {

using Attempts = std::vector<Attempt>;

void append(Effects& effects, Effects more);

[[nodiscard]] Attempt toward(const Device& device, bool picked = false);
/// What the person has chosen, else any.
[[nodiscard]] Attempts first(const Input& input);
/// The one to come back to, else whatever may stand in for it.
[[nodiscard]] Attempts homeFirst(const Inputs& inputs, const Input& input);
/// Adds whatever may stand in for `input`'s device.
void addOthers(Attempts& attempts, const Inputs& inputs, const Input& input);

[[nodiscard]] Effects close(const Input& input);
/// Asks for the first that is left.
[[nodiscard]] Effects next(Input& input);
/// Closes what is open and asks for the first of `attempts`.
[[nodiscard]] Effects open(Input& input, Attempts attempts);
[[nodiscard]] Effects openAnew(Inputs& inputs, Input& input);

}  // namespace capture::acts
