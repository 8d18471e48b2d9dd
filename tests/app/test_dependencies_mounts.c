/* Dependencies of routers, of their hosts, and of applications within another. */
#include <griddle/app_dependency.h>
#include <griddle/router.h>
#include <griddle/stream.h>

#include "need.h"

/* --- mistakes --- */

GR_DECLARE_DEPENDENCY(second, int);
struct first {
    int second;
};
static GR_INPUT(first, GR_NEEDS(second, second));
static int first(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct first *in, int *value)
{
    *value = in->second;
    return 0;
}
GR_DEPENDENCY(first, int);
struct second {
    int first;
};
static GR_INPUT(second, GR_NEEDS(first, first));
static int second(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct second *in, int *value)
{
    *value = in->first;
    return 0;
}
GR_DEFINE_DEPENDENCY(second, int);
struct circle {
    int first;
};
static GR_INPUT(circle, GR_NEEDS(first, first));
HANDLES(circle)
GR_GET("/circle", circle);

GIVES(number);
static int wide(GR_UNUSED gr_req *req, int64_t *value)
{
    *value = 1;
    return 0;
}
GR_DEPENDENCY(wide, int64_t);
struct numbered {
    int number;
};
static GR_INPUT(numbered, GR_NEEDS(number, number));
HANDLES(numbered)
GR_GET("/numbered", numbered);

struct tableless {
    int n;
};
static int tableless(GR_UNUSED gr_req *req, const struct tableless *in)
{
    return in->n;
}
GR_GUARD(tableless);
static gr_reply plain(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_text(req, "plain");
}
GR_GET("/plain", plain);
GR_ROUTE_AS(without_table, "GET", "/tableless", plain, .needs = GR_DEPENDENCIES(&tableless_dependency));

static gr_reply blocks(gr_req *req, gr_next *next)
{
    note("blocks(");
    gr_reply reply = gr_call_next_blocking(req, next);
    note(")blocks");
    return reply;
}
static GR_ROUTER(held, "/held", .routes = GR_ROUTES(&plain_route), .middleware = GR_MIDDLEWARES(GR_MIDDLEWARE(blocks)));
static GR_ROUTER(doubled, "/doubled", .routes = GR_ROUTES(&plain_route));

START_TEST(all_mistakes_of_all_applications_are_told_together)
{
    gr_app *app = gr_app_create("outer", "1"), *inner = gr_app_create("inner", "1");
    ck_assert_int_eq(gr_app_add(app, &circle_route, &numbered_route), 0);
    ck_assert_int_eq(gr_app_include(app, &doubled_router), 0);
    ck_assert_int_eq(gr_app_include(app, &doubled_router), 0);
    ck_assert_int_eq(gr_app_include(app, &held_router), 0);
    ck_assert_int_eq(gr_app_add(inner, &without_table_route, &numbered_route), 0);
    ck_assert_int_eq(gr_app_override(inner, &number_dependency, &wide_dependency), 0);
    ck_assert_int_eq(gr_app_mount(app, "/in", inner), 0);
    char *text = refusal(app);
    HAS(text, "first -> second -> first");
    HAS(text, "a doubled router: it leads to \"GET /doubled/plain\" twice");
    HAS(text, "held:plain: an async operation cannot run inside a blocking middleware, \"blocks\"");
    HAS(text, "the application at \"/in\": in:without_table: dependency \"tableless\" takes a struct tableless");
    HAS(text, "the application at \"/in\": in:numbered: \"wide\" stands in for \"number\", but gives 8 bytes");
    LACKS(text, "ERROR:    numbered");
    free(text);
    gr_app_destroy(app);
}
END_TEST

/* --- whose they are --- */

static int times_made;
static int pool(GR_UNUSED gr_app *app, int *value)
{
    *value = ++times_made;
    return 0;
}
GR_APP_DEPENDENCY(pool, int);
static int fake_pool(GR_UNUSED gr_app *app, int *value)
{
    *value = 42;
    return 0;
}
GR_APP_DEPENDENCY(fake_pool, int);
struct connection {
    const int *pool;
};
static GR_INPUT(connection, GR_NEEDS(pool, pool));
static int connection(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct connection *in, int *value)
{
    *value = *in->pool;
    return 0;
}
GR_DEPENDENCY(connection, int);
struct asks {
    int pool;
    const int *connection;
};
static GR_INPUT(asks, GR_NEEDS(pool, pool), GR_NEEDS(connection, connection));
static gr_reply asks(GR_UNUSED gr_co co, gr_req *req, const struct asks *in)
{
    return gr_text(req, gr_printf(req, "%d %d", in->pool, *in->connection));
}
GR_GET("/asks", asks);

START_TEST(each_application_has_its_own_and_its_own_stand_ins)
{
    gr_app *app = gr_app_create("outer", "1"), *inner = gr_app_create("inner", "1"), *third = gr_app_create("3", "1");
    ck_assert_int_eq(gr_app_add(app, &asks_route), 0);
    ck_assert_int_eq(gr_app_add(inner, &asks_route), 0);
    ck_assert_int_eq(gr_app_add(third, &asks_route), 0);
    ck_assert_int_eq(gr_app_mount(app, "/in", inner), 0);
    ck_assert_int_eq(gr_app_mount(inner, "/third", third), 0);
    ck_assert_int_eq(gr_override(inner, pool, fake_pool), 0);
    gr_test *test = serve(app);
    check_get(test, "/asks", 200, "1 1");
    check_get(test, "/in/asks", 200, "42 42");
    check_get(test, "/in/third/asks", 200, "2 2");
    end(test, app);
}
END_TEST

struct tenant {
    const char *tenant;
};
static GR_INPUT(tenant, GR_PATH(tenant));
static int tenant(GR_UNUSED gr_req *req, const struct tenant *in, const char **value)
{
    *value = in->tenant;
    return note("tenant");
}
GR_DEPENDENCY(tenant, const char *);
struct of_tenant {
    const char *tenant;
};
static GR_INPUT(of_tenant, GR_NEEDS(tenant, tenant));
static gr_reply of_tenant(gr_req *req, const struct of_tenant *in)
{
    return gr_text(req, in->tenant);
}
GR_GET("/who", of_tenant);
static GR_ROUTER(hosted, "", .routes = GR_ROUTES(&of_tenant_route), .host = "{tenant}.example.com",
                 .needs = GR_DEPENDENCIES(&tenant_dependency));

static void who(gr_test *test, const char *method, const char *host, int status, const char *body, const char *ran)
{
    const char *const headers[] = {"Host", host, NULL};
    trace[0] = '\0';
    gr_answer *answer = gr_test_request(test, method, "/who", headers, NULL, 0);
    check_answer(answer, status, body);
    ck_assert_str_eq(trace, ran);
    gr_answer_free(answer);
}

START_TEST(one_takes_what_the_host_says_and_runs_where_an_operation_does)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_include(app, &hosted_router), 0);
    gr_test *test = serve(app);
    who(test, "GET", "Acme.example.com:80", 200, "acme", "tenant ");
    who(test, "HEAD", "acme.example.com", 200, "", "tenant ");
    who(test, "OPTIONS", "acme.example.com", 204, "", "");
    who(test, "PUT", "acme.example.com", 405, NULL, "");
    who(test, "GET", "example.com", 404, NULL, "");
    end(test, app);
}
END_TEST

/* --- streams --- */

static void closes(GR_UNUSED gr_req *req, void *arg, gr_outcome outcome)
{
    *(int *)arg = 0;
    note(outcome == GR_ANSWERED ? "closed" : "lost");
}
static int opens(GR_UNUSED gr_co co, gr_req *req, int *value)
{
    *value = 7;
    return gr_defer(req, closes, value);
}
GR_DEPENDENCY(opens, int);
static int writes(gr_co co, gr_writer *writer, void *arg)
{
    int rc = 0;
    for (int i = 0; i < 3 && rc == 0; i++) {
        char digit = (char)('0' + *(const int *)arg);
        rc = gr_write(co, writer, &digit, 1);
        note("piece");
        rc = rc ? rc : gr_sleep(co, 10);
    }
    return rc;
}
struct streams {
    const int *opens;
};
static GR_INPUT(streams, GR_NEEDS(opens, opens));
static gr_reply streams(GR_UNUSED gr_co co, gr_req *req, const struct streams *in)
{
    return gr_stream(req, "text/plain", writes, (void *)(uintptr_t)in->opens);
}
GR_GET("/streams", streams);

START_TEST(what_a_stream_uses_is_there_until_it_has_ended)
{
    MAKE_APP(app, &streams_route);
    gr_test *test = serve(app);
    trace[0] = '\0';
    check_get(test, "/streams", 200, "777");
    gr_test_advance(test, 0);
    ck_assert_str_eq(trace, "piece piece piece closed ");
    trace[0] = '\0';
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, GET("/streams"));
    gr_test_advance(test, 5);
    gr_test_reset(conn);
    gr_test_advance(test, 0);
    ck_assert_str_eq(trace, "piece lost ");
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

int main(void)
{
    return run_tests("app dependencies mounts",
                     (test_list){all_mistakes_of_all_applications_are_told_together,
                                 each_application_has_its_own_and_its_own_stand_ins,
                                 one_takes_what_the_host_says_and_runs_where_an_operation_does,
                                 what_a_stream_uses_is_there_until_it_has_ended, NULL},
                     20);
}
