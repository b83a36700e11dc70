/// What the public sees of a memorial: its services, each of their recordings, and which of them people came for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "streams/view.hpp"

namespace streams {

struct MemorialView {
    std::vector<PublicStream> streams{};
    std::string currentStreamId{};  ///< the one a page shows first; "" when there is none
    bool operator==(const MemorialView&) const = default;
};

/// Each stream, followed by the recordings it made besides the one it shows, as streams of their own: a service that
/// was broken off for long has several, and none may be lost to the family. Their id is the stream's, a slash, their
/// own.
///
/// Current is one that is live, else one that may come back, else the one where something happened last. So a recording
/// is not hidden behind a stream that was created beside it and never used, and the end of a service leaves its guests
/// where they are.
[[nodiscard]] MemorialView memorialView(const std::vector<Stream>& streams, std::string_view base);

}  // namespace streams
