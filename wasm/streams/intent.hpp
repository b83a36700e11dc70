/// What is about to be made at the providers, written down before the first of them is asked. Everything made bears the
/// intent's id as its mark; once the intent is `settling`, what bears the mark and is not referenced by the stream's
/// document is deleted. So undoing, recovery from a crash and deletion are one rule: the providers hold exactly what
/// the documents reference.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/reader.hpp"

namespace streams {

struct Intent {
    enum class Phase { making, settling };

    std::string id{};        ///< the mark
    std::string streamId{};  ///< whose document says what is to stay
    Phase phase = Phase::making;
    std::string due{};                         ///< when it is settled at the latest; milliseconds, compared as text
    int attempts = 0;                          ///< to settle it that failed
    int looks = 0;                             ///< searches done. A request may arrive late, so one is not enough
    bool lookInputs = false, lookMux = false;  ///< something may have been made that we do not know
    std::vector<std::string> cloudflareInputIds{}, muxLiveStreamIds{};  ///< what we know of
    std::vector<std::string> cloudflareVideoIds{}, muxAssetIds{};       ///< recordings of a stream that was removed
    bool operator==(const Intent&) const = default;
};

[[nodiscard]] core::Json encode(const Intent& intent);
[[nodiscard]] core::Result<Intent> decodeIntent(const core::Json& json);

/// `at`, so many seconds later, as `due` is written.
[[nodiscard]] std::string dueAfter(const std::string& at, int seconds);

}  // namespace streams
