// Settling as JSON.
#include <utility>

#include "core/variant.hpp"
#include "streams/settle.hpp"
#include "streams/step_json.hpp"

namespace streams {
namespace {

using core::Json;
using core::Reader;
namespace t = settle;

t::Event ids(const Json& list) {
    t::Found found{};
    if (!list.is_array()) return Failed{"unreadable", "expected a list of ids"};
    for (const Json& item : list) {
        const auto* id = item.get_ptr<const std::string*>();
        if (!id) return Failed{"unreadable", "expected a list of ids"};
        found.ids.push_back(*id);
    }
    return found;
}

t::Event listen(const t::State& state, const PortResult& result) {
    using enum t::Step;
    if (result.failed) return *result.failed;
    switch (state.step) {
        case Taking: {
            if (result.value.is_null()) return t::NotDue{};
            const auto intent = decodeIntent(result.value);
            if (!intent) return unreadable(intent.error());
            return t::Taken{*intent};
        }
        case Reading: {
            if (result.value.is_null()) return t::StreamMissing{};
            auto found = decodeVersioned(result.value);
            if (!found) return unreadable(found);
            return t::StreamFound{std::move(found.value.stream)};
        }
        case SearchingInputs:
        case SearchingMux:
            return ids(result.value);
        case Deleting:
        case Finishing:
            return t::Carried{};
        case New:
        case Done:
            break;
    }
    return Failed{"internal", "a result that nothing asked for"};
}

Json encodeStep(const t::Effect& step, const t::State&) {
    return std::visit(core::Match{
                          [](const t::TakeIntent& e) {
                              return effect("TakeIntent", {{"id", e.id}, {"now", e.now}, {"until", e.until}});
                          },
                          [](const t::FindStream& e) { return findStream("id", e.id); },
                          [](const t::FindInputs& e) {
                              return effect("FindInputs", {{"streamId", e.streamId}});
                          },
                          [](const t::FindMuxStreams& e) {
                              return effect("FindMuxStreams", {{"streamId", e.streamId}});
                          },
                          [](const t::DeleteInput& e) {
                              return effect("DeleteInput", {{"cloudflareInputId", e.cloudflareInputId}});
                          },
                          [](const t::DeleteMuxStream& e) {
                              return effect("DeleteMuxStream", {{"muxLiveStreamId", e.muxLiveStreamId}});
                          },
                          [](const t::DeleteVideo& e) {
                              return effect("DeleteVideo", {{"cloudflareVideoId", e.cloudflareVideoId}});
                          },
                          [](const t::DeleteMuxAsset& e) {
                              return effect("DeleteMuxAsset", {{"muxAssetId", e.muxAssetId}});
                          },
                          [](const t::SaveIntent& e) { return saveIntent(e.intent); },
                          [](const t::DropIntent& e) {
                              return effect("DropIntent", {{"id", e.id}});
                          },
                          [](const t::Answer& e) {
                              return respond(200, {{"success", true}, {"what", e.what}});
                          },
                      },
                      step);
}

}  // namespace

Flow settleIntent(const std::string& request) {
    const auto json = core::parseJson(request);
    if (!json) return ended(respond(unexpected()));
    Reader in{*json};
    t::State state{};
    state.id = in.text("id");
    state.now = in.text("now");
    if (!in.faults().empty()) return ended(respond(unexpected()));
    return flow<t::State, t::Event, t::Effect>(std::move(state), t::Asked{}, t::step, encodeStep, listen);
}

}  // namespace streams
