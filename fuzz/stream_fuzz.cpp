/// Whatever a stored document holds: it is read or its faults are told, and what was read is written and read again
/// as the same. What the public sees of it has no key and no ingest address.
#include <cstdint>
#include <cstdlib>

#include "streams/stream_json.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto json = core::parseJson({reinterpret_cast<const char*>(data), size});
    if (!json) return 0;
    (void)streams::decodeMemorial(*json);
    (void)streams::decodeUser(*json);
    const auto stream = streams::decodeStream(*json);
    for (const core::Error& fault : stream.faults) require(!fault.what.empty());
    if (!stream) return 0;
    const core::Json written = streams::encode(stream.value);
    const auto again = streams::decodeStream(written);
    require(again && again.value == stream.value);
    require(streams::changes(stream.value, again.value).empty());
    const core::Json seen = streams::encode(streams::publicView(stream.value, "https://vigil.test"));
    for (const char* key : {"streamKey", "whipUrl", "rtmpUrl", "muxStreamKey", "relayKey"})
        require(!seen.contains(key));
    (void)streams::encodeFull(stream.value, "https://vigil.test");
    return 0;
}
