/// The offers of real browsers and senders in tests/fixtures/sdp.
#pragma once

#include <doctest/doctest.h>

#include <cstdio>
#include <string>

#include "sdp/description.hpp"

inline constexpr const char* kFixtures[] = {
    "chromium-156-offer.sdp",
    "chromium-156-offer-gathered.sdp",
    "chromium-156-offer-simulcast.sdp",
    "chromium-156-offer-simulcast-gathered.sdp",
    "firefox-153-offer.sdp",
    "firefox-153-offer-gathered.sdp",
    "firefox-153-offer-simulcast.sdp",
    "firefox-153-offer-simulcast-gathered.sdp",
    "aiortc-1.4-offer-gathered.sdp",
    "node-datachannel-0.33-offer-gathered.sdp",
    "extra-bundle-only-offer.sdp",
};

inline std::string readFixture(const std::string& name) {
    std::string text;
    if (std::FILE* file = std::fopen((std::string{FIXTURES} + "/sdp/" + name).c_str(), "rb")) {
        char buffer[4096];
        for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, file)) > 0;) text.append(buffer, n);
        std::fclose(file);
    }
    REQUIRE_MESSAGE(!text.empty(), "cannot read " << name);
    return text;
}

/// A description with `sections` behind the least session part.
inline sdp::Description describe(const std::string& sections) {
    const auto description = sdp::parse("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n" + sections);
    REQUIRE(description.has_value());
    return *description;
}

/// The lines of `media` as text, one per line.
inline std::string textOf(const sdp::Media& media) {
    std::string text;
    for (const sdp::Line& line : media.lines) text.append({line.type, '='}).append(line.value).append("\n");
    return text;
}

inline sdp::Description parseFixture(const std::string& name) {
    const auto description = sdp::parse(readFixture(name));
    REQUIRE(description.has_value());
    return *description;
}
