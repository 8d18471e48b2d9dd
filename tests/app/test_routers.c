/* Routers: prefixes, what their operations take over, names, and their mistakes. */
#include <griddle/router.h>

#include "app_test.h"
#include "openapi.h"

#define SAYS_NAME(fn) \
    static gr_reply fn(gr_co co, gr_req *req) \
    { \
        return say_name(co, req); \
    } \
    struct fn

SAYS_NAME(read_me);
GR_GET("/me", read_me, .tags = GR_NAMES("me"),
       .responses = GR_RESPONSES({404, .description = "route"}, {409, .description = "route"}));
SAYS_NAME(list_users);
GR_GET("", list_users);
SAYS_NAME(audit);
GR_GET("/audit/{n:int}", audit);
SAYS_NAME(plain);
GR_GET("/plain", plain);

static GR_ROUTER(users, "/users", .routes = GR_ROUTES(&read_me_route, &list_users_route), .tags = GR_NAMES("users"),
                 .responses = GR_RESPONSES({404, .description = "router"}, {410, .description = "router"}));
static GR_ROUTER(admin, "/admin", .routers = GR_ROUTERS(&users_router), .routes = GR_ROUTES(&audit_route),
                 .tags = GR_NAMES("admin"));
static GR_ROUTER(bare, "", .routes = GR_ROUTES(&plain_route));

static gr_app *new_app(void)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_ptr_nonnull(app);
    return app;
}

/* --- paths and names --- */

START_TEST(a_router_serves_below_its_prefix)
{
    gr_app *app = new_app();
    ck_assert_int_eq(gr_app_include(app, &users_router), 0);
    gr_test *test = serve(app);
    check_get(test, "/users/me", 200, "users:read_me");
    check_get(test, "/users", 200, "users:list_users");
    check_get(test, "/me", 404, NULL);
    end(test, app);
}
END_TEST

START_TEST(prefixes_and_names_begin_with_those_around)
{
    gr_app *app = new_app();
    ck_assert_int_eq(gr_app_include(app, &admin_router, .prefix = "/api/v1", .name = "v1"), 0);
    gr_test *test = serve(app);
    check_get(test, "/api/v1/admin/users/me", 200, "v1:admin:users:read_me");
    check_get(test, "/api/v1/admin/audit/7", 200, "v1:admin:audit");
    check_get(test, "/api/v1/users/me", 404, NULL);
    check_request(test, "POST", "/api/v1/admin/users", 405, NULL);
    end(test, app);
}
END_TEST

static const gr_router nameless = {.size = sizeof nameless, .routes = GR_ROUTES(&plain_route)};

START_TEST(a_router_needs_no_prefix_and_no_name)
{
    gr_app *app = new_app();
    ck_assert_int_eq(gr_app_include_with(app, &nameless, NULL), 0);
    gr_test *test = serve(app);
    check_get(test, "/plain", 200, "plain");
    end(test, app);
}
END_TEST

START_TEST(a_router_included_twice_has_two_names_of_each_operation)
{
    gr_app *app = new_app();
    ck_assert_int_eq(gr_app_include(app, &users_router, .prefix = "/v1"), 0);
    ck_assert_int_eq(gr_app_include(app, &users_router, .prefix = "/v2"), 0);
    ck_assert_int_eq(gr_app_include(app, &bare_router), 0);
    gr_test *test = serve(app);
    check_get(test, "/v1/users/me", 200, "users:read_me@/v1/users");
    check_get(test, "/v2/users/me", 200, "users:read_me@/v2/users");
    check_get(test, "/plain", 200, "bare:plain");
    end(test, app);
}
END_TEST

static GR_ROUTER(others, "/others", .routes = GR_ROUTES(&read_me_route));

START_TEST(two_routers_may_have_operations_of_one_name)
{
    gr_app *app = new_app();
    ck_assert_int_eq(gr_app_include(app, &users_router), 0);
    ck_assert_int_eq(gr_app_include(app, &others_router), 0);
    gr_test *test = serve(app);
    check_get(test, "/others/me", 200, "others:read_me");
    check_get(test, "/users/me", 200, "users:read_me");
    end(test, app);
}
END_TEST

SAYS_NAME(any_path);
GR_GET("/{rest:path}", any_path);

START_TEST(the_first_that_was_declared_serves_router_or_not)
{
    gr_app *app = new_app();
    ck_assert_int_eq(gr_app_add(app, &read_me_route), 0);
    ck_assert_int_eq(gr_app_include(app, &users_router), 0);
    ck_assert_int_eq(gr_app_add(app, &any_path_route), 0);
    ck_assert_int_eq(gr_app_include(app, &bare_router), 0);
    ck_assert_ptr_eq(gr_app_route(app, 1), &any_path_route);
    ck_assert_ptr_null(gr_app_route(app, 2));
    gr_test *test = serve(app);
    check_get(test, "/users/me", 200, "users:read_me");
    check_get(test, "/plain", 200, "any_path");
    check_get(test, "/me", 200, "read_me");
    end(test, app);
}
END_TEST

static gr_reply leads_to_its_own(gr_co co, gr_req *req);
GR_GET("/own", leads_to_its_own);
static gr_reply leads_to_its_own(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, gr_route_of(req) == &leads_to_its_own_route ? "it is" : "it is not");
}

static GR_ROUTER(own, "/below", .routes = GR_ROUTES(&leads_to_its_own_route), .tags = GR_NAMES("x"));

START_TEST(a_request_leads_to_the_route_that_was_declared)
{
    gr_app *app = new_app();
    ck_assert_int_eq(gr_app_include(app, &own_router), 0);
    gr_test *test = serve(app);
    check_get(test, "/below/own", 200, "it is");
    end(test, app);
}
END_TEST

struct read_post {
    int64_t user_id, post_id;
};
static GR_INPUT(read_post, GR_PATH(user_id), GR_PATH(post_id));
static gr_reply read_post(gr_req *req, const struct read_post *in)
{
    return gr_text(req, gr_printf(req, "%lld of %lld", (long long)in->post_id, (long long)in->user_id));
}
GR_GET("/posts/{post_id}", read_post);

static GR_ROUTER(posts, "/users/{user_id}", .routes = GR_ROUTES(&read_post_route));

START_TEST(a_prefix_may_have_parameters)
{
    gr_app *app = new_app();
    ck_assert_int_eq(gr_app_include(app, &posts_router), 0);
    gr_test *test = serve(app);
    check_get(test, "/users/7/posts/8", 200, "8 of 7");
    check_get(test, "/users/x/posts/8", 422, NULL);
    end(test, app);
}
END_TEST

/* --- the document --- */

START_TEST(tags_and_responses_are_merged_as_in_fastapi)
{
    gr_app *app = new_app();
    ck_assert_int_eq(
        gr_app_include(app, &admin_router, .prefix = "/v1", .tags = GR_NAMES("first"),
                       .responses = GR_RESPONSES({404, .description = "include"}, {410, .description = "include"},
                                                 {418, .description = "include"})),
        0);
    document_of(app);
    want("/paths/~1v1~1admin~1users~1me/get/tags", "[\"first\",\"admin\",\"users\",\"me\"]");
    want("/paths/~1v1~1admin~1users~1me/get/operationId", "\"read_me_v1_admin_users_me_get\"");
    want("/paths/~1v1~1admin~1users~1me/get/summary", "\"Read Me\"");
    want("/paths/~1v1~1admin~1users~1me/get/responses/404/description", "\"route\"");
    want("/paths/~1v1~1admin~1users~1me/get/responses/409/description", "\"route\"");
    want("/paths/~1v1~1admin~1users~1me/get/responses/410/description", "\"router\"");
    want("/paths/~1v1~1admin~1users~1me/get/responses/418/description", "\"include\"");
    want("/paths/~1v1~1admin~1users/get/responses/404/description", "\"router\"");
    want("/paths/~1v1~1admin~1audit~1{n}/get/responses/404/description", "\"include\"");
    want("/paths/~1v1~1admin~1audit~1{n}/get/tags", "[\"first\",\"admin\"]");
    json_decref(document);
}
END_TEST

static GR_ROUTER(old, "/old", .routes = GR_ROUTES(&plain_route), .deprecated = true);
static GR_ROUTER(secret, "/secret", .routes = GR_ROUTES(&plain_route), .hidden = true);

START_TEST(deprecated_and_hidden_are_whatever_is_around_them)
{
    gr_app *app = new_app();
    ck_assert_int_eq(gr_app_include(app, &old_router), 0);
    ck_assert_int_eq(gr_app_include(app, &secret_router), 0);
    ck_assert_int_eq(gr_app_include(app, &bare_router, .prefix = "/a", .deprecated = true), 0);
    ck_assert_int_eq(gr_app_include(app, &bare_router, .prefix = "/b", .hidden = true), 0);
    ck_assert_int_eq(gr_app_include(app, &bare_router, .prefix = "/c"), 0);
    document_of(app);
    want("/paths/~1old~1plain/get/deprecated", "true");
    want_nothing("/paths/~1secret~1plain");
    want("/paths/~1a~1plain/get/deprecated", "true");
    want_nothing("/paths/~1b~1plain");
    want_nothing("/paths/~1c~1plain/get/deprecated");
    want("/paths/~1c~1plain/get/operationId", "\"plain_c_plain_get\"");
    json_decref(document);
}
END_TEST

/* The lists end with the block that they are written in; what lies where they were is written over. */
static void include_from_a_block(gr_app *app)
{
    gr_include_options options = {.size = sizeof options,
                                  .prefix = "/block",
                                  .tags = GR_NAMES("one", "two"),
                                  .responses = GR_RESPONSES({404, .description = "gone"})};
    ck_assert_int_eq(gr_app_include_with(app, &bare_router, &options), 0);
    memset((void *)(uintptr_t)options.tags, 0, 2 * sizeof *options.tags);
    memset((void *)(uintptr_t)options.responses->at, 0, sizeof *options.responses->at);
    memset(&options, 0, sizeof options);
}

START_TEST(an_inclusion_keeps_its_own_copy_of_lists)
{
    gr_app *app = new_app();
    include_from_a_block(app);
    document_of(app);
    want("/paths/~1block~1plain/get/tags", "[\"one\",\"two\"]");
    want("/paths/~1block~1plain/get/responses/404/description", "\"gone\"");
    json_decref(document);
}
END_TEST

START_TEST(a_page_of_the_documentation_gives_way_to_a_router_too)
{
    gr_app *app = new_app();
    ck_assert(!gr_app_has(app, "GET", "/users/me"));
    ck_assert_int_eq(gr_app_include(app, &admin_router, .prefix = "/x"), 0);
    ck_assert_int_eq(gr_app_add(app, &plain_route), 0);
    ck_assert(gr_app_has(app, "GET", "/x/admin/users/me"));
    ck_assert(gr_app_has(app, "GET", "/x/admin/users"));
    ck_assert(gr_app_has(app, "GET", "/plain"));
    ck_assert(!gr_app_has(app, "GET", "/x/admin/me"));
    ck_assert(!gr_app_has(app, "POST", "/plain"));
    ck_assert(!gr_app_has(app, "GET", "/admin/users/me"));
    ck_assert(!gr_app_has(NULL, "GET", "/"));
    gr_app_destroy(app);
}
END_TEST

/* --- hosts --- */

struct read_tenant {
    const char *tenant;
    int64_t n;
};
static GR_INPUT(read_tenant, GR_PATH(tenant), GR_PATH(n));
static gr_reply read_tenant(gr_co co, gr_req *req, const struct read_tenant *in)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%s %d %s", in->tenant, (int)in->n, gr_path_param(req, "tenant")));
}
GR_GET("/of/{n}", read_tenant);

static GR_ROUTER(api, "", .host = "API.example.com", .routes = GR_ROUTES(&plain_route));
static GR_ROUTER(tenants, "", .host = "{tenant}.example.com", .routes = GR_ROUTES(&read_tenant_route, &read_me_route));
static GR_ROUTER(below, "/below", .host = "other.example.com", .routes = GR_ROUTES(&plain_route));
static GR_ROUTER(above, "", .host = "api.example.com", .routers = GR_ROUTERS(&below_router));

static void check_at(gr_test *test, const char *host, const char *target, int status, const char *body)
{
    const char *const headers[] = {"Host", host, NULL};
    gr_answer *answer = gr_test_request(test, "GET", target, headers, NULL, 0);
    check_answer(answer, status, body);
    gr_answer_free(answer);
}

static gr_test *serve_hosts(gr_app **app)
{
    *app = new_app();
    ck_assert_int_eq(gr_app_include(*app, &api_router), 0);
    ck_assert_int_eq(gr_app_include(*app, &tenants_router), 0);
    ck_assert_int_eq(gr_app_include(*app, &above_router), 0);
    ck_assert_int_eq(gr_app_add(*app, &plain_route), 0);
    return serve(*app);
}

START_TEST(a_router_may_be_for_one_host_only)
{
    gr_app *app;
    gr_test *test = serve_hosts(&app);
    check_at(test, "api.example.com", "/plain", 200, "api:plain");
    check_at(test, "Api.Example.COM:8000", "/plain", 200, "api:plain");
    check_at(test, "other.org", "/plain", 200, "plain");
    check_at(test, "xapi.example.com", "/plain", 200, "plain");
    check_at(test, "[::1]:80", "/plain", 200, "plain");
    check_at(test, "[::1]", "/plain", 200, "plain");
    check_at(test, "other.example.com", "/below/plain", 200, "above:below:plain");
    check_at(test, "api.example.com", "/below/plain", 404, NULL);
    check_at(test, "api.example.com", "/plain/", 307, NULL);
    check_at(test, "other.org", "/me/", 404, NULL);
    end(test, app);
}
END_TEST

START_TEST(a_parameter_of_the_host_is_read_as_one_of_the_path)
{
    gr_app *app;
    gr_test *test = serve_hosts(&app);
    check_at(test, "Ann.example.com:80", "/of/7", 200, "ann 7 ann");
    check_at(test, "a.b.example.com", "/of/7", 200, "a.b 7 a.b");
    check_at(test, ".example.com", "/of/7", 404, NULL);
    check_at(test, "example.com", "/of/7", 404, NULL);
    check_at(test, "ann.example.com", "/of/x", 422, NULL);
    end(test, app);
}
END_TEST

START_TEST(hosts_are_told_apart_and_not_documented)
{
    static gr_router slashed, clashing, twice;
    slashed = api_router, clashing = tenants_router, twice = api_router;
    slashed.host = "a/b";
    slashed.name = "slashed";
    clashing.host = "{n}.example.com";
    clashing.name = "clashing";
    gr_app *app = new_app();
    gr_app_include_with(app, &slashed, NULL);
    gr_app_include_with(app, &api_router, NULL);
    gr_app_include_with(app, &twice, NULL);
    char *text = refusal(app);
    HAS(text, "slashed:plain: the host \"a/b\": a host has no slash");
    HAS(text, "a doubled router");
    free(text);
    gr_app_destroy(app);

    app = new_app();
    gr_app_include_with(app, &clashing, NULL);
    text = refusal(app);
    HAS(text, "clashing:read_tenant: the host \"{n}.example.com\": the parameter \"n\" is one of the path, too");
    free(text);
    gr_app_destroy(app);

    app = new_app();
    gr_app_include(app, &tenants_router);
    document_of(app);
    want("/paths/~1of~1{n}/get/parameters/0/name", "\"n\"");
    want_nothing("/paths/~1of~1{n}/get/parameters/1");
    json_decref(document);
}
END_TEST

/* --- middleware --- */

static char order[200];

static gr_reply noted(gr_co co, gr_req *req, gr_next *next, const void *with)
{
    strcat(strcat(order, "<"), with);
    gr_reply reply = gr_call_next(co, req, next);
    strcat(strcat(order, ">"), with);
    return reply;
}

static gr_reply blocks(gr_req *req, gr_next *next)
{
    strcat(order, "(");
    gr_reply reply = gr_call_next_blocking(req, next);
    strcat(order, ")");
    return reply;
}

static gr_reply plain_blocking(gr_req *req)
{
    strcat(order, "!");
    return gr_text(req, "blocking");
}
GR_GET("/blocking", plain_blocking);

static GR_ROUTER(guarded_inner, "/inner", .routes = GR_ROUTES(&plain_blocking_route, &plain_route),
                 .middleware = GR_MIDDLEWARES(GR_MIDDLEWARE(noted, .with = "b"), GR_MIDDLEWARE(noted, .with = "c")));
static GR_ROUTER(guarded, "/guarded", .routes = GR_ROUTES(&plain_route), .routers = GR_ROUTERS(&guarded_inner_router),
                 .middleware = GR_MIDDLEWARES(GR_MIDDLEWARE(noted, .with = "a")));
static GR_ROUTER(pooled, "/pooled", .routes = GR_ROUTES(&plain_blocking_route),
                 .middleware = GR_MIDDLEWARES(GR_MIDDLEWARE(noted, .with = "p"), GR_MIDDLEWARE(blocks)));

static void check_order(gr_test *test, const char *target, int status, const char *wanted)
{
    order[0] = '\0';
    check_get(test, target, status, NULL);
    ck_assert_str_eq(order, wanted);
}

START_TEST(middleware_of_a_router_wraps_its_operations_only)
{
    gr_app *app = new_app();
    ck_assert_int_eq(gr_use(app, noted, .with = "0"), 0);
    ck_assert_int_eq(gr_app_include(app, &guarded_router), 0);
    ck_assert_int_eq(gr_app_include(app, &pooled_router), 0);
    ck_assert_int_eq(gr_app_add(app, &plain_route), 0);
    gr_test *test = serve(app);
    check_order(test, "/plain", 200, "<0>0");
    check_order(test, "/guarded/plain", 200, "<0<a>a>0");
    check_order(test, "/guarded/inner/plain", 200, "<0<a<b<c>c>b>a>0");
    check_order(test, "/guarded/inner/blocking", 200, "<0<a<b<c!>c>b>a>0");
    check_order(test, "/pooled/blocking", 200, "<0<p(!)>p>0");
    check_order(test, "/guarded/nothing", 404, "<0>0");
    check_order(test, "/guarded/plain/", 307, "<0>0");
    check_order(test, "/openapi.json", 200, "<0>0");
    end(test, app);
}
END_TEST

static GR_ROUTER(too_late, "/late", .routes = GR_ROUTES(&plain_blocking_route),
                 .middleware = GR_MIDDLEWARES(GR_MIDDLEWARE(blocks), GR_MIDDLEWARE(noted, .with = "x")));
static GR_ROUTER(too_async, "/async", .routes = GR_ROUTES(&plain_route, &read_me_route),
                 .middleware = GR_MIDDLEWARES(GR_MIDDLEWARE(blocks)));
static const gr_middleware sizeless_middleware = {.name = "sizeless"};
static GR_ROUTER(sized, "/sized", .routes = GR_ROUTES(&plain_route),
                 .middleware = GR_MIDDLEWARES(&sizeless_middleware));

START_TEST(middleware_that_cannot_wrap_what_is_inside_is_named)
{
    gr_app *app = new_app();
    gr_app_include(app, &too_late_router);
    gr_app_include(app, &too_async_router);
    gr_app_include(app, &sized_router);
    char *text = refusal(app);
    HAS(text, "middleware \"noted\": an async middleware is added after a blocking one, \"blocks\": add it before");
    HAS(text, "too_async:plain: an async operation cannot run inside a blocking middleware, \"blocks\"");
    HAS(text, "too_async:read_me: an async operation cannot run inside a blocking middleware, \"blocks\"");
    LACKS(text, "too_late:plain_blocking: an async operation");
    HAS(text, "router \"sized\": gr_middleware.size is 0");
    free(text);
    gr_app_destroy(app);
}
END_TEST

/* --- mistakes --- */

static const gr_router inner_router;
static GR_ROUTER(outer, "/outer", .routers = GR_ROUTERS(&inner_router));
static GR_ROUTER(inner, "/inner", .routes = GR_ROUTES(&plain_route), .routers = GR_ROUTERS(&outer_router));

SAYS_NAME(rootless);
GR_GET("rootless", rootless);

static GR_ROUTER(relative, "relative", .routes = GR_ROUTES(&plain_route));
static GR_ROUTER(slashed, "/slashed/", .routes = GR_ROUTES(&plain_route));
static GR_ROUTER(empty, "", .routes = GR_ROUTES(&list_users_route));
static GR_ROUTER(joined, "/joined", .routes = GR_ROUTES(&rootless_route));
static const gr_router sizeless = {.prefix = "/sizeless"};

START_TEST(all_mistakes_are_found_together)
{
    gr_app *app = new_app();
    gr_app_include(app, &relative_router);
    gr_app_include(app, &slashed_router);
    gr_app_include(app, &empty_router);
    gr_app_include(app, &joined_router);
    gr_app_include(app, &sizeless, .prefix = "/at");
    gr_app_include(app, &outer_router);
    gr_app_include(app, &bare_router, .prefix = "/wrong/");
    char *text = refusal(app);
    HAS(text, "router \"relative\": the prefix \"relative\" must start with '/'");
    HAS(text, "router \"slashed\": the prefix \"/slashed/\" must not end with '/', as the routes will start with '/'");
    HAS(text, "empty:list_users: the path \"\": prefix and path cannot be both empty");
    HAS(text, "joined:rootless: the path \"rootless\" of a router's operation is empty, or starts with '/'");
    HAS(text, "a router below \"/at\": gr_router.size is 0: it is not set");
    HAS(text, "router \"outer\" includes itself: \"outer:inner\"");
    HAS(text, "the inclusion of router \"bare\": the prefix \"/wrong/\" must not end with '/'");
    free(text);
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_doubled_router_is_named)
{
    gr_app *app = new_app();
    gr_app_include(app, &users_router, .prefix = "/v1");
    gr_app_include(app, &users_router, .prefix = "/v1");
    char *text = refusal(app);
    HAS(text, "users:read_me@/v1/users: a doubled router: it leads to \"GET /v1/users/me\" twice");
    LACKS(text, "can never be reached");
    LACKS(text, "two operations have this name");
    free(text);
    gr_app_destroy(app);
}
END_TEST

static GR_ROUTER(shadowed, "/users", .routes = GR_ROUTES(&read_me_route));

START_TEST(an_operation_in_the_way_is_named_with_its_router)
{
    gr_app *app = new_app();
    ck_assert_int_eq(gr_app_add(app, &any_path_route), 0);
    gr_app_include(app, &users_router);
    gr_app_include(app, &shadowed_router, .name = "other");
    char *text = refusal(app);
    HAS(text, "other:shadowed:read_me: a doubled router");
    free(text);
    gr_app_destroy(app);
}
END_TEST

START_TEST(options_of_another_size_are_refused)
{
    gr_include_options options = {.size = sizeof options + sizeof(size_t)};
    gr_app *app = new_app();
    ck_assert_int_eq(gr_app_include_with(app, &users_router, &options), GR_EINVAL);
    ck_assert_int_eq(gr_app_include_with(app, NULL, NULL), GR_EINVAL);
    ck_assert_int_eq(gr_app_include_with(NULL, &users_router, NULL), GR_ENOMEM);
    char *text = refusal(app);
    HAS(text, "the application could not be built: gr_app_include_with() takes options of size");
    free(text);
    gr_app_destroy(app);
}
END_TEST

static gr_router older;

START_TEST(a_shorter_router_of_an_older_program_is_taken)
{
    older = users_router;
    older.size = offsetof(gr_router, routers);
    older.routers = (void *)1;
    gr_app *app = new_app();
    ck_assert_int_eq(gr_app_include(app, &older), 0);
    gr_test *test = serve(app);
    check_get(test, "/users/me", 200, "users:read_me");
    end(test, app);
}
END_TEST

int main(void)
{
    const test_list tests = {a_router_serves_below_its_prefix,
                             prefixes_and_names_begin_with_those_around,
                             a_router_needs_no_prefix_and_no_name,
                             a_router_included_twice_has_two_names_of_each_operation,
                             two_routers_may_have_operations_of_one_name,
                             the_first_that_was_declared_serves_router_or_not,
                             a_request_leads_to_the_route_that_was_declared,
                             a_prefix_may_have_parameters,
                             tags_and_responses_are_merged_as_in_fastapi,
                             deprecated_and_hidden_are_whatever_is_around_them,
                             an_inclusion_keeps_its_own_copy_of_lists,
                             a_page_of_the_documentation_gives_way_to_a_router_too,
                             a_router_may_be_for_one_host_only,
                             a_parameter_of_the_host_is_read_as_one_of_the_path,
                             hosts_are_told_apart_and_not_documented,
                             middleware_of_a_router_wraps_its_operations_only,
                             middleware_that_cannot_wrap_what_is_inside_is_named,
                             all_mistakes_are_found_together,
                             a_doubled_router_is_named,
                             an_operation_in_the_way_is_named_with_its_router,
                             options_of_another_size_are_refused,
                             a_shorter_router_of_an_older_program_is_taken,
                             NULL};
    return run_tests("routers", tests, 10);
}
