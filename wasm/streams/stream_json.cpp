#include "streams/stream_json.hpp"

#include <array>
#include <cmath>
#include <utility>

#include "streams/instant.hpp"

namespace streams {
namespace {

using core::Json;
using core::Reader;

template <class E, std::size_t N>
using Names = std::array<std::pair<E, const char*>, N>;

constexpr Names<Status, 3> kStatus{{{Status::ready, "ready"}, {Status::live, "live"}, {Status::completed, "completed"}}};
constexpr Names<StreamingMethod, 2> kStreamingMethod{
    {{StreamingMethod::obs, "obs"}, {StreamingMethod::whip_browser, "whip_browser"}}};
constexpr Names<Provider, 2> kProvider{{{Provider::cloudflare, "cloudflare"}, {Provider::mux, "mux"}}};
constexpr Names<Ingest, 2> kIngest{{{Ingest::relay, "relay"}, {Ingest::direct, "direct"}}};
constexpr Names<RecordingState, 2> kRecordingState{{{RecordingState::ready, "ready"}, {RecordingState::error, "error"}}};
constexpr Names<DisconnectReason, 2> kDisconnectReason{
    {{DisconnectReason::stopped, "stopped"}, {DisconnectReason::lost, "lost"}}};
constexpr Names<Phase, 6> kPhase{{{Phase::waiting, "waiting"},
                                  {Phase::live, "live"},
                                  {Phase::interrupted, "interrupted"},
                                  {Phase::preparing, "preparing"},
                                  {Phase::recording, "recording"},
                                  {Phase::none, "none"}}};

template <class E, std::size_t N>
const char* name(const Names<E, N>& names, E value) {
    for (const auto& [candidate, text] : names) {
        if (candidate == value) return text;
    }
    return "";
}

template <class E, std::size_t N>
std::optional<E> maybeOneOf(Reader& in, const char* key, const Names<E, N>& names) {
    const auto text = in.maybeText(key);
    if (!text) return {};
    std::string expected;
    for (const auto& [value, candidate] : names) {
        if (*text == candidate) return value;
        expected += (expected.empty() ? "" : ", ") + std::string{candidate};
    }
    in.fault(key, "expected one of " + expected);
    return {};
}

template <class E, std::size_t N>
E oneOf(Reader& in, const char* key, const Names<E, N>& names) {
    const std::size_t faults = in.faults().size();
    const auto value = maybeOneOf(in, key, names);
    if (!value && in.faults().size() == faults) in.fault(key, "is missing");
    return value.value_or(names[0].first);
}

std::string identifier(Reader& in, const char* key) {
    const std::size_t faults = in.faults().size();
    std::string text = in.text(key);
    if (text.empty() && in.faults().size() == faults) in.fault(key, "is empty");
    return text;
}

// Compared as text, so kept in the one form in which that compares them in time.
std::optional<std::string> maybeInstant(Reader& in, const char* key) {
    const auto text = in.maybeText(key);
    if (!text) return {};
    const auto at = instant(*text);
    if (!at) in.fault(key, "expected a time in UTC, such as 2026-09-23T11:43:41Z");
    return at;
}

std::string time(Reader& in, const char* key) {
    std::string text = in.text(key);
    if (!text.empty() && !instant(text)) in.fault(key, "expected a time in UTC, such as 2026-09-23T11:43:41Z");
    return text;
}

std::optional<double> maybeSeconds(Reader& in, const char* key) {
    const auto seconds = in.maybeNumber(key);
    if (seconds && !(*seconds >= 0 && std::isfinite(*seconds))) in.fault(key, "expected a length in seconds");
    return seconds;
}

RecordingSource decodeSource(Reader& in) {
    return {in.flag("available"), in.maybeText("playbackUrl"), maybeSeconds(in, "duration")};
}

// A struct literal evaluates its members in order, so faults come in the order of the data model.
Recording decodeRecording(Reader& in) {
    return {.provider = oneOf(in, "provider", kProvider),
            .id = identifier(in, "id"),
            .state = oneOf(in, "state", kRecordingState),
            .playbackUrl = in.maybeText("playbackUrl").value_or(""),
            .downloadUrl = in.maybeText("downloadUrl"),
            .duration = maybeSeconds(in, "duration"),
            .startedAt = maybeInstant(in, "startedAt").value_or(""),
            .changedAt = maybeInstant(in, "changedAt").value_or(""),
            .reason = in.maybeText("reason")};
}

template <class T>
void put(Json& json, const char* key, const std::optional<T>& value) {
    if (value) json[key] = *value;
}

Json encode(const RecordingSource& source) {
    Json json{{"available", source.available}};
    put(json, "playbackUrl", source.playbackUrl);
    put(json, "duration", source.duration);
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
              {"state", name(kRecordingState, recording.state)},
              {"startedAt", recording.startedAt},
              {"changedAt", recording.changedAt}};
    if (!recording.playbackUrl.empty()) json["playbackUrl"] = recording.playbackUrl;
    put(json, "downloadUrl", recording.downloadUrl);
    put(json, "duration", recording.duration);
    put(json, "reason", recording.reason);
    return json;
}

Json encode(const PublicRecording& recording) {
    Json json{{"provider", name(kProvider, recording.provider)},
              {"id", recording.id},
              {"playbackUrl", recording.playbackUrl},
              {"startedAt", recording.startedAt}};
    put(json, "downloadUrl", recording.downloadUrl);
    put(json, "duration", recording.duration);
    return json;
}

Json encode(const InputError& error) {
    return {{"code", error.code}, {"message", error.message}, {"at", error.at}};
}

template <class T>
Json encodeList(const std::vector<T>& values) {
    Json list = Json::array();
    for (const T& value : values) list.push_back(encode(value));
    return list;
}

void collectChanges(const Json& before, const Json& after, const std::string& path, Json& set) {
    for (const auto& [key, value] : after.items()) {
        const std::string at = path.empty() ? key : path + "." + key;
        const auto old = before.find(key);
        if (old == before.end()) {
            set[at] = value;
        } else if (old->is_object() && value.is_object()) {
            collectChanges(*old, value, at, set);
        } else if (*old != value) {
            set[at] = value;
        }
    }
    for (const auto& [key, value] : before.items()) {
        if (!after.contains(key)) set[path.empty() ? key : path + "." + key] = nullptr;
    }
}

}  // namespace

Decoded<Stream> decodeStream(const Json& json) {
    Reader in{json};
    Stream stream{.id = identifier(in, "id"),
                  .memorialId = identifier(in, "memorialId"),
                  .title = in.text("title"),
                  .status = oneOf(in, "status", kStatus),
                  .streamingMethod = oneOf(in, "streamingMethod", kStreamingMethod),
                  .rtmpUrl = in.maybeText("rtmpUrl"),
                  .streamKey = in.maybeText("streamKey"),
                  .whipUrl = in.maybeText("whipUrl"),
                  .ingest = maybeOneOf(in, "ingest", kIngest).value_or(Ingest::relay),
                  .cloudflareInputId = identifier(in, "cloudflareInputId"),
                  .playbackUrl = in.text("playbackUrl"),
                  .whepUrl = in.maybeText("whepUrl"),
                  .muxLiveStreamId = in.maybeText("muxLiveStreamId"),
                  .muxStreamKey = in.maybeText("muxStreamKey"),
                  .muxPlaybackId = in.maybeText("muxPlaybackId"),
                  .muxAssetId = in.maybeText("muxAssetId"),
                  .muxAssetReady = in.maybeFlag("muxAssetReady"),
                  .cloudflareOutputId = in.maybeText("cloudflareOutputId"),
                  .simulcastEnabled = in.maybeFlag("simulcastEnabled"),
                  .recordingSources = in.object(
                      "recordingSources",
                      [](Reader& sources) {
                          RecordingSources read{};
                          read.cloudflare = sources.object("cloudflare", decodeSource);
                          read.mux = sources.object(
                              "mux", [](Reader& mux) { return std::optional<RecordingSource>{decodeSource(mux)}; });
                          return read;
                      }),
                  .preferredRecordingSource =
                      maybeOneOf(in, "preferredRecordingSource", kProvider).value_or(Provider::cloudflare),
                  .recordings = in.list("recordings", decodeRecording),
                  .startedAt = maybeInstant(in, "startedAt"),
                  .connectedAt = maybeInstant(in, "connectedAt"),
                  .disconnectedAt = maybeInstant(in, "disconnectedAt"),
                  .disconnectReason = maybeOneOf(in, "disconnectReason", kDisconnectReason),
                  .broadcastId = in.maybeText("broadcastId"),
                  .inputError = in.object("inputError",
                                          [](Reader& error) {
                                              return std::optional<InputError>{{error.text("code"),
                                                                                error.text("message"),
                                                                                time(error, "at")}};
                                          }),
                  .createdBy = in.text("createdBy"),
                  .createdAt = time(in, "createdAt"),
                  .updatedAt = time(in, "updatedAt")};
    // Without them nobody could publish.
    const bool obs = stream.streamingMethod == StreamingMethod::obs;
    if (obs && !stream.rtmpUrl) in.fault("rtmpUrl", "is missing");
    if (obs && !stream.streamKey) in.fault("streamKey", "is missing");
    if (!obs && !stream.whipUrl) in.fault("whipUrl", "is missing");
    return {std::move(stream), in.faults()};
}

Decoded<Memorial> decodeMemorial(const Json& json) {
    Reader in{json};
    Memorial memorial{.id = identifier(in, "id"),
                      .name = in.text("name"),
                      .ownerUid = in.maybeText("ownerUid").value_or(""),
                      .funeralDirectorUid = in.maybeText("funeralDirectorUid"),
                      .createdAt = in.maybeText("createdAt").value_or("")};
    // The reference system's drawing cuts the key short; documents written by it have that spelling.
    if (!memorial.funeralDirectorUid) memorial.funeralDirectorUid = in.maybeText("funeralDir");
    return {std::move(memorial), in.faults()};
}

Decoded<User> decodeUser(const Json& json) {
    Reader in{json};
    User user{.uid = identifier(in, "uid"), .role = in.maybeText("role").value_or("")};
    return {std::move(user), in.faults()};
}

Json encode(const Stream& stream) {
    Json json{{"id", stream.id},
              {"memorialId", stream.memorialId},
              {"title", stream.title},
              {"status", name(kStatus, stream.status)},
              {"streamingMethod", name(kStreamingMethod, stream.streamingMethod)},
              {"ingest", name(kIngest, stream.ingest)},
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
    put(json, "whepUrl", stream.whepUrl);
    put(json, "muxLiveStreamId", stream.muxLiveStreamId);
    put(json, "muxStreamKey", stream.muxStreamKey);
    put(json, "muxPlaybackId", stream.muxPlaybackId);
    put(json, "muxAssetId", stream.muxAssetId);
    put(json, "muxAssetReady", stream.muxAssetReady);
    put(json, "cloudflareOutputId", stream.cloudflareOutputId);
    put(json, "simulcastEnabled", stream.simulcastEnabled);
    put(json, "startedAt", stream.startedAt);
    put(json, "connectedAt", stream.connectedAt);
    put(json, "disconnectedAt", stream.disconnectedAt);
    if (stream.disconnectReason) json["disconnectReason"] = name(kDisconnectReason, *stream.disconnectReason);
    put(json, "broadcastId", stream.broadcastId);
    if (stream.inputError) json["inputError"] = encode(*stream.inputError);
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
    put(json, "startedAt", view.startedAt);
    put(json, "endedAt", view.endedAt);
    return json;
}

Json encodeFull(const Stream& stream, std::string_view base) {
    Json json = encode(publicView(stream, base));
    json["ingest"] = name(kIngest, stream.ingest);
    json["cloudflareInputId"] = stream.cloudflareInputId;
    json["playbackUrl"] = absolute(stream.playbackUrl, base);
    json["createdBy"] = stream.createdBy;
    put(json, "rtmpUrl", stream.rtmpUrl);
    put(json, "streamKey", stream.streamKey);
    if (stream.whipUrl) json["whipUrl"] = absolute(*stream.whipUrl, base);
    put(json, "simulcastEnabled", stream.simulcastEnabled);
    put(json, "muxLiveStreamId", stream.muxLiveStreamId);
    put(json, "muxPlaybackId", stream.muxPlaybackId);
    // What went wrong before a connection that worked is of no use any more.
    if (stream.inputError && stream.inputError->at > stream.connectedAt.value_or("")) {
        json["inputError"] = encode(*stream.inputError);
    }
    return json;
}

Json changes(const Stream& before, const Stream& after) {
    Json set = Json::object();
    collectChanges(encode(before), encode(after), "", set);
    return set;
}

}  // namespace streams
