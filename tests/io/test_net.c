/* Connections by TCP and Unix sockets, and datagrams, on this machine. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "io/io_world.h"

/* --- an echo server --- */

static int echo(gr_co co, void *arg)
{
    gr_io *io = arg;
    char buf[4096];
    size_t n;
    while (gr_io_read(co, io, buf, sizeof buf, &n) == 0 && n)
        if (gr_io_write(co, io, buf, n) < 0)
            break;
    gr_io_close(io);
    return 0;
}

static int serve(gr_co co, gr_listener *listener)
{
    gr_group clients;
    gr_io *io;
    int rc;
    gr_group_open(co, &clients);
    while ((rc = gr_accept(co, listener, &io)) == 0)
        if (gr_group_spawn(co, &clients, echo, io) < 0)
            gr_io_close(io);
    return gr_group_close(co, &clients, rc);
}
GR_TASK(serve, gr_listener);

struct server {
    gr_listener *listener;
    gr_task *task;
    unsigned port;
};

static void start(gr_co co, struct server *server, const char *host)
{
    gr_address address;
    ck_assert_int_eq(gr_tcp_listen(co, &server->listener, host, 0), 0);
    address = gr_listener_address(server->listener);
    server->port = gr_address_port(&address);
    ck_assert_uint_ne(server->port, 0);
    ck_assert_int_eq(serve_spawn(co, &server->task, server->listener), 0);
}

static void stop(gr_co co, struct server *server)
{
    gr_cancel(server->task);
    ck_assert_int_eq(gr_join(co, server->task), GR_ECANCELED);
    gr_listener_close(server->listener);
}

static int ask(gr_co co, gr_io *io)
{
    char answer[5];
    int rc = gr_io_write(co, io, "hello", 5);
    rc = rc ? rc : gr_io_read_exactly(co, io, answer, 5);
    if (rc == 0)
        ck_assert_mem_eq(answer, "hello", 5);
    gr_io_close(io);
    return rc;
}

struct client {
    const char *host;
    unsigned port;
};

static int visit(gr_co co, struct client *client)
{
    gr_io *io;
    int rc = gr_tcp_connect(co, &io, client->host, client->port);
    return rc ? rc : ask(co, io);
}
GR_TASK(visit, struct client);

/* --- TCP --- */

IO_TEST(a_client_and_a_server_speak_by_tcp)
{
    struct server server;
    start(co, &server, "127.0.0.1");
    ck_assert_int_eq(visit(co, &(struct client){"127.0.0.1", server.port}), 0);
    ck_assert_int_eq(visit(co, &(struct client){"localhost", server.port}), 0);
    stop(co, &server);
    return 0;
}

IO_TEST(five_hundred_clients_are_served_at_once)
{
    enum { N = 500 };
    struct server server;
    struct client client = {"127.0.0.1", 0};
    gr_group group;
    int rc = 0;
    start(co, &server, "127.0.0.1");
    client.port = server.port;
    gr_group_open(co, &group);
    for (int i = 0; i < N && rc == 0; i++)
        rc = visit_spawn_in(co, &group, &client);
    ck_assert_int_eq(gr_group_close(co, &group, rc), 0);
    stop(co, &server);
    return 0;
}

IO_TEST(both_ends_know_each_other_and_small_writes_go_out_at_once)
{
    gr_listener *listener;
    gr_io *client, *server;
    char a[128], b[128];
    int on = 0;
    ck_assert_int_eq(gr_tcp_listen(co, &listener, "127.0.0.1", 0), 0);
    gr_address address = gr_listener_address(listener);
    ck_assert_int_eq(gr_tcp_connect(co, &client, "127.0.0.1", gr_address_port(&address)), 0);
    ck_assert_int_eq(gr_accept(co, listener, &server), 0);
    gr_address peer = gr_io_peer(server), local = gr_io_local(client);
    ck_assert_str_eq(gr_address_text(&peer, a, sizeof a), gr_address_text(&local, b, sizeof b));
    ck_assert_str_ne(a, "");
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(
            getsockopt(gr_io_fd(i ? client : server), IPPROTO_TCP, TCP_NODELAY, &on, &(socklen_t){sizeof on}), 0);
        ck_assert_int_ne(on, 0);
    }
    gr_io_close(client);
    gr_io_close(server);
    gr_listener_close(listener);
    return 0;
}

static unsigned free_port(gr_co co)
{
    gr_listener *listener;
    ck_assert_int_eq(gr_tcp_listen(co, &listener, "127.0.0.1", 0), 0);
    gr_address address = gr_listener_address(listener);
    gr_listener_close(listener);
    return gr_address_port(&address);
}

IO_TEST(where_nobody_listens_the_connection_is_refused)
{
    gr_io *io;
    ck_assert_int_eq(gr_tcp_connect(co, &io, "127.0.0.1", free_port(co)), -ECONNREFUSED);
    ck_assert_ptr_null(io);
    ck_assert_int_eq(gr_tcp_connect(co, &io, "localhost", free_port(co)), -ECONNREFUSED);
    ck_assert_int_eq(gr_tcp_connect(co, &io, "127.0.0.1", 65536), GR_EINVAL);
    return 0;
}

IO_TEST(a_server_that_answers_at_the_second_address_only_is_reached)
{
    struct server server;
    gr_address addresses[8];
    size_t n;
    ck_assert_int_eq(gr_lookup(co, "localhost", 80, addresses, 8, &n), 0);
    start(co, &server, "127.0.0.1"); /* not ::1, which "localhost" may be first */
    ck_assert_int_eq(visit(co, &(struct client){"localhost", server.port}), 0);
    stop(co, &server);
    return 0;
}

/* Its queue is full, so that it answers no more. */
static int listen_deaf(struct sockaddr_in *address)
{
    socklen_t len = sizeof *address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    ck_assert_int_eq(bind(fd, (struct sockaddr *)address, len), 0);
    ck_assert_int_eq(listen(fd, 0), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)address, &len), 0);
    return fd;
}

IO_TEST(a_connection_that_nobody_answers_ends_with_its_deadline)
{
    struct sockaddr_in address;
    int fd = listen_deaf(&address), rc = 0, n = 0;
    gr_io *ios[8];
    while (n < 8 && (rc = gr_tcp_connect(gr_within(co, 50), &ios[n], "127.0.0.1", ntohs(address.sin_port))) == 0)
        n++;
    ck_assert_int_eq(rc, GR_ETIMEDOUT);
    while (n > 0)
        gr_io_close(ios[--n]);
    close(fd);
    return 0;
}

IO_TEST(a_port_that_is_taken_is_refused)
{
    gr_listener *first, *second;
    ck_assert_int_eq(gr_tcp_listen(co, &first, "127.0.0.1", 0), 0);
    gr_address address = gr_listener_address(first);
    ck_assert_int_eq(gr_tcp_listen(co, &second, "127.0.0.1", gr_address_port(&address)), -EADDRINUSE);
    ck_assert_ptr_null(second);
    ck_assert_int_eq(gr_tcp_listen(co, &second, "192.0.2.1", 0), -EADDRNOTAVAIL);
    gr_listener_close(first);
    gr_listener_close(NULL);
    return 0;
}

IO_TEST(two_colons_listen_to_ipv4_too)
{
    struct server server;
    gr_listener *listener;
    int rc = gr_tcp_listen(co, &listener, "::", 0);
    if (rc < 0) { /* a system without IPv6 */
        ck_assert(rc == -EAFNOSUPPORT || rc == -EADDRNOTAVAIL);
        return 0;
    }
    gr_listener_close(listener);
    start(co, &server, "::");
    ck_assert_int_eq(visit(co, &(struct client){"127.0.0.1", server.port}), 0);
    stop(co, &server);
    return 0;
}

static int accept_one(gr_co co, gr_listener *listener)
{
    gr_io *io;
    int rc = gr_accept(co, listener, &io);
    gr_io_close(io);
    return rc;
}
GR_TASK(accept_one, gr_listener);

IO_TEST(several_accept_at_one_listener_and_each_gets_one)
{
    gr_listener *listener;
    gr_task *tasks[3];
    gr_io *ios[3];
    ck_assert_int_eq(gr_tcp_listen(co, &listener, "127.0.0.1", 0), 0);
    gr_address address = gr_listener_address(listener);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(accept_one_spawn(co, &tasks[i], listener), 0);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(gr_tcp_connect(co, &ios[i], "127.0.0.1", gr_address_port(&address)), 0);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(gr_join(co, tasks[i]), 0);
    for (int i = 0; i < 3; i++)
        gr_io_close(ios[i]);
    gr_io *io;
    ck_assert_int_eq(gr_accept(gr_within(co, 5), listener, &io), GR_ETIMEDOUT);
    ck_assert_ptr_null(io);
    gr_listener_close(listener);
    return 0;
}

/* As many descriptors as are open now, and `more`. */
static void limit_descriptors(rlim_t more)
{
    int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
    struct rlimit limit;
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = (rlim_t)next + more;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    close(next);
}

IO_TEST(a_listener_without_descriptors_waits_for_one_and_goes_on)
{
    gr_listener *listener;
    gr_io *client, *server, *again;
    ck_assert_int_eq(gr_tcp_listen(co, &listener, "127.0.0.1", 0), 0);
    gr_address address = gr_listener_address(listener);
    limit_descriptors(1);
    ck_assert_int_eq(gr_tcp_connect(co, &client, "127.0.0.1", gr_address_port(&address)), 0);
    ck_assert_int_eq(gr_tcp_connect(co, &again, "127.0.0.1", gr_address_port(&address)), -EMFILE);
    ck_assert_int_eq(gr_accept(gr_within(co, 150), listener, &server), GR_ETIMEDOUT);
    gr_io_close(client);
    ck_assert_int_eq(gr_accept(co, listener, &server), 0);
    gr_io_close(server);
    gr_listener_close(listener);
    return 0;
}

/* --- names --- */

static void assert_text(gr_co co, const char *host, unsigned port, const char *wanted)
{
    gr_address address;
    char text[128];
    size_t n;
    ck_assert_int_eq(gr_lookup(co, host, port, &address, 1, &n), 0);
    ck_assert_uint_eq(n, 1);
    ck_assert_str_eq(gr_address_text(&address, text, sizeof text), wanted);
    ck_assert_uint_eq(gr_address_port(&address), port);
}

IO_TEST(addresses_in_figures_and_names_are_found)
{
    gr_address addresses[8];
    char text[8];
    size_t n;
    assert_text(co, "192.0.2.1", 80, "192.0.2.1:80");
    assert_text(co, "2001:db8::1", 443, "[2001:db8::1]:443");
    ck_assert_int_eq(gr_lookup(co, "localhost", 1234, addresses, 8, &n), 0);
    ck_assert_uint_ge(n, 1);
    for (size_t i = 0; i < n; i++)
        ck_assert_uint_eq(gr_address_port(&addresses[i]), 1234);
    ck_assert_str_eq(gr_address_text(&(gr_address){0}, text, sizeof text), "");
    ck_assert_uint_eq(gr_address_port(&(gr_address){0}), 0);
    ck_assert_int_eq(gr_lookup(co, "192.0.2.1", 80, addresses, 8, &n), 0);
    ck_assert_str_eq(gr_address_text(&addresses[0], text, sizeof text), "192.0.2");
    return 0;
}

IO_TEST(names_that_are_none_are_refused)
{
    gr_address address;
    size_t n = 7;
    int rc = gr_lookup(co, "no-such-name.invalid", 80, &address, 1, &n);
    ck_assert_msg(rc == -EHOSTUNREACH || rc == GR_EAGAIN, "got %d", rc); /* GR_EAGAIN: no name server is in reach */
    ck_assert_uint_eq(n, 0);
    ck_assert_int_eq(gr_lookup(co, "", 80, &address, 1, &n), -EHOSTUNREACH);
    char name[400];
    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = 0;
    ck_assert_int_eq(gr_lookup(co, name, 80, &address, 1, &n), -EHOSTUNREACH);
    ck_assert_int_eq(gr_lookup(co, "127.0.0.1", 80, &address, 0, &n), GR_EINVAL);
    ck_assert_int_eq(gr_lookup(co, "127.0.0.1", 70000, &address, 1, &n), GR_EINVAL);
    return 0;
}

static int look_up(gr_co co, GR_UNUSED void *arg)
{
    gr_address address;
    size_t n;
    return gr_lookup(co, "localhost", 80, &address, 1, &n);
}

IO_TEST(a_look_up_that_nobody_waits_for_is_left_behind)
{
    gr_task *task;
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(gr_spawn(co, &task, look_up, NULL), 0);
        ck_assert_int_eq(gr_yield(co), 0);
        gr_cancel(task);
        int rc = gr_join(co, task);
        ck_assert(rc == GR_ECANCELED || rc == 0);
    }
    return 0;
}

/* --- Unix sockets --- */

static void serve_at(gr_co co, const char *path)
{
    gr_listener *listener, *second;
    gr_task *task;
    gr_io *io;
    char text[128];
    ck_assert_int_eq(gr_unix_listen(co, &listener, path), 0);
    ck_assert_int_eq(gr_unix_listen(co, &second, path), -EADDRINUSE);
    ck_assert_int_eq(serve_spawn(co, &task, listener), 0);
    ck_assert_int_eq(gr_unix_connect(co, &io, path), 0);
    gr_address peer = gr_io_peer(io);
    ck_assert_str_eq(gr_address_text(&peer, text, sizeof text), path);
    ck_assert_int_eq(ask(co, io), 0);
    gr_cancel(task);
    ck_assert_int_eq(gr_join(co, task), GR_ECANCELED);
    gr_listener_close(listener);
}

IO_TEST(a_client_and_a_server_speak_by_a_unix_socket)
{
    char path[64], text[128];
    struct pair pair = open_pair(co);
    snprintf(path, sizeof path, "/tmp/griddle-test-%d", (int)getpid());
    serve_at(co, path);
    ck_assert_int_eq(access(path, F_OK), -1);
    snprintf(path, sizeof path, "@griddle-test-%d", (int)getpid());
    serve_at(co, path);
    gr_address unnamed = gr_io_peer(pair.a);
    ck_assert_str_eq(gr_address_text(&unnamed, text, sizeof text), "");
    close_pair(pair);
    return 0;
}

IO_TEST(a_path_that_another_socket_has_taken_over_is_left_to_it)
{
    char path[64];
    gr_listener *before, *after;
    gr_io *io;
    snprintf(path, sizeof path, "/tmp/griddle-taken-%d", getpid());
    ck_assert_int_eq(gr_unix_listen(co, &before, path), 0);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(gr_unix_listen(co, &after, path), 0);
    gr_listener_close(before);
    ck_assert_int_eq(gr_unix_connect(co, &io, path), 0);
    gr_io_close(io);
    gr_listener_close(after);
    ck_assert_int_eq(gr_unix_connect(co, &io, path), -ENOENT);
    return 0;
}

IO_TEST(unix_sockets_that_are_not_there_are_refused)
{
    char path[200];
    gr_io *io;
    ck_assert_int_eq(gr_unix_connect(co, &io, "/no/such/socket"), -ENOENT);
    ck_assert_ptr_null(io);
    ck_assert_int_eq(gr_unix_connect(co, &io, "@griddle-nobody"), -ECONNREFUSED);
    ck_assert_int_eq(gr_unix_connect(co, &io, ""), GR_EINVAL);
    memset(path, 'p', sizeof path);
    path[108] = 0;
    ck_assert_int_eq(gr_unix_connect(co, &io, path), -ENAMETOOLONG);
    path[107] = 0;
    ck_assert_int_eq(gr_unix_connect(co, &io, path), -ENOENT);
    return 0;
}

static int accept_late(gr_co co, gr_listener *listener)
{
    int rc = gr_sleep(co, 30);
    return rc ? rc : accept_one(co, listener);
}
GR_TASK(accept_late, gr_listener);

IO_TEST(a_client_waits_while_a_unix_listeners_queue_is_full)
{
    enum { MANY = 8 };
    gr_io *ios[MANY];
    char name[64];
    gr_listener *listener;
    gr_task *task;
    int n = 0, rc = 0;
    snprintf(name, sizeof name, "@griddle-full-%d", (int)getpid());
    ck_assert_int_eq(gr_unix_listen(co, &listener, name), 0);
    ck_assert_int_eq(listen(gr_listener_fd(listener), 1), 0);
    while (n < MANY && (rc = gr_unix_connect(gr_within(co, 20), &ios[n], name)) == 0)
        n++;
    ck_assert_int_eq(rc, GR_ETIMEDOUT);
    ck_assert_int_eq(accept_late_spawn(co, &task, listener), 0);
    ck_assert_int_eq(gr_unix_connect(co, &ios[n], name), 0);
    ck_assert_int_eq(gr_join(co, task), 0);
    for (; n >= 0; n--)
        gr_io_close(ios[n]);
    gr_listener_close(listener);
    return 0;
}

/* --- UDP --- */

static gr_udp *open_udp(gr_co co, const char *host, gr_address *address)
{
    gr_udp *udp;
    ck_assert_int_eq(gr_udp_open(co, &udp, host, 0), 0);
    *address = gr_udp_address(udp);
    return udp;
}

IO_TEST(datagrams_go_both_ways)
{
    gr_address a_address, b_address, from;
    gr_udp *a = open_udp(co, "127.0.0.1", &a_address), *b = open_udp(co, "127.0.0.1", &b_address);
    char buf[8];
    size_t n;
    ck_assert_int_ge(gr_udp_fd(a), 0);
    ck_assert_int_eq(gr_udp_send(co, a, "ping", 4, &b_address), 0);
    ck_assert_int_eq(gr_udp_receive(co, b, buf, sizeof buf, &n, &from), 0);
    ck_assert_uint_eq(n, 4);
    ck_assert_mem_eq(buf, "ping", 4);
    ck_assert_uint_eq(gr_address_port(&from), gr_address_port(&a_address));
    ck_assert_int_eq(gr_udp_send(co, b, "", 0, &from), 0);
    ck_assert_int_eq(gr_udp_receive(co, a, buf, sizeof buf, &n, NULL), 0);
    ck_assert_uint_eq(n, 0);
    ck_assert_int_eq(gr_udp_send(co, b, "ten bytes!", 10, &from), 0);
    ck_assert_int_eq(gr_udp_receive(co, a, buf, sizeof buf, &n, &from), GR_EMSGSIZE);
    ck_assert_uint_eq(n, sizeof buf);
    ck_assert_mem_eq(buf, "ten byte", 8);
    ck_assert_uint_eq(gr_address_port(&from), gr_address_port(&b_address));
    ck_assert_int_eq(gr_udp_receive(gr_within(co, 5), a, buf, sizeof buf, &n, &from), GR_ETIMEDOUT);
    ck_assert_uint_eq(from.length, 0);
    gr_udp_close(a);
    gr_udp_close(b);
    gr_udp_close(NULL);
    return 0;
}

IO_TEST(a_datagram_that_is_too_large_or_a_port_that_is_taken_is_refused)
{
    static char huge[70000];
    gr_address address;
    gr_udp *udp = open_udp(co, "127.0.0.1", &address), *second;
    ck_assert_int_eq(gr_udp_send(co, udp, huge, sizeof huge, &address), GR_EMSGSIZE);
    ck_assert_int_eq(gr_udp_open(co, &second, "127.0.0.1", gr_address_port(&address)), -EADDRINUSE);
    ck_assert_ptr_null(second);
    gr_udp_close(udp);
    return 0;
}

static int receive_one(gr_co co, gr_udp *udp)
{
    char byte;
    size_t n;
    return gr_udp_receive(co, udp, &byte, 1, &n, NULL);
}
GR_TASK(receive_one, gr_udp);

IO_TEST(a_cancelled_receive_leaves_the_datagram_to_the_next)
{
    gr_address address;
    gr_udp *udp = open_udp(co, "127.0.0.1", &address);
    gr_task *task;
    ck_assert_int_eq(receive_one_spawn(co, &task, udp), 0);
    ck_assert_int_eq(gr_sleep(co, 5), 0);
    gr_cancel(task);
    ck_assert_int_eq(gr_udp_send(co, udp, "x", 1, &address), 0);
    ck_assert_int_eq(gr_join(co, task), GR_ECANCELED);
    ck_assert_int_eq(receive_one(co, udp), 0);
    gr_udp_close(udp);
    return 0;
}

/* --- misuse --- */

static int close_under_accept(gr_co co, GR_UNUSED void *arg)
{
    gr_listener *listener;
    gr_task *task;
    int rc = gr_tcp_listen(co, &listener, "127.0.0.1", 0);
    rc = rc ? rc : accept_one_spawn(co, &task, listener);
    rc = rc ? rc : gr_sleep(co, 1);
    gr_listener_close(listener);
    return rc;
}

static int close_under_receive(gr_co co, GR_UNUSED void *arg)
{
    gr_udp *udp;
    gr_task *task;
    int rc = gr_udp_open(co, &udp, "127.0.0.1", 0);
    rc = rc ? rc : receive_one_spawn(co, &task, udp);
    rc = rc ? rc : gr_sleep(co, 1);
    gr_udp_close(udp);
    return rc;
}

/* Its wait is over, and it has not run since. */
static int close_under_a_cancelled_accept(gr_co co, GR_UNUSED void *arg)
{
    gr_listener *listener;
    gr_task *task = NULL;
    int rc = gr_tcp_listen(co, &listener, "127.0.0.1", 0);
    rc = rc ? rc : accept_one_spawn(co, &task, listener);
    rc = rc ? rc : gr_sleep(co, 1);
    if (task)
        gr_cancel(task);
    gr_listener_close(listener);
    return rc;
}

static void run_it(void *arg)
{
    gr_task_fn *fn;
    memcpy(&fn, arg, sizeof fn);
    _exit(gr_run(fn, NULL));
}

static void expect_death(gr_task_fn *fn, const char *text)
{
    assert_aborts_saying(run_apart(run_it, &fn), text);
}

START_TEST(what_is_closed_while_somebody_waits_is_named)
{
    expect_death(close_under_accept, "gr_listener_close() while a coroutine is in gr_accept() for it");
    expect_death(close_under_a_cancelled_accept, "gr_listener_close() while a coroutine is in gr_accept() for it");
    expect_death(close_under_receive, "gr_udp_close() while a coroutine is in a call for it");
}
END_TEST

int main(void)
{
    const test_list tests = {a_client_and_a_server_speak_by_tcp,
                             five_hundred_clients_are_served_at_once,
                             both_ends_know_each_other_and_small_writes_go_out_at_once,
                             where_nobody_listens_the_connection_is_refused,
                             a_server_that_answers_at_the_second_address_only_is_reached,
                             a_connection_that_nobody_answers_ends_with_its_deadline,
                             a_port_that_is_taken_is_refused,
                             two_colons_listen_to_ipv4_too,
                             several_accept_at_one_listener_and_each_gets_one,
                             a_listener_without_descriptors_waits_for_one_and_goes_on,
                             addresses_in_figures_and_names_are_found,
                             names_that_are_none_are_refused,
                             a_look_up_that_nobody_waits_for_is_left_behind,
                             a_client_and_a_server_speak_by_a_unix_socket,
                             a_path_that_another_socket_has_taken_over_is_left_to_it,
                             unix_sockets_that_are_not_there_are_refused,
                             a_client_waits_while_a_unix_listeners_queue_is_full,
                             datagrams_go_both_ways,
                             a_datagram_that_is_too_large_or_a_port_that_is_taken_is_refused,
                             a_cancelled_receive_leaves_the_datagram_to_the_next,
                             what_is_closed_while_somebody_waits_is_named,
                             NULL};
    return run_tests("net", tests, 30);
}
