/// What the module of a page that shows a service exports; nothing is decided here.
#include <emscripten/bind.h>

#include "browser/exchange.hpp"
#include "browser/player.hpp"

namespace {

using emscripten::val;

EMSCRIPTEN_DECLARE_VAL_TYPE(PlayerCallback);
EMSCRIPTEN_DECLARE_VAL_TYPE(PublicView);

browser::Player* makePlayer(PlayerCallback onChange) { return new browser::Player(std::move(onChange)); }
void show(browser::Player& player, PublicView view) { player.show(view); }

int liveObjects() { return browser::Exchange::alive; }

}  // namespace

EMSCRIPTEN_BINDINGS(player) {
    using namespace emscripten;
    register_type<PlayerCallback>(
        "(state: {"
        " mode: 'waiting' | 'connecting' | 'whep' | 'hls' | 'interrupted' | 'preparing' | 'recording' | 'none',"
        " url: string, stream: MediaStream | null }) => void");
    register_type<PublicView>(
        "{ phase: string, whepUrl?: string | null, hlsUrl?: string | null, recordingUrl?: string | null,"
        " preferredRecordingSource?: string, recordingSources?: { cloudflare?: { available: boolean, playbackUrl?: "
        "string },"
        " mux?: { available: boolean, playbackUrl?: string } } }");
    class_<browser::Player>("Player")
        .constructor(&makePlayer, return_value_policy::take_ownership())
        .function("show(view)", &show)
        .function("report(what)", &browser::Player::report);
    function("liveObjects", &liveObjects);
}
