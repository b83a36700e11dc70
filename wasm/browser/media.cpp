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

// What is 1280x720 is 720x1280 when held upright: browsers turn the wish with the phone, so long edge and short edge it
// is. All are wishes, for any camera is better than none. The back camera, because the service is in front of the
// phone.
val videoWish(quality::Size size) {
    const quality::Picture picture = quality::picture(size);
    val video = val::object();
    video.set("width", ideal(picture.width));
    video.set("height", ideal(picture.height));
    video.set("frameRate", ideal(picture.framesPerSecond));
    video.set("facingMode", ideal("environment"));
    return video;
}

val audioWish(bool speech) {
    const quality::Sound sound = quality::sound(speech);
    val audio = val::object();
    audio.set("echoCancellation", sound.echoCancellation);
    audio.set("noiseSuppression", sound.noiseSuppression);
    audio.set("autoGainControl", sound.autoGainControl);
    audio.set("channelCount", ideal(2));
    return audio;
}

bool gives(const val& track, bool speech) {
    const js::Result settings = js::invoke(track, "getSettings");
    return settings && settings.value["noiseSuppression"].strictlyEquals(val{quality::sound(speech).noiseSuppression});
}

js::Settle ask(const val& constraints) {
    return js::call(val::global("navigator")["mediaDevices"], "getUserMedia", constraints);
}

}  // namespace

whip::Reason missingSupport() {
    // Outside a secure context navigator.mediaDevices is missing too, and that is not the browser's fault.
    if (val::global("isSecureContext").isFalse()) return whip::Reason::InsecurePage;
    const bool supported =
        !val::global("navigator")["mediaDevices"].isUndefined() && !val::global("RTCPeerConnection").isUndefined();
    return supported ? whip::Reason::None : whip::Reason::UnsupportedBrowser;
}

js::Settle openMedia(const quality::Choice& choice) {
    val constraints = val::object();
    constraints.set("video", videoWish(choice.size));
    constraints.set("audio", audioWish(choice.speech));
    return ask(constraints);
}

js::Async<val> resound(val track, bool speech) {
    val wish = audioWish(speech);
    (void)co_await js::call(track, "applyConstraints", wish);
    if (gives(track, speech)) co_return track;
    // Chromium takes the wish and leaves the microphone as it is: only another capture of it is another.
    const js::Result settings = js::invoke(track, "getSettings");
    if (settings && settings.value["deviceId"].isString()) {
        val exact = val::object();
        exact.set("exact", settings.value["deviceId"]);
        wish.set("deviceId", exact);
    }
    val constraints = val::object();
    constraints.set("audio", wish);
    for (const bool alone : {false, true}) {
        // While the microphone is open with one kind of processing, Chromium gives no other.
        if (alone) track.call<void>("stop");
        const js::Result media = co_await ask(constraints);
        if (!media) co_return track;
        const val other = media.value.call<val>("getAudioTracks")[0];
        if (alone || gives(other, speech)) co_return other;
        other.call<void>("stop");
    }
    co_return track;
}

void hintSound(const val& stream, bool speech) {
    for (val track : stream.call<val>("getAudioTracks")) track.set("contentHint", quality::sound(speech).contentHint);
}

js::Settle resize(const val& track, quality::Size size) { return js::call(track, "applyConstraints", videoWish(size)); }

void stopTracks(const val& stream) {
    for (const val& track : stream.call<val>("getTracks")) track.call<void>("stop");
}

}  // namespace browser
