// Provider notices as JSON: Cloudflare Stream's two products, and the flow that acts on them.
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
    n::Told told{in.text("input_id"), {}};
    std::string time = at(in, "updated_at");
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

// The video object itself, sent once it is ready or has failed. Addresses that begin with `mediaBase` are stored as
// paths. Our own media server adds "downloads":{"default":"https://..."} when there is an MP4.
n::Event readVideo(const Json& body, const std::string& mediaBase) {
    Reader in{body};
    const std::string uid = in.text("uid");
    if (!in.faults().empty()) return n::Malformed{in.faults()[0]};
    const auto inputId = in.maybeText("liveInput");
    if (!inputId) return n::Irrelevant{"a video of no live input"};

    struct State {
        std::string state{};
        std::optional<std::string> reason{};
    };
    const State status = in.object("status", [](Reader& s) {
        // Two spellings are documented.
        auto reason = s.maybeText("errorReasonText");
        if (!reason || reason->empty()) reason = s.maybeText("errReasonText");
        return State{s.maybeText("state").value_or(""), std::move(reason)};
    });
    const bool ready = status.state == "ready" && in.flag("readyToStream");
    const bool failed = status.state == "error";
    if (!ready && !failed && in.faults().empty()) return n::Irrelevant{"a video that is still being made"};

    Recording recording{};
    recording.provider = Provider::cloudflare;
    recording.id = uid;
    recording.startedAt = at(in, "created");
    recording.changedAt = at(in, "modified");
    if (ready) {
        const std::string playlist = in.object("playback", [](Reader& playback) { return playback.text("hls"); });
        if (playlist.empty() && in.faults().empty()) in.fault("playback", "is missing");
        recording.playbackUrl = relative(playlist, mediaBase);
        const auto mp4 = in.object("downloads", [](Reader& downloads) { return downloads.maybeText("default"); });
        if (mp4) recording.downloadUrl = relative(*mp4, mediaBase);
        const auto duration = in.maybeNumber("duration");
        if (duration && *duration >= 0) recording.duration = duration;  // -1: not known
    } else {
        recording.state = RecordingState::error;
        recording.reason = status.reason;
    }
    if (!in.faults().empty()) return n::Malformed{in.faults()[0]};
    return n::Told{*inputId, Recorded{std::move(recording)}};
}

n::Event listen(const n::State& state, const PortResult& result) {
    using enum n::Step;
    if (result.failed) return *result.failed;
    if (state.step == Updating) return n::Updated{};
    if (state.step != Finding) return Failed{"internal", "a result that nothing asked for"};
    if (result.value.is_null()) return n::StreamMissing{};
    Reader in{result.value};
    const std::string version = in.text("version");
    const auto document = result.value.find("document");
    if (!in.faults().empty() || document == result.value.end()) return Failed{"unreadable", "no version or document"};
    auto stream = decodeStream(*document);
    if (!stream) return unreadable(stream);
    return n::StreamFound{std::move(stream.value), version};
}

Json encodeStep(const n::Effect& step, const n::State&) {
    return std::visit(core::Match{
                          [](const n::FindStream& e) {
                              return effect("FindStream", {{"by", "cloudflareInputId"}, {"is", e.cloudflareInputId}});
                          },
                          [](const n::UpdateStream& e) {
                              return effect(
                                  "UpdateStream",
                                  {{"id", e.after.id}, {"version", e.version}, {"set", changes(e.before, e.after)}});
                          },
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
    const bool video = in.text("product") == "video";
    const std::string mediaBase = in.maybeText("mediaBase").value_or("");
    n::State state{};
    state.now = in.text("now");
    const auto body = core::parseJson(in.text("body"));
    if (!in.faults().empty()) return ended(respond(unexpected()));
    if (!body) return ended(respond(Refuse{400, "not-json", "This notice could not be read: it is not JSON.", ""}));
    n::Event told = video ? readVideo(*body, mediaBase) : readNotification(*body);
    return flow<n::State, n::Event, n::Effect>(std::move(state), std::move(told), n::step, encodeStep, listen);
}

}  // namespace streams
