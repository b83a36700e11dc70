#include "core/text.hpp"

#include <doctest/doctest.h>

using namespace core;

TEST_CASE("numbers are read whole or not at all") {
    CHECK(parseUnsigned("0") == 0u);
    CHECK(parseUnsigned("65535") == 65535u);
    for (const char* text : {"", "-1", "+1", " 1", "1 ", "1.5", "0x10", "18446744073709551616"}) {
        CAPTURE(text);
        CHECK_FALSE(parseUnsigned(text));
    }
}

TEST_CASE("text is cut at the first mark, or taken whole") {
    std::string_view text = "a:b:c";
    CHECK(cut(text, ':') == "a");
    CHECK(text == "b:c");
    CHECK(cut(text, ';') == "b:c");
    CHECK(text.empty());
}

TEST_CASE("letter case and surrounding blanks do not matter to headers") {
    CHECK(iequals("Content-Type", "content-type"));
    CHECK_FALSE(iequals("etag", "etags"));
    CHECK(trim(" \tx y\t ") == "x y");
    CHECK(trim("  ").empty());
}
