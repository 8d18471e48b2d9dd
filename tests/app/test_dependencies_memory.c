/* Memory that runs out at every place in turn of an operation that needs dependencies of all shapes: no crash, no leak,
 * and all that was acquired is given back. */
#include <fcntl.h>
#include <griddle.h>

#include "app_test.h"
#include "scarce.h"

static int held; /* atomic: some give back on a thread */

static void give_back(GR_UNUSED gr_req *req, void *arg, GR_UNUSED gr_outcome outcome)
{
    __atomic_sub_fetch((int *)arg, 1, __ATOMIC_RELAXED);
}

static int give_back_early(gr_co co, GR_UNUSED gr_req *req, void *arg, GR_UNUSED gr_outcome outcome)
{
    int rc = gr_yield(co);
    __atomic_sub_fetch((int *)arg, 1, __ATOMIC_RELAXED);
    return rc;
}

static int acquire(gr_req *req)
{
    __atomic_add_fetch(&held, 2, __ATOMIC_RELAXED);
    int rc = gr_defer(req, give_back, &held), rc2 = gr_defer_early(req, give_back_early, &held);
    return rc ? rc : rc2;
}

static int first(gr_co co, gr_req *req, int *value)
{
    *value = 1;
    int rc = acquire(req);
    return rc ? rc : gr_yield(co);
}
GR_DEPENDENCY(first, int);

struct second {
    int first;
    const char *token;
};
static GR_INPUT(second, GR_NEEDS(first, first), GR_HEADER(token, .alias = "x-token", .pattern = "^[a-z]+$"));
static int second(gr_req *req, const struct second *in, const char **value)
{
    int rc = acquire(req);
    *value = gr_printf(req, "%s%d%3000d", in->token, in->first, 7);
    return rc ? rc : *value ? 0 : GR_ENOMEM;
}
GR_DEPENDENCY(second, const char *);

struct third {
    const char *second;
    json_t *any;
};
static GR_INPUT(third, GR_NEEDS(second, second), GR_QUERY(any, GR_OPTIONAL));
static int third(gr_co co, gr_req *req, GR_UNUSED const struct third *in, int *value)
{
    *value = 3;
    int rc = acquire(req);
    return rc ? rc : gr_sleep(co, 1);
}
GR_DEPENDENCY(third, int, .concurrent = true);

struct item {
    const char *name;
    gr_ints ids;
};
static GR_MODEL(item, GR_FIELD(name, .min_len = 1), GR_LIST(ids, GR_DEFAULT_EMPTY));
struct fourth {
    struct item item;
    const char *second;
};
static GR_INPUT(fourth, GR_BODY(item, item), GR_NEEDS(second, second));
static int fourth(gr_co co, gr_req *req, GR_UNUSED const struct fourth *in, int *value)
{
    *value = 4;
    int rc = acquire(req);
    return rc ? rc : gr_sleep(co, 2);
}
GR_DEPENDENCY(fourth, int, .concurrent = true);

static int guard(gr_req *req)
{
    int rc = acquire(req);
    return rc ? rc : gr_query(req, "refuse") ? gr_fail(req, 403, "no") : 0;
}
GR_GUARD(guard, .before_body = true);

struct five {
    int third;
    const int *fourth;
    int64_t n;
};
static GR_INPUT(five, GR_NEEDS(third, third), GR_NEEDS(fourth, fourth), GR_FIELD(n, GR_DEFAULT(1)));
static gr_reply five(gr_req *req, const struct five *in)
{
    return gr_text(req, gr_printf(req, "%d %d", in->third, *in->fourth));
}
GR_POST("/five", five, .needs = GR_DEPENDENCIES(&guard_dependency));

static gr_app *make_app(void)
{
    gr_app *made = gr_app_create("Memory", "1");
    int rc = gr_app_add(made, &five_route);
    rc |= gr_app_need(made, GR_DEPENDENCIES(&first_dependency));
    rc |= gr_override(made, first, first);
    if (rc) {
        gr_app_destroy(made);
        return NULL;
    }
    return made;
}

static int before_null;

static void say_nothing(void)
{
    before_null = dup(2);
    int null = open("/dev/null", O_WRONLY);
    dup2(null, 2);
    close(null);
}

static void speak(void)
{
    dup2(before_null, 2);
    close(before_null);
}

/* Whether an allocation failed. */
static bool converse(gr_test *test, const char *raw, size_t n, bool leave)
{
    gr_test_conn *conn = gr_test_connect(test);
    if (!conn) {
        plenty();
        return true;
    }
    gr_test_send(conn, raw, n / 2);
    gr_test_send(conn, raw + n / 2, n - n / 2);
    if (leave)
        gr_test_reset(conn);
    gr_test_advance(test, 50);
    bool failed = has_failed();
    plenty();
    gr_test_conn_destroy(conn);
    return failed;
}

/* With memory enough. */
static void check_status(gr_test *test, const char *raw, const char *status)
{
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_send(conn, raw, strlen(raw));
    gr_test_advance(test, 50);
    HAS(gr_test_received(conn, NULL), status);
    gr_test_conn_destroy(conn);
}

static void torture(const char *raw, const char *status, bool only_one, bool leave)
{
    size_t n = strlen(raw);
    json_set_alloc_funcs(__wrap_malloc, free);
    gr_app *app = make_app();
    ck_assert_ptr_nonnull(app);
    gr_test *test = serve(app);
    say_nothing();
    long at = 0;
    once = only_one;
    for (bool failed = true; failed && at < 5000; at++) {
        __atomic_store_n(&left, at, __ATOMIC_RELAXED);
        failed = converse(test, raw, n, leave);
        gr_test_advance(test, 100000);
        ck_assert_msg(gr_test_coroutines(test) == 0, "allocation %ld: a coroutine is left", at);
        ck_assert_msg(held == 0, "allocation %ld: %d were not given back", at, held);
    }
    speak();
    check_status(test, raw, status);
    gr_test_advance(test, 0);
    ck_assert_int_eq(held, 0);
    ck_assert_int_gt((int)at, 5);
    ck_assert_int_lt((int)at, 5000);
    end(test, app);
}

#define BODY "{\"item\":{\"name\":\"x\",\"ids\":[1,2,3]},\"n\":3}"
#define POST(target, type, body) \
    "POST " target " HTTP/1.1\r\nHost: h\r\nX-Token: abc\r\nContent-Type: " type "\r\nContent-Length: 46\r\n\r\n" body \
    "     "

static const struct {
    const char *raw, *status;
    bool leave;
} cases[] = {{POST("/five?any=a+b", "application/json", BODY), " 200 ", false},
             {POST("/five?any=a+b", "application/json", BODY), " 200 ", true},
             {POST("/five?refuse=1", "application/json", BODY), " 403 ", false},
             {POST("/five", "text/plain", BODY), " 422 ", false},
             {"POST /five HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", " 422 ", false}};

START_TEST(all_that_was_acquired_is_given_back)
{
    torture(cases[_i / 2].raw, cases[_i / 2].status, _i & 1, cases[_i / 2].leave);
}
END_TEST

START_TEST(starting_without_memory_survives)
{
    say_nothing();
    once = _i & 1;
    bool started = false;
    for (long at = 0; !started && at < 5000; at++) {
        __atomic_store_n(&left, at, __ATOMIC_RELAXED);
        gr_app *app = make_app();
        gr_test *test = gr_test_create(app);
        started = !has_failed();
        plenty();
        gr_test_destroy(test);
        gr_app_destroy(app);
    }
    speak();
    ck_assert(started);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("app dependencies memory");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 100 * tests_slowness());
    tcase_add_loop_test(tcase, all_that_was_acquired_is_given_back, 0, 2 * (int)(sizeof cases / sizeof *cases));
    tcase_add_loop_test(tcase, starting_without_memory_survives, 0, 2);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner), ran = srunner_ntests_run(runner);
    srunner_free(runner);
    printf("%d passed, %d failed\n", ran - failed, failed);
    return failed != 0;
}
