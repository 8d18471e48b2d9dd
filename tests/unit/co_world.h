/* A loop with a scheduler, for tests: world_begin() and world_end() around a test, run_in() for its main coroutine. */
#ifndef TESTS_UNIT_CO_WORLD_H
#define TESTS_UNIT_CO_WORLD_H

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "co/task.h"
#include "run.h"

struct world {
    uv_loop_t loop;
    struct gri_sched sched;
    struct gri_log log;
};

enum { REAL_TIME, VIRTUAL_TIME };

static inline struct world *world_begin(int time)
{
    struct world *world = malloc(sizeof *world);
    world->log = (struct gri_log){GRI_LOG_DEBUG, STDERR_FILENO};
    ck_assert_int_eq(uv_loop_init(&world->loop), 0);
    struct gri_sched_options options = {.log = &world->log, .is_virtual = time == VIRTUAL_TIME};
    ck_assert_int_eq(gri_sched_init(&world->sched, &world->loop, &options), 0);
    return world;
}

/* Every test ends with it: no task is left, and every handle closes. */
static inline void world_end(struct world *world)
{
    ck_assert_uint_eq(world->sched.n_tasks, 0);
    gri_sched_close(&world->sched, NULL);
    ck_assert_int_eq(uv_run(&world->loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(uv_loop_close(&world->loop), 0);
    free(world);
}

struct main_task {
    gr_task_fn *fn;
    void *arg;
    int result;
    bool ended;
};

static inline int run_main_task(gr_co co, void *arg)
{
    struct main_task *self = arg;
    self->result = self->fn(co, self->arg);
    self->ended = true;
    return 0;
}

static inline gr_task *start_in(struct world *world, const char *name, gr_task_fn *fn, void *arg)
{
    gr_task *task = gri_task_create(&world->sched, name, 0, NULL);
    ck_assert_ptr_nonnull(task);
    gri_task_start(task, fn, arg);
    return task;
}

/* Until nothing is left to do, or an hour of virtual time has passed. */
static inline void run_world(struct world *world)
{
    if (world->sched.is_virtual)
        gri_sched_advance(&world->sched, 3600000);
    uv_run(&world->loop, UV_RUN_DEFAULT);
}

/* Runs fn as a coroutine named "main" to its end; what it returned. */
static inline int run_in(struct world *world, gr_task_fn *fn, void *arg)
{
    struct main_task self = {.fn = fn, .arg = arg};
    start_in(world, "main", run_main_task, &self);
    run_world(world);
    ck_assert_msg(self.ended, "the main coroutine did not end");
    return self.result;
}

/* A world of its own for one coroutine. */
static inline int run_alone(int time, gr_task_fn *fn, void *arg)
{
    struct world *world = world_begin(time);
    int result = run_in(world, fn, arg);
    world_end(world);
    return result;
}

struct death {
    int status;         /* of waitpid() */
    char stderr_[8192]; /* what the process wrote */
};

/* Runs fn(arg) in a process of its own, which ends with exit status 0 if fn returns. */
static inline struct death run_apart(void (*fn)(void *arg), void *arg)
{
    struct death death = {0};
    int fds[2];
    ck_assert_int_eq(pipe(fds), 0);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fds[1], STDERR_FILENO);
        fn(arg);
        _exit(0);
    }
    close(fds[1]);
    size_t len = 0;
    ssize_t n;
    char rest[512];
    while ((n = read(fds[0], rest, sizeof rest)) > 0)
        for (ssize_t i = 0; i < n && len + 1 < sizeof death.stderr_; i++)
            death.stderr_[len++] = rest[i];
    close(fds[0]);
    ck_assert_int_eq(waitpid(pid, &death.status, 0), pid);
    return death;
}

static inline void assert_aborts_saying(struct death death, const char *text)
{
    ck_assert_msg(strstr(death.stderr_, text) != NULL, "wanted \"%s\" in: %s", text, death.stderr_);
    ck_assert_msg(WIFSIGNALED(death.status) && WTERMSIG(death.status) == SIGABRT, "wanted SIGABRT, got status %x",
                  (unsigned)death.status);
}

#endif
