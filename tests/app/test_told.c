/* What an application was told and what a request brings, for those who write what Griddle has ready-made. */
#include <griddle.h>

#include "app_test.h"
#include "unit/co_world.h"

/* --- what the application was told --- */

START_TEST(an_application_says_what_it_was_told)
{
    gr_app *app = gr_app_create("Shop", "2.1");
    ck_assert_str_eq(gr_app_title(app), "Shop");
    ck_assert_str_eq(gr_app_version(app), "2.1");
    ck_assert_str_eq(gr_app_docs_url(app), "/docs");
    ck_assert_str_eq(gr_app_redoc_url(app), "/redoc");
    ck_assert_str_eq(gr_app_openapi_url(app), "/openapi.json");
    static const char docs[] = "/a", redoc[] = "/b", openapi[] = "/c.json";
    ck_assert_int_eq(gr_app_set_docs_url(app, docs), 0);
    ck_assert_int_eq(gr_app_set_redoc_url(app, redoc), 0);
    ck_assert_int_eq(gr_app_set_openapi_url(app, openapi), 0);
    ck_assert_ptr_eq(gr_app_docs_url(app), docs);
    ck_assert_ptr_eq(gr_app_redoc_url(app), redoc);
    ck_assert_ptr_eq(gr_app_openapi_url(app), openapi);
    ck_assert_int_eq(gr_app_set_docs_url(app, NULL), 0);
    ck_assert_int_eq(gr_app_set_redoc_url(app, NULL), 0);
    ck_assert_int_eq(gr_app_set_openapi_url(app, NULL), 0);
    ck_assert_ptr_null(gr_app_docs_url(app));
    ck_assert_ptr_null(gr_app_redoc_url(app));
    ck_assert_ptr_null(gr_app_openapi_url(app));
    gr_app_destroy(app);
}
END_TEST

START_TEST(title_and_version_are_never_null)
{
    gr_app *app = gr_app_create(NULL, NULL);
    ck_assert_ptr_nonnull(gr_app_title(app));
    ck_assert_ptr_nonnull(gr_app_version(app));
    gr_app_destroy(app);
}
END_TEST

GR_GET("/one", say_name);
GR_ROUTE_AS(two, "GET", "/two", say_name);

START_TEST(routes_are_listed_as_they_were_added)
{
    MAKE_APP(app, &two_route, &say_name_route);
    ck_assert_ptr_eq(gr_app_route(app, 0), &two_route);
    ck_assert_ptr_eq(gr_app_route(app, 1), &say_name_route);
    ck_assert_ptr_null(gr_app_route(app, 2));
    ck_assert_ptr_null(gr_app_route(app, SIZE_MAX));
    gr_test *test = serve(app);
    ck_assert_ptr_null(gr_app_route(app, 2)); /* the server's own are none of its */
    end(test, app);
}
END_TEST

static int begin_nothing(gr_app *app, void *state)
{
    (void)app, (void)state;
    return 0;
}

static int do_nothing(gr_co co, void *arg)
{
    (void)co, (void)arg;
    return 0;
}

START_TEST(without_memory_for_an_application_every_function_takes_its_null)
{
    const gr_route *route = &say_name_route;
    const char *value = "as before";
    char *argv[] = {(char[]){"program"}, NULL};
    gr_limits limits;
    gr_limits_init(&limits);
    gr_app_destroy(NULL);
    ck_assert_int_eq(gr_app_add_n(NULL, &route, 1), GR_ENOMEM);
    ck_assert_int_eq(gr_app_add(NULL, &say_name_route), GR_ENOMEM);
    ck_assert_str_eq(gr_app_title(NULL), "");
    ck_assert_str_eq(gr_app_version(NULL), "");
    ck_assert_ptr_null(gr_app_docs_url(NULL));
    ck_assert_ptr_null(gr_app_redoc_url(NULL));
    ck_assert_ptr_null(gr_app_openapi_url(NULL));
    ck_assert_ptr_null(gr_app_route(NULL, 0));
    ck_assert_int_eq(gr_app_set_state(NULL, argv), GR_ENOMEM);
    ck_assert_int_eq(gr_app_set_limits(NULL, &limits), GR_ENOMEM);
    ck_assert_int_eq(gr_app_set_docs_url(NULL, "/docs"), GR_ENOMEM);
    ck_assert_int_eq(gr_app_set_redoc_url(NULL, "/redoc"), GR_ENOMEM);
    ck_assert_int_eq(gr_option(NULL, "--db", &value, "doc"), GR_ENOMEM);
    ck_assert_str_eq(value, "as before");
    ck_assert_int_eq(gr_app_on(NULL, begin_nothing, NULL), GR_ENOMEM);
    ck_assert_int_eq(gr_app_add_task(NULL, "task", do_nothing, NULL), GR_ENOMEM);
    ck_assert_int_eq(gr_app_describe(NULL, &(gr_app_info){.size = sizeof(gr_app_info)}), GR_ENOMEM);
    ck_assert_int_eq(gr_app_set_openapi_url(NULL, "/o"), GR_ENOMEM);
    ck_assert_int_eq(gr_app_add_webhook(NULL, &say_name_route), GR_ENOMEM);
    ck_assert_int_eq(gr_app_on_openapi(NULL, NULL, NULL), GR_ENOMEM);
    ck_assert_int_eq(gr_use(NULL, gr_request_id_middleware), GR_ENOMEM);
    ck_assert_ptr_null(gr_test_create(NULL));
    gr_server *server;
    json_t *document;
    ck_assert_int_eq(gr_server_start(&server, NULL, NULL, NULL), GR_ENOMEM);
    ck_assert_int_eq(gr_app_openapi(NULL, &document), GR_ENOMEM);
    ck_assert_int_eq(gr_main(NULL, 1, argv), 1);
}
END_TEST

/* --- the route of a request --- */

struct counted {
    gr_route route;
    int n;
};

static gr_reply count_it(gr_co co, gr_req *req, const void *input)
{
    (void)co, (void)input;
    struct counted *self = (struct counted *)(uintptr_t)gr_route_of(req);
    return gr_text(req, gr_printf(req, "%d", ++self->n));
}

static struct counted first = {{.size = sizeof(gr_route),
                                .method = "GET",
                                .path = "/first",
                                .name = "first",
                                .kind = GR_ASYNC,
                                .call = count_it},
                               0},
                      second = {{.size = sizeof(gr_route),
                                 .method = "GET",
                                 .path = "/second",
                                 .name = "second",
                                 .kind = GR_BLOCKING,
                                 .call = count_it},
                                10};

static const gr_route *seen_by_middleware;

static gr_reply look_at_route(gr_co co, gr_req *req, gr_next *next)
{
    seen_by_middleware = gr_route_of(req);
    return gr_call_next(co, req, next);
}

START_TEST(a_route_leads_its_handler_to_the_struct_around_it)
{
    MAKE_APP(app, &first.route, &second.route);
    ck_assert_int_eq(gr_use(app, look_at_route), 0);
    gr_test *test = serve(app);
    check_get(test, "/first", 200, "1");
    ck_assert_ptr_eq(seen_by_middleware, &first.route);
    check_get(test, "/first", 200, "2");
    check_get(test, "/second", 200, "11");
    ck_assert_ptr_eq(seen_by_middleware, &second.route);
    check_get(test, "/third", 404, NULL);
    ck_assert_ptr_null(seen_by_middleware);
    check_request(test, "POST", "/first", 405, NULL);
    ck_assert_ptr_null(seen_by_middleware);
    end(test, app);
}
END_TEST

/* --- bytes that are not copied --- */

enum { LARGE = 100000 };

static char page[LARGE + 1];

static gr_reply serve_static(gr_co co, gr_req *req)
{
    (void)co;
    const char *type = gr_query(req, "type"), *len = gr_query(req, "len");
    return gr_content_static(req, type, len ? NULL : page, len ? (size_t)atoi(len) : LARGE);
}
GR_GET("/static", serve_static);

static gr_reply serve_typed(gr_co co, gr_req *req)
{
    (void)co;
    return gr_content_static(req, "text/plain\r\nX-Evil: 1", page, 10);
}
GR_GET("/evil", serve_typed);

START_TEST(static_content_is_sent_from_where_it_lies)
{
    MAKE_APP(app, &serve_static_route);
    memset(page, 'a', LARGE);
    gr_test *test = serve(app);
    gr_test_conn *conn = gr_test_connect(test);
    size_t len;
    gr_test_set_window(conn, 300);
    SEND(conn, GET("/static?type=image/png"));
    page[LARGE - 1] = 'z';
    gr_test_set_window(conn, SIZE_MAX);
    gr_answer *answer = gr_test_next_answer(conn, false);
    check_answer(answer, 200, NULL);
    ck_assert_str_eq(gr_answer_header(answer, "content-type"), "image/png");
    const char *body = gr_answer_body(answer, &len);
    ck_assert_uint_eq(len, LARGE);
    ck_assert_int_eq(body[0], 'a');
    ck_assert_int_eq(body[LARGE - 1], 'z');
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(static_content_may_be_of_no_type_and_empty)
{
    MAKE_APP(app, &serve_static_route);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_get(test, "/static?len=0");
    check_answer(answer, 200, "");
    ck_assert_ptr_null(gr_answer_header(answer, "content-type"));
    ck_assert_str_eq(gr_answer_header(answer, "content-length"), "0");
    gr_answer_free(answer);
    answer = gr_test_request(test, "HEAD", "/static?type=a/b", NULL, NULL, 0);
    check_answer(answer, 200, "");
    ck_assert_str_eq(gr_answer_header(answer, "content-length"), "100000");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(a_type_of_static_content_splits_no_head)
{
    MAKE_APP(app, &serve_typed_route);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_get(test, "/evil");
    check_answer(answer, 500, NULL);
    ck_assert_ptr_null(gr_answer_header(answer, "X-Evil"));
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

/* --- what the client takes, and has --- */

static gr_reply negotiate(gr_co co, gr_req *req)
{
    const char *coding = gr_header(req, "X-Coding"), *etag = gr_header(req, "X-Etag");
    (void)co;
    return gr_text(req, coding                   ? gr_accepts_encoding(req, coding) ? "yes" : "no"
                        : gr_has_etag(req, etag) ? "yes"
                                                 : "no");
}
GR_GET("/negotiate", negotiate);

static void expect_said(gr_test *test, const char *ask, const char *what, const char *name, const char *value,
                        const char *wanted)
{
    const char *const headers[] = {ask, what, value ? name : "X-Nothing", value ? value : "-", NULL};
    gr_answer *answer = gr_test_request(test, "GET", "/negotiate", headers, NULL, 0);
    ck_assert_msg(strcmp(gr_answer_body(answer, NULL), wanted) == 0, "%s %s of %s: %s: wanted %s", ask, what, name,
                  value ? value : "(absent)", wanted);
    gr_answer_free(answer);
}

START_TEST(a_coding_is_accepted_where_the_client_asks_for_it)
{
    static const char *const cases[][3] = {
        {"gzip", NULL, "no"},
        {"gzip", "", "no"},
        {"gzip", "gzip", "yes"},
        {"gzip", "deflate, GZip", "yes"},
        {"gzip", "deflate,\t br", "no"},
        {"gzip", "gzip;q=0", "no"},
        {"gzip", "gzip; Q=0.000", "no"},
        {"gzip", "gzip;q=0.001", "yes"},
        {"gzip", "*", "yes"},
        {"gzip", "*;q=0", "no"},
        {"gzip", "*, gzip;q=0", "no"},
        {"gzip", "*;q=0, gzip", "yes"},
        {"gzip", "x-gzip", "yes"},
        {"gzip", "gzipped, agzip", "no"},
        {"gzip", ",, ,gzip,,", "yes"},
        {"br", "gzip, br", "yes"},
        {"identity", NULL, "no"},
    };
    MAKE_APP(app, &negotiate_route);
    gr_test *test = serve(app);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_said(test, "X-Coding", cases[i][0], "Accept-Encoding", cases[i][1], cases[i][2]);
    static const char *const twice[] = {"X-Coding", "gzip", "Accept-Encoding", "br", "Accept-Encoding", "gzip", NULL};
    gr_answer *answer = gr_test_request(test, "GET", "/negotiate", twice, NULL, 0);
    check_answer(answer, 200, "yes");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(an_etag_is_had_where_the_client_names_it)
{
    static const char *const cases[][3] = {
        {"\"a\"", NULL, "no"},
        {"\"a\"", "\"a\"", "yes"},
        {"\"a\"", "\"b\"", "no"},
        {"\"a\"", "\"b\", \"a\"", "yes"},
        {"\"a\"", "W/\"a\"", "yes"},
        {"W/\"a\"", "\"a\"", "yes"},
        {"W/\"a\"", "W/\"a\"", "yes"},
        {"\"a\"", "*", "yes"},
        {"\"a\"", "a", "no"},
        {"\"a\"", "\"A\"", "no"},
        {"\"a,b\"", "\"a,b\"", "yes"},
        {"\"b\"", "\"a, \"b\", c\"", "no"},
        {"\"c\"", "\"a,b\", \"c\"", "yes"},
        {"\"\"", "\"\"", "yes"},
        {"\"a\"", "\"a", "no"},
    };
    MAKE_APP(app, &negotiate_route);
    gr_test *test = serve(app);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_said(test, "X-Etag", cases[i][0], "If-None-Match", cases[i][1], cases[i][2]);
    end(test, app);
}
END_TEST

/* --- the request's identity --- */

static gr_reply identify(gr_co co, gr_req *req, gr_next *next)
{
    ck_assert_ptr_null(gr_request_id(req));
    const char *id = gr_printf(req, "order-%d", 7);
    gr_set_request_id(req, id);
    ck_assert_ptr_eq(gr_request_id(req), id);
    return gr_call_next(co, req, next);
}

static gr_reply say_id(gr_req *req)
{
    const char *id = gr_request_id(req);
    gr_set_request_id(req, NULL);
    return gr_text(req, gr_printf(req, "%s, then %s", id, gr_request_id(req) ? "one" : "none"));
}
GR_GET("/id", say_id);

START_TEST(a_middleware_of_one_s_own_gives_a_request_its_identity)
{
    MAKE_APP(app, &say_id_route);
    ck_assert_int_eq(gr_use(app, identify), 0);
    gr_test *test = serve(app);
    check_get(test, "/id", 200, "order-7, then none");
    end(test, app);
}
END_TEST

/* --- who may call them --- */

static gr_req *borrowed;

static int ask_elsewhere(void *arg)
{
    switch (*(int *)arg) {
    case 0:
        return gr_route_of(borrowed) != NULL;
    case 1:
        return gr_accepts_encoding(borrowed, "gzip");
    case 2:
        return gr_has_etag(borrowed, "\"a\"");
    default:
        gr_set_request_id(borrowed, "a");
        return 0;
    }
}

static int which;

static gr_reply ask(gr_co co, gr_req *req)
{
    borrowed = req;
    int rc = gr_offload(co, ask_elsewhere, &which);
    return rc < 0 ? gr_failed(req, rc) : gr_text(req, "asked");
}
GR_GET("/ask", ask);

static void ask_of_another_thread(void *arg)
{
    which = *(int *)arg;
    MAKE_APP(app, &ask_route);
    gr_test *test = serve(app);
    gr_answer_free(gr_test_get(test, "/ask"));
}

START_TEST(only_its_owner_may_ask_a_request)
{
    for (int i = 0; i < 4; i++)
        assert_aborts_saying(run_apart(ask_of_another_thread, &i), "ask");
}
END_TEST

int main(void)
{
    const test_list tests = {an_application_says_what_it_was_told,
                             title_and_version_are_never_null,
                             routes_are_listed_as_they_were_added,
                             without_memory_for_an_application_every_function_takes_its_null,
                             a_route_leads_its_handler_to_the_struct_around_it,
                             static_content_is_sent_from_where_it_lies,
                             static_content_may_be_of_no_type_and_empty,
                             a_type_of_static_content_splits_no_head,
                             a_coding_is_accepted_where_the_client_asks_for_it,
                             an_etag_is_had_where_the_client_names_it,
                             a_middleware_of_one_s_own_gives_a_request_its_identity,
                             only_its_owner_may_ask_a_request,
                             NULL};
    return run_tests("app told", tests, 30);
}
