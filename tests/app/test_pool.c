#include "sockets.h"

static sem_t entered, gate, ended;

static gr_reply wait_at_gate(gr_req *req)
{
    sem_post(&entered);
    sem_wait(&gate);
    return gr_text(req, "through");
}
GR_GET("/block", wait_at_gate);

static gr_reply at_once(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "at once");
}
GR_GET("/async", at_once);

static gr_reply large(gr_co co, gr_req *req)
{
    (void)co;
    json_t *list = json_array();
    for (int i = 0; i < 20000; i++)
        json_array_append_new(list, json_integer(1000000 + i));
    return gr_json(req, list);
}
GR_GET("/large", large);

static gr_reply count(gr_co co, gr_req *req)
{
    (void)co;
    json_t *value;
    int rc = gr_body_json(req, &value);
    return rc ? gr_failed(req, rc) : gr_text(req, "parsed");
}
GR_POST("/parse", count);

static int no_job(void *arg)
{
    (void)arg;
    return 0;
}

static gr_reply offloading(gr_co co, gr_req *req)
{
    int rc = gr_offload(co, no_job, NULL);
    return rc ? gr_failed(req, rc) : gr_text(req, "done");
}
GR_GET("/offload", offloading);

static void on_end(gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)arg;
    if (outcome == GR_ANSWERED)
        sem_post(&ended);
}

static gr_reply deferring(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_defer(req, on_end, NULL);
    return rc ? gr_failed(req, rc) : gr_text(req, "deferred");
}
GR_GET("/defer", deferring);

static struct site site;
static int running, queued, client;

static void warm(int fd)
{
    put(fd, GET("/async"));
    HAS(take(fd), "at once");
}

/* One thread that is busy, one place in the queue that is taken. */
static void fill(void)
{
    sem_init(&entered, 0, 0);
    sem_init(&gate, 0, 0);
    sem_init(&ended, 0, 0);
    site.app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(site.app, &wait_at_gate_route, &at_once_route, &large_route, &count_route,
                                &offloading_route, &deferring_route),
                     0);
    site.options.threads = 1;
    site.options.queue = 1;
    open_site(&site);
    running = dial(&site), queued = dial(&site), client = dial(&site);
    warm(running), warm(queued), warm(client);
    put(running, GET("/block"));
    sem_wait(&entered);
    put(queued, GET("/block"));
    warm(client);
}

static void drain(void)
{
    sem_post(&gate);
    sem_post(&gate);
    HAS(take(running), "through");
    HAS(take(queued), "through");
    close(running), close(queued), close(client);
    close_site(&site);
}

static void check_busy(const char *request)
{
    put(client, request);
    const char *text = take(client);
    HAS(text, "HTTP/1.1 503 Service Unavailable\r\n");
    ck_assert_ptr_nonnull(strcasestr(text, "\r\nretry-after: 1\r\n"));
}

START_TEST(a_full_pool_refuses_blocking_handlers_with_retry_after)
{
    fill();
    check_busy(GET("/block"));
    check_busy(GET("/block"));
    drain();
}
END_TEST

START_TEST(a_full_pool_does_not_hold_async_operations_up)
{
    fill();
    for (int i = 0; i < 20; i++)
        warm(client);
    drain();
}
END_TEST

START_TEST(a_refused_request_leaves_its_connection_usable)
{
    fill();
    check_busy(GET("/block"));
    warm(client);
    drain();
}
END_TEST

START_TEST(after_the_pool_was_full_it_serves_again)
{
    fill();
    check_busy(GET("/block"));
    sem_post(&gate);
    sem_post(&gate);
    HAS(take(running), "through");
    HAS(take(queued), "through");
    sem_post(&gate);
    put(client, GET("/block"));
    HAS(take(client), "through");
    close(running), close(queued), close(client);
    close_site(&site);
}
END_TEST

START_TEST(an_offload_on_a_full_pool_is_busy)
{
    fill();
    check_busy(GET("/offload"));
    drain();
}
END_TEST

START_TEST(the_rest_of_large_json_is_encoded_on_the_pool)
{
    fill();
    check_busy(GET("/large"));
    drain();
}
END_TEST

START_TEST(a_large_json_body_is_parsed_on_the_pool)
{
    enum { SIZE = 70000 };
    static char request[SIZE + 200];
    int n = snprintf(request, sizeof request,
                     "POST /parse HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
                     SIZE);
    memset(request + n, ' ', SIZE);
    request[n] = '1';
    fill();
    check_busy(request);
    drain();
}
END_TEST

START_TEST(teardowns_run_on_a_full_pool)
{
    fill();
    put(client, GET("/defer"));
    HAS(take(client), "deferred");
    sem_wait(&ended);
    drain();
}
END_TEST

START_TEST(a_queued_request_whose_client_leaves_gives_its_place_back)
{
    fill();
    struct linger reset = {1, 0};
    ck_assert_int_eq(setsockopt(queued, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
    close(queued);
    queued = dial(&site);
    bool accepted = false;
    for (int i = 0; i < 200 && !accepted; i++) {
        put(queued, GET("/block"));
        if (comes(queued, 20))
            HAS(take(queued), "503");
        else
            accepted = true;
    }
    ck_assert(accepted);
    drain();
}
END_TEST

int main(void)
{
    return run_tests(
        "app pool",
        (test_list){a_full_pool_refuses_blocking_handlers_with_retry_after,
                    a_full_pool_does_not_hold_async_operations_up, a_refused_request_leaves_its_connection_usable,
                    after_the_pool_was_full_it_serves_again, an_offload_on_a_full_pool_is_busy,
                    the_rest_of_large_json_is_encoded_on_the_pool, a_large_json_body_is_parsed_on_the_pool,
                    teardowns_run_on_a_full_pool, a_queued_request_whose_client_leaves_gives_its_place_back, NULL},
        20);
}
