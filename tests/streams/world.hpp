/// A world of one store and two providers in which anything may fail, for exploring every course of events: what an
/// effect of the flows does there, exactly as the ports promise it.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/variant.hpp"
#include "samples.hpp"
#include "streams/create.hpp"
#include "streams/settle.hpp"

namespace streams::world {

namespace c = create;
namespace t = settle;

/// What a port answers, made an event of the flow by its own step.
struct Store {
    struct Document {
        std::string input{}, mux{};
    };
    std::map<std::string, Intent> intents{};
    std::map<std::string, Document> streams{};
    std::string claim{};  ///< the stream's id under the one key there is

    std::map<std::string, std::string> keys{};  ///< Cloudflare's idempotency keys and what was made under them
    std::set<std::string> inputs{}, mux{};      ///< "<mark>/<number>"
    int made = 0;
    int firstLook = 0;  ///< how many searches are skipped

    static std::string markOf(const std::string& id) { return id.substr(0, id.find('/')); }
    std::vector<std::string> marked(const std::set<std::string>& all, const std::string& mark) const {
        std::vector<std::string> ids;
        std::copy_if(all.begin(), all.end(), std::back_inserter(ids),
                     [&mark](const std::string& id) { return markOf(id) == mark; });
        return ids;
    }
    std::optional<Stream> find(const std::string& id) const {
        const auto found = streams.find(id);
        if (found == streams.end()) return {};
        Stream stream{};
        stream.id = id;
        stream.cloudflareInputId = found->second.input;
        if (!found->second.mux.empty()) stream.muxLiveStreamId = found->second.mux;
        return stream;
    }
    // When things are due is not told here: anything may be taken at any time.
    void put(Intent intent) {
        intent.due.clear();
        intent.attempts = 0;
        intent.looks = std::max(intent.looks, firstLook);
        intents[intent.id] = std::move(intent);
    }
    bool isMaking(const std::string& id) const {
        const auto found = intents.find(id);
        return found != intents.end() && found->second.phase == Intent::Phase::making;
    }

    c::Event claimKey(const std::string& own, const std::string& instead) {
        if (claim.empty()) claim = own;
        if (claim == own || claim != instead || streams.count(claim)) return c::Claimed{claim, true};
        // `busy` is while it is making and not due. When it is due is anybody's guess: both happen (see `take`).
        if (isMaking(claim)) return c::Claimed{claim, true, true};
        claim = own;
        return c::Claimed{own, true};
    }

    c::Event carryOut(const c::Effect& effect) {
        const auto visitor = core::Match{
            [](const c::FindMemorial&) -> c::Event { return c::MemorialFound{sample::memorial()}; },
            [this](const c::SaveIntent& e) -> c::Event {
                put(e.intent);
                return c::Saved{};
            },
            [this](const c::DropIntent& e) -> c::Event {
                intents.erase(e.id);
                return c::Saved{};
            },
            [this](const c::ClaimKey& e) -> c::Event { return claimKey(e.order.streamId, e.instead); },
            [this](const c::FindStream& e) -> c::Event {
                auto stream = find(e.id);
                return stream ? c::Event{c::StreamFound{*stream}} : c::Event{c::StreamMissing{}};
            },
            [](const c::Wait&) -> c::Event { return c::Waited{}; },
            [this](const c::CreateMuxStream& e) -> c::Event {
                const std::string id = e.streamId + "/" + std::to_string(made++);
                mux.insert(id);
                return c::BackupMade{{.id = id}};
            },
            [this](const c::CreateInput& e) -> c::Event {
                auto& id = keys[e.idempotencyKey];
                if (!id.empty() && !inputs.count(id)) return Failed{"conflict", ""};
                if (id.empty()) id = e.streamId + "/" + std::to_string(made++);
                inputs.insert(id);
                return c::InputMade{{.uid = id}};
            },
            [this](const c::CreateOutput& e) -> c::Event {
                if (!inputs.count(e.cloudflareInputId)) return Failed{"not-found", ""};
                return c::OutputMade{"o"};
            },
            [this](const c::SaveStream& e) -> c::Event {
                if (streams.count(e.stream.id)) return Failed{"conflict", ""};
                if (!isMaking(e.stream.id)) return Failed{"gone", ""};
                streams[e.stream.id] = {e.stream.cloudflareInputId, e.stream.muxLiveStreamId.value_or("")};
                intents.erase(e.stream.id);
                if (e.left) put(*e.left);
                return c::Saved{};
            },
            [](const auto&) -> c::Event {
                return Failed{"internal", "an answer is no effect"};
            },
        };
        return std::visit(visitor, effect);
    }

    t::Event carryOut(const t::Effect& effect) {
        const auto visitor = core::Match{
            [this](const t::TakeIntent& e) -> t::Event {
                const auto found = intents.find(e.id);
                if (found == intents.end()) return t::NotDue{};
                found->second.phase = Intent::Phase::settling;
                return t::Taken{found->second};
            },
            [this](const t::FindStream& e) -> t::Event {
                auto stream = find(e.id);
                return stream ? t::Event{t::StreamFound{*stream}} : t::Event{t::StreamMissing{}};
            },
            [this](const t::FindInputs& e) -> t::Event { return t::Found{marked(inputs, e.streamId)}; },
            [this](const t::FindMuxStreams& e) -> t::Event { return t::Found{marked(mux, e.streamId)}; },
            [this](const t::DeleteInput& e) -> t::Event {
                return inputs.erase(e.cloudflareInputId) ? t::Event{t::Carried{}} : t::Event{Failed{"not-found", ""}};
            },
            [this](const t::DeleteMuxStream& e) -> t::Event {
                return mux.erase(e.muxLiveStreamId) ? t::Event{t::Carried{}} : t::Event{Failed{"not-found", ""}};
            },
            // A creation that is undone was never broadcast.
            [](const t::DeleteVideo&) -> t::Event {
                return Failed{"internal", "there is no recording"};
            },
            [](const t::DeleteMuxAsset&) -> t::Event {
                return Failed{"internal", "there is no recording"};
            },
            [this](const t::SaveIntent& e) -> t::Event {
                put(e.intent);
                return t::Carried{};
            },
            [this](const t::DropIntent& e) -> t::Event {
                intents.erase(e.id);
                return t::Carried{};
            },
            [](const t::Answer&) -> t::Event {
                return Failed{"internal", "an answer is no effect"};
            },
        };
        return std::visit(visitor, effect);
    }
};

// ---- everything that tells two states of the world apart, as text
inline std::string key(const std::vector<std::string>& ids) {
    std::string text;
    for (const std::string& id : ids) text += id + ",";
    return text;
}
inline std::string key(const Intent& i) {
    return i.id + (i.phase == Intent::Phase::making ? "m" : "s") + std::to_string(i.looks) +
           (i.lookInputs ? "i" : "-") + (i.lookMux ? "x" : "-") + key(i.cloudflareInputIds) + "+" +
           key(i.muxLiveStreamIds) + ";";
}
inline std::string key(const Store& s) {
    std::string text = s.claim + "#" + std::to_string(s.made) + "#";
    for (const auto& [id, intent] : s.intents) text += key(intent);
    text += "#";
    for (const auto& [id, stream] : s.streams) text += id + "=" + stream.input + "&" + stream.mux + ";";
    text += "#";
    for (const auto& [name, id] : s.keys) text += name + "=" + id + ";";
    text += "#" + key({s.inputs.begin(), s.inputs.end()}) + "#" + key({s.mux.begin(), s.mux.end()});
    return text;
}
inline std::string key(const c::State& s) {
    return s.order.streamId + std::to_string(static_cast<int>(s.step)) + s.earlier + "/" + s.backup.id + "/" +
           (s.lookMux ? "x" : "-") + (s.lookInput ? "i" : "-") + std::to_string(s.attempts) + "w" +
           std::to_string(s.waits) + s.stream.cloudflareInputId + "/" +
           std::to_string(s.stream.backup ? static_cast<int>(*s.stream.backup) : 9) + "/" +
           std::to_string(s.answer ? s.answer->index() : 99);
}
inline std::string key(const t::State& s) {
    std::string doomed;
    for (const auto& [kind, id] : s.doomed) doomed += std::to_string(static_cast<int>(kind)) + id + ",";
    return std::to_string(static_cast<int>(s.step)) + key(s.intent) + s.keptInput + "/" + s.keptMux + "/" +
           key(s.found) + doomed + (s.failed ? "f" : "");
}

}  // namespace streams::world
