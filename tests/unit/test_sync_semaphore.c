/* gr_semaphore: so many at a time, in order, and no permit is lost. */
#include "co/waiters.h"
#include "unit/sync_stage.h"

static int contend(gr_co co, void *arg)
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

START_TEST(a_thousand_contend_for_a_semaphore)
{
    struct stage stage = {.semaphore = GR_SEMAPHORE(7)};
    perform_many(contend, &stage);
    ck_assert_int_eq(stage.done, MANY);
    ck_assert_int_eq(stage.most, 7);
    ck_assert_uint_eq(stage.semaphore.free, 7);
}
END_TEST

static int release(gr_co co, struct stage *stage)
{
    (void)co;
    gr_semaphore_release(&stage->semaphore);
    return 0;
}

START_TEST(a_permit_that_was_handed_over_is_had_even_if_a_cancellation_comes_before_its_owner_runs)
{
    struct stage stage = {.semaphore = GR_SEMAPHORE(0)};
    struct same_turn turn = {.fn = use, .serve = release};
    serve_in_the_same_turn(&turn, CANCELLED_AFTER, &stage);
    ck_assert_int_eq(turn.a.rc, 0);
    ck_assert_str_eq(stage.trace, "ab");
    ck_assert_uint_eq(stage.semaphore.free, 1);
}
END_TEST

START_TEST(a_permit_goes_to_the_next_one_where_the_first_has_been_cancelled_or_is_late)
{
    for (enum end_of_a end = CANCELLED_BEFORE; end <= LATE_BEFORE; end++) {
        struct stage stage = {.semaphore = GR_SEMAPHORE(0)};
        struct same_turn turn = {.fn = use, .serve = release};
        serve_in_the_same_turn(&turn, end, &stage);
        ck_assert_int_eq(turn.a.rc, end_result(end));
        ck_assert_str_eq(stage.trace, "b");
        ck_assert_uint_eq(stage.semaphore.free, 1);
    }
}
END_TEST

static void release_twice(gr_co co, struct stage *stage)
{
    (void)co;
    gr_semaphore_release(&stage->semaphore);
    gr_semaphore_release(&stage->semaphore);
}

static int release_nothing(gr_co co, struct stage *stage)
{
    (void)co;
    (void)stage;
    return 0;
}

START_TEST(a_permit_that_nobody_waits_for_any_more_stays_free)
{
    struct stage stage = {.semaphore = GR_SEMAPHORE(0)};
    struct same_turn turn = {.fn = use, .serve = release_nothing, .finish = release_twice};
    serve_in_the_same_turn(&turn, CANCELLED_BEFORE, &stage);
    ck_assert_str_eq(stage.trace, "b");
    ck_assert_uint_eq(stage.semaphore.free, 2);
}
END_TEST

enum { CROWD = 1000, HOLDERS = 100 };

/* How many of the line the last release looked at, if it had to begin at the first. */
static size_t looked_at(const gr_semaphore *semaphore)
{
    size_t n = 0;
    for (const struct gr_waiter *waiter = semaphore->waiters.next; waiter; waiter = waiter->next)
        n++;
    return n;
}

static int hold(gr_co co, void *arg)
{
    gr_semaphore *semaphore = arg;
    int rc = gr_semaphore_acquire(co, semaphore);
    if (rc < 0)
        return rc;
    rc = gr_sleep(co, 1000);
    gr_semaphore_release(semaphore);
    ck_assert_uint_eq(looked_at(semaphore), 0); /* none of whom it could be given to is left to be looked at */
    return rc;
}

static int leave_together(gr_co co, void *arg)
{
    gr_group group;
    int rc = 0;
    gr_group_open(co, &group);
    for (int i = 0; i < CROWD && rc == 0; i++)
        rc = gr_group_spawn(co, &group, hold, arg);
    rc = rc ? rc : gr_sleep(co, 10);
    ck_assert_int_eq(rc, 0);
    return gr_group_close(co, &group, GR_EIO);
}

START_TEST(those_who_leave_together_are_passed_over_once_and_not_by_each_who_gives_back)
{
    gr_semaphore semaphore = GR_SEMAPHORE(HOLDERS);
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, leave_together, &semaphore), GR_EIO);
    ck_assert_uint_eq(semaphore.free, HOLDERS);
    ck_assert_ptr_null(semaphore.waiters.first);
}
END_TEST

int main(void)
{
    const test_list tests = {a_semaphore_lets_so_many_in_first_come_first_served,
                             a_wait_for_a_semaphore_ends_with_its_deadline_or_cancellation,
                             a_semaphore_can_be_tried_and_raised,
                             a_thousand_contend_for_a_semaphore,
                             a_permit_that_was_handed_over_is_had_even_if_a_cancellation_comes_before_its_owner_runs,
                             a_permit_goes_to_the_next_one_where_the_first_has_been_cancelled_or_is_late,
                             a_permit_that_nobody_waits_for_any_more_stays_free,
                             those_who_leave_together_are_passed_over_once_and_not_by_each_who_gives_back,
                             NULL};
    return run_tests("sync semaphore", tests, 30);
}
