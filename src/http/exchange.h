/* An exchange: one request and its reply. It lives beside its coroutine, from the complete head to the end of the
 * coroutine, and holds everything of the request in its arena. Its connection may go before it does. */
#ifndef GRI_HTTP_EXCHANGE_H
#define GRI_HTTP_EXCHANGE_H

#include "base/arena.h"
#include "base/cold.h"
#include "http/codec.h"
#include "http/conn.h"
#include "http/response.h"

enum { GRI_FIRST_ARENA = 1024 };

/* A coroutine that waits, in its frame: the request's own, or a child of it. */
struct gri_waiter {
    struct gri_waiter *next;
    gr_task *task;
};

struct gri_exchange {
    struct gri_conn *conn; /* NULL once the client is gone or the reply is handed over */
    struct gri_http *http;
    gr_task *task;
    struct gri_arena arena;
    struct gri_head head;
    struct gri_codec codec;
    struct gri_peer peer;
    struct gri_timer deadline;
    void (*time_is_up)(struct gri_exchange *x, struct gri_response *response); /* may word the 504; NULL: not yet */
    int64_t body_wait_ms;       /* how long it has waited for its body in all */
    int64_t body_by_ms;         /* when input must have come; INT64_MAX: nobody waits for it */
    struct gri_waiter *readers; /* who waits for input */
    struct gri_waiter *senders; /* who waits until everything is sent */
    const char *id;             /* for the access log; atomic; may be NULL */
    int64_t began_ms;           /* when its head was complete */
    int64_t over_ms;            /* when it was over for its client */
    size_t sent;                /* bytes of head, framing and body that were handed over */
    int status;                 /* of the reply that was sent; 0: none */
    int body_status;            /* what is wrong with the body, from there on; 0: nothing is known */
    enum gri_end end;           /* once `over` */
    bool over;                  /* for its client: the access log has its line */
    bool answered;              /* a reply was sent, or refused by a client that left */
    bool broken;                /* the request's framing is lost: close after the reply */
    bool continued;
    bool keeps_alive; /* the connection goes on after the reply */
    bool chunked;     /* how the reply's pieces are framed */
    bool sized;       /* ... or it has a length, of which `left` bytes are to come */
    uint64_t left;
    bool blocking;            /* a pool thread has the request: a FIN does not cancel it */
    int departed;             /* atomic: the client has left, and the handler may know */
    bool finish_if_abandoned; /* nor where the operation asks for that */
};

/* The exchange whose coroutine that is, or one that it started; NULL: it serves none. Also for a signal handler on the
 * thread that runs it, or a job of it. */
const struct gri_exchange *gri_exchange_of(const gr_task *task);

/* Starts the exchange of a complete head. False: it was refused, and the connection will close. */
bool gri_exchange_start(struct gri_conn *conn, const char *head, const struct gri_guard *guard);

/* The next piece of the body, decoded; empty at its end. Borrowed until the next call or await. 0; a status to answer
 * with (400, 408, 413) when the body is broken, too slow, or over codec.body_limit; GR_ECANCELED: the client is gone.
 */
int gri_exchange_read(gr_co co, struct gri_exchange *x, struct gri_str *piece);

/* What has come already of the body behind that, a piece a call; empty: it is to be waited for, or the end, or wrong.
 */
struct gri_str gri_exchange_read_on(struct gri_exchange *x);

/* The whole body, NUL-terminated, in the arena. 413 at once where its length is known to be above `limit`. */
int gri_exchange_collect(gr_co co, struct gri_exchange *x, uint64_t limit, struct gri_str *body);

/* Sends the reply and leaves the connection to its next request. Returns when the reply is handed over, or, where
 * `wait` or when it is large, when the last byte is sent. 0, or GR_ECANCELED: nobody is there to read it. */
int gri_exchange_reply(gr_co co, struct gri_exchange *x, const struct gri_response *response, bool wait);

/* The same in steps, for response->streamed: the head, pieces of the body, the end. Each waits until the system has
 * taken what was written. 0; GR_ECANCELED, GR_ETIMEDOUT, GR_EMSGSIZE where it is more than the length that was
 * announced: then the connection is closed, and `bytes` are the caller's again. gri_exchange_end() must follow a
 * gri_exchange_begin(), whatever that returned; `rc` is the writer's, and other than 0 closes the connection, so that
 * the client sees that the body was cut, and logs the code, as does less than was announced. */
int gri_exchange_begin(gr_co co, struct gri_exchange *x, const struct gri_response *response);
int gri_exchange_write(gr_co co, struct gri_exchange *x, struct gri_str bytes);
int gri_exchange_end(gr_co co, struct gri_exchange *x, int rc);

/* The handler has ended, and what follows is in the background. Where no reply was made none will be: the connection
 * closes. */
void gri_exchange_give_up(struct gri_exchange *x);

/* Whether the reply's body is to be sent: not for HEAD, 204 or 304. */
bool gri_exchange_wants_body(const struct gri_exchange *x, int status);

/* Without a reply in `ms` from now (below 0: never) the client gets 504, and the coroutine is cancelled. */
GRI_COLD void gri_exchange_set_deadline(struct gri_exchange *x, int64_t ms);

/* The client has sent FIN. */
GRI_COLD void gri_exchange_abandoned(struct gri_exchange *x);

/* The connection is gone, with `unsent` bytes that the client has not taken. */
GRI_COLD void gri_exchange_detach(struct gri_exchange *x, enum gri_end end, size_t unsent);

/* Input has come, or (status above 0) it has not come in time. */
void gri_exchange_wake_reader(struct gri_exchange *x, int status);
void gri_exchange_wake_sender(struct gri_exchange *x, int rc);

#endif
