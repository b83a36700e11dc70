// From the data model to JSON.
#include "streams/names.hpp"
#include "streams/paths.hpp"
#include "streams/sentence.hpp"
#include "streams/stream_json.hpp"

namespace streams {
namespace {

using core::Json;

template <class T>
void put(Json& json, const char* key, const std::optional<T>& value) {
    if (value) json[key] = *value;
}

// Empty is what is not known; read as text it would be a fault.
void put(Json& json, const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
}

Json encode(const RecordingSource& source) {
    Json json{{"available", source.available}};
    put(json, "playbackUrl", source.playbackUrl);
    put(json, "duration", source.duration);
    put(json, "reason", source.reason);
    return json;
}

Json encode(const RecordingSources& sources) {
    Json json{{"cloudflare", encode(sources.cloudflare)}};
    if (sources.mux) json["mux"] = encode(*sources.mux);
    return json;
}

Json encode(const Recording& recording) {
    Json json{{"provider", name(kProvider, recording.provider)},
              {"id", recording.id},
              {"state", name(kRecordingState, recording.state)}};
    put(json, "startedAt", recording.startedAt);
    put(json, "changedAt", recording.changedAt);
    put(json, "playbackUrl", recording.playbackUrl);
    put(json, "downloadUrl", recording.downloadUrl);
    put(json, "duration", recording.duration);
    put(json, "reason", recording.reason);
    return json;
}

Json encode(const PublicRecording& recording) {
    Json json{{"provider", name(kProvider, recording.provider)},
              {"id", recording.id},
              {"playbackUrl", recording.playbackUrl}};
    put(json, "startedAt", recording.startedAt);
    put(json, "downloadUrl", recording.downloadUrl);
    put(json, "duration", recording.duration);
    return json;
}

Json encode(const InputError& error) { return {{"code", error.code}, {"message", error.message}, {"at", error.at}}; }

template <class T>
Json encodeList(const std::vector<T>& values) {
    Json list = Json::array();
    for (const T& value : values) list.push_back(encode(value));
    return list;
}

// A dotted path: "recordingSources" and "mux" make "recordingSources.mux".
std::string dotted(std::string path, const std::string& key) {
    if (!path.empty()) path += '.';
    path += key;
    return path;
}

void collectChanges(const Json& before, const Json& after, const std::string& path, Json& set) {
    for (const auto& [key, value] : after.items()) {
        const auto old = before.find(key);
        if (old != before.end() && old->is_object() && value.is_object()) {
            collectChanges(*old, value, dotted(path, key), set);
        } else if (old == before.end() || *old != value) {
            set[dotted(path, key)] = value;
        }
    }
    for (const auto& [key, value] : before.items()) {
        if (!after.contains(key)) set[dotted(path, key)] = nullptr;
    }
}

}  // namespace

Json encode(const Stream& stream) {
    Json json{{"id", stream.id},
              {"memorialId", stream.memorialId},
              {"title", stream.title},
              {"status", name(kStatus, stream.status)},
              {"streamingMethod", name(kStreamingMethod, stream.streamingMethod)},
              {"ingest", name(kIngest, stream.ingest)},
              {"path", name(kPath, stream.path)},
              {"cloudflareInputId", stream.cloudflareInputId},
              {"playbackUrl", stream.playbackUrl},
              {"recordingSources", encode(stream.recordingSources)},
              {"preferredRecordingSource", name(kProvider, stream.preferredRecordingSource)},
              {"recordings", encodeList(stream.recordings)},
              {"createdBy", stream.createdBy},
              {"createdAt", stream.createdAt},
              {"updatedAt", stream.updatedAt}};
    put(json, "rtmpUrl", stream.rtmpUrl);
    put(json, "streamKey", stream.streamKey);
    put(json, "whipUrl", stream.whipUrl);
    put(json, "relayKey", stream.relayKey);
    put(json, "whepUrl", stream.whepUrl);
    put(json, "muxLiveStreamId", stream.muxLiveStreamId);
    put(json, "muxStreamKey", stream.muxStreamKey);
    put(json, "muxIngestUrl", stream.muxIngestUrl);
    put(json, "muxPlaybackId", stream.muxPlaybackId);
    put(json, "muxAssetId", stream.muxAssetId);
    put(json, "muxAssetReady", stream.muxAssetReady);
    put(json, "cloudflareOutputId", stream.cloudflareOutputId);
    put(json, "simulcastEnabled", stream.simulcastEnabled);
    if (stream.backup) json["backup"] = name(kBackup, *stream.backup);
    put(json, "scheduledAt", stream.scheduledAt);
    put(json, "startedAt", stream.startedAt);
    put(json, "connectedAt", stream.connectedAt);
    put(json, "disconnectedAt", stream.disconnectedAt);
    put(json, "stoppedAt", stream.stoppedAt);
    put(json, "broadcastId", stream.broadcastId);
    if (stream.inputError) json["inputError"] = encode(*stream.inputError);
    put(json, "muxActiveAt", stream.muxActiveAt);
    put(json, "muxIdleAt", stream.muxIdleAt);
    put(json, "gaveUpFor", stream.gaveUpFor);
    put(json, "nextCheckAt", stream.nextCheckAt);
    return json;
}

Json encode(const Memorial& memorial) {
    Json json{{"id", memorial.id},
              {"name", memorial.name},
              {"ownerUid", memorial.ownerUid},
              {"createdAt", memorial.createdAt}};
    put(json, "funeralDirectorUid", memorial.funeralDirectorUid);
    return json;
}

Json encode(const PublicStream& view) {
    Json json{{"id", view.id},
              {"memorialId", view.memorialId},
              {"title", view.title},
              {"status", name(kStatus, view.status)},
              {"phase", name(kPhase, view.phase)},
              {"streamingMethod", name(kStreamingMethod, view.streamingMethod)},
              {"recordingSources", encode(view.recordingSources)},
              {"preferredRecordingSource", name(kProvider, view.preferredRecordingSource)},
              {"recordings", encodeList(view.recordings)},
              {"createdAt", view.createdAt},
              {"updatedAt", view.updatedAt}};
    put(json, "whepUrl", view.whepUrl);
    put(json, "hlsUrl", view.hlsUrl);
    put(json, "recordingUrl", view.recordingUrl);
    put(json, "downloadUrl", view.downloadUrl);
    put(json, "duration", view.duration);
    put(json, "scheduledAt", view.scheduledAt);
    put(json, "startedAt", view.startedAt);
    put(json, "endedAt", view.endedAt);
    put(json, "reason", view.reason);
    if (view.reason) json["reasonCode"] = codeOf(*view.reason, kRecordingFailed);
    return json;
}

Json encodeManaged(const Stream& stream, std::string_view base) {
    Json json = encode(publicView(stream, base));
    json["ingest"] = name(kIngest, stream.ingest);
    json["path"] = name(kPath, stream.path);
    const Capabilities can = capabilities(stream.path);
    json["capabilities"] = {{"records", can.records}, {"hls", can.hls}, {"outputs", can.outputs}, {"whep", can.whep}};
    json["createdBy"] = stream.createdBy;
    put(json, "simulcastEnabled", stream.simulcastEnabled);
    if (stream.backup) json["backup"] = name(kBackup, *stream.backup);
    // What went wrong before a connection that worked is of no use any more.
    if (stream.inputError && stream.inputError->at > stream.connectedAt.value_or("")) {
        json["inputError"] = encode(*stream.inputError);
    }
    return json;
}

Json encodeFull(const Stream& stream, std::string_view base) {
    Json json = encodeManaged(stream, base);
    json["cloudflareInputId"] = stream.cloudflareInputId;
    json["playbackUrl"] = absolute(stream.playbackUrl, base);
    if (stream.streamingMethod == StreamingMethod::obs) {  // a browser stream's are the relay's business
        if (stream.rtmpUrl) json["rtmpUrl"] = reachable(*stream.rtmpUrl, base);
        put(json, "streamKey", stream.streamKey);
    }
    if (stream.whipUrl) json["whipUrl"] = absolute(*stream.whipUrl, base);
    put(json, "nextCheckAt", stream.nextCheckAt);
    put(json, "muxLiveStreamId", stream.muxLiveStreamId);
    put(json, "muxPlaybackId", stream.muxPlaybackId);
    return json;
}

Json changes(const Stream& before, const Stream& after) {
    Json set = Json::object();
    collectChanges(encode(before), encode(after), "", set);
    return set;
}

}  // namespace streams
