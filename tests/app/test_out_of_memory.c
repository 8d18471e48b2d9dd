/* docs/lifetimes.md, out of memory: what becomes of a request in each state when no allocation succeeds any more. Each
 * test then has memory again, and sees that the server serves on. */
#include "app_test.h"
#include "rig.h"
#include "scarce.h"

static uv_sem_t entered, gate;
static pthread_t loop_thread;
static int calls, torn_down, torn_down_on_loop; /* atomic: teardowns and blocking handlers count */
static gr_outcome told;

static void tear_down(gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)arg;
    bool on_loop = pthread_equal(pthread_self(), loop_thread);
    __atomic_store_n(&told, outcome, __ATOMIC_RELAXED);
    __atomic_add_fetch(&torn_down_on_loop, on_loop, __ATOMIC_RELAXED);
    __atomic_add_fetch(&torn_down, 1, __ATOMIC_RELAXED);
}

static void tear_down_async(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)co;
    tear_down(req, arg, outcome);
}

/* Not a byte is left, in the request's arena either. */
static void use_up(gr_req *req)
{
    scarce();
    while (gr_alloc(req, 1))
        continue;
}

static gr_reply plain(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "plain");
}
GR_GET("/plain", plain);

static gr_reply collect(gr_co co, gr_req *req)
{
    (void)co;
    calls++;
    return gr_text(req, "collected");
}
GR_POST("/collect", collect);

static gr_reply run(gr_co co, gr_req *req)
{
    (void)co;
    use_up(req);
    return gr_text(req, "made without memory");
}
GR_GET("/run", run);

static gr_reply await(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 10);
    use_up(req);
    return rc ? gr_failed(req, rc) : gr_text(req, "made without memory");
}
GR_GET("/await", await);

static gr_reply block(gr_req *req)
{
    __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
    use_up(req);
    return gr_text(req, "made without memory");
}
GR_GET("/block", block);

static int write_blocking(gr_writer *writer, void *arg)
{
    (void)arg;
    __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
    return gr_write_blocking(writer, "written", 7);
}

static gr_reply stream_blocking(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, NULL, write_blocking, NULL);
}
GR_GET("/stream-blocking", stream_blocking);

enum { LARGE = 100000 };

static gr_reply large_json(gr_co co, gr_req *req)
{
    (void)co;
    json_t *list = json_array();
    for (int i = 0; i < 20000; i++)
        json_array_append_new(list, json_integer(1000000 + i));
    gr_reply reply = gr_json(req, list);
    scarce();
    return reply;
}
GR_GET("/large-json", large_json);

static gr_reply takes_json(gr_co co, gr_req *req)
{
    (void)co;
    json_t *value;
    calls++;
    int rc = gr_body_json(req, &value);
    return rc ? gr_failed(req, rc) : gr_text(req, "taken");
}
GR_POST("/json", takes_json);

struct text_in {
    const char *text;
};
static GR_MODEL(text_in, GR_FIELD(text));

struct take_text {
    struct text_in *body;
};
static GR_INPUT(take_text, GR_BODY(body, text_in));

static gr_reply take_text(gr_co co, gr_req *req, const struct take_text *in)
{
    (void)co, (void)in;
    calls++;
    return gr_text(req, "taken");
}
GR_POST("/typed", take_text);

static gr_reply deep_json(gr_co co, gr_req *req)
{
    (void)co;
    json_t *value = json_array();
    for (int i = 0; i < 200000; i++)
        value = json_pack("[o]", value);
    scarce();
    return gr_json(req, value);
}
GR_GET("/deep-json", deep_json);

static gr_reply large(gr_co co, gr_req *req)
{
    static const char bytes[LARGE];
    (void)co;
    if (gr_defer(req, tear_down_async, NULL))
        return gr_failed(req, GR_ENOMEM);
    gr_reply reply = gr_content(req, "text/plain", bytes, LARGE);
    scarce();
    return reply;
}
GR_GET("/large", large);

static gr_reply defer_too_late(gr_co co, gr_req *req)
{
    (void)co;
    use_up(req);
    int rc = gr_defer(req, tear_down, NULL), rc_async = gr_defer(req, tear_down_async, NULL);
    plenty();
    ck_assert_int_eq(torn_down, 2);
    return rc == GR_ENOMEM && rc_async == GR_ENOMEM ? gr_text(req, "both at once") : gr_text(req, "?");
}
GR_GET("/defer-too-late", defer_too_late);

static gr_reply defer(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_defer(req, tear_down, NULL);
    gr_reply reply = rc ? gr_failed(req, rc) : gr_text(req, "answered");
    scarce();
    return reply;
}
GR_GET("/defer", defer);

static gr_reply outlive(gr_req *req)
{
    if (gr_defer(req, tear_down_async, NULL))
        return gr_failed(req, GR_ENOMEM);
    uv_sem_post(&entered);
    uv_sem_wait(&gate);
    use_up(req);
    return gr_text(req, "too late");
}
GR_GET("/outlive", outlive, .deadline_ms = 100);

/* --- given a server that has served, and a client with room for what it hears --- */

static struct gri_memory *connect_with_room(struct rig *rig)
{
    struct gri_memory *client = rig_connect(rig);
    ck_assert(gri_buf_reserve(&client->received, 10000));
    return client;
}

static void expect_served(struct rig *rig)
{
    struct gri_memory *client = connect_with_room(rig);
    rig_get(rig, client, "/plain");
    rig_expect(client, "\r\n\r\nplain");
    gri_memory_destroy(client);
}

static struct rig *begin(void)
{
    gr_app *app = gr_app_create("Out of memory", "1");
    gr_app_add(app, &plain_route, &collect_route, &run_route, &await_route, &block_route, &stream_blocking_route,
               &large_route, &defer_too_late_route, &defer_route, &outlive_route, &large_json_route, &takes_json_route,
               &take_text_route, &deep_json_route);
    uv_sem_init(&entered, 0);
    uv_sem_init(&gate, 0);
    loop_thread = pthread_self();
    struct rig *rig = rig_begin(app, 1, 1);
    expect_served(rig);
    return rig;
}

static void end_rig(struct rig *rig, struct gri_memory *client)
{
    plenty();
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 0);
    gri_memory_destroy(client);
    expect_served(rig);
    rig_end(rig);
    uv_sem_destroy(&entered);
    uv_sem_destroy(&gate);
}

/* Until all that this begins has ended. */
static void say_and_wait(struct rig *rig, struct gri_memory *client, const char *text)
{
    rig_say(rig, client, text);
    rig_wait(rig);
    plenty();
}

static void expect_status(struct gri_memory *client, const char *status)
{
    const char *heard = rig_heard(client);
    ck_assert_msg(!strncmp(heard, "HTTP/1.1 ", 9) && !strncmp(heard + 9, status, 3), "wanted %s, got \"%s\"", status,
                  heard);
}

/* --- reading --- */

START_TEST(in_a_head_the_connection_closes)
{
    struct rig *rig = begin();
    struct gri_memory *client = connect_with_room(rig);
    scarce();
    say_and_wait(rig, client, "GET /plain HTTP/1.1\r\nHo");
    ck_assert(rig_is_closed(client));
    rig_expect_nothing(client);
    end_rig(rig, client);
}
END_TEST

START_TEST(a_head_without_room_is_503)
{
    struct rig *rig = begin();
    struct gri_memory *client = connect_with_room(rig);
    char raw[3000];
    snprintf(raw, sizeof raw, "GET /plain HTTP/1.1\r\nHost: a\r\nX: %02000d\r\n\r\n", 0);
    scarce();
    say_and_wait(rig, client, raw);
    expect_status(client, "503");
    rig_expect(client, "retry-after: 1\r\n");
    end_rig(rig, client);
}
END_TEST

START_TEST(a_body_without_room_is_500)
{
    struct rig *rig = begin();
    struct gri_memory *client = connect_with_room(rig);
    char rest[20100];
    snprintf(rest, sizeof rest, "%x\r\n%020000d\r\n0\r\n\r\n", 20000, 0);
    rig_say(rig, client, "POST /collect HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 1);
    scarce();
    say_and_wait(rig, client, rest);
    expect_status(client, "500");
    ck_assert_int_eq(calls, 0);
    end_rig(rig, client);
}
END_TEST

/* --- a handler --- */

START_TEST(a_reply_of_what_runs_is_500)
{
    struct rig *rig = begin();
    struct gri_memory *client = connect_with_room(rig);
    say_and_wait(rig, client, GET("/run"));
    expect_status(client, "500");
    end_rig(rig, client);
}
END_TEST

START_TEST(a_reply_of_what_awaited_is_500)
{
    struct rig *rig = begin();
    struct gri_memory *client = connect_with_room(rig);
    rig_get(rig, client, "/await");
    rig_expect_nothing(client);
    gri_sched_advance(&rig->engine.sched, 10);
    plenty();
    expect_status(client, "500");
    end_rig(rig, client);
}
END_TEST

START_TEST(where_no_thread_can_be_started_it_is_503)
{
    struct rig *rig = begin();
    struct gri_memory *client = connect_with_room(rig);
    scarce();
    say_and_wait(rig, client, GET("/block"));
    expect_status(client, "503");
    rig_expect(client, "retry-after: 1\r\n");
    ck_assert_int_eq(calls, 0);
    end_rig(rig, client);
}
END_TEST

START_TEST(where_no_thread_can_be_started_to_write_a_body_it_is_503)
{
    struct rig *rig = begin();
    struct gri_memory *client = connect_with_room(rig);
    scarce();
    say_and_wait(rig, client, GET("/stream-blocking"));
    expect_status(client, "503");
    rig_expect(client, "retry-after: 1\r\n");
    ck_assert_int_eq(calls, 0);
    end_rig(rig, client);
}
END_TEST

static void expect_later(struct gri_memory *client)
{
    expect_status(client, "503");
    rig_expect(client, "retry-after: 1\r\n");
}

START_TEST(where_no_thread_can_be_started_to_write_large_json_it_is_503)
{
    struct rig *rig = begin();
    struct gri_memory *client = connect_with_room(rig);
    say_and_wait(rig, client, GET("/large-json"));
    expect_later(client);
    end_rig(rig, client);
}
END_TEST

START_TEST(where_no_thread_can_be_started_to_read_a_large_body_it_is_503)
{
    static const char *const paths[] = {"/json", "/typed"};
    for (int i = 0; i < 2; i++) {
        struct rig *rig = begin();
        struct gri_memory *client = connect_with_room(rig);
        char *raw = malloc(LARGE + 200);
        int n =
            sprintf(raw, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
                    paths[i], LARGE);
        memset(raw + n, ' ', LARGE);
        memcpy(raw + n, "{\"text\":\"", 9);
        memcpy(raw + n + LARGE - 3, "\" }", 3);
        gri_memory_send(client, raw, (size_t)n + LARGE - 1);
        rig_settle(rig);
        scarce_once(); /* what is asked for next is the thread */
        say_and_wait(rig, client, "}");
        free(raw);
        expect_later(client);
        ck_assert_int_eq(calls, 0);
        end_rig(rig, client);
    }
}
END_TEST

START_TEST(a_deep_value_is_freed_without_memory)
{
    struct rig *rig = begin();
    struct gri_memory *client = connect_with_room(rig);
    say_and_wait(rig, client, GET("/deep-json"));
    expect_status(client, "500");
    end_rig(rig, client);
}
END_TEST

START_TEST(a_reply_made_on_the_pool_is_500)
{
    struct rig *rig = begin();
    struct gri_memory *client = connect_with_room(rig);
    say_and_wait(rig, client, GET("/block"));
    expect_status(client, "500");
    ck_assert_int_eq(calls, 1);
    end_rig(rig, client);
}
END_TEST

START_TEST(a_reply_that_cannot_wait_to_be_taken_closes_the_connection)
{
    struct rig *rig = begin();
    struct gri_memory *client = connect_with_room(rig);
    gri_memory_set_window(client, 1000);
    say_and_wait(rig, client, GET("/large"));
    ck_assert(rig_is_closed(client));
    ck_assert_uint_eq(client->received.len, 1000);
    ck_assert_int_eq(torn_down, 1);
    ck_assert_int_eq(told, GR_ABANDONED);
    end_rig(rig, client);
}
END_TEST

/* What is logged while there is none, with an access log; to be freed. */
static char *log_of(const char *raw)
{
    struct rig *rig = begin();
    struct gri_memory *client = connect_with_room(rig);
    gri_memory_set_window(client, 1000);
    rig->engine.log.level = GRI_LOG_INFO;
    rig->engine.http.access_log = true;
    begin_capture();
    if (!strstr(raw, "\r\n\r\n"))
        scarce();
    say_and_wait(rig, client, raw);
    char *text = end_capture();
    rig->engine.http.access_log = false;
    end_rig(rig, client);
    return text;
}

static void expect_log(char *text, const char *wanted)
{
    const char *line = strstr(text, " bytes=");
    HAS(text, wanted);
    ck_assert_msg(line && !strstr(line + 1, " bytes="), "not one line of a request: %s", text);
    free(text);
}

START_TEST(what_ends_for_want_of_memory_has_its_line)
{
    expect_log(log_of("GET /plain HTTP/1.1\r\nHo"),
               "\"GET /plain HTTP/1.1\" 503 Service Unavailable bytes=0 ms=0 why=\"out of memory\"\n");
    expect_log(log_of(GET("/large")), "\"GET /large HTTP/1.1\" 503 Service Unavailable bytes=1000 ms=0 "
                                      "operation=\"large\" why=\"out of memory\"\n");
    expect_log(log_of(GET("/large")), "WARNING:  operation \"large\": GET /large: after 0 ms and 1000 bytes: out of "
                                      "memory: closed\n");
}
END_TEST

/* --- afterwards --- */

START_TEST(teardowns_that_cannot_be_recorded_run_at_once)
{
    struct rig *rig = begin();
    struct gri_memory *client = connect_with_room(rig);
    say_and_wait(rig, client, GET("/defer-too-late"));
    rig_expect(client, "both at once");
    ck_assert_int_eq(torn_down, 2);
    ck_assert_int_eq(told, GR_ABANDONED);
    end_rig(rig, client);
}
END_TEST

START_TEST(a_teardown_without_a_thread_runs_on_the_loop)
{
    struct rig *rig = begin();
    struct gri_memory *client = connect_with_room(rig);
    say_and_wait(rig, client, GET("/defer"));
    rig_expect(client, "answered");
    ck_assert_int_eq(torn_down, 1);
    ck_assert_int_eq(torn_down_on_loop, 1);
    ck_assert_int_eq(told, GR_ANSWERED);
    end_rig(rig, client);
}
END_TEST

START_TEST(a_zombie_without_memory_disturbs_nobody)
{
    struct rig *rig = begin();
    struct gri_memory *client = connect_with_room(rig);
    rig_get(rig, client, "/outlive");
    uv_sem_wait(&entered);
    gri_sched_advance(&rig->engine.sched, 100);
    expect_status(client, "504");
    size_t heard = client->received.len;
    uv_sem_post(&gate);
    rig_wait(rig);
    plenty();
    ck_assert_uint_eq(client->received.len, heard);
    ck_assert(!rig_is_closed(client));
    ck_assert_int_eq(torn_down, 1);
    ck_assert_int_eq(told, GR_ABANDONED);
    end_rig(rig, client);
}
END_TEST

START_TEST(a_connection_closes_without_memory)
{
    struct rig *rig = begin();
    struct gri_memory *client = rig_connect(rig);
    rig_say(rig, client, "GET /plain HTTP/1.0\r\n\r\n");
    scarce();
    gri_memory_send(client, "more", 4);
    rig_settle(rig);
    bool lingers = client->fin && !client->closed;
    gri_sched_advance(&rig->engine.sched, 2000);
    plenty();
    ck_assert(lingers && client->closed && !client->was_reset);
    end_rig(rig, client);
}
END_TEST

int main(void)
{
    const test_list tests = {in_a_head_the_connection_closes,
                             a_head_without_room_is_503,
                             a_body_without_room_is_500,
                             a_reply_of_what_runs_is_500,
                             a_reply_of_what_awaited_is_500,
                             where_no_thread_can_be_started_it_is_503,
                             where_no_thread_can_be_started_to_write_a_body_it_is_503,
                             where_no_thread_can_be_started_to_write_large_json_it_is_503,
                             where_no_thread_can_be_started_to_read_a_large_body_it_is_503,
                             a_deep_value_is_freed_without_memory,
                             a_reply_made_on_the_pool_is_500,
                             a_reply_that_cannot_wait_to_be_taken_closes_the_connection,
                             what_ends_for_want_of_memory_has_its_line,
                             teardowns_that_cannot_be_recorded_run_at_once,
                             a_teardown_without_a_thread_runs_on_the_loop,
                             a_zombie_without_memory_disturbs_nobody,
                             a_connection_closes_without_memory,
                             NULL};
    return run_tests("out of memory", tests, 20);
}
