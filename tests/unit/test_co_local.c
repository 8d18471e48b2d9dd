/* What the values of a task cost. The program is linked with malloc and free wrapped by these. */
#include "co/local.h"
#include "unit/co_world.h"

void *__real_malloc(size_t size);
void __real_free(void *p);
void *__wrap_malloc(size_t size);
void __wrap_free(void *p);

static bool counting, exhausted;
static int fails_at = -1; /* the allocation that fails, from now; below 0: none */
static int living;        /* blocks that were taken while it counted, and not given back */

void *__wrap_malloc(size_t size)
{
    bool fails = exhausted || (fails_at >= 0 && fails_at-- == 0);
    void *p = fails ? NULL : __real_malloc(size);
    living += counting && p;
    return p;
}

void __wrap_free(void *p)
{
    living -= counting && p;
    __real_free(p);
}

static const gr_local user = {"user"}, trace = {"trace"};

struct served {
    void *user, *trace;
};

static int look(gr_co co, void *arg)
{
    struct served *self = arg;
    int rc = gr_sleep(co, 15);
    self->user = gr_local_get(co, &user);
    self->trace = gr_local_get(co, &trace);
    return rc;
}

enum { ROUNDS = 1000, MOST = 16 };

/* Each child lives for two rounds more, and has the values of its own. */
static int serve_for_long(gr_co co, void *arg)
{
    static int values[ROUNDS];
    static struct served served[ROUNDS];
    gr_group group;
    int rc = 0;
    (void)arg;
    gr_group_open(co, &group);
    for (int i = 0; i < ROUNDS && rc == 0; i++) {
        rc = gr_local_set(co, &user, &values[i]);
        if (rc == 0 && i % 3 == 0)
            rc = gr_local_set(co, &trace, &values[i]);
        counting = true;
        rc = rc ? rc : gr_group_spawn(co, &group, look, &served[i]);
        rc = rc ? rc : gr_sleep(co, 10);
        ck_assert_int_le(living, MOST);
    }
    rc = gr_group_close(co, &group, rc);
    for (int i = 0; i < ROUNDS; i++) {
        ck_assert_ptr_eq(served[i].user, &values[i]);
        ck_assert_ptr_eq(served[i].trace, &values[i - i % 3]);
    }
    counting = false;
    return rc;
}

START_TEST(a_task_that_sets_and_starts_for_ever_keeps_no_more_than_its_children_need)
{
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, serve_for_long, NULL), 0);
}
END_TEST

static size_t n_locals(gr_co co)
{
    size_t n = 0;
    for (const struct gri_local *local = co.task->locals; local; local = local->next)
        n++;
    return n;
}

/* The children live on, each with values of its own. */
static int serve_many(gr_co co, void *arg)
{
    static int values[ROUNDS];
    static struct served served[ROUNDS];
    gr_group group;
    int rc = 0;
    (void)arg;
    gr_group_open(co, &group);
    for (int i = 0; i < ROUNDS && rc == 0; i++) {
        rc = gr_local_set(co, i % 2 ? &trace : &user, &values[i]);
        rc = rc ? rc : gr_group_spawn(co, &group, look, &served[i]);
        ck_assert_uint_le(n_locals(co), 2);
    }
    rc = gr_group_close(co, &group, rc);
    for (int i = 1; i < ROUNDS; i++) {
        ck_assert_ptr_eq(served[i].user, &values[i - i % 2]);
        ck_assert_ptr_eq(served[i].trace, &values[i - 1 + i % 2]);
    }
    return rc;
}

START_TEST(a_task_looks_at_one_value_of_a_key_however_many_children_have_others)
{
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, serve_many, NULL), 0);
}
END_TEST

static const gr_local third = {"third"};

static int change_without_memory(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_local_set(co, &user, arg);
    rc = rc ? rc : gr_local_set(co, &trace, arg);
    rc = rc ? rc : gr_local_set(co, &third, arg);
    rc = rc ? rc : gr_spawn(co, &task, look, &(struct served){0});
    ck_assert_int_eq(rc, 0);
    for (int at = 0; at < 3; at++) { /* `third` is behind the two others, which have to be copied with it */
        living = 0;
        fails_at = at, counting = true;
        rc = gr_local_set(co, &third, &task);
        fails_at = -1, counting = false;
        ck_assert_int_eq(rc, GR_ENOMEM);
        ck_assert_int_eq(living, 0);
        ck_assert_ptr_eq(gr_local_get(co, &third), arg);
        ck_assert_ptr_eq(gr_local_get(co, &user), arg);
    }
    ck_assert_int_eq(gr_local_set(co, &third, &task), 0);
    ck_assert_ptr_eq(gr_local_get(co, &third), &task);
    ck_assert_ptr_eq(gr_local_get(co, &user), arg);
    return gr_join(co, task);
}

START_TEST(a_value_that_cannot_be_copied_for_want_of_memory_changes_nothing)
{
    int one;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, change_without_memory, &one), 0);
}
END_TEST

static int set_without_memory(gr_co co, void *arg)
{
    static int one;
    int rc = gr_local_set(co, &user, &one);
    ck_assert_int_eq(rc, 0);
    exhausted = true;
    rc = gr_local_set(co, &trace, arg);
    int replaced = gr_local_set(co, &user, arg);
    exhausted = false;
    ck_assert_ptr_null(gr_local_get(co, &trace));
    ck_assert_ptr_eq(gr_local_get(co, &user), arg);
    ck_assert_int_eq(replaced, 0);
    return rc;
}

START_TEST(a_value_that_there_is_no_memory_for_is_not_set_and_the_others_stay)
{
    int two;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, set_without_memory, &two), GR_ENOMEM);
}
END_TEST

int main(void)
{
    const test_list tests = {a_task_that_sets_and_starts_for_ever_keeps_no_more_than_its_children_need,
                             a_task_looks_at_one_value_of_a_key_however_many_children_have_others,
                             a_value_that_cannot_be_copied_for_want_of_memory_changes_nothing,
                             a_value_that_there_is_no_memory_for_is_not_set_and_the_others_stay, NULL};
    return run_tests("local", tests, 20);
}
