/// Trickle ICE fragments, the bodies of a PATCH (RFC 8840 section 9; media type application/trickle-ice-sdpfrag).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "sdp/description.hpp"

namespace sdp {

/// ICE credentials and candidates of one bundled session. A plain value; the candidates are kept verbatim.
struct Fragment {
    std::string iceUfrag, icePwd;
    std::string mid;                      ///< of the section the offerer tagged: the first one of the BUNDLE group
    std::string mLine;                    ///< "audio 9 UDP/TLS/RTP/SAVPF 111"; "" writes a neutral one
    std::vector<std::string> candidates;  ///< "candidate:1 1 udp 2122194687 192.0.2.2 41472 typ host", without "a="
    bool endOfCandidates = false;
    bool operator==(const Fragment&) const = default;
};

inline constexpr std::size_t kMaxFragmentBytes = std::size_t{64} * 1024;
inline constexpr std::size_t kMaxCandidates = 256;

/// Credentials, mid and m= line of `description` (the local offer) with no candidates yet: fill them in and write it.
[[nodiscard]] Fragment fragmentOf(const Description& description);

/// The fragment as text, lines ending with CRLF.
[[nodiscard]] std::string write(const Fragment& fragment);

/// Reads a fragment, whether its credentials stand before the first m= line or in a section (the section's own win, RFC
/// 8839 section 5.4). Candidates of several sections are joined, each once.
[[nodiscard]] core::Result<Fragment> parseFragment(std::string_view text);

/// `remote` after an ICE restart: credentials and all candidates replaced by those of `fragment`, everything else kept
/// (RFC 9725 section 4.3.3). The candidates stand in the tagged section only. A fragment without credentials is no
/// restart: `remote` comes back as it was.
[[nodiscard]] Description restartIce(Description remote, const Fragment& fragment);

}  // namespace sdp
