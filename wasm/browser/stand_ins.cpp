#include "browser/stand_ins.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace browser {

using js::val;
using namespace std::chrono_literals;

namespace {

// The colours of the pages over video: web/styles/tokens.css.
constexpr const char *kGround = "#191b1c", *kGlow = "#3a4346", *kInk = "#f6f4f0";

std::vector<std::string> wrapped(const val& pen, const std::string& sentence, double width) {
    std::vector<std::string> lines{""};
    std::size_t at = 0;
    while (at < sentence.size()) {
        const std::size_t end = std::min(sentence.find(' ', at), sentence.size());
        const std::string word = sentence.substr(at, end - at);
        const std::string longer = lines.back().empty() ? word : lines.back() + " " + word;
        if (lines.back().empty() || pen.call<val>("measureText", longer)["width"].as<double>() <= width)
            lines.back() = longer;
        else
            lines.push_back(word);
        at = end + 1;
    }
    return lines;
}

void draw(val pen, int width, int height, const std::string& sentence) {
    const double w = width, h = height, edge = std::min(w, h);
    val light = pen.call<val>("createRadialGradient", w / 2, h * 0.45, 0, w / 2, h * 0.45, std::max(w, h) * 0.6);
    light.call<void>("addColorStop", 0, std::string{kGlow});
    light.call<void>("addColorStop", 1, std::string{kGround});
    pen.set("fillStyle", light);
    pen.call<void>("fillRect", 0, 0, width, height);
    pen.set("fillStyle", std::string{kInk});
    pen.set("textAlign", std::string{"center"});
    pen.set("textBaseline", std::string{"middle"});
    const double size = edge / 16;
    pen.set("font", std::to_string(static_cast<int>(size)) + "px Georgia, serif");
    const std::vector<std::string> lines = wrapped(pen, sentence, w * 0.8);
    double y = h / 2 - size * 0.7 * static_cast<double>(lines.size() - 1);
    for (const std::string& line : lines) {
        pen.call<void>("fillText", line, w / 2, y);
        y += size * 1.4;
    }
}

js::Task redraw(val pen, int width, int height, std::string sentence, val signal) {
    do {
        draw(pen, width, height, sentence);
    } while (co_await js::sleep(500ms, signal));
}

}  // namespace

Slate::Slate(int width, int height, std::string sentence) {
    const val canvas = val::global("document").call<val>("createElement", std::string{"canvas"});
    val{canvas}.set("width", width);
    val{canvas}.set("height", height);
    const js::Result pen = js::invoke(canvas, "getContext", std::string{"2d"});
    if (!pen || pen.value.isNull()) return;
    draw(pen.value, width, height, sentence);
    const js::Result stream = js::invoke(canvas, "captureStream", 5);
    if (!stream) return;
    track_ = stream.value.call<val>("getVideoTracks")[0];
    (void)redraw(pen.value, width, height, std::move(sentence), life_.signal());
}

Slate::~Slate() {
    if (!track_.isUndefined()) track_.call<void>("stop");
}

Silence::Silence() {
    const js::Result context = js::construct("AudioContext", val::undefined());
    if (!context) return;
    context_ = context.value;
    val source = context_.call<val>("createConstantSource");
    val{source["offset"]}.set("value", 0);
    const val out = context_.call<val>("createMediaStreamDestination");
    source.call<void>("connect", out);
    source.call<void>("start");
    track_ = out["stream"].call<val>("getAudioTracks")[0];
}

Silence::~Silence() {
    if (!track_.isUndefined()) track_.call<void>("stop");
    if (!context_.isUndefined()) (void)js::call(context_, "close");
}

}  // namespace browser
