#include <griddle/sync.h>

#include "co/call.h"
#include "co/pool.h"

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

const gr_task *gri_task_of_this_thread(void)
{
    struct gri_job *job = gri_job_of_this_thread();
    return job && job->work == on_offload_work ? GRI_OWNER_OF(job, struct offload, job)->task : NULL;
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
    int answer = gri_call(co, self->job.question, self->job.question_arg);
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

int gr_offload(gr_co co, gr_blocking_fn *fn, void *arg)
{
    int rc = gri_await_begin(co);
    if (rc < 0)
        return rc;
    struct gri_pool *pool = co.task->pool ? co.task->pool : co.task->sched->pool, *holds = co.task->holds;
    if (pool && holds && !gri_pool_may_wait_for(holds, pool))
        return refuse_circle(co.task);
    struct offload self = {.pool = pool,
                           .task = co.task,
                           .fn = fn,
                           .arg = arg,
                           .job = {.name = co.task->name, .work = on_offload_work, .done = on_done, .asks = on_asks}};
    if (!pool)
        return GR_EINVAL;
    gri_san_note(&co.task->san);
    rc = gri_pool_submit(pool, &self.job);
    return rc < 0 ? rc : await_job(co, &self);
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
