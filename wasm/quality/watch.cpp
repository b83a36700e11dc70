#include "quality/watch.hpp"

#include <cmath>

namespace quality {

bool look(Watch& watch, const Sample& sample, Size size) {
    const bool another = watch.last && sample.packets < watch.last->packets;
    const bool counting = watch.last && !another && sample.at > watch.last->at;
    if (another) watch.governor.quickest = 0;  // it may go over another network
    if (counting) {
        watch.figures = between(*watch.last, sample);
        observe(watch.governor, watch.figures, size);
    }
    watch.last = sample;
    watch.limits = limits(watch.governor, size);
    if (counting) settle(watch.steady, judge(watch.figures, watch.limits, size));
    return counting;
}

void Log::note(milliseconds at, std::string_view what) { add(at, what); }

void Log::note(milliseconds at, const Watch& watch) {
    const Figures& f = watch.figures;
    const auto number = [](double value) { return std::to_string(std::lround(value)); };
    std::string line{name(watch.steady.told.grade)};
    line.append(" ").append(code(watch.steady.told.cause));
    line.append(" audio=").append(number(f.audioKbps)).append(" video=").append(number(f.videoKbps));
    line.append(" kbit/s loss=").append(number(f.lossPercent)).append(" % roundtrip=").append(number(f.roundTripMs));
    line.append(" ms ").append(number(f.width)).append("x").append(number(f.height));
    line.append("@").append(number(f.framesPerSecond)).append(" available=").append(number(f.availableKbps));
    line.append(" room=").append(number(watch.governor.room));
    add(at, line);
}

void Log::add(milliseconds at, std::string_view what) {
    if (!began_) began_ = at;
    lines_.push_back(std::to_string((at - *began_).count() / 1000) + " " + std::string{what});
    if (lines_.size() > kMost) lines_.pop_front();
}

std::string Log::text() const {
    std::string text;
    for (const std::string& line : lines_) text.append(line).append("\n");
    return text;
}

}  // namespace quality
