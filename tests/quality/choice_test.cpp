#include "quality/choice.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace quality;

TEST_CASE("each size asks for its pictures") {
    struct Row {
        const char* name;
        int width, height;
        int kbps;
    };
    const Row rows[] = {
        {"1080p", 1920, 1080, 4000}, {"720p", 1280, 720, 2500}, {"480p", 854, 480, 1200}, {"8k", 1280, 720, 2500}};
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const Picture asked = picture(readSize(row.name));
        CHECK(asked.width == row.width);
        CHECK(asked.height == row.height);
        CHECK(asked.framesPerSecond == 30);
        CHECK(asked.kbps == row.kbps);
        CHECK(unlimited(readSize(row.name)) ==
              Limits{.audioKbps = 128, .videoKbps = row.kbps, .framesPerSecond = 30, .scale = 1});
    }
}

TEST_CASE("music is left as it is; speech is made clearer when asked; stereo in either case") {
    for (const bool speech : {false, true}) {
        CAPTURE(speech);
        const Sound asked = sound(speech);
        CHECK_FALSE(asked.echoCancellation);
        CHECK(asked.noiseSuppression == speech);
        CHECK(asked.autoGainControl == speech);
        CHECK(std::string{asked.contentHint} == (speech ? "speech" : "music"));
    }
}
