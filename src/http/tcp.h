/* The TCP transport and its listener. */
#ifndef GRI_HTTP_TCP_H
#define GRI_HTTP_TCP_H

#include "http/http.h"

/* Accepts connections for `http`. Caller memory. */
struct gri_listener {
    uv_tcp_t tcp;
    struct gri_http *http;
    struct gri_timer retry; /* accepts when there may be memory again */
    bool full;              /* a connection waits, which libuv has accepted and we have not: it takes no other */
    int64_t complained_ms;  /* when the log was told last */
    void (*closed)(struct gri_listener *);
};

/* Binds and listens. `port` 0 takes a free one. 0 or a negative code (UV_EADDRINUSE, ...) with the handle closing:
 * `closed` is called either way before the memory may go. `host` is an IPv4 or IPv6 address, or "localhost". */
int gri_listener_open(struct gri_listener *listener, struct gri_http *http, const char *host, int port, int backlog,
                      void (*closed)(struct gri_listener *));
int gri_listener_port(const struct gri_listener *listener);
void gri_listener_close(struct gri_listener *listener);

#endif
