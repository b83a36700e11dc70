#include "core/url.hpp"

namespace core {

std::string resolve(std::string_view, std::string_view) {
    return {};
}

}  // namespace core
