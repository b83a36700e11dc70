/// Before a stream begins: whether everything is ready for it, in one sentence.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace quality {

/// What is known of a device and its way to our server. What a browser does not tell is left out, and is no fault.
struct Equipment {
    bool picture = false;  ///< of a camera or a screen
    bool microphone = false;
    bool muted = false;                   ///< the person has switched the microphone off
    bool silent = false;                  ///< it has given nothing for some seconds
    bool measuring = false;               ///< the way is still being measured
    std::optional<int> uplinkKbps{};      ///< what our server took in a second; 0: it was not reached
    std::optional<int> batteryPercent{};  ///< only while nothing charges it
    std::optional<int> freeMegabytes{};   ///< of storage

    bool operator==(const Equipment&) const = default;
};

enum class Readiness : std::uint8_t {
    Ready,
    NoMicrophone,
    Muted,
    Silent,
    NoPicture,
    Unreachable,
    Slow,
    BatteryLow,
    StorageFull,
    Measuring,
};

/// The one thing to tell: what is worst, the sound before the picture.
[[nodiscard]] Readiness readiness(const Equipment& equipment);

[[nodiscard]] std::string_view code(Readiness readiness);  ///< "ready", "ready-slow" and the like. Never changes.
[[nodiscard]] std::string_view sentence(Readiness readiness);

}  // namespace quality
