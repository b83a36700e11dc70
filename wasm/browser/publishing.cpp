#include "browser/publishing.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "browser/media.hpp"

namespace browser {

using js::val;

namespace {

const char* name(whip::Phase phase) {
    static constexpr const char* kNames[] = {"Idle",       "Capturing", "Ready",   "Offering", "Posting",
                                             "Connecting", "Live",      "Waiting", "Stopping", "Failed"};
    return kNames[static_cast<std::size_t>(phase)];
}

auto seen(const whip::Session& s) { return std::tuple{s.phase, s.reason, s.media, s.drops}; }

}  // namespace

void Publishing::leaveSilently() {
    onChange_ = val::undefined();
    deliver(whip::Leave{});
    end();
}

void Publishing::advanced() {
    if (onChange_.isUndefined() || seen(session_) == seen(told_)) return;
    told_ = session_;
    const val* stream = streamOf(session_.media);
    val state = val::object();
    state.set("phase", name(session_.phase));
    state.set("reason", std::string{whip::code(session_.reason)});
    state.set("sentence", std::string{whip::sentence(session_.reason)});
    state.set("stream", stream ? *stream : val::null());
    state.set("attempt", session_.drops);
    js::notify(onChange_, state);
}

const val* Publishing::streamOf(int turn) const {
    const auto at = std::find_if(media_.begin(), media_.end(), [&](const Media& media) { return media.turn == turn; });
    return at == media_.end() ? nullptr : &at->stream;
}

bool Publishing::fill(Peer& peer, int media) {
    const val* stream = streamOf(media);
    if (stream) peer.send(*stream);
    return stream != nullptr;
}

void Publishing::run(const whip::Capture& effect) {
    (void)capture(std::static_pointer_cast<Publishing>(shared_from_this()), effect.turn);
}

js::Task Publishing::capture(Self self, int turn) {
    if (const auto missing = missingSupport(); missing != whip::Reason::None) {
        self->deliver(whip::Refused{turn, missing});
        co_return;
    }
    const js::Result media = co_await openMedia();
    if (!media) {
        self->deliver(whip::Refused{turn, whip::captureReason(media.error)});
        co_return;
    }
    self->media_.push_back({turn, media.value, js::Scope{}});
    const val signal = self->media_.back().held.signal();
    for (const val& track : media.value.call<val>("getTracks")) (void)watchTrack(self, track, signal);
    self->deliver(whip::Captured{turn});
}

js::Task Publishing::watchTrack(Self self, val track, val signal) {
    if (co_await js::next(track, "ended", signal)) self->deliver(whip::MediaLost{});
}

void Publishing::run(const whip::ReleaseMedia& effect) {
    std::erase_if(media_, [&](const Media& media) {
        if (media.turn == effect.media) stopTracks(media.stream);
        return media.turn == effect.media;
    });
}

}  // namespace browser
