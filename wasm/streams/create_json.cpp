// The creation flow as JSON.
#include "core/variant.hpp"
#include "streams/create.hpp"
#include "streams/step_json.hpp"

namespace streams {
namespace {

using core::Json;
using core::Reader;
namespace c = create;

constexpr std::size_t kLongestTitle = 200;

/// The flow's state, and what only its JSON needs.
struct State : c::State {
    std::string base{};  ///< address under which the person reached us
};

c::Event found(const PortResult& result) {
    if (result.value.is_null()) return c::StreamMissing{};
    const Json empty = Json::object();
    const auto document = result.value.find("document");
    auto stream = decodeStream(document == result.value.end() ? empty : *document);
    if (!stream) return unreadable(stream);
    return c::StreamFound{std::move(stream.value)};
}

// Cloudflare's answer to a created live input; payloads: live-input.create.response.json, the part under "result".
c::Event made(const Json& json, StreamingMethod method) {
    Reader in{json};
    const auto address = [](const char* key) { return [key](Reader& part) { return part.text(key); }; };
    c::LiveInput input{.uid = in.text("uid"),
                       .whipUrl = in.object("webRTC", address("url")),
                       .whepUrl = in.object("webRTCPlayback", address("url")),
                       .rtmpUrl = in.object("rtmps", address("url")),
                       .streamKey = in.object("rtmps", address("streamKey")),
                       .hlsUrl = in.object("playback", address("hls"))};
    const bool obs = method == StreamingMethod::obs;
    if (input.uid.empty()) in.fault("uid", "is missing");
    if (!obs && input.whipUrl.empty()) in.fault("webRTC", "is missing");
    if (obs && (input.rtmpUrl.empty() || input.streamKey.empty())) in.fault("rtmps", "is missing");
    if (input.hlsUrl.empty()) in.fault("playback", "is missing");
    if (!in.faults().empty()) return Failed{"unreadable", in.faults()[0].where + " " + in.faults()[0].what};
    return c::InputMade{std::move(input)};
}

c::Event listen(const State& state, const PortResult& result) {
    using enum c::Step;
    if (result.failed) return *result.failed;
    switch (state.step) {
        case Looking: {
            if (result.value.is_null()) return c::MemorialMissing{};
            auto memorial = decodeMemorial(result.value);
            if (!memorial) return unreadable(memorial);
            return c::MemorialFound{std::move(memorial.value)};
        }
        case Claiming: {
            Reader in{result.value};
            c::Claimed claimed{in.text("streamId"), in.flag("sameOrder")};
            if (!in.faults().empty()) return Failed{"unreadable", in.faults()[0].where};
            return claimed;
        }
        case Recalling:
        case Checking:
            return found(result);
        case MakingInput:
            return made(result.value, state.order.streamingMethod);
        case Saving:
            return c::Saved{};
        case Undoing:
            return c::InputDeleted{};
        case New:
        case Done:
            break;
    }
    return Failed{"internal", "a result that nothing asked for"};
}

// Two requests under one key are the same order when these are.
Json content(const c::Order& order) {
    return {{"memorialId", order.memorialId},
            {"title", order.title},
            {"streamingMethod", order.streamingMethod == StreamingMethod::obs ? "obs" : "whip_browser"},
            {"enableMuxBackup", order.enableMuxBackup}};
}

c::Effect step(State& state, const c::Event& event) { return c::step(state, event); }

Json encodeStep(const c::Effect& step, const State& state) {
    return std::visit(core::Match{
                          [](const c::FindMemorial& e) {
                              return effect("FindMemorial", {{"memorialId", e.memorialId}});
                          },
                          [](const c::ClaimKey& e) {
                              return effect("ClaimKey", {{"uid", e.uid},
                                                         {"key", e.key},
                                                         {"streamId", e.order.streamId},
                                                         {"order", dump(content(e.order))},
                                                         {"now", e.order.now}});
                          },
                          [](const c::FindStream& e) {
                              return effect("FindStream", {{"by", "id"}, {"is", e.id}});
                          },
                          [](const c::CreateInput& e) {
                              return effect("CreateInput", {{"streamId", e.streamId},
                                                            {"idempotencyKey", e.idempotencyKey},
                                                            {"title", e.title},
                                                            {"memorialId", e.memorialId},
                                                            {"createdBy", e.createdBy}});
                          },
                          [](const c::SaveStream& e) {
                              return effect("SaveStream", {{"id", e.stream.id}, {"document", encode(e.stream)}});
                          },
                          [](const c::DeleteInput& e) {
                              return effect("DeleteInput", {{"cloudflareInputId", e.cloudflareInputId}});
                          },
                          [&state](const c::Created& e) {
                              Json body{{"success", true}, {"stream", encodeFull(e.stream, state.base)}};
                              if (!e.warnings.empty()) {
                                  body["warnings"] = Json::array();
                                  for (const core::Error& warning : e.warnings) {
                                      body["warnings"].push_back({{"where", warning.where}, {"what", warning.what}});
                                  }
                              }
                              return respond(201, std::move(body));
                          },
                          [](const Refuse& e) { return respond(e); },
                      },
                      step);
}

}  // namespace

Flow createStream(const std::string& orderText) {
    const auto request = core::parseJson(orderText);
    if (!request) return ended(respond(unexpected()));
    Reader in{*request};
    c::Order order{.streamId = in.text("streamId"),
                   .idempotencyKey = in.maybeText("idempotencyKey").value_or(""),
                   .now = in.text("now"),
                   .mediaBase = in.maybeText("mediaBase").value_or("")};
    order.user = signedIn(in);
    order.streamingMethod = in.text("streamingMethod") == "obs" ? StreamingMethod::obs : StreamingMethod::whip_browser;
    const std::string bodyText = in.text("body");
    if (!in.faults().empty()) return ended(respond(unexpected()));

    const auto body = core::parseJson(bodyText);
    if (!body) return ended(respond(Refuse{400, "not-json", "The request could not be read: it is not JSON.", ""}));
    Reader asked{*body};
    order.memorialId = line(asked, "memorialId", kLongestTitle);
    order.title = line(asked, "title", kLongestTitle);
    order.enableMuxBackup = asked.flag("enableMuxBackup");
    if (!asked.faults().empty()) return ended(respondInvalid(asked.faults()));

    State state{};
    state.base = in.maybeText("base").value_or("");
    state.order = std::move(order);
    return flow<State, c::Event, c::Effect>(std::move(state), c::Ordered{}, step, encodeStep, listen);
}

}  // namespace streams
