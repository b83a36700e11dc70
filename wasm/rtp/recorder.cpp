#include "rtp/recorder.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rtp {
namespace {

constexpr double kSilentMs = 2000;   // nothing of a kind came for so long: begin without
constexpr double kKeylessMs = 5000;  // packets come, but no key picture
constexpr double kHeardMs = 1000;    // how long a packet counts as "packets come"
constexpr double kLeadMs = 100;      // sound from a little before the first picture belongs to it
constexpr double kLongLeadMs = 500;  // that from long before too
constexpr double kMinRunMs = 1000;   // each run costs a process; a size that flickers must not start thirty a second
constexpr std::size_t kMaxHeldBytes = 16 << 20;
constexpr std::size_t kMaxItemBytes = 16 << 20;  // what may wait in take()
constexpr std::size_t kItemBytes = 256 << 10;    // blocks are joined up to this size

std::size_t index(Kind kind) { return kind == Kind::Video ? 1 : 0; }

}  // namespace

bool Recorder::isVideo(const Frame& frame) { return frame.kind == Kind::Video; }

void Recorder::hear(Kind kind, double now) { heard_[index(kind)] = now; }

void Recorder::frame(Kind kind, AccessUnit unit, double ms, double now) {
    Frame frame{kind, std::move(unit), ms};
    if (kind == Kind::Video) {
        video(std::move(frame), now);
    } else {
        audio(std::move(frame));
    }
    if (!held_.empty() && !since_) since_ = now;
    tick(now);
}

void Recorder::video(Frame frame, double now) {
    if (frame.unit.key) {
        const bool other = running_ && (!hasVideo_ || frame.unit.size != size_ || audioCame_);
        if (other && now - startedAt_ < kMinRunMs) {
            if (frame.unit.size != size_ || !hasVideo_) {
                skipping_ = true;
                return;
            }
        } else if (other) {
            stop();
        }
        skipping_ = false;
        if (!running_ && (!hasVideo_ || frame.unit.size != heldSize_)) {
            // Should the size change before the run has begun, it begins with this picture instead.
            held_.erase(std::remove_if(held_.begin(), held_.end(), isVideo), held_.end());
            heldSize_ = frame.unit.size;
            firstVideo_ = frame.ms;
        }
    }
    if (running_ && hasVideo_ && !skipping_) return put(frame);
    if (running_ || skipping_ || !(frame.unit.key || hasVideo_)) return;
    hasVideo_ = true;
    hold(std::move(frame));
}

void Recorder::audio(Frame frame) {
    if (!running_) {
        hasAudio_ = true;
        lastAudio_ = frame.ms;
        return hold(std::move(frame));
    }
    if (hasAudio_) return put(frame);
    audioCame_ = true;
}

void Recorder::hold(Frame frame) {
    heldBytes_ += frame.unit.data.size() + sizeof(Frame);
    held_.push_back(std::move(frame));
}

void Recorder::tick(double now) {
    if (running_ || !since_) return;
    const bool lacksVideo = video_ && !hasVideo_;
    const double waited = now - *since_;
    if (heldBytes_ < kMaxHeldBytes) {
        if (lacksVideo && waited < patience(Kind::Video, now)) return;
        if (isAudioDue() && waited < patience(Kind::Audio, now)) return;
    }
    startedAt_ = now;
    start();
}

// Sound that ended before the first picture is no part of the run.
bool Recorder::isAudioDue() const {
    return expectAudio_ && (!hasAudio_ || (hasVideo_ && lastAudio_ < firstVideo_ - kLeadMs));
}

double Recorder::patience(Kind missing, double now) const {
    const auto& heard = heard_[index(missing)];
    return heard && now - *heard < kHeardMs ? kKeylessMs : kSilentMs;
}

// Over a thin way the first picture is long in coming. It stands for the time before as well: no sound is lost for it.
void Recorder::advanceFirstPicture() {
    const auto picture = std::find_if(held_.begin(), held_.end(), isVideo);
    const auto sound = std::find_if_not(held_.begin(), held_.end(), isVideo);
    if (picture == held_.end() || sound == held_.end() || picture->ms - sound->ms <= kLongLeadMs) return;
    Frame first = std::move(*picture);
    first.ms = sound->ms;
    held_.erase(picture);
    held_.push_front(std::move(first));
}

void Recorder::start() {
    advanceFirstPicture();
    const auto first = std::find_if(held_.begin(), held_.end(), isVideo);
    const double from = first == held_.end() ? held_.front().ms : first->ms - kLeadMs;
    zero_ = first == held_.end() ? from : first->ms;
    hasAudio_ = false;
    for (const Frame& frame : held_) {
        if (isVideo(frame) || frame.ms < from) continue;
        zero_ = std::min(zero_, frame.ms);
        hasAudio_ = true;
    }
    // Late pictures are of a time that the run before has had: begun there, a recording would be longer than it took.
    zero_ = std::max(zero_, reached_);

    running_ = true;
    audioCame_ = false;
    writer_ = {};
    last_[0].reset();
    last_[1].reset();
    Item item{.type = Item::Start, .audio = hasAudio_};
    std::optional<VideoTrack> track;
    if (first != held_.end()) {
        size_ = first->unit.size;
        item.video = video_;
        item.size = size_;
        track = VideoTrack{*video_, size_, first->unit.config};
    }
    item.bytes = matroskaHeader(track, hasAudio_);
    items_.push_back(std::move(item));

    for (const Frame& frame : held_) {
        if (isVideo(frame) || frame.ms >= from) put(frame);
    }
    held_.clear();
    heldBytes_ = 0;
    since_.reset();
}

void Recorder::put(const Frame& frame) {
    if (itemBytes_ + frame.unit.data.size() > kMaxItemBytes) {
        // Nobody takes the items. Sound may have holes; pictures must go on with a key picture.
        if (frame.kind == Kind::Video) skipping_ = true;
        return;
    }
    auto& last = last_[index(frame.kind)];
    std::int64_t ms = std::max<std::int64_t>(0, std::llround(frame.ms - zero_));
    if (last) ms = std::max(ms, *last + 1);
    last = ms;
    if (frame.kind == Kind::Audio || !hasAudio_) reached_ = std::max(reached_, frame.ms);

    auto block = writer_.write(frame.kind, frame.unit, ms);
    const bool key = block.startsCluster && frame.unit.key && (frame.kind == Kind::Video || !hasVideo_);
    itemBytes_ += block.bytes.size();
    if (key || items_.empty() || items_.back().type != Item::Data || items_.back().bytes.size() > kItemBytes) {
        items_.push_back({.type = Item::Data, .key = key, .ms = ms, .bytes = std::move(block.bytes)});
    } else {
        append(items_.back().bytes, block.bytes);
    }
}

void Recorder::stop() {
    if (running_) items_.push_back({.type = Item::End});
    running_ = hasVideo_ = hasAudio_ = audioCame_ = skipping_ = false;
    since_.reset();
}

void Recorder::finish() {
    if (!running_ && !held_.empty()) start();
    stop();
}

std::vector<Item> Recorder::take() {
    itemBytes_ = 0;
    return std::exchange(items_, {});
}

}  // namespace rtp
