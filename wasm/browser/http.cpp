#include "browser/http.hpp"

#include <memory>
#include <string_view>
#include <utility>

namespace browser {

using js::val;

namespace {

constexpr std::chrono::seconds kRequestTime{30}, kPatchTime{5}, kDeleteTime{10}, kWarmTime{10}, kProbeTime{5};
constexpr std::size_t kLongestProblem = 500;

std::string header(const val& response, const char* name) {
    const val value = response["headers"].call<val>("get", val(name));
    return value.isString() ? value.as<std::string>() : std::string{};
}

std::string text(const val& object, const char* key) {
    const val value = object[key];
    return value.isString() ? value.as<std::string>().substr(0, kLongestProblem) : std::string{};
}

whip::Problem readProblem(const whip::Reply& reply) {
    if (!reply.contentType.starts_with("application/problem+json")) return {};
    const js::Result parsed = js::invoke(val::global("JSON"), "parse", reply.body);
    if (!parsed || parsed.value.isNull() || parsed.value.isUndefined()) return {};
    return {text(parsed.value, "type"), text(parsed.value, "title"), text(parsed.value, "detail")};
}

// Long after its session has given up on it, a request is ended: those hanging in a dead network would use up the
// connections a browser allows per host.
js::Task endAfter(std::shared_ptr<js::Scope> request, std::chrono::seconds pause) {
    if (co_await js::sleep(pause, request->signal())) request->end();
}

// RFC 9725 section 4.7: the token goes with every request, and no header goes out without one.
val headersOf(const Request& request) {
    val headers = val::object();
    if (request.contentType) headers.set("content-type", val(request.contentType));
    if (!request.token.empty()) headers.set("authorization", "Bearer " + request.token);
    if (!request.match.empty()) headers.set("if-match", request.match);
    return headers;
}

val initOf(const Request& request, const std::shared_ptr<js::Scope>& scope, std::chrono::seconds limit) {
    val init = val::object();
    init.set("method", val(request.method));
    init.set("headers", headersOf(request));
    if (!request.body.empty()) init.set("body", request.body);
    init.set("signal", scope->signal());
    (void)endAfter(scope, limit);
    return init;
}

bool isElsewhere(const std::string& url) {
    const js::Result parsed = js::construct("URL", val(url));
    return parsed && !parsed.value["origin"].strictlyEquals(val::global("location")["origin"]);
}

// Whether anything came back.
js::Async<bool> fetchOnly(std::string url, val init, std::shared_ptr<js::Scope> scope) {
    const js::Result response = co_await js::call(val::global(), "fetch", url, init);
    scope->end();
    co_return response.ok;
}

}  // namespace

js::Async<whip::Reply> send(Request request) {
    const auto scope = std::make_shared<js::Scope>();
    const bool patch = std::string_view{request.method} == "PATCH";
    const val init = initOf(request, scope, patch ? kPatchTime : kRequestTime);
    const js::Result response = co_await js::call(val::global(), "fetch", request.url, init);
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
        .contentType = header(from, "content-type"),
    };
    const js::Result body = co_await js::call(from, "text");
    scope->end();
    if (!body) co_return whip::Reply{};
    reply.body = body.value.as<std::string>();
    reply.problem = readProblem(reply);
    co_return reply;
}

js::Async<bool> deleteSession(std::string url, std::string token) {
    const auto scope = std::make_shared<js::Scope>();
    val init = initOf({.method = "DELETE", .url = url, .token = std::move(token)}, scope, kDeleteTime);
    init.set("keepalive", true);
    co_return co_await fetchOnly(std::move(url), init, scope);
}

js::Task warm(std::string url, std::string token) {
    const auto scope = std::make_shared<js::Scope>();
    Request request{.method = "OPTIONS", .url = url, .token = std::move(token)};
    if (isElsewhere(url)) request.contentType = "application/sdp";
    const val init = initOf(request, scope, kWarmTime);
    (void)co_await fetchOnly(std::move(url), init, scope);
}

js::Async<Echo> probe(std::string url, bool apart) {
    const auto scope = std::make_shared<js::Scope>();
    const bool elsewhere = isElsewhere(url);
    val init = initOf({.method = elsewhere ? "HEAD" : "OPTIONS", .url = url}, scope, kProbeTime);
    if (elsewhere) init.set("mode", val("no-cors"));
    // Fetch section 2.6: connections are kept apart by whether credentials may go over them; elsewhere none do by
    // default.
    if (apart) init.set("credentials", val(elsewhere ? "include" : "omit"));
    init.set("cache", val("no-store"));
    const js::Result response = co_await js::call(val::global(), "fetch", url, init);
    scope->end();
    if (response) co_return Echo::Heard;
    co_return response.error == "AbortError" ? Echo::Nothing : Echo::Failed;
}

std::chrono::sys_seconds now() {
    const double ms = val::global("Date").call<double>("now");
    return std::chrono::sys_seconds{std::chrono::seconds{static_cast<long long>(ms / 1000)}};
}

}  // namespace browser
