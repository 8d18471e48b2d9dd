#include <stdlib.h>

#include "fetch/transfer.h"

struct gr_fetch_stream {
    struct gri_transfer transfer;
    struct gri_fetch_buf out; /* what was handed out last */
    gr_response *response;    /* borrowed */
};

static bool has_head(const struct gri_transfer *transfer)
{
    return transfer->head_done || transfer->done;
}

static bool has_piece(const struct gri_transfer *transfer)
{
    return transfer->in.len > 0 || transfer->done;
}

/* --- opening --- */

static int open_stream(gr_co co, gr_fetch_stream *stream, gr_client *client, const gr_fetch_request *request)
{
    struct gri_transfer *transfer = &stream->transfer;
    int rc = gri_transfer_begin(co, transfer, client, request, true);
    if (rc == 0)
        rc = gri_transfer_wait(co, transfer, has_head);
    if (rc == 0 && !transfer->head_done)
        rc = gri_transfer_result(transfer);
    return gri_transfer_tell(transfer, rc, stream->response);
}

int gr_fetch_open(gr_co co, gr_client *client, const gr_fetch_request *request, gr_response *response,
                  gr_fetch_stream **out)
{
    gr_fetch_stream *stream = calloc(1, sizeof *stream);
    *response = (gr_response){0};
    *out = stream;
    if (!stream)
        return gri_transfer_tell(&(struct gri_transfer){.rc = GR_ENOMEM}, GR_ENOMEM, response);
    stream->response = response;
    int rc = open_stream(co, stream, client, request);
    if (rc == 0)
        return 0;
    gr_fetch_close(stream);
    *out = NULL;
    return rc;
}

/* --- reading --- */

/* Two buffers, so that one fills while the other is read. */
static void hand_out(gr_fetch_stream *stream, const char **data, size_t *len)
{
    struct gri_transfer *transfer = &stream->transfer;
    struct gri_fetch_buf empty = stream->out;
    empty.len = 0;
    stream->out = transfer->in;
    transfer->in = empty;
    *data = stream->out.data;
    *len = stream->out.len;
}

/* What was held back goes into the buffer that is empty now, and more comes while the other is read. */
static void make_room(struct gri_transfer *transfer)
{
    if (!transfer->paused)
        return;
    transfer->paused = false;
    gri_transfer_resume(transfer);
}

int gr_fetch_read(gr_co co, gr_fetch_stream *stream, const char **data, size_t *len)
{
    struct gri_transfer *transfer = &stream->transfer;
    int rc = gri_transfer_wait(co, transfer, has_piece);
    if (rc == 0 && transfer->in.len == 0)
        rc = gri_transfer_result(transfer);
    if (rc != 0)
        return gri_transfer_tell(transfer, rc, stream->response);
    hand_out(stream, data, len);
    make_room(transfer);
    return 0;
}

void gr_fetch_close(gr_fetch_stream *stream)
{
    if (!stream)
        return;
    gri_transfer_finish(&stream->transfer);
    free(stream->out.data);
    free(stream);
}
