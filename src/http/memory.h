/* The memory transport: a connection whose client is the caller. For tests: no sockets, no timing, every split point.
 */
#ifndef GRI_HTTP_MEMORY_H
#define GRI_HTTP_MEMORY_H

#include "base/buf.h"
#include "http/conn.h"

struct gri_memory {
    struct gri_transport base;
    struct gri_conn conn;
    struct gri_sched *sched;
    struct gri_buf received;         /* what the server has sent and the client's window has let through */
    struct gri_buf unread;           /* what the client has sent while the server does not read */
    size_t window;                   /* bytes the client still takes; SIZE_MAX: all */
    size_t held;                     /* bytes that the system would hold, not taken by the client: set by a test */
    struct gri_write *first, **last; /* writes that wait for the window */
    struct gri_ready ready;          /* completes writes and the close on the loop's stack */
    bool reading, fin, fin_pending, closing, closed;
    bool was_reset; /* by the server */
};

/* A new connection to `http`, owned by the caller. NULL: out of memory. */
struct gri_memory *gri_memory_connect(struct gri_http *http);

/* What a client does. After each, run the loop (gri_sched_drain) to see what comes of it. */
void gri_memory_send(struct gri_memory *memory, const char *data, size_t n);
void gri_memory_send_fin(struct gri_memory *memory);
void gri_memory_reset(struct gri_memory *memory);
void gri_memory_set_window(struct gri_memory *memory, size_t bytes);

/* The client lets go: the server sees a reset if the connection is still open. Frees at once. */
void gri_memory_destroy(struct gri_memory *memory);

#endif
