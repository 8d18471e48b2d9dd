#include "base/clear.h"
#include "co/call.h"
#include "http/status.h"
#include "serve/failure.h"
#include "serve/needs.h"

/* --- the chain --- */

static const struct gri_link *link_at(const gr_req *req, size_t step)
{
    return step < req->links->n ? &req->links->at[step] : NULL;
}

static gr_reply checked(gr_req *req, const gr_middleware *of, gr_reply reply)
{
    if (reply.impl && reply.impl->req == req)
        return reply;
    const char *fault = reply.impl ? "returned a reply that belongs to another request"
                                   : "returned no reply: end with `return gr_json(...)` or its like";
    return of ? gri_reply_internal_error(req, "middleware \"%s\" %s", gri_middleware_name(of), fault)
              : gri_reply_internal_error(req, "%s", fault);
}

/* What the operation itself returned: a reply that says no status gets the operation's, before middleware sees it. */
static gr_reply from_operation(gr_req *req, gr_reply reply)
{
    int status = req->op->route->options.status;
    reply = checked(req, NULL, reply);
    if (status && reply.impl->response.status == 200 && !reply.impl->has_status)
        reply.impl->response.status = status;
    return reply;
}

/* What has returned must not be read: it is found by its address alone. */
static const gr_next *live_next(const gr_req *req, const gr_next *next)
{
    const gr_next *at = req->chain;
    while (at && at != next)
        at = at->outer;
    return at;
}

/* NULL: the call may go on; else the reply that says why not. */
static struct gr_reply_impl *next_refused(gr_req *req, const gr_next *next, bool blocking)
{
    const gr_next *live = live_next(req, next);
    if (!live)
        return gri_reply_internal_error(req, "gr_call_next() was given what is next of another request, or of a "
                                             "middleware that has returned")
            .impl;
    if (live->state != GRI_NEXT_WAITS)
        return gri_reply_internal_error(req, "middleware \"%s\" called what is next twice",
                                        gri_middleware_name(live->of))
            .impl;
    if (gri_middleware_is_blocking(live->of) != blocking)
        return gri_reply_internal_error(req, "middleware \"%s\" is %s: it has to call gr_call_next%s()",
                                        gri_middleware_name(live->of), blocking ? "async" : "blocking",
                                        blocking ? "" : "_blocking")
            .impl;
    return NULL;
}

/* What failed is answered before the middleware around sees it. */
static inline gr_reply answered(gr_req *req, gr_reply reply)
{
    return reply.impl->raised ? gri_error_answer(req, reply) : reply;
}

static gr_reply call_blocking_operation(gr_req *req, const void *input)
{
    gr_reply reply = from_operation(req, req->op->route->call((gr_co){0}, req, input));
    return req->records.early ? gri_early_run_on_thread(req, reply) : reply;
}

static gr_reply run_blocking_middleware(gr_req *req, const gr_middleware *middleware, size_t step, const void *input)
{
    gr_next next = {.outer = req->chain, .of = middleware, .step = step + 1, .input = input};
    req->chain = &next;
    gr_reply reply = middleware->blocking ? middleware->blocking(req, &next)
                                          : middleware->blocking_with(req, &next, middleware->options.with);
    req->chain = next.outer;
    return checked(req, middleware, reply);
}

static gr_reply call_blocking_rest(gr_req *req, size_t step, const void *input)
{
    const struct gri_link *link = link_at(req, step);
    struct gri_running *around = req->running;
    GRI_EXCEPTIONS_END_HERE();
    req->running = link ? link->running : req->links->running;
    gr_reply reply =
        link ? run_blocking_middleware(req, link->middleware, step, input) : call_blocking_operation(req, input);
    reply = answered(req, reply);
    req->running = around;
    return reply;
}

gr_reply gr_call_next_blocking(gr_req *req, gr_next *next)
{
    gri_req_check(req);
    struct gr_reply_impl *refused = next_refused(req, next, true);
    if (refused)
        return (gr_reply){refused};
    next->state = GRI_NEXT_RUNS;
    gr_reply reply = call_blocking_rest(req, next->step, next->input);
    next->state = GRI_NEXT_RETURNED;
    return reply;
}

struct middleware_call {
    gr_req *req;
    gr_next next;
    gr_reply reply;
};

static int call_user_middleware(gr_co co, void *arg)
{
    struct middleware_call *call = arg;
    const gr_middleware *of = call->next.of;
    call->reply = of->async ? of->async(co, call->req, &call->next)
                            : of->async_with(co, call->req, &call->next, of->options.with);
    return 0;
}

static gr_reply run_middleware(gr_co co, gr_req *req, const gr_middleware *middleware, size_t step)
{
    struct middleware_call call = {.req = req, .next = {.outer = req->chain, .of = middleware, .step = step + 1}};
    req->chain = &call.next;
    (void)gri_call(co, call_user_middleware, &call);
    req->chain = call.next.outer;
    return checked(req, middleware, call.reply);
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

static GRI_HOT gr_reply run_operation(gr_co co, gr_req *req, const void *input)
{
    struct operation_call call = {.req = req, .input = input};
    (void)gri_call(co, call_user_operation, &call);
    return from_operation(req, call.reply);
}

struct blocking_call {
    gr_req *req;
    size_t step;
    const void *input;
    struct gri_needing *needing; /* what is left of that; or NULL */
    gr_reply reply;
};

static int dispatch_run_blocking(void *arg)
{
    struct blocking_call *call = arg;
    int rc = call->needing ? gri_needs_finish(call->needing) : 0;
    if (rc == 0)
        call->reply = call_blocking_rest(call->req, call->step, call->input);
    return rc;
}

/* All blocking steps that are left make one trip to the pool. */
static gr_reply call_on_pool(gr_co co, gr_req *req, size_t step, const void *input, struct gri_needing *needing)
{
    struct blocking_call call = {.req = req, .step = step, .input = input, .needing = needing};
    int rc = gri_req_lend(co, req, dispatch_run_blocking, &call);
    return rc ? gr_failed(req, rc) : call.reply;
}

/* A handler that declares its body gets it decoded; one that does not may ask for JSON, which is parsed for it. */
static bool wants_parsing(const gr_req *req)
{
    return req->op->route->kind == GR_ASYNC && gri_req_has_large_body(req) && !req->op->intake.has_body &&
           gri_body_is_json(req);
}

static inline int take_body(gr_co co, gr_req *req)
{
    if (req->op->route->options.stream_body)
        return req->x.head.content_length > req->op->body_most ? 413 : 0;
    int rc = gri_exchange_collect(co, &req->x, req->op->body_most, &req->body);
    return rc == 0 && wants_parsing(req) ? gri_body_parse_on_pool(co, req) : rc;
}

static int take_input(gr_co co, gr_req *req, const void **input)
{
    return req->op->intake.has_body && gri_req_has_large_body(req) ? gri_bind_on_pool(co, req, input)
                                                                   : gri_bind(req, input);
}

static GRI_HOT gr_reply call_handler(gr_co co, gr_req *req, size_t step, const void *input, struct gri_needing *needing)
{
    if (req->op->route->kind == GR_BLOCKING)
        return call_on_pool(co, req, step, input, needing);
    return run_operation(co, req, input);
}

static gr_reply call_with_needs(gr_co co, gr_req *req, size_t step)
{
    struct gri_needing needing;
    int rc = gri_needs_begin(co, &needing, req);
    if (rc == 0 && (rc = take_body(co, req)) != 0)
        rc = gri_fail_body(req, rc);
    if (rc == 0)
        rc = gri_needs_go_on(co, &needing);
    return rc ? gr_failed(req, rc) : call_handler(co, req, step, gri_needs_input(&needing), &needing);
}

static gr_reply call_without(gr_co co, gr_req *req, size_t step)
{
    const void *input = NULL;
    int rc = take_body(co, req);
    if (rc)
        return gr_failed(req, gri_fail_body(req, rc));
    if (req->op->intake.input && (rc = take_input(co, req, &input)) != 0)
        return gr_failed(req, rc);
    return call_handler(co, req, step, input, NULL);
}

static gr_reply call_operation(gr_co co, gr_req *req, size_t step)
{
    gr_reply reply = req->op->needs ? call_with_needs(co, req, step) : call_without(co, req, step);
    return req->records.early ? gri_early_run(co, req, reply) : reply;
}

/* A middleware, or what is inside all that are async; each runs in its own application. */
static gr_reply call_rest(gr_co co, gr_req *req, size_t step)
{
    const struct gri_link *link = link_at(req, step);
    struct gri_running *around = req->running;
    bool wraps = link && !gri_middleware_is_blocking(link->middleware);
    req->running = wraps ? link->running : req->links->running;
    gr_reply reply = wraps     ? run_middleware(co, req, link->middleware, step)
                     : req->op ? call_operation(co, req, step)
                               : gri_reply_unrouted(req);
    reply = answered(req, reply);
    req->running = around;
    return reply;
}

gr_reply gr_call_next(gr_co co, gr_req *req, gr_next *next)
{
    gri_check_co(co);
    gri_req_check(req);
    struct gr_reply_impl *refused = next_refused(req, next, false);
    if (refused)
        return (gr_reply){refused};
    next->state = GRI_NEXT_RUNS;
    gr_reply reply = call_rest(co, req, next->step);
    next->state = GRI_NEXT_RETURNED;
    return reply;
}

/* --- one request --- */

static GRI_HOT int route(gr_req *req)
{
    struct gri_found found;
    int rc = gri_target_parse(&req->target, req->x.head.target, &req->x.arena);
    req->refused = rc > 0 ? rc : 0;
    req->links = &req->running->chain;
    if (rc)
        return rc < 0 ? rc : 0;
    gri_find(req->running, &req->x, req->target.path, &found);
    const struct gri_op *op = found.match.op;
    req->links = op ? op->chain : &found.running->chain;
    if (!op)
        return 0;
    size_t bytes = op->n_params * sizeof *req->params;
    req->params = bytes ? gri_arena_alloc(&req->x.arena, bytes) : NULL;
    if (bytes && !req->params)
        return GR_ENOMEM;
    if (bytes)
        memcpy(req->params, found.match.params, bytes);
    req->op = op;
    req->name = op->name;
    req->x.task->name = req->name;
    req->x.codec.body_limit = op->body_most; /* now: middleware may read before the handler */
    req->x.finish_if_abandoned = op->route->options.finish_if_abandoned;
    if (op->deadline_ms)
        gri_exchange_set_deadline(&req->x, op->deadline_ms);
    return 0;
}

static void req_init(gr_req *req)
{
    gri_clear((char *)req + sizeof req->x, sizeof *req - sizeof req->x);
    req->x.time_is_up = gri_request_timed_out;
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
    req->encoding = true;
    int rc = gri_offload_for_us(co, encode_rest, impl);
    req->encoding = false;
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
                                : gri_exchange_reply(co, &req->x, response, req->records.deferred || req->after);
    if (rc)
        return GR_ABANDONED;
    return response->status < 400 && !req->failed_early ? GR_ANSWERED : GR_FAILED;
}

/* As where no coroutine could be started: the client may ask again. */
static GRI_COLD gr_reply not_begun(gr_req *req, int rc)
{
    return rc == GR_EBUSY ? gr_failed(req, rc) : gri_reply_internal_error(req, "out of memory");
}

static gr_reply respond(gr_co co, gr_req *req, int rc)
{
    gr_reply reply = rc ? answered(req, not_begun(req, rc)) : call_rest(co, req, 0);
    if (req->records.early)
        reply = gri_early_run(co, req, reply);
    req->is_replied = true;
    return answered(req, complete(co, req, reply));
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
    if (req->records.deferred)
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
