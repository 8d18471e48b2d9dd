/* Application dependencies: made once at start, in the order of their needs, and torn down at the end. */
#include "need.h"

#include <griddle/app_dependency.h>
#include <griddle/server.h>
#include <griddle/sync.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <uv.h>

#include "rig.h"

static pthread_t loop_thread;
static gr_app *served;

static bool on_loop(void)
{
    return pthread_equal(pthread_self(), loop_thread);
}

/* --- what is made: settings <- pool <- store, and a model beside them --- */

struct settings {
    int size;
    char text[20];
};

static void forget_settings(gr_app *app, void *arg)
{
    ck_assert_ptr_eq(app, served);
    ck_assert_str_eq(arg, "settings");
    note(on_loop() ? "-settings on loop" : "-settings");
}

static int settings(gr_app *app, struct settings *value)
{
    ck_assert_ptr_eq(app, served);
    ck_assert_int_eq(value->size, 0);
    *value = (struct settings){7, "seven"};
    note(on_loop() ? "settings on loop" : "settings");
    return gr_app_defer(app, forget_settings, "settings");
}
GR_APP_DEPENDENCY(settings, struct settings);

static void close_pool(gr_co co, gr_app *app, void *arg)
{
    ck_assert_ptr_eq(app, served);
    ck_assert_str_eq(arg, "pool");
    note(gr_sleep(co, 1000) ? "-pool late" : "-pool");
}

struct pool {
    const struct settings *settings;
};
static GR_INPUT(pool, GR_NEEDS(settings, settings));
static int pool_fails;
static int pool(gr_co co, gr_app *app, const struct pool *in, int *value)
{
    ck_assert_ptr_eq(in->settings, GR_APP_VALUE(app, settings));
    *value = in->settings->size * 6;
    note("pool");
    int rc = gr_app_defer(app, close_pool, "pool");
    rc = rc ? rc : gr_sleep(co, 3600 * 1000);
    if (rc == GR_ECANCELED)
        note("cancelled");
    return rc ? rc : pool_fails == 1 ? gr_app_fail(app, "no connection to %s", "db.example") : pool_fails;
}
GR_APP_DEPENDENCY(pool, int);

struct store {
    struct settings settings;
    int pool;
};
static GR_INPUT(store, GR_NEEDS(pool, pool), GR_NEEDS(settings, settings));
static int store(gr_app *app, const struct store *in, const char **value)
{
    (void)app;
    ck_assert(!on_loop());
    ck_assert_int_eq(in->pool, 42);
    *value = in->settings.size == 7 ? "store" : "?";
    return note("store");
}
GR_APP_DEPENDENCY(store, const char *);

static int model(gr_co co, gr_app *app, double *value)
{
    (void)co, (void)app;
    *value = 0.5;
    return note("model");
}
GR_APP_DEPENDENCY(model, double);

/* --- who needs it --- */

struct user {
    int pool;
};
static GR_INPUT(user, GR_NEEDS(pool, pool));
static int user(gr_co co, gr_req *req, const struct user *in, int *value)
{
    (void)co, (void)req;
    *value = in->pool + 1;
    return 0;
}
GR_DEPENDENCY(user, int, .before_body = true);

struct shop {
    const char *store;
    const struct settings *settings;
    int pool, user;
    const int *same;
    int64_t q;
};
static GR_INPUT(shop, GR_NEEDS(store, store), GR_NEEDS(settings, settings), GR_NEEDS(pool, pool), GR_NEEDS(user, user),
                GR_NEEDS(same, pool), GR_QUERY(q, GR_DEFAULT(5)));
static gr_reply shop(gr_co co, gr_req *req, const struct shop *in)
{
    (void)co;
    ck_assert_ptr_eq(in->settings, GR_APP_VALUE(served, settings));
    ck_assert_ptr_eq(in->same, GR_APP_VALUE(served, pool));
    return gr_text(req, gr_printf(req, "%s %s %d %d %d %d", in->store, in->settings->text, in->pool, *in->same,
                                  in->user, (int)in->q));
}
GR_GET("/shop", shop);

struct blocking_shop {
    const char *store;
};
static GR_INPUT(blocking_shop, GR_NEEDS(store, store));
static gr_reply blocking_shop(gr_req *req, const struct blocking_shop *in)
{
    return gr_text(req, in->store);
}
GR_GET("/blocking", blocking_shop);

static gr_reply plain(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "plain");
}
GR_GET("/plain", plain);

static int on_start(gr_app *app, void *state)
{
    (void)state;
    ck_assert_ptr_null(GR_APP_VALUE(app, settings));
    return note("hook");
}

static void on_stop(gr_app *app, void *state)
{
    (void)state;
    ck_assert_ptr_null(GR_APP_VALUE(app, settings));
    note("-hook");
}

static int task(gr_co co, void *arg)
{
    gr_app *app = arg;
    ck_assert_int_eq(*GR_APP_VALUE(app, pool), 42);
    note("task");
    while (gr_sleep(co, 100000000) == 0)
        continue;
    note("-task");
    return 0;
}

/* One that nobody has served yet. */
static gr_app *with_routes_n(const gr_route *const *routes, size_t n)
{
    served = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add_n(served, routes, n), 0);
    loop_thread = pthread_self();
    trace[0] = '\0';
    pool_fails = 0;
    return served;
}
#define WITH_ROUTES(...) \
    with_routes_n((const gr_route *const[]){__VA_ARGS__}, \
                  sizeof((const gr_route *const[]){__VA_ARGS__}) / sizeof(const gr_route *))

/* --- once, in their order --- */

START_TEST(they_are_made_in_the_order_of_their_needs_between_hooks_and_tasks_and_go_in_reverse)
{
    gr_app *app = WITH_ROUTES(&shop_route, &blocking_shop_route);
    ck_assert_int_eq(gr_app_on(app, on_start, on_stop), 0);
    ck_assert_int_eq(gr_app_add_task(app, "task", task, app), 0);
    gr_test *test = serve(app);
    ck_assert_str_eq(trace, "hook settings pool store task ");
    check_get(test, "/shop", 200, "store seven 42 42 43 5");
    check_get(test, "/shop?q=3", 200, "store seven 42 42 43 3");
    check_get(test, "/shop?q=x", 422, NULL);
    check_get(test, "/blocking", 200, "store");
    trace[0] = '\0';
    gr_test_destroy(test);
    ck_assert_str_eq(trace, "-task -pool -settings -hook ");
    gr_app_destroy(app);
}
END_TEST

START_TEST(what_nobody_needs_is_not_made)
{
    gr_app *app = WITH_ROUTES(&plain_route);
    gr_test *test = serve(app);
    ck_assert_str_eq(trace, "");
    ck_assert_ptr_null(GR_APP_VALUE(app, model));
    ck_assert_ptr_null(gr_app_value(NULL, &model_dependency));
    ck_assert_ptr_null(gr_app_value(app, &user_dependency));
    end(test, app);
}
END_TEST

static gr_reply listed(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "listed");
}
GR_GET("/listed", listed, .needs = GR_DEPENDENCIES(&model_dependency));

START_TEST(what_a_list_names_is_made_and_asks_a_request_for_nothing)
{
    gr_app *app = WITH_ROUTES(&listed_route, &plain_route);
    ck_assert_int_eq(gr_app_need(app, GR_DEPENDENCIES(&settings_dependency)), 0);
    struct rig *rig = rig_begin(app, 1, 1);
    ck_assert_str_eq(trace, "settings model ");
    ck_assert_double_eq(*GR_APP_VALUE(app, model), 0.5);
    const struct gri_router *router = &rig->engine.running.program.router;
    for (size_t i = 0; i < router->n_ops; i++)
        ck_assert_ptr_null(router->ops[i].needs);
    rig_end(rig);
}
END_TEST

START_TEST(an_application_without_operations_makes_what_its_list_names)
{
    gr_app *app = gr_app_create("tests", "1");
    served = app;
    loop_thread = pthread_self();
    trace[0] = '\0';
    ck_assert_int_eq(gr_app_need(app, GR_DEPENDENCIES(&store_dependency)), 0);
    gr_test *test = serve(app);
    ck_assert_str_eq(trace, "settings pool store ");
    ck_assert_str_eq(*GR_APP_VALUE(app, store), "store");
    end(test, app);
}
END_TEST

START_TEST(an_application_that_is_served_again_makes_them_again)
{
    gr_app *app = WITH_ROUTES(&blocking_shop_route);
    for (int i = 0; i < 2; i++) {
        trace[0] = '\0';
        gr_test *test = serve(app);
        check_get(test, "/blocking", 200, "store");
        gr_test_destroy(test);
        ck_assert_str_eq(trace, "settings pool store -pool -settings ");
        ck_assert_ptr_null(GR_APP_VALUE(app, store));
    }
    gr_app_destroy(app);
}
END_TEST

START_TEST(one_application_is_not_served_twice_at_a_time)
{
    gr_app *app = WITH_ROUTES(&blocking_shop_route);
    gr_test *test = serve(app);
    char *text = refusal(app);
    HAS(text, "the application is served already, and has application dependencies, which are made once");
    free(text);
    check_get(test, "/blocking", 200, "store");
    ck_assert_str_eq(*GR_APP_VALUE(app, store), "store");
    end(test, app);
}
END_TEST

struct connection {
    const char *host;
};
static GR_INPUT(connection, GR_ARGUMENT(host));
static int connection(gr_app *app, const struct connection *in, const char **value)
{
    (void)app;
    *value = in->host;
    return note(in->host);
}
GR_APP_DEPENDENCY(connection, const char *);

struct two {
    const char *here, *there, *again;
};
static const char a_host[] = "a", b_host[] = "b";
static GR_INPUT(two, GR_NEEDS(here, connection, .with = a_host), GR_NEEDS(there, connection, .with = b_host),
                GR_NEEDS(again, connection, .with = a_host));
static gr_reply two(gr_co co, gr_req *req, const struct two *in)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%s%s%s", in->here, in->there, in->again));
}
GR_GET("/two", two);

START_TEST(each_argument_has_one)
{
    gr_app *app = WITH_ROUTES(&two_route);
    gr_test *test = serve(app);
    ck_assert_str_eq(trace, "a b ");
    check_get(test, "/two", 200, "aba");
    ck_assert_str_eq(*GR_APP_VALUE(app, connection), "a");
    end(test, app);
}
END_TEST

/* --- stand-ins --- */

static int fake_pool(gr_app *app, int *value)
{
    (void)app;
    *value = 42;
    return note("fake");
}
GR_APP_DEPENDENCY(fake_pool, int);

START_TEST(another_stands_in_for_one)
{
    gr_app *app = WITH_ROUTES(&shop_route);
    ck_assert_int_eq(gr_override(app, pool, fake_pool), 0);
    gr_test *test = serve(app);
    ck_assert_str_eq(trace, "fake settings store ");
    check_get(test, "/shop", 200, "store seven 42 42 43 5");
    ck_assert_int_eq(*GR_APP_VALUE(app, pool), 42);
    ck_assert_ptr_null(GR_APP_VALUE(app, fake_pool));
    end(test, app);
}
END_TEST

static int request_pool(gr_req *req, int *value)
{
    (void)req;
    *value = 1;
    return 0;
}
GR_DEPENDENCY(request_pool, int);

START_TEST(what_stands_in_is_made_for_the_same_and_as_large)
{
    gr_app *app = WITH_ROUTES(&shop_route);
    ck_assert_int_eq(gr_override(app, pool, request_pool), 0);
    char *text = refusal(app);
    HAS(text,
        "shop: \"request_pool\" stands in for \"pool\", but is made for each request and that for the application");
    free(text);
    ck_assert_int_eq(gr_app_override(app, &pool_dependency, &model_dependency), 0);
    text = refusal(app);
    HAS(text, "shop: \"model\" stands in for \"pool\", but gives 8 bytes instead of 4");
    free(text);
    ck_assert_int_eq(gr_app_override(app, &pool_dependency, NULL), 0);
    ck_assert_int_eq(gr_override(app, user, fake_pool), 0);
    text = refusal(app);
    HAS(text, "\"fake_pool\" stands in for \"user\", but is made for the application and that for each request");
    free(text);
    gr_app_destroy(app);
}
END_TEST

/* --- one that fails --- */

START_TEST(one_that_fails_ends_the_start_with_its_message_and_what_was_made_goes)
{
    gr_app *app = WITH_ROUTES(&shop_route);
    ck_assert_int_eq(gr_app_on(app, on_start, on_stop), 0);
    pool_fails = 1;
    char *text = refusal(app);
    HAS(text, "application dependency \"pool\" failed: no connection to db.example\n");
    ck_assert_str_eq(trace, "hook settings pool -pool -settings -hook ");
    free(text);
    pool_fails = 0;
    gr_test_destroy(serve(app)); /* the message is forgotten */
    gr_app_destroy(app);
}
END_TEST

static int given_code;

static int gives_code(gr_co co, gr_app *app, int *value)
{
    (void)co, (void)app, (void)value;
    return given_code;
}
GR_APP_DEPENDENCY(gives_code, int);

START_TEST(one_that_gives_a_code_ends_the_start_with_that)
{
    static const gr_server_options any_port = {.size = sizeof any_port, .port = 0};
    static const struct {
        int code, rc;
        const char *says;
    } cases[] = {{GR_EPIPE, GR_EPIPE, "failed: -32 (the other side is gone)"},
                 {503, GR_EIO, "failed: 503 (which is no code of an error)"}};
    gr_app *app = WITH_ROUTES(&shop_route);
    ck_assert_int_eq(gr_override(app, pool, gives_code), 0);
    for (size_t i = 0; i < 2; i++) {
        gr_server *server;
        begin_capture();
        given_code = cases[i].code;
        ck_assert_int_eq(gr_server_start(&server, app, &any_port, NULL), cases[i].rc);
        char *text = end_capture();
        HAS(text, "application dependency \"gives_code\"");
        HAS(text, cases[i].says);
        free(text);
    }
    gr_app_destroy(app);
}
END_TEST

static int for_ever(gr_co co, gr_app *app, int *value)
{
    gr_event event = {0};
    (void)app, (void)value;
    return gr_event_wait(co, &event);
}
GR_APP_DEPENDENCY(for_ever, int);

START_TEST(one_that_nothing_can_end_is_no_start)
{
    gr_app *app = WITH_ROUTES(&shop_route);
    ck_assert_int_eq(gr_override(app, pool, for_ever), 0);
    char *text = refusal(app);
    HAS(text, "application dependency \"for_ever\" does not end: it waits for event");
    ck_assert_str_eq(trace, "");
    free(text);
    gr_app_destroy(app);
}
END_TEST

/* --- teardowns --- */

static void sleeps_long(gr_co co, gr_app *app, void *arg)
{
    (void)app, (void)arg;
    int64_t before_ms = gr_now_ms(co);
    int rc = gr_sleep(co, 100000);
    note(rc == GR_ETIMEDOUT && gr_now_ms(co) - before_ms == 5000 ? "-after 5 s" : "-?");
}

static int slow(gr_app *app, int *value)
{
    *value = 1;
    return gr_app_defer(app, sleeps_long, NULL);
}
GR_APP_DEPENDENCY(slow, int);

START_TEST(an_async_teardown_has_five_seconds)
{
    gr_app *app = WITH_ROUTES(&plain_route);
    ck_assert_int_eq(gr_app_need(app, GR_DEPENDENCIES(&settings_dependency, &slow_dependency)), 0);
    gr_test *test = serve(app);
    trace[0] = '\0';
    end(test, app);
    ck_assert_str_eq(trace, "-after 5 s -settings ");
}
END_TEST

START_TEST(a_teardown_is_recorded_only_while_one_is_made)
{
    gr_app *app = WITH_ROUTES(&shop_route);
    ck_assert_int_eq(gr_app_defer(app, forget_settings, NULL), GR_EINVAL);
    ck_assert_int_eq(gr_app_defer(NULL, close_pool, NULL), GR_EINVAL);
    gr_test *test = serve(app);
    trace[0] = '\0';
    ck_assert_int_eq(gr_app_defer(app, forget_settings, NULL), GR_EINVAL);
    ck_assert_int_eq(gr_app_defer(app, close_pool, NULL), GR_EINVAL);
    ck_assert_str_eq(trace, "");
    end(test, app);
}
END_TEST

/* --- mistakes at start --- */

struct asks {
    int user;
    const char *q;
    gr_strings scopes;
};
static GR_INPUT(asks, GR_NEEDS(user, user), GR_QUERY(q), GR_SCOPES(scopes));
static int asks(gr_app *app, const struct asks *in, int *value)
{
    (void)app, (void)in, (void)value;
    return 0;
}
GR_APP_DEPENDENCY(asks, int, .before_body = true, .concurrent = true, .uncached = true);

struct asker {
    int asks, scoped, own;
};
static GR_INPUT(asker, GR_NEEDS(asks, asks), GR_NEEDS(scoped, pool, .scopes = "read"),
                GR_NEEDS(own, pool, .uncached = true));
HANDLES(asker)
GR_GET("/", asker);

START_TEST(what_only_a_request_has_is_refused_all_together)
{
    REFUSED(asker_route,
            "asker: dependency \"asks\" is made for the application, so it cannot need \"user\", which is made for "
            "each request",
            "asker: dependency \"asks\" is made for the application, before any request, so q cannot come from one: "
            "its input has GR_NEEDS and GR_ARGUMENT",
            "so scopes cannot come from one",
            "asker: dependency \"asks\" is made once, for the application, so it cannot be .before_body: there is no "
            "body yet",
            "so it cannot be .concurrent: they are made one after the other",
            "so it cannot be .uncached: all share the one",
            "asker: asker.scoped: \"pool\" is made once, for the application: .scopes says nothing of what all",
            "asker: asker.own: \"pool\" is made once, for the application: .uncached says nothing of what all");
}
END_TEST

START_TEST(what_only_the_list_names_is_checked_too)
{
    gr_app *app = WITH_ROUTES(&plain_route);
    ck_assert_int_eq(gr_app_need(app, GR_DEPENDENCIES(&asks_dependency, &connection_dependency)), 0);
    char *text = refusal(app);
    HAS(text, "plain: dependency \"asks\" is made for the application, so it cannot need \"user\"");
    HAS(text, "needs \"connection\", which takes a GR_ARGUMENT, without one");
    free(text);
    gr_app_destroy(app);
    app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_need(app, GR_DEPENDENCIES(&asks_dependency, &connection_dependency)), 0);
    text = refusal(app);
    HAS(text, "the application: dependency \"asks\" is made for the application, so it cannot need \"user\"");
    HAS(text, "the application: the application needs \"connection\", which takes a GR_ARGUMENT, without one");
    free(text);
    gr_app_destroy(app);
}
END_TEST

GR_DECLARE_APP_DEPENDENCY(hen, int);
GR_DECLARE_APP_DEPENDENCY(egg, int);
struct hen {
    int egg;
};
static GR_INPUT(hen, GR_NEEDS(egg, egg));
static int hen(gr_app *app, const struct hen *in, int *value)
{
    (void)app;
    *value = in->egg;
    return 0;
}
GR_DEFINE_APP_DEPENDENCY(hen, int);
struct egg {
    int hen;
};
static GR_INPUT(egg, GR_NEEDS(hen, hen));
static int egg(gr_co co, gr_app *app, const struct egg *in, int *value)
{
    (void)co, (void)app;
    *value = in->hen;
    return 0;
}
GR_DEFINE_APP_DEPENDENCY(egg, int);
struct eats {
    int egg;
};
static GR_INPUT(eats, GR_NEEDS(egg, egg));
HANDLES(eats)
GR_GET("/", eats);

START_TEST(a_circle_is_refused)
{
    REFUSED(eats_route, "eats: dependencies that need each other: egg -> hen -> egg");
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_need(app, GR_DEPENDENCIES(&hen_dependency)), 0);
    char *text = refusal(app);
    HAS(text, "the application: dependencies that need each other: hen -> egg -> hen");
    free(text);
    gr_app_destroy(app);
}
END_TEST

START_TEST(one_filled_by_hand_has_a_function_of_its_owner)
{
    static gr_dependency by_hand;
    by_hand = fake_pool_dependency;
    by_hand.make = NULL;
    by_hand.call = request_pool_dependency.call;
    gr_app *app = WITH_ROUTES(&plain_route);
    ck_assert_int_eq(gr_app_need(app, GR_DEPENDENCIES(&by_hand)), 0);
    char *text = refusal(app);
    HAS(text, "plain: a gr_dependency needs a name, a function and its size");
    free(text);
    by_hand.make = fake_pool_dependency.make;
    end(serve(app), app);
    ck_assert_str_eq(trace, "fake ");
}
END_TEST

/* --- mounted --- */

static int refuses(gr_app *app, int *value)
{
    *value = 1;
    return gr_app_fail(app, "no connection to %s", "db.example");
}
GR_APP_DEPENDENCY(refuses, int);

static int inner_pool(gr_app *app, int *value)
{
    *value = 8;
    note(app == served ? "of outer" : "of inner");
    return 0;
}
GR_APP_DEPENDENCY(inner_pool, int);

struct inner {
    int pool;
};
static GR_INPUT(inner, GR_NEEDS(pool, inner_pool));
static gr_reply inner(gr_co co, gr_req *req, const struct inner *in)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%d", in->pool));
}
GR_GET("/inner", inner);

static int inner_start(gr_app *app, void *state)
{
    (void)app, (void)state;
    return note("inner hook");
}

static void inner_stop(gr_app *app, void *state)
{
    (void)app, (void)state;
    note("-inner hook");
}

START_TEST(a_mounted_application_has_its_own_behind_those_of_the_outer)
{
    gr_app *app = WITH_ROUTES(&blocking_shop_route, &inner_route), *mounted = gr_app_create("inner", "1");
    ck_assert_int_eq(gr_app_add(mounted, &inner_route), 0);
    ck_assert_int_eq(gr_app_on(mounted, inner_start, inner_stop), 0);
    ck_assert_int_eq(gr_app_mount(app, "/sub", mounted), 0);
    gr_test *test = serve(app);
    ck_assert_str_eq(trace, "inner hook settings pool store of outer of inner ");
    check_get(test, "/sub/inner", 200, "8");
    ck_assert_ptr_ne(GR_APP_VALUE(app, inner_pool), GR_APP_VALUE(mounted, inner_pool));
    ck_assert_ptr_null(GR_APP_VALUE(mounted, pool));
    trace[0] = '\0';
    gr_test_destroy(test);
    ck_assert_str_eq(trace, "-pool -settings -inner hook ");
    trace[0] = '\0';
    ck_assert_int_eq(gr_override(mounted, inner_pool, refuses), 0);
    char *text = refusal(app);
    HAS(text, "application dependency \"refuses\" at \"/sub\" failed: no connection to db.example\n");
    ck_assert_str_eq(trace, "inner hook settings pool store of outer -pool -settings -inner hook ");
    free(text);
    gr_app_destroy(app);
}
END_TEST

/* What the inner application has in place of a value of its own. */
static int outer_pool(GR_UNUSED gr_app *app, int *value)
{
    *value = *GR_APP_VALUE(served, inner_pool) + 1;
    return note("handed on");
}
GR_APP_DEPENDENCY(outer_pool, int);

START_TEST(a_mounted_application_can_be_handed_the_value_of_the_outer)
{
    gr_app *app = WITH_ROUTES(&inner_route), *mounted = gr_app_create("inner", "1");
    ck_assert_int_eq(gr_app_add(mounted, &inner_route), 0);
    ck_assert_int_eq(gr_app_mount(app, "/sub", mounted), 0);
    ck_assert_int_eq(gr_override(mounted, inner_pool, outer_pool), 0);
    gr_test *test = serve(app);
    ck_assert_str_eq(trace, "of outer handed on ");
    check_get(test, "/inner", 200, "8");
    check_get(test, "/sub/inner", 200, "9");
    end(test, app);
}
END_TEST

/* --- a server --- */

static int soon(gr_co co, gr_app *app, int *value)
{
    *value = 42;
    int rc = gr_app_defer(app, close_pool, "pool");
    return rc ? rc : gr_sleep(co, 2);
}
GR_APP_DEPENDENCY(soon, int);

START_TEST(a_server_has_them_on_its_own_loop_and_on_one_that_it_is_given)
{
    static const gr_server_options any_port = {.size = sizeof any_port, .port = 0};
    for (int own = 0; own < 2; own++) {
        gr_app *app = WITH_ROUTES(&shop_route);
        ck_assert_int_eq(gr_override(app, pool, soon), 0);
        gr_server *server;
        uv_loop_t loop;
        ck_assert_int_eq(uv_loop_init(&loop), 0);
        ck_assert_int_eq(gr_server_start(&server, app, &any_port, own ? NULL : &loop), 0);
        ck_assert_str_eq(trace, "settings store ");
        gr_server_stop(server);
        if (own)
            ck_assert_int_eq(gr_server_run(server), 0);
        while (!gr_server_stopped(server))
            uv_run(&loop, UV_RUN_ONCE);
        ck_assert_str_eq(trace, "settings store -settings -pool ");
        gr_server_destroy(server);
        gr_app_destroy(app);
        ck_assert_int_eq(uv_loop_close(&loop), 0);
    }
}
END_TEST

static int told_fd;

static void tell(const char *what)
{
    if (write(told_fd, what, 1) != 1)
        abort();
}

static void tell_end(gr_app *app, void *arg)
{
    (void)app;
    tell(arg);
}

static int first(gr_app *app, int *value)
{
    *value = 1;
    return gr_app_defer(app, tell_end, "1");
}
GR_APP_DEPENDENCY(first, int);

struct waits {
    int first;
};
static GR_INPUT(waits, GR_NEEDS(first, first));
static int waits(gr_co co, gr_app *app, const struct waits *in, int *value)
{
    *value = in->first;
    tell("+");
    int rc = gr_app_defer(app, tell_end, "2");
    rc = rc ? rc : gr_sleep(co, 60000);
    tell(rc == GR_ECANCELED ? "c" : "?");
    return rc;
}
GR_APP_DEPENDENCY(waits, int);

/* The loop goes on meanwhile, and tells it of the stop. */
static int polls(gr_app *app, int *value)
{
    *value = 1;
    tell("+");
    while (!gr_job_cancelled())
        usleep(1000);
    tell("c");
    return gr_app_defer(app, tell_end, "1");
}
GR_APP_DEPENDENCY(polls, int);

/* The exit status of gr_main(), which is sent SIGTERM when it has told that it starts. */
static int exit_status(const gr_dependency *needs, bool is_signalled, char told[8])
{
    int fds[2], status;
    ck_assert_int_eq(pipe(fds), 0);
    pid_t pid = fork();
    if (pid == 0) {
        char program[] = "program", port[] = "--port=0";
        char *argv[] = {program, port, NULL};
        gr_app *app = gr_app_create("child", "1");
        told_fd = fds[1];
        close(fds[0]);
        _exit(gr_app_need(app, GR_DEPENDENCIES(needs)) ? 99 : gr_main(app, 2, argv));
    }
    close(fds[1]);
    memset(told, 0, 8);
    if (is_signalled) {
        ck_assert_int_eq(read(fds[0], told, 1), 1);
        ck_assert_int_eq(kill(pid, SIGTERM), 0);
    }
    for (ssize_t n; (n = read(fds[0], told + strlen(told), 7 - strlen(told))) > 0;)
        continue;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    close(fds[0]);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

START_TEST(a_signal_while_one_awaits_cancels_it_and_ends_cleanly)
{
    char told[8];
    begin_capture();
    int status = exit_status(&waits_dependency, true, told);
    char *text = end_capture();
    ck_assert_msg(status == 0, "%d: %s", status, text);
    ck_assert_str_eq(told, "+c21");
    LACKS(text, "failed");
    free(text);
}
END_TEST

START_TEST(a_signal_while_one_blocks_tells_it_and_ends_cleanly)
{
    char told[8];
    begin_capture();
    int status = exit_status(&polls_dependency, true, told);
    char *text = end_capture();
    ck_assert_msg(status == 0, "%d: %s", status, text);
    ck_assert_str_eq(told, "+c1");
    LACKS(text, "failed");
    free(text);
}
END_TEST

START_TEST(one_that_fails_ends_the_program_with_its_message)
{
    char told[8];
    begin_capture();
    int status = exit_status(&refuses_dependency, false, told);
    char *text = end_capture();
    ck_assert_int_eq(status, 1);
    HAS(text, "application dependency \"refuses\" failed: no connection to db.example\n");
    HAS(text, "program: the application did not start\n");
    free(text);
}
END_TEST

/* --- a command --- */

static int left_child(gr_co co, void *arg)
{
    (void)arg;
    return gr_sleep(co, 100000);
}

static int command(gr_co co, void *arg)
{
    gr_app *app = arg;
    gr_task *child;
    ck_assert_int_eq(*GR_APP_VALUE(app, pool), 42);
    int rc = gr_spawn(co, &child, left_child, NULL);
    rc = rc ? rc : gr_sleep(co, 1);
    note("command");
    return rc ? rc : 5;
}

START_TEST(a_command_has_them_without_tasks)
{
    gr_app *app = WITH_ROUTES(&shop_route);
    ck_assert_int_eq(gr_override(app, pool, soon), 0);
    ck_assert_int_eq(gr_app_on(app, on_start, on_stop), 0);
    ck_assert_int_eq(gr_app_add_task(app, "task", task, app), 0);
    ck_assert_int_eq(gr_app_run(app, command, app), 5);
    ck_assert_str_eq(trace, "hook settings store command -settings -pool -hook ");
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_command_of_an_application_that_does_not_start_does_not_run)
{
    gr_app *app = WITH_ROUTES(&shop_route);
    ck_assert_int_eq(gr_override(app, pool, refuses), 0);
    begin_capture();
    ck_assert_int_eq(gr_app_run(app, command, app), GR_EIO);
    char *text = end_capture();
    HAS(text, "application dependency \"refuses\" failed: no connection to db.example\n");
    ck_assert_str_eq(trace, "");
    free(text);
    ck_assert_int_eq(gr_override(app, pool, for_ever), 0);
    begin_capture();
    ck_assert_int_eq(gr_app_run(app, command, app), GR_ECANCELED);
    text = end_capture();
    HAS(text, "application dependency \"for_ever\" does not end: it waits for event");
    free(text);
    ck_assert_int_eq(gr_app_override(app, &pool_dependency, &model_dependency), 0);
    begin_capture();
    ck_assert_int_eq(gr_app_run(app, command, app), GR_EINVAL);
    free(end_capture());
    ck_assert_int_eq(gr_app_run(NULL, command, app), GR_ENOMEM);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    return run_tests("app application dependencies",
                     (test_list){they_are_made_in_the_order_of_their_needs_between_hooks_and_tasks_and_go_in_reverse,
                                 what_nobody_needs_is_not_made,
                                 what_a_list_names_is_made_and_asks_a_request_for_nothing,
                                 an_application_without_operations_makes_what_its_list_names,
                                 an_application_that_is_served_again_makes_them_again,
                                 one_application_is_not_served_twice_at_a_time,
                                 each_argument_has_one,
                                 another_stands_in_for_one,
                                 what_stands_in_is_made_for_the_same_and_as_large,
                                 one_that_fails_ends_the_start_with_its_message_and_what_was_made_goes,
                                 one_that_gives_a_code_ends_the_start_with_that,
                                 one_that_nothing_can_end_is_no_start,
                                 an_async_teardown_has_five_seconds,
                                 a_teardown_is_recorded_only_while_one_is_made,
                                 what_only_a_request_has_is_refused_all_together,
                                 what_only_the_list_names_is_checked_too,
                                 a_circle_is_refused,
                                 one_filled_by_hand_has_a_function_of_its_owner,
                                 a_mounted_application_has_its_own_behind_those_of_the_outer,
                                 a_mounted_application_can_be_handed_the_value_of_the_outer,
                                 a_server_has_them_on_its_own_loop_and_on_one_that_it_is_given,
                                 a_signal_while_one_awaits_cancels_it_and_ends_cleanly,
                                 a_signal_while_one_blocks_tells_it_and_ends_cleanly,
                                 one_that_fails_ends_the_program_with_its_message,
                                 a_command_has_them_without_tasks,
                                 a_command_of_an_application_that_does_not_start_does_not_run,
                                 NULL},
                     10);
}
