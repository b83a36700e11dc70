/// The words about the second recording at Mux.
#pragma once

#include <optional>
#include <string>

#include "streams/paths.hpp"

namespace streams {

/// Why this stream cannot have one here, as a sentence; none when it can.
[[nodiscard]] inline std::optional<std::string> whyNoBackup(Path path, const Setup& setup) {
    if (!capabilities(path).outputs) {
        return "A stream that goes straight from the browser to Cloudflare cannot be sent on to Mux. The stream works, "
               "but without that second recording.";
    }
    if (!setup.mux) {
        return "The Mux backup recording is not set up on this server. The stream works and is recorded, but without "
               "that second recording.";
    }
    return {};
}

/// What a person should know of a backup in this state; none when all is well.
[[nodiscard]] inline std::optional<std::string> warningOf(std::optional<Backup> backup) {
    if (backup == Backup::failed) {
        return "The Mux backup recording could not be set up. The stream works and is recorded, but without that "
               "second "
               "recording. You can try again before the service.";
    }
    if (backup == Backup::pending) {
        return "The Mux backup recording is prepared, but not connected yet. The stream works and is recorded, but "
               "without that second recording. You can try again before the service.";
    }
    return {};
}

}  // namespace streams
