/* A server on a thread of its own, and a client that blocks, for tests over real sockets. */
#ifndef TESTS_APP_SOCKETS_H
#define TESTS_APP_SOCKETS_H

#include <arpa/inet.h>
#include <griddle/server.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/socket.h>
#include <time.h>
#include <uv.h>

#include "app_test.h"

struct site {
    gr_app *app;
    gr_server_options options;
    bool own_loop; /* the server's own, instead of one of the test's */
    gr_server *server;
    int port, rc;
    pthread_t thread;
    sem_t ready;
};

GR_UNUSED static void run_site_on_loop(struct site *site)
{
    uv_loop_t loop;
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    ck_assert_int_eq(gr_server_start(&site->server, site->app, &site->options, &loop), 0);
    site->port = gr_server_port(site->server);
    sem_post(&site->ready);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert(gr_server_stopped(site->server));
    gr_server_destroy(site->server);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
}

GR_UNUSED static void *run_site(void *arg)
{
    struct site *site = arg;
    if (!site->own_loop) {
        run_site_on_loop(site);
        return NULL;
    }
    ck_assert_int_eq(gr_server_start(&site->server, site->app, &site->options, NULL), 0);
    site->port = gr_server_port(site->server);
    sem_post(&site->ready);
    site->rc = gr_server_run(site->server);
    if (site->rc == 0) {
        ck_assert(gr_server_stopped(site->server));
        gr_server_destroy(site->server);
    }
    return NULL;
}

GR_UNUSED static void open_site(struct site *site)
{
    site->options.size = sizeof site->options;
    ck_assert_int_eq(sem_init(&site->ready, 0, 0), 0);
    ck_assert_int_eq(pthread_create(&site->thread, NULL, run_site, site), 0);
    sem_wait(&site->ready);
    ck_assert_int_gt(site->port, 0);
}

GR_UNUSED static void join_site(struct site *site)
{
    ck_assert_int_eq(pthread_join(site->thread, NULL), 0);
    gr_app_destroy(site->app);
    sem_destroy(&site->ready);
}

GR_UNUSED static void close_site(struct site *site)
{
    gr_server_stop(site->server);
    join_site(site);
}

GR_UNUSED static int dial_port(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(fd, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

GR_UNUSED static int dial(const struct site *site)
{
    int fd = dial_port(site->port);
    ck_assert_int_ge(fd, 0);
    return fd;
}

GR_UNUSED static void put(int fd, const char *text)
{
    ck_assert_int_eq(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* Whether anything, also the end, comes within `ms`. */
GR_UNUSED static bool comes(int fd, int ms)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    return poll(&poll_fd, 1, ms) == 1;
}

/* One answer with a Content-Length, or what came before the end of the connection. */
GR_UNUSED static const char *take(int fd)
{
    static char text[1 << 20];
    size_t len = 0;
    for (;;) {
        text[len] = '\0';
        const char *body = strstr(text, "\r\n\r\n"), *length = body ? strcasestr(text, "content-length:") : NULL;
        if (length && len >= (size_t)(body + 4 - text) + strtoul(length + 15, NULL, 10))
            return text;
        ck_assert_msg(comes(fd, 8000), "no answer; so far: %s", text);
        ssize_t n = recv(fd, text + len, sizeof text - 1 - len, 0);
        if (n <= 0)
            return text;
        len += (size_t)n;
    }
}

GR_UNUSED static void check_end(int fd)
{
    char byte;
    ck_assert(comes(fd, 8000));
    ck_assert_int_le(recv(fd, &byte, 1, 0), 0);
    close(fd);
}

/* Closes it by a RST. */
GR_UNUSED static void reset(int fd)
{
    struct linger now = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
}

GR_UNUSED static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
