#include "steps.h"

static const struct step steps[] = {
    {"GET", "/users/7", {0}, NULL, 200, "{\"id\":7,\"name\":\"Hello read_user\"}"},
    {"GET", "/api/v1/user/7?greeting=Bye", {0}, NULL, 200, "{\"id\":7,\"name\":\"Bye read_user_old\"}"},
    {"GET", "/users/x", {0}, NULL, 422, "...[\"path\",\"user_id\"]"},
    {"GET", "/api/v1/user/x", {0}, NULL, 404, "{\"detail\":\"Not Found\"}"},
};
TUTORIAL("two_routes", one_handler_serves_two_routes)
