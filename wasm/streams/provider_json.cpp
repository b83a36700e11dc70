// Cloudflare's live inputs and videos, from JSON.
#include <algorithm>
#include <string_view>

#include "streams/instant.hpp"
#include "streams/provider.hpp"
#include "streams/view.hpp"

namespace streams {
namespace {

using core::Json;
using core::Reader;

// "https://.../<uid>/webRTC/play" names the host and the uid of "https://.../<uid>/manifest/video.m3u8", which the API
// gives only since 2026.
std::string hlsFrom(const std::string& whepUrl) {
    constexpr std::string_view kPlay = "/webRTC/play";
    if (!whepUrl.ends_with(kPlay)) return {};
    return whepUrl.substr(0, whepUrl.size() - kPlay.size()) + "/manifest/video.m3u8";
}

struct StateRow {
    std::string_view state;
    InputStatus::Now now;
};
constexpr StateRow kStates[] = {
    {"connected", InputStatus::Now::live},           {"reconnected", InputStatus::Now::live},
    {"reconnecting", InputStatus::Now::live},  // the broadcast goes on, with gaps
    {"disconnected", InputStatus::Now::gone},        {"client_disconnect", InputStatus::Now::gone},
    {"ttl_exceeded", InputStatus::Now::gone},        {"failed_to_connect", InputStatus::Now::gone},
    {"failed_to_reconnect", InputStatus::Now::gone},
};

InputStatus::Now stateOf(std::string_view word) {
    const auto* const row = std::find_if(std::begin(kStates), std::end(kStates),
                                         [word](const StateRow& candidate) { return candidate.state == word; });
    return row == std::end(kStates) ? InputStatus::Now::unknown : row->now;
}

// A member as text; "" when it is anything else. Of what is documented nowhere, nothing may be demanded.
std::string textOf(const Json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    const auto* text = found == object.end() ? nullptr : found->get_ptr<const std::string*>();
    return text ? *text : std::string{};
}

}  // namespace

core::Result<LiveInput> readInput(const Json& json, Path path, StreamingMethod method) {
    Reader in{json};
    const auto address = [](const char* key) { return [key](Reader& part) { return part.text(key); }; };
    LiveInput input{.uid = in.text("uid"),
                    .whipUrl = in.object("webRTC", address("url")),
                    .whepUrl = in.object("webRTCPlayback", address("url")),
                    .rtmpUrl = in.object("rtmps", address("url")),
                    .streamKey = in.object("rtmps", address("streamKey")),
                    .hlsUrl = in.object("playback", address("hls"))};
    if (input.hlsUrl.empty()) input.hlsUrl = hlsFrom(input.whepUrl);
    const Capabilities can = capabilities(path);
    const bool rtmp = method == StreamingMethod::obs || path == Path::relay;
    if (input.uid.empty()) in.fault("uid", "is missing");
    if (!rtmp && input.whipUrl.empty()) in.fault("webRTC", "is missing");
    if (rtmp && (input.rtmpUrl.empty() || input.streamKey.empty())) in.fault("rtmps", "is missing");
    if (can.hls && input.hlsUrl.empty()) in.fault("playback", "is missing");
    if (!can.hls && input.whepUrl.empty()) in.fault("webRTCPlayback", "is missing");
    return in.finish(std::move(input));
}

InputStatus readInputStatus(const Json& json) {
    const auto status = json.is_object() ? json.find("status") : json.end();
    if (status == json.end()) return {};
    if (const auto* word = status->get_ptr<const std::string*>()) return {stateOf(*word), "", DisconnectReason::lost};
    const auto current = status->is_object() ? status->find("current") : status->end();
    if (current == status->end()) return {};
    const bool stopped = textOf(*current, "reason") == "stopped";
    return {stateOf(textOf(*current, "state")), instant(textOf(*current, "statusEnteredAt")).value_or(""),
            stopped ? DisconnectReason::stopped : DisconnectReason::lost};
}

// Addresses that begin with `mediaBase` are stored as paths. Our own media server adds
// "downloads":{"default":"https://..."} when there is an MP4.
core::Result<Video> readVideo(const Json& json, const std::string& mediaBase) {
    Reader in{json};
    Video video{};
    Recording& recording = video.recording;
    recording.id = in.text("uid");
    if (!in.faults().empty()) return in.faults()[0];
    video.inputId = in.maybeText("liveInput").value_or("");
    if (video.inputId.empty()) return video;  // an upload of somebody else's: not ours to read any further

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
    video.state = status.state;
    const bool ready = status.state == "ready" && in.flag("readyToStream");
    recording.state = ready                     ? RecordingState::ready
                      : status.state == "error" ? RecordingState::error
                                                : RecordingState::making;
    const auto time = [&in](const char* key) {
        const std::size_t faults = in.faults().size();
        const auto at = instant(in.text(key));
        if (!at && in.faults().size() == faults) in.fault(key, "expected a time in UTC");
        return at.value_or("");
    };
    if (recording.state == RecordingState::making) return in.finish(std::move(video));
    recording.startedAt = time("created");
    recording.changedAt = video.modified = time("modified");
    if (ready) {
        const std::string playlist = in.object("playback", [](Reader& playback) { return playback.text("hls"); });
        if (playlist.empty() && in.faults().empty()) in.fault("playback", "is missing");
        recording.playbackUrl = relative(playlist, mediaBase);
        const auto mp4 = in.object("downloads", [](Reader& downloads) { return downloads.maybeText("default"); });
        if (mp4) recording.downloadUrl = relative(*mp4, mediaBase);
        const auto duration = in.maybeNumber("duration");
        if (duration && *duration >= 0) recording.duration = duration;  // -1: not known
    } else {
        recording.reason = status.reason;
    }
    return in.finish(std::move(video));
}

}  // namespace streams
