/// fetch: one function per request a session sends.
#pragma once

#include <string>

#include "browser/js_async.hpp"
#include "whip/http.hpp"

namespace browser {

/// POSTs an offer. Redirects are followed with the offer again (307, 308). Status 0 when nothing came back.
js::Async<whip::Reply> postOffer(std::string url, std::string sdp);

/// DELETEs a session; sent even when the page is closing. Whatever comes back, the session is not ours any more.
js::Settle deleteSession(const std::string& url);

/// The wall clock, for a Retry-After that names a date.
[[nodiscard]] std::chrono::sys_seconds now();

}  // namespace browser
