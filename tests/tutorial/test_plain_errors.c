#include "steps.h"

STEPS(an_error_is_its_text, {"GET", "/items/3", {0}, NULL, 418, "Nope! I don't like 3."},
      {"GET", "/nowhere", {0}, NULL, 404, "Not Found"}, {"PUT", "/items/3", {0}, NULL, 405, "Method Not Allowed"})

FIELDS(it_is_plain_text, {"/items/3", "Content-Type", "text/plain; charset=utf-8"},
       {"/nowhere", "Content-Type", "text/plain; charset=utf-8"})

STEPS(what_is_wrong_with_input_is_a_400,
      {"GET",
       "/items/foo",
       {0},
       NULL,
       400,
       "Validation errors:\nField: [\"path\",\"item_id\"], Error: Input should be a valid integer, unable to parse "
       "string as an integer"})

STEPS(what_is_right_is_answered_as_ever, {"GET", "/items/2", {0}, NULL, 200, "{\"item_id\":2}"})

TESTS("plain_errors", an_error_is_its_text, it_is_plain_text, what_is_wrong_with_input_is_a_400,
      what_is_right_is_answered_as_ever)
