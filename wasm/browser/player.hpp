/// Shows one stream as a playback::State says: runs WHEP, keeps the timer, tells the element what to attach.
#pragma once

#include <memory>
#include <string>

#include "browser/js_async.hpp"

namespace browser {

class Showing;

/// What JavaScript holds. Deleting it ends WHEP and calls back no more.
class Player {
public:
    /// `onChange` is called with a state object (bind/player.cpp) each time a part of it changes.
    explicit Player(js::val onChange);
    Player(const Player&) = delete;
    Player& operator=(const Player&) = delete;
    ~Player();

    /// The stream's public view, at first and each time it changed.
    void show(const js::val& view);
    /// What the <video> element did: "playing", "stalled" or "failed".
    void report(const std::string& what);

private:
    std::shared_ptr<Showing> showing_;
};

}  // namespace browser
