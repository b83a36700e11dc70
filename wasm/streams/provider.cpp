#include "streams/provider.hpp"

#include <algorithm>
#include <iterator>

#include "streams/view.hpp"

namespace streams {

void takeAddresses(Stream& stream, const LiveInput& input, const std::string& mediaBase) {
    const Capabilities can = capabilities(stream.path);
    const bool obs = stream.streamingMethod == StreamingMethod::obs;
    if (obs || stream.path == Path::relay) {
        stream.rtmpUrl = input.rtmpUrl;
        stream.streamKey = input.streamKey;
    }
    if (!obs && stream.path != Path::relay) stream.whipUrl = relative(input.whipUrl, mediaBase);
    if (can.hls) stream.playbackUrl = relative(input.hlsUrl, mediaBase);
    if (can.whep && !input.whepUrl.empty()) stream.whepUrl = relative(input.whepUrl, mediaBase);
}

void takeRelayAddress(Stream& stream, const std::string& relayUrl, const std::string& secret,
                      const std::string& mediaBase) {
    std::string key = secret + "k";
    std::copy_if(stream.id.begin(), stream.id.end(), std::back_inserter(key), [](char c) { return c != '-'; });
    stream.whipUrl = relative(relayUrl + key + "/webRTC/publish", mediaBase);
    stream.relayKey = std::move(key);
}

}  // namespace streams
