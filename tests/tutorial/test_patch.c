#include "steps.h"

static const struct step steps[] = {
    {"GET", "/me", {0}, NULL, 200, "{\"name\":\"Ann\",\"age\":30}"},
    {"PATCH", "/me", JSON, "{\"bio\":\"sails\"}", 200, "{\"name\":\"Ann\",\"bio\":\"sails\",\"age\":30}"},
    {"PATCH", "/me", JSON, "{\"age\":null}", 200, "{\"name\":\"Ann\",\"bio\":\"sails\",\"age\":null}"},
    {"PATCH", "/me", JSON, "{\"name\":\"Bo\",\"bio\":null}", 200, "{\"name\":\"Bo\",\"bio\":null,\"age\":null}"},
    {"PATCH", "/me", JSON, "{}", 200, "{\"name\":\"Bo\",\"bio\":null,\"age\":null}"},
    {"PATCH", "/me", JSON, "{\"name\":null}", 422, "...string_type"},
    {"PATCH", "/me", JSON, "{\"age\":151}", 422, "...less_than_equal"},
    {"GET", "/me", {0}, NULL, 200, "{\"name\":\"Bo\"}"},
    {"POST", "/me/preview", JSON, "{\"age\":null,\"name\":\"Cy\"}", 200, "{\"name\":\"Cy\",\"age\":null}"},
};
TUTORIAL("patch", what_is_not_sent_stays_and_null_is_a_value)
