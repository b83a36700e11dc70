#include "streams/memorial_view.hpp"

#include <algorithm>
#include <tuple>

namespace streams {
namespace {

int rank(Phase phase) {
    if (phase == Phase::live) return 3;
    if (phase == Phase::interrupted) return 2;
    return phase == Phase::none ? 0 : 1;
}

std::string lastHappened(const PublicStream& stream) {
    return std::max({stream.createdAt, stream.startedAt.value_or(""), stream.endedAt.value_or("")});
}

bool mattersLess(const PublicStream& a, const PublicStream& b) {
    return std::tuple(rank(a.phase), lastHappened(a)) < std::tuple(rank(b.phase), lastHappened(b));
}

bool isShown(const PublicStream& stream, const PublicRecording& recording) {
    return stream.phase == Phase::recording && recording.playbackUrl == stream.recordingUrl;
}

PublicStream partOf(const PublicStream& stream, const PublicRecording& recording) {
    PublicStream part = stream;
    part.id += '/' + recording.id;
    part.status = Status::completed;
    part.phase = Phase::recording;
    part.recordingUrl = recording.playbackUrl;
    part.downloadUrl = recording.downloadUrl;
    part.duration = recording.duration;
    part.startedAt = recording.startedAt;
    part.reason.reset();
    part.recordings.clear();
    part.recordingSources = {};  // a backup is one of the stream's own recording
    return part;
}

}  // namespace

MemorialView memorialView(const std::vector<Stream>& streams, std::string_view base) {
    MemorialView view;
    std::vector<PublicStream> services;
    services.reserve(streams.size());
    for (const Stream& stream : streams) services.push_back(publicView(stream, base));
    const auto current = std::max_element(services.begin(), services.end(), mattersLess);
    if (current != services.end()) view.currentStreamId = current->id;
    for (const PublicStream& service : services) {
        view.streams.push_back(service);
        view.streams.back().recordings.clear();  // they follow
        for (const PublicRecording& recording : service.recordings) {
            const bool ofThis = recording.provider == service.preferredRecordingSource;
            if (ofThis && !isShown(service, recording)) view.streams.push_back(partOf(service, recording));
        }
    }
    return view;
}

}  // namespace streams
