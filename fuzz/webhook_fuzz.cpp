/// Whatever a provider's notice says, and whatever the store answers then: the flow ends with a response after a few
/// effects, and a stream is only updated to one that can be read again.
#include <cstdint>
#include <cstdlib>

#include "streams/flow_json.hpp"
#include "streams/stream_json.hpp"

namespace {

constexpr int kMostEffects = 32;
constexpr const char* kStream = R"({"id":"s1","memorialId":"m1","title":"Service","status":"ready",
    "streamingMethod":"whip_browser","whipUrl":"https://w","cloudflareInputId":"i","playbackUrl":"https://p","createdBy":"u",
    "createdAt":"2026-09-23T08:00:00.000Z","updatedAt":"2026-09-23T08:00:00.000Z"})";

void require(bool condition) {
    if (!condition) std::abort();
}

std::string found() {
    const auto stream = core::parseJson(kStream);
    require(bool(stream) && bool(streams::decodeStream(*stream)));
    return core::Json{{"value", {{"document", *stream}, {"version", "1"}}}}.dump();
}

void end(streams::Flow flow, const std::string& store) {
    std::string result = "{}";
    for (int effects = 0;; ++effects) {
        require(effects < kMostEffects);
        const auto next = core::parseJson(flow.next(result));
        require(bool(next));
        if (const auto response = next->find("response"); response != next->end()) {
            const int status = response->value("status", 0);
            require(status >= 200 && status < 600);
            return;
        }
        const auto effect = next->find("effect");
        require(effect != next->end());
        result = effect->value("type", "") == "FindStream" ? store : R"({"value":{}})";
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string kFound = found();
    const std::string text{reinterpret_cast<const char*>(data), size};
    const bool valid = bool(core::parseJson(text));
    for (const char* product : {"notification", "video", "mux"}) {
        core::Json notice{{"product", product},
                          {"now", "2026-09-23T10:00:00.000Z"},
                          {"mediaBase", "https://media.test"},
                          {"body", ""}};
        // A text that is no JSON may be no UTF-8 either, which cannot be put into JSON.
        notice["body"] = valid ? text : "{";
        const std::string request = notice.dump(-1, ' ', false, core::Json::error_handler_t::replace);
        end(streams::readNotice(request), kFound);
    }
    return 0;
}
