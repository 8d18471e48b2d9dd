/* gr_mutex: one at a time, in order, and never lost. */
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

static int lock_it(gr_co co, struct stage *stage)
{
    return gr_mutex_lock(co, &stage->mutex);
}

static int unlock_it(gr_co co, struct stage *stage)
{
    gr_mutex_unlock(co, &stage->mutex);
    return 0;
}

START_TEST(a_mutex_that_was_handed_over_is_held_even_if_a_cancellation_comes_before_its_holder_runs)
{
    struct stage stage = {0};
    struct same_turn turn = {.fn = hold, .prepare = lock_it, .serve = unlock_it};
    serve_in_the_same_turn(&turn, CANCELLED_AFTER, &stage);
    ck_assert_int_eq(turn.a.rc, 0);
    ck_assert_str_eq(stage.trace, "ab");
    ck_assert_ptr_null(stage.mutex.owner);
}
END_TEST

START_TEST(a_mutex_goes_to_the_next_one_where_the_first_has_been_cancelled_or_is_late)
{
    for (enum end_of_a end = CANCELLED_BEFORE; end <= LATE_BEFORE; end++) {
        struct stage stage = {0};
        struct same_turn turn = {.fn = hold, .prepare = lock_it, .serve = unlock_it};
        serve_in_the_same_turn(&turn, end, &stage);
        ck_assert_int_eq(turn.a.rc, end_result(end));
        ck_assert_str_eq(stage.trace, "b");
        ck_assert_ptr_null(stage.mutex.owner);
    }
}
END_TEST

static int unlock_though_cancelled(gr_co co, void *arg)
{
    struct stage *stage = arg;
    int rc = gr_mutex_lock(co, &stage->mutex);
    ck_assert_int_eq(rc, 0);
    rc = gr_sleep(co, 1000);
    ck_assert_int_eq(rc, GR_ECANCELED);
    ck_assert_int_eq(gr_mutex_try_lock(co, &stage->mutex), GR_EBUSY);
    gr_mutex_unlock(co, &stage->mutex);
    rc = gr_mutex_lock(co, &stage->mutex);
    ck_assert_int_eq(rc, GR_ECANCELED);
    ck_assert_ptr_null(stage->mutex.owner);
    rc = gr_mutex_try_lock(co, &stage->mutex);
    ck_assert_int_eq(rc, 0);
    gr_mutex_unlock(co, &stage->mutex);
    return 0;
}

static int cancel_the_holder(gr_co co, void *arg)
{
    gr_task *holder;
    int rc = gr_spawn(co, &holder, unlock_though_cancelled, arg);
    rc = rc ? rc : gr_sleep(co, 1);
    ck_assert_int_eq(rc, 0);
    gr_cancel(holder);
    return gr_join(co, holder);
}

START_TEST(a_cancelled_holder_can_unlock_but_waits_for_no_further_one)
{
    struct stage stage = {0};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, cancel_the_holder, &stage), 0);
}
END_TEST

static int end_with_it(gr_co co, void *arg)
{
    return gr_mutex_lock(co, arg);
}

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

START_TEST(a_mutex_locked_twice_unlocked_by_another_or_never_aborts)
{
    gr_task_fn *twice = lock_twice, *nobodys = unlock_free, *anothers = unlock_in_a_child, *never = end_with_it;
    assert_aborts_saying(run_apart(run_misuse, &twice), "\"main\" locks a mutex that it holds already");
    assert_aborts_saying(run_apart(run_misuse, &nobodys), "\"main\" unlocks a mutex that nobody holds");
    assert_aborts_saying(run_apart(run_misuse, &anothers), "unlocks a mutex that \"main\" holds");
    assert_aborts_saying(run_apart(run_misuse, &never), "\"main\" ended while it held a mutex");
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

START_TEST(a_thousand_contend_for_a_mutex)
{
    struct stage stage = {0};
    perform_many(contend, &stage);
    ck_assert_int_eq(stage.done, 3 * MANY);
    ck_assert_int_eq(stage.most, 1);
}
END_TEST

int main(void)
{
    const test_list tests = {a_mutex_is_held_by_one_at_a_time_first_come_first_served,
                             a_wait_for_a_mutex_ends_with_its_deadline_or_cancellation_and_the_next_one_gets_it,
                             a_mutex_that_was_handed_over_is_held_even_if_a_cancellation_comes_before_its_holder_runs,
                             a_mutex_goes_to_the_next_one_where_the_first_has_been_cancelled_or_is_late,
                             a_cancelled_holder_can_unlock_but_waits_for_no_further_one,
                             a_mutex_locked_twice_unlocked_by_another_or_never_aborts,
                             a_thousand_contend_for_a_mutex,
                             NULL};
    return run_tests("sync mutex", tests, 30);
}
