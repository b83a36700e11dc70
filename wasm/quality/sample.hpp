/// What a browser counts of a stream it sends, and what that comes to in a second.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace quality {

using std::chrono::milliseconds;

/// What keeps the encoder below what is wanted (W3C webrtc-stats, RTCQualityLimitationReason).
enum class Bound : std::uint8_t { None, Cpu, Bandwidth, Other };

/// Of one getStats() (W3C webrtc-stats): totals since the connection began, unless said otherwise.
struct Sample {
    milliseconds at{};                            ///< of any clock that never runs backwards
    std::int64_t audioBytes = 0, videoBytes = 0;  ///< as sent, RTP headers included
    std::int64_t packets = 0;                     ///< as sent, of both
    std::int64_t lost = 0;                        ///< of them, for good, as the far end reports
    std::int64_t resent = 0;                      ///< and because the far end had asked
    std::int64_t frames = 0;                      ///< encoded
    std::int64_t received = 0;                    ///< bytes from the far end and answers to checks, of any connection
    int width = 0, height = 0;                    ///< of the newest picture
    milliseconds roundTrip{};                     ///< the newest; 0: not known
    int availableKbps = 0;                        ///< what the browser believes it may send; 0: not known
    Bound bound{};

    bool operator==(const Sample&) const = default;
};

/// Of the time between two samples.
struct Figures {
    int audioKbps = 0, videoKbps = 0;
    double lossPercent = 0;  ///< lost at first, whether or not it was sent again
    int roundTripMs = 0;
    int framesPerSecond = 0;
    int width = 0, height = 0;
    int availableKbps = 0;
    Bound bound{};

    bool operator==(const Figures&) const = default;
};

/// What happened from one sample to the next. All 0 when no time has passed, or the counting began anew.
[[nodiscard]] Figures between(const Sample& before, const Sample& after);

[[nodiscard]] std::string_view name(Bound bound);  ///< "none", "cpu", "bandwidth", "other"

}  // namespace quality
