/// One WHIP session and what it holds in the browser: the part of a Publisher that may outlive it.
#pragma once

#include "browser/capturing.hpp"
#include "browser/exchange.hpp"
#include "browser/listener.hpp"
#include "quality/hearing.hpp"
#include "quality/watch.hpp"
#include "whip/session.hpp"

namespace browser {

class Publishing : public Exchange {
public:
    explicit Publishing(js::val onChange) : Exchange(whip::Role::Publisher), onChange_(std::move(onChange)) {}

    /// Listens to the page; apart from the constructor, because it needs shared_from_this().
    void begin();
    /// Leaves, and calls back no more.
    void leaveSilently();
    /// Camera, microphone and screen.
    [[nodiscard]] Capturing& capturing() { return *capturing_; }

    void choose(const quality::Choice& choice);
    void listen(js::val onSound);
    void watch(js::val onReport) { onReport_ = std::move(onReport); }
    [[nodiscard]] std::string log() const { return log_.text(); }

private:
    using Self = std::shared_ptr<Publishing>;

    whip::Effects advance(const whip::Event& event) override { return whip::step(session_, event); }
    void advanced() override;
    void fill(Peer& peer) override { peer.send(); }
    const js::val* streamOf(int take) override;
    void run(const whip::Capture& effect) override;
    void run(const whip::ReleaseMedia& effect) override;
    void tell();
    void hear();
    void judge(const quality::Sample& sample);
    void hearFarEnd(int turn, const quality::Sample& sample);
    static js::Task watchQuality(Self self);

    whip::Session session_;
    whip::Session told_;         ///< as of the last call of onChange_
    capture::View toldDevices_;  ///< likewise
    js::val onChange_;
    std::shared_ptr<Capturing> capturing_;
    quality::Choice choice_;
    js::val onSound_ = js::val::undefined();
    Listener listener_;
    js::val onReport_ = js::val::undefined();
    quality::Watch watch_;
    quality::Hearing hearing_;
    int hearingTurn_ = 0;  ///< whose far end that is
    quality::Log log_;
    int heard_ = 0;  ///< the take that is listened to
};

}  // namespace browser
