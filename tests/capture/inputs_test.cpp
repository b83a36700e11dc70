#include "capture/inputs.hpp"

#include <doctest/doctest.h>

#include <set>

#include "capture/rules.hpp"

using namespace capture;
using namespace std::chrono_literals;
using enum Kind;
using whip::Reason;

namespace {

const Device back{Camera, "back", "Back", "g1", Facing::Environment},
    front{Camera, "front", "Front", "g2", Facing::User}, web{Camera, "web", "Webcam", "g3"},
    lid{Camera, "lid", "Lid", "g4"}, desk{Microphone, "desk", "Desk", "g3"}, head{Microphone, "head", "Headset", "g5"},
    window{Screen, "window"};
const std::vector<Device> kAll = {web, lid, desk, head};

/// Happens one after the other; the effects of the last.
Effects after(Inputs& in, std::initializer_list<Event> events) {
    Effects effects;
    for (const Event& event : events) effects = step(in, event);
    return effects;
}

/// Camera and microphone are open, as take 1 each, and sent.
Inputs given(Device camera = web, std::vector<Device> devices = kAll) {
    Inputs in;
    (void)after(in, {Acquire{7}, Opened{Camera, 1, camera}, Opened{Microphone, 1, desk}, Listed{std::move(devices)}});
    return in;
}

Inputs with(Inputs in, std::initializer_list<Event> events) {
    (void)after(in, events);
    return in;
}

/// Five samples without a new picture.
Inputs frozen(Inputs in, int take, int frames, int brightest = 90) {
    for (int i = 0; i < 5; ++i) (void)step(in, Sampled{take, frames, brightest});
    return in;
}

std::vector<Warning> warnings(const Inputs& in) { return view(in).warnings; }

}  // namespace

TEST_CASE("each rule of an input moves it on and says what to do") {  // one row a rule, in the order of the table
    struct Row {
        std::size_t rule;
        Kind kind;
        Inputs before;
        Event event;
        Phase after;
        Effects effects;
    };
    const Inputs asked = with({}, {Acquire{7}});
    const Inputs apart = with(asked, {Unopened{Camera, 1, Reason::CameraBusy}});
    const Inputs sharing = with(given(), {Share{}}), shared = with(sharing, {Opened{Screen, 1, window}});
    const Inputs lost = with(given(), {Ended{Camera, 1}});  // the same, then the other one, is tried
    const Inputs missing = with(lost, {Unopened{Camera, 2, Reason::NoCamera}, Unopened{Camera, 3, Reason::CameraBusy}});
    const Inputs standIn = with(lost, {Unopened{Camera, 2, Reason::NoCamera}, Opened{Camera, 3, lid}});
    const Inputs gone = with(standIn, {Listed{{lid, desk}}});
    const Inputs muting = with(given(), {Muted{Camera, 1}}), paused = with(muting, {Waited{Camera}});
    const Inputs failing =
        with(given(), {Ended{Camera, 1}, Opened{Camera, 2, web}, Ended{Camera, 2}, Opened{Camera, 3, web}});
    const Inputs moving = with(given(), {Sampled{1, 5, 90}});
    const Inputs off = with(given(), {CameraOff{}});
    const Inputs stopped = with(given(), {Release{}});
    const Inputs refused = with(sharing, {Unopened{Screen, 1, Reason::CameraFailed}});
    const SendPicture slate{Picture::Slate}, camera2{Picture::Camera, 2};
    // clang-format off
    const Row rows[] = {
        {0,  Screen,     sharing,  Opened{Screen, 1, window},   Phase::On,      {Close{Camera, 1}, SendPicture{Picture::Screen, 1}}},
        {1,  Camera,     lost,     Opened{Camera, 2, web, true}, Phase::Muting, {Wait{Camera, 1s}, camera2}},
        {2,  Camera,     lost,     Opened{Camera, 2, web},      Phase::On,      {Wait{Camera, 10s}, camera2}},
        {2,  Microphone, apart,    Opened{Microphone, 2, desk}, Phase::On,      {Wait{Microphone, 10s}}},
        {3,  Camera,     asked,    Unopened{Camera, 1, Reason::CameraBusy}, Phase::Opening, {Open{Camera, 2, {}}, Open{Microphone, 2, {}}}},
        {3,  Camera,     asked,    Unopened{Camera, 1, Reason::CameraDenied}, Phase::Off, {SendNothing{}, Deny{7, Reason::CameraDenied}}},
        {4,  Screen,     sharing,  Unopened{Screen, 1, Reason::CameraDenied}, Phase::Off, {}},
        {5,  Camera,     lost,     Unopened{Camera, 2, Reason::NoCamera}, Phase::Opening, {Open{Camera, 3, {"lid"}}}},
        {6,  Camera,     with(lost, {Unopened{Camera, 2, Reason::NoCamera}}), Unopened{Camera, 3, Reason::CameraBusy}, Phase::Missing, {Wait{Camera, 6s}, slate}},
        {7,  Camera,     lost,     Waited{Camera},              Phase::Opening, {slate}},

        {8,  Screen,     shared,   Ended{Screen, 1},            Phase::Off,     {Close{Screen, 1}, Open{Camera, 2, {"web"}}, Wait{Camera, 1s}}},
        {9,  Camera,     failing,  Ended{Camera, 3},            Phase::Missing, {Close{Camera, 3}, Wait{Camera, 12s}, slate}},
        {10, Camera,     given(),  Ended{Camera, 1},            Phase::Opening, {Close{Camera, 1}, Open{Camera, 2, {"web"}}, Wait{Camera, 1s}}},
        {10, Microphone, given(),  Ended{Microphone, 1},        Phase::Opening, {Close{Microphone, 1}, Open{Microphone, 2, {"desk"}}, Wait{Microphone, 1s}}},
        {11, Camera,     given(),  Listed{{lid, desk, head}},   Phase::Opening, {Close{Camera, 1}, Open{Camera, 2, {"web"}}, Wait{Camera, 1s}}},
        {12, Camera,     gone,     Listed{kAll},                Phase::Opening, {Close{Camera, 3}, Open{Camera, 4, {"web"}}, Wait{Camera, 1s}}},
        {13, Camera,     standIn,  Awake{},                     Phase::Opening, {List{}, Close{Camera, 3}, Open{Camera, 4, {"web"}}, Wait{Camera, 1s}}},
        {14, Camera,     with(given(), {Sampled{1, 0, 0}, Sampled{1, 0, 0}, Sampled{1, 0, 0}, Sampled{1, 0, 0}}), Sampled{1, 0, 0}, Phase::Missing, {Close{Camera, 1}, Wait{Camera, 3s}, slate}},
        {15, Camera,     with(moving, {Sampled{1, 5, 90}, Sampled{1, 5, 90}, Sampled{1, 5, 90}, Sampled{1, 5, 90}}), Sampled{1, 5, 90}, Phase::Opening, {Close{Camera, 1}, Open{Camera, 2, {"web"}}, Wait{Camera, 1s}}},
        {16, Camera,     given(),  Waited{Camera},              Phase::On,      {}},
        {17, Microphone, given(),  Renew{Microphone},           Phase::Opening, {Close{Microphone, 1}, Open{Microphone, 2, {"desk"}}, Wait{Microphone, 1s}}},

        {18, Camera,     given(),  Muted{Camera, 1},            Phase::Muting,  {Wait{Camera, 1s}}},
        {19, Camera,     muting,   Waited{Camera},              Phase::Paused,  {slate}},
        {20, Camera,     muting,   Unmuted{Camera, 1},          Phase::On,      {Wait{Camera, 10s}}},
        {20, Camera,     paused,   Unmuted{Camera, 1},          Phase::On,      {Wait{Camera, 10s}, SendPicture{Picture::Camera, 1}}},
        {21, Camera,     paused,   Awake{},                     Phase::Paused,  {List{}, Wait{Camera, 2s}}},
        {22, Camera,     paused,   Waited{Camera},              Phase::Opening, {Close{Camera, 1}, Open{Camera, 2, {"web"}}, Wait{Camera, 1s}}},

        {23, Camera,     missing,  Listed{kAll},                Phase::Opening, {Open{Camera, 4, {"web"}}, Wait{Camera, 1s}}},
        {24, Camera,     missing,  Awake{},                     Phase::Opening, {List{}, Open{Camera, 4, {"web"}}, Wait{Camera, 1s}}},
        {25, Camera,     missing,  Waited{Camera},              Phase::Opening, {Open{Camera, 4, {"web"}}, Wait{Camera, 1s}}},

        {26, Camera,     stopped,  Choose{Camera, "lid"},       Phase::Off,     {}},
        {27, Camera,     given(),  Choose{Camera, "lid"},       Phase::Opening, {Close{Camera, 1}, Open{Camera, 2, {"lid"}}, Wait{Camera, 1s}}},
        {27, Camera,     shared,   Choose{Camera, "lid"},       Phase::Opening, {Close{Screen, 1}, Open{Camera, 2, {"lid"}}, Wait{Camera, 1s}}},
        {27, Microphone, given(),  Choose{Microphone, "head"},  Phase::Opening, {Close{Microphone, 1}, Open{Microphone, 2, {"head"}}, Wait{Microphone, 1s}}},
        {28, Camera,     given(),  Flip{},                      Phase::Opening, {Close{Camera, 1}, Open{Camera, 2, {"lid"}}, Wait{Camera, 1s}}},
        {28, Camera,     given(back, {back, front, desk}), Flip{}, Phase::Opening, {Close{Camera, 1}, Open{Camera, 2, {.facing = Facing::User}}, Wait{Camera, 1s}}},
        {29, Camera,     given(),  CameraOff{},                 Phase::Off,     {Close{Camera, 1}, slate}},
        {30, Camera,     off,      CameraOff{false},            Phase::Opening, {Open{Camera, 2, {"web"}}, Wait{Camera, 1s}}},
        {31, Screen,     given(),  Share{},                     Phase::Opening, {Open{Screen, 1, {}}}},
        {32, Screen,     shared,   Share{false},                Phase::Off,     {Close{Screen, 1}, Open{Camera, 2, {"web"}}, Wait{Camera, 1s}}},
        {33, Screen,     refused,  Waited{Screen},              Phase::Off,     {}},
    };
    // clang-format on
    std::set<std::size_t> met;
    for (const Row& row : rows) {
        CAPTURE(row.rule);
        Inputs in = row.before;
        CHECK(ruleFor(in, row.kind, row.event) == row.rule);
        met.insert(row.rule);
        CHECK(step(in, row.event) == row.effects);
        const Input& input = row.kind == Camera ? in.camera : row.kind == Microphone ? in.microphone : in.screen;
        CHECK(input.phase == row.after);
    }
    CHECK(met.size() == rules().size());
}

TEST_CASE("both are asked for in one question, and the session is answered when both are answered") {
    Inputs in;
    CHECK(step(in, Acquire{7}) == Effects{OpenBoth{1, 1, {}, {}}});
    CHECK(step(in, Opened{Camera, 1, web}) == Effects{Wait{Camera, 10s}});
    CHECK(step(in, Opened{Microphone, 1, desk}) ==
          Effects{Wait{Microphone, 10s}, SendPicture{Picture::Camera, 1}, SendSound{1}, Grant{7}, List{}});
    CHECK(step(in, Release{}) == Effects{Close{Camera, 1}, Close{Microphone, 1}, SendNothing{}});
    CHECK(step(in, Release{}).empty());
}

TEST_CASE("one of the two is enough to go live with; a word says what is missing") {
    Inputs in;
    (void)after(in, {Acquire{7}, Unopened{Camera, 1, Reason::NoCamera}, Unopened{Camera, 2, Reason::NoCamera}});
    CHECK(step(in, Opened{Microphone, 2, desk}) ==
          Effects{Wait{Microphone, 10s}, SendPicture{Picture::Slate}, SendSound{2}, Grant{7}, List{}});
    CHECK(warnings(in) == std::vector{Warning::CameraLost});
    Inputs deaf;
    (void)after(deaf, {Acquire{7}, Unopened{Camera, 1, Reason::NoCamera}, Opened{Camera, 2, web}});
    CHECK(step(deaf, Unopened{Microphone, 2, Reason::NoCamera}) ==
          Effects{Wait{Microphone, 3s}, SendPicture{Picture::Camera, 2}, SendSound{0}, Grant{7}, List{}});
    CHECK(warnings(deaf) == std::vector{Warning::MicrophoneLost});
    Inputs none;
    (void)after(none, {Acquire{7}, Unopened{Camera, 1, Reason::NoCamera}, Unopened{Camera, 2, Reason::NoCamera}});
    CHECK(step(none, Unopened{Microphone, 2, Reason::CameraBusy}) ==
          Effects{Wait{Microphone, 3s}, SendNothing{}, Deny{7, Reason::NoCamera}});
    Inputs denied = with({}, {Acquire{7}, Unopened{Camera, 1, Reason::CameraDenied}, Acquire{8}});
    CHECK(step(denied, Opened{Camera, 2, web}) == Effects{Wait{Camera, 10s}});
}

TEST_CASE("what is opened for nobody is closed") {
    Inputs in = with({}, {Acquire{7}, Release{}});
    CHECK(step(in, Opened{Camera, 1, web}) == Effects{Close{Camera, 1}});
    in = with(given(), {Choose{Camera, "lid"}, Choose{Camera, "web"}});
    CHECK(step(in, Opened{Camera, 2, lid}) == Effects{Close{Camera, 2}});
}

TEST_CASE("an unplugged camera: another one stands in, told so, until it is back") {
    Inputs in = with(given(), {Ended{Camera, 1}, Unopened{Camera, 2, Reason::NoCamera}, Opened{Camera, 3, lid}});
    CHECK(in.output == Output{Picture::Camera, 3, 1});
    CHECK(warnings(in) == std::vector{Warning::CameraOther});
    (void)after(in, {Waited{Camera}, Listed{{lid, desk}}});
    CHECK(warnings(in) == std::vector{Warning::CameraOther});
    (void)after(in, {Listed{kAll}, Opened{Camera, 4, web}});
    CHECK(in.output == Output{Picture::Camera, 4, 1});
    CHECK(warnings(in).empty());
}

TEST_CASE("an unplugged camera that was the only one: the slate, until it is back") {
    Inputs in = with(given(web, {web, desk}), {Ended{Camera, 1}, Unopened{Camera, 2, Reason::NoCamera}});
    CHECK(in.output == Output{Picture::Slate, 0, 1});
    CHECK(warnings(in) == std::vector{Warning::CameraLost});
    CHECK(after(in, {Listed{{desk}}, Waited{Camera}}).empty());
    CHECK(after(in, {Listed{{web, desk}}}) == Effects{Open{Camera, 3, {"web"}}, Wait{Camera, 1s}});
    CHECK(warnings(in) == std::vector{Warning::CameraLost});
    (void)after(in, {Opened{Camera, 3, web}});
    CHECK(in.output == Output{Picture::Camera, 3, 1});
    CHECK(warnings(in).empty());
}

TEST_CASE("the person's face does not stand in for the service") {
    Inputs in = with(given(back, {back, front, desk}), {Ended{Camera, 1}});
    (void)after(in, {Unopened{Camera, 2, Reason::CameraBusy}});
    CHECK(in.camera.phase == Phase::Missing);
    CHECK(warnings(in) == std::vector{Warning::CameraBusy});
    Inputs flipped = with(given(back, {back, front, desk}), {Flip{}, Opened{Camera, 2, front}, Ended{Camera, 2}});
    CHECK(step(flipped, Unopened{Camera, 3, Reason::CameraBusy}) == Effects{Open{Camera, 4, {"back"}}});
}

TEST_CASE("a lost microphone becomes silence, the picture goes on") {
    Inputs in = with(given(web, {web, desk}), {Ended{Microphone, 1}});
    CHECK(step(in, Unopened{Microphone, 2, Reason::NoCamera}) == Effects{Wait{Microphone, 6s}, SendSound{0}});
    CHECK(in.output == Output{Picture::Camera, 1, 0});
    CHECK(warnings(in) == std::vector{Warning::MicrophoneLost});
}

TEST_CASE("a device that cannot be chosen leaves the other one on, with a word for ten seconds") {
    Inputs in = with(given(), {Choose{Camera, "lid"}, Unopened{Camera, 2, Reason::CameraBusy}});
    CHECK(in.output.pictureTake == 1);
    (void)after(in, {Opened{Camera, 3, web}});
    CHECK(warnings(in) == std::vector{Warning::CameraNotStarted});
    (void)after(in, {Waited{Camera}});
    CHECK(warnings(in).empty());
    CHECK(in.camera.choice == Wish{});
}

TEST_CASE("what was chosen is asked for again the next time") {
    Inputs in = with(given(), {Choose{Camera, "lid"}, Opened{Camera, 2, lid}, Choose{Microphone, "head"},
                               Opened{Microphone, 2, head}, Release{}});
    CHECK(step(in, Acquire{8}) == Effects{OpenBoth{3, 3, {"lid"}, {"head"}}});
}

TEST_CASE("mute and camera off are the person's, whatever the devices do") {
    Inputs in = given();
    CHECK(step(in, Mute{}) == Effects{SendSound{1, true}});
    (void)after(in, {Ended{Microphone, 1}, Opened{Microphone, 2, desk}});
    CHECK(in.output.muted);
    CHECK(step(in, Mute{false}) == Effects{SendSound{2, false}});
    (void)after(in, {CameraOff{}, Listed{kAll}, Awake{}, Waited{Camera}});
    CHECK(in.camera.phase == Phase::Off);
    CHECK(in.output.picture == Picture::Slate);
    CHECK(warnings(in).empty());
    CHECK(view(in).cameraOff);
    (void)after(in, {Share{}, Opened{Screen, 1, window}, Ended{Screen, 1}});
    CHECK(in.output.picture == Picture::Slate);
    (void)after(in, {Release{}});
    CHECK(after(in, {Acquire{8}}) == Effects{Open{Microphone, 3, {}}});
    (void)after(in, {Opened{Microphone, 3, desk}});
    CHECK(in.output == Output{Picture::Slate, 0, 3});
}

TEST_CASE("a question for the screen that is closed changes nothing, one that fails says so") {
    Inputs in = with(given(), {Share{}, Unopened{Screen, 1, Reason::CameraDenied}});
    CHECK(in.output == Output{Picture::Camera, 1, 1});
    CHECK(warnings(in).empty());
    (void)after(in, {Share{}, Unopened{Screen, 2, Reason::CameraFailed}});
    CHECK(warnings(in) == std::vector{Warning::ScreenNotShared});
}

TEST_CASE("a pause of less than a second is nothing, a longer one the slate and a word") {
    Inputs in = with(given(), {Muted{Camera, 1}, Unmuted{Camera, 1}});
    CHECK(warnings(in).empty());
    (void)after(in, {Muted{Camera, 1}, Waited{Camera}, Muted{Microphone, 1}, Waited{Microphone}});
    CHECK(in.output == Output{Picture::Slate, 0, 1});
    CHECK(warnings(in) == std::vector{Warning::CameraPaused, Warning::MicrophonePaused});
}

TEST_CASE("a picture that stands still is started again; one that never moves is left alone for longer and longer") {
    Inputs in = frozen(with(given(web, {web, desk}), {Sampled{1, 5, 90}}), 1, 5);
    CHECK(in.camera.phase == Phase::Opening);
    in = frozen(with(in, {Opened{Camera, 2, web}}), 2, 0, 0);
    CHECK(in.camera.phase == Phase::Missing);
    CHECK(in.output.picture == Picture::Slate);
    CHECK(warnings(in) == std::vector{Warning::CameraFrozen});
    (void)after(in, {Waited{Camera}, Opened{Camera, 3, web}, Sampled{3, 1, 90}, Sampled{3, 20, 90}, Waited{Camera}});
    CHECK(warnings(in).empty());
    CHECK(in.camera.tries == 0);
}

TEST_CASE("where the browser counts no pictures, none is missed; a black one is told all the same") {
    Inputs in = frozen(given(), 1, 0);
    CHECK(in.camera.phase == Phase::On);
    CHECK(warnings(in).empty());
    in = frozen(in, 1, 0, 10);
    CHECK(in.camera.phase == Phase::On);
    CHECK(warnings(in) == std::vector{Warning::CameraBlack});
    (void)step(in, Sampled{1, 0, 60});
    CHECK(warnings(in).empty());
}

TEST_CASE("a black picture is told, and not when there is light again") {
    Inputs in = given();
    for (int frames = 1; frames < 6; ++frames) (void)step(in, Sampled{1, frames, 10});
    CHECK(warnings(in) == std::vector{Warning::CameraBlack});
    (void)step(in, Sampled{1, 6, 60});
    CHECK(warnings(in).empty());
}

TEST_CASE("a permission taken back is not asked for again and again") {
    Inputs in = with(given(), {Ended{Camera, 1}, Unopened{Camera, 2, Reason::CameraDenied}});
    CHECK(in.camera.phase == Phase::Missing);
    CHECK(warnings(in) == std::vector{Warning::CameraDenied});
    CHECK(after(in, {Waited{Camera}}).empty());
    CHECK(after(in, {Choose{Camera, "web"}}) == Effects{Open{Camera, 3, {"web"}}, Wait{Camera, 1s}});
}

TEST_CASE("the default microphone is known by what it is") {
    const Device standard{Microphone, "default", "Default - Desk", "g3"};
    Inputs in;
    (void)after(in, {Acquire{7}, Opened{Camera, 1, web}, Opened{Microphone, 1, standard},
                     Listed{{web, lid, standard, desk, head}}});
    CHECK(view(in).microphones == std::vector{desk, head});
    CHECK(view(in).microphone == "desk");
    Inputs alone;
    (void)after(alone, {Acquire{7}, Opened{Camera, 1, web}, Opened{Microphone, 1, standard}, Listed{{web, standard}}});
    CHECK(view(alone).microphones == std::vector{standard});
}

TEST_CASE("what the page shows") {
    const View v = view(given(back, {back, front, desk}));
    CHECK(v.cameras == std::vector{back, front});
    CHECK(v.camera == "back");
    CHECK(v.facing == Facing::Environment);
    CHECK(v.output == Output{Picture::Camera, 1, 1});
}

TEST_CASE("each warning has a code of its own and a sentence") {
    std::set<std::string_view> codes;
    for (int i = 1; i <= int(Warning::ScreenNotShared); ++i) {
        codes.insert(code(Warning(i)));
        CHECK(sentence(Warning(i)).size() > 20);
    }
    CHECK(codes.size() == std::size_t(Warning::ScreenNotShared));
    CHECK(code(Warning::None).empty());
}
