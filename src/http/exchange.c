#include "http/exchange.h"
#include "base/cold.h"

#include "base/print.h"
#include "http/status.h"

/* Below this a body is copied behind its head and leaves with it; above it is sent from where it lies. */
enum { COPY_BYTES = 16384 };

/* --- the access log --- */

static GRI_COLD void exchange_log(const struct gri_exchange *x)
{
    struct gri_access access = {.peer = &x->peer,
                                .head = &x->head,
                                .operation = x->task->name,
                                .id = __atomic_load_n(&x->id, __ATOMIC_ACQUIRE),
                                .status = x->status,
                                .end = x->end,
                                .bytes = x->sent,
                                .ms = x->over_ms - x->began_ms};
    gri_access_log(x->http, &access);
}

/* Once: what comes later does not concern its client any more. */
static void exchange_over(struct gri_exchange *x, enum gri_end end)
{
    if (x->over)
        return;
    x->over = true;
    x->end = end;
    if (!x->http->access_log && end == GRI_ANSWERED_WHOLE)
        return;
    x->over_ms = gri_now_ms(x->http->sched);
    exchange_log(x);
}

/* It held its stack, and perhaps a thread, for nobody. */
static GRI_COLD void log_late_end(const struct gri_exchange *x)
{
    enum { LATE_MS = 100 };
    char text[GRI_REQUEST_TEXT];
    int64_t late_ms = gri_now_ms(x->http->sched) - x->over_ms;
    if (late_ms >= LATE_MS)
        gri_log(x->http->log, x->finish_if_abandoned ? GRI_LOG_INFO : GRI_LOG_WARNING,
                "operation \"%s\": %s: ended %lld ms after its client %s", x->task->name,
                gri_request_text(text, &x->head), (long long)late_ms,
                x->end == GRI_ANSWERED_WHOLE ? "had got 504" : "was gone");
}

static GRI_COLD void log_failed_writer(const struct gri_exchange *x, int rc)
{
    char text[GRI_REQUEST_TEXT];
    gri_log(x->http->log, GRI_LOG_WARNING,
            "operation \"%s\": %s: the writer of its reply failed: %d (%s): cut off after %lld ms and %zu bytes",
            x->task->name, gri_request_text(text, &x->head), rc, gr_strerror(rc), (long long)(x->over_ms - x->began_ms),
            x->sent);
}

/* --- beginning and end --- */

static void exchange_ended(gr_task *task)
{
    struct gri_exchange *x = task->arg;
    gri_timer_clear(x->http->sched, &x->deadline);
    gri_exchange_give_up(x);
    gri_arena_finish(&x->arena);
}

const struct gri_exchange *gri_exchange_of(const gr_task *task)
{
    while (task->parent)
        task = task->parent;
    return task->ended == exchange_ended ? task->arg : NULL;
}

static int parse_head(struct gri_exchange *x, const char *head, const struct gri_guard *guard)
{
    char *bytes = gri_arena_alloc(&x->arena, guard->head_len);
    struct gri_header_field *fields = gri_arena_alloc(&x->arena, gri_size_mul(guard->n_lines, sizeof *fields));
    if (!bytes || !fields)
        return 503;
    memcpy(bytes, head, guard->head_len);
    return gri_codec_head(&x->codec, &x->head, bytes, guard, fields, &x->http->limits);
}

static GRI_COLD void on_exchange_deadline(struct gri_timer *timer);

static struct gri_exchange *exchange_create(struct gri_conn *conn)
{
    struct gri_http *http = conn->http;
    size_t size = (http->service.exchange_size + 15) & ~(size_t)15;
    void *memory;
    gr_task *task = gri_task_create(http->sched, "request", size + GRI_FIRST_ARENA, &memory);
    if (!task)
        return NULL;
    struct gri_exchange *x = memory;
    x->conn = conn;
    x->http = http;
    x->task = task;
    x->peer = conn->transport->peer;
    x->answered = x->broken = x->continued = x->blocking = x->finish_if_abandoned = false;
    x->keeps_alive = x->chunked = x->sized = false;
    x->departed = 0;
    x->body_wait_ms = 0;
    x->began_ms = gri_loop_ms(http->sched);
    x->id = NULL;
    x->time_is_up = NULL;
    x->sent = 0;
    x->over = false;
    x->end = GRI_ANSWERED_WHOLE;
    x->status = x->body_status = 0;
    x->body_by_ms = INT64_MAX;
    x->readers = x->senders = NULL;
    x->deadline = (struct gri_timer){.fire = on_exchange_deadline};
    gri_arena_init(&x->arena, (char *)memory + size, GRI_FIRST_ARENA);
    task->ended = exchange_ended;
    return x;
}

bool gri_exchange_start(struct gri_conn *conn, const char *head, const struct gri_guard *guard)
{
    bool is_full = conn->http->n_zombies >= conn->http->limits.zombies;
    struct gri_exchange *x = is_full ? NULL : exchange_create(conn);
    int status = x ? parse_head(x, head, guard) : 503;
    if (status) {
        if (x) {
            gri_arena_finish(&x->arena);
            gri_task_discard(x->task);
        }
        gri_conn_refuse(conn, status, (struct gri_str){head, guard->head_len});
        return false;
    }
    conn->x = x;
    if (conn->http->limits.handler_ms > 0)
        gri_exchange_set_deadline(x, conn->http->limits.handler_ms);
    gri_task_start(x->task, conn->http->service.serve, x);
    return true;
}

/* --- waiting --- */

static void stop_waiting(struct gri_waiter **list, const struct gri_waiter *self)
{
    while (*list != self)
        list = &(*list)->next;
    *list = self->next;
}

static int wait_among(gr_co co, struct gri_waiter **list, bool shielded, const char *what)
{
    struct gri_waiter self = {*list, co.task};
    *list = &self;
    int rc = shielded ? gri_suspend_shielded(co, what) : gri_suspend(co, INT64_MAX, what);
    stop_waiting(list, &self);
    return rc;
}

static void wake_all(const struct gri_waiter *waiter, int rc)
{
    for (; waiter; waiter = waiter->next)
        gri_wake(waiter->task, rc);
}

/* --- leaving --- */

/* What runs from here on runs whether its client has left or not. */
static GRI_COLD void end_zombie(struct gri_exchange *x)
{
    log_late_end(x);
    x->http->n_zombies--;
    gri_task_set_zombie(x->task, false);
}

void gri_exchange_give_up(struct gri_exchange *x)
{
    struct gri_conn *conn = x->conn;
    x->answered = true;
    if (x->task->is_zombie)
        end_zombie(x);
    if (!conn)
        return;
    exchange_over(x, conn->fin ? GRI_CLIENT_LEFT : GRI_NO_REPLY);
    x->conn = NULL;
    gri_conn_release(conn, false);
}

void gri_exchange_abandoned(struct gri_exchange *x)
{
    __atomic_store_n(&x->departed, !x->finish_if_abandoned, __ATOMIC_RELAXED);
    if (x->readers || !(x->answered || x->blocking || x->finish_if_abandoned))
        gr_cancel_because(x->task, "its client left");
}

/* It ends by itself, and must not be so many that they fill the memory. */
static GRI_COLD void become_zombie(struct gri_exchange *x)
{
    x->conn = NULL;
    x->over_ms = gri_now_ms(x->http->sched);
    x->http->n_zombies += !x->task->is_zombie;
    gri_task_set_zombie(x->task, true);
}

void gri_exchange_detach(struct gri_exchange *x, enum gri_end end, size_t unsent)
{
    x->sent -= unsent < x->sent ? unsent : x->sent;
    exchange_over(x, end);
    become_zombie(x);
    gri_exchange_wake_sender(x, GR_ECANCELED);
    if (x->readers || !x->finish_if_abandoned) /* there is nothing to finish of a body that will not come */
        gr_cancel_because(x->task, "its client left");
}

/* --- the body --- */

void gri_exchange_wake_reader(struct gri_exchange *x, int status)
{
    wake_all(x->readers, status);
}

/* Each wait has its limit, and so has their sum: more waiting must be earned by bytes. */
static int64_t body_patience(const struct gri_exchange *x)
{
    const gr_limits *limits = &x->http->limits;
    int64_t earned_ms = limits->least_rate ? (int64_t)(x->codec.received * 1000 / limits->least_rate) : INT64_MAX / 2;
    int64_t left_ms = limits->body_ms + earned_ms - x->body_wait_ms;
    return left_ms < limits->body_ms ? left_ms : limits->body_ms;
}

static int wait_for_input(gr_co co, struct gri_exchange *x)
{
    int64_t began_ms = gri_loop_ms(x->http->sched), patience_ms = body_patience(x);
    if (x->conn->fin)
        return GR_ECANCELED;
    if (patience_ms <= 0)
        return 408;
    gri_conn_keep_rest(x->conn);
    x->body_by_ms = began_ms + patience_ms;
    gri_conn_expect_next(x->conn);
    int rc = wait_among(co, &x->readers, false, "body");
    x->body_wait_ms += gri_loop_ms(x->http->sched) - began_ms;
    if (!x->readers)
        x->body_by_ms = INT64_MAX;
    if (x->conn)
        gri_conn_expect_next(x->conn);
    x->broken |= rc != 0;
    return rc;
}

/* RFC 9110 section 10.1.1: only when the body is really wanted, and not where it is on its way already. Nor in the
 * middle of a reply: its head was the answer to the expectation. */
static GRI_COLD void send_continue(struct gri_exchange *x)
{
    if (!x->head.expects_continue || x->continued || x->codec.received || x->answered || x->conn->in_len)
        return;
    x->continued = true;
    gri_buf_puts(gri_conn_out(x->conn), "HTTP/1.1 100 Continue\r\n\r\n");
    gri_conn_flush(x->conn);
}

static int exchange_decode(struct gri_exchange *x, struct gri_str *piece)
{
    struct gri_conn *conn = x->conn;
    size_t used = 0;
    x->body_status = gri_codec_body(&x->codec, conn->in, conn->in_len, &used, piece);
    gri_conn_consumed(conn, used);
    x->broken |= x->body_status != 0;
    return x->body_status;
}

struct gri_str gri_exchange_read_on(struct gri_exchange *x)
{
    struct gri_str piece = {"", 0};
    while (x->conn && x->conn->in_len && !x->codec.complete && !piece.len)
        if (exchange_decode(x, &piece) != 0)
            return (struct gri_str){"", 0};
    return piece;
}

int gri_exchange_read(gr_co co, struct gri_exchange *x, struct gri_str *piece)
{
    *piece = (struct gri_str){"", 0};
    if (x->body_status)
        return x->body_status;
    while (!x->codec.complete) {
        int rc = !x->conn ? GR_ECANCELED : x->conn->in_len ? exchange_decode(x, piece) : 0;
        if (rc || piece->len)
            return rc;
        if (!x->codec.complete && x->conn->in_len == 0) {
            send_continue(x);
            rc = x->conn ? wait_for_input(co, x) : GR_ECANCELED;
            if (rc)
                return rc;
        }
    }
    return 0;
}

int gri_exchange_collect(gr_co co, struct gri_exchange *x, uint64_t limit, struct gri_str *body)
{
    *body = (struct gri_str){"", 0};
    if (x->codec.complete)
        return 0;
    if (x->head.content_length > limit)
        return 413;
    x->codec.body_limit = limit;
    struct gri_buf buf;
    gri_buf_init(&buf, &x->arena);
    gri_buf_reserve(&buf, (size_t)x->head.content_length + 1);
    struct gri_str piece;
    int rc;
    while ((rc = gri_exchange_read(co, x, &piece)) == 0 && piece.len)
        gri_buf_put(&buf, piece.at, piece.len);
    if (rc)
        return rc;
    gri_buf_putc(&buf, '\0');
    *body = (struct gri_str){buf.data, buf.len - 1};
    return buf.failed ? GR_ENOMEM : 0;
}

/* --- the reply --- */

void gri_exchange_wake_sender(struct gri_exchange *x, int rc)
{
    wake_all(x->senders, rc);
}

/* An unread body that has come already costs nothing to skip. */
static void skip_what_came(struct gri_exchange *x)
{
    struct gri_str piece;
    x->codec.body_limit = UINT64_MAX;
    while (!x->codec.complete && !x->broken && x->conn->in_len)
        exchange_decode(x, &piece);
}

static bool can_drain(const struct gri_exchange *x)
{
    if (x->codec.complete)
        return true;
    if (x->head.is_chunked || (x->head.expects_continue && !x->continued))
        return false;
    return x->head.content_length - x->codec.received <= x->http->limits.drain_bytes;
}

static GRI_COLD int drain(gr_co co, struct gri_exchange *x)
{
    struct gri_str piece;
    int rc = 0;
    while (rc == 0 && !x->codec.complete)
        rc = gri_exchange_read(co, x, &piece);
    return rc;
}

/* Whoever writes a streamed body may read the request's meanwhile: what is left of it is seen to at the end. */
static bool may_keep_alive(struct gri_exchange *x, bool may_read)
{
    if (!may_read)
        skip_what_came(x);
    return x->head.keep_alive && !x->broken && !x->http->stopping && (may_read || can_drain(x));
}

/* What is being written is the caller's, so a wait that ends early ends the connection too: then nobody reads it. */
static int wait_until_sent(gr_co co, struct gri_exchange *x, bool shielded)
{
    if (!x->conn)
        return GR_ECANCELED;
    gri_conn_flush(x->conn);
    if (!x->conn || !x->conn->queued)
        return x->conn ? 0 : GR_ECANCELED;
    int rc = wait_among(co, &x->senders, shielded, "send");
    if (rc && x->conn)
        gri_conn_abort(x->conn, GRI_WRITER_FAILED);
    return rc;
}

bool gri_exchange_wants_body(const struct gri_exchange *x, int status)
{
    return gri_status_has_body(status) && !gri_str_is(x->head.method, GRI_STR("HEAD"));
}

/* Whether the body is to follow. */
static bool exchange_put_head(struct gri_exchange *x, const struct gri_response *response)
{
    x->answered = true;
    x->status = response->status;
    bool wants_body = gri_exchange_wants_body(x, response->status);
    bool streamed = response->streamed && wants_body;
    x->broken |= response->status == 413 && !x->codec.complete; /* its body is refused, not skipped */
    x->sized = streamed && response->sized;
    x->left = response->length;
    x->chunked = streamed && !x->sized && x->head.minor > 0;
    x->keeps_alive = may_keep_alive(x, streamed) && (x->chunked || x->sized || !streamed);
    struct gri_buf *out = gri_conn_out(x->conn);
    size_t before = out->len;
    gri_response_put_head(out, x->http, response, x->head.minor, x->keeps_alive);
    x->sent += out->len - before;
    return wants_body;
}

static bool skip_rest(gr_co co, struct gri_exchange *x)
{
    if (x->codec.complete)
        return true;
    skip_what_came(x);
    return !x->broken && can_drain(x) && drain(co, x) == 0;
}

/* The reply is complete: what is left of the request's body is read, and the connection is free. */
static int hand_over(gr_co co, struct gri_exchange *x, int rc)
{
    if (x->conn)
        exchange_over(x, GRI_ANSWERED_WHOLE);
    if (x->conn && x->keeps_alive && !skip_rest(co, x))
        x->keeps_alive = false;
    struct gri_conn *conn = x->conn;
    if (!conn)
        return GR_ECANCELED;
    x->conn = NULL;
    gri_conn_release(conn, x->keeps_alive);
    return rc;
}

static void exchange_put_body(struct gri_exchange *x, struct gri_str body)
{
    x->sent += body.len;
    if (body.len <= COPY_BYTES)
        gri_buf_put(gri_conn_out(x->conn), body.at, body.len);
    else
        gri_conn_flush_with(x->conn, body);
}

int gri_exchange_reply(gr_co co, struct gri_exchange *x, const struct gri_response *response, bool wait)
{
    x->answered = true;
    if (!x->conn)
        return GR_ECANCELED;
    if (exchange_put_head(x, response))
        exchange_put_body(x, response->body);
    if (x->conn && !x->conn->running)
        gri_conn_flush(x->conn);
    int rc = wait || response->body.len > COPY_BYTES ? wait_until_sent(co, x, true) : 0;
    return hand_over(co, x, rc);
}

int gri_exchange_begin(gr_co co, struct gri_exchange *x, const struct gri_response *response)
{
    x->answered = true;
    if (!x->conn)
        return GR_ECANCELED;
    exchange_put_head(x, response);
    return wait_until_sent(co, x, false);
}

/* A client that takes everything at once would keep the loop from all others, and from the clock. */
static int give_way(gr_co co, struct gri_exchange *x)
{
    if (gri_now_ms(x->http->sched) == gri_loop_ms(x->http->sched))
        return 0;
    int rc = gr_yield(co);
    if (rc && x->conn)
        gri_conn_abort(x->conn, GRI_WRITER_FAILED);
    return rc;
}

static void put_framing_text(struct gri_exchange *x, struct gri_str text)
{
    gri_buf_put(gri_conn_out(x->conn), text.at, text.len);
    x->sent += text.len;
}

static void put_chunk_head(struct gri_exchange *x, size_t len)
{
    char line[24];
    int n = gri_snprintf(line, sizeof line, "%zx\r\n", len);
    put_framing_text(x, (struct gri_str){line, (size_t)n});
}

/* A body of another length than was announced would be taken for the next reply, or wait for it. */
static GRI_COLD int wrong_length(struct gri_exchange *x, enum gri_end end)
{
    gri_conn_abort(x->conn, end);
    return GR_EMSGSIZE;
}

int gri_exchange_write(gr_co co, struct gri_exchange *x, struct gri_str bytes)
{
    if (!x->conn)
        return GR_ECANCELED;
    if (bytes.len == 0) /* an empty chunk would be the last one */
        return 0;
    if (x->sized && bytes.len > x->left)
        return wrong_length(x, GRI_WROTE_MORE);
    x->left -= x->sized ? bytes.len : 0;
    if (x->chunked)
        put_chunk_head(x, bytes.len);
    exchange_put_body(x, bytes);
    if (x->conn && x->chunked)
        put_framing_text(x, GRI_STR("\r\n"));
    int rc = wait_until_sent(co, x, false);
    return rc ? rc : give_way(co, x);
}

int gri_exchange_end(gr_co co, struct gri_exchange *x, int rc)
{
    if (rc && x->conn)
        gri_conn_abort(x->conn, GRI_WRITER_FAILED);
    if (rc == 0 && x->conn && x->sized && x->left)
        rc = wrong_length(x, GRI_WROTE_LESS);
    if (rc == 0 && x->conn && x->chunked) {
        put_framing_text(x, GRI_STR("0\r\n\r\n"));
        rc = wait_until_sent(co, x, false);
    }
    if (!x->conn && x->end == GRI_WRITER_FAILED)
        log_failed_writer(x, rc ? rc : GR_ECANCELED);
    return hand_over(co, x, rc ? GR_ECANCELED : 0);
}

/* --- the deadline --- */

/* The arena is not ours to use: a pool thread may be working in it. And it may end before the last byte is sent, so the
 * body is copied. */
static GRI_COLD void put_gateway_timeout(struct gri_exchange *x)
{
    struct gri_response response = {
        .status = 504, .content_type = {"application/json", 16}, .body = {"{\"detail\":\"Gateway Timeout\"}", 28}};
    if (x->time_is_up)
        x->time_is_up(x, &response);
    if (exchange_put_head(x, &response))
        put_framing_text(x, response.body);
    gri_conn_flush(x->conn);
}

static void on_exchange_deadline(struct gri_timer *timer)
{
    struct gri_exchange *x = GRI_OWNER_OF(timer, struct gri_exchange, deadline);
    if (x->answered)
        return;
    if (!x->conn) { /* its client has left, but it was to finish: in time */
        gr_cancel_because(x->task, "its deadline passed");
        return;
    }
    gri_log(x->http->log, GRI_LOG_WARNING, "operation \"%s\": no reply by its deadline: answered 504", x->task->name);
    x->broken |= !x->codec.complete; /* its body is nobody's any more */
    put_gateway_timeout(x);
    struct gri_conn *conn = x->conn;
    if (conn) {
        exchange_over(x, GRI_ANSWERED_WHOLE);
        become_zombie(x);
        gri_conn_release(conn, x->keeps_alive);
    }
    gr_cancel_because(x->task, "its deadline passed");
}

void gri_exchange_set_deadline(struct gri_exchange *x, int64_t ms)
{
    if (ms < 0)
        gri_timer_clear(x->http->sched, &x->deadline);
    else
        gri_timer_set(x->http->sched, &x->deadline, gri_after_ms(x->http->sched, ms));
}
