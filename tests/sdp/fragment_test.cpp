#include "sdp/fragment.hpp"

#include "sdp/fixtures.hpp"

using namespace sdp;

namespace {

const std::string kOne = "candidate:1 1 udp 2122194687 192.0.2.2 41472 typ host generation 0 ufrag EsAw network-id 1";
const std::string kTwo = "candidate:2 1 tcp 1518285567 fd00::2 9 typ host tcptype active";

}  // namespace

TEST_CASE("a fragment is written as RFC 8840 section 9 shows it") {
    Fragment fragment{"EsAw", "P2uYro0UCOQ4zxjKXaWCBui1", "0", "audio 9 UDP/TLS/RTP/SAVPF 111", {kOne, kTwo}, true};
    CHECK(write(fragment) ==
          "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=" +
              kOne + "\r\na=" + kTwo + "\r\na=end-of-candidates\r\n");
    const auto back = parseFragment(write(fragment));
    REQUIRE(back.has_value());
    CHECK(*back == fragment);

    fragment = {"", "", "audio0", "", {}, false};
    CHECK(write(fragment) == "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:audio0\r\n");
}

TEST_CASE("a fragment takes credentials, mid and m= line of the section that is tagged in the offer") {
    struct Row {
        const char *file, *ufrag, *mid, *mLine;
    };
    const Row rows[] = {
        {"chromium-156-offer-gathered.sdp", "pvkV", "0", "audio 41472 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126"},
        {"firefox-153-offer-gathered.sdp", "da083e36", "0", "audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101"},
        {"extra-bundle-only-offer.sdp", "YDaQ", "audio0", "audio 35982 UDP/TLS/RTP/SAVPF 111"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.file);
        const Fragment fragment = fragmentOf(parseFixture(row.file));
        CHECK(fragment.iceUfrag == row.ufrag);
        CHECK(fragment.icePwd.size() >= 22);
        CHECK(fragment.mid == row.mid);
        CHECK(fragment.mLine == row.mLine);
        CHECK(fragment.candidates.empty());
        CHECK_FALSE(fragment.endOfCandidates);
    }
}

TEST_CASE("the tagged section is the first of the BUNDLE group, and credentials may stand at session level") {
    const Fragment bundled =
        fragmentOf(describe("a=group:LS 0 1\r\na=group:BUNDLE 1 0\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\n"
                            "m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=ice-ufrag:x\r\nm=video 9 RTP/AVP 31\r\na=mid:1\r\n"));
    CHECK(bundled == Fragment{"u", "p", "1", "video 9 RTP/AVP 31", {}, false});
    CHECK(fragmentOf(describe("a=group:BUNDLE 7\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n")).mid == "0");
    CHECK(fragmentOf(describe("")) == Fragment{});
}

TEST_CASE("fragments are read as servers and clients write them") {
    struct Row {
        std::string text;
        Fragment fragment;
    };
    const std::string m = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", line = "audio 9 UDP/TLS/RTP/SAVPF 111";
    const Row rows[] = {
        {"a=ice-ufrag:u\r\na=ice-pwd:p\r\n" + m + "a=mid:0\r\na=" + kOne + "\r\n",
         {"u", "p", "0", line, {kOne}, false}},
        {m + "a=mid:0\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\na=" + kOne, {"u", "p", "0", line, {kOne}, false}},
        {"a=ice-ufrag:s\na=ice-pwd:t\n" + m + "a=ice-pwd:p\na=ice-ufrag:u\n", {"u", "p", "", line, {}, false}},
        {"a=group:BUNDLE 0 1\r\na=ice-lite\r\n" + m + "a=mid:0\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\na=" + kOne +
             "\r\na=end-of-candidates\r\nm=video 9 UDP/TLS/RTP/SAVPF "
             "96\r\na=mid:1\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\na=" +
             kOne + "\r\na=" + kTwo + "\r\n",
         {"u", "p", "0", line, {kOne, kTwo}, true}},
        {m + "a=ice-ufrag:u\r\na=ice-pwd:p\r\n" + m + "a=ice-ufrag:x\r\na=ice-pwd:y\r\n",
         {"u", "p", "", line, {}, false}},
        {"a=end-of-candidates", {"", "", "", "", {}, true}},
        {"a=" + kTwo + "\r\n\r\n", {"", "", "", "", {kTwo}, false}},
        {"v=0\r\no=- 1 2 IN IP4 ::1\r\ns=-\r\nt=0 0\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\n",
         {"u", "p", "", "", {}, false}},
        {"a=mid\r\na=ice-ufrag\r\na=ice-pwd\r\n", {}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const auto fragment = parseFragment(row.text);
        REQUIRE(fragment.has_value());
        CHECK(*fragment == row.fragment);
    }
}

TEST_CASE("what is not a fragment is refused with its line") {
    std::string many;
    for (std::size_t i = 0; i <= kMaxCandidates; ++i) {
        many += "a=candidate:1 1 udp 1 192.0.2.2 " + std::to_string(i) + " typ host\r\n";
    }
    constexpr const char* kGrammar =
        "expected a=candidate:<foundation> <component> <transport> <priority> <address> <port> typ <type>";
    struct Row {
        std::string text;
        const char *where, *what;
    };
    const Row rows[] = {
        {"", "line 1", "the fragment is empty"},
        {"\r\n\r\n", "line 1", "the fragment is empty"},
        {"{\"candidate\":\"x\"}", "line 1", "expected <letter>=<value>"},
        {"a=mid:0\r\nhello\r\n", "line 2", "expected <letter>=<value>"},
        {"a=\r\n", "line 1", "expected <letter>=<value>"},
        {"A=mid:0\r\n", "line 1", "expected <letter>=<value>"},
        {"a=mid:0\ra=x\r\n", "line 1", "expected <letter>=<value>"},
        {std::string("a=mid:\0\r\n", 9), "line 1", "expected <letter>=<value>"},
        {"a=candidate:\r\n", "line 1", kGrammar},
        {"a=candidate\r\n", "line 1", kGrammar},
        {"a=candidate:1 x udp 1 192.0.2.2 9 typ host\r\n", "line 1", kGrammar},
        {"a=candidate:1 1  1 192.0.2.2 9 typ host\r\n", "line 1", kGrammar},
        {"a=candidate:1 1 udp x 192.0.2.2 9 typ host\r\n", "line 1", kGrammar},
        {"a=candidate:1 1 udp 1  9 typ host\r\n", "line 1", kGrammar},
        {"a=candidate:1 1 udp 1 192.0.2.2 65536 typ host\r\n", "line 1", kGrammar},
        {"a=candidate:1 1 udp 1 192.0.2.2 9 type host\r\n", "line 1", kGrammar},
        {"a=candidate:1 1 udp 1 192.0.2.2 9 typ\r\n", "line 1", kGrammar},
        {many, "line 257", "the fragment holds more than 256 candidates"},
        {std::string(kMaxFragmentBytes + 1, '\n'), "line 1", "the fragment is longer than 64 KiB"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text.substr(0, 80));
        const auto fragment = parseFragment(row.text);
        REQUIRE_FALSE(fragment.has_value());
        CHECK(fragment.error().where == row.where);
        CHECK(fragment.error().what == row.what);
    }
}

TEST_CASE("a fragment cut short is refused or read, and never read past its end") {
    const std::string text = write(Fragment{"EsAw", "P2uYro0UCOQ4zxjKXaWCBui1", "0", "", {kOne, kTwo}, true});
    for (std::size_t size = 0; size < text.size(); ++size) {
        const std::vector<char> bytes(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
        const auto fragment = parseFragment({bytes.data(), size});
        if (fragment) CHECK(fragment->candidates.size() <= 2);
    }
}

TEST_CASE("an ICE restart replaces credentials and candidates and keeps the rest of the answer") {
    const Fragment fresh{"newU", "newPwd", "0", "", {kTwo}, true};
    const std::string old = "a=ice-ufrag:u\r\na=ice-pwd:p\r\n";
    SUBCASE("credentials in each section") {
        const Description answer = describe(
            "a=group:BUNDLE 0 1\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n" + old + "a=" + kOne +
            "\r\na=end-of-candidates\r\na=rtcp-mux\r\nm=video 9 RTP/AVP 31\r\na=mid:1\r\n" + old + "a=recvonly\r\n");
        const Description restarted = restartIce(answer, fresh);
        CHECK(restarted.session == answer.session);
        CHECK(textOf(restarted.media[0]) == "m=audio 9 RTP/AVP 0\na=mid:0\na=ice-ufrag:newU\na=ice-pwd:newPwd\na=" +
                                                kTwo + "\na=end-of-candidates\na=rtcp-mux\n");
        CHECK(textOf(restarted.media[1]) ==
              "m=video 9 RTP/AVP 31\na=mid:1\na=ice-ufrag:newU\na=ice-pwd:newPwd\na=recvonly\n");
    }
    SUBCASE("credentials at session level, candidates in the section") {
        const Description answer =
            describe("a=ice-lite\r\n" + old + "m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=" + kOne + "\r\na=rtcp-mux\r\n");
        const Description restarted = restartIce(answer, fresh);
        CHECK(restarted.attribute("ice-lite") == "");
        CHECK(restarted.attribute("ice-ufrag") == "newU");
        CHECK(restarted.attribute("ice-pwd") == "newPwd");
        CHECK(textOf(restarted.media[0]) ==
              "m=audio 9 RTP/AVP 0\na=mid:0\na=" + kTwo + "\na=end-of-candidates\na=rtcp-mux\n");
    }
    SUBCASE("without credentials it is no restart") {
        const Description answer = parseFixture("chromium-156-offer-gathered.sdp");
        CHECK(restartIce(answer, {"", "newPwd", "0", "", {kTwo}, true}) == answer);
        CHECK(restartIce(answer, {"newU", "", "0", "", {kTwo}, true}) == answer);
    }
}
