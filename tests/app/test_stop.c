/* docs/lifetimes.md, shutdown: what a stop, and then its deadline, do to a request in each state. */
#include "app_test.h"
#include "rig.h"

static uv_sem_t entered, gate;
static int calls, told_cancelled; /* of blocking handlers; atomic */
static int torn_down, rc_of_wait; /* the loop's own */
static gr_outcome told;

static void tear_down(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)co, (void)req, (void)arg;
    torn_down++;
    told = outcome;
}

static gr_reply nap(gr_co co, gr_req *req)
{
    if (gr_defer(req, tear_down, NULL))
        return gr_failed(req, GR_ENOMEM);
    rc_of_wait = gr_sleep(co, 1000);
    return rc_of_wait ? gr_failed(req, rc_of_wait) : gr_text(req, "awake");
}
GR_GET("/nap", nap);
GR_ROUTE_AS(finish, "GET", "/finish", nap, .finish_if_abandoned = true);

static gr_reply collect(gr_co co, gr_req *req)
{
    (void)co;
    calls++;
    return gr_text(req, gr_body(req, NULL));
}
GR_POST("/collect", collect);

static gr_reply read_all(gr_co co, gr_req *req)
{
    const char *data;
    size_t len;
    if (gr_defer(req, tear_down, NULL))
        return gr_failed(req, GR_ENOMEM);
    while ((rc_of_wait = gr_read(co, req, &data, &len)) == 0 && len)
        continue;
    return rc_of_wait ? gr_failed(req, rc_of_wait) : gr_text(req, "read");
}
GR_POST("/read", read_all, .stream_body = true);

static gr_reply block(gr_req *req)
{
    if (gr_defer(req, tear_down, NULL))
        return gr_failed(req, GR_ENOMEM);
    uv_sem_post(&entered);
    uv_sem_wait(&gate);
    __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&told_cancelled, gr_job_cancelled(), __ATOMIC_RELAXED);
    return gr_text(req, "through");
}
GR_GET("/block", block);

enum { LARGE = 100000 };

static gr_reply large(gr_co co, gr_req *req)
{
    (void)co;
    static const char bytes[LARGE];
    if (gr_defer(req, tear_down, NULL))
        return gr_failed(req, GR_ENOMEM);
    return gr_content(req, "text/plain", bytes, LARGE);
}
GR_GET("/large", large);

static bool stopped_at_first;

static int write_events(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    stopped_at_first = gr_stopping(co);
    while ((rc_of_wait = gr_write(co, writer, "tick", 4)) == 0)
        if ((rc_of_wait = gr_wait_stopping(gr_within(co, 1000))) != GR_ETIMEDOUT)
            break;
    return rc_of_wait == 0 && gr_stopping(co) ? 0 : GR_EIO;
}

static gr_reply events(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/event-stream", write_events, NULL);
}
GR_GET("/events", events);

static struct rig *begin(void)
{
    gr_app *app = gr_app_create("Stop", "1");
    gr_app_add(app, &nap_route, &finish_route, &collect_route, &read_all_route, &block_route, &large_route,
               &events_route);
    uv_sem_init(&entered, 0);
    uv_sem_init(&gate, 0);
    return rig_begin(app, 1, 1);
}

static void stop(struct rig *rig)
{
    gri_engine_stop(&rig->engine);
    rig_settle(rig);
}

/* What a server does then. */
static void let_the_time_be_over(struct rig *rig)
{
    gri_engine_cancel(&rig->engine);
    rig_settle(rig);
}

static void end_rig(struct rig *rig, struct gri_memory *client)
{
    ck_assert(rig_is_closed(client));
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 0);
    gri_memory_destroy(client);
    rig_end(rig);
    uv_sem_destroy(&entered);
    uv_sem_destroy(&gate);
}

static void expect_torn_down(gr_outcome outcome)
{
    ck_assert_int_eq(torn_down, 1);
    ck_assert_int_eq(told, outcome);
}

static struct gri_memory *client_that_says(struct rig *rig, const char *text)
{
    struct gri_memory *client = rig_connect(rig);
    rig_say(rig, client, text);
    return client;
}

static struct gri_memory *client_that_gets(struct rig *rig, const char *path)
{
    struct gri_memory *client = rig_connect(rig);
    rig_get(rig, client, path);
    return client;
}

START_TEST(in_a_head_a_stop_closes)
{
    struct rig *rig = begin();
    struct gri_memory *client = client_that_says(rig, "GET /nap HTTP/1.1\r\nHo");
    stop(rig);
    rig_expect_nothing(client);
    end_rig(rig, client);
}
END_TEST

START_TEST(in_a_body_a_stop_lets_the_rest_come)
{
    struct rig *rig = begin();
    struct gri_memory *client =
        client_that_says(rig, "POST /collect HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
    stop(rig);
    ck_assert(!rig_is_closed(client));
    rig_say(rig, client, "llo");
    rig_expect(client, "connection: close\r\n");
    rig_expect(client, "\r\n\r\nhello");
    end_rig(rig, client);
}
END_TEST

START_TEST(in_a_body_that_is_collected_the_deadline_of_a_stop_closes)
{
    struct rig *rig = begin();
    struct gri_memory *client =
        client_that_says(rig, "POST /collect HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
    stop(rig);
    let_the_time_be_over(rig);
    rig_expect_nothing(client);
    ck_assert_int_eq(calls, 0);
    end_rig(rig, client);
}
END_TEST

START_TEST(in_a_body_that_is_read_the_deadline_of_a_stop_cancels)
{
    struct rig *rig = begin();
    struct gri_memory *client = client_that_says(rig, "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
    stop(rig);
    ck_assert_int_eq(torn_down, 0);
    let_the_time_be_over(rig);
    rig_expect_nothing(client);
    ck_assert_int_eq(rc_of_wait, GR_ECANCELED);
    expect_torn_down(GR_ABANDONED);
    end_rig(rig, client);
}
END_TEST

START_TEST(a_stop_lets_what_awaits_answer)
{
    struct rig *rig = begin();
    struct gri_memory *client = client_that_gets(rig, "/nap");
    stop(rig);
    gri_sched_advance(&rig->engine.sched, 1000);
    rig_expect(client, "connection: close\r\n");
    rig_expect(client, "awake");
    expect_torn_down(GR_ANSWERED);
    end_rig(rig, client);
}
END_TEST

START_TEST(the_deadline_of_a_stop_cancels_what_awaits)
{
    struct rig *rig = begin();
    struct gri_memory *client = client_that_gets(rig, "/nap");
    stop(rig);
    let_the_time_be_over(rig);
    rig_expect_nothing(client);
    ck_assert_int_eq(rc_of_wait, GR_ECANCELED);
    expect_torn_down(GR_ABANDONED);
    end_rig(rig, client);
}
END_TEST

START_TEST(in_the_queue_the_deadline_of_a_stop_takes_the_job_back)
{
    struct rig *rig = begin();
    struct gri_memory *first = client_that_gets(rig, "/block");
    uv_sem_wait(&entered);
    struct gri_memory *second = client_that_gets(rig, "/block");
    stop(rig);
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 2);
    let_the_time_be_over(rig);
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 1);
    uv_sem_post(&gate);
    rig_wait(rig);
    ck_assert_int_eq(calls, 1);
    rig_expect_nothing(second);
    gri_memory_destroy(second);
    end_rig(rig, first);
}
END_TEST

START_TEST(on_the_pool_the_deadline_of_a_stop_tells_the_job)
{
    struct rig *rig = begin();
    struct gri_memory *client = client_that_gets(rig, "/block");
    uv_sem_wait(&entered);
    stop(rig);
    let_the_time_be_over(rig);
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 1);
    uv_sem_post(&gate);
    rig_wait(rig);
    ck_assert_int_eq(told_cancelled, 1);
    rig_expect_nothing(client);
    expect_torn_down(GR_ABANDONED);
    end_rig(rig, client);
}
END_TEST

static struct gri_memory *slow_reader(struct rig *rig)
{
    struct gri_memory *client = rig_connect(rig);
    gri_memory_set_window(client, 1000);
    rig_get(rig, client, "/large");
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 1);
    return client;
}

START_TEST(a_stop_lets_a_reply_be_taken)
{
    struct rig *rig = begin();
    struct gri_memory *client = slow_reader(rig);
    stop(rig);
    ck_assert(!rig_is_closed(client));
    gri_memory_set_window(client, SIZE_MAX);
    rig_settle(rig);
    ck_assert_uint_gt(client->received.len, LARGE);
    expect_torn_down(GR_ANSWERED);
    end_rig(rig, client);
}
END_TEST

START_TEST(the_deadline_of_a_stop_cuts_a_reply_that_is_not_taken)
{
    struct rig *rig = begin();
    struct gri_memory *client = slow_reader(rig);
    stop(rig);
    let_the_time_be_over(rig);
    ck_assert_uint_eq(client->received.len, 1000);
    expect_torn_down(GR_ABANDONED);
    end_rig(rig, client);
}
END_TEST

START_TEST(the_deadline_of_a_stop_cancels_what_finishes_without_its_client)
{
    struct rig *rig = begin();
    struct gri_memory *client = client_that_gets(rig, "/finish");
    rig_reset(rig, client);
    stop(rig);
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 1);
    let_the_time_be_over(rig);
    ck_assert_int_eq(rc_of_wait, GR_ECANCELED);
    expect_torn_down(GR_ABANDONED);
    end_rig(rig, client);
}
END_TEST

START_TEST(a_stream_that_waits_for_the_stop_ends_with_it)
{
    struct rig *rig = begin();
    struct gri_memory *client = client_that_gets(rig, "/events");
    gri_sched_advance(&rig->engine.sched, 2500);
    rig_expect(client, "4\r\ntick\r\n4\r\ntick\r\n4\r\ntick\r\n");
    ck_assert(!stopped_at_first);
    stop(rig);
    rig_expect(client, "4\r\ntick\r\n0\r\n\r\n");
    ck_assert_int_eq(rc_of_wait, 0);
    end_rig(rig, client);
}
END_TEST

START_TEST(whoever_waits_for_the_stop_may_be_cancelled_all_the_same)
{
    struct rig *rig = begin();
    struct gri_memory *client = client_that_gets(rig, "/events");
    rig_reset(rig, client);
    ck_assert_int_eq(rc_of_wait, GR_ECANCELED);
    end_rig(rig, client);
}
END_TEST

/* What the log says of it, at the stop and later; to be freed. */
static char *waiting_log(struct rig *rig, bool first)
{
    rig->engine.log.level = GRI_LOG_INFO;
    begin_capture();
    gri_engine_log_waiting(&rig->engine, first, " (again to leave now)");
    rig->engine.log.level = GRI_LOG_WARNING;
    return end_capture();
}

static void expect_waiting(struct rig *rig, bool first, const char *wanted)
{
    char *text = waiting_log(rig, first);
    ck_assert_str_eq(text, wanted);
    free(text);
}

START_TEST(a_stop_says_whom_it_waits_for)
{
    struct rig *rig = begin();
    struct gri_memory *client = client_that_gets(rig, "/nap"), *other;
    expect_waiting(rig, true, "INFO:     Waiting for 1 request: nap since 0 ms (again to leave now)\n");
    gri_sched_advance(&rig->engine.sched, 300);
    other = client_that_gets(rig, "/block");
    uv_sem_wait(&entered);
    gri_sched_advance(&rig->engine.sched, 100);
    stop(rig);
    expect_waiting(rig, false,
                   "INFO:     Waiting for 2 requests: block since 100 ms, nap since 400 ms (again to leave now)\n");
    uv_sem_post(&gate);
    rig_wait(rig);
    gri_sched_advance(&rig->engine.sched, 1000);
    expect_waiting(rig, true, "");
    gri_memory_destroy(other);
    end_rig(rig, client);
}
END_TEST

START_TEST(of_many_it_names_some)
{
    enum { MANY = 12 };
    struct rig *rig = begin();
    struct gri_memory *clients[MANY];
    for (int i = 0; i < MANY; i++)
        clients[i] = client_that_gets(rig, "/nap");
    char *text = waiting_log(rig, true);
    HAS(text, "Waiting for 12 requests: nap since 0 ms, nap");
    HAS(text, "nap since 0 ms, ... (again to leave now)");
    free(text);
    gri_sched_advance(&rig->engine.sched, 1000);
    for (int i = 1; i < MANY; i++)
        gri_memory_destroy(clients[i]);
    stop(rig);
    end_rig(rig, clients[0]);
}
END_TEST

START_TEST(a_reply_that_is_not_taken_is_waited_for_by_its_connection)
{
    struct rig *rig = begin();
    struct gri_memory *client = rig_connect(rig);
    gri_memory_set_window(client, 10);
    rig_get(rig, client, "/none");
    stop(rig);
    expect_waiting(rig, false, "INFO:     Waiting for 1 connection to take the rest of a reply (again to leave now)\n");
    gri_memory_set_window(client, SIZE_MAX);
    rig_settle(rig);
    end_rig(rig, client);
}
END_TEST

int main(void)
{
    const test_list tests = {in_a_head_a_stop_closes,
                             in_a_body_a_stop_lets_the_rest_come,
                             in_a_body_that_is_collected_the_deadline_of_a_stop_closes,
                             in_a_body_that_is_read_the_deadline_of_a_stop_cancels,
                             a_stop_lets_what_awaits_answer,
                             the_deadline_of_a_stop_cancels_what_awaits,
                             in_the_queue_the_deadline_of_a_stop_takes_the_job_back,
                             on_the_pool_the_deadline_of_a_stop_tells_the_job,
                             a_stop_lets_a_reply_be_taken,
                             the_deadline_of_a_stop_cuts_a_reply_that_is_not_taken,
                             the_deadline_of_a_stop_cancels_what_finishes_without_its_client,
                             a_stream_that_waits_for_the_stop_ends_with_it,
                             whoever_waits_for_the_stop_may_be_cancelled_all_the_same,
                             a_stop_says_whom_it_waits_for,
                             of_many_it_names_some,
                             a_reply_that_is_not_taken_is_waited_for_by_its_connection,
                             NULL};
    return run_tests("stop", tests, 20);
}
