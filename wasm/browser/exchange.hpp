/// What a WHIP and a WHEP session have in common in the browser: one peer connection, one timer, the requests, and the
/// order in which events are worked off. Carries out effects; decides nothing.
///
/// Lives as long as anything is under way, longer than the object JavaScript holds if need be: a reply that comes after
/// delete() still has to be cleaned up.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "browser/http.hpp"
#include "browser/js_async.hpp"
#include "browser/peer.hpp"
#include "whip/exchange.hpp"
#include "whip/http.hpp"

namespace browser {

class Exchange : public std::enable_shared_from_this<Exchange> {
public:
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    virtual ~Exchange() { --alive; }

    /// Gives the session an event and carries out what it says; events that come meanwhile wait for their turn.
    void deliver(whip::Event event);

    static inline int alive = 0;  ///< how many there are, for tests

protected:
    explicit Exchange(whip::Role role) : role_(role) { ++alive; }

    /// Listens to the page; apart from the constructor, because it needs shared_from_this().
    void begin();
    /// Stops listening to the page and the timer.
    void end();

    virtual whip::Effects advance(const whip::Event& event) = 0;  ///< steps the session
    virtual void advanced() = 0;                                  ///< after its effects are carried out
    virtual void fill(Peer& peer) = 0;                            ///< puts into a new connection what it is for
    virtual const js::val* streamOf(int) { return nullptr; }      ///< what is held of camera and microphone
    virtual void received(int, js::val) {}  ///< a stream whose first picture has arrived, in a turn
    virtual void run(const whip::Capture&) {}
    virtual void run(const whip::ReleaseMedia&) {}

    Peer peer_;
    js::Scope life_;        ///< until end()
    bool running_ = false;  ///< events are being worked off; advanced() will be called

private:
    using Self = std::shared_ptr<Exchange>;

    void run(const whip::MakeOffer& effect);
    void run(const whip::AnswerOffer& effect);
    void run(const whip::AttachMedia& effect);
    void run(const whip::Warm& effect);
    void run(const whip::Probe& effect);
    void run(const whip::PostOffer& effect);
    void run(const whip::SetIceServers& effect);
    void run(const whip::ApplyAnswer& effect);
    void run(const whip::SendAnswer& effect);
    void run(const whip::SendCandidates& effect);
    void run(const whip::RestartIce& effect);
    void run(const whip::SendRestart& effect);
    void run(const whip::UndoRestart& effect);
    void run(const whip::DeleteSession& effect);
    void run(const whip::ClosePeer& effect);
    void run(const whip::Wait& effect);

    // What an effect awaits. Static, with their own hold on the object: a member coroutine would only keep `this`.
    static js::Task makeOffer(Self self, int turn);
    static js::Task setLocal(Self self, int turn, js::val description);
    static js::Task answerOffer(Self self, whip::AnswerOffer effect);
    static js::Task seek(Self self, std::string url);
    static js::Task post(Self self, whip::PostOffer effect);
    static js::Task applyAnswer(Self self, whip::ApplyAnswer effect);
    static js::Task patch(Self self, int turn, int round, Request request);
    static js::Task restart(Self self, whip::RestartIce effect);
    static js::Task sendRestart(Self self, whip::SendRestart effect);
    static js::Task remove(Self self, whip::DeleteSession effect);
    static js::Task wait(Self self, std::chrono::milliseconds pause);
    static js::Task watchOnline(Self self);
    static js::Task watchVisible(Self self);

    [[nodiscard]] Observer observer(int turn);

    whip::Role role_;
    std::vector<whip::Event> waiting_;
    js::val offer_ = js::val::undefined();  ///< of a viewer: to be the local description once the 201 is here
    js::Scope timer_;
    bool probing_ = false;  ///< a probe is under way
    int unheard_ = 0;       ///< how many have come to nothing since the connection was up
};

}  // namespace browser
