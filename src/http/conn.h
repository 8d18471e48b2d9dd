/* A connection: it turns what a transport receives into exchanges, one at a time and in order, and sends their replies.
 * It owns its input and output; a request's head is copied into the exchange, so an exchange may outlive it. */
#ifndef GRI_HTTP_CONN_H
#define GRI_HTTP_CONN_H

#include "base/cold.h"
#include "http/access_log.h"
#include "http/guard.h"
#include "http/http.h"
#include "http/transport.h"

/* Input that waits: a head that is not complete, a pipelined request, a body nobody reads yet. */
struct gri_backlog {
    struct gri_buf buf;
    struct gri_guard guard;
};

struct gri_conn {
    struct gri_transport *transport;
    struct gri_http *http;
    struct gri_exchange *x; /* the one being answered, or NULL */
    struct gri_conn *next, *prev;
    struct gri_ready ready; /* goes on with the input after a reply was made outside of a read */
    struct gri_timer timer; /* set lazily: when it fires, deadline_ms says whether it is time */
    int64_t deadline_ms;    /* INT64_MAX: none */
    int64_t head_since_ms;  /* while in_head */
    const char *in;         /* input not consumed yet: of the read block during a read, else of the backlog */
    size_t in_len;
    struct gri_backlog *backlog;
    size_t queued;       /* bytes given to the transport and not yet taken by the system */
    size_t unsent;       /* ... of which the client had not taken at the last look */
    int64_t write_by_ms; /* when the next look is; 0: nothing is queued */
    bool reading;
    bool running;   /* in conn_run(), which flushes at its end */
    bool in_head;   /* part of a head has come */
    bool fin;       /* the client sends no more */
    bool finishing; /* close when all is sent; whatever comes is discarded */
    bool lingering; /* all is sent, FIN too: see linger_on() */
    bool closed;
    size_t discarded;           /* bytes, since it is finishing */
    int64_t quiet_since_ms;     /* when the last of them came, and the client had not taken everything yet */
    int64_t lingering_since_ms; /* ... or since the client's FIN */
};

/* Called by a transport. */
void gri_conn_open(struct gri_conn *conn, struct gri_http *http, struct gri_transport *transport);
void gri_conn_alloc(struct gri_conn *conn, uv_buf_t *buf);
void gri_conn_received(struct gri_conn *conn, const char *data, ssize_t n); /* n < 0: UV_EOF or a broken connection */
void gri_conn_wrote(struct gri_conn *conn, struct gri_write *write, int status);
void gri_conn_closed(struct gri_conn *conn);

/* Called by the exchange. */
struct gri_buf *gri_conn_out(struct gri_conn *conn); /* append to it, then gri_conn_flush() unless `running` */
void gri_conn_flush(struct gri_conn *conn);

/* Sends what is in the buffer and `body`, which is borrowed until `queued` is 0. */
void gri_conn_flush_with(struct gri_conn *conn, struct gri_str body);
void gri_conn_consumed(struct gri_conn *conn, size_t n); /* that much input was used */
void gri_conn_keep_rest(
    struct gri_conn *conn); /* the rest goes to the backlog, and reading goes on while that has room */
void gri_conn_expect_next(struct gri_conn *conn); /* what it waits for has changed, and with it for how long */

/* Answers a request that never became an exchange, of which `head` came, in plain text (a HEAD request by the head
 * alone), and closes. */
GRI_COLD void gri_conn_refuse(struct gri_conn *conn, int status, struct gri_str head);

/* The exchange has been answered (or will never be: `keep_alive` is false). The connection goes on or closes. */
void gri_conn_release(struct gri_conn *conn, bool keep_alive);

/* Closes when idle, else after the present reply. */
GRI_COLD void gri_conn_stop(struct gri_conn *conn);

/* Closes now, by a reset, so that nothing that was cut looks complete; the exchange is cancelled and lives on by
 * itself. */
GRI_COLD void gri_conn_abort(struct gri_conn *conn, enum gri_end end);

#endif
