// Asking the providers, as JSON.
#include <utility>

#include "core/variant.hpp"
#include "streams/instant.hpp"
#include "streams/reconcile.hpp"
#include "streams/step_json.hpp"

namespace streams {
namespace {

using core::Json;
using core::Reader;
namespace q = reconcile;

/// The flow's state, and what only its JSON needs.
struct State : q::State {
    std::string base{};
};

q::Event stream(const Json& value) {
    if (value.is_null()) return q::StreamMissing{};
    auto found = decodeVersioned(value);
    if (!found) return unreadable(found);
    return q::StreamFound{std::move(found.value.stream), std::move(found.value.version)};
}

// One that cannot be read is as good as none.
q::Event input(const State& state, const Json& value) {
    auto read = readInput(value, state.stream.path, state.stream.streamingMethod);
    q::InputTold told{readInputStatus(value)};
    if (read) told.input = *read;
    return told;
}

// One that cannot be read must not take the others with it.
q::Event videos(const State& state, const Json& list) {
    if (!list.is_array()) return Failed{"unreadable", "expected a list of videos"};
    q::VideosTold told{};
    for (Json row : list) {
        if (row.is_object() && !row.contains("liveInput")) row["liveInput"] = state.stream.cloudflareInputId;
        auto video = readVideo(row, state.bases.media);
        if (video && video->recording.state != RecordingState::making) told.videos.push_back(video->recording);
    }
    return told;
}

q::Event assets(const State& state, const Json& list) {
    if (!list.is_array()) return Failed{"unreadable", "expected a list of assets"};
    q::AssetsTold told{};
    const std::string at = instant(state.now).value_or("");
    for (const Json& row : list) {
        auto asset = readAsset(row, assetState(row), at, state.bases);
        if (asset) told.assets.push_back(*asset);
    }
    return told;
}

q::Event mux(const Json& value) {
    if (value.is_null()) return q::MuxTold{q::MuxState::gone};
    Reader in{value};
    const auto status = in.maybeText("status");
    if (!in.faults().empty()) return unreadable(in.faults()[0]);
    if (status == "active") return q::MuxTold{q::MuxState::active};
    return q::MuxTold{status == "idle" || status == "disabled" ? q::MuxState::idle : q::MuxState::other};
}

q::Event listen(const State& state, const PortResult& result) {
    using enum q::Step;
    if (result.failed) return *result.failed;
    const Json& value = result.value;
    switch (state.step) {
        case Taking:
        case Finding:
        case FindingAgain:
            return stream(value);
        case Authorizing: {
            if (value.is_null()) return q::MemorialMissing{};
            auto memorial = decodeMemorial(value);
            if (!memorial) return unreadable(memorial);
            return q::MemorialFound{std::move(memorial.value)};
        }
        case AskingInput:
            return input(state, value);
        case AskingVideos:
            return videos(state, value);
        case AskingMux:
            return mux(value);
        case AskingAssets:
            return assets(state, value);
        case Updating:
            return q::Updated{};
        case New:
        case Done:
            break;
    }
    return Failed{"internal", "a result that nothing asked for"};
}

q::Effect step(State& state, const q::Event& event) { return q::step(state, event); }

Json encodeStep(const q::Effect& step, const State& state) {
    return std::visit(core::Match{
                          [](const q::TakeCheck& e) {
                              return effect("TakeCheck", {{"id", e.id}, {"now", e.now}, {"until", e.until}});
                          },
                          [](const q::FindStream& e) { return findStream("id", e.id); },
                          [](const q::FindMemorial& e) {
                              return effect("FindMemorial", {{"memorialId", e.memorialId}});
                          },
                          [](const q::GetInput& e) {
                              return effect("GetInput", {{"cloudflareInputId", e.cloudflareInputId}});
                          },
                          [](const q::ListVideos& e) {
                              return effect("ListVideos", {{"cloudflareInputId", e.cloudflareInputId}});
                          },
                          [](const q::GetMuxStream& e) {
                              return effect("GetMuxStream", {{"muxLiveStreamId", e.muxLiveStreamId}});
                          },
                          [](const q::ListMuxAssets& e) {
                              return effect("ListMuxAssets", {{"muxLiveStreamId", e.muxLiveStreamId}});
                          },
                          [](const q::UpdateStream& e) { return updateStream(e.version, e.before, e.after); },
                          [&state](const q::Answer& e) {
                              if (!e.stream) return respond(200, {{"success", true}, {"what", e.what}});
                              return respond(200, {{"success", true}, {"stream", encodeFull(*e.stream, state.base)}});
                          },
                          [](const Refuse& e) { return respond(e); },
                      },
                      step);
}

Flow begin(const std::string& request, bool byPerson) {
    const auto json = core::parseJson(request);
    if (!json) return ended(respond(unexpected()));
    Reader in{*json};
    State state{};
    state.id = in.text("id");
    state.now = in.text("now");
    state.bases = readBases(in);
    state.base = in.maybeText("base").value_or("");
    state.force = in.flag("force");
    if (byPerson) state.user = signedIn(in);
    if (!in.faults().empty()) return ended(respond(unexpected()));
    return flow<State, q::Event, q::Effect>(std::move(state), q::Asked{}, step, encodeStep, listen);
}

}  // namespace

Flow reconcileStream(const std::string& request) { return begin(request, false); }
Flow checkStream(const std::string& request) { return begin(request, true); }

}  // namespace streams
