#include "steps.h"

STEPS(two_operations_have_the_parameters_of_one_dependency,
      {"GET", "/items/", {0}, NULL, 200, "{\"q\":null,\"skip\":0,\"limit\":100}"},
      {"GET", "/items/?q=foo", {0}, NULL, 200, "{\"q\":\"foo\",\"skip\":0,\"limit\":100}"},
      {"GET", "/items/?q=foo&skip=5", {0}, NULL, 200, "{\"q\":\"foo\",\"skip\":5,\"limit\":100}"},
      {"GET", "/items/?q=foo&skip=5&limit=30", {0}, NULL, 200, "{\"q\":\"foo\",\"skip\":5,\"limit\":30}"},
      {"GET", "/users/?limit=1", {0}, NULL, 200, "{\"q\":null,\"skip\":0,\"limit\":1}"})

STEPS(what_is_wrong_with_them_is_told_as_of_the_operation,
      {"GET",
       "/users/?skip=many&limit=1.5",
       {0},
       NULL,
       422,
       "{\"detail\":[{\"type\":\"int_parsing\",\"loc\":[\"query\",\"skip\"],\"msg\":\"Input should be a valid integer, "
       "unable to parse string as an integer\",\"input\":\"many\"},{\"type\":\"int_parsing\",\"loc\":[\"query\","
       "\"limit\"],\"msg\":\"Input should be a valid integer, unable to parse string as an integer\",\"input\":"
       "\"1.5\"}]}"})

STEPS(the_document_has_them_at_both,
      {"GET",
       "/openapi.json",
       {0},
       NULL,
       200,
       "...\"/users/\":{\"get\":{\"summary\":\"Read Users\",\"operationId\":\"read_users_users__get\",\"parameters\":[{"
       "\"name\":\"q\",\"in\":\"query\",\"required\":false,\"schema\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":"
       "\"null\"}],\"title\":\"Q\"}},{\"name\":\"skip\",\"in\":\"query\",\"required\":false,\"schema\":{\"type\":"
       "\"integer\",\"title\":\"Skip\",\"default\":0}},{\"name\":\"limit\",\"in\":\"query\",\"required\":false,"
       "\"schema\":{\"type\":\"integer\",\"title\":\"Limit\",\"default\":100}}]"})

TESTS("commons", two_operations_have_the_parameters_of_one_dependency,
      what_is_wrong_with_them_is_told_as_of_the_operation, the_document_has_them_at_both)
