#include "browser/publishing.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "browser/media.hpp"
#include "browser/statistics.hpp"

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

void Publishing::begin() {
    Exchange::begin();
    (void)watchQuality(std::static_pointer_cast<Publishing>(shared_from_this()));
}

void Publishing::leaveSilently() {
    onChange_ = onSound_ = onReport_ = val::undefined();
    listener_.end();
    deliver(whip::Leave{});
    end();
}

void Publishing::advanced() {
    if (heard_ != session_.media) hear();
    if (session_.phase != told_.phase || session_.reason != told_.reason)
        log_.note(steadyNow(), std::string{name(session_)}.append(" ").append(whip::code(session_.reason)));
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
    const quality::Choice asked = self->choice_;
    const js::Result media = co_await openMedia(asked);
    if (!media) {
        self->deliver(whip::Uncaptured{take, whip::captureReason(media.error)});
        co_return;
    }
    self->media_.push_back({take, media.value, js::Scope{}});
    const val signal = self->media_.back().held.signal();
    for (const val& track : media.value.call<val>("getTracks")) (void)watchTrack(self, track, signal);
    hintSound(media.value, asked.speech);
    self->deliver(whip::Captured{take});
    self->reshape(take, asked);
}

void Publishing::choose(const quality::Choice& choice) {
    const quality::Choice before = std::exchange(choice_, choice);
    peer_.limit(quality::limits(watch_.governor, choice.size));
    reshape(session_.media, before);
}

/// Brings what was captured by another choice to the present one.
void Publishing::reshape(int take, const quality::Choice& before) {
    const val* stream = streamOf(take);
    if (!stream || before == choice_) return;
    const val picture = stream->call<val>("getVideoTracks")[0];
    if (before.size != choice_.size && !picture.isUndefined()) (void)resize(picture, choice_.size);
    if (before.speech != choice_.speech)
        (void)changeSound(std::static_pointer_cast<Publishing>(shared_from_this()), take);
}

js::Task Publishing::changeSound(Self self, int take) {
    const bool speech = self->choice_.speech;
    const val before = self->streamOf(take)->call<val>("getAudioTracks")[0];
    if (before.isUndefined()) co_return;
    const val track = co_await resound(before, speech);
    const auto media =
        std::find_if(self->media_.begin(), self->media_.end(), [&](const Media& each) { return each.take == take; });
    const bool other = !track.strictlyEquals(before);
    if (media == self->media_.end() || self->choice_.speech != speech) {
        if (other) track.call<void>("stop");
        co_return;
    }
    if (other) {
        media->stream.call<void>("removeTrack", before);
        media->stream.call<void>("addTrack", track);
        before.call<void>("stop");
        (void)watchTrack(self, track, media->held.signal());
    }
    if (track["readyState"].as<std::string>() == "ended") {
        self->deliver(whip::MediaLost{});
        co_return;
    }
    hintSound(media->stream, speech);
    self->peer_.attach(media->stream);
    self->hear();
}

js::Task Publishing::watchQuality(Self self) {
    while (co_await js::sleep(std::chrono::seconds{1}, self->life_.signal())) {
        if (self->session_.phase != whip::Phase::Live) continue;
        const js::Result report = co_await self->peer_.statistics();
        if (report) self->judge(readStatistics(report.value));
    }
}

void Publishing::judge(const quality::Sample& sample) {
    const quality::Limits before = watch_.limits;
    const bool counted = quality::look(watch_, sample, choice_.size);
    if (watch_.limits != before) peer_.limit(watch_.limits);
    if (!counted) return;
    log_.note(sample.at, watch_);
    if (onReport_.isUndefined()) return;
    const quality::Figures& figures = watch_.figures;
    const quality::Verdict& verdict = watch_.steady.told;
    val report = val::object();
    report.set("grade", std::string{quality::name(verdict.grade)});
    report.set("cause", std::string{quality::code(verdict.cause)});
    report.set("sentence", std::string{quality::sentence(verdict.cause)});
    report.set("audioKbps", figures.audioKbps);
    report.set("videoKbps", figures.videoKbps);
    report.set("lossPercent", figures.lossPercent);
    report.set("roundTripMs", figures.roundTripMs);
    report.set("framesPerSecond", figures.framesPerSecond);
    report.set("width", figures.width);
    report.set("height", figures.height);
    report.set("bound", std::string{quality::name(figures.bound)});
    js::notify(onReport_, report);
}

void Publishing::listen(val onSound) {
    onSound_ = std::move(onSound);
    hear();
}

void Publishing::hear() {
    heard_ = session_.media;
    const val* stream = streamOf(heard_);
    if (!stream || onSound_.isUndefined()) return listener_.end();
    listener_.listen(*stream, [onSound = onSound_](const quality::Meter& meter) {
        val told = val::object();
        told.set("level", meter.level);
        told.set("hold", meter.hold);
        told.set("silent", meter.silent);
        js::notify(onSound, told);
    });
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
