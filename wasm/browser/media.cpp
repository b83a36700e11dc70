#include "browser/media.hpp"

namespace browser {

using js::val;

namespace {

template <class T>
val ideal(const T& value) {
    val wish = val::object();
    wish.set("ideal", value);
    return wish;
}

// 1280x720 held upright is 720x1280: browsers turn the wish with the phone, so long edge and short edge it is. All are
// wishes, for any camera is better than none. The back camera, because the service is in front of the phone.
val videoWish() {
    val video = val::object();
    video.set("width", ideal(1280));
    video.set("height", ideal(720));
    video.set("frameRate", ideal(30));
    video.set("facingMode", ideal("environment"));
    return video;
}

// What cleans up a telephone call spoils an organ: echo cancellation also turns stereo into mono.
val audioWish() {
    val audio = val::object();
    audio.set("echoCancellation", false);
    audio.set("noiseSuppression", false);
    audio.set("autoGainControl", false);
    audio.set("channelCount", ideal(2));
    return audio;
}

}  // namespace

whip::Reason missingSupport() {
    // Outside a secure context navigator.mediaDevices is missing too, and that is not the browser's fault.
    if (val::global("isSecureContext").isFalse()) return whip::Reason::InsecurePage;
    const bool supported =
        !val::global("navigator")["mediaDevices"].isUndefined() && !val::global("RTCPeerConnection").isUndefined();
    return supported ? whip::Reason::None : whip::Reason::UnsupportedBrowser;
}

js::Settle openMedia() {
    val constraints = val::object();
    constraints.set("video", videoWish());
    constraints.set("audio", audioWish());
    return js::call(val::global("navigator")["mediaDevices"], "getUserMedia", constraints);
}

void stopTracks(const val& stream) {
    for (const val& track : stream.call<val>("getTracks")) track.call<void>("stop");
}

}  // namespace browser
