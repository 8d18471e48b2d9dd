#include "http/memory.h"

#include <stdlib.h>

static struct gri_memory *memory_of(struct gri_transport *transport)
{
    return (struct gri_memory *)transport;
}

/* Not through the server's read block: this may run inside of another connection's read, which still uses that. */
static void deliver(struct gri_memory *memory, const char *data, size_t n)
{
    while (n && memory->reading && !memory->closing) {
        size_t piece = n < GRI_READ_BLOCK ? n : GRI_READ_BLOCK;
        gri_conn_received(&memory->conn, data, (ssize_t)piece);
        data += piece;
        n -= piece;
    }
    if (n && !memory->closing)
        gri_buf_put(&memory->unread, data, n);
}

static void deliver_unread(struct gri_memory *memory)
{
    struct gri_buf waiting = memory->unread;
    gri_buf_init(&memory->unread, NULL);
    deliver(memory, waiting.data, waiting.len);
    gri_buf_finish(&waiting);
}

static void memory_read(struct gri_transport *transport, bool on)
{
    struct gri_memory *memory = memory_of(transport);
    memory->reading = on;
    if (on && (memory->unread.len || memory->fin_pending))
        gri_ready(memory->sched, &memory->ready);
}

static size_t memory_take(struct gri_memory *memory, const char *data, size_t n)
{
    size_t taken = n < memory->window ? n : memory->window;
    gri_buf_put(&memory->received, data, taken);
    if (memory->window != SIZE_MAX)
        memory->window -= taken;
    return taken;
}

static ssize_t memory_try_write(struct gri_transport *transport, const uv_buf_t *bufs, unsigned n)
{
    struct gri_memory *memory = memory_of(transport);
    size_t total = 0;
    for (unsigned i = 0; i < n; i++)
        total += memory_take(memory, bufs[i].base, bufs[i].len);
    return (ssize_t)total;
}

static int memory_write(struct gri_transport *transport, struct gri_write *write)
{
    struct gri_memory *memory = memory_of(transport);
    write->next = NULL;
    *memory->last = write;
    memory->last = &write->next;
    gri_ready(memory->sched, &memory->ready);
    return 0;
}

static size_t memory_unsent(struct gri_transport *transport)
{
    size_t n = memory_of(transport)->held;
    for (const struct gri_write *write = memory_of(transport)->first; write; write = write->next)
        n += write->bytes.len;
    return n;
}

static bool memory_is_broken(struct gri_transport *transport)
{
    (void)transport; /* gri_memory_reset() has told */
    return false;
}

static void memory_shutdown(struct gri_transport *transport)
{
    memory_of(transport)->fin = true;
}

static void memory_close(struct gri_transport *transport, bool reset)
{
    struct gri_memory *memory = memory_of(transport);
    memory->closing = true;
    memory->was_reset = reset;
    gri_ready(memory->sched, &memory->ready);
}

static const struct gri_transport_ops memory_ops = {
    .read = memory_read,
    .try_write = memory_try_write,
    .write = memory_write,
    .unsent = memory_unsent,
    .is_broken = memory_is_broken,
    .shutdown = memory_shutdown,
    .close = memory_close,
};

/* The completed length is told once, so the write keeps its own until it is done. */
static void pump_writes(struct gri_memory *memory)
{
    while (memory->first && !memory->closing) {
        struct gri_write *write = memory->first;
        size_t taken = memory_take(memory, write->bytes.base, write->bytes.len);
        if (taken < write->bytes.len) {
            write->bytes.base += taken;
            write->bytes.len -= taken;
            memory->conn.queued -= taken;
            return;
        }
        memory->first = write->next;
        if (!memory->first)
            memory->last = &memory->first;
        gri_conn_wrote(&memory->conn, write, 0);
    }
}

static void finish_close(struct gri_memory *memory)
{
    while (memory->first) {
        struct gri_write *write = memory->first;
        memory->first = write->next;
        gri_conn_wrote(&memory->conn, write, UV_ECANCELED);
    }
    memory->closed = true;
    gri_conn_closed(&memory->conn);
}

static void on_memory_ready(struct gri_ready *ready)
{
    struct gri_memory *memory = (struct gri_memory *)((char *)ready - offsetof(struct gri_memory, ready));
    if (memory->closed)
        return;
    pump_writes(memory);
    if (memory->unread.len && memory->reading && !memory->closing)
        deliver_unread(memory);
    if (memory->fin_pending && memory->unread.len == 0 && memory->reading && !memory->closing) {
        memory->fin_pending = false;
        gri_conn_received(&memory->conn, NULL, UV_EOF);
    }
    if (memory->closing)
        finish_close(memory);
}

struct gri_memory *gri_memory_connect(struct gri_http *http)
{
    struct gri_memory *memory = calloc(1, sizeof *memory);
    if (!memory)
        return NULL;
    memory->base.ops = &memory_ops;
    memory->base.peer = (struct gri_peer){.address = {127, 0, 0, 1}, .port = 50000, .family = 4};
    memory->sched = http->sched;
    memory->window = SIZE_MAX;
    memory->last = &memory->first;
    memory->ready.run = on_memory_ready;
    gri_conn_open(&memory->conn, http, &memory->base);
    return memory;
}

void gri_memory_send(struct gri_memory *memory, const char *data, size_t n)
{
    if (memory->unread.len)
        gri_buf_put(&memory->unread, data, n);
    else
        deliver(memory, data, n);
}

void gri_memory_send_fin(struct gri_memory *memory)
{
    memory->fin_pending = true;
    gri_ready(memory->sched, &memory->ready);
}

void gri_memory_reset(struct gri_memory *memory)
{
    if (!memory->closing)
        gri_conn_received(&memory->conn, NULL, UV_ECONNRESET);
}

void gri_memory_set_window(struct gri_memory *memory, size_t bytes)
{
    memory->window = bytes;
    gri_ready(memory->sched, &memory->ready);
}

void gri_memory_destroy(struct gri_memory *memory)
{
    if (!memory)
        return;
    if (!memory->closed) {
        gri_memory_reset(memory);
        gri_unready(memory->sched, &memory->ready);
        finish_close(memory);
    }
    gri_unready(memory->sched, &memory->ready);
    gri_buf_finish(&memory->received);
    gri_buf_finish(&memory->unread);
    free(memory);
}
