/// The data model as JSON: the only place that knows which key is which member, and which may be missing.
#pragma once

#include <vector>

#include "core/reader.hpp"
#include "streams/stream.hpp"
#include "streams/view.hpp"

namespace streams {

/// Something read from JSON, with everything that was wrong with it: where (a JSON pointer) and what (a sentence).
template <class T>
struct Decoded {
    T value{};
    std::vector<core::Error> faults{};
    explicit operator bool() const { return faults.empty(); }
};

[[nodiscard]] Decoded<Stream> decodeStream(const core::Json& json);
[[nodiscard]] Decoded<Memorial> decodeMemorial(const core::Json& json);
[[nodiscard]] Decoded<User> decodeUser(const core::Json& json);

/// The stored document. Absent members have no key.
[[nodiscard]] core::Json encode(const Stream& stream);
[[nodiscard]] core::Json encode(const Memorial& memorial);
/// The public view. No ingest address and no key.
[[nodiscard]] core::Json encode(const PublicStream& view);
/// What those who may manage a stream read in a list: the public view, how it is set up and what went wrong. No ingest
/// address and no key.
[[nodiscard]] core::Json encodeManaged(const Stream& stream, std::string_view base);
/// What those who may manage the stream get of one: the same, and what a publisher needs.
[[nodiscard]] core::Json encodeFull(const Stream& stream, std::string_view base);

/// What to write so that the document of `before` becomes that of `after`: dotted paths and their values, null for
/// what is gone. Two writers that change different fields never overwrite each other.
[[nodiscard]] core::Json changes(const Stream& before, const Stream& after);

}  // namespace streams
