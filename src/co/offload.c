#include <griddle/sync.h>

#include "co/pool.h"
#include "co/task.h"

/* In the caller's frame: it stays there until the job is done or taken back. */
struct offload {
    struct gri_job job;
    struct gri_pool *pool;
    gr_task *task;
    gr_blocking_fn *fn;
    void *arg;
    int result;
    bool done, asks;
};

static void on_offload_work(struct gri_job *job)
{
    struct offload *self = GRI_OWNER_OF(job, struct offload, job);
    self->result = self->fn(self->arg);
}

static void on_done(struct gri_job *job)
{
    struct offload *self = GRI_OWNER_OF(job, struct offload, job);
    self->done = true;
    gri_wake(self->task, 0);
}

static void on_asks(struct gri_job *job)
{
    struct offload *self = GRI_OWNER_OF(job, struct offload, job);
    self->asks = true;
    gri_wake(self->task, 0);
}

/* What the job asks runs here, in its caller's coroutine, under its caller's deadline and cancellation. */
static void offload_serve(gr_co co, struct offload *self)
{
    struct gri_pool *before = co.task->holds;
    self->asks = false;
    co.task->holds = self->pool;
    int answer = self->job.question(co, self->job.question_arg);
    co.task->holds = before;
    gri_job_answer(&self->job, answer);
}

static int await_job(gr_co co, struct offload *self)
{
    int rc = gri_suspend(co, INT64_MAX, "offload");
    while (rc == 0 && self->asks) {
        offload_serve(co, self);
        rc = gri_suspend(co, INT64_MAX, "offload");
    }
    if (!self->done && gri_pool_take_back(self->pool, &self->job))
        return rc;
    while (!self->done) {
        if (self->asks)
            offload_serve(co, self);
        gri_suspend_shielded(co, "offload, though its caller is gone");
    }
    return rc < 0 ? rc : self->result;
}

/* Enough of these, and each thread would wait for another one. */
static int refuse_circle(const gr_task *task)
{
    gri_log(task->sched->log, GRI_LOG_ERROR,
            "coroutine \"%s\": gr_offload() refused: a thread of the pool waits for this coroutine, and would wait for "
            "another thread: do it on that thread, before or after gr_call_on_loop()",
            task->name);
    return GR_EDEADLK;
}

int gri_offload_to(gr_co co, struct gri_pool *pool, gr_blocking_fn *fn, void *arg)
{
    int rc = gri_await_begin(co);
    if (rc < 0)
        return rc;
    if (pool && co.task->holds == pool)
        return refuse_circle(co.task);
    struct offload self = {.pool = pool,
                           .task = co.task,
                           .fn = fn,
                           .arg = arg,
                           .job = {.work = on_offload_work, .done = on_done, .asks = on_asks}};
    if (!pool)
        return GR_EINVAL;
    rc = gri_pool_submit(pool, &self.job);
    return rc < 0 ? rc : await_job(co, &self);
}

int gr_offload(gr_co co, gr_blocking_fn *fn, void *arg)
{
    gri_check_co(co);
    return gri_offload_to(co, co.task->sched->pool, fn, arg);
}

int gr_offload_limited(gr_co co, gr_semaphore *limiter, gr_blocking_fn *fn, void *arg)
{
    int rc = gr_semaphore_acquire(co, limiter);
    if (rc < 0)
        return rc;
    rc = gr_offload(co, fn, arg);
    gr_semaphore_release(limiter);
    return rc;
}
