/// fetch: one function per request a session sends.
#pragma once

#include <string>

#include "browser/js_async.hpp"
#include "whip/http.hpp"

namespace browser {

/// What goes out to an endpoint or a session. "" leaves a header or the body out.
struct Request {
    const char* method;
    std::string url;
    std::string token{};        ///< as Authorization: Bearer
    const char* contentType{};  ///< of `body`
    std::string body{};
    std::string match{};  ///< as If-Match
};

/// Sends a request, ended after half a minute. Redirects are followed with the body again (307, 308). Status 0 when
/// nothing came back.
js::Async<whip::Reply> send(Request request);

/// DELETEs a session; sent even when the page is closing. Not ok when nothing came back.
js::Async<bool> deleteSession(std::string url, std::string token);

/// Opens a connection to the endpoint before it is needed; across origins the reply to this OPTIONS also spares the
/// POST its preflight.
js::Task warm(std::string url, std::string token);

/// What came of a probe.
enum class Echo {
    Heard,   ///< something came back, whatever it is and whatever it allows this page to read
    Failed,  ///< the browser knows of no way there
    Nothing  ///< within five seconds: a TCP connection is asked for each second of these, and then ever more seldom
};

/// Asks the endpoint for anything. Apart: over connections that no other request shares.
js::Async<Echo> probe(std::string url, bool apart);

/// The wall clock, for a Retry-After that names a date.
[[nodiscard]] std::chrono::sys_seconds now();

}  // namespace browser
