#include "steps.h"

#define TOKEN(token) \
    { \
        "X-Token", token \
    }
#define RIGHT TOKEN("fake-super-secret-token")

#define NO_QUERY_TOKEN "{\"type\":\"missing\",\"loc\":[\"query\",\"token\"],\"msg\":\"Field required\",\"input\":null}"
#define NO_HEADER_TOKEN \
    "{\"type\":\"missing\",\"loc\":[\"header\",\"x-token\"],\"msg\":\"Field required\",\"input\":null}"

STEPS(the_operations_of_every_file_are_served,
      {"GET", "/?token=jessica", {0}, NULL, 200, "{\"message\":\"Hello Bigger Applications!\"}"},
      {"GET", "/users/?token=jessica", {0}, NULL, 200, "[{\"username\":\"Rick\"},{\"username\":\"Morty\"}]"},
      {"GET", "/users/me?token=jessica", {0}, NULL, 200, "{\"username\":\"fakecurrentuser\"}"},
      {"GET", "/users/foo?token=jessica", {0}, NULL, 200, "{\"username\":\"foo\"}"},
      {"GET", "/items/?token=jessica", RIGHT, NULL, 200,
       "{\"plumbus\":{\"name\":\"Plumbus\"},\"gun\":{\"name\":\"Portal Gun\"}}"},
      {"GET", "/items/plumbus?token=jessica", RIGHT, NULL, 200, "{\"name\":\"Plumbus\",\"item_id\":\"plumbus\"}"},
      {"PUT", "/items/plumbus?token=jessica", RIGHT, NULL, 200,
       "{\"item_id\":\"plumbus\",\"name\":\"The great Plumbus\"}"},
      {"POST", "/admin/?token=jessica", RIGHT, NULL, 200, "{\"message\":\"Admin getting schwifty\"}"})

STEPS(every_operation_wants_a_query_token, {"GET", "/", {0}, NULL, 422, "{\"detail\":[" NO_QUERY_TOKEN "]}"},
      {"GET", "/users/", {0}, NULL, 422, "{\"detail\":[" NO_QUERY_TOKEN "]}"},
      {"GET", "/users/me", {0}, NULL, 422, "{\"detail\":[" NO_QUERY_TOKEN "]}"},
      {"GET", "/items/plumbus", RIGHT, NULL, 422, "{\"detail\":[" NO_QUERY_TOKEN "]}"},
      {"GET", "/users/?token=monica", {0}, NULL, 400, "{\"detail\":\"No Jessica token provided\"}"})

STEPS(items_and_admin_want_a_header_too,
      {"GET", "/items/?token=jessica", {0}, NULL, 422, "{\"detail\":[" NO_HEADER_TOKEN "]}"},
      {"GET", "/items/bar?token=jessica", TOKEN("invalid"), NULL, 400, "{\"detail\":\"X-Token header invalid\"}"},
      {"POST", "/admin/?token=jessica", {0}, NULL, 422, "{\"detail\":[" NO_HEADER_TOKEN "]}"})

STEPS(what_is_missing_is_told_from_the_outside_to_the_inside,
      {"PUT", "/items/foo", {0}, NULL, 422, "{\"detail\":[" NO_QUERY_TOKEN "," NO_HEADER_TOKEN "]}"})

STEPS(a_guard_that_refuses_wins_over_what_is_missing,
      {"PUT", "/items/foo", TOKEN("invalid"), NULL, 400, "{\"detail\":\"X-Token header invalid\"}"},
      {"POST", "/admin/", TOKEN("invalid"), NULL, 400, "{\"detail\":\"X-Token header invalid\"}"})

STEPS(an_operation_refuses_what_its_guards_let_through,
      {"GET", "/items/bar?token=jessica", RIGHT, NULL, 404, "{\"detail\":\"Item not found\"}"},
      {"PUT", "/items/bar?token=jessica", RIGHT, NULL, 403, "{\"detail\":\"You can only update the item: plumbus\"}"})

#define OK "\"200\":{\"description\":\"Successful Response\",\"content\":{\"application/json\":{\"schema\":{}}}}"
#define INVALID \
    "\"422\":{\"description\":\"Validation " \
    "Error\",\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/HTTPValidationError\"}}}}"
#define QUERY_TOKEN \
    "{\"name\":\"token\",\"in\":\"query\",\"required\":true,\"schema\":{\"type\":\"string\",\"title\":\"Token\"}}"
#define HEADER_TOKEN \
    "{\"name\":\"x-token\",\"in\":\"header\",\"required\":true,\"schema\":{\"type\":\"string\",\"title\":\"X-Token\"}" \
    "}"

STEPS(the_document_tells_what_include_and_router_add,
      {"GET",
       "/openapi.json",
       {0},
       NULL,
       200,
       "...\"put\":{\"tags\":[\"items\",\"custom\"],\"summary\":\"Update "
       "Item\",\"operationId\":\"update_item_items__item_id__put\",\"parameters\":[{\"name\":\"item_id\",\"in\":"
       "\"path\",\"required\":true,\"schema\":{\"type\":\"string\",\"title\":\"Item Id\"}}," QUERY_TOKEN
       "," HEADER_TOKEN "],\"responses\":{" OK ",\"404\":{\"description\":\"Not found\"},\"403\":{\"description\":"
       "\"Operation forbidden\"}," INVALID "}}"},
      {"GET",
       "/openapi.json",
       {0},
       NULL,
       200,
       "...\"/admin/\":{\"post\":{\"tags\":[\"admin\"],\"summary\":\"Update "
       "Admin\",\"operationId\":\"update_admin_admin__post\",\"parameters\":[" QUERY_TOKEN "," HEADER_TOKEN
       "],\"responses\":{" OK ",\"418\":{\"description\":\"I'm a teapot\"}," INVALID "}}}"},
      {"GET",
       "/openapi.json",
       {0},
       NULL,
       200,
       "...\"/users/{username}\":{\"get\":{\"tags\":[\"users\"],\"summary\":\"Read "
       "User\",\"operationId\":\"read_user_users__username__get\",\"parameters\":[{\"name\":\"username\",\"in\":"
       "\"path\",\"required\":true,\"schema\":{\"type\":\"string\",\"title\":\"Username\"}}," QUERY_TOKEN
       "],\"responses\":{" OK "," INVALID "}}}"})

TESTS("bigger", the_operations_of_every_file_are_served, every_operation_wants_a_query_token,
      items_and_admin_want_a_header_too, what_is_missing_is_told_from_the_outside_to_the_inside,
      a_guard_that_refuses_wins_over_what_is_missing, an_operation_refuses_what_its_guards_let_through,
      the_document_tells_what_include_and_router_add)
