/* Prints what coroutines cost, in nanoseconds. Asserts nothing. */
#include <stdio.h>
#include <stdlib.h>

#include "co/pool.h"
#include "co/switch.h"
#include "co/task.h"

enum { N = 5000000 };

static void *main_context, *other_context;

static void *bounce(void *arg)
{
    (void)arg;
    for (int i = 0; i < N; i++)
        gri_switch(&other_context, main_context);
    return main_context;
}

static void report(const char *what, uint64_t since, double n)
{
    printf("%-28s %8.1f ns\n", what, (double)(uv_hrtime() - since) / n);
}

static void bench_switch(void)
{
    size_t bytes = 256 * 1024;
    char *stack = aligned_alloc(64, bytes);
    other_context = gri_switch_prepare(stack, stack + bytes, bounce, NULL);
    uint64_t start = uv_hrtime();
    for (int i = 0; i < N; i++)
        gri_switch(&main_context, other_context);
    report("switch", start, 2.0 * N);
    free(stack);
}

static int nothing(gr_co co, void *arg)
{
    (void)co, (void)arg;
    return 0;
}

static int yielding(gr_co co, void *arg)
{
    int *left = arg, rc = 0;
    while (rc == 0 && --*left > 0)
        rc = gri_suspend(co, INT64_MAX, "bench");
    return rc;
}

static int spawning(gr_co co, void *arg)
{
    int rc = 0;
    for (int n = *(int *)arg; n > 0 && rc == 0; n--) {
        gr_task *task;
        rc = gr_spawn(co, &task, nothing, NULL);
        if (rc == 0)
            rc = gr_join(co, task);
    }
    return rc;
}

static int gathering(gr_co co, void *arg)
{
    gr_job jobs[10] = {{0}};
    for (int i = 0; i < 10; i++)
        jobs[i].run = nothing;
    int rc = 0;
    for (int n = *(int *)arg; n > 0 && rc == 0; n -= 10)
        rc = gr_gather_n(co, jobs, 10);
    return rc;
}

static int sleeping(gr_co co, void *arg)
{
    int rc = 0;
    for (int n = *(int *)arg; n > 0 && rc == 0; n--)
        rc = gr_sleep(co, 1);
    return rc;
}

static int nothing_blocking(void *arg)
{
    (void)arg;
    return 0;
}

static int offloading(gr_co co, void *arg)
{
    int rc = 0;
    for (int n = *(int *)arg; n > 0 && rc == 0; n--)
        rc = gr_offload(co, nothing_blocking, NULL);
    return rc;
}

static int offloading_by_64(gr_co co, void *arg)
{
    gr_job jobs[64];
    int each = *(int *)arg / 64;
    for (int i = 0; i < 64; i++)
        jobs[i] = (gr_job){offloading, &each};
    return gr_gather_n(co, jobs, 64);
}

static void bench_create(struct gri_sched *sched)
{
    uint64_t start = uv_hrtime();
    for (int i = 0; i < N; i++)
        gri_task_start(gri_task_create(sched, "bench", 0, NULL), nothing, NULL);
    report("create, run and end", start, N);
}

static void bench_wake(struct gri_sched *sched)
{
    int left = N;
    gr_task *task = gri_task_create(sched, "bench", 0, NULL);
    gri_task_start(task, yielding, &left);
    uint64_t start = uv_hrtime();
    while (left > 0) {
        gri_wake(task, 0);
        gri_sched_drain(sched);
    }
    report("wake and wait again", start, N);
}

static void bench_in_coroutine(struct gri_sched *sched, const char *what, gr_task_fn *fn, int n)
{
    int left = n;
    uint64_t start = uv_hrtime();
    gri_task_start(gri_task_create(sched, "bench", 0, NULL), fn, &left);
    if (sched->is_virtual)
        gri_sched_advance(sched, INT64_MAX / 2);
    uv_run(sched->loop, UV_RUN_DEFAULT);
    report(what, start, n);
}

int main(void)
{
    struct gri_sched sched, timeless;
    gri_sched_init(&sched, uv_default_loop(), NULL);
    gri_sched_init(&timeless, uv_default_loop(), &(struct gri_sched_options){.is_virtual = true});
    bench_switch();
    bench_create(&sched);
    bench_wake(&sched);
    bench_in_coroutine(&sched, "spawn and join", spawning, N / 5);
    bench_in_coroutine(&sched, "one of ten in a gather", gathering, N / 5);
    bench_in_coroutine(&timeless, "sleep, in virtual time", sleeping, N / 5);
    struct gri_pool *pool;
    if (gri_pool_create(&pool, &sched, NULL) == 0) {
        bench_in_coroutine(&sched, "offload", offloading, N / 50);
        bench_in_coroutine(&sched, "offload, 64 at a time", offloading_by_64, N / 50);
        gri_pool_destroy(pool, NULL, NULL);
    }
    gri_sched_close(&sched, NULL);
    gri_sched_close(&timeless, NULL);
    uv_run(uv_default_loop(), UV_RUN_DEFAULT);
    return uv_loop_close(uv_default_loop()) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
