#include "browser/http.hpp"

#include <memory>

namespace browser {

using js::val;

namespace {

constexpr std::chrono::seconds kRequestTime{30};

std::string header(const val& response, const char* name) {
    const val value = response["headers"].call<val>("get", val(name));
    return value.isString() ? value.as<std::string>() : std::string{};
}

// Long after its session has given up on it, a request is ended: those hanging in a dead network would use up the
// connections a browser allows per host.
js::Task endAfter(std::shared_ptr<js::Scope> request, std::chrono::seconds pause) {
    if (co_await js::sleep(pause, request->signal())) request->end();
}

}  // namespace

js::Async<whip::Reply> postOffer(std::string url, std::string sdp) {
    val headers = val::object();
    headers.set("content-type", "application/sdp");
    val request = val::object();
    request.set("method", "POST");
    request.set("headers", headers);
    request.set("body", sdp);
    const auto scope = std::make_shared<js::Scope>();
    request.set("signal", scope->signal());
    (void)endAfter(scope, kRequestTime);
    const js::Result response = co_await js::call(val::global(), "fetch", url, request);
    if (!response) {
        scope->end();
        co_return whip::Reply{};
    }
    const val& from = response.value;
    whip::Reply reply{
        .status = from["status"].as<int>(),
        .url = from["url"].as<std::string>(),
        .location = header(from, "location"),
        .etag = header(from, "etag"),
        .link = header(from, "link"),
        .retryAfter = header(from, "retry-after"),
    };
    const js::Result body = co_await js::call(from, "text");
    scope->end();
    if (!body) co_return whip::Reply{};
    reply.body = body.value.as<std::string>();
    co_return reply;
}

js::Settle deleteSession(const std::string& url) {
    val request = val::object();
    request.set("method", "DELETE");
    request.set("keepalive", true);
    return js::call(val::global(), "fetch", url, request);
}

std::chrono::sys_seconds now() {
    const double ms = val::global("Date").call<double>("now");
    return std::chrono::sys_seconds{std::chrono::seconds{static_cast<long long>(ms / 1000)}};
}

}  // namespace browser
