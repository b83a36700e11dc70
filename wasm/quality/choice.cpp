#include "quality/choice.hpp"

namespace quality {

Size readSize(std::string_view name) {
    if (name == "1080p") return Size::P1080;
    return name == "480p" ? Size::P480 : Size::P720;
}

Picture picture(Size size) {
    if (size == Size::P1080) return {1920, 1080, 30, 4000};
    return size == Size::P480 ? Picture{854, 480, 30, 1200} : Picture{1280, 720, 30, 2500};
}

Limits unlimited(Size size) {
    const Picture whole = picture(size);
    return {.videoKbps = whole.kbps, .framesPerSecond = whole.framesPerSecond};
}

// What cleans up a telephone call spoils an organ: it takes long notes for noise, and evens out what is meant to be
// soft and loud. Echo there is none, since the phone plays nothing; cancelling it would only turn stereo into mono.
Sound sound(bool speech) {
    return {.echoCancellation = false,
            .noiseSuppression = speech,
            .autoGainControl = speech,
            .contentHint = speech ? "speech" : "music"};
}

}  // namespace quality
