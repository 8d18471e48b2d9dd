#include <griddle/testing.h>

#include <llhttp.h>
#include <stdlib.h>

#include "http/memory.h"
#include "server/engine.h"

/* How long gr_test_destroy() lets time jump for what still runs. */
enum { STOP_MS = 60000 };

struct gr_test {
    uv_loop_t loop;
    struct gri_engine engine;
    bool closed;
};

struct gr_test_conn {
    gr_test *test;
    struct gri_memory *memory;
};

struct gr_answer {
    struct gri_arena arena;
    int status;
    struct gri_header_line *headers, **last;
    struct gri_buf name, value, body;
    json_t *json;
    bool to_head, complete;
};

/* --- running --- */

/* Until nothing can happen at the present time. Blocking functions take real time, so they are waited for. */
static void testing_settle(gr_test *test)
{
    gri_sched_advance(&test->engine.sched, 0);
    while (!test->closed && gri_engine_in_flight(&test->engine)) {
        uv_run(&test->loop, UV_RUN_ONCE);
        if (!test->closed)
            gri_sched_advance(&test->engine.sched, 0);
    }
}

/* One jump to the next timer, if there is one by then. */
static bool jump(gr_test *test, int64_t latest_ms)
{
    int64_t next_ms = gri_sched_next_ms(&test->engine.sched), now_ms = gri_now_ms(&test->engine.sched);
    if (next_ms == INT64_MAX || next_ms > latest_ms)
        return false;
    gri_sched_advance(&test->engine.sched, next_ms > now_ms ? next_ms - now_ms : 0);
    testing_settle(test);
    return true;
}

void gr_test_advance(gr_test *test, int64_t ms)
{
    struct gri_sched *sched = &test->engine.sched;
    int64_t end_ms = gri_after_ms(sched, ms);
    testing_settle(test);
    while (jump(test, end_ms))
        continue;
    gri_sched_advance(sched, end_ms - gri_now_ms(sched));
    testing_settle(test);
}

int64_t gr_test_now_ms(const gr_test *test)
{
    return gri_now_ms(&test->engine.sched);
}

size_t gr_test_coroutines(const gr_test *test)
{
    return test->engine.sched.n_tasks;
}

/* --- beginning and end --- */

static void on_testing_closed(struct gri_engine *engine)
{
    ((gr_test *)engine->owner)->closed = true;
}

static void close_test(gr_test *test)
{
    while (!test->closed)
        uv_run(&test->loop, UV_RUN_ONCE);
    if (uv_loop_close(&test->loop) != 0)
        abort();
    free(test);
}

gr_test *gr_test_create(gr_app *app)
{
    struct gri_engine_options options = {.log = {.level = GRI_LOG_WARNING, .fd = 2}, .is_virtual = true};
    gr_test *test = calloc(1, sizeof *test);
    bool open = false;
    if (!test || uv_loop_init(&test->loop) != 0) {
        free(test);
        return NULL;
    }
    int rc = gri_engine_init(&test->engine, &test->loop, app, &options, &open);
    test->engine.owner = test;
    test->engine.closed = on_testing_closed;
    if (rc == 0)
        return test;
    test->closed = !open;
    if (open)
        gri_engine_close(&test->engine);
    close_test(test);
    return NULL;
}

void gr_test_destroy(gr_test *test)
{
    if (!test)
        return;
    testing_settle(test);
    int64_t end_ms = gr_test_now_ms(test) + STOP_MS;
    gri_engine_stop(&test->engine);
    while (!test->engine.closing && gr_test_now_ms(test) < end_ms && jump(test, end_ms))
        continue;
    if (!test->engine.closing) {
        gri_engine_cancel(&test->engine);
        testing_settle(test);
    }
    if (!test->engine.closing)
        abort();
    close_test(test);
}

/* --- connections --- */

gr_test_conn *gr_test_connect(gr_test *test)
{
    gr_test_conn *conn = calloc(1, sizeof *conn);
    if (!conn)
        return NULL;
    conn->test = test;
    conn->memory = gri_memory_connect(&test->engine.http);
    if (!conn->memory) {
        free(conn);
        return NULL;
    }
    return conn;
}

void gr_test_conn_destroy(gr_test_conn *conn)
{
    if (!conn)
        return;
    gri_memory_destroy(conn->memory);
    testing_settle(conn->test);
    free(conn);
}

void gr_test_send(gr_test_conn *conn, const void *data, size_t n)
{
    gri_memory_send(conn->memory, data, n);
    testing_settle(conn->test);
}

void gr_test_send_fin(gr_test_conn *conn)
{
    gri_memory_send_fin(conn->memory);
    testing_settle(conn->test);
}

void gr_test_reset(gr_test_conn *conn)
{
    gri_memory_reset(conn->memory);
    testing_settle(conn->test);
}

void gr_test_set_window(gr_test_conn *conn, size_t bytes)
{
    gri_memory_set_window(conn->memory, bytes);
    testing_settle(conn->test);
}

const char *gr_test_received(gr_test_conn *conn, size_t *len)
{
    struct gri_buf *received = &conn->memory->received;
    if (len)
        *len = received->len;
    if (!gri_buf_reserve(received, 1))
        return "";
    received->data[received->len] = '\0';
    return received->data;
}

const char *gr_test_take(gr_test_conn *conn, size_t *len)
{
    const char *received = gr_test_received(conn, len);
    conn->memory->received.len = 0;
    return received;
}

bool gr_test_closed(const gr_test_conn *conn)
{
    return conn->memory->fin || conn->memory->closed;
}

/* --- answers --- */

static gr_answer *answer_of(llhttp_t *parser)
{
    return parser->data;
}

static int on_status_complete(llhttp_t *parser)
{
    answer_of(parser)->status = parser->status_code;
    return 0;
}

static int on_name(llhttp_t *parser, const char *at, size_t n)
{
    gri_buf_put(&answer_of(parser)->name, at, n);
    return 0;
}

static int on_testing_value(llhttp_t *parser, const char *at, size_t n)
{
    gri_buf_put(&answer_of(parser)->value, at, n);
    return 0;
}

static int on_field_complete(llhttp_t *parser)
{
    gr_answer *answer = answer_of(parser);
    struct gri_header_line *line = gri_arena_alloc(&answer->arena, sizeof *line);
    const char *name = gri_arena_strndup(&answer->arena, answer->name.data, answer->name.len);
    const char *value =
        gri_arena_strndup(&answer->arena, answer->value.len ? answer->value.data : "", answer->value.len);
    if (!line || !name || !value)
        return HPE_USER;
    *line = (struct gri_header_line){NULL, {name, answer->name.len}, {value, answer->value.len}};
    *answer->last = line;
    answer->last = &line->next;
    answer->name.len = answer->value.len = 0;
    return 0;
}

static int on_testing_headers_complete(llhttp_t *parser)
{
    return answer_of(parser)->to_head;
}

static int on_testing_body(llhttp_t *parser, const char *at, size_t n)
{
    gri_buf_put(&answer_of(parser)->body, at, n);
    return 0;
}

static int on_testing_message_complete(llhttp_t *parser)
{
    answer_of(parser)->complete = true;
    return HPE_PAUSED;
}

static const llhttp_settings_t answer_settings = {
    .on_status_complete = on_status_complete,
    .on_header_field = on_name,
    .on_header_value = on_testing_value,
    .on_header_value_complete = on_field_complete,
    .on_headers_complete = on_testing_headers_complete,
    .on_body = on_testing_body,
    .on_message_complete = on_testing_message_complete,
};

static gr_answer *answer_create(bool to_head)
{
    gr_answer *answer = calloc(1, sizeof *answer);
    if (answer)
        answer->last = &answer->headers;
    if (answer)
        answer->to_head = to_head;
    return answer;
}

void gr_answer_free(gr_answer *answer)
{
    if (!answer)
        return;
    json_decref(answer->json);
    gri_buf_finish(&answer->name);
    gri_buf_finish(&answer->value);
    gri_buf_finish(&answer->body);
    gri_arena_finish(&answer->arena);
    free(answer);
}

gr_answer *gr_test_next_answer(gr_test_conn *conn, bool to_head)
{
    struct gri_buf *received = &conn->memory->received;
    gr_answer *answer = answer_create(to_head);
    llhttp_t parser;
    if (!answer)
        return NULL;
    llhttp_init(&parser, HTTP_RESPONSE, &answer_settings);
    parser.data = answer;
    if (received->len)
        llhttp_execute(&parser, received->data, received->len);
    gri_buf_putc(&answer->body, '\0');
    if (!answer->complete || answer->body.failed) {
        gr_answer_free(answer);
        return NULL;
    }
    gri_buf_consume(received, (size_t)(llhttp_get_error_pos(&parser) - received->data));
    return answer;
}

int gr_answer_status(const gr_answer *answer)
{
    return answer->status;
}

const char *gr_answer_header(const gr_answer *answer, const char *name)
{
    for (const struct gri_header_line *line = answer->headers; line; line = line->next)
        if (gri_str_is_nocase(line->name, gri_str_from(name)))
            return line->value.at;
    return NULL;
}

const char *gr_answer_body(const gr_answer *answer, size_t *len)
{
    if (len)
        *len = answer->body.len - 1;
    return answer->body.data;
}

json_t *gr_answer_json(gr_answer *answer)
{
    if (!answer->json)
        answer->json = json_loadb(answer->body.data, answer->body.len - 1, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    return answer->json;
}

/* --- whole requests --- */

static bool has_header(const char *const *headers, const char *name)
{
    for (; headers && headers[0]; headers += 2)
        if (strcasecmp(headers[0], name) == 0)
            return true;
    return false;
}

static void put_request(struct gri_buf *out, const char *method, const char *target, const char *const *headers,
                        const void *body, size_t len)
{
    gri_buf_printf(out, "%s %s HTTP/1.1\r\n", method, target);
    if (!has_header(headers, "Host"))
        gri_buf_puts(out, "Host: testserver\r\n");
    if (len && !has_header(headers, "Content-Length") && !has_header(headers, "Transfer-Encoding"))
        gri_buf_printf(out, "Content-Length: %zu\r\n", len);
    for (; headers && headers[0]; headers += 2)
        gri_buf_printf(out, "%s: %s\r\n", headers[0], headers[1]);
    gri_buf_puts(out, "\r\n");
    gri_buf_put(out, body, len);
}

static gr_answer *await_answer(gr_test_conn *conn, bool to_head)
{
    for (;;) {
        gr_answer *answer = gr_test_next_answer(conn, to_head);
        bool is_interim = answer && answer->status < 200;
        if (answer && !is_interim)
            return answer;
        gr_answer_free(answer);
        if (!is_interim && (gr_test_closed(conn) || !jump(conn->test, INT64_MAX)))
            return NULL;
    }
}

gr_answer *gr_test_request(gr_test *test, const char *method, const char *target, const char *const *headers,
                           const void *body, size_t len)
{
    struct gri_buf request;
    gri_buf_init(&request, NULL);
    put_request(&request, method, target, headers, body, len);
    gr_test_conn *conn = request.failed ? NULL : gr_test_connect(test);
    gr_answer *answer = NULL;
    if (conn) {
        gr_test_send(conn, request.data, request.len);
        answer = await_answer(conn, strcmp(method, "HEAD") == 0);
        gr_test_send_fin(conn);
    }
    gr_test_conn_destroy(conn);
    gri_buf_finish(&request);
    return answer;
}

gr_answer *gr_test_get(gr_test *test, const char *target)
{
    return gr_test_request(test, "GET", target, NULL, NULL, 0);
}

gr_answer *gr_test_post_json(gr_test *test, const char *target, const char *json)
{
    static const char *const headers[] = {"Content-Type", "application/json", NULL};
    return gr_test_request(test, "POST", target, headers, json, strlen(json));
}
