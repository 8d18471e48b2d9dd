#include <griddle/background.h>
#include <griddle/openapi.h>

#include "app_test.h"

static gr_reply plain(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "x");
}
GR_GET("/plain/{a}", plain);
GR_ROUTE_AS(same_path, "GET", "/plain/{b}", plain);

struct no_table {
    int n;
};

static gr_reply no_table(gr_req *req, const struct no_table *in)
{
    (void)in;
    return gr_text(req, "x");
}
GR_GET("/no_table", no_table);

struct unused_table {
    int n;
};
static GR_INPUT(unused_table, GR_QUERY(n));

static gr_reply unused_table(gr_co co, gr_req *req)
{
    return plain(co, req);
}
GR_GET("/unused_table", unused_table);

struct wrong_names {
    int a;
};
static GR_INPUT(wrong_names, GR_PATH(a));

static gr_reply wrong_names(gr_co co, gr_req *req, const struct wrong_names *in)
{
    (void)in;
    return plain(co, req);
}
GR_GET("/wrong_names/{b}", wrong_names);

/* An application of that route must be refused with `why`, and the operation's name. */
static void check_refused(const gr_route *route, const char *why)
{
    MAKE_APP(app, route);
    char *text = refusal(app);
    HAS(text, route->name ? route->name : "(a route without a name)");
    HAS(text, why);
    free(text);
    gr_app_destroy(app);
}

START_TEST(a_handler_with_input_needs_a_table)
{
    check_refused(&no_table_route, "no_table: the handler takes a struct no_table, but no GR_INPUT(no_table, ...)");
}
END_TEST

START_TEST(a_table_needs_a_handler_that_takes_it)
{
    check_refused(&unused_table_route, "unused_table: there is a GR_INPUT(unused_table, ...)");
}
END_TEST

START_TEST(path_and_table_must_name_the_same_parameters)
{
    check_refused(&wrong_names_route, "wrong_names: \"{b}\" in \"/wrong_names/{b}\" has no GR_PATH(b)");
    check_refused(&wrong_names_route, "wrong_names: GR_PATH(a) has no \"{a}\" in \"/wrong_names/{b}\"");
}
END_TEST

START_TEST(a_route_of_another_size_is_refused)
{
    gr_route route = plain_route;
    route.size--;
    check_refused(&route, "it is not set, or the program was compiled for a later version");
}
END_TEST

START_TEST(a_route_without_a_name_or_a_function_is_refused)
{
    gr_route route = plain_route;
    route.name = NULL;
    check_refused(&route, "needs a name and a function");
    route = plain_route;
    route.call = NULL;
    check_refused(&route, "plain: a route needs a name and a function");
}
END_TEST

START_TEST(a_method_that_is_no_token_is_refused)
{
    gr_route route = plain_route;
    route.method = "GET IT";
    check_refused(&route, "plain: \"GET IT\" is no method");
    route.method = NULL;
    check_refused(&route, "is no method");
    route.method = "";
    check_refused(&route, "is no method");
}
END_TEST

START_TEST(a_status_option_that_is_none_is_refused)
{
    gr_route route = plain_route;
    route.options.status = 199;
    check_refused(&route, "plain: .status = 199 is no status of a reply");
    route.options.status = 600;
    check_refused(&route, "plain: .status = 600 is no status of a reply");
}
END_TEST

START_TEST(an_operation_that_can_never_be_reached_is_refused)
{
    MAKE_APP(app, &plain_route, &same_path_route);
    char *text = refusal(app);
    HAS(text, "same_path: \"GET /plain/{b}\" can never be reached: \"GET /plain/{a}\" of plain comes first");
    free(text);
    gr_app_destroy(app);
}
END_TEST

START_TEST(two_operations_of_one_name_are_refused)
{
    gr_route route = plain_route;
    route.path = "/other";
    MAKE_APP(app, &plain_route, &route);
    char *text = refusal(app);
    HAS(text, "plain: two operations have this name");
    free(text);
    gr_app_destroy(app);
}
END_TEST

static gr_reply async_step(gr_co co, gr_req *req, gr_next *next)
{
    return gr_call_next(co, req, next);
}

static gr_reply blocking_step(gr_req *req, gr_next *next)
{
    return gr_call_next_blocking(req, next);
}

START_TEST(async_middleware_behind_blocking_is_refused)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_use(app, blocking_step), 0);
    ck_assert_int_eq(gr_use(app, async_step), 0);
    char *text = refusal(app);
    HAS(text, "an async middleware is added after a blocking one");
    free(text);
    gr_app_destroy(app);
}
END_TEST

START_TEST(an_async_operation_inside_blocking_middleware_is_refused)
{
    MAKE_APP(app, &plain_route);
    ck_assert_int_eq(gr_use(app, blocking_step), 0);
    char *text = refusal(app);
    HAS(text, "plain: an async operation cannot run inside a blocking middleware");
    free(text);
    gr_app_destroy(app);
}
END_TEST

START_TEST(all_mistakes_are_reported_together)
{
    gr_route bad_status = plain_route, bad_path = plain_route, bad_method = plain_route, no_call = plain_route;
    bad_method.method = "G T";
    bad_method.name = "bad_method";
    bad_method.path = "/bad_method";
    no_call.call = NULL;
    no_call.name = "no_call";
    no_call.path = "/no_call";
    bad_status.options.status = 1;
    bad_status.name = "bad_status";
    bad_status.path = "/bad_status";
    bad_path.path = "/x/{";
    bad_path.name = "bad_path";
    MAKE_APP(app, &bad_method, &no_call, &bad_status, &bad_path, &no_table_route, &wrong_names_route);
    ck_assert_int_eq(gr_use(app, blocking_step), 0);
    char *text = refusal(app);
    HAS(text, "bad_method: \"G T\" is no method");
    HAS(text, "no_call: a route needs a name and a function");
    HAS(text, "bad_status: .status");
    HAS(text, "bad_path: the path");
    HAS(text, "no_table: the handler takes");
    HAS(text, "wrong_names: GR_PATH(a)");
    HAS(text, "wrong_names: an async operation");
    free(text);
    gr_app_destroy(app);
}
END_TEST

START_TEST(what_is_null_is_refused)
{
    MAKE_APP(app, &plain_route);
    ck_assert_int_eq(gr_app_add_n(app, (const gr_route *const[]){&plain_route, NULL}, 2), GR_EINVAL);
    ck_assert_int_eq(gr_app_add_webhook(app, NULL), GR_EINVAL);
    ck_assert_int_eq(gr_app_add_task(app, "none", NULL, NULL), GR_EINVAL);
    char *text = refusal(app);
    HAS(text, "the application could not be built: gr_app_add() was given NULL for a route");
    free(text);
    gr_app_destroy(app);
    app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add_webhook(app, NULL), GR_EINVAL);
    text = refusal(app);
    HAS(text, "the application could not be built: gr_app_add_webhook() was given NULL for a route");
    free(text);
    gr_app_destroy(app);
}
END_TEST

START_TEST(limits_of_another_size_are_refused)
{
    MAKE_APP(app, &plain_route);
    gr_limits limits;
    gr_limits_init(&limits);
    limits.size++;
    ck_assert_int_eq(gr_app_set_limits(app, &limits), GR_EINVAL);
    char *text = refusal(app);
    HAS(text, "the application could not be built: gr_app_set_limits() takes");
    free(text);
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_null_application_is_accepted_by_every_function)
{
    gr_limits limits;
    const char *value;
    gr_limits_init(&limits);
    ck_assert_int_eq(gr_app_add(NULL, &plain_route), GR_ENOMEM);
    ck_assert_int_eq(gr_app_set_state(NULL, NULL), GR_ENOMEM);
    ck_assert_int_eq(gr_app_set_limits(NULL, &limits), GR_ENOMEM);
    ck_assert_int_eq(gr_option(NULL, "--a", &value, ""), GR_ENOMEM);
    ck_assert_int_eq(gr_app_on(NULL, NULL, NULL), GR_ENOMEM);
    ck_assert_int_eq(gr_use(NULL, async_step), GR_ENOMEM);
    ck_assert_int_eq(gr_use(NULL, blocking_step), GR_ENOMEM);
    ck_assert_ptr_null(gr_test_create(NULL));
    gr_app_destroy(NULL);
}
END_TEST

START_TEST(an_application_without_operations_answers_404)
{
    gr_app *app = gr_app_create(NULL, NULL);
    gr_test *test = serve(app);
    check_get(test, "/", 404, NULL);
    end(test, app);
}
END_TEST

/* --- hooks --- */

static char order[64];
static int second_result;

static int start_1(gr_app *app, void *state)
{
    (void)app;
    ck_assert_str_eq(state, "state");
    strcat(order, "+1");
    return 0;
}

static void stop_1(gr_app *app, void *state)
{
    (void)app;
    ck_assert_str_eq(state, "state");
    strcat(order, "-1");
}

static int start_2(gr_app *app, void *state)
{
    (void)app, (void)state;
    strcat(order, "+2");
    return second_result;
}

static void stop_2(gr_app *app, void *state)
{
    (void)app, (void)state;
    strcat(order, "-2");
}

static int start_3(gr_app *app, void *state)
{
    (void)app, (void)state;
    strcat(order, "+3");
    return 0;
}

static gr_app *with_hooks(void)
{
    MAKE_APP(app, &plain_route);
    ck_assert_int_eq(gr_app_set_state(app, "state"), 0);
    ck_assert_int_eq(gr_app_on(app, start_1, stop_1), 0);
    ck_assert_int_eq(gr_app_on(app, start_2, stop_2), 0);
    ck_assert_int_eq(gr_app_on(app, start_3, NULL), 0);
    return app;
}

START_TEST(hooks_start_in_order_and_stop_in_reverse)
{
    gr_app *app = with_hooks();
    gr_test *test = serve(app);
    ck_assert_str_eq(order, "+1+2+3");
    gr_test_destroy(test);
    ck_assert_str_eq(order, "+1+2+3-2-1");
    gr_app_destroy(app);
}
END_TEST

START_TEST(after_a_hook_that_fails_only_those_that_started_stop)
{
    gr_app *app = with_hooks();
    second_result = GR_EIO;
    ck_assert_ptr_null(gr_test_create(app));
    ck_assert_str_eq(order, "+1+2-1");
    gr_app_destroy(app);
}
END_TEST

START_TEST(an_application_with_mistakes_starts_no_hook)
{
    gr_app *app = with_hooks();
    ck_assert_int_eq(gr_app_add(app, &same_path_route), 0);
    free(refusal(app));
    ck_assert_str_eq(order, "");
    gr_app_destroy(app);
}
END_TEST

START_TEST(an_application_can_be_served_again)
{
    gr_app *app = with_hooks();
    gr_test_destroy(serve(app));
    gr_test_destroy(serve(app));
    ck_assert_str_eq(order, "+1+2+3-2-1+1+2+3-2-1");
    gr_app_destroy(app);
}
END_TEST

/* --- options --- */

START_TEST(an_option_may_be_declared_once)
{
    gr_app *app = gr_app_create("tests", "1");
    const char *value = NULL;
    ck_assert_int_eq(gr_option(app, "--db FILE", &value, "the data"), 0);
    ck_assert_int_eq(gr_option(app, "--dbx", &value, "more"), 0);
    ck_assert_ptr_null(value);
    ck_assert_int_eq(gr_option(app, "--db", &value, "again"), GR_EEXIST);
    char *text = refusal(app);
    HAS(text, "the application could not be built: gr_option() was given one option twice");
    free(text);
    gr_app_destroy(app);
}
END_TEST

START_TEST(an_option_that_is_none_is_refused)
{
    static const char *const names[] = {"db", "-d", "--", "-- x", "", NULL};
    const char *value;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        gr_app *app = gr_app_create("tests", "1");
        ck_assert_int_eq(gr_option(app, names[i], &value, ""), GR_EINVAL);
        gr_app_destroy(app);
    }
}
END_TEST

int main(void)
{
    return run_tests("app start",
                     (test_list){a_handler_with_input_needs_a_table,
                                 a_table_needs_a_handler_that_takes_it,
                                 path_and_table_must_name_the_same_parameters,
                                 a_route_of_another_size_is_refused,
                                 a_route_without_a_name_or_a_function_is_refused,
                                 a_method_that_is_no_token_is_refused,
                                 a_status_option_that_is_none_is_refused,
                                 an_operation_that_can_never_be_reached_is_refused,
                                 two_operations_of_one_name_are_refused,
                                 async_middleware_behind_blocking_is_refused,
                                 an_async_operation_inside_blocking_middleware_is_refused,
                                 all_mistakes_are_reported_together,
                                 what_is_null_is_refused,
                                 limits_of_another_size_are_refused,
                                 a_null_application_is_accepted_by_every_function,
                                 an_application_without_operations_answers_404,
                                 hooks_start_in_order_and_stop_in_reverse,
                                 after_a_hook_that_fails_only_those_that_started_stop,
                                 an_application_with_mistakes_starts_no_hook,
                                 an_application_can_be_served_again,
                                 an_option_may_be_declared_once,
                                 an_option_that_is_none_is_refused,
                                 NULL},
                     10);
}
