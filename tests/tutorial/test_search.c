#include "steps.h"

static const struct step steps[] = {
    {"GET", "/search", {0}, NULL, 200, "{\"tag\":[],\"shop\":[],\"sort\":\"name\",\"language\":\"en\"}"},
    {"GET",
     "/search?tag=new&tag=hot&shop=3&shop=4&sort=price&since=2026-01-31",
     {"Accept-Language", "de", "Cookie", "session=3fa85f64-5717-4562-b3fc-2c963f66afa6"},
     NULL,
     200,
     "{\"tag\":[\"new\",\"hot\"],\"shop\":[3,4],\"sort\":\"price\",\"since\":\"2026-01-31\",\"language\":\"de\","
     "\"session\":"
     "\"3fa85f64-5717-4562-b3fc-2c963f66afa6\"}"},
    {"GET",
     "/search?tag=a&shop=0&sort=age",
     {"Cookie", "session=1"},
     NULL,
     422,
     "...[\"query\",\"tag\",0],\"msg\":\"String should have at least 2 characters\""},
    {"POST", "/sign-in", FORM, "username=ann&password=correct+horse&scope=read&scope=write", 200,
     "{\"username\":\"ann\",\"scopes\":2}"},
    {"POST", "/sign-in", FORM, "username=&password=short", 422, "...\"input\":\"**********\""},
    {"POST", "/sign-in", JSON, "{\"username\":\"ann\"}", 422, "...[\"body\",\"username\"]"},
};
TUTORIAL("search", input_comes_from_everywhere)
