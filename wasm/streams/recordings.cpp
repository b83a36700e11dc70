#include "streams/recordings.hpp"

#include <algorithm>

#include "streams/paths.hpp"
#include "streams/sentence.hpp"

namespace streams {
namespace {

bool isFinal(const Recording& recording) { return recording.state != RecordingState::making; }

// Cloudflare's word counts where there is any: Mux's ingest goes idle when only the way to it is broken.
bool cloudflareSpoke(const Stream& stream) { return stream.connectedAt || stream.disconnectedAt; }

// Ready until something was broadcast; a recording is a sign of that too, should every other notice be lost. At the
// same instant, the end counts: nothing is kept waiting for a broadcast that is over.
Status status(const Stream& stream) {
    const bool spoke = cloudflareSpoke(stream);
    const auto& begin = spoke ? stream.connectedAt : stream.muxActiveAt;
    const auto& end = spoke ? stream.disconnectedAt : stream.muxIdleAt;
    if (begin > end) return Status::live;
    const bool recorded = std::any_of(stream.recordings.begin(), stream.recordings.end(), isFinal);
    return end || recorded ? Status::completed : stream.status;  // nothing is known: as it was written
}

// The primary recording of a provider is its longest; the earliest of several as long.
const Recording* primary(const Stream& stream, Provider provider) {
    const Recording* best = nullptr;
    for (const Recording& recording : stream.recordings) {
        if (recording.provider != provider || recording.state != RecordingState::ready) continue;
        if (!best || best->duration.value_or(0) < recording.duration.value_or(0)) best = &recording;
    }
    return best;
}

std::optional<std::string> whyNone(const Stream& stream, Provider provider) {
    if (stream.status != Status::completed) return {};
    if (!capabilities(stream.path).records) return kNotRecorded.text();
    const auto failed = std::find_if(stream.recordings.rbegin(), stream.recordings.rend(),
                                     [provider](const Recording& r) { return r.provider == provider && isFinal(r); });
    if (failed != stream.recordings.rend()) {
        const bool known = failed->reason && !failed->reason->empty();
        return known ? *failed->reason : kRecordingFailed.text();
    }
    if (!isSettled(stream, provider) || !endedAt(stream)) return {};
    return (provider == Provider::cloudflare ? kNoneMade : kNoneMadeByMux).text();
}

bool anyOf(const Stream& stream, Provider provider) {
    return std::any_of(stream.recordings.begin(), stream.recordings.end(),
                       [provider](const Recording& r) { return r.provider == provider && isFinal(r); });
}

RecordingSource source(const Stream& stream, Provider provider, const RecordingSource& before) {
    if (const Recording* best = primary(stream, provider)) return {true, best->playbackUrl, best->duration, {}};
    if (before.available && !anyOf(stream, provider)) return before;  // written by the reference system: it has no list
    return {false, {}, {}, whyNone(stream, provider)};
}

}  // namespace

std::optional<std::string> endedAt(const Stream& stream) {
    return cloudflareSpoke(stream) ? stream.disconnectedAt : stream.muxIdleAt;
}

bool hasStopped(const Stream& stream) { return stream.stoppedAt && stream.connectedAt <= stream.stoppedAt; }

// Our own media server names the recording in its notices; Cloudflare does not, but it works on a recording only once
// the broadcast is over, and so does Mux.
bool isSettled(const Stream& stream, Provider provider) {
    const std::string end = endedAt(stream).value_or("");
    if (stream.gaveUpFor && *stream.gaveUpFor >= end) return true;
    if (provider == Provider::mux && stream.backup != Backup::ready) return true;
    return std::any_of(stream.recordings.begin(), stream.recordings.end(), [&](const Recording& recording) {
        if (recording.provider != provider || !isFinal(recording)) return false;
        if (provider == Provider::cloudflare && stream.broadcastId) return recording.id == *stream.broadcastId;
        return recording.changedAt >= end;
    });
}

void project(Stream& stream) {
    stream.status = status(stream);
    RecordingSources& sources = stream.recordingSources;
    sources.cloudflare = source(stream, Provider::cloudflare, sources.cloudflare);
    if (sources.mux || stream.muxLiveStreamId || anyOf(stream, Provider::mux)) {
        sources.mux = source(stream, Provider::mux, sources.mux.value_or(RecordingSource{}));
    }
    const bool onlyMux = !sources.cloudflare.available && sources.mux && sources.mux->available;
    stream.preferredRecordingSource = onlyMux ? Provider::mux : Provider::cloudflare;

    const auto newest = std::find_if(stream.recordings.rbegin(), stream.recordings.rend(),
                                     [](const Recording& r) { return r.provider == Provider::mux; });
    if (newest == stream.recordings.rend()) return;
    stream.muxAssetId = newest->id;
    stream.muxAssetReady = newest->state == RecordingState::ready;
}

}  // namespace streams
