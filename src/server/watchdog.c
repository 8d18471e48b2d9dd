#include "server/watchdog.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alt_stack.h"
#include "base/backtrace.h"
#include "base/thread.h"
#include "co/task.h"
#include "server/blocked.h"

/* The loop is looked at SAMPLES times within the limit. Samples count, not the clock: a process that was stopped, or
 * got no processor, has not been held by anybody. */
enum { SAMPLES = 8, DEPTH = 48, ANSWER_MS = 500, MOST_MS = 24 * 3600 * 1000 };

struct gri_watchdog {
    struct gri_watchdog *next; /* of the same thread */
    const struct gri_sched *sched;
    int64_t limit_ms;
    pthread_t loop_thread;
    int loop_tid;
    uv_thread_t thread;
    uv_mutex_t lock;
    uv_cond_t wake;
    bool stopping;   /* under the lock */
    void *alt_stack; /* of the loop's thread, if it had none */
    uint64_t asked;  /* atomic: the turn of the scheduler that it asks about; 0: none */

    /* What the loop's thread said of itself, from its signal handler, or what was seen of it while it waits. */
    void *frames[DEPTH];
    int n_frames;
    char name[64];
    int answered; /* atomic */
};

/* A signal handler gets no argument: those of the thread that it runs on. */
static _Thread_local struct gri_watchdog *of_this_thread __attribute__((tls_model("initial-exec")));

/* Odd while a coroutine runs. */
static uint64_t turns_of(const struct gri_sched *sched)
{
    return __atomic_load_n(&sched->turns, __ATOMIC_RELAXED);
}

static bool has_answered(const struct gri_watchdog *self)
{
    return __atomic_load_n(&self->answered, __ATOMIC_ACQUIRE);
}

/* In another turn than it was asked about there is nobody to blame. */
static void watchdog_answer(struct gri_watchdog *self)
{
    const gr_task *task = self->sched->current;
    if (!task || __atomic_load_n(&self->asked, __ATOMIC_ACQUIRE) != turns_of(self->sched) || has_answered(self))
        return;
    strncpy(self->name, task->name, sizeof self->name - 1);
    self->n_frames = gri_backtrace(self->frames, DEPTH);
    __atomic_store_n(&self->answered, 1, __ATOMIC_RELEASE);
}

/* Runs on the thread that is stuck, in whatever it is stuck in: it may only look. */
static void on_asked(int number)
{
    (void)number;
    int before = errno;
    for (struct gri_watchdog *self = of_this_thread; self; self = self->next)
        watchdog_answer(self);
    errno = before;
}

/* What it said has been read. */
static void forget_answer(struct gri_watchdog *self)
{
    __atomic_store_n(&self->asked, 0, __ATOMIC_RELEASE);
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

/* False: it is time to stop. */
static bool watchdog_ask(struct gri_watchdog *self, uint64_t turn)
{
    bool go_on = true;
    forget_answer(self);
    __atomic_store_n(&self->asked, turn, __ATOMIC_RELEASE);
    pthread_kill(self->loop_thread, SIGURG);
    for (int ms = 0; ms < ANSWER_MS && go_on && !has_answered(self); ms++)
        go_on = wait_ms(self, 1);
    return go_on;
}

static void log_frames(const struct gri_watchdog *self, int first)
{
    char line[256];
    for (int i = first; i < self->n_frames; i++)
        gri_log(self->sched->log, GRI_LOG_WARNING, "    %s", gri_backtrace_line(line, sizeof line, self->frames[i]));
}

#define HELD_TEXT \
    "coroutine \"%s\" has held the loop for more than %lld ms, and nobody else was served: it blocks where it should " \
    "await. Make it a blocking function, or call what blocks through gr_offload(). "

/* A coroutine that may end, and its name with it, while it is looked at. 0: it has; else where its stack ends. */
static uintptr_t peek_at_coroutine(struct gri_watchdog *self, const struct gri_peek *peek)
{
    uintptr_t task = 0, name = 0;
    gri_peek_read(peek, &task, (uintptr_t)&self->sched->current, sizeof task);
    gri_peek_read(peek, &name, task + offsetof(gr_task, name), sizeof name);
    memset(self->name, 0, sizeof self->name);
    return gri_peek_read(peek, self->name, name, sizeof self->name - 1) > 0 ? task : 0;
}

/* A signal would end its sleep, and hide the mistake. */
static void report_waiting(struct gri_watchdog *self, uint64_t turn, const struct gri_blocked *blocked)
{
    char call[GRI_CALL_TEXT];
    struct gri_peek peek;
    if (!gri_peek_open(&peek))
        return;
    uintptr_t top = peek_at_coroutine(self, &peek);
    self->n_frames = top ? gri_blocked_frames(blocked, &peek, top, self->frames, DEPTH) : 0;
    gri_peek_close(&peek);
    if (!top || turns_of(self->sched) != turn)
        return;
    gri_log(self->sched->log, GRI_LOG_WARNING, HELD_TEXT "It waits in the system call %s; its stack shows:", self->name,
            (long long)self->limit_ms, gri_blocked_call(blocked, call));
    log_frames(self, 0);
    __atomic_store_n(&self->answered, 1, __ATOMIC_RELEASE);
}

static void report_running(struct gri_watchdog *self, uint64_t turn)
{
    if (!watchdog_ask(self, turn))
        return;
    if (!has_answered(self)) {
        gri_log(self->sched->log, GRI_LOG_WARNING,
                "a coroutine has held the loop for more than %lld ms; its thread does not say where it is",
                (long long)self->limit_ms);
        return;
    }
    gri_log(self->sched->log, GRI_LOG_WARNING, HELD_TEXT "It is here:", self->name, (long long)self->limit_ms);
    log_frames(self, 2); /* without the handler's own frame and the kernel's */
}

static void watchdog_report(struct gri_watchdog *self, uint64_t turn)
{
    struct gri_blocked blocked;
    gri_blocked_look(self->loop_tid, &blocked);
    if (blocked.waits)
        report_waiting(self, turn, &blocked);
    else
        report_running(self, turn);
}

static void report_end(const struct gri_watchdog *self, uint64_t since)
{
    if (has_answered(self))
        gri_log(self->sched->log, GRI_LOG_WARNING, "coroutine \"%s\" gave the loop back after about %lld ms",
                self->name, (long long)((uv_hrtime() - since) / 1000000));
}

static void watchdog_watch(void *arg)
{
    struct gri_watchdog *self = arg;
    uint64_t seen = turns_of(self->sched), since = uv_hrtime();
    int64_t every_ms = self->limit_ms / SAMPLES > 0 ? self->limit_ms / SAMPLES : 1;
    for (int same = 0; wait_ms(self, every_ms);) {
        uint64_t now = turns_of(self->sched);
        if (now == seen && now % 2 == 1) {
            if (++same == SAMPLES)
                watchdog_report(self, now);
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

/* The first one makes the unwinder ready, which a signal handler had better not. */
static void take_signal(void)
{
    void *frame;
    struct sigaction action = {.sa_handler = on_asked, .sa_flags = SA_RESTART | SA_ONSTACK};
    gri_backtrace(&frame, 1);
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
    rc = gri_thread_create(&self->thread, watchdog_watch, self);
    if (rc == 0)
        return 0;
    uv_cond_destroy(&self->wake);
fail:
    uv_mutex_destroy(&self->lock);
    return rc;
}

static void watchdog_enlist(struct gri_watchdog *self)
{
    self->next = of_this_thread;
    __atomic_store_n(&of_this_thread, self, __ATOMIC_RELEASE);
}

static void watchdog_delist(struct gri_watchdog *self)
{
    struct gri_watchdog **at = &of_this_thread;
    while (*at != self)
        at = &(*at)->next;
    __atomic_store_n(at, self->next, __ATOMIC_RELEASE);
}

/* Another one of this thread may need it still. */
static void end_alt_stack(struct gri_watchdog *self)
{
    if (of_this_thread && self->alt_stack)
        of_this_thread->alt_stack = self->alt_stack;
    else
        gri_alt_stack_end(self->alt_stack);
}

struct gri_watchdog *gri_watchdog_start(const struct gri_sched *sched, int64_t limit_ms)
{
    struct gri_watchdog *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->sched = sched;
    self->limit_ms = limit_ms < MOST_MS ? limit_ms : MOST_MS;
    self->loop_thread = pthread_self();
    self->loop_tid = (int)syscall(SYS_gettid);
    if (gri_alt_stack_begin(&self->alt_stack) < 0)
        goto fail;
    take_signal();
    watchdog_enlist(self);
    if (start_thread(self) == 0)
        return self;
    watchdog_delist(self);
    end_alt_stack(self);
fail:
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
    watchdog_delist(self);
    end_alt_stack(self);
    uv_cond_destroy(&self->wake);
    uv_mutex_destroy(&self->lock);
    free(self);
}
