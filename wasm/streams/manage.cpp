#include "streams/manage.hpp"

#include "streams/access.hpp"
#include "streams/backup.hpp"
#include "streams/rule.hpp"
#include "streams/schedule.hpp"

namespace streams::manage {
namespace {

using enum Step;

constexpr int kMostConflicts = 20;
constexpr int kLease = 120;  // seconds

// ---- guards
bool notAllowed(const State& s, const Event& e) { return !mayManage(s.order.user, as<MemorialFound>(e).memorial); }
template <Wish wish>
bool to(const State& s, const Event&) {
    return s.order.wish == wish;
}
bool toRemoveLive(const State& s, const Event& e) {
    const auto* found = std::get_if<StreamFound>(&e);
    const Stream& stream = found ? found->stream : s.stream;
    return s.order.wish == Wish::Remove && stream.status == Status::live;
}
bool toRetryInVain(const State& s, const Event&) {
    return s.order.wish == Wish::RetryBackup && whyNoBackup(s.stream.path, s.order.setup);
}
bool toRetryWhatIsReady(const State& s, const Event&) {
    return s.order.wish == Wish::RetryBackup && s.stream.backup == Backup::ready;
}
bool toRetryOutput(const State& s, const Event&) {
    return s.order.wish == Wish::RetryBackup && s.stream.backup == Backup::pending && s.stream.muxLiveStreamId;
}
bool unknown(const State&, const Event& e) { return isUnknown(as<Failed>(e)); }
bool toMark(const State& s, const Event&) { return s.order.wish == Wish::RotateKeys && !s.marked; }
bool areNewKeys(const State& s, const Event& e) {
    if (s.failure.code.empty()) return true;
    Stream rotated = s.stream;
    takeAddresses(rotated, as<InputTold>(e).input, s.order.bases.media);
    return rotated != s.stream;
}
bool hasFormerOutput(const State& s, const Event&) { return s.saved && s.stream.cloudflareOutputId.has_value(); }
bool toRemoveUnfinished(const State& s, const Event& e) {
    const auto* found = std::get_if<StreamFound>(&e);
    const Stream& stream = found ? found->stream : s.stream;
    return s.order.wish == Wish::Remove && stream.status == Status::completed && isAwaited(stream);
}
bool isConflict(const State& s, const Event& e) {
    return as<Failed>(e).code == "conflict" && s.conflicts < kMostConflicts;
}
bool isSaving(const State& s) { return !s.backup.id.empty() && !s.saved; }
// Somebody else tried again at the same time, and was faster.
bool hasBackupMeanwhile(const State& s, const Event& e) {
    const Stream& stream = as<StreamFound>(e).stream;
    return isSaving(s) && stream.muxLiveStreamId && stream.backup != Backup::failed;
}
bool isSavingNow(const State& s, const Event&) { return isSaving(s); }

// ---- the change itself, to whatever the document is by then
Stream changed(const State& s) {
    const Order& order = s.order;
    Stream stream = s.stream;
    if (order.wish == Wish::Rename) stream.title = order.title;
    if (order.scheduledAt) stream.scheduledAt = order.scheduledAt->empty() ? std::nullopt : order.scheduledAt;
    if (s.input) {
        takeAddresses(stream, *s.input, order.bases.media);
        if (stream.path == Path::relay) {
            takeRelayAddress(stream, order.setup.relayUrl, order.relaySecret, order.bases.media);
        }
    }
    if (isSaving(s)) {
        stream.muxLiveStreamId = s.backup.id;
        stream.muxStreamKey = s.backup.streamKey;
        stream.muxPlaybackId = s.backup.playbackId;
        stream.muxIngestUrl = s.backup.ingestUrl;
        if (!stream.recordingSources.mux) stream.recordingSources.mux = RecordingSource{};
        stream.backup = Backup::pending;
        stream.simulcastEnabled = false;
    }
    if (!s.outputId.empty()) {
        stream.cloudflareOutputId = s.outputId;
        stream.backup = Backup::ready;
        stream.simulcastEnabled = true;
    }
    stream.updatedAt = order.now;
    return stream;
}

std::string mark(const State& s) { return s.order.id + ":" + s.order.mark; }

// ---- actions
Effect find(State& s, const Event&) { return FindStream{s.order.id}; }
void keep(State& s, const Event& e) {
    s.stream = as<StreamFound>(e).stream;
    s.version = as<StreamFound>(e).version;
}
Effect findMemorial(State& s, const Event& e) {
    keep(s, e);
    return FindMemorial{s.stream.memorialId};
}
Effect update(State& s, const Event&) {
    return UpdateStream{s.version, s.stream, changed(s), isSaving(s) ? mark(s) : ""};
}
Effect findAgain(State& s, const Event&) {
    ++s.conflicts;
    return FindStream{s.order.id};
}
Effect updateAgain(State& s, const Event& e) {
    keep(s, e);
    return update(s, e);
}
Effect remove(State& s, const Event&) {
    Intent intent{.id = s.order.id + ":removed",
                  .streamId = s.order.id,
                  .phase = Intent::Phase::settling,
                  .due = dueAfter(s.order.now, 0),
                  .cloudflareInputIds = {s.stream.cloudflareInputId}};
    if (s.stream.muxLiveStreamId) intent.muxLiveStreamIds = {*s.stream.muxLiveStreamId};
    for (const Recording& recording : s.stream.recordings) {
        (recording.provider == Provider::mux ? intent.muxAssetIds : intent.cloudflareVideoIds).push_back(recording.id);
    }
    return RemoveStream{s.order.id, s.version, std::move(intent)};
}
Effect removeAgain(State& s, const Event& e) {
    keep(s, e);
    return remove(s, e);
}
Effect removed(State& s, const Event&) { return Removed{s.order.id + ":removed"}; }

// Whatever becomes of this: soon after, the document is compared with what the provider says.
Effect markDue(State& s, const Event&) {
    Stream marked = s.stream;
    marked.nextCheckAt = dueAfter(s.order.now, kLease);
    return UpdateStream{s.version, s.stream, std::move(marked)};
}
Effect markAgain(State& s, const Event& e) {
    keep(s, e);
    return markDue(s, e);
}
Effect rotate(State& s, const Event&) {
    s.marked = true;
    return RotateInputKeys{s.stream.cloudflareInputId};
}
Effect findNewest(State& s, const Event&) { return FindStream{s.order.id}; }
Effect findAfterDoubt(State& s, const Event& e) {
    s.failure = as<Failed>(e);
    return FindStream{s.order.id};
}
// Read after the version that the update is for: of two who rotate at once, the later one's keys are the input's.
Effect reread(State& s, const Event& e) {
    keep(s, e);
    return GetInput{s.stream.cloudflareInputId};
}
Effect takeKeys(State& s, const Event& e) {
    s.input = as<InputTold>(e).input;
    return update(s, e);
}
Effect notRotated(State& s, const Event&) { return Refused{providerFailed(s.failure)}; }
Effect unread(State& s, const Event& e) {
    return Refused{providerFailed(s.failure.code.empty() ? as<Failed>(e) : s.failure)};
}

Intent intent(const State& s, Intent::Phase phase, int seconds) {
    return {.id = mark(s), .streamId = s.order.id, .phase = phase, .due = dueAfter(s.order.now, seconds)};
}
Effect saveIntent(State& s, const Event&) {
    Intent making = intent(s, Intent::Phase::making, kLease);
    making.lookMux = true;
    return SaveIntent{std::move(making)};
}
Effect createBackup(State& s, const Event&) { return CreateMuxStream{mark(s), s.stream.title}; }
Effect saveBackup(State& s, const Event& e) {
    s.backup = as<BackupMade>(e).backup;
    return update(s, e);
}
Effect leave(State& s, Effect answer, bool look) {
    s.answer = std::move(answer);
    Intent left = intent(s, Intent::Phase::settling, 0);
    left.lookMux = look;
    if (!s.backup.id.empty()) left.muxLiveStreamIds = {s.backup.id};
    return SaveIntent{std::move(left)};
}
Effect leaveUnmade(State& s, const Event& e) {
    const Failed& failed = as<Failed>(e);
    return leave(s, Refused{providerFailed(failed), mark(s)}, isUnknown(failed));
}
Effect leaveUnsaved(State& s, const Event&) { return leave(s, Refused{storeFailed(), mark(s)}, false); }
Effect leaveSurplus(State& s, const Event& e) { return leave(s, Show{as<StreamFound>(e).stream, mark(s)}, false); }
Effect leaveRemoved(State& s, const Event&) { return leave(s, Refused{noStream(), mark(s)}, false); }

Effect createOutput(State& s, const Event&) {
    return CreateOutput{s.stream.cloudflareInputId, s.stream.muxIngestUrl.value_or(""),
                        s.stream.muxStreamKey.value_or("")};
}
// The document stands at a version that only a new look can tell; it is looked at when the output is there.
Effect createItsOutput(State& s, const Event& e) {
    s.stream = changed(s);
    s.saved = true;
    return createOutput(s, e);
}
Effect saveOutput(State& s, const Event& e) {
    s.outputId = as<OutputMade>(e).id;
    if (!s.saved) return update(s, e);
    s.step = FindingAgain;
    return FindStream{s.order.id};
}
// It leads to a backup that is no more.
Effect deleteFormerOutput(State& s, const Event& e) {
    s.outputId = as<OutputMade>(e).id;
    return DeleteOutput{s.stream.cloudflareInputId, *s.stream.cloudflareOutputId};
}

Effect show(State& s, const Event&) { return Show{s.stream}; }
Effect showChanged(State& s, const Event&) { return Show{changed(s)}; }
Effect answer(State& s, const Event&) { return *s.answer; }

Effect missing(State&, const Event&) { return Refused{noStream()}; }
Effect forbid(State&, const Event&) { return Refused{otherFamily()}; }
Effect noStore(State&, const Event&) { return Refused{storeFailed()}; }
Effect noProvider(State&, const Event& e) { return Refused{providerFailed(as<Failed>(e))}; }
Effect isLive(State&, const Event&) {
    return Refused{
        {409, "is-live", "This stream is live just now. Please end the broadcast before you delete it.", ""}};
}
Effect isUnfinished(State&, const Event&) {
    return Refused{{409, "is-unfinished",
                    "The recording is still being prepared. Please delete the stream once it is ready.", ""}};
}
Effect inVain(State& s, const Event&) {
    return Refused{{409, "no-backup", *whyNoBackup(s.stream.path, s.order.setup), ""}};
}

using Rule = RuleOf<State, Event, Effect>;
template <class E>
constexpr std::size_t on = core::indexOf<E, Event>;

// The first rule that fits counts.
// clang-format off
constexpr Rule kRules[] = {
    {New,          on<Ordered>,         always,                Finding,      find},
    {Finding,      on<StreamMissing>,   always,                Done,         missing},
    {Finding,      on<StreamFound>,     always,                Authorizing,  findMemorial},
    {Finding,      on<Failed>,          always,                Done,         noStore},
    {Authorizing,  on<MemorialMissing>, always,                Done,         missing},
    {Authorizing,  on<MemorialFound>,   notAllowed,            Done,         forbid},
    {Authorizing,  on<MemorialFound>,   to<Wish::Rename>,      Updating,     update},
    {Authorizing,  on<MemorialFound>,   toRemoveLive,          Done,         isLive},
    {Authorizing,  on<MemorialFound>,   toRemoveUnfinished,    Done,         isUnfinished},
    {Authorizing,  on<MemorialFound>,   to<Wish::Remove>,      Removing,     remove},
    {Authorizing,  on<MemorialFound>,   to<Wish::RotateKeys>,  Marking,      markDue},
    {Authorizing,  on<MemorialFound>,   toRetryInVain,         Done,         inVain},
    {Authorizing,  on<MemorialFound>,   toRetryWhatIsReady,    Done,         show},
    {Authorizing,  on<MemorialFound>,   toRetryOutput,         MakingOutput, createOutput},
    {Authorizing,  on<MemorialFound>,   always,                Intending,    saveIntent},
    {Authorizing,  on<Failed>,          always,                Done,         noStore},

    {Marking,      on<Carried>,         always,                Rotating,     rotate},
    {Marking,      on<Failed>,          isConflict,            FindingAgain, findAgain},
    {Marking,      on<Failed>,          always,                Done,         noStore},
    {Rotating,     on<InputTold>,       always,                FindingAgain, findNewest},
    {Rotating,     on<Failed>,          unknown,               FindingAgain, findAfterDoubt},  // only the answer was lost?
    {Rotating,     on<Failed>,          always,                Done,         noProvider},
    {Rereading,    on<InputTold>,       areNewKeys,            Updating,     takeKeys},
    {Rereading,    on<InputTold>,       always,                Done,         notRotated},
    {Rereading,    on<Failed>,          always,                Done,         unread},

    {Intending,    on<Carried>,         always,                MakingBackup, createBackup},
    {Intending,    on<Failed>,          always,                Done,         noStore},
    {MakingBackup, on<BackupMade>,      always,                SavingBackup, saveBackup},
    {MakingBackup, on<Failed>,          always,                Leaving,      leaveUnmade},
    {SavingBackup, on<Carried>,         always,                MakingOutput, createItsOutput},
    {SavingBackup, on<Failed>,          isConflict,            FindingAgain, findAgain},
    {SavingBackup, on<Failed>,          always,                Leaving,      leaveUnsaved},  // saved after all, it is kept
    {MakingOutput, on<OutputMade>,      hasFormerOutput,       DroppingOutput, deleteFormerOutput},
    {MakingOutput, on<OutputMade>,      always,                Updating,     saveOutput},
    {DroppingOutput, on<Carried>,       always,                FindingAgain, findNewest},
    {DroppingOutput, on<Failed>,        always,                FindingAgain, findNewest},
    {MakingOutput, on<Failed>,          always,                Done,         show},

    {Updating,     on<Carried>,         always,                Done,         showChanged},
    {Updating,     on<Failed>,          isConflict,            FindingAgain, findAgain},
    {Updating,     on<Failed>,          always,                Done,         noStore},
    {Removing,     on<Carried>,         always,                Done,         removed},
    {Removing,     on<Failed>,          isConflict,            FindingAgain, findAgain},
    {Removing,     on<Failed>,          always,                Done,         noStore},
    {FindingAgain, on<StreamFound>,     toRemoveLive,          Done,         isLive},
    {FindingAgain, on<StreamFound>,     toRemoveUnfinished,    Done,         isUnfinished},
    {FindingAgain, on<StreamFound>,     to<Wish::Remove>,      Removing,     removeAgain},
    {FindingAgain, on<StreamFound>,     toMark,                Marking,      markAgain},
    {FindingAgain, on<StreamFound>,     to<Wish::RotateKeys>,  Rereading,    reread},
    {FindingAgain, on<StreamFound>,     hasBackupMeanwhile,    Leaving,      leaveSurplus},
    {FindingAgain, on<StreamFound>,     isSavingNow,           SavingBackup, updateAgain},
    {FindingAgain, on<StreamFound>,     always,                Updating,     updateAgain},
    {FindingAgain, on<StreamMissing>,   to<Wish::Remove>,      Done,         removed},
    {FindingAgain, on<StreamMissing>,   isSavingNow,           Leaving,      leaveRemoved},
    {FindingAgain, on<StreamMissing>,   always,                Done,         missing},
    {FindingAgain, on<Failed>,          isSavingNow,           Leaving,      leaveUnsaved},
    {FindingAgain, on<Failed>,          always,                Done,         noStore},
    {Leaving,      on<Carried>,         always,                Done,         answer},
    {Leaving,      on<Failed>,          always,                Done,         answer},        // the first intent is there, and comes due
};
// clang-format on

}  // namespace

Effect step(State& state, const Event& event) {
    if (auto effect = applyFirst(kRules, state, event)) return *std::move(effect);
    state.step = Done;
    return Refused{unexpected()};
}

}  // namespace streams::manage
