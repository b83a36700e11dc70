#include "streams/merge.hpp"

#include <algorithm>
#include <tuple>

#include "streams/recordings.hpp"

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

void startNoLater(Stream& stream, const std::string& at) {
    stream.startedAt = stream.startedAt ? std::min(*stream.startedAt, at) : at;
}

void apply(Stream& stream, const Connected& notice) {
    belongTo(stream, notice.at, notice.broadcastId);
    startNoLater(stream, notice.at);
    stream.connectedAt = std::max(stream.connectedAt, Time{notice.at});
}

void apply(Stream& stream, const Disconnected& notice) {
    belongTo(stream, notice.at, notice.broadcastId);
    stream.disconnectedAt = std::max(stream.disconnectedAt, Time{notice.at});
    if (notice.reason == DisconnectReason::stopped) stream.stoppedAt = std::max(stream.stoppedAt, Time{notice.at});
}

void apply(Stream& stream, const Errored& notice) {
    const auto rank = [](const InputError& error) { return std::tie(error.at, error.code, error.message); };
    if (!stream.inputError || rank(*stream.inputError) < rank(notice.error)) stream.inputError = notice.error;
}

// Of two notices about one recording the one that says how it ended counts, then the newer; at the same instant, the
// one that can be played.
bool outdates(const Recording& newer, const Recording& older) {
    const auto rank = [](const Recording& r) {
        return std::make_tuple(r.state != RecordingState::making, r.changedAt, r.state == RecordingState::ready,
                               r.duration, r.playbackUrl, r.downloadUrl, r.startedAt, r.reason);
    };
    return rank(older) < rank(newer);
}

bool startedBefore(const Recording& a, const Recording& b) {
    return std::tie(a.startedAt, a.provider, a.id) < std::tie(b.startedAt, b.provider, b.id);
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
}

void apply(Stream& stream, const MuxActive& notice) {
    startNoLater(stream, notice.at);
    stream.muxActiveAt = std::max(stream.muxActiveAt, Time{notice.at});
}

void apply(Stream& stream, const MuxIdle& notice) { stream.muxIdleAt = std::max(stream.muxIdleAt, Time{notice.at}); }

// Should it be there again, its own notice of the same instant outranks this.
void apply(Stream& stream, const Vanished& notice) {
    for (Recording& recording : stream.recordings) {
        if (recording.provider != notice.provider || recording.id != notice.id) continue;
        if (recording.state != RecordingState::ready || recording.changedAt != notice.changedAt) continue;
        recording.state = RecordingState::error;
        recording.playbackUrl.clear();
        recording.downloadUrl.reset();
        recording.reason = "The recording was deleted at the provider.";
    }
}

void apply(Stream& stream, const GaveUp& notice) { stream.gaveUpFor = std::max(stream.gaveUpFor, Time{notice.end}); }

}  // namespace

Stream merge(Stream stream, const Notice& notice) {
    std::visit([&stream](const auto& told) { apply(stream, told); }, notice);
    project(stream);
    return stream;
}

}  // namespace streams
