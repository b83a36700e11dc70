// What the providers say of a stream, merged into it.
#include <algorithm>

#include "streams/instant.hpp"
#include "streams/intent.hpp"
#include "streams/merge.hpp"
#include "streams/reconcile.hpp"
#include "streams/recordings.hpp"
#include "streams/schedule.hpp"

namespace streams::reconcile {
namespace {

// A list may be a little behind the notice that a recording is ready.
constexpr std::int64_t kListLag = 10;  // seconds

// A status that does not say since when may be a little behind the notice of a connection.
constexpr std::int64_t kStatusLag = 60;  // seconds

// When a broadcast ended of which only that is known: a recording is made only afterwards.
std::string endBefore(const Stream& stream, const Facts& facts, const std::string& now) {
    std::string end = now;
    if (!facts.videos) return end;
    for (const Recording& recording : *facts.videos) {
        if (recording.state == RecordingState::making || recording.changedAt <= stream.connectedAt) continue;
        end = std::min(end, recording.changedAt);
    }
    return end;
}

void mergeStatus(Stream& stream, const InputStatus& status, const Facts& facts, const std::string& time) {
    using enum InputStatus::Now;
    const std::string now = instant(time).value_or("");
    const bool timeless = status.at.empty();
    if (timeless && status.now == gone && stream.connectedAt && secondsBetween(*stream.connectedAt, now) < kStatusLag)
        return;
    const std::string at = !timeless ? status.at : status.now == gone ? endBefore(stream, facts, now) : now;
    if (status.now == live && stream.status != Status::live) stream = merge(std::move(stream), Connected{at});
    // An end that came before the beginning we know of is yesterday's.
    const bool news = stream.status == Status::ready || (stream.status == Status::live && at > stream.connectedAt);
    if (status.now == gone && news) stream = merge(std::move(stream), Disconnected{at, status.reason});
}

bool isSame(const Recording& a, const Recording& b) {
    return a.state == b.state && a.playbackUrl == b.playbackUrl && a.duration == b.duration;
}

// An asset does not say when it changed: as of now, if it has.
void mergeRecordings(Stream& stream, const std::vector<Recording>& told) {
    for (const Recording& recording : told) {
        const auto known = std::find_if(stream.recordings.begin(), stream.recordings.end(), [&](const Recording& r) {
            return r.provider == recording.provider && r.id == recording.id;
        });
        if (known != stream.recordings.end() && isSame(*known, recording)) continue;
        stream = merge(std::move(stream), Recorded{recording});
    }
}

void mergeMissing(Stream& stream, Provider provider, const std::vector<Recording>& told, const std::string& now) {
    const auto known = stream.recordings;
    for (const Recording& recording : known) {
        if (recording.provider != provider || secondsBetween(recording.changedAt, now) <= kListLag) continue;
        const bool listed =
            std::any_of(told.begin(), told.end(), [&](const Recording& r) { return r.id == recording.id; });
        if (!listed) stream = merge(std::move(stream), Vanished{provider, recording.id, recording.changedAt});
    }
}

void mergeMux(Stream& stream, MuxState state, const std::string& now) {
    const std::string at = instant(now).value_or("");
    const bool known = stream.muxActiveAt > stream.muxIdleAt;
    if (state == MuxState::active && !known) stream = merge(std::move(stream), MuxActive{at});
    if (state == MuxState::idle && known) stream = merge(std::move(stream), MuxIdle{at});
    if (state == MuxState::gone) {
        stream.backup = Backup::failed;
        stream.simulcastEnabled = false;
    }
}

}  // namespace

Stream reconciled(Stream stream, const Facts& facts, const std::string& now) {
    const Stream before = stream;
    if (facts.status) mergeStatus(stream, *facts.status, facts, now);
    if (facts.mux) mergeMux(stream, *facts.mux, now);
    if (facts.videos) {
        mergeRecordings(stream, *facts.videos);
        mergeMissing(stream, Provider::cloudflare, *facts.videos, now);
    }
    if (facts.assets) {
        mergeRecordings(stream, *facts.assets);
        mergeMissing(stream, Provider::mux, *facts.assets, now);
    }
    stream.nextCheckAt = before.nextCheckAt;
    auto next = nextCheck(stream, now);
    const auto end = endedAt(stream);
    if (facts.unasked) {
        if (isAwaited(stream)) next = nextTry(stream, now);
    } else if (!next && stream.status == Status::completed && end && isAwaited(stream)) {
        stream = merge(std::move(stream), GaveUp{*end});
    }
    if (stream != before) stream.updatedAt = now;
    if (next && facts.pause) next = std::max(*next, dueAfter(now, facts.pause));
    stream.nextCheckAt = next;
    return stream;
}

}  // namespace streams::reconcile
