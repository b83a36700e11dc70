#include "browser/publishing.hpp"

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

val describe(const std::vector<capture::Device>& devices) {
    val list = js::list();
    for (const capture::Device& device : devices) {
        val entry = val::object();
        entry.set("id", device.id);
        entry.set("label", device.label);
        list.call<void>("push", entry);
    }
    return list;
}

val describe(const capture::View& view) {
    static constexpr const char* kPictures[] = {"none", "camera", "screen", "slate"};
    static constexpr const char* kFacings[] = {"", "user", "environment"};
    val warnings = js::list();
    for (const capture::Warning warning : view.warnings) {
        val entry = val::object();
        entry.set("code", std::string{capture::code(warning)});
        entry.set("sentence", std::string{capture::sentence(warning)});
        warnings.call<void>("push", entry);
    }
    val described = val::object();
    described.set("cameras", describe(view.cameras));
    described.set("microphones", describe(view.microphones));
    described.set("camera", view.camera);
    described.set("microphone", view.microphone);
    described.set("facing", std::string{kFacings[static_cast<std::size_t>(view.facing)]});
    described.set("picture", std::string{kPictures[static_cast<std::size_t>(view.output.picture)]});
    described.set("muted", view.output.muted);
    described.set("cameraOff", view.cameraOff);
    described.set("canShareScreen", canShareScreen());
    described.set("warnings", warnings);
    return described;
}

}  // namespace

void Publishing::begin() {
    Exchange::begin();
    peer_.limit(quality::limits(watch_.governor, choice_.size));
    (void)watchQuality(std::static_pointer_cast<Publishing>(shared_from_this()));
    const std::weak_ptr<Publishing> weak = std::static_pointer_cast<Publishing>(shared_from_this());
    capturing_ = std::make_shared<Capturing>(Capturing::Observer{
        .granted =
            [weak](int take) {
                if (const auto self = weak.lock()) self->deliver(whip::Captured{take});
            },
        .denied =
            [weak](int take, whip::Reason reason) {
                if (const auto self = weak.lock()) self->deliver(whip::Uncaptured{take, reason});
            },
        .sends =
            [weak] {
                const auto self = weak.lock();
                if (!self || !self->session_.media) return;
                self->peer_.attach(self->capturing_->stream());
                self->hear();
            },
        .changed =
            [weak] {
                if (const auto self = weak.lock(); self && !self->running_) self->tell();
            },
    });
}

void Publishing::leaveSilently() {
    onChange_ = onSound_ = onReport_ = val::undefined();
    listener_.end();
    deliver(whip::Leave{});
    end();
    capturing_->forget();
}

void Publishing::advanced() {
    if (heard_ != session_.media) hear();
    if (session_.phase != told_.phase || session_.reason != told_.reason)
        log_.note(steadyNow(), std::string{name(session_)}.append(" ").append(whip::code(session_.reason)));
    tell();
}

void Publishing::tell() {
    const capture::View devices = capturing_->view();
    if (onChange_.isUndefined() || (seen(session_) == seen(told_) && devices == toldDevices_)) return;
    told_ = session_;
    toldDevices_ = devices;
    const val* stream = streamOf(session_.media);
    val state = val::object();
    state.set("phase", val(name(session_)));
    state.set("reason", std::string{whip::code(session_.reason)});
    state.set("sentence", std::string{whip::sentence(session_.reason)});
    state.set("stream", stream ? *stream : val::null());
    state.set("attempt", session_.drops);
    state.set("problem", describe(session_.problem));
    state.set("devices", describe(devices));
    js::notify(onChange_, state);
}

const val* Publishing::streamOf(int take) {
    const val& stream = capturing_->stream();
    return take && take == session_.media && !stream.isUndefined() ? &stream : nullptr;
}

void Publishing::run(const whip::Capture& effect) { capturing_->deliver(capture::Acquire{effect.take}); }

void Publishing::run(const whip::ReleaseMedia& effect) {
    if (effect.media == session_.take) capturing_->deliver(capture::Release{});
}

void Publishing::choose(const quality::Choice& choice) {
    choice_ = choice;
    peer_.limit(quality::limits(watch_.governor, choice.size));
    capturing_->choose(choice);
}

js::Task Publishing::watchQuality(Self self) {
    constexpr std::chrono::milliseconds kHalf{500};
    for (bool whole = false; co_await js::sleep(kHalf, self->life_.signal()); whole = !whole) {
        const whip::Phase phase = self->session_.phase;
        const bool far =
            phase == whip::Phase::Live || phase == whip::Phase::Restarting || phase == whip::Phase::Waiting;
        if (!far || !self->session_.peer) continue;
        const int turn = self->session_.turn;
        const js::Result report = co_await self->peer_.statistics();
        if (!report || turn != self->session_.turn) continue;
        const quality::Sample sample = readStatistics(report.value);
        self->hearFarEnd(turn, sample);
        if (whole && self->session_.phase == whip::Phase::Live) self->judge(sample);
    }
}

// What comes through a connection that the browser takes for dead says nothing of the other direction.
void Publishing::hearFarEnd(int turn, const quality::Sample& sample) {
    if (std::exchange(hearingTurn_, turn) != turn) hearing_ = {};
    const quality::Sign sign = quality::hear(hearing_, sample.at, sample.received);
    if (sign == quality::Sign::Silence) deliver(whip::Faltered{turn});
    const bool doubted = session_.phase != whip::Phase::Live || session_.faltering;
    if (sign == quality::Sign::Life && doubted && peer_.isUp()) deliver(whip::Connected{turn});
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

}  // namespace browser
