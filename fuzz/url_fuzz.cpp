/// Whatever a Location says: it comes to an absolute http or https URL or to nothing, and resolving that once more
/// changes nothing. The first line is the base, the rest the reference.
#include <cstdint>
#include <cstdlib>

#include "core/url.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{reinterpret_cast<const char*>(data), size};
    const auto end = text.find('\n');
    const std::string reference = end == std::string::npos ? text : text.substr(end + 1);
    for (const std::string& base : {std::string{"https://media.test/a/b?c#d"}, text.substr(0, end)}) {
        const std::string url = core::resolve(reference, base);
        if (url.empty()) continue;
        require((url[0] | 0x20) == 'h' && url.find("://") != std::string::npos);
        require(core::resolve(url, base) == url);
    }
    return 0;
}
