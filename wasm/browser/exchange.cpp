#include "browser/exchange.hpp"

#include <utility>

#include "browser/http.hpp"

namespace browser {

using js::val;

namespace {

whip::Event linkEvent(Link link, int turn) {
    if (link == Link::Up) return whip::Connected{turn};
    if (link == Link::Silent) return whip::Faltered{turn};
    return whip::Dropped{turn, whip::Reason::ConnectionLost};
}

}  // namespace

void Exchange::deliver(whip::Event event) {
    waiting_.push_back(std::move(event));
    if (running_) return;
    const Self self = shared_from_this();  // the page may delete its object when told of a change
    running_ = true;
    while (!waiting_.empty()) {
        const whip::Event next = std::move(waiting_.front());
        waiting_.erase(waiting_.begin());
        for (const whip::Effect& effect : advance(next)) {
            std::visit([this](const auto& e) { run(e); }, effect);
        }
        advanced();
    }
    running_ = false;
}

void Exchange::begin() { (void)watchOnline(shared_from_this()); }

void Exchange::end() {
    life_.end();
    timer_.end();
}

void Exchange::run(const whip::MakeOffer& effect) {
    offer_ = val::undefined();
    if (peer_.open() && fill(peer_, effect.media)) {
        (void)makeOffer(shared_from_this(), effect.turn);
    } else {
        deliver(whip::Refused{effect.turn, whip::Reason::UnsupportedBrowser});
    }
}

js::Task Exchange::makeOffer(Self self, int turn) {
    const js::Result offer = co_await self->peer_.createOffer();
    if (!offer) {
        // Refused by the browser, or the connection was closed meanwhile: then the turn is over and nobody listens.
        self->deliver(whip::Refused{turn, whip::Reason::UnsupportedBrowser});
        co_return;
    }
    self->offer_ = offer.value;
    self->deliver(whip::OfferReady{turn, offer.value["sdp"].as<std::string>()});
}

void Exchange::run(const whip::PostOffer& effect) { (void)post(shared_from_this(), effect); }

js::Task Exchange::post(Self self, whip::PostOffer effect) {
    const whip::Reply reply = co_await postOffer(effect.url, effect.sdp);
    whip::Outcome outcome = whip::interpret(reply, self->role_, now());
    std::visit(
        [&](auto& event) {
            event.turn = effect.turn;
            self->deliver(std::move(event));
        },
        outcome);
}

void Exchange::run(const whip::SetIceServers& effect) { peer_.setIceServers(effect.servers); }

void Exchange::run(const whip::ApplyAnswer& effect) { (void)applyAnswer(shared_from_this(), effect); }

js::Task Exchange::applyAnswer(Self self, whip::ApplyAnswer effect) {
    const int turn = effect.turn;
    Observer observer{
        .link = [self, turn](Link link) { self->deliver(linkEvent(link, turn)); },
        .media = [self, turn](val stream) { self->received(turn, std::move(stream)); },
    };
    const bool applied = co_await self->peer_.connect(self->offer_, std::move(effect.sdp), std::move(observer));
    if (!applied) self->deliver(whip::Refused{turn, whip::Reason::AnswerUnfit});
}

void Exchange::run(const whip::DeleteSession& effect) { (void)remove(shared_from_this(), effect.resource); }

js::Task Exchange::remove(Self self, std::string resource) {
    (void)co_await deleteSession(resource);
    self->deliver(whip::Deleted{resource});
}

void Exchange::run(const whip::ClosePeer&) {
    peer_.close();
    offer_ = val::undefined();
}

void Exchange::run(const whip::Wait& effect) {
    timer_ = js::Scope{};
    (void)wait(shared_from_this(), effect.pause);
}

js::Task Exchange::wait(Self self, std::chrono::seconds pause) {
    if (co_await js::sleep(pause, self->timer_.signal())) self->deliver(whip::Waited{});
}

js::Task Exchange::watchOnline(Self self) {
    while (co_await js::next(val::global(), "online", self->life_.signal())) self->deliver(whip::Online{});
}

}  // namespace browser
