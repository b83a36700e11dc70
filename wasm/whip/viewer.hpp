/// One WHEP viewing session (draft-ietf-wish-whep) as a pure state machine: receives what a publisher's session sends.
/// Same contract as session.hpp, on the same events and effects.
///
/// It keeps trying as long as the fault may pass, above all "nobody streams yet". Whether WHEP is worth the waiting, or
/// HLS is better, is not decided here: see streams/playback.hpp.
#pragma once

#include <cstdint>
#include <string>

#include "whip/exchange.hpp"
#include "whip/reason.hpp"

namespace whip {

enum class ViewerPhase : std::uint8_t { Idle, Offering, Posting, Countering, Connecting, Playing, Waiting, Failed };

/// Everything a viewing session remembers.
struct Viewer {
    ViewerPhase phase = ViewerPhase::Idle;
    Reason reason = Reason::None;  ///< why it failed or waits
    int turn = 0;                  ///< number of the newest MakeOffer
    int drops = 0;                 ///< faults in a row; 0 again once playing
    bool faltering = false;        ///< Playing, but nothing arrives
    std::string endpoint{};
    std::string offer{};     ///< the offer as POSTed, to check the answer against
    std::string resource{};  ///< what DELETE must name; "" until the server has said 201
    std::string etag{};

    bool operator==(const Viewer&) const = default;
};

/// Moves `viewer` on and returns the effects to carry out, in order. Whatever is about a
/// camera or a restart means nothing here.
[[nodiscard]] Effects step(Viewer& viewer, const Event& event);

}  // namespace whip
