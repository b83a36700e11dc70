/// What is sent in place of a camera and of a microphone: a still picture with a sentence, and silence.
#pragma once

#include <string>

#include "browser/js_async.hpp"

namespace browser {

/// A still picture of `width` x `height` pixels, drawn again twice a second for as long as it lives: what does not
/// change is not sent at all, and whoever begins to watch would see nothing.
class Slate {
public:
    Slate(int width, int height, std::string sentence);
    Slate(const Slate&) = delete;
    Slate& operator=(const Slate&) = delete;
    ~Slate();

    [[nodiscard]] const js::val& track() const { return track_; }

private:
    js::val track_ = js::val::undefined();
    js::Scope life_;
};

/// A microphone that hears nothing.
class Silence {
public:
    Silence();
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;
    ~Silence();

    [[nodiscard]] const js::val& track() const { return track_; }

private:
    js::val context_ = js::val::undefined(), track_ = js::val::undefined();
};

}  // namespace browser
