#include "steps.h"

STEPS(what_is_ones_own_is_answered,
      {"GET", "/items/portal-gun", {0}, NULL, 200, "{\"description\":\"Gun to create portals\",\"owner\":\"Rick\"}"})

STEPS(the_dependency_answers_for_what_is_anothers,
      {"GET", "/items/plumbus", {0}, NULL, 400, "{\"detail\":\"Owner error: Rick\"}"})

STEPS(it_leaves_other_errors_alone, {"GET", "/items/foo", {0}, NULL, 404, "{\"detail\":\"Item not found\"}"})

TESTS("owners", what_is_ones_own_is_answered, the_dependency_answers_for_what_is_anothers, it_leaves_other_errors_alone)
