#include "steps.h"

static const struct step steps[] = {
    {"GET", "/people/1,2", {0}, NULL, 200, "{\"ids\":[1,2],\"where\":{\"city\":[]}}"},
    {"GET",
     "/people/7?where[name]=Ann&where%5Bage%5D=3&where[city]=Rome&where[city]=Oslo&tag=[1]",
     {0},
     NULL,
     200,
     "{\"ids\":[7],\"where\":{\"name\":\"Ann\",\"age\":3,\"city\":[\"Rome\",\"Oslo\"]},\"tag\":\"[1]\"}"},
    {"GET",
     "/people/1,x,1?where[age]=-1&where[size]=2&where[size]=3",
     {0},
     NULL,
     422,
     "{\"errors\":[{\"field\":\"ids.1\",\"message\":\"Input should be a valid integer, unable to parse string as an "
     "integer\",\"value\":\"x\"},{\"field\":\"where.age\",\"message\":\"Input should be greater than or equal to 0\","
     "\"value\":\"-1\"},{\"field\":\"where.size\",\"message\":\"Extra inputs are not "
     "permitted\",\"value\":[\"2\",\"3\"]}]}"},
    {"GET",
     "/people/1,2,1",
     {0},
     NULL,
     422,
     "{\"errors\":[{\"field\":\"ids\",\"message\":\"Value error, items should be "
     "unique\",\"value\":[\"1\",\"2\",\"1\"]}]}"},
};
TUTORIAL("filter", parameters_have_the_styles_of_openapi)
