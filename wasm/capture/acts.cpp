#include "capture/acts.hpp"

#include <algorithm>
#include <utility>

#include "capture/attempts.hpp"
#include "core/variant.hpp"

namespace capture {

using core::as;
using namespace std::chrono_literals;

namespace acts {
namespace {

constexpr auto kMuteTime = 1s;     // browsers mute a track for a moment when they change something about it
constexpr auto kAwakeTime = 2s;    // what a phone has paused in the background it mostly resumes by itself
constexpr auto kSteadyTime = 10s;  // what works for so long works; a note is read by then
constexpr auto kRetryTime = 3s;    // doubled with each failure
constexpr int kMostDoublings = 3;
constexpr int kBlack = 20;  // of 255: brighter than video's black (16), darker than an unlit chapel with its noise

}  // namespace

bool hasDevice(const Inputs& inputs, Kind kind) {
    return std::any_of(inputs.devices.begin(), inputs.devices.end(),
                       [&](const Device& device) { return device.kind == kind; });
}

bool isListed(const Inputs& inputs, const Device& device) {
    return std::any_of(inputs.devices.begin(), inputs.devices.end(), [&](const Device& each) {
        return each.kind == device.kind && each.id == device.id && !each.id.empty();
    });
}

Effects nothing(Inputs&, Input&, const Event&) { return {}; }

Effects acquire(Inputs& inputs, int take) {
    Effects effects = release(inputs);
    inputs.take = take;
    inputs.held = inputs.asking = true;
    Input &camera = inputs.camera, &microphone = inputs.microphone;
    for (Input* input : {&camera, &microphone}) {
        const Wish choice = input->choice;
        *input = {.kind = input->kind, .take = input->take, .choice = choice};
    }
    microphone.phase = Phase::Opening;
    inputs.together = !inputs.cameraOff;
    if (!inputs.together) {
        microphone.rest = first(microphone);
        append(effects, next(microphone));
        return effects;
    }
    camera.phase = Phase::Opening;
    effects.push_back(OpenBoth{++camera.take, ++microphone.take, camera.choice, microphone.choice});
    return effects;
}

Effects release(Inputs& inputs) {
    Effects effects;
    for (Input* input : {&inputs.camera, &inputs.microphone, &inputs.screen}) {
        append(effects, close(*input));
        input->phase = Phase::Off;
    }
    if (std::exchange(inputs.held, false)) effects.push_back(SendNothing{});
    inputs.asking = inputs.together = false;
    inputs.output = {};
    return effects;
}

// Chromium lists the default microphone twice: as what it is, and as "default". Only the first can be seen to go away.
void list(Inputs& inputs, const std::vector<Device>& devices) {
    const auto isAlias = [](const Device& device) { return device.id == "default" || device.id == "communications"; };
    const auto meant = [&](const Device& alias) {
        return std::find_if(devices.begin(), devices.end(), [&](const Device& each) {
            return each.kind == alias.kind && each.group == alias.group && !each.group.empty() && !isAlias(each);
        });
    };
    inputs.devices.clear();
    for (const Device& device : devices) {
        if (!isAlias(device) || meant(device) == devices.end()) inputs.devices.push_back(device);
    }
    for (Input* input : {&inputs.camera, &inputs.microphone}) {
        for (Device* each : {&input->device, &input->home}) {
            const auto alias = std::find_if(devices.begin(), devices.end(), [&](const Device& device) {
                return isAlias(device) && device.kind == each->kind && device.id == each->id;
            });
            if (alias == devices.end()) continue;
            if (const auto real = meant(*alias); real != devices.end()) *each = *real;
        }
        if (isListed(inputs, input->device)) input->listed = true;
        if (!input->home.id.empty() && !isListed(inputs, input->home)) input->away = true;
    }
}

void look(Inputs& inputs, const Sampled& sample) {
    Look& l = inputs.look;
    if (sample.take != inputs.camera.take || inputs.camera.phase != Phase::On) return;
    const bool fresh = sample.frames != l.frames;
    l.still = fresh ? 0 : l.still + 1;
    l.counted = l.counted || fresh;
    l.seen = l.seen || fresh || sample.brightest > 0;
    if (fresh || !l.counted) l.dark = sample.brightest >= kBlack ? 0 : l.dark + 1;
    l.frames = sample.frames;
}

Effects use(Inputs& inputs, Input& input, const Event& e) {
    const auto& opened = as<Opened>(e);
    inputs.together = false;
    input.device = opened.device;
    if (input.trying.picked || input.home.id.empty()) input.home = input.device;
    if (input.trying.picked) {
        input.choice = toward(input.device).wish;
        input.note = Warning::None;
    }
    input.rest.clear();
    input.trying = {};
    input.reason = whip::Reason::None;
    input.slow = input.steady = false;
    input.listed = isListed(inputs, input.device);
    if (input.device.id == input.home.id) input.away = false;
    if (input.kind == Kind::Camera) inputs.look = {};
    return opened.muted ? Effects{Wait{input.kind, kMuteTime}} : Effects{Wait{input.kind, kSteadyTime}};
}

// One of the two may be the reason, so each is asked for by itself; but not a person who has just said no.
Effects apart(Inputs& inputs, Input&, const Event& e) {
    const whip::Reason reason = as<Unopened>(e).reason;
    const bool mayDiffer =
        reason == whip::Reason::NoCamera || reason == whip::Reason::CameraBusy || reason == whip::Reason::CameraFailed;
    inputs.together = false;
    Effects effects;
    for (Input* input : {&inputs.camera, &inputs.microphone}) {
        input->reason = reason;
        if (!mayDiffer) {
            input->phase = Phase::Missing;
            continue;
        }
        input->rest = first(*input);
        append(effects, next(*input));
    }
    return effects;
}

Effects tryNext(Inputs&, Input& input, const Event& e) {
    input.reason = as<Unopened>(e).reason;
    if (input.trying.picked)
        input.note = input.kind == Kind::Camera ? Warning::CameraNotStarted : Warning::MicrophoneNotStarted;
    return next(input);
}

Effects miss(Inputs&, Input& input, const Event& e) {
    input.reason = as<Unopened>(e).reason;
    input.rest.clear();
    return {Wait{input.kind, kRetryTime * (1 << std::min(input.tries++, kMostDoublings))}};
}

Effects slowDown(Inputs&, Input& input, const Event&) {
    input.slow = true;
    return {};
}

// It works for a moment only: slower, then.
Effects drop(Inputs&, Input& input, const Event& e) {
    Effects effects = close(input);
    input.reason = whip::Reason::CameraFailed;
    if (std::holds_alternative<Sampled>(e)) input.note = Warning::CameraFrozen;
    effects.push_back(Wait{input.kind, kRetryTime * (1 << std::min(input.tries++, kMostDoublings))});
    return effects;
}

// The same one first: a phone that has ended it for a call gives it back.
Effects reopen(Inputs& inputs, Input& input, const Event&) {
    if (!std::exchange(input.steady, false)) ++input.tries;
    Attempts attempts{toward(input.device)};
    if (input.home != input.device) attempts.push_back(toward(input.home));
    addOthers(attempts, inputs, input);
    return open(input, std::move(attempts));
}

Effects retry(Inputs& inputs, Input& input, const Event&) {
    Attempts attempts = input.home == Device{} ? first(input) : homeFirst(inputs, input);
    if (input.note == Warning::CameraFrozen) std::rotate(attempts.begin(), attempts.begin() + 1, attempts.end());
    return open(input, std::move(attempts));
}

Effects takeBack(Inputs& inputs, Input& input, const Event&) {
    Attempts attempts{toward(input.home), toward(input.device)};
    addOthers(attempts, inputs, input);
    input.away = false;
    return open(input, std::move(attempts));
}

Effects pauseSoon(Inputs&, Input& input, const Event&) { return {Wait{input.kind, kMuteTime}}; }
Effects checkSoon(Inputs&, Input& input, const Event&) { return {Wait{input.kind, kAwakeTime}}; }

Effects resume(Inputs& inputs, Input& input, const Event&) {
    if (input.kind == Kind::Camera) inputs.look.still = 0;
    return {Wait{input.kind, kSteadyTime}};
}

Effects beSteady(Inputs&, Input& input, const Event&) {
    input.steady = true;
    input.tries = 0;
    input.note = Warning::None;
    return {};
}

Effects choose(Inputs& inputs, Input& input, const Event& e) {
    const Device picked{.kind = input.kind, .id = as<Choose>(e).id};
    if (!inputs.held || inputs.asking) {
        input.choice = toward(picked).wish;
        return {};
    }
    Effects effects;
    if (input.kind == Kind::Camera) {
        inputs.cameraOff = false;
        effects = close(inputs.screen);
        inputs.screen.phase = Phase::Off;
    }
    input.tries = 0;
    Attempts attempts{toward(picked, true)};
    const Device& before = running(input) ? input.device : input.home;
    if (before != Device{} && before.id != picked.id) attempts.push_back(toward(before));
    append(effects, open(input, std::move(attempts)));
    return effects;
}

Effects flip(Inputs& inputs, Input& input, const Event&) {
    const Device now = running(input) ? input.device : input.home;
    Attempts attempts;
    if (now.facing != Facing::Unknown) {
        const Facing other = now.facing == Facing::User ? Facing::Environment : Facing::User;
        attempts.push_back({{.facing = other}, true});
    }
    Attempts before, after;  // in the list, so that the next one follows this one
    bool passed = false;
    for (const Device& device : inputs.devices) {
        if (device.kind != Kind::Camera) continue;
        if (device.id == now.id)
            passed = true;
        else
            (passed ? after : before).push_back(toward(device, true));
    }
    attempts.insert(attempts.end(), after.begin(), after.end());
    attempts.insert(attempts.end(), before.begin(), before.end());
    attempts.push_back(toward(now));
    input.tries = 0;
    return open(input, std::move(attempts));
}

Effects turnOff(Inputs&, Input& input, const Event&) {
    input.note = Warning::None;
    return close(input);
}

Effects turnOn(Inputs& inputs, Input& input, const Event&) {
    input.tries = 0;
    return openAnew(inputs, input);
}

Effects askForScreen(Inputs&, Input& input, const Event&) {
    input.note = Warning::None;
    return {Open{Kind::Screen, ++input.take, {}}};
}

// What is not sent is not on.
Effects share(Inputs& inputs, Input& input, const Event& e) {
    input.device = as<Opened>(e).device;
    Effects effects = close(inputs.camera);
    inputs.camera.phase = Phase::Off;
    return effects;
}

// A person who has closed the browser's question knows that nothing is shared.
Effects notShared(Inputs&, Input& input, const Event& e) {
    if (as<Unopened>(e).reason == whip::Reason::CameraDenied) return {};
    input.note = Warning::ScreenNotShared;
    return {Wait{Kind::Screen, kSteadyTime}};
}

Effects unshare(Inputs& inputs, Input& input, const Event&) {
    Effects effects = close(input);
    if (inputs.cameraOff) return effects;
    append(effects, openAnew(inputs, inputs.camera));
    inputs.camera.phase = Phase::Opening;
    return effects;
}

Effects forget(Inputs&, Input& input, const Event&) {
    input.note = Warning::None;
    return {};
}

}  // namespace acts
}  // namespace capture
