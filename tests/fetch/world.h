/* A client in a coroutine, and a Griddle server on a thread of its own for it to ask.
 *
 *     CLIENT_TEST(a_get_is_answered)
 *     {
 *         expect_get(co, client, "/hello", 200, "hello");
 *     }
 *
 * Each such test ends with a closed loop, and with as many open descriptors as before. */
#ifndef TESTS_FETCH_WORLD_H
#define TESTS_FETCH_WORLD_H

#include <griddle/fetch.h>
#include <griddle/stream.h>
#include <griddle/sync.h>
#include <signal.h>

#include "app/sockets.h"
#include "descriptors.h"

static struct site site;
static gr_client_options options; /* of the tests' client */
static void open_world(void);     /* each program's own: site.app and what else its tests need */

/* An address on the site; good for the eight last ones. */
GR_UNUSED static const char *url(const char *target)
{
    static char urls[8][1000];
    static unsigned next;
    char *text = urls[next++ % 8];
    snprintf(text, sizeof urls[0], "http://127.0.0.1:%d%s", site.port, target);
    return text;
}

/* The server's side of a connection closes on its own thread, a moment later. */
GR_UNUSED static void expect_descriptors(size_t wanted)
{
    for (int i = 0; i < 5000 && open_descriptors() != wanted; i++)
        usleep(1000);
    ck_assert_uint_eq(open_descriptors(), wanted);
}

GR_UNUSED static void forget_proxies(void)
{
    const char *const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                 "ALL_PROXY",  "no_proxy",    "NO_PROXY"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
}

typedef void client_test(gr_co co, gr_client *client);

struct client_run {
    client_test *test;
    gr_client *client;
};

GR_UNUSED static int run_client_test(gr_co co, void *arg)
{
    struct client_run *run = arg;
    run->test(co, run->client);
    gr_client_destroy(run->client);
    return 0;
}

GR_UNUSED static void run_client(client_test *test)
{
    struct client_run run = {.test = test};
    signal(SIGPIPE, SIG_IGN);
    forget_proxies();
    options.size = sizeof options;
    site.options.log_level = "error";
    open_world();
    open_site(&site);
    size_t before = open_descriptors();
    ck_assert_int_eq(gr_client_create(&run.client, &options), 0);
    ck_assert_int_eq(gr_run(run_client_test, &run), 0);
    expect_descriptors(before);
    close_site(&site);
}

#define CLIENT_TEST(name) \
    static void name##_with(gr_co co, gr_client *client); \
    START_TEST(name) \
    { \
        run_client(name##_with); \
    } \
    END_TEST \
    static void name##_with(gr_co co, gr_client *client)

/* --- a server that says just this to its first client, once that has asked, and closes --- */

struct liar {
    const char *says;
    int fd, port;
    pthread_t thread;
};

GR_UNUSED static void *lie(void *arg)
{
    struct liar *liar = arg;
    char heard[4096];
    int fd = accept(liar->fd, NULL, NULL);
    for (size_t len = 0; fd >= 0 && len < sizeof heard - 1;) {
        ssize_t n = recv(fd, heard + len, sizeof heard - 1 - len, 0);
        heard[len += n > 0 ? (size_t)n : 0] = '\0';
        if (n <= 0 || strstr(heard, "\r\n\r\n"))
            break;
    }
    put(fd, liar->says);
    close(fd);
    return NULL;
}

GR_UNUSED static const char *begin_lying(struct liar *liar, const char *says)
{
    static char text[100];
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof name;
    liar->says = says;
    liar->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(liar->fd, (struct sockaddr *)&name, size), 0);
    ck_assert_int_eq(listen(liar->fd, 1), 0);
    ck_assert_int_eq(getsockname(liar->fd, (struct sockaddr *)&name, &size), 0);
    ck_assert_int_eq(pthread_create(&liar->thread, NULL, lie, liar), 0);
    snprintf(text, sizeof text, "http://127.0.0.1:%d/", ntohs(name.sin_port));
    return text;
}

GR_UNUSED static void end_lying(struct liar *liar)
{
    pthread_join(liar->thread, NULL);
    close(liar->fd);
}

/* A request that must be answered so (body NULL: any), and is then the caller's to finish. */
GR_UNUSED static gr_response expect(gr_co co, gr_client *client, const gr_fetch_request *request, int status,
                                    const char *body)
{
    gr_response response;
    int rc = gr_fetch(co, client, request, &response);
    ck_assert_msg(rc == 0, "%s: %d %s", request->url, rc, response.error);
    ck_assert_msg(response.status == status && (!body || !strcmp(response.body, body)),
                  "%s: wanted %d \"%s\", got %d \"%s\"", request->url, status, body ? body : "", response.status,
                  response.body);
    ck_assert_str_eq(response.error, "");
    return response;
}

GR_UNUSED static void expect_answer(gr_co co, gr_client *client, const gr_fetch_request *request, int status,
                                    const char *body)
{
    gr_response response = expect(co, client, request, status, body);
    gr_response_finish(&response);
}

GR_UNUSED static void expect_get(gr_co co, gr_client *client, const char *target, int status, const char *body)
{
    expect_answer(co, client, GR_FETCH(.url = url(target)), status, body);
}

/* A request that must fail so, with these words in the reason. */
GR_UNUSED static void expect_failure(gr_co co, gr_client *client, const gr_fetch_request *request, int wanted,
                                     const char *why)
{
    gr_response response;
    int rc = gr_fetch(co, client, request, &response);
    ck_assert_msg(rc == wanted && strstr(response.error, why), "%s: wanted %d %s, got %d %s", request->url, wanted, why,
                  rc, response.error);
    ck_assert_int_eq(response.status, 0);
    ck_assert_ptr_null(response.head);
    gr_response_finish(&response);
}

#endif
