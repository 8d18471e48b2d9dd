#include "app_test.h"

/* The handler of a test: one route, and what it does is in a variable. */
static gr_reply (*make)(gr_req *req);

static gr_reply make_async(gr_co co, gr_req *req)
{
    (void)co;
    return make(req);
}
GR_GET("/async", make_async);

static gr_reply make_blocking(gr_req *req)
{
    return make(req);
}
GR_GET("/blocking", make_blocking);

static gr_answer *answer_of(gr_test *test, gr_reply (*with)(gr_req *req), const char *target)
{
    make = with;
    gr_answer *answer = gr_test_get(test, target);
    ck_assert_ptr_nonnull(answer);
    return answer;
}

static void check_made(gr_reply (*with)(gr_req *req), int status, const char *type, const char *body)
{
    static const char *const targets[] = {"/async", "/blocking"};
    MAKE_APP(app, &make_async_route, &make_blocking_route);
    gr_test *test = serve(app);
    for (int i = 0; i < 2; i++) {
        gr_answer *answer = answer_of(test, with, targets[i]);
        check_answer(answer, status, body);
        const char *has_type = gr_answer_header(answer, "Content-Type");
        ck_assert_str_eq(has_type ? has_type : "none", type);
        gr_answer_free(answer);
    }
    end(test, app);
}

/* A reply that cannot be sent: 500, and a log line with the operation's name and `log`. */
static void check_refused(gr_reply (*with)(gr_req *req), const char *log)
{
    MAKE_APP(app, &make_async_route, &make_blocking_route);
    gr_test *test = serve(app);
    begin_capture();
    gr_answer *one = answer_of(test, with, "/async"), *other = answer_of(test, with, "/blocking");
    char *text = end_capture();
    check_answer(one, 500, "Internal Server Error");
    check_answer(other, 500, "Internal Server Error");
    HAS(text, "operation \"make_async\"");
    HAS(text, "operation \"make_blocking\"");
    HAS(text, log);
    free(text);
    gr_answer_free(one);
    gr_answer_free(other);
    end(test, app);
}

/* --- the makers --- */

struct thing {
    const char *name;
};
static GR_MODEL(thing, GR_FIELD(name));

static gr_reply text(gr_req *req)
{
    char local[] = "caf\xc3\xa9";
    gr_reply reply = gr_text(req, local);
    memset(local, 'x', sizeof local - 1);
    return reply;
}

static gr_reply html(gr_req *req)
{
    return gr_html(req, "<p>hi</p>");
}

static gr_reply bytes(gr_req *req)
{
    return gr_content(req, "image/x-dots", "a\0b", 3);
}

static gr_reply untyped_bytes(gr_req *req)
{
    return gr_content(req, NULL, NULL, 0);
}

static gr_reply nothing(gr_req *req)
{
    return gr_empty(req, 204);
}

static gr_reply json(gr_req *req)
{
    return gr_json(req, json_pack("{s:i, s:[n,b,s]}", "a", 1, "b", 1, "\xc3\xa9\n"));
}

static gr_reply json_scalar(gr_req *req)
{
    return gr_json(req, json_string("x"));
}

START_TEST(text_is_copied_and_sent_as_utf_8)
{
    check_made(text, 200, "text/plain; charset=utf-8", "caf\xc3\xa9");
}
END_TEST

START_TEST(html_is_sent_as_html)
{
    check_made(html, 200, "text/html; charset=utf-8", "<p>hi</p>");
}
END_TEST

START_TEST(bytes_are_sent_as_they_are)
{
    check_made(bytes, 200, "image/x-dots", NULL);
    MAKE_APP(app, &make_async_route);
    gr_test *test = serve(app);
    gr_answer *answer = answer_of(test, bytes, "/async");
    size_t len;
    ck_assert_mem_eq(gr_answer_body(answer, &len), "a\0b", 3);
    ck_assert_uint_eq(len, 3);
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(no_bytes_of_no_type_are_a_reply)
{
    check_made(untyped_bytes, 200, "none", "");
}
END_TEST

START_TEST(an_empty_reply_has_no_body)
{
    check_made(nothing, 204, "none", "");
}
END_TEST

START_TEST(json_is_compact)
{
    check_made(json, 200, "application/json", "{\"a\":1,\"b\":[null,true,\"\xc3\xa9\\n\"]}");
    check_made(json_scalar, 200, "application/json", "\"x\"");
}
END_TEST

static gr_reply redirect(gr_req *req)
{
    return gr_redirect(req, "/caf\xc3\xa9 x?a=%20\"\r\nSet-Cookie: a=b");
}

START_TEST(a_redirect_encodes_what_a_header_may_not_carry)
{
    MAKE_APP(app, &make_async_route);
    gr_test *test = serve(app);
    gr_answer *answer = answer_of(test, redirect, "/async");
    check_answer(answer, 307, "");
    ck_assert_str_eq(gr_answer_header(answer, "Location"), "/caf%C3%A9%20x?a=%20%22%0D%0ASet-Cookie:%20a=b");
    ck_assert_ptr_null(gr_answer_header(answer, "Set-Cookie"));
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

static gr_reply error(gr_req *req)
{
    return gr_error(req, 418, "no %s, \"%d\"", "tea", 7);
}

START_TEST(an_error_has_its_text_as_detail)
{
    check_made(error, 418, "application/json", "{\"detail\":\"no tea, \\\"7\\\"\"}");
}
END_TEST

static gr_reply with_status(gr_req *req)
{
    return gr_with_status(gr_text(req, "later"), 202);
}

START_TEST(with_status_changes_the_status)
{
    check_made(with_status, 202, "text/plain; charset=utf-8", "later");
}
END_TEST

/* --- what cannot be sent --- */

static gr_reply null_json(gr_req *req)
{
    return gr_json(req, NULL);
}

static gr_reply null_text(gr_req *req)
{
    return gr_text(req, NULL);
}

static gr_reply null_redirect(gr_req *req)
{
    return gr_redirect(req, NULL);
}

START_TEST(null_is_500)
{
    check_refused(null_json, "gr_json(NULL)");
    check_refused(null_text, "gr_text(NULL)");
    check_refused(null_redirect, "gr_redirect(NULL)");
}
END_TEST

static double not_a_number;
static const char *no_text, *bad_text = "\xff";

static gr_reply pack_null(gr_req *req)
{
    return gr_json(req, json_pack("{s:s}", "name", no_text));
}

static gr_reply pack_bad_text(gr_req *req)
{
    return gr_json(req, json_pack("{s:s}", "name", bad_text));
}

static gr_reply pack_nan(gr_req *req)
{
    return gr_json(req, json_pack("{s:f}", "price", not_a_number));
}

static gr_reply pack_wrong_format(gr_req *req)
{
    return gr_json(req, json_pack("{s:i", "id", 1));
}

static gr_reply model_of_null(gr_req *req)
{
    return gr_reply_model_json(req, thing_model(), json_pack("{s:s}", "name", no_text));
}

/* Which of them it was json_pack() does not tell: so the log line names all. */
START_TEST(json_pack_that_gave_null_is_500_and_the_log_says_what_it_may_have_been)
{
    static gr_reply (*const makers[])(gr_req *) = {pack_null, pack_bad_text, pack_nan, pack_wrong_format,
                                                   model_of_null};
    static const char *const causes[] = {"NULL (\"s?\" takes one)", "not UTF-8", "NaN or infinite", "fit the format",
                                         "json_pack_ex() says which"};
    not_a_number = strtod("nan", NULL);
    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++)
        for (size_t j = 0; j < sizeof causes / sizeof causes[0]; j++)
            check_refused(makers[i], causes[j]);
}
END_TEST

static const char *header_name, *header_value;

static gr_reply with_header(gr_req *req)
{
    return gr_with_header(gr_text(req, "x"), header_name, header_value);
}

static void check_header_refused(const char *name, const char *value, const char *log)
{
    header_name = name;
    header_value = value;
    check_refused(with_header, log);
}

START_TEST(cr_or_lf_in_a_header_is_500)
{
    check_header_refused("X-A", "a\r\nX-B: b", "has bytes that a header may not carry");
    check_header_refused("X-A", "a\nb", "has bytes that a header may not carry");
    check_header_refused("X-A", "a\x01", "has bytes that a header may not carry");
    check_header_refused("X-A\r\nX-B", "a", "has bytes that a header may not carry");
    check_header_refused("Content-Type", "text/plain\r\nX-B: b", "has bytes that a header may not carry");
}
END_TEST

START_TEST(a_header_name_that_is_no_token_is_500)
{
    check_header_refused("", "a", "may not carry");
    check_header_refused("X A", "a", "may not carry");
    check_header_refused("X:", "a", "may not carry");
    check_header_refused(NULL, "a", "the name beside \"a\" is NULL");
    check_header_refused("X-A", NULL, "the value of \"X-A\" is NULL");
}
END_TEST

START_TEST(the_servers_own_headers_are_refused)
{
    check_header_refused("Content-Length", "1", "is the server's own");
    check_header_refused("transfer-encoding", "chunked", "is the server's own");
    check_header_refused("CONNECTION", "close", "is the server's own");
    check_header_refused("Date", "now", "is the server's own");
}
END_TEST

static gr_reply bad_type(gr_req *req)
{
    return gr_content(req, "text/plain\r\nX-B: b", "x", 1);
}

START_TEST(cr_or_lf_in_a_content_type_is_500)
{
    check_refused(bad_type, "may not carry");
}
END_TEST

static int wrong_status;

static gr_reply with_wrong_status(gr_req *req)
{
    return gr_with_status(gr_text(req, "x"), wrong_status);
}

static gr_reply wrong_error(gr_req *req)
{
    return gr_error(req, wrong_status, "x");
}

START_TEST(a_status_out_of_range_is_500)
{
    wrong_status = 199;
    check_refused(with_wrong_status, "199 is no status of a reply");
    wrong_status = 600;
    check_refused(with_wrong_status, "600 is no status of a reply");
    check_refused(wrong_error, "600 is no error status");
    wrong_status = 399;
    check_refused(wrong_error, "399 is no error status");
}
END_TEST

static gr_reply not_utf_8(gr_req *req)
{
    return gr_error(req, 400, "%s", "\xff");
}

static gr_reply json_not_utf_8(gr_req *req)
{
    return gr_json(req, json_string_nocheck("\xc3"));
}

static gr_reply created(gr_req *req)
{
    return gr_with_status(gr_with_header(gr_json(req, NULL), "Location", "/items/1"), 201);
}

static gr_reply not_found(gr_req *req)
{
    return gr_with_status(gr_with_header(gr_text(req, "none"), "X-A", "a\nb"), 404);
}

START_TEST(a_reply_that_has_become_a_500_stays_one)
{
    check_refused(created, "gr_json(NULL)");
    check_refused(not_found, "may not carry");
}
END_TEST

START_TEST(text_that_is_not_utf_8_is_500)
{
    check_refused(not_utf_8, "not UTF-8");
    check_refused(json_not_utf_8, "cannot be sent as JSON");
}
END_TEST

static gr_reply nested(gr_req *req, int depth)
{
    json_t *value = json_array();
    for (int i = 1; i < depth; i++) {
        json_t *outer = json_array();
        json_array_append_new(outer, value);
        value = outer;
    }
    return gr_json(req, value);
}

static gr_reply nested_64(gr_req *req)
{
    return nested(req, 64);
}

static gr_reply nested_65(gr_req *req)
{
    return nested(req, 65);
}

static gr_reply nested_very_deeply(gr_req *req)
{
    return nested(req, 200000);
}

/* The writer does not come to what is deep. */
static gr_reply bad_before_deep(gr_req *req)
{
    json_t *deep = json_array();
    for (int i = 0; i < 200000; i++)
        deep = json_pack("[o]", deep);
    return gr_json(req, json_pack("[o, o]", json_string_nocheck("\xff"), deep));
}

START_TEST(json_of_64_levels_is_sent)
{
    check_made(nested_64, 200, "application/json", NULL);
}
END_TEST

START_TEST(json_of_more_than_64_levels_is_500)
{
    check_refused(nested_65, "more than 64 levels deep");
    check_refused(nested_very_deeply, "more than 64 levels deep");
}
END_TEST

START_TEST(json_that_is_refused_before_its_depth_is_seen_is_freed_all_the_same)
{
    check_refused(bad_before_deep, "UTF-8");
}
END_TEST

/* --- large JSON --- */

static json_t *large_value(void)
{
    json_t *list = json_array();
    for (int i = 0; i < 20000; i++)
        json_array_append_new(list, json_pack("{s:i, s:s}", "id", i, "name", "caf\xc3\xa9 \"quoted\""));
    return list;
}

static gr_reply large(gr_req *req)
{
    return gr_json(req, large_value());
}

static void check_large(const char *target)
{
    MAKE_APP(app, &make_async_route, &make_blocking_route);
    gr_test *test = serve(app);
    gr_answer *answer = answer_of(test, large, target);
    json_t *value = large_value();
    char *wanted = json_dumps(value, JSON_COMPACT);
    json_decref(value);
    ck_assert_int_eq(gr_answer_status(answer), 200);
    ck_assert(strcmp(gr_answer_body(answer, NULL), wanted) == 0);
    free(wanted);
    gr_answer_free(answer);
    end(test, app);
}

START_TEST(large_json_of_an_async_handler_is_what_jansson_dumps)
{
    check_large("/async");
}
END_TEST

START_TEST(large_json_of_a_blocking_handler_is_what_jansson_dumps)
{
    check_large("/blocking");
}
END_TEST

static gr_reply large_then_deep(gr_req *req)
{
    json_t *value = large_value(), *deep = json_array();
    for (int i = 0; i < 100; i++) {
        json_t *outer = json_array();
        json_array_append_new(outer, deep);
        deep = outer;
    }
    json_array_append_new(value, deep);
    return gr_json(req, value);
}

static gr_reply large_then_bad(gr_req *req)
{
    json_t *value = large_value();
    json_array_append_new(value, json_string_nocheck("\xff"));
    return gr_json(req, value);
}

START_TEST(large_json_that_turns_out_too_deep_is_500)
{
    check_refused(large_then_deep, "more than 64 levels deep");
}
END_TEST

START_TEST(large_json_that_turns_out_not_utf_8_is_500_with_a_log_line)
{
    check_refused(large_then_bad, "gr_json(): the value cannot be sent as JSON: a string or a key in it is not UTF-8");
}
END_TEST

static gr_reply drop(gr_co co, gr_req *req, gr_next *next)
{
    gr_reply reply = gr_call_next(co, req, next);
    (void)reply;
    return gr_text(req, "instead");
}

START_TEST(large_json_dropped_by_middleware_is_freed)
{
    MAKE_APP(app, &make_async_route);
    ck_assert_int_eq(gr_use(app, drop), 0);
    gr_test *test = serve(app);
    gr_answer *answer = answer_of(test, large, "/async");
    check_answer(answer, 200, "instead");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

static gr_reply two_large(gr_req *req)
{
    gr_reply first = gr_json(req, large_value());
    (void)first;
    return gr_json(req, large_value());
}

START_TEST(large_json_that_the_handler_did_not_return_is_freed)
{
    MAKE_APP(app, &make_async_route);
    gr_test *test = serve(app);
    gr_answer *answer = answer_of(test, two_large, "/async");
    check_answer(answer, 200, NULL);
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

static gr_reply large_with_all(gr_req *req)
{
    return gr_with_status(gr_with_header(gr_json(req, large_value()), "X-A", "1"), 203);
}

START_TEST(large_json_keeps_the_status_and_headers_added_to_it)
{
    MAKE_APP(app, &make_async_route);
    gr_test *test = serve(app);
    gr_answer *answer = answer_of(test, large_with_all, "/async");
    check_answer(answer, 203, NULL);
    ck_assert_str_eq(gr_answer_header(answer, "X-A"), "1");
    ck_assert_uint_eq(json_array_size(gr_answer_json(answer)), 20000);
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(large_json_to_head_has_the_length_of_the_body)
{
    MAKE_APP(app, &make_async_route);
    gr_test *test = serve(app);
    gr_answer *got = answer_of(test, large, "/async");
    gr_answer *headed = gr_test_request(test, "HEAD", "/async", NULL, NULL, 0);
    check_answer(headed, 200, "");
    ck_assert_str_eq(gr_answer_header(headed, "Content-Length"), gr_answer_header(got, "Content-Length"));
    gr_answer_free(got);
    gr_answer_free(headed);
    end(test, app);
}
END_TEST

/* --- headers --- */

static gr_reply with_headers(gr_req *req)
{
    char name[] = "X-A", value[] = " one\t";
    gr_reply reply = gr_with_header(gr_text(req, "x"), name, value);
    memset(name, 'y', 3);
    memset(value, 'y', 3);
    reply = gr_with_header(gr_with_header(reply, "Set-Cookie", "a=1"), "Set-Cookie", "b=2");
    return gr_with_header(reply, "CONTENT-TYPE", "text/csv");
}

START_TEST(headers_are_copied_and_set_cookie_may_repeat)
{
    MAKE_APP(app, &make_async_route);
    gr_test *test = serve(app);
    gr_test_conn *conn = gr_test_connect(test);
    make = with_headers;
    SEND(conn, GET("/async"));
    const char *head = gr_test_received(conn, NULL);
    HAS(head, "\r\nX-A: one\r\n");
    HAS(head, "\r\nSet-Cookie: a=1\r\n");
    HAS(head, "\r\nSet-Cookie: b=2\r\n");
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(content_type_replaces)
{
    MAKE_APP(app, &make_async_route);
    gr_test *test = serve(app);
    gr_test_conn *conn = gr_test_connect(test);
    make = with_headers;
    SEND(conn, GET("/async"));
    HAS(gr_test_received(conn, NULL), "text/csv");
    LACKS(gr_test_received(conn, NULL), "text/plain");
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

static gr_reply inspected(gr_req *req)
{
    gr_reply reply = with_headers(req);
    ck_assert_int_eq(gr_reply_status(reply), 200);
    ck_assert_str_eq(gr_reply_header(reply, "x-a"), "one");
    ck_assert_str_eq(gr_reply_header(reply, "set-cookie"), "a=1");
    ck_assert_str_eq(gr_reply_header(reply, "content-type"), "text/csv");
    ck_assert_ptr_null(gr_reply_header(reply, "x-b"));
    ck_assert_ptr_null(gr_reply_header(gr_empty(req, 204), "content-type"));
    return reply;
}

START_TEST(a_reply_tells_its_status_and_headers)
{
    check_made(inspected, 200, "text/csv", "x");
}
END_TEST

/* --- fields that a reply has once --- */

static size_t count_text(const char *text, const char *part)
{
    size_t n = 0;
    for (; (text = strcasestr(text, part)) != NULL; text += strlen(part))
        n++;
    return n;
}

static gr_reply set_twice(gr_req *req)
{
    gr_reply reply = gr_with_status(gr_redirect(req, "/first"), 200);
    static const char *const single[] = {"Age",
                                         "Content-Disposition",
                                         "content-LOCATION",
                                         "Content-Range",
                                         "ETag",
                                         "Expires",
                                         "Last-Modified",
                                         "Location",
                                         "Retry-After",
                                         "Server",
                                         "Strict-Transport-Security",
                                         "Access-Control-Allow-Origin",
                                         "Access-Control-Allow-Credentials",
                                         "Access-Control-Max-Age",
                                         "Content-Type"};
    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++)
        reply = gr_with_header(gr_with_header(reply, single[i], "first"), single[i], "mine");
    reply = gr_with_header(gr_with_header(reply, "Vary", "first"), "Vary", "mine");
    ck_assert_str_eq(gr_reply_header(reply, "Server"), "mine");
    ck_assert_str_eq(gr_reply_header(reply, "location"), "mine");
    return reply;
}

START_TEST(what_a_reply_has_once_replaces_and_the_rest_is_added)
{
    MAKE_APP(app, &make_async_route);
    gr_test *test = serve(app);
    gr_test_conn *conn = gr_test_connect(test);
    make = set_twice;
    SEND(conn, GET("/async"));
    const char *head = gr_test_received(conn, NULL);
    ck_assert_uint_eq(count_text(head, ": first\r\n"), 1); /* Vary */
    ck_assert_uint_eq(count_text(head, ": mine\r\n"), 16);
    ck_assert_uint_eq(count_text(head, "\nserver:"), 1);
    ck_assert_uint_eq(count_text(head, "\nlocation:"), 1);
    ck_assert_uint_eq(count_text(head, "\ndate: "), 1);
    HAS(head, "HTTP/1.1 200 OK\r\n");
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

static gr_reply set_and_removed(gr_req *req)
{
    gr_reply reply = gr_text(req, "x");
    for (int i = 0; i < 3; i++)
        reply = gr_with_header(gr_with_header(gr_with_header(reply, "X-A", "a"), "X-B", "b"), "Set-Cookie", "c=1");
    ck_assert_ptr_null(gr_reply_header(reply, "Server"));
    reply = gr_set_header(gr_set_header(reply, "x-a", " once "), "X-b", NULL);
    reply = gr_set_header(gr_set_header(reply, "Server", NULL), "Content-Type", NULL);
    ck_assert_ptr_null(gr_reply_header(reply, "Server"));
    ck_assert_ptr_null(gr_reply_header(reply, "content-type"));
    return gr_set_header(gr_set_header(reply, "X-None", NULL), "X-Empty", "");
}

START_TEST(set_header_replaces_or_removes_whatever_the_name)
{
    MAKE_APP(app, &make_async_route);
    gr_test *test = serve(app);
    gr_test_conn *conn = gr_test_connect(test);
    make = set_and_removed;
    SEND(conn, GET("/async"));
    const char *head = gr_test_received(conn, NULL);
    ck_assert_uint_eq(count_text(head, "\nx-a: once\r\n"), 1);
    ck_assert_uint_eq(count_text(head, "\nx-a:"), 1);
    ck_assert_uint_eq(count_text(head, "\nset-cookie: c=1"), 3);
    HAS(head, "X-Empty: \r\n");
    LACKS(head, "X-B");
    LACKS(head, "X-None");
    ck_assert_uint_eq(count_text(head, "\nserver:"), 0);
    ck_assert_uint_eq(count_text(head, "\ncontent-type:"), 0);
    ck_assert_uint_eq(count_text(head, "\ndate:"), 1);
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

static gr_reply set_own(gr_req *req)
{
    return gr_set_header(gr_text(req, "x"), header_name, header_value);
}

START_TEST(set_header_refuses_what_with_header_refuses)
{
    static const char *const wrong[][2] = {
        {"Content-Length", "1"}, {"Content-Length", NULL}, {"date", NULL}, {"X-A", "a\r\nb"}, {"X A", "a"}, {"", NULL}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        header_name = wrong[i][0];
        header_value = wrong[i][1];
        check_refused(set_own, "the header \"");
    }
    header_name = NULL;
    check_refused(set_own, "gr_set_header(): the name is NULL");
}
END_TEST

/* --- failures --- */

static gr_reply fail_twice(gr_req *req)
{
    int rc = gr_fail(req, 409, "first %d", 1);
    ck_assert_int_eq(rc, 409);
    ck_assert_int_eq(gr_fail(req, 404, "second"), 409);
    return gr_failed(req, rc);
}

START_TEST(the_first_failure_of_a_request_wins)
{
    check_made(fail_twice, 409, "application/json", "{\"detail\":\"first 1\"}");
}
END_TEST

static gr_reply fail_wrongly(gr_req *req)
{
    int rc = gr_fail(req, 302, "elsewhere");
    ck_assert_int_eq(rc, 500);
    return gr_failed(req, rc);
}

START_TEST(a_failure_with_a_status_that_is_none_is_500)
{
    check_refused(fail_wrongly, "302 is no error status");
}
END_TEST

static int code;

static gr_reply failed(gr_req *req)
{
    return gr_failed(req, code);
}

START_TEST(a_busy_pool_is_503_with_retry_after)
{
    code = GR_EBUSY;
    check_made(failed, 503, "text/plain; charset=utf-8", "Service Unavailable");
    MAKE_APP(app, &make_async_route);
    gr_test *test = serve(app);
    gr_answer *answer = answer_of(test, failed, "/async");
    ck_assert_str_eq(gr_answer_header(answer, "Retry-After"), "1");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(a_deadline_is_504)
{
    code = GR_ETIMEDOUT;
    check_made(failed, 504, "application/json", "{\"detail\":\"Gateway Timeout\"}");
}
END_TEST

START_TEST(any_other_code_is_500_and_logged)
{
    code = GR_EIO;
    check_refused(failed, gr_strerror(GR_EIO));
    code = GR_ENOMEM;
    check_refused(failed, gr_strerror(GR_ENOMEM));
    code = 0;
    check_refused(failed, "gr_failed(req, 0) without a gr_fail(): 0 is no failure");
    code = 404;
    check_refused(failed, "gr_failed(req, 404) without a gr_fail(): call gr_fail(req, 404, ...)");
}
END_TEST

START_TEST(a_cancelled_handler_gives_no_reply_and_closes_the_connection)
{
    MAKE_APP(app, &make_async_route, &make_blocking_route);
    gr_test *test = serve(app);
    code = GR_ECANCELED;
    make = failed;
    static const char *const requests[] = {GET("/async"), GET("/blocking")};
    for (int i = 0; i < 2; i++) {
        gr_test_conn *conn = gr_test_connect(test);
        size_t len;
        SEND(conn, requests[i]);
        gr_test_received(conn, &len);
        ck_assert_uint_eq(len, 0);
        ck_assert(gr_test_closed(conn));
        gr_test_conn_destroy(conn);
    }
    end(test, app);
}
END_TEST

int main(void)
{
    return run_tests("app replies",
                     (test_list){text_is_copied_and_sent_as_utf_8,
                                 html_is_sent_as_html,
                                 bytes_are_sent_as_they_are,
                                 no_bytes_of_no_type_are_a_reply,
                                 an_empty_reply_has_no_body,
                                 json_is_compact,
                                 a_redirect_encodes_what_a_header_may_not_carry,
                                 an_error_has_its_text_as_detail,
                                 with_status_changes_the_status,
                                 null_is_500,
                                 json_pack_that_gave_null_is_500_and_the_log_says_what_it_may_have_been,
                                 cr_or_lf_in_a_header_is_500,
                                 a_header_name_that_is_no_token_is_500,
                                 the_servers_own_headers_are_refused,
                                 cr_or_lf_in_a_content_type_is_500,
                                 a_status_out_of_range_is_500,
                                 a_reply_that_has_become_a_500_stays_one,
                                 text_that_is_not_utf_8_is_500,
                                 json_of_64_levels_is_sent,
                                 json_of_more_than_64_levels_is_500,
                                 json_that_is_refused_before_its_depth_is_seen_is_freed_all_the_same,
                                 large_json_of_an_async_handler_is_what_jansson_dumps,
                                 large_json_of_a_blocking_handler_is_what_jansson_dumps,
                                 large_json_that_turns_out_too_deep_is_500,
                                 large_json_that_turns_out_not_utf_8_is_500_with_a_log_line,
                                 large_json_dropped_by_middleware_is_freed,
                                 large_json_that_the_handler_did_not_return_is_freed,
                                 large_json_keeps_the_status_and_headers_added_to_it,
                                 large_json_to_head_has_the_length_of_the_body,
                                 headers_are_copied_and_set_cookie_may_repeat,
                                 content_type_replaces,
                                 a_reply_tells_its_status_and_headers,
                                 what_a_reply_has_once_replaces_and_the_rest_is_added,
                                 set_header_replaces_or_removes_whatever_the_name,
                                 set_header_refuses_what_with_header_refuses,
                                 the_first_failure_of_a_request_wins,
                                 a_failure_with_a_status_that_is_none_is_500,
                                 a_busy_pool_is_503_with_retry_after,
                                 a_deadline_is_504,
                                 any_other_code_is_500_and_logged,
                                 a_cancelled_handler_gives_no_reply_and_closes_the_connection,
                                 NULL},
                     10);
}
