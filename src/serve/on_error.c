/* What gr_app_on_error() replies in place of an error. */
#include "serve/failure.h"

static gr_error_fn *find_on_error(const gr_app *app, int status)
{
    const int wanted[] = {status, status / 100, 0}; /* the most specific first */
    const struct gri_on_error *all = app->on_errors.items;
    for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++)
        for (size_t i = 0; i < app->on_errors.n; i++)
            if (all[i].status == wanted[w])
                return all[i].fn;
    return NULL;
}

/* NULL: nothing. `before` may come back as it was. */
static const char *fault_of(const gr_req *req, gr_reply made, gr_reply before)
{
    if (!made.impl || made.impl->req != req)
        return "returned no reply of this request";
    bool failed = made.impl->raised || (made.impl->failed && made.impl != before.impl);
    return failed ? "failed" : NULL;
}

/* Allow, WWW-Authenticate, Retry-After and their like belong to the status, whoever words the reply. */
static void keep_headers(gr_reply made, const struct gri_header_line *of_error)
{
    const struct gri_header_line *own = made.impl->response.headers;
    for (; of_error; of_error = of_error->next) {
        const struct gri_header_line *at = own, *end = NULL;
        while (at != end && !gri_str_is_nocase(at->name, of_error->name))
            at = at->next;
        if (at == end)
            gri_reply_add_header(made, of_error->name, of_error->value);
    }
}

static gr_reply take_the_place(gr_reply made, gr_reply error, int status)
{
    if (made.impl == error.impl)
        return made;
    struct gri_response *response = &made.impl->response;
    if (response->status == 200 && !made.impl->has_status)
        response->status = status;
    keep_headers(made, error.impl->response.headers);
    made.impl->failed = error.impl->failed;
    return made;
}

gr_reply gri_error_answer(gr_req *req, gr_reply reply)
{
    int status = reply.impl->response.status;
    gr_error_fn *fn = find_on_error(req->running->program.app, status);
    reply.impl->raised = false;
    if (!fn)
        return reply;
    gr_error_info info = {
        .size = sizeof info, .status = status, .code = reply.impl->code, .cause = reply.impl->cause, .reply = reply};
    if (!info.cause)
        info.cause = "";
    GRI_EXCEPTIONS_END_HERE();
    gr_reply made = fn(req, &info);
    const char *fault = fault_of(req, made, reply);
    if (fault)
        made = gri_reply_internal_error(req, "the function of gr_app_on_error() for %d %s", status, fault);
    else
        made = take_the_place(made, reply, status);
    made.impl->raised = false;
    return made;
}

/* --- the deadline --- */

/* Nobody else may use what another thread works on: then the answer is the one that needs no request. */
static bool is_with_the_loop(const gr_req *req)
{
    return !req->encoding && __atomic_load_n(&req->owner, __ATOMIC_RELAXED) == gri_this_thread();
}

/* In the application of the operation, also while the middleware of another runs. Where that is so already a thread may
 * be reading it, which makes the input for the loop. */
static void enter_application(gr_req *req, struct gri_running *running)
{
    if (req->running != running)
        req->running = running;
}

static gr_reply timed_out_in(gr_req *req, struct gri_running *running)
{
    struct gri_running *around = req->running;
    enter_application(req, running);
    gr_reply reply = gri_error_answer(req, gri_reply_timed_out(req));
    enter_application(req, around);
    return reply;
}

static void put_timed_out(gr_req *req, struct gri_response *response)
{
    gr_reply reply = timed_out_in(req, req->links->running);
    struct gr_reply_impl *impl = reply.impl;
    bool whole = !impl->rest || gri_reply_encode_rest(impl) == 0;
    if (whole && !impl->none && !impl->response.streamed)
        *response = impl->response;
}

void gri_request_timed_out(struct gri_exchange *x, struct gri_response *response)
{
    gr_req *req = (gr_req *)x;
    const gr_app *app = req->links->running->program.app; /* a thread that has the request changes req->running */
    if (app->problem_details)
        *response = gri_response_timed_out();
    if ((app->problem_details || app->on_errors.n) && is_with_the_loop(req))
        put_timed_out(req, response);
}
