#include "co/timer.h"

#include <stddef.h>

static bool is_before(const struct gri_timer *a, const struct gri_timer *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->seq < b->seq;
}

static void adopt(struct gri_timer *parent, struct gri_timer *timer)
{
    timer->prev = parent;
    timer->next = parent->child;
    if (parent->child)
        parent->child->prev = timer;
    parent->child = timer;
}

static struct gri_timer *meld(struct gri_timer *a, struct gri_timer *b)
{
    if (!a || !b)
        return a ? a : b;
    if (is_before(b, a)) {
        adopt(b, a);
        return b;
    }
    adopt(a, b);
    return a;
}

/* Takes the first two of the list at *rest and melds them. */
static struct gri_timer *meld_pair(struct gri_timer **rest)
{
    struct gri_timer *a = *rest, *b = a->next;
    *rest = b ? b->next : NULL;
    a->next = a->prev = NULL;
    if (b)
        b->next = b->prev = NULL;
    return meld(a, b);
}

/* In two passes, for the amortised O(log n): pairs from the left, then all of them from the right. */
static struct gri_timer *meld_all(struct gri_timer *children)
{
    struct gri_timer *pairs = NULL, *root = NULL;
    while (children) {
        struct gri_timer *pair = meld_pair(&children);
        pair->next = pairs;
        pairs = pair;
    }
    while (pairs) {
        struct gri_timer *pair = pairs;
        pairs = pair->next;
        pair->next = NULL;
        root = meld(root, pair);
    }
    return root;
}

static void cut(struct gri_timer *timer)
{
    if (timer->prev->child == timer)
        timer->prev->child = timer->next;
    else
        timer->prev->next = timer->next;
    if (timer->next)
        timer->next->prev = timer->prev;
    timer->next = timer->prev = NULL;
}

void gri_timers_add(struct gri_timers *timers, struct gri_timer *timer, int64_t at_ms)
{
    timer->child = timer->next = timer->prev = NULL;
    timer->at_ms = at_ms;
    timer->seq = timers->seq++;
    timer->set = true;
    timers->root = meld(timers->root, timer);
}

void gri_timers_remove(struct gri_timers *timers, struct gri_timer *timer)
{
    if (!timer->set)
        return;
    struct gri_timer *children = meld_all(timer->child);
    if (timers->root == timer) {
        timers->root = children;
    } else {
        cut(timer);
        timers->root = meld(timers->root, children);
    }
    timer->child = NULL;
    timer->set = false;
}

struct gri_timer *gri_timers_first(const struct gri_timers *timers)
{
    return timers->root;
}
