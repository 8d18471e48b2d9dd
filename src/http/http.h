/* One loop's HTTP/1.1 server: what its connections share. */
#ifndef GRI_HTTP_HTTP_H
#define GRI_HTTP_HTTP_H

#include <griddle/limits.h>

#include "base/buf.h"
#include "co/task.h"
#include "http/addresses.h"

struct gri_conn;
struct gri_exchange;

/* Who answers. */
struct gri_service {
    gr_task_fn *serve;    /* the coroutine of a request; arg is its struct gri_exchange */
    size_t exchange_size; /* of the struct whose first member is the struct gri_exchange; serve initialises the rest */
    void *state;          /* the service's own */
};

struct gri_http {
    struct gri_sched *sched;
    const struct gri_log *log;
    gr_limits limits;
    struct gri_service service;
    struct gri_buf out;     /* replies on their way; of one connection at a time, between two turns of the loop */
    char *read_block;       /* every read goes here first */
    struct gri_conn *conns; /* all, newest first */
    size_t n_conns, n_zombies;
    struct gri_addresses addresses;  /* how many connections each has */
    void (*room)(struct gri_http *); /* a connection less: one that waits can be accepted; may be NULL */
    void *acceptor;
    char head[128]; /* see gri_http_head(), formatted once a second */
    size_t head_len;
    int64_t head_until_ms;
    bool access_log;
    bool stopping;
    bool aborted;                       /* the stop's deadline has passed: what runs is cancelled */
    void (*drained)(struct gri_http *); /* stopping, and the last connection is gone; may be NULL */
};

enum { GRI_READ_BLOCK = 65536 };

/* Caller memory. 0 or GR_ENOMEM. `limits` is copied. */
int gri_http_init(struct gri_http *http, struct gri_sched *sched, const struct gri_service *service,
                  const gr_limits *limits);

/* No connection may be left. */
void gri_http_finish(struct gri_http *http);

/* Closes idle connections; busy ones close after their present reply. `drained` is called when all are gone. */
void gri_http_stop(struct gri_http *http);

/* Closes every connection now, cancelling what runs. */
void gri_http_abort(struct gri_http *http);

/* How most heads begin, ready to copy: the status line of 200, then the "server" and "date" lines that all of them have
 * (RFC 9110 section 6.6.1). */
#define GRI_STATUS_LINE_OK "HTTP/1.1 200 OK\r\n"
#define GRI_SERVER_LINE    "server: griddle\r\n"
struct gri_str gri_http_head(struct gri_http *http);

#endif
