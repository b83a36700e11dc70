/// The Link header (RFC 8288), as far as WHIP uses it: STUN and TURN servers (RFC 9725 section 4.6).
#pragma once

#include <string_view>
#include <vector>

#include "whip/outcome.hpp"

namespace whip {

/// The links of `header` whose rel is ice-server and whose target is stun:, stuns:, turn: or turns:, in their order.
/// Links of another rel are extensions we do not know and pass over; what is not a link ends the reading.
[[nodiscard]] std::vector<IceServer> iceServers(std::string_view header);

}  // namespace whip
