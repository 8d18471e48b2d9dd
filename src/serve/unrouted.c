#include "http/status.h"
#include "serve/req.h"

static bool is_method(const gr_req *req, const char *method)
{
    return gri_str_is(req->x.head.method, gri_str_from(method));
}

static bool has_method(const struct gri_match *match, const char *method)
{
    for (unsigned i = 0; i < match->n_allowed; i++)
        if (strcmp(match->allowed[i], method) == 0)
            return true;
    return false;
}

/* Every method of every route of the path (RFC 9110 section 15.5.6), with those that Griddle answers by itself. */
static gr_reply with_allow(gr_req *req, gr_reply reply, const struct gri_match *match)
{
    struct gri_buf buf;
    gri_buf_init(&buf, &req->x.arena);
    for (unsigned i = 0; i < match->n_allowed; i++) {
        gri_buf_puts(&buf, match->allowed[i]);
        gri_buf_puts(&buf, ", ");
    }
    if (has_method(match, "GET") && !has_method(match, "HEAD"))
        gri_buf_puts(&buf, "HEAD, ");
    gri_buf_puts(&buf, has_method(match, "OPTIONS") ? "" : "OPTIONS, ");
    if (buf.failed)
        return gri_reply_internal_error(req, "out of memory");
    buf.data[buf.len - 2] = '\0';
    gri_reply_add_header(reply, GRI_STR("allow"), (struct gri_str){buf.data, buf.len - 2});
    return reply;
}

/* The same path with its trailing slashes taken away, or with one added. */
static struct gri_str other_slash(gr_req *req, struct gri_str path)
{
    size_t len = path.len;
    while (len > 1 && path.at[len - 1] == '/')
        len--;
    if (len < path.len)
        return (struct gri_str){path.at, len};
    char *longer = gri_arena_alloc(&req->x.arena, len + 1);
    if (!longer)
        return (struct gri_str){NULL, 0};
    memcpy(longer, path.at, len);
    longer[len] = '/';
    return (struct gri_str){longer, len + 1};
}

static gr_reply slash_redirect(gr_req *req)
{
    struct gri_str path = other_slash(req, req->target.raw_path), query = req->target.query, host = req->x.head.host;
    struct gri_buf buf;
    gri_buf_init(&buf, &req->x.arena);
    if (host.len)
        gri_buf_puts(&buf, "http://");
    gri_buf_put(&buf, host.at, host.len);
    gri_buf_put(&buf, path.at, path.len);
    gri_buf_puts(&buf, query.len ? "?" : "");
    gri_buf_put(&buf, query.at, query.len);
    gri_buf_putc(&buf, '\0');
    if (buf.failed || !path.at)
        return gri_reply_internal_error(req, "out of memory");
    gr_reply reply = gri_reply_create(req, 307);
    gri_reply_add_header(reply, GRI_STR("location"), (struct gri_str){buf.data, buf.len - 1});
    return reply;
}

static bool redirects(gr_req *req)
{
    if (req->target.path.len <= 1)
        return false;
    if (!req->x.head.host.len && req->target.raw_path.at[1] == '/') /* a location "//name/" would be another host's */
        return false;
    struct gri_str other = other_slash(req, req->target.path);
    return other.len > 0 && gri_router_has(&req->running->program.router, other);
}

gr_reply gri_reply_unrouted(gr_req *req)
{
    struct gri_match match = {.op = NULL};
    if (req->refused)
        return gri_reply_detail(req, req->refused, gri_status_phrase(req->refused));
    if (gri_str_is(req->target.path, GRI_STR("*")))
        return gri_reply_create(req, 204);
    gri_router_find(&req->running->program.router, req->x.head.method, req->target.path, &match);
    if (match.n_allowed && is_method(req, "OPTIONS"))
        return with_allow(req, gri_reply_create(req, 204), &match);
    if (match.n_allowed)
        return with_allow(req, gri_reply_detail(req, 405, gri_status_phrase(405)), &match);
    return redirects(req) ? slash_redirect(req) : gri_reply_detail(req, 404, gri_status_phrase(404));
}
