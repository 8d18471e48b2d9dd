/* What the system makes of the end of a connection: every byte and then the end, or a reset. */
#include <griddle/stream.h>

#include "sockets.h"

enum { BIG = 3 << 20 };

static const char huge_bytes[16 << 20];

static gr_reply big(gr_co co, gr_req *req)
{
    (void)co;
    return gr_content(req, "text/plain", gr_alloc(req, BIG), BIG);
}
GR_GET("/big", big);

static gr_reply huge(gr_co co, gr_req *req)
{
    (void)co;
    return gr_content_static(req, "text/plain", huge_bytes, sizeof huge_bytes);
}
GR_GET("/huge", huge);

static gr_reply plain(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "plain");
}
GR_GET("/", plain);

static gr_reply little(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, gr_body(req, NULL));
}
GR_POST("/little", little, .max_body_bytes = 10);

static int write_half(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    static const char half[BIG / 2];
    int rc = gr_write(co, writer, half, sizeof half);
    return rc ? rc : GR_EIO;
}

static gr_reply cut(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", write_half, NULL);
}
GR_GET("/cut", cut);

static struct site site;
static gr_limits limits;

static void begin(void)
{
    site = (struct site){.app = gr_app_create("Closing", "1")};
    site.options.limits = &limits;
    site.options.log_level = "off";
    gr_app_add(site.app, &big_route, &huge_route, &plain_route, &little_route, &cut_route);
    open_site(&site);
}

/* All that comes up to the end; -1 where that is a reset. */
static ssize_t read_to_end(int fd)
{
    static char bytes[65536];
    ssize_t all = 0, n;
    while (comes(fd, 8000) && (n = recv(fd, bytes, sizeof bytes, 0)) > 0)
        all += n;
    return n == 0 ? all : -1;
}

static void put_bytes(int fd, size_t n)
{
    static char bytes[65536];
    for (size_t sent = 0; sent < n;) {
        ssize_t rc = send(fd, bytes, n - sent < sizeof bytes ? n - sent : sizeof bytes, MSG_NOSIGNAL);
        ck_assert_int_gt(rc, 0);
        sent += (size_t)rc;
    }
}

/* The reply is in the system's hands, and more than it reads has come, before the client takes its first byte. */
static void expect_all_in_spite_of_more(const char *request)
{
    int fd = dial(&site);
    put(fd, request);
    put_bytes(fd, 150000);
    ck_assert(comes(fd, 8000));
    ck_assert_int_gt(read_to_end(fd), BIG);
    close(fd);
}

START_TEST(a_late_reader_gets_every_byte_and_then_the_end)
{
    gr_limits_init(&limits);
    begin();
    expect_all_in_spite_of_more("GET /big HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    expect_all_in_spite_of_more("GET /big HTTP/1.0\r\n\r\n");
    close_site(&site);
}
END_TEST

START_TEST(one_that_sends_all_before_it_reads_gets_its_413)
{
    gr_limits_init(&limits);
    begin();
    int fd = dial(&site);
    put(fd, "POST /little HTTP/1.1\r\nHost: a\r\nContent-Length: 8388608\r\n\r\n");
    put_bytes(fd, 8 << 20);
    ck_assert_ptr_nonnull(strstr(take(fd), "HTTP/1.1 413 "));
    check_end(fd);
    close_site(&site);
}
END_TEST

/* Without a byte being read: only a reset is seen so. */
static void expect_reset(int fd)
{
    struct pollfd state = {.fd = fd};
    ck_assert_msg(poll(&state, 1, 8000) == 1 && state.revents & POLLERR, "wanted a reset");
    close(fd);
}

START_TEST(a_client_that_takes_nothing_is_reset)
{
    gr_limits_init(&limits);
    limits.write_ms = 50;
    begin();
    int fd = dial(&site);
    put(fd, "GET /huge HTTP/1.1\r\nHost: a\r\n\r\n"); /* more than both systems hold */
    expect_reset(fd);
    close_site(&site);
}
END_TEST

/* As much as the system takes from us at once, and more than a client's takes without it. */
START_TEST(a_client_that_takes_nothing_of_what_the_system_has_is_reset)
{
    gr_limits_init(&limits);
    limits.write_ms = limits.linger_ms = 50;
    begin();
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), least = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)site.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &least, sizeof least);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    for (int i = 0; i < 100; i++) /* answers that fill the client's buffer, and not the server's */
        put(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    put(fd, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    expect_reset(fd);
    close_site(&site);
}
END_TEST

START_TEST(a_stream_that_is_cut_does_not_look_complete)
{
    gr_limits_init(&limits);
    begin();
    int fd = dial(&site);
    put(fd, "GET /cut HTTP/1.0\r\n\r\n");
    ck_assert_int_eq(read_to_end(fd), -1);
    close(fd);
    close_site(&site);
}
END_TEST

int main(void)
{
    test_list tests = {
        a_late_reader_gets_every_byte_and_then_the_end, one_that_sends_all_before_it_reads_gets_its_413,
        a_client_that_takes_nothing_is_reset,           a_client_that_takes_nothing_of_what_the_system_has_is_reset,
        a_stream_that_is_cut_does_not_look_complete,    NULL,
    };
    return run_tests("closing", tests, 30);
}
