#include "whip/exchange.hpp"

#include <type_traits>

namespace whip {
namespace {

template <class E>
concept Reply = requires(const E& event) {
    event.turn;
};

}  // namespace

bool tooLate(const Event& event, int turn) {
    const auto differs = [turn](const auto& e) {
        if constexpr (Reply<std::decay_t<decltype(e)>>) return e.turn != turn;
        return false;
    };
    return std::visit(differs, event);
}

Effects letGo(const Event& event) {
    if (const auto* created = std::get_if<Created>(&event)) return {DeleteSession{created->resource}};
    if (const auto* captured = std::get_if<Captured>(&event)) return {ReleaseMedia{captured->turn}};
    return {};
}

}  // namespace whip
