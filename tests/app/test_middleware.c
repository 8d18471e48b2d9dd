/* The chain around an operation. */
#include <pthread.h>

#include "serve.h"

static char trace[300];

static gr_reply plain(gr_co co, gr_req *req)
{
    (void)co;
    strcat(trace, "plain ");
    return gr_text(req, "plain");
}
GR_GET("/plain", plain, .status = 201);

static gr_reply blocks(gr_req *req)
{
    strcat(trace, "blocks ");
    return gr_text(req, "blocks");
}
GR_GET("/blocks", blocks);

static gr_reply outer(gr_co co, gr_req *req, gr_next *next)
{
    strcat(trace, "outer( ");
    gr_reply reply = gr_call_next(co, req, next);
    strcat(trace, ") ");
    return gr_with_header(reply, "X-Outer", gr_printf(req, "%d", gr_reply_status(reply)));
}

static gr_reply inner(gr_co co, gr_req *req, gr_next *next)
{
    strcat(trace, "inner( ");
    int rc = gr_sleep(co, 10);
    if (rc)
        return gr_failed(req, rc);
    gr_reply reply = gr_call_next(co, req, next);
    strcat(trace, ") ");
    return gr_with_header(reply, "X-Inner", gr_operation(req));
}

static void serve_with(gr_middleware_fn *first, gr_middleware_fn *second)
{
    begin();
    gr_app_add(app, &plain_route, &blocks_route);
    gr_use_async(app, first);
    if (second)
        gr_use_async(app, second);
    go();
}

START_TEST(the_first_added_is_outermost)
{
    serve_with(outer, inner);
    expect_get("/plain", 201, "plain");
    ck_assert_str_eq(trace, "outer( inner( plain ) ) ");
    end();
}
END_TEST

START_TEST(async_middleware_wraps_blocking_operations)
{
    serve_with(outer, inner);
    gr_answer *answer = ask("GET", "/blocks", NULL, NULL);
    expect_header(answer, "X-Outer", "200");
    expect_header(answer, "X-Inner", "blocks");
    ck_assert_str_eq(trace, "outer( inner( blocks ) ) ");
    gr_answer_free(answer);
    end();
}
END_TEST

START_TEST(async_middleware_wraps_404_and_405)
{
    serve_with(outer, inner);
    gr_answer *answer = ask("GET", "/nowhere", NULL, NULL);
    ck_assert_int_eq(gr_answer_status(answer), 404);
    expect_header(answer, "X-Outer", "404");
    expect_header(answer, "X-Inner", "");
    gr_answer_free(answer);
    answer = ask("PUT", "/plain", NULL, NULL);
    ck_assert_int_eq(gr_answer_status(answer), 405);
    expect_header(answer, "X-Outer", "405");
    gr_answer_free(answer);
    end();
}
END_TEST

START_TEST(middleware_sees_the_status_that_is_sent)
{
    serve_with(outer, NULL);
    gr_answer *answer = ask("GET", "/plain", NULL, NULL);
    ck_assert_int_eq(gr_answer_status(answer), 201);
    expect_header(answer, "X-Outer", "201");
    gr_answer_free(answer);
    end();
}
END_TEST

static gr_reply sees_headers(gr_co co, gr_req *req, gr_next *next)
{
    gr_reply reply = gr_call_next(co, req, next);
    const char *allow = gr_reply_header(reply, "allow"), *location = gr_reply_header(reply, "Location"),
               *type = gr_reply_header(reply, "content-TYPE"), *none = gr_reply_header(reply, "x-none");
    ck_assert_ptr_null(none);
    return gr_with_header(
        reply, "X-Saw", gr_printf(req, "%s|%s|%s", allow ? allow : "-", location ? location : "-", type ? type : "-"));
}

START_TEST(middleware_sees_the_headers_of_any_reply)
{
    serve_with(sees_headers, NULL);
    gr_answer *answer = ask("PUT", "/plain", NULL, NULL);
    expect_header(answer, "X-Saw", "GET, HEAD, OPTIONS|-|application/json");
    gr_answer_free(answer);
    answer = ask("GET", "/plain/?q=1", NULL, NULL);
    expect_header(answer, "X-Saw", "-|http://testserver/plain?q=1|-");
    gr_answer_free(answer);
    answer = ask("GET", "/plain", NULL, NULL);
    expect_header(answer, "X-Saw", "-|-|text/plain; charset=utf-8");
    gr_answer_free(answer);
    end();
}
END_TEST

static gr_reply sees_path(gr_co co, gr_req *req, gr_next *next)
{
    const char *path = gr_path(req), *query = gr_query_string(req);
    ck_assert_ptr_nonnull(path);
    ck_assert_int_eq(path[0], '/');
    return gr_with_header(gr_call_next(co, req, next), "X-Path", gr_printf(req, "%s?%s", path, query));
}

START_TEST(middleware_sees_a_path_even_where_it_is_refused)
{
    serve_with(sees_path, NULL);
    gr_answer *answer = ask("GET", "/a/%zz?b=c", NULL, NULL);
    ck_assert_int_eq(gr_answer_status(answer), 400);
    expect_header(answer, "X-Path", "/a/%zz?b=c");
    gr_answer_free(answer);
    answer = ask("GET", "/a/../b", NULL, NULL);
    ck_assert_int_eq(gr_answer_status(answer), 400);
    expect_header(answer, "X-Path", "/a/../b?");
    gr_answer_free(answer);
    end();
}
END_TEST

static gr_reply short_cut(gr_co co, gr_req *req, gr_next *next)
{
    (void)co, (void)next;
    return gr_error(req, 401, "Not authenticated");
}

START_TEST(middleware_may_answer_by_itself)
{
    serve_with(short_cut, inner);
    expect_get("/plain", 401, "{\"detail\":\"Not authenticated\"}");
    expect_get("/blocks", 401, NULL);
    expect_get("/nowhere", 401, NULL);
    ck_assert_str_eq(trace, "");
    end();
}
END_TEST

static gr_reply echo(gr_co co, gr_req *req)
{
    (void)co;
    size_t len;
    return gr_text(req, gr_body(req, &len));
}
GR_POST("/echo", echo);

START_TEST(a_short_cut_leaves_the_body_unread)
{
    begin();
    gr_app_add(app, &echo_route);
    gr_use(app, short_cut);
    go();
    gr_test_conn *conn = gr_test_connect(test);
    static const char raw[] = "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
    gr_test_send(conn, raw, sizeof raw - 1);
    gr_answer *answer = gr_test_next_answer(conn, false);
    ck_assert_int_eq(gr_answer_status(answer), 401);
    ck_assert(gr_test_closed(conn));
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

static gr_reply body_before(gr_co co, gr_req *req, gr_next *next)
{
    size_t len = 99;
    gr_body(req, &len);
    gr_reply reply = gr_call_next(co, req, next);
    size_t after;
    gr_body(req, &after);
    return gr_with_header(reply, "X-Body", gr_printf(req, "%zu %zu", len, after));
}

START_TEST(the_body_is_read_before_the_operation_and_after_the_middleware_began)
{
    begin();
    gr_app_add(app, &echo_route);
    gr_use(app, body_before);
    go();
    gr_answer *answer = ask("POST", "/echo", NULL, "hello");
    expect_header(answer, "X-Body", "0 5");
    ck_assert_str_eq(gr_answer_body(answer, NULL), "hello");
    gr_answer_free(answer);
    end();
}
END_TEST

static gr_reply twice(gr_co co, gr_req *req, gr_next *next)
{
    gr_reply first = gr_call_next(co, req, next), second = gr_call_next(co, req, next);
    ck_assert_int_eq(gr_reply_status(second), 500);
    (void)first;
    return second;
}

START_TEST(calling_what_is_next_twice_is_a_500)
{
    serve_with(twice, NULL);
    listen_to_log();
    expect_get("/plain", 500, "Internal Server Error");
    expect_get("/blocks", 500, "Internal Server Error");
    expect_logged(logged(), "operation \"plain\": a middleware called what is next twice");
    ck_assert_str_eq(trace, "plain blocks ");
    end();
}
END_TEST

static gr_reply returns_nothing(gr_co co, gr_req *req, gr_next *next)
{
    gr_reply unused = gr_call_next(co, req, next);
    (void)unused;
    return (gr_reply){NULL};
}

START_TEST(middleware_that_returns_nothing_is_a_500)
{
    serve_with(outer, returns_nothing);
    listen_to_log();
    gr_answer *answer = ask("GET", "/plain", NULL, NULL);
    ck_assert_int_eq(gr_answer_status(answer), 500);
    expect_header(answer, "X-Outer", "500");
    gr_answer_free(answer);
    expect_logged(logged(), "returned no reply");
    end();
}
END_TEST

static gr_reply replaces(gr_co co, gr_req *req, gr_next *next)
{
    gr_reply dropped = gr_call_next(co, req, next);
    (void)dropped;
    return gr_json(req, json_pack("{s:s}", "replaced", "yes"));
}

START_TEST(middleware_may_replace_the_reply)
{
    serve_with(replaces, NULL);
    expect_get("/nowhere", 200, "{\"replaced\":\"yes\"}");
    expect_get("/blocks", 200, "{\"replaced\":\"yes\"}");
    end();
}
END_TEST

/* --- blocking middleware --- */

static pthread_t middleware_thread;
static bool same_thread;

static gr_reply notes_thread(gr_req *req, gr_next *next)
{
    middleware_thread = pthread_self();
    gr_reply reply = gr_call_next_blocking(req, next);
    return gr_with_header(reply, "X-Status", gr_printf(req, "%d", gr_reply_status(reply)));
}

static gr_reply compares_thread(gr_req *req)
{
    same_thread = pthread_equal(middleware_thread, pthread_self());
    return gr_text(req, "x");
}
GR_GET("/compares", compares_thread);

START_TEST(blocking_middleware_runs_on_the_thread_of_its_operation)
{
    begin();
    gr_app_add(app, &compares_thread_route);
    gr_use(app, inner);
    gr_use(app, notes_thread);
    gr_use(app, notes_thread);
    go();
    gr_answer *answer = ask("GET", "/compares", NULL, NULL);
    expect_header(answer, "X-Status", "200");
    ck_assert(same_thread);
    ck_assert(!pthread_equal(middleware_thread, pthread_self()));
    gr_answer_free(answer);
    end();
}
END_TEST

START_TEST(blocking_middleware_does_not_wrap_what_is_not_found)
{
    begin();
    gr_app_add(app, &compares_thread_route);
    gr_use(app, notes_thread);
    go();
    gr_answer *answer = ask("GET", "/nowhere", NULL, NULL);
    expect_header(answer, "X-Status", NULL);
    gr_answer_free(answer);
    end();
}
END_TEST

static gr_reply twice_blocking(gr_req *req, gr_next *next)
{
    gr_reply first = gr_call_next_blocking(req, next);
    (void)first;
    return gr_call_next_blocking(req, next);
}

START_TEST(calling_what_is_next_twice_is_a_500_on_the_pool_too)
{
    begin();
    gr_app_add(app, &blocks_route);
    gr_use(app, twice_blocking);
    go();
    listen_to_log();
    expect_get("/blocks", 500, "Internal Server Error");
    logged();
    ck_assert_str_eq(trace, "blocks ");
    end();
}
END_TEST

/* --- the request's identity --- */

static gr_reply shows_id(gr_co co, gr_req *req)
{
    (void)co;
    const char *id = gr_request_id(req);
    return gr_text(req, id ? id : "(null)");
}
GR_GET("/id", shows_id);

static void serve_ids(void)
{
    begin();
    gr_app_add(app, &shows_id_route);
    gr_use(app, gr_request_id_middleware);
    go();
}

START_TEST(without_its_middleware_a_request_has_no_identity)
{
    SERVE(&shows_id_route);
    expect_get("/id", 200, "(null)");
    end();
}
END_TEST

START_TEST(an_identity_that_was_sent_is_taken)
{
    serve_ids();
    static const char *const headers[] = {"X-Request-ID", "abc-123~!", NULL};
    gr_answer *answer = ask("GET", "/id", headers, NULL);
    expect_header(answer, "X-Request-ID", "abc-123~!");
    ck_assert_str_eq(gr_answer_body(answer, NULL), "abc-123~!");
    gr_answer_free(answer);
    end();
}
END_TEST

static bool is_made(const char *id)
{
    return id && strlen(id) == 32 && strspn(id, "0123456789abcdef") == 32;
}

START_TEST(a_missing_identity_is_made_and_each_is_another)
{
    serve_ids();
    gr_answer *a = ask("GET", "/id", NULL, NULL), *b = ask("GET", "/nowhere", NULL, NULL);
    ck_assert(is_made(gr_answer_header(a, "X-Request-ID")));
    ck_assert(is_made(gr_answer_header(b, "X-Request-ID")));
    ck_assert_str_eq(gr_answer_header(a, "X-Request-ID"), gr_answer_body(a, NULL));
    ck_assert_str_ne(gr_answer_header(a, "X-Request-ID"), gr_answer_header(b, "X-Request-ID"));
    gr_answer_free(a);
    gr_answer_free(b);
    end();
}
END_TEST

static void expect_replaced(const char *id)
{
    const char *const headers[] = {"X-Request-ID", id, NULL};
    gr_answer *answer = ask("GET", "/id", headers, NULL);
    ck_assert_msg(is_made(gr_answer_header(answer, "X-Request-ID")), "\"%s\" was kept", id);
    gr_answer_free(answer);
}

START_TEST(an_identity_that_is_none_is_replaced)
{
    serve_ids();
    char id[130] = "";
    memset(id, 'x', 128);
    const char *const headers[] = {"X-Request-ID", id, NULL};
    gr_answer *answer = ask("GET", "/id", headers, NULL);
    expect_header(answer, "X-Request-ID", id);
    gr_answer_free(answer);
    id[128] = 'x';
    expect_replaced(id);
    expect_replaced("");
    expect_replaced("a b");
    expect_replaced("a\tb");
    expect_replaced("\xc3\xa4");
    end();
}
END_TEST

int main(void)
{
    test_list tests = {
        the_first_added_is_outermost,
        async_middleware_wraps_blocking_operations,
        async_middleware_wraps_404_and_405,
        middleware_sees_the_status_that_is_sent,
        middleware_sees_the_headers_of_any_reply,
        middleware_sees_a_path_even_where_it_is_refused,
        middleware_may_answer_by_itself,
        a_short_cut_leaves_the_body_unread,
        the_body_is_read_before_the_operation_and_after_the_middleware_began,
        calling_what_is_next_twice_is_a_500,
        middleware_that_returns_nothing_is_a_500,
        middleware_may_replace_the_reply,
        blocking_middleware_runs_on_the_thread_of_its_operation,
        blocking_middleware_does_not_wrap_what_is_not_found,
        calling_what_is_next_twice_is_a_500_on_the_pool_too,
        without_its_middleware_a_request_has_no_identity,
        an_identity_that_was_sent_is_taken,
        a_missing_identity_is_made_and_each_is_another,
        an_identity_that_is_none_is_replaced,
        NULL,
    };
    return run_tests("middleware", tests, 20);
}
