// Every course that creations and their settling can take when anything may fail at any point: nothing is left over at
// the providers, and no document names what is not there.
#include <doctest/doctest.h>

#include <unordered_map>

#include "world.hpp"

using namespace streams;
using namespace streams::world;

namespace {

/// A creation on its way. It has crashed, or answered, when there is no effect.
struct Creation {
    c::State state{};
    std::optional<c::Effect> effect{};
    std::string answered{};  ///< the id of the stream it named
};

struct World {
    Store store{};
    std::vector<Creation> creations{};
    std::optional<t::State> settling{};
    t::Effect settlingEffect{};
    std::vector<c::Effect> late{};  ///< sent, and not carried out yet, though nobody waits any more
    int faults = 0;                 ///< how many more there may be
};

// What may become of something that was sent.
enum class Fate { Done, Refused, Conflict, LostBefore, LostAfter, Late, CrashBefore, CrashAfter, CrashLate };
constexpr Fate kFates[] = {Fate::Done, Fate::Refused,     Fate::Conflict,   Fate::LostBefore, Fate::LostAfter,
                           Fate::Late, Fate::CrashBefore, Fate::CrashAfter, Fate::CrashLate};

bool isRead(const c::Effect& effect) {
    return std::holds_alternative<c::FindMemorial>(effect) || std::holds_alternative<c::FindStream>(effect) ||
           std::holds_alternative<c::Wait>(effect);
}
bool isOfStore(const c::Effect& effect) {
    return std::holds_alternative<c::SaveIntent>(effect) || std::holds_alternative<c::DropIntent>(effect) ||
           std::holds_alternative<c::ClaimKey>(effect) || std::holds_alternative<c::SaveStream>(effect);
}
bool can(const c::Effect& effect, Fate fate) {
    if (isRead(effect)) return fate == Fate::Done || fate == Fate::LostBefore || fate == Fate::CrashBefore;
    if (fate == Fate::Conflict) return std::holds_alternative<c::CreateInput>(effect);  // whatever it means by it
    return fate != Fate::Refused || !isOfStore(effect);
}

const char* codeOf(Fate fate) {
    if (fate == Fate::Refused) return "refused";
    return fate == Fate::Conflict ? "conflict" : "timeout";
}

std::string markOf(const c::Effect& effect) {
    if (const auto* mux = std::get_if<c::CreateMuxStream>(&effect)) return mux->streamId;
    if (const auto* input = std::get_if<c::CreateInput>(&effect)) return input->streamId;
    return {};
}

void tell(Creation& creation, const c::Event& event) {
    c::Effect next = c::step(creation.state, event);
    if (const auto* created = std::get_if<c::Created>(&next)) creation.answered = created->stream.id;
    const bool ended = std::holds_alternative<c::Created>(next) || std::holds_alternative<c::Refused>(next);
    creation.effect.reset();
    if (!ended) creation.effect = std::move(next);
}

class Explorer {
public:
    double explore(const World& world) {
        const std::string name = nameOf(world);
        if (const auto known = runs_.find(name); known != runs_.end()) return known->second;
        check(world);
        double runs = 0;
        creationsGoOn(world, runs);
        lateOnesArrive(world, runs);
        settlingGoesOn(world, runs);
        if (runs == 0) {
            end(world);
            runs = 1;
        }
        runs_[name] = runs;
        return runs;
    }
    std::size_t states() const { return runs_.size(); }
    std::size_t ends = 0, withStream = 0;

private:
    static std::string nameOf(const World& world) {
        std::string name = key(world.store) + "|" + std::to_string(world.faults) + "|";
        for (const Creation& each : world.creations) {
            name += each.effect ? key(each.state) : "ended" + each.answered;
            name += "|";
        }
        for (const c::Effect& effect : world.late) {
            name += std::to_string(effect.index()) + markOf(effect);
            if (const auto* intent = std::get_if<c::SaveIntent>(&effect)) name += key(intent->intent);
            if (const auto* input = std::get_if<c::CreateInput>(&effect)) name += input->idempotencyKey;
            if (const auto* save = std::get_if<c::SaveStream>(&effect)) name += save->stream.id;
            if (const auto* drop = std::get_if<c::DropIntent>(&effect)) name += drop->id;
            if (const auto* claim = std::get_if<c::ClaimKey>(&effect)) name += claim->order.streamId + claim->instead;
            name += ",";
        }
        if (world.settling) name += "|" + key(*world.settling);
        return name;
    }

    void creationsGoOn(const World& world, double& runs) {
        for (std::size_t i = 0; i < world.creations.size(); i++) {
            if (!world.creations[i].effect) continue;
            const c::Effect effect = *world.creations[i].effect;
            for (const Fate fate : kFates) {
                if (!can(effect, fate) || (fate != Fate::Done && world.faults == 0)) continue;
                World next = world;
                if (fate != Fate::Done) --next.faults;
                std::optional<c::Event> event;
                if (fate == Fate::Done || fate == Fate::LostAfter || fate == Fate::CrashAfter) {
                    event = next.store.carryOut(effect);
                }
                if (fate == Fate::Late || fate == Fate::CrashLate) next.late.push_back(effect);
                Creation& creation = next.creations[i];
                if (fate == Fate::CrashBefore || fate == Fate::CrashAfter || fate == Fate::CrashLate) {
                    creation.effect.reset();
                } else if (fate == Fate::Done) {
                    tell(creation, *event);
                } else {
                    tell(creation, Failed{codeOf(fate), ""});
                }
                runs += explore(next);
            }
        }
    }

    void lateOnesArrive(const World& world, double& runs) {
        for (std::size_t i = 0; i < world.late.size(); i++) {
            World next = world;
            next.late.erase(next.late.begin() + static_cast<std::ptrdiff_t>(i));
            (void)next.store.carryOut(world.late[i]);
            runs += explore(next);
        }
    }

    // What was sent arrives before the last search, an hour after it: the one thing taken for granted.
    static bool mayStillArrive(const World& world, const std::string& mark) {
        const auto bears = [&mark](const c::Effect& effect) { return markOf(effect) == mark; };
        return std::any_of(world.late.begin(), world.late.end(), bears) ||
               std::any_of(world.creations.begin(), world.creations.end(),
                           [&mark](const Creation& each) { return each.effect && each.state.order.streamId == mark; });
    }

    void settlingGoesOn(const World& world, double& runs) {
        if (!world.settling) {
            for (const auto& [id, intent] : world.store.intents) {
                if (intent.looks >= 3 && mayStillArrive(world, id)) continue;
                World next = world;
                next.settling = t::State{.id = id, .now = "2026-09-23T08:00:00.000Z"};
                next.settlingEffect = t::step(*next.settling, t::Asked{});
                runs += explore(next);
            }
            return;
        }
        for (const Fate fate : {Fate::Done, Fate::LostBefore, Fate::LostAfter, Fate::CrashBefore, Fate::CrashAfter}) {
            if (fate != Fate::Done && world.faults == 0) continue;
            World next = world;
            if (fate != Fate::Done) --next.faults;
            t::Event event = Failed{"timeout", ""};
            if (fate != Fate::LostBefore && fate != Fate::CrashBefore) {
                t::Event carried = next.store.carryOut(world.settlingEffect);
                if (fate == Fate::Done) event = std::move(carried);
            }
            if (fate == Fate::CrashBefore || fate == Fate::CrashAfter) {
                next.settling.reset();
            } else {
                next.settlingEffect = t::step(*next.settling, event);
                if (std::holds_alternative<t::Answer>(next.settlingEffect)) next.settling.reset();
            }
            runs += explore(next);
        }
    }

    // At any time.
    static void check(const World& world) {
        const Store& store = world.store;
        for (const auto& [id, stream] : store.streams) {
            if (!store.inputs.count(stream.input)) FAIL("a document names a live input that is not there: " << id);
            if (!stream.mux.empty() && !store.mux.count(stream.mux)) FAIL("... a live stream of Mux: " << id);
        }
        if (store.streams.size() > 1) FAIL("one key, two streams");
        for (const Creation& each : world.creations) {
            if (!each.answered.empty() && !store.streams.count(each.answered))
                FAIL("told of a stream that is not there");
        }
    }

    // When nothing is under way any more.
    void end(const World& world) {
        ++ends;
        const Store& store = world.store;
        if (!store.intents.empty()) FAIL("an intent is never settled");
        if (store.inputs.size() != store.streams.size()) FAIL("a live input is left over");
        std::size_t backups = 0;
        for (const auto& [id, stream] : store.streams) backups += stream.mux.empty() ? 0 : 1;
        if (store.mux.size() != backups) FAIL("a live stream of Mux is left over");
        withStream += store.streams.size();
    }

    std::unordered_map<std::string, double> runs_{};
};

Creation creation(const std::string& id, bool backup, const std::string& clientKey, int waits) {
    Creation made{};
    made.state.order = {.user = sample::owner(),
                        .memorialId = "m1",
                        .title = "Service",
                        .enableMuxBackup = backup,
                        .streamId = id,
                        .idempotencyKey = clientKey,
                        .now = "2026-09-23T08:00:00.000Z"};
    made.state.order.setup.mux = true;
    made.state.waits = waits;
    made.effect = c::step(made.state, c::Ordered{});
    return made;
}

void exploreAll(const std::string& what, World world) {
    for (Creation& each : world.creations) tell(each, c::MemorialFound{sample::memorial()});
    world.store.firstLook = 2;  // one search, and the last one
    Explorer explorer;
    const double runs = explorer.explore(world);
    MESSAGE(what << ": " << runs << " runs through " << explorer.states() << " states");
    CHECK(explorer.ends > 0);
    CHECK(explorer.withStream > 0);
}

}  // namespace

TEST_CASE("whatever fails, is lost or comes late in a creation, nothing is left over") {
    World world{};
    world.creations = {creation("a", true, "k", 19)};
    world.faults = 2;
    exploreAll("a creation with a backup, two faults", world);
}

TEST_CASE("two twins under one key make one stream, whatever fails") {
    World world{};
    world.creations = {creation("a", false, "k", 19), creation("b", false, "k", 19)};
    world.faults = 1;
    exploreAll("twins, one fault", world);
}
