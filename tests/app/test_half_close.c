/* Blocking operations: a full pool, and clients that leave while a thread has their request. */
#include "rig.h"

static uv_sem_t entered, gate;
static int ran, told_cancelled; /* atomic */

static gr_reply blocks(gr_req *req)
{
    uv_sem_post(&entered);
    uv_sem_wait(&gate);
    __atomic_add_fetch(&ran, 1, __ATOMIC_RELAXED);
    return gr_text(req, "blocked");
}
GR_GET("/blocks", blocks);

static gr_reply asks(gr_req *req)
{
    uv_sem_post(&entered);
    for (int i = 0; i < 10000 && !gr_job_cancelled(); i++)
        uv_sleep(1);
    __atomic_store_n(&told_cancelled, gr_job_cancelled(), __ATOMIC_RELAXED);
    return gr_text(req, "asked");
}
GR_GET("/asks", asks);

static gr_reply health(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "healthy");
}
GR_GET("/health", health);

static int add_one(void *arg)
{
    ++*(int *)arg;
    return 0;
}

static gr_reply offloads(gr_co co, gr_req *req)
{
    int n = 0, rc = gr_offload(co, add_one, &n);
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%d", n));
}
GR_GET("/offloads", offloads);

static gr_reply large(gr_co co, gr_req *req)
{
    (void)co;
    json_t *list = json_array();
    for (int i = 0; i < 20000; i++)
        json_array_append_new(list, json_integer(1000000 + i));
    return gr_json(req, list);
}
GR_GET("/large", large);

static int mails, streamed; /* atomic */

static int send_mail(gr_co co, gr_req *req, void *arg)
{
    (void)co, (void)req, (void)arg;
    __atomic_add_fetch(&mails, 1, __ATOMIC_RELAXED);
    return 0;
}

static int writes_blocking(gr_writer *writer, void *arg)
{
    (void)arg;
    __atomic_add_fetch(&streamed, 1, __ATOMIC_RELAXED);
    return gr_write_blocking(writer, "streamed", 8);
}

static gr_reply streams(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_after(req, send_mail, NULL);
    return rc ? gr_failed(req, rc) : gr_stream(req, "text/plain", writes_blocking, NULL);
}
GR_GET("/streams", streams);

static gr_reply takes_json(gr_co co, gr_req *req)
{
    (void)co;
    json_t *value;
    int rc = gr_body_json(req, &value);
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%zu", json_array_size(value)));
}
GR_POST("/json", takes_json);

static int outcomes[3]; /* atomic */

static void notes_outcome(gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)arg;
    __atomic_add_fetch(&outcomes[outcome], 1, __ATOMIC_RELAXED);
}

static gr_reply blocks_with_teardown(gr_req *req)
{
    int rc = gr_defer(req, notes_outcome, NULL);
    return rc ? gr_failed(req, rc) : blocks(req);
}
GR_GET("/teardown", blocks_with_teardown);

static struct rig *begin(unsigned threads, unsigned queue)
{
    gr_app *app = gr_app_create("Pool", "1");
    gr_app_add(app, &blocks_route, &asks_route, &health_route, &offloads_route, &large_route, &takes_json_route,
               &blocks_with_teardown_route, &streams_route);
    uv_sem_init(&entered, 0);
    uv_sem_init(&gate, 0);
    return rig_begin(app, threads, queue);
}

static void end(struct rig *rig)
{
    rig_end(rig);
    uv_sem_destroy(&entered);
    uv_sem_destroy(&gate);
}

START_TEST(a_full_pool_is_503_with_retry_after_and_async_operations_still_answer)
{
    struct rig *rig = begin(1, 1);
    struct gri_memory *running = rig_connect(rig), *queued = rig_connect(rig), *refused = rig_connect(rig);
    rig_get(rig, running, "/blocks");
    uv_sem_wait(&entered);
    rig_get(rig, queued, "/blocks");
    rig_get(rig, refused, "/blocks");
    rig_expect(refused, "HTTP/1.1 503 Service Unavailable\r\n");
    rig_expect(refused, "\r\nretry-after: 1\r\n");
    rig_get(rig, refused, "/health");
    rig_expect(refused, "healthy");
    rig_expect_nothing(running);
    uv_sem_post(&gate);
    uv_sem_post(&gate);
    rig_wait(rig);
    rig_expect(running, "blocked");
    rig_expect(queued, "blocked");
    ck_assert_int_eq(ran, 2);
    gri_memory_destroy(running);
    gri_memory_destroy(queued);
    gri_memory_destroy(refused);
    end(rig);
}
END_TEST

START_TEST(a_full_pool_refuses_what_async_operations_want_of_it)
{
    struct rig *rig = begin(1, 1);
    struct gri_memory *running = rig_connect(rig), *queued = rig_connect(rig), *client = rig_connect(rig);
    rig_get(rig, running, "/blocks");
    uv_sem_wait(&entered);
    rig_get(rig, queued, "/blocks");
    static const char *const paths[] = {"/offloads", "/large", "/streams"};
    for (int i = 0; i < 3; i++) {
        rig_get(rig, client, paths[i]);
        rig_expect(client, "HTTP/1.1 503 ");
        rig_expect(client, "retry-after: 1");
        client->received.len = 0;
    }
    ck_assert_int_eq(mails + streamed, 0); /* the 503 is one that gr_failed() made */
    static char raw[100200];
    int n = sprintf(
        raw, "POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n");
    memset(raw + n, ' ', 100000);
    raw[n] = '[', raw[n + 99999] = ']';
    rig_say(rig, client, raw);
    rig_expect(client, "HTTP/1.1 503 ");
    uv_sem_post(&gate);
    uv_sem_post(&gate);
    rig_wait(rig);
    client->received.len = 0;
    rig_get(rig, client, "/offloads");
    rig_wait(rig);
    rig_expect(client, "\r\n\r\n1");
    gri_memory_destroy(running);
    gri_memory_destroy(queued);
    gri_memory_destroy(client);
    end(rig);
}
END_TEST

START_TEST(after_a_fin_the_reply_of_a_running_function_is_sent)
{
    struct rig *rig = begin(1, 1);
    struct gri_memory *client = rig_connect(rig);
    rig_get(rig, client, "/blocks");
    uv_sem_wait(&entered);
    rig_fin(rig, client);
    ck_assert(!rig_is_closed(client));
    uv_sem_post(&gate);
    rig_wait(rig);
    rig_expect(client, "blocked");
    ck_assert(rig_is_closed(client));
    gri_memory_destroy(client);
    end(rig);
}
END_TEST

START_TEST(after_a_fin_a_queued_function_still_runs_and_its_reply_is_sent)
{
    struct rig *rig = begin(1, 1);
    struct gri_memory *running = rig_connect(rig), *client = rig_connect(rig);
    rig_get(rig, running, "/blocks");
    uv_sem_wait(&entered);
    rig_get(rig, client, "/blocks");
    rig_fin(rig, client);
    uv_sem_post(&gate);
    uv_sem_post(&gate);
    rig_wait(rig);
    rig_expect(client, "blocked");
    ck_assert_int_eq(ran, 2);
    gri_memory_destroy(running);
    gri_memory_destroy(client);
    end(rig);
}
END_TEST

START_TEST(after_a_fin_several_blocking_requests_are_all_answered)
{
    struct rig *rig = begin(2, 10);
    struct gri_memory *client = rig_connect(rig);
    rig_say(rig, client,
            "GET /blocks HTTP/1.1\r\nHost: a\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n"
            "GET /blocks HTTP/1.1\r\nHost: a\r\n\r\n");
    rig_fin(rig, client);
    uv_sem_post(&gate);
    uv_sem_post(&gate);
    rig_wait(rig);
    const char *first = strstr(rig_heard(client), "blocked");
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_nonnull(strstr(first, "healthy"));
    ck_assert_ptr_nonnull(strstr(first + 1, "blocked"));
    ck_assert(rig_is_closed(client));
    gri_memory_destroy(client);
    end(rig);
}
END_TEST

START_TEST(after_a_reset_a_queued_function_never_runs)
{
    struct rig *rig = begin(1, 1);
    struct gri_memory *running = rig_connect(rig), *client = rig_connect(rig);
    rig_get(rig, running, "/blocks");
    uv_sem_wait(&entered);
    rig_get(rig, client, "/blocks");
    rig_reset(rig, client);
    uv_sem_post(&gate);
    rig_wait(rig);
    ck_assert_int_eq(ran, 1);
    gri_memory_destroy(running);
    gri_memory_destroy(client);
    end(rig);
}
END_TEST

START_TEST(after_a_reset_a_running_function_is_told_and_waited_for)
{
    struct rig *rig = begin(1, 1);
    struct gri_memory *client = rig_connect(rig);
    rig_get(rig, client, "/asks");
    uv_sem_wait(&entered);
    rig_reset(rig, client);
    gri_memory_destroy(client);
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 1);
    rig_wait(rig);
    ck_assert_int_eq(told_cancelled, 1);
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 0);
    end(rig);
}
END_TEST

START_TEST(teardowns_run_once_whether_the_client_stays_or_not)
{
    struct rig *rig = begin(1, 10);
    for (int i = 0; i < 3; i++) {
        struct gri_memory *client = rig_connect(rig);
        rig_get(rig, client, "/teardown");
        uv_sem_wait(&entered);
        if (i == 1)
            rig_fin(rig, client);
        if (i == 2)
            rig_reset(rig, client);
        uv_sem_post(&gate);
        rig_wait(rig);
        gri_memory_destroy(client);
    }
    ck_assert_int_eq(outcomes[GR_ANSWERED], 2);
    ck_assert_int_eq(outcomes[GR_ABANDONED], 1);
    end(rig);
}
END_TEST

START_TEST(after_a_fin_a_large_reply_of_a_handler_that_never_waits_is_sent)
{
    struct rig *rig = begin(1, 10);
    struct gri_memory *running = rig_connect(rig), *client = rig_connect(rig);
    rig_get(rig, running, "/blocks");
    uv_sem_wait(&entered);
    rig_get(rig, client, "/large");
    rig_fin(rig, client);
    uv_sem_post(&gate);
    rig_wait(rig);
    rig_expect(client, "1019999]");
    gri_memory_destroy(running);
    gri_memory_destroy(client);
    end(rig);
}
END_TEST

START_TEST(after_a_fin_a_large_body_still_reaches_a_handler_that_never_waits)
{
    struct rig *rig = begin(1, 10);
    struct gri_memory *running = rig_connect(rig), *client = rig_connect(rig);
    rig_get(rig, running, "/blocks");
    uv_sem_wait(&entered);
    static char raw[100200];
    int n = sprintf(
        raw, "POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n");
    memset(raw + n, ' ', 100000);
    raw[n] = '[', raw[n + 99999] = ']';
    rig_say(rig, client, raw);
    rig_fin(rig, client);
    uv_sem_post(&gate);
    rig_wait(rig);
    rig_expect(client, "HTTP/1.1 200 OK");
    gri_memory_destroy(running);
    gri_memory_destroy(client);
    end(rig);
}
END_TEST

START_TEST(a_large_reply_whose_client_is_gone_leaks_nothing)
{
    struct rig *rig = begin(1, 10);
    struct gri_memory *running = rig_connect(rig), *client = rig_connect(rig);
    rig_get(rig, running, "/blocks");
    uv_sem_wait(&entered);
    rig_get(rig, client, "/large");
    rig_reset(rig, client);
    gri_memory_destroy(client);
    uv_sem_post(&gate);
    rig_wait(rig);
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 0);
    gri_memory_destroy(running);
    end(rig);
}
END_TEST

START_TEST(a_stop_waits_for_a_running_function_and_sends_its_reply)
{
    struct rig *rig = begin(1, 1);
    struct gri_memory *client = rig_connect(rig), *idle = rig_connect(rig);
    rig_get(rig, client, "/blocks");
    uv_sem_wait(&entered);
    gri_engine_stop(&rig->engine);
    rig_settle(rig);
    ck_assert(rig_is_closed(idle));
    ck_assert(!rig_is_closed(client));
    uv_sem_post(&gate);
    rig_wait(rig);
    rig_expect(client, "connection: close\r\n");
    rig_expect(client, "blocked");
    ck_assert(rig_is_closed(client));
    gri_memory_destroy(client);
    gri_memory_destroy(idle);
    end(rig);
}
END_TEST

START_TEST(a_thousand_blocking_requests_are_all_answered)
{
    struct rig *rig = begin(8, 1000);
    enum { CLIENTS = 50, EACH = 20 };
    struct gri_memory *clients[CLIENTS];
    for (int i = 0; i < CLIENTS * EACH; i++)
        uv_sem_post(&gate);
    for (int i = 0; i < CLIENTS; i++)
        clients[i] = rig_connect(rig);
    for (int j = 0; j < EACH; j++)
        for (int i = 0; i < CLIENTS; i++)
            rig_get(rig, clients[i], j % 2 ? "/blocks" : "/teardown");
    rig_wait(rig);
    ck_assert_int_eq(ran, CLIENTS * EACH);
    ck_assert_int_eq(outcomes[GR_ANSWERED], CLIENTS * EACH / 2);
    for (int i = 0; i < CLIENTS; i++)
        gri_memory_destroy(clients[i]);
    end(rig);
}
END_TEST

static struct gri_memory *leaves;

static gr_reply hangs_up(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 10);
    if (leaves)
        gri_memory_send_fin(leaves);
    leaves = NULL;
    return rc ? gr_failed(req, rc) : gr_text(req, "awake");
}
GR_GET("/hangs-up", hangs_up);

/* Of two that wake at the same time, the first closes the other's connection: its end comes when the other has replied,
 * but has not had its next turn. */
START_TEST(a_fin_between_a_reply_and_the_next_request_that_is_there_drops_none)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(app, &hangs_up_route, &health_route), 0);
    struct rig *rig = rig_begin(app, 1, 1);
    struct gri_memory *first = rig_connect(rig), *second = rig_connect(rig);
    rig_get(rig, first, "/hangs-up");
    rig_get(rig, second, "/hangs-up");
    rig_get(rig, second, "/health");
    leaves = second;
    gri_sched_advance(&rig->engine.sched, 10);
    rig_expect(second, "awake");
    rig_expect(second, "healthy");
    ck_assert(rig_is_closed(second));
    gri_memory_destroy(first);
    gri_memory_destroy(second);
    rig_end(rig);
}
END_TEST

int main(void)
{
    test_list tests = {
        a_full_pool_is_503_with_retry_after_and_async_operations_still_answer,
        a_full_pool_refuses_what_async_operations_want_of_it,
        after_a_fin_the_reply_of_a_running_function_is_sent,
        after_a_fin_a_queued_function_still_runs_and_its_reply_is_sent,
        after_a_fin_several_blocking_requests_are_all_answered,
        after_a_reset_a_queued_function_never_runs,
        after_a_reset_a_running_function_is_told_and_waited_for,
        teardowns_run_once_whether_the_client_stays_or_not,
        after_a_fin_a_large_reply_of_a_handler_that_never_waits_is_sent,
        after_a_fin_a_large_body_still_reaches_a_handler_that_never_waits,
        a_large_reply_whose_client_is_gone_leaks_nothing,
        a_stop_waits_for_a_running_function_and_sends_its_reply,
        a_thousand_blocking_requests_are_all_answered,
        a_fin_between_a_reply_and_the_next_request_that_is_there_drops_none,
        NULL,
    };
    return run_tests("half-close", tests, 30);
}
