#include "sdp/description.hpp"

#include <algorithm>

#include "sdp/fixtures.hpp"

using namespace sdp;

namespace {

const std::string kStart = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

std::string withLf(std::string text) {
    text.erase(std::remove(text.begin(), text.end(), '\r'), text.end());
    return text;
}

/// Parsed from a buffer of exactly that size, so that ASan sees one byte too far.
core::Result<Description> parseExact(const std::string& text) {
    const std::vector<char> bytes(text.begin(), text.end());
    return parse({bytes.data(), bytes.size()});
}

}  // namespace

TEST_CASE("every offer is written back byte for byte, with CRLF or LF, with or without a final newline") {
    for (const char* file : kFixtures) {
        CAPTURE(file);
        const std::string crlf = readFixture(file), lf = withLf(crlf);
        for (const std::string& text : {crlf, crlf.substr(0, crlf.size() - 2), lf, lf.substr(0, lf.size() - 1)}) {
            const auto description = parseExact(text);
            REQUIRE(description.has_value());
            CHECK(write(*description) == text);
        }
    }
}

TEST_CASE("a text cut short is refused or read as the lines it still has") {
    for (const char* file : kFixtures) {
        CAPTURE(file);
        const std::string crlf = readFixture(file);
        std::vector<std::string> texts{crlf};
        if (file == kFixtures[4]) texts.push_back(withLf(crlf));  // one is enough: this test takes seconds
        for (const std::string& text : texts) {
            const auto whole = parse(text);
            REQUIRE(whole.has_value());
            for (std::size_t size = 0; size < text.size(); ++size) {
                const std::string prefix = text.substr(0, size);
                const auto description = parseExact(prefix);
                if (!description) {
                    if (description.error().where.starts_with("line ") && !description.error().what.empty()) continue;
                    CAPTURE(size);
                    FAIL("an error without a line or a reason");
                }
                if (write(*description) == prefix && description->media.size() <= whole->media.size()) continue;
                CAPTURE(size);
                FAIL("misread");
            }
        }
    }
}

TEST_CASE("mixed line ends are read, and written as the first one") {
    const auto description = parse("v=0\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\nt=0 0\r\n");
    REQUIRE(description.has_value());
    CHECK(write(*description) == withLf(kStart));
}

TEST_CASE("what is not SDP is refused with the line and what was expected there") {
    struct Row {
        std::string text;
        const char *where, *what;
    };
    const Row rows[] = {
        {"", "line 1", "expected v=0"},
        {"\r\n", "line 1", "expected v=0"},
        {"v=1\r\n", "line 1", "expected v=0"},
        {"<!doctype html>", "line 1", "expected v=0"},
        {"{\"sdp\":\"v=0\"}", "line 1", "expected v=0"},
        {"v=0\r\ns=-\r\n", "line 2", "expected o=<user> <session id> <version> <network> <address type> <address>"},
        {"v=0\r\no=- 1 2 IN IP4\r\n", "line 2",
         "expected o=<user> <session id> <version> <network> <address type> <address>"},
        {"v=0\r\no=- 1 2 IN IP4 ::1\r\nt=0 0\r\n", "line 3", "expected s=<name>"},
        {"v=0\r\no=- 1 2 IN IP4 ::1\r\n", "line 3",
         "expected v=0, o=, s= and t=<start> <stop>, but the text ends here"},
        {"v=0\r\no=- 1 2 IN IP4 ::1\r\ns=-\r\nm=audio 9 RTP/AVP 0\r\n", "line 4",
         "expected t=<start> <stop> before the first m= line"},
        {kStart + "hello\r\n", "line 5", "expected <letter>=<value>"},
        {kStart + "\r\n", "line 5", "expected <letter>=<value>"},
        {kStart + "a", "line 5", "expected <letter>=<value>"},
        {kStart + "a mid:0\r\n", "line 5", "expected <letter>=<value>"},
        {kStart + "x=1\r\n", "line 5", "expected one of the letters of RFC 8866: v o s i u e p c b t r z k a m"},
        {kStart + "A=mid:0\r\n", "line 5", "expected one of the letters of RFC 8866: v o s i u e p c b t r z k a m"},
        {kStart + "v=0\r\n", "line 5", "expected v=, o= and s= only once, as lines 1 to 3"},
        {kStart + "a=\r\n", "line 5", "expected a=<attribute>"},
        {kStart + "a=:x\r\n", "line 5", "expected a=<attribute>"},
        {kStart + "b=AS\r\n", "line 5", "expected b=<type>:<bandwidth>"},
        {kStart + "c=IN IP4\r\n", "line 5", "expected c=<network> <address type> <address>"},
        {kStart + "t=0\r\n", "line 5", "expected t=<start> <stop>"},
        {kStart + "m=audio\r\n", "line 5", "expected m=<kind> <port> <protocol> <format> ..."},
        {kStart + "m=audio 9 RTP/AVP\r\n", "line 5", "expected m=<kind> <port> <protocol> <format> ..."},
        {kStart + "m=audio 9 RTP/AVP \r\n", "line 5", "expected m=<kind> <port> <protocol> <format> ..."},
        {kStart + "m=audio x RTP/AVP 0\r\n", "line 5", "expected m=<kind> <port> <protocol> <format> ..."},
        {kStart + "m=audio 65536 RTP/AVP 0\r\n", "line 5", "expected m=<kind> <port> <protocol> <format> ..."},
        {kStart + "m=audio -1 RTP/AVP 0\r\n", "line 5", "expected m=<kind> <port> <protocol> <format> ..."},
        {kStart + "m= 9 RTP/AVP 0\r\n", "line 5", "expected m=<kind> <port> <protocol> <format> ..."},
        {kStart + "m=audio 9 RTP/AVP 0\r\nt=0 0\r\n", "line 6", "expected an a=, b=, c=, i=, k= or m= line"},
        {kStart + "a=mid:0\ra=x\r\n", "line 5", "a carriage return is not followed by a line feed"},
        {kStart + "a=mid:0\r", "line 5", "a carriage return is not followed by a line feed"},
        {kStart + std::string("a=m\0d\r\n", 7), "line 5", "a line holds a zero byte"},
        {kStart + "a=" + std::string(kMaxLine, 'x'), "line 5", "the line is longer than 8 KiB"},
        {kStart + std::string(kMaxBytes, 'x'), "line 1", "the description is longer than 256 KiB"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text.substr(0, 120));
        const auto description = parseExact(row.text);
        REQUIRE_FALSE(description.has_value());
        CHECK(description.error().where == row.where);
        CHECK(description.error().what == row.what);
    }
}

TEST_CASE("sections are read by their m= line and attributes") {
    const auto offer = parseFixture("firefox-153-offer.sdp");
    REQUIRE(offer.media.size() == 2);
    const Media &audio = offer.media[0], &video = offer.media[1];
    CHECK(audio.kind() == "audio");
    CHECK(audio.port() == 9);
    CHECK(audio.protocol() == "UDP/TLS/RTP/SAVPF");
    CHECK(audio.formats() == std::vector<std::string_view>{"109", "9", "0", "8", "101"});
    CHECK(audio.mid() == "0");
    CHECK(audio.attribute("rtcp-mux") == "");
    CHECK(audio.attributes("rtpmap").size() == 5);
    CHECK_FALSE(audio.attribute("rtcp-mu"));
    CHECK_FALSE(audio.has("simulcast"));
    CHECK(video.port() == 0);
    CHECK_FALSE(video.rejected());  // bundle-only
    CHECK(offer.attribute("group") == "BUNDLE 0 1");
    CHECK(direction(offer, video) == Direction::SendOnly);
}

TEST_CASE("the m= line may hold a port count and trailing blanks, and a section may have no mid") {
    const auto description = parse(kStart + "m=video 49170/2 RTP/AVP 31  32 \r\nm=audio 0 RTP/AVP 0");
    REQUIRE(description.has_value());
    CHECK(description->media[0].port() == 49170);
    CHECK(description->media[0].formats() == std::vector<std::string_view>{"31", "32"});
    CHECK(description->media[0].mid().empty());
    CHECK(description->media[1].rejected());
}

TEST_CASE("direction is the section's own, else the session's, else sendrecv") {
    struct Row {
        const char *session, *media;
        Direction direction;
    };
    const Row rows[] = {
        {"", "", Direction::SendRecv},
        {"a=recvonly\r\n", "", Direction::RecvOnly},
        {"a=recvonly\r\n", "a=sendonly\r\n", Direction::SendOnly},
        {"", "a=inactive\r\n", Direction::Inactive},
        {"", "a=sendrecv\r\n", Direction::SendRecv},
        {"", "a=sendonly:x\r\n", Direction::SendRecv},
    };
    for (const Row& row : rows) {
        const auto description = parse(kStart + row.session + "m=audio 9 RTP/AVP 0\r\n" + row.media);
        REQUIRE(description.has_value());
        CHECK(direction(*description, description->media[0]) == row.direction);
    }
}
