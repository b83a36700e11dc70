/// How one stream is shown to a viewer: WHEP while it works, HLS when it does not, the recording afterwards; a pure
/// state machine like whip/session.hpp. It is told the stream's public view, how WHEP fares and what the <video>
/// element reports, and says what to show and when to try WHEP.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace playback {

/// The stream's phase in its public view, the same names there.
enum class Phase : std::uint8_t { waiting, live, interrupted, preparing, recording, none };

/// The phase of that name; none for any other text.
[[nodiscard]] Phase readPhase(std::string_view name);

/// What the viewer sees.
enum class Mode : std::uint8_t { Waiting, Connecting, Whep, Hls, Interrupted, Preparing, Recording, None };

// What happened.
struct View {  ///< the stream's public view; a URL it does not name is ""
    Phase phase = Phase::waiting;
    std::string whepUrl{}, hlsUrl{}, recordingUrl{};
    std::string backupUrl{};  ///< the same recording with another provider
    bool operator==(const View&) const = default;
};
struct WhepUp {};       // its first picture has arrived
struct WhepDown {};     // it lost what it had, or could not get it, and tries again by itself
struct WhepRefused {};  // it will not work, until asked again
struct Playing {};      // the <video> element shows moving pictures
struct Stalled {};      // it has run dry
struct Failed {};       // it cannot play what it was given
struct Waited {};       // the pause asked for is over
using Event = std::variant<View, WhepUp, WhepDown, WhepRefused, Playing, Stalled, Failed, Waited>;

// What to do about it. There is one timer: Wait replaces it.
// clang-format off
struct PlayWhep { std::string url;              bool operator==(const PlayWhep&) const = default; };
struct StopWhep {                               bool operator==(const StopWhep&) const = default; };
struct Wait     { std::chrono::seconds pause{}; bool operator==(const Wait&) const = default; };
// clang-format on
using Effect = std::variant<PlayWhep, StopWhep, Wait>;
using Effects = std::vector<Effect>;

struct State {
    Mode mode = Mode::Waiting;
    View view{};
    bool whepOn = false;     ///< asked for, up or not
    bool pending = false;    ///< Wait's end still matters
    bool worked = false;     ///< WHEP has shown pictures on this device
    bool stalled = false;    ///< HLS has run dry
    bool hlsFailed = false;  ///< HLS could not play, and has not since
    bool onBackup = false;   ///< the recording would not play, so its backup is shown
    int failures = 0;        ///< of WHEP in a row

    bool operator==(const State&) const = default;
};

/// Moves `state` on and returns the effects to carry out, in order.
[[nodiscard]] Effects step(State& state, const Event& event);

/// What the <video> element is to load in HLS and recording modes; "" in all others.
[[nodiscard]] std::string_view url(const State& state);

}  // namespace playback
