#include "browser/listener.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "browser/statistics.hpp"

namespace browser {

using js::val;
using namespace std::chrono_literals;

namespace {

// 85 ms at 48 kHz: longer than the pause between two looks, so that no peak falls between them.
constexpr std::size_t kSamples = 4096;
constexpr auto kLook = 50ms;
constexpr auto kAskAgain = 500ms;

float peakOf(const std::array<float, kSamples>& samples) {
    float peak = 0;
    for (const float sample : samples) peak = std::max(peak, std::abs(sample));
    return peak;
}

js::Task watch(const val context, const val analyser, const val track, const val signal,
               const std::function<void(const quality::Meter&)> tell) {
    quality::Meter meter;
    std::array<float, kSamples> samples{};
    auto pause = kLook;
    while (co_await js::sleep(pause, signal)) {
        const bool running = context["state"].as<std::string>() == "running";
        pause = running ? kLook : kAskAgain;
        if (!running) {
            (void)js::call(context, "resume");
            meter = {};
            continue;
        }
        analyser.call<void>("getFloatTimeDomainData",
                            val{emscripten::typed_memory_view(samples.size(), samples.data())});
        quality::measure(meter, {.peak = peakOf(samples), .off = track["enabled"].isFalse()}, steadyNow());
        tell(meter);
    }
}

}  // namespace

void Listener::listen(const val& stream, std::function<void(const quality::Meter&)> tell) {
    listening_ = js::Scope{};
    if (!source_.isUndefined()) source_.call<void>("disconnect");
    source_ = val::undefined();
    const val track = stream.call<val>("getAudioTracks")[0];
    if (track.isUndefined()) return;
    if (context_.isUndefined()) {
        const js::Result made = js::construct("AudioContext", val::object());
        if (!made) return;
        context_ = made.value;
    }
    const js::Result source = js::invoke(context_, "createMediaStreamSource", stream);
    const js::Result analyser = js::invoke(context_, "createAnalyser");
    if (!source || !analyser) return;
    source_ = source.value;
    val looked = analyser.value;
    looked.set("fftSize", static_cast<int>(kSamples));
    source_.call<void>("connect", looked);
    (void)watch(context_, looked, track, listening_.signal(), std::move(tell));
}

void Listener::end() {
    listening_.end();
    const val context = std::exchange(context_, val::undefined());
    source_ = val::undefined();
    if (!context.isUndefined()) (void)js::call(context, "close");
}

}  // namespace browser
