#include "fetch/transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int gri_transfer_fail(struct gri_transfer *transfer, int rc, const char *why)
{
    if (transfer->rc != 0)
        return transfer->rc;
    transfer->rc = rc;
    transfer->why = why;
    return rc;
}

int gri_transfer_result(const struct gri_transfer *transfer)
{
    return transfer->rc ? transfer->rc : gri_fetch_code(transfer->easy, transfer->code);
}

/* --- the beginning --- */

static int find_client(gr_co co, struct gri_transfer *transfer, gr_client *client)
{
    int rc = 0;
    transfer->client = client;
    transfer->owns_client = client == NULL;
    if (!client)
        rc = gr_client_create(&transfer->client, NULL);
    if (rc < 0)
        return gri_transfer_fail(transfer, rc, NULL);
    if (gri_fetch_bind(transfer->client, co) < 0)
        return gri_transfer_fail(transfer, GR_EINVAL, "the client belongs to another event loop");
    return 0;
}

static void set_limits(struct gri_transfer *transfer, bool streams)
{
    const gr_client_options *options = &transfer->client->options;
    const gr_fetch_request *request = transfer->request;
    transfer->streams = streams;
    transfer->limit = streams                   ? GRI_FETCH_WINDOW
                      : request->max_body_bytes ? request->max_body_bytes
                                                : options->max_body_bytes;
    transfer->timeout_ms = request->timeout_ms ? request->timeout_ms : options->timeout_ms;
}

/* A coroutine that is cancelled, or late, sends nothing any more. */
static int check_co(gr_co co)
{
    gr_event set = {.is_set = true};
    return gr_event_wait(co, &set);
}

int gri_transfer_begin(gr_co co, struct gri_transfer *transfer, gr_client *client, const gr_fetch_request *request,
                       bool streams)
{
    *transfer = (struct gri_transfer){.request = &transfer->own};
    gr_sized_take(&transfer->own, sizeof transfer->own, request, offsetof(gr_fetch_request, method)); /* else no size */
    int rc = check_co(co);
    if (rc < 0)
        return gri_transfer_fail(transfer, rc, NULL);
    rc = find_client(co, transfer, client);
    if (rc < 0)
        return rc;
    transfer->easy = curl_easy_init();
    if (!transfer->easy)
        return gri_transfer_fail(transfer, GR_ENOMEM, NULL);
    rc = gri_transfer_prepare(transfer);
    if (rc == 0)
        set_limits(transfer, streams);
    return rc;
}

/* --- under way --- */

void gri_transfer_resume(struct gri_transfer *transfer)
{
    if (transfer->done || transfer->moved)
        return;
    int mask = (transfer->paused ? CURLPAUSE_RECV : 0) | (transfer->wants_body ? CURLPAUSE_SEND : 0);
    CURLcode code = curl_easy_pause(transfer->easy, mask);
    if (code == CURLE_OK)
        return;
    transfer->done = true;
    transfer->code = code;
}

static int take_piece(struct gri_transfer *transfer, size_t len)
{
    bool too_short = len == 0 && transfer->up_left > 0, too_long = len > transfer->up_left;
    if (transfer->up_counted && (too_short || too_long))
        return gri_transfer_fail(transfer, GR_EINVAL, "the body that was pulled has not body_len bytes");
    transfer->up_left -= transfer->up_counted ? len : 0;
    transfer->up_len = len;
    transfer->up_ended = len == 0;
    return 0;
}

struct pull {
    struct gri_transfer *transfer;
    size_t len;
};

static int call_user_pull(gr_co co, void *arg)
{
    struct pull *self = arg;
    return self->transfer->pull(co, self->transfer->pull_arg, &self->transfer->up, &self->len);
}

static int pull(gr_co co, struct gri_transfer *transfer)
{
    struct pull self = {transfer, 0};
    transfer->has_pulled = true;
    int rc = gr_call(co, call_user_pull, &self);
    if (rc != 0)
        return gri_transfer_fail(transfer, rc, "the body could not be pulled");
    rc = take_piece(transfer, self.len);
    if (rc < 0)
        return rc;
    transfer->wants_body = false;
    gri_transfer_resume(transfer);
    return 0;
}

static int wait_for_change(gr_co co, struct gri_transfer *transfer)
{
    gr_event_clear(&transfer->changed);
    gri_fetch_hold(transfer->client);
    int rc = gr_event_wait(co, &transfer->changed);
    gri_fetch_release(transfer->client);
    return rc;
}

static int go_on(gr_co co, struct gri_transfer *transfer)
{
    if (!transfer->added)
        return gri_transfer_depart(co, transfer);
    if (transfer->moved)
        return gri_transfer_redirect(transfer);
    return transfer->wants_body ? pull(co, transfer) : wait_for_change(co, transfer);
}

int gri_transfer_wait(gr_co co, struct gri_transfer *transfer, bool (*is_ready)(const struct gri_transfer *))
{
    if (transfer->timeout_ms >= 0)
        co = gr_within(co, transfer->timeout_ms);
    int rc = check_co(co);
    while (rc == 0 && !is_ready(transfer))
        rc = go_on(co, transfer);
    return rc;
}

/* --- the end --- */

void gri_transfer_take_back(struct gri_transfer *transfer)
{
    if (!transfer->added)
        return;
    curl_multi_remove_handle(transfer->client->multi, transfer->easy);
    transfer->client->transfers--;
    transfer->added = false;
}

void gri_transfer_finish(struct gri_transfer *transfer)
{
    gri_transfer_take_back(transfer);
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    curl_slist_free_all(transfer->resolved);
    free(transfer->in.data);
    if (transfer->owns_client)
        gr_client_destroy(transfer->client);
    *transfer = (struct gri_transfer){0};
}
