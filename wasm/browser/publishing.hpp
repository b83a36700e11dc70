/// One session and what it holds in the browser. Lives as long as anything is under way, longer than its Publisher if
/// need be.
#pragma once

#include <memory>
#include <vector>

#include "browser/js_async.hpp"
#include "browser/peer.hpp"
#include "whip/session.hpp"

namespace browser {

class Publishing : public std::enable_shared_from_this<Publishing> {
public:
    explicit Publishing(js::val onChange);
    Publishing(const Publishing&) = delete;
    Publishing& operator=(const Publishing&) = delete;
    ~Publishing();

    /// Listens to the page. Apart from the constructor, because it needs shared_from_this().
    void begin();
    /// Leaves, and calls back no more.
    void end();
    /// Gives the session an event and carries out what it says; events that come meanwhile wait for their turn.
    void deliver(whip::Event event);

    static inline int alive = 0;  ///< for tests: how many there are

private:
    using Self = std::shared_ptr<Publishing>;
    struct Media {
        int turn;
        js::val stream;
        js::Scope held;
    };

    void run(const whip::Capture& effect);
    void run(const whip::MakeOffer& effect);
    void run(const whip::PostOffer& effect);
    void run(const whip::SetIceServers& effect);
    void run(const whip::ApplyAnswer& effect);
    void run(const whip::DeleteSession& effect);
    void run(const whip::ClosePeer& effect);
    void run(const whip::ReleaseMedia& effect);
    void run(const whip::Wait& effect);

    // What an effect awaits. Static, with their own hold on the object: a member coroutine would only keep `this`.
    static js::Task capture(Self self, int turn);
    static js::Task makeOffer(Self self, int turn);
    static js::Task post(Self self, whip::PostOffer effect);
    static js::Task applyAnswer(Self self, whip::ApplyAnswer effect);
    static js::Task remove(Self self, std::string resource);
    static js::Task wait(Self self, std::chrono::seconds pause);
    static js::Task watchOnline(Self self);
    static js::Task watchTrack(Self self, js::val track, js::val signal);

    [[nodiscard]] const js::val* streamOf(int turn) const;
    void notifyIfChanged();

    whip::Session session_;
    std::vector<whip::Event> waiting_;
    bool running_ = false;

    js::val onChange_;
    whip::Session told_;  ///< the session as of the last notification

    std::vector<Media> media_;
    Peer peer_;
    js::val offer_ = js::val::undefined();  ///< of the newest MakeOffer; the local description of ApplyAnswer
    js::Scope life_, timer_;
};

}  // namespace browser
