#include <griddle/stream.h>
#include <pthread.h>

#include "app_test.h"

static gr_reply hello(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "hello");
}
GR_GET("/async", hello);

static gr_reply slow_hello(gr_req *req)
{
    return gr_text(req, "blocking hello");
}
GR_GET("/blocking", slow_hello);

static gr_reply made(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "made");
}
GR_POST("/made", made, .status = 201);

static gr_reply plainly_ok(gr_co co, gr_req *req)
{
    (void)co;
    return gr_with_status(gr_text(req, "known"), 200);
}
GR_PUT("/made", plainly_ok, .status = 201);

/* --- async middleware --- */

static gr_reply no_store(gr_co co, gr_req *req, gr_next *next)
{
    return gr_with_header(gr_call_next(co, req, next), "Cache-Control", "no-store");
}

static void check_no_store(gr_test *test, const char *method, const char *target, int status)
{
    gr_answer *answer = gr_test_request(test, method, target, NULL, NULL, 0);
    check_answer(answer, status, NULL);
    ck_assert_ptr_nonnull(gr_answer_header(answer, "Cache-Control"));
    ck_assert_str_eq(gr_answer_header(answer, "Cache-Control"), "no-store");
    gr_answer_free(answer);
}

START_TEST(async_middleware_adds_a_header_to_both_kinds)
{
    MAKE_APP(app, &hello_route, &slow_hello_route);
    ck_assert_int_eq(gr_use(app, no_store), 0);
    gr_test *test = serve(app);
    check_no_store(test, "GET", "/async", 200);
    check_no_store(test, "GET", "/blocking", 200);
    end(test, app);
}
END_TEST

START_TEST(async_middleware_wraps_what_no_operation_answers)
{
    MAKE_APP(app, &hello_route);
    ck_assert_int_eq(gr_use(app, no_store), 0);
    gr_test *test = serve(app);
    check_no_store(test, "GET", "/nothing", 404);
    check_no_store(test, "POST", "/async", 405);
    check_no_store(test, "GET", "/async/", 307);
    check_no_store(test, "OPTIONS", "/async", 204);
    check_no_store(test, "GET", "/%zz", 400);
    end(test, app);
}
END_TEST

static gr_reply refuse(gr_co co, gr_req *req, gr_next *next)
{
    (void)co, (void)next;
    return gr_error(req, 401, "who are you?");
}

START_TEST(async_middleware_can_answer_by_itself)
{
    MAKE_APP(app, &hello_route, &slow_hello_route);
    ck_assert_int_eq(gr_use(app, refuse), 0);
    gr_test *test = serve(app);
    check_get(test, "/async", 401, "{\"detail\":\"who are you?\"}");
    check_get(test, "/blocking", 401, NULL);
    check_get(test, "/nothing", 401, NULL);
    end(test, app);
}
END_TEST

START_TEST(a_body_that_middleware_did_not_want_does_not_disturb_the_next_request)
{
    MAKE_APP(app, &made_route);
    ck_assert_int_eq(gr_use(app, refuse), 0);
    gr_test *test = serve(app);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, "POST /made HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nGET /" GET("/made"));
    for (int i = 0; i < 2; i++) {
        gr_answer *answer = gr_test_next_answer(conn, false);
        check_answer(answer, 401, NULL);
        gr_answer_free(answer);
    }
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

static int seen_status;
static char seen_type[64];
static bool seen_body;

static gr_reply observe(gr_co co, gr_req *req, gr_next *next)
{
    size_t len = 1;
    gr_body(req, &len);
    seen_body = len > 0;
    gr_reply reply = gr_call_next(co, req, next);
    const char *type = gr_reply_header(reply, "CONTENT-type");
    seen_status = gr_reply_status(reply);
    snprintf(seen_type, sizeof seen_type, "%s", type ? type : "none");
    return reply;
}

START_TEST(async_middleware_sees_the_status_and_headers_of_both_kinds)
{
    MAKE_APP(app, &hello_route, &slow_hello_route);
    ck_assert_int_eq(gr_use(app, observe), 0);
    gr_test *test = serve(app);
    check_get(test, "/async", 200, NULL);
    ck_assert_int_eq(seen_status, 200);
    ck_assert_str_eq(seen_type, "text/plain; charset=utf-8");
    check_get(test, "/nothing", 404, NULL);
    ck_assert_int_eq(seen_status, 404);
    ck_assert_str_eq(seen_type, "application/json");
    seen_status = 0;
    check_get(test, "/blocking", 200, NULL);
    ck_assert_int_eq(seen_status, 200);
    end(test, app);
}
END_TEST

START_TEST(middleware_sees_the_status_that_the_operations_option_gives)
{
    MAKE_APP(app, &made_route);
    ck_assert_int_eq(gr_use(app, observe), 0);
    gr_test *test = serve(app);
    check_request(test, "POST", "/made", 201, "made");
    ck_assert_int_eq(seen_status, 201);
    end(test, app);
}
END_TEST

START_TEST(a_handler_that_says_200_is_not_overruled_by_the_option)
{
    MAKE_APP(app, &plainly_ok_route);
    gr_test *test = serve(app);
    check_request(test, "PUT", "/made", 200, "known");
    end(test, app);
}
END_TEST

static gr_reply answer_ok(gr_co co, gr_req *req, gr_next *next)
{
    (void)co, (void)next;
    return gr_text(req, "from the cache");
}

START_TEST(the_status_option_is_the_handlers_and_not_the_middlewares)
{
    MAKE_APP(app, &made_route);
    ck_assert_int_eq(gr_use(app, answer_ok), 0);
    gr_test *test = serve(app);
    check_request(test, "POST", "/made", 200, "from the cache");
    end(test, app);
}
END_TEST

START_TEST(the_body_is_not_read_when_middleware_begins)
{
    MAKE_APP(app, &made_route);
    ck_assert_int_eq(gr_use(app, observe), 0);
    gr_test *test = serve(app);
    seen_body = true;
    gr_answer *answer = gr_test_post_json(test, "/made", "{}");
    check_answer(answer, 201, NULL);
    gr_answer_free(answer);
    ck_assert(!seen_body);
    end(test, app);
}
END_TEST

static char seen_allow[64], seen_location[64];

static gr_reply observe_unrouted(gr_co co, gr_req *req, gr_next *next)
{
    gr_reply reply = gr_call_next(co, req, next);
    const char *allow = gr_reply_header(reply, "allow"), *location = gr_reply_header(reply, "location");
    snprintf(seen_allow, sizeof seen_allow, "%s", allow ? allow : "none");
    snprintf(seen_location, sizeof seen_location, "%s", location ? location : "none");
    return reply;
}

START_TEST(middleware_reads_allow_and_location_of_the_frameworks_own_replies)
{
    MAKE_APP(app, &hello_route);
    ck_assert_int_eq(gr_use(app, observe_unrouted), 0);
    gr_test *test = serve(app);
    check_request(test, "POST", "/async", 405, NULL);
    ck_assert_str_eq(seen_allow, "GET, HEAD, OPTIONS");
    check_get(test, "/async/?a=b", 307, NULL);
    ck_assert_str_eq(seen_location, "../async?a=b");
    end(test, app);
}
END_TEST

static char seen_path[64];

static gr_reply observe_path(gr_co co, gr_req *req, gr_next *next)
{
    const char *path = gr_path(req);
    snprintf(seen_path, sizeof seen_path, "%s?%s", path ? path : "(null)", gr_query_string(req));
    return gr_call_next(co, req, next);
}

START_TEST(middleware_sees_a_path_even_where_it_is_refused)
{
    MAKE_APP(app, &hello_route);
    ck_assert_int_eq(gr_use(app, observe_path), 0);
    gr_test *test = serve(app);
    check_get(test, "/a/%zz?b=c", 400, NULL);
    ck_assert_str_eq(seen_path, "/a/%zz?b=c");
    check_get(test, "/a/../b", 400, NULL);
    ck_assert_str_eq(seen_path, "/a/../b?");
    end(test, app);
}
END_TEST

static char trace[64];

static gr_reply outer(gr_co co, gr_req *req, gr_next *next)
{
    strcat(trace, "(");
    gr_reply reply = gr_call_next(co, req, next);
    strcat(trace, ")");
    return reply;
}

static gr_reply inner(gr_co co, gr_req *req, gr_next *next)
{
    strcat(trace, "[");
    gr_reply reply = gr_call_next(co, req, next);
    strcat(trace, "]");
    return reply;
}

START_TEST(the_first_middleware_added_is_the_outermost)
{
    MAKE_APP(app, &hello_route);
    ck_assert_int_eq(gr_use(app, outer), 0);
    ck_assert_int_eq(gr_use(app, inner), 0);
    gr_test *test = serve(app);
    trace[0] = '\0';
    check_get(test, "/async", 200, NULL);
    ck_assert_str_eq(trace, "([])");
    end(test, app);
}
END_TEST

static int64_t took_ms;

static gr_reply doze(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 250);
    return rc ? gr_failed(req, rc) : gr_text(req, "awake");
}
GR_GET("/doze", doze);

static gr_reply measure(gr_co co, gr_req *req, gr_next *next)
{
    int64_t begin_ms = gr_now_ms(co);
    int rc = gr_sleep(co, 10);
    gr_reply reply = rc ? gr_failed(req, rc) : gr_call_next(co, req, next);
    took_ms = gr_now_ms(co) - begin_ms;
    return reply;
}

START_TEST(async_middleware_may_await_and_measure)
{
    MAKE_APP(app, &doze_route);
    ck_assert_int_eq(gr_use(app, measure), 0);
    gr_test *test = serve(app);
    check_get(test, "/doze", 200, "awake");
    ck_assert_int_eq(took_ms, 260);
    end(test, app);
}
END_TEST

static gr_reply impatient(gr_co co, gr_req *req, gr_next *next)
{
    return gr_call_next(gr_within(co, 100), req, next);
}

START_TEST(middleware_can_give_what_is_next_a_deadline)
{
    MAKE_APP(app, &doze_route);
    ck_assert_int_eq(gr_use(app, impatient), 0);
    gr_test *test = serve(app);
    check_get(test, "/doze", 504, NULL);
    ck_assert_int_eq(gr_test_now_ms(test) % 100, 0);
    end(test, app);
}
END_TEST

/* --- mistakes --- */

static gr_reply twice(gr_co co, gr_req *req, gr_next *next)
{
    gr_reply first = gr_call_next(co, req, next);
    (void)first;
    return gr_call_next(co, req, next);
}

static void check_logged(gr_test *test, const char *target, int status, const char *log)
{
    begin_capture();
    gr_answer *answer = gr_test_get(test, target);
    char *text = end_capture();
    check_answer(answer, status, "Internal Server Error");
    HAS(text, log);
    free(text);
    gr_answer_free(answer);
}

START_TEST(calling_next_twice_is_500_naming_the_operation)
{
    MAKE_APP(app, &hello_route, &slow_hello_route);
    ck_assert_int_eq(gr_use(app, twice), 0);
    gr_test *test = serve(app);
    check_logged(test, "/async", 500, "operation \"hello\": middleware \"twice\" called what is next twice");
    check_logged(test, "/blocking", 500, "operation \"slow_hello\": middleware \"twice\" called what is next twice");
    end(test, app);
}
END_TEST

static gr_reply nothing(gr_co co, gr_req *req)
{
    (void)co, (void)req;
    return (gr_reply){NULL};
}
GR_GET("/nothing", nothing);

static gr_reply blocking_nothing(gr_req *req)
{
    (void)req;
    return (gr_reply){NULL};
}
GR_GET("/blocking/nothing", blocking_nothing);

START_TEST(a_handler_that_returns_no_reply_is_500)
{
    MAKE_APP(app, &nothing_route, &blocking_nothing_route);
    gr_test *test = serve(app);
    check_logged(test, "/nothing", 500, "operation \"nothing\": returned no reply");
    check_logged(test, "/blocking/nothing", 500, "operation \"blocking_nothing\": returned no reply");
    end(test, app);
}
END_TEST

static gr_reply forget(gr_co co, gr_req *req, gr_next *next)
{
    gr_reply reply = gr_call_next(co, req, next);
    (void)reply;
    return (gr_reply){NULL};
}

START_TEST(a_middleware_that_returns_no_reply_is_500)
{
    MAKE_APP(app, &hello_route);
    ck_assert_int_eq(gr_use(app, no_store), 0);
    ck_assert_int_eq(gr_use(app, forget), 0);
    gr_test *test = serve(app);
    check_logged(test, "/async", 500, "returned no reply");
    end(test, app);
}
END_TEST

static gr_reply shared;

static gr_reply keep(gr_co co, gr_req *req)
{
    shared = gr_text(req, "mine");
    int rc = gr_sleep(co, 1000);
    return rc ? gr_failed(req, rc) : shared;
}
GR_GET("/keep", keep);

static gr_reply steal(gr_co co, gr_req *req)
{
    (void)co, (void)req;
    return shared;
}
GR_GET("/steal", steal);

START_TEST(a_reply_of_another_request_is_500_and_the_other_is_answered)
{
    MAKE_APP(app, &keep_route, &steal_route);
    gr_test *test = serve(app);
    gr_test_conn *one = gr_test_connect(test), *other = gr_test_connect(test);
    SEND(one, GET("/keep"));
    begin_capture();
    SEND(other, GET("/steal"));
    char *text = end_capture();
    HAS(text, "operation \"steal\": returned a reply that belongs to another request");
    free(text);
    gr_answer *answer = gr_test_next_answer(other, false);
    check_answer(answer, 500, NULL);
    gr_answer_free(answer);
    gr_test_advance(test, 1000);
    answer = gr_test_next_answer(one, false);
    check_answer(answer, 200, "mine");
    gr_answer_free(answer);
    gr_test_conn_destroy(one);
    gr_test_conn_destroy(other);
    end(test, app);
}
END_TEST

/* --- blocking middleware --- */

static pthread_t middleware_thread, operation_thread;

static gr_reply on_thread(gr_req *req, gr_next *next)
{
    middleware_thread = pthread_self();
    return gr_with_header(gr_call_next_blocking(req, next), "X-Wrapped", "yes");
}

static gr_reply tell_thread(gr_req *req)
{
    operation_thread = pthread_self();
    return gr_text(req, "told");
}
GR_GET("/thread", tell_thread);

START_TEST(blocking_middleware_runs_on_the_thread_of_its_operation)
{
    MAKE_APP(app, &tell_thread_route);
    ck_assert_int_eq(gr_use(app, on_thread), 0);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_get(test, "/thread");
    check_answer(answer, 200, "told");
    ck_assert_str_eq(gr_answer_header(answer, "X-Wrapped"), "yes");
    gr_answer_free(answer);
    ck_assert(pthread_equal(middleware_thread, operation_thread));
    ck_assert(!pthread_equal(middleware_thread, pthread_self()));
    end(test, app);
}
END_TEST

START_TEST(blocking_middleware_runs_inside_async_middleware)
{
    MAKE_APP(app, &tell_thread_route);
    ck_assert_int_eq(gr_use(app, no_store), 0);
    ck_assert_int_eq(gr_use(app, on_thread), 0);
    gr_test *test = serve(app);
    check_no_store(test, "GET", "/thread", 200);
    end(test, app);
}
END_TEST

static gr_reply refuse_blocking(gr_req *req, gr_next *next)
{
    (void)next;
    return gr_error(req, 403, "closed");
}

START_TEST(blocking_middleware_can_answer_by_itself)
{
    MAKE_APP(app, &tell_thread_route);
    ck_assert_int_eq(gr_use(app, refuse_blocking), 0);
    gr_test *test = serve(app);
    check_get(test, "/thread", 403, "{\"detail\":\"closed\"}");
    end(test, app);
}
END_TEST

static gr_reply blocking_twice(gr_req *req, gr_next *next)
{
    gr_reply first = gr_call_next_blocking(req, next);
    (void)first;
    return gr_call_next_blocking(req, next);
}

START_TEST(calling_next_twice_from_blocking_middleware_is_500)
{
    MAKE_APP(app, &tell_thread_route);
    ck_assert_int_eq(gr_use(app, blocking_twice), 0);
    gr_test *test = serve(app);
    check_logged(test, "/thread", 500,
                 "operation \"tell_thread\": middleware \"blocking_twice\" called what is next twice");
    end(test, app);
}
END_TEST

static gr_reply blocking_forget(gr_req *req, gr_next *next)
{
    gr_reply reply = gr_call_next_blocking(req, next);
    (void)reply;
    return (gr_reply){NULL};
}

START_TEST(a_blocking_middleware_that_returns_no_reply_is_500)
{
    MAKE_APP(app, &tell_thread_route);
    ck_assert_int_eq(gr_use(app, on_thread), 0);
    ck_assert_int_eq(gr_use(app, blocking_forget), 0);
    gr_test *test = serve(app);
    check_logged(test, "/thread", 500, "returned no reply");
    end(test, app);
}
END_TEST

START_TEST(blocking_middleware_does_not_wrap_a_404)
{
    MAKE_APP(app, &tell_thread_route);
    ck_assert_int_eq(gr_use(app, refuse_blocking), 0);
    gr_test *test = serve(app);
    check_get(test, "/nothing", 404, NULL);
    end(test, app);
}
END_TEST

/* --- request ids --- */

static gr_reply say_id(gr_co co, gr_req *req)
{
    (void)co;
    const char *id = gr_request_id(req);
    return gr_text(req, id ? id : "none");
}
GR_GET("/id", say_id);

/* The id that a request with `sent` (or none) gets: in the reply's header and for the handler (to be freed). */
static char *id_for(gr_test *test, const char *sent)
{
    const char *headers[] = {"X-Request-ID", sent, NULL};
    gr_answer *answer = gr_test_request(test, "GET", "/id", sent ? headers : NULL, NULL, 0);
    check_answer(answer, 200, NULL);
    ck_assert_ptr_nonnull(gr_answer_header(answer, "X-Request-ID"));
    ck_assert_str_eq(gr_answer_header(answer, "X-Request-ID"), gr_answer_body(answer, NULL));
    char *id = strdup(gr_answer_body(answer, NULL));
    gr_answer_free(answer);
    return id;
}

static gr_test *serve_ids(gr_app *app)
{
    ck_assert_int_eq(gr_use(app, gr_request_id_middleware), 0);
    return serve(app);
}

START_TEST(a_request_id_is_taken_from_the_client)
{
    MAKE_APP(app, &say_id_route);
    gr_test *test = serve_ids(app);
    char *id = id_for(test, "abc-123~!");
    ck_assert_str_eq(id, "abc-123~!");
    free(id);
    end(test, app);
}
END_TEST

START_TEST(a_request_id_is_made_of_32_random_hexadecimal_digits)
{
    MAKE_APP(app, &say_id_route);
    gr_test *test = serve_ids(app);
    char *one = id_for(test, NULL), *other = id_for(test, NULL);
    ck_assert_uint_eq(strlen(one), 32);
    ck_assert_uint_eq(strspn(one, "0123456789abcdef"), 32);
    ck_assert_str_ne(one, other);
    free(one);
    free(other);
    end(test, app);
}
END_TEST

START_TEST(a_request_id_that_is_too_long_or_not_visible_is_replaced)
{
    MAKE_APP(app, &say_id_route);
    gr_test *test = serve_ids(app);
    char text[130];
    memset(text, 'x', sizeof text);
    text[129] = '\0';
    const char *const bad[] = {"", "two words", "caf\xc3\xa9", text};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char *id = id_for(test, bad[i]);
        ck_assert_uint_eq(strlen(id), 32);
        ck_assert_str_ne(id, bad[i]);
        free(id);
    }
    text[128] = '\0';
    char *id = id_for(test, text);
    ck_assert_str_eq(id, text);
    free(id);
    end(test, app);
}
END_TEST

START_TEST(without_the_middleware_there_is_no_request_id)
{
    MAKE_APP(app, &say_id_route);
    gr_test *test = serve(app);
    check_get(test, "/id", 200, "none");
    end(test, app);
}
END_TEST

static gr_reply reads_the_rest(gr_co co, gr_req *req)
{
    const char *data;
    size_t len;
    int rc;
    while ((rc = gr_read(co, req, &data, &len)) == 0 && len)
        continue;
    return rc ? gr_failed(req, rc) : gr_text(req, "all");
}
GR_POST("/ten", reads_the_rest, .stream_body = true, .max_body_bytes = 10);

static gr_reply reads_first(gr_co co, gr_req *req, gr_next *next)
{
    const char *data;
    size_t len;
    int rc = gr_read(co, req, &data, &len);
    return rc ? gr_failed(req, rc) : gr_call_next(co, req, next);
}

static void check_ten(const char *chunks, int status)
{
    MAKE_APP(app, &reads_the_rest_route);
    ck_assert_int_eq(gr_use(app, reads_first), 0);
    gr_test *test = serve(app);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, "POST /ten HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    SEND(conn, chunks);
    gr_answer *answer = gr_test_next_answer(conn, false);
    check_answer(answer, status, NULL);
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    end(test, app);
}

START_TEST(a_limit_holds_for_what_middleware_reads_and_for_what_it_leaves)
{
    check_ten("5\r\nabcde\r\n5\r\nfghij\r\n0\r\n\r\n", 200);
    check_ten("5\r\nabcde\r\n6\r\nfghijk\r\n0\r\n\r\n", 413);
    check_ten("b\r\nabcdefghijk\r\n1\r\nl\r\n0\r\n\r\n", 413);
}
END_TEST

int main(void)
{
    return run_tests("app chain",
                     (test_list){async_middleware_adds_a_header_to_both_kinds,
                                 async_middleware_wraps_what_no_operation_answers,
                                 async_middleware_can_answer_by_itself,
                                 a_body_that_middleware_did_not_want_does_not_disturb_the_next_request,
                                 async_middleware_sees_the_status_and_headers_of_both_kinds,
                                 middleware_sees_the_status_that_the_operations_option_gives,
                                 a_handler_that_says_200_is_not_overruled_by_the_option,
                                 the_status_option_is_the_handlers_and_not_the_middlewares,
                                 the_body_is_not_read_when_middleware_begins,
                                 middleware_reads_allow_and_location_of_the_frameworks_own_replies,
                                 middleware_sees_a_path_even_where_it_is_refused,
                                 the_first_middleware_added_is_the_outermost,
                                 async_middleware_may_await_and_measure,
                                 middleware_can_give_what_is_next_a_deadline,
                                 calling_next_twice_is_500_naming_the_operation,
                                 a_handler_that_returns_no_reply_is_500,
                                 a_middleware_that_returns_no_reply_is_500,
                                 a_reply_of_another_request_is_500_and_the_other_is_answered,
                                 blocking_middleware_runs_on_the_thread_of_its_operation,
                                 blocking_middleware_runs_inside_async_middleware,
                                 blocking_middleware_can_answer_by_itself,
                                 calling_next_twice_from_blocking_middleware_is_500,
                                 a_blocking_middleware_that_returns_no_reply_is_500,
                                 blocking_middleware_does_not_wrap_a_404,
                                 a_request_id_is_taken_from_the_client,
                                 a_request_id_is_made_of_32_random_hexadecimal_digits,
                                 a_request_id_that_is_too_long_or_not_visible_is_replaced,
                                 without_the_middleware_there_is_no_request_id,
                                 a_limit_holds_for_what_middleware_reads_and_for_what_it_leaves,
                                 NULL},
                     10);
}
