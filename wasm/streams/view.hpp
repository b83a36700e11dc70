/// What may be shown: the public view of a stream, and the phase in which a viewer finds it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "streams/stream.hpp"

namespace streams {

/// What a viewer should see.
enum class Phase {
    waiting,      ///< nothing has been broadcast yet
    live,         ///< now
    interrupted,  ///< the publisher vanished and may come back
    preparing,    ///< over; the recording is being made
    recording,    ///< over; the recording can be played
    none          ///< over, and there is no recording
};

/// The phase, from stored fields alone.
[[nodiscard]] Phase phase(const Stream& stream);

struct PublicRecording {
    Provider provider = Provider::cloudflare;
    std::string id, playbackUrl;
    std::optional<std::string> downloadUrl;
    std::optional<double> duration;
    std::string startedAt;
    bool operator==(const PublicRecording&) const = default;
};

/// A stream without anything that lets its reader publish.
struct PublicStream {
    std::string id{}, memorialId{}, title{};
    Status status = Status::ready;
    Phase phase = Phase::waiting;
    StreamingMethod streamingMethod = StreamingMethod::whip_browser;
    std::optional<std::string> whepUrl{}, hlsUrl{}, recordingUrl{}, downloadUrl{};
    std::optional<double> duration{};
    std::optional<std::string> scheduledAt{}, startedAt{}, endedAt{};
    std::optional<std::string> reason{};  ///< a sentence, in phase `none`
    std::string createdAt{}, updatedAt{};
    RecordingSources recordingSources{};
    Provider preferredRecordingSource = Provider::cloudflare;
    std::vector<PublicRecording> recordings{};  ///< those that can be played
    bool operator==(const PublicStream&) const = default;
};

/// The public view. Addresses stored as a path (our own media server's) are resolved against `base`, the address
/// under which the reader reached us.
[[nodiscard]] PublicStream publicView(const Stream& stream, std::string_view base);

/// `url` as a reader of ours needs it: a path becomes absolute, anything else stays.
[[nodiscard]] std::string absolute(const std::string& url, std::string_view base);

/// An RTMP address of this very machine (127.0.0.1), as it is reached from where the reader sits: under the host name
/// of `base`. OBS often runs on another computer than Vigil.
[[nodiscard]] std::string reachable(const std::string& rtmpUrl, std::string_view base);

/// The reverse of `absolute`: an address of our own media server becomes a path, so that stored documents survive a
/// change of host or port. `base` is the address of our site without a final slash; an empty one changes nothing.
[[nodiscard]] std::string relative(std::string_view url, std::string_view base);

}  // namespace streams
