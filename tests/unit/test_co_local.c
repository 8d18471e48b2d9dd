/* What the values of a task cost. The program is linked with malloc and free wrapped by these. */
#include "unit/co_world.h"

void *__real_malloc(size_t size);
void __real_free(void *p);
void *__wrap_malloc(size_t size);
void __wrap_free(void *p);

static bool counting, exhausted;
static int living; /* blocks that were taken while it counted, and not given back */

void *__wrap_malloc(size_t size)
{
    void *p = exhausted ? NULL : __real_malloc(size);
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
                             a_value_that_there_is_no_memory_for_is_not_set_and_the_others_stay, NULL};
    return run_tests("local", tests, 20);
}
