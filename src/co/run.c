#include "co/run.h"

#include <stdlib.h>
#include <unistd.h>

#include "co/call.h"
#include "co/misuse.h"
#include "co/pool.h"

enum { LEAVE_MS = 10000 };

/* A loop for one coroutine. On the heap: what is left behind goes on using it. */
struct run_run {
    uv_loop_t loop;
    struct gri_log log;
    struct gri_sched sched;
    struct gri_pool *pool;
    gr_task_fn *fn;
    void *arg;
    int result;
    bool ended;
    struct gri_timer late; /* for what fn has left behind */
};

static int run_main(gr_co co, void *arg)
{
    struct run_run *self = arg;
    self->result = gri_call(co, self->fn, self->arg);
    return 0;
}

static void on_run_last_ended(struct gri_sched *sched)
{
    struct run_run *self = sched->user;
    self->ended = true;
}

static int run_start(struct run_run *self)
{
    gr_task *task = gri_task_create(&self->sched, "main", 0, NULL);
    if (!task)
        return GR_ENOMEM;
    gri_task_start(task, run_main, self);
    return 0;
}

void gri_run_turn(uv_loop_t *loop, const struct gri_sched *sched, const bool *ended)
{
    if (uv_run(loop, UV_RUN_ONCE) != 0 || *ended)
        return;
    const gr_task *task = sched->tasks;
    gri_misuse("deadlock: the coroutine \"%s\" waits for %s, and nothing is left that could wake it", task->name,
               task->waits_for);
}

static int run_hop(struct run_run *self)
{
    int rc = gri_pool_create(&self->pool, &self->sched, NULL);
    if (rc == 0)
        rc = run_start(self);
    while (rc == 0 && !self->ended)
        gri_run_turn(&self->loop, &self->sched, &self->ended);
    gri_pool_destroy(self->pool, NULL, NULL);
    return rc < 0 ? rc : self->result;
}

static void on_late(struct gri_timer *timer)
{
    (void)timer;
}

/* What fn left behind on a thread of libuv's is on its way, or stuck there. */
static bool all_return(struct run_run *self, int64_t leave_ms)
{
    self->late.fire = on_late;
    gri_timer_set(&self->sched, &self->late, gri_after_ms(&self->sched, leave_ms));
    while (self->sched.works > 0 && self->late.set)
        uv_run(&self->loop, UV_RUN_ONCE);
    gri_timer_clear(&self->sched, &self->late);
    if (self->sched.works > 0)
        gri_sched_name_outside(&self->sched, "gr_run()");
    return self->sched.works == 0;
}

static int run_on_loop(struct run_run *self, int64_t leave_ms)
{
    self->log = (struct gri_log){GRI_LOG_WARNING, STDERR_FILENO};
    int rc = gri_sched_init(&self->sched, &self->loop, &(struct gri_sched_options){.log = &self->log});
    if (rc < 0)
        return rc;
    self->sched.user = self;
    self->sched.last_ended = on_run_last_ended;
    rc = run_hop(self);
    if (!all_return(self, leave_ms))
        return GR_ETIMEDOUT;
    gri_sched_close(&self->sched, NULL);
    uv_run(&self->loop, UV_RUN_DEFAULT);
    return rc;
}

int gri_run(gr_task_fn *fn, void *arg, int64_t leave_ms)
{
    if (gri_running())
        gri_misuse("gr_run() was called in the coroutine \"%s\", which would hold its loop: await the function there",
                   gri_running()->name);
    struct run_run *self = calloc(1, sizeof *self);
    int rc = self ? uv_loop_init(&self->loop) : GR_ENOMEM;
    if (rc < 0)
        goto done;
    self->fn = fn;
    self->arg = arg;
    rc = run_on_loop(self, leave_ms);
    if (self->sched.works > 0)
        return rc;
    if (uv_loop_close(&self->loop) < 0)
        gri_misuse("gr_run() ended while a handle of its loop is open: close what you opened on gr_loop()");
done:
    free(self);
    return rc;
}

int gr_run(gr_task_fn *fn, void *arg)
{
    return gri_run(fn, arg, LEAVE_MS);
}
