/* A writer that never has to wait, since its client takes all at once, leaves the loop to others all the same. */
#include <griddle.h>

#include "http/memory.h"
#include "run.h"
#include "server/engine.h"

static bool enough;
static int write_rc;

static int write_on(gr_co co, void *arg)
{
    int rc = 0;
    while (rc == 0 && !enough)
        rc = gr_write(co, arg, "x", 1);
    return write_rc = rc;
}

static int soon_enough(gr_co co, void *arg)
{
    (void)arg;
    int rc = gr_sleep(co, 5);
    enough = true;
    return rc;
}

static int write_until_enough(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    return gr_gather(co, {write_on, writer}, {soon_enough, NULL});
}

static int write_for_5_ms(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    return write_on(gr_within(co, 5), writer);
}

static gr_reply until_enough(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", write_until_enough, NULL);
}
GR_GET("/", until_enough);

static gr_reply for_5_ms(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", write_for_5_ms, NULL);
}
GR_GET("/5-ms", for_5_ms);

static void on_closed(struct gri_engine *engine)
{
    *(bool *)engine->owner = true;
}

/* One request, in real time. */
static void converse(const char *raw)
{
    uv_loop_t loop;
    struct gri_engine engine;
    struct gri_engine_options options = {.log = {.level = GRI_LOG_OFF, .fd = 2}};
    bool open, closed = false;
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(app, &until_enough_route, &for_5_ms_route), 0);
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    ck_assert_int_eq(gri_engine_init(&engine, &loop, app, &options, &open), 0);
    engine.owner = &closed;
    engine.closed = on_closed;
    struct gri_memory *client = gri_memory_connect(&engine.http);
    gri_memory_send(client, raw, strlen(raw));
    while (engine.sched.n_tasks)
        uv_run(&loop, UV_RUN_ONCE);
    gri_memory_destroy(client);
    gri_engine_stop(&engine);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert(closed);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    gr_app_destroy(app);
}

START_TEST(other_tasks_have_their_turn)
{
    converse("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert(enough);
    ck_assert_int_eq(write_rc, 0);
}
END_TEST

START_TEST(a_deadline_ends_it)
{
    converse("GET /5-ms HTTP/1.1\r\nHost: a\r\n\r\n");
    ck_assert_int_eq(write_rc, GR_ETIMEDOUT);
}
END_TEST

int main(void)
{
    const test_list tests = {other_tasks_have_their_turn, a_deadline_ends_it, NULL};
    return run_tests("app fairness", tests, 10);
}
