#include "streams/view.hpp"

#include <algorithm>

#include "streams/instant.hpp"
#include "streams/paths.hpp"
#include "streams/recordings.hpp"
#include "streams/sentence.hpp"

namespace streams {
namespace {

bool isReady(const Recording& recording) { return recording.state == RecordingState::ready; }

// The backup's recording of the last broadcast is there: no need to wait for the other.
bool backupIsReady(const Stream& stream, const std::string& end) {
    return std::any_of(stream.recordings.begin(), stream.recordings.end(), [&end](const Recording& recording) {
        return recording.provider == Provider::mux && isReady(recording) && recording.changedAt >= end;
    });
}

// Nothing more is to be expected of the last broadcast. Where nothing is recorded, that is so once the publisher said
// goodbye, or did not come back.
bool isOver(const Stream& stream, const std::string& end) {
    if (!capabilities(stream.path).records && hasStopped(stream)) return true;
    return isSettled(stream, Provider::cloudflare) || backupIsReady(stream, end);
}

// The path segments of an address that are long enough to be keys: a WHIP address is its own credential. Its host is
// none, however long.
std::vector<std::string_view> keysIn(std::string_view url) {
    constexpr std::size_t kShortestKey = 32;
    std::vector<std::string_view> segments;
    if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
        url.remove_prefix(std::min(url.size(), url.find('/', scheme + 3)));
    }
    while (!url.empty()) {
        const std::string_view segment = url.substr(0, url.find('/'));
        if (segment.size() >= kShortestKey) segments.push_back(segment);
        url.remove_prefix(std::min(url.size(), segment.size() + 1));
    }
    return segments;
}

// Cloudflare's own examples show playback addresses with a key in them; one that publishes must not get out.
bool carriesSecret(std::string_view url, const Stream& stream) {
    std::vector<std::string_view> secrets;
    if (stream.whipUrl) secrets = keysIn(*stream.whipUrl);
    if (stream.streamKey) secrets.push_back(*stream.streamKey);
    if (stream.relayKey) secrets.push_back(*stream.relayKey);
    if (stream.muxStreamKey) secrets.push_back(*stream.muxStreamKey);
    return std::any_of(secrets.begin(), secrets.end(), [url](std::string_view secret) {
        return !secret.empty() && url.find(secret) != std::string_view::npos;
    });
}

const Recording* find(const Stream& stream, const std::optional<std::string>& playbackUrl) {
    for (const Recording& recording : stream.recordings) {
        if (isReady(recording) && playbackUrl == recording.playbackUrl) return &recording;
    }
    return nullptr;
}

}  // namespace

Phase phase(const Stream& stream) {
    if (stream.status == Status::ready) return Phase::waiting;
    if (stream.status == Status::live) return Phase::live;
    const auto end = endedAt(stream);
    if (end && !isOver(stream, *end)) {
        return hasStopped(stream) ? Phase::preparing : Phase::interrupted;
    }
    const bool playable = stream.recordingSources.cloudflare.available ||
                          (stream.recordingSources.mux && stream.recordingSources.mux->available);
    return playable ? Phase::recording : Phase::none;
}

PublicStream publicView(const Stream& stream, std::string_view base) {
    const auto shown = [&](const std::optional<std::string>& url) -> std::optional<std::string> {
        if (!url || url->empty() || carriesSecret(*url, stream)) return {};
        return absolute(*url, base);
    };
    const auto source = [&](RecordingSource from) {
        from.playbackUrl = shown(from.playbackUrl);
        return from;
    };
    const auto milliseconds = [](const std::optional<std::string>& at) -> std::optional<std::string> {
        if (!at) return {};
        return toMilliseconds(*at);
    };

    PublicStream view{};
    view.id = stream.id;
    view.memorialId = stream.memorialId;
    view.title = stream.title;
    view.status = stream.status;
    view.phase = phase(stream);
    view.streamingMethod = stream.streamingMethod;
    view.whepUrl = shown(stream.whepUrl);
    view.hlsUrl = shown(stream.playbackUrl);
    view.scheduledAt = milliseconds(stream.scheduledAt);
    view.startedAt = milliseconds(stream.startedAt);
    if (stream.status == Status::completed) view.endedAt = milliseconds(endedAt(stream));
    if (view.phase == Phase::none) {
        const auto& reason = stream.recordingSources.cloudflare.reason;
        view.reason = reason ? *reason : kNoRecording.text();
    }
    view.createdAt = stream.createdAt;
    view.updatedAt = stream.updatedAt;
    view.recordingSources.cloudflare = source(stream.recordingSources.cloudflare);
    if (stream.recordingSources.mux) view.recordingSources.mux = source(*stream.recordingSources.mux);
    view.preferredRecordingSource = stream.preferredRecordingSource;
    for (const Recording& recording : stream.recordings) {
        const auto playbackUrl = shown(recording.playbackUrl);
        if (!isReady(recording) || !playbackUrl) continue;
        view.recordings.push_back({recording.provider, recording.id, *playbackUrl, shown(recording.downloadUrl),
                                   recording.duration, toMilliseconds(recording.startedAt)});
    }

    const bool mux = stream.preferredRecordingSource == Provider::mux && stream.recordingSources.mux;
    const RecordingSource& primary = mux ? *stream.recordingSources.mux : stream.recordingSources.cloudflare;
    if (primary.available) {
        view.recordingUrl = shown(primary.playbackUrl);
        view.duration = primary.duration;
        if (const Recording* recording = find(stream, primary.playbackUrl)) {
            view.downloadUrl = shown(recording->downloadUrl);
        }
    }
    return view;
}

std::string absolute(const std::string& url, std::string_view base) {
    if (!url.starts_with('/') || base.empty()) return url;
    return std::string{base} + url;
}

std::string reachable(const std::string& rtmpUrl, std::string_view base) {
    constexpr std::string_view kHere = "rtmp://127.0.0.1";
    const auto scheme = base.find("://");
    if (!rtmpUrl.starts_with(kHere) || scheme == std::string_view::npos) return rtmpUrl;
    std::string_view host = base.substr(scheme + 3);
    const auto port = host.rfind(':');  // http://vigil.local:8080, http://[::1]:8080, http://[::1]
    if (port != std::string_view::npos && host.find(']', port) == std::string_view::npos) host = host.substr(0, port);
    return "rtmp://" + std::string{host} + rtmpUrl.substr(kHere.size());
}

std::string relative(std::string_view url, std::string_view base) {
    const bool ours = !base.empty() && url.starts_with(base) && url.substr(base.size()).starts_with('/');
    return std::string{ours ? url.substr(base.size()) : url};
}

}  // namespace streams
