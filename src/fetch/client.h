/* The client: libcurl's multi interface on the event loop.
 *
 * libcurl asks for sockets to be watched and for one timer; the loop calls it back, always on its own stack. Nothing of
 * this keeps the loop alive but a coroutine that waits (gri_fetch_hold). */
#ifndef GRI_FETCH_CLIENT_H
#define GRI_FETCH_CLIENT_H

#include <curl/curl.h>
#include <griddle/fetch.h>
#include <uv.h>

#include "fetch/names.h"

struct gri_fetch_socket;

struct gr_client {
    CURLM *multi;
    uv_loop_t *loop; /* borrowed; NULL until the first use */
    uv_timer_t timer;
    uv_check_t hold;
    struct gri_fetch_socket *sockets; /* that are watched */
    unsigned transfers;               /* of which each is added to `multi` */
    struct gri_names names;
    unsigned waiting;          /* coroutines */
    unsigned open;             /* handles on the loop */
    gr_client_options options; /* no member is 0 that has a default; the strings are its own */
};

/* Binds the client to the loop of `co` where it is not yet. GR_EINVAL: it belongs to another one. */
int gri_fetch_bind(gr_client *client, gr_co co);

/* While a coroutine waits, between these two, the loop stays alive. */
void gri_fetch_hold(gr_client *client);
void gri_fetch_release(gr_client *client);

#endif
