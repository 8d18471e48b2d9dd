/* Applications within an application: what is theirs, and what is the outer one's. */
#include <griddle/background.h>
#include <griddle/error.h>
#include <griddle/invalid.h>
#include <griddle/router.h>
#include <griddle/stream.h>

#include "app_test.h"
#include "openapi.h"
#include "rig.h"

#define SAYS_NAME(fn) \
    static gr_reply fn(gr_co co, gr_req *req) \
    { \
        return say_name(co, req); \
    } \
    struct fn

SAYS_NAME(root);
GR_GET("/", root);
SAYS_NAME(users);
GR_GET("/users", users);
SAYS_NAME(user);
GR_GET("/users/{id:int}", user);
SAYS_NAME(create);
GR_POST("/users", create);

static gr_reply state(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%s %s %s", (const char *)gr_state(req), gr_path(req), gr_root_path(req)));
}
GR_GET("/state", state);

static gr_reply blocking_state(gr_req *req)
{
    return gr_text(req, gr_printf(req, "%s %s", (const char *)gr_state(req), gr_root_path(req)));
}
GR_GET("/blocking", blocking_state);

static gr_app *named(const char *name)
{
    gr_app *app = gr_app_create(name, "1");
    ck_assert_ptr_nonnull(app);
    ck_assert_int_eq(gr_app_set_state(app, (void *)(uintptr_t)name), 0);
    return app;
}

/* An outer one, and an inner one of these routes at "/admin". */
#define MOUNTED(app, inner, ...) \
    gr_app *app = named("outer"), *inner = named("inner"); \
    ck_assert_int_eq(gr_app_add(inner, __VA_ARGS__), 0); \
    ck_assert_int_eq(gr_app_mount(app, "/admin", inner), 0)

/* --- what leads there --- */

START_TEST(what_is_below_the_prefix_is_the_mounted_ones)
{
    MOUNTED(app, inner, &root_route, &users_route, &user_route);
    ck_assert_int_eq(gr_app_add(app, &users_route), 0);
    gr_test *test = serve(app);
    check_get(test, "/admin/", 200, "admin:root");
    check_get(test, "/admin/users", 200, "admin:users");
    check_get(test, "/admin/users/7", 200, "admin:user");
    check_get(test, "/admin//users", 404, NULL);
    check_get(test, "/users", 200, "users");
    check_get(test, "/administration", 404, NULL);
    check_get(test, "/admin%2Fusers", 200, "admin:users");
    end(test, app);
}
END_TEST

SAYS_NAME(before);
GR_GET("/admin/users", before);
SAYS_NAME(after);
GR_GET("/{rest:path}", after);

START_TEST(operations_and_mounts_match_in_the_order_of_their_declaration)
{
    gr_app *app = named("outer"), *inner = named("inner");
    ck_assert_int_eq(gr_app_add(app, &before_route), 0);
    ck_assert_int_eq(gr_app_mount(app, "/admin", inner), 0);
    ck_assert_int_eq(gr_app_add(app, &after_route), 0);
    ck_assert_int_eq(gr_app_add(inner, &root_route, &create_route), 0);
    gr_test *test = serve(app);
    check_get(test, "/admin/users", 200, "before");
    check_request(test, "POST", "/admin/users", 200, "admin:create");
    check_get(test, "/admin/other", 404, NULL);
    check_get(test, "/admin", 200, "after");
    end(test, app);
}
END_TEST

START_TEST(at_no_prefix_it_has_all_that_is_left)
{
    gr_app *app = named("outer"), *inner = named("inner");
    ck_assert_int_eq(gr_app_add(inner, &root_route, &users_route), 0);
    ck_assert_int_eq(gr_app_add(app, &state_route), 0);
    ck_assert_int_eq(gr_app_mount(app, "/", inner), 0);
    gr_test *test = serve(app);
    check_get(test, "/", 200, "root");
    check_get(test, "/users", 200, "users");
    check_get(test, "/state", 200, "outer /state ");
    end(test, app);
}
END_TEST

/* --- what is its own --- */

static void check_location(gr_test *test, const char *target, const char *location)
{
    gr_answer *answer = gr_test_request(test, "GET", target, NULL, NULL, 0);
    check_answer(answer, 307, NULL);
    ck_assert_str_eq(gr_answer_header(answer, "location"), location);
    gr_answer_free(answer);
}

START_TEST(it_answers_404_405_and_slashes_by_itself)
{
    MOUNTED(app, inner, &root_route, &users_route, &create_route);
    ck_assert_int_eq(gr_app_add(app, &user_route), 0);
    gr_test *test = serve(app);
    check_location(test, "/admin", "./admin/");
    check_location(test, "/admin/users/?q=1", "../users?q=1");
    gr_answer *answer = gr_test_request(test, "PUT", "/admin/users", NULL, NULL, 0);
    check_answer(answer, 405, NULL);
    ck_assert_str_eq(gr_answer_header(answer, "allow"), "GET, POST, HEAD, OPTIONS");
    gr_answer_free(answer);
    check_request(test, "OPTIONS", "/admin/users", 204, NULL);
    check_get(test, "/admin/nothing", 404, NULL);
    end(test, app);

    MOUNTED(strict, inside, &users_route);
    ck_assert_int_eq(gr_app_set_redirect_slashes(inside, false), 0);
    test = serve(strict);
    check_get(test, "/admin/users/", 404, NULL);
    check_location(test, "/admin", "./admin/");
    end(test, strict);
}
END_TEST

START_TEST(state_and_paths_are_those_of_the_application_that_runs)
{
    MOUNTED(app, inner, &state_route, &blocking_state_route);
    ck_assert_int_eq(gr_app_add(app, &state_route, &blocking_state_route), 0);
    gr_test *test = serve(app);
    check_get(test, "/admin/state", 200, "inner /admin/state /admin");
    check_get(test, "/admin/blocking", 200, "inner /admin");
    check_get(test, "/state", 200, "outer /state ");
    check_get(test, "/blocking", 200, "outer ");
    end(test, app);
}
END_TEST

static char order[400];

static void note(gr_req *req, const char *what)
{
    strcat(strcat(strcat(order, what), gr_state(req)), " ");
}

static gr_reply around(gr_co co, gr_req *req, gr_next *next)
{
    note(req, "<");
    gr_reply reply = gr_call_next(co, req, next);
    note(req, ">");
    return reply;
}

static gr_reply notes(gr_co co, gr_req *req)
{
    (void)co;
    note(req, "handler:");
    return gr_text(req, "noted");
}
GR_GET("/notes", notes);

START_TEST(its_middleware_is_inside_the_outer_ones)
{
    MOUNTED(app, inner, &notes_route);
    ck_assert_int_eq(gr_app_add(app, &notes_route), 0);
    ck_assert_int_eq(gr_use(app, around), 0);
    ck_assert_int_eq(gr_use(inner, around), 0);
    gr_test *test = serve(app);
    order[0] = '\0';
    check_get(test, "/admin/notes", 200, "noted");
    ck_assert_str_eq(order, "<outer <inner handler:inner >inner >outer ");
    order[0] = '\0';
    check_get(test, "/notes", 200, "noted");
    ck_assert_str_eq(order, "<outer handler:outer >outer ");
    order[0] = '\0';
    check_get(test, "/admin/nothing", 404, NULL);
    ck_assert_str_eq(order, "<outer <inner >inner >outer ");
    order[0] = '\0';
    check_get(test, "/admin", 307, NULL);
    ck_assert_str_eq(order, "<outer >outer ");
    end(test, app);
}
END_TEST

static gr_reply around_blocking(gr_req *req, gr_next *next)
{
    note(req, "(");
    gr_reply reply = gr_call_next_blocking(req, next);
    note(req, ")");
    return reply;
}

static gr_reply notes_blocking(gr_req *req)
{
    note(req, "handler:");
    return gr_text(req, "noted");
}
GR_POST("/notes", notes_blocking);

START_TEST(a_blocking_middleware_wraps_mounted_operations_too)
{
    MOUNTED(app, inner, &notes_blocking_route);
    gr_limits limits;
    gr_limits_init(&limits);
    limits.body_bytes = 10;
    ck_assert_int_eq(gr_app_set_limits(inner, &limits), 0);
    ck_assert_int_eq(gr_use(app, around), 0);
    ck_assert_int_eq(gr_use(app, around_blocking), 0);
    ck_assert_int_eq(gr_use(inner, around_blocking), 0);
    gr_test *test = serve(app);
    order[0] = '\0';
    check_request(test, "POST", "/admin/notes", 200, "noted");
    ck_assert_str_eq(order, "<outer (outer (inner handler:inner )inner )outer >outer ");
    gr_answer *answer = gr_test_request(test, "POST", "/admin/notes", NULL, "0123456789a", 11);
    check_answer(answer, 413, NULL);
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(what_cannot_run_inside_an_outer_blocking_middleware_is_named)
{
    MOUNTED(app, inner, &users_route);
    ck_assert_int_eq(gr_use(app, around_blocking), 0);
    ck_assert_int_eq(gr_use(inner, around), 0);
    char *text = refusal(app);
    HAS(text,
        "the application at \"/admin\": middleware \"around\": an async middleware is added after a blocking one");
    HAS(text, "the application at \"/admin\": admin:users: an async operation cannot run inside a blocking middleware");
    free(text);
    gr_app_destroy(app);
}
END_TEST

static int after_answer(gr_co co, gr_req *req, void *arg)
{
    (void)co, (void)arg;
    note(req, "task:");
    return 0;
}

static void torn_down(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)co, (void)arg, (void)outcome;
    note(req, "teardown:");
}

static gr_reply defers(gr_co co, gr_req *req, gr_next *next)
{
    ck_assert_int_eq(gr_defer(req, torn_down, NULL), 0);
    ck_assert_int_eq(gr_after(req, after_answer, NULL), 0);
    return gr_call_next(co, req, next);
}

static int writes(gr_co co, gr_writer *writer, void *arg)
{
    gr_req *req = arg;
    note(req, "writer:");
    return gr_write(co, writer, "x", 1);
}

static gr_reply streams(gr_co co, gr_req *req)
{
    (void)co;
    ck_assert_int_eq(gr_defer(req, torn_down, NULL), 0);
    ck_assert_int_eq(gr_after(req, after_answer, NULL), 0);
    return gr_stream(req, "text/plain", writes, req);
}
GR_GET("/stream", streams);

START_TEST(what_runs_after_the_chain_is_of_the_application_that_asked_for_it)
{
    MOUNTED(app, inner, &streams_route);
    ck_assert_int_eq(gr_use(app, defers), 0);
    gr_test *test = serve(app);
    order[0] = '\0';
    check_get(test, "/admin/stream", 200, "x");
    ck_assert_str_eq(order, "writer:inner task:outer task:inner teardown:inner teardown:outer ");
    end(test, app);
}
END_TEST

struct bounded {
    int64_t n;
};
static GR_INPUT(bounded, GR_QUERY(n));
static gr_reply bounded(gr_co co, gr_req *req, const struct bounded *in)
{
    (void)co, (void)in;
    return gr_text(req, "bound");
}
GR_GET("/bounded", bounded);

struct bounded_blocking {
    int64_t n;
};
static GR_INPUT(bounded_blocking, GR_QUERY(n));
static gr_reply bounded_blocking(gr_req *req, const struct bounded_blocking *in)
{
    (void)in;
    return gr_text(req, gr_state(req));
}
GR_GET("/bounded", bounded_blocking);

static gr_reply of_invalid(gr_req *req, const gr_invalid *errors, size_t n)
{
    (void)errors, (void)n;
    return gr_with_status(gr_text(req, gr_state(req)), 400);
}

struct problem {
    const char *detail;
};
static GR_MODEL(problem, GR_FIELD(detail));

START_TEST(invalid_input_is_answered_as_its_application_does)
{
    MOUNTED(app, inner, &bounded_route);
    ck_assert_int_eq(gr_app_add(app, &bounded_route), 0);
    ck_assert_int_eq(gr_app_set_invalid(inner, of_invalid, problem_model), 0);
    gr_test *test = serve(app);
    check_get(test, "/admin/bounded?n=x", 400, "inner");
    check_get(test, "/bounded?n=x", 422, NULL);
    end(test, app);
}
END_TEST

static gr_reply sleeps(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 1000);
    return rc ? gr_failed(req, rc) : gr_text(req, "slept");
}
GR_GET("/sleeps", sleeps);

START_TEST(its_limits_are_its_own)
{
    MOUNTED(app, inner, &sleeps_route, &notes_blocking_route);
    gr_limits limits;
    gr_limits_init(&limits);
    limits.handler_ms = 500;
    ck_assert_int_eq(gr_app_set_limits(inner, &limits), 0);
    ck_assert_int_eq(gr_app_add(app, &sleeps_route), 0);
    gr_test *test = serve(app);
    check_get(test, "/admin/sleeps", 504, NULL);
    check_get(test, "/sleeps", 200, "slept");
    end(test, app);

    MOUNTED(hasty, patient, &sleeps_route);
    ck_assert_int_eq(gr_app_add(hasty, &sleeps_route), 0);
    ck_assert_int_eq(gr_app_set_limits(hasty, &limits), 0);
    test = serve(hasty);
    check_get(test, "/sleeps", 504, NULL);
    check_get(test, "/admin/sleeps", 200, "slept");
    end(test, hasty);
}
END_TEST

static gr_reply of_error(gr_req *req, const gr_error_info *info)
{
    return gr_text(req, gr_printf(req, "%s: %d", (const char *)gr_state(req), info->status));
}

static gr_reply fails(gr_co co, gr_req *req)
{
    (void)co;
    return gr_failed(req, gr_fail(req, 409, "no"));
}
GR_GET("/fails", fails);

START_TEST(errors_are_answered_as_its_application_does)
{
    MOUNTED(app, inner, &fails_route, &bounded_route, &notes_blocking_route);
    ck_assert_int_eq(gr_app_add(app, &fails_route), 0);
    ck_assert_int_eq(gr_app_on_error(inner, 0, of_error), 0);
    gr_test *test = serve(app);
    check_get(test, "/admin/fails", 409, "inner: 409");
    check_get(test, "/admin/nothing", 404, "inner: 404");
    check_get(test, "/admin/bounded", 422, "inner: 422");
    check_request(test, "PUT", "/admin/notes", 405, "inner: 405");
    check_get(test, "/fails", 409, "{\"detail\":\"no\"}");
    check_get(test, "/nothing", 404, "{\"detail\":\"Not Found\"}");
    end(test, app);

    MOUNTED(other, plain, &fails_route);
    ck_assert_int_eq(gr_app_on_error(other, 0, of_error), 0);
    test = serve(other);
    check_get(test, "/admin/fails", 409, "{\"detail\":\"no\"}");
    check_get(test, "/admin/nothing", 404, "{\"detail\":\"Not Found\"}");
    check_get(test, "/nothing", 404, "outer: 404");
    end(test, other);
}
END_TEST

static gr_reply slow_around(gr_co co, gr_req *req, gr_next *next)
{
    int rc = gr_sleep(co, 1000);
    return rc ? gr_failed(req, rc) : gr_call_next(co, req, next);
}

static gr_reply waits_around(gr_req *req, gr_next *next)
{
    while (!gr_is_cancelled(req))
        continue;
    return gr_call_next_blocking(req, next);
}
GR_ROUTE_AS(soon, "GET", "/soon", fails, .deadline_ms = 10);
GR_ROUTE_AS(soon_blocking, "GET", "/soon", bounded_blocking, .deadline_ms = 10);

START_TEST(the_deadline_of_an_operation_is_answered_as_its_application_does_wherever_it_passes)
{
    MOUNTED(app, inner, &soon_route);
    ck_assert_int_eq(gr_use(app, slow_around), 0);
    ck_assert_int_eq(gr_app_on_error(inner, 0, of_error), 0);
    gr_test *test = serve(app);
    check_get(test, "/admin/soon", 504, "inner: 504");
    end(test, app);

    MOUNTED(outer, held, &soon_blocking_route);
    ck_assert_int_eq(gr_app_set_openapi_url(outer, NULL), 0);
    ck_assert_int_eq(gr_app_set_openapi_url(held, NULL), 0);
    ck_assert_int_eq(gr_use(outer, waits_around), 0);
    ck_assert_int_eq(gr_app_set_problem_details(held, true), 0);
    struct rig *rig = rig_begin(outer, 1, 1);
    struct gri_memory *client = rig_connect(rig);
    rig_get(rig, client, "/admin/soon?n=1");
    gri_sched_advance(&rig->engine.sched, 10);
    rig_expect(client, "application/problem+json");
    rig_wait(rig);
    gri_memory_destroy(client);
    rig_end(rig);
}
END_TEST

START_TEST(input_inside_an_outer_blocking_middleware_is_its_applications)
{
    MOUNTED(app, inner, &bounded_blocking_route);
    ck_assert_int_eq(gr_use(app, around_blocking), 0);
    ck_assert_int_eq(gr_app_on_error(inner, 0, of_error), 0);
    gr_test *test = serve(app);
    order[0] = '\0';
    check_get(test, "/admin/bounded?n=x", 422, "inner: 422");
    check_get(test, "/admin/bounded?n=1", 200, "inner");
    ck_assert_str_eq(order, "(outer )outer ");
    end(test, app);
}
END_TEST

/* --- nesting --- */

START_TEST(mounts_nest)
{
    MOUNTED(app, inner, &state_route);
    gr_app *innermost = named("innermost");
    ck_assert_int_eq(gr_app_mount(inner, "/deep/er", innermost), 0);
    ck_assert_int_eq(gr_app_add(innermost, &state_route, &users_route), 0);
    gr_test *test = serve(app);
    check_get(test, "/admin/deep/er/state", 200, "innermost /admin/deep/er/state /admin/deep/er");
    check_get(test, "/admin/deep/er/users", 200, "admin:deep/er:users");
    check_get(test, "/admin/deep/er/nothing", 404, NULL);
    check_get(test, "/admin/deep/users", 404, NULL);
    end(test, app);
}
END_TEST

static GR_ROUTER(inside, "/inside", .routes = GR_ROUTES(&users_route));

START_TEST(a_mounted_application_may_have_routers)
{
    MOUNTED(app, inner, &root_route);
    ck_assert_int_eq(gr_app_include(inner, &inside_router), 0);
    gr_test *test = serve(app);
    check_get(test, "/admin/inside/users", 200, "admin:inside:users");
    end(test, app);
}
END_TEST

/* --- documents --- */

START_TEST(it_has_its_own_document_which_says_where_it_is)
{
    MOUNTED(app, inner, &users_route);
    ck_assert_int_eq(gr_app_add(app, &state_route), 0);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_request(test, "GET", "/admin/openapi.json", NULL, NULL, 0);
    check_answer(answer, 200, NULL);
    HAS(gr_answer_body(answer, NULL), "\"title\":\"inner\"");
    HAS(gr_answer_body(answer, NULL), "\"servers\":[{\"url\":\"/admin\"}]");
    HAS(gr_answer_body(answer, NULL), "\"operationId\":\"users_users_get\"");
    LACKS(gr_answer_body(answer, NULL), "state");
    gr_answer_free(answer);
    answer = gr_test_request(test, "GET", "/openapi.json", NULL, NULL, 0);
    LACKS(gr_answer_body(answer, NULL), "servers");
    LACKS(gr_answer_body(answer, NULL), "users");
    LACKS(gr_answer_body(answer, NULL), "admin");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

/* --- hooks --- */

static int start_hook(gr_app *app, void *own)
{
    strcat(strcat(order, "start:"), own);
    strcat(order, " ");
    return strcmp(gr_app_title(app), "fails") == 0 ? GR_EIO : 0;
}

static void stop_hook(gr_app *app, void *own)
{
    (void)app;
    strcat(strcat(strcat(order, "stop:"), own), " ");
}

static int app_task(gr_co co, void *arg)
{
    strcat(strcat(strcat(order, "task:"), arg), " ");
    return gr_sleep(co, 1000000);
}

START_TEST(hooks_start_from_the_outside_and_stop_from_the_inside)
{
    static char outer_name[] = "outer", inner_name[] = "inner";
    MOUNTED(app, inner, &users_route);
    ck_assert_int_eq(gr_app_on(inner, start_hook, stop_hook), 0);
    ck_assert_int_eq(gr_app_on(app, start_hook, stop_hook), 0);
    ck_assert_int_eq(gr_app_add_task(inner, "inner", app_task, inner_name), 0);
    ck_assert_int_eq(gr_app_add_task(app, "outer", app_task, outer_name), 0);
    order[0] = '\0';
    gr_test *test = serve(app);
    check_get(test, "/admin/users", 200, NULL);
    ck_assert_str_eq(order, "start:outer start:inner task:outer task:inner ");
    order[0] = '\0';
    gr_test_destroy(test);
    ck_assert_str_eq(order, "stop:inner stop:outer ");
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_start_hook_that_fails_stops_those_that_had_started)
{
    gr_app *app = named("outer"), *first = named("first"), *second = gr_app_create("fails", "1");
    ck_assert_int_eq(gr_app_set_state(second, "second"), 0);
    ck_assert_int_eq(gr_app_mount(app, "/first", first), 0);
    ck_assert_int_eq(gr_app_mount(app, "/second", second), 0);
    ck_assert_int_eq(gr_app_on(app, start_hook, stop_hook), 0);
    ck_assert_int_eq(gr_app_on(first, start_hook, stop_hook), 0);
    ck_assert_int_eq(gr_app_on(second, start_hook, stop_hook), 0);
    order[0] = '\0';
    char *text = refusal(app);
    HAS(text, "start hook 1 of the application at \"/second\" failed");
    ck_assert_str_eq(order, "start:outer start:first start:second stop:first stop:outer ");
    free(text);
    gr_app_destroy(app);
}
END_TEST

/* --- mistakes --- */

START_TEST(mistakes_of_all_applications_are_found_together)
{
    gr_route no_method = users_route;
    no_method.method = "NO METHOD";
    MOUNTED(app, inner, &no_method);
    gr_app *innermost = named("innermost"), *second = named("second");
    const char *db;
    ck_assert_int_eq(gr_app_add(app, &no_method), 0);
    ck_assert_int_eq(gr_app_mount(inner, "/deep", innermost), 0);
    ck_assert_int_eq(gr_app_add(innermost, &no_method), 0);
    ck_assert_int_eq(gr_app_mount(app, "/{id}/", second), 0);
    ck_assert_int_eq(gr_option(second, "--db", &db, "x"), 0);
    char *text = refusal(app);
    HAS(text, "ERROR:    users: \"NO METHOD\" is no method");
    HAS(text, "the application at \"/admin\": admin:users: \"NO METHOD\" is no method");
    HAS(text, "the application at \"/admin/deep\": admin:deep:users: \"NO METHOD\" is no method");
    HAS(text, "the mount at \"/{id}/\": a prefix starts with '/' and does not end with it");
    HAS(text, "the application at \"/{id}/\": gr_option(\"--db\"): the command line is the outermost application's");
    free(text);
    gr_app_destroy(app);
}
END_TEST

START_TEST(one_application_cannot_be_mounted_twice_or_in_itself)
{
    MOUNTED(app, inner, &users_route);
    ck_assert_int_eq(gr_app_mount(app, "/again", inner), GR_EEXIST);
    ck_assert_int_eq(gr_app_mount(app, "/self", app), GR_EEXIST);
    ck_assert_int_eq(gr_app_mount(inner, "/loop", app), GR_EEXIST);
    ck_assert_int_eq(gr_app_mount(app, "/none", NULL), GR_ENOMEM);
    ck_assert_int_eq(gr_app_mount(NULL, "/none", app), GR_ENOMEM);
    char *text = refusal(app);
    HAS(text, "the mount at \"/again\": it is mounted already");
    HAS(text, "the mount at \"/self\": it would be inside itself");
    HAS(text, "the application at \"/admin\": the mount at \"/loop\": it would be inside itself");
    free(text);
    gr_app_destroy(app);
}
END_TEST

START_TEST(two_mounts_at_one_prefix_are_named)
{
    MOUNTED(app, inner, &users_route);
    gr_app *other = named("other");
    ck_assert_int_eq(gr_app_mount(app, "/admin", other), 0);
    char *text = refusal(app);
    HAS(text, "the mount at \"/admin\"");
    HAS(text, "can never be reached");
    free(text);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    return run_tests("mounts",
                     (test_list){what_is_below_the_prefix_is_the_mounted_ones,
                                 operations_and_mounts_match_in_the_order_of_their_declaration,
                                 at_no_prefix_it_has_all_that_is_left,
                                 it_answers_404_405_and_slashes_by_itself,
                                 state_and_paths_are_those_of_the_application_that_runs,
                                 its_middleware_is_inside_the_outer_ones,
                                 a_blocking_middleware_wraps_mounted_operations_too,
                                 what_cannot_run_inside_an_outer_blocking_middleware_is_named,
                                 what_runs_after_the_chain_is_of_the_application_that_asked_for_it,
                                 invalid_input_is_answered_as_its_application_does,
                                 its_limits_are_its_own,
                                 errors_are_answered_as_its_application_does,
                                 the_deadline_of_an_operation_is_answered_as_its_application_does_wherever_it_passes,
                                 input_inside_an_outer_blocking_middleware_is_its_applications,
                                 mounts_nest,
                                 a_mounted_application_may_have_routers,
                                 it_has_its_own_document_which_says_where_it_is,
                                 hooks_start_from_the_outside_and_stop_from_the_inside,
                                 a_start_hook_that_fails_stops_those_that_had_started,
                                 mistakes_of_all_applications_are_found_together,
                                 one_application_cannot_be_mounted_twice_or_in_itself,
                                 two_mounts_at_one_prefix_are_named,
                                 NULL},
                     10);
}
