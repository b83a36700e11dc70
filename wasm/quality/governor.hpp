/// How much the encoders may give out over a way that turns out to be thin: the picture yields before the sound.
#pragma once

#include "quality/choice.hpp"
#include "quality/sample.hpp"

namespace quality {

struct Governor {
    int room = 0;         ///< kbit/s the way is believed to carry, headers included; 0: as much as is wanted
    int calm = 0;         ///< seconds without congestion since `room` was last changed
    int patience = 0;     ///< seconds of calm until more is tried
    int edge = 0;         ///< kbit/s that fitted when there was congestion last
    int quickest = 0;     ///< ms: the shortest round trip there has been on this way; 0: not known
    int step = 0;         ///< per cent: how much more was tried last; 0 when the last change was downwards
    bool proven = false;  ///< there have been calm seconds: sound begins modestly
    int late = 0;         ///< seconds in a row with a round trip as of a queue, and no loss

    bool operator==(const Governor&) const = default;
};

/// Takes the figures of one more second. Congestion is 10 % of loss, or a round trip 200 ms above the shortest: then
/// `room` becomes what arrives, less a tenth, or what the browser believes, whichever is less. After some seconds of
/// calm a little more is tried. Each attempt that goes well doubles the next one, up to a half, but the step over what
/// fitted last is a small one; each that fails doubles the seconds until the next, up to a minute.
void observe(Governor& governor, const Figures& figures, Size size);

/// What fits into the room there is. Sound gets what it needs first; the picture has fewer frames, then a smaller size,
/// but never ends: the recording is cut at pictures.
[[nodiscard]] Limits limits(const Governor& governor, Size size);

}  // namespace quality
