#include <unistd.h>

#include "co/misuse.h"
#include "co/pool.h"
#include "co/task.h"

/* A loop for one coroutine. */
struct run_run {
    uv_loop_t loop;
    struct gri_log log;
    struct gri_sched sched;
    struct gri_pool *pool;
    gr_task_fn *fn;
    void *arg;
    int result;
    bool ended;
};

static int run_main(gr_co co, void *arg)
{
    struct run_run *self = arg;
    self->result = self->fn(co, self->arg);
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

/* A loop that has nothing to do while a coroutine waits would do nothing for ever. */
static void turn(struct run_run *self)
{
    if (uv_run(&self->loop, UV_RUN_ONCE) != 0 || self->ended)
        return;
    const gr_task *task = self->sched.tasks;
    gri_misuse("deadlock: the coroutine \"%s\" waits for %s, and nothing is left that could wake it", task->name,
               task->waits_for);
}

static int run_hop(struct run_run *self)
{
    int rc = gri_pool_create(&self->pool, &self->sched, NULL);
    if (rc == 0)
        rc = run_start(self);
    while (rc == 0 && !self->ended)
        turn(self);
    gri_pool_destroy(self->pool, NULL, NULL);
    return rc < 0 ? rc : self->result;
}

static int run_on_loop(struct run_run *self)
{
    self->log = (struct gri_log){GRI_LOG_WARNING, STDERR_FILENO};
    int rc = gri_sched_init(&self->sched, &self->loop, &(struct gri_sched_options){.log = &self->log});
    if (rc < 0)
        return rc;
    self->sched.user = self;
    self->sched.last_ended = on_run_last_ended;
    rc = run_hop(self);
    gri_sched_close(&self->sched, NULL);
    uv_run(&self->loop, UV_RUN_DEFAULT);
    return rc;
}

int gr_run(gr_task_fn *fn, void *arg)
{
    if (gri_running())
        gri_misuse("gr_run() was called in the coroutine \"%s\", which would hold its loop: await the function there",
                   gri_running()->name);
    struct run_run self = {.fn = fn, .arg = arg};
    int rc = uv_loop_init(&self.loop);
    if (rc < 0)
        return rc;
    rc = run_on_loop(&self);
    if (uv_loop_close(&self.loop) < 0)
        gri_misuse("gr_run() ended while a handle of its loop is open: close what you opened on gr_loop()");
    return rc;
}
