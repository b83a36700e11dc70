#include "browser/publishing.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "browser/http.hpp"
#include "browser/media.hpp"

namespace browser {

using js::val;

namespace {

const char* name(whip::Phase phase) {
    static constexpr const char* kNames[] = {"Idle",       "Capturing", "Ready",   "Offering", "Posting",
                                             "Connecting", "Live",      "Waiting", "Stopping", "Failed"};
    return kNames[static_cast<std::size_t>(phase)];
}

whip::Event linkEvent(Link link, int turn) {
    if (link == Link::Up) return whip::Connected{turn};
    if (link == Link::Silent) return whip::Faltered{turn};
    return whip::Dropped{turn, whip::Reason::ConnectionLost};
}

}  // namespace

Publishing::Publishing(val onChange) : onChange_(std::move(onChange)) { ++alive; }
Publishing::~Publishing() { --alive; }

void Publishing::begin() { (void)watchOnline(shared_from_this()); }

void Publishing::end() {
    onChange_ = val::undefined();
    deliver(whip::Leave{});
    life_.end();
    timer_.end();
}

void Publishing::deliver(whip::Event event) {
    waiting_.push_back(std::move(event));
    if (running_) return;
    const Self self = shared_from_this();  // the page may delete its Publisher when told of a change
    running_ = true;
    while (!waiting_.empty()) {
        const whip::Event next = std::move(waiting_.front());
        waiting_.erase(waiting_.begin());
        for (const whip::Effect& effect : whip::step(session_, next)) {
            std::visit([this](const auto& e) { run(e); }, effect);
        }
        notifyIfChanged();
    }
    running_ = false;
}

void Publishing::notifyIfChanged() {
    const auto seen = [](const whip::Session& s) { return std::tuple{s.phase, s.reason, s.media, s.drops}; };
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

void Publishing::run(const whip::Capture& effect) { (void)capture(shared_from_this(), effect.turn); }

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

void Publishing::run(const whip::MakeOffer& effect) {
    const val* stream = streamOf(effect.media);
    if (!stream || !peer_.open()) return deliver(whip::Refused{effect.turn, whip::Reason::UnsupportedBrowser});
    peer_.send(*stream);
    (void)makeOffer(shared_from_this(), effect.turn);
}

js::Task Publishing::makeOffer(Self self, int turn) {
    const js::Result offer = co_await self->peer_.createOffer();
    if (!offer) {
        self->deliver(whip::Refused{turn, whip::Reason::UnsupportedBrowser});
        co_return;
    }
    if (turn == self->session_.turn) self->offer_ = offer.value;
    self->deliver(whip::OfferReady{turn, offer.value["sdp"].as<std::string>()});
}

void Publishing::run(const whip::PostOffer& effect) { (void)post(shared_from_this(), effect); }

js::Task Publishing::post(Self self, whip::PostOffer effect) {
    const whip::Reply reply = co_await postOffer(effect.url, effect.sdp);
    whip::Outcome outcome = whip::interpret(reply, whip::Role::Publisher, now());
    std::visit(
        [&](auto& event) {
            event.turn = effect.turn;
            self->deliver(std::move(event));
        },
        outcome);
}

void Publishing::run(const whip::SetIceServers& effect) { peer_.setIceServers(effect.servers); }

void Publishing::run(const whip::ApplyAnswer& effect) { (void)applyAnswer(shared_from_this(), effect); }

js::Task Publishing::applyAnswer(Self self, whip::ApplyAnswer effect) {
    const int turn = effect.turn;
    const bool applied = co_await self->peer_.apply(self->offer_, std::move(effect.sdp));
    if (turn != self->session_.turn || self->session_.phase != whip::Phase::Connecting) co_return;
    if (!applied) {
        self->deliver(whip::Refused{turn, whip::Reason::AnswerUnfit});
        co_return;
    }
    self->peer_.watch([self, turn](Link link) { self->deliver(linkEvent(link, turn)); });
}

void Publishing::run(const whip::DeleteSession& effect) { (void)remove(shared_from_this(), effect.resource); }

js::Task Publishing::remove(Self self, std::string resource) {
    (void)co_await deleteSession(resource);
    self->deliver(whip::Deleted{resource});
}

void Publishing::run(const whip::ClosePeer&) {
    peer_.close();
    offer_ = val::undefined();
}

void Publishing::run(const whip::ReleaseMedia& effect) {
    std::erase_if(media_, [&](const Media& media) {
        if (media.turn == effect.media) stopTracks(media.stream);
        return media.turn == effect.media;
    });
}

void Publishing::run(const whip::Wait& effect) {
    timer_ = js::Scope{};
    (void)wait(shared_from_this(), effect.pause);
}

js::Task Publishing::wait(Self self, std::chrono::seconds pause) {
    if (co_await js::sleep(pause, self->timer_.signal())) self->deliver(whip::Waited{});
}

js::Task Publishing::watchOnline(Self self) {
    while (co_await js::next(val::global(), "online", self->life_.signal())) self->deliver(whip::Online{});
}

}  // namespace browser
