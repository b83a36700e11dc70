#include "whip/http.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "whip/http_date.hpp"
#include "whip/link.hpp"

using namespace whip;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_seconds kNow{784111777s};  // Sun, 06 Nov 1994 08:49:37 GMT

Reply reply(int status) {
    return {
        .status = status, .url = "https://media.test/a/whip", .location = "/s/1", .etag = "\"e\"", .body = "v=0\r\n"};
}

}  // namespace

TEST_CASE("a 2xx with Location and answer is a session") {
    for (const int status : {200, 201, 299}) {
        CHECK(interpret(reply(status), Role::Publisher, kNow) ==
              Outcome{Created{0, "https://media.test/s/1", "\"e\"", {}, "v=0\r\n"}});
    }
}

TEST_CASE("a relative Location is resolved against the URL that answered") {
    struct Row {
        std::string location, resource;
    };
    const Row rows[] = {
        {"https://other.test/x", "https://other.test/x"},      {"/s/1?k=v", "https://media.test/s/1?k=v"},
        {"sess/77", "https://media.test/a/sess/77"},           {"../s", "https://media.test/s"},
        {"?session=9", "https://media.test/a/whip?session=9"},
    };
    for (const Row& row : rows) {
        Reply r = reply(201);
        r.location = row.location;
        const Outcome outcome = interpret(r, Role::Publisher, kNow);
        const auto* created = std::get_if<Created>(&outcome);
        REQUIRE(created);
        if (created) CHECK(created->resource == row.resource);
    }
}

TEST_CASE("a 201 that cannot be ended or played is refused") {
    Reply without = reply(201), odd = reply(201), empty = reply(201);
    without.location.clear();
    odd.location = "mailto:someone@media.test";
    empty.body.clear();
    for (const Reply& r : {without, odd, empty}) {
        CHECK(interpret(r, Role::Publisher, kNow) == Outcome{Refused{0, Reason::BadReply}});
    }
}

TEST_CASE("each status says whether to go on, and unknown ones count as their class") {
    struct Row {
        int status;
        Outcome publisher, viewer;
    };
    const auto refused = [](Reason reason) { return Outcome{Refused{0, reason, {}}}; };
    const auto dropped = [](Reason reason) { return Outcome{Dropped{0, reason, {}, {}}}; };
    const Row rows[] = {
        {0, dropped(Reason::Offline), dropped(Reason::Offline)},
        {302, refused(Reason::BadReply), refused(Reason::BadReply)},
        {400, refused(Reason::OfferRefused), refused(Reason::OfferRefused)},
        {401, refused(Reason::NotAllowed), refused(Reason::NotAllowed)},
        {403, refused(Reason::NotAllowed), refused(Reason::NotAllowed)},
        {404, refused(Reason::StreamGone), refused(Reason::StreamGone)},
        {406, refused(Reason::OfferRefused), refused(Reason::OfferRefused)},
        {408, dropped(Reason::ServiceUnavailable), dropped(Reason::ServiceUnavailable)},
        {409, dropped(Reason::InUse), dropped(Reason::ServiceUnavailable)},
        {410, refused(Reason::StreamGone), refused(Reason::StreamGone)},
        {415, refused(Reason::OfferRefused), refused(Reason::OfferRefused)},
        {418, refused(Reason::OfferRefused), refused(Reason::OfferRefused)},
        {422, refused(Reason::OfferRefused), refused(Reason::OfferRefused)},
        {425, dropped(Reason::ServiceUnavailable), dropped(Reason::ServiceUnavailable)},
        {429, dropped(Reason::ServiceUnavailable), dropped(Reason::ServiceUnavailable)},
        {500, dropped(Reason::ServiceUnavailable), dropped(Reason::ServiceUnavailable)},
        {503, dropped(Reason::ServiceUnavailable), dropped(Reason::ServiceUnavailable)},
        {599, dropped(Reason::ServiceUnavailable), dropped(Reason::ServiceUnavailable)},
        {999, refused(Reason::BadReply), refused(Reason::BadReply)},
    };
    for (const Row& row : rows) {
        CAPTURE(row.status);
        CHECK(interpret(reply(row.status), Role::Publisher, kNow) == row.publisher);
        CHECK(interpret(reply(row.status), Role::Viewer, kNow) == row.viewer);
    }
}

TEST_CASE("WHEP 4.3: a 406 with an offer and a session is a counter-offer, to a viewer only") {
    Reply r = reply(406);
    r.contentType = "Application/SDP; charset=utf-8";
    CHECK(interpret(r, Role::Viewer, kNow) == Outcome{Countered{0, "https://media.test/s/1", "\"e\"", {}, "v=0\r\n"}});
    CHECK(interpret(r, Role::Publisher, kNow) == Outcome{Refused{0, Reason::OfferRefused, {}}});
    for (auto part : {&Reply::contentType, &Reply::location, &Reply::body}) {
        Reply without = r;
        (without.*part).clear();
        CHECK(interpret(without, Role::Viewer, kNow) == Outcome{Refused{0, Reason::OfferRefused, {}}});
    }
}

TEST_CASE("4.1: what a server says about its refusal goes with it") {
    const Problem problem{"about:blank", "No room", "Come back later."};
    Reply r = reply(503);
    r.problem = problem;
    CHECK(interpret(r, Role::Publisher, kNow) == Outcome{Dropped{0, Reason::ServiceUnavailable, {}, problem}});
    r.status = 403;
    CHECK(interpret(r, Role::Publisher, kNow) == Outcome{Refused{0, Reason::NotAllowed, problem}});
}

TEST_CASE("4.3.1: the status of a PATCH says what it means for the feature it was for") {
    struct Row {
        int status;
        Verdict verdict;
    };
    const Row rows[] = {
        {200, Verdict::Done},        {204, Verdict::Done},        {299, Verdict::Done},
        {0, Verdict::Passing},       {408, Verdict::Passing},     {425, Verdict::Passing},
        {429, Verdict::Passing},     {500, Verdict::Passing},     {503, Verdict::Passing},
        {412, Verdict::Mismatch},    {404, Verdict::Gone},        {410, Verdict::Gone},
        {405, Verdict::Neither},     {415, Verdict::Neither},     {501, Verdict::Neither},
        {400, Verdict::Unsupported}, {422, Verdict::Unsupported}, {428, Verdict::Unsupported},
        {418, Verdict::Unsupported},
    };
    for (const Row& row : rows) {
        CAPTURE(row.status);
        CHECK(int(readPatch(row.status)) == int(row.verdict));
    }
}

TEST_CASE("Retry-After goes with every fault that may pass, and makes a viewer's 404 one") {
    for (const int status : {429, 503}) {
        Reply r = reply(status);
        r.retryAfter = "7";
        CHECK(interpret(r, Role::Publisher, kNow) == Outcome{Dropped{0, Reason::ServiceUnavailable, 7s}});
    }
    Reply r = reply(404);
    r.retryAfter = "2";
    CHECK(interpret(r, Role::Viewer, kNow) == Outcome{Dropped{0, Reason::ServiceUnavailable, 2s}});
    CHECK(interpret(r, Role::Publisher, kNow) == Outcome{Refused{0, Reason::StreamGone}});
}

TEST_CASE("Retry-After is seconds or a date") {
    struct Row {
        std::string_view value;
        std::optional<std::chrono::seconds> pause;
    };
    const Row rows[] = {
        {"0", 0s},
        {" 120 ", 120s},
        {"99999999999", 24h},
        {"Sun, 06 Nov 1994 08:50:37 GMT", 60s},
        {"Sun, 06 Nov 1994 08:48:37 GMT", 0s},
        {"", {}},
        {"-1", {}},
        {"1.5", {}},
        {"soon", {}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.value);
        CHECK(readRetryAfter(row.value, kNow) == row.pause);
    }
}

TEST_CASE("all three forms of an HTTP date are read, and nothing else") {
    for (const std::string_view text :
         {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
        CAPTURE(text);
        CHECK(readHttpDate(text) == kNow);
    }
    CHECK(readHttpDate("Thu, 29 Feb 2024 00:00:00 GMT") == std::chrono::sys_seconds{1709164800s});
    for (const std::string_view text :
         {"Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
          "Sun, 06 NovDec 1994 08:49:37 GMT", "Sun, 06 ovD 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
          "1994-11-06", "Sun, 06 Nov 1994 08:49:37 GMT GMT", "Sun, -6 Nov 1994 08:49:37 CET", ""}) {
        CAPTURE(text);
        CHECK_FALSE(readHttpDate(text));
    }
}

TEST_CASE("ICE servers are read from Link, whatever stands inside the quotes") {
    struct Row {
        std::string_view header;
        std::vector<IceServer> servers;
    };
    const Row rows[] = {
        {"", {}},
        {"<stun:stun.test:3478>; rel=\"ice-server\"", {{"stun:stun.test:3478", "", ""}}},
        {"<stun:stun.test>;rel=ice-server", {{"stun:stun.test", "", ""}}},
        {"<turn:t.test?transport=udp>; rel=\"ice-server\"; username=\"user\"; credential=\"p,a;s's \\\"w\\\\\"; "
         "credential-type=\"password\"",
         {{"turn:t.test?transport=udp", "user", "p,a;s's \"w\\"}}},
        // Two header lines, joined by fetch; a comma and a semicolon inside a URL.
        {"<turn:a,b;c>; rel=\"ice-server\"; username=\"u\"; credential=\"c\", <stun:s.test>; REL=\"ICE-server\"",
         {{"turn:a,b;c", "u", "c"}, {"stun:s.test", "", ""}}},
        {"<https://x.test/sse>; rel=\"urn:ietf:params:whip:ext:core:server-sent-events\"; events=\"a,b\", "
         "<turns:t.test>; username=u; credential=c; rel=\"preload ice-server\"",
         {{"turns:t.test", "u", "c"}}},
        {"<https://evil.test>; rel=\"ice-server\"", {}},
        {"<stun:>; rel=\"ice-server\"", {}},
        {"<stun:s.test>; rel=\"ice-server", {{"stun:s.test", "", ""}}},
        {"<stun:s.test", {}},
        {"stun:s.test; rel=\"ice-server\"", {}},
        {" , , <stun:s.test> ; rel = \"ice-server\" ; ; x , , ", {{"stun:s.test", "", ""}}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.header);
        CHECK(iceServers(row.header) == row.servers);
    }
}

TEST_CASE("every reason has a code of its own and a sentence that ends like one") {
    std::vector<std::string_view> codes;
    for (int i = 1; i <= int(Reason::Unsteady); ++i) {
        const auto reason = Reason(i);
        CAPTURE(i);
        CHECK_FALSE(code(reason).empty());
        CHECK(sentence(reason).ends_with("."));
        CHECK(std::find(codes.begin(), codes.end(), code(reason)) == codes.end());
        codes.push_back(code(reason));
    }
    CHECK(code(Reason::None).empty());
    CHECK(sentence(Reason::None).empty());
}

TEST_CASE("each way the camera can fail has its reason") {
    CHECK(captureReason("NotAllowedError") == Reason::CameraDenied);
    CHECK(captureReason("NotFoundError") == Reason::NoCamera);
    CHECK(captureReason("OverconstrainedError") == Reason::NoCamera);
    CHECK(captureReason("NotReadableError") == Reason::CameraBusy);
    CHECK(captureReason("TypeError") == Reason::CameraFailed);
    CHECK(captureReason("") == Reason::CameraFailed);
}
