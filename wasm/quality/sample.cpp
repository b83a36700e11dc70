#include "quality/sample.hpp"

#include <algorithm>
#include <cmath>

namespace quality {

Figures between(const Sample& before, const Sample& after) {
    const double ms = static_cast<double>((after.at - before.at).count());
    if (ms <= 0 || after.packets < before.packets) return {};
    const auto kbps = [&](std::int64_t from, std::int64_t to) {
        return static_cast<int>(std::lround(static_cast<double>(std::max<std::int64_t>(0, to - from)) * 8 / ms));
    };
    const std::int64_t sent = after.packets - before.packets;
    const std::int64_t missed =
        std::max<std::int64_t>(0, after.lost - before.lost) + std::max<std::int64_t>(0, after.resent - before.resent);
    Figures figures;
    figures.audioKbps = kbps(before.audioBytes, after.audioBytes);
    figures.videoKbps = kbps(before.videoBytes, after.videoBytes);
    if (sent > 0)
        figures.lossPercent = std::min(100.0, 100.0 * static_cast<double>(missed) / static_cast<double>(sent));
    figures.roundTripMs = static_cast<int>(after.roundTrip.count());
    figures.framesPerSecond = static_cast<int>(
        std::lround(static_cast<double>(std::max<std::int64_t>(0, after.frames - before.frames)) * 1000 / ms));
    figures.width = after.width;
    figures.height = after.height;
    figures.availableKbps = after.availableKbps;
    figures.bound = after.bound;
    return figures;
}

std::string_view name(Bound bound) {
    static constexpr std::string_view kNames[] = {"none", "cpu", "bandwidth", "other"};
    return kNames[static_cast<std::size_t>(bound)];
}

}  // namespace quality
