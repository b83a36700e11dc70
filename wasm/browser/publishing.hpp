/// One WHIP session and what it holds in the browser: the part of a Publisher that may outlive it.
#pragma once

#include <vector>

#include "browser/exchange.hpp"
#include "whip/session.hpp"

namespace browser {

class Publishing : public Exchange {
public:
    explicit Publishing(js::val onChange) : Exchange(whip::Role::Publisher), onChange_(std::move(onChange)) {}

    using Exchange::begin;
    /// Leaves, and calls back no more.
    void leaveSilently();

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

    static js::Task capture(Self self, int take);
    static js::Task watchTrack(Self self, js::val track, js::val signal);

    whip::Session session_;
    whip::Session told_;  ///< as of the last call of onChange_
    js::val onChange_;
    std::vector<Media> media_;
};

}  // namespace browser
