#include "browser/capturing.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "browser/media.hpp"

namespace browser {

using capture::Kind;
using capture::Picture;
using js::val;
using namespace std::chrono_literals;

namespace {

bool exists(const val& value) { return !value.isUndefined() && !value.isNull(); }

bool hidden() { return val::global("document")["hidden"].isTrue(); }

// A copy, for it may be forgotten while it is called.
template <class F, class... Args>
void call(F observer, Args... args) {
    if (observer) observer(args...);
}

}  // namespace

Capturing::Capturing(Observer observer) : observer_(std::move(observer)) {
    ++alive;
    inputs_.camera.choice = chosen_[0];
    inputs_.microphone.choice = chosen_[1];
}

void Capturing::deliver(capture::Event event) {
    waiting_.push_back(std::move(event));
    if (running_) return;
    const Self self = shared_from_this();
    running_ = true;
    while (!waiting_.empty()) {
        const capture::Event next = std::move(waiting_.front());
        waiting_.erase(waiting_.begin());
        for (const capture::Effect& effect : capture::step(inputs_, next)) {
            std::visit([this](const auto& e) { run(e); }, effect);
        }
        chosen_[0] = inputs_.camera.choice;
        chosen_[1] = inputs_.microphone.choice;
        call(observer_.changed);
    }
    running_ = false;
}

void Capturing::forget() {
    observer_ = {};
    deliver(capture::Release{});
    for (js::Scope& timer : timers_) timer.end();
}

void Capturing::run(const capture::OpenBoth& effect) { (void)openBoth(shared_from_this(), effect); }

js::Task Capturing::openBoth(Self self, capture::OpenBoth effect) {
    if (const auto missing = missingSupport(); missing != whip::Reason::None) {
        self->deliver(capture::Unopened{Kind::Camera, effect.cameraTake, missing});
        co_return;
    }
    const quality::Choice asked = self->choice_;
    const js::Result media = co_await browser::openBoth(effect.camera, effect.microphone, asked);
    if (!media) {
        self->deliver(capture::Unopened{Kind::Camera, effect.cameraTake, whip::captureReason(media.error)});
        co_return;
    }
    for (const val& track : media.value.call<val>("getTracks")) {
        const bool camera = track["kind"].as<std::string>() == "video";
        self->hold(camera ? Kind::Camera : Kind::Microphone, camera ? effect.cameraTake : effect.microphoneTake, track,
                   asked);
    }
}

void Capturing::run(const capture::Open& effect) { (void)open(shared_from_this(), effect); }

js::Task Capturing::open(Self self, capture::Open effect) {
    const quality::Choice asked = self->choice_;
    const js::Result media = co_await browser::open(effect.kind, effect.wish, asked);
    const char* const tracks = effect.kind == Kind::Microphone ? "getAudioTracks" : "getVideoTracks";
    const val track = media ? media.value.call<val>(tracks)[0] : val::undefined();
    if (exists(track))
        self->hold(effect.kind, effect.take, track, asked);
    else
        self->deliver(capture::Unopened{effect.kind, effect.take, whip::captureReason(media.error)});
}

void Capturing::hold(Kind kind, int take, const val& track, const quality::Choice& asked) {
    hint(track, kind, asked.speech);
    tracks_.push_back({kind, take, track, js::Scope{}});
    const Self self = shared_from_this();
    const val signal = tracks_.back().held.signal();
    for (const char* type : {"ended", "mute", "unmute"}) (void)watchTrack(self, kind, take, type, track, signal);
    if (kind == Kind::Camera) (void)watchPicture(self, take, track, signal);
    deliver(capture::Opened{kind, take, deviceOf(kind, track), track["muted"].isTrue()});
    if (kind == Kind::Camera && asked.size != choice_.size) (void)resize(track, choice_.size);
    if (kind == Kind::Microphone && asked.speech != choice_.speech) deliver(capture::Renew{kind});
}

void Capturing::choose(const quality::Choice& choice) {
    const quality::Choice before = std::exchange(choice_, choice);
    if (before.size != choice.size) {
        for (const Track& each : tracks_) {
            if (each.kind == Kind::Camera) (void)resize(each.track, choice.size);
        }
    }
    if (before.speech != choice.speech) deliver(capture::Renew{Kind::Microphone});
}

js::Task Capturing::watchTrack(Self self, Kind kind, int take, const char* type, val track, val signal) {
    const std::string_view name{type};
    while (co_await js::next(track, type, signal)) {
        if (name == "ended") self->deliver(capture::Ended{kind, take});
        if (name == "mute") self->deliver(capture::Muted{kind, take});
        if (name == "unmute") self->deliver(capture::Unmuted{kind, take});
    }
}

js::Task Capturing::watchPicture(Self self, int take, val track, val signal) {
    const val finder = viewfinder(track);
    if (finder.isUndefined()) co_return;
    while (co_await js::sleep(1s, signal)) {
        if (hidden()) continue;
        const int seen = finder.call<int>("look");
        self->deliver(capture::Sampled{take, seen >> 8, seen & 255});
    }
    finder.call<void>("end");
}

void Capturing::run(const capture::Close& effect) {
    std::erase_if(tracks_, [&](const Track& each) {
        const bool meant = each.kind == effect.kind && each.take == effect.take;
        if (meant) each.track.call<void>("stop");
        return meant;
    });
}

void Capturing::run(const capture::List&) { (void)list(shared_from_this()); }

js::Task Capturing::list(Self self) {
    const js::Result infos = co_await listDevices();
    if (infos) self->deliver(capture::Listed{readDevices(infos.value)});
}

void Capturing::run(const capture::Wait& effect) { (void)wait(shared_from_this(), effect); }

js::Task Capturing::wait(Self self, capture::Wait effect) {
    js::Scope& timer = self->timers_[static_cast<std::size_t>(effect.kind)];
    timer = js::Scope{};
    if (co_await js::sleep(effect.pause, timer.signal())) self->deliver(capture::Waited{effect.kind});
}

const Capturing::Track* Capturing::find(Kind kind, int take) const {
    const auto at = std::find_if(tracks_.begin(), tracks_.end(),
                                 [&](const Track& each) { return each.kind == kind && each.take == take; });
    return at == tracks_.end() ? nullptr : &*at;
}

// The slate is as large as the picture before it: another size would be another recording run.
void Capturing::run(const capture::SendPicture& effect) {
    const Track* track = find(effect.picture == Picture::Screen ? Kind::Screen : Kind::Camera, effect.take);
    if (!track) {
        slate_.emplace(slate(width_, height_, sentence_));
        return send(slate_->track(), sound_);
    }
    slate_.reset();
    const js::Result settings = js::invoke(track->track, "getSettings");
    if (settings && settings.value["width"].isNumber() && settings.value["height"].isNumber()) {
        width_ = settings.value["width"].as<int>();
        height_ = settings.value["height"].as<int>();
    }
    send(track->track, sound_);
}

void Capturing::run(const capture::SendSound& effect) {
    const Track* track = find(Kind::Microphone, effect.take);
    if (!track) {
        if (!silence_) silence_.emplace(silence());
        return send(picture_, silence_->track());
    }
    silence_.reset();
    val{track->track}.set("enabled", !effect.muted);
    send(picture_, track->track);
}

void Capturing::send(val picture, val sound) {
    if (!watching_) {
        watching_.emplace();
        (void)watchDevices(shared_from_this(), watching_->signal());
        (void)watchVisible(shared_from_this(), watching_->signal());
    }
    picture_ = std::move(picture);
    sound_ = std::move(sound);
    val tracks = js::list();
    for (const val& track : {picture_, sound_}) {
        if (exists(track)) tracks.call<void>("push", track);
    }
    const js::Result stream = js::construct("MediaStream", tracks);
    if (stream) stream_ = stream.value;
    call(observer_.sends);
}

void Capturing::run(const capture::SendNothing&) {
    watching_.reset();
    slate_.reset();
    silence_.reset();
    stream_ = picture_ = sound_ = val::undefined();
}

js::Task Capturing::watchDevices(Self self, val signal) {
    const val devices = val::global("navigator")["mediaDevices"];
    while (co_await js::next(devices, "devicechange", signal)) (void)list(self);
}

// A phone may end a track in the background without a word.
js::Task Capturing::watchVisible(Self self, val signal) {
    while (co_await js::next(val::global("document"), "visibilitychange", signal)) {
        if (hidden()) continue;
        std::vector<std::pair<Kind, int>> ended;
        for (const Track& each : self->tracks_) {
            if (each.track["readyState"].as<std::string>() == "ended") ended.emplace_back(each.kind, each.take);
        }
        for (const auto& [kind, take] : ended) self->deliver(capture::Ended{kind, take});
        self->deliver(capture::Awake{});
    }
}

void Capturing::run(const capture::Grant& effect) { call(observer_.granted, effect.take); }

void Capturing::run(const capture::Deny& effect) { call(observer_.denied, effect.take, effect.reason); }

}  // namespace browser
