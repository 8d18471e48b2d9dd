/* Memory that runs out at any allocation: GR_ENOMEM, and no descriptor is left open. */
#include "app/scarce.h"
#include "io/io_world.h"

struct things {
    gr_io *a, *b, *client, *server;
    gr_listener *listener;
    gr_udp *udp;
};

static void close_all(struct things *things)
{
    gr_io_close(things->a);
    gr_io_close(things->b);
    gr_io_close(things->client);
    gr_io_close(things->server);
    gr_listener_close(things->listener);
    gr_udp_close(things->udp);
}

static int read_a_line(gr_co co, struct things *things)
{
    const char *line;
    size_t len;
    int rc = gr_io_write(co, things->a, "line\n", 5);
    rc = rc ? rc : gr_io_read_until(co, things->b, "\n", 100, &line, &len);
    return rc == 0 && len != 5 ? GR_EIO : rc; /* Check's own assertions allocate */
}

static int connect_and_accept(gr_co co, struct things *things)
{
    int rc = gr_tcp_listen(co, &things->listener, "localhost", 0);
    if (rc)
        return rc;
    gr_address address = gr_listener_address(things->listener);
    rc = gr_tcp_connect(co, &things->client, "localhost", gr_address_port(&address));
    if (rc)
        return rc;
    rc = gr_accept(gr_within(co, 300), things->listener, &things->server);
    return rc == GR_ETIMEDOUT ? GR_ENOMEM : rc; /* it goes on without the client, until another one comes */
}

static int do_everything(gr_co co, struct things *things)
{
    int rc = gr_io_pair(co, &things->a, &things->b);
    rc = rc ? rc : read_a_line(co, things);
    rc = rc ? rc : gr_wait_fd(co, gr_io_fd(things->a), GR_WRITABLE, NULL);
    rc = rc ? rc : connect_and_accept(co, things);
    return rc ? rc : gr_udp_open(co, &things->udp, "127.0.0.1", 0);
}

IO_TEST(where_an_allocation_fails_nothing_is_left_open)
{
    size_t before = open_descriptors();
    bool failed = true;
    for (long n = 0; failed; n++) {
        struct things things = {0};
        left = n;
        once = true;
        int rc = do_everything(co, &things);
        failed = has_failed();
        plenty();
        ck_assert_int_eq(rc, failed ? GR_ENOMEM : 0);
        close_all(&things);
        ck_assert_uint_eq(open_descriptors(), before);
        ck_assert(n > 5 || failed);
    }
    return 0;
}

int main(void)
{
    const test_list tests = {where_an_allocation_fails_nothing_is_left_open, NULL};
    return run_tests("io_scarce", tests, 20);
}
