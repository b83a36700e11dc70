// Whatever the person, the browser and the devices do, in whatever order: nothing is on that nobody knows of, and
// something is always sent.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>

#include "capture/acts.hpp"
#include "core/variant.hpp"

using namespace capture;
using whip::Reason;

namespace {

const std::vector<Device> kDevices = {{Kind::Camera, "back", "", "", Facing::Environment},
                                      {Kind::Camera, "front", "", "", Facing::User},
                                      {Kind::Microphone, "m1"},
                                      {Kind::Microphone, "m2"}};

struct World {
    Inputs in{};
    std::mt19937 random;
    std::map<Kind, std::vector<int>> asked{}, open{};
    std::vector<std::pair<int, int>> both{};
    bool timer[3] = {};
    bool wanted = false, granted = false, fed = false;
    int take = 0;

    std::size_t dice(std::size_t sides) { return random() % sides; }

    void carryOut(const Effect& effect) {
        std::visit(core::Match{
                       [&](const OpenBoth& e) { both.emplace_back(e.cameraTake, e.microphoneTake); },
                       [&](const Open& e) { asked[e.kind].push_back(e.take); },
                       [&](const Close& e) { CHECK(std::erase(open[e.kind], e.take) == 1); },
                       [&](const List&) {},
                       [&](const Wait& e) {
                           CHECK(e.pause >= std::chrono::seconds{1});
                           timer[int(e.kind)] = true;
                       },
                       [&](const SendPicture& e) {
                           CHECK(e.picture != Picture::None);
                           if (e.picture == Picture::Camera) CHECK(open[Kind::Camera] == std::vector{e.take});
                           if (e.picture == Picture::Screen) CHECK(open[Kind::Screen] == std::vector{e.take});
                           fed = true;
                       },
                       [&](const SendSound& e) {
                           if (e.take) CHECK(open[Kind::Microphone] == std::vector{e.take});
                       },
                       [&](const SendNothing&) { fed = false; },
                       [&](const Grant& e) {
                           CHECK((wanted && fed && e.take == take));
                           granted = true;
                       },
                       [&](const Deny& e) {
                           CHECK((wanted && !granted && e.take == take && e.reason != Reason::None));
                           wanted = false;
                       },
                   },
                   effect);
    }

    void happen(const Event& event) {
        for (const Effect& effect : step(in, event)) carryOut(effect);
        for (const auto& [kind, takes] : open) {
            CHECK(takes.size() <= 1);
            if (!wanted) CHECK(takes.empty());
        }
        if (granted) CHECK(in.output.picture != Picture::None);
        for (const Input* input : {&in.camera, &in.microphone}) {
            const bool pending = !both.empty() || !asked[input->kind].empty();
            if (input->phase == Phase::Opening) CHECK(pending);
        }
    }

    void answer(Kind kind, int to) {
        const Reason reasons[] = {Reason::NoCamera, Reason::CameraBusy, Reason::CameraDenied, Reason::CameraFailed};
        if (dice(3) == 0) return happen(Unopened{kind, to, reasons[dice(4)]});
        open[kind].push_back(to);
        Device device = kind == Kind::Screen ? Device{kind, "s"} : kDevices[dice(2) + (kind == Kind::Camera ? 0 : 2)];
        happen(Opened{kind, to, device, dice(5) == 0});
    }

    void answerBoth() {
        const auto [camera, microphone] = both.front();
        both.erase(both.begin());
        if (dice(2)) return happen(Unopened{Kind::Camera, camera, dice(2) ? Reason::NoCamera : Reason::CameraDenied});
        open[Kind::Camera].push_back(camera);
        open[Kind::Microphone].push_back(microphone);
        // Of what was opened for nobody both are there until both are answered.
        for (const Effect& effect : step(in, Opened{Kind::Camera, camera, kDevices[0]})) carryOut(effect);
        happen(Opened{Kind::Microphone, microphone, kDevices[2]});
    }

    void go() {
        const Kind kind = Kind(dice(3));
        auto& asks = asked[kind];
        auto& opens = open[kind];
        switch (dice(14)) {
            case 0:
                if (wanted && dice(8)) return;
                wanted = true;
                granted = false;
                return happen(Acquire{++take});
            case 1:
                if (dice(8)) return;
                wanted = granted = false;
                return happen(Release{});
            case 2:
                if (!both.empty()) answerBoth();
                return;
            case 3:
            case 4:
                if (asks.empty()) return;
                return answer(kind, [&] {
                    const int first = asks.front();
                    asks.erase(asks.begin());
                    return first;
                }());
            case 5:
                if (!opens.empty()) happen(Ended{kind, opens.front()});
                return;
            case 6:
                if (opens.empty()) return;
                return dice(2) ? happen(Muted{kind, opens.front()}) : happen(Unmuted{kind, opens.front()});
            case 7: {
                std::vector<Device> devices;
                for (const Device& device : kDevices) {
                    if (dice(3)) devices.push_back(device);
                }
                return happen(Listed{devices});
            }
            case 8:
                return happen(Awake{});
            case 9:
                if (timer[int(kind)]) timer[int(kind)] = false, happen(Waited{kind});
                return;
            case 10:
                return happen(Sampled{in.camera.take, int(dice(2)), int(dice(256))});
            case 11:
                return kind == Kind::Camera ? happen(Flip{}) : happen(Mute{dice(2) == 0});
            case 12:
                return kind == Kind::Camera ? happen(CameraOff{dice(2) == 0}) : happen(Share{dice(2) == 0});
            default: {
                const Device& device = kDevices[dice(4)];
                return happen(Choose{device.kind, device.id});
            }
        }
    }
};

}  // namespace

TEST_CASE("in any order of events nothing is left on and something is always sent") {
    std::size_t grants = 0, slates = 0, screens = 0;
    for (unsigned seed = 0; seed < 300; ++seed) {
        CAPTURE(seed);
        World world{.random = std::mt19937{seed}};
        for (int i = 0; i < 300; ++i) {
            world.go();
            grants += world.granted;
            slates += world.in.output.picture == Picture::Slate;
            screens += world.in.output.picture == Picture::Screen;
        }
    }
    CHECK(grants > 0);
    CHECK(slates > 0);
    CHECK(screens > 0);
}
