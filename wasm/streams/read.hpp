/// Showing memorials and their streams, and opening a memorial: the smaller requests, as one pure state machine.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "streams/refuse.hpp"
#include "streams/stream.hpp"

namespace streams::read {

// clang-format off
/// What is asked for. All but `ViewMemorial` need someone signed in.
struct ViewMemorial   { std::string memorialId; };              // anybody: the public view
struct ListStreams    { User user; std::string memorialId; };   // those who may manage it
struct GetStream      { User user; std::string id; };           // the same, with what a publisher needs
struct ListMemorials  { User user; };                           // those this user may manage
struct CreateMemorial { User user; Memorial memorial; };

// What happened.
struct MemorialFound   { Memorial memorial; };
struct MemorialMissing {};
struct MemorialsFound  { std::vector<Memorial> memorials; };
struct StreamFound     { Stream stream; };
struct StreamMissing   {};
struct StreamsFound    { std::vector<Stream> streams; };
struct Saved           {};
using Event = std::variant<ViewMemorial, ListStreams, GetStream, ListMemorials, CreateMemorial, MemorialFound,
                           MemorialMissing, MemorialsFound, StreamFound, StreamMissing, StreamsFound, Saved, Failed>;

// What to do about it.
struct FindMemorial  { std::string memorialId; bool operator==(const FindMemorial&) const = default; };
struct FindMemorials { bool operator==(const FindMemorials&) const = default; };
struct FindStream    { std::string id;         bool operator==(const FindStream&) const = default; };
struct FindStreams   { std::string memorialId; bool operator==(const FindStreams&) const = default; };
struct SaveMemorial  { Memorial memorial;      bool operator==(const SaveMemorial&) const = default; };
// The answers.
struct ShowMemorial  { Memorial memorial; std::vector<Stream> streams; bool operator==(const ShowMemorial&) const = default; };
struct ShowStreams   { Memorial memorial; std::vector<Stream> streams; bool operator==(const ShowStreams&) const = default; };
struct ShowStream    { Stream stream;                    bool operator==(const ShowStream&) const = default; };
struct ShowMemorials { std::vector<Memorial> memorials;  bool operator==(const ShowMemorials&) const = default; };
struct ShowCreated   { Memorial memorial;                bool operator==(const ShowCreated&) const = default; };
using Effect = std::variant<FindMemorial, FindMemorials, FindStream, FindStreams, SaveMemorial, ShowMemorial, ShowStreams,
                            ShowStream, ShowMemorials, ShowCreated, Refuse>;
// clang-format on

enum class Step { New, Viewing, ViewingStreams, Listing, ListingStreams, Getting, Authorizing, Choosing, Saving, Done };

struct State {
    Step step = Step::New;
    User user{};
    Memorial memorial{};
    Stream stream{};
};

/// Moves the flow on. A Show... or `Refuse` ends it; so does an event that no rule names.
[[nodiscard]] Effect step(State& state, const Event& event);

}  // namespace streams::read
