// Provider notices as JSON: Cloudflare Stream's two products, Mux, and the flow that acts on them.
#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "core/variant.hpp"
#include "streams/instant.hpp"
#include "streams/notice.hpp"
#include "streams/step_json.hpp"

namespace streams {
namespace {

using core::Json;
using core::Reader;
namespace n = notice;

// A time of the notice; a fault when it is missing or no time.
std::string at(Reader& in, const char* key) {
    const std::size_t faults = in.faults().size();
    const auto time = instant(in.text(key));
    if (!time && in.faults().size() == faults) in.fault(key, "expected a time in UTC");
    return time.value_or("");
}

// {"data":{"input_id","event_type":"live_input.connected","updated_at", "live_input_errored"?}}; our own media server
// adds "reason" ("stopped" when the publisher said goodbye) and "video_uid". Cloudflare says neither, so a publisher
// that is gone may return, until the recording is there.
n::Event readNotification(const Json& body) {
    const auto data = body.is_object() ? body.find("data") : body.end();
    if (data == body.end())
        return n::Irrelevant{"no live input notification"};  // Save and Test: {"text":"Hello World!"}
    Reader in{*data, "/data"};
    const std::string type = in.maybeText("event_type").value_or("");
    // Compared whole: "live_input.disconnected" contains "connected".
    const bool connected = type == "live_input.connected";
    const bool disconnected = type == "live_input.disconnected";
    if (!connected && !disconnected && type != "live_input.errored") {
        if (!in.faults().empty()) return n::Malformed{in.faults()[0]};
        return n::Irrelevant{"a notification of another kind"};
    }
    n::Told told{{.cloudflareInputId = in.text("input_id")}, {}};
    const std::string updatedAt = in.text("updated_at");
    std::string time = at(in, "updated_at");
    told.eventKey = "cf-live:" + told.about.cloudflareInputId + ":" + type + ":" + updatedAt;
    auto broadcastId = in.maybeText("video_uid");
    if (connected) {
        told.notice = Connected{std::move(time), std::move(broadcastId)};
    } else if (disconnected) {
        const bool stopped = in.maybeText("reason") == "stopped";
        told.notice = Disconnected{std::move(time), stopped ? DisconnectReason::stopped : DisconnectReason::lost,
                                   std::move(broadcastId)};
    } else {
        InputError error = in.object("live_input_errored", [](Reader& errored) {
            return errored.object("error", [](Reader& e) {
                return InputError{e.maybeText("code").value_or(""), e.maybeText("message").value_or(""), ""};
            });
        });
        error.at = std::move(time);
        told.notice = Errored{std::move(error)};
    }
    if (!in.faults().empty()) return n::Malformed{in.faults()[0]};
    return told;
}

// The video object itself, sent once it is ready or has failed.
n::Event readVideoNotice(const Json& body, const Bases& bases) {
    auto video = readVideo(body, bases.media);
    if (!video) return n::Malformed{video.error()};
    if (video->inputId.empty()) return n::Irrelevant{"a video of no live input"};
    if (video->recording.state == RecordingState::making) return n::Irrelevant{"a video that is still being made"};
    return n::Told{{.cloudflareInputId = video->inputId},
                   Recorded{video->recording},
                   "cf-video:" + video->recording.id + ":" + video->modified + ":" + video->state};
}

// What Mux tells. An asset is "ready" as soon as its live stream has begun: its recording is there when that is over.
enum class Tells { active, idle, making, ready, readyUnlessLive, failed, deleted };
struct MuxRow {
    std::string_view type;
    Tells tells;
};
constexpr MuxRow kMux[] = {
    {"video.live_stream.active", Tells::active},   {"video.live_stream.idle", Tells::idle},
    {"video.live_stream.disabled", Tells::idle},   {"video.asset.created", Tells::making},
    {"video.asset.ready", Tells::readyUnlessLive}, {"video.asset.live_stream_completed", Tells::ready},
    {"video.asset.errored", Tells::failed},        {"video.asset.deleted", Tells::deleted},
};

RecordingState stateOf(Tells tells, const Json& data, bool ofLiveStream) {
    if (tells == Tells::ready) return RecordingState::ready;
    if (tells == Tells::failed || tells == Tells::deleted) return RecordingState::error;
    const auto live = data.find("is_live");
    const bool over = live != data.end() && *live == false;
    if (tells == Tells::readyUnlessLive && (over || !ofLiveStream)) return RecordingState::ready;
    return RecordingState::making;
}

// {"type","id","created_at","data":{"id",...}}
n::Event readMuxNotice(const Json& body, const Bases& bases) {
    Reader in{body};
    const std::string type = in.text("type");
    const std::string id = in.text("id");
    if (!in.faults().empty()) return n::Malformed{in.faults()[0]};
    const auto* const row = std::find_if(std::begin(kMux), std::end(kMux),
                                         [&type](const MuxRow& candidate) { return candidate.type == type; });
    if (row == std::end(kMux)) return n::Irrelevant{"a notice of another kind"};
    const auto at = muxTime(body, "created_at");
    if (!at) return n::Malformed{{"/created_at", "expected a time"}};
    const auto data = body.find("data");
    if (data == body.end()) return n::Malformed{{"/data", "is missing"}};

    Reader about{*data, "/data"};
    n::Told told{};
    told.eventKey = "mux:" + id;
    told.about.passthrough = about.maybeText("passthrough").value_or("");
    if (row->tells == Tells::active || row->tells == Tells::idle) {
        told.about.muxLiveStreamId = about.text("id");
        if (row->tells == Tells::active) told.notice = MuxActive{*at};
        if (row->tells == Tells::idle) told.notice = MuxIdle{*at};
    } else {
        told.about.muxLiveStreamId = about.maybeText("live_stream_id").value_or("");
        if (!about.faults().empty()) return n::Malformed{about.faults()[0]};
        const RecordingState state = stateOf(row->tells, *data, !told.about.muxLiveStreamId.empty());
        auto asset = readAsset(*data, state, *at, bases);
        if (!asset) return n::Malformed{{"/data" + asset.error().where, asset.error().what}};
        Recording recording = *asset;
        if (row->tells == Tells::deleted) recording.reason = "The recording was deleted at Mux.";
        told.notice = Recorded{std::move(recording)};
    }
    if (!about.faults().empty()) return n::Malformed{about.faults()[0]};
    if (told.about.muxLiveStreamId.empty() && told.about.passthrough.empty()) {
        return n::Irrelevant{"an asset of no live stream"};
    }
    return told;
}

n::Event readNoticeOf(const std::string& product, const Json& body, const Bases& bases) {
    if (product == "video") return readVideoNotice(body, bases);
    if (product == "mux") return readMuxNotice(body, bases);
    return readNotification(body);
}

n::Event listen(const n::State& state, const PortResult& result) {
    using enum n::Step;
    if (result.failed) return *result.failed;
    if (state.step == Updating) {
        const auto known = result.value.is_object() ? result.value.find("duplicate") : result.value.end();
        return n::Updated{known != result.value.end() && *known == true};
    }
    if (state.step != Finding) return Failed{"internal", "a result that nothing asked for"};
    if (result.value.is_null()) return n::StreamMissing{};
    auto found = decodeVersioned(result.value);
    if (!found) return unreadable(found);
    return n::StreamFound{std::move(found.value.stream), std::move(found.value.version)};
}

Json encodeStep(const n::Effect& step, const n::State&) {
    return std::visit(
        core::Match{
            [](const n::FindStream& e) { return findStream(e.by, e.is); },
            [](const n::UpdateStream& e) { return updateStream(e.version, e.before, e.after, e.eventKey); },
            [](const n::Accept& e) {
                return respond(200, {{"success", true}, {"what", e.what}});
            },
            [](const Refuse& e) { return respond(e); },
        },
        step);
}

}  // namespace

Flow readNotice(const std::string& noticeText) {
    const auto request = core::parseJson(noticeText);
    if (!request) return ended(respond(unexpected()));
    Reader in{*request};
    const std::string product = in.text("product");
    const Bases bases = readBases(in);
    n::State state{};
    state.now = in.text("now");
    const auto body = core::parseJson(in.text("body"));
    if (!in.faults().empty()) return ended(respond(unexpected()));
    if (!body) return ended(respond(Refuse{400, "not-json", "This notice could not be read: it is not JSON.", ""}));
    n::Event told = readNoticeOf(product, *body, bases);
    return flow<n::State, n::Event, n::Effect>(std::move(state), std::move(told), n::step, encodeStep, listen);
}

}  // namespace streams
