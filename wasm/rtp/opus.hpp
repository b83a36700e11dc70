/// Opus out of RTP (RFC 7587 4.2): a packet is a frame, and each can be decoded by itself.
#pragma once

#include "rtp/frame.hpp"
#include "rtp/packet.hpp"

namespace rtp {

class Opus {
public:
    [[nodiscard]] std::vector<AccessUnit> push(const Packet& packet) const {
        if (packet.payload.empty()) return {};
        return {{.timestamp = packet.timestamp, .key = true, .data = {packet.payload.begin(), packet.payload.end()}}};
    }
    void gap() {}
    [[nodiscard]] bool isWaiting() const { return false; }
};

}  // namespace rtp
