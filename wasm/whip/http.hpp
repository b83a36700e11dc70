/// From an HTTP reply to what it means for a session (RFC 9725, WHEP draft). Reads headers, sends nothing.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "whip/outcome.hpp"

namespace whip {

/// What came back from a POST. The headers as fetch gives them: several lines of one name joined by ", ", "" for none.
struct Reply {
    int status = 0;     ///< 0: nothing came back (no network, CORS, closed socket)
    std::string url{};  ///< the URL that answered, after redirects
    std::string location{}, etag{}, link{}, retryAfter{}, contentType{};
    std::string body{};  ///< the answer's SDP
    Problem problem{};   ///< when the body is application/problem+json
};

/// Who is asking: a WHIP publisher or a WHEP viewer. They differ in what "not now" looks like.
enum class Role { Publisher, Viewer };

/// What `reply` means. `now` is the wall clock, for a Retry-After that names a date.
[[nodiscard]] Outcome interpret(const Reply& reply, Role role, std::chrono::sys_seconds now);

/// What the status of a PATCH's reply says; 0 when nothing came back. It is not an Outcome: no reply to a PATCH ends a
/// session (RFC 9725 section 4.3.1).
[[nodiscard]] Verdict readPatch(int status);

/// How long Retry-After asks to wait: seconds or any HTTP date (RFC 9110 section 10.2.3). Empty when it is neither; a
/// date in the past is 0 s.
[[nodiscard]] std::optional<std::chrono::seconds> readRetryAfter(std::string_view value, std::chrono::sys_seconds now);

}  // namespace whip
