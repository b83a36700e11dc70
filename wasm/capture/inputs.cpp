#include "capture/inputs.hpp"

#include <iterator>
#include <utility>

#include "capture/acts.hpp"
#include "capture/rules.hpp"
#include "core/variant.hpp"

namespace capture {
namespace {

using namespace acts;
using enum Phase;
using enum When;

constexpr int kFrozenSamples = 5;
constexpr int kDarkSamples = 5;
constexpr int kMostTries = 2;  // of something that works for a moment only, before it is left alone for a while

template <class E>
constexpr std::size_t on = core::indexOf<E, Event>;

using Set = whip::Phases<Phase>;
constexpr Set kRunning = Set{On} | Muting | Paused;
constexpr Set kWanted = kRunning | Opening | Missing;
constexpr Set kAny = kWanted | Off;

// clang-format off
constexpr Rule kRules[] = {
    {Opening,             on<Opened>,    IsScreen,      On,      share},
    {Opening,             on<Opened>,    Mutely,        Muting,  use},
    {Opening,             on<Opened>,    Always,        On,      use},
    {Opening,             on<Unopened>,  Together,      Stay,    apart},
    {Opening,             on<Unopened>,  IsScreen,      Off,     notShared},
    {Opening,             on<Unopened>,  MayTryNext,    Stay,    tryNext},
    {Opening,             on<Unopened>,  Always,        Missing, miss},
    {Opening,             on<Waited>,    Always,        Stay,    slowDown},

    {kRunning,            on<Ended>,     IsScreen,      Off,     unshare},
    {kRunning,            on<Ended>,     Failing,       Missing, drop},
    {kRunning,            on<Ended>,     Always,        Opening, reopen},
    {kRunning,            on<Listed>,    Gone,          Opening, reopen},
    {On,                  on<Listed>,    HomeIsBack,    Opening, takeBack},
    {On,                  on<Awake>,     HomeMayBeBack, Opening, takeBack},
    {On,                  on<Sampled>,   NeverSeen,     Missing, drop},
    {On,                  on<Sampled>,   Frozen,        Opening, reopen},
    {On,                  on<Waited>,    Always,        Stay,    beSteady},
    {kRunning,            on<Renew>,     Always,        Opening, reopen},

    {On,                  on<Muted>,     Always,        Muting,  pauseSoon},
    {Muting,              on<Waited>,    Always,        Paused,  nothing},
    {Set{Muting}|Paused,  on<Unmuted>,   Always,        On,      resume},
    {Set{Muting}|Paused,  on<Awake>,     Always,        Paused,  checkSoon},
    {Paused,              on<Waited>,    Always,        Opening, reopen},

    {Missing,             on<Listed>,    MayRetry,      Opening, retry},
    {Missing,             on<Awake>,     MayRetry,      Opening, retry},
    {Missing,             on<Waited>,    MayRetry,      Opening, retry},

    {kAny,                on<Choose>,    NotHeld,       Stay,    choose},
    {kAny,                on<Choose>,    Always,        Opening, choose},
    {kWanted,             on<Flip>,      CanFlip,       Opening, flip},
    {kWanted,             on<CameraOff>, IsWish,        Off,     turnOff},
    {Off,                 on<CameraOff>, IsWanted,      Opening, turnOn},
    {Off,                 on<Share>,     CanShare,      Opening, askForScreen},
    {kRunning,            on<Share>,     IsNoWish,      Off,     unshare},
    {Off,                 on<Waited>,    Always,        Stay,    forget},
};
// clang-format on

std::size_t count(const Inputs& in, Kind kind) {
    std::size_t n = 0;
    for (const Device& device : in.devices) n += device.kind == kind;
    return n;
}

bool wish(const Event& e) {
    if (const auto* off = std::get_if<CameraOff>(&e)) return off->on;
    const auto* sharing = std::get_if<Share>(&e);
    return sharing && sharing->on;
}

bool holds(When when, const Inputs& in, const Input& i, const Event& e) {
    const bool standsIn = i.device.id != i.home.id && isListed(in, i.home);
    switch (when) {
        case Always:
            return true;
        case IsScreen:
            return i.kind == Kind::Screen;
        case Mutely:
            return core::as<Opened>(e).muted;
        case Together:
            return in.together;
        case MayTryNext:
            return !i.rest.empty() && core::as<Unopened>(e).reason != whip::Reason::CameraDenied;
        case Failing:
            return !i.steady && i.tries >= kMostTries;
        case Gone:
            return i.listed && !isListed(in, i.device);
        case HomeIsBack:
            return standsIn && i.away;
        case HomeMayBeBack:
            return standsIn;
        case Frozen:
            return in.look.still >= kFrozenSamples && in.look.counted;
        case NeverSeen:
            return in.look.still >= kFrozenSamples && !in.look.seen;
        case MayRetry:
            return i.reason != whip::Reason::CameraDenied && hasDevice(in, i.kind);
        case NotHeld:
            return !in.held || in.asking;
        case CanFlip:
            return !in.asking && count(in, Kind::Camera) > 1;
        case CanShare:
            return in.held && !in.asking && wish(e);
        case IsWish:
            return wish(e) && !in.asking;
        case IsNoWish:
            return !wish(e);
        case IsWanted:
            return !wish(e) && in.held && !in.asking && !running(in.screen);
    }
    return false;
}

Input& of(Inputs& in, Kind kind) {
    if (kind == Kind::Camera) return in.camera;
    return kind == Kind::Microphone ? in.microphone : in.screen;
}

// Which inputs an event is for; the take it belongs to, or -1.
struct Address {
    std::vector<Kind> kinds{};
    int take = -1;
};

Address address(const Event& event) {
    return std::visit(core::Match{
                          [](const Opened& e) {
                              return Address{{e.kind}, e.take};
                          },
                          [](const Unopened& e) {
                              return Address{{e.kind}, e.take};
                          },
                          [](const Ended& e) {
                              return Address{{e.kind}, e.take};
                          },
                          [](const Muted& e) {
                              return Address{{e.kind}, e.take};
                          },
                          [](const Unmuted& e) {
                              return Address{{e.kind}, e.take};
                          },
                          [](const Sampled& e) {
                              return Address{{Kind::Camera}, e.take};
                          },
                          [](const Waited& e) { return Address{{e.kind}}; },
                          [](const Choose& e) { return Address{{e.kind}}; },
                          [](const Renew& e) { return Address{{e.kind}}; },
                          [](const Flip&) { return Address{{Kind::Camera}}; },
                          [](const CameraOff&) { return Address{{Kind::Camera}}; },
                          [](const Share&) { return Address{{Kind::Screen}}; },
                          [](const Listed&) {
                              return Address{{Kind::Camera, Kind::Microphone}};
                          },
                          [](const Awake&) {
                              return Address{{Kind::Camera, Kind::Microphone}};
                          },
                          [](const auto&) { return Address{}; },
                      },
                      event);
}

// What concerns all of them.
Effects note(Inputs& in, const Event& event) {
    return std::visit(core::Match{
                          [&](const Acquire& e) { return acquire(in, e.take); },
                          [&](const Release&) { return release(in); },
                          [&](const Listed& e) {
                              list(in, e.devices);
                              return Effects{};
                          },
                          [&](const Sampled& e) {
                              look(in, e);
                              return Effects{};
                          },
                          [&](const Awake&) {
                              in.look.still = 0;  // a hidden page sees no picture
                              return in.held ? Effects{List{}} : Effects{};
                          },
                          [&](const Mute& e) {
                              in.muted = e.on;
                              return Effects{};
                          },
                          [&](const CameraOff& e) {
                              if (!in.asking) in.cameraOff = e.on;
                              return Effects{};
                          },
                          [](const auto&) { return Effects{}; },
                      },
                      event);
}

std::size_t match(const Inputs& in, const Input& input, const Event& event) {
    const std::size_t none = std::size(kRules);
    for (std::size_t i = 0; i < none; ++i) {
        const Rule& rule = kRules[i];
        if (rule.event != event.index() || !rule.from.contains(input.phase)) continue;
        if (holds(rule.when, in, input, event)) return i;
    }
    return none;
}

void apply(Inputs& in, Input& input, int take, const Event& event, Effects& effects) {
    if (take < 0 || take == input.take) {
        if (const std::size_t number = match(in, input, event); number != std::size(kRules)) {
            const Rule& rule = kRules[number];
            for (Effect& effect : rule.act(in, input, event)) effects.push_back(std::move(effect));
            if (!rule.to.stays) input.phase = rule.to.phase;
            return;
        }
    }
    if (const auto* opened = std::get_if<Opened>(&event)) effects.push_back(Close{opened->kind, opened->take});
}

Warning missing(const Inputs& in, const Input& i) {
    const bool camera = i.kind == Kind::Camera;
    if (i.reason == whip::Reason::CameraDenied) return camera ? Warning::CameraDenied : Warning::MicrophoneDenied;
    const bool lost = i.reason == whip::Reason::NoCamera || !hasDevice(in, i.kind);
    if (lost) return camera ? Warning::CameraLost : Warning::MicrophoneLost;
    if (i.note == Warning::CameraFrozen) return i.note;
    return camera ? Warning::CameraBusy : Warning::MicrophoneBusy;
}

Warning warningOf(const Inputs& in, const Input& i) {
    const bool camera = i.kind == Kind::Camera;
    if (i.phase == Opening) return i.warning;
    if (i.phase == Off) return i.note;
    if (i.phase == Missing) return missing(in, i);
    if (i.phase == Paused) return camera ? Warning::CameraPaused : Warning::MicrophonePaused;
    if (i.kind == Kind::Screen || i.note != Warning::None) return i.note;
    if (i.device.id != i.home.id) return camera ? Warning::CameraOther : Warning::MicrophoneOther;
    return camera && in.look.dark >= kDarkSamples ? Warning::CameraBlack : Warning::None;
}

Output outputOf(const Inputs& in) {
    Output next = in.output;
    const Input &camera = in.camera, &microphone = in.microphone;
    next.muted = in.muted;
    if (running(in.screen)) {
        next.picture = Picture::Screen;
        next.pictureTake = in.screen.take;
    } else if (camera.phase == On || camera.phase == Muting) {
        next.picture = Picture::Camera;
        next.pictureTake = camera.take;
    } else if (camera.phase != Opening || camera.slow || next.picture == Picture::None) {
        next.picture = Picture::Slate;
        next.pictureTake = 0;
    }
    if (running(microphone))
        next.soundTake = microphone.take;
    else if (microphone.phase != Opening || microphone.slow)
        next.soundTake = 0;
    return next;
}

// Both questions are answered: one of the two is enough to go on with.
void answer(Inputs& in, Effects& effects) {
    in.asking = false;
    if (running(in.camera) || running(in.microphone)) {
        effects.push_back(Grant{in.take});
        effects.push_back(List{});
        return;
    }
    const whip::Reason reason = in.camera.phase == Missing ? in.camera.reason : in.microphone.reason;
    for (Effect& effect : release(in)) effects.push_back(std::move(effect));
    effects.push_back(Deny{in.take, reason});
}

}  // namespace

std::span<const Rule> rules() { return kRules; }

std::size_t ruleFor(Inputs inputs, Kind kind, const Event& event) {
    (void)note(inputs, event);
    return match(inputs, of(inputs, kind), event);
}

Effects step(Inputs& in, const Event& event) {
    Effects effects = note(in, event);
    const Address to = address(event);
    for (const Kind kind : to.kinds) apply(in, of(in, kind), to.take, event, effects);
    for (Input* input : {&in.camera, &in.microphone, &in.screen}) input->warning = warningOf(in, *input);
    if (!in.held) return effects;
    Effects told;
    if (in.asking && in.camera.phase != Opening && in.microphone.phase != Opening) answer(in, told);
    if (in.held && !in.asking) {
        const Output before = std::exchange(in.output, outputOf(in));
        const Output& now = in.output;
        if (before.picture != now.picture || before.pictureTake != now.pictureTake)
            effects.push_back(SendPicture{now.picture, now.pictureTake});
        const bool muted = before.muted != now.muted && running(in.microphone);
        if (before.picture == Picture::None || before.soundTake != now.soundTake || muted)
            effects.push_back(SendSound{now.soundTake, now.muted});
    }
    for (Effect& effect : told) effects.push_back(std::move(effect));
    return effects;
}

View view(const Inputs& in) {
    View v{.output = in.output, .cameraOff = in.cameraOff};
    v.output.muted = in.muted;
    for (const Device& device : in.devices) {
        if (device.kind == Kind::Camera) v.cameras.push_back(device);
        if (device.kind == Kind::Microphone) v.microphones.push_back(device);
    }
    if (!in.held || in.asking) return v;
    if (running(in.camera)) {
        v.camera = in.camera.device.id;
        v.facing = in.camera.device.facing;
    }
    if (running(in.microphone)) v.microphone = in.microphone.device.id;
    for (const Input* input : {&in.screen, &in.camera, &in.microphone}) {
        if (input->warning != Warning::None) v.warnings.push_back(input->warning);
    }
    return v;
}

}  // namespace capture
