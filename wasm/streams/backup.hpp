/// The words about the second recording at Mux.
#pragma once

#include <optional>
#include <string>

#include "streams/paths.hpp"
#include "streams/sentence.hpp"

namespace streams {

/// Why this stream cannot have one here, as a sentence; none when it can.
[[nodiscard]] inline std::optional<std::string> whyNoBackup(Path path, const Setup& setup) {
    if (!capabilities(path).outputs) return kBackupImpossible.text();
    if (!setup.mux) return kBackupNotHere.text();
    return {};
}

/// What a person should know of a backup in this state; none when all is well.
[[nodiscard]] inline std::optional<std::string> warningOf(std::optional<Backup> backup) {
    if (backup == Backup::failed) return kBackupFailed.text();
    if (backup == Backup::pending) return kBackupPending.text();
    return {};
}

}  // namespace streams
