/// Files of tests/fixtures.
#pragma once

#include <doctest/doctest.h>

#include <cstdio>
#include <string>

inline std::string fixture(const std::string& name) {
    const std::string path = std::string{FIXTURES} + "/" + name;
    std::FILE* file = std::fopen(path.c_str(), "rb");
    REQUIRE_MESSAGE(file != nullptr, path);
    std::string text;
    char buffer[4096];
    for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, file)) > 0;) text.append(buffer, n);
    std::fclose(file);
    return text;
}
