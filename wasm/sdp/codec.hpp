/// What a section's a=rtpmap and a=fmtp lines say about its payload types.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sdp/description.hpp"

namespace sdp {

/// One payload type of an m= line. Views point into the section's lines and die with them.
struct Codec {
    std::uint8_t payloadType = 0;
    std::string_view name;        ///< as written: "opus", "H264"; "" when no a=rtpmap names it
    std::uint32_t clockRate = 0;  ///< Hz
    std::string_view channels;    ///< "2" of opus/48000/2; "" when not given
    std::string_view fmtp;        ///< "minptime=10;useinbandfec=1"; "" when there is none
};

/// The codecs of `media` in the order of its m= line. Formats that are no RTP payload type (0 to 127), and repeated
/// ones, are left out.
[[nodiscard]] std::vector<Codec> codecs(const Media& media);

/// The value of `key` in the parameters of an a=fmtp line ("a=1;b=2"); letter case of the key does not matter. Empty
/// when it is not there.
[[nodiscard]] std::optional<std::string_view> parameter(std::string_view fmtp, std::string_view key);

/// `fmtp` with `key` set to `value`: in its place when it is there, else at the end. All else stays as it is.
[[nodiscard]] std::string withParameter(std::string_view fmtp, std::string_view key, std::string_view value);

/// Sets `parameters` ({key, value}) in the a=fmtp line of `payloadType`, adding the line behind its a=rtpmap when there
/// is none.
struct Parameter {
    std::string_view key;
    std::string value;
};
void setParameters(Media& media, std::uint8_t payloadType, const std::vector<Parameter>& parameters);

/// How well `codec` suits browsers as H.264: 3 for profile-level-id=42e01f, 2 for constrained baseline of another
/// level, 1 for baseline, main or high; 0 when it is none of these or not packetization-mode=1 (RFC 6184 section 8.1),
/// which cuts large frames into packets.
[[nodiscard]] int rankH264(const Codec& codec);

}  // namespace sdp
