#include "steps.h"

STEPS(a_dependency_looks_for_what_who_needs_it_says,
      {"GET", "/query-checker/", {0}, NULL, 200, "{\"fixed_content_in_query\":false}"},
      {"GET", "/query-checker/?q=qwerty", {0}, NULL, 200, "{\"fixed_content_in_query\":false}"},
      {"GET", "/query-checker/?q=foobar", {0}, NULL, 200, "{\"fixed_content_in_query\":true}"})

STEPS(each_argument_is_a_dependency_of_its_own, {"GET", "/both/?q=foo", {0}, NULL, 200, "{\"foo\":true,\"bar\":false}"},
      {"GET", "/both/?q=bar", {0}, NULL, 200, "{\"foo\":false,\"bar\":true}"},
      {"GET", "/both/?q=foobar", {0}, NULL, 200, "{\"foo\":true,\"bar\":true}"})

TESTS("checker", a_dependency_looks_for_what_who_needs_it_says, each_argument_is_a_dependency_of_its_own)
