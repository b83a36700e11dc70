/// A WHIP publisher in the browser: gives a whip::Session its hands. Decides nothing.
#pragma once

#include <memory>
#include <string>

#include "browser/js_async.hpp"

namespace browser {

class Publishing;

/// What JavaScript holds. Deleting it ends the stream as Leave does and calls back no more; what is under way by then
/// is still cleaned up when it comes.
class Publisher {
public:
    /// `onChange` is called with a state object (bind/client.cpp) each time a part of it changes.
    explicit Publisher(js::val onChange);
    Publisher(const Publisher&) = delete;
    Publisher& operator=(const Publisher&) = delete;
    ~Publisher();

    void preview();
    /// Tells where start() will stream to, so that everything is ready by then: {endpoint, token?, iceServers?}, with
    /// the servers as RTCConfiguration has them. Before start(), as often as any of it changes.
    void arm(const js::val& target);
    void start(std::string endpoint);
    void stop();
    void leave();

private:
    std::shared_ptr<Publishing> publishing_;
};

}  // namespace browser
