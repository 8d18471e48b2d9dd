#include "fetch/client.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/transfer.h"

enum { TIMEOUT_MS = 30000, CONNECT_TIMEOUT_MS = 10000, IDLE_CONNECTIONS = 100, MAX_BODY = 16 * 1024 * 1024 };

struct gri_fetch_socket {
    struct gri_fetch_socket *next, *prev;
    gr_client *client;
    curl_socket_t fd;
    int events;
    uv_poll_t poll;
};

/* --- what has ended --- */

/* libcurl has handles of its own beside ours. */
static void end_transfer(CURL *easy, CURLcode code)
{
    struct gri_transfer *transfer = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    if (!transfer)
        return;
    if (transfer->redirected && !transfer->rc)
        transfer->moved = true;
    else
        transfer->done = true;
    transfer->code = code;
    gr_event_set(&transfer->changed);
}

static void end_transfers(gr_client *client)
{
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(client->multi, &left)))
        if (message->msg == CURLMSG_DONE)
            end_transfer(message->easy_handle, message->data.result);
}

/* libcurl asks the system what went wrong, which answers in the language of the locale. */
static void act(gr_client *client, curl_socket_t fd, int events)
{
    int running;
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0), before = uselocale(c);
    curl_multi_socket_action(client->multi, fd, events, &running);
    uselocale(before);
    freelocale(c);
    end_transfers(client);
}

/* --- sockets --- */

/* libuv stops to watch a socket in error, which libcurl does not know; so it is watched on. */
static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct gri_fetch_socket *socket = poll->data;
    int flags = (events & UV_READABLE ? CURL_CSELECT_IN : 0) | (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0);
    if (status < 0) {
        flags = CURL_CSELECT_ERR;
        uv_poll_start(poll, socket->events, on_poll);
    }
    act(socket->client, socket->fd, flags);
}

static void one_closed(gr_client *client);

static void on_socket_closed(uv_handle_t *handle)
{
    struct gri_fetch_socket *socket = handle->data;
    one_closed(socket->client);
    free(socket);
}

static void unwatch(struct gri_fetch_socket *socket)
{
    if (socket->next)
        socket->next->prev = socket->prev;
    if (socket->prev)
        socket->prev->next = socket->next;
    else
        socket->client->sockets = socket->next;
    uv_close((uv_handle_t *)&socket->poll, on_socket_closed);
}

static struct gri_fetch_socket *watch(gr_client *client, curl_socket_t fd)
{
    struct gri_fetch_socket *socket = calloc(1, sizeof *socket);
    if (!socket || uv_poll_init_socket(client->loop, &socket->poll, fd) < 0) {
        free(socket);
        return NULL;
    }
    uv_unref((uv_handle_t *)&socket->poll);
    socket->poll.data = socket;
    socket->client = client;
    socket->fd = fd;
    socket->next = client->sockets;
    if (socket->next)
        socket->next->prev = socket;
    client->sockets = socket;
    client->open++;
    curl_multi_assign(client->multi, fd, socket);
    return socket;
}

/* An error returned from here would end every transfer of the client, and the client with them; so one is ended. */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *arg)
{
    gr_client *client = user;
    struct gri_fetch_socket *socket = arg;
    if (what == CURL_POLL_REMOVE) {
        if (socket)
            unwatch(socket);
        return 0;
    }
    if (!socket)
        socket = watch(client, fd);
    if (!socket) {
        end_transfer(easy, CURLE_OUT_OF_MEMORY);
        return 0;
    }
    socket->events = (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
    uv_poll_start(&socket->poll, socket->events, on_poll);
    return 0;
}

/* --- time --- */

static void on_timer(uv_timer_t *timer)
{
    act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static int on_timeout(CURLM *multi, long timeout_ms, void *user)
{
    gr_client *client = user;
    (void)multi;
    if (!client->loop)
        return 0;
    if (timeout_ms < 0)
        uv_timer_stop(&client->timer);
    else
        uv_timer_start(&client->timer, on_timer, (uint64_t)timeout_ms, 0);
    return 0;
}

/* --- on a loop --- */

int gri_fetch_bind(gr_client *client, gr_co co)
{
    if (client->loop)
        return client->loop == gr_loop(co) ? 0 : GR_EINVAL;
    client->loop = gr_loop(co);
    uv_timer_init(client->loop, &client->timer);
    uv_check_init(client->loop, &client->hold);
    uv_unref((uv_handle_t *)&client->timer);
    client->timer.data = client->hold.data = client;
    client->open = 2;
    return 0;
}

static void on_turn(uv_check_t *check)
{
    (void)check;
}

void gri_fetch_hold(gr_client *client)
{
    if (client->waiting++ == 0)
        uv_check_start(&client->hold, on_turn);
}

void gri_fetch_release(gr_client *client)
{
    if (--client->waiting == 0)
        uv_check_stop(&client->hold);
}

/* --- the end --- */

static void free_client(gr_client *client)
{
    gri_names_finish(&client->names);
    free((void *)(uintptr_t)client->options.ca_file);
    free((void *)(uintptr_t)client->options.proxy);
    free((void *)(uintptr_t)client->options.user_agent);
    free(client);
}

static void one_closed(gr_client *client)
{
    if (--client->open == 0)
        free_client(client);
}

static void on_handle_closed(uv_handle_t *handle)
{
    one_closed(handle->data);
}

static void close_handles(gr_client *client)
{
    while (client->sockets)
        unwatch(client->sockets);
    uv_close((uv_handle_t *)&client->timer, on_handle_closed);
    uv_close((uv_handle_t *)&client->hold, on_handle_closed);
}

void gr_client_destroy(gr_client *client)
{
    if (!client)
        return;
    if (client->transfers) {
        fprintf(stderr, "griddle: gr_client_destroy() while %u of its requests or streams are open: end them first\n",
                client->transfers);
        abort();
    }
    curl_multi_cleanup(client->multi);
    curl_global_cleanup();
    if (client->loop)
        close_handles(client);
    else
        free_client(client);
}

/* --- the beginning --- */

static bool copy(const char **text)
{
    bool wanted = *text;
    if (wanted)
        *text = strdup(*text);
    return *text || !wanted;
}

/* The strings of the caller's become the client's own; those that cannot, NULL. */
static bool set_options(gr_client_options *own)
{
    own->idle_connections = own->idle_connections ? own->idle_connections : IDLE_CONNECTIONS;
    own->timeout_ms = own->timeout_ms ? own->timeout_ms : TIMEOUT_MS;
    own->connect_timeout_ms = own->connect_timeout_ms > 0 ? own->connect_timeout_ms : CONNECT_TIMEOUT_MS;
    own->max_body_bytes = own->max_body_bytes ? own->max_body_bytes : MAX_BODY;
    own->user_agent = own->user_agent ? own->user_agent : "griddle/" GR_VERSION;
    bool agent = copy(&own->user_agent), ca_file = copy(&own->ca_file), proxy = copy(&own->proxy);
    return agent && ca_file && proxy;
}

static CURLM *create_multi(gr_client *client)
{
    const gr_client_options *options = &client->options;
    CURLM *multi = curl_multi_init();
    if (!multi)
        return NULL;
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, client);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timeout);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, client);
    curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)options->connections);
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)options->host_connections);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)options->idle_connections);
    return multi;
}

int gr_client_create(gr_client **out, const gr_client_options *options)
{
    *out = NULL;
    gr_client_options own = {.size = sizeof own};
    if (options && !gr_sized_take(&own, sizeof own, options, 2 * sizeof options->size))
        return GR_EINVAL;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return GR_EIO;
    gr_client *client = calloc(1, sizeof *client);
    if (client)
        client->options = own;
    if (client && set_options(&client->options))
        client->multi = create_multi(client);
    if (client && client->multi) {
        *out = client;
        return 0;
    }
    if (client)
        free_client(client);
    curl_global_cleanup();
    return GR_ENOMEM;
}
