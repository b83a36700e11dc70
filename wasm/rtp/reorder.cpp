#include "rtp/reorder.hpp"

#include <algorithm>

namespace rtp {

void Reorder::push(std::int64_t sequence, View packet, double now) {
    if (!next_) next_ = sequence;
    if (sequence < *next_) return;
    const bool added = held_.emplace(sequence, Held{now, Bytes{packet.begin(), packet.end()}}).second;
    if (added) bytes_ += packet.size();
}

std::optional<Reorder::Ordered> Reorder::next(double now) {
    if (held_.empty()) return {};
    if (held_.begin()->first != *next_ && !isFull() && !isOverdue(now)) return {};
    return take();
}

std::optional<Reorder::Ordered> Reorder::flush() {
    if (held_.empty()) return {};
    return take();
}

bool Reorder::isOverdue(double now) const {
    return std::any_of(held_.begin(), held_.end(),
                       [now](const auto& held) { return now - held.second.arrival >= kHoldMs; });
}

Reorder::Ordered Reorder::take() {
    const auto first = held_.begin();
    Ordered ordered{first->first - *next_, first->second.arrival, std::move(first->second.packet)};
    next_ = first->first + 1;
    bytes_ -= ordered.packet.size();
    held_.erase(first);
    return ordered;
}

}  // namespace rtp
