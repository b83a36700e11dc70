// What the relay asks: whether a key may publish, and where to.
#include <memory>

#include "streams/step_json.hpp"

namespace streams {
namespace {

using core::Json;

Json target(const PortResult& result) {
    if (result.failed) return respond(storeFailed());
    if (result.value.is_null()) return respond(noStream());
    const auto found = decodeVersioned(result.value);
    if (!found) return respond(storeFailed());
    const Stream& stream = found.value.stream;
    if (!stream.rtmpUrl || !stream.streamKey) return respond(noStream());
    return respond(200, {{"streamId", stream.id},
                         {"cloudflareInputId", stream.cloudflareInputId},
                         {"rtmpUrl", *stream.rtmpUrl},
                         {"streamKey", *stream.streamKey},
                         {"enabled", true}});
}

}  // namespace

Flow relayTarget(const std::string& request) {
    const auto json = core::parseJson(request);
    if (!json) return ended(respond(unexpected()));
    core::Reader in{*json};
    const std::string key = in.text("key");
    if (!in.faults().empty()) return ended(respond(unexpected()));
    if (key.empty()) return ended(respond(noStream()));
    return Flow{[key, asked = std::make_shared<bool>(false)](const std::string& result) {
        if (std::exchange(*asked, true)) return dump(target(decodeResult(result)));
        return dump(findStream("relayKey", key));
    }};
}

}  // namespace streams
