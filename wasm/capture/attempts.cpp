#include "capture/attempts.hpp"

#include <utility>

#include "capture/acts.hpp"

namespace capture {

bool running(const Input& input) {
    return input.phase == Phase::On || input.phase == Phase::Muting || input.phase == Phase::Paused;
}

namespace acts {
namespace {

using namespace std::chrono_literals;

constexpr auto kSlowTime = 1s;  // a frozen picture for longer than that is noticed

// Nobody's face is shown to a memorial because the camera that faces the service has failed.
bool standsIn(const Device& device, const Input& input) {
    if (device.kind != input.kind || device.id == input.device.id || device.id == input.home.id) return false;
    return device.facing != Facing::User || input.home.facing != Facing::Environment;
}

}  // namespace

void append(Effects& effects, Effects more) {
    for (Effect& effect : more) effects.push_back(std::move(effect));
}

Attempt toward(const Device& device, bool picked) {
    if (!device.id.empty()) return {{.id = device.id}, picked};
    return {{.facing = device.facing}, picked};
}

Effects close(const Input& input) {
    if (!running(input)) return {};
    return {Close{input.kind, input.take}};
}

Effects next(Input& input) {
    input.trying = input.rest.front();
    input.rest.erase(input.rest.begin());
    return {Open{input.kind, ++input.take, input.trying.wish}};
}

// What is open is closed first: a telephone has one camera at a time, Firefox one microphone.
Effects open(Input& input, Attempts attempts) {
    Effects effects = close(input);
    input.rest = std::move(attempts);
    input.slow = false;
    input.note = Warning::None;
    append(effects, next(input));
    effects.push_back(Wait{input.kind, kSlowTime});
    return effects;
}

void addOthers(Attempts& attempts, const Inputs& inputs, const Input& input) {
    for (const Device& device : inputs.devices) {
        if (standsIn(device, input)) attempts.push_back(toward(device));
    }
}

Attempts homeFirst(const Inputs& inputs, const Input& input) {
    Attempts attempts{toward(input.home)};
    addOthers(attempts, inputs, input);
    return attempts;
}

Attempts first(const Input& input) {
    Attempts attempts;
    if (input.choice != Wish{}) attempts.push_back({input.choice, false});
    attempts.push_back({});
    return attempts;
}

Effects openAnew(Inputs& inputs, Input& input) {
    return open(input, input.home == Device{} ? first(input) : homeFirst(inputs, input));
}

}  // namespace acts
}  // namespace capture
