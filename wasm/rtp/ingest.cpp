#include "rtp/ingest.hpp"

#include <algorithm>
#include <cmath>

namespace rtp {
namespace {

// Encoders make a key frame when asked, and only then. A segment of the recording begins with one.
constexpr double kSegmentMs = 2000;
constexpr double kAskAgainMs = 500;
// Ethernet frames are 1500 bytes and WebRTC stays below 1200; more is not media.
constexpr std::size_t kMaxDatagram = 4096;
// So far from 0 milliseconds still have a fraction, and rounding them to an integer is defined.
constexpr double kMaxTime = 1e14;

std::optional<Codec> videoCodec(const std::vector<Source>& sources) {
    const auto found =
        std::find_if(sources.begin(), sources.end(), [](const Source& s) { return s.kind == Kind::Video; });
    if (found == sources.end()) return {};
    return found->codec;
}

bool hasAudio(const std::vector<Source>& sources) {
    return std::any_of(sources.begin(), sources.end(), [](const Source& s) { return s.kind == Kind::Audio; });
}

}  // namespace

Ingest::Ingest(const std::vector<Source>& sources) : recorder_{videoCodec(sources), hasAudio(sources)} {
    for (const Source& source : sources) {
        auto& track = source.kind == Kind::Video ? video_ : audio_;
        if (!track) track.emplace(source);
    }
}

Ingest::Verdict Ingest::packet(Kind kind, View datagram, double now) {
    advance(now);
    Track* to = track(kind);
    if (!to || ended_ || datagram.size() > kMaxDatagram) return Drop;
    if (isRtcp(datagram)) return control(kind, datagram);
    const auto packet = parsePacket(datagram);
    if (!packet || packet->payloadType != to->source().payloadType) return Drop;
    heardAt_ = now_;
    if (kind == Kind::Video)
        flood_.arrived(datagram.size());
    else
        flood_.heard(packet->timestamp * 1000.0 / to->source().clockRate, now_);
    // The first frame is on its way, and it is a key frame: no need to ask at once.
    if (kind == Kind::Video && !keyframeAskedAt_) keyframeAskedAt_ = now_;
    recorder_.hear(kind, now_);
    if (!to->receive(*packet, datagram, now_)) return Drop;
    record(now_);
    return Forward;
}

Ingest::Verdict Ingest::control(Kind kind, View datagram) {
    Verdict verdict = Drop;
    for (const View packet : splitRtcp(datagram)) {
        // Both tracks share a port, and a compound may have been handed to either.
        for (Track* from : {track(Kind::Video), track(Kind::Audio)}) {
            if (!from || !from->isHeard()) continue;
            const bool ours = from->source().kind == kind;
            const auto report = readSenderReport(packet);
            if (report && report->ssrc == from->ssrc()) {
                from->senderReport(*report, now_);
                if (ours && verdict == Drop) verdict = Report;
            }
            if (ours && isByeOf(packet, from->ssrc())) verdict = Bye;
        }
    }
    return verdict;
}

std::vector<Ingest::Feedback> Ingest::feedback(double now) {
    advance(now);
    std::vector<Feedback> out;
    if (ended_) return out;
    record(now_);
    std::int64_t packets = 0, lost = 0;
    for (const auto* from : {&video_, &audio_}) {
        if (!*from) continue;
        packets += (*from)->packets();
        lost += (*from)->lost();
    }
    const bool urgent = flood_.look(packets, lost, now_);
    for (const Kind kind : {Kind::Video, Kind::Audio}) {
        Track* from = track(kind);
        if (!from) continue;
        Bytes bytes = from->feedback(now_, kind == Kind::Video && shouldAskKey(), {flood_.allowed(), urgent, isThin()});
        if (!bytes.empty()) out.push_back({kind, std::move(bytes)});
    }
    return out;
}

bool Ingest::shouldAskKey() {
    if (!keyframeAskedAt_) return false;  // no packet came yet
    const double since = now_ - *keyframeAskedAt_;
    const bool urgent = keyframeWanted_ || video_->isWaiting() || recorder_.wantsKey();
    // On a thin way key frames that are asked for too often crowd each other out.
    if (since < (urgent && !isThin() ? kAskAgainMs : kSegmentMs)) return false;
    keyframeAskedAt_ = now_;
    keyframeWanted_ = false;
    return true;
}

std::vector<Item> Ingest::media(double now) {
    advance(now);
    if (!ended_) record(now_);
    return recorder_.take();
}

std::vector<Item> Ingest::end(double now) {
    advance(now);
    if (!ended_) {
        record({});
        recorder_.finish();
        ended_ = true;
    }
    return recorder_.take();
}

Ingest::Stats Ingest::stats() const {
    Stats stats;
    if (video_) stats.video = video_->stats();
    if (audio_) stats.audio = audio_->stats();
    stats.silentMs = now_ - heardAt_;
    return stats;
}

Track* Ingest::track(Kind kind) {
    auto& found = kind == Kind::Video ? video_ : audio_;
    return found ? &*found : nullptr;
}

void Ingest::advance(double now) {
    if (!std::isfinite(now) || now < 0 || now > kMaxTime) return;
    if (!clockSet_) {
        clockSet_ = true;
        now_ = heardAt_ = now;
    }
    now_ = std::max(now_, now);
}

void Ingest::record(std::optional<double> now) {
    if (audio_) {
        for (auto& frame : audio_->frames(now)) recorder_.frame(Kind::Audio, std::move(frame.unit), frame.ms, now_);
    }
    if (video_) {
        for (auto& frame : video_->frames(now)) {
            double skew = 0;
            if (audio_) {
                const bool shown = recorder_.hasVideo();
                skew = shown ? lipSync_.slew(video_->clock(), audio_->clock())
                             : lipSync_.snap(video_->clock(), audio_->clock());
            }
            // A segment is due this long after the last one began, whoever asked for it.
            if (frame.unit.key && keyframeAskedAt_) keyframeAskedAt_ = std::max(*keyframeAskedAt_, now_);
            recorder_.frame(Kind::Video, std::move(frame.unit), frame.ms + skew, now_);
        }
    }
    recorder_.tick(now_);
}

}  // namespace rtp
