#include "steps.h"

STEPS(a_problem_has_members_of_its_own,
      {"GET",
       "/accounts/12345",
       {0},
       NULL,
       402,
       "{\"status\":402,\"instance\":\"/accounts/12345\",\"type\":\"https://example.com/out-of-credit\",\"title\":"
       "\"You do not have enough credit.\",\"detail\":\"Your current balance is 30, but that costs "
       "50.\",\"balance\":30}"})

STEPS(every_error_is_one,
      {"GET",
       "/accounts/1",
       {0},
       NULL,
       404,
       "{\"status\":404,\"type\":\"about:blank\",\"title\":\"Not Found\",\"detail\":\"there is no account 1\","
       "\"instance\":\"/accounts/1\"}"},
      {"GET",
       "/accounts/x",
       {0},
       NULL,
       422,
       "...\"instance\":\"/accounts/x\",\"errors\":[{\"type\":\"int_parsing\",\"loc\":[\"path\",\"account\"]"})

FIELDS(its_content_type_says_so, {"/accounts/1", "Content-Type", "application/problem+json"},
       {"/accounts/x", "Content-Type", "application/problem+json"})

STEPS(the_document_says_so, {"GET", "/openapi.json", {0}, NULL, 200, "...application/problem+json"})

TESTS("problems", a_problem_has_members_of_its_own, every_error_is_one, its_content_type_says_so, the_document_says_so)
