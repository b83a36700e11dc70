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
    /// `onChange` is called with a state object (bind/publisher.cpp) each time a part of it changes.
    explicit Publisher(js::val onChange);
    Publisher(const Publisher&) = delete;
    Publisher& operator=(const Publisher&) = delete;
    ~Publisher();

    void preview();
    /// Tells where start() will stream to, so that everything is ready by then: {endpoint, token?, iceServers?}, with
    /// the servers as RTCConfiguration has them. Before start(), as often as any of it changes.
    void arm(const js::val& target);
    /// {speech, size}: whether speech is to be made clearer, and "1080p", "720p" or "480p". At any time; what is being
    /// sent changes with it.
    void choose(const js::val& choice);
    /// `onSound` is called some twenty times a second with {level, hold, silent} (quality/meter.hpp) while there is a
    /// microphone to listen to.
    void listen(js::val onSound);
    /// `onReport` is called each second while live, with {grade, cause, sentence} (quality/verdict.hpp) and the figures
    /// of the last second.
    void watch(js::val onReport);
    /// What has happened so far, for support: no addresses, no secrets (quality/watch.hpp).
    std::string log() const;
    void start(std::string endpoint);
    void stop();
    void leave();

    // Camera and microphone, in the preview and while streaming: a choice is remembered by the page.
    void useCamera(std::string id);
    void useMicrophone(std::string id);
    /// The camera that looks the other way.
    void flip();
    /// Sends the screen in place of the camera, or the camera again. On: call inside a tap.
    void shareScreen(bool on);
    void mute(bool on);
    /// Sends the slate in place of the camera, which is turned off.
    void cameraOff(bool on);
    /// What the slate says, from the next time on that it is sent.
    void setSlate(std::string sentence);

private:
    std::shared_ptr<Publishing> publishing_;
};

}  // namespace browser
