/// One decision a second while a stream is live: what is told, what the encoders are held to, what goes into the log.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "quality/governor.hpp"
#include "quality/verdict.hpp"

namespace quality {

struct Watch {
    std::optional<Sample> last{};
    Figures figures{};
    Governor governor{};
    Limits limits{};
    Steady steady{};

    bool operator==(const Watch&) const = default;
};

/// Takes the next sample. The first of a connection only begins the counting: false.
bool look(Watch& watch, const Sample& sample, Size size);

/// What happened, for support: figures and names of states, nothing of the person, the stream or its address.
class Log {
public:
    static constexpr std::size_t kMost = 10'800;  ///< lines, three hours of them: the oldest go first

    void note(milliseconds at, std::string_view what);
    void note(milliseconds at, const Watch& watch);
    /// All lines: seconds since the first, then what was noted.
    [[nodiscard]] std::string text() const;

private:
    void add(milliseconds at, std::string_view what);

    std::optional<milliseconds> began_{};
    std::deque<std::string> lines_{};
};

}  // namespace quality
