#include "serve/req.h"

#include <griddle/thread.h>

#include <string.h>

#include "co/frames.h"
#include "co/misuse.h"

/* Two threads in one request would corrupt its arena silently; this is the earliest sign. */
void gri_req_check(const gr_req *req)
{
    if (__atomic_load_n(&req->owner, __ATOMIC_RELAXED) != gri_this_thread())
        gri_misuse(
            "the request of \"%s\" was used on a thread that does not have it: an offloaded job works on what it "
            "is given, not on the request, and while a blocking function has the request nothing on the loop "
            "may use it",
            req->name);
}

void gri_req_check_lasts(const gr_req *req, const void *p, const char *what)
{
    if (p && gri_goes_with_frames(req->x.task, req->frame, p))
        gri_misuse("\"%s\": %s lies on the handler's stack, which is gone by then: use gr_alloc()", req->name, what);
}

/* Slices of the head are followed by a byte that is not needed any more: ':', CR, SP. */
static const char *terminate(struct gri_str s)
{
    char *end = (char *)(uintptr_t)(s.at + s.len);
    if (*end)
        *end = '\0';
    return s.at;
}

const char *gr_method(gr_req *req)
{
    gri_req_check(req);
    return terminate(req->x.head.method);
}

const char *gr_path(gr_req *req)
{
    gri_req_check(req);
    return req->target.path.at;
}

const char *gr_root_path(gr_req *req)
{
    gri_req_check(req);
    return req->running->program.root_path;
}

const char *gr_target(gr_req *req)
{
    gri_req_check(req);
    struct gri_str target = req->x.head.target;
    if (target.at[0] != '?') /* "http://host?q": an empty path is "/" */
        return terminate(target);
    const char *whole = gr_printf(req, "/%.*s", (int)target.len, target.at);
    return whole ? whole : "/";
}

const char *gr_query_string(gr_req *req)
{
    gri_req_check(req);
    return req->target.query.len ? terminate(req->target.query) : "";
}

static const char *copy_str(gr_req *req, struct gri_str s)
{
    return gri_arena_strndup(&req->x.arena, s.at, s.len);
}

const char *gr_path_param(gr_req *req, const char *name)
{
    gri_req_check(req);
    for (unsigned i = 0; req->op && i < req->op->n_params; i++)
        if (gri_str_is(req->op->param_names[i], gri_str_from(name)))
            return copy_str(req, req->params[i]);
    return NULL;
}

const char *gr_query(gr_req *req, const char *name)
{
    gri_req_check(req);
    struct gri_str found = gri_query_find(req->target.query, gri_str_from(name), &req->x.arena);
    char *value = found.at ? gri_arena_alloc(&req->x.arena, found.len + 1) : NULL;
    ptrdiff_t len = value ? gri_percent_decode(value, found, true) : -1;
    if (len < 0)
        return value ? copy_str(req, found) : NULL;
    value[len] = '\0';
    return value;
}

/* A field's value without the whitespace behind it, which is no part of it (RFC 9110 section 5.5). */
static const char *header_value(const struct gri_header_field *field)
{
    struct gri_str value = gri_str_trim(field->value);
    return value.len ? terminate(value) : "";
}

const char *gr_header(gr_req *req, const char *name)
{
    gri_req_check(req);
    const struct gri_header_field *field = gri_head_find(&req->x.head, gri_str_from(name));
    return field ? header_value(field) : NULL;
}

bool gr_header_at(gr_req *req, size_t i, const char **name, const char **value)
{
    gri_req_check(req);
    if (i >= req->x.head.n_fields)
        return false;
    const struct gri_header_field *field = &req->x.head.fields[i];
    *name = terminate(field->name);
    *value = header_value(field);
    return true;
}

const char *gr_body(gr_req *req, size_t *len)
{
    gri_req_check(req);
    if (len)
        *len = req->body.len;
    return req->body.at;
}

const char *gr_client_host(gr_req *req)
{
    gri_req_check(req);
    char text[INET6_ADDRSTRLEN] = "";
    const struct gri_peer *peer = &req->x.peer;
    if (!peer->family || uv_inet_ntop(peer->family == 4 ? AF_INET : AF_INET6, peer->address, text, sizeof text) < 0)
        return "";
    const char *copy = copy_str(req, gri_str_from(text));
    return copy ? copy : "";
}

int gr_client_port(gr_req *req)
{
    gri_req_check(req);
    return req->x.peer.port;
}

const char *gr_operation(gr_req *req)
{
    gri_req_check(req);
    return req->name;
}

void *gr_state(gr_req *req)
{
    gri_req_check(req);
    return req->running->program.app->state;
}

void *gr_alloc(gr_req *req, size_t size)
{
    gri_req_check(req);
    void *p = gri_arena_alloc(&req->x.arena, size);
    return p ? memset(p, 0, size) : NULL;
}

gr_arena *gr_req_arena(gr_req *req)
{
    gri_req_check(req);
    if (!req->arena && (req->arena = gri_arena_of(&req->x.arena))) {
        req->arena->pattern_steps = req->running->limits.pattern_steps;
        req->arena->cancelled = &req->x.task->unwanted;
    }
    return req->arena;
}

char *gr_printf(gr_req *req, const char *fmt, ...)
{
    gri_req_check(req);
    va_list args;
    va_start(args, fmt);
    char *text = gri_arena_vprintf(&req->x.arena, fmt, args);
    va_end(args);
    return text;
}

static bool is_unreserved(char c)
{
    return gri_is_alnum(c) || (c && strchr("-._~", c));
}

char *gr_url_encode(gr_req *req, const char *text)
{
    gri_req_check(req);
    struct gri_buf buf;
    gri_buf_init(&buf, &req->x.arena);
    for (; *text; text++)
        if (is_unreserved(*text))
            gri_buf_putc(&buf, *text);
        else
            gri_buf_put_escaped(&buf, *text);
    gri_buf_putc(&buf, '\0');
    return buf.failed ? NULL : buf.data;
}

const char *gr_request_id(gr_req *req)
{
    gri_req_check(req);
    return __atomic_load_n(&req->x.id, __ATOMIC_ACQUIRE);
}

const gr_middleware *gri_running_middleware(const gr_req *req)
{
    const gr_next *next = req->chain;
    return next && next->state != GRI_NEXT_RUNS ? next->of : NULL;
}

void gr_set_request_id(gr_req *req, const char *id)
{
    gri_req_check(req);
    gri_req_check_lasts(req, id, "the id of gr_set_request_id()");
    const gr_middleware *by = gri_running_middleware(req), *before = req->identified_by;
    if (by && before && by != before) {
        gri_log(req->running->program.log, GRI_LOG_ERROR,
                "operation \"%s\": middleware \"%s\" sets the request's id to \"%s\", and middleware \"%s\" had set "
                "\"%s\", which stays",
                req->name, gri_middleware_name(by), id ? id : "", gri_middleware_name(before), req->x.id);
        return;
    }
    req->identified_by = id ? by : NULL;
    __atomic_store_n(&req->x.id, id, __ATOMIC_RELEASE); /* the loop reads it when the client leaves */
}

const gr_route *gr_route_of(gr_req *req)
{
    gri_req_check(req);
    return req->op ? gri_route_taken(req->op->route)->declared : NULL;
}

bool gr_is_cancelled(gr_req *req)
{
    gri_req_check(req);
    const gr_task *task = gri_running(); /* NULL on a pool thread */
    return gr_job_cancelled() || __atomic_load_n(&req->x.departed, __ATOMIC_RELAXED) || (task && task->cancelled);
}
