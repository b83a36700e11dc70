#include <emscripten/bind.h>

EMSCRIPTEN_BINDINGS(server_sdp) {}
