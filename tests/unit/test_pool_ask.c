#include "unit/co_world.h"

#include "co/pool.h"

struct question {
    int64_t sleep_ms;
    int answer;
    bool asked;
    gr_task *ran_in;
};

static int answer_it(gr_co co, void *arg)
{
    struct question *question = arg;
    question->ran_in = co.task;
    int rc = gr_sleep(co, question->sleep_ms);
    return rc ? rc : question->answer;
}

static int ask(void *arg)
{
    return gri_job_ask(answer_it, arg);
}

static int run_on_pool(gr_task_fn *fn, void *arg)
{
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool;
    ck_assert_int_eq(gri_pool_create(&pool, &world->sched, NULL), 0);
    int result = run_in(world, fn, arg);
    ck_assert_uint_eq(gri_pool_in_flight(pool), 0);
    gri_pool_destroy(pool, NULL, NULL);
    world_end(world);
    return result;
}

static int offload_ask(gr_co co, void *arg)
{
    int rc = gr_offload(co, ask, arg);
    ck_assert_ptr_eq(((struct question *)arg)->ran_in, co.task);
    return rc;
}

START_TEST(a_job_has_a_function_run_in_the_coroutine_that_waits_for_it)
{
    struct question question = {.sleep_ms = 5, .answer = 42};
    ck_assert_int_eq(run_on_pool(offload_ask, &question), 42);
}
END_TEST

static int ask_thousand(void *arg)
{
    struct question *question = arg;
    int sum = 0;
    for (int i = 0; i < 1000; i++) {
        question->answer = i;
        sum += gri_job_ask(answer_it, question);
    }
    return sum;
}

static int offload_thousand(gr_co co, void *arg)
{
    return gr_offload(co, ask_thousand, arg);
}

START_TEST(it_may_ask_again_and_again)
{
    struct question question = {.sleep_ms = 0};
    ck_assert_int_eq(run_on_pool(offload_thousand, &question), 999 * 1000 / 2);
}
END_TEST

static int offload_eight(gr_co co, void *arg)
{
    (void)arg;
    struct question questions[8];
    gr_job jobs[8];
    for (int i = 0; i < 8; i++) {
        questions[i] = (struct question){.sleep_ms = 0};
        jobs[i] = (gr_job){offload_thousand, &questions[i]};
    }
    int rc = gr_gather_n(co, jobs, 8);
    ck_assert_int_eq(rc, 999 * 1000 / 2); /* the first result that is not 0 */
    return 0;
}

START_TEST(jobs_ask_beside_each_other)
{
    ck_assert_int_eq(run_on_pool(offload_eight, NULL), 0);
}
END_TEST

static int asked_after_deadline(void *arg)
{
    struct question *question = arg;
    while (!gr_job_cancelled())
        usleep(100);
    question->asked = true;
    question->answer = gri_job_ask(answer_it, question);
    return 7;
}

static int offload_with_deadline(gr_co co, void *arg)
{
    return gr_offload(gr_within(co, 3), asked_after_deadline, arg);
}

START_TEST(what_is_asked_after_the_deadline_ends_with_the_deadline)
{
    struct question question = {.sleep_ms = 1000};
    while (!question.asked) /* where all processors are busy, the deadline takes the job back before it runs */
        ck_assert_int_eq(run_on_pool(offload_with_deadline, &question), GR_ETIMEDOUT);
    ck_assert_int_eq(question.answer, GR_ETIMEDOUT);
}
END_TEST

static int offload_slow_answer(gr_co co, void *arg)
{
    return gr_offload(gr_within(co, 3), ask, arg);
}

START_TEST(a_deadline_during_the_answer_ends_it)
{
    struct question question = {.sleep_ms = 10000};
    ck_assert_int_eq(run_on_pool(offload_slow_answer, &question), GR_ETIMEDOUT);
}
END_TEST

START_TEST(outside_of_a_job_there_is_nobody_to_ask)
{
    ck_assert_int_eq(gri_job_ask(answer_it, NULL), GR_EINVAL);
}
END_TEST

/* --- what outlives the question --- */

struct outliving {
    gr_group group;
    gr_event job_has_ended;
    int early_rc, late_rc;
};

static int do_a_job(void *arg)
{
    (void)arg;
    return 0;
}

static int offload_late(gr_co co, void *arg)
{
    struct outliving *self = arg;
    int rc = gr_event_wait(co, &self->job_has_ended);
    self->late_rc = rc ? rc : gr_offload(co, do_a_job, NULL);
    return 0;
}

static int start_one_that_outlives(gr_co co, void *arg)
{
    struct outliving *self = arg;
    self->early_rc = gr_offload(co, do_a_job, NULL);
    return gr_group_spawn(co, &self->group, offload_late, self);
}

static int ask_to_start(void *arg)
{
    return gri_job_ask(start_one_that_outlives, arg);
}

static int offload_beside_a_group(gr_co co, void *arg)
{
    struct outliving *self = arg;
    gr_group_open(co, &self->group);
    int rc = gr_offload(co, ask_to_start, self);
    gr_event_set(&self->job_has_ended);
    return gr_group_close(co, &self->group, rc);
}

START_TEST(a_task_of_a_group_that_was_open_before_the_question_may_offload)
{
    struct outliving self = {.late_rc = 1};
    ck_assert_int_eq(run_on_pool(offload_beside_a_group, &self), 0);
    ck_assert_int_eq(self.early_rc, GR_EDEADLK);
    ck_assert_int_eq(self.late_rc, 0);
}
END_TEST

/* --- cancelled and asked at once --- */

enum { CROWD = 1500 }; /* more than a turn of the loop takes */

struct late_question {
    struct question question;
    _Atomic int begun;
    _Atomic bool told;
};

static int ask_until_told(void *arg)
{
    struct late_question *self = arg;
    self->begun = 1;
    int rc = gri_job_ask(answer_it, &self->question);
    for (int i = 0; i < 5000 && !self->told; i++) {
        usleep(1000);
        self->told = gr_job_cancelled();
    }
    return rc;
}

static int offload_late_question(gr_co co, void *arg)
{
    return gr_offload(co, ask_until_told, arg);
}

static int do_nothing(gr_co co, void *arg)
{
    (void)co, (void)arg;
    return 0;
}

/* The cancelled task stands behind a crowd, so that the question comes before it runs. */
static int cancel_behind_a_crowd(gr_co co, void *arg)
{
    struct late_question *self = arg;
    gr_group crowd;
    gr_task *task;
    int rc = gr_spawn(co, &task, offload_late_question, self);
    rc = rc ? rc : gr_yield(co);
    ck_assert_int_eq(rc, 0);
    while (!self->begun)
        usleep(1000);
    usleep(20000);
    gr_group_open(co, &crowd);
    for (int i = 0; i < CROWD && rc == 0; i++)
        rc = gr_group_spawn(co, &crowd, do_nothing, NULL);
    gr_cancel(task);
    rc = gr_group_close(co, &crowd, rc);
    ck_assert_int_eq(rc, 0);
    return gr_join(co, task);
}

START_TEST(a_job_that_asks_as_its_caller_is_cancelled_is_told_of_it)
{
    struct late_question self = {.question.sleep_ms = 1000};
    ck_assert_int_eq(run_on_pool(cancel_behind_a_crowd, &self), GR_ECANCELED);
    ck_assert(self.told);
}
END_TEST

int main(void)
{
    const test_list tests = {a_job_has_a_function_run_in_the_coroutine_that_waits_for_it,
                             it_may_ask_again_and_again,
                             jobs_ask_beside_each_other,
                             what_is_asked_after_the_deadline_ends_with_the_deadline,
                             a_deadline_during_the_answer_ends_it,
                             a_task_of_a_group_that_was_open_before_the_question_may_offload,
                             outside_of_a_job_there_is_nobody_to_ask,
                             a_job_that_asks_as_its_caller_is_cancelled_is_told_of_it,
                             NULL};
    return run_tests("ask", tests, 30);
}
