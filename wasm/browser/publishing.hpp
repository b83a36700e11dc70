/// One WHIP session and what it holds in the browser: the part of a Publisher that may outlive it.
#pragma once

#include <vector>

#include "browser/exchange.hpp"
#include "browser/listener.hpp"
#include "quality/watch.hpp"
#include "whip/session.hpp"

namespace browser {

class Publishing : public Exchange {
public:
    explicit Publishing(js::val onChange) : Exchange(whip::Role::Publisher), onChange_(std::move(onChange)) {}

    void begin();
    /// Leaves, and calls back no more.
    void leaveSilently();

    void choose(const quality::Choice& choice);
    void listen(js::val onSound);
    void watch(js::val onReport) { onReport_ = std::move(onReport); }
    [[nodiscard]] std::string log() const { return log_.text(); }

private:
    using Self = std::shared_ptr<Publishing>;
    struct Media {
        int take;
        js::val stream;
        js::Scope held;
    };

    whip::Effects advance(const whip::Event& event) override { return whip::step(session_, event); }
    void advanced() override;
    void fill(Peer& peer) override { peer.send(); }
    const js::val* streamOf(int take) override;
    void run(const whip::Capture& effect) override;
    void run(const whip::ReleaseMedia& effect) override;

    void reshape(int take, const quality::Choice& before);
    void hear();
    static js::Task capture(Self self, int take);
    void judge(const quality::Sample& sample);
    static js::Task watchQuality(Self self);
    static js::Task changeSound(Self self, int take);
    static js::Task watchTrack(Self self, js::val track, js::val signal);

    whip::Session session_;
    whip::Session told_;  ///< as of the last call of onChange_
    js::val onChange_;
    std::vector<Media> media_;
    quality::Choice choice_;
    js::val onSound_ = js::val::undefined();
    Listener listener_;
    js::val onReport_ = js::val::undefined();
    quality::Watch watch_;
    quality::Log log_;
    int heard_ = 0;  ///< the take that is listened to
};

}  // namespace browser
