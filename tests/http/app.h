/* What the tests of the HTTP layer share: a small application, a server in memory, and what a client saw. */
#ifndef TESTS_HTTP_APP_H
#define TESTS_HTTP_APP_H

#include <griddle/stream.h>
#include <griddle/testing.h>

#include "run.h"

/* A literal with its length, so that it may hold NUL. */
#define RAW(s) (s), sizeof(s) - 1

struct server {
    gr_app *app;
    gr_test *test;
    gr_test_conn *conn;
};

GR_UNUSED static int handler_runs; /* of async handlers: the loop's thread alone counts */

GR_UNUSED static gr_reply hello(gr_co co, gr_req *req)
{
    (void)co;
    handler_runs++;
    return gr_text(req, "hello");
}
GR_GET("/", hello);

/* Says what it was given: the method, the length of the body, the body. */
GR_UNUSED static gr_reply echo(gr_co co, gr_req *req)
{
    (void)co;
    handler_runs++;
    size_t len;
    const char *body = gr_body(req, &len);
    return gr_content(req, "application/octet-stream", body, len);
}
GR_POST("/echo", echo);

GR_UNUSED static gr_reply ignore(gr_co co, gr_req *req)
{
    (void)co;
    handler_runs++;
    return gr_text(req, "ignored");
}
GR_POST("/ignore", ignore, .stream_body = true);

static inline struct server serve_n(const gr_route *const *routes, size_t n, const gr_limits *limits)
{
    struct server s = {.app = gr_app_create("tests", "1")};
    gr_app_add_n(s.app, routes, n);
    gr_app_add(s.app, &hello_route, &echo_route, &ignore_route);
    if (limits)
        gr_app_set_limits(s.app, limits);
    s.test = gr_test_create(s.app);
    ck_assert_ptr_nonnull(s.test);
    s.conn = gr_test_connect(s.test);
    ck_assert_ptr_nonnull(s.conn);
    return s;
}

#define serve(limits, ...) \
    serve_n((const gr_route *const[]){__VA_ARGS__}, \
            sizeof((const gr_route *const[]){__VA_ARGS__}) / sizeof(gr_route *), (limits))

static inline void finish(struct server *s)
{
    gr_test_conn_destroy(s->conn);
    gr_test_destroy(s->test);
    gr_app_destroy(s->app);
}

/* What came of raw bytes: the answers in order, then whether the server closed its side. */
struct seen {
    int n, status[4];
    bool closed;
    int runs;
};

static inline struct seen look(struct server *s)
{
    struct seen seen = {.closed = gr_test_closed(s->conn), .runs = handler_runs};
    gr_answer *answer;
    while ((answer = gr_test_next_answer(s->conn, false)) != NULL) {
        if (seen.n < 4)
            seen.status[seen.n] = gr_answer_status(answer);
        seen.n++;
        gr_answer_free(answer);
    }
    size_t rest;
    gr_test_received(s->conn, &rest);
    ck_assert_msg(rest == 0, "bytes behind the last answer");
    return seen;
}

static inline struct seen see_in_steps(const char *raw, size_t len, size_t step)
{
    handler_runs = 0;
    struct server s = serve_n(NULL, 0, NULL);
    for (size_t at = 0; at < len; at += step)
        gr_test_send(s.conn, raw + at, step < len - at ? step : len - at);
    struct seen seen = look(&s);
    ck_assert_uint_eq(gr_test_coroutines(s.test), 0);
    finish(&s);
    return seen;
}

static inline bool same(const struct seen *a, const struct seen *b)
{
    return a->n == b->n && memcmp(a->status, b->status, sizeof a->status) == 0 && a->closed == b->closed &&
           a->runs == b->runs;
}

/* The same result whether the bytes come at once, byte by byte, or in threes. */
static inline struct seen see(const char *raw, size_t len)
{
    struct seen seen = see_in_steps(raw, len, len), bytes = see_in_steps(raw, len, 1),
                threes = see_in_steps(raw, len, 3);
    ck_assert_msg(same(&seen, &bytes), "byte by byte: %d answers, the first %d, not %d and %d: %.300s", bytes.n,
                  bytes.status[0], seen.n, seen.status[0], raw);
    ck_assert_msg(same(&seen, &threes), "in threes: %d answers, the first %d, not %d and %d: %.300s", threes.n,
                  threes.status[0], seen.n, seen.status[0], raw);
    return seen;
}

/* Exactly one answer, of that status, no handler run, and the connection closed. */
static inline void refused(int status, const char *raw, size_t len)
{
    struct seen seen = see(raw, len);
    ck_assert_msg(seen.n == 1 && seen.status[0] == status && seen.closed && seen.runs == 0,
                  "%d answers, the first %d, %s, %d handlers run, but one %d was expected: %.300s", seen.n,
                  seen.status[0], seen.closed ? "closed" : "open", seen.runs, status, raw);
}

/* Exactly one answer of that status. */
static inline void answered(int status, bool closed, const char *raw, size_t len)
{
    struct seen seen = see(raw, len);
    ck_assert_msg(seen.n == 1 && seen.status[0] == status && seen.closed == closed,
                  "%d answers, the first %d, %s, but one %d was expected: %.300s", seen.n, seen.status[0],
                  seen.closed ? "closed" : "open", status, raw);
}

static inline void send_text(struct server *s, const char *text)
{
    gr_test_send(s->conn, text, strlen(text));
}

/* The next answer's status, 0 where there is none; its body has to be `body` unless that is NULL. */
static inline int next_status(struct server *s, const char *body)
{
    gr_answer *answer = gr_test_next_answer(s->conn, false);
    if (!answer)
        return 0;
    if (body)
        ck_assert_str_eq(gr_answer_body(answer, NULL), body);
    int status = gr_answer_status(answer);
    gr_answer_free(answer);
    return status;
}

#endif
