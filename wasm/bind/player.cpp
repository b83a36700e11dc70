/// What the module of a page that shows a service exports (web/modules.d.ts has the types); nothing is decided here.
#include <emscripten/bind.h>

#include "browser/exchange.hpp"
#include "browser/js_object.hpp"
#include "browser/player.hpp"

namespace {

using browser::Player;

constexpr js::Method kMethods[] = {
    {"show", js::method<Player, &Player::show>},
    {"report", js::method<Player, &Player::report>},
    {"delete", js::end<Player>},
};

js::val createPlayer(js::val onChange) { return js::object(new Player{std::move(onChange)}, kMethods); }
int liveObjects() { return browser::Exchange::alive; }

}  // namespace

EMSCRIPTEN_BINDINGS(player) {
    emscripten::function("createPlayer", &createPlayer);
    emscripten::function("liveObjects", &liveObjects);
}
