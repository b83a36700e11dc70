/// The data model: a memorial, its streams and their recordings, spelled exactly like the stored documents
/// (Firestore streams/{id}). Plain values; how they are read from and written as JSON is in stream_json.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace streams {

enum class Status { ready, live, completed };
enum class StreamingMethod { obs, whip_browser };
enum class Provider { cloudflare, mux };
/// How media gets from the publisher to the provider: through our own media server, or straight to Cloudflare by WHIP.
enum class Ingest { relay, direct };
/// How media reaches the provider, and who that is: the rows of what can be done (paths.hpp).
enum class Path {
    embedded,  ///< our own media server is the provider
    relay,     ///< browser, our media server, RTMPS, Cloudflare
    direct,    ///< browser, WHIP, Cloudflare
    obs        ///< OBS, RTMPS, Cloudflare
};
/// Of the second recording at Mux.
enum class Backup {
    ready,    ///< what Cloudflare receives goes to Mux as well
    pending,  ///< Mux is prepared, Cloudflare does not send yet
    failed    ///< Mux is not prepared
};
enum class RecordingState { making, ready, error };
/// Why a publisher is gone: it said so, or it just vanished and may come back.
enum class DisconnectReason { stopped, lost };

/// One recording of one broadcast. A stream has several when its publisher was away for longer than the provider
/// keeps a broadcast open.
struct Recording {
    Provider provider = Provider::cloudflare;
    std::string id{};  ///< the provider's: a Cloudflare video uid, a Mux asset id
    RecordingState state = RecordingState::ready;
    std::string playbackUrl{};                 ///< HLS; empty unless `ready`
    std::optional<std::string> downloadUrl{};  ///< MP4, where the provider makes one
    std::optional<double> duration{};          ///< seconds
    std::string startedAt{};                   ///< an instant (instant.hpp), as all times of a recording
    std::string changedAt{};                   ///< when the provider last changed it: the newer notice counts
    std::optional<std::string> reason{};       ///< why there is none, in state `error`
    bool operator==(const Recording&) const = default;
};

/// What a viewer needs of a provider's recordings: the primary one.
struct RecordingSource {
    bool available = false;
    std::optional<std::string> playbackUrl{};
    std::optional<double> duration{};
    std::optional<std::string> reason{};  ///< a sentence: why none is available, once that is known
    bool operator==(const RecordingSource&) const = default;
};

struct RecordingSources {
    RecordingSource cloudflare{};
    std::optional<RecordingSource> mux{};
    bool operator==(const RecordingSources&) const = default;
};

/// What the provider refused about the media it was sent (codec, keyframe distance, ...).
struct InputError {
    std::string code, message, at;
    bool operator==(const InputError&) const = default;
};

struct Stream {
    std::string id{};
    std::string memorialId{};
    std::string title{};
    Status status = Status::ready;

    StreamingMethod streamingMethod = StreamingMethod::whip_browser;
    std::optional<std::string> rtmpUrl{};    ///< obs; what the relay sends to
    std::optional<std::string> streamKey{};  ///< obs; what the relay sends to; secret
    std::optional<std::string> whipUrl{};    ///< whip_browser; the address is the secret
    std::optional<std::string> relayKey{};   ///< what a publisher proves itself with at the relay; secret
    Ingest ingest = Ingest::relay;
    Path path = Path::embedded;

    std::string cloudflareInputId{};
    std::string playbackUrl{};  ///< HLS of whatever the input is broadcasting now
    std::optional<std::string> whepUrl{};

    std::optional<std::string> muxLiveStreamId{};
    std::optional<std::string> muxStreamKey{};  ///< secret
    std::optional<std::string> muxIngestUrl{};  ///< where Cloudflare sends it
    std::optional<std::string> muxPlaybackId{};
    std::optional<std::string> muxAssetId{};
    std::optional<bool> muxAssetReady{};
    std::optional<std::string> cloudflareOutputId{};
    std::optional<bool> simulcastEnabled{};
    std::optional<Backup> backup{};  ///< none was wished for when there is none

    RecordingSources recordingSources{};
    Provider preferredRecordingSource = Provider::cloudflare;
    std::vector<Recording> recordings{};  ///< all of them, in the order they started

    std::optional<std::string> scheduledAt{};     ///< when it is planned to begin
    std::optional<std::string> startedAt{};       ///< the first connection ever
    std::optional<std::string> connectedAt{};     ///< the newest notice of a connection ...
    std::optional<std::string> disconnectedAt{};  ///< ... and of its end
    std::optional<std::string> stoppedAt{};       ///< the newest end that was the publisher's own wish
    std::optional<std::string>
        broadcastId{};  ///< the recording that the newest of the two belongs to, where it says so
    std::optional<InputError> inputError{};
    std::optional<std::string> muxActiveAt{}, muxIdleAt{};  ///< the newest notices of Mux about its ingest
    std::optional<std::string> gaveUpFor{};    ///< the end (`disconnectedAt`) after which no recording came
    std::optional<std::string> nextCheckAt{};  ///< when the providers are to be asked; milliseconds, compared as text

    std::string createdBy{};
    std::string createdAt{};
    std::string updatedAt{};
    bool operator==(const Stream&) const = default;
};

struct Memorial {
    std::string id{};
    std::string name{};
    std::string ownerUid{};
    std::optional<std::string> funeralDirectorUid{};
    std::string createdAt{};
    bool operator==(const Memorial&) const = default;
};

/// Whoever is signed in.
struct User {
    std::string uid{};
    std::string role{};  ///< admin, funeral_director, or whatever else: no extra rights
    bool operator==(const User&) const = default;
};

}  // namespace streams
