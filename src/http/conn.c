#include "http/conn.h"
#include "base/cold.h"

#include <stdlib.h>

#include "http/exchange.h"
#include "http/status.h"

static void conn_run(struct gri_conn *conn);

/* --- time --- */

static void on_conn_timer(struct gri_timer *timer);

static void expect_by(struct gri_conn *conn, int64_t at_ms)
{
    if (conn->closed) /* its timer was taken out, and must not outlive it */
        return;
    conn->deadline_ms = at_ms;
    if (at_ms < INT64_MAX && (!conn->timer.set || at_ms < conn->timer.at_ms))
        gri_timer_set(conn->http->sched, &conn->timer, at_ms);
}

static void expect_within(struct gri_conn *conn, int64_t ms)
{
    expect_by(conn, gri_loop_ms(conn->http->sched) + ms);
}

/* Whatever else happens on the connection: only bytes that the client takes prolong the time that it has for them. */
static GRI_COLD void expect_reader(struct gri_conn *conn)
{
    int64_t now_ms = gri_loop_ms(conn->http->sched);
    if (!conn->write_by_ms) {
        conn->unsent = conn->transport->ops->unsent(conn->transport);
        conn->write_by_ms = now_ms + conn->http->limits.write_ms;
    }
    expect_by(conn, conn->write_by_ms);
}

/* What the connection now waits for decides how long it may wait. */
void gri_conn_expect_next(struct gri_conn *conn)
{
    if (conn->queued)
        expect_reader(conn);
    else if (conn->x)
        expect_by(conn, conn->x->body_by_ms);
    else if (!conn->in_head)
        expect_within(conn, conn->http->limits.keep_alive_ms);
}

/* --- the access log, where there is no exchange --- */

static void conn_log(const struct gri_conn *conn, struct gri_str raw, int status, enum gri_end end, size_t bytes)
{
    int64_t ms = conn->in_head ? gri_now_ms(conn->http->sched) - conn->head_since_ms : 0;
    struct gri_access access = {
        .peer = &conn->transport->peer, .raw = raw, .status = status, .end = end, .bytes = bytes, .ms = ms};
    gri_access_log(conn->http, &access);
}

/* No more of it will come. */
static void give_up_head(struct gri_conn *conn, enum gri_end end)
{
    if (!conn->in_head)
        return;
    conn_log(conn, (struct gri_str){conn->in, conn->in_len}, 0, end, 0);
    conn->in_head = false;
}

/* --- closing --- */

static void unlink_conn(struct gri_conn *conn)
{
    struct gri_http *http = conn->http;
    if (conn->next)
        conn->next->prev = conn->prev;
    if (conn->prev)
        conn->prev->next = conn->next;
    else
        http->conns = conn->next;
    http->n_conns--;
    if (http->room)
        http->room(http);
    if (!http->conns && http->stopping && http->drained)
        http->drained(http);
}

static void drop_backlog(struct gri_conn *conn)
{
    if (conn->backlog)
        gri_buf_finish(&conn->backlog->buf);
    free(conn->backlog);
    conn->backlog = NULL;
    conn->in = NULL;
    conn->in_len = 0;
}

/* `lost`: bytes that were not even queued. */
static GRI_COLD void end_now(struct gri_conn *conn, bool reset, enum gri_end end, size_t lost)
{
    if (conn->closed)
        return;
    conn->closed = true;
    bool cuts = conn->queued || (reset && conn->lingering);
    size_t unsent = lost + (cuts ? conn->transport->ops->unsent(conn->transport) : 0);
    give_up_head(conn, end);
    if (conn->x)
        gri_exchange_detach(conn->x, end, unsent);
    else if (unsent)
        gri_access_log_unsent(conn->http, &conn->transport->peer, unsent, end);
    conn->x = NULL;
    gri_timer_clear(conn->http->sched, &conn->timer);
    gri_unready(conn->http->sched, &conn->ready);
    conn->transport->ops->close(conn->transport, reset);
}

/* What was sent is lost unless the client has it already, and nobody waits for it any more. */
static GRI_COLD void reset_now(struct gri_conn *conn, enum gri_end end)
{
    end_now(conn, true, end, 0);
}

/* Nothing can be lost: the client has everything, or is gone. */
static GRI_COLD void close_now(struct gri_conn *conn)
{
    end_now(conn, false, GRI_CLIENT_LEFT, 0);
}

void gri_conn_abort(struct gri_conn *conn, enum gri_end end)
{
    end_now(conn, !conn->lingering, end, 0);
}

void gri_conn_closed(struct gri_conn *conn)
{
    drop_backlog(conn);
    unlink_conn(conn);
}

/* A slow reader is no dead one: as long as it takes bytes at the least rate it is left alone. */
static GRI_COLD bool is_slow_reader(struct gri_conn *conn)
{
    const gr_limits *limits = &conn->http->limits;
    size_t unsent = conn->transport->ops->unsent(conn->transport);
    size_t taken = unsent < conn->unsent ? conn->unsent - unsent : 0;
    conn->write_by_ms = 0;
    return taken == 0 || taken < limits->least_rate * (size_t)limits->write_ms / 1000;
}

/* Nothing tells when the client has taken it: look again, at first soon. */
static GRI_COLD void expect_taken(struct gri_conn *conn, int64_t now_ms)
{
    enum { SOON_MS = 20 };
    int64_t step_ms = now_ms - conn->lingering_since_ms, most_ms = conn->http->limits.linger_ms;
    step_ms = step_ms < most_ms ? step_ms : most_ms;
    conn->quiet_since_ms = now_ms;
    expect_reader(conn);
    if (now_ms + step_ms < conn->write_by_ms)
        expect_by(conn, now_ms + (step_ms > SOON_MS ? step_ms : SOON_MS));
}

/* RFC 9112 section 9.6: to close while input comes, or before the client has taken everything, is to reset, and a reset
 * overtakes what was sent. So it closes when the client has taken all of it, and has sent FIN or been quiet for a
 * while. */
static GRI_COLD void linger_on(struct gri_conn *conn)
{
    int64_t now_ms = gri_loop_ms(conn->http->sched), quiet_ms = conn->quiet_since_ms + conn->http->limits.linger_ms;
    const struct gri_transport_ops *ops = conn->transport->ops;
    bool taken = ops->unsent(conn->transport) == 0 || ops->is_broken(conn->transport);
    if (!taken && conn->write_by_ms && now_ms >= conn->write_by_ms && is_slow_reader(conn))
        reset_now(conn, GRI_CLIENT_SLOW);
    else if (!taken)
        expect_taken(conn, now_ms);
    else if (conn->fin || now_ms >= quiet_ms)
        close_now(conn);
    else
        expect_by(conn, quiet_ms);
}

/* Whoever sends on and on is not waited for. */
static GRI_COLD void conn_discard(struct gri_conn *conn, size_t n)
{
    const gr_limits *limits = &conn->http->limits;
    conn->discarded += n;
    conn->quiet_since_ms = gri_loop_ms(conn->http->sched);
    bool too_long = conn->lingering && conn->quiet_since_ms - conn->lingering_since_ms > limits->linger_most_ms;
    if (too_long || conn->discarded > limits->linger_bytes)
        reset_now(conn, GRI_CLIENT_LEFT);
}

static GRI_COLD void read_on(struct gri_conn *conn, bool on)
{
    if (conn->reading == on || conn->fin || conn->closed)
        return;
    conn->reading = on;
    conn->transport->ops->read(conn->transport, on);
}

/* The last step of a graceful end: all was given to the system. */
static GRI_COLD void finish_now(struct gri_conn *conn)
{
    if (conn->lingering || conn->closed)
        return;
    conn->lingering = true;
    conn->lingering_since_ms = conn->quiet_since_ms = gri_loop_ms(conn->http->sched);
    if (!conn->fin || conn->transport->ops->unsent(conn->transport))
        conn->transport->ops->shutdown(conn->transport);
    linger_on(conn);
}

static GRI_COLD void conn_finish(struct gri_conn *conn)
{
    conn->finishing = true;
    drop_backlog(conn);
    read_on(conn, true);
    if (!conn->queued && !conn->running)
        finish_now(conn);
}

void gri_conn_stop(struct gri_conn *conn)
{
    if (conn->x || conn->queued || conn->finishing)
        return;
    give_up_head(conn, GRI_STOPPED);
    conn_finish(conn);
}

/* --- output --- */

struct gri_buf *gri_conn_out(struct gri_conn *conn)
{
    return &conn->http->out;
}

/* uv_buf_init() would cut a length at 4 GiB. */
static uv_buf_t buf_of(const char *data, size_t len)
{
    return (uv_buf_t){.base = (char *)(uintptr_t)data, .len = len};
}

static GRI_COLD bool queue_write(struct gri_conn *conn, const char *data, size_t len, bool copy)
{
    struct gri_write *write = malloc(sizeof *write + (copy ? len : 0));
    if (!write)
        return false;
    write->transport = conn->transport;
    write->bytes = buf_of(data, len);
    if (copy)
        write->bytes.base = memcpy(write->copy, data, len);
    if (conn->transport->ops->write(conn->transport, write) < 0) {
        free(write);
        return false;
    }
    conn->queued += len;
    conn->unsent += len;
    // cppcheck-suppress memleak ; the transport has it, and gri_conn_wrote() frees it
    return true;
}

/* Whatever the transport does not take at once waits in its queue: copied where it is the shared buffer's. */
static bool queue_rest(struct gri_conn *conn, struct gri_str head, struct gri_str body, size_t sent)
{
    size_t from_head = sent < head.len ? sent : head.len, from_body = sent - from_head;
    if (head.len > from_head && !queue_write(conn, head.at + from_head, head.len - from_head, true))
        return false;
    return body.len == from_body || queue_write(conn, body.at + from_body, body.len - from_body, false);
}

void gri_conn_flush_with(struct gri_conn *conn, struct gri_str body)
{
    struct gri_buf *out = &conn->http->out;
    struct gri_str head = {out->data, out->len};
    uv_buf_t bufs[2] = {buf_of(out->data, head.len), buf_of(body.at, body.len)};
    bool lost = out->failed;
    size_t all = head.len + body.len + conn->queued;
    ssize_t sent = 0;
    if (!conn->closed && !lost && !conn->queued)
        sent = conn->transport->ops->try_write(conn->transport, bufs, body.len ? 2 : 1);
    if (!conn->closed && sent < 0)
        end_now(conn, true, GRI_CLIENT_LEFT, all);
    else if (!conn->closed && (lost || !queue_rest(conn, head, body, (size_t)sent)))
        end_now(conn, true, GRI_NO_MEMORY, all - (size_t)sent - conn->queued);
    out->len = 0;
    out->failed = false;
    if (conn->queued)
        gri_conn_expect_next(conn);
}

void gri_conn_flush(struct gri_conn *conn)
{
    if (conn->http->out.len || conn->http->out.failed)
        gri_conn_flush_with(conn, (struct gri_str){NULL, 0});
}

static GRI_COLD void all_sent(struct gri_conn *conn)
{
    conn->write_by_ms = 0;
    if (conn->x)
        gri_exchange_wake_sender(conn->x, 0);
    if (conn->finishing)
        finish_now(conn);
    else
        gri_ready(conn->http->sched, &conn->ready);
    if (!conn->closed && !conn->lingering)
        gri_conn_expect_next(conn);
}

void gri_conn_wrote(struct gri_conn *conn, struct gri_write *write, int status)
{
    conn->queued -= write->bytes.len;
    free(write);
    if (conn->closed)
        return;
    if (status < 0)
        reset_now(conn, GRI_CLIENT_LEFT);
    else if (conn->queued == 0)
        all_sent(conn);
    else
        gri_conn_expect_next(conn);
    gri_sched_drain(conn->http->sched);
}

/* What went wrong before there was an exchange is answered as uvicorn does, in plain text, and ends the connection. */
void gri_conn_refuse(struct gri_conn *conn, int status, struct gri_str head)
{
    bool to_head = head.len > 5 && memcmp(head.at, "HEAD ", 5) == 0; /* RFC 9110 section 9.3.2 */
    size_t before = gri_conn_out(conn)->len;
    const char *phrase = status == 400 ? "Invalid HTTP request received." : gri_status_phrase(status);
    struct gri_header_line retry = {NULL, GRI_STR("retry-after"), GRI_STR("1")};
    struct gri_response response = {.status = status,
                                    .content_type = GRI_STR("text/plain; charset=utf-8"),
                                    .headers = status == 503 ? &retry : NULL,
                                    .body = gri_str_from(phrase)};
    gri_log(conn->http->log, GRI_LOG_WARNING, "%s: answered %d %s",
            status == 503 ? "No room for a request" : "Invalid HTTP request received", status,
            gri_status_phrase(status));
    gri_response_put_head(gri_conn_out(conn), conn->http, &response, 1, false);
    if (!to_head)
        gri_buf_puts(gri_conn_out(conn), phrase);
    conn_log(conn, head, status, GRI_ANSWERED_WHOLE, gri_conn_out(conn)->len - before);
    conn->in_head = false;
    if (!conn->running)
        gri_conn_flush(conn);
    conn_finish(conn);
}

/* --- input --- */

void gri_conn_consumed(struct gri_conn *conn, size_t n)
{
    conn->in += n;
    conn->in_len -= n;
}

static bool out_is_full(const struct gri_conn *conn)
{
    return conn->queued + conn->http->out.len > conn->http->limits.input_bytes;
}

static bool may_start(const struct gri_conn *conn)
{
    return !conn->x && conn->in_len && !conn->finishing && !conn->closed && !conn->queued;
}

/* One deadline for the whole head, from its first byte: a byte now and then does not prolong it. */
static GRI_COLD void wait_for_head(struct gri_conn *conn)
{
    if (!conn->in_head) {
        expect_within(conn, conn->http->limits.head_ms);
        conn->head_since_ms = gri_loop_ms(conn->http->sched);
    }
    conn->in_head = true;
}

static bool start_exchange(struct gri_conn *conn, struct gri_guard guard)
{
    const char *head = conn->in + guard.skip;
    gri_conn_consumed(conn, guard.skip + guard.head_len);
    if (conn->backlog)
        conn->backlog->guard = (struct gri_guard){0};
    conn->in_head = false;
    return gri_exchange_start(conn, head, &guard);
}

static bool start_next(struct gri_conn *conn)
{
    struct gri_guard fresh = {0}, *guard = conn->backlog ? &conn->backlog->guard : &fresh;
    switch (gri_guard_scan(guard, conn->in, conn->in_len, &conn->http->limits)) {
    case GRI_GUARD_MORE:
        if (conn->in_len > guard->skip) /* old clients end a body with a line end too much (RFC 9112 section 2.2) */
            wait_for_head(conn);
        return false;
    case GRI_GUARD_REFUSED:
        gri_conn_refuse(conn, guard->status, (struct gri_str){conn->in + guard->skip, conn->in_len - guard->skip});
        return false;
    default:
        return start_exchange(conn, *guard);
    }
}

/* A request's head is always let in as far as its own limits go. */
static bool has_room(const struct gri_conn *conn)
{
    const gr_limits *limits = &conn->http->limits;
    return conn->in_len < limits->input_bytes || conn->in_len == 0 ||
           (!conn->x && conn->in_len < gri_guard_most(limits));
}

/* Input that nobody took stays, in memory of its own; beyond a bound the client has to wait. */
void gri_conn_keep_rest(struct gri_conn *conn)
{
    if (conn->in_len == 0) {
        drop_backlog(conn);
    } else if (!conn->backlog) {
        conn->backlog = calloc(1, sizeof *conn->backlog);
        if (conn->backlog)
            gri_buf_put(&conn->backlog->buf, conn->in, conn->in_len);
        if (!conn->backlog || conn->backlog->buf.failed) {
            reset_now(conn, GRI_NO_MEMORY);
            return;
        }
        conn->in = conn->backlog->buf.data;
    }
    read_on(conn, has_room(conn));
}

static void conn_run(struct gri_conn *conn)
{
    conn->running = true;
    while (may_start(conn) && start_next(conn))
        if (out_is_full(conn))
            gri_conn_flush(conn);
    conn->running = false;
    gri_conn_flush(conn);
    if (conn->closed || conn->lingering)
        return;
    if ((conn->fin || conn->http->stopping) && !conn->x && !conn->queued) {
        give_up_head(conn, conn->fin ? GRI_CLIENT_LEFT : GRI_STOPPED);
        conn_finish(conn);
    } else if (conn->finishing && !conn->queued)
        finish_now(conn);
    else
        gri_conn_expect_next(conn);
}

static void on_conn_ready(struct gri_ready *ready)
{
    struct gri_conn *conn = (struct gri_conn *)((char *)ready - offsetof(struct gri_conn, ready));
    conn_run(conn);
    if (!conn->closed)
        gri_conn_keep_rest(conn);
}

static bool add_input(struct gri_conn *conn, const char *data, size_t n)
{
    if (!conn->backlog) {
        conn->in = data;
        conn->in_len = n;
        return true;
    }
    struct gri_buf *buf = &conn->backlog->buf;
    gri_buf_consume(buf, buf->len - conn->in_len);
    gri_buf_put(buf, data, n);
    conn->in = buf->data;
    conn->in_len = buf->len;
    return !buf->failed;
}

static GRI_COLD void take_fin(struct gri_conn *conn)
{
    conn->fin = true;
    conn->lingering_since_ms = gri_loop_ms(conn->http->sched);
    give_up_head(conn, GRI_CLIENT_LEFT);
    if (conn->lingering)
        linger_on(conn);
    else if (conn->x)
        gri_exchange_abandoned(conn->x);
    else if (!conn->queued && !conn->ready.queued) /* else a request may wait behind what is sent or its turn */
        conn_finish(conn);
}

static void take_data(struct gri_conn *conn, const char *data, size_t n)
{
    if (conn->finishing)
        conn_discard(conn, n);
    else if (!add_input(conn, data, n))
        reset_now(conn, GRI_NO_MEMORY);
    else if (conn->x)
        gri_exchange_wake_reader(conn->x, 0);
    else
        conn_run(conn);
}

void gri_conn_received(struct gri_conn *conn, const char *data, ssize_t n)
{
    if (conn->closed)
        return;
    if (n > 0)
        take_data(conn, data, (size_t)n);
    else if (n == UV_EOF)
        take_fin(conn);
    else if (n < 0)
        close_now(conn);
    gri_sched_drain(conn->http->sched);
    if (!conn->closed && (conn->in_len || conn->backlog || !conn->reading))
        gri_conn_keep_rest(conn);
}

void gri_conn_alloc(struct gri_conn *conn, uv_buf_t *buf)
{
    *buf = uv_buf_init(conn->http->read_block, GRI_READ_BLOCK);
}

void gri_conn_release(struct gri_conn *conn, bool keep_alive)
{
    conn->x = NULL;
    if (conn->closed)
        return;
    if (!keep_alive)
        conn_finish(conn);
    else if (!conn->running)
        gri_ready(conn->http->sched, &conn->ready);
}

/* --- the deadline, and the beginning --- */

static GRI_COLD void deadline_passed(struct gri_conn *conn)
{
    if (conn->lingering)
        linger_on(conn);
    else if (conn->queued && is_slow_reader(conn))
        reset_now(conn, GRI_CLIENT_SLOW);
    else if (conn->queued)
        gri_conn_expect_next(conn);
    else if (conn->x)
        gri_exchange_wake_reader(conn->x, 408);
    else if (conn->in_head)
        gri_conn_refuse(conn, 408, (struct gri_str){conn->in, conn->in_len});
    else
        conn_finish(conn);
}

static void on_conn_timer(struct gri_timer *timer)
{
    struct gri_conn *conn = (struct gri_conn *)((char *)timer - offsetof(struct gri_conn, timer));
    if (conn->deadline_ms == INT64_MAX)
        return;
    if (gri_loop_ms(conn->http->sched) < conn->deadline_ms)
        gri_timer_set(conn->http->sched, timer, conn->deadline_ms);
    else
        deadline_passed(conn);
}

void gri_conn_open(struct gri_conn *conn, struct gri_http *http, struct gri_transport *transport)
{
    *conn = (struct gri_conn){.transport = transport,
                              .http = http,
                              .next = http->conns,
                              .ready = {.run = on_conn_ready},
                              .timer = {.fire = on_conn_timer},
                              .reading = true};
    transport->conn = conn;
    if (http->conns)
        http->conns->prev = conn;
    http->conns = conn;
    http->n_conns++;
    expect_within(conn, http->limits.head_ms);
    transport->ops->read(transport, true);
}
