/// Camera, microphone and screen in the browser: gives capture::Inputs its hands. Decides nothing.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "browser/js_async.hpp"
#include "browser/stand_ins.hpp"
#include "capture/inputs.hpp"
#include "quality/choice.hpp"

namespace browser {

/// Lives as long as anything is under way: what is opened after release() still has to be closed.
class Capturing : public std::enable_shared_from_this<Capturing> {
public:
    /// Who wants to know; called until forget().
    struct Observer {
        std::function<void(int take)> granted;
        std::function<void(int take, whip::Reason)> denied;
        std::function<void()> sends;    ///< something else, see stream()
        std::function<void()> changed;  ///< view() may have
    };

    explicit Capturing(Observer observer);
    Capturing(const Capturing&) = delete;
    Capturing& operator=(const Capturing&) = delete;
    ~Capturing() { --alive; }

    void deliver(capture::Event event);
    /// How pictures and sound are to be; what is open is brought to it.
    void choose(const quality::Choice& choice);
    /// Closes everything and calls nobody any more.
    void forget();

    /// What is sent now, a MediaStream of its own for each combination of tracks; undefined when nothing is.
    [[nodiscard]] const js::val& stream() const { return stream_; }
    [[nodiscard]] capture::View view() const { return capture::view(inputs_); }
    /// What the slate says from its next drawing on.
    void setSlate(std::string sentence) { sentence_ = std::move(sentence); }

    static inline int alive = 0;  ///< how many there are, for tests

private:
    using Self = std::shared_ptr<Capturing>;
    struct Track {
        capture::Kind kind;
        int take;
        js::val track;
        js::Scope held;
    };

    void run(const capture::OpenBoth& effect);
    void run(const capture::Open& effect);
    void run(const capture::Close& effect);
    void run(const capture::List& effect);
    void run(const capture::Wait& effect);
    void run(const capture::SendPicture& effect);
    void run(const capture::SendSound& effect);
    void run(const capture::SendNothing& effect);
    void run(const capture::Grant& effect);
    void run(const capture::Deny& effect);

    static js::Task openBoth(Self self, capture::OpenBoth effect);
    static js::Task open(Self self, capture::Open effect);
    static js::Task list(Self self);
    static js::Task wait(Self self, capture::Wait effect);
    static js::Task watchTrack(Self self, capture::Kind kind, int take, const char* type, js::val track,
                               js::val signal);
    static js::Task watchPicture(Self self, int take, js::val track, js::val signal);
    static js::Task watchDevices(Self self, js::val signal);
    static js::Task watchVisible(Self self, js::val signal);

    void hold(capture::Kind kind, int take, const js::val& track, const quality::Choice& asked);
    [[nodiscard]] const Track* find(capture::Kind kind, int take) const;
    void send(js::val picture, js::val sound);

    capture::Inputs inputs_;
    Observer observer_;
    quality::Choice choice_;
    std::vector<capture::Event> waiting_;
    bool running_ = false;
    std::vector<Track> tracks_;
    js::val stream_ = js::val::undefined(), picture_ = js::val::undefined(), sound_ = js::val::undefined();
    int width_ = 1280, height_ = 720;  ///< of the last picture that was no slate
    std::string sentence_ = "The picture will be back in a moment.";
    std::optional<StandIn> slate_, silence_;
    std::optional<js::Scope> watching_;  ///< while anything is sent
    js::Scope timers_[3];

    static inline capture::Wish chosen_[2];  ///< camera and microphone, remembered by this page
};

}  // namespace browser
