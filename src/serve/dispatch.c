#include "base/clear.h"
#include "co/call.h"
#include "http/status.h"
#include "serve/req.h"

/* --- the chain --- */

struct gr_next {
    size_t step;       /* the next middleware */
    const void *input; /* the operation's, bound before a thread is asked for */
    bool ran;
};

static const struct gri_step *step_at(const gr_req *req, const gr_next *next)
{
    const struct gri_list *steps = &req->running->program.app->steps;
    return next->step < steps->n ? (const struct gri_step *)steps->items + next->step : NULL;
}

static gr_reply checked(gr_req *req, gr_reply reply)
{
    if (reply.impl && reply.impl->req == req)
        return reply;
    return gri_reply_internal_error(req, reply.impl ? "returned a reply that belongs to another request"
                                                    : "returned no reply: end with `return gr_json(...)` or its like");
}

/* What the operation itself returned: a reply that says no status gets the operation's, before middleware sees it. */
static gr_reply from_operation(gr_req *req, gr_reply reply)
{
    int status = req->op->route->options.status;
    reply = checked(req, reply);
    if (status && reply.impl->response.status == 200 && !reply.impl->has_status)
        reply.impl->response.status = status;
    return reply;
}

static GRI_COLD gr_reply ran_twice(gr_req *req)
{
    return gri_reply_internal_error(req, "a middleware called what is next twice");
}

static gr_reply call_blocking_operation(gr_req *req, const void *input)
{
    return from_operation(req, req->op->route->call((gr_co){0}, req, input));
}

gr_reply gr_call_next_blocking(gr_req *req, gr_next *next)
{
    gri_req_check(req);
    if (next->ran)
        return ran_twice(req);
    next->ran = true;
    const struct gri_step *step = step_at(req, next);
    GRI_EXCEPTIONS_END_HERE();
    if (!step)
        return call_blocking_operation(req, next->input);
    gr_next after = {.step = next->step + 1, .input = next->input};
    return checked(req, step->blocking(req, &after));
}

struct middleware_call {
    gr_req *req;
    const struct gri_step *step;
    gr_next *next;
    gr_reply reply;
};

static int call_user_middleware(gr_co co, void *arg)
{
    struct middleware_call *call = arg;
    call->reply = call->step->async(co, call->req, call->next);
    return 0;
}

static gr_reply run_middleware(gr_co co, gr_req *req, const struct gri_step *step, gr_next after)
{
    struct middleware_call call = {.req = req, .step = step, .next = &after};
    (void)gri_call(co, call_user_middleware, &call);
    return checked(req, call.reply);
}

struct operation_call {
    gr_req *req;
    const void *input;
    gr_reply reply;
};

static int call_user_operation(gr_co co, void *arg)
{
    struct operation_call *call = arg;
    call->reply = call->req->op->route->call(co, call->req, call->input);
    return 0;
}

static gr_reply run_operation(gr_co co, gr_req *req, const void *input)
{
    struct operation_call call = {.req = req, .input = input};
    (void)gri_call(co, call_user_operation, &call);
    return from_operation(req, call.reply);
}

struct blocking_call {
    gr_req *req;
    gr_next *next;
    gr_reply reply;
};

static int dispatch_run_blocking(void *arg)
{
    struct blocking_call *call = arg;
    call->reply = gr_call_next_blocking(call->req, call->next);
    return 0;
}

/* All blocking steps that are left make one trip to the pool. */
static gr_reply call_on_pool(gr_co co, gr_req *req, gr_next *next)
{
    struct blocking_call call = {.req = req, .next = next};
    int rc = gri_req_lend(co, req, dispatch_run_blocking, &call);
    return rc ? gr_failed(req, rc) : call.reply;
}

/* Text of that size would hold the loop for a millisecond. */
static bool is_large(const gr_req *req)
{
    enum { PARSE_BYTES = 65536 };
    return req->body.len > PARSE_BYTES;
}

/* A handler that declares its body gets it decoded; one that does not may ask for JSON, which is parsed for it. */
static bool wants_parsing(const gr_req *req)
{
    return req->op->route->kind == GR_ASYNC && is_large(req) && !req->op->has_body && gri_body_is_json(req);
}

static int take_body(gr_co co, gr_req *req)
{
    if (req->op->route->options.stream_body)
        return req->x.head.content_length > gri_body_most(req) ? 413 : 0;
    int rc = gri_exchange_collect(co, &req->x, gri_body_most(req), &req->body);
    return rc == 0 && wants_parsing(req) ? gri_body_parse_on_pool(co, req) : rc;
}

static int take_input(gr_co co, gr_req *req, const void **input)
{
    return req->op->has_body && is_large(req) ? gri_bind_on_pool(co, req, input) : gri_bind(req, input);
}

static gr_reply call_operation(gr_co co, gr_req *req, gr_next *next)
{
    int rc = take_body(co, req);
    if (rc)
        return gr_failed(req, gri_fail_body(req, rc));
    if (req->op->input && (rc = take_input(co, req, &next->input)) != 0)
        return gr_failed(req, rc);
    if (req->op->route->kind == GR_BLOCKING)
        return call_on_pool(co, req, next);
    return run_operation(co, req, next->input);
}

gr_reply gr_call_next(gr_co co, gr_req *req, gr_next *next)
{
    gri_check_co(co);
    gri_req_check(req);
    if (next->ran)
        return ran_twice(req);
    next->ran = true;
    const struct gri_step *step = step_at(req, next);
    if (step && step->kind == GR_ASYNC)
        return run_middleware(co, req, step, (gr_next){.step = next->step + 1});
    if (!req->op)
        return gri_reply_unrouted(req);
    gr_next rest = {.step = next->step};
    return call_operation(co, req, &rest);
}

/* --- one request --- */

static int route(gr_req *req)
{
    struct gri_match match;
    int rc = gri_target_parse(&req->target, req->x.head.target, &req->x.arena);
    req->refused = rc > 0 ? rc : 0;
    if (rc)
        return rc < 0 ? rc : 0;
    gri_router_find(&req->running->program.router, req->x.head.method, req->target.path, &match);
    if (!match.op)
        return 0;
    size_t bytes = match.op->pattern.n_params * sizeof *req->params;
    req->params = bytes ? gri_arena_alloc(&req->x.arena, bytes) : NULL;
    if (bytes && !req->params)
        return GR_ENOMEM;
    if (bytes)
        memcpy(req->params, match.params, bytes);
    req->op = match.op;
    req->name = match.op->route->name;
    req->x.task->name = req->name;
    req->x.codec.body_limit = gri_body_most(req); /* now: middleware may read before the handler */
    req->x.finish_if_abandoned = match.op->route->options.finish_if_abandoned;
    if (match.op->route->options.deadline_ms)
        gri_exchange_set_deadline(&req->x, match.op->route->options.deadline_ms);
    return 0;
}

static void req_init(gr_req *req)
{
    gri_clear((char *)req + sizeof req->x, sizeof *req - sizeof req->x);
    req->running = req->x.http->service.state;
    req->owner = gri_this_thread();
    req->name = "";
    req->body = GRI_STR("");
}

static GRI_COLD int encode_rest(void *arg)
{
    return gri_reply_encode_rest(arg);
}

/* The rest of a large value is encoded on the pool; a full pool refuses that as it refuses a blocking handler. */
static gr_reply complete(gr_co co, gr_req *req, gr_reply reply)
{
    struct gr_reply_impl *impl = reply.impl;
    if (!impl->rest)
        return reply;
    int rc = gri_offload_for_us(co, encode_rest, impl);
    if (rc == GR_EMSGSIZE || rc == GR_EINVAL)
        return gri_reply_internal_error(req, "gr_json(): %s", gri_json_write_fault(rc));
    return rc ? gr_failed(req, rc) : reply;
}

static gr_outcome dispatch_answer(gr_co co, gr_req *req, gr_reply reply)
{
    if (reply.impl->none)
        return GR_ABANDONED;
    struct gri_response *response = &reply.impl->response;
    int rc = response->streamed ? gri_stream_send(co, req, reply.impl)
                                : gri_exchange_reply(co, &req->x, response, req->deferred || req->after);
    if (rc)
        return GR_ABANDONED;
    return response->status < 400 ? GR_ANSWERED : GR_FAILED;
}

/* As where no coroutine could be started: the client may ask again. */
static GRI_COLD gr_reply not_begun(gr_req *req, int rc)
{
    return rc == GR_EBUSY ? gr_failed(req, rc) : gri_reply_internal_error(req, "out of memory");
}

static gr_reply respond(gr_co co, gr_req *req, int rc)
{
    gr_next first = {0};
    return rc ? not_begun(req, rc) : complete(co, req, gr_call_next(co, req, &first));
}

static bool wants_larger_stack(const gr_task *task, const gr_req *req)
{
    size_t bytes = req->op ? req->op->route->options.stack_bytes : 0;
    return bytes && !gri_task_has_stack(task, bytes);
}

static int dispatch_serve(gr_co co, void *arg);

/* All that an application runs in the request's coroutine, teardowns too, has the stack that the operation asks for. */
static GRI_COLD int serve_on_larger_stack(gr_co co, gr_req *req)
{
    return gr_on_stack(co, req->op->route->options.stack_bytes, dispatch_serve, req) ? GR_EBUSY : 0;
}

static int dispatch_serve(gr_co co, void *arg)
{
    gr_req *req = arg;
    int rc = 0;
    if (!gri_task_is_elsewhere(co.task)) {
        req_init(req);
        rc = route(req);
        if (rc == 0 && wants_larger_stack(co.task, req) && (rc = serve_on_larger_stack(co, req)) == 0)
            return 0;
    }
    req->frame = __builtin_frame_address(0);
    gr_reply reply = respond(co, req, rc);
    gr_outcome outcome = dispatch_answer(co, req, reply);
    gri_exchange_give_up(&req->x); /* background tasks and teardowns hold no connection, and nobody waits for them */
    if (req->after && !reply.impl->none && !reply.impl->failed)
        gri_after_run(co, req);
    if (req->deferred)
        gri_deferred_run(co, req, outcome);
    gri_reply_free_large(req);
    gri_buf_finish(&req->piece);
    json_decref(req->json.value);
    json_decref(req->input_json);
    gri_arena_release(req->arena);
    return 0;
}

struct gri_service gri_running_service(struct gri_running *running)
{
    return (struct gri_service){.serve = dispatch_serve, .exchange_size = sizeof(gr_req), .state = running};
}
