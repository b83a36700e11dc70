#include "rtp/vp8.hpp"

namespace rtp {
namespace {

struct Payload {
    bool start;  ///< the first packet of a frame
    View data;
};

// RFC 7741 4.2:  X R N S R PID | I L T K | M PictureID | TL0PICIDX | TID Y KEYIDX
std::optional<Payload> readDescriptor(View payload) {
    std::size_t size = 1;
    if (payload[0] & 0x80) {
        if (payload.size() < 2) return {};
        const std::uint8_t extension = payload[1];
        size = 2;
        if (extension & 0x80) {
            if (payload.size() < 3) return {};
            size += payload[2] & 0x80 ? 2 : 1;
        }
        if (extension & 0x40) ++size;
        if (extension & 0x30) ++size;
    }
    if (payload.size() <= size) return {};
    return Payload{(payload[0] & 0x17) == 0x10, payload.subspan(size)};
}

}  // namespace

std::optional<Size> vp8KeySize(View frame) {
    if (frame.size() < 10 || frame[0] & 1) return {};
    if (frame[3] != 0x9d || frame[4] != 0x01 || frame[5] != 0x2a) return {};
    // The upper two bits ask for scaling, which nobody does.
    const Size size{(frame[7] << 8 | frame[6]) & 0x3fff, (frame[9] << 8 | frame[8]) & 0x3fff};
    if (size.width == 0 || size.height == 0) return {};
    return size;
}

std::vector<AccessUnit> Vp8::push(const Packet& packet) {
    std::vector<AccessUnit> units;
    if (packet.payload.empty()) return units;  // a probe
    if (open_ && packet.timestamp != timestamp_) finish(units);

    const auto payload = readDescriptor(packet.payload);
    if (!payload || payload->start == open_ || frame_.size() + payload->data.size() > kMaxUnitSize) {
        gap();
        return units;
    }
    open_ = true;
    timestamp_ = packet.timestamp;
    append(frame_, payload->data);
    if (packet.marker) finish(units);
    return units;
}

void Vp8::gap() {
    frame_.clear();
    open_ = false;
    waiting_ = true;
}

void Vp8::finish(std::vector<AccessUnit>& units) {
    open_ = false;
    const bool key = (frame_[0] & 1) == 0;
    const auto size = vp8KeySize(frame_);
    if (key && !size) return gap();
    if (key || !waiting_) {
        waiting_ = false;
        units.push_back(
            {.timestamp = timestamp_, .key = key, .size = size.value_or(Size{}), .data = std::move(frame_)});
    }
    frame_.clear();
}

}  // namespace rtp
