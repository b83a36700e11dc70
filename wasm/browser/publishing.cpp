#include "browser/publishing.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "browser/media.hpp"

namespace browser {

using js::val;

namespace {

// The way to Live goes on while the camera is being asked for, but that is what the person has to know. A restart is a
// wait like any other to them.
const char* name(const whip::Session& s) {
    static constexpr const char* kNames[] = {"Idle", "Capturing", "Ready",   "Offering", "Posting", "Connecting",
                                             "Live", "Waiting",   "Waiting", "Stopping", "Failed"};
    const bool underWay =
        s.phase == whip::Phase::Offering || s.phase == whip::Phase::Posting || s.phase == whip::Phase::Connecting;
    return underWay && s.asking ? "Capturing" : kNames[static_cast<std::size_t>(s.phase)];
}

auto seen(const whip::Session& s) {
    return std::tuple{std::string_view{name(s)}, s.reason, s.media, s.drops, s.problem.title, s.problem.detail};
}

val describe(const whip::Problem& problem) {
    if (problem == whip::Problem{}) return val::null();
    val described = val::object();
    described.set("type", problem.type);
    described.set("title", problem.title);
    described.set("detail", problem.detail);
    return described;
}

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
    state.set("phase", val(name(session_)));
    state.set("reason", std::string{whip::code(session_.reason)});
    state.set("sentence", std::string{whip::sentence(session_.reason)});
    state.set("stream", stream ? *stream : val::null());
    state.set("attempt", session_.drops);
    state.set("problem", describe(session_.problem));
    js::notify(onChange_, state);
}

const val* Publishing::streamOf(int take) {
    const auto at = std::find_if(media_.begin(), media_.end(), [&](const Media& media) { return media.take == take; });
    return at == media_.end() ? nullptr : &at->stream;
}

void Publishing::run(const whip::Capture& effect) {
    (void)capture(std::static_pointer_cast<Publishing>(shared_from_this()), effect.take);
}

js::Task Publishing::capture(Self self, int take) {
    if (const auto missing = missingSupport(); missing != whip::Reason::None) {
        self->deliver(whip::Uncaptured{take, missing});
        co_return;
    }
    const js::Result media = co_await openMedia();
    if (!media) {
        self->deliver(whip::Uncaptured{take, whip::captureReason(media.error)});
        co_return;
    }
    self->media_.push_back({take, media.value, js::Scope{}});
    const val signal = self->media_.back().held.signal();
    for (const val& track : media.value.call<val>("getTracks")) (void)watchTrack(self, track, signal);
    self->deliver(whip::Captured{take});
}

js::Task Publishing::watchTrack(Self self, val track, val signal) {
    if (co_await js::next(track, "ended", signal)) self->deliver(whip::MediaLost{});
}

void Publishing::run(const whip::ReleaseMedia& effect) {
    std::erase_if(media_, [&](const Media& media) {
        if (media.take == effect.media) stopTracks(media.stream);
        return media.take == effect.media;
    });
}

}  // namespace browser
