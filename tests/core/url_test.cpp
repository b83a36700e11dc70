#include "core/url.hpp"

#include <doctest/doctest.h>

using core::resolve;

namespace {
struct Row {
    const char *reference, *url;
};
}  // namespace

TEST_CASE("references resolve as in the examples of RFC 3986 section 5.4") {
    const Row rows[] = {
        // 5.4.1 normal
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q#s"},
        {"g#s", "http://a/b/c/g#s"},
        {"g?y#s", "http://a/b/c/g?y#s"},
        {";x", "http://a/b/c/;x"},
        {"g;x", "http://a/b/c/g;x"},
        {"g;x?y#s", "http://a/b/c/g;x?y#s"},
        {"", "http://a/b/c/d;p?q"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../", "http://a/"},
        {"../../g", "http://a/g"},
        // 5.4.2 abnormal
        {"../../../g", "http://a/g"},
        {"../../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {".g", "http://a/b/c/.g"},
        {"g..", "http://a/b/c/g.."},
        {"..g", "http://a/b/c/..g"},
        {"./../g", "http://a/b/g"},
        {"./g/.", "http://a/b/c/g/"},
        {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"},
        {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
        {"g;x=1/../y", "http://a/b/c/y"},
        {"g?y/./x", "http://a/b/c/g?y/./x"},
        {"g?y/../x", "http://a/b/c/g?y/../x"},
        {"g#s/./x", "http://a/b/c/g#s/./x"},
        {"g#s/../x", "http://a/b/c/g#s/../x"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.reference);
        CHECK(resolve(row.reference, "http://a/b/c/d;p?q") == row.url);
    }
}

TEST_CASE("the Locations real servers send become absolute") {
    const char* endpoint = "https://whip.test:8443/live/in?token=t#top";
    const Row rows[] = {
        {"https://other.test/s/1", "https://other.test/s/1"},
        {"HTTPS://other.test/s/1", "https://other.test/s/1"},
        {"//other.test/s/1", "https://other.test/s/1"},
        {"/s/1", "https://whip.test:8443/s/1"},
        {"s/1", "https://whip.test:8443/live/s/1"},
        {"?session=1", "https://whip.test:8443/live/in?session=1"},  // the session only in the query
        {"", "https://whip.test:8443/live/in?token=t"},              // the endpoint itself
        {" /s/1 ", "https://whip.test:8443/s/1"},
        {"https://[2001:db8::1]:8443/s", "https://[2001:db8::1]:8443/s"},
        {"/s:1", "https://whip.test:8443/s:1"},
        {"./s:1", "https://whip.test:8443/live/s:1"},
        {"1:2", "https://whip.test:8443/live/1:2"},  // no scheme begins with a digit
        {"/a//b/../c", "https://whip.test:8443/a//c"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.reference);
        CHECK(resolve(row.reference, endpoint) == row.url);
    }
    CHECK(resolve("s", "https://whip.test") == "https://whip.test/s");
    CHECK(resolve("?s", "https://whip.test") == "https://whip.test?s");
}

TEST_CASE("what is not an absolute http or https URL in the end is refused") {
    const Row rows[] = {
        {"javascript:alert(1)", "https://a/b"},
        {"data:text/plain,x", "https://a/b"},
        {"ftp://a/b", "https://a/b"},
        {"wss://a/b", "https://a/b"},
        {"http:g", "http://a/b"},  // RFC 3986 section 5.4.2: a strict parser does not take the base's host
        {"https:/g", "https://a/b"},
        {"https://", "https://a/b"},
        {"https:///s", "https://a/b"},
        {"https://:8443/s", "https://a/b"},
        {"https://user@/s", "https://a/b"},
        {"///s", "https://a/b"},
        {"/s 1", "https://a/b"},
        {"/s\r\nX: y", "https://a/b"},
        {"/s\x7f", "https://a/b"},
        {"s", "in"},
        {"s", ""},
        {"", ""},
        {"/s", "file:///b"},
        {"/s", "//a/b"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.reference);
        CAPTURE(row.url);
        CHECK(resolve(row.reference, row.url) == "");
    }
}
