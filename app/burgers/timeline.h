/* The orders of a rush hour, and when each was taken and ready: what /concurrent, /parallel and /blocked answer. */
#ifndef BURGERS_TIMELINE_H
#define BURGERS_TIMELINE_H

#include "shop.h"

enum { MOST_ORDERS = 100, MOST_COOKS = 16, MOST_BLOCKED_MS = 5000 };

struct order_times {
    int64_t id;
    int64_t taken_ms, ready_ms; /* since the first one came */
    int64_t cook;
};

struct timeline {
    GR_LIST_OF(struct order_times) orders;
    int64_t elapsed_ms;
};
GR_DECLARE_MODEL(timeline);

/* A timeline that is being made. */
struct rush {
    struct order_times orders[MOST_ORDERS];
    size_t n, next; /* next: to be taken */
    int64_t cook_ms;
    int64_t began_ms;
    gr_req *req;
};

/* Takes the next order for that cook; NULL: there is none. */
struct order_times *take_order(struct rush *rush, int64_t cook, int64_t now_ms);

/* The reply with all of them. */
gr_reply rush_reply(struct rush *rush, int64_t now_ms);

/* Stands at the griddle for that long, as C code does that knows nothing of coroutines. */
void stand_and_cook(int64_t ms);

#endif
