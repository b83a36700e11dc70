/// The flows as JSON text: what the server's JavaScript calls. An effect goes out as {"effect":{"type":...}}, where the
/// type is the name of the port that carries it out; what the port answered comes back as {"value":...} or
/// {"failed":"words for the log","code":"conflict"}; at the end there is a {"response":{"status":...,"body":{...}}}.
#pragma once

#include <functional>
#include <string>

namespace streams {

/// One request on its way through a flow.
class Flow {
public:
    explicit Flow(std::function<std::string(const std::string&)> next) : next_{std::move(next)} {}

    /// Takes the result of the effect before ("{}" at first), returns the next effect or the response.
    std::string next(const std::string& result) { return next_(result); }

private:
    std::function<std::string(const std::string&)> next_;
};

// In all of them, "base" is the address under which the person reached us, for the answer's addresses; "mediaBase" is
// what our own media server's addresses begin with; "now" is ISO 8601; "body" is the request's own text.

/// {"user":{"uid","role"},"body","streamingMethod":"obs"|"whip_browser","streamId","now","base","mediaBase",
/// "idempotencyKey"?}
[[nodiscard]] Flow createStream(const std::string& order);

/// {"product":"video"|"notification","body","now","mediaBase"}
[[nodiscard]] Flow readNotice(const std::string& notice);

/// {"memorialId","base"}: the public view.
[[nodiscard]] Flow viewMemorial(const std::string& request);
/// {"user","memorialId","base"}
[[nodiscard]] Flow listStreams(const std::string& request);
/// {"user","id","base"}
[[nodiscard]] Flow getStream(const std::string& request);
/// {"user"}
[[nodiscard]] Flow listMemorials(const std::string& request);
/// {"user","body","memorialId","now"}
[[nodiscard]] Flow createMemorial(const std::string& request);

}  // namespace streams
