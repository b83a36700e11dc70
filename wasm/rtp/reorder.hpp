/// A jitter buffer: packets in any order in, packets in sequence out. A hole is waited for, but for 200 ms at most.
#pragma once

#include <map>
#include <optional>

#include "rtp/bytes.hpp"

namespace rtp {

class Reorder {
public:
    static constexpr double kHoldMs = 200;
    static constexpr std::size_t kMaxPackets = 1024;
    static constexpr std::size_t kMaxBytes = 4 << 20;

    struct Ordered {
        std::int64_t lost;  ///< packets missing right before this one
        double arrival;     ///< when it was pushed
        Bytes packet;
    };

    /// Takes a packet under its extended sequence number (Statistics::Arrival). One that the buffer has already passed
    /// over is dropped.
    void push(std::int64_t sequence, View packet, double now);

    /// The next packet in sequence. Empty when it is still worth waiting for. Call until empty.
    [[nodiscard]] std::optional<Ordered> next(double now);

    /// The same without waiting: what is left when a stream ends.
    [[nodiscard]] std::optional<Ordered> flush();

private:
    struct Held {
        double arrival;
        Bytes packet;
    };

    [[nodiscard]] bool isFull() const { return held_.size() > kMaxPackets || bytes_ > kMaxBytes; }
    [[nodiscard]] bool isOverdue(double now) const;
    Ordered take();

    std::map<std::int64_t, Held> held_;
    std::size_t bytes_ = 0;
    std::optional<std::int64_t> next_;
};

}  // namespace rtp
