/* gr_event: all who wait are woken, once, and in order. */
#include "unit/sync_stage.h"

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

static int set_and_clear(gr_co co, struct stage *stage)
{
    (void)co;
    gr_event_set(&stage->event);
    gr_event_set(&stage->event);
    gr_event_clear(&stage->event);
    return 0;
}

static void check_it_is_clear(gr_co co, struct stage *stage)
{
    int rc = gr_event_wait(gr_within(co, 5), &stage->event);
    ck_assert_int_eq(rc, GR_ETIMEDOUT);
}

START_TEST(an_event_that_is_set_and_cleared_wakes_those_who_waited_and_nobody_later)
{
    for (enum end_of_a end = CANCELLED_AFTER; end <= LATE_BEFORE; end++) {
        struct stage stage = {0};
        struct same_turn turn = {.fn = await_event, .serve = set_and_clear, .finish = check_it_is_clear};
        serve_in_the_same_turn(&turn, end, &stage);
        ck_assert_int_eq(turn.a.rc, 0);
        ck_assert_int_eq(turn.b.rc, 0);
        ck_assert_str_eq(stage.trace, "ab");
    }
}
END_TEST

static int wait_though_late(gr_co co, void *arg)
{
    struct stage *stage = arg;
    gr_event_set(&stage->event);
    int rc = gr_event_wait(co, &stage->event);
    ck_assert_int_eq(rc, 0);
    rc = gr_event_wait(gr_within(co, 0), &stage->event);
    ck_assert_int_eq(rc, GR_ETIMEDOUT);
    return 0;
}

START_TEST(one_that_comes_late_is_told_so_though_the_event_is_set)
{
    struct stage stage = {0};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, wait_though_late, &stage), 0);
}
END_TEST

/* The last of them sets it for all. */
static int await_the_last(gr_co co, void *arg)
{
    struct stage *stage = arg;
    if (++stage->inside == MANY)
        gr_event_set(&stage->event);
    int rc = gr_event_wait(co, &stage->event);
    stage->done++;
    return rc;
}

START_TEST(a_thousand_await_one_event)
{
    struct stage stage = {0};
    perform_many(await_the_last, &stage);
    ck_assert_int_eq(stage.done, MANY);
    ck_assert_ptr_null(stage.event.waiters.first);
}
END_TEST

int main(void)
{
    const test_list tests = {an_event_wakes_all_who_wait_and_lets_those_pass_who_come_later,
                             an_event_that_is_set_and_cleared_wakes_those_who_waited_and_nobody_later,
                             one_that_comes_late_is_told_so_though_the_event_is_set, a_thousand_await_one_event, NULL};
    return run_tests("sync event", tests, 30);
}
