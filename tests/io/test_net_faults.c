/* What a network does that this machine does not: several addresses of which some are dead, and clients that are gone
 * before they are accepted. The linker puts the test's own gr_lookup() and accept4() in place of the library's. */
#include <sys/socket.h>

#include "io/address.h"
#include "io/io_world.h"

int __wrap_gr_lookup(gr_co co, const char *host, unsigned port, gr_address *addresses, size_t room, size_t *n);
int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags);
int __real_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags);

/* --- several addresses --- */

enum { MOST = 16 };

static gr_address found[MOST];
static size_t n_found;

int __wrap_gr_lookup(gr_co co, const char *host, unsigned port, gr_address *addresses, size_t room, size_t *n)
{
    (void)co, (void)host, (void)port;
    *n = n_found < room ? n_found : room;
    memcpy(addresses, found, *n * sizeof *found);
    return 0;
}

static gr_listener *listen_somewhere(gr_co co, gr_address *address)
{
    gr_listener *listener;
    ck_assert_int_eq(gr_tcp_listen(co, &listener, "127.0.0.1", 0), 0);
    *address = gr_listener_address(listener);
    found[0] = *address;
    n_found = 1;
    return listener;
}

/* Nobody listens there. */
static gr_address closed_port(gr_co co)
{
    gr_address address;
    gr_listener_close(listen_somewhere(co, &address));
    return address;
}

/* Its queue is full, so that it answers no more. */
struct deaf {
    gr_listener *listener;
    gr_address address;
    gr_io *waiting[8];
    int n;
};

static void open_deaf(gr_co co, struct deaf *deaf)
{
    *deaf = (struct deaf){.n = 0};
    deaf->listener = listen_somewhere(co, &deaf->address);
    ck_assert_int_eq(listen(gr_listener_fd(deaf->listener), 0), 0);
    while (gr_tcp_connect(gr_within(co, 50), &deaf->waiting[deaf->n], "any", 0) == 0)
        ck_assert_int_lt(++deaf->n, 8);
}

static void close_deaf(struct deaf *deaf)
{
    while (deaf->n > 0)
        gr_io_close(deaf->waiting[--deaf->n]);
    gr_listener_close(deaf->listener);
}

static void expect_connection_to(gr_co co, const gr_address *wanted)
{
    gr_io *io;
    ck_assert_int_eq(gr_tcp_connect(gr_within(co, 3000), &io, "any", 0), 0);
    gr_address peer = gr_io_peer(io);
    ck_assert_uint_eq(gr_address_port(&peer), gr_address_port(wanted));
    gr_io_close(io);
}

IO_TEST(an_address_that_does_not_answer_does_not_hold_up_the_next)
{
    struct deaf deaf;
    gr_address address;
    open_deaf(co, &deaf);
    gr_listener *listener = listen_somewhere(co, &address);
    found[0] = deaf.address;
    found[1] = address;
    n_found = 2;
    int64_t began_ms = gr_now_ms(co);
    expect_connection_to(co, &address);
    ck_assert_int_ge(gr_now_ms(co) - began_ms, 250); /* the first had its head start */
    gr_listener_close(listener);
    close_deaf(&deaf);
    return 0;
}

/* Fifteen head starts would take longer than the deadline. */
IO_TEST(after_an_address_that_fails_the_next_is_tried_at_once)
{
    gr_address address, closed = closed_port(co);
    gr_listener *listener = listen_somewhere(co, &address);
    for (int i = 0; i < MOST - 1; i++)
        found[i] = closed;
    found[MOST - 1] = address;
    n_found = MOST;
    expect_connection_to(co, &address);
    gr_listener_close(listener);
    return 0;
}

IO_TEST(where_all_addresses_fail_the_first_says_why)
{
    gr_io *io;
    found[0] = closed_port(co);
    ck_assert_int_eq(gri_address_of_path(&found[1], "/no/such/socket"), 0); /* fails in another way */
    n_found = 2;
    ck_assert_int_eq(gr_tcp_connect(gr_within(co, 5000), &io, "any", 0), -ECONNREFUSED);
    ck_assert_ptr_null(io);
    return 0;
}

static int connect_anywhere(gr_co co, GR_UNUSED void *arg)
{
    gr_io *io;
    int rc = gr_tcp_connect(co, &io, "any", 0);
    gr_io_close(io);
    return rc;
}

IO_TEST(a_race_of_connections_can_be_left)
{
    struct deaf deaf;
    gr_task *task;
    open_deaf(co, &deaf);
    for (int i = 0; i < 4; i++)
        found[i] = deaf.address;
    n_found = 4;
    ck_assert_int_eq(connect_anywhere(gr_within(co, 400), NULL), GR_ETIMEDOUT);
    ck_assert_int_eq(gr_spawn(co, &task, connect_anywhere, NULL), 0);
    ck_assert_int_eq(gr_sleep(co, 300), 0);
    gr_cancel(task);
    ck_assert_int_eq(gr_join(co, task), GR_ECANCELED);
    close_deaf(&deaf);
    return 0;
}

/* --- accepting --- */

static const int *faults; /* of the next calls; ended by 0 */

int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
    if (!faults || !*faults)
        return __real_accept4(fd, address, len, flags);
    errno = *faults++;
    return -1;
}

IO_TEST(a_client_that_is_gone_is_passed_over_and_scarcity_is_waited_out)
{
    static const int gone[] = {ECONNABORTED, EPROTO, ENETUNREACH, EHOSTDOWN, EINTR, ENOMEM, ENOBUFS, EMFILE, ENFILE, 0};
    gr_address address;
    gr_io *client, *server;
    gr_listener *listener = listen_somewhere(co, &address);
    ck_assert_int_eq(gr_tcp_connect(co, &client, "any", 0), 0);
    faults = gone;
    ck_assert_int_eq(gr_accept(gr_within(co, 5000), listener, &server), 0);
    ck_assert_int_eq(*faults, 0);
    gr_io_close(server);
    gr_io_close(client);
    gr_listener_close(listener);
    return 0;
}

struct waiting {
    gr_listener *listener;
    bool over;
    int turns;
};

static int accept_one(gr_co co, struct waiting *self)
{
    gr_io *io;
    int rc = gr_accept(co, self->listener, &io);
    self->over = true;
    gr_io_close(io);
    return rc;
}
GR_TASK(accept_one, struct waiting);

static int count_turns(gr_co co, struct waiting *self)
{
    int rc = 0;
    for (; rc == 0 && !self->over; self->turns++)
        rc = gr_yield(co);
    return rc;
}
GR_TASK(count_turns, struct waiting);

IO_TEST(many_clients_that_are_gone_leave_the_loop_to_others)
{
    enum { GONE = 3200 };
    static int gone[GONE + 1];
    gr_address address;
    gr_io *client;
    struct waiting waiting = {.listener = listen_somewhere(co, &address)};
    ck_assert_int_eq(gr_tcp_connect(co, &client, "any", 0), 0);
    for (int i = 0; i < GONE; i++)
        gone[i] = ECONNABORTED;
    faults = gone;
    ck_assert_int_eq(gr_gather(co, count_turns_job(&waiting), accept_one_job(&waiting)), 0);
    ck_assert_int_ge(waiting.turns, GONE / 64);
    gr_io_close(client);
    gr_listener_close(waiting.listener);
    return 0;
}

IO_TEST(what_is_wrong_with_the_listener_itself_is_told)
{
    static const int wrong[] = {EINVAL, 0};
    gr_address address;
    gr_io *io;
    gr_listener *listener = listen_somewhere(co, &address);
    faults = wrong;
    ck_assert_int_eq(gr_accept(co, listener, &io), GR_EINVAL);
    ck_assert_ptr_null(io);
    gr_listener_close(listener);
    return 0;
}

int main(void)
{
    const test_list tests = {an_address_that_does_not_answer_does_not_hold_up_the_next,
                             after_an_address_that_fails_the_next_is_tried_at_once,
                             where_all_addresses_fail_the_first_says_why,
                             a_race_of_connections_can_be_left,
                             a_client_that_is_gone_is_passed_over_and_scarcity_is_waited_out,
                             many_clients_that_are_gone_leave_the_loop_to_others,
                             what_is_wrong_with_the_listener_itself_is_told,
                             NULL};
    return run_tests("net faults", tests, 30);
}
