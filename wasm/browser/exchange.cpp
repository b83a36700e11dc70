#include "browser/exchange.hpp"

#include <utility>

namespace browser {

using js::val;

namespace {

constexpr const char* kSdp = "application/sdp";
constexpr const char* kFragment = "application/trickle-ice-sdpfrag";
constexpr int kRoom = 6;  // connections to one host at a time, in HTTP/1.1, of every browser

whip::Event linkEvent(Link link, int turn) {
    if (link == Link::Up) return whip::Connected{turn};
    if (link == Link::Silent) return whip::Faltered{turn};
    if (link == Link::Ended) return whip::Ended{turn};
    return whip::Dropped{turn, whip::Reason::ConnectionLost, {}, {}};
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

void Exchange::begin() {
    (void)watchOnline(shared_from_this());
    (void)watchVisible(shared_from_this());
}

void Exchange::end() {
    life_.end();
    timer_.end();
}

Observer Exchange::observer(int turn) {
    const Self self = shared_from_this();
    return {
        .link =
            [self, turn](Link link) {
                if (link == Link::Up) self->unheard_ = 0;
                self->deliver(linkEvent(link, turn));
            },
        .candidate =
            [self, turn](std::string ufrag, std::string line) {
                self->deliver(whip::Candidate{turn, std::move(ufrag), std::move(line)});
            },
        .media = [self, turn](val stream) { self->received(turn, std::move(stream)); },
    };
}

void Exchange::run(const whip::MakeOffer& effect) {
    offer_ = val::undefined();
    if (peer_.open(effect.servers, observer(effect.turn))) {
        fill(peer_);
        (void)makeOffer(shared_from_this(), effect.turn);
    } else {
        deliver(whip::Refused{effect.turn, whip::Reason::UnsupportedBrowser, {}});
    }
}

js::Task Exchange::makeOffer(Self self, int turn) {
    const js::Result offer = co_await self->peer_.createOffer();
    if (!offer) {
        // Refused by the browser, or the connection was closed meanwhile: then the turn is over and nobody listens.
        self->deliver(whip::Refused{turn, whip::Reason::UnsupportedBrowser, {}});
        co_return;
    }
    // A publisher gathers candidates from now on; a viewer once it has the ICE servers of the 201.
    if (self->role_ == whip::Role::Publisher)
        (void)setLocal(self, turn, offer.value);
    else
        self->offer_ = offer.value;
    self->deliver(whip::OfferReady{turn, offer.value["sdp"].as<std::string>()});
}

js::Task Exchange::setLocal(Self self, int turn, val description) {
    const bool set = co_await self->peer_.setLocal(std::move(description));
    if (!set) self->deliver(whip::Refused{turn, whip::Reason::UnsupportedBrowser, {}});
}

void Exchange::run(const whip::AnswerOffer& effect) {
    offer_ = val::undefined();
    if (peer_.open(effect.servers, observer(effect.turn))) {
        (void)answerOffer(shared_from_this(), effect);
    } else {
        deliver(whip::Refused{effect.turn, whip::Reason::UnsupportedBrowser, {}});
    }
}

js::Task Exchange::answerOffer(Self self, whip::AnswerOffer effect) {
    const int turn = effect.turn;
    std::string sdp = co_await self->peer_.answer(std::move(effect.sdp));
    if (sdp.empty())
        self->deliver(whip::Refused{turn, whip::Reason::AnswerUnfit, {}});
    else
        self->deliver(whip::AnswerReady{turn, std::move(sdp)});
}

void Exchange::run(const whip::AttachMedia& effect) {
    if (const val* stream = streamOf(effect.media)) peer_.attach(*stream);
}

void Exchange::run(const whip::Warm& effect) { (void)warm(effect.url, effect.token); }

void Exchange::run(const whip::Probe& effect) { (void)seek(shared_from_this(), effect.url); }

// Chromium goes on with the connection attempt of a request that was given up, for two minutes, and such attempts take
// up its room: in a silent network soon nobody asks any more. So one probe at a time, as long as its attempt is eager;
// and the first go where they stand in no other request's way.
js::Task Exchange::seek(Self self, std::string url) {
    if (std::exchange(self->probing_, true)) co_return;
    const bool apart = self->unheard_ / kRoom % 2 == 0;
    const Echo echo = co_await probe(std::move(url), apart);
    self->probing_ = false;
    if (echo == Echo::Nothing) ++self->unheard_;
    if (echo == Echo::Heard) self->deliver(whip::Reached{});
}

void Exchange::run(const whip::PostOffer& effect) { (void)post(shared_from_this(), effect); }

js::Task Exchange::post(Self self, whip::PostOffer effect) {
    const whip::Reply reply = co_await send({.method = "POST",
                                             .url = std::move(effect.url),
                                             .token = std::move(effect.token),
                                             .contentType = kSdp,
                                             .body = std::move(effect.sdp)});
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
    if (!self->offer_.isUndefined()) {
        const val offer = std::exchange(self->offer_, val::undefined());
        if (!co_await self->peer_.setLocal(offer)) {
            self->deliver(whip::Refused{turn, whip::Reason::AnswerUnfit, {}});
            co_return;
        }
    }
    const bool applied = co_await self->peer_.setRemote(std::move(effect.sdp));
    if (!applied) self->deliver(whip::Refused{turn, whip::Reason::AnswerUnfit, {}});
}

void Exchange::run(const whip::SendAnswer& effect) {
    (void)patch(shared_from_this(), effect.turn, 0, {"PATCH", effect.url, effect.token, kSdp, effect.sdp});
}

void Exchange::run(const whip::SendCandidates& effect) {
    (void)patch(shared_from_this(), effect.turn, effect.round,
                {"PATCH", effect.url, effect.token, kFragment, effect.body, effect.match});
}

js::Task Exchange::patch(Self self, int turn, int round, Request request) {
    const whip::Reply reply = co_await send(std::move(request));
    self->deliver(whip::Patched{turn, round, reply.status});
}

void Exchange::run(const whip::RestartIce& effect) { (void)restart(shared_from_this(), effect); }

js::Task Exchange::restart(Self self, whip::RestartIce effect) {
    const js::Result offer = co_await self->peer_.createOffer(true);
    if (!offer) {
        self->deliver(whip::Refused{effect.turn, whip::Reason::ConnectionLost, {}});
        co_return;
    }
    (void)setLocal(self, effect.turn, offer.value);
    self->deliver(whip::RestartReady{effect.turn, effect.round, offer.value["sdp"].as<std::string>()});
}

void Exchange::run(const whip::SendRestart& effect) { (void)sendRestart(shared_from_this(), effect); }

js::Task Exchange::sendRestart(Self self, whip::SendRestart effect) {
    whip::Reply reply =
        co_await send({"PATCH", effect.url, effect.token, kFragment, std::move(effect.body), effect.match});
    self->deliver(
        whip::Restarted{effect.turn, effect.round, reply.status, std::move(reply.etag), std::move(reply.body)});
}

void Exchange::run(const whip::UndoRestart&) { peer_.rollBack(); }

void Exchange::run(const whip::DeleteSession& effect) { (void)remove(shared_from_this(), effect); }

js::Task Exchange::remove(Self self, whip::DeleteSession effect) {
    const bool done = co_await deleteSession(effect.resource, std::move(effect.token));
    self->deliver(whip::Deleted{std::move(effect.resource), done});
}

void Exchange::run(const whip::ClosePeer&) {
    peer_.close();
    offer_ = val::undefined();
}

void Exchange::run(const whip::Wait& effect) {
    timer_ = js::Scope{};
    const double part = val::global("Math").call<double>("random");
    const auto more = std::chrono::duration_cast<std::chrono::milliseconds>(effect.spread * part);
    (void)wait(shared_from_this(), effect.pause + more);
}

js::Task Exchange::wait(Self self, std::chrono::milliseconds pause) {
    if (co_await js::sleep(pause, self->timer_.signal())) self->deliver(whip::Waited{});
}

js::Task Exchange::watchOnline(Self self) {
    while (co_await js::next(val::global(), "online", self->life_.signal())) self->deliver(whip::Online{});
}

js::Task Exchange::watchVisible(Self self) {
    const val document = val::global("document");
    while (co_await js::next(document, "visibilitychange", self->life_.signal())) {
        if (!document["hidden"].isTrue()) self->deliver(whip::Awake{});
    }
}

}  // namespace browser
