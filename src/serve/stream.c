#include <griddle/stream.h>

#include "co/call.h"
#include "http/status.h"
#include "serve/req.h"

struct gr_writer {
    gr_req *req;
};

/* --- reading --- */

/* Collected before the handler ran: the whole is one piece. */
static int read_collected(gr_req *req, struct gri_str *piece)
{
    *piece = req->body_given ? GRI_STR("") : req->body;
    req->body_given = true;
    return 0;
}

/* All that has come, however small the chunks: a thread is handed it over in one piece. */
static int read_piece(gr_co co, gr_req *req, struct gri_str *piece)
{
    if (!req->op || !req->op->route->options.stream_body)
        return read_collected(req, piece);
    int rc = gri_exchange_read(co, &req->x, piece);
    if (rc || piece->len == 0)
        return rc;
    req->piece.len = 0;
    for (struct gri_str next = *piece; next.len; next = gri_exchange_read_on(&req->x))
        gri_buf_put(&req->piece, next.at, next.len);
    if (req->piece.failed)
        return GR_ENOMEM;
    *piece = (struct gri_str){req->piece.data, req->piece.len};
    return 0;
}

int gr_read(gr_co co, gr_req *req, const char **data, size_t *len)
{
    struct gri_str piece = GRI_STR("");
    int rc = gri_await_begin(co);
    gri_req_check(req);
    rc = rc ? rc : read_piece(co, req, &piece);
    *data = piece.at;
    *len = piece.len;
    return gri_fail_body(req, rc);
}

struct read_call {
    gr_req *req;
    struct gri_str piece;
};

static int answer_read(gr_co co, void *arg)
{
    struct read_call *call = arg;
    return read_piece(co, call->req, &call->piece);
}

int gr_read_blocking(gr_req *req, const char **data, size_t *len)
{
    gri_req_check(req);
    struct read_call call = {req, GRI_STR("")};
    int rc = gri_job_ask(answer_read, &call);
    *data = call.piece.at;
    *len = call.piece.len;
    return gri_fail_body(req, rc);
}

/* --- writing --- */

int gr_write(gr_co co, gr_writer *writer, const void *data, size_t len)
{
    gri_check_co(co);
    return gri_exchange_write(co, &writer->req->x, (struct gri_str){data, len});
}

struct write_call {
    gr_req *req;
    struct gri_str bytes;
};

static int answer_write(gr_co co, void *arg)
{
    struct write_call *call = arg;
    return gri_exchange_write(co, &call->req->x, call->bytes);
}

int gr_write_blocking(gr_writer *writer, const void *data, size_t len)
{
    gri_req_check(writer->req);
    struct write_call call = {writer->req, {data, len}};
    return gri_job_ask(answer_write, &call);
}

/* --- the reply --- */

static gr_reply stream_reply(gr_req *req, const char *content_type, void *arg)
{
    gri_req_check(req);
    gri_req_check_lasts(req, arg, "the arg of gr_stream()");
    gr_reply reply = gri_reply_create(req, 200);
    if (reply.impl->spoilt)
        return reply;
    reply.impl->response.streamed = true;
    reply.impl->running = req->running;
    reply.impl->write_arg = arg;
    return content_type ? gr_with_header(reply, "content-type", content_type) : reply;
}

gr_reply gr_stream_async(gr_req *req, const char *content_type, gr_write_fn *fn, void *arg)
{
    gr_reply reply = stream_reply(req, content_type, arg);
    reply.impl->write = fn;
    return reply;
}

gr_reply gr_stream_blocking(gr_req *req, const char *content_type, gr_blocking_write_fn *fn, void *arg)
{
    gr_reply reply = stream_reply(req, content_type, arg);
    reply.impl->write_blocking = fn;
    return reply;
}

static gr_reply with_length(gr_reply reply, uint64_t length)
{
    reply.impl->response.sized = reply.impl->response.streamed; /* not where it has become a 500 */
    reply.impl->response.length = length;
    return reply;
}

gr_reply gr_stream_sized_async(gr_req *req, const char *content_type, uint64_t length, gr_write_fn *fn, void *arg)
{
    return with_length(gr_stream_async(req, content_type, fn, arg), length);
}

gr_reply gr_stream_sized_blocking(gr_req *req, const char *content_type, uint64_t length, gr_blocking_write_fn *fn,
                                  void *arg)
{
    return with_length(gr_stream_blocking(req, content_type, fn, arg), length);
}

struct stream_call {
    gr_req *req;
    struct gr_reply_impl *impl;
    bool began;
};

/* The head goes out only when a thread is there to write the body: until then a full pool can still be a 503. */
static int answer_begin(gr_co co, void *arg)
{
    struct stream_call *call = arg;
    call->began = true;
    return gri_exchange_begin(co, &call->req->x, &call->impl->response);
}

static int stream_run_blocking(void *arg)
{
    struct stream_call *call = arg;
    gr_writer writer = {call->req};
    int rc = gri_job_ask(answer_begin, call);
    return rc ? rc : call->impl->write_blocking(&writer, call->impl->write_arg);
}

static int send_blocking(gr_co co, struct stream_call *call)
{
    gr_req *req = call->req;
    int rc = gri_req_lend(co, req, stream_run_blocking, call);
    if (call->began)
        return gri_exchange_end(co, &req->x, rc);
    struct gr_reply_impl *refused = gr_failed(req, rc).impl;
    call->impl->response = refused->response;
    call->impl->failed = true;
    return refused->none ? rc
                         : gri_exchange_reply(co, &req->x, &refused->response, req->records.deferred || req->after);
}

static int call_user_writer(gr_co co, void *arg)
{
    struct stream_call *call = arg;
    gr_writer writer = {call->req};
    return call->impl->write(co, &writer, call->impl->write_arg);
}

static int send_async(gr_co co, struct stream_call *call)
{
    struct gri_exchange *x = &call->req->x;
    int rc = gri_exchange_begin(co, x, &call->impl->response);
    if (rc == 0 && gri_exchange_wants_body(x, call->impl->response.status))
        rc = gri_call(co, call_user_writer, call);
    return gri_exchange_end(co, x, rc);
}

int gri_stream_send(gr_co co, gr_req *req, struct gr_reply_impl *impl)
{
    struct stream_call call = {.req = req, .impl = impl};
    req->running = impl->running;
    bool wants_body = gri_exchange_wants_body(&req->x, impl->response.status);
    return impl->write_blocking && wants_body ? send_blocking(co, &call) : send_async(co, &call);
}
