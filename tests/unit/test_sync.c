/* Mutex, event, condition, semaphore, barrier and queue: each waits, in order, to its deadline or its cancellation. */
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

static gr_co scope_of(gr_co co, const struct actor *self)
{
    return self->within_ms ? gr_within(co, self->within_ms) : co;
}

static void note(struct stage *stage, char c)
{
    size_t len = strlen(stage->trace);
    ck_assert_uint_lt(len + 1, sizeof stage->trace);
    stage->trace[len] = c;
}

static void enter(struct stage *stage)
{
    if (++stage->inside > stage->most)
        stage->most = stage->inside;
}

static int come(gr_co co, const struct actor *self)
{
    int rc = self->starts_ms ? gr_sleep(co, self->starts_ms) : 0;
    return rc;
}

static void leave(gr_co co, struct actor *self)
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

static int direct(gr_co co, void *arg)
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

static void perform(gr_task_fn *fn, struct actor *actors, int n, char victim, int64_t cancel_ms)
{
    struct play play = {fn, actors, n, victim, cancel_ms};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, direct, &play), 0);
}

#define PERFORM(fn, actors) perform((fn), (actors), (int)(sizeof(actors) / sizeof(actors)[0]), 0, 0)
#define PERFORM_AND_CANCEL(fn, actors, victim, ms) \
    perform((fn), (actors), (int)(sizeof(actors) / sizeof(actors)[0]), (victim), (ms))

/* --- mutex --- */

static int hold(gr_co co, void *arg)
{
    struct actor *self = arg;
    struct stage *stage = self->stage;
    int rc = come(co, self);
    self->rc = rc ? rc : gr_mutex_lock(scope_of(co, self), &stage->mutex);
    if (self->rc == 0) {
        enter(stage);
        note(stage, self->name);
        rc = gr_sleep(co, self->stays_ms);
        stage->inside--;
        gr_mutex_unlock(co, &stage->mutex);
    }
    leave(co, self);
    return 0;
}

START_TEST(a_mutex_is_held_by_one_at_a_time_first_come_first_served)
{
    struct stage stage = {0};
    struct actor actors[] = {{&stage, .name = 'a', .stays_ms = 10},
                             {&stage, .name = 'b', .starts_ms = 2, .stays_ms = 10},
                             {&stage, .name = 'c', .starts_ms = 1, .stays_ms = 10},
                             {&stage, .name = 'd', .starts_ms = 10, .stays_ms = 10}};
    PERFORM(hold, actors);
    ck_assert_str_eq(stage.trace, "acbd");
    ck_assert_int_eq(stage.most, 1);
    ck_assert_int_eq(actors[3].ended_ms, 40);
    ck_assert_ptr_null(stage.mutex.owner);
}
END_TEST

START_TEST(a_wait_for_a_mutex_ends_with_its_deadline_or_cancellation_and_the_next_one_gets_it)
{
    struct stage stage = {0};
    struct actor actors[] = {{&stage, .name = 'a', .stays_ms = 20},
                             {&stage, .name = 'b', .starts_ms = 1, .within_ms = 5},
                             {&stage, .name = 'c', .starts_ms = 2},
                             {&stage, .name = 'd', .starts_ms = 3}};
    PERFORM_AND_CANCEL(hold, actors, 'c', 10);
    ck_assert_str_eq(stage.trace, "ad");
    ck_assert_int_eq(actors[1].rc, GR_ETIMEDOUT);
    ck_assert_int_eq(actors[1].ended_ms, 6);
    ck_assert_int_eq(actors[2].rc, GR_ECANCELED);
    ck_assert_int_eq(actors[2].ended_ms, 10);
}
END_TEST

static int cancel_in_the_turn_of_the_unlock(gr_co co, void *arg)
{
    struct stage *stage = arg;
    struct actor waiter = {stage, .name = 'w'};
    gr_task *task;
    int rc = gr_mutex_lock(co, &stage->mutex);
    rc = rc ? rc : gr_spawn(co, &task, hold, &waiter);
    rc = rc ? rc : gr_sleep(co, 1);
    ck_assert_int_eq(rc, 0);
    gr_mutex_unlock(co, &stage->mutex);
    gr_cancel(task);
    ck_assert_ptr_eq(stage->mutex.owner, task);
    ck_assert_int_eq(gr_join(co, task), 0);
    ck_assert_int_eq(waiter.rc, 0);
    rc = gr_mutex_try_lock(co, &stage->mutex);
    gr_mutex_unlock(co, &stage->mutex);
    return rc;
}

START_TEST(a_mutex_that_was_handed_over_is_held_even_if_a_cancellation_comes_first)
{
    struct stage stage = {0};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, cancel_in_the_turn_of_the_unlock, &stage), 0);
    ck_assert_str_eq(stage.trace, "w");
}
END_TEST

static int lock_twice(gr_co co, void *arg)
{
    int rc = gr_mutex_lock(co, arg);
    return rc ? rc : gr_mutex_lock(co, arg);
}

static int unlock_free(gr_co co, void *arg)
{
    gr_mutex_unlock(co, arg);
    return 0;
}

static int unlock_in_a_child(gr_co co, void *arg)
{
    int rc = gr_mutex_lock(co, arg);
    return rc ? rc : gr_gather(co, {unlock_free, arg});
}

static void run_misuse(void *arg)
{
    gr_mutex mutex = {0};
    run_alone(VIRTUAL_TIME, *(gr_task_fn **)arg, &mutex);
}

START_TEST(a_mutex_locked_twice_or_unlocked_by_another_aborts)
{
    gr_task_fn *twice = lock_twice, *nobodys = unlock_free, *anothers = unlock_in_a_child;
    assert_aborts_saying(run_apart(run_misuse, &twice), "\"main\" locks a mutex that it holds already");
    assert_aborts_saying(run_apart(run_misuse, &nobodys), "\"main\" unlocks a mutex that nobody holds");
    assert_aborts_saying(run_apart(run_misuse, &anothers), "unlocks a mutex that \"main\" holds");
}
END_TEST

static int contend(gr_co co, void *arg)
{
    struct stage *stage = arg;
    for (int i = 0; i < 3; i++) {
        int rc = gr_mutex_lock(co, &stage->mutex);
        ck_assert_int_eq(rc, 0);
        enter(stage);
        rc = gr_yield(co);
        ck_assert_int_eq(rc, 0);
        stage->inside--;
        stage->done++;
        gr_mutex_unlock(co, &stage->mutex);
    }
    return 0;
}

static int contend_semaphore(gr_co co, void *arg)
{
    struct stage *stage = arg;
    int rc = gr_semaphore_acquire(co, &stage->semaphore);
    ck_assert_int_eq(rc, 0);
    enter(stage);
    rc = gr_yield(co);
    ck_assert_int_eq(rc, 0);
    stage->inside--;
    stage->done++;
    gr_semaphore_release(&stage->semaphore);
    return 0;
}

struct crowd {
    gr_task_fn *fn;
    void *arg;
};

static int gather_many(gr_co co, void *arg)
{
    const struct crowd *crowd = arg;
    static gr_job jobs[MANY];
    for (int i = 0; i < MANY; i++)
        jobs[i] = (gr_job){crowd->fn, crowd->arg};
    return gr_gather_n(co, jobs, MANY);
}

START_TEST(a_thousand_contend_for_a_mutex)
{
    struct stage stage = {0};
    struct crowd crowd = {contend, &stage};
    ck_assert_int_eq(run_alone(REAL_TIME, gather_many, &crowd), 0);
    ck_assert_int_eq(stage.done, 3 * MANY);
    ck_assert_int_eq(stage.most, 1);
}
END_TEST

START_TEST(a_thousand_contend_for_a_semaphore)
{
    struct stage stage = {.semaphore = GR_SEMAPHORE(7)};
    struct crowd crowd = {contend_semaphore, &stage};
    ck_assert_int_eq(run_alone(REAL_TIME, gather_many, &crowd), 0);
    ck_assert_int_eq(stage.done, MANY);
    ck_assert_int_eq(stage.most, 7);
    ck_assert_uint_eq(stage.semaphore.free, 7);
}
END_TEST

/* --- semaphore --- */

static int use(gr_co co, void *arg)
{
    struct actor *self = arg;
    struct stage *stage = self->stage;
    int rc = come(co, self);
    self->rc = rc ? rc : gr_semaphore_acquire(scope_of(co, self), &stage->semaphore);
    if (self->rc == 0) {
        enter(stage);
        note(stage, self->name);
        rc = gr_sleep(co, self->stays_ms);
        stage->inside--;
        gr_semaphore_release(&stage->semaphore);
    }
    leave(co, self);
    return 0;
}

START_TEST(a_semaphore_lets_so_many_in_first_come_first_served)
{
    struct stage stage = {.semaphore = GR_SEMAPHORE(2)};
    struct actor actors[] = {{&stage, .name = 'a', .stays_ms = 10},
                             {&stage, .name = 'b', .stays_ms = 10},
                             {&stage, .name = 'c', .starts_ms = 2, .stays_ms = 10},
                             {&stage, .name = 'd', .starts_ms = 1, .stays_ms = 10}};
    PERFORM(use, actors);
    ck_assert_str_eq(stage.trace, "abdc");
    ck_assert_int_eq(stage.most, 2);
    ck_assert_uint_eq(stage.semaphore.free, 2);
}
END_TEST

START_TEST(a_wait_for_a_semaphore_ends_with_its_deadline_or_cancellation)
{
    struct stage stage = {.semaphore = GR_SEMAPHORE(1)};
    struct actor actors[] = {{&stage, .name = 'a', .stays_ms = 20},
                             {&stage, .name = 'b', .starts_ms = 1, .within_ms = 5},
                             {&stage, .name = 'c', .starts_ms = 2}};
    PERFORM_AND_CANCEL(use, actors, 'c', 10);
    ck_assert_str_eq(stage.trace, "a");
    ck_assert_int_eq(actors[1].rc, GR_ETIMEDOUT);
    ck_assert_int_eq(actors[2].rc, GR_ECANCELED);
    ck_assert_uint_eq(stage.semaphore.free, 1);
}
END_TEST

START_TEST(a_semaphore_can_be_tried_and_raised)
{
    gr_semaphore semaphore = GR_SEMAPHORE(0);
    ck_assert_int_eq(gr_semaphore_try_acquire(&semaphore), GR_EBUSY);
    gr_semaphore_release(&semaphore);
    ck_assert_int_eq(gr_semaphore_try_acquire(&semaphore), 0);
    ck_assert_int_eq(gr_semaphore_try_acquire(&semaphore), GR_EBUSY);
}
END_TEST

/* --- event --- */

static int await_event(gr_co co, void *arg)
{
    struct actor *self = arg;
    int rc = come(co, self);
    self->rc = rc ? rc : gr_event_wait(scope_of(co, self), &self->stage->event);
    if (self->rc == 0)
        note(self->stage, self->name);
    leave(co, self);
    return 0;
}

static int set_event(gr_co co, void *arg)
{
    struct actor *self = arg;
    int rc = come(co, self);
    gr_event_set(&self->stage->event);
    leave(co, self);
    return rc;
}

static int event_actor(gr_co co, void *arg)
{
    struct actor *self = arg;
    return self->name == 's' ? set_event(co, arg) : await_event(co, arg);
}

START_TEST(an_event_wakes_all_who_wait_and_lets_those_pass_who_come_later)
{
    struct stage stage = {0};
    struct actor actors[] = {
        {&stage, .name = 'a'}, {&stage, .name = 'b', .within_ms = 3},  {&stage, .name = 'c'},
        {&stage, .name = 'x'}, {&stage, .name = 's', .starts_ms = 10}, {&stage, .name = 'd', .starts_ms = 15}};
    PERFORM_AND_CANCEL(event_actor, actors, 'x', 5);
    ck_assert_str_eq(stage.trace, "acd");
    ck_assert_int_eq(actors[0].ended_ms, 10);
    ck_assert_int_eq(actors[1].rc, GR_ETIMEDOUT);
    ck_assert_int_eq(actors[3].rc, GR_ECANCELED);
    ck_assert_int_eq(actors[5].ended_ms, 15);
    ck_assert(gr_event_is_set(&stage.event));
    gr_event_clear(&stage.event);
    ck_assert(!gr_event_is_set(&stage.event));
}
END_TEST

/* --- condition --- */

static int await_condition(gr_co co, void *arg)
{
    struct actor *self = arg;
    struct stage *stage = self->stage;
    int rc = come(co, self);
    rc = rc ? rc : gr_mutex_lock(co, &stage->mutex);
    ck_assert_int_eq(rc, 0);
    self->rc = gr_condition_wait(scope_of(co, self), &stage->condition, &stage->mutex);
    ck_assert_ptr_eq(stage->mutex.owner, co.task);
    if (self->rc == 0)
        note(stage, self->name);
    gr_mutex_unlock(co, &stage->mutex);
    leave(co, self);
    return 0;
}

static int notify(gr_co co, void *arg)
{
    struct actor *self = arg;
    struct stage *stage = self->stage;
    int rc = come(co, self);
    rc = rc ? rc : gr_mutex_lock(co, &stage->mutex);
    ck_assert_int_eq(rc, 0);
    if (self->value)
        gr_condition_notify(&stage->condition, (size_t)self->value);
    else
        gr_condition_notify_all(&stage->condition);
    rc = gr_sleep(co, self->stays_ms);
    note(stage, '.');
    gr_mutex_unlock(co, &stage->mutex);
    return rc;
}

static int condition_actor(gr_co co, void *arg)
{
    struct actor *self = arg;
    if (self->name == 'h')
        return hold(co, arg);
    return self->name == 'n' ? notify(co, arg) : await_condition(co, arg);
}

START_TEST(a_condition_wakes_as_many_as_are_notified_in_order_once_the_mutex_is_free)
{
    struct stage stage = {0};
    struct actor actors[] = {{&stage, .name = 'a'},
                             {&stage, .name = 'b'},
                             {&stage, .name = 'c'},
                             {&stage, .name = 'd'},
                             {&stage, .name = 'n', .starts_ms = 5, .stays_ms = 5, .value = 2},
                             {&stage, .name = 'n', .starts_ms = 20}};
    PERFORM(condition_actor, actors);
    ck_assert_str_eq(stage.trace, ".ab.cd");
    ck_assert_int_eq(actors[0].ended_ms, 10);
    ck_assert_int_eq(actors[3].ended_ms, 20);
}
END_TEST

START_TEST(a_wait_for_a_condition_that_is_cut_short_holds_the_mutex_again)
{
    struct stage stage = {0};
    struct actor actors[] = {{&stage, .name = 'a', .within_ms = 5},
                             {&stage, .name = 'b'},
                             {&stage, .name = 'h', .starts_ms = 2, .stays_ms = 20}};
    PERFORM_AND_CANCEL(condition_actor, actors, 'b', 4);
    ck_assert_str_eq(stage.trace, "h");
    ck_assert_int_eq(actors[0].rc, GR_ETIMEDOUT);
    ck_assert_int_eq(actors[0].ended_ms, 22);
    ck_assert_int_eq(actors[1].rc, GR_ECANCELED);
    ck_assert_int_eq(actors[1].ended_ms, 22);
}
END_TEST

/* --- barrier --- */

static int meet(gr_co co, void *arg)
{
    struct actor *self = arg;
    int rc = come(co, self);
    self->rc = rc ? rc : gr_barrier_wait(scope_of(co, self), &self->stage->barrier);
    if (self->rc == 0)
        note(self->stage, self->name);
    leave(co, self);
    return 0;
}

START_TEST(a_barrier_opens_when_all_have_come_and_can_be_used_again)
{
    struct stage stage = {.barrier = GR_BARRIER(2)};
    struct actor actors[] = {{&stage, .name = 'a'},
                             {&stage, .name = 'b', .starts_ms = 10},
                             {&stage, .name = 'c', .starts_ms = 20},
                             {&stage, .name = 'd', .starts_ms = 30}};
    PERFORM(meet, actors);
    ck_assert_int_eq(actors[0].ended_ms, 10);
    ck_assert_int_eq(actors[2].ended_ms, 30);
    ck_assert_uint_eq(strlen(stage.trace), 4);
}
END_TEST

START_TEST(one_that_is_cancelled_or_late_breaks_the_barrier_for_all_until_it_is_reset)
{
    struct stage stage = {.barrier = GR_BARRIER(3)};
    struct actor actors[] = {{&stage, .name = 'a'}, {&stage, .name = 'b'}, {&stage, .name = 'c', .starts_ms = 10}};
    PERFORM_AND_CANCEL(meet, actors, 'b', 5);
    ck_assert_int_eq(actors[0].rc, GR_EPIPE);
    ck_assert_int_eq(actors[0].ended_ms, 5);
    ck_assert_int_eq(actors[1].rc, GR_ECANCELED);
    ck_assert_int_eq(actors[2].rc, GR_EPIPE);
    gr_barrier_reset(&stage.barrier);
    struct actor again[] = {{&stage, .name = 'a', .within_ms = 5}, {&stage, .name = 'b', .starts_ms = 1}};
    PERFORM(meet, again);
    ck_assert_int_eq(again[0].rc, GR_ETIMEDOUT);
    ck_assert_int_eq(again[1].rc, GR_EPIPE);
    gr_barrier_reset(&stage.barrier);
    struct actor last[] = {{&stage, .name = 'a'}, {&stage, .name = 'b'}, {&stage, .name = 'c'}};
    PERFORM(meet, last);
    ck_assert_uint_eq(strlen(stage.trace), 3);
}
END_TEST

/* --- queue --- */

static int produce(gr_co co, void *arg)
{
    struct actor *self = arg;
    int rc = come(co, self);
    for (int i = 0; i < self->value && rc == 0; i++) {
        int item = (self->name - 'a') * 100 + i;
        rc = gr_queue_put(scope_of(co, self), &self->stage->queue, &item);
        if (rc == 0)
            note(self->stage, self->name);
    }
    self->rc = rc;
    leave(co, self);
    return 0;
}

static int consume(gr_co co, void *arg)
{
    struct actor *self = arg;
    int item, rc = come(co, self);
    while (rc == 0 && (rc = gr_queue_get(scope_of(co, self), &self->stage->queue, &item)) == 0) {
        self->value += item;
        note(self->stage, (char)('0' + item % 10));
        rc = self->stays_ms ? gr_sleep(co, self->stays_ms) : 0;
    }
    self->rc = rc;
    leave(co, self);
    return 0;
}

static int close_queue(gr_co co, void *arg)
{
    struct actor *self = arg;
    int rc = come(co, self);
    gr_queue_close(&self->stage->queue);
    return rc;
}

static int queue_actor(gr_co co, void *arg)
{
    struct actor *self = arg;
    if (self->name == 'z')
        return close_queue(co, arg);
    return self->name >= 'm' ? consume(co, arg) : produce(co, arg);
}

START_TEST(a_full_queue_holds_the_producer_back_and_a_closed_one_is_drained)
{
    struct stage stage = {0};
    stage.queue = (gr_queue)GR_QUEUE(stage.room);
    struct actor actors[] = {{&stage, .name = 'a', .value = 6},
                             {&stage, .name = 'm', .starts_ms = 10, .stays_ms = 10},
                             {&stage, .name = 'z', .starts_ms = 35}};
    PERFORM(queue_actor, actors);
    ck_assert_str_eq(stage.trace, "aaa0a1a2a345");
    ck_assert_int_eq(actors[0].ended_ms, 30);
    ck_assert_int_eq(actors[1].value, 15);
    ck_assert_int_eq(actors[1].rc, GR_EPIPE);
    ck_assert_int_eq(actors[1].ended_ms, 70);
}
END_TEST

START_TEST(a_queue_serves_those_who_wait_in_order_and_loses_nothing_of_a_cancelled_one)
{
    struct stage stage = {0};
    stage.queue = (gr_queue)GR_QUEUE(stage.room);
    struct actor actors[] = {{&stage, .name = 'm', .within_ms = 3},
                             {&stage, .name = 'n', .stays_ms = 100},
                             {&stage, .name = 'o', .stays_ms = 100},
                             {&stage, .name = 'p', .stays_ms = 100},
                             {&stage, .name = 'b', .starts_ms = 10, .value = 1},
                             {&stage, .name = 'c', .starts_ms = 11, .value = 1},
                             {&stage, .name = 'z', .starts_ms = 50}};
    PERFORM_AND_CANCEL(queue_actor, actors, 'o', 5);
    ck_assert_int_eq(actors[0].rc, GR_ETIMEDOUT);
    ck_assert_int_eq(actors[2].rc, GR_ECANCELED);
    ck_assert_int_eq(actors[1].value, 100);
    ck_assert_int_eq(actors[3].value, 200);
}
END_TEST

START_TEST(putting_into_a_full_queue_ends_with_deadline_cancellation_and_close)
{
    struct stage stage = {0};
    stage.queue = (gr_queue)GR_QUEUE(stage.room);
    struct actor actors[] = {{&stage, .name = 'a', .value = 4, .within_ms = 3},
                             {&stage, .name = 'b', .value = 1},
                             {&stage, .name = 'c', .value = 1},
                             {&stage, .name = 'z', .starts_ms = 20},
                             {&stage, .name = 'd', .starts_ms = 30, .value = 1},
                             {&stage, .name = 'm', .starts_ms = 40}};
    PERFORM_AND_CANCEL(queue_actor, actors, 'b', 10);
    ck_assert_int_eq(actors[0].rc, GR_ETIMEDOUT);
    ck_assert_int_eq(actors[1].rc, GR_ECANCELED);
    ck_assert_int_eq(actors[2].rc, GR_EPIPE);
    ck_assert_int_eq(actors[2].ended_ms, 20);
    ck_assert_int_eq(actors[4].rc, GR_EPIPE);
    ck_assert_int_eq(actors[5].value, 0 + 1 + 2);
    ck_assert_int_eq(actors[5].rc, GR_EPIPE);
}
END_TEST

START_TEST(a_queue_can_be_tried)
{
    int room[2], item = 1;
    gr_queue queue = GR_QUEUE(room);
    ck_assert_int_eq(gr_queue_try_get(&queue, &item), GR_EBUSY);
    ck_assert_int_eq(gr_queue_try_put(&queue, &(int){7}), 0);
    ck_assert_int_eq(gr_queue_try_put(&queue, &(int){8}), 0);
    ck_assert_int_eq(gr_queue_try_put(&queue, &(int){9}), GR_EBUSY);
    ck_assert_uint_eq(gr_queue_count(&queue), 2);
    ck_assert_int_eq(gr_queue_try_get(&queue, &item), 0);
    ck_assert_int_eq(item, 7);
    gr_queue_close(&queue);
    ck_assert_int_eq(gr_queue_try_put(&queue, &item), GR_EPIPE);
    ck_assert_int_eq(gr_queue_try_get(&queue, &item), 0);
    ck_assert_int_eq(item, 8);
    ck_assert_int_eq(gr_queue_try_get(&queue, &item), GR_EPIPE);
}
END_TEST

struct pipe_ {
    gr_queue queue;
    int room[16];
    long sum, n;
    int left;
};

static int put_some(gr_co co, void *arg)
{
    struct pipe_ *self = arg;
    int rc = 0;
    for (int i = 1; i <= 10 && rc == 0; i++)
        rc = gr_queue_put(co, &self->queue, &i);
    if (--self->left == 0)
        gr_queue_close(&self->queue);
    return rc;
}

static int get_all(gr_co co, void *arg)
{
    struct pipe_ *self = arg;
    int item, rc;
    while ((rc = gr_queue_get(co, &self->queue, &item)) == 0) {
        self->sum += item;
        self->n++;
    }
    return rc == GR_EPIPE ? 0 : rc;
}

static int pump(gr_co co, void *arg)
{
    static gr_job jobs[MANY];
    struct pipe_ *self = arg;
    self->left = MANY / 2;
    for (int i = 0; i < MANY; i++)
        jobs[i] = (gr_job){i % 2 ? put_some : get_all, arg};
    return gr_gather_n(co, jobs, MANY);
}

START_TEST(a_thousand_put_and_get_and_no_value_is_lost)
{
    struct pipe_ self = {0};
    self.queue = (gr_queue)GR_QUEUE(self.room);
    ck_assert_int_eq(run_alone(REAL_TIME, pump, &self), 0);
    ck_assert_int_eq(self.n, MANY / 2 * 10);
    ck_assert_int_eq(self.sum, MANY / 2 * 55);
}
END_TEST

int main(void)
{
    const test_list tests = {a_mutex_is_held_by_one_at_a_time_first_come_first_served,
                             a_wait_for_a_mutex_ends_with_its_deadline_or_cancellation_and_the_next_one_gets_it,
                             a_mutex_that_was_handed_over_is_held_even_if_a_cancellation_comes_first,
                             a_mutex_locked_twice_or_unlocked_by_another_aborts,
                             a_thousand_contend_for_a_mutex,
                             a_thousand_contend_for_a_semaphore,
                             a_semaphore_lets_so_many_in_first_come_first_served,
                             a_wait_for_a_semaphore_ends_with_its_deadline_or_cancellation,
                             a_semaphore_can_be_tried_and_raised,
                             an_event_wakes_all_who_wait_and_lets_those_pass_who_come_later,
                             a_condition_wakes_as_many_as_are_notified_in_order_once_the_mutex_is_free,
                             a_wait_for_a_condition_that_is_cut_short_holds_the_mutex_again,
                             a_barrier_opens_when_all_have_come_and_can_be_used_again,
                             one_that_is_cancelled_or_late_breaks_the_barrier_for_all_until_it_is_reset,
                             a_full_queue_holds_the_producer_back_and_a_closed_one_is_drained,
                             a_queue_serves_those_who_wait_in_order_and_loses_nothing_of_a_cancelled_one,
                             putting_into_a_full_queue_ends_with_deadline_cancellation_and_close,
                             a_queue_can_be_tried,
                             a_thousand_put_and_get_and_no_value_is_lost,
                             NULL};
    return run_tests("sync", tests, 30);
}
