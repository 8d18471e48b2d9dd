/* gr_condition: the notified go on in order, and everybody has the mutex again. */
#include "unit/sync_stage.h"

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

static int notify_one(gr_co co, struct stage *stage)
{
    (void)co;
    gr_condition_notify(&stage->condition, 1);
    return 0;
}

static void notify_the_rest(gr_co co, struct stage *stage)
{
    (void)co;
    gr_condition_notify(&stage->condition, 10);
}

START_TEST(a_notification_counts_even_if_a_cancellation_comes_before_the_notified_one_runs)
{
    struct stage stage = {0};
    struct same_turn turn = {.fn = await_condition, .serve = notify_one, .finish = notify_the_rest};
    serve_in_the_same_turn(&turn, CANCELLED_AFTER, &stage);
    ck_assert_int_eq(turn.a.rc, 0);
    ck_assert_str_eq(stage.trace, "ab");
}
END_TEST

START_TEST(a_notification_goes_to_the_next_one_where_the_first_has_been_cancelled_or_is_late)
{
    for (enum end_of_a end = CANCELLED_BEFORE; end <= LATE_BEFORE; end++) {
        struct stage stage = {0};
        struct same_turn turn = {.fn = await_condition, .serve = notify_one};
        serve_in_the_same_turn(&turn, end, &stage);
        ck_assert_int_eq(turn.a.rc, end_result(end));
        ck_assert_str_eq(stage.trace, "b");
        ck_assert_ptr_null(stage.mutex.owner);
    }
}
END_TEST

static int wait_then_sleep(gr_co co, void *arg)
{
    struct actor *self = arg;
    struct stage *stage = self->stage;
    int rc = gr_mutex_lock(co, &stage->mutex);
    ck_assert_int_eq(rc, 0);
    self->rc = gr_condition_wait(gr_within(co, 8), &stage->condition, &stage->mutex);
    ck_assert_ptr_eq(stage->mutex.owner, co.task);
    self->ended_ms = gr_now_ms(co);
    rc = gr_sleep(co, 5);
    ck_assert_int_eq(rc, GR_ECANCELED);
    gr_mutex_unlock(co, &stage->mutex);
    return 0;
}

/* Notified at 5, late at 8 and cancelled at 10 while it waits for the mutex, which is free at 25. */
static int hold_while_it_is_cancelled(gr_co co, void *arg)
{
    struct actor *waiter = arg;
    struct stage *stage = waiter->stage;
    gr_task *task;
    int rc = gr_spawn(co, &task, wait_then_sleep, waiter);
    rc = rc ? rc : gr_sleep(co, 5);
    rc = rc ? rc : gr_mutex_lock(co, &stage->mutex);
    ck_assert_int_eq(rc, 0);
    gr_condition_notify_all(&stage->condition);
    rc = gr_sleep(co, 5);
    gr_cancel(task);
    rc = rc ? rc : gr_sleep(co, 15);
    gr_mutex_unlock(co, &stage->mutex);
    rc = rc ? rc : gr_join(co, task);
    return rc;
}

START_TEST(one_that_is_cancelled_while_it_takes_the_mutex_again_has_it_and_was_notified)
{
    struct stage stage = {0};
    struct actor waiter = {&stage, .rc = 1};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, hold_while_it_is_cancelled, &waiter), 0);
    ck_assert_int_eq(waiter.rc, 0);
    ck_assert_int_eq(waiter.ended_ms, 25);
}
END_TEST

static int wait_without_the_mutex(gr_co co, void *arg)
{
    struct stage *stage = arg;
    return gr_condition_wait(co, &stage->condition, &stage->mutex);
}

static void run_misuse(void *arg)
{
    struct stage stage = {0};
    run_alone(VIRTUAL_TIME, *(gr_task_fn **)arg, &stage);
}

START_TEST(waiting_without_the_mutex_aborts)
{
    gr_task_fn *without = wait_without_the_mutex;
    assert_aborts_saying(run_apart(run_misuse, &without),
                         "\"main\" waits for a condition without holding the mutex that guards it: lock it first");
}
END_TEST

/* Each passes the notification on; the last that comes begins. */
static int pass_on(gr_co co, void *arg)
{
    struct stage *stage = arg;
    int rc = gr_mutex_lock(co, &stage->mutex);
    ck_assert_int_eq(rc, 0);
    bool begins = ++stage->inside == MANY;
    while (rc == 0 && !begins && stage->done == 0)
        rc = gr_condition_wait(co, &stage->condition, &stage->mutex);
    stage->done++;
    gr_condition_notify(&stage->condition, 1);
    gr_mutex_unlock(co, &stage->mutex);
    return rc;
}

START_TEST(a_thousand_wait_for_a_condition)
{
    struct stage stage = {0};
    perform_many(pass_on, &stage);
    ck_assert_int_eq(stage.done, MANY);
    ck_assert_ptr_null(stage.mutex.owner);
}
END_TEST

int main(void)
{
    const test_list tests = {a_condition_wakes_as_many_as_are_notified_in_order_once_the_mutex_is_free,
                             a_wait_for_a_condition_that_is_cut_short_holds_the_mutex_again,
                             a_notification_counts_even_if_a_cancellation_comes_before_the_notified_one_runs,
                             a_notification_goes_to_the_next_one_where_the_first_has_been_cancelled_or_is_late,
                             one_that_is_cancelled_while_it_takes_the_mutex_again_has_it_and_was_notified,
                             waiting_without_the_mutex_aborts,
                             a_thousand_wait_for_a_condition,
                             NULL};
    return run_tests("sync condition", tests, 30);
}
