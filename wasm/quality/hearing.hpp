/// Whether anything still comes from the far end: a browser says so only after 5 to 7 s without.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace quality {

using std::chrono::milliseconds;

enum class Sign : std::uint8_t {
    None,    ///< neither: it is too early to tell, or it has been told
    Life,    ///< something came since the last time
    Silence  ///< for longer than usual nothing has come: told once
};

/// How often something comes from this far end. A new one for each connection.
struct Hearing {
    std::optional<std::int64_t> bytes{};
    milliseconds at{};         ///< when there were more of them last
    milliseconds usual{3000};  ///< how long it has taken until there were, lately
    bool silent = false;       ///< Silence has been told

    bool operator==(const Hearing&) const = default;
};

/// Takes how many bytes have come by now, receiver reports and answers to checks among them. A publisher hears of its
/// far end at least once a second (RFC 3550 section 6.2 with a reduced minimum), of some only by the checks of RFC
/// 7675, every 2.5 s: Silence is twice the usual, from 2 s to 6 s.
[[nodiscard]] Sign hear(Hearing& hearing, milliseconds at, std::int64_t bytes);

}  // namespace quality
