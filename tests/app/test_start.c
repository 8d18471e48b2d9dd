/* Mistakes that are found when the server starts, and the hooks around serving. */
#include "serve.h"

static gr_reply fine(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "fine");
}
GR_GET("/fine", fine);

static gr_reply blocking(gr_req *req)
{
    return gr_text(req, "blocking");
}
GR_GET("/blocking", blocking);

/* Starts what must not start; what was logged. */
static const char *refused_log(void)
{
    listen_to_log();
    test = gr_test_create(app);
    const char *text = logged();
    ck_assert_msg(test == NULL, "it started");
    gr_app_destroy(app);
    return text;
}

static const char *log_of_route(gr_route route)
{
    begin();
    gr_app_add(app, &route);
    return refused_log();
}

static void expect_path_refused(const char *path, const char *why)
{
    gr_route route = fine_route;
    route.path = path;
    const char *text = log_of_route(route);
    expect_logged(text, "fine");
    expect_logged(text, why);
}

START_TEST(a_path_must_start_with_a_slash)
{
    expect_path_refused("items", "a path starts with '/'");
    expect_path_refused("", "a path starts with '/'");
    expect_path_refused(NULL, "a path starts with '/'");
}
END_TEST

START_TEST(a_brace_needs_its_other_half)
{
    expect_path_refused("/{x", "a brace without its other half");
    expect_path_refused("/x}", "a brace without its other half");
    expect_path_refused("/{x}}", "a brace without its other half");
    expect_path_refused("/{x/y}", "a brace without its other half");
}
END_TEST

START_TEST(a_parameter_needs_a_name)
{
    expect_path_refused("/{}", "no parameter name");
    expect_path_refused("/{1x}", "no parameter name");
    expect_path_refused("/{a-b}", "no parameter name");
    expect_path_refused("/{ x}", "no parameter name");
    expect_path_refused("/{:int}", "no parameter name");
}
END_TEST

START_TEST(a_converter_must_be_known)
{
    expect_path_refused("/{x:integer}", "unknown converter \"integer\": use str, int, float, uuid or path");
    expect_path_refused("/{x:INT}", "unknown converter");
    expect_path_refused("/{x:}", "unknown converter");
}
END_TEST

START_TEST(a_parameter_stands_in_a_path_once)
{
    expect_path_refused("/{x}/{x}", "\"x\" stands in it twice");
    expect_path_refused("/{x}-{x}", "\"x\" stands in it twice");
}
END_TEST

START_TEST(a_segment_has_at_most_two_parameters)
{
    expect_path_refused("/{a}-{b}-{c}", "more than two parameters in one segment");
}
END_TEST

START_TEST(a_path_has_at_most_one_path_parameter)
{
    expect_path_refused("/{a:path}/{b:path}", "more than one {name:path}");
}
END_TEST

START_TEST(a_path_has_at_most_sixteen_parameters)
{
    gr_route route = fine_route;
    route.path = "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}/{k}/{l}/{m}/{n}/{o}/{p}";
    begin();
    gr_app_add(app, &route);
    go();
    expect_get("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", 200, "fine");
    end();
    expect_path_refused("/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}/{k}/{l}/{m}/{n}/{o}/{p}/{q}", "more than 16");
}
END_TEST

START_TEST(a_route_that_can_never_be_reached_is_refused)
{
    gr_route again = fine_route;
    again.name = "again";
    begin();
    gr_app_add(app, &fine_route, &again);
    const char *text = refused_log();
    expect_logged(text, "again: \"GET /fine\" can never be reached");
    expect_logged(text, "of fine comes first");
}
END_TEST

START_TEST(parameters_of_other_names_match_the_same)
{
    gr_route first = fine_route, second = fine_route;
    first.path = "/{a}/x/{b:int}";
    second.path = "/{c}/x/{d:int}";
    second.name = "second";
    begin();
    gr_app_add(app, &first, &second);
    expect_logged(refused_log(), "second: \"GET /{c}/x/{d:int}\" can never be reached");
}
END_TEST

START_TEST(two_operations_of_one_name_are_refused)
{
    gr_route again = fine_route;
    again.path = "/other";
    begin();
    gr_app_add(app, &fine_route, &again);
    expect_logged(refused_log(), "fine: two operations have this name");
}
END_TEST

START_TEST(a_method_must_be_a_token)
{
    gr_route route = fine_route;
    route.method = "GE T";
    expect_logged(log_of_route(route), "fine: \"GE T\" is no method");
    route.method = "";
    expect_logged(log_of_route(route), "is no method");
    route.method = NULL;
    expect_logged(log_of_route(route), "is no method");
}
END_TEST

START_TEST(a_route_needs_its_size_a_name_and_a_function)
{
    gr_route route = fine_route;
    route.size = 1;
    expect_logged(log_of_route(route), "gr_route.size is 1");
    route = fine_route;
    route.name = NULL;
    expect_logged(log_of_route(route), "needs a name");
    route = fine_route;
    route.call = NULL;
    expect_logged(log_of_route(route), "needs a name and a function");
}
END_TEST

START_TEST(a_default_status_must_be_one)
{
    gr_route route = fine_route;
    route.options.status = 199;
    expect_logged(log_of_route(route), "fine: .status = 199");
    route.options.status = 600;
    expect_logged(log_of_route(route), "fine: .status = 600");
}
END_TEST

START_TEST(a_handler_that_takes_input_needs_a_table)
{
    gr_route route = fine_route;
    route.takes_input = true;
    expect_logged(log_of_route(route), "fine: the handler takes a struct fine, but no GR_INPUT(fine, ...)");
}
END_TEST

struct with_input {
    int64_t id;
    int64_t more;
};
static GR_INPUT(with_input, GR_PATH(id), GR_PATH(more));
static gr_reply with_input(gr_req *req, const struct with_input *in)
{
    (void)in;
    return gr_text(req, "x");
}
GR_GET("/{id}/{other}", with_input);

START_TEST(path_and_table_must_name_the_same_parameters)
{
    begin();
    gr_app_add(app, &with_input_route);
    const char *text = refused_log();
    expect_logged(text, "with_input: \"{other}\" in \"/{id}/{other}\" has no GR_PATH(other)");
    expect_logged(text, "with_input: GR_PATH(more) has no \"{more}\"");
}
END_TEST

static gr_reply around(gr_req *req, gr_next *next)
{
    return gr_call_next_blocking(req, next);
}

static gr_reply async_around(gr_co co, gr_req *req, gr_next *next)
{
    return gr_call_next(co, req, next);
}

START_TEST(a_blocking_middleware_refuses_async_operations)
{
    begin();
    gr_app_add(app, &fine_route, &blocking_route);
    gr_use(app, around);
    const char *text = refused_log();
    expect_logged(text, "fine: an async operation cannot run inside a blocking middleware");
    ck_assert_ptr_null(strstr(text, "blocking: an async"));
}
END_TEST

START_TEST(async_middleware_comes_before_blocking)
{
    begin();
    gr_app_add(app, &blocking_route);
    gr_use(app, around);
    gr_use(app, async_around);
    expect_logged(refused_log(), "an async middleware is added after a blocking one: add it before");
}
END_TEST

START_TEST(mistakes_of_every_kind_are_reported_together)
{
    gr_route path = fine_route, status = fine_route, method = fine_route, table = fine_route, again = blocking_route;
    path.path = "/{";
    path.name = "bad_path";
    status.options.status = 1000;
    status.path = "/a";
    status.name = "bad_status";
    method.method = "G T";
    method.path = "/b";
    method.name = "bad_method";
    table.takes_input = true;
    table.path = "/c";
    table.name = "bad_table";
    again.path = "/d";
    begin();
    gr_app_add(app, &fine_route, &blocking_route, &path, &status, &method, &table, &again);
    const char *text = refused_log();
    expect_logged(text, "bad_path: ");
    expect_logged(text, "bad_status: ");
    expect_logged(text, "bad_method: ");
    expect_logged(text, "bad_table: ");
    expect_logged(text, "blocking: two operations have this name");
}
END_TEST

START_TEST(an_option_given_twice_is_reported_at_start)
{
    const char *value = NULL;
    begin();
    ck_assert_int_eq(gr_option(app, "--db FILE", &value, "the database"), 0);
    ck_assert_int_eq(gr_option(app, "--db", &value, "again"), GR_EEXIST);
    gr_app_add(app, &fine_route);
    expect_logged(refused_log(), "the application could not be built: exists already");
}
END_TEST

START_TEST(no_application_does_not_start)
{
    listen_to_log();
    ck_assert_ptr_null(gr_test_create(NULL));
    logged();
}
END_TEST

START_TEST(every_function_takes_no_application)
{
    gr_limits limits;
    gr_limits_init(&limits);
    const char *value;
    ck_assert_int_eq(gr_app_add(NULL, &fine_route), GR_ENOMEM);
    ck_assert_int_eq(gr_app_set_state(NULL, NULL), GR_ENOMEM);
    ck_assert_int_eq(gr_app_set_limits(NULL, &limits), GR_ENOMEM);
    ck_assert_int_eq(gr_option(NULL, "--x", &value, ""), GR_ENOMEM);
    ck_assert_int_eq(gr_app_on(NULL, NULL, NULL), GR_ENOMEM);
    ck_assert_int_eq(gr_use(NULL, around), GR_ENOMEM);
    ck_assert_int_eq(gr_use(NULL, async_around), GR_ENOMEM);
    gr_app_destroy(NULL);
}
END_TEST

/* --- hooks --- */

static char trace[200];

static int start_a(gr_app *a, void *state)
{
    ck_assert_ptr_eq(a, app);
    ck_assert_ptr_eq(state, trace);
    strcat(trace, "+a");
    return 0;
}

static void stop_a(gr_app *a, void *state)
{
    ck_assert_ptr_eq(a, app);
    ck_assert_ptr_eq(state, trace);
    strcat(trace, "-a");
}

static int start_b(gr_app *a, void *state)
{
    (void)a, (void)state;
    strcat(trace, "+b");
    return 0;
}

static void stop_b(gr_app *a, void *state)
{
    (void)a, (void)state;
    strcat(trace, "-b");
}

static int start_fails(gr_app *a, void *state)
{
    (void)a, (void)state;
    strcat(trace, "!");
    return GR_EIO;
}

static void stop_failed(gr_app *a, void *state)
{
    (void)a, (void)state;
    strcat(trace, "-failed");
}

START_TEST(start_hooks_run_in_order_and_stop_hooks_in_reverse)
{
    begin();
    gr_app_set_state(app, trace);
    gr_app_on(app, start_a, stop_a);
    gr_app_on(app, start_b, stop_b);
    gr_app_add(app, &fine_route);
    go();
    ck_assert_str_eq(trace, "+a+b");
    expect_get("/fine", 200, "fine");
    end();
    ck_assert_str_eq(trace, "+a+b-b-a");
}
END_TEST

START_TEST(either_hook_may_be_missing)
{
    begin();
    gr_app_set_state(app, trace);
    gr_app_on(app, start_a, NULL);
    gr_app_on(app, NULL, stop_b);
    gr_app_add(app, &fine_route);
    go();
    end();
    ck_assert_str_eq(trace, "+a-b");
}
END_TEST

START_TEST(a_hook_that_fails_stops_the_start_and_those_that_had_started)
{
    begin();
    gr_app_set_state(app, trace);
    gr_app_on(app, start_a, stop_a);
    gr_app_on(app, start_b, stop_b);
    gr_app_on(app, start_fails, stop_failed);
    gr_app_on(app, start_a, stop_a);
    gr_app_add(app, &fine_route);
    test = gr_test_create(app);
    ck_assert_ptr_null(test);
    ck_assert_str_eq(trace, "+a+b!-b-a");
    end();
}
END_TEST

START_TEST(hooks_do_not_run_where_the_application_has_mistakes)
{
    gr_route route = fine_route;
    route.path = "x";
    begin();
    gr_app_set_state(app, trace);
    gr_app_on(app, start_a, stop_a);
    gr_app_add(app, &route);
    refused_log();
    ck_assert_str_eq(trace, "");
}
END_TEST

START_TEST(an_application_may_be_served_again)
{
    begin();
    gr_app_set_state(app, trace);
    gr_app_on(app, start_a, stop_a);
    gr_app_add(app, &fine_route);
    for (int i = 0; i < 3; i++) {
        go();
        expect_get("/fine", 200, "fine");
        gr_test_destroy(test);
    }
    test = NULL;
    end();
    ck_assert_str_eq(trace, "+a-a+a-a+a-a");
}
END_TEST

int main(void)
{
    test_list tests = {
        a_path_must_start_with_a_slash,
        a_brace_needs_its_other_half,
        a_parameter_needs_a_name,
        a_converter_must_be_known,
        a_parameter_stands_in_a_path_once,
        a_segment_has_at_most_two_parameters,
        a_path_has_at_most_one_path_parameter,
        a_path_has_at_most_sixteen_parameters,
        a_route_that_can_never_be_reached_is_refused,
        parameters_of_other_names_match_the_same,
        two_operations_of_one_name_are_refused,
        a_method_must_be_a_token,
        a_route_needs_its_size_a_name_and_a_function,
        a_default_status_must_be_one,
        a_handler_that_takes_input_needs_a_table,
        path_and_table_must_name_the_same_parameters,
        a_blocking_middleware_refuses_async_operations,
        async_middleware_comes_before_blocking,
        mistakes_of_every_kind_are_reported_together,
        an_option_given_twice_is_reported_at_start,
        no_application_does_not_start,
        every_function_takes_no_application,
        start_hooks_run_in_order_and_stop_hooks_in_reverse,
        either_hook_may_be_missing,
        a_hook_that_fails_stops_the_start_and_those_that_had_started,
        hooks_do_not_run_where_the_application_has_mistakes,
        an_application_may_be_served_again,
        NULL,
    };
    return run_tests("start", tests, 20);
}
