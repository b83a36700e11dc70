/// What providers answer, as far as a stream needs it, and how a stream takes it over.
#pragma once

#include <string>
#include <vector>

#include "core/reader.hpp"
#include "streams/merge.hpp"
#include "streams/paths.hpp"
#include "streams/stream.hpp"

namespace streams {

/// Where our own media server's addresses begin: they are stored as paths.
struct Bases {
    std::string media{};  ///< Cloudflare's part of it
    std::string mux{};    ///< Mux's: what playlists begin with
};

/// A live input.
struct LiveInput {
    std::string uid{}, whipUrl{}, whepUrl{}, rtmpUrl{}, streamKey{}, hlsUrl{};
    bool operator==(const LiveInput&) const = default;
};

/// What a live input says of its publisher. `at` is empty when it does not say since when.
struct InputStatus {
    enum class Now { unknown, live, gone };
    Now now = Now::unknown;
    std::string at{};
    DisconnectReason reason = DisconnectReason::lost;
    bool operator==(const InputStatus&) const = default;
};

/// A live stream of Mux.
struct MuxStream {
    std::string id{}, streamKey{}, playbackId{}, ingestUrl{};
    bool operator==(const MuxStream&) const = default;
};

/// Takes over the addresses that `stream`'s path uses.
void takeAddresses(Stream& stream, const LiveInput& input, const std::string& mediaBase);
/// Gives the publisher an address at the relay, with `secret` as its key.
void takeRelayAddress(Stream& stream, const std::string& relayUrl, const std::string& secret,
                      const std::string& mediaBase);

// From JSON (provider_json.cpp, video_json.cpp, mux_json.cpp).

/// Cloudflare's live input; a fault when something is missing without which `path` does not work.
[[nodiscard]] core::Result<LiveInput> readInput(const core::Json& json, Path path, StreamingMethod method);
/// Its status, in any of its three forms: null, a word, an object.
[[nodiscard]] InputStatus readInputStatus(const core::Json& json);
[[nodiscard]] core::Result<MuxStream> readMuxStream(const core::Json& json);

/// A video of a live input, as webhooks and lists give it.
struct Video {
    std::string inputId{};  ///< empty: of none
    std::string state{}, modified{};
    Recording recording{};
};
[[nodiscard]] core::Result<Video> readVideo(const core::Json& json, const std::string& mediaBase);

/// An asset of Mux, in the state that was told at `at`.
[[nodiscard]] core::Result<Recording> readAsset(const core::Json& data, RecordingState state, const std::string& at,
                                                const Bases& bases);
/// The state that an asset gives of itself. One that is still live is being made, whatever its status says.
[[nodiscard]] RecordingState assetState(const core::Json& data);
/// A time as Mux writes it: seconds as a number or as text, or ISO 8601. Empty when it is none.
[[nodiscard]] std::optional<std::string> muxTime(const core::Json& object, const char* key);

}  // namespace streams
