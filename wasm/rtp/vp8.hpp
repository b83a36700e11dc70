/// VP8 out of RTP (RFC 7741).
#pragma once

#include <optional>

#include "rtp/frame.hpp"
#include "rtp/packet.hpp"

namespace rtp {

/// Takes packets in sequence and gives frames. After a gap, or a packet that makes no sense, it gives nothing until the
/// next key frame.
class Vp8 {
public:
    /// The frames that `packet` completes: mostly none or one, two when the marker of the one before is missing.
    [[nodiscard]] std::vector<AccessUnit> push(const Packet& packet);

    /// Packets were lost right before the next one.
    void gap();

    /// Whether only a key frame can help.
    [[nodiscard]] bool isWaiting() const { return waiting_; }

private:
    void finish(std::vector<AccessUnit>& units);

    Bytes frame_;
    std::uint32_t timestamp_ = 0;
    bool open_ = false;
    bool waiting_ = true;
};

/// The size a key frame says it has (RFC 6386 9.1). Empty when `frame` is no key frame, or a damaged one.
[[nodiscard]] std::optional<Size> vp8KeySize(View frame);

}  // namespace rtp
