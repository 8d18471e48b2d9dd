#include "steps.h"

STEPS(what_was_answered_was_committed, {"PUT", "/stock/5", {0}, NULL, 200, "{\"stock\":5}"},
      {"GET", "/stock", {0}, NULL, 200, "{\"stock\":5,\"connections\":1}"})

STEPS(a_commit_that_fails_is_a_500, {"PUT", "/stock/5", {0}, NULL, 200, "{\"stock\":5}"},
      {"PUT", "/stock/-5", {0}, NULL, 500, "Internal Server Error"},
      {"GET", "/stock", {0}, NULL, 200, "{\"stock\":5,\"connections\":1}"})

STEPS(what_is_answered_by_an_error_is_rolled_back,
      {"PUT", "/stock/13", {0}, NULL, 409, "{\"detail\":\"not thirteen\"}"},
      {"GET", "/stock", {0}, NULL, 200, "{\"stock\":0,\"connections\":1}"})

STEPS(the_connection_is_given_back_where_input_is_wrong, {"PUT", "/stock/101", {0}, NULL, 422, "...less_than_equal"},
      {"GET", "/stock", {0}, NULL, 200, "{\"stock\":0,\"connections\":1}"})

TESTS("transaction", what_was_answered_was_committed, a_commit_that_fails_is_a_500,
      what_is_answered_by_an_error_is_rolled_back, the_connection_is_given_back_where_input_is_wrong)
