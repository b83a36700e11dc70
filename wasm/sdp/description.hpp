/// SDP (RFC 8866) as what it is: lines, in a session part and one section per m= line. Parsing and writing only; what
/// the lines mean for a codec is codec.hpp, changing them is munge.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace sdp {

/// One line without its line end: {'a', "mid:0"} is a=mid:0.
struct Line {
    char type;
    std::string value;
    bool operator==(const Line&) const = default;
};
using Lines = std::vector<Line>;

/// The value of the first a=`name` line: "0" for a=mid:0, "" for a flag such as a=rtcp-mux. Empty when there is none.
[[nodiscard]] std::optional<std::string_view> attribute(const Lines& lines, std::string_view name);
/// The values of all a=`name` lines, in their order.
[[nodiscard]] std::vector<std::string_view> attributes(const Lines& lines, std::string_view name);
/// Whether `line` is a=`name` or a=`name`:something.
[[nodiscard]] bool isAttribute(const Line& line, std::string_view name);

/// Which way media flows, seen from whoever wrote the description (RFC 8866 section 6.7).
enum class Direction { SendRecv, SendOnly, RecvOnly, Inactive };

/// The attribute's own name: "sendrecv", "sendonly", "recvonly", "inactive".
[[nodiscard]] std::string_view name(Direction direction);
/// What an attribute name says about direction; empty for any other attribute.
[[nodiscard]] std::optional<Direction> readDirection(std::string_view attribute);

/// One m= section. Views point into `lines` and die with it.
struct Media {
    Lines lines;  ///< lines[0] is the m= line; never empty

    [[nodiscard]] std::string_view kind() const;                  ///< "audio", "video", "application"
    [[nodiscard]] std::uint16_t port() const;                     ///< 0 also for a bundle-only section: see rejected()
    [[nodiscard]] std::string_view protocol() const;              ///< "UDP/TLS/RTP/SAVPF"
    [[nodiscard]] std::vector<std::string_view> formats() const;  ///< payload types as text, in order of preference
    [[nodiscard]] std::string_view mid() const;                   ///< any token, "0" or "audio0"; "" when there is none
    [[nodiscard]] std::optional<std::string_view> attribute(std::string_view name) const;
    [[nodiscard]] std::vector<std::string_view> attributes(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const { return attribute(name).has_value(); }
    /// Port 0 and not a=bundle-only, which shares another section's port (RFC 9143 section 6).
    [[nodiscard]] bool rejected() const;

    bool operator==(const Media&) const = default;
};

/// "m=video (mid 1)", for the `where` of an error.
[[nodiscard]] std::string nameOf(const Media& media);

struct Description {
    Lines session;
    std::vector<Media> media;
    bool crlf = true;          ///< how lines end: CRLF, as RFC 8866 wants, or a bare LF
    bool finalNewline = true;  ///< whether the last line ends at all

    /// A session-level attribute.
    [[nodiscard]] std::optional<std::string_view> attribute(std::string_view name) const;

    bool operator==(const Description&) const = default;
};

/// The direction of `media`: its own, else the session's, else sendrecv (RFC 8866 section 6.7).
[[nodiscard]] Direction direction(const Description& description, const Media& media);

inline constexpr std::size_t kMaxBytes =
    std::size_t{256} * 1024;  ///< real offers with every candidate are below 16 KiB
inline constexpr std::size_t kMaxLine = std::size_t{8} * 1024;

/// Reads `text`, or says at which line ("line 3") it stops being SDP and what was expected there. Lines end with CRLF
/// or LF; a text that mixes both is written back with the first one. Unknown attributes are kept as they are.
[[nodiscard]] core::Result<Description> parse(std::string_view text);

/// The text of `description`, byte for byte what parse() read.
[[nodiscard]] std::string write(const Description& description);

}  // namespace sdp
