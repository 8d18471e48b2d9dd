#include "steps.h"

STEPS(an_operation_knows_what_stands_before_its_path,
      {"GET", "/app", {0}, NULL, 200, "{\"message\":\"Hello World\",\"root_path\":\"/api/v1\"}"})

STEPS(a_proxy_that_leaves_the_path_as_it_is_serves_too,
      {"GET", "/api/v1/app", {0}, NULL, 200, "{\"message\":\"Hello World\",\"root_path\":\"/api/v1\"}"})

STEPS(the_document_has_it_before_the_other_servers,
      {"GET",
       "/openapi.json",
       {0},
       NULL,
       200,
       "...\"servers\":[{\"url\":\"/api/v1\"},{\"url\":\"https://stag.example.com\",\"description\":\"Staging "
       "environment\"},{\"url\":\"https://prod.example.com\",\"description\":\"Production environment\"}],"})

TESTS("proxy", an_operation_knows_what_stands_before_its_path, a_proxy_that_leaves_the_path_as_it_is_serves_too,
      the_document_has_it_before_the_other_servers)
