#include "quality/readiness.hpp"

#include <algorithm>
#include <iterator>

namespace quality {
namespace {

using enum Readiness;

// Sound and a small picture; with less, only the sound is as it should be.
constexpr int kSlowKbps = 1000;
// Filming takes a phone about a quarter of its battery in an hour.
constexpr int kLowPercent = 30;
constexpr int kFullMegabytes = 100;

struct Rule {
    bool (*holds)(const Equipment&);
    Readiness readiness;
};

// The first that holds.
constexpr Rule kRules[] = {
    {[](const Equipment& e) { return !e.microphone; }, NoMicrophone},
    {[](const Equipment& e) { return e.muted; }, Muted},
    {[](const Equipment& e) { return e.silent; }, Silent},
    {[](const Equipment& e) { return !e.picture; }, NoPicture},
    {[](const Equipment& e) { return e.uplinkKbps == 0; }, Unreachable},
    {[](const Equipment& e) { return e.uplinkKbps.value_or(kSlowKbps) < kSlowKbps; }, Slow},
    {[](const Equipment& e) { return e.batteryPercent.value_or(kLowPercent) < kLowPercent; }, BatteryLow},
    {[](const Equipment& e) { return e.freeMegabytes.value_or(kFullMegabytes) < kFullMegabytes; }, StorageFull},
    {[](const Equipment& e) { return e.measuring; }, Measuring},
};

struct Words {
    std::string_view code, sentence;
};
constexpr Words kWords[] = {
    {"ready", "Everything is ready."},
    {"ready-no-microphone", "There is no microphone: the people watching will hear nothing."},
    {"ready-muted", "The microphone is off: turn it on before you start."},
    {"ready-silent", "Nothing is heard: please check the microphone."},
    {"ready-no-picture", "There is no picture: the people watching will only hear you."},
    {"ready-unreachable", "Our server cannot be reached from here just now."},
    {"ready-slow", "The connection is slow here: the sound comes first."},
    {"ready-battery", "The battery is low: plug the phone in."},
    {"ready-storage", "This device is nearly full: delete something you do not need."},
    {"ready-measuring", "One moment, we are checking the connection."},
};

}  // namespace

Readiness readiness(const Equipment& equipment) {
    const auto* rule =
        std::find_if(std::begin(kRules), std::end(kRules), [&](const Rule& each) { return each.holds(equipment); });
    return rule == std::end(kRules) ? Ready : rule->readiness;
}

std::string_view code(Readiness readiness) { return kWords[static_cast<std::size_t>(readiness)].code; }
std::string_view sentence(Readiness readiness) { return kWords[static_cast<std::size_t>(readiness)].sentence; }

}  // namespace quality
