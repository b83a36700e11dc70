/// One WHEP session and what it holds in the browser.
#pragma once

#include <functional>

#include "browser/exchange.hpp"
#include "whip/viewer.hpp"

namespace browser {

class Viewing : public Exchange {
public:
    /// `onChange` is called each time the viewer's phase has changed.
    explicit Viewing(std::function<void(whip::ViewerPhase)> onChange)
        : Exchange(whip::Role::Viewer), onChange_(std::move(onChange)) {}

    using Exchange::begin;
    /// Stops, and calls back no more.
    void stopSilently();

    /// The MediaStream while playing, else null.
    [[nodiscard]] js::val stream() const;

private:
    whip::Effects advance(const whip::Event& event) override { return whip::step(viewer_, event); }
    void advanced() override;
    void fill(Peer& peer) override { peer.receive(); }
    void received(int turn, js::val stream) override;

    whip::Viewer viewer_;
    whip::ViewerPhase told_ = whip::ViewerPhase::Idle;
    std::function<void(whip::ViewerPhase)> onChange_;
    js::val stream_ = js::val::null();
};

}  // namespace browser
