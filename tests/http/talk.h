/* A conversation with a test server, byte for byte: what a client sends, what it must get. */
#ifndef TESTS_HTTP_TALK_H
#define TESTS_HTTP_TALK_H

#include <griddle.h>
#include <griddle/testing.h>

#include "run.h"

struct talk {
    gr_app *app;
    gr_test *test;
    gr_test_conn *conn;
    int cancelled; /* handlers that saw GR_ECANCELED */
    int ended;     /* handlers that ran to their end */
};

/* --- the operations --- */

static inline gr_reply plain(gr_co co, gr_req *req)
{
    (void)co;
    ((struct talk *)gr_state(req))->ended++;
    return gr_text(req, "ok");
}
GR_GET("/plain", plain);

static inline gr_reply path(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, gr_path(req));
}
GR_GET("/path/{rest:path}", path);

/* Answers with the number of milliseconds that it has slept. */
static inline gr_reply sleeps(gr_co co, gr_req *req)
{
    struct talk *talk = gr_state(req);
    int64_t began = gr_now_ms(co);
    int rc = gr_sleep(co, atoi(gr_path_param(req, "ms")));
    talk->cancelled += rc == GR_ECANCELED;
    talk->ended++;
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%d", (int)(gr_now_ms(co) - began)));
}
GR_GET("/sleep/{ms:int}", sleeps);
GR_ROUTE_AS(finishes, "GET", "/finish/{ms:int}", sleeps, .finish_if_abandoned = true);

static inline gr_reply echo(gr_co co, gr_req *req)
{
    (void)co;
    size_t len;
    const char *body = gr_body(req, &len);
    ((struct talk *)gr_state(req))->ended++;
    return gr_content(req, "application/octet-stream", body, len);
}
GR_POST("/echo", echo);
GR_ROUTE_AS(echo_little, "POST", "/echo/little", echo, .max_body_bytes = 10);

static inline gr_reply big(gr_co co, gr_req *req)
{
    (void)co;
    size_t len = (size_t)atol(gr_path_param(req, "bytes"));
    char *bytes = gr_alloc(req, len + 1);
    ck_assert_ptr_nonnull(bytes);
    memset(bytes, 'x', len);
    return gr_text(req, bytes);
}
GR_GET("/big/{bytes:int}", big);

static inline gr_reply status(gr_co co, gr_req *req)
{
    (void)co;
    return gr_empty(req, atoi(gr_path_param(req, "status")));
}
GR_GET("/status/{status:int}", status);

static inline gr_reply target(gr_co co, gr_req *req)
{
    (void)co;
    const char *host = gr_header(req, "Host");
    return gr_text(req, gr_printf(req, "%s of %s, %s", gr_target(req), host ? host : "nobody", gr_path(req)));
}
GR_GET("/target/{rest:path}", target);

static inline gr_reply blocks(gr_req *req)
{
    return gr_text(req, "blocked");
}
GR_GET("/block", blocks);

/* --- the conversation --- */

static inline struct talk *talk_begin_limited(const gr_limits *limits)
{
    struct talk *talk = calloc(1, sizeof *talk);
    talk->app = gr_app_create("Talk", "1");
    gr_app_set_state(talk->app, talk);
    if (limits)
        gr_app_set_limits(talk->app, limits);
    gr_app_add(talk->app, &plain_route, &path_route, &sleeps_route, &finishes_route, &echo_route, &echo_little_route,
               &big_route, &status_route, &target_route, &blocks_route);
    talk->test = gr_test_create(talk->app);
    ck_assert_ptr_nonnull(talk->test);
    talk->conn = gr_test_connect(talk->test);
    return talk;
}

static inline struct talk *talk_begin(void)
{
    return talk_begin_limited(NULL);
}

/* The client leaves, and whatever it had begun comes to its end. */
static inline void hang_up(struct talk *talk)
{
    gr_test_conn_destroy(talk->conn);
    talk->conn = NULL;
    gr_test_advance(talk->test, 100000);
    ck_assert_uint_eq(gr_test_coroutines(talk->test), 0);
}

static inline void talk_end(struct talk *talk)
{
    hang_up(talk);
    gr_test_destroy(talk->test);
    gr_app_destroy(talk->app);
    free(talk);
}

static inline void call_again(struct talk *talk)
{
    hang_up(talk);
    talk->conn = gr_test_connect(talk->test);
}

/* From memory of just that size, so that a sanitizer sees a byte too many being read. */
static inline void say_n(struct talk *talk, const char *bytes, size_t n)
{
    char *copy = malloc(n ? n : 1);
    memcpy(copy, bytes, n);
    gr_test_send(talk->conn, copy, n);
    free(copy);
}

static inline void say(struct talk *talk, const char *text)
{
    say_n(talk, text, strlen(text));
}

static inline void say_byte_by_byte(struct talk *talk, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        say_n(talk, bytes + i, 1);
}

static inline const char *heard(struct talk *talk)
{
    return gr_test_received(talk->conn, NULL);
}

static inline gr_answer *hear(struct talk *talk)
{
    gr_answer *answer = gr_test_next_answer(talk->conn, false);
    ck_assert_msg(answer != NULL, "wanted an answer, got \"%s\"", heard(talk));
    return answer;
}

static inline void expect_status(struct talk *talk, int wanted)
{
    gr_answer *answer = hear(talk);
    ck_assert_int_eq(gr_answer_status(answer), wanted);
    gr_answer_free(answer);
}

static inline void expect_body(struct talk *talk, const char *wanted)
{
    gr_answer *answer = hear(talk);
    ck_assert_int_eq(gr_answer_status(answer), 200);
    ck_assert_str_eq(gr_answer_body(answer, NULL), wanted);
    gr_answer_free(answer);
}

static inline void expect_nothing(struct talk *talk)
{
    ck_assert_str_eq(heard(talk), "");
}

static inline void expect_closed(struct talk *talk)
{
    ck_assert_msg(gr_test_closed(talk->conn), "wanted a closed connection, it is open");
}

static inline void expect_open(struct talk *talk)
{
    ck_assert_msg(!gr_test_closed(talk->conn), "wanted an open connection, it is closed");
}

/* The connection can be used again. */
static inline void expect_alive(struct talk *talk)
{
    expect_open(talk);
    expect_nothing(talk);
    say(talk, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_body(talk, "ok");
}

static inline const char *shown(const char *raw)
{
    static char text[400];
    size_t n = 0;
    for (; *raw && n + 5 < sizeof text; raw++)
        n += (size_t)snprintf(text + n, 5, *raw >= ' ' && *raw < 0x7f ? "%c" : "\\x%02x", (unsigned char)*raw);
    return text;
}

/* Exactly one answer, of that status, then the end; and no handler has run to its end. */
static inline void expect_refused(const char *raw, size_t n, int wanted)
{
    struct talk *talk = talk_begin();
    say_n(talk, raw, n);
    gr_answer *answer = gr_test_next_answer(talk->conn, false);
    ck_assert_msg(answer != NULL, "%s: wanted %d, got nothing", shown(raw), wanted);
    ck_assert_msg(gr_answer_status(answer) == wanted, "%s: wanted %d, got %d", shown(raw), wanted,
                  gr_answer_status(answer));
    ck_assert_msg(!strcmp(heard(talk), ""), "%s: wanted one answer, got also \"%s\"", shown(raw), heard(talk));
    ck_assert_msg(gr_test_closed(talk->conn), "%s: wanted a closed connection", shown(raw));
    ck_assert_msg(talk->ended == 0, "%s: a handler ran", shown(raw));
    gr_answer_free(answer);
    talk_end(talk);
}

#define EXPECT_REFUSED(raw, wanted) expect_refused((raw), sizeof(raw) - 1, (wanted))

/* One answer, of that status, and the connection goes on. */
static inline void expect_answered(const char *raw, size_t n, int wanted)
{
    struct talk *talk = talk_begin();
    say_n(talk, raw, n);
    gr_answer *answer = gr_test_next_answer(talk->conn, strncmp(raw, "HEAD ", 5) == 0);
    ck_assert_msg(answer != NULL, "%s: wanted %d, got \"%s\"", shown(raw), wanted, heard(talk));
    ck_assert_msg(gr_answer_status(answer) == wanted, "%s: wanted %d, got %d", shown(raw), wanted,
                  gr_answer_status(answer));
    gr_answer_free(answer);
    expect_alive(talk);
    talk_end(talk);
}

#define EXPECT_ANSWERED(raw, wanted) expect_answered((raw), sizeof(raw) - 1, (wanted))

/* Sent whole, byte by byte, and cut in two at every place, it gives the same bytes and the same end. */
static inline void expect_same_at_every_split(const char *raw, size_t n, const char *must_contain)
{
    struct talk *talk = talk_begin();
    say_n(talk, raw, n);
    char *wanted = strdup(heard(talk));
    bool closes = gr_test_closed(talk->conn);
    ck_assert_msg(strstr(wanted, must_contain) != NULL, "wanted \"%s\" in \"%s\"", must_contain, wanted);
    for (size_t split = 0; split < n; split++) {
        gr_test_conn_destroy(talk->conn);
        talk->conn = gr_test_connect(talk->test);
        if (split == 0)
            say_byte_by_byte(talk, raw, n);
        else
            say_n(talk, raw, split), say_n(talk, raw + split, n - split);
        ck_assert_msg(!strcmp(heard(talk), wanted), "split at %zu: wanted \"%s\", got \"%s\"", split, wanted,
                      heard(talk));
        ck_assert_msg(gr_test_closed(talk->conn) == closes, "split at %zu: wanted closed: %d", split, closes);
    }
    free(wanted);
    talk_end(talk);
}

#endif
