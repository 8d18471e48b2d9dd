/* An application that a proxy serves below a path of its own. */
#include <griddle/router.h>

#include "app_test.h"
#include "openapi.h"
#include "rig.h"

static gr_reply where(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%s of %s", gr_path(req), gr_root_path(req)));
}
GR_GET("/where", where);
GR_ROUTE_AS(root, "GET", "/", where);
GR_ROUTE_AS(slashed, "GET", "/slashed/", where);

/* At "/api", with another application in it at "/admin". */
static gr_app *proxied(const char *root_path)
{
    gr_app *app = gr_app_create("outer", "1"), *inner = gr_app_create("inner", "1");
    ck_assert_int_eq(gr_app_describe(app, &(gr_app_info){.size = sizeof(gr_app_info), .root_path = root_path}), 0);
    ck_assert_int_eq(gr_app_add(app, &where_route, &root_route, &slashed_route), 0);
    ck_assert_int_eq(gr_app_add(inner, &where_route, &root_route), 0);
    ck_assert_int_eq(gr_app_mount(app, "/admin", inner), 0);
    return app;
}

START_TEST(a_proxy_may_strip_the_root_path_or_leave_it)
{
    gr_app *app = proxied("/api");
    gr_test *test = serve(app);
    check_get(test, "/where", 200, "/where of /api");
    check_get(test, "/api/where", 200, "/api/where of /api");
    check_get(test, "/api/", 200, "/api/ of /api");
    check_get(test, "/", 200, "/ of /api");
    check_get(test, "/apis/where", 404, NULL);
    check_get(test, "/api/api/where", 404, NULL);
    check_get(test, "/admin/where", 200, "/admin/where of /api/admin");
    check_get(test, "/api/admin/where", 200, "/api/admin/where of /api/admin");
    end(test, app);
}
END_TEST

static void check_location(gr_test *test, const char *target, const char *location)
{
    gr_answer *answer = gr_test_request(test, "GET", target, NULL, NULL, 0);
    check_answer(answer, 307, NULL);
    ck_assert_str_eq(gr_answer_header(answer, "location"), location);
    gr_answer_free(answer);
}

START_TEST(slashes_are_redirected_below_it)
{
    gr_app *app = proxied("/api");
    gr_test *test = serve(app);
    check_location(test, "/api", "./api/");
    check_location(test, "/api/slashed", "./slashed/");
    check_location(test, "/slashed?q=1", "./slashed/?q=1");
    check_location(test, "/api/admin", "./admin/");
    check_location(test, "/api/where/", "../where");
    check_request(test, "PUT", "/api/where", 405, NULL);
    check_request(test, "PUT", "/api", 307, NULL);
    end(test, app);
}
END_TEST

static void check_servers(gr_test *test, const char *target, const char *servers)
{
    gr_answer *answer = gr_test_request(test, "GET", target, NULL, NULL, 0);
    check_answer(answer, 200, NULL);
    HAS(gr_answer_body(answer, NULL), servers);
    gr_answer_free(answer);
}

START_TEST(documents_name_it_as_a_server)
{
    gr_app *app = proxied("/api");
    gr_test *test = serve(app);
    check_servers(test, "/openapi.json", "\"servers\":[{\"url\":\"/api\"}]");
    check_servers(test, "/api/openapi.json", "\"servers\":[{\"url\":\"/api\"}]");
    check_servers(test, "/api/admin/openapi.json", "\"servers\":[{\"url\":\"/api/admin\"}]");
    end(test, app);
}
END_TEST

START_TEST(a_server_that_is_listed_is_not_listed_again)
{
    gr_app *app = gr_app_create("x", "1");
    gr_app_info info = {
        .size = sizeof info, .root_path = "/api", .servers = GR_SERVERS({"https://a", NULL}, {"/api", NULL})};
    ck_assert_int_eq(gr_app_describe(app, &info), 0);
    document_of(app);
    want("/servers", "[{\"url\":\"https://a\"},{\"url\":\"/api\"}]");
    json_decref(document);
}
END_TEST

/* The options of the server go before what the application says of itself. */
START_TEST(the_server_may_say_another_one)
{
    struct rig rig = {.app = proxied("/api")};
    struct gri_engine_options options = {
        .pool = {1, 1}, .log = {.level = GRI_LOG_WARNING, .fd = 2}, .is_virtual = true, .root_path = "/v2"};
    bool open;
    struct rig *it = calloc(1, sizeof *it);
    *it = rig;
    ck_assert_int_eq(uv_loop_init(&it->loop), 0);
    ck_assert_int_eq(gri_engine_init(&it->engine, &it->loop, it->app, &options, &open), 0);
    it->engine.owner = it;
    it->engine.closed = rig_closed;
    struct gri_memory *client = rig_connect(it);
    rig_get(it, client, "/v2/admin/where");
    rig_expect(client, "/v2/admin/where of /v2/admin");
    rig_get(it, client, "/api/where");
    rig_expect(client, "404");
    rig_fin(it, client);
    gri_memory_destroy(client);
    rig_end(it);
}
END_TEST

START_TEST(a_server_refuses_one_that_is_no_path)
{
    static const char *const wrong[] = {"api", "/api/", "/a b", "/a%20b", "//"};
    gr_app *app = proxied("/api");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        gr_server_options options = {.size = sizeof options, .root_path = wrong[i]};
        gr_server *server = NULL;
        begin_capture();
        int rc = gr_server_start(&server, app, &options, NULL);
        char *text = end_capture();
        ck_assert_int_eq(rc, GR_EINVAL);
        HAS(text, "gr_server_options.root_path: \"");
        free(text);
    }
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_url_that_the_application_says_is_a_server_only)
{
    gr_app *app = proxied("https://example.com/api");
    gr_test *test = serve(app);
    check_get(test, "/where", 200, "/where of ");
    check_servers(test, "/openapi.json", "\"servers\":[{\"url\":\"https://example.com/api\"}]");
    end(test, app);
}
END_TEST

int main(void)
{
    return run_tests("root_path",
                     (test_list){a_proxy_may_strip_the_root_path_or_leave_it, slashes_are_redirected_below_it,
                                 documents_name_it_as_a_server, a_server_that_is_listed_is_not_listed_again,
                                 the_server_may_say_another_one, a_server_refuses_one_that_is_no_path,
                                 a_url_that_the_application_says_is_a_server_only, NULL},
                     10);
}
