#include "browser/readiness.hpp"

#include <algorithm>
#include <string>

#include "quality/readiness.hpp"

namespace browser {

using js::val;

namespace {

std::optional<int> number(const val& object, const char* key) {
    const val value = object[key];
    if (!value.isNumber()) return {};
    return static_cast<int>(std::clamp(value.as<double>(), 0.0, 1e9));
}

}  // namespace

val readiness(const val& equipment) {
    const quality::Readiness found = quality::readiness({
        .picture = equipment["picture"].isTrue(),
        .microphone = equipment["microphone"].isTrue(),
        .muted = equipment["muted"].isTrue(),
        .silent = equipment["silent"].isTrue(),
        .measuring = equipment["measuring"].isTrue(),
        .uplinkKbps = number(equipment, "uplinkKbps"),
        .batteryPercent = number(equipment, "batteryPercent"),
        .freeMegabytes = number(equipment, "freeMegabytes"),
    });
    val told = val::object();
    told.set("code", std::string{quality::code(found)});
    told.set("sentence", std::string{quality::sentence(found)});
    return told;
}

}  // namespace browser
