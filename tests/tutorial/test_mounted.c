#include "steps.h"

STEPS(both_applications_answer, {"GET", "/app", {0}, NULL, 200, "{\"message\":\"Hello World from main app\"}"},
      {"GET", "/subapi/sub", {0}, NULL, 200, "{\"message\":\"Hello World from sub API\"}"})

STEPS(neither_has_the_operations_of_the_other, {"GET", "/sub", {0}, NULL, 404, "{\"detail\":\"Not Found\"}"},
      {"GET", "/subapi/app", {0}, NULL, 404, "{\"detail\":\"Not Found\"}"})

#define DOCUMENT(title, servers, path, summary, id) \
    "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"" title "\",\"version\":\"1.0\"}," servers "\"paths\":{\"" path \
    "\":{\"get\":{\"summary\":\"" summary "\",\"operationId\":\"" id \
    "\",\"responses\":{\"200\":{\"description\":\"Successful " \
    "Response\",\"content\":{\"application/json\":{\"schema\":{}}}}}}}}}"

STEPS(each_has_a_document_of_its_own,
      {"GET", "/openapi.json", {0}, NULL, 200, DOCUMENT("Main", "", "/app", "Read Main", "read_main_app_get")},
      {"GET",
       "/subapi/openapi.json",
       {0},
       NULL,
       200,
       DOCUMENT("Sub", "\"servers\":[{\"url\":\"/subapi\"}],", "/sub", "Read Sub", "read_sub_sub_get")})

TESTS("mounted", both_applications_answer, neither_has_the_operations_of_the_other, each_has_a_document_of_its_own)
