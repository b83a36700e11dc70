/// How a request ends that cannot be granted.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace streams {

/// An HTTP status, a code for programs, a sentence for the person, and where in the request the fault is (JSON pointer;
/// empty when it is not about the request's content).
struct Refuse {
    int status = 500;
    std::string code{}, what{}, where{};
    bool operator==(const Refuse&) const = default;
};

[[nodiscard]] inline Refuse noMemorial() {
    return {404, "not-found", "There is no such memorial. Please check the address.", ""};
}
[[nodiscard]] inline Refuse noStream() {
    return {404, "not-found", "There is no such stream. It may have been deleted.", ""};
}
[[nodiscard]] inline Refuse otherFamily() {
    return {403, "forbidden", "This memorial belongs to another family, so you cannot manage its streams.", ""};
}
[[nodiscard]] inline Refuse storeFailed() {
    return {503, "store-unavailable", "We could not reach our records just now. Please try again in a moment.", ""};
}
/// A step of a flow that its rules do not foresee: our own mistake, and never the person's.
[[nodiscard]] inline Refuse unexpected() {
    return {500, "internal", "Something went wrong on our side. Please try again.", ""};
}

/// A port could not carry out an effect: its code, for the log only its words, and the seconds for which whoever was
/// asked wants to be left alone (RFC 9110 section 10.2.3).
struct Failed {
    std::string code{}, what{};
    int retryAfter = 0;
    bool operator==(const Failed&) const = default;
};

/// Whether what failed may have been carried out all the same: only these codes say that it was not.
[[nodiscard]] inline bool isUnknown(const Failed& failed) {
    constexpr std::string_view kCertain[] = {"refused", "conflict", "gone", "not-found", "rate-limited"};
    return std::find(std::begin(kCertain), std::end(kCertain), failed.code) == std::end(kCertain);
}

/// A provider could not do it.
[[nodiscard]] inline Refuse providerFailed(const Failed& failed) {
    if (failed.code == "timeout") {
        return {504, "provider-timeout",
                "The video service took too long to answer. Nothing is lost: please try again.", ""};
    }
    return {502, "provider-unavailable", "The video service could not do this. Please try again in a minute.", ""};
}

}  // namespace streams
