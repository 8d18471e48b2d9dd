/* Dependencies that overlap: what they take together, who fails, and in which order they are torn down. */
#include "need.h"

static void torn(GR_UNUSED gr_req *req, void *arg, GR_UNUSED gr_outcome outcome)
{
    char text[40];
    snprintf(text, sizeof text, "~%s", (const char *)arg);
    note(text);
}

/* SLEEPS(a, 50): takes 50 ms, and fails with ?a=403. */
#define SLEEPS(fn, ms, side) \
    static int fn(gr_co co, gr_req *req, int *value) \
    { \
        const char *status = gr_query(req, #fn); \
        note(#fn "("); \
        *value = 1; \
        int rc = gr_sleep(co, ms); \
        rc = rc ? rc : gr_defer(req, torn, (void *)(uintptr_t) #fn); \
        if (rc == 0 && status) \
            rc = gr_fail(req, atoi(status), #fn); \
        note(rc == GR_ECANCELED ? "!" #fn : ")" #fn); \
        return rc; \
    } \
    GR_DEPENDENCY(fn, int, .concurrent = side)

SLEEPS(a, 50, true);
SLEEPS(b, 40, true);
SLEEPS(c, 50, true);
SLEEPS(alone, 50, false);

struct side {
    int a, b, c;
};
static GR_INPUT(side, GR_NEEDS(a, a), GR_NEEDS(b, b), GR_NEEDS(c, c));
HANDLES(side)
GR_GET("/", side);

static int64_t time_of(const gr_route *route, const char *target, int status, const char *body)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add_n(app, &route, 1), 0);
    gr_test *test = serve(app);
    trace[0] = '\0';
    int64_t before_ms = gr_test_now_ms(test);
    check_get(test, target, status, body);
    int64_t ms = gr_test_now_ms(test) - before_ms;
    gr_test_advance(test, 0);
    end(test, app);
    return ms;
}

START_TEST(those_beside_each_other_take_as_long_as_the_longest)
{
    ck_assert_int_eq(time_of(&side_route, "/", 200, "done"), 50);
    ck_assert_str_eq(trace, "a( b( c( )b )a )c handler ~c ~b ~a ");
}
END_TEST

START_TEST(the_first_failure_cancels_the_others)
{
    ck_assert_int_eq(time_of(&side_route, "/?b=403", 403, "{\"detail\":\"b\"}"), 40);
    ck_assert_str_eq(trace, "a( b( c( )b !a !c ~b ");
}
END_TEST

START_TEST(of_several_failures_that_of_the_first_in_the_table_is_the_answer)
{
    ck_assert_int_eq(time_of(&side_route, "/?c=401&a=403", 403, "{\"detail\":\"a\"}"), 50);
    HAS(trace, ")a");
}
END_TEST

/* --- what they need, and who does not --- */

SLEEPS(x, 10, false);
SLEEPS(y, 10, false);
struct of_x {
    int x;
};
static GR_INPUT(of_x, GR_NEEDS(x, x));
static int of_x(gr_co co, GR_UNUSED gr_req *req, const struct of_x *in, int *value)
{
    *value = in->x;
    note("of_x");
    return gr_sleep(co, 50);
}
GR_DEPENDENCY(of_x, int, .concurrent = true);
struct of_y {
    int y, x;
};
static GR_INPUT(of_y, GR_NEEDS(y, y), GR_NEEDS(x, x));
static int of_y(gr_co co, GR_UNUSED gr_req *req, const struct of_y *in, int *value)
{
    *value = in->y;
    note("of_y");
    return gr_sleep(co, 50);
}
GR_DEPENDENCY(of_y, int, .concurrent = true);
struct deep {
    int x, y;
};
static GR_INPUT(deep, GR_NEEDS(x, of_x), GR_NEEDS(y, of_y));
HANDLES(deep)
GR_GET("/deep", deep);

START_TEST(what_they_need_runs_before_one_after_the_other)
{
    ck_assert_int_eq(time_of(&deep_route, "/deep", 200, "done"), 70);
    ck_assert_str_eq(trace, "x( )x y( )y of_x of_y handler ~y ~x ");
}
END_TEST

struct apart {
    int a, alone, c;
};
static GR_INPUT(apart, GR_NEEDS(a, a), GR_NEEDS(alone, alone), GR_NEEDS(c, c));
HANDLES(apart)
GR_GET("/apart", apart);
GR_ROUTE_AS(list, "GET", "/list", apart, .needs = GR_DEPENDENCIES(&a_dependency, &b_dependency));

START_TEST(only_neighbours_overlap_and_none_of_a_list)
{
    ck_assert_int_eq(time_of(&apart_route, "/apart", 200, "done"), 150);
    ck_assert_int_eq(time_of(&list_route, "/list", 200, "done"), 190);
}
END_TEST

struct wrong_one {
    int64_t n;
};
static GR_INPUT(wrong_one, GR_QUERY(n));
static int wrong_one(gr_co co, GR_UNUSED gr_req *req, GR_UNUSED const struct wrong_one *in, int *value)
{
    *value = 1;
    note("wrong_one");
    return gr_yield(co);
}
GR_DEPENDENCY(wrong_one, int, .concurrent = true);
struct one_wrong {
    int a, wrong, c;
};
static GR_INPUT(one_wrong, GR_NEEDS(a, a), GR_NEEDS(wrong, wrong_one), GR_NEEDS(c, c));
HANDLES(one_wrong)
GR_GET("/wrong", one_wrong);

START_TEST(one_whose_input_is_wrong_is_left_out)
{
    ck_assert_int_eq(time_of(&one_wrong_route, "/wrong", 422, NULL), 50);
    ck_assert_str_eq(trace, "a( c( )a )c ~c ~a ");
}
END_TEST

/* --- failures of what they start --- */

static int fails(GR_UNUSED gr_co co, void *arg)
{
    return gr_fail(arg, 418, "inside");
}
static int starts(gr_co co, gr_req *req, int *value)
{
    *value = 1;
    return gr_gather(co, {fails, req});
}
GR_DEPENDENCY(starts, int, .concurrent = true);
struct with_starts {
    int a, starts;
};
static GR_INPUT(with_starts, GR_NEEDS(a, a), GR_NEEDS(starts, starts));
HANDLES(with_starts)
GR_GET("/starts", with_starts);

START_TEST(a_failure_of_what_one_started_is_its_own)
{
    time_of(&with_starts_route, "/starts", 418, "{\"detail\":\"inside\"}");
}
END_TEST

/* --- what a cancellation makes of one --- */

/* Says in words of its own that it was cancelled, as one does that finds no connection. */
static int gives_words(gr_co co, gr_req *req, int *value)
{
    *value = 1;
    return gr_sleep(co, 100) ? gr_fail(req, 503, "no connection is free") : 0;
}
GR_DEPENDENCY(gives_words, int, .concurrent = true);
static int gives_words_late(gr_co co, gr_req *req, int *value)
{
    int rc = 0;
    *value = 1;
    while (rc == 0)
        rc = gr_yield(co);
    return gr_fail(req, 503, "no connection is free");
}
GR_DEPENDENCY(gives_words_late, int, .concurrent = true);
struct worded {
    int words, b;
};
static GR_INPUT(worded, GR_NEEDS(words, gives_words), GR_NEEDS(b, b));
HANDLES(worded)
GR_GET("/worded", worded);
static int refuses_soon(gr_co co, gr_req *req, int *value)
{
    *value = 1;
    int rc = gr_yield(co);
    return rc ? rc : gr_fail(req, 401, "who");
}
GR_DEPENDENCY(refuses_soon, int, .concurrent = true);
struct worded_soon {
    int words, soon;
};
static GR_INPUT(worded_soon, GR_NEEDS(words, gives_words_late), GR_NEEDS(soon, refuses_soon));
HANDLES(worded_soon)
GR_GET("/soon", worded_soon);

START_TEST(what_one_says_of_being_cancelled_is_not_the_answer)
{
    time_of(&worded_route, "/worded?b=401", 401, "{\"detail\":\"b\"}");
    time_of(&worded_soon_route, "/soon", 401, "{\"detail\":\"who\"}");
}
END_TEST

/* --- what those that have ended leave --- */

static int ends_at_once(GR_UNUSED gr_co co, gr_req *req, int *value)
{
    *value = 1;
    return gr_defer(req, torn, "one");
}
GR_DEPENDENCY(ends_at_once, int, .concurrent = true);
static int ends_soon(gr_co co, gr_req *req, int *value)
{
    *value = 1;
    int rc = gr_sleep(co, 10);
    return rc ? rc : gr_defer(req, torn, "two");
}
GR_DEPENDENCY(ends_soon, int, .concurrent = true);
static int defers(GR_UNUSED gr_co co, void *arg)
{
    return gr_defer((gr_req *)arg, torn, "three");
}
static int starts_late(gr_co co, gr_req *req, int *value)
{
    *value = 1;
    int rc = gr_sleep(co, 5);
    return rc ? rc : gr_gather(co, {defers, req}, {defers, req});
}
GR_DEPENDENCY(starts_late, int, .concurrent = true);
struct late {
    int one, two, three;
};
static GR_INPUT(late, GR_NEEDS(one, ends_at_once), GR_NEEDS(two, ends_soon), GR_NEEDS(three, starts_late));
HANDLES(late)
GR_GET("/late", late);

START_TEST(a_task_in_the_memory_of_one_that_has_ended_is_not_taken_for_it)
{
    time_of(&late_route, "/late", 200, "done");
    ck_assert_str_eq(trace, "handler ~three ~three ~two ~one ");
}
END_TEST

/* --- what is not shared --- */

GIVES_WITH(own, .uncached = true);
struct of_own {
    int own;
};
static GR_INPUT(of_own, GR_NEEDS(own, own));
static int of_own(gr_co co, GR_UNUSED gr_req *req, const struct of_own *in, int *value)
{
    *value = in->own;
    note("of_own");
    return gr_yield(co);
}
GR_DEPENDENCY(of_own, int, .concurrent = true);
struct of_both {
    int of_own;
};
static GR_INPUT(of_both, GR_NEEDS(of_own, of_own));
static int of_both(gr_co co, GR_UNUSED gr_req *req, const struct of_both *in, int *value)
{
    *value = in->of_own;
    note("of_both");
    return gr_yield(co);
}
GR_DEPENDENCY(of_both, int, .concurrent = true);
struct twice {
    int a, b, c;
};
static GR_INPUT(twice, GR_NEEDS(a, of_own), GR_NEEDS(b, of_own), GR_NEEDS(c, c));
HANDLES(twice)
GR_GET("/twice", twice);
struct both {
    int a, c, b;
};
static GR_INPUT(both, GR_NEEDS(a, of_own), GR_NEEDS(c, c), GR_NEEDS(b, of_both));
HANDLES(both)
GR_GET("/both", both);

struct of_argument {
    const int64_t *ms;
};
static GR_INPUT(of_argument, GR_ARGUMENT(ms));
static int of_argument(gr_co co, GR_UNUSED gr_req *req, const struct of_argument *in, int *value)
{
    *value = 1;
    return gr_sleep(co, *in->ms);
}
GR_DEPENDENCY(of_argument, int, .concurrent = true);
static const int64_t short_ms = 40, long_ms = 50;
struct arguments {
    int a, b;
};
static GR_INPUT(arguments, GR_NEEDS(a, of_argument, .with = &short_ms), GR_NEEDS(b, of_argument, .with = &long_ms));
HANDLES(arguments)
GR_GET("/arguments", arguments);

START_TEST(one_overlaps_itself_with_another_argument)
{
    ck_assert_int_eq(time_of(&arguments_route, "/arguments", 200, "done"), 50);
}
END_TEST

START_TEST(what_one_needs_for_itself_runs_once_for_it)
{
    time_of(&twice_route, "/twice", 200, "done");
    ck_assert_str_eq(trace, "own of_own c( )c handler ~c ");
    time_of(&both_route, "/both", 200, "done");
    ck_assert_str_eq(trace, "own of_own c( )c of_both handler ~c ");
}
END_TEST

/* --- leaving --- */

START_TEST(a_client_that_leaves_cancels_them_all)
{
    MAKE_APP(app, &side_route);
    gr_test *test = serve(app);
    trace[0] = '\0';
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, GET("/"));
    gr_test_advance(test, 45);
    gr_test_reset(conn);
    ck_assert_str_eq(trace, "a( b( c( )b !a !c ~b ");
    ck_assert_uint_eq(gr_test_coroutines(test), 0);
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

GR_ROUTE_AS(hasty, "GET", "/hasty", side, .deadline_ms = 20);

START_TEST(the_deadline_of_the_operation_is_theirs)
{
    ck_assert_int_eq(time_of(&hasty_route, "/hasty", 504, NULL), 20);
    ck_assert_str_eq(trace, "a( b( c( !a !b !c ");
}
END_TEST

int main(void)
{
    return run_tests(
        "app dependencies overlap",
        (test_list){those_beside_each_other_take_as_long_as_the_longest, the_first_failure_cancels_the_others,
                    of_several_failures_that_of_the_first_in_the_table_is_the_answer,
                    what_they_need_runs_before_one_after_the_other, only_neighbours_overlap_and_none_of_a_list,
                    one_whose_input_is_wrong_is_left_out, a_failure_of_what_one_started_is_its_own,
                    what_one_says_of_being_cancelled_is_not_the_answer,
                    a_task_in_the_memory_of_one_that_has_ended_is_not_taken_for_it,
                    what_one_needs_for_itself_runs_once_for_it, one_overlaps_itself_with_another_argument,
                    a_client_that_leaves_cancels_them_all, the_deadline_of_the_operation_is_theirs, NULL},
        20);
}
