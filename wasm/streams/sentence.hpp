/// Sentences that are no refusals, each with the code by which the pages know it in other languages.
#pragma once

#include <string>
#include <string_view>

namespace streams {

struct Sentence {
    std::string_view code, what;
    [[nodiscard]] std::string text() const { return std::string{what}; }
};

// Why there is no recording.
inline constexpr Sentence kNoRecording{"no-recording", "There is no recording of this broadcast."};
inline constexpr Sentence kNotRecorded{
    "not-recorded", "The stream went straight from the browser to Cloudflare, which does not record such streams."};
inline constexpr Sentence kRecordingFailed{"recording-failed", "The recording could not be made."};
inline constexpr Sentence kNoneMade{"none-made", "The video service made no recording of this broadcast."};
inline constexpr Sentence kNoneMadeByMux{"none-made-by-mux", "Mux made no recording of this broadcast."};

// What became of the backup.
inline constexpr Sentence kBackupImpossible{"backup-impossible",
                                            "A stream that goes straight from the browser to Cloudflare cannot be sent "
                                            "on to Mux. The stream works, but without "
                                            "that second recording."};
inline constexpr Sentence kBackupNotHere{"backup-not-here",
                                         "The Mux backup recording is not set up on this server. The stream works and "
                                         "is recorded, but without that second recording."};
inline constexpr Sentence kBackupFailed{"backup-failed",
                                        "The Mux backup recording could not be set up. The stream works and is "
                                        "recorded, but without that second recording. You can try again before the "
                                        "service."};
inline constexpr Sentence kBackupPending{
    "backup-pending",
    "The Mux backup recording is prepared, but not connected yet. The stream works "
    "and is recorded, but without that second recording. You can try again before "
    "the service."};

/// The code of one of these; of a provider's own words, that of the general one.
[[nodiscard]] constexpr std::string_view codeOf(std::string_view what, const Sentence& general) {
    constexpr Sentence kAll[] = {kNoRecording,      kNotRecorded,   kRecordingFailed, kNoneMade,     kNoneMadeByMux,
                                 kBackupImpossible, kBackupNotHere, kBackupFailed,    kBackupPending};
    for (const Sentence& sentence : kAll) {
        if (sentence.what == what) return sentence.code;
    }
    return general.code;
}

}  // namespace streams
