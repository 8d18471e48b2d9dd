/* The request behind gr_req. */
#ifndef GRI_SERVE_REQ_H
#define GRI_SERVE_REQ_H

#include <griddle/stream.h>

#include "base/cold.h"
#include "co/owner.h"
#include "co/task.h"
#include "http/url.h"
#include "schema/arena.h"
#include "schema/json.h"
#include "schema/steps.h"
#include "serve/running.h"

/* A teardown: one of the four functions. */
struct gri_deferred {
    struct gri_deferred *next;
    struct gri_running *running; /* whose it is */
    gr_kind kind;
    gr_teardown_fn *blocking;
    gr_async_teardown_fn *async;
    gr_early_fn *early_blocking;
    gr_async_early_fn *early_async;
    void *arg;
};

/* What a request records on its way. */
struct gri_records {
    struct gr_reply_impl *failure;         /* gr_fail()'s */
    bool failure_is_past;                  /* the last gr_fail() came too late */
    struct gri_deferred *deferred, *early; /* gr_defer()'s and gr_defer_early()'s, the newest first */
};

/* The same of one of several tasks that run side by side, and of what it starts, kept apart until they have ended: so
 * that none of them takes another's failure for its own, and teardowns run in an order that is known. */
struct gri_aside {
    struct gri_aside *next;
    const gr_task *task; /* NULL: it has not begun, or has ended */
    struct gri_records records;
};

/* A background task. */
struct gri_after {
    struct gri_after *next;
    struct gri_running *running; /* whose it is */
    gr_kind kind;
    const char *name;
    gr_after_fn *blocking;
    gr_async_after_fn *async;
    void *arg;
};

/* A reply being made; of the request's arena. */
struct gr_reply_impl {
    gr_req *req;
    struct gri_response response;
    struct gr_reply_impl *next_large; /* in the request's list of those with a `json` */
    json_t *json;                     /* a large value, not encoded to its end yet; freed with the request */
    struct gri_json_writer *rest;     /* where encoding goes on; NULL: nowhere */
    struct gri_buf buf;               /* what it goes on into */
    gr_write_fn *write;               /* of a streamed one: who writes it */
    gr_blocking_write_fn *write_blocking;
    void *write_arg;
    struct gri_running *running; /* whose `write` it is */
    bool has_status;             /* gr_with_status() gave it one: the operation's option does not count */
    bool spoilt;                 /* it has become the 500 that says so, and stays that */
    bool none;                   /* no reply: the client left */
    bool failed;                 /* gr_failed() made it, or a mistake of the application */
    bool is_worded;              /* the function of gr_app_set_invalid() made it: gr_app_on_error() is not asked */
    bool raised;                 /* it says that something failed, and gr_app_on_error() was not asked yet */
    int code;                    /* of a raised one: what failed, or 0 */
    const char *cause;
};

/* A body as a value. */
struct gri_parsed {
    bool done;     /* nothing else is meant before that */
    json_t *value; /* owned; NULL: it is no JSON */
    struct gri_json_error error;
    int rc;
};

enum gri_next_state { GRI_NEXT_WAITS, GRI_NEXT_RUNS, GRI_NEXT_RETURNED };

/* In a frame of the chain, as long as its middleware runs. */
struct gr_next {
    gr_next *outer;          /* of the middleware around */
    const gr_middleware *of; /* whose it is */
    size_t step;             /* the next link */
    const void *input;       /* the operation's, bound before a thread is asked for */
    enum gri_next_state state;
};

struct gr_req {
    struct gri_exchange x;         /* first: the exchange is the request */
    struct gri_running *running;   /* the application whose code runs: changes where the chain enters a mounted one */
    const struct gri_chain *links; /* what is called before the operation, or the reply that there is none */
    const void *owner;             /* the thread that may use it; NULL: it waits for one. Atomic */
    const void *frame;             /* of what runs the chain: see gri_req_check_lasts() */
    const struct gri_op *op;
    const char *name;                   /* of the operation, or "" */
    gr_next *chain;                     /* of the innermost middleware that runs; NULL: none does */
    const gr_middleware *identified_by; /* who set the request's id; NULL: the operation */
    int refused;                        /* the status for a target that is none */
    struct gri_target target;
    struct gri_str *params; /* op->n_params values */
    struct gri_str body;
    struct gri_buf piece;                 /* gr_read()'s copy: what the connection has read is soon written over */
    bool body_given;                      /* gr_read() has handed out a body that was collected */
    json_t *input_json;                   /* an array of what the input's json_t members are */
    gr_arena *arena;                      /* gr_req_arena()'s; NULL until asked for */
    struct gri_parsed json;               /* gr_body_json()'s */
    bool encoding;                        /* a thread of the pool writes into the arena, for the loop */
    struct gri_records records;           /* of all that has none of its own: see gri_records_of() */
    struct gri_aside *asides;             /* those that have */
    struct gri_after *after, *last_after; /* background tasks, in order */
    bool tears_down;                      /* it is too late for one */
    bool is_replied;                      /* it is too late for an early teardown */
    bool failed_early;                    /* one replaced the reply */
    bool tells_invalid;                   /* the function of gr_app_set_invalid() runs */
    struct gr_reply_impl *large;          /* replies that hold a json_t, also those that a middleware dropped */
    struct gr_reply_impl first;           /* most requests make one reply */
    bool first_used;
};

/* Aborts, naming the operation, where the calling thread does not have the request. */
void gri_req_check(const gr_req *req);

static inline void gri_req_set_owner(gr_req *req, const void *thread)
{
    __atomic_store_n(&req->owner, thread, __ATOMIC_RELAXED);
}

/* Where what runs now records. */
GRI_COLD struct gri_records *gri_records_aside(gr_req *req);
static inline struct gri_records *gri_records_of(gr_req *req)
{
    return req->asides ? gri_records_aside(req) : &req->records;
}

/* Begins and ends that `aside` is known; and makes its teardowns the request's newest, or its failure the request's,
 * unless there is one. */
void gri_aside_enter(gr_req *req, struct gri_aside *aside);
void gri_aside_leave(gr_req *req, struct gri_aside *aside);
void gri_aside_take(gr_req *req, const struct gri_aside *aside);
void gri_aside_take_failure(gr_req *req, const struct gri_aside *aside);

/* Text of that size would hold the loop for a millisecond, and so does less of it that is read several times. */
static inline bool gri_req_reads_much(const gr_req *req, size_t times)
{
    enum { PARSE_BYTES = 65536 };
    return req->body.len * times > PARSE_BYTES;
}
static inline bool gri_req_has_large_body(const gr_req *req)
{
    return gri_req_reads_much(req, 1);
}

/* The steps that patterns may take of one request's input, or of one reply. */
static inline void gri_req_init_steps(const gr_req *req, struct gri_steps *steps)
{
    gri_steps_init(steps, req->running->limits.pattern_steps, &req->x.task->unwanted);
}

/* Aborts where `what` ("the arg of gr_after()"), which will be used when the handler has ended, lies in a frame of it.
 */
void gri_req_check_lasts(const gr_req *req, const void *p, const char *what);

/* The middleware whose own code runs; NULL: the operation's does. */
const gr_middleware *gri_running_middleware(const gr_req *req);

/* A new, empty reply of this request; out of memory gives the request's 500. */
gr_reply gri_reply_create(gr_req *req, int status);

/* The same with a body that is in the arena, or lives longer. */
gr_reply gri_reply_with_body(gr_req *req, int status, struct gri_str content_type, struct gri_str body);

/* The plain 500, after a log line that names the operation. */
GRI_COLD gr_reply gri_reply_internal_error(gr_req *req, const char *fmt, ...) GR_PRINTF(2, 3);

/* Appends a header whose strings are in the arena or static, unchecked. */
void gri_reply_add_header(gr_reply reply, struct gri_str name, struct gri_str value);

/* Encodes what is left of a large JSON value, and frees it. On the thread that calls. */
GRI_COLD int gri_reply_encode_rest(struct gr_reply_impl *impl);

/* Frees the values of large replies that were not sent. */
void gri_reply_free_large(gr_req *req);

/* Parses the body on a thread of the pool, for gr_body_json(). 0, or as gr_offload(). */
GRI_COLD int gri_body_parse_on_pool(gr_co co, gr_req *req);
bool gri_body_is_json(const gr_req *req); /* by its content type */

/* Records the answer to a body that is no JSON (rc as gri_decode()'s). What to pass up; 0 where rc is. */
GRI_COLD int gri_fail_json_body(gr_req *req, int rc, const struct gri_json_error *error);

/* What no operation answers: 400, 404, 405, OPTIONS, the redirect to or from a trailing slash. */
GRI_COLD gr_reply gri_reply_unrouted(gr_req *req);

/* Fills the operation's input from the request: 0 and *input (NULL where it takes none), a recorded status, GR_ENOMEM.
 */
int gri_bind(gr_req *req, const void **input);

/* The same on a thread of the pool, while the request stays the loop's. Also as gr_offload(). */
GRI_COLD int gri_bind_on_pool(gr_co co, gr_req *req, const void **input);

/* gr_offload() of a function of the application that is given the request: from now on until it has returned nobody on
 * the loop may use it. */
int gri_req_lend(gr_co co, gr_req *req, gr_blocking_fn *fn, void *arg);

/* gr_offload() of what the handler did not ask for, and so must not become one that waits: a client that has
 * half-closed cancels it as little as one that never awaits. The request stays the loop's: fn works on what `arg` has
 * of its own, and what of the request does not change. */
GRI_COLD int gri_offload_for_us(gr_co co, gr_blocking_fn *fn, void *arg);

/* Runs the background tasks. */
GRI_COLD void gri_after_run(gr_co co, gr_req *req);

/* Runs the teardowns. */
GRI_COLD void gri_deferred_run(gr_co co, gr_req *req, gr_outcome outcome);

/* Runs the early teardowns, in the coroutine that has the request, or on the thread that has. The reply, or what became
 * of it. */
GRI_COLD gr_reply gri_early_run(gr_co co, gr_req *req, gr_reply reply);
GRI_COLD gr_reply gri_early_run_on_thread(gr_req *req, gr_reply reply);

/* Sends a streamed reply. 0, or a negative code: it was not, or not to its end. */
int gri_stream_send(gr_co co, gr_req *req, struct gr_reply_impl *impl);

/* Records the answer to a body that could not be read (rc above 0), and returns what to pass up. */
GRI_COLD int gri_fail_body(gr_req *req, int rc);

#endif
