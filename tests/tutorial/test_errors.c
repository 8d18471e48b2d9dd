#include "steps.h"

STEPS(what_is_not_there_is_a_404, {"GET", "/items/foo", {0}, NULL, 200, "{\"item\":\"The Foo Wrestlers\"}"},
      {"GET", "/items/bar", {0}, NULL, 404, "{\"detail\":\"Item not found\"}"},
      {"GET", "/items-header/bar", {0}, NULL, 404, "{\"detail\":\"Item not found\"}"})

FIELDS(an_error_has_header_fields, {"/items-header/bar", "X-Error", "There goes my error"},
       {"/items-header/foo", "X-Error", NULL}, {"/items/bar", "X-Error", NULL})

STEPS(an_error_of_the_programs_own_kind_is_answered_as_it_says,
      {"GET", "/unicorns/shinny", {0}, NULL, 200, "{\"unicorn_name\":\"shinny\"}"},
      {"GET", "/unicorns/yolo", {0}, NULL, 418, "{\"message\":\"Oops! yolo did something. There goes a rainbow...\"}"})

TESTS("errors", what_is_not_there_is_a_404, an_error_has_header_fields,
      an_error_of_the_programs_own_kind_is_answered_as_it_says)
