// Intents as JSON.
#include "streams/instant.hpp"
#include "streams/intent.hpp"

namespace streams {
namespace {

using core::Json;
using core::Reader;

std::vector<std::string> texts(const Json& json, const char* key, Reader& in) {
    std::vector<std::string> values;
    const auto list = json.is_object() ? json.find(key) : json.end();
    if (list == json.end() || !list->is_array()) return values;
    for (const Json& item : *list) {
        const auto* text = item.get_ptr<const std::string*>();
        if (text) values.push_back(*text);
        if (!text) in.fault(key, "expected a list of texts");
    }
    return values;
}

}  // namespace

Json encode(const Intent& intent) {
    return {{"id", intent.id},
            {"streamId", intent.streamId},
            {"phase", intent.phase == Intent::Phase::making ? "making" : "settling"},
            {"due", intent.due},
            {"attempts", intent.attempts},
            {"looks", intent.looks},
            {"lookInputs", intent.lookInputs},
            {"lookMux", intent.lookMux},
            {"cloudflareInputIds", intent.cloudflareInputIds},
            {"muxLiveStreamIds", intent.muxLiveStreamIds},
            {"cloudflareVideoIds", intent.cloudflareVideoIds},
            {"muxAssetIds", intent.muxAssetIds}};
}

core::Result<Intent> decodeIntent(const Json& json) {
    Reader in{json};
    Intent intent{.id = in.text("id"),
                  .streamId = in.text("streamId"),
                  .phase = in.text("phase") == "making" ? Intent::Phase::making : Intent::Phase::settling,
                  .due = in.text("due"),
                  .attempts = static_cast<int>(in.maybeNumber("attempts").value_or(0)),
                  .looks = static_cast<int>(in.maybeNumber("looks").value_or(0)),
                  .lookInputs = in.flag("lookInputs"),
                  .lookMux = in.flag("lookMux"),
                  .cloudflareInputIds = texts(json, "cloudflareInputIds", in),
                  .muxLiveStreamIds = texts(json, "muxLiveStreamIds", in),
                  .cloudflareVideoIds = texts(json, "cloudflareVideoIds", in),
                  .muxAssetIds = texts(json, "muxAssetIds", in)};
    return in.finish(std::move(intent));
}

std::string dueAfter(const std::string& at, int seconds) { return toMilliseconds(later(at, seconds)); }

}  // namespace streams
