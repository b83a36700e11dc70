/// H.264 out of RTP (RFC 6184, packetization-mode 1: single NAL units, STAP-A, FU-A).
#pragma once

#include <optional>

#include "rtp/packet.hpp"
#include "rtp/sps.hpp"

namespace rtp {

/// Takes packets in sequence and gives access units. After a gap, or a packet that makes no sense, it gives nothing
/// until the next key picture: an IDR picture of which all packets came, when SPS and PPS are known.
class H264 {
public:
    /// The access units that `packet` completes: mostly none or one, two when the marker of the one before is missing.
    [[nodiscard]] std::vector<AccessUnit> push(const Packet& packet);

    /// Packets were lost right before the next one.
    void gap();

    /// Whether only a key picture can help.
    [[nodiscard]] bool isWaiting() const { return waiting_; }

private:
    bool synchronise(const Packet& packet);
    bool take(View payload);
    bool takeAggregate(View payload);
    bool takeFragment(View payload);
    bool takeNal(View nal);
    void remember(View nal);
    void finish(std::vector<AccessUnit>& units);
    void clear();

    Bytes unit_;                            ///< the access unit so far
    std::uint32_t timestamp_ = 0;           ///< its RTP time
    bool open_ = false;                     ///< whether a packet of it came
    bool idr_ = false;                      ///< whether it has a slice of an IDR picture
    std::optional<std::size_t> fragment_;   ///< where in unit_ the length of a begun FU-A lies
    bool waiting_ = true;                   ///< for a key picture
    bool lostStart_ = true;                 ///< packets before the next one are unknown
    std::optional<std::uint32_t> skipped_;  ///< RTP time of the packets passed over since then
    Bytes sps_;
    Size size_;
    std::vector<Bytes> pps_;
};

}  // namespace rtp
