#include "co/sched.h"

#include <assert.h>

#include "co/owner.h"
#include "co/watch.h"

enum {
    DRAIN_MAX = 1000,  /* items before the loop's I/O has its turn */
    SETTLE_MAX = 1000, /* rounds: a coroutine that yields for ever must not stop a virtual clock */
    TRIM_MS = 1000
};

static void queue_init(struct gri_ready_queue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
}

static void queue_push(struct gri_ready_queue *queue, struct gri_ready *item)
{
    item->next = NULL;
    item->queued = true;
    *queue->last = item;
    queue->last = &item->next;
}

static struct gri_ready *queue_pop(struct gri_ready_queue *queue)
{
    struct gri_ready *item = queue->first;
    queue->first = item->next;
    if (!queue->first)
        queue->last = &queue->first;
    item->queued = false;
    return item;
}

static void queue_move(struct gri_ready_queue *to, struct gri_ready_queue *from)
{
    if (!from->first)
        return;
    *to->last = from->first;
    to->last = from->last;
    queue_init(from);
}

static void on_idle(uv_idle_t *idle);

static void keep_idle(struct gri_sched *sched)
{
    bool wanted = sched->ready.first || sched->later.first || sched->polling.first;
    if (sched->closing || wanted == sched->idling)
        return;
    sched->idling = wanted;
    if (wanted)
        uv_idle_start(&sched->idle, on_idle);
    else
        uv_idle_stop(&sched->idle);
}

void gri_ready(struct gri_sched *sched, struct gri_ready *item)
{
    if (item->queued)
        return;
    queue_push(&sched->ready, item);
    if (!sched->draining)
        keep_idle(sched);
}

void gri_later(struct gri_sched *sched, struct gri_ready *item)
{
    if (item->queued)
        return;
    queue_push(&sched->later, item);
    if (!sched->draining)
        keep_idle(sched);
}

static void queue_remove(struct gri_ready_queue *queue, struct gri_ready *item)
{
    struct gri_ready **at = &queue->first;
    while (*at && *at != item)
        at = &(*at)->next;
    if (!*at)
        return;
    *at = item->next;
    if (!*at)
        queue->last = at;
    item->queued = false;
}

void gri_unready(struct gri_sched *sched, struct gri_ready *item)
{
    if (!item->queued)
        return;
    queue_remove(&sched->ready, item);
    queue_remove(&sched->later, item);
    queue_remove(&sched->polling, item);
}

void gri_sched_drain(struct gri_sched *sched)
{
    if (sched->current || sched->draining || !sched->ready.first)
        return;
    sched->draining = true;
    for (int n = 0; n < DRAIN_MAX && sched->ready.first; n++) {
        struct gri_ready *item = queue_pop(&sched->ready);
        item->run(item);
    }
    sched->draining = false;
    keep_idle(sched);
}

/* libuv calls this just before it polls: whoever yielded by now will have seen a poll when it is called again. */
static void on_idle(uv_idle_t *idle)
{
    struct gri_sched *sched = idle->data;
    queue_move(&sched->ready, &sched->polling);
    gri_sched_drain(sched);
    uv_update_time(sched->loop); /* for on_prepare() */
    queue_move(&sched->polling, &sched->later);
    keep_idle(sched);
}

static int64_t saturating_add(int64_t a, int64_t b)
{
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum))
        return b < 0 ? INT64_MIN : INT64_MAX;
    return sum;
}

int64_t gri_now_ms(const struct gri_sched *sched)
{
    return sched->is_virtual ? sched->virtual_ms : (int64_t)(uv_hrtime() / 1000000);
}

int64_t gri_loop_ms(const struct gri_sched *sched)
{
    return sched->is_virtual ? sched->virtual_ms : (int64_t)uv_now(sched->loop);
}

int64_t gri_after_ms(const struct gri_sched *sched, int64_t ms)
{
    int64_t now = sched->is_virtual ? sched->virtual_ms : (int64_t)((uv_hrtime() + 999999) / 1000000);
    return saturating_add(now, ms);
}

int64_t gri_sched_next_ms(const struct gri_sched *sched)
{
    struct gri_timer *first = gri_timers_first(&sched->timers);
    return first ? first->at_ms : INT64_MAX;
}

static void on_sched_timer(uv_timer_t *handle);

/* A timer that was cleared leaves the handle armed: firing once for nothing is cheaper than to re-arm at each clear. */
static void arm(struct gri_sched *sched)
{
    int64_t next = gri_sched_next_ms(sched), loop = (int64_t)uv_now(sched->loop);
    if (next >= sched->armed_ms)
        return;
    sched->armed_ms = next;
    uv_timer_start(&sched->timer, on_sched_timer, next > loop ? (uint64_t)(next - loop) : 0, 0);
}

/* Only those that were set before: one that sets itself again, and is due at once, waits for the loop's next turn. */
static void fire_due(struct gri_sched *sched, int64_t now)
{
    uint64_t end = sched->timers.seq;
    struct gri_timer *first;
    while ((first = gri_timers_first(&sched->timers)) && first->at_ms <= now && first->seq < end) {
        gri_timer_clear(sched, first);
        first->fire(first);
    }
}

/* Just before and just after the poll. By the loop's own clock, which it reads in each turn anyhow. */
static void on_prepare(uv_prepare_t *prepare)
{
    struct gri_sched *sched = prepare->data;
    if (sched->woke_ms == 0)
        return;
    sched->lag_ms = (int64_t)uv_now(sched->loop) - sched->woke_ms;
    if (sched->lag_ms > sched->most_lag_ms)
        sched->most_lag_ms = sched->lag_ms;
}

static void on_check(uv_check_t *check)
{
    struct gri_sched *sched = check->data;
    sched->woke_ms = (int64_t)uv_now(sched->loop);
}

static void on_sched_timer(uv_timer_t *handle)
{
    struct gri_sched *sched = handle->data;
    sched->armed_ms = INT64_MIN;
    fire_due(sched, gri_now_ms(sched));
    gri_sched_drain(sched);
    uv_update_time(sched->loop); /* for on_prepare() */
    sched->armed_ms = INT64_MAX;
    arm(sched);
}

void gri_timer_set(struct gri_sched *sched, struct gri_timer *timer, int64_t at_ms)
{
    gri_timers_remove(&sched->timers, timer);
    gri_timers_add(&sched->timers, timer, at_ms);
    if (sched->is_virtual)
        return;
    uv_ref((uv_handle_t *)&sched->timer);
    if (at_ms < sched->armed_ms)
        arm(sched);
}

void gri_timer_clear(struct gri_sched *sched, struct gri_timer *timer)
{
    gri_timers_remove(&sched->timers, timer);
    if (!gri_timers_first(&sched->timers))
        uv_unref((uv_handle_t *)&sched->timer);
}

static void sched_settle(struct gri_sched *sched)
{
    gri_sched_drain(sched);
    for (int n = 0; n < SETTLE_MAX && sched->idling; n++) {
        queue_move(&sched->ready, &sched->polling);
        queue_move(&sched->ready, &sched->later);
        gri_sched_drain(sched);
    }
}

void gri_sched_advance(struct gri_sched *sched, int64_t ms)
{
    assert(sched->is_virtual && !sched->current && !sched->draining);
    int64_t end = saturating_add(sched->virtual_ms, ms), next;
    sched_settle(sched);
    while ((next = gri_sched_next_ms(sched)) <= end && gri_timers_first(&sched->timers)) {
        if (next > sched->virtual_ms)
            sched->virtual_ms = next;
        fire_due(sched, sched->virtual_ms);
        sched_settle(sched);
    }
    sched->virtual_ms = end;
}

static void on_trim(uv_timer_t *handle)
{
    struct gri_sched *sched = handle->data;
    sched->trimming = gri_stack_sizes_trim(&sched->stacks);
    if (!sched->trimming)
        uv_timer_stop(handle);
}

void gri_sched_put_stack(struct gri_sched *sched, struct gri_stacks *stacks, char *base)
{
    gri_stacks_put(stacks, base);
    if (sched->trimming || sched->closing)
        return;
    sched->trimming = true;
    uv_timer_start(&sched->trim, on_trim, TRIM_MS, TRIM_MS);
}

static void init_handles(struct gri_sched *sched)
{
    uv_timer_init(sched->loop, &sched->timer);
    uv_timer_init(sched->loop, &sched->trim);
    uv_idle_init(sched->loop, &sched->idle);
    uv_prepare_init(sched->loop, &sched->prepare);
    uv_check_init(sched->loop, &sched->check);
    sched->timer.data = sched->trim.data = sched->idle.data = sched->prepare.data = sched->check.data = sched;
    uv_prepare_start(&sched->prepare, on_prepare);
    uv_check_start(&sched->check, on_check);
    uv_unref((uv_handle_t *)&sched->timer);
    uv_unref((uv_handle_t *)&sched->trim);
    uv_unref((uv_handle_t *)&sched->prepare);
    uv_unref((uv_handle_t *)&sched->check);
}

int gri_sched_init(struct gri_sched *sched, uv_loop_t *loop, const struct gri_sched_options *options)
{
    *sched = (struct gri_sched){.loop = loop, .armed_ms = INT64_MAX};
    sched->log = options ? options->log : NULL;
    sched->is_virtual = options && options->is_virtual;
    queue_init(&sched->ready);
    queue_init(&sched->later);
    queue_init(&sched->polling);
    int rc = gri_stack_sizes_init(&sched->stacks, options ? options->stack_bytes : 0);
    if (rc < 0)
        return rc;
    init_handles(sched);
    sched->thread = gri_this_thread();
    gri_owner_loop_begins();
    return 0;
}

/* No task is, but more may have been queued at once than a turn of the loop takes. */
static void run_what_is_left(struct gri_sched *sched)
{
    queue_move(&sched->ready, &sched->polling);
    queue_move(&sched->ready, &sched->later);
    while (sched->ready.first)
        gri_sched_drain(sched);
}

static void sched_one_closed(struct gri_sched *sched)
{
    if (sched->closing == 1)
        run_what_is_left(sched);
    if (--sched->closing > 0)
        return;
    gri_stack_sizes_finish(&sched->stacks);
    gri_watches_finish(sched);
    gri_owner_loop_ends();
    if (sched->closed)
        sched->closed(sched);
}

static void on_sched_closed(uv_handle_t *handle)
{
    sched_one_closed(handle->data);
}

void gri_sched_work_landed(struct gri_sched *sched)
{
    sched->works--;
    if (sched->closing > 0)
        sched_one_closed(sched);
    else if (sched->works == 0 && sched->n_tasks == sched->n_daemons && sched->last_ended)
        sched->last_ended(sched);
}

void gri_sched_close(struct gri_sched *sched, void (*closed)(struct gri_sched *))
{
    assert(sched->n_tasks == 0);
    uv_handle_t *handles[] = {(uv_handle_t *)&sched->timer, (uv_handle_t *)&sched->trim, (uv_handle_t *)&sched->idle,
                              (uv_handle_t *)&sched->prepare, (uv_handle_t *)&sched->check};
    enum { N_HANDLES = sizeof handles / sizeof handles[0] };
    sched->closed = closed;
    sched->closing = N_HANDLES + (int)sched->works;
    sched->idling = false;
    for (int i = 0; i < N_HANDLES; i++)
        uv_close(handles[i], on_sched_closed);
}
