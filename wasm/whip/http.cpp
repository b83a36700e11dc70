#include "whip/http.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "core/url.hpp"
#include "whip/http_date.hpp"
#include "whip/link.hpp"

namespace whip {
namespace {

// RFC 9110: 408 and 425 invite another try, 429 and every 5xx say "not now" (RFC 9725 section 4.5).
bool mayPass(int status) { return status == 0 || status == 408 || status == 425 || status == 429 || status / 100 == 5; }

// Nobody streams yet: WHEP servers say so with 409 (Cloudflare: "Live broadcast not started yet") or a 404 that comes
// with Retry-After.
bool notBegun(const Reply& reply) { return reply.status == 409 || (reply.status == 404 && !reply.retryAfter.empty()); }

// WHEP draft, section 4.3: the reply to an offer that cannot be used carries the server's own.
bool hasOffer(const Reply& reply) {
    std::string_view type = reply.contentType;
    return core::iequals(core::trim(core::cut(type, ';')), "application/sdp") && !reply.body.empty() &&
           !reply.location.empty() && !core::resolve(reply.location, reply.url).empty();
}

Countered countered(const Reply& reply) {
    return {0, core::resolve(reply.location, reply.url), reply.etag, iceServers(reply.link), reply.body};
}

Outcome created(const Reply& reply) {
    Created created;
    created.resource = core::resolve(reply.location, reply.url);
    // Without the session's URL it could never be torn down (RFC 9725 section 4.2).
    if (reply.location.empty() || created.resource.empty() || reply.body.empty())
        return Refused{0, Reason::BadReply, {}};
    created.etag = reply.etag;
    created.iceServers = iceServers(reply.link);
    created.answer = reply.body;
    return created;
}

}  // namespace

Outcome interpret(const Reply& reply, Role role, std::chrono::sys_seconds now) {
    if (reply.status / 100 == 2) return created(reply);
    const auto pause = readRetryAfter(reply.retryAfter, now);
    if (reply.status == 0) return Dropped{0, Reason::Offline, {}, {}};
    if (mayPass(reply.status)) return Dropped{0, Reason::ServiceUnavailable, pause, reply.problem};
    if (role == Role::Viewer && notBegun(reply)) return Dropped{0, Reason::ServiceUnavailable, pause, reply.problem};
    if (role == Role::Viewer && reply.status == 406 && hasOffer(reply)) return countered(reply);
    if (reply.status == 409) return Dropped{0, Reason::InUse, pause, reply.problem};
    return Refused{0, refusalReason(reply.status), reply.problem};
}

Verdict readPatch(int status) {
    switch (status) {
        case 404:
        case 410:
            return Verdict::Gone;
        case 412:
            return Verdict::Mismatch;
        case 405:
        case 415:
        case 501:
            return Verdict::Neither;
        default:
            if (status / 100 == 2) return Verdict::Done;
            return mayPass(status) ? Verdict::Passing : Verdict::Unsupported;
    }
}

std::optional<std::chrono::seconds> readRetryAfter(std::string_view value, std::chrono::sys_seconds now) {
    value = core::trim(value);
    if (const auto seconds = core::parseUnsigned(value)) {
        constexpr std::uint64_t kDay = 24ULL * 60 * 60;
        return std::chrono::seconds{std::min(*seconds, kDay)};
    }
    if (const auto date = readHttpDate(value)) return std::max(*date - now, std::chrono::seconds{0});
    return {};
}

}  // namespace whip
