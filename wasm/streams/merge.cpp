#include "streams/merge.hpp"

#include <algorithm>
#include <tuple>

namespace streams {
namespace {

using Time = std::optional<std::string>;

// The newest notice says to which recording the broadcast belongs; of two at the same instant, the greater name: any
// choice will do that does not depend on which came first.
void belongTo(Stream& stream, const std::string& at, const std::optional<std::string>& broadcastId) {
    const Time newest = std::max(stream.connectedAt, stream.disconnectedAt);
    if (newest && at < *newest) return;
    stream.broadcastId = newest == at ? std::max(stream.broadcastId, broadcastId) : broadcastId;
}

void apply(Stream& stream, const Connected& notice) {
    belongTo(stream, notice.at, notice.broadcastId);
    stream.startedAt = stream.startedAt ? std::min(*stream.startedAt, notice.at) : notice.at;
    stream.connectedAt = std::max(stream.connectedAt, Time{notice.at});
}

void apply(Stream& stream, const Disconnected& notice) {
    belongTo(stream, notice.at, notice.broadcastId);
    if (stream.disconnectedAt && notice.at < *stream.disconnectedAt) return;
    const bool again = stream.disconnectedAt == notice.at;
    if (!again || notice.reason == DisconnectReason::stopped) stream.disconnectReason = notice.reason;
    stream.disconnectedAt = notice.at;
}

void apply(Stream& stream, const Errored& notice) {
    const auto rank = [](const InputError& error) { return std::tie(error.at, error.code, error.message); };
    if (!stream.inputError || rank(*stream.inputError) < rank(notice.error)) stream.inputError = notice.error;
}

// Of two notices about one recording the newer counts; at the same instant, the one that can be played.
bool outdates(const Recording& newer, const Recording& older) {
    const auto rank = [](const Recording& r) {
        return std::make_tuple(r.changedAt, r.state == RecordingState::ready, r.duration, r.playbackUrl, r.downloadUrl,
                               r.startedAt, r.reason);
    };
    return rank(older) < rank(newer);
}

bool startedBefore(const Recording& a, const Recording& b) {
    return std::tie(a.startedAt, a.provider, a.id) < std::tie(b.startedAt, b.provider, b.id);
}

// The primary recording of a provider is its longest; the earliest of several as long.
std::optional<RecordingSource> source(const Stream& stream, Provider provider) {
    const Recording* primary = nullptr;
    bool any = false;
    for (const Recording& recording : stream.recordings) {
        if (recording.provider != provider) continue;
        any = true;
        if (recording.state != RecordingState::ready) continue;
        if (!primary || primary->duration.value_or(0) < recording.duration.value_or(0)) primary = &recording;
    }
    if (primary) return RecordingSource{true, primary->playbackUrl, primary->duration};
    if (any) return RecordingSource{};
    return {};
}

void apply(Stream& stream, const Recorded& notice) {
    const Recording& told = notice.recording;
    const auto known = std::find_if(stream.recordings.begin(), stream.recordings.end(), [&told](const Recording& r) {
        return r.provider == told.provider && r.id == told.id;
    });
    if (known == stream.recordings.end()) {
        stream.recordings.push_back(told);
    } else if (outdates(told, *known)) {
        *known = told;
    } else {
        return;
    }
    std::sort(stream.recordings.begin(), stream.recordings.end(), startedBefore);

    if (const auto cloudflare = source(stream, Provider::cloudflare)) stream.recordingSources.cloudflare = *cloudflare;
    if (const auto mux = source(stream, Provider::mux)) stream.recordingSources.mux = *mux;
    const RecordingSources& sources = stream.recordingSources;
    const bool onlyMux = !sources.cloudflare.available && sources.mux && sources.mux->available;
    stream.preferredRecordingSource = onlyMux ? Provider::mux : Provider::cloudflare;
}

// Ready until something was broadcast; a recording is a sign of that too, should every other notice be lost. At the
// same instant, the end counts: nothing is kept waiting for a broadcast that is over.
Status status(const Stream& stream) {
    if (stream.connectedAt > stream.disconnectedAt) return Status::live;
    return stream.disconnectedAt || !stream.recordings.empty() ? Status::completed : Status::ready;
}

}  // namespace

Stream merge(Stream stream, const Notice& notice) {
    std::visit([&stream](const auto& told) { apply(stream, told); }, notice);
    stream.status = status(stream);
    return stream;
}

}  // namespace streams
