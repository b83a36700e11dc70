/// Bytes as they travel: big-endian numbers read from a view, or appended to a vector.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rtp {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

/// The caller has checked that the bytes are there.
[[nodiscard]] inline std::uint16_t readU16(View bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}
[[nodiscard]] inline std::uint32_t readU32(View bytes, std::size_t at) {
    return std::uint32_t{readU16(bytes, at)} << 16 | readU16(bytes, at + 2);
}

inline void append(Bytes& to, View bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }
inline void appendU8(Bytes& to, std::uint32_t value) { to.push_back(static_cast<std::uint8_t>(value)); }
inline void appendU16(Bytes& to, std::uint32_t value) {
    appendU8(to, value >> 8);
    appendU8(to, value);
}
inline void appendU32(Bytes& to, std::uint32_t value) {
    appendU16(to, value >> 16);
    appendU16(to, value);
}

/// Overwrites four bytes that are there.
inline void writeU32(Bytes& to, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) to[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

}  // namespace rtp
