// Mux's live streams and assets, from JSON.
#include <cmath>
#include <cstdint>

#include "core/text.hpp"
#include "streams/instant.hpp"
#include "streams/provider.hpp"
#include "streams/view.hpp"

namespace streams {
namespace {

using core::Json;
using core::Reader;

const Json* member(const Json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

// The first playback id that needs no signature; empty when there is none.
std::string publicPlaybackId(Reader& in) {
    struct Id {
        std::string id, policy;
    };
    const auto ids = in.list("playback_ids", [](Reader& each) {
        return Id{each.text("id"), each.maybeText("policy").value_or("public")};
    });
    for (const Id& each : ids) {
        if (each.policy == "public") return each.id;
    }
    return {};
}

// {"recording_times":[{"started_at":{"seconds":1790142063,"nanos":120000000},...}]}
std::optional<std::string> recordingStart(const Json& data) {
    const Json* times = member(data, "recording_times");
    if (!times || !times->is_array() || times->empty()) return {};
    const Json* start = member(times->front(), "started_at");
    if (!start) return {};
    const Json* seconds = member(*start, "seconds");
    const Json* nanos = member(*start, "nanos");
    if (!seconds || !seconds->is_number_integer()) return {};
    return instantOf(seconds->get<std::int64_t>(),
                     nanos && nanos->is_number_integer() ? nanos->get<std::int64_t>() : 0);
}

std::string reasonOf(const Json& data) {
    const Json* errors = member(data, "errors");
    const Json* messages = errors ? member(*errors, "messages") : nullptr;
    if (!messages || !messages->is_array() || messages->empty()) return {};
    const auto* first = messages->front().get_ptr<const std::string*>();
    return first ? *first : std::string{};
}

}  // namespace

std::optional<std::string> muxTime(const Json& object, const char* key) {
    const Json* value = member(object, key);
    if (!value) return {};
    if (value->is_number()) {
        const auto seconds = value->get<double>();
        if (!(seconds >= 0 && seconds < 1e12)) return {};
        return instantOf(static_cast<std::int64_t>(seconds));
    }
    const auto* text = value->get_ptr<const std::string*>();
    if (!text) return {};
    if (const auto seconds = core::parseUnsigned(*text); seconds && *seconds < 1000000000000U) {
        return instantOf(static_cast<std::int64_t>(*seconds));
    }
    return instant(*text);
}

core::Result<MuxStream> readMuxStream(const Json& json) {
    Reader in{json};
    MuxStream stream{.id = in.text("id"),
                     .streamKey = in.text("stream_key"),
                     .playbackId = publicPlaybackId(in),
                     .ingestUrl = in.text("ingestUrl")};
    if (stream.id.empty() && in.faults().empty()) in.fault("id", "is empty");
    return in.finish(std::move(stream));
}

RecordingState assetState(const Json& data) {
    const Json* live = member(data, "is_live");
    if (live && live->is_boolean() && live->get<bool>()) return RecordingState::making;
    const Json* status = member(data, "status");
    if (status && *status == "ready") return RecordingState::ready;
    return status && *status == "errored" ? RecordingState::error : RecordingState::making;
}

core::Result<Recording> readAsset(const Json& data, RecordingState state, const std::string& at, const Bases& bases) {
    Reader in{data};
    Recording recording{.provider = Provider::mux, .id = in.text("id"), .state = state, .changedAt = at};
    if (recording.id.empty() && in.faults().empty()) in.fault("id", "is empty");
    const auto started = recordingStart(data);
    recording.startedAt = started ? *started : muxTime(data, "created_at").value_or(at);
    const std::string playbackId = publicPlaybackId(in);
    if (state == RecordingState::ready && playbackId.empty()) {
        recording.state = RecordingState::error;
        recording.reason = "Mux made a recording that is not public.";
    } else if (state == RecordingState::ready) {
        recording.playbackUrl = relative(bases.mux + "/" + playbackId + ".m3u8", bases.media);
        const auto duration = in.maybeNumber("duration");
        if (duration && *duration >= 0 && std::isfinite(*duration)) recording.duration = duration;
    } else if (state == RecordingState::error) {
        if (auto reason = reasonOf(data); !reason.empty()) recording.reason = std::move(reason);
    }
    return in.finish(std::move(recording));
}

}  // namespace streams
