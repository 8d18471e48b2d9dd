#include "steps.h"

#define COOKIE \
    { \
        "Cookie", "last_query=bar" \
    }

STEPS(a_dependency_has_what_another_one_found, {"GET", "/items/", {0}, NULL, 200, "{\"q_or_cookie\":null}"},
      {"GET", "/items/?q=foo", {0}, NULL, 200, "{\"q_or_cookie\":\"foo\"}"},
      {"GET", "/items/", COOKIE, NULL, 200, "{\"q_or_cookie\":\"bar\"}"},
      {"GET", "/items/?q=foo", COOKIE, NULL, 200, "{\"q_or_cookie\":\"foo\"}"},
      {"GET", "/items/?q=", COOKIE, NULL, 200, "{\"q_or_cookie\":\"bar\"}"})

STEPS(one_runs_once_a_request_unless_it_is_to_be_fresh,
      {"GET", "/tickets/", {0}, NULL, 200, "{\"mine\":1,\"also_mine\":1,\"fresh\":2}"},
      {"GET", "/tickets/", {0}, NULL, 200, "{\"mine\":3,\"also_mine\":3,\"fresh\":4}"})

STEPS(
    the_document_tells_of_query_and_cookie,
    {"GET",
     "/openapi.json",
     {0},
     NULL,
     200,
     "...\"parameters\":[{\"name\":\"q\",\"in\":\"query\",\"required\":false,\"schema\":{\"anyOf\":[{\"type\":"
     "\"string\"},{\"type\":\"null\"}],\"title\":\"Q\"}},{\"name\":\"last_query\",\"in\":\"cookie\",\"required\":false,"
     "\"schema\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"title\":\"Last Query\"}}]"})

TESTS("subdependencies", a_dependency_has_what_another_one_found, one_runs_once_a_request_unless_it_is_to_be_fresh,
      the_document_tells_of_query_and_cookie)
