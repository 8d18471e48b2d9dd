/* gr_override(): another dependency in the place of one, in a test. */
#include "need.h"

struct query {
    int64_t n;
};
static GR_INPUT(query, GR_QUERY(n, GR_DEFAULT(1)));
static int query(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct query *in, int *value)
{
    *value = (int)in->n;
    return note("query");
}
GR_DEPENDENCY(query, int);

static int seven(GR_UNUSED gr_req *req, int *value)
{
    *value = 7;
    return note("seven");
}
GR_DEPENDENCY(seven, int);

struct from_header {
    int64_t number;
    int seven;
};
static GR_INPUT(from_header, GR_HEADER(number, .alias = "x-number"), GR_NEEDS(seven, seven));
static int from_header(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct from_header *in, int *value)
{
    *value = (int)in->number * in->seven;
    return note("from_header");
}
GR_DEPENDENCY(from_header, int);

struct twice {
    int n;
};
static GR_INPUT(twice, GR_NEEDS(n, query));
static int twice(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct twice *in, int *value)
{
    *value = in->n * 2;
    return note("twice");
}
GR_DEPENDENCY(twice, int);

struct say {
    int n, twice;
};
static GR_INPUT(say, GR_NEEDS(n, query), GR_NEEDS(twice, twice));
static gr_reply say(GR_UNUSED gr_co co, gr_req *req, const struct say *in)
{
    return gr_text(req, gr_printf(req, "%d %d", in->n, in->twice));
}
GR_GET("/say", say);

static int passes(GR_UNUSED gr_req *req)
{
    return note("passes");
}
GR_GUARD(passes);
static int refuses(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_fail(req, 401, "no");
}
GR_GUARD(refuses);
static gr_reply guarded(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_text(req, "in");
}
GR_GET("/guarded", guarded, .needs = GR_DEPENDENCIES(&refuses_dependency));

static void check_say(gr_app *app, const char *target, const char *number, int status, const char *body)
{
    gr_test *test = serve(app);
    trace[0] = '\0';
    gr_answer *answer =
        gr_test_request(test, "GET", target, (const char *const[]){number ? "X-Number" : NULL, number, NULL}, NULL, 0);
    check_answer(answer, status, body);
    gr_answer_free(answer);
    gr_test_destroy(test);
}

START_TEST(the_stand_in_runs_wherever_the_other_is_needed)
{
    MAKE_APP(app, &say_route);
    check_say(app, "/say?n=3", NULL, 200, "3 6");
    ck_assert_int_eq(gr_override(app, query, seven), 0);
    check_say(app, "/say?n=3", NULL, 200, "7 14");
    ck_assert_str_eq(trace, "seven twice ");
    gr_app_destroy(app);
}
END_TEST

START_TEST(its_own_input_is_read_and_what_it_needs_runs)
{
    MAKE_APP(app, &say_route);
    ck_assert_int_eq(gr_override(app, query, from_header), 0);
    check_say(app, "/say?n=3", "2", 200, "14 28");
    ck_assert_str_eq(trace, "seven from_header twice ");
    check_say(app, "/say?n=x", NULL, 422,
              "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"header\",\"x-number\"],\"msg\":\"Field required\","
              "\"input\":null}]}");
    gr_app_destroy(app);
}
END_TEST

START_TEST(the_document_stays_that_of_the_original)
{
    MAKE_APP(app, &say_route);
    gr_test *test = serve(app);
    gr_answer *before = gr_test_get(test, "/openapi.json");
    gr_test_destroy(test);
    ck_assert_int_eq(gr_override(app, query, from_header), 0);
    check_say(app, "/openapi.json", NULL, 200, gr_answer_body(before, NULL));
    HAS(gr_answer_body(before, NULL), "\"name\":\"n\",\"in\":\"query\"");
    gr_answer_free(before);
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_second_one_takes_its_place_and_it_can_be_taken_back)
{
    MAKE_APP(app, &say_route);
    ck_assert_int_eq(gr_override(app, query, from_header), 0);
    ck_assert_int_eq(gr_override(app, query, seven), 0);
    check_say(app, "/say?n=3", NULL, 200, "7 14");
    ck_assert_int_eq(gr_override(app, query, query), 0);
    check_say(app, "/say?n=3", NULL, 200, "3 6");
    ck_assert_int_eq(gr_override(app, query, seven), 0);
    ck_assert_int_eq(gr_app_override(app, &query_dependency, NULL), 0);
    check_say(app, "/say?n=3", NULL, 200, "3 6");
    gr_app_destroy(app);
}
END_TEST

START_TEST(another_application_has_the_original)
{
    MAKE_APP(app, &say_route);
    MAKE_APP(other, &say_route);
    ck_assert_int_eq(gr_override(app, query, seven), 0);
    check_say(other, "/say?n=3", NULL, 200, "3 6");
    gr_app_destroy(app);
    gr_app_destroy(other);
}
END_TEST

START_TEST(a_guard_stands_in_for_a_guard)
{
    MAKE_APP(app, &guarded_route);
    check_say(app, "/guarded", NULL, 401, NULL);
    ck_assert_int_eq(gr_override(app, refuses, passes), 0);
    check_say(app, "/guarded", NULL, 200, "in");
    ck_assert_str_eq(trace, "passes ");
    gr_app_destroy(app);
}
END_TEST

static int wide(GR_UNUSED gr_req *req, double *value)
{
    *value = 1;
    return 0;
}
GR_DEPENDENCY(wide, double);

START_TEST(one_of_another_size_and_one_that_needs_what_it_stands_for_are_refused)
{
    MAKE_APP(app, &say_route);
    ck_assert_int_eq(gr_app_override(app, &query_dependency, &wide_dependency), 0);
    char *text = refusal(app);
    HAS(text, "say: \"wide\" stands in for \"query\", but gives 8 bytes instead of 4");
    free(text);
    ck_assert_int_eq(gr_override(app, query, twice), 0);
    text = refusal(app);
    HAS(text, "say: dependencies that need each other: twice -> twice");
    free(text);
    gr_app_destroy(app);
}
END_TEST

/* --- arguments --- */

struct asks {
    const char *text;
};
static GR_INPUT(asks, GR_ARGUMENT(text));
static int asks(GR_UNUSED gr_req *req, const struct asks *in, int *value)
{
    *value = (int)strlen(in->text);
    return 0;
}
GR_DEPENDENCY(asks, int);
struct of_asks {
    int n;
};
static GR_INPUT(of_asks, GR_NEEDS(n, asks, .with = "four"));
static gr_reply of_asks(GR_UNUSED gr_co co, gr_req *req, const struct of_asks *in)
{
    return gr_text(req, gr_printf(req, "%d", in->n));
}
GR_GET("/asks", of_asks);

START_TEST(a_stand_in_may_ignore_an_argument_but_not_ask_for_one_that_nobody_gives)
{
    MAKE_APP(app, &of_asks_route);
    check_say(app, "/asks", NULL, 200, "4");
    ck_assert_int_eq(gr_override(app, asks, seven), 0);
    check_say(app, "/asks", NULL, 200, "7");
    gr_app_destroy(app);
    MAKE_APP(other, &say_route);
    ck_assert_int_eq(gr_override(other, query, asks), 0);
    char *text = refusal(other);
    HAS(text, "needs \"asks\", which takes a GR_ARGUMENT, without one");
    free(text);
    gr_app_destroy(other);
}
END_TEST

/* --- before the body --- */

static int admits(GR_UNUSED gr_co co, GR_UNUSED gr_req *req)
{
    return 0;
}
GR_GUARD(admits, .before_body = true);
struct admits_of_body {
    int64_t n;
};
static GR_INPUT(admits_of_body, GR_JSON(n));
static int admits_of_body(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, GR_UNUSED const struct admits_of_body *in)
{
    return 0;
}
GR_GUARD(admits_of_body);
static gr_reply admitted(gr_req *req)
{
    return gr_text(req, "in");
}
GR_POST("/admitted", admitted, .needs = GR_DEPENDENCIES(&admits_dependency));

START_TEST(what_stands_in_for_one_before_the_body_does_not_take_it)
{
    MAKE_APP(app, &admitted_route);
    ck_assert_int_eq(gr_override(app, admits, admits_of_body), 0);
    char *text = refusal(app);
    HAS(text, "dependency \"admits\" is .before_body, but \"admits_of_body\" takes the body");
    free(text);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    return run_tests("app overrides",
                     (test_list){the_stand_in_runs_wherever_the_other_is_needed,
                                 its_own_input_is_read_and_what_it_needs_runs, the_document_stays_that_of_the_original,
                                 a_second_one_takes_its_place_and_it_can_be_taken_back,
                                 another_application_has_the_original, a_guard_stands_in_for_a_guard,
                                 one_of_another_size_and_one_that_needs_what_it_stands_for_are_refused,
                                 what_stands_in_for_one_before_the_body_does_not_take_it,
                                 a_stand_in_may_ignore_an_argument_but_not_ask_for_one_that_nobody_gives, NULL},
                     20);
}
