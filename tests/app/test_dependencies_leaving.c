/* Five hundred clients that leave, each at another place: what dependencies acquired for them is given back, once. */
#include <griddle.h>

#include "need.h"
#include "rig.h"

static int acquired, given, given_early; /* atomic: on threads too */

static void give_back(GR_UNUSED gr_req *req, GR_UNUSED void *arg, GR_UNUSED gr_outcome outcome)
{
    __atomic_add_fetch(&given, 1, __ATOMIC_RELAXED);
}

static void give_back_async(gr_co co, GR_UNUSED gr_req *req, GR_UNUSED void *arg, GR_UNUSED gr_outcome outcome)
{
    int rc = gr_yield(co);
    (void)rc;
    __atomic_add_fetch(&given, 1, __ATOMIC_RELAXED);
}

static int give_back_early(GR_UNUSED gr_req *req, GR_UNUSED void *arg, GR_UNUSED gr_outcome outcome)
{
    __atomic_add_fetch(&given_early, 1, __ATOMIC_RELAXED);
    return 0;
}

static int acquire(gr_req *req, bool async)
{
    __atomic_add_fetch(&acquired, 1, __ATOMIC_RELAXED);
    int rc = async ? gr_defer(req, give_back_async, NULL) : gr_defer(req, give_back, NULL);
    return rc ? rc : gr_defer_early(req, give_back_early, NULL);
}

static int on_loop(gr_co co, gr_req *req, int *value)
{
    *value = 1;
    int rc = acquire(req, true);
    return rc ? rc : gr_sleep(co, 5);
}
GR_DEPENDENCY(on_loop, int, .concurrent = true);
static int beside(gr_co co, gr_req *req, int *value)
{
    *value = 1;
    int rc = gr_sleep(co, 2);
    return rc ? rc : acquire(req, false);
}
GR_DEPENDENCY(beside, int, .concurrent = true);
static int on_thread(gr_req *req, int *value)
{
    *value = 1;
    return acquire(req, false);
}
GR_DEPENDENCY(on_thread, int);
static int before(gr_req *req)
{
    return acquire(req, true);
}
GR_GUARD(before, .before_body = true);

struct item {
    const char *name;
};
static GR_MODEL(item, GR_FIELD(name));
struct order {
    int thread, loop, beside;
    struct item item;
};
static GR_INPUT(order, GR_NEEDS(thread, on_thread), GR_NEEDS(loop, on_loop), GR_NEEDS(beside, beside),
                GR_BODY(item, item));

static char large[300000];

static gr_reply order(gr_co co, gr_req *req, GR_UNUSED const struct order *in)
{
    int rc = gr_sleep(co, 10);
    return rc ? gr_failed(req, rc) : gr_content_static(req, "text/plain", large, sizeof large);
}
GR_POST("/order", order, .needs = GR_DEPENDENCIES(&before_dependency));

#define RAW \
    "POST /order HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"name\":\"x\"}"

enum { CLIENTS = 500 };

/* How much a client sends, takes, and how long it stays. */
struct habit {
    size_t sends, window;
    int64_t ms;
};

static struct habit habit_of(int i)
{
    size_t whole = sizeof RAW - 1;
    switch (i % 6) {
    case 0: /* at once */
        return (struct habit){whole, SIZE_MAX, 0};
    case 1: /* in its body */
        return (struct habit){whole - 1 - (size_t)i % 12, SIZE_MAX, 3};
    case 2: /* while its dependencies run */
        return (struct habit){whole, SIZE_MAX, 3};
    case 3: /* while its handler does */
        return (struct habit){whole, SIZE_MAX, 10};
    case 4: /* while it is written to */
        return (struct habit){whole, 1000, 40};
    default: /* it stays */
        return (struct habit){whole, SIZE_MAX, 100};
    }
}

static void advance(struct rig *rig, int64_t ms)
{
    gri_sched_advance(&rig->engine.sched, ms);
}

/* Threads come back while the time goes on. */
static void pass(struct rig *rig, int64_t ms)
{
    for (; ms > 0; ms--) {
        uv_run(&rig->loop, UV_RUN_NOWAIT);
        advance(rig, 1);
    }
}

START_TEST(what_was_acquired_for_them_is_given_back_once)
{
    MAKE_APP(app, &order_route);
    struct rig *rig = rig_begin(app, 8, 0);
    struct gri_memory *clients[CLIENTS];
    memset(large, 'x', sizeof large);
    for (int i = 0; i < CLIENTS; i++) {
        struct habit habit = habit_of(i);
        clients[i] = rig_connect(rig);
        gri_memory_set_window(clients[i], habit.window);
        gri_memory_send(clients[i], RAW, habit.sends);
        if (habit.ms == 0)
            gri_memory_reset(clients[i]);
    }
    for (int64_t ms = 1; ms <= 100; ms++) {
        pass(rig, 1);
        if (ms == 3 || ms == 5)
            rig_wait(rig);
        for (int i = 0; i < CLIENTS; i++)
            if (habit_of(i).ms == ms)
                gri_memory_reset(clients[i]);
    }
    rig_wait(rig);
    pass(rig, 200);
    rig_wait(rig);
    ck_assert_int_gt(acquired, CLIENTS);
    ck_assert_int_eq(given, acquired);
    ck_assert_int_eq(given_early, acquired);
    for (int i = 0; i < CLIENTS; i++)
        gri_memory_destroy(clients[i]);
    rig_end(rig);
}
END_TEST

int main(void)
{
    return run_tests("app dependencies leaving", (test_list){what_was_acquired_for_them_is_given_back_once, NULL}, 60);
}
