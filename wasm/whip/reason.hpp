/// Why a session does not run, or runs badly: a code for programs and a sentence for the person holding the phone.
#pragma once

#include <cstdint>
#include <string_view>

namespace whip {

enum class Reason : std::uint8_t {
    None,
    // Nothing more happens until the person acts.
    CameraDenied,
    NoCamera,
    CameraBusy,
    CameraFailed,
    InsecurePage,
    UnsupportedBrowser,
    NotAllowed,
    StreamGone,
    OfferRefused,
    AnswerUnfit,
    BadReply,
    // It goes on by itself.
    InUse,
    ServiceUnavailable,
    Offline,
    NoReply,
    ConnectionLost,
    Unsteady,
};

/// The reason's name in the state a page sees, for instance "camera-denied"; "" for None. Never changes.
[[nodiscard]] std::string_view code(Reason reason);

/// What to tell the person: what happened and what they can do. "" for None.
[[nodiscard]] std::string_view sentence(Reason reason);

/// Why getUserMedia failed, from the name of its DOMException (W3C Media Capture and Streams section 10.2).
[[nodiscard]] Reason captureReason(std::string_view errorName);

/// Why an HTTP status is final for us. Codes without a row count as their class's x00 (RFC 9725 section 4.1).
[[nodiscard]] Reason refusalReason(int status);

}  // namespace whip
