/// Camera, microphone and screen from the preview to the end of a broadcast, as a pure state machine: which of them is
/// open, what is sent, and what the person is told when one is unplugged, seized, paused, frozen or black.
///
/// No fault of a device ends a broadcast. Without a camera a still picture (the slate) is sent, without a microphone
/// silence, in the same WHIP session: browser/capturing.cpp puts them into the connection there is (replaceTrack, W3C
/// WebRTC section 5.2). The rules are a table in inputs.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "capture/device.hpp"
#include "capture/warning.hpp"
#include "whip/reason.hpp"

namespace capture {

using std::chrono::milliseconds;

enum class Phase : std::uint8_t {
    Off,
    Opening,  ///< asked for; what was sent before goes on for a second, then the slate
    On,
    Muting,   ///< the browser has muted its track just now; most such pauses are over at once
    Paused,   ///< it stays muted: a telephone call, another app, a switch on the device
    Missing,  ///< there is none that works
};

/// One device to try. `picked`: the person asked for it, so it is the one to come back to from now on.
struct Attempt {
    Wish wish{};
    bool picked = false;

    bool operator==(const Attempt&) const = default;
};

struct Input {
    Kind kind{};
    Phase phase = Phase::Off;
    int take = 0;                 ///< number of the newest Open; replies to an older one are too late
    Device device{};              ///< what is open
    Device home{};                ///< what should be; differs from `device` while another one stands in
    Wish choice{};                ///< of the person, kept when all is closed
    Attempt trying{};             ///< while Opening
    std::vector<Attempt> rest{};  ///< to be tried when that fails, in this order
    whip::Reason reason{};        ///< why the last one could not be opened
    Warning note{};               ///< about what was tried last
    Warning warning{};            ///< what the person is told; stays as it was while Opening
    int tries = 0;                ///< since one last worked for kSteadyTime
    bool steady = false;          ///< `device` has
    bool listed = false;          ///< `device` has been in a list of devices, so missing there it is gone
    bool away = false;            ///< `home` has been missing in a list
    bool slow = false;            ///< Opening for a second

    bool operator==(const Input&) const = default;
};

/// What is sent as picture.
enum class Picture : std::uint8_t { None, Camera, Screen, Slate };

/// How the newest samples of the camera's picture look, a second apart.
struct Look {
    int frames = 0;        ///< how many there have been
    bool counted = false;  ///< there have been some: a browser may count none, though there are
    bool seen = false;     ///< there has been a picture
    int still = 0;         ///< samples in a row without a new one
    int dark = 0;          ///< samples in a row that were black

    bool operator==(const Look&) const = default;
};

struct Output {
    Picture picture = Picture::None;
    int pictureTake = 0;  ///< of the camera or the screen; 0: none of them
    int soundTake = 0;    ///< of the microphone; 0: silence
    bool muted = false;

    bool operator==(const Output&) const = default;
};

/// Everything this machine remembers. A plain value.
struct Inputs {
    Input camera{.kind = Kind::Camera}, microphone{.kind = Kind::Microphone}, screen{.kind = Kind::Screen};
    std::vector<Device> devices{};
    int take = 0;            ///< of the session that wants them
    bool held = false;       ///< they are wanted
    bool asking = false;     ///< and whether they can be had is not known yet
    bool together = false;   ///< both are asked for in one question
    bool muted = false;      ///< by the person
    bool cameraOff = false;  ///< by the person
    Look look{};
    Output output{};

    bool operator==(const Inputs&) const = default;
};

// What happened. A reply to Open and what becomes of its track carry its kind and take.
// clang-format off
struct Acquire   { int take = 0; };                                 // camera and microphone are wanted
struct Release   {};                                                // and no longer are
struct Opened    { Kind kind{}; int take = 0; Device device{};
                   bool muted = false; };
struct Unopened  { Kind kind{}; int take = 0; whip::Reason reason{}; };  // to OpenBoth: with the camera's kind and take
struct Ended     { Kind kind{}; int take = 0; };                    // unplugged, seized, its permission taken back
struct Muted     { Kind kind{}; int take = 0; };                    // by the browser
struct Unmuted   { Kind kind{}; int take = 0; };
struct Listed    { std::vector<Device> devices{}; };                // the devices there are, after each change
struct Sampled   { int take = 0, frames = 0, brightest = 0; };      // of the camera: frames so far; 1 to 255, 0: none to be seen
struct Awake     {};                                                // the page is looked at again
struct Waited    { Kind kind{}; };
struct Choose    { Kind kind{}; std::string id{}; };                // the person wants this device
struct Flip      {};                                                // and the camera on the other side
struct Share     { bool on = true; };                               // and the screen in place of the camera
struct Renew     { Kind kind{}; };                                 // it is to be opened in another way
struct Mute      { bool on = true; };
struct CameraOff { bool on = true; };
// clang-format on
using Event = std::variant<Acquire, Release, Opened, Unopened, Ended, Muted, Unmuted, Listed, Sampled, Awake, Waited,
                           Choose, Flip, Share, Renew, Mute, CameraOff>;

// What to do about it, in the order given. There is one timer for each kind; Wait replaces it.
// clang-format off
struct OpenBoth    { int cameraTake = 0, microphoneTake = 0;
                     Wish camera{}, microphone{};       bool operator==(const OpenBoth&) const = default; };
struct Open        { Kind kind{}; int take = 0;
                     Wish wish{};                       bool operator==(const Open&) const = default; };
struct Close       { Kind kind{}; int take = 0;         bool operator==(const Close&) const = default; };
struct List        {                                    bool operator==(const List&) const = default; };
struct Wait        { Kind kind{}; milliseconds pause{}; bool operator==(const Wait&) const = default; };
struct SendPicture { Picture picture{}; int take = 0;   bool operator==(const SendPicture&) const = default; };
struct SendSound   { int take = 0; bool muted = false;  bool operator==(const SendSound&) const = default; };
struct SendNothing {                                    bool operator==(const SendNothing&) const = default; };
struct Grant       { int take = 0;                      bool operator==(const Grant&) const = default; };
struct Deny        { int take = 0;
                     whip::Reason reason{};             bool operator==(const Deny&) const = default; };
// clang-format on
using Effect = std::variant<OpenBoth, Open, Close, List, Wait, SendPicture, SendSound, SendNothing, Grant, Deny>;
using Effects = std::vector<Effect>;

/// Moves `inputs` on and returns the effects to carry out, in order. A device that was opened for nobody is closed.
[[nodiscard]] Effects step(Inputs& inputs, const Event& event);

/// What the page shows of it.
struct View {
    std::vector<Device> cameras{}, microphones{};
    std::string camera{}, microphone{};  ///< ids of those that are open
    Facing facing{};                     ///< of the camera that is open
    Output output{};
    bool cameraOff = false;
    std::vector<Warning> warnings{};  ///< of the picture first

    bool operator==(const View&) const = default;
};

[[nodiscard]] View view(const Inputs& inputs);

}  // namespace capture
