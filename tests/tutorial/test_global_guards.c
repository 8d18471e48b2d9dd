#include "steps.h"

#define HEADERS(token, key) \
    { \
        "X-Token", token, "X-Key", key \
    }
#define MISSING \
    "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"header\",\"x-token\"],\"msg\":\"Field required\",\"input\":null}," \
    "{\"type\":\"missing\",\"loc\":[\"header\",\"x-key\"],\"msg\":\"Field required\",\"input\":null}]}"

STEPS(every_operation_is_answered_to_whom_the_guards_know,
      {"GET", "/items/", HEADERS("fake-super-secret-token", "fake-super-secret-key"), NULL, 200,
       "[{\"item\":\"Portal Gun\"},{\"item\":\"Plumbus\"}]"},
      {"GET", "/users/", HEADERS("fake-super-secret-token", "fake-super-secret-key"), NULL, 200,
       "[{\"username\":\"Rick\"},{\"username\":\"Morty\"}]"})

STEPS(every_operation_is_refused_to_others, {"GET", "/items/", {0}, NULL, 422, MISSING},
      {"GET", "/users/", {0}, NULL, 422, MISSING},
      {"GET", "/items/", HEADERS("invalid", "fake-super-secret-key"), NULL, 400,
       "{\"detail\":\"X-Token header invalid\"}"},
      {"GET", "/users/", HEADERS("fake-super-secret-token", "invalid"), NULL, 400,
       "{\"detail\":\"X-Key header invalid\"}"})

STEPS(what_is_no_operation_needs_nothing, {"GET", "/nowhere", {0}, NULL, 404, "{\"detail\":\"Not Found\"}"},
      {"GET", "/openapi.json", {0}, NULL, 200, "...\"/users/\""})

TESTS("global_guards", every_operation_is_answered_to_whom_the_guards_know, every_operation_is_refused_to_others,
      what_is_no_operation_needs_nothing)
