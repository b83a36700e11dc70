#include "whip/exchange.hpp"

#include <type_traits>

namespace whip {
namespace {

template <class E>
concept ReplyToTurn = requires(const E& event) {
    event.turn;
};
template <class E>
concept ReplyToTake = requires(const E& event) {
    event.take;
};

}  // namespace

bool tooLate(const Event& event, int turn, int take) {
    const auto differs = [turn, take](const auto& e) {
        using E = std::decay_t<decltype(e)>;
        if constexpr (ReplyToTurn<E>) return e.turn != turn;
        if constexpr (ReplyToTake<E>) return e.take != take;
        return false;
    };
    return std::visit(differs, event);
}

Effects letGo(const Event& event, const std::string& token) {
    if (const auto* created = std::get_if<Created>(&event)) return {DeleteSession{created->resource, token}};
    if (const auto* countered = std::get_if<Countered>(&event)) return {DeleteSession{countered->resource, token}};
    if (const auto* captured = std::get_if<Captured>(&event)) return {ReleaseMedia{captured->take}};
    return {};
}

}  // namespace whip
