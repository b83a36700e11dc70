#include "streams/access.hpp"

#include <doctest/doctest.h>

using namespace streams;

TEST_CASE("an administrator manages every memorial, owner and funeral director theirs, nobody else any") {
    struct Row {
        const char* uid;
        const char* role;
        bool manages, creates;
    };
    const Row rows[] = {
        {"root", "admin", true, true},       {"owner", "owner", true, false},
        {"owner", "", true, false},          {"director", "funeral_director", true, true},
        {"director", "", true, false},       {"elsewhere", "funeral_director", false, true},
        {"stranger", "owner", false, false}, {"stranger", "Admin", false, false},
        {"", "admin", false, false},         {"", "", false, false},
    };
    const Memorial memorial{.id = "m", .ownerUid = "owner", .funeralDirectorUid = "director"};
    for (const Row& row : rows) {
        CAPTURE(row.uid);
        CAPTURE(row.role);
        const User user{row.uid, row.role};
        CHECK(mayManage(user, memorial) == row.manages);
        CHECK(mayCreateMemorial(user) == row.creates);
    }
}

TEST_CASE("a memorial without an owner belongs to nobody") {
    CHECK_FALSE(mayManage({"", ""}, {}));
    CHECK_FALSE(mayManage({"someone", ""}, {}));
    CHECK(mayManage({"someone", "admin"}, {}));
}
