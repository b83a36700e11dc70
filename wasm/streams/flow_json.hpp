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

// "muxPlaybackBase" is the same for Mux's playlists; "paths" is what is set up: {"ingest":"relay"|"direct",
// "provider":"cloudflare"|"embedded","relayUrl","mux","muxPlaybackBase"}; "relaySecret" is 32 fresh hexadecimal digits.

/// {"user":{"uid","role"},"body","streamingMethod":"obs"|"whip_browser","streamId","now","base","mediaBase","paths"?,
/// "relaySecret"?,"idempotencyKey"?}. A refusal's response may have "settle": the id of an intent that is due.
[[nodiscard]] Flow createStream(const std::string& order);
/// {"id","now"}: of an intent.
[[nodiscard]] Flow settleIntent(const std::string& request);

/// {"product":"video"|"notification"|"mux","body","now","mediaBase","muxPlaybackBase"?}
[[nodiscard]] Flow readNotice(const std::string& notice);

/// {"id","now","mediaBase","muxPlaybackBase"?,"force"?}: asks the providers, if it is due.
[[nodiscard]] Flow reconcileStream(const std::string& request);
/// {"user","id","now","base","mediaBase","muxPlaybackBase"?}: the same for a person, due or not.
[[nodiscard]] Flow checkStream(const std::string& request);

/// {"user","id","body","now","base"}
[[nodiscard]] Flow renameStream(const std::string& request);
/// {"user","id","now"}. Its response, and that of the next, may have "settle", as a creation's.
[[nodiscard]] Flow removeStream(const std::string& request);
/// {"user","id","mark","now","base","mediaBase","paths"}; "mark" is a fresh id.
[[nodiscard]] Flow retryBackup(const std::string& request);
/// {"user","id","now","base","mediaBase","paths","relaySecret"}
[[nodiscard]] Flow rotateKeys(const std::string& request);
/// {"key"}: {"streamId","cloudflareInputId","rtmpUrl","streamKey","enabled"}
[[nodiscard]] Flow relayTarget(const std::string& request);

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
