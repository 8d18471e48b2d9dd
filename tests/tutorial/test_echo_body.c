#include "steps.h"

STEPS(what_is_wrong_is_told_beside_the_body,
      {"POST", "/items/", JSON, "{\"title\": \"towel\", \"size\": \"XL\"}", 422,
       "{\"detail\":[{\"loc\":[\"body\",\"size\"],\"msg\":\"Input should be a valid integer, unable to parse string as "
       "an integer\",\"type\":\"int_parsing\"}],\"body\":{\"title\":\"towel\",\"size\":\"XL\"}}"})

STEPS(what_is_no_json_has_no_body,
      {"POST", "/items/", JSON, "{\"title\"", 422, "...\"type\":\"json_invalid\"}],\"body\":null}"},
      {"POST",
       "/items/",
       {0},
       NULL,
       422,
       "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"Field required\",\"type\":\"missing\"}],\"body\":null}"})

STEPS(what_is_right_is_answered_as_ever,
      {"POST", "/items/", JSON, "{\"title\":\"towel\",\"size\":42}", 200, "{\"title\":\"towel\",\"size\":42}"})

TESTS("echo_body", what_is_wrong_is_told_beside_the_body, what_is_no_json_has_no_body,
      what_is_right_is_answered_as_ever)
