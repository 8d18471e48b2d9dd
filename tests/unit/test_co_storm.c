/* Everything that nests, cancelled after each number of turns, and without each allocation. The program is linked with
 * malloc and its like wrapped by these. */
#include <griddle/debug.h>
#include <griddle/thread.h>
#include <pthread.h>

#include "app/scarce.h"
#include "co/pool.h"
#include "unit/co_world.h"

static int broken; /* promises; Check's own assertions allocate */
static int alive;  /* tasks of this story that began, and have not ended */
static const gr_local place = {"place"};

static int nap(gr_co co, void *arg)
{
    alive++;
    int rc = gr_local_set(co, &place, arg);
    rc = rc ? rc : gr_yield(co);
    rc = rc ? rc : gr_yield(co);
    alive--;
    return rc;
}

static int pause_(gr_co co, void *arg)
{
    (void)arg;
    return gr_yield(co);
}

static int fail_soon(gr_co co, void *arg)
{
    int rc = nap(co, arg);
    return rc ? rc : GR_EIO;
}

static int clean_up(gr_co co, void *arg)
{
    return nap(co, arg);
}

static int nap_and_clean_up(gr_co co, void *arg)
{
    int rc = nap(co, arg), cleaned = gr_shield(co, clean_up, arg);
    broken += cleaned == GR_ECANCELED;
    return rc ? rc : cleaned;
}

static int race(gr_co co, void *arg)
{
    size_t winner;
    return gr_race(co, &winner, {nap_and_clean_up, arg}, {nap, arg}, {fail_soon, arg});
}

static int gather(gr_co co, void *arg)
{
    int results[2];
    int rc = gr_gather(co, {race, arg}, {nap, arg});
    return rc ? rc : gr_gather_all(co, results, {fail_soon, arg}, {race, arg});
}

static int count_one(gr_co co, size_t i, int result, void *arg)
{
    (void)i, (void)result;
    int rc = nap(co, arg);
    return rc;
}

static int as_completed(gr_co co, void *arg)
{
    const gr_job jobs[] = {{nap, arg}, {fail_soon, arg}, {nap, arg}};
    return gr_as_completed_n(co, jobs, 3, count_one, arg);
}

static int on_thread(void *arg)
{
    int rc = gr_call_on_loop(NULL, nap, arg);
    return rc ? rc : gr_call_on_loop(NULL, nap, arg);
}

static int offload(gr_co co, void *arg)
{
    return gr_offload(co, on_thread, arg);
}

struct member {
    gr_group *group;
    int left;
};

/* Goes on for as long as it is let, even where it is cancelled. */
static int grow(gr_co co, void *arg)
{
    struct member *self = arg;
    int rc = nap(co, NULL);
    if (--self->left < 0)
        return rc;
    int spawn_rc = gr_group_spawn(co, self->group, grow, self);
    return rc ? rc : spawn_rc;
}

static int grow_shielded(gr_co co, void *arg)
{
    int rc = nap(co, NULL), shielded_rc = gr_shield(co, grow, arg);
    return rc ? rc : shielded_rc;
}

static int group_of_groups(gr_co co, void *arg)
{
    gr_group group;
    gr_group_open(co, &group);
    struct member member = {&group, 4};
    int rc = gr_group_spawn(co, &group, grow_shielded, &member);
    rc = rc ? rc : gr_group_spawn(co, &group, gather, arg);
    rc = rc ? rc : gr_group_spawn(co, &group, offload, arg);
    rc = rc ? rc : nap(co, arg);
    return gr_group_close(co, &group, rc);
}

struct caller {
    gr_portal *portal;
    pthread_t thread;
    _Atomic bool inside; /* its call has begun, or was refused */
    int rc;
};

static int race_in_portal(gr_co co, void *arg)
{
    struct caller *self = arg;
    self->inside = true;
    return race(co, NULL);
}

static void *call_in(void *arg)
{
    struct caller *self = arg;
    self->rc = gr_call_on_loop(self->portal, race_in_portal, self);
    self->inside = true;
    return NULL;
}

/* The portal closes on calls that run. */
static int through_portal(gr_co co, void *arg)
{
    enum { CALLERS = 3 };
    static struct caller callers[CALLERS];
    gr_portal *portal = NULL;
    int rc = gr_portal_open(co, &portal);
    if (rc)
        return rc;
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (struct caller){.portal = portal};
        if (pthread_create(&callers[i].thread, NULL, call_in, &callers[i]) != 0)
            abort();
    }
    for (int i = 0; i < CALLERS; i++)
        while (!callers[i].inside)
            rc = gr_shield(co, pause_, arg);
    gr_portal_close(co, portal);
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(callers[i].thread, NULL);
        broken += callers[i].rc != GR_ECANCELED && callers[i].rc != GR_ENOMEM && callers[i].rc != 0;
    }
    return rc ? rc : gr_yield(co);
}

static int story(gr_co co, void *arg)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, as_completed, arg);
    rc = rc ? rc : race(co, arg);
    rc = rc ? rc : group_of_groups(co, arg);
    rc = rc == GR_EIO ? 0 : rc;
    rc = rc ? rc : through_portal(co, arg);
    rc = rc == GR_EIO ? 0 : rc;
    return rc ? rc : gr_join(co, task);
}

/* --- cancelled after k turns --- */

struct cancelled_after {
    int turns;
    bool cancelled;
    int rc;
};

static int cancel_after(gr_co co, void *arg)
{
    struct cancelled_after *self = arg;
    gr_task *task;
    int rc = gr_spawn(co, &task, story, NULL);
    for (int i = 0; i < self->turns && rc == 0; i++)
        rc = gr_yield(co);
    self->cancelled = gr_task_get_state(task) != GR_TASK_ENDED;
    gr_cancel(task);
    self->rc = gr_join(co, task);
    return rc;
}

static int run_on_pool(gr_task_fn *fn, void *arg)
{
    struct world *world = world_begin(REAL_TIME);
    struct gri_pool *pool;
    ck_assert_int_eq(gri_pool_create(&pool, &world->sched, &(struct gri_pool_options){.threads = 2}), 0);
    int result = run_in(world, fn, arg);
    ck_assert_uint_eq(gri_pool_in_flight(pool), 0);
    gri_pool_destroy(pool, NULL, NULL);
    world_end(world);
    ck_assert_int_eq(alive, 0);
    ck_assert_int_eq(broken, 0);
    return result;
}

START_TEST(a_story_that_is_cancelled_after_any_number_of_turns_ends_and_leaves_nothing)
{
    struct cancelled_after self = {.cancelled = true};
    /* Each of the first turns; then ever more while the story waits for threads, whose time no count of turns tells. */
    for (; self.cancelled; self.turns += self.turns < 300 ? 1 : self.turns / 4)
        ck_assert_int_eq(run_on_pool(cancel_after, &self), 0);
    ck_assert_int_gt(self.turns, 20);
}
END_TEST

/* --- without the k-th allocation --- */

struct starved {
    long after;
    bool failed;
    int rc;
};

static int without_memory(gr_co co, void *arg)
{
    struct starved *self = arg;
    left = self->after;
    self->rc = story(co, NULL);
    self->failed = has_failed();
    plenty();
    return 0;
}

static void starve(void)
{
    struct starved self = {.failed = true};
    for (; self.failed && self.after < 1000; self.after++) {
        ck_assert_int_eq(run_on_pool(without_memory, &self), 0);
        ck_assert(self.rc == GR_ENOMEM || self.rc == GR_EBUSY || self.rc == GR_EIO || self.rc == GR_ECANCELED ||
                  self.rc == 0);
    }
    ck_assert_int_gt(self.after, 10);
    ck_assert(!self.failed);
}

START_TEST(a_story_whose_memory_ends_at_any_allocation_ends_and_leaves_nothing)
{
    once = false;
    starve();
}
END_TEST

START_TEST(a_story_that_lacks_any_one_allocation_ends_and_leaves_nothing)
{
    once = true;
    starve();
}
END_TEST

int main(void)
{
    const test_list tests = {a_story_that_is_cancelled_after_any_number_of_turns_ends_and_leaves_nothing,
                             a_story_whose_memory_ends_at_any_allocation_ends_and_leaves_nothing,
                             a_story_that_lacks_any_one_allocation_ends_and_leaves_nothing, NULL};
    return run_tests("storm", tests, 120);
}
