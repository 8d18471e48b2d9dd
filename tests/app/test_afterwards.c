/* What is left of a request when its client has been answered: teardowns in the background, and handlers that outlive
 * their deadline. Whatever the client or the server does then, they end once, and nothing is left. */
#include "rig.h"

static uv_sem_t entered, gate;
static int torn_down, ran; /* atomic */
static gr_outcome told;    /* atomic */

static void tear_down(gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)arg;
    uv_sem_post(&entered);
    uv_sem_wait(&gate);
    __atomic_store_n(&told, outcome, __ATOMIC_RELAXED);
    __atomic_add_fetch(&torn_down, 1, __ATOMIC_RELAXED);
}

static gr_reply background(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_defer(req, tear_down, NULL);
    return rc ? gr_failed(req, rc) : gr_text(req, "answered");
}
GR_GET("/background", background);

static void tear_down_async(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)arg;
    if (gr_sleep(co, 1000) == 0)
        told = outcome;
    torn_down++;
}

static gr_reply background_async(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_defer(req, tear_down_async, NULL);
    return rc ? gr_failed(req, rc) : gr_text(req, "answered");
}
GR_GET("/background-async", background_async);

static gr_reply zombie(gr_req *req)
{
    uv_sem_post(&entered);
    uv_sem_wait(&gate);
    __atomic_add_fetch(&ran, 1, __ATOMIC_RELAXED);
    char *memory = gr_alloc(req, 100000); /* of an arena that lives on */
    if (memory)
        memset(memory, 1, 100000);
    return gr_text(req, "too late");
}
GR_GET("/zombie", zombie, .deadline_ms = 100);

static gr_reply hello(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "hello");
}
GR_GET("/hello", hello);

static struct rig *begin(void)
{
    gr_app *app = gr_app_create("Afterwards", "1");
    gr_app_add(app, &background_route, &background_async_route, &zombie_route, &hello_route);
    uv_sem_init(&entered, 0);
    uv_sem_init(&gate, 0);
    torn_down = ran = 0;
    told = GR_FAILED;
    return rig_begin(app, 1, 1);
}

static void stop(struct rig *rig)
{
    gri_engine_stop(&rig->engine);
    rig_settle(rig);
}

/* What a server does at the deadline of its stop. */
static void let_the_time_be_over(struct rig *rig)
{
    gri_engine_cancel(&rig->engine);
    rig_settle(rig);
}

/* Lets the thread go on, and nothing is left. */
static void end(struct rig *rig, struct gri_memory *client)
{
    uv_sem_post(&gate);
    rig_wait(rig);
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 0);
    if (client)
        gri_memory_destroy(client);
    rig_end(rig);
    uv_sem_destroy(&entered);
    uv_sem_destroy(&gate);
}

/* --- in the background --- */

static struct gri_memory *answered(struct rig *rig)
{
    struct gri_memory *client = rig_connect(rig);
    rig_get(rig, client, "/background");
    uv_sem_wait(&entered);
    rig_expect(client, "answered");
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 1);
    return client;
}

static void expect_torn_down(void)
{
    ck_assert_int_eq(torn_down, 1);
    ck_assert_int_eq(told, GR_ANSWERED);
}

START_TEST(in_the_background_the_connection_serves_on)
{
    struct rig *rig = begin();
    struct gri_memory *client = answered(rig);
    rig_get(rig, client, "/hello");
    rig_expect(client, "hello");
    end(rig, client);
    expect_torn_down();
}
END_TEST

START_TEST(in_the_background_a_fin_changes_nothing)
{
    struct rig *rig = begin();
    struct gri_memory *client = answered(rig);
    rig_fin(rig, client);
    ck_assert(rig_is_closed(client));
    end(rig, client);
    expect_torn_down();
}
END_TEST

START_TEST(in_the_background_a_reset_changes_nothing)
{
    struct rig *rig = begin();
    struct gri_memory *client = answered(rig);
    rig_reset(rig, client);
    gri_memory_destroy(client);
    end(rig, NULL);
    expect_torn_down();
}
END_TEST

START_TEST(in_the_background_a_stop_waits)
{
    struct rig *rig = begin();
    struct gri_memory *client = answered(rig);
    stop(rig);
    ck_assert(!rig->closed);
    ck_assert_int_eq(torn_down, 0);
    end(rig, client);
    expect_torn_down();
}
END_TEST

START_TEST(in_the_background_the_deadline_of_a_stop_changes_nothing)
{
    struct rig *rig = begin();
    struct gri_memory *client = answered(rig);
    stop(rig);
    let_the_time_be_over(rig);
    ck_assert(!rig->closed);
    ck_assert_int_eq(torn_down, 0);
    end(rig, client);
    expect_torn_down();
}
END_TEST

static void (*const leave[])(struct rig *, struct gri_memory *) = {rig_fin, rig_reset};

START_TEST(an_async_teardown_is_left_alone_by_a_client_that_leaves)
{
    for (int i = 0; i < 2; i++) {
        struct rig *rig = begin();
        struct gri_memory *client = rig_connect(rig);
        rig_get(rig, client, "/background-async");
        rig_expect(client, "answered");
        leave[i](rig, client);
        ck_assert(rig_is_closed(client));
        ck_assert_int_eq(torn_down, 0);
        gri_sched_advance(&rig->engine.sched, 1000);
        end(rig, client);
        expect_torn_down();
    }
}
END_TEST

START_TEST(an_async_teardown_is_left_alone_by_a_stop_and_its_deadline)
{
    struct rig *rig = begin();
    struct gri_memory *client = rig_connect(rig);
    rig_get(rig, client, "/background-async");
    stop(rig);
    let_the_time_be_over(rig);
    ck_assert_int_eq(torn_down, 0);
    gri_sched_advance(&rig->engine.sched, 1000);
    end(rig, client);
    expect_torn_down();
}
END_TEST

/* --- zombies --- */

/* The client has its 504, the thread runs on. */
static struct gri_memory *timed_out(struct rig *rig)
{
    struct gri_memory *client = rig_connect(rig);
    rig_get(rig, client, "/zombie");
    uv_sem_wait(&entered);
    gri_sched_advance(&rig->engine.sched, 150);
    rig_expect(client, "HTTP/1.1 504 ");
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 1);
    return client;
}

START_TEST(beside_a_zombie_the_connection_serves_on_and_its_reply_is_dropped)
{
    struct rig *rig = begin();
    struct gri_memory *client = timed_out(rig);
    rig_get(rig, client, "/hello");
    rig_expect(client, "hello");
    uv_sem_post(&gate);
    rig_wait(rig);
    ck_assert_ptr_null(strstr(rig_heard(client), "too late"));
    end(rig, client);
    ck_assert_int_eq(ran, 1);
}
END_TEST

START_TEST(a_zombie_is_left_alone_by_a_fin)
{
    struct rig *rig = begin();
    struct gri_memory *client = timed_out(rig);
    rig_fin(rig, client);
    ck_assert(rig_is_closed(client));
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 1);
    end(rig, client);
    ck_assert_int_eq(ran, 1);
}
END_TEST

START_TEST(a_zombie_is_left_alone_by_a_reset)
{
    struct rig *rig = begin();
    struct gri_memory *client = timed_out(rig);
    rig_reset(rig, client);
    gri_memory_destroy(client);
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 1);
    end(rig, NULL);
    ck_assert_int_eq(ran, 1);
}
END_TEST

START_TEST(a_stop_waits_for_a_zombie)
{
    struct rig *rig = begin();
    struct gri_memory *client = timed_out(rig);
    stop(rig);
    ck_assert(!rig->closed);
    end(rig, client);
    ck_assert_int_eq(ran, 1);
}
END_TEST

START_TEST(the_deadline_of_a_stop_changes_nothing_for_a_zombie)
{
    struct rig *rig = begin();
    struct gri_memory *client = timed_out(rig);
    stop(rig);
    let_the_time_be_over(rig);
    ck_assert(!rig->closed);
    end(rig, client);
    ck_assert_int_eq(ran, 1);
}
END_TEST

START_TEST(no_deadline_concerns_a_zombie)
{
    struct rig *rig = begin();
    struct gri_memory *client = timed_out(rig);
    size_t heard = client->received.len;
    gri_sched_advance(&rig->engine.sched, 3600000);
    ck_assert(rig_is_closed(client)); /* it was idle */
    ck_assert_uint_eq(client->received.len, heard);
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 1);
    end(rig, client);
    ck_assert_int_eq(ran, 1);
}
END_TEST

int main(void)
{
    const test_list tests = {in_the_background_the_connection_serves_on,
                             in_the_background_a_fin_changes_nothing,
                             in_the_background_a_reset_changes_nothing,
                             in_the_background_a_stop_waits,
                             in_the_background_the_deadline_of_a_stop_changes_nothing,
                             an_async_teardown_is_left_alone_by_a_client_that_leaves,
                             an_async_teardown_is_left_alone_by_a_stop_and_its_deadline,
                             beside_a_zombie_the_connection_serves_on_and_its_reply_is_dropped,
                             a_zombie_is_left_alone_by_a_fin,
                             a_zombie_is_left_alone_by_a_reset,
                             a_stop_waits_for_a_zombie,
                             the_deadline_of_a_stop_changes_nothing_for_a_zombie,
                             no_deadline_concerns_a_zombie,
                             NULL};
    return run_tests("afterwards", tests, 20);
}
