/* Memory that runs out at every place in turn, while an application of routers and mounts is built, starts and serves:
 * no crash, no leak; a refusal to start, or a 500, a 503, a closed connection. */
#include <griddle/url.h>

#include "scarce.h"
#include "serve.h"

static gr_reply around(gr_co co, gr_req *req, gr_next *next)
{
    return gr_call_next(co, req, next);
}

GR_DECLARE_ROUTE(links);

static gr_reply links(gr_co co, gr_req *req)
{
    (void)co;
    const char *url = gr_url_for(req, "links", "n", 7, "tenant", "a/b"),
               *own = GR_URL_FOR(req, links, "n", 8, "tenant", "c");
    return url && own ? gr_text(req, gr_printf(req, "%s %s %s", url, own, gr_root_path(req)))
                      : gr_failed(req, GR_ENOMEM);
}
GR_GET("/links/{n:int}", links, .tags = GR_NAMES("route"), .responses = GR_RESPONSES({404, .description = "route"}));

static gr_reply of_host(gr_co co, gr_req *req)
{
    (void)co;
    const char *name = gr_path_param(req, "name");
    return name ? gr_text(req, name) : gr_failed(req, GR_ENOMEM);
}
GR_GET("/of-host", of_host);

static gr_reply blocking(gr_req *req)
{
    return gr_text(req, gr_operation(req));
}
GR_GET("/blocking", blocking);

static GR_ROUTER(innermost, "/{tenant}", .routes = GR_ROUTES(&links_route), .tags = GR_NAMES("inner"),
                 .middleware = GR_MIDDLEWARES(GR_MIDDLEWARE(around)),
                 .responses = GR_RESPONSES({404, .description = "inner"}, {410, .description = "inner"}));
static GR_ROUTER(outermost, "/outer", .routers = GR_ROUTERS(&innermost_router), .routes = GR_ROUTES(&blocking_route),
                 .middleware = GR_MIDDLEWARES(GR_MIDDLEWARE(around)), .tags = GR_NAMES("outer"));
static GR_ROUTER(hosted, "", .routes = GR_ROUTES(&of_host_route), .host = "{name}.example.com");

static int fill(gr_app *into)
{
    int rc = gr_use(into, around);
    rc = rc ? rc
            : gr_app_include(into, &outermost_router, .prefix = "/v1", .tags = GR_NAMES("a", "b"),
                             .responses = GR_RESPONSES({410, .description = "include"}));
    rc = rc ? rc : gr_app_include(into, &outermost_router, .prefix = "/v2");
    return rc ? rc : gr_app_include(into, &hosted_router);
}

/* An application with another one inside, as far as there is memory. */
static gr_app *build(void)
{
    gr_app *outer = gr_app_create("Outer", "1"), *inner = gr_app_create("Inner", "1");
    (void)fill(outer);
    (void)fill(inner);
    if (gr_app_mount(outer, "/admin", inner))
        gr_app_destroy(inner);
    return outer;
}

/* Whether an allocation failed while `part` was scarce. */
static bool try_start(long n, bool only_one)
{
    once = only_one;
    __atomic_store_n(&left, n, __ATOMIC_RELAXED);
    gr_app *built = build();
    gr_test *started = built ? gr_test_create(built) : NULL;
    bool failed = has_failed();
    plenty();
    ck_assert_msg(started || failed, "it did not start, and nothing had failed");
    gr_test_destroy(started);
    gr_app_destroy(built);
    return failed;
}

START_TEST(each_allocation_at_the_start_may_fail)
{
    listen_to_log();
    long n = 0;
    while (try_start(n, n % 2 == 0))
        n++;
    (void)logged();
    ck_assert_int_gt(n, 40);
}
END_TEST

static const char *const targets[] = {"/admin/v2/outer/x/links/7", "/v1/outer/x/links/7", "/admin/of-host",
                                      "/admin/v1/outer/blocking",  "/admin/nothing",      "/admin"};

static bool try_request(const char *target, long n)
{
    const char *const headers[] = {"Host", "Ann.example.com:80", NULL};
    once = true;
    __atomic_store_n(&left, n, __ATOMIC_RELAXED);
    gr_answer *answer = gr_test_request(test, "GET", target, headers, NULL, 0);
    bool failed = has_failed();
    plenty();
    int status = answer ? gr_answer_status(answer) : 0;
    ck_assert_msg(failed || status == 200 || status == 404 || status == 307, "%s: %d", target, status);
    gr_answer_free(answer);
    ck_assert_uint_eq(gr_test_coroutines(test), 0);
    return failed;
}

START_TEST(each_allocation_of_a_request_may_fail)
{
    app = build();
    go();
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
        for (long n = 0; try_request(targets[i], n); n++)
            continue;
    gr_answer *answer = ask("GET", targets[0], NULL, NULL);
    ck_assert_str_eq(gr_answer_body(answer, NULL), "/admin/v2/outer/a%2Fb/links/7 /admin/v2/outer/c/links/8 /admin");
    gr_answer_free(answer);
    end();
}
END_TEST

int main(void)
{
    return run_tests("routers_memory",
                     (test_list){each_allocation_at_the_start_may_fail, each_allocation_of_a_request_may_fail, NULL},
                     60);
}
