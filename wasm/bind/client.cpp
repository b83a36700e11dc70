/// What the browser's module exports; nothing is decided here.
#include <emscripten/bind.h>

#include "browser/publisher.hpp"
#include "browser/publishing.hpp"

namespace {

using emscripten::val;

EMSCRIPTEN_DECLARE_VAL_TYPE(PublisherCallback);

browser::Publisher* makePublisher(PublisherCallback onChange) { return new browser::Publisher(std::move(onChange)); }

std::string version() { return "0.1.0"; }
int liveObjects() { return browser::Publishing::alive; }

}  // namespace

EMSCRIPTEN_BINDINGS(client) {
    using namespace emscripten;
    register_type<PublisherCallback>(
        "(state: {"
        " phase: 'Idle' | 'Capturing' | 'Ready' | 'Offering' | 'Posting' | 'Connecting' | 'Live' | 'Waiting' | "
        "'Stopping'"
        " | 'Failed',"
        " reason: string, sentence: string, stream: MediaStream | null, attempt: number }) => void");
    class_<browser::Publisher>("Publisher")
        .constructor(&makePublisher, return_value_policy::take_ownership())
        .function("preview", &browser::Publisher::preview)
        .function("start(endpoint)", &browser::Publisher::start)
        .function("stop", &browser::Publisher::stop)
        .function("leave", &browser::Publisher::leave);
    function("version", &version);
    function("liveObjects", &liveObjects);
}
