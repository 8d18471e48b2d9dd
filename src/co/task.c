#include "co/task.h"

#include <stdlib.h>

#include "base/clear.h"
#include "co/call.h"
#include "co/local.h"
#include "co/misuse.h"
#include "co/owner.h"
#include "co/switch.h"

enum {
    ALIGNMENT = 64,
    LEAST_STACK = 8 * 1024, /* that must be left beside `extra` */
    IGNORED_MAX = 100
};

/* A coroutine never changes its thread, so an address that the compiler computed before a switch is right after it. */
static _Thread_local gr_task *running __attribute__((tls_model("initial-exec")));

gr_task *gri_running(void)
{
    return running;
}

void gri_check_co(gr_co co)
{
    if (co.task && co.task == running)
        return;
    const char *name = co.task ? co.task->name : "(none)";
    if (running)
        gri_misuse(
            "the gr_co of \"%s\" was used in \"%s\": await only with the gr_co that the running function was given",
            name, running->name);
    gri_misuse("the gr_co of \"%s\" was used where no coroutine runs (a pool thread, or a callback of the loop): await "
               "only in the coroutine that it was given to",
               name);
}

static void leave(gr_task *task)
{
    struct gri_sched *sched = task->sched;
    gri_san_leave(&task->san, &sched->san, false);
    gri_switch(&task->sp, sched->loop_sp);
    gri_san_arrive(&task->san, &sched->san);
}

/* Where to go on: the stack that is left is freed there. Sanitizers want to see it left, not returned from. */
static void *leave_for_good(gr_task *task)
{
    struct gri_sched *sched = task->sched;
#if GRI_SANITIZED
    gri_san_leave(&task->san, &sched->san, true);
    gri_switch(&task->sp, sched->loop_sp);
#endif
    return sched->loop_sp;
}

/* What it left open others would use after it, or wait for in vain. */
static void check_end(const gr_task *task)
{
    if (task->open_portals)
        gri_misuse("\"%s\" ended with an open portal, through which threads would use its memory: call "
                   "gr_portal_close() on every way out",
                   task->name);
    if (task->held_mutexes)
        gri_misuse("\"%s\" ended while it held a mutex, which nobody could lock any more: call gr_mutex_unlock() on "
                   "every way out",
                   task->name);
}

static void *task_main(void *arg)
{
    gr_task *task = arg;
    gri_san_arrive(&task->san, &task->sched->san);
    gr_co co = {task, task->deadline_ms};
    task->result = gri_call(co, task->fn, task->arg);
    check_end(task);
    task->ended_already = true;
    return leave_for_good(task);
}

/* This thread alone writes it. */
static void note_turn(struct gri_sched *sched)
{
    __atomic_store_n(&sched->turns, sched->turns + 1, __ATOMIC_RELAXED);
}

/* And back, with what C++ keeps of a stack's exceptions. */
static inline void switch_to(gr_task *task)
{
    struct gri_exceptions *exceptions = gri_exceptions_of_thread(), outer;
    if (exceptions) {
        outer = *exceptions;
        *exceptions = task->exceptions;
    }
    gri_switch(&task->sched->loop_sp, task->sp);
    if (exceptions) {
        task->exceptions = *exceptions;
        *exceptions = outer;
    }
}

static void resume(gr_task *task)
{
    struct gri_sched *sched = task->sched;
    gr_task *outer = running; /* not NULL where a coroutine runs another loop */
    sched->current = running = task;
    note_turn(sched);
    gri_san_leave(&sched->san, &task->san, false);
    switch_to(task);
    gri_san_arrive(&sched->san, NULL);
    note_turn(sched);
    sched->current = NULL;
    running = outer;
    if (!task->ended_already)
        return;
    if (task->scope)
        gri_scope_child_ended(task);
    else
        gri_task_free(task);
}

static void on_task_ready(struct gri_ready *ready)
{
    resume(GRI_OWNER_OF(ready, gr_task, ready));
}

static void on_task_timer(struct gri_timer *timer)
{
    gr_task *task = GRI_OWNER_OF(timer, gr_task, timer);
    gri_wake(task, task->wake_rc);
}

static void task_enlist(gr_task *task)
{
    struct gri_sched *sched = task->sched;
    task->next_task = sched->tasks;
    if (sched->tasks)
        sched->tasks->prev_task = task;
    sched->tasks = task;
    sched->n_tasks++;
}

static void task_delist(gr_task *task)
{
    struct gri_sched *sched = task->sched;
    if (task->next_task)
        task->next_task->prev_task = task->prev_task;
    if (task->prev_task)
        task->prev_task->next_task = task->next_task;
    else
        sched->tasks = task->next_task;
    sched->n_tasks--;
    sched->n_daemons -= task->daemon;
}

static void task_init(gr_task *task, struct gri_sched *sched, const char *name)
{
    gri_clear(task, offsetof(gr_task, san)); /* which gri_san_create() begins */
    task->sched = sched;
    task->name = name;
    task->created_ms = gri_loop_ms(sched);
    task->ready.run = on_task_ready;
    task->timer.fire = on_task_timer;
}

static gr_task *create_on(struct gri_sched *sched, struct gri_stacks *stacks, const char *name, size_t extra,
                          void **extra_out)
{
    size_t size = stacks->size, own = (sizeof(gr_task) + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (extra > size - own - LEAST_STACK)
        return NULL;
    char *base = gri_stacks_get(stacks);
    if (!base)
        return NULL;
    gr_task *task = (gr_task *)(void *)(base + size - own);
    char *top = (char *)task - ((extra + 15) & ~(size_t)15);
    task_init(task, sched, name);
    task->base = base;
    task->stacks = stacks;
    task->sp = gri_switch_prepare(base, top, task_main, task);
    gri_san_create(&task->san, base, size);
    if (extra_out)
        *extra_out = top;
    task_enlist(task);
    return task;
}

gr_task *gri_task_create(struct gri_sched *sched, const char *name, size_t extra, void **extra_out)
{
    return create_on(sched, sched->stacks.usual, name, extra, extra_out);
}

gr_task *gri_task_create_like(const gr_task *like, const char *name)
{
    return create_on(like->sched, like->stacks, name, 0, NULL);
}

void gri_task_make_daemon(gr_task *task)
{
    task->daemon = true;
    task->sched->n_daemons++;
}

void gri_task_discard(gr_task *task)
{
    struct gri_sched *sched = task->sched;
    task_delist(task);
    if (task->locals)
        gri_locals_drop(task->locals);
    task->parent = NULL; /* so that a second join is seen as long as the stack is not used again */
    gri_san_destroy(&task->san);
    gri_sched_put_stack(sched, task->stacks, task->base);
    if (sched->n_tasks == sched->n_daemons && sched->last_ended)
        sched->last_ended(sched);
}

void gri_task_free(gr_task *task)
{
    if (task->ended)
        task->ended(task);
    gri_task_discard(task);
}

void gri_task_start(gr_task *task, gr_task_fn *fn, void *arg)
{
    task->fn = fn;
    task->arg = arg;
    if (task->sched->current)
        gri_ready(task->sched, &task->ready);
    else
        resume(task);
}

static int wait(gr_task *task, const char *what)
{
    task->waiting = true;
    task->waits_for = what;
    task->waits_since_ms = gri_loop_ms(task->sched);
    leave(task);
    task->spent = 0;
    return task->wake_rc;
}

void gri_wake(gr_task *task, int rc)
{
    if (!task->waiting)
        return;
    task->waiting = false;
    task->waits_for = NULL;
    task->wake_rc = rc;
    if (task->timer.set)
        gri_timer_clear(task->sched, &task->timer);
    gri_ready(task->sched, &task->ready);
}

static void yield(gr_task *task)
{
    gri_later(task->sched, &task->ready);
    leave(task);
    task->spent = 0;
}

static int scope_status(gr_co co)
{
    if (co.task->cancelled && !co.task->shielded)
        return GR_ECANCELED;
    if (co.deadline_ms != 0 && co.deadline_ms <= gri_now_ms(co.task->sched))
        return GR_ETIMEDOUT;
    return 0;
}

static void count_ignored(gr_task *task)
{
    if (++task->ignored == IGNORED_MAX)
        gri_log(task->sched->log, GRI_LOG_WARNING,
                "coroutine \"%s\" went on through %d awaits since it was cancelled: return when an await gives "
                "GR_ECANCELED",
                task->name, IGNORED_MAX);
}

static int check_scope(gr_co co)
{
    gri_check_co(co);
    int rc = scope_status(co);
    if (rc == 0)
        return 0;
    if (rc == GR_ECANCELED)
        count_ignored(co.task);
    yield(co.task);
    return scope_status(co);
}

int gri_await_spend(gr_co co, unsigned cost)
{
    co.task->spent += cost;
    if (co.task->spent <= GRI_SPEND_ALL)
        return 0;
    yield(co.task);
    return co.task->wake_rc = scope_status(co);
}

int gri_await_begin(gr_co co)
{
    int rc = check_scope(co);
    return rc < 0 ? rc : gri_await_spend(co, 1);
}

/* Whoever suspends may stand in a line already, to be woken: it must not yield without a reason to leave. */
int gri_suspend(gr_co co, int64_t at_ms, const char *what)
{
    int rc = check_scope(co);
    if (rc < 0)
        return rc;
    gr_task *task = co.task;
    bool on_time = co.deadline_ms == 0 || at_ms <= co.deadline_ms;
    int64_t end_ms = on_time ? at_ms : co.deadline_ms;
    task->wake_rc = on_time ? GRI_ON_TIME : GR_ETIMEDOUT;
    if (end_ms != INT64_MAX)
        gri_timer_set(task->sched, &task->timer, end_ms);
    return wait(task, what);
}

int gri_suspend_shielded(gr_co co, const char *what)
{
    gri_check_co(co);
    bool before = co.task->shielded;
    co.task->shielded = true;
    int rc = wait(co.task, what);
    co.task->shielded = before;
    return rc;
}

static void note_unwanted(gr_task *task)
{
    __atomic_store_n(&task->unwanted, task->cancelled && task->is_zombie, __ATOMIC_RELAXED);
}

void gri_task_set_zombie(gr_task *task, bool is_zombie)
{
    task->is_zombie = is_zombie;
    note_unwanted(task);
}

void gr_cancel_because(gr_task *task, const char *reason)
{
    gri_check_loop(task->sched, "gr_cancel()");
    if (task->cancelled || task->ended_already)
        return;
    task->cancelled = true;
    task->reason = reason;
    note_unwanted(task);
    if (!task->shielded)
        gri_wake(task, GR_ECANCELED);
}

void gr_cancel(gr_task *task)
{
    gr_cancel_because(task, "it is not wanted any more");
}

const char *gr_cancel_reason(gr_co co)
{
    gri_check_loop(co.task->sched, "gr_cancel_reason()");
    return co.task->reason;
}

gr_task_state gr_task_get_state(const gr_task *task)
{
    gri_check_loop(task->sched, "gr_task_get_state()");
    if (task->ended_already)
        return GR_TASK_ENDED;
    if (task->waiting)
        return GR_TASK_WAITING;
    return task->ready.queued ? GR_TASK_READY : GR_TASK_RUNNING;
}

const char *gr_task_get_name(const gr_task *task)
{
    gri_check_loop(task->sched, "gr_task_get_name()");
    return task->name;
}

int gr_yield(gr_co co)
{
    int rc = check_scope(co);
    if (rc < 0)
        return rc;
    yield(co.task);
    return co.task->wake_rc = scope_status(co);
}

int gr_sleep(gr_co co, int64_t ms)
{
    if (ms <= 0)
        return gr_yield(co);
    gri_check_co(co);
    int rc = gri_suspend(co, gri_after_ms(co.task->sched, ms), "sleep");
    return rc == GRI_ON_TIME ? 0 : rc;
}

int64_t gr_now_ms(gr_co co)
{
    gri_check_loop(co.task->sched, "gr_now_ms()");
    return gri_now_ms(co.task->sched);
}

gr_co gr_within(gr_co co, int64_t ms)
{
    gri_check_loop(co.task->sched, "gr_within()");
    int64_t at_ms = ms > 0 ? gri_after_ms(co.task->sched, ms) : gri_now_ms(co.task->sched);
    if (at_ms == 0)
        at_ms = -1; /* 0 stands for none; a virtual clock begins at 0 */
    if (co.deadline_ms == 0 || at_ms < co.deadline_ms)
        co.deadline_ms = at_ms;
    return co;
}

const char *gr_co_name(gr_co co)
{
    return co.task->name;
}

struct uv_loop_s *gr_loop(gr_co co)
{
    gri_check_loop(co.task->sched, "gr_loop()");
    return co.task->sched->loop;
}
