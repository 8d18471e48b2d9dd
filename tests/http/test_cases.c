/* Raw bytes on a connection, and what must come of them: the checklist of bad inputs, by number. */
#include <griddle.h>
#include <griddle/testing.h>
#include <string.h>

#include "run.h"

static int n_calls;

static gr_reply root(gr_co co, gr_req *req)
{
    (void)co;
    n_calls++;
    size_t len;
    const char *body = gr_body(req, &len);
    return gr_content(req, "text/plain", body, len);
}
GR_GET("/", root);
GR_ROUTE_AS(post_root, "POST", "/", root);

static gr_reply where(gr_co co, gr_req *req)
{
    (void)co;
    n_calls++;
    return gr_text(req, gr_path(req));
}
GR_GET("/p/{rest:path}", where);

/* `status` 0: no answer at all. `calls`: how often a handler ran; `closes`: whether the connection ends. */
struct raw_case {
    const char *name, *bytes;
    int status;
    bool closes;
    int calls;
    const char *body; /* NULL: any */
};

#define HEAD_    "GET / HTTP/1.1\r\nHost: a\r\n"
#define POST_    "POST / HTTP/1.1\r\nHost: a\r\n"
#define CHUNKED_ POST_ "Transfer-Encoding: chunked\r\n\r\n"

static const struct raw_case cases[] = {
    {"1 CVE-2023-30589: a CR that ends no line", POST_ "X-Abc:\rxTransfer-Encoding: chunked\r\n\r\n1\r\nA\r\n0\r\n\r\n",
     400, true, 0, NULL},
    {"1 CVE-2024-27982: a length in a folded line", POST_ " Content-Length: 1\r\n\r\nA", 400, true, 0, NULL},
    {"1 a folded Transfer-Encoding", POST_ "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400, true, 0, NULL},
    {"1 CVE-2025-23167: a head ended by CR", HEAD_ "\rXGET /evil HTTP/1.1\r\nHost: b\r\n\r\n", 400, true, 0, NULL},
    {"2 bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400, true, 0, NULL},
    {"2 bare LF at the end", HEAD_ "\n", 400, true, 0, NULL},
    {"2 bare CR in a value", HEAD_ "X: a\rb\r\n\r\n", 400, true, 0, NULL},
    {"3 a folded line", HEAD_ "X: a\r\n b\r\n\r\n", 400, true, 0, NULL},
    {"3 a folded line by HTAB", HEAD_ "X: a\r\n\tb\r\n\r\n", 400, true, 0, NULL},
    {"3 a folded trailer", CHUNKED_ "0\r\nX: a\r\n b\r\n\r\n", 400, true, 0, NULL},
    {"4 a space before the colon", HEAD_ "X : a\r\n\r\n", 400, true, 0, NULL},
    {"5 an empty name", HEAD_ ": a\r\n\r\n", 400, true, 0, NULL},
    {"5 no colon", HEAD_ "Xa\r\n\r\n", 400, true, 0, NULL},
    {"5 a name that is no token", HEAD_ "X(Y): a\r\n\r\n", 400, true, 0, NULL},
    {"6 a control character in a value", HEAD_ "X: a\x01z\r\n\r\n", 400, true, 0, NULL},
    {"6 DEL in a value", HEAD_ "X: a\x7fz\r\n\r\n", 400, true, 0, NULL},
    {"7 both length and coding", POST_ "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, true, 0,
     NULL},
    {"7 both, the other way round", POST_ "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n", 400, true,
     0, NULL},
    {"8 two equal lengths", POST_ "Content-Length: 1\r\nContent-Length: 1\r\n\r\nA", 400, true, 0, NULL},
    {"9 a length with a sign", POST_ "Content-Length: +1\r\n\r\nA", 400, true, 0, NULL},
    {"9 a negative length", POST_ "Content-Length: -1\r\n\r\nA", 400, true, 0, NULL},
    {"9 a hexadecimal length", POST_ "Content-Length: 0x1\r\n\r\nA", 400, true, 0, NULL},
    {"9 a list of lengths", POST_ "Content-Length: 1,1\r\n\r\nA", 400, true, 0, NULL},
    {"9 an underscore in a length", POST_ "Content-Length: 1_0\r\n\r\n0123456789", 400, true, 0, NULL},
    {"9 an empty length", POST_ "Content-Length: \r\n\r\n", 400, true, 0, NULL},
    {"9 a length of 2^64", POST_ "Content-Length: 18446744073709551616\r\n\r\n", 400, true, 0, NULL},
    {"10 a length of 2^64-1", POST_ "Content-Length: 18446744073709551615\r\n\r\n", 413, true, 0, NULL},
    {"10 a length over the limit", POST_ "Content-Length: 1048577\r\n\r\n", 413, true, 0, NULL},
    {"11 another coding", POST_ "Transfer-Encoding: gzip\r\n\r\n", 400, true, 0, NULL},
    {"11 a coding before chunked", POST_ "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501, true, 0, NULL},
    {"11 chunked twice", POST_ "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400, true, 0, NULL},
    {"12 a coding on HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, true, 0, NULL},
    {"13 an empty chunk size", CHUNKED_ "\r\nhello\r\n0\r\n\r\n", 400, true, 0, NULL},
    {"13 a chunk size with a sign", CHUNKED_ "+5\r\nhello\r\n0\r\n\r\n", 400, true, 0, NULL},
    {"13 a chunk size with 0x", CHUNKED_ "0x5\r\nhello\r\n0\r\n\r\n", 400, true, 0, NULL},
    {"13 a chunk size with an underscore", CHUNKED_ "5_\r\nhello\r\n0\r\n\r\n", 400, true, 0, NULL},
    {"13 a space before a chunk size", CHUNKED_ " 5\r\nhello\r\n0\r\n\r\n", 400, true, 0, NULL},
    {"13 a space behind a chunk size", CHUNKED_ "5 \r\nhello\r\n0\r\n\r\n", 400, true, 0, NULL},
    {"14 seventeen digits of chunk size", CHUNKED_ "10000000000000005\r\nhello\r\n0\r\n\r\n", 400, true, 0, NULL},
    {"14 seventeen digits that begin with zeros", CHUNKED_ "00000000000000005\r\nhello\r\n0\r\n\r\n", 400, true, 0,
     NULL},
    {"white space behind a value is no part of it", "GET / HTTP/1.1\r\nHost: a \r\n\r\n", 200, false, 1, ""},
    {"14 seventeen f", CHUNKED_ "fffffffffffffffff\r\n", 400, true, 0, NULL},
    {"14 sixteen f", CHUNKED_ "ffffffffffffffff\r\n", 413, true, 0, NULL},
    {"15 data without CRLF", CHUNKED_ "5\r\nhelloX\r\n0\r\n\r\n", 400, true, 0, NULL},
    {"15 data ended by LF", CHUNKED_ "5\r\nhello\n0\r\n\r\n", 400, true, 0, NULL},
    {"17 a length among the trailers", CHUNKED_ "0\r\nContent-Length: 5\r\n\r\n", 400, true, 0, NULL},
    {"17 a coding among the trailers", CHUNKED_ "0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, true, 0, NULL},
    {"17 a host among the trailers", CHUNKED_ "0\r\nHost: b\r\n\r\n", 400, true, 0, NULL},
    {"17 another trailer is fine", CHUNKED_ "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n", 200, false, 1, "hello"},
    {"20 a request in a body is a body", POST_ "Content-Length: 35\r\n\r\nGET /evil HTTP/1.1\r\nHost: abcde\r\n\r\n",
     200, false, 1, "GET /evil HTTP/1.1\r\nHost: abcde\r\n\r\n"},
    {"21 no Host", "GET / HTTP/1.1\r\n\r\n", 400, true, 0, NULL},
    {"21 two Hosts", HEAD_ "Host: a\r\n\r\n", 400, true, 0, NULL},
    {"21 an empty Host", "GET / HTTP/1.1\r\nHost: \r\n\r\n", 400, true, 0, NULL},
    {"21 a Host with userinfo", "GET / HTTP/1.1\r\nHost: u@h\r\n\r\n", 400, true, 0, NULL},
    {"22 HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 200, true, 1, ""},
    {"23 GET *", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, true, 0, NULL},
    {"23 OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 204, false, 0, ""},
    {"24 absolute form", "GET http://b/p/x HTTP/1.1\r\nHost: a\r\n\r\n", 200, false, 1, "/p/x"},
    {"24 absolute form with nothing but a query", "GET http://b?x=1 HTTP/1.1\r\nHost: a\r\n\r\n", 200, false, 1, ""},
    {"25 authority form without CONNECT", "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400, true, 0, NULL},
    {"26 CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 501, true, 0, NULL},
    {"27 TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405, false, 0, NULL},
    {"28 an unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501, true, 0, NULL},
    {"28 a method that is no token", "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, true, 0, NULL},
    {"31 HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, true, 0, NULL},
    {"31 HTTP/9.9", "GET / HTTP/9.9\r\nHost: a\r\n\r\n", 505, true, 0, NULL},
    {"31 HTTP/0.9", "GET /\r\n\r\n", 400, true, 0, NULL},
    {"31 another protocol", "GET / RTSP/1.0\r\nHost: a\r\n\r\n", 400, true, 0, NULL},
    {"31 two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, true, 0, NULL},
    {"31 a fragment", "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n", 400, true, 0, NULL},
    {"31 three leading CRLFs", "\r\n\r\n\r\n" HEAD_ "\r\n", 400, true, 0, NULL},
    {"31 two leading CRLFs are skipped", "\r\n\r\n" HEAD_ "\r\n", 200, false, 1, ""},
    {"32 the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, true, 0, NULL},
    {"33 a TLS hello", "\x16\x03\x01\x02\x05\x01\x01\xfc\x03\x03", 400, true, 0, NULL},
    {"35 another Expect", POST_ "Expect: cake\r\nContent-Length: 1\r\n\r\nA", 417, true, 0, NULL},
    {"37 a known path, wrong method", "DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", 405, false, 0, NULL},
    {"39 an encoded NUL", "GET /p/a%00b HTTP/1.1\r\nHost: a\r\n\r\n", 400, false, 0, NULL},
    {"40 a bad escape", "GET /p/%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400, false, 0, NULL},
    {"40 an escape cut at the end", "GET /p/a% HTTP/1.1\r\nHost: a\r\n\r\n", 400, false, 0, NULL},
    {"40 an escape cut in the middle", "GET /p/a%4 HTTP/1.1\r\nHost: a\r\n\r\n", 400, false, 0, NULL},
    {"41 an overlong slash", "GET /p/%c0%af HTTP/1.1\r\nHost: a\r\n\r\n", 400, false, 0, NULL},
    {"42 a climbing path", "GET /p/../x HTTP/1.1\r\nHost: a\r\n\r\n", 400, false, 0, NULL},
    {"42 encoded dots", "GET /p/%2e%2e/x HTTP/1.1\r\nHost: a\r\n\r\n", 400, false, 0, NULL},
    {"42 an encoded slash", "GET /p/..%2fx HTTP/1.1\r\nHost: a\r\n\r\n", 400, false, 0, NULL},
    {"42 an encoded backslash", "GET /p/a%5cb HTTP/1.1\r\nHost: a\r\n\r\n", 400, false, 0, NULL},
    {"43 decoded exactly once", "GET /p/%252e HTTP/1.1\r\nHost: a\r\n\r\n", 200, false, 1, "/p/%2e"},
    {"keep-alive on HTTP/1.0", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, false, 1, ""},
    {"Connection: close", HEAD_ "Connection: close\r\n\r\n", 200, true, 1, ""},
    {"Connection: close in a list, with HTAB", HEAD_ "Connection: x,\tclose\t\r\n\r\n", 200, true, 1, ""},
    {"a body by its length", POST_ "Content-Length: 5\r\n\r\nhello", 200, false, 1, "hello"},
    {"a body in chunks", CHUNKED_ "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", 200, false, 1, "hello"},
    {"chunk extensions", CHUNKED_ "5;a=b\r\nhello\r\n0;x\r\n\r\n", 200, false, 1, "hello"},
    {"an upgrade that is not taken", HEAD_ "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n", 200, false, 1, ""},
};
enum { N_CASES = sizeof cases / sizeof cases[0] };

static gr_app *app;
static gr_test *test;

static void begin(void)
{
    app = gr_app_create("Cases", "1");
    gr_app_add(app, &root_route, &post_root_route, &where_route);
    test = gr_test_create(app);
    ck_assert_ptr_nonnull(test);
    n_calls = 0;
}

static void end(void)
{
    ck_assert_uint_eq(gr_test_coroutines(test), 0);
    gr_test_destroy(test);
    gr_app_destroy(app);
}

static void check_answer(const struct raw_case *wanted, gr_test_conn *conn, const char *how)
{
    gr_answer *answer = gr_test_next_answer(conn, false);
    ck_assert_msg(answer, "%s (%s): no answer", wanted->name, how);
    ck_assert_msg(gr_answer_status(answer) == wanted->status, "%s (%s): wanted %d, got %d", wanted->name, how,
                  wanted->status, gr_answer_status(answer));
    ck_assert_msg(!wanted->body || strcmp(gr_answer_body(answer, NULL), wanted->body) == 0,
                  "%s (%s): wanted the body \"%s\", got \"%s\"", wanted->name, how, wanted->body,
                  gr_answer_body(answer, NULL));
    gr_answer_free(answer);
}

static void check_case(const struct raw_case *wanted, size_t first, size_t step, const char *how)
{
    gr_test_conn *conn = gr_test_connect(test);
    size_t len = strlen(wanted->bytes), at = first < len ? first : len;
    n_calls = 0;
    gr_test_send(conn, wanted->bytes, at);
    for (; at < len; at += step)
        gr_test_send(conn, wanted->bytes + at, step < len - at ? step : len - at);
    check_answer(wanted, conn, how);
    ck_assert_msg(n_calls == wanted->calls, "%s (%s): wanted %d calls, got %d", wanted->name, how, wanted->calls,
                  n_calls);
    ck_assert_msg(gr_test_closed(conn) == wanted->closes, "%s (%s): wanted it %s", wanted->name, how,
                  wanted->closes ? "closed" : "open");
    ck_assert_msg(!gr_test_next_answer(conn, false), "%s (%s): a second answer", wanted->name, how);
    gr_test_conn_destroy(conn);
}

START_TEST(each_case_at_once)
{
    begin();
    check_case(&cases[_i], strlen(cases[_i].bytes), 1, "at once");
    end();
}
END_TEST

START_TEST(each_case_a_byte_a_write)
{
    begin();
    check_case(&cases[_i], 1, 1, "a byte a write");
    end();
}
END_TEST

START_TEST(each_case_split_at_every_point)
{
    begin();
    size_t len = strlen(cases[_i].bytes);
    for (size_t split = 1; split < len; split++)
        check_case(&cases[_i], split, len, "split");
    end();
}
END_TEST

START_TEST(each_valid_case_pipelined_with_itself)
{
    const struct raw_case *wanted = &cases[_i];
    char twice[2048];
    if (wanted->closes)
        return;
    begin();
    snprintf(twice, sizeof twice, "%s%s", wanted->bytes, wanted->bytes);
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_send(conn, twice, strlen(twice));
    check_answer(wanted, conn, "first of two");
    check_answer(wanted, conn, "second of two");
    ck_assert_int_eq(n_calls, 2 * wanted->calls);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cases");
    TCase *tcase = tcase_create("cases");
    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, each_case_at_once, 0, N_CASES);
    tcase_add_loop_test(tcase, each_case_a_byte_a_write, 0, N_CASES);
    tcase_add_loop_test(tcase, each_case_split_at_every_point, 0, N_CASES);
    tcase_add_loop_test(tcase, each_valid_case_pipelined_with_itself, 0, N_CASES);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner), run = srunner_ntests_run(runner);
    srunner_free(runner);
    printf("%d passed, %d failed\n", run - failed, failed);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
