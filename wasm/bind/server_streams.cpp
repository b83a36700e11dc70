// The names under which the server's JavaScript reaches the flows; nothing else.
#include <emscripten/bind.h>

#include "streams/flow_json.hpp"

EMSCRIPTEN_BINDINGS(server_streams) {
    using namespace emscripten;
    class_<streams::Flow>("Flow").function("next", &streams::Flow::next);
    function("createStream", &streams::createStream);
    function("settleIntent", &streams::settleIntent);
    function("readNotice", &streams::readNotice);
    function("reconcileStream", &streams::reconcileStream);
    function("checkStream", &streams::checkStream);
    function("renameStream", &streams::renameStream);
    function("removeStream", &streams::removeStream);
    function("rotateKeys", &streams::rotateKeys);
    function("retryBackup", &streams::retryBackup);
    function("relayTarget", &streams::relayTarget);
    function("viewMemorial", &streams::viewMemorial);
    function("listStreams", &streams::listStreams);
    function("getStream", &streams::getStream);
    function("listMemorials", &streams::listMemorials);
    function("createMemorial", &streams::createMemorial);
}
