/// What the module of a page that sends exports; nothing is decided here.
#include <emscripten/bind.h>

#include "browser/capturing.hpp"
#include "browser/exchange.hpp"
#include "browser/publisher.hpp"
#include "browser/readiness.hpp"

namespace {

using emscripten::val;

EMSCRIPTEN_DECLARE_VAL_TYPE(PublisherCallback);
EMSCRIPTEN_DECLARE_VAL_TYPE(PublisherTarget);
EMSCRIPTEN_DECLARE_VAL_TYPE(PublisherChoice);
EMSCRIPTEN_DECLARE_VAL_TYPE(SoundCallback);
EMSCRIPTEN_DECLARE_VAL_TYPE(ReportCallback);
EMSCRIPTEN_DECLARE_VAL_TYPE(Equipment);
EMSCRIPTEN_DECLARE_VAL_TYPE(Readiness);

browser::Publisher* makePublisher(PublisherCallback onChange) { return new browser::Publisher(std::move(onChange)); }

void arm(browser::Publisher& publisher, PublisherTarget target) { publisher.arm(target); }
void choose(browser::Publisher& publisher, PublisherChoice choice) { publisher.choose(choice); }
void listen(browser::Publisher& publisher, SoundCallback onSound) { publisher.listen(onSound); }
void watch(browser::Publisher& publisher, ReportCallback onReport) { publisher.watch(onReport); }

Readiness readiness(Equipment equipment) { return Readiness{browser::readiness(equipment)}; }

int liveObjects() { return browser::Exchange::alive + browser::Capturing::alive; }

}  // namespace

EMSCRIPTEN_BINDINGS(publisher) {
    using namespace emscripten;
    register_type<PublisherCallback>(
        "(state: {"
        " phase: 'Idle' | 'Capturing' | 'Ready' | 'Offering' | 'Posting' | 'Connecting' | 'Live' | 'Waiting' | "
        "'Stopping'"
        " | 'Failed',"
        " reason: string, sentence: string, stream: MediaStream | null, attempt: number,"
        " problem: { type: string, title: string, detail: string } | null,"
        " devices: { cameras: { id: string, label: string }[], microphones: { id: string, label: string }[],"
        " camera: string, microphone: string, facing: '' | 'user' | 'environment',"
        " picture: 'none' | 'camera' | 'screen' | 'slate', muted: boolean, cameraOff: boolean,"
        " canShareScreen: boolean, warnings: { code: string, sentence: string }[] } }) => void");
    register_type<PublisherTarget>("{ endpoint: string, token?: string, iceServers?: RTCIceServer[] }");
    register_type<PublisherChoice>("{ speech: boolean, size: '1080p' | '720p' | '480p' }");
    register_type<SoundCallback>("(sound: { level: number, hold: number, silent: boolean }) => void");
    register_type<ReportCallback>(
        "(report: {"
        " grade: 'good' | 'fair' | 'poor', cause: string, sentence: string,"
        " audioKbps: number, videoKbps: number, lossPercent: number, roundTripMs: number,"
        " framesPerSecond: number, width: number, height: number,"
        " bound: 'none' | 'cpu' | 'bandwidth' | 'other' }) => void");
    register_type<Equipment>(
        "{ picture: boolean, microphone: boolean, muted: boolean, silent: boolean, measuring: boolean,"
        " uplinkKbps?: number, batteryPercent?: number, freeMegabytes?: number }");
    register_type<Readiness>("{ code: string, sentence: string }");
    function("readiness(equipment)", &readiness);
    class_<browser::Publisher>("Publisher")
        .constructor(&makePublisher, return_value_policy::take_ownership())
        .function("preview", &browser::Publisher::preview)
        .function("arm(target)", &arm)
        .function("choose(choice)", &choose)
        .function("listen(onSound)", &listen)
        .function("watch(onReport)", &watch)
        .function("log", &browser::Publisher::log)
        .function("start(endpoint)", &browser::Publisher::start)
        .function("stop", &browser::Publisher::stop)
        .function("leave", &browser::Publisher::leave)
        .function("useCamera(id)", &browser::Publisher::useCamera)
        .function("useMicrophone(id)", &browser::Publisher::useMicrophone)
        .function("flip", &browser::Publisher::flip)
        .function("shareScreen(on)", &browser::Publisher::shareScreen)
        .function("mute(on)", &browser::Publisher::mute)
        .function("cameraOff(on)", &browser::Publisher::cameraOff)
        .function("setSlate(sentence)", &browser::Publisher::setSlate);
    function("liveObjects", &liveObjects);
}
