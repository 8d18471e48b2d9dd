/* The sequential model beside the random schedules: who waits where, who has to be served next, and what each call
 * must return then. */
#ifndef TESTS_UNIT_SYNC_MODEL_H
#define TESTS_UNIT_SYNC_MODEL_H

#include <griddle/sync.h>
#include <stdarg.h>

#include "co/channel.h"
#include "unit/co_world.h"

enum { ACTORS = 24, PAIRS = 2, CAPACITY = 3, PARTIES = 4, PERMITS = 2, STEPS = 40, ROUND_MS = 400, ROUNDS = 100 };

/* Who waits, in the model. */
struct line {
    struct actor *at[ACTORS];
    int n;
    uint64_t last; /* the grant of who came back from it last */
};

struct actor {
    struct play *play;
    gr_task *task;
    const char *what; /* it does */
    bool cancelled, is_done;
    int64_t deadline_ms; /* of its wait; 0: none */
    int ended;           /* how its wait ended, before it was served; 0: it did not */
    bool granted;
    bool was_late; /* it had ended, and was served nevertheless: when it runs was settled before */
    int rc, value; /* what it was served with */
    uint64_t grant;
};

struct mutex_pair {
    gr_mutex real;
    struct actor *owner;
    struct line line;
};

struct semaphore_pair {
    gr_semaphore real;
    size_t free;
    struct line line;
};

struct event_pair {
    gr_event real;
    bool is_set;
    struct line line;
};

struct barrier_pair {
    gr_barrier real;
    bool broken;
    struct line line;
};

/* A condition with its mutex, of which the model knows only who is in it. */
struct monitor_pair {
    gr_mutex mutex;
    gr_condition real;
    struct actor *inside;
    struct line line;
};

/* A queue, or a channel. */
struct queue_pair {
    gr_queue queue;
    gr_channel *channel; /* NULL: it is a queue */
    int room[CAPACITY];
    int items[CAPACITY];
    int n;
    bool closed;
    struct line getters, putters;
};

enum { SERVED, PASSED_OVER, CANCELLED, LATE, LATE_ON_ARRIVAL, SERVED_THEN_CANCELLED, COUNTS };

struct play {
    uint64_t seed, random, grants;
    int next_value;
    bool over;
    gr_co co; /* main's */
    struct actor actors[ACTORS];
    struct mutex_pair mutexes[PAIRS];
    struct semaphore_pair semaphores[PAIRS];
    struct event_pair events[PAIRS];
    struct barrier_pair barriers[PAIRS];
    struct monitor_pair monitors[PAIRS];
    struct queue_pair queues[2 * PAIRS];
    long *counts;
};

static inline GR_PRINTF(4, 5) void expect(const struct play *play, bool right, int line, const char *fmt, ...)
{
    char text[256];
    va_list args;
    if (right)
        return;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    ck_abort_msg("SCHEDULE_SEED=%llu, at %lld ms, line %d: %s", (unsigned long long)play->seed,
                 (long long)gr_now_ms(play->co), line, text);
}
#define EXPECT(play, right, ...) expect((play), (right), __LINE__, __VA_ARGS__)

/* splitmix64 */
static inline uint64_t draw(struct play *play)
{
    uint64_t z = play->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline int below(struct play *play, int n)
{
    return (int)(draw(play) % (uint64_t)n);
}

/* --- the model's lines --- */

/* Timers fire before any coroutine of that time runs. */
static inline bool still_waits(struct actor *actor)
{
    if (!actor->ended && actor->deadline_ms && actor->deadline_ms <= gr_now_ms(actor->play->co))
        actor->ended = GR_ETIMEDOUT;
    return !actor->ended;
}

static inline void take_out(struct line *line, int i)
{
    line->n--;
    memmove(&line->at[i], &line->at[i + 1], (size_t)(line->n - i) * sizeof line->at[0]);
}

static inline struct actor *grant(struct line *line, int i, int rc)
{
    struct actor *actor = line->at[i];
    actor->was_late = !still_waits(actor);
    actor->granted = true;
    actor->rc = rc;
    actor->grant = ++actor->play->grants;
    take_out(line, i);
    return actor;
}

static inline void grant_all(struct line *line, int rc)
{
    while (line->n > 0)
        grant(line, 0, rc);
}

/* The first that can use it, or the first at all. NULL: nobody. */
static inline struct actor *grant_first(struct play *play, struct line *line, bool passes_over)
{
    for (int i = 0; i < line->n; i++) {
        if (!passes_over || still_waits(line->at[i]))
            return grant(line, i, 0);
        play->counts[PASSED_OVER]++;
    }
    return NULL;
}

static inline void enter(gr_co co, struct actor *actor, struct line *line)
{
    actor->deadline_ms = co.deadline_ms;
    actor->ended = 0;
    actor->granted = actor->was_late = false;
    line->at[line->n++] = actor;
}

static inline void check_order(const struct actor *actor, struct line *line)
{
    if (actor->was_late)
        return;
    EXPECT(actor->play, actor->grant > line->last, "grant %llu came back after %llu", (unsigned long long)actor->grant,
           (unsigned long long)line->last);
    line->last = actor->grant;
}

static inline void count_end(struct actor *actor)
{
    int what = actor->granted ? SERVED : actor->ended == GR_ECANCELED ? CANCELLED : LATE;
    actor->play->counts[what]++;
    if (actor->granted && actor->cancelled)
        actor->play->counts[SERVED_THEN_CANCELLED]++;
}

/* Back from a wait in `line` with rc. */
static inline int leave(struct actor *actor, struct line *line, int rc)
{
    struct play *play = actor->play;
    EXPECT(play, actor->granted || !still_waits(actor), "a wait for a %s ended with %d, and nothing has ended it",
           actor->what, rc);
    int wanted = actor->granted ? actor->rc : actor->ended;
    EXPECT(play, rc == wanted, "a wait for a %s: wanted %d, got %d", actor->what, wanted, rc);
    count_end(actor);
    if (actor->granted)
        check_order(actor, line);
    for (int i = 0; !actor->granted && i < line->n; i++)
        if (line->at[i] == actor)
            take_out(line, i);
    actor->deadline_ms = 0;
    actor->ended = GR_EINVAL; /* it is in no wait that could end */
    return rc;
}

static inline void cancel(struct actor *actor)
{
    if (still_waits(actor) && !actor->granted)
        actor->ended = GR_ECANCELED;
    actor->cancelled = true;
    gr_cancel(actor->task);
}

/* --- how a call begins and ends --- */

/* Whether an await would not even begin. */
static inline bool is_too_late(gr_co co, const struct actor *actor)
{
    return actor->cancelled || (co.deadline_ms && co.deadline_ms <= gr_now_ms(co));
}

static inline int end_too_late(struct actor *actor, int rc)
{
    int wanted = actor->cancelled ? GR_ECANCELED : GR_ETIMEDOUT;
    actor->play->counts[LATE_ON_ARRIVAL]++;
    EXPECT(actor->play, rc == wanted, "too late on arrival: wanted %d, got %d", wanted, rc);
    return rc;
}

/* What is to return at once. */
struct call {
    struct play *play;
    uint64_t turns;
};

static inline struct call begin_call(gr_co co, struct actor *actor)
{
    return (struct call){actor->play, co.task->sched->turns};
}

static inline int end_at_once(gr_co co, struct call call, int rc, int wanted)
{
    EXPECT(call.play, rc == wanted, "wanted %d, got %d", wanted, rc);
    EXPECT(call.play, call.turns == co.task->sched->turns, "it waited, and need not");
    return rc;
}

static inline gr_co some_scope(gr_co co, struct play *play)
{
    static const int within_ms[] = {0, 1, 2, 3, 5, 10, 20};
    return below(play, 2) ? co : gr_within(co, within_ms[below(play, sizeof within_ms / sizeof *within_ms)]);
}

static inline int pause_a_while(gr_co co, struct play *play)
{
    switch (below(play, 4)) {
    case 0:
        return 0;
    case 1:
        return gr_yield(co);
    default:
        return gr_sleep(co, below(play, 8));
    }
}

#endif
