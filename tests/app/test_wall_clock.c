/* Case 91: the wall clock moves by a day. Timers are monotonic, so nothing ends early; the Date header follows. The
 * linker puts this file's clock_gettime() in place of the system's for everything but libuv itself. */
#include "sockets.h"

static _Atomic time_t moved_s;

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    int rc = __real_clock_gettime(clock, now);
    if (clock == CLOCK_REALTIME)
        now->tv_sec += moved_s;
    return rc;
}

static gr_reply nap(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 1500);
    return rc ? gr_failed(req, rc) : gr_text(req, "slept");
}
GR_GET("/nap", nap);

static gr_reply plain(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "plain");
}
GR_GET("/", plain);

static void copy_date(char *out, size_t size, const char *answer)
{
    const char *date = strstr(answer, "date: ");
    ck_assert_ptr_nonnull(date);
    snprintf(out, size, "%.*s", (int)strcspn(date, "\r"), date);
}

static void check_move(time_t by_s)
{
    char before[64], after[64];
    struct site site = {.app = gr_app_create("Clock", "1")};
    gr_app_add(site.app, &nap_route, &plain_route);
    moved_s = 0;
    open_site(&site);
    int idle = dial(&site), asleep = dial(&site);
    put(idle, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    copy_date(before, sizeof before, take(idle));
    put(asleep, "GET /nap HTTP/1.1\r\nHost: a\r\n\r\n");
    moved_s = by_s;
    ck_assert(!comes(asleep, 1100)); /* more than a second, after which the date is made anew */
    ck_assert(!comes(idle, 0));      /* neither closed nor told anything */
    put(idle, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    copy_date(after, sizeof after, take(idle));
    ck_assert_msg(strncmp(before, after, strlen("date: Mon, 23 Nov")) != 0, "%s, %s", before, after);
    ck_assert_ptr_nonnull(strstr(take(asleep), "slept"));
    close(idle);
    close(asleep);
    close_site(&site);
}

START_TEST(case_91_a_day_forward_no_timer_fires)
{
    check_move(86400);
}
END_TEST

START_TEST(case_91_a_day_back_no_timer_waits)
{
    check_move(-86400);
}
END_TEST

int main(void)
{
    const test_list tests = {case_91_a_day_forward_no_timer_fires, case_91_a_day_back_no_timer_waits, NULL};
    return run_tests("wall clock", tests, 30);
}
