/* Groups, gather_all, race, as_completed, shield, every: and why a task was cancelled. */
#include <griddle/debug.h>

#include "unit/co_world.h"

struct step {
    int64_t ms; /* how long it sleeps */
    int result; /* what it returns then */
    int rc;     /* what its sleep returned */
    int64_t ended_ms;
    const char *reason; /* why it was cancelled */
};

static int step(gr_co co, struct step *self)
{
    self->rc = gr_sleep(co, self->ms);
    self->ended_ms = gr_now_ms(co);
    self->reason = gr_cancel_reason(co);
    return self->rc < 0 ? self->rc : self->result;
}
GR_TASK(step, struct step);

/* --- all, the first, one after the other --- */

struct three {
    struct step steps[3];
    int results[3];
    int64_t within_ms;
    size_t winner;
    size_t order[3];
    size_t n;
};

static int all_of_three(gr_co co, void *arg)
{
    struct three *self = arg;
    struct step *s = self->steps;
    gr_co within = self->within_ms ? gr_within(co, self->within_ms) : co;
    return gr_gather_all(within, self->results, step_job(&s[0]), step_job(&s[1]), step_job(&s[2]));
}

START_TEST(gather_all_waits_for_all_and_tells_what_each_returned)
{
    struct three three = {.steps = {{.ms = 30}, {.ms = 10, .result = GR_EIO}, {.ms = 20, .result = 404}}};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, all_of_three, &three), 0);
    ck_assert_int_eq(three.results[0], 0);
    ck_assert_int_eq(three.results[1], GR_EIO);
    ck_assert_int_eq(three.results[2], 404);
    ck_assert_int_eq(three.steps[0].ended_ms, 30);
}
END_TEST

START_TEST(gather_all_ends_with_its_deadline_and_keeps_the_results_that_came_in_time)
{
    struct three three = {.steps = {{.ms = 30}, {.ms = 10, .result = 7}, {.ms = 20}}, .within_ms = 15};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, all_of_three, &three), GR_ETIMEDOUT);
    ck_assert_int_eq(three.results[0], GR_ETIMEDOUT); /* they have the same deadline, and have ended by it first */
    ck_assert_int_eq(three.results[1], 7);
    ck_assert_int_eq(three.results[2], GR_ETIMEDOUT);
    ck_assert_int_eq(three.steps[0].ended_ms, 15);
}
END_TEST

/* In one turn: the first of the three jobs ends, and then whoever waits for them is cancelled. */
struct end_and_cancel {
    gr_event event;
    gr_task_fn *wait;
    gr_job jobs[2];
    int results[2], rc, next_rc;
    size_t winner, told;
};

static int end_at_event(gr_co co, void *arg)
{
    struct end_and_cancel *self = arg;
    int rc = gr_event_wait(co, &self->event);
    return rc < 0 ? rc : 7;
}

static int sleep_on(gr_co co, void *arg)
{
    (void)arg;
    return gr_sleep(co, 1000);
}

static int wait_for_two(gr_co co, void *arg)
{
    struct end_and_cancel *self = arg;
    self->rc = self->wait(co, self);
    self->next_rc = gr_yield(co);
    return 0;
}

static int cancel_as_one_ends(gr_co co, void *arg)
{
    struct end_and_cancel *self = arg;
    gr_task *task;
    int rc = gr_spawn(co, &task, wait_for_two, self);
    rc = rc ? rc : gr_sleep(co, 10);
    ck_assert_int_eq(rc, 0);
    gr_event_set(&self->event);
    gr_cancel(task);
    return gr_join(co, task);
}

static void end_one_and_cancel(struct end_and_cancel *self)
{
    self->jobs[0] = (gr_job){end_at_event, self};
    self->jobs[1] = (gr_job){sleep_on, NULL};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, cancel_as_one_ends, self), 0);
    ck_assert_int_eq(self->next_rc, GR_ECANCELED);
}

static int gather_two(gr_co co, void *arg)
{
    struct end_and_cancel *self = arg;
    return gr_gather_all_n(co, self->jobs, 2, self->results);
}

START_TEST(gather_all_has_the_result_of_one_that_ended_before_its_cancelled_caller_ran)
{
    struct end_and_cancel self = {.wait = gather_two};
    end_one_and_cancel(&self);
    ck_assert_int_eq(self.rc, GR_ECANCELED);
    ck_assert_int_eq(self.results[0], 7);
    ck_assert_int_eq(self.results[1], GR_ECANCELED);
}
END_TEST

static int race_two(gr_co co, void *arg)
{
    struct end_and_cancel *self = arg;
    return gr_race_n(co, self->jobs, 2, &self->winner);
}

START_TEST(a_race_has_the_winner_that_ended_before_its_cancelled_caller_ran)
{
    struct end_and_cancel self = {.wait = race_two};
    end_one_and_cancel(&self);
    ck_assert_int_eq(self.rc, 7);
    ck_assert_uint_eq(self.winner, 0);
}
END_TEST

static int note_told(gr_co co, size_t i, int result, void *arg)
{
    struct end_and_cancel *self = arg;
    (void)co;
    ck_assert_uint_eq(i, 0);
    ck_assert_int_eq(result, 7);
    self->told++;
    return 0;
}

static int complete_two(gr_co co, void *arg)
{
    struct end_and_cancel *self = arg;
    return gr_as_completed_n(co, self->jobs, 2, note_told, self);
}

START_TEST(as_completed_tells_of_one_that_ended_before_its_cancelled_caller_ran)
{
    struct end_and_cancel self = {.wait = complete_two};
    end_one_and_cancel(&self);
    ck_assert_int_eq(self.rc, GR_ECANCELED);
    ck_assert_uint_eq(self.told, 1);
}
END_TEST

static int race_of_three(gr_co co, void *arg)
{
    struct three *self = arg;
    struct step *s = self->steps;
    gr_co within = self->within_ms ? gr_within(co, self->within_ms) : co;
    return gr_race(within, &self->winner, step_job(&s[0]), step_job(&s[1]), step_job(&s[2]));
}

START_TEST(a_race_returns_what_the_first_returned_and_cancels_the_others)
{
    struct three three = {.steps = {{.ms = 30}, {.ms = 10, .result = 5}, {.ms = 20}}};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, race_of_three, &three), 5);
    ck_assert_uint_eq(three.winner, 1);
    ck_assert_int_eq(three.steps[0].rc, GR_ECANCELED);
    ck_assert_int_eq(three.steps[0].ended_ms, 10);
    ck_assert_str_eq(three.steps[2].reason, "its scope ended");
    ck_assert_ptr_null(three.steps[1].reason);
}
END_TEST

START_TEST(a_race_that_nobody_wins_in_time_has_no_winner)
{
    struct three three = {.steps = {{.ms = 30}, {.ms = 10}, {.ms = 20}}, .within_ms = 5};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, race_of_three, &three), GR_ETIMEDOUT);
    ck_assert_uint_eq(three.winner, 3);
}
END_TEST

static int race_of_none(gr_co co, void *arg)
{
    return gr_race_n(co, NULL, 0, arg);
}

START_TEST(a_race_of_nobody_returns_0_and_has_no_winner)
{
    size_t winner = 9;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, race_of_none, &winner), 0);
    ck_assert_uint_eq(winner, 0);
}
END_TEST

static int note_order(gr_co co, size_t i, int result, void *arg)
{
    struct three *self = arg;
    self->order[self->n++] = i;
    int rc = gr_sleep(co, 12); /* the others end meanwhile: their ends wait, and do not end this sleep */
    return rc < 0 ? rc : result;
}

static int completed_of_three(gr_co co, void *arg)
{
    struct three *self = arg;
    struct step *s = self->steps;
    const gr_job jobs[] = {step_job(&s[0]), step_job(&s[1]), step_job(&s[2])};
    int rc = gr_as_completed_n(co, jobs, 3, note_order, self);
    self->within_ms = gr_now_ms(co);
    return rc;
}

START_TEST(as_completed_tells_each_in_the_order_of_their_ends)
{
    struct three three = {.steps = {{.ms = 20}, {.ms = 10}, {.ms = 15}}};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, completed_of_three, &three), 0);
    ck_assert_uint_eq(three.n, 3);
    ck_assert_uint_eq(three.order[0], 1);
    ck_assert_uint_eq(three.order[1], 2);
    ck_assert_uint_eq(three.order[2], 0);
    ck_assert_int_eq(three.within_ms, 10 + 3 * 12);
}
END_TEST

START_TEST(as_completed_stops_where_it_is_told_to_and_cancels_the_rest)
{
    struct three three = {.steps = {{.ms = 100}, {.ms = 10, .result = 3}, {.ms = 15}}};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, completed_of_three, &three), 3);
    ck_assert_uint_eq(three.n, 1);
    ck_assert_int_eq(three.steps[0].rc, GR_ECANCELED);
    ck_assert_int_eq(three.steps[0].ended_ms, 22);
    ck_assert_int_eq(three.steps[2].rc, 0);
}
END_TEST

/* --- groups --- */

struct many {
    struct step steps[4];
    int own_rc;
    int spawn_rc;
    int64_t within_ms, own_ms;
    int own_sleep_rc;
};

static int group_of_four(gr_co co, void *arg)
{
    struct many *self = arg;
    gr_group group;
    int rc = 0;
    gr_co within = self->within_ms ? gr_within(co, self->within_ms) : co;
    gr_group_open(co, &group);
    for (int i = 0; i < 4 && rc == 0; i++)
        rc = step_spawn_in(within, &group, &self->steps[i]);
    ck_assert_int_eq(rc, 0);
    if (self->own_ms)
        self->own_sleep_rc = gr_sleep(co, self->own_ms);
    self->spawn_rc = step_spawn_in(within, &group, &(struct step){.ms = 0});
    return gr_group_close(within, &group, self->own_rc);
}

START_TEST(a_group_waits_for_all_of_its_tasks)
{
    struct many many = {.steps = {{.ms = 5}, {.ms = 40}, {.ms = 10}, {.ms = 0}}};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, group_of_four, &many), 0);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(many.steps[i].ended_ms, many.steps[i].ms);
}
END_TEST

START_TEST(a_task_that_fails_cancels_its_group_at_once_and_ends_no_other_await_of_the_owner)
{
    struct many many = {.steps = {{.ms = 50}, {.ms = 10, .result = GR_EIO}, {.ms = 60}, {.ms = 5}}, .own_ms = 30};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, group_of_four, &many), GR_EIO);
    ck_assert_int_eq(many.own_sleep_rc, 0);
    ck_assert_int_eq(many.spawn_rc, GR_ECANCELED);
    ck_assert_int_eq(many.steps[0].rc, GR_ECANCELED);
    ck_assert_int_eq(many.steps[0].ended_ms, 10);
    ck_assert_str_eq(many.steps[2].reason, "another task of its scope failed");
}
END_TEST

START_TEST(an_owner_that_failed_cancels_its_group_and_keeps_its_own_failure)
{
    struct many many = {.steps = {{.ms = 50}, {.ms = 10}, {.ms = 60}, {.ms = 5}}, .own_rc = 409, .own_ms = 7};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, group_of_four, &many), 409);
    ck_assert_int_eq(many.steps[0].rc, GR_ECANCELED);
    ck_assert_int_eq(many.steps[0].ended_ms, 7);
    ck_assert_int_eq(many.steps[3].rc, 0);
}
END_TEST

START_TEST(a_group_ends_with_its_deadline)
{
    struct many many = {.steps = {{.ms = 50}, {.ms = 10}, {.ms = 60}, {.ms = 5}}, .within_ms = 20};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, group_of_four, &many), GR_ETIMEDOUT);
    ck_assert_int_eq(many.steps[1].rc, 0);
    ck_assert_int_lt(many.steps[0].rc, 0);
    ck_assert_int_eq(many.steps[0].ended_ms, 20);
}
END_TEST

struct nest {
    gr_group *group;
    int depth;
    int ran;
};

static int spawn_another(gr_co co, struct nest *self);
GR_TASK(spawn_another, struct nest);

static int spawn_another(gr_co co, struct nest *self)
{
    self->ran++;
    int rc = gr_sleep(co, 1);
    return rc < 0 || --self->depth == 0 ? rc : spawn_another_spawn_in(co, self->group, self);
}

static int group_that_grows(gr_co co, void *arg)
{
    struct nest *self = arg;
    gr_group group;
    gr_group_open(co, &group);
    self->group = &group;
    int rc = spawn_another_spawn_in(co, &group, self);
    return gr_group_close(co, &group, rc);
}

START_TEST(a_task_may_start_others_in_its_group)
{
    struct nest nest = {.depth = 5};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, group_that_grows, &nest), 0);
    ck_assert_int_eq(nest.ran, 5);
}
END_TEST

struct late_member {
    gr_group *group;
    int spawn_rc;
    bool ran;
};

static int for_ever(gr_co co, void *arg)
{
    struct late_member *self = arg;
    self->ran = true;
    return gr_sleep(co, INT64_MAX);
}

static int spawn_late(gr_co co, void *arg)
{
    struct late_member *self = arg;
    self->spawn_rc = gr_group_spawn(co, self->group, for_ever, self);
    return 0;
}

static int spawn_shielded_as_it_ends(gr_co co, void *arg)
{
    int rc = gr_sleep(co, INT64_MAX), shielded_rc = gr_shield(co, spawn_late, arg);
    return rc ? rc : shielded_rc;
}

static int group_that_closes(gr_co co, void *arg)
{
    struct late_member *self = arg;
    gr_group group;
    gr_group_open(co, &group);
    self->group = &group;
    int rc = gr_group_spawn(co, &group, spawn_shielded_as_it_ends, self);
    rc = rc ? rc : gr_sleep(co, 1);
    ck_assert_int_eq(rc, 0);
    return gr_group_close(co, &group, GR_EIO);
}

START_TEST(a_group_that_closes_takes_no_task_even_of_one_that_is_shielded)
{
    struct late_member self = {.spawn_rc = 1};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, group_that_closes, &self), GR_EIO);
    ck_assert_int_eq(self.spawn_rc, GR_ECANCELED);
    ck_assert(!self.ran);
}
END_TEST

static int spawn_in_closed_group(gr_co co, void *arg)
{
    struct late_member *self = arg;
    gr_group group;
    gr_group_open(co, &group);
    int rc = gr_group_close(co, &group, 0);
    ck_assert_int_eq(rc, 0);
    self->spawn_rc = gr_group_spawn(co, &group, for_ever, self);
    return gr_sleep(co, 1);
}

START_TEST(a_group_that_was_closed_takes_no_task)
{
    struct late_member self = {.spawn_rc = 1};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, spawn_in_closed_group, &self), 0);
    ck_assert_int_eq(self.spawn_rc, GR_ECANCELED);
    ck_assert(!self.ran);
}
END_TEST

static int leave_group_open(gr_co co, void *arg)
{
    gr_group *group = arg;
    gr_group_open(co, group);
    return 0;
}

static int close_for_another(gr_co co, void *arg)
{
    return gr_group_close(co, arg, 0);
}

static int have_another_close(gr_co co, void *arg)
{
    gr_group group;
    (void)arg;
    gr_group_open(co, &group);
    int rc = gr_gather(co, {close_for_another, &group});
    return gr_group_close(co, &group, rc);
}

static int close_twice(gr_co co, void *arg)
{
    gr_group *group = arg;
    gr_group_open(co, group);
    int rc = gr_group_close(co, group, 0);
    ck_assert_int_eq(rc, 0);
    return gr_group_close(co, group, rc);
}

static void run_group(void *arg)
{
    gr_group group;
    run_alone(VIRTUAL_TIME, *(gr_task_fn **)arg, &group);
}

START_TEST(a_group_left_open_or_closed_by_another_or_twice_aborts_and_names_the_coroutines)
{
    gr_task_fn *leaves = leave_group_open, *another = have_another_close, *twice = close_twice;
    assert_aborts_saying(run_apart(run_group, &leaves), "\"main\" ended with an open group");
    assert_aborts_saying(run_apart(run_group, &another), "closes a group of \"main\"");
    assert_aborts_saying(run_apart(run_group, &twice), "\"main\" closes a group that was closed already");
}
END_TEST

/* --- cancellation --- */

struct cancelling {
    const char *reason;
    struct step step;
    gr_task_state before, waiting, after;
    char name[32];
};

static int cancel_with_reason(gr_co co, void *arg)
{
    struct cancelling *self = arg;
    gr_task *task;
    int rc = step_spawn(co, &task, &self->step);
    ck_assert_int_eq(rc, 0);
    self->before = gr_task_get_state(task);
    rc = gr_sleep(co, 1);
    ck_assert_int_eq(rc, 0);
    self->waiting = gr_task_get_state(task);
    gr_cancel_because(task, self->reason);
    gr_cancel_because(task, "too late");
    rc = gr_sleep(co, 1);
    ck_assert_int_eq(rc, 0);
    self->after = gr_task_get_state(task);
    snprintf(self->name, sizeof self->name, "%s", gr_task_get_name(task));
    return gr_join(co, task);
}

START_TEST(a_task_knows_why_it_was_cancelled_and_its_starter_what_it_does)
{
    struct cancelling self = {.reason = "the oven is cold", .step = {.ms = 100}};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, cancel_with_reason, &self), GR_ECANCELED);
    ck_assert_str_eq(self.step.reason, "the oven is cold");
    ck_assert_int_eq(self.before, GR_TASK_READY);
    ck_assert_int_eq(self.waiting, GR_TASK_WAITING);
    ck_assert_int_eq(self.after, GR_TASK_ENDED);
    ck_assert_str_eq(self.name, "step");
}
END_TEST

struct shielding {
    int inner_rc, outer_rc, within_rc;
    int64_t inner_ms;
};

static int put_away(gr_co co, void *arg)
{
    struct shielding *self = arg;
    self->inner_rc = gr_sleep(co, 30);
    self->inner_ms = gr_now_ms(co);
    self->within_rc = gr_sleep(gr_within(co, 5), 100);
    return 42;
}

static int shielded(gr_co co, void *arg)
{
    struct shielding *self = arg;
    int rc = gr_shield(gr_within(co, 20), put_away, arg);
    ck_assert_int_eq(rc, 42);
    self->outer_rc = gr_sleep(co, 1);
    return rc;
}

static int cancel_the_shielded(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, shielded, arg);
    ck_assert_int_eq(rc, 0);
    rc = gr_sleep(co, 10);
    ck_assert_int_eq(rc, 0);
    gr_cancel(task);
    return gr_join(co, task);
}

START_TEST(what_is_shielded_is_neither_cancelled_nor_timed_out_but_may_have_a_deadline_of_its_own)
{
    struct shielding self = {0};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, cancel_the_shielded, &self), 42);
    ck_assert_int_eq(self.inner_rc, 0);
    ck_assert_int_eq(self.inner_ms, 30);
    ck_assert_int_eq(self.within_rc, GR_ETIMEDOUT);
    ck_assert_int_eq(self.outer_rc, GR_ECANCELED);
}
END_TEST

/* --- again and again --- */

struct ticking {
    int64_t at_ms[8];
    int n, last;
    int64_t takes_ms;
};

static int tick(gr_co co, void *arg)
{
    struct ticking *self = arg;
    self->at_ms[self->n++] = gr_now_ms(co);
    int rc = self->n == 2 && self->takes_ms ? gr_sleep(co, self->takes_ms) : 0;
    return rc < 0 ? rc : self->n == self->last;
}

static int tick_every_10(gr_co co, void *arg)
{
    return gr_every(co, 10, tick, arg);
}

static int tick_within_35(gr_co co, void *arg)
{
    return gr_every(gr_within(co, 35), 10, tick, arg);
}

START_TEST(every_calls_in_equal_steps_and_leaves_out_what_it_missed)
{
    struct ticking self = {.last = 4, .takes_ms = 25};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, tick_every_10, &self), 1);
    ck_assert_int_eq(self.n, 4);
    const int64_t wanted[] = {10, 20, 50, 60};
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(self.at_ms[i], wanted[i]);
}
END_TEST

START_TEST(every_ends_with_its_deadline)
{
    struct ticking self = {0};
    self.last = -1;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, tick_within_35, &self), GR_ETIMEDOUT);
    ck_assert_int_eq(self.n, 3);
}
END_TEST

/* --- what is listed --- */

struct listing {
    char text[256];
    int left;
};

static int list_one(const gr_task_info *info, void *arg)
{
    static const char *const states[] = {"ready", "running", "waiting", "ended"};
    struct listing *self = arg;
    size_t len = strlen(self->text);
    ck_assert_uint_eq(info->size, sizeof *info);
    snprintf(self->text + len, sizeof self->text - len, "%s of %s: %s %s %lld %lld %s\n", info->name,
             info->parent ? info->parent : "nobody", states[info->state], info->waits_for ? info->waits_for : "-",
             (long long)info->age_ms, (long long)info->waits_ms, info->cancelled ? info->cancelled : "-");
    return --self->left == 0 ? 42 : 0;
}

static int list_them(gr_co co, void *arg)
{
    struct listing *self = arg;
    struct step early = {.ms = 100}, late = {.ms = 100};
    gr_task *first, *second;
    gr_stats stats = {.size = sizeof stats};
    int rc = gr_spawn_named(co, &first, "first", step_task, &early);
    rc = rc ? rc : gr_sleep(co, 10);
    rc = rc ? rc : gr_spawn_named(co, &second, "second", step_task, &late);
    rc = rc ? rc : gr_sleep(co, 5);
    ck_assert_int_eq(rc, 0);
    gr_cancel_because(second, "why not");
    ck_assert_int_eq(gr_stats_read(co, &stats), 0);
    ck_assert_uint_eq(stats.coroutines, 3);
    rc = gr_tasks(co, list_one, self);
    ck_assert_int_eq(gr_join(co, second), GR_ECANCELED);
    gr_cancel(first);
    ck_assert_int_eq(gr_join(co, first), GR_ECANCELED);
    return rc;
}

START_TEST(tasks_are_listed_the_newest_first_with_what_they_wait_for_and_since_when)
{
    struct listing all = {.left = -1}, one = {.left = 1};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, list_them, &all), 0);
    ck_assert_str_eq(all.text, "second of main: ready - 5 0 why not\nfirst of main: waiting sleep 15 15 -\n"
                               "main of nobody: running - 15 0 -\n");
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, list_them, &one), 42);
    ck_assert_str_eq(one.text, "second of main: ready - 5 0 why not\n");
}
END_TEST

/* --- values of a task --- */

static const gr_local user = {"user"}, trace = {"trace"};

struct inherited {
    void *user, *trace, *own;
};

static int child_of_locals(gr_co co, void *arg)
{
    struct inherited *self = arg;
    self->user = gr_local_get(co, &user);
    int rc = gr_local_set(co, &user, self);
    ck_assert_int_eq(rc, 0);
    rc = gr_sleep(co, 5);
    self->own = gr_local_get(co, &user);
    self->trace = gr_local_get(co, &trace);
    return rc;
}

static int parent_of_locals(gr_co co, void *arg)
{
    struct inherited *self = arg;
    static int one, two, three;
    ck_assert_ptr_null(gr_local_get(co, &user));
    int rc = gr_local_set(co, &user, &one);
    ck_assert_int_eq(rc, 0);
    rc = gr_local_set(co, &user, &two);
    ck_assert_int_eq(rc, 0);
    gr_task *task;
    rc = gr_spawn(co, &task, child_of_locals, self);
    ck_assert_int_eq(rc, 0);
    rc = gr_local_set(co, &trace, &three);
    ck_assert_int_eq(rc, 0);
    rc = gr_join(co, task);
    ck_assert_ptr_eq(self->user, &two);
    ck_assert_ptr_eq(self->own, self);
    ck_assert_ptr_null(self->trace);
    ck_assert_ptr_eq(gr_local_get(co, &user), &two);
    ck_assert_ptr_eq(gr_local_get(co, &trace), &three);
    return rc;
}

START_TEST(a_task_has_the_values_of_its_starter_and_what_it_sets_is_its_own)
{
    struct inherited self = {0};
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, parent_of_locals, &self), 0);
}
END_TEST

int main(void)
{
    const test_list tests = {gather_all_waits_for_all_and_tells_what_each_returned,
                             gather_all_ends_with_its_deadline_and_keeps_the_results_that_came_in_time,
                             gather_all_has_the_result_of_one_that_ended_before_its_cancelled_caller_ran,
                             a_race_has_the_winner_that_ended_before_its_cancelled_caller_ran,
                             as_completed_tells_of_one_that_ended_before_its_cancelled_caller_ran,
                             a_race_returns_what_the_first_returned_and_cancels_the_others,
                             a_race_that_nobody_wins_in_time_has_no_winner,
                             a_race_of_nobody_returns_0_and_has_no_winner,
                             as_completed_tells_each_in_the_order_of_their_ends,
                             as_completed_stops_where_it_is_told_to_and_cancels_the_rest,
                             a_group_waits_for_all_of_its_tasks,
                             a_task_that_fails_cancels_its_group_at_once_and_ends_no_other_await_of_the_owner,
                             an_owner_that_failed_cancels_its_group_and_keeps_its_own_failure,
                             a_group_ends_with_its_deadline,
                             a_task_may_start_others_in_its_group,
                             a_group_that_closes_takes_no_task_even_of_one_that_is_shielded,
                             a_group_that_was_closed_takes_no_task,
                             a_group_left_open_or_closed_by_another_or_twice_aborts_and_names_the_coroutines,
                             a_task_knows_why_it_was_cancelled_and_its_starter_what_it_does,
                             what_is_shielded_is_neither_cancelled_nor_timed_out_but_may_have_a_deadline_of_its_own,
                             every_calls_in_equal_steps_and_leaves_out_what_it_missed,
                             every_ends_with_its_deadline,
                             tasks_are_listed_the_newest_first_with_what_they_wait_for_and_since_when,
                             a_task_has_the_values_of_its_starter_and_what_it_sets_is_its_own,
                             NULL};
    return run_tests("scopes", tests, 20);
}
