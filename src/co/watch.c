#include "co/watch.h"

#include <griddle/io.h>
#include <stdlib.h>

#include "co/misuse.h"
#include "co/owner.h"
#include "co/task.h"
#include "co/waiters.h"

struct gri_watch {
    struct gri_sched *sched;
    int fd;
    int events; /* that libuv watches */
    unsigned users;
    gr_waiters waiters; /* each with the address of its events */
    uv_poll_t poll;
};

static int wanted(const struct gri_watch *watch)
{
    int events = 0;
    for (const struct gr_waiter *waiter = watch->waiters.first; waiter; waiter = waiter->next)
        events |= *(const int *)waiter->data;
    return events;
}

/* Those that were woken for one of `events`: all of what woke somebody. */
static int wake(struct gri_watch *watch, int events)
{
    int woken = 0;
    struct gr_waiter *waiter = watch->waiters.first, *next;
    for (; waiter; waiter = next) {
        int hit = *(const int *)waiter->data & events;
        next = waiter->next;
        if (hit)
            gri_waiters_wake_one(&watch->waiters, waiter, hit);
        woken |= hit;
    }
    return woken;
}

static void on_watch_poll(uv_poll_t *poll, int status, int events);

static int set_events(struct gri_watch *watch, int events)
{
    int rc = uv_poll_start(&watch->poll, events, on_watch_poll);
    watch->events = rc < 0 ? 0 : events;
    return rc;
}

/* libuv stops to watch a descriptor in error. */
static void on_watch_poll(uv_poll_t *poll, int status, int events)
{
    struct gri_watch *watch = poll->data;
    struct gri_sched *sched = watch->sched;
    if (status < 0) {
        watch->events = 0;
        wake(watch, ~0);
    } else if (events & ~wake(watch, events)) {
        set_events(watch, wanted(watch));
    }
    gri_sched_drain(sched);
}

/* By descriptor, which the system gives out from 0 on. */
static bool watch_make_room(struct gri_sched *sched, size_t fd)
{
    size_t n = sched->n_watches ? sched->n_watches : 32;
    if (fd < sched->n_watches)
        return true;
    while (n <= fd)
        n *= 2;
    struct gri_watch **watches = realloc(sched->watches, n * sizeof *watches);
    if (!watches)
        return false;
    for (size_t i = sched->n_watches; i < n; i++)
        watches[i] = NULL;
    sched->watches = watches;
    sched->n_watches = n;
    return true;
}

static void on_watch_closed(uv_handle_t *handle)
{
    free(handle->data);
}

/* A number that is no descriptor is refused by libuv, before there would be room for it. */
static int watch_create(struct gri_sched *sched, int fd)
{
    struct gri_watch *watch = calloc(1, sizeof *watch);
    int rc = watch ? uv_poll_init(sched->loop, &watch->poll, fd) : GR_ENOMEM;
    if (rc < 0) {
        free(watch);
        return rc;
    }
    uv_unref((uv_handle_t *)&watch->poll);
    watch->poll.data = watch;
    if (!watch_make_room(sched, (size_t)fd)) {
        uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
        return GR_ENOMEM;
    }
    watch->sched = sched;
    watch->fd = fd;
    sched->watches[fd] = watch;
    return 0;
}

int gri_watch_get(struct gri_sched *sched, int fd, struct gri_watch **watch)
{
    *watch = NULL;
    if (fd < 0)
        return -EBADF;
    int rc = (size_t)fd < sched->n_watches && sched->watches[fd] ? 0 : watch_create(sched, fd);
    if (rc < 0)
        return rc;
    *watch = sched->watches[fd];
    (*watch)->users++;
    return 0;
}

void gri_watch_release(struct gri_watch *watch)
{
    if (--watch->users > 0)
        return;
    watch->sched->watches[watch->fd] = NULL;
    uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
}

void gri_watch_check(const struct gri_watch *watch, const char *function)
{
    gri_check_loop(watch->sched, function);
}

bool gri_watch_is_awaited(const struct gri_watch *watch)
{
    return watch->waiters.first;
}

void gri_watches_finish(struct gri_sched *sched)
{
    for (size_t fd = 0; fd < sched->n_watches; fd++)
        if (sched->watches[fd])
            gri_log(sched->log, GRI_LOG_ERROR,
                    "descriptor %zu was left open: call gr_io_close() (gr_listener_close(), ...) on every way out", fd);
    free(sched->watches);
}

int gri_watch_wait(gr_co co, struct gri_watch *watch, int events, const char *what)
{
    if (watch->sched != co.task->sched)
        gri_misuse(
            "\"%s\" uses a stream, or a socket, of another event loop: each belongs to the loop that it was opened on",
            co.task->name);
    int rc = (watch->events & events) == events ? 0 : set_events(watch, watch->events | events);
    if (rc < 0)
        return rc;
    uv_ref((uv_handle_t *)&watch->poll);
    rc = gri_waiters_wait_with(co, &watch->waiters, &events, what);
    if (!watch->waiters.first)
        uv_unref((uv_handle_t *)&watch->poll);
    return rc;
}

int gr_wait_fd(gr_co co, int fd, int events, int *ready)
{
    const int all = GR_READABLE | GR_WRITABLE | GR_HANGUP | GR_URGENT;
    struct gri_watch *watch;
    gri_check_co(co);
    if (ready)
        *ready = 0;
    if (events == 0 || (events & ~all))
        return GR_EINVAL;
    int rc = gri_watch_get(co.task->sched, fd, &watch);
    if (rc < 0)
        return rc;
    rc = gri_watch_wait(co, watch, events, "a descriptor");
    gri_watch_release(watch);
    if (ready && rc > 0)
        *ready = rc;
    return rc < 0 ? rc : 0;
}
