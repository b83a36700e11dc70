#include "browser/media.hpp"

#include <emscripten/em_js.h>

#include <string>

EM_JS_DEPS(media, "$Emval");

// A video element of our own: the page's may be hidden, and no track counts its pictures in every browser. 16x9 points
// are enough to see that a picture is black. In JavaScript, because of the many bytes.
// clang-format off
EM_JS(emscripten::EM_VAL, make_viewfinder, (emscripten::EM_VAL track), {
  try {
    const video = document.createElement('video');
    const pen = Object.assign(document.createElement('canvas'), { width: 16, height: 9 }).getContext('2d', { willReadFrequently: true });
    video.getVideoPlaybackQuality();
    video.muted = video.playsInline = true;
    video.srcObject = new MediaStream([Emval.toValue(track)]);
    video.play().catch(() => {});
    return Emval.toHandle({
      look() {
        pen.drawImage(video, 0, 0, 16, 9);
        const brightest = pen.getImageData(0, 0, 16, 9).data.reduce((most, byte, i) => (i % 4 < 3 && byte > most ? byte : most), 0);
        const shown = video.readyState < 2 ? 0 : Math.max(1, brightest); // 0: no picture at all
        return video.getVideoPlaybackQuality().totalVideoFrames * 256 + shown;
      },
      end() { video.srcObject = null },
    });
  } catch {
    return Emval.toHandle(undefined);
  }
});
// clang-format on

namespace browser {

using capture::Device;
using capture::Facing;
using capture::Kind;
using capture::Wish;
using js::val;

namespace {

template <class T>
val only(const char* strength, const T& value) {
    val wish = val::object();
    wish.set(strength, value);
    return wish;
}

template <class T>
val ideal(const T& value) {
    return only("ideal", value);
}

val devices() { return val::global("navigator")["mediaDevices"]; }

// What is 1280x720 is 720x1280 when held upright: browsers turn the wish with the phone, so long edge and short edge it
// is. All but the device are wishes, for any camera is better than none. The back camera, because the service is in
// front of the phone.
val videoWish(const Wish& wish, quality::Size size) {
    const quality::Picture picture = quality::picture(size);
    val video = val::object();
    video.set("width", ideal(picture.width));
    video.set("height", ideal(picture.height));
    video.set("frameRate", ideal(picture.framesPerSecond));
    if (!wish.id.empty())
        video.set("deviceId", only("exact", wish.id));
    else if (wish.facing != Facing::Unknown)
        video.set("facingMode", only("exact", std::string{wish.facing == Facing::User ? "user" : "environment"}));
    else
        video.set("facingMode", ideal("environment"));
    return video;
}

val audioWish(const Wish& wish, bool speech) {
    const quality::Sound sound = quality::sound(speech);
    val audio = val::object();
    audio.set("echoCancellation", sound.echoCancellation);
    audio.set("noiseSuppression", sound.noiseSuppression);
    audio.set("autoGainControl", sound.autoGainControl);
    audio.set("channelCount", ideal(2));
    if (!wish.id.empty()) audio.set("deviceId", only("exact", wish.id));
    return audio;
}

std::string text(const val& object, const char* key) {
    const val value = object[key];
    return value.isString() ? value.as<std::string>() : std::string{};
}

Facing facing(const std::string& mode) {
    if (mode == "user") return Facing::User;
    return mode == "environment" ? Facing::Environment : Facing::Unknown;
}

// Only a track says where its camera looks. Before it is opened Chromium and Safari know by its capabilities, and
// Android by its name, which is not translated ("camera2 1, facing front").
Facing facing(const val& info, const std::string& label) {
    const js::Result capabilities = js::invoke(info, "getCapabilities");
    if (capabilities && capabilities.value["facingMode"].isArray()) {
        const val mode = capabilities.value["facingMode"][0];
        if (mode.isString()) return facing(mode.as<std::string>());
    }
    if (label.find("facing front") != std::string::npos) return Facing::User;
    return label.find("facing back") != std::string::npos ? Facing::Environment : Facing::Unknown;
}

}  // namespace

whip::Reason missingSupport() {
    // Outside a secure context navigator.mediaDevices is missing too, and that is not the browser's fault.
    if (val::global("isSecureContext").isFalse()) return whip::Reason::InsecurePage;
    const bool supported = !devices().isUndefined() && !val::global("RTCPeerConnection").isUndefined();
    return supported ? whip::Reason::None : whip::Reason::UnsupportedBrowser;
}

bool canShareScreen() { return !devices().isUndefined() && !devices()["getDisplayMedia"].isUndefined(); }

js::Settle openBoth(const Wish& camera, const Wish& microphone, const quality::Choice& choice) {
    val constraints = val::object();
    constraints.set("video", videoWish(camera, choice.size));
    constraints.set("audio", audioWish(microphone, choice.speech));
    return js::call(devices(), "getUserMedia", constraints);
}

js::Settle open(Kind kind, const Wish& wish, const quality::Choice& choice) {
    val constraints = val::object();
    if (kind == Kind::Screen) {
        val video = val::object();
        video.set("width", only("max", 1920));
        video.set("height", only("max", 1080));
        constraints.set("video", video);
        return js::call(devices(), "getDisplayMedia", constraints);
    }
    if (kind == Kind::Camera)
        constraints.set("video", videoWish(wish, choice.size));
    else
        constraints.set("audio", audioWish(wish, choice.speech));
    return js::call(devices(), "getUserMedia", constraints);
}

js::Settle resize(const val& track, quality::Size size) {
    return js::call(track, "applyConstraints", videoWish({}, size));
}

void hint(val track, Kind kind, bool speech) {
    if (kind == Kind::Microphone) track.set("contentHint", std::string{quality::sound(speech).contentHint});
    if (kind == Kind::Screen) track.set("contentHint", std::string{"detail"});
}

js::Settle listDevices() { return js::call(devices(), "enumerateDevices"); }

std::vector<Device> readDevices(const val& infos) {
    std::vector<Device> list;
    for (const val& info : infos) {
        const std::string kind = text(info, "kind");
        if (kind != "videoinput" && kind != "audioinput") continue;
        Device device{kind == "videoinput" ? Kind::Camera : Kind::Microphone, text(info, "deviceId"),
                      text(info, "label"), text(info, "groupId")};
        if (device.kind == Kind::Camera) device.facing = facing(info, device.label);
        list.push_back(std::move(device));
    }
    return list;
}

val viewfinder(const val& track) { return val::take_ownership(make_viewfinder(track.as_handle())); }

Device deviceOf(Kind kind, const val& track) {
    const js::Result settings = js::invoke(track, "getSettings");
    if (!settings) return {kind, {}, text(track, "label")};
    return {kind, text(settings.value, "deviceId"), text(track, "label"), text(settings.value, "groupId"),
            facing(text(settings.value, "facingMode"))};
}

}  // namespace browser
