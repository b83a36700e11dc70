/// What can be done with what a publisher sends, by the path it takes. Nothing assumes it: what a path cannot do is not
/// asked for, and the person is told.
#pragma once

#include <string>

#include "streams/stream.hpp"

namespace streams {

struct Capabilities {
    bool records = false;  ///< the provider makes recordings
    bool hls = false;      ///< viewers can watch by HLS
    bool outputs = false;  ///< the provider can send it on: to Mux
    bool whep = false;     ///< viewers can watch by WHEP
    bool operator==(const Capabilities&) const = default;
};

[[nodiscard]] Capabilities capabilities(Path path);

/// What is set up where we run.
struct Setup {
    bool embedded = true;  ///< our own media server plays the providers' parts
    Ingest ingest = Ingest::relay;
    std::string relayUrl{};         ///< what the relay's addresses begin with, with a final slash
    bool mux = false;               ///< backups can be made
    std::string muxPlaybackBase{};  ///< what Mux's playlists begin with
    bool operator==(const Setup&) const = default;
};

[[nodiscard]] Path pathOf(const Setup& setup, StreamingMethod method);

}  // namespace streams
