/// What is sent in place of a camera and of a microphone: a still picture with a sentence, and silence.
#pragma once

#include <string>

#include "browser/js_async.hpp"

namespace browser {

/// A track that is on for as long as this lives. Undefined where the browser cannot make one.
class StandIn {
public:
    /// Takes {track, end()}, made in stand_ins.cpp.
    explicit StandIn(js::val made) : made_(std::move(made)) {}
    StandIn(const StandIn&) = delete;
    StandIn& operator=(const StandIn&) = delete;
    ~StandIn() {
        if (!made_.isUndefined()) made_.call<void>("end");
    }

    [[nodiscard]] js::val track() const { return made_.isUndefined() ? made_ : made_["track"]; }

private:
    js::val made_;
};

/// A still picture of `width` x `height` pixels, drawn again twice a second: what does not change is not sent at all,
/// and whoever begins to watch would see nothing.
[[nodiscard]] js::val slate(int width, int height, const std::string& sentence);

/// A microphone that hears nothing.
[[nodiscard]] js::val silence();

}  // namespace browser
