/* docs/lifetimes.md, what an operator sees: a line for each request, however it ended. */
#include "app_test.h"
#include "rig.h"

static uv_sem_t entered, gate;

static int outlast(gr_co co, void *arg)
{
    return gr_sleep(co, *(const int *)arg);
}

static gr_reply stubborn(gr_co co, gr_req *req)
{
    static const int ms = 200;
    int rc = gr_shield(co, outlast, (void *)(uintptr_t)&ms);
    return rc ? gr_failed(req, rc) : gr_text(req, "late");
}
GR_GET("/stubborn", stubborn, .deadline_ms = 50);
GR_ROUTE_AS(patient, "GET", "/patient", stubborn);

static gr_reply obedient(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 100);
    return rc ? gr_failed(req, rc) : gr_text(req, "late");
}
GR_GET("/obedient", obedient, .deadline_ms = 50);
GR_ROUTE_AS(nap, "GET", "/nap", obedient);
GR_ROUTE_AS(finish, "GET", "/finish", stubborn, .finish_if_abandoned = true);

static gr_reply block(gr_req *req)
{
    uv_sem_post(&entered);
    uv_sem_wait(&gate);
    return gr_text(req, "through");
}
GR_GET("/block", block);

static gr_reply read_body(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, gr_body(req, NULL));
}
GR_POST("/body", read_body);

static gr_reply give_up(gr_co co, gr_req *req)
{
    (void)co;
    return gr_failed(req, GR_ECANCELED);
}
GR_GET("/give-up", give_up);

static int write_five(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    int rc = gr_write(co, writer, "fi", 2);
    return rc ? rc : gr_write(co, writer, "ve!", 3);
}

static gr_reply announced(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream_sized(req, "text/plain", (uint64_t)atol(gr_query_string(req)), write_five, NULL);
}
GR_GET("/announced", announced);

enum { LARGE = 100000, WINDOW = 1000 };

static gr_reply large(gr_co co, gr_req *req)
{
    (void)co;
    static const char bytes[LARGE];
    return gr_content(req, "text/plain", bytes, LARGE);
}
GR_GET("/large", large);

static int background_rc;

static int takes_its_time(gr_co co, gr_req *req, void *arg)
{
    (void)req, (void)arg;
    background_rc = gr_sleep(co, 500);
    return background_rc;
}

static gr_reply large_with_background(gr_co co, gr_req *req)
{
    background_rc = 1;
    int rc = gr_after(req, takes_its_time, NULL);
    return rc ? gr_failed(req, rc) : large(co, req);
}
GR_GET("/background", large_with_background);

static void tears_down_slowly(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)outcome;
    (void)takes_its_time(co, req, arg);
}

static gr_reply large_with_teardown(gr_co co, gr_req *req)
{
    background_rc = 1;
    int rc = gr_defer(req, tears_down_slowly, NULL);
    return rc ? gr_failed(req, rc) : large(co, req);
}
GR_GET("/teardown", large_with_teardown);

static gr_reply middling(gr_co co, gr_req *req)
{
    (void)co;
    static const char bytes[2 * WINDOW];
    return gr_content(req, "text/plain", bytes, sizeof bytes);
}
GR_GET("/middling", middling);

static int fail_midway(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    int rc = gr_write(co, writer, "half", 4);
    rc = rc ? rc : gr_sleep(co, 30);
    return rc ? rc : -EIO;
}

static gr_reply failing(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", fail_midway, NULL);
}
GR_GET("/failing", failing);

static int fail_on_a_thread(gr_writer *writer, void *arg)
{
    (void)arg;
    int rc = gr_write_blocking(writer, "half", 4);
    return rc ? rc : -ENOSPC;
}

static gr_reply failing_there(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", fail_on_a_thread, NULL);
}
GR_GET("/failing-there", failing_there);

static int write_in_time(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    static const char bytes[LARGE];
    return gr_write(gr_within(co, 70), writer, bytes, LARGE);
}

static gr_reply hurried(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", write_in_time, NULL);
}
GR_GET("/hurried", hurried);

static gr_reply named(gr_co co, gr_req *req)
{
    (void)co;
    gr_set_request_id(req, gr_header(req, "X-Id"));
    return gr_text(req, "named");
}
GR_GET("/named/{id}", named);

GR_GET("/name", say_name);

static struct rig *rig;
static struct gri_memory *client;

static void begin(void)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(app, &stubborn_route, &patient_route, &obedient_route, &nap_route, &finish_route,
                                &block_route, &read_body_route, &give_up_route, &large_route, &announced_route,
                                &middling_route, &failing_route, &failing_there_route, &hurried_route, &named_route,
                                &say_name_route, &large_with_background_route, &large_with_teardown_route),
                     0);
    uv_sem_init(&entered, 0);
    uv_sem_init(&gate, 0);
    begin_capture();
    rig = rig_begin(app, 1, 1);
    rig->engine.log.level = GRI_LOG_INFO;
    rig->engine.http.access_log = true;
    client = rig_connect(rig);
}

static void pass(int64_t ms)
{
    gri_sched_advance(&rig->engine.sched, ms);
}

/* What was logged, to be freed. */
static char *end_of_log(void)
{
    gri_memory_destroy(client);
    pass(1000);
    rig_end(rig);
    uv_sem_destroy(&entered);
    uv_sem_destroy(&gate);
    return end_capture();
}

static size_t lines_of(const char *text, const char *part)
{
    size_t n = 0;
    for (; (text = strstr(text, part)) != NULL; text++)
        n++;
    return n;
}

/* One access line, which that is. */
static void expect_line(const char *wanted)
{
    char *text = end_of_log();
    ck_assert_msg(lines_of(text, " bytes=") == 1, "not one line of a request: %s", text);
    HAS(text, wanted);
    free(text);
}

static void expect_lines(const char *wanted, const char *warning)
{
    char *text = end_of_log();
    ck_assert_msg(lines_of(text, " bytes=") == 1, "not one line of a request: %s", text);
    HAS(text, wanted);
    HAS(text, warning);
    free(text);
}

#define LINE   "INFO:     127.0.0.1:50000 - "
#define OF_NAP "operation=\"nap\" "

/* --- replies that were sent --- */

START_TEST(a_reply_has_a_line)
{
    char wanted[200];
    begin();
    rig_get(rig, client, "/name");
    snprintf(wanted, sizeof wanted, LINE "\"GET /name HTTP/1.1\" 200 OK bytes=%zu ms=0\n", client->received.len);
    char *text = end_of_log();
    ck_assert_str_eq(text, wanted);
    free(text);
}
END_TEST

START_TEST(it_says_how_long_it_took)
{
    begin();
    rig_get(rig, client, "/nap");
    pass(100);
    expect_line("\"GET /nap HTTP/1.1\" 200 OK bytes=");
    begin();
    rig_get(rig, client, "/nap");
    pass(100);
    expect_line(" ms=100\n");
}
END_TEST

START_TEST(a_deadline_is_a_504_at_once_whatever_its_handler_returns)
{
    begin();
    rig_get(rig, client, "/obedient");
    pass(50);
    expect_line("\"GET /obedient HTTP/1.1\" 504 Gateway Timeout bytes=");
}
END_TEST

START_TEST(one_that_runs_on_after_its_deadline_says_when_it_ends)
{
    begin();
    rig_get(rig, client, "/stubborn");
    pass(50);
    pass(150);
    expect_lines("\"GET /stubborn HTTP/1.1\" 504 Gateway Timeout bytes=",
                 "WARNING:  operation \"stubborn\": GET /stubborn: ended 150 ms after its client had got 504\n");
}
END_TEST

/* --- clients that leave --- */

static void (*const leave[])(struct rig *, struct gri_memory *) = {rig_fin, rig_reset};

START_TEST(a_client_that_leaves_while_it_is_awaited_is_a_499)
{
    for (size_t i = 0; i < 2; i++) {
        begin();
        rig_get(rig, client, "/nap");
        pass(10);
        leave[i](rig, client);
        expect_line(LINE "\"GET /nap HTTP/1.1\" 499 Client Closed Request bytes=0 ms=10 " OF_NAP
                         "why=\"its client left\"\n");
    }
}
END_TEST

START_TEST(one_that_runs_on_without_its_client_says_when_it_ends)
{
    begin();
    rig_get(rig, client, "/patient");
    pass(10);
    rig_reset(rig, client);
    pass(190);
    expect_lines("\"GET /patient HTTP/1.1\" 499 Client Closed Request bytes=0 ms=10 operation=\"patient\"",
                 "WARNING:  operation \"patient\": GET /patient: ended 190 ms after its client was gone\n");
    begin();
    rig_get(rig, client, "/finish");
    pass(10);
    rig_reset(rig, client);
    pass(190);
    expect_lines("\"GET /finish HTTP/1.1\" 499 Client Closed Request bytes=0 ms=10 operation=\"finish\"",
                 "INFO:     operation \"finish\": GET /finish: ended 190 ms after its client was gone\n");
}
END_TEST

START_TEST(a_client_that_leaves_in_a_head_is_a_499)
{
    for (size_t i = 0; i < 2; i++) {
        begin();
        rig_say(rig, client, "\r\nGET /name?q=1 HTTP/1.1\r\nHost: a\r\nCookie: secret");
        pass(20);
        leave[i](rig, client);
        expect_line(LINE
                    "\"GET /name?q=1 HTTP/1.1\" 499 Client Closed Request bytes=0 ms=20 why=\"its client left\"\n");
    }
}
END_TEST

START_TEST(in_the_request_line_what_came_of_it_is_shown)
{
    begin();
    rig_say(rig, client, "GET /na");
    rig_fin(rig, client);
    expect_line(LINE "\"GET /na\" 499 Client Closed Request bytes=0 ms=0 why=");
}
END_TEST

START_TEST(behind_a_reply_that_was_sent_too)
{
    begin();
    rig_say(rig, client, "GET /name HTTP/1.1\r\nHost: a\r\n\r\nGET /na");
    rig_fin(rig, client);
    char *text = end_of_log();
    ck_assert_uint_eq(lines_of(text, " bytes="), 2);
    HAS(text, "\"GET /na\" 499 Client Closed Request bytes=0");
    free(text);
}
END_TEST

START_TEST(a_client_that_leaves_in_a_body_is_a_499)
{
    for (size_t i = 0; i < 2; i++) {
        begin();
        rig_say(rig, client, "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
        pass(30);
        leave[i](rig, client);
        expect_line(LINE "\"POST /body HTTP/1.1\" 499 Client Closed Request bytes=0 ms=30 operation=\"read_body\" "
                         "why=\"its client left\"\n");
    }
}
END_TEST

START_TEST(one_that_leaves_while_a_thread_works_for_it_has_its_line_at_once)
{
    begin();
    rig_get(rig, client, "/block");
    uv_sem_wait(&entered);
    rig_reset(rig, client);
    char so_far[4096] = "";
    ck_assert_int_gt(pread(captured_fd, so_far, sizeof so_far - 1, 0), 0);
    HAS(so_far, "\"GET /block HTTP/1.1\" 499 Client Closed Request bytes=0 ms=0 operation=\"block\"");
    uv_sem_post(&gate);
    rig_wait(rig);
    expect_line("499");
}
END_TEST

START_TEST(one_that_leaves_in_the_middle_of_a_reply_is_a_499_with_what_it_took)
{
    char wanted[200];
    static const char *const targets[] = {"/large", "/hurried"};
    for (size_t i = 0; i < 2; i++) {
        begin();
        gri_memory_set_window(client, WINDOW);
        rig_get(rig, client, targets[i]);
        rig_reset(rig, client);
        ck_assert_uint_eq(client->received.len, WINDOW);
        snprintf(wanted, sizeof wanted, "\"GET %s HTTP/1.1\" 499 Client Closed Request bytes=1000 ms=0", targets[i]);
        expect_line(wanted);
    }
}
END_TEST

START_TEST(what_runs_in_the_background_of_one_that_left_keeps_nobody_waiting)
{
    static const char *const targets[] = {"/background", "/teardown"};
    for (size_t i = 0; i < 2; i++) {
        begin();
        gri_memory_set_window(client, WINDOW);
        rig_get(rig, client, targets[i]);
        rig_reset(rig, client);
        ck_assert_uint_eq(rig->engine.sched.n_tasks, 1);
        ck_assert_uint_eq(rig->engine.http.n_zombies, 0);
        pass(600);
        ck_assert_int_eq(background_rc, 0);
        char *text = end_of_log();
        HAS(text, "499 Client Closed Request");
        LACKS(text, "ended ");
        free(text);
    }
}
END_TEST

START_TEST(one_that_leaves_an_empty_connection_has_no_line)
{
    begin();
    rig_fin(rig, client);
    char *text = end_of_log();
    ck_assert_str_eq(text, "");
    free(text);
}
END_TEST

START_TEST(one_that_had_its_reply_and_leaves_has_one_line)
{
    for (size_t i = 0; i < 2; i++) {
        begin();
        rig_get(rig, client, "/name");
        leave[i](rig, client);
        expect_line("200 OK");
    }
}
END_TEST

/* --- clients that do not take, or do not send --- */

START_TEST(a_reply_cut_by_the_write_deadline_is_a_499_and_a_warning)
{
    begin();
    gri_memory_set_window(client, WINDOW);
    rig_get(rig, client, "/large");
    pass(30000);
    expect_lines(
        "\"GET /large HTTP/1.1\" 499 Client Closed Request bytes=1000 ms=30000 operation=\"large\" "
        "why=\"its client took too little\"\n",
        "WARNING:  operation \"large\": GET /large: after 30000 ms and 1000 bytes: its client took too little");
}
END_TEST

START_TEST(the_end_of_a_small_reply_that_is_not_taken_is_told_too)
{
    begin();
    gri_memory_set_window(client, WINDOW);
    rig_get(rig, client, "/middling");
    pass(30000);
    expect_lines("\"GET /middling HTTP/1.1\" 200 OK", "WARNING:  127.0.0.1:50000: closed before the last ");
    begin();
    client->held = 700; /* by the system */
    rig_say(rig, client, "GET /name HTTP/1.0\r\n\r\n");
    pass(60000);
    expect_lines("\"GET /name HTTP/1.0\" 200 OK", "WARNING:  127.0.0.1:50000: closed before the last 700 bytes");
}
END_TEST

START_TEST(a_head_that_does_not_come_is_a_408)
{
    begin();
    rig_say(rig, client, "HEAD /name HTTP/1.1\r\n");
    pass(10000);
    rig_expect(client, "408 Request Timeout");
    expect_line("\"HEAD /name HTTP/1.1\" 408 Request Timeout bytes=");
}
END_TEST

START_TEST(a_body_that_does_not_come_is_a_408)
{
    begin();
    rig_say(rig, client, "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
    pass(10000);
    expect_line("\"POST /body HTTP/1.1\" 408 Request Timeout bytes=");
}
END_TEST

START_TEST(what_is_refused_has_a_line)
{
    begin();
    rig_say(rig, client, "GET /name HTTP/1.1\r\nBad Name: a\r\n\r\n");
    expect_line("\"GET /name HTTP/1.1\" 400 Bad Request bytes=");
    begin();
    rig_say(rig, client, "BREW /name HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_line("\"BREW /name HTTP/1.1\" 501 Not Implemented bytes=");
}
END_TEST

/* --- handlers and writers that fail --- */

START_TEST(a_writer_that_fails_is_a_500_and_a_warning_with_its_code)
{
    begin();
    rig_get(rig, client, "/failing");
    pass(30);
    rig_expect(client, "half");
    char wanted[200];
    snprintf(wanted, sizeof wanted, "GET /failing: the writer of its reply failed: -5 (%s): cut off after 30 ms",
             gr_strerror(-EIO));
    expect_lines("\"GET /failing HTTP/1.1\" 500 Internal Server Error bytes=", wanted);
}
END_TEST

START_TEST(one_on_a_thread_too)
{
    begin();
    rig_get(rig, client, "/failing-there");
    rig_wait(rig);
    expect_lines("\"GET /failing-there HTTP/1.1\" 500 Internal Server Error bytes=",
                 "WARNING:  operation \"failing_there\": GET /failing-there: the writer of its reply failed: -28 (");
}
END_TEST

START_TEST(one_that_writes_another_length_than_it_announced_is_named)
{
    begin();
    rig_get(rig, client, "/announced?6");
    expect_lines("\"GET /announced?6 HTTP/1.1\" 500 Internal Server Error bytes=",
                 "operation \"announced\": GET /announced?6: after 0 ms and ");
    begin();
    rig_get(rig, client, "/announced?6");
    expect_lines("why=\"its writer wrote too little\"", "its writer wrote less than the length it had announced");
    begin();
    rig_get(rig, client, "/announced?4");
    expect_lines("why=\"its writer wrote too much\"", "its writer wrote more than the length it had announced");
    begin();
    rig_get(rig, client, "/announced?5");
    expect_line("\"GET /announced?5 HTTP/1.1\" 200 OK bytes=");
}
END_TEST

START_TEST(and_one_whose_own_deadline_passed)
{
    begin();
    gri_memory_set_window(client, WINDOW);
    rig_get(rig, client, "/hurried");
    pass(70);
    expect_lines("\"GET /hurried HTTP/1.1\" 500 Internal Server Error bytes=1000 ms=70 operation=\"hurried\" "
                 "why=\"its writer failed\"\n",
                 "GET /hurried: the writer of its reply failed: ");
}
END_TEST

START_TEST(a_writer_whose_client_left_has_not_failed)
{
    begin();
    rig_get(rig, client, "/failing");
    rig_reset(rig, client);
    pass(30);
    char *text = end_of_log();
    LACKS(text, "WARNING");
    HAS(text, "\"GET /failing HTTP/1.1\" 499 Client Closed Request bytes=");
    free(text);
}
END_TEST

START_TEST(a_handler_that_gives_no_reply_is_a_500_and_a_warning)
{
    begin();
    rig_get(rig, client, "/give-up");
    ck_assert(rig_is_closed(client));
    expect_lines("\"GET /give-up HTTP/1.1\" 500 Internal Server Error bytes=0 ms=0 operation=\"give_up\"",
                 "WARNING:  operation \"give_up\": GET /give-up: after 0 ms and 0 bytes: closed without a reply");
}
END_TEST

/* --- the stop --- */

START_TEST(a_head_that_a_stop_ends_is_a_503)
{
    begin();
    rig_say(rig, client, "GET /name HTTP/1.1\r\n");
    pass(40);
    gri_engine_stop(&rig->engine);
    pass(0);
    expect_line("\"GET /name HTTP/1.1\" 503 Service Unavailable bytes=0 ms=40 why=\"the server stops\"\n");
}
END_TEST

START_TEST(what_the_deadline_of_a_stop_cuts_is_a_503_and_a_warning)
{
    begin();
    gri_memory_set_window(client, WINDOW);
    rig_get(rig, client, "/large");
    pass(40);
    gri_engine_stop(&rig->engine);
    gri_engine_cancel(&rig->engine);
    pass(0);
    expect_lines(
        "\"GET /large HTTP/1.1\" 503 Service Unavailable bytes=1000 ms=40 operation=\"large\" "
        "why=\"the server stops\"\n",
        "WARNING:  operation \"large\": GET /large: after 40 ms and 1000 bytes: cut off at the stop's deadline\n");
    begin();
    rig_get(rig, client, "/nap");
    pass(40);
    gri_engine_stop(&rig->engine);
    gri_engine_cancel(&rig->engine);
    pass(0);
    expect_lines("\"GET /nap HTTP/1.1\" 503 Service Unavailable bytes=0 ms=40 " OF_NAP,
                 "GET /nap: after 40 ms and 0 bytes: cut off at the stop's deadline\n");
}
END_TEST

/* --- what strangers send --- */

START_TEST(nobody_can_forge_a_line)
{
    begin();
    rig_say(rig, client, "GET /named/a\"200\\ HTTP/1.1\r\nHost: a\r\nX-Id: x\"\x9b\xc3\xa9\\\r\n\r\n");
    char *text = end_of_log();
    ck_assert_uint_eq(lines_of(text, "\n"), lines_of(text, " bytes="));
    LACKS(text, "a\"200");
    for (const char *p = text; *p; p++)
        ck_assert_msg(*p == '\n' || (*p >= ' ' && *p <= '~'), "byte %d in %s", *p, text);
    free(text);
    begin();
    rig_say(rig, client, "GET /\"\x1b[2J\n");
    rig_fin(rig, client);
    expect_line("\"GET /\\x22\\x1b[2J\" 400 Bad Request");
}
END_TEST

START_TEST(a_long_target_does_not_cut_the_rest_of_its_line)
{
    char raw[9000] = "GET /named/";
    begin();
    memset(raw + strlen(raw), '"', 8000);
    strcat(raw, " HTTP/1.1\r\nHost: a\r\n\r\n");
    rig_say(rig, client, raw);
    expect_line("...");
    begin();
    memset(raw + 11, 'a', 8000);
    rig_say(rig, client, raw);
    expect_line("aaa... HTTP/1.1\" 200 OK bytes=");
}
END_TEST

START_TEST(without_an_access_log_only_warnings_are_left)
{
    begin();
    rig->engine.http.access_log = false;
    rig_get(rig, client, "/name");
    rig_get(rig, client, "/nap");
    rig_reset(rig, client);
    char *text = end_of_log();
    ck_assert_str_eq(text, "");
    free(text);
}
END_TEST

int main(void)
{
    const test_list tests = {a_reply_has_a_line,
                             it_says_how_long_it_took,
                             a_deadline_is_a_504_at_once_whatever_its_handler_returns,
                             one_that_runs_on_after_its_deadline_says_when_it_ends,
                             a_client_that_leaves_while_it_is_awaited_is_a_499,
                             one_that_runs_on_without_its_client_says_when_it_ends,
                             a_client_that_leaves_in_a_head_is_a_499,
                             in_the_request_line_what_came_of_it_is_shown,
                             behind_a_reply_that_was_sent_too,
                             a_client_that_leaves_in_a_body_is_a_499,
                             one_that_leaves_while_a_thread_works_for_it_has_its_line_at_once,
                             one_that_leaves_in_the_middle_of_a_reply_is_a_499_with_what_it_took,
                             what_runs_in_the_background_of_one_that_left_keeps_nobody_waiting,
                             one_that_leaves_an_empty_connection_has_no_line,
                             one_that_had_its_reply_and_leaves_has_one_line,
                             a_reply_cut_by_the_write_deadline_is_a_499_and_a_warning,
                             the_end_of_a_small_reply_that_is_not_taken_is_told_too,
                             a_head_that_does_not_come_is_a_408,
                             a_body_that_does_not_come_is_a_408,
                             what_is_refused_has_a_line,
                             a_writer_that_fails_is_a_500_and_a_warning_with_its_code,
                             one_on_a_thread_too,
                             one_that_writes_another_length_than_it_announced_is_named,
                             and_one_whose_own_deadline_passed,
                             a_writer_whose_client_left_has_not_failed,
                             a_handler_that_gives_no_reply_is_a_500_and_a_warning,
                             a_head_that_a_stop_ends_is_a_503,
                             what_the_deadline_of_a_stop_cuts_is_a_503_and_a_warning,
                             nobody_can_forge_a_line,
                             a_long_target_does_not_cut_the_rest_of_its_line,
                             without_an_access_log_only_warnings_are_left,
                             NULL};
    return run_tests("app access log", tests, 10);
}
