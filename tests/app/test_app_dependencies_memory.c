/* Application dependencies where memory runs out: every allocation of a start in turn, and those of a teardown. */
#include "app_test.h"
#include "scarce.h"

#include <griddle/app_dependency.h>

static int open_things; /* one thread at a time */

static void close_async(gr_co co, gr_app *app, void *arg)
{
    int rc = gr_yield(co);
    (void)rc, (void)app;
    --*(int *)arg;
}

static void close_blocking(gr_app *app, void *arg)
{
    (void)app;
    --*(int *)arg;
}

static int one(gr_app *app, int *value)
{
    open_things += 2;
    int rc = gr_app_defer(app, close_async, &open_things), rc2 = gr_app_defer(app, close_blocking, &open_things);
    *value = 1;
    return rc ? rc : rc2;
}
GR_APP_DEPENDENCY(one, int);

struct two {
    const char *name;
    const int *one;
};
static GR_INPUT(two, GR_ARGUMENT(name), GR_NEEDS(one, one));
static int two(gr_co co, gr_app *app, const struct two *in, int *value)
{
    open_things += 2;
    int rc = gr_app_defer(app, close_async, &open_things), rc2 = gr_app_defer(app, close_blocking, &open_things);
    *value = *in->one + 1;
    return rc ? rc : rc2 ? rc2 : gr_sleep(co, 10);
}
GR_APP_DEPENDENCY(two, int);

struct uses {
    int two;
};
static GR_INPUT(uses, GR_NEEDS(two, two, .with = "x"));
static gr_reply uses(gr_co co, gr_req *req, const struct uses *in)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%d", in->two));
}
GR_GET("/", uses);

static gr_app *served;

static bool start_failed; /* an allocation of it */

/* With the first, the second, ... allocation of the start failing, until none does. */
static void torture(bool only_one, void (*serve_once)(void))
{
    begin_capture();
    once = only_one;
    for (long at = 0; at < 3000; at++) {
        served = gr_app_create("tests", "1");
        ck_assert_int_eq(gr_app_add(served, &uses_route), 0);
        __atomic_store_n(&left, at, __ATOMIC_RELAXED);
        serve_once();
        ck_assert_msg(open_things == 0, "allocation %ld: %d teardowns did not run", at, open_things);
        ck_assert_ptr_null(GR_APP_VALUE(served, one));
        gr_app_destroy(served);
        if (!start_failed)
            break;
        ck_assert_int_lt((int)at, 2999);
    }
    free(end_capture());
}

static void in_a_test(void)
{
    gr_test *test = gr_test_create(served);
    start_failed = has_failed();
    plenty();
    if (!test)
        return;
    ck_assert_int_eq(*GR_APP_VALUE(served, one), 1);
    check_get(test, "/", 200, "2");
    gr_test_destroy(test);
}

static int looks(gr_co co, void *arg)
{
    const int *value = GR_APP_VALUE((gr_app *)arg, one);
    (void)co; /* no ck_assert(), which allocates */
    return value && *value == 1 ? 3 : 4;
}

static void in_a_command(void)
{
    int rc = gr_app_run(served, looks, served);
    start_failed = has_failed();
    plenty();
    ck_assert_msg(rc < 0 || rc == 3, "%d", rc);
}

START_TEST(whatever_allocation_of_a_start_fails_nothing_is_left)
{
    torture(false, in_a_test);
}
END_TEST

START_TEST(whatever_single_allocation_of_a_start_fails_nothing_is_left)
{
    torture(true, in_a_test);
}
END_TEST

START_TEST(the_same_of_a_command)
{
    torture(true, in_a_command);
}
END_TEST

int main(void)
{
    return run_tests("app application dependencies memory",
                     (test_list){whatever_allocation_of_a_start_fails_nothing_is_left,
                                 whatever_single_allocation_of_a_start_fails_nothing_is_left, the_same_of_a_command,
                                 NULL},
                     60);
}
