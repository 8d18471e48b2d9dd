/* The access log: a line for each reply that was sent, with its status. */
#include "app_test.h"
#include "rig.h"

static gr_reply stubborn(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 100) ? gr_sleep(co, 100) : 0;
    (void)rc;
    return gr_text(req, "late");
}
GR_GET("/stubborn", stubborn, .deadline_ms = 50);

static gr_reply obedient(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 100);
    return rc ? gr_failed(req, rc) : gr_text(req, "late");
}
GR_GET("/obedient", obedient, .deadline_ms = 50);

GR_GET("/name", say_name);

/* The log of one request, whose client leaves after `leaves_ms`; to be freed. */
static char *log_of(const char *path, int64_t leaves_ms)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(app, &stubborn_route, &obedient_route, &say_name_route), 0);
    begin_capture();
    struct rig *rig = rig_begin(app, 1, 1);
    rig->engine.log.level = GRI_LOG_INFO;
    rig->engine.running.access_log = true;
    struct gri_memory *client = rig_connect(rig);
    rig_get(rig, client, path);
    gri_sched_advance(&rig->engine.sched, leaves_ms);
    gri_memory_destroy(client);
    gri_sched_advance(&rig->engine.sched, 1000);
    rig_end(rig);
    return end_capture();
}

START_TEST(a_reply_has_a_line)
{
    char *text = log_of("/name", 10);
    ck_assert_str_eq(text, "INFO:     127.0.0.1:50000 - \"GET /name HTTP/1.1\" 200 OK\n");
    free(text);
}
END_TEST

START_TEST(a_deadline_is_a_504_whatever_its_handler_returns)
{
    char *text = log_of("/stubborn", 1000);
    HAS(text, "\"GET /stubborn HTTP/1.1\" 504 Gateway Timeout");
    LACKS(text, "200 OK");
    free(text);
    text = log_of("/obedient", 1000);
    HAS(text, "\"GET /obedient HTTP/1.1\" 504 Gateway Timeout");
    free(text);
}
END_TEST

START_TEST(a_client_that_left_was_sent_nothing)
{
    char *text = log_of("/stubborn", 10);
    LACKS(text, "HTTP/1.1");
    free(text);
}
END_TEST

int main(void)
{
    const test_list tests = {a_reply_has_a_line, a_deadline_is_a_504_whatever_its_handler_returns,
                             a_client_that_left_was_sent_nothing, NULL};
    return run_tests("app access log", tests, 10);
}
