#include "timeline.h"

#include <time.h>

static GR_MODEL(order_times, GR_FIELD(id), GR_FIELD(taken_ms, .doc = "Since the first order came"), GR_FIELD(ready_ms),
                GR_FIELD(cook, .doc = "Which cook made it, from 1"));
GR_DEFINE_MODEL(timeline, GR_OBJECTS(orders, order_times), GR_FIELD(elapsed_ms));

struct order_times *take_order(struct rush *rush, int64_t cook, int64_t now_ms)
{
    if (rush->next == rush->n)
        return NULL;
    struct order_times *order = &rush->orders[rush->next++];
    *order = (struct order_times){.id = (int64_t)rush->next, .taken_ms = now_ms - rush->began_ms, .cook = cook};
    return order;
}

gr_reply rush_reply(struct rush *rush, int64_t now_ms)
{
    struct timeline timeline = {{rush->orders, rush->n}, now_ms - rush->began_ms};
    return timeline_reply(rush->req, &timeline);
}

void stand_and_cook(int64_t ms)
{
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    while (nanosleep(&left, &left) < 0) /* a signal is no reason to serve it raw */
        ;
}
