/* What the tests of synchronisation share: actors that come, wait, stay and leave by the clock, on one stage. */
#ifndef TESTS_UNIT_SYNC_STAGE_H
#define TESTS_UNIT_SYNC_STAGE_H

#include <griddle/sync.h>

#include "unit/co_world.h"

enum { MANY = 1000 };

/* What the coroutines of a test share. */
struct stage {
    gr_mutex mutex;
    gr_event event;
    gr_semaphore semaphore;
    gr_condition condition;
    gr_barrier barrier;
    gr_queue queue;
    int room[3];
    int inside, most, done;
    char trace[256];
};

/* One of them. */
struct actor {
    struct stage *stage;
    int64_t starts_ms, stays_ms, within_ms;
    char name;
    int rc;
    int64_t ended_ms;
    int value;
};

static inline gr_co scope_of(gr_co co, const struct actor *self)
{
    return self->within_ms ? gr_within(co, self->within_ms) : co;
}

static inline void note(struct stage *stage, char c)
{
    size_t len = strlen(stage->trace);
    ck_assert_uint_lt(len + 1, sizeof stage->trace);
    stage->trace[len] = c;
}

static inline void enter(struct stage *stage)
{
    if (++stage->inside > stage->most)
        stage->most = stage->inside;
}

static inline int come(gr_co co, const struct actor *self)
{
    int rc = self->starts_ms ? gr_sleep(co, self->starts_ms) : 0;
    return rc;
}

static inline void leave(gr_co co, struct actor *self)
{
    self->ended_ms = gr_now_ms(co);
    self->stage->done++;
}

/* Runs n actors side by side; main cancels the one named `victim` after cancel_ms. */
struct play {
    gr_task_fn *fn;
    struct actor *actors;
    int n;
    char victim;
    int64_t cancel_ms;
};

static inline int direct(gr_co co, void *arg)
{
    struct play *play = arg;
    gr_task *tasks[16];
    int rc = 0;
    ck_assert_int_le(play->n, 16);
    for (int i = 0; i < play->n; i++)
        ck_assert_int_eq(gr_spawn_named(co, &tasks[i], "actor", play->fn, &play->actors[i]), 0);
    if (play->victim)
        rc = gr_sleep(co, play->cancel_ms);
    for (int i = 0; i < play->n; i++)
        if (play->actors[i].name == play->victim)
            gr_cancel(tasks[i]);
    for (int i = 0; i < play->n; i++)
        ck_assert_int_le(gr_join(co, tasks[i]), 0);
    return rc;
}

static inline void perform(gr_task_fn *fn, struct actor *actors, int n, char victim, int64_t cancel_ms)
{
    struct play play = {fn, actors, n, victim, cancel_ms};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, direct, &play), 0);
}

#define PERFORM(fn, actors) perform((fn), (actors), (int)(sizeof(actors) / sizeof(actors)[0]), 0, 0)
#define PERFORM_AND_CANCEL(fn, actors, victim, ms) \
    perform((fn), (actors), (int)(sizeof(actors) / sizeof(actors)[0]), (victim), (ms))

/* Runs fn(arg) in MANY coroutines at once. */
struct crowd {
    gr_task_fn *fn;
    void *arg;
};

static inline int gather_many(gr_co co, void *arg)
{
    const struct crowd *crowd = arg;
    static gr_job jobs[MANY];
    for (int i = 0; i < MANY; i++)
        jobs[i] = (gr_job){crowd->fn, crowd->arg};
    return gr_gather_n(co, jobs, MANY);
}

static inline void perform_many(gr_task_fn *fn, struct stage *stage)
{
    struct crowd crowd = {fn, stage};
    ck_assert_int_eq(run_alone(REAL_TIME, gather_many, &crowd), 0);
}

/* Two actors wait, 'a' before 'b'. In one turn of main one of them is served, and 'a' is cancelled or out of time. */
enum end_of_a { CANCELLED_AFTER, CANCELLED_BEFORE, LATE_BEFORE };

struct same_turn {
    gr_task_fn *fn;
    int (*prepare)(gr_co co, struct stage *stage); /* may be NULL */
    int (*serve)(gr_co co, struct stage *stage);
    void (*finish)(gr_co co, struct stage *stage); /* so that all end; may be NULL */
    enum end_of_a end;
    struct stage *stage;
    struct actor a, b;
};

static inline void serve_and_end(gr_co co, struct same_turn *self, gr_task *a)
{
    if (self->end == CANCELLED_BEFORE)
        gr_cancel(a);
    ck_assert_int_eq(self->serve(co, self->stage), 0);
    if (self->end == CANCELLED_AFTER)
        gr_cancel(a);
}

/* main's sleep began before the deadline of 'a', so that it runs first though both end at 5. */
static inline int direct_same_turn(gr_co co, void *arg)
{
    struct same_turn *self = arg;
    gr_task *a, *b;
    if (self->prepare)
        ck_assert_int_eq(self->prepare(co, self->stage), 0);
    self->a = (struct actor){self->stage, .name = 'a', .within_ms = self->end == LATE_BEFORE ? 5 : 0};
    self->b = (struct actor){self->stage, .name = 'b'};
    ck_assert_int_eq(gr_spawn_named(co, &a, "a", self->fn, &self->a), 0);
    ck_assert_int_eq(gr_spawn_named(co, &b, "b", self->fn, &self->b), 0);
    int rc = gr_sleep(co, 5);
    serve_and_end(co, self, a);
    ck_assert_int_eq(gr_join(co, a), 0);
    if (self->finish)
        self->finish(co, self->stage);
    ck_assert_int_eq(gr_join(co, b), 0);
    return rc;
}

static inline void serve_in_the_same_turn(struct same_turn *self, enum end_of_a end, struct stage *stage)
{
    self->end = end;
    self->stage = stage;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, direct_same_turn, self), 0);
}

static inline int end_result(enum end_of_a end)
{
    return end == LATE_BEFORE ? GR_ETIMEDOUT : GR_ECANCELED;
}

#endif
