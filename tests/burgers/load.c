/* A load client: many connections at once, each with one request, from one libuv loop.
 *
 *     burgers_load PORT AT_MS COUNT TARGET [AT_MS COUNT TARGET]...
 *
 * AT_MS after the start COUNT connections each send GET TARGET. A line for each group, in order:
 *
 *     TARGET answered=N first_ms=N last_ms=N
 *
 * the number of answers 200, and the time from AT_MS to the first and to the last of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { ANSWER_BYTES = 4096, MOST_GROUPS = 16 };

struct group {
    uv_timer_t timer;
    struct sockaddr_in address;
    char request[512];
    const char *target;
    long at_ms, count;
    uint64_t began_ms, first_ms, last_ms;
    long answered;
};

struct client {
    uv_tcp_t tcp;
    uv_connect_t connect;
    uv_write_t write;
    struct group *group;
    char answer[ANSWER_BYTES];
    size_t len;
};

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void count_answer(struct client *client)
{
    static const char ok[] = "HTTP/1.1 200 ";
    struct group *group = client->group;
    if (client->len < sizeof ok || memcmp(client->answer, ok, sizeof ok - 1) != 0)
        return;
    group->last_ms = uv_hrtime() / 1000000 - group->began_ms;
    if (group->answered++ == 0)
        group->first_ms = group->last_ms;
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct client *client = handle->data;
    (void)suggested;
    *buf = uv_buf_init(client->answer + client->len, (unsigned)(ANSWER_BYTES - client->len));
}

/* The request says Connection: close, so the end of the answer is the end of the connection. */
static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct client *client = stream->data;
    (void)buf;
    if (n >= 0) {
        client->len += (size_t)n;
        return;
    }
    if (n == UV_EOF)
        count_answer(client);
    uv_close((uv_handle_t *)stream, on_closed);
}

static void on_connected(uv_connect_t *connect, int status)
{
    struct client *client = connect->data;
    uv_stream_t *stream = (uv_stream_t *)&client->tcp;
    uv_buf_t request = uv_buf_init(client->group->request, (unsigned)strlen(client->group->request));
    if (status < 0 || uv_write(&client->write, stream, &request, 1, NULL) < 0 ||
        uv_read_start(stream, on_alloc, on_read) < 0) {
        fprintf(stderr, "%s: %s\n", client->group->target, uv_strerror(status));
        uv_close((uv_handle_t *)stream, on_closed);
    }
}

static void start_client(uv_loop_t *loop, struct group *group)
{
    struct client *client = calloc(1, sizeof *client);
    if (!client)
        abort();
    client->group = group;
    uv_tcp_init(loop, &client->tcp);
    client->tcp.data = client->connect.data = client;
    if (uv_tcp_connect(&client->connect, &client->tcp, (const struct sockaddr *)&group->address, on_connected) < 0)
        uv_close((uv_handle_t *)&client->tcp, on_closed);
}

static void start_group(uv_timer_t *timer)
{
    struct group *group = timer->data;
    group->began_ms = uv_hrtime() / 1000000;
    for (long i = 0; i < group->count; i++)
        start_client(timer->loop, group);
}

static void add_group(uv_loop_t *loop, struct group *group, int port, char **arguments)
{
    group->at_ms = atol(arguments[0]);
    group->count = atol(arguments[1]);
    group->target = arguments[2];
    snprintf(group->request, sizeof group->request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
             group->target);
    uv_ip4_addr("127.0.0.1", port, &group->address);
    uv_timer_init(loop, &group->timer);
    group->timer.data = group;
    uv_timer_start(&group->timer, start_group, (uint64_t)group->at_ms, 0);
}

int main(int argc, char **argv)
{
    static struct group groups[MOST_GROUPS];
    uv_loop_t *loop = uv_default_loop();
    int n = (argc - 2) / 3;
    if (n < 1 || n > MOST_GROUPS || argc != 2 + 3 * n)
        return 2;
    for (int i = 0; i < n; i++)
        add_group(loop, &groups[i], atoi(argv[1]), argv + 2 + 3 * (size_t)i);
    uv_run(loop, UV_RUN_DEFAULT);
    for (int i = 0; i < n; i++)
        printf("%s answered=%ld first_ms=%llu last_ms=%llu\n", groups[i].target, groups[i].answered,
               (unsigned long long)groups[i].first_ms, (unsigned long long)groups[i].last_ms);
    return 0;
}
