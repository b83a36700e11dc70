/// The one authorization rule.
#pragma once

#include "streams/stream.hpp"

namespace streams {

/// An administrator may manage every memorial; its owner and its funeral director only theirs.
[[nodiscard]] bool mayManage(const User& user, const Memorial& memorial);

/// Administrators and funeral directors open memorials.
[[nodiscard]] bool mayCreateMemorial(const User& user);

}  // namespace streams
