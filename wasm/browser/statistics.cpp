#include "browser/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace browser {

using js::val;
using quality::Sample;

namespace {

double number(const val& entry, const char* key) {
    const val value = entry[key];
    const double read = value.isNumber() ? value.as<double>() : 0;
    return std::isfinite(read) ? read : 0;
}

std::int64_t count(const val& entry, const char* key) { return static_cast<std::int64_t>(number(entry, key)); }

bool is(const val& entry, const char* key, const char* text) {
    const val value = entry[key];
    return value.isString() && value.as<std::string>() == text;
}

quality::Bound bound(const val& entry) {
    const char* const key = "qualityLimitationReason";
    if (is(entry, key, "cpu")) return quality::Bound::Cpu;
    if (is(entry, key, "bandwidth")) return quality::Bound::Bandwidth;
    return is(entry, key, "other") ? quality::Bound::Other : quality::Bound::None;
}

void readSent(const val& entry, Sample& sample) {
    const std::int64_t bytes = count(entry, "bytesSent") + count(entry, "headerBytesSent");
    sample.packets += count(entry, "packetsSent");
    sample.resent += count(entry, "retransmittedPacketsSent");
    if (is(entry, "kind", "audio")) {
        sample.audioBytes += bytes;
        return;
    }
    sample.videoBytes += bytes;
    sample.frames = count(entry, "framesEncoded");
    sample.width = static_cast<int>(number(entry, "frameWidth"));
    sample.height = static_cast<int>(number(entry, "frameHeight"));
    sample.bound = bound(entry);
}

}  // namespace

Sample readStatistics(const val& report) {
    Sample sample{.at = steadyNow()};
    double roundTrip = 0;  // s
    for (const val& entry : val::global("Array").call<val>("from", report.call<val>("values"))) {
        if (is(entry, "type", "outbound-rtp")) readSent(entry, sample);
        if (is(entry, "type", "remote-inbound-rtp")) {
            sample.lost += count(entry, "packetsLost");
            roundTrip = std::max(roundTrip, number(entry, "roundTripTime"));
        }
        const bool pair = is(entry, "type", "candidate-pair");
        if (pair) sample.received += count(entry, "responsesReceived") + count(entry, "bytesReceived");
        if (pair && entry["nominated"].isTrue())
            sample.availableKbps = static_cast<int>(number(entry, "availableOutgoingBitrate") / 1000);
    }
    sample.roundTrip = std::chrono::milliseconds{std::lround(roundTrip * 1000)};
    return sample;
}

std::chrono::milliseconds steadyNow() {
    return std::chrono::milliseconds{static_cast<long>(val::global("performance").call<double>("now"))};
}

}  // namespace browser
