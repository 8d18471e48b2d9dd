/* How many connections there may be, of the process and of one address, and what becomes of one too many. */
#include "sockets.h"

static gr_reply plain(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "plain");
}
GR_GET("/", plain);

static const char request[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

static struct site site;
static gr_limits limits;

static void begin(size_t connections, size_t of_one_address)
{
    gr_limits_init(&limits);
    limits.connections = connections;
    limits.address_connections = of_one_address;
    site = (struct site){.app = gr_app_create("Connections", "1")};
    site.options.limits = &limits;
    site.options.log_level = "off";
    gr_app_add(site.app, &plain_route);
    open_site(&site);
}

static void expect_plain(int fd)
{
    put(fd, request);
    ck_assert_ptr_nonnull(strstr(take(fd), "\r\n\r\nplain"));
}

START_TEST(one_above_the_limit_waits_until_another_leaves)
{
    begin(2, SIZE_MAX);
    int first = dial(&site), second = dial(&site);
    expect_plain(first);
    expect_plain(second);
    int third = dial(&site);
    put(third, request);
    ck_assert(!comes(third, 200));
    expect_plain(first); /* the others are not disturbed */
    close(second);
    ck_assert_ptr_nonnull(strstr(take(third), "\r\n\r\nplain"));
    close(first);
    close(third);
    close_site(&site);
}
END_TEST

START_TEST(many_above_the_limit_are_served_one_after_the_other)
{
    enum { N = 20 };
    int fds[N];
    begin(1, SIZE_MAX);
    for (int i = 0; i < N; i++) {
        fds[i] = dial(&site);
        put(fds[i], request);
    }
    for (int i = 0; i < N; i++) {
        ck_assert_ptr_nonnull(strstr(take(fds[i]), "\r\n\r\nplain"));
        close(fds[i]);
    }
    close_site(&site);
}
END_TEST

START_TEST(a_stop_does_not_wait_for_those_that_wait)
{
    begin(1, SIZE_MAX);
    int first = dial(&site), second = dial(&site);
    expect_plain(first);
    put(second, request);
    close_site(&site);
    check_end(first);
    close(second);
}
END_TEST

START_TEST(one_above_its_address_s_limit_is_closed)
{
    begin(100, 2);
    int first = dial(&site), second = dial(&site);
    expect_plain(first);
    expect_plain(second);
    check_end(dial(&site));
    expect_plain(first);
    close(first);
    close(second);
    close_site(&site);
}
END_TEST

START_TEST(an_address_may_come_back_when_it_has_left)
{
    begin(100, 1);
    for (int i = 0; i < 200; i++) {
        int fd = dial(&site);
        put(fd, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        const char *answer = take(fd);
        close(fd);
        if (!strstr(answer, "plain")) /* the one before may not have been seen off yet */
            i--;
    }
    close_site(&site);
}
END_TEST

int main(void)
{
    const test_list tests = {
        one_above_the_limit_waits_until_another_leaves, many_above_the_limit_are_served_one_after_the_other,
        a_stop_does_not_wait_for_those_that_wait,       one_above_its_address_s_limit_is_closed,
        an_address_may_come_back_when_it_has_left,      NULL};
    return run_tests("connections", tests, 30);
}
