#include "browser/stand_ins.hpp"

#include <emscripten/em_js.h>

EM_JS_DEPS(stand_ins, "$Emval,$UTF8ToString");

// In JavaScript, because a canvas takes many small calls. The colours are those of the pages over video
// (web/styles/tokens.css).
// clang-format off
EM_JS(emscripten::EM_VAL, make_slate, (int width, int height, const char* sentence), {
  try {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const pen = canvas.getContext('2d');
    const words = UTF8ToString(sentence).split(' ');
    const size = Math.min(width, height) / 16;
    const light = pen.createRadialGradient(width / 2, height / 2, 0, width / 2, height / 2, Math.max(width, height) / 1.6);
    light.addColorStop(0, '#3a4346');
    light.addColorStop(1, '#191b1c');
    pen.font = size + 'px Georgia, serif';
    pen.textAlign = 'center';
    const lines = [words.shift()];
    for (const word of words) {
      const longer = lines[lines.length - 1] + ' ' + word;
      if (pen.measureText(longer).width > width * 0.8) lines.push(word);
      else lines[lines.length - 1] = longer;
    }
    const draw = () => {
      pen.fillStyle = light;
      pen.fillRect(0, 0, width, height);
      pen.fillStyle = '#f6f4f0';
      lines.forEach((line, n) => pen.fillText(line, width / 2, height / 2 + size * 1.4 * (n + 0.75 - lines.length / 2)));
    };
    draw();
    const [track] = canvas.captureStream(5).getVideoTracks();
    const timer = setInterval(draw, 500);
    return Emval.toHandle({ track, end() { clearInterval(timer); track.stop() } });
  } catch {
    return Emval.toHandle(undefined);
  }
});
EM_JS(emscripten::EM_VAL, make_silence, (), {
  try {
    const context = new AudioContext();
    const source = context.createConstantSource();
    const out = context.createMediaStreamDestination();
    source.offset.value = 0;
    source.connect(out);
    source.start();
    const [track] = out.stream.getAudioTracks();
    return Emval.toHandle({ track, end() { track.stop(); context.close() } });
  } catch {
    return Emval.toHandle(undefined);
  }
});
// clang-format on

namespace browser {

using js::val;

val slate(int width, int height, const std::string& sentence) {
    return val::take_ownership(make_slate(width, height, sentence.c_str()));
}

val silence() { return val::take_ownership(make_silence()); }

}  // namespace browser
