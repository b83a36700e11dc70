/// What the module of a page that sends exports (web/modules.d.ts has the types); nothing is decided here.
#include <emscripten/bind.h>

#include "browser/capturing.hpp"
#include "browser/exchange.hpp"
#include "browser/js_object.hpp"
#include "browser/publisher.hpp"
#include "browser/readiness.hpp"

namespace {

using browser::Publisher;

template <auto member>
constexpr auto method = js::method<Publisher, member>;

constexpr js::Method kMethods[] = {
    {"preview", method<&Publisher::preview>},
    {"arm", method<&Publisher::arm>},
    {"choose", method<&Publisher::choose>},
    {"listen", method<&Publisher::listen>},
    {"watch", method<&Publisher::watch>},
    {"log", method<&Publisher::log>},
    {"start", method<&Publisher::start>},
    {"stop", method<&Publisher::stop>},
    {"leave", method<&Publisher::leave>},
    {"useCamera", method<&Publisher::useCamera>},
    {"useMicrophone", method<&Publisher::useMicrophone>},
    {"flip", method<&Publisher::flip>},
    {"shareScreen", method<&Publisher::shareScreen>},
    {"mute", method<&Publisher::mute>},
    {"cameraOff", method<&Publisher::cameraOff>},
    {"setSlate", method<&Publisher::setSlate>},
    {"delete", js::end<Publisher>},
};

js::val createPublisher(js::val onChange) { return js::object(new Publisher{std::move(onChange)}, kMethods); }
js::val readiness(js::val equipment) { return browser::readiness(equipment); }
int liveObjects() { return browser::Exchange::alive + browser::Capturing::alive; }

}  // namespace

EMSCRIPTEN_BINDINGS(publisher) {
    emscripten::function("createPublisher", &createPublisher);
    emscripten::function("readiness", &readiness);
    emscripten::function("liveObjects", &liveObjects);
}
