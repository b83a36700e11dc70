#include "streams/access.hpp"

namespace streams {

bool mayManage(const User& user, const Memorial& memorial) {
    if (user.uid.empty()) return false;  // nobody owns a memorial whose owner was never set
    return user.role == "admin" || user.uid == memorial.ownerUid || user.uid == memorial.funeralDirectorUid;
}

bool mayCreateMemorial(const User& user) {
    return !user.uid.empty() && (user.role == "admin" || user.role == "funeral_director");
}

}  // namespace streams
