#include "whip/reason.hpp"

namespace whip {
namespace {

struct Words {
    std::string_view code, sentence;
};

// In the order of the enum.
constexpr Words kWords[] = {
    {"", ""},
    {"camera-denied",
     "This page may not use the camera and the microphone. Allow both in the browser's settings for this page, then "
     "try "
     "again."},
    {"no-camera", "No camera with a microphone was found. Connect one, or open this page on a phone, then try again."},
    {"camera-busy", "Another app is using the camera or the microphone. Close that app, then try again."},
    {"camera-failed", "The camera could not be started. Close other apps that use it, then try again."},
    {"insecure-page",
     "The browser only allows the camera on a secure page. Open this page with https:// at the start of its address."},
    {"unsupported-browser",
     "This browser cannot stream. Open this page in Safari, Chrome, Edge or Firefox, in a current version."},
    {"not-allowed",
     "The streaming service does not accept this stream's link any more. Stop and start again, or ask the person who "
     "set up the stream."},
    {"stream-gone",
     "This stream's link does not work any more: it was changed, or the stream was removed. Stop and start again."},
    {"offer-refused", "The streaming service could not use what this browser offers. Try another browser or phone."},
    {"answer-unfit",
     "The streaming service did not accept both the picture and the sound. Try again, or use another browser or "
     "phone."},
    {"bad-reply",
     "The streaming service gave an answer that makes no sense. Try again; if it stays so, tell the person who set up "
     "the stream."},
    {"in-use",
     "Another device is streaming this service at the moment. This one takes over as soon as the other one stops."},
    {"service-unavailable",
     "The streaming service is not ready at the moment. Please leave this page open: it keeps trying."},
    {"offline",
     "There is no connection to the streaming service. Please leave this page open: the camera stays on, and the "
     "stream "
     "goes on as soon as the connection is back."},
    {"no-reply", "The streaming service does not answer. Please leave this page open: it keeps trying."},
    {"connection-lost", "The connection was lost. Please leave this page open: it is connecting again."},
    {"unsteady", "The connection is unsteady at the moment."},
};
static_assert(sizeof kWords / sizeof *kWords == static_cast<std::size_t>(Reason::Unsteady) + 1);

}  // namespace

std::string_view code(Reason reason) { return kWords[static_cast<std::size_t>(reason)].code; }
std::string_view sentence(Reason reason) { return kWords[static_cast<std::size_t>(reason)].sentence; }

Reason captureReason(std::string_view errorName) {
    struct Row {
        std::string_view name;
        Reason reason;
    };
    static constexpr Row kRows[] = {
        {"NotAllowedError", Reason::CameraDenied},
        {"SecurityError", Reason::CameraDenied},
        {"NotFoundError", Reason::NoCamera},
        {"OverconstrainedError", Reason::NoCamera},
        {"NotReadableError", Reason::CameraBusy},
        {"AbortError", Reason::CameraBusy},
        // The names of older Chromium and Safari versions.
        {"PermissionDeniedError", Reason::CameraDenied},
        {"DevicesNotFoundError", Reason::NoCamera},
        {"TrackStartError", Reason::CameraBusy},
    };
    for (const Row& row : kRows) {
        if (row.name == errorName) return row.reason;
    }
    return Reason::CameraFailed;
}

Reason refusalReason(int status) {
    switch (status) {
        case 401:
        case 403:
            return Reason::NotAllowed;
        case 404:
        case 410:
            return Reason::StreamGone;
        default:
            return status / 100 == 4 ? Reason::OfferRefused : Reason::BadReply;
    }
}

}  // namespace whip
