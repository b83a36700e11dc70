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
enum class RecordingState { ready, error };
/// Why a publisher is gone: it said so, or it just vanished and may come back.
enum class DisconnectReason { stopped, lost };

/// One recording of one broadcast. A stream has several when its publisher was away for longer than the provider
/// keeps a broadcast open.
struct Recording {
    Provider provider = Provider::cloudflare;
    std::string id{};  ///< the provider's: a Cloudflare video uid, a Mux asset id
    RecordingState state = RecordingState::ready;
    std::string playbackUrl{};                 ///< HLS; empty in state `error`
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
    std::optional<std::string> rtmpUrl{};    ///< obs
    std::optional<std::string> streamKey{};  ///< obs; secret
    std::optional<std::string> whipUrl{};    ///< whip_browser; the address is the secret
    Ingest ingest = Ingest::relay;

    std::string cloudflareInputId{};
    std::string playbackUrl{};  ///< HLS of whatever the input is broadcasting now
    std::optional<std::string> whepUrl{};

    std::optional<std::string> muxLiveStreamId{};
    std::optional<std::string> muxStreamKey{};  ///< secret
    std::optional<std::string> muxPlaybackId{};
    std::optional<std::string> muxAssetId{};
    std::optional<bool> muxAssetReady{};
    std::optional<std::string> cloudflareOutputId{};
    std::optional<bool> simulcastEnabled{};

    RecordingSources recordingSources{};
    Provider preferredRecordingSource = Provider::cloudflare;
    std::vector<Recording> recordings{};  ///< all of them, in the order they started

    std::optional<std::string> startedAt{};       ///< the first connection ever
    std::optional<std::string> connectedAt{};     ///< the newest notice of a connection ...
    std::optional<std::string> disconnectedAt{};  ///< ... and of its end
    std::optional<DisconnectReason> disconnectReason{};
    std::optional<std::string>
        broadcastId{};  ///< the recording that the newest of the two belongs to, where it says so
    std::optional<InputError> inputError{};

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
