/* The four shapes of a handler, and what it can ask of its request. */
#include <pthread.h>

#include "serve.h"

static pthread_t loop_thread;

static const char *where(void)
{
    return pthread_equal(pthread_self(), loop_thread) ? "loop" : "pool";
}

static gr_reply bare(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, where());
}
GR_GET("/bare", bare);

static gr_reply bare_blocking(gr_req *req)
{
    return gr_text(req, where());
}
GR_GET("/bare_blocking", bare_blocking);

struct input {
    int64_t id;
    const char *q;
};
static GR_INPUT(input, GR_PATH(id, GR_GE(1)), GR_QUERY(q, GR_OPTIONAL));
static gr_reply input(gr_co co, gr_req *req, const struct input *in)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%s %lld %s", where(), (long long)in->id, in->q ? in->q : "-"));
}
GR_GET("/input/{id}", input);

struct input_blocking {
    int32_t n;
};
static GR_INPUT(input_blocking, GR_QUERY(n, GR_DEFAULT(7)));
static gr_reply input_blocking(gr_req *req, const struct input_blocking *in)
{
    return gr_text(req, gr_printf(req, "%s %d", where(), in->n));
}
GR_GET("/input_blocking", input_blocking);

START_TEST(an_async_handler_runs_on_the_loop)
{
    loop_thread = pthread_self();
    SERVE(&bare_route, &input_route);
    expect_get("/bare", 200, "loop");
    expect_get("/input/3?q=a+b", 200, "loop 3 a b");
    expect_get("/input/3", 200, "loop 3 -");
    end();
}
END_TEST

START_TEST(a_blocking_handler_runs_on_the_pool)
{
    loop_thread = pthread_self();
    SERVE(&bare_blocking_route, &input_blocking_route);
    expect_get("/bare_blocking", 200, "pool");
    expect_get("/input_blocking", 200, "pool 7");
    expect_get("/input_blocking?n=8", 200, "pool 8");
    end();
}
END_TEST

START_TEST(input_that_does_not_fit_never_reaches_the_handler)
{
    SERVE(&input_route, &input_blocking_route);
    gr_answer *answer = ask("GET", "/input/0", NULL, NULL);
    ck_assert_int_eq(gr_answer_status(answer), 422);
    ck_assert_str_eq(
        gr_answer_body(answer, NULL),
        "{\"detail\":[{\"type\":\"greater_than_equal\",\"loc\":[\"path\",\"id\"],\"msg\":\"Input should be "
        "greater than or equal to 1\",\"input\":\"0\",\"ctx\":{\"ge\":1}}]}");
    expect_header(answer, "Content-Type", "application/json");
    gr_answer_free(answer);
    expect_get("/input_blocking?n=2147483648", 422, NULL);
    expect_get("/input_blocking?n=x", 422, NULL);
    end();
}
END_TEST

/* --- accessors --- */

static gr_reply shows(gr_req *req, const char *text)
{
    return gr_text(req, text ? text : "(null)");
}

static gr_reply describes(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%s|%s|%s|%s|%s|%d", gr_method(req), gr_path(req), gr_query_string(req),
                                  gr_operation(req), gr_client_host(req), gr_client_port(req)));
}
GR_GET("/describes/{rest:path}", describes);

START_TEST(a_request_says_what_it_is)
{
    SERVE(&describes_route);
    expect_get("/describes/a%20b?c=%20&d", 200, "GET|/describes/a b|c=%20&d|describes|127.0.0.1|50000");
    expect_get("/describes/", 200, "GET|/describes/||describes|127.0.0.1|50000");
    expect_get("/describes/?", 200, "GET|/describes/||describes|127.0.0.1|50000");
    expect_get("http://x/describes/y?z", 200, "GET|/describes/y|z|describes|127.0.0.1|50000");
    end();
}
END_TEST

static gr_reply header(gr_co co, gr_req *req)
{
    (void)co;
    return shows(req, gr_header(req, "x-one"));
}
GR_GET("/header", header);

START_TEST(a_header_is_found_in_any_case_and_the_first_counts)
{
    SERVE(&header_route);
    static const char *const headers[] = {"X-Two", "no", "X-ONE", " first ", "x-one", "second", NULL};
    gr_answer *answer = ask("GET", "/header", headers, NULL);
    ck_assert_str_eq(gr_answer_body(answer, NULL), "first");
    gr_answer_free(answer);
    end();
}
END_TEST

START_TEST(a_header_may_be_empty_or_absent)
{
    SERVE(&header_route);
    static const char *const headers[] = {"X-One", "", NULL};
    gr_answer *answer = ask("GET", "/header", headers, NULL);
    ck_assert_str_eq(gr_answer_body(answer, NULL), "");
    gr_answer_free(answer);
    expect_get("/header", 200, "(null)");
    end();
}
END_TEST

static gr_reply all_headers(gr_co co, gr_req *req)
{
    (void)co;
    const char *name, *value, *text = "";
    for (size_t i = 0; gr_header_at(req, i, &name, &value); i++)
        text = gr_printf(req, "%s%s=%s;", text, name, value);
    return gr_text(req, gr_printf(req, "%s%s", text, gr_header(req, "host")));
}
GR_GET("/all_headers", all_headers);

START_TEST(headers_come_in_their_order)
{
    SERVE(&all_headers_route);
    static const char *const headers[] = {"Host", "h", "X-B", "1", "X-A", "2", "x-b", "", NULL};
    gr_answer *answer = ask("GET", "/all_headers", headers, NULL);
    ck_assert_str_eq(gr_answer_body(answer, NULL), "Host=h;X-B=1;X-A=2;x-b=;h");
    gr_answer_free(answer);
    end();
}
END_TEST

static gr_reply query(gr_co co, gr_req *req)
{
    (void)co;
    return shows(req, gr_query(req, "a"));
}
GR_GET("/query", query);

START_TEST(of_a_query_parameter_the_last_one_counts)
{
    SERVE(&query_route);
    expect_get("/query?a=1&a=2&b=3&a=4", 200, "4");
    expect_get("/query?a=1&A=2", 200, "1");
    end();
}
END_TEST

START_TEST(a_query_parameter_is_decoded)
{
    SERVE(&query_route);
    expect_get("/query?a=x+y%20z%2B%26", 200, "x y z+&");
    expect_get("/query?%61=1", 200, "1");
    expect_get("/query?a=b=c", 200, "b=c");
    expect_get("/query?a=%C3%A4", 200, "\xc3\xa4");
    expect_get("/query?a=%2541", 200, "%41");
    end();
}
END_TEST

START_TEST(a_query_parameter_may_be_empty_or_absent)
{
    SERVE(&query_route);
    expect_get("/query", 200, "(null)");
    expect_get("/query?", 200, "(null)");
    expect_get("/query?aa=1&ba=2&=3", 200, "(null)");
    expect_get("/query?a", 200, "");
    expect_get("/query?a=", 200, "");
    expect_get("/query?&&a=1&&", 200, "1");
    end();
}
END_TEST

START_TEST(a_broken_escape_in_a_query_stays_as_it_is)
{
    SERVE(&query_route);
    expect_get("/query?a=%zz", 200, "%zz");
    expect_get("/query?a=1%", 200, "1%");
    end();
}
END_TEST

static gr_reply body(gr_co co, gr_req *req)
{
    (void)co;
    size_t len;
    const char *bytes = gr_body(req, &len);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_int_eq(bytes[len], '\0');
    ck_assert_ptr_eq(gr_body(req, NULL), bytes);
    return gr_text(req, gr_printf(req, "%zu:%s", len, bytes));
}
GR_POST("/body", body);

START_TEST(a_body_is_followed_by_a_nul)
{
    SERVE(&body_route);
    gr_answer *answer = ask("POST", "/body", NULL, "hello");
    ck_assert_str_eq(gr_answer_body(answer, NULL), "5:hello");
    gr_answer_free(answer);
    expect("POST", "/body", 200, "0:");
    end();
}
END_TEST

START_TEST(a_body_may_hold_nuls)
{
    SERVE(&body_route);
    gr_answer *answer = gr_test_request(test, "POST", "/body", NULL, "a\0b", 3);
    ck_assert_str_eq(gr_answer_body(answer, NULL), "3:a");
    gr_answer_free(answer);
    end();
}
END_TEST

static gr_reply unknown_param(gr_co co, gr_req *req)
{
    (void)co;
    return shows(req, gr_path_param(req, "nope"));
}
GR_GET("/unknown/{x}", unknown_param);

START_TEST(a_path_parameter_that_the_route_has_not_is_null)
{
    SERVE(&unknown_param_route);
    expect_get("/unknown/1", 200, "(null)");
    end();
}
END_TEST

static gr_reply allocates(gr_co co, gr_req *req)
{
    (void)co;
    for (size_t size = 0; size < 5000; size += 7) {
        unsigned char *bytes = gr_alloc(req, size);
        ck_assert_ptr_nonnull(bytes);
        ck_assert_uint_eq((uintptr_t)bytes % 16, 0);
        size_t zeros = 0;
        while (zeros < size && bytes[zeros] == 0)
            zeros++;
        ck_assert_uint_eq(zeros, size);
        memset(bytes, 0xff, size);
    }
    ck_assert_ptr_null(gr_alloc(req, SIZE_MAX));
    ck_assert_ptr_null(gr_alloc(req, SIZE_MAX - 15));
    ck_assert_ptr_null(gr_alloc(req, SIZE_MAX / 2));
    const char *text = gr_printf(req, "%s-%d-%100s", "a", 7, "b");
    ck_assert_uint_eq(strlen(text), 104);
    ck_assert_int_eq(strncmp(text, "a-7-", 4), 0);
    return gr_text(req, gr_printf(req, "%s", ""));
}
GR_GET("/allocates", allocates);

START_TEST(memory_of_a_request_is_aligned_and_zeroed)
{
    SERVE(&allocates_route);
    expect_get("/allocates", 200, "");
    end();
}
END_TEST

static gr_reply state(gr_co co, gr_req *req)
{
    (void)co;
    ++*(int *)gr_state(req);
    return gr_empty(req, 204);
}
GR_GET("/state", state);

START_TEST(the_state_of_the_application_reaches_every_handler)
{
    static int calls;
    begin();
    gr_app_set_state(app, &calls);
    gr_app_add(app, &state_route);
    go();
    expect_get("/state", 204, NULL);
    expect_get("/state", 204, NULL);
    ck_assert_int_eq(calls, 2);
    end();
}
END_TEST

static gr_reply returns_nothing(gr_co co, gr_req *req)
{
    (void)co, (void)req;
    return (gr_reply){NULL};
}
GR_GET("/nothing", returns_nothing);

static gr_reply returns_nothing_blocking(gr_req *req)
{
    (void)req;
    return (gr_reply){NULL};
}
GR_GET("/nothing_blocking", returns_nothing_blocking);

START_TEST(a_handler_that_returns_nothing_is_a_500)
{
    SERVE(&returns_nothing_route, &returns_nothing_blocking_route);
    listen_to_log();
    expect_get("/nothing", 500, "Internal Server Error");
    expect_get("/nothing_blocking", 500, "Internal Server Error");
    const char *text = logged();
    expect_logged(text, "operation \"returns_nothing\": returned no reply");
    expect_logged(text, "operation \"returns_nothing_blocking\": returned no reply");
    end();
}
END_TEST

static gr_reply stored;

static gr_reply keeps_its_reply(gr_co co, gr_req *req)
{
    stored = gr_text(req, "mine");
    int rc = gr_sleep(co, 100);
    return rc ? gr_failed(req, rc) : stored;
}
GR_GET("/keeps", keeps_its_reply);

static gr_reply returns_anothers(gr_co co, gr_req *req)
{
    (void)co, (void)req;
    return stored;
}
GR_GET("/anothers", returns_anothers);

START_TEST(a_reply_of_another_request_is_a_500)
{
    SERVE(&keeps_its_reply_route, &returns_anothers_route);
    gr_test_conn *conn = gr_test_connect(test);
    static const char raw[] = "GET /keeps HTTP/1.1\r\nHost: a\r\n\r\n";
    gr_test_send(conn, raw, sizeof raw - 1);
    listen_to_log();
    expect_get("/anothers", 500, "Internal Server Error");
    expect_logged(logged(), "operation \"returns_anothers\": returned a reply that belongs to another request");
    gr_test_advance(test, 100);
    gr_answer *answer = gr_test_next_answer(conn, false);
    ck_assert_str_eq(gr_answer_body(answer, NULL), "mine");
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

GR_ROUTE_AS(other_name, "PUT", "/other", bare, .status = 201);

START_TEST(a_handler_may_serve_two_routes)
{
    loop_thread = pthread_self();
    SERVE(&bare_route, &other_name_route);
    expect_get("/bare", 200, "loop");
    expect("PUT", "/other", 201, "loop");
    end();
}
END_TEST

int main(void)
{
    test_list tests = {
        an_async_handler_runs_on_the_loop,
        a_blocking_handler_runs_on_the_pool,
        input_that_does_not_fit_never_reaches_the_handler,
        a_request_says_what_it_is,
        a_header_is_found_in_any_case_and_the_first_counts,
        a_header_may_be_empty_or_absent,
        headers_come_in_their_order,
        of_a_query_parameter_the_last_one_counts,
        a_query_parameter_is_decoded,
        a_query_parameter_may_be_empty_or_absent,
        a_broken_escape_in_a_query_stays_as_it_is,
        a_body_is_followed_by_a_nul,
        a_body_may_hold_nuls,
        a_path_parameter_that_the_route_has_not_is_null,
        memory_of_a_request_is_aligned_and_zeroed,
        the_state_of_the_application_reaches_every_handler,
        a_handler_that_returns_nothing_is_a_500,
        a_reply_of_another_request_is_a_500,
        a_handler_may_serve_two_routes,
        NULL,
    };
    return run_tests("handlers", tests, 20);
}
