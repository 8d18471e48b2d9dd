#include "steps.h"

#define HEADERS(token, key) \
    { \
        "X-Token", token, "X-Key", key \
    }

STEPS(what_the_guards_let_through_is_answered,
      {"GET", "/items/", HEADERS("fake-super-secret-token", "fake-super-secret-key"), NULL, 200,
       "[{\"item\":\"Foo\"},{\"item\":\"Bar\"}]"})

STEPS(what_all_of_them_miss_is_told_together,
      {"GET",
       "/items/",
       {0},
       NULL,
       422,
       "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"header\",\"x-token\"],\"msg\":\"Field required\",\"input\":null},"
       "{\"type\":\"missing\",\"loc\":[\"header\",\"x-key\"],\"msg\":\"Field required\",\"input\":null}]}"})

STEPS(the_first_that_refuses_has_the_answer,
      {"GET", "/items/", HEADERS("invalid", "invalid"), NULL, 400, "{\"detail\":\"X-Token header invalid\"}"},
      {"GET", "/items/", HEADERS("fake-super-secret-token", "invalid"), NULL, 400,
       "{\"detail\":\"X-Key header invalid\"}"})

TESTS("guards", what_the_guards_let_through_is_answered, what_all_of_them_miss_is_told_together,
      the_first_that_refuses_has_the_answer)
