#include "io/work.h"

#include <stdlib.h>
#include <string.h>

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
    work->landed = true;
    if (work->task)
        gri_wake(work->task, 0);
    else
        work->drop(work);
    gri_sched_drain(sched);
    gri_sched_work_landed(sched);
}

void gri_work_start(struct gri_sched *sched, struct gri_work *work)
{
    work->sched = sched;
    gri_sched_work_begins(sched);
    uv_queue_work(sched->loop, &work->uv, on_work_work, on_landed); /* fails only without a function */
}

static void work_start(gr_co co, struct gri_work *work)
{
    work->task = co.task;
    gri_work_start(co.task->sched, work);
}

/* One that is still queued lands all the same, without having run. */
static void work_stop(struct gri_work *work)
{
    __atomic_store_n(&work->stopped, 1, __ATOMIC_RELAXED);
    uv_cancel((uv_req_t *)&work->uv);
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
    work_start(co, work);
    rc = gri_suspend(co, INT64_MAX, what);
    if (!work->landed)
        work_stop(work);
    await_landing(co, work, what);
    return !work->has_run || (rc < 0 && work->result == GR_ECANCELED) ? rc : work->result;
}

int gri_work_await_shielded(gr_co co, struct gri_work *work, const char *what)
{
    gri_check_co(co);
    work_start(co, work);
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
    work_start(co, work);
    rc = gri_suspend(co, INT64_MAX, what);
    if (work->landed)
        return 0;
    work->task = NULL;
    work_stop(work);
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
