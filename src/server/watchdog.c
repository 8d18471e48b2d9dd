#include "server/watchdog.h"

#include <execinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "co/task.h"

/* The loop is looked at SAMPLES times within the limit. Samples count, not the clock: a process that was stopped, or
 * got no processor, has not been held by anybody. */
enum { SAMPLES = 8, DEPTH = 48, ANSWER_MS = 500 };

struct gri_watchdog {
    const struct gri_sched *sched;
    int64_t limit_ms;
    pthread_t loop_thread;
    uv_thread_t thread;
    uv_mutex_t lock;
    uv_cond_t wake;
    bool stopping; /* under the lock */

    /* What the loop's thread said of itself, from its signal handler. */
    void *frames[DEPTH];
    int n_frames;
    char name[64];
    int answered; /* atomic */
};

/* A signal handler gets no argument. */
static struct gri_watchdog *asked;

static bool has_answered(const struct gri_watchdog *self)
{
    return __atomic_load_n(&self->answered, __ATOMIC_ACQUIRE);
}

/* Runs on the thread that is stuck, in whatever it is stuck in: it may only look. */
static void on_asked(int number)
{
    (void)number;
    int before = errno;
    struct gri_watchdog *self = __atomic_load_n(&asked, __ATOMIC_ACQUIRE);
    const gr_task *task = gri_running();
    if (self && task && !has_answered(self)) {
        strncpy(self->name, task->name, sizeof self->name - 1);
        self->n_frames = backtrace(self->frames, DEPTH);
        __atomic_store_n(&self->answered, 1, __ATOMIC_RELEASE);
    }
    errno = before;
}

/* What it said has been read. */
static void forget_answer(struct gri_watchdog *self)
{
    __atomic_store_n(&self->answered, 0, __ATOMIC_RELEASE);
}

/* False: it is time to stop. */
static bool wait_ms(struct gri_watchdog *self, int64_t ms)
{
    uv_mutex_lock(&self->lock);
    if (!self->stopping)
        uv_cond_timedwait(&self->wake, &self->lock, (uint64_t)ms * 1000000);
    bool go_on = !self->stopping;
    uv_mutex_unlock(&self->lock);
    return go_on;
}

static void ask(struct gri_watchdog *self)
{
    forget_answer(self);
    pthread_kill(self->loop_thread, SIGURG);
    for (int ms = 0; ms < ANSWER_MS && !has_answered(self); ms++)
        if (!wait_ms(self, 1))
            return;
}

/* Without the handler's own frame and the kernel's. */
static void log_frames(const struct gri_watchdog *self)
{
    char **lines = backtrace_symbols(self->frames, self->n_frames);
    for (int i = 2; lines && i < self->n_frames; i++)
        gri_log(self->sched->log, GRI_LOG_WARNING, "    %s", lines[i]);
    free(lines);
}

static void report(struct gri_watchdog *self)
{
    ask(self);
    if (!has_answered(self)) {
        gri_log(self->sched->log, GRI_LOG_WARNING,
                "a coroutine has held the loop for more than %lld ms; its thread does not say where it is",
                (long long)self->limit_ms);
        return;
    }
    gri_log(self->sched->log, GRI_LOG_WARNING,
            "coroutine \"%s\" has held the loop for more than %lld ms, and nobody else was served: it blocks where it "
            "should await. Make it a blocking function, or call what blocks through gr_offload(). It is here:",
            self->name, (long long)self->limit_ms);
    log_frames(self);
}

static void report_end(const struct gri_watchdog *self, uint64_t since)
{
    if (has_answered(self))
        gri_log(self->sched->log, GRI_LOG_WARNING, "coroutine \"%s\" gave the loop back after about %lld ms",
                self->name, (long long)((uv_hrtime() - since) / 1000000));
}

/* Odd while a coroutine runs. */
static uint64_t turns_of(const struct gri_sched *sched)
{
    return __atomic_load_n(&sched->turns, __ATOMIC_RELAXED);
}

static void watch(void *arg)
{
    struct gri_watchdog *self = arg;
    uint64_t seen = turns_of(self->sched), since = uv_hrtime();
    int64_t every_ms = self->limit_ms / SAMPLES > 0 ? self->limit_ms / SAMPLES : 1;
    for (int same = 0; wait_ms(self, every_ms);) {
        uint64_t now = turns_of(self->sched);
        if (now == seen && now % 2 == 1) {
            if (++same == SAMPLES)
                report(self);
            continue;
        }
        if (same >= SAMPLES)
            report_end(self, since);
        forget_answer(self);
        seen = now;
        since = uv_hrtime();
        same = 0;
    }
}

/* The first backtrace() loads a library, which a signal handler must not. */
static void take_signal(void)
{
    void *frame;
    struct sigaction action = {.sa_handler = on_asked, .sa_flags = SA_RESTART | SA_ONSTACK};
    backtrace(&frame, 1);
    sigemptyset(&action.sa_mask);
    sigaction(SIGURG, &action, NULL);
}

static int start_thread(struct gri_watchdog *self)
{
    int rc = uv_mutex_init(&self->lock);
    if (rc)
        return rc;
    rc = uv_cond_init(&self->wake);
    if (rc)
        goto fail;
    rc = gri_thread_create(&self->thread, watch, self);
    if (rc == 0)
        return 0;
    uv_cond_destroy(&self->wake);
fail:
    uv_mutex_destroy(&self->lock);
    return rc;
}

struct gri_watchdog *gri_watchdog_start(const struct gri_sched *sched, int64_t limit_ms)
{
    struct gri_watchdog *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->sched = sched;
    self->limit_ms = limit_ms;
    self->loop_thread = pthread_self();
    __atomic_store_n(&asked, self, __ATOMIC_RELEASE);
    take_signal();
    if (start_thread(self) == 0)
        return self;
    __atomic_store_n(&asked, NULL, __ATOMIC_RELEASE);
    free(self);
    return NULL;
}

void gri_watchdog_stop(struct gri_watchdog *self)
{
    if (!self)
        return;
    uv_mutex_lock(&self->lock);
    self->stopping = true;
    uv_cond_signal(&self->wake);
    uv_mutex_unlock(&self->lock);
    uv_thread_join(&self->thread);
    __atomic_store_n(&asked, NULL, __ATOMIC_RELEASE);
    uv_cond_destroy(&self->wake);
    uv_mutex_destroy(&self->lock);
    free(self);
}
