/* What the document says of dependencies: their inputs are the operation's. */
#include "need.h"
#include "openapi.h"

struct user {
    const char *name;
};
static GR_MODEL(user, GR_FIELD(name));

struct inner {
    const char *token;
    int64_t depth;
    const char *q;
};
static GR_INPUT(inner, GR_HEADER(token, .alias = "x-token"), GR_QUERY(depth, GR_DEFAULT(1)), GR_QUERY(q));
static int inner(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, GR_UNUSED const struct inner *in, int *value)
{
    *value = 1;
    return 0;
}
GR_DEPENDENCY(inner, int);

struct outer {
    int inner;
    int64_t limit;
    const char *session;
    int64_t id;
};
static GR_INPUT(outer, GR_NEEDS(inner, inner), GR_QUERY(limit, GR_DEFAULT(10)), GR_COOKIE(session, GR_OPTIONAL),
                GR_PATH(id));
static int outer(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, GR_UNUSED const struct outer *in, int *value)
{
    *value = 1;
    return 0;
}
GR_DEPENDENCY(outer, int);

struct listed {
    const char *key;
};
static GR_INPUT(listed, GR_HEADER(key, .alias = "x-key"));
static int listed(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, GR_UNUSED const struct listed *in)
{
    return 0;
}
GR_GUARD(listed);

struct show {
    int outer, again;
    const char *q;
    int64_t skip;
};
static GR_INPUT(show, GR_NEEDS(outer, outer), GR_NEEDS(again, inner), GR_QUERY(q, GR_OPTIONAL),
                GR_QUERY(skip, GR_DEFAULT(0)));
HANDLES(show)
GR_GET("/show/{id}", show, .needs = GR_DEPENDENCIES(&listed_dependency));

static void want_parameter(const char *at, size_t i, const char *name, const char *in, bool required)
{
    char pointer[100], wanted[100];
    snprintf(pointer, sizeof pointer, "%s/parameters/%zu/name", at, i);
    snprintf(wanted, sizeof wanted, "\"%s\"", name);
    want(pointer, wanted);
    snprintf(pointer, sizeof pointer, "%s/parameters/%zu/in", at, i);
    snprintf(wanted, sizeof wanted, "\"%s\"", in);
    want(pointer, wanted);
    snprintf(pointer, sizeof pointer, "%s/parameters/%zu/required", at, i);
    want(pointer, required ? "true" : "false");
}

START_TEST(parameters_of_dependencies_stand_behind_the_operation_s_own_each_once_who_needs_it_has_the_word)
{
    DOCUMENT_OF(&show_route);
    const char *at = "/paths/~1show~1{id}/get";
    want_parameter(at, 0, "id", "path", true);
    want_parameter(at, 1, "q", "query", true);
    want_parameter(at, 2, "skip", "query", false);
    want_parameter(at, 3, "limit", "query", false);
    want_parameter(at, 4, "depth", "query", false);
    want_parameter(at, 5, "x-key", "header", true);
    want_parameter(at, 6, "x-token", "header", true);
    want_parameter(at, 7, "session", "cookie", false);
    want_nothing("/paths/~1show~1{id}/get/parameters/8");
    want("/paths/~1show~1{id}/get/responses/422/description", "\"Validation Error\"");
    forget();
}
END_TEST

static gr_reply bare(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_text(req, "");
}
GR_GET("/bare/{id}/{other}", bare, .needs = GR_DEPENDENCIES(&outer_dependency));

START_TEST(an_operation_without_input_has_that_of_its_list)
{
    DOCUMENT_OF(&bare_route);
    const char *at = "/paths/~1bare~1{id}~1{other}/get";
    want_parameter(at, 0, "id", "path", true);
    want("/paths/~1bare~1{id}~1{other}/get/parameters/0/schema/type", "\"integer\"");
    want_parameter(at, 1, "other", "path", true);
    want_parameter(at, 2, "limit", "query", false);
    want("/paths/~1bare~1{id}~1{other}/get/responses/422/description", "\"Validation Error\"");
    forget();
}
END_TEST

GIVES(plain);
GR_ROUTE_AS(simple, "GET", "/simple", bare, .needs = GR_DEPENDENCIES(&plain_dependency));

START_TEST(one_without_input_leaves_no_trace)
{
    DOCUMENT_OF(&simple_route);
    want_nothing("/paths/~1simple/get/parameters");
    want_nothing("/paths/~1simple/get/responses/422");
    forget();
}
END_TEST

/* --- bodies --- */

struct takes_user {
    struct user user;
};
static GR_INPUT(takes_user, GR_BODY(user, user));
static int takes_user(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, GR_UNUSED const struct takes_user *in, int *value)
{
    *value = 1;
    return 0;
}
GR_DEPENDENCY(takes_user, int);

struct alone {
    int user;
};
static GR_INPUT(alone, GR_NEEDS(user, takes_user));
HANDLES(alone)
GR_POST("/alone", alone);
struct same {
    int taken;
    struct user user;
};
static GR_INPUT(same, GR_NEEDS(taken, takes_user), GR_BODY(user, user));
HANDLES(same)
GR_POST("/same", same);
struct several {
    int taken;
    int64_t count;
};
static GR_INPUT(several, GR_NEEDS(taken, takes_user), GR_FIELD(count));
HANDLES(several)
GR_POST("/several", several);

#define CONTENT "/requestBody/content/application~1json/schema"

START_TEST(a_body_of_one_name_is_the_whole_and_several_are_members)
{
    DOCUMENT_OF(&alone_route, &same_route, &several_route);
    want("/paths/~1alone/post" CONTENT, "{\"$ref\":\"#/components/schemas/User\"}");
    want("/paths/~1alone/post/requestBody/required", "true");
    want("/paths/~1same/post" CONTENT, "{\"$ref\":\"#/components/schemas/User\"}");
    want("/paths/~1several/post" CONTENT, "{\"$ref\":\"#/components/schemas/Body_several_several_post\"}");
    want("/components/schemas/Body_several_several_post/properties",
         "{\"count\":{\"type\":\"integer\",\"title\":\"Count\"},\"user\":{\"$ref\":\"#/components/schemas/User\"}}");
    want("/components/schemas/Body_several_several_post/required", "[\"count\",\"user\"]");
    forget();
}
END_TEST

struct takes_form {
    const char *name;
};
static GR_INPUT(takes_form, GR_FORM(name));
static int takes_form(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, GR_UNUSED const struct takes_form *in, int *value)
{
    *value = 1;
    return 0;
}
GR_DEPENDENCY(takes_form, int);
struct form {
    int taken;
    const char *more;
};
static GR_INPUT(form, GR_NEEDS(taken, takes_form), GR_FORM(more));
HANDLES(form)
GR_POST("/form", form);

START_TEST(fields_of_forms_are_joined)
{
    DOCUMENT_OF(&form_route);
    want("/paths/~1form/post/requestBody/content/application~1x-www-form-urlencoded/schema",
         "{\"$ref\":\"#/components/schemas/Body_form_form_post\"}");
    want("/components/schemas/Body_form_form_post/required", "[\"more\",\"name\"]");
    forget();
}
END_TEST

int main(void)
{
    return run_tests(
        "app dependencies openapi",
        (test_list){parameters_of_dependencies_stand_behind_the_operation_s_own_each_once_who_needs_it_has_the_word,
                    an_operation_without_input_has_that_of_its_list, one_without_input_leaves_no_trace,
                    a_body_of_one_name_is_the_whole_and_several_are_members, fields_of_forms_are_joined, NULL},
        20);
}
