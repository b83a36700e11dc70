#include "rtp/recorder.hpp"

#include <doctest/doctest.h>

#include <string>

#include "rtp/packets.hpp"

using namespace rtp;

namespace {

constexpr Size kWide{640, 360};
constexpr Size kTall{360, 640};

struct Stage {
    Recorder recorder{Codec::Vp8, true};
    double now = 10000;
    std::string log{};  // "start VA 640x360, data key 0, data 20, end"

    void listen() {
        recorder.tick(now);
        for (const Item& item : recorder.take()) {
            if (!log.empty()) log += ", ";
            if (item.type == Item::Start) {
                log += std::string{"start "} + (item.video ? "V" : "") + (item.audio ? "A" : "");
                if (item.video) log += " " + std::to_string(item.size.width) + "x" + std::to_string(item.size.height);
            } else if (item.type == Item::Data) {
                log += (item.key ? "key " : "data ") + std::to_string(item.ms);
            } else {
                log += "end";
            }
        }
    }
    void sound(double ms) {
        recorder.hear(Kind::Audio, now);
        recorder.frame(Kind::Audio, {.key = true, .data = {1}}, ms, now);
    }
    void picture(double ms) {
        recorder.hear(Kind::Video, now);
        recorder.frame(Kind::Video, {.data = {2}}, ms, now);
    }
    void key(double ms, Size size = kWide) {
        recorder.hear(Kind::Video, now);
        recorder.frame(Kind::Video, {.key = true, .size = size, .data = {3}}, ms, now);
    }
    void pass(double ms) {
        now += ms;
        listen();
    }
};

}  // namespace

TEST_CASE("a run begins with its first key picture, when there is sound too") {
    Stage stage;
    stage.sound(9800);
    stage.sound(9960);
    stage.picture(9970);
    stage.pass(100);
    CHECK(stage.log == "");
    stage.key(10000);
    stage.listen();
    // The sound of 40 ms before belongs to it; that of 200 ms before does not.
    CHECK(stage.log == "start VA 640x360, data 0, key 40");
}

TEST_CASE("a first picture that was long in coming stands for the time before, with its sound") {
    Stage stage;
    stage.sound(10000);
    stage.pass(980);
    stage.sound(10980);
    stage.key(11000);
    stage.listen();
    CHECK(stage.log == "start VA 640x360, key 0");
    stage.picture(11033);
    stage.listen();
    CHECK(stage.log == "start VA 640x360, key 0, data 1033");
}

TEST_CASE("sound that ended before the first picture does not count as there") {
    Stage stage;
    stage.sound(9500);
    stage.key(10000);
    stage.listen();
    CHECK(stage.log == "");
    stage.sound(10020);
    stage.listen();
    CHECK(stage.log == "start VA 640x360, key 0");
}

TEST_CASE("a kind of which nothing comes is waited for 2 s") {
    Stage sight;
    sight.key(10000);
    sight.pass(1999);
    CHECK(sight.log == "");
    sight.pass(1);
    CHECK(sight.log == "start V 640x360, key 0");

    Stage sound;
    sound.sound(10000);
    sound.pass(1999);
    CHECK(sound.log == "");
    sound.pass(1);
    CHECK(sound.log == "start A, key 0");
}

TEST_CASE("pictures that come, but without a key, are waited for 5 s") {
    Stage stage;
    stage.sound(10000);
    for (int i = 0; i < 49; ++i) {
        stage.recorder.hear(Kind::Video, stage.now);
        stage.pass(100);
    }
    CHECK(stage.log == "");
    stage.recorder.hear(Kind::Video, stage.now);
    stage.pass(100);
    CHECK(stage.log == "start A, key 0");
}

TEST_CASE("a publisher of one kind is not waited for at all") {
    Stage sound{.recorder = Recorder{{}, true}};
    sound.sound(10000);
    sound.sound(10020);
    sound.listen();
    CHECK(sound.log == "start A, key 0");

    Stage sight{.recorder = Recorder{Codec::H264, false}};
    sight.key(10000);
    sight.listen();
    CHECK(sight.log == "start V 640x360, key 0");
}

TEST_CASE("pictures after a run of sound alone begin another run") {
    Stage stage;
    stage.sound(10000);
    stage.pass(2000);
    stage.sound(12000);
    stage.now += 1000;
    stage.key(12010);
    stage.listen();
    CHECK(stage.log == "start A, key 0, data 2000, end");
    stage.sound(12020);
    stage.listen();
    CHECK(stage.log == "start A, key 0, data 2000, end, start VA 640x360, key 0");
}

TEST_CASE("sound after a run of pictures alone begins another at the next key picture") {
    Stage stage;
    stage.key(10000);
    stage.pass(2000);
    stage.sound(12000);
    stage.picture(12010);
    stage.now += 1000;
    stage.key(13000);
    stage.sound(13001);
    stage.listen();
    CHECK(stage.log == "start V 640x360, key 0, data 2010, end, start VA 640x360, key 0");
}

TEST_CASE("another size begins another run, but not thirty a second") {
    Stage stage;
    stage.sound(10000);
    stage.key(10000);
    stage.listen();
    stage.now += 500;
    stage.key(10500, kTall);
    CHECK(stage.recorder.wantsKey());
    stage.picture(10533);
    stage.sound(10540);
    stage.listen();
    CHECK(stage.log == "start VA 640x360, data 0, key 0, data 540");
    stage.now += 500;
    stage.key(11000, kTall);
    CHECK_FALSE(stage.recorder.wantsKey());
    stage.picture(11033);
    stage.sound(11040);
    stage.listen();
    CHECK(stage.log == "start VA 640x360, data 0, key 0, data 540, end, start VA 360x640, key 0");
}

TEST_CASE("where pictures lag behind the sound the next run does not begin before the last one ended") {
    Stage stage;
    stage.sound(10000);
    stage.key(10000);
    stage.sound(13000);
    stage.listen();
    stage.log = "";
    stage.now += 3000;
    stage.key(11000, kTall);  // waited for two seconds on a thin way
    stage.sound(13020);
    stage.listen();
    stage.picture(11100);
    stage.listen();
    stage.sound(13040);
    stage.listen();
    CHECK(stage.log == "end, start VA 360x640, key 0, data 1, data 40");
}

TEST_CASE("each run begins with a cluster, even when sound comes first") {
    Stage stage;
    int runs = 0;
    for (const Size size : {kWide, kTall, kWide}) {
        stage.key(stage.now, size);
        stage.sound(stage.now - 20);
        bool first = false;
        for (const Item& item : stage.recorder.take()) {
            if (item.type == Item::Data && first) CHECK(toHex(View{item.bytes}.first(4)) == "1f43b675");
            if (item.type == Item::Start) ++runs;
            first = item.type == Item::Start;
        }
        stage.now += 1500;
    }
    CHECK(runs == 3);
}

TEST_CASE("a size that flickers back goes on in its run") {
    Stage stage;
    stage.sound(10000);
    stage.key(10000);
    stage.key(10100, kTall);
    stage.key(10200);
    stage.picture(10233);
    stage.listen();
    CHECK(stage.log == "start VA 640x360, data 0, key 0, key 200");
}

TEST_CASE("a size that changes before the run has begun is its size") {
    Stage stage;
    stage.key(10000);
    stage.picture(10033);
    stage.key(10100, kTall);
    stage.sound(10100);
    stage.listen();
    CHECK(stage.log == "start VA 360x640, key 0");
}

TEST_CASE("each track's times go up, in whole milliseconds from 0") {
    Stage stage;
    stage.sound(9999.6);
    stage.key(10000);
    stage.listen();
    for (const double ms : {10000.1, 9000.0, 10000.4, 10050.0}) {
        stage.picture(ms);
        stage.listen();
    }
    CHECK(stage.log == "start VA 640x360, data 0, key 0, data 1, data 2, data 3, data 50");
}

TEST_CASE("sound alone may be tuned into at each cluster") {
    Stage stage{.recorder = Recorder{{}, true}};
    for (double ms = 0; ms <= 10000; ms += 500) stage.sound(ms);
    stage.listen();
    CHECK(stage.log == "start A, key 0, key 5000, key 10000");
}

TEST_CASE("the end writes what was waiting, and ends only what began") {
    Stage stage;
    stage.recorder.finish();
    stage.listen();
    CHECK(stage.log == "");
    stage.key(10000);
    stage.recorder.finish();
    stage.listen();
    CHECK(stage.log == "start V 640x360, key 0, end");
}

TEST_CASE("what nobody takes does not pile up, and goes on with a key picture") {
    Stage stage;
    stage.sound(10000);
    stage.key(10000);
    const Bytes large(1 << 20, 2);
    for (int i = 1; i < 100; ++i) stage.recorder.frame(Kind::Video, {.data = large}, 10000 + i * 33, stage.now);
    CHECK(stage.recorder.wantsKey());
    std::size_t bytes = 0;
    for (const Item& item : stage.recorder.take()) bytes += item.bytes.size();
    CHECK(bytes > 15u << 20);
    CHECK(bytes <= 16u << 20);
    stage.picture(20000);
    stage.listen();
    CHECK(stage.log == "");
    stage.key(20033);
    stage.listen();
    CHECK(stage.log == "key 10033");
}

TEST_CASE("a publisher that never shows both kinds is not held in memory") {
    Stage stage;
    const Bytes large(1 << 20, 2);
    for (int i = 0; i < 20; ++i) {
        stage.recorder.frame(Kind::Audio, {.key = true, .data = large}, 10000 + i, stage.now);
    }
    stage.listen();
    CHECK(stage.log.substr(0, 14) == "start A, key 0");
}
