#include "co/pool.h"

#include <stdlib.h>

#include "base/alt_stack.h"
#include "base/thread.h"
#include "co/task.h"

enum { DEFAULT_THREADS = 40, DEFAULT_QUEUE = 1024 };
enum { QUEUED = 1, RUNNING, ASKING, DONE };

struct gri_worker {
    struct gri_worker *next_idle, *next;
    struct gri_pool *pool;
    uv_sem_t wake;
    uv_thread_t thread;
};

struct gri_pool {
    struct gri_sched *sched;
    unsigned max_threads, max_queue;
    bool reserved;
    size_t in_flight; /* the loop's own */
    uv_async_t async;
    void (*closed)(void *arg);
    void *closed_arg;

    uv_mutex_t lock; /* of all below */
    struct gri_job *first, *last;
    struct gri_job *news, **news_last; /* jobs that are done, or ask something */
    struct gri_worker *workers, *idle; /* idle: the last that fell asleep first */
    unsigned n_queued, n_threads, n_busy;
    uint64_t n_jobs, waited_ns, most_waited_ns; /* of those that have begun */
    bool waking; /* one thread is on its way to the queue: it wakes the next when it gets there */
    bool stopping;
};

static _Thread_local struct gri_job *current_job __attribute__((tls_model("initial-exec")));
static _Thread_local const void *job_frame __attribute__((tls_model("initial-exec")));

bool gr_job_cancelled(void)
{
    return current_job && __atomic_load_n(&current_job->cancelled, __ATOMIC_RELAXED);
}

struct gri_pool *gri_pool_of_this_thread(void)
{
    return current_job ? current_job->pool : NULL;
}

const void *gri_job_frame(void)
{
    return current_job ? job_frame : NULL;
}

void gri_pool_reserve(struct gri_pool *pool)
{
    pool->reserved = true;
}

bool gri_pool_may_wait_for(const struct gri_pool *holds, const struct gri_pool *pool)
{
    return holds->sched != pool->sched || (pool->reserved && !holds->reserved);
}

struct gri_job *gri_job_of_this_thread(void)
{
    return current_job;
}

const char *gri_running_name(void)
{
    const gr_task *task = gri_running();
    return task ? task->name : current_job ? current_job->name : NULL;
}

static void pool_enqueue(struct gri_pool *pool, struct gri_job *job)
{
    *job = (struct gri_job){.prev = pool->last,
                            .work = job->work,
                            .done = job->done,
                            .asks = job->asks,
                            .name = job->name,
                            .pool = pool,
                            .state = QUEUED,
                            .queued_at = uv_hrtime()};
    if (pool->last)
        pool->last->next = job;
    else
        pool->first = job;
    pool->last = job;
    pool->n_queued++;
}

static void dequeue(struct gri_pool *pool, struct gri_job *job)
{
    if (job->prev)
        job->prev->next = job->next;
    else
        pool->first = job->next;
    if (job->next)
        job->next->prev = job->prev;
    else
        pool->last = job->prev;
    job->next = job->prev = NULL;
    pool->n_queued--;
}

static void note_wait(struct gri_pool *pool, uint64_t ns)
{
    pool->n_jobs++;
    pool->waited_ns = ns;
    pool->most_waited_ns = ns > pool->most_waited_ns ? ns : pool->most_waited_ns;
}

static struct gri_job *take_job(struct gri_pool *pool, struct gri_worker *worker)
{
    struct gri_job *job = pool->first;
    if (!job)
        return NULL;
    dequeue(pool, job);
    job->state = RUNNING;
    job->worker = worker;
    pool->n_busy++;
    note_wait(pool, uv_hrtime() - job->queued_at);
    return job;
}

/* True: the loop must be told, since it does not know of any news yet. */
static bool put_news(struct gri_pool *pool, struct gri_job *job, int state)
{
    bool is_first = !pool->news;
    job->state = state;
    job->next = NULL;
    *pool->news_last = job;
    pool->news_last = &job->next;
    pool->n_busy -= state == DONE;
    return is_first;
}

/* Whom to wake for the queue: a thread that sleeps, or, with *start, one to be started. At most one is on its way. */
static struct gri_worker *choose_waker(struct gri_pool *pool, bool *start)
{
    struct gri_worker *sleeper = NULL;
    *start = false;
    if (pool->waking || !pool->first)
        return NULL;
    if (pool->idle) {
        sleeper = pool->idle;
        pool->idle = sleeper->next_idle;
    } else if (pool->n_threads < pool->max_threads) {
        *start = true;
        pool->n_threads++;
    }
    pool->waking = sleeper || *start;
    return sleeper;
}

static int start_worker(struct gri_pool *pool);

static int wake_one(struct gri_pool *pool, struct gri_worker *sleeper, bool start)
{
    if (sleeper)
        uv_sem_post(&sleeper->wake);
    return start ? start_worker(pool) : 0;
}

static void run_job(struct gri_job *job)
{
    current_job = job;
    job_frame = __builtin_frame_address(0);
    GRI_EXCEPTIONS_END_HERE();
    job->work(job);
    current_job = NULL;
}

/* Called and left with the lock held. The loop is told before the next job begins, and outside of the lock, which it
 * takes as soon as it wakes. */
static void work_off(struct gri_pool *pool, struct gri_worker *self)
{
    bool start, tell = false;
    struct gri_job *job;
    while ((job = take_job(pool, self)) || tell) {
        struct gri_worker *sleeper = choose_waker(pool, &start);
        uv_mutex_unlock(&pool->lock);
        if (tell)
            uv_async_send(&pool->async);
        wake_one(pool, sleeper, start);
        if (job)
            run_job(job);
        uv_mutex_lock(&pool->lock);
        tell = job && put_news(pool, job, DONE);
    }
}

static void worker_main(void *arg)
{
    struct gri_worker *self = arg;
    struct gri_pool *pool = self->pool;
    void *alt_stack;
    int ignored = gri_alt_stack_begin(&alt_stack); /* without one an overflow cannot be told */
    (void)ignored;
    uv_mutex_lock(&pool->lock);
    pool->waking = false;
    for (;;) {
        work_off(pool, self);
        if (pool->stopping)
            break;
        self->next_idle = pool->idle;
        pool->idle = self;
        uv_mutex_unlock(&pool->lock);
        uv_sem_wait(&self->wake);
        uv_mutex_lock(&pool->lock);
        pool->waking = false;
    }
    uv_mutex_unlock(&pool->lock);
    gri_alt_stack_end(alt_stack);
}

static struct gri_worker *new_worker(struct gri_pool *pool)
{
    struct gri_worker *worker = calloc(1, sizeof *worker);
    if (!worker || uv_sem_init(&worker->wake, 0) < 0) {
        free(worker);
        return NULL;
    }
    worker->pool = pool;
    return worker;
}

static void free_worker(struct gri_worker *worker)
{
    uv_sem_destroy(&worker->wake);
    free(worker);
}

/* The thread is counted already. It gets into the list late, but before its starter runs a job of its own, so that
 * whoever stops the pool finds it. */
static int start_worker(struct gri_pool *pool)
{
    struct gri_worker *worker = new_worker(pool);
    int rc = worker ? gri_thread_create(&worker->thread, worker_main, worker) : GR_ENOMEM;
    uv_mutex_lock(&pool->lock);
    if (rc == 0) {
        worker->next = pool->workers;
        pool->workers = worker;
    } else {
        pool->n_threads--;
        pool->waking = false;
    }
    uv_mutex_unlock(&pool->lock);
    if (rc < 0 && worker)
        free_worker(worker);
    return rc;
}

static void note_in_flight(struct gri_pool *pool)
{
    if (pool->in_flight++ == 0)
        uv_ref((uv_handle_t *)&pool->async);
}

static void note_landed(struct gri_pool *pool)
{
    if (--pool->in_flight == 0)
        uv_unref((uv_handle_t *)&pool->async);
}

int gri_job_ask(gr_task_fn *fn, void *arg)
{
    struct gri_job *job = current_job;
    if (!job || !job->asks)
        return GR_EINVAL;
    struct gri_pool *pool = job->pool;
    job->question = fn;
    job->question_arg = arg;
    uv_mutex_lock(&pool->lock);
    bool tell = put_news(pool, job, ASKING);
    uv_mutex_unlock(&pool->lock);
    if (tell)
        uv_async_send(&pool->async);
    uv_sem_wait(&job->worker->wake); /* nobody else posts to a thread that is not idle */
    return job->answer;
}

void gri_job_answer(struct gri_job *job, int answer)
{
    note_in_flight(job->pool);
    job->answer = answer;
    job->state = RUNNING;
    uv_sem_post(&job->worker->wake);
}

static void cancel(struct gri_job *job)
{
    __atomic_store_n(&job->cancelled, 1, __ATOMIC_RELAXED);
    if (job->on_cancel)
        job->on_cancel(job->on_cancel_arg);
}

bool gri_job_on_cancel(void (*fn)(void *arg), void *arg)
{
    struct gri_job *job = current_job;
    if (!job)
        return true;
    uv_mutex_lock(&job->pool->lock);
    job->on_cancel = fn;
    job->on_cancel_arg = arg;
    bool cancelled = gr_job_cancelled();
    if (cancelled)
        job->on_cancel = NULL;
    uv_mutex_unlock(&job->pool->lock);
    return !cancelled;
}

bool gri_pool_take_back(struct gri_pool *pool, struct gri_job *job)
{
    uv_mutex_lock(&pool->lock);
    bool was_queued = job->state == QUEUED;
    if (was_queued)
        dequeue(pool, job);
    else
        cancel(job);
    uv_mutex_unlock(&pool->lock);
    if (!was_queued)
        return false;
    note_landed(pool);
    return true;
}

int gri_pool_submit(struct gri_pool *pool, struct gri_job *job)
{
    bool start;
    uv_mutex_lock(&pool->lock);
    if (pool->n_queued + pool->n_busy >= (uint64_t)pool->max_queue + pool->max_threads) {
        uv_mutex_unlock(&pool->lock);
        return GR_EBUSY;
    }
    pool_enqueue(pool, job);
    struct gri_worker *sleeper = choose_waker(pool, &start);
    uv_mutex_unlock(&pool->lock);
    note_in_flight(pool);
    if (wake_one(pool, sleeper, start) == 0)
        return 0;
    /* Others will come to it, unless there are none. */
    uv_mutex_lock(&pool->lock);
    bool nobody = pool->n_threads == 0;
    uv_mutex_unlock(&pool->lock);
    return nobody && gri_pool_take_back(pool, job) ? GR_EBUSY : 0;
}

static void on_pool_async(uv_async_t *async)
{
    struct gri_pool *pool = async->data;
    uv_mutex_lock(&pool->lock);
    struct gri_job *job = pool->news, *next;
    pool->news = NULL;
    pool->news_last = &pool->news;
    uv_mutex_unlock(&pool->lock);
    for (; job; job = next) {
        next = job->next;
        note_landed(pool);
        if (job->state == ASKING)
            job->asks(job);
        else
            job->done(job);
    }
    gri_sched_drain(pool->sched);
}

size_t gri_pool_in_flight(const struct gri_pool *pool)
{
    return pool->in_flight;
}

void gri_pool_stats(struct gri_pool *pool, struct gri_pool_stats *stats)
{
    uv_mutex_lock(&pool->lock);
    *stats = (struct gri_pool_stats){pool->n_threads,
                                     pool->n_busy,
                                     pool->n_queued,
                                     pool->n_jobs,
                                     (int64_t)(pool->waited_ns / 1000),
                                     (int64_t)(pool->most_waited_ns / 1000)};
    uv_mutex_unlock(&pool->lock);
}

int gri_pool_create(struct gri_pool **out, struct gri_sched *sched, const struct gri_pool_options *options)
{
    struct gri_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return GR_ENOMEM;
    pool->sched = sched;
    pool->max_threads = options && options->threads ? options->threads : DEFAULT_THREADS;
    pool->max_queue = options && options->queue ? options->queue : DEFAULT_QUEUE;
    pool->news_last = &pool->news;
    int rc = uv_mutex_init(&pool->lock);
    if (rc < 0)
        goto fail;
    rc = uv_async_init(sched->loop, &pool->async, on_pool_async);
    if (rc < 0)
        goto fail_async;
    pool->async.data = pool;
    uv_unref((uv_handle_t *)&pool->async);
    *out = sched->pool = pool;
    return 0;
fail_async:
    uv_mutex_destroy(&pool->lock);
fail:
    free(pool);
    return rc;
}

static void stop_workers(struct gri_pool *pool)
{
    uv_mutex_lock(&pool->lock);
    pool->stopping = true;
    for (struct gri_worker *worker = pool->idle; worker; worker = worker->next_idle)
        uv_sem_post(&worker->wake);
    pool->idle = NULL;
    uv_mutex_unlock(&pool->lock);
}

static void join_workers(struct gri_pool *pool)
{
    struct gri_worker *next;
    for (struct gri_worker *worker = pool->workers; worker; worker = next) {
        next = worker->next;
        uv_thread_join(&worker->thread);
        free_worker(worker);
    }
}

static void on_pool_closed(uv_handle_t *handle)
{
    struct gri_pool *pool = handle->data;
    uv_mutex_destroy(&pool->lock);
    if (pool->closed)
        pool->closed(pool->closed_arg);
    free(pool);
}

void gri_pool_destroy(struct gri_pool *pool, void (*closed)(void *arg), void *arg)
{
    if (!pool) {
        if (closed)
            closed(arg);
        return;
    }
    stop_workers(pool);
    join_workers(pool);
    pool->sched->pool = NULL;
    pool->closed = closed;
    pool->closed_arg = arg;
    uv_close((uv_handle_t *)&pool->async, on_pool_closed);
}
