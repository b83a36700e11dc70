/// Listens to the microphone for the meter: one AudioContext, twenty looks a second.
#pragma once

#include <functional>

#include "browser/js_async.hpp"
#include "quality/meter.hpp"

namespace browser {

class Listener {
public:
    Listener() = default;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener() { end(); }

    /// Tells of the first audio track of `stream` until the next call, or end(). Nothing is told while the browser
    /// keeps the sound to itself, as during a telephone call.
    void listen(const js::val& stream, std::function<void(const quality::Meter&)> tell);
    void end();

private:
    js::val context_ = js::val::undefined();
    js::val source_ = js::val::undefined();
    js::Scope listening_;
};

}  // namespace browser
