// From JSON to the data model.
#include <cmath>
#include <utility>

#include "streams/instant.hpp"
#include "streams/names.hpp"
#include "streams/stream_json.hpp"

namespace streams {
namespace {

using core::Json;
using core::Reader;

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
    auto at = instant(*text);
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
    return {in.flag("available"), in.maybeText("playbackUrl"), maybeSeconds(in, "duration"), in.maybeText("reason")};
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

}  // namespace

Decoded<Stream> decodeStream(const Json& json) {
    Reader in{json};
    Stream stream{
        .id = identifier(in, "id"),
        .memorialId = identifier(in, "memorialId"),
        .title = in.text("title"),
        .status = oneOf(in, "status", kStatus),
        .streamingMethod = oneOf(in, "streamingMethod", kStreamingMethod),
        .rtmpUrl = in.maybeText("rtmpUrl"),
        .streamKey = in.maybeText("streamKey"),
        .whipUrl = in.maybeText("whipUrl"),
        .relayKey = in.maybeText("relayKey"),
        .ingest = maybeOneOf(in, "ingest", kIngest).value_or(Ingest::relay),
        .path = maybeOneOf(in, "path", kPath).value_or(Path::embedded),
        .cloudflareInputId = identifier(in, "cloudflareInputId"),
        .playbackUrl = in.text("playbackUrl"),
        .whepUrl = in.maybeText("whepUrl"),
        .muxLiveStreamId = in.maybeText("muxLiveStreamId"),
        .muxStreamKey = in.maybeText("muxStreamKey"),
        .muxIngestUrl = in.maybeText("muxIngestUrl"),
        .muxPlaybackId = in.maybeText("muxPlaybackId"),
        .muxAssetId = in.maybeText("muxAssetId"),
        .muxAssetReady = in.maybeFlag("muxAssetReady"),
        .cloudflareOutputId = in.maybeText("cloudflareOutputId"),
        .simulcastEnabled = in.maybeFlag("simulcastEnabled"),
        .backup = maybeOneOf(in, "backup", kBackup),
        .recordingSources = in.object("recordingSources",
                                      [](Reader& sources) {
                                          RecordingSources read{};
                                          read.cloudflare = sources.object("cloudflare", decodeSource);
                                          read.mux = sources.object("mux", [](Reader& mux) {
                                              return std::optional<RecordingSource>{decodeSource(mux)};
                                          });
                                          return read;
                                      }),
        .preferredRecordingSource =
            maybeOneOf(in, "preferredRecordingSource", kProvider).value_or(Provider::cloudflare),
        .recordings = in.list("recordings", decodeRecording),
        .scheduledAt = maybeInstant(in, "scheduledAt"),
        .startedAt = maybeInstant(in, "startedAt"),
        .connectedAt = maybeInstant(in, "connectedAt"),
        .disconnectedAt = maybeInstant(in, "disconnectedAt"),
        .stoppedAt = maybeInstant(in, "stoppedAt"),
        .broadcastId = in.maybeText("broadcastId"),
        .inputError = in.object(
            "inputError",
            [](Reader& error) {
                return std::optional<InputError>{{error.text("code"), error.text("message"), time(error, "at")}};
            }),
        .muxActiveAt = maybeInstant(in, "muxActiveAt"),
        .muxIdleAt = maybeInstant(in, "muxIdleAt"),
        .gaveUpFor = maybeInstant(in, "gaveUpFor"),
        .nextCheckAt = in.maybeText("nextCheckAt"),
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

}  // namespace streams
