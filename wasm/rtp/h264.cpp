#include "rtp/h264.hpp"

#include <algorithm>

namespace rtp {
namespace {

// NAL unit types (H.264 table 7-1, RFC 6184 table 1)
constexpr int kIdrSlice = 5;
constexpr int kSps = 7;
constexpr int kPps = 8;
constexpr int kDelimiter = 9;
constexpr int kFiller = 12;
constexpr int kLastSingle = 23;
constexpr int kStapA = 24;
constexpr int kFuA = 28;

constexpr std::size_t kMaxPps = 16;
constexpr std::size_t kMaxParameterSet = 4096;

int typeOf(View nal) { return nal[0] & 0x1f; }

// Encoders put a delimiter or the SPS before everything else of an access unit.
bool startsUnit(View payload) {
    int type = typeOf(payload);
    if (type == kStapA && payload.size() > 3) type = payload[3] & 0x1f;
    return type == kSps || type == kDelimiter;
}

}  // namespace

std::vector<AccessUnit> H264::push(const Packet& packet) {
    std::vector<AccessUnit> units;
    if (packet.payload.empty()) return units;  // a probe
    if (open_ && packet.timestamp != timestamp_) finish(units);
    if (!synchronise(packet)) return units;

    open_ = true;
    timestamp_ = packet.timestamp;
    if (!take(packet.payload)) {
        gap();
        if (!packet.marker) skipped_ = packet.timestamp;
        if (packet.marker) lostStart_ = false;
        return units;
    }
    if (packet.marker) finish(units);
    return units;
}

void H264::gap() {
    clear();
    waiting_ = true;
    lostStart_ = true;
    skipped_.reset();
}

// After a gap, the packet may be in the middle of an access unit whose first slices are lost. An IDR picture with half
// its slices would pass for a key picture, so everything is passed over until an access unit certainly begins.
bool H264::synchronise(const Packet& packet) {
    if (!lostStart_) return true;
    if (startsUnit(packet.payload) || (skipped_ && *skipped_ != packet.timestamp)) {
        lostStart_ = false;
        return true;
    }
    if (packet.marker) {
        lostStart_ = false;
    } else {
        skipped_ = packet.timestamp;
    }
    return false;
}

bool H264::take(View payload) {
    const int type = typeOf(payload);
    if (type == kFuA) return takeFragment(payload);
    if (fragment_) return false;  // RFC 6184 5.8: the fragments of a NAL unit follow each other
    if (type == kStapA) return takeAggregate(payload);
    return type >= 1 && type <= kLastSingle && takeNal(payload);
}

// RFC 6184 5.7.1
bool H264::takeAggregate(View payload) {
    payload = payload.subspan(1);
    while (!payload.empty()) {
        if (payload.size() < 2) return false;
        const std::size_t size = readU16(payload, 0);
        if (size == 0 || size > payload.size() - 2 || !takeNal(payload.subspan(2, size))) return false;
        payload = payload.subspan(2 + size);
    }
    return true;
}

// RFC 6184 5.8
bool H264::takeFragment(View payload) {
    if (payload.size() < 3) return false;
    const std::uint8_t header = payload[1];
    const bool start = (header & 0x80) != 0;
    const bool end = (header & 0x40) != 0;
    if (start == fragment_.has_value() || (start && end)) return false;
    if (unit_.size() + payload.size() + 5 > kMaxUnitSize) return false;
    if (start) {
        fragment_ = unit_.size();
        appendU32(unit_, 0);
        appendU8(unit_, (payload[0] & 0xe0u) | (header & 0x1fu));
    }
    append(unit_, payload.subspan(2));
    if (!end) return true;

    const std::size_t at = *fragment_;
    fragment_.reset();
    writeU32(unit_, at, static_cast<std::uint32_t>(unit_.size() - at - 4));
    remember(View{unit_}.subspan(at + 4));
    return true;
}

bool H264::takeNal(View nal) {
    const int type = typeOf(nal);
    if (type == kDelimiter || type == kFiller) return true;  // ISO/IEC 14496-15 has no use for them
    if (unit_.size() + nal.size() + 4 > kMaxUnitSize) return false;
    appendU32(unit_, static_cast<std::uint32_t>(nal.size()));
    append(unit_, nal);
    remember(nal);
    return true;
}

void H264::remember(View nal) {
    const int type = typeOf(nal);
    if (type == kIdrSlice) idr_ = true;
    if (nal.size() > kMaxParameterSet) return;
    if (type == kSps && !std::equal(nal.begin(), nal.end(), sps_.begin(), sps_.end())) {
        const auto sps = parseSps(nal);
        if (!sps) return;
        sps_.assign(nal.begin(), nal.end());
        size_ = sps->size;
    }
    if (type == kPps && parsePpsNumber(nal)) {
        const auto number = parsePpsNumber(nal);
        const auto same =
            std::find_if(pps_.begin(), pps_.end(), [&](const Bytes& set) { return parsePpsNumber(set) == number; });
        if (same != pps_.end()) {
            same->assign(nal.begin(), nal.end());
        } else if (pps_.size() < kMaxPps) {
            pps_.emplace_back(nal.begin(), nal.end());
        }
    }
}

void H264::finish(std::vector<AccessUnit>& units) {
    if (fragment_) {
        gap();
        lostStart_ = false;  // the next access unit begins with the next packet
        return;
    }
    const bool key = idr_ && !sps_.empty() && !pps_.empty();
    if (!unit_.empty() && (key || !waiting_)) {
        waiting_ = false;
        units.push_back({.timestamp = timestamp_,
                         .key = key,
                         .size = key ? size_ : Size{},
                         .config = key ? decoderConfig(sps_, pps_) : Bytes{},
                         .data = std::move(unit_)});
    }
    clear();
}

void H264::clear() {
    unit_.clear();
    open_ = idr_ = false;
    fragment_.reset();
}

}  // namespace rtp
