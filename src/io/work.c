#include "io/work.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"

/* --- its turn --- */

/* As libuv reads it, by atoi(). */
static unsigned libuv_threads(void)
{
    enum { DEFAULT = 4, MOST = 1024 };
    const char *at = getenv("UV_THREADPOOL_SIZE");
    if (!at)
        return DEFAULT;
    while (gri_is_space(*at))
        at++;
    at += *at == '+';
    uint64_t n = gri_take_number(&at, 10);
    return n < 1 ? 1 : n > MOST ? MOST : (unsigned)n;
}

static unsigned most_files(struct gri_sched *sched)
{
    if (!sched->most_files) {
        unsigned n = libuv_threads();
        sched->most_files = n > 1 ? n - 1 : 1;
    }
    return sched->most_files;
}

static void work_enqueue(struct gri_sched *sched, struct gri_work *work)
{
    work->waits = true;
    work->next = NULL;
    work->prev = sched->last_file;
    *(work->prev ? &work->prev->next : &sched->files) = work;
    sched->last_file = work;
}

static void work_dequeue(struct gri_sched *sched, struct gri_work *work)
{
    *(work->prev ? &work->prev->next : &sched->files) = work->next;
    *(work->next ? &work->next->prev : &sched->last_file) = work->prev;
    work->waits = false;
}

static void launch(struct gri_sched *sched, struct gri_work *work);

static void launch_next(struct gri_sched *sched)
{
    struct gri_work *next = sched->files;
    sched->n_files--;
    if (!next || sched->n_files >= most_files(sched))
        return;
    work_dequeue(sched, next);
    launch(sched, next);
}

/* --- its run --- */

static void on_work_work(uv_work_t *uv)
{
    struct gri_work *work = GRI_OWNER_OF(uv, struct gri_work, uv);
    work->has_run = true;
    work->run(work);
}

static void on_landed(uv_work_t *uv, int status)
{
    struct gri_work *work = GRI_OWNER_OF(uv, struct gri_work, uv);
    struct gri_sched *sched = work->sched;
    (void)status; /* has_run tells it */
    launch_next(sched);
    gri_sched_work_returned(sched, &work->outside);
    work->landed = true;
    if (work->task)
        gri_wake(work->task, 0);
    else
        work->drop(work);
    gri_sched_drain(sched);
    gri_sched_work_landed(sched);
}

static void launch(struct gri_sched *sched, struct gri_work *work)
{
    sched->n_files++;
    uv_queue_work(sched->loop, &work->uv, on_work_work, on_landed); /* fails only without a function */
}

/* A teardown's does not stand behind those of whoever waits for that teardown: it takes the thread that is left. */
static bool may_launch(struct gri_sched *sched, const struct gri_work *work)
{
    return sched->n_files < most_files(sched) || (work->task && work->task->pool);
}

void gri_work_start(struct gri_sched *sched, struct gri_work *work, const char *what)
{
    work->sched = sched;
    work->outside.what = what;
    work->outside.of = work->path;
    gri_sched_work_begins(sched, &work->outside, work->task);
    if (may_launch(sched, work))
        launch(sched, work);
    else
        work_enqueue(sched, work);
}

static void work_start(gr_co co, struct gri_work *work, const char *what)
{
    work->task = co.task;
    gri_work_start(co.task->sched, work, what);
}

/* One that waits here is back at once, one that libuv has queued lands soon: neither has run. */
static void work_stop(struct gri_work *work)
{
    struct gri_sched *sched = work->sched;
    __atomic_store_n(&work->stopped, 1, __ATOMIC_RELAXED);
    if (!work->waits) {
        uv_cancel((uv_req_t *)&work->uv);
        return;
    }
    work_dequeue(sched, work);
    gri_sched_work_returned(sched, &work->outside);
    work->landed = true;
    gri_sched_work_landed(sched);
}

bool gri_work_is_stopped(const struct gri_work *work)
{
    return __atomic_load_n(&work->stopped, __ATOMIC_RELAXED);
}

static void await_landing(gr_co co, const struct gri_work *work, const char *what)
{
    while (!work->landed)
        gri_suspend_shielded(co, what);
}

int gri_work_await(gr_co co, struct gri_work *work, const char *what)
{
    int rc = gri_await_begin(co);
    if (rc < 0)
        return rc;
    work_start(co, work, what);
    rc = gri_suspend(co, INT64_MAX, what);
    if (!work->landed)
        work_stop(work);
    await_landing(co, work, what);
    return !work->has_run || (rc < 0 && work->result == GR_ECANCELED) ? rc : work->result;
}

int gri_work_await_shielded(gr_co co, struct gri_work *work, const char *what)
{
    gri_check_co(co);
    work_start(co, work, what);
    await_landing(co, work, what);
    return work->result;
}

int gri_work_await_or_leave(gr_co co, struct gri_work *work, const char *what)
{
    int rc = gri_await_begin(co);
    if (rc < 0) {
        work->drop(work);
        return rc;
    }
    work_start(co, work, what);
    rc = gri_suspend(co, INT64_MAX, what);
    if (work->landed)
        return 0;
    work->task = NULL;
    work_stop(work);
    if (work->landed)
        work->drop(work);
    return rc;
}

void *gri_work_create(size_t size, const char *path)
{
    size_t n = strlen(path) + 1;
    char *work = calloc(1, size + n);
    if (!work)
        return NULL;
    memcpy(work + size, path, n);
    ((struct gri_work *)(void *)work)->path = work + size;
    return work;
}
