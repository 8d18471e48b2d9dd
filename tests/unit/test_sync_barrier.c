/* gr_barrier: all go when all have come, or all are told that somebody will not. */
#include "unit/sync_stage.h"

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

START_TEST(the_last_one_goes_first_and_the_others_in_the_order_in_which_they_came)
{
    struct stage stage = {.barrier = GR_BARRIER(4)};
    struct actor actors[] = {{&stage, .name = 'a', .starts_ms = 3},
                             {&stage, .name = 'b', .starts_ms = 1},
                             {&stage, .name = 'c', .starts_ms = 4},
                             {&stage, .name = 'd', .starts_ms = 2}};
    PERFORM(meet, actors);
    ck_assert_str_eq(stage.trace, "cbda");
}
END_TEST

START_TEST(one_that_is_late_as_it_comes_has_not_come)
{
    struct stage stage = {.barrier = GR_BARRIER(2)};
    struct actor actors[] = {{&stage, .name = 'a', .within_ms = -1},
                             {&stage, .name = 'b', .starts_ms = 1},
                             {&stage, .name = 'c', .starts_ms = 2}};
    PERFORM(meet, actors);
    ck_assert_int_eq(actors[0].rc, GR_ETIMEDOUT);
    ck_assert_str_eq(stage.trace, "cb");
}
END_TEST

static int come_third(gr_co co, struct stage *stage)
{
    return gr_barrier_wait(co, &stage->barrier);
}

START_TEST(a_barrier_opens_for_all_or_for_nobody)
{
    for (enum end_of_a end = CANCELLED_AFTER; end <= LATE_BEFORE; end++) {
        struct stage stage = {.barrier = GR_BARRIER(3)};
        struct same_turn turn = {.fn = meet, .serve = come_third};
        serve_in_the_same_turn(&turn, end, &stage);
        ck_assert_int_eq(turn.a.rc, 0);
        ck_assert_int_eq(turn.b.rc, 0);
        ck_assert(!stage.barrier.broken);
        ck_assert_uint_eq(stage.barrier.here, 0);
    }
}
END_TEST

static int break_it(gr_co co, struct stage *stage)
{
    (void)co;
    gr_barrier_break(&stage->barrier);
    return 0;
}

static int reset_it(gr_co co, struct stage *stage)
{
    (void)co;
    gr_barrier_reset(&stage->barrier);
    return 0;
}

START_TEST(who_waits_as_it_is_broken_or_reset_is_told_so_and_breaks_nothing_by_its_own_end)
{
    for (enum end_of_a end = CANCELLED_AFTER; end <= LATE_BEFORE; end++) {
        struct stage stage = {.barrier = GR_BARRIER(3)};
        struct same_turn breaks = {.fn = meet, .serve = break_it}, resets = {.fn = meet, .serve = reset_it};
        serve_in_the_same_turn(&breaks, end, &stage);
        ck_assert_int_eq(breaks.a.rc, GR_EPIPE);
        ck_assert_int_eq(breaks.b.rc, GR_EPIPE);
        ck_assert(stage.barrier.broken);
        gr_barrier_reset(&stage.barrier);
        serve_in_the_same_turn(&resets, end, &stage);
        ck_assert_int_eq(resets.a.rc, GR_EPIPE);
        ck_assert_int_eq(resets.b.rc, GR_EPIPE);
        ck_assert(!stage.barrier.broken);
    }
}
END_TEST

enum { PARTIES = 50, ROUNDS = 3 };

/* Nobody is a round ahead of those it meets. */
static int meet_often(gr_co co, void *arg)
{
    struct stage *stage = arg;
    int rc = 0;
    for (int round = 0; round < ROUNDS && rc == 0; round++) {
        stage->inside++;
        rc = gr_barrier_wait(co, &stage->barrier);
        ck_assert_int_ge(stage->inside, PARTIES);
        stage->done++;
    }
    return rc;
}

START_TEST(a_thousand_meet_fifty_at_a_time)
{
    struct stage stage = {.barrier = GR_BARRIER(PARTIES)};
    perform_many(meet_often, &stage);
    ck_assert_int_eq(stage.done, ROUNDS * MANY);
    ck_assert_uint_eq(stage.barrier.here, 0);
}
END_TEST

int main(void)
{
    const test_list tests = {a_barrier_opens_when_all_have_come_and_can_be_used_again,
                             one_that_is_cancelled_or_late_breaks_the_barrier_for_all_until_it_is_reset,
                             the_last_one_goes_first_and_the_others_in_the_order_in_which_they_came,
                             one_that_is_late_as_it_comes_has_not_come,
                             a_barrier_opens_for_all_or_for_nobody,
                             who_waits_as_it_is_broken_or_reset_is_told_so_and_breaks_nothing_by_its_own_end,
                             a_thousand_meet_fifty_at_a_time,
                             NULL};
    return run_tests("sync barrier", tests, 30);
}
