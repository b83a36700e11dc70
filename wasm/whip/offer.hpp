/// What we do to the texts of one offer and its answer on their way between browser and server.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace whip {

/// The copy of a publisher's offer that is POSTed: send-only, rtcp-mux-only, H.264 before the other codecs, music-grade
/// Opus. Never what becomes the local description. `offer` itself when it does not parse.
[[nodiscard]] std::string publisherOffer(std::string_view offer);

/// `offer` with the candidates known so far in its tagged section, and a=end-of-candidates when these are `all`.
[[nodiscard]] std::string withCandidates(const std::string& offer, const std::vector<std::string>& candidates,
                                         bool all);

/// The copy of a viewer's offer that is POSTed: receive-only, rtcp-mux-only, stereo asked for.
[[nodiscard]] std::string viewerOffer(std::string_view offer);

/// Whether `answer` takes (or gives) everything that `offer` offers (RFC 9725 section 4.4.3).
[[nodiscard]] bool answerFits(std::string_view offer, std::string_view answer);

/// The answer to a WHEP server's own offer, as it is PATCHed: receive-only.
[[nodiscard]] std::string viewerAnswer(std::string_view answer);

/// The answer as a publisher's browser gets it: a sender obeys the Opus parameters of the *remote* description (RFC
/// 7587 section 7.1), and few servers ask for stereo. With the bit rate to begin at: libwebrtc's own, 300 kbit/s, is
/// for a quarter of the picture.
[[nodiscard]] std::string publisherAnswer(std::string_view answer);

}  // namespace whip
