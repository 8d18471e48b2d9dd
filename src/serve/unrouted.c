#include "http/status.h"
#include "serve/failure.h"

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

/* A path that another program might read as one of another host (RFC 3986 section 4.2), now or after it was decoded. */
static bool is_ambiguous(struct gri_str path)
{
    return memmem(path.at, path.len, "//", 2) || memchr(path.at, '\\', path.len);
}

static bool ends_in_slash(struct gri_str path)
{
    return path.len && path.at[path.len - 1] == '/';
}

/* The same path with its trailing slash taken away, or with one added. Empty: out of memory. */
static struct gri_str other_slash(gr_req *req, struct gri_str path)
{
    if (ends_in_slash(path))
        return (struct gri_str){path.at, path.len - 1};
    char *longer = gri_arena_alloc(&req->x.arena, path.len + 1);
    if (!longer)
        return (struct gri_str){NULL, 0};
    memcpy(longer, path.at, path.len);
    longer[path.len] = '/';
    return (struct gri_str){longer, path.len + 1};
}

/* `path`: below what led to the application; "" at the very path that it is served below. */
static bool redirects(gr_req *req, struct gri_str path, struct gri_str host)
{
    struct gri_str whole = req->target.path, raw = req->target.raw_path;
    if (!req->running->program.app->redirects_slashes || gri_str_is(path, GRI_STR("/")) || is_ambiguous(whole) ||
        ends_in_slash(whole) != ends_in_slash(raw)) /* an encoded one is none that could be taken away */
        return false;
    struct gri_str other = other_slash(req, path);
    return other.len > 0 && gri_router_has(&req->running->program.router, other, host);
}

static struct gri_str last_segment(struct gri_str path)
{
    size_t end = path.len - ends_in_slash(path), begin = end;
    while (path.at[begin - 1] != '/')
        begin--;
    return (struct gri_str){path.at + begin, end - begin};
}

/* A reference relative to the path (RFC 3986 section 5.2) says nothing of scheme, host and prefix, which only the
 * client knows: proxies may have changed them all. "./" keeps a colon in the segment from ending a scheme. */
static gr_reply slash_redirect(gr_req *req)
{
    struct gri_str path = req->target.raw_path, segment = last_segment(path), target = req->x.head.target;
    bool adds = !ends_in_slash(path);
    struct gri_buf buf;
    gri_buf_init(&buf, &req->x.arena);
    gri_buf_puts(&buf, adds ? "./" : "../");
    gri_buf_put(&buf, segment.at, segment.len);
    gri_buf_puts(&buf, adds ? "/" : "");
    gri_buf_put(&buf, target.at + path.len, target.len - path.len); /* the query, as it came */
    gri_buf_putc(&buf, '\0');
    if (buf.failed)
        return gri_reply_internal_error(req, "out of memory");
    gr_reply reply = gri_reply_create(req, 307);
    gri_reply_add_header(reply, GRI_STR("location"), (struct gri_str){buf.data, buf.len - 1});
    return reply;
}

gr_reply gri_reply_unrouted(gr_req *req)
{
    struct gri_found found = {.match.host = GRI_STR("")};
    const struct gri_match *match = &found.match;
    if (req->refused)
        return gri_reply_raised(req, req->refused, gri_status_phrase(req->refused));
    if (gri_str_is(req->target.path, GRI_STR("*")))
        return gri_reply_create(req, 204);
    gri_find(req->x.http->service.state, &req->x, req->target.path, &found);
    if (match->n_allowed && is_method(req, "OPTIONS"))
        return with_allow(req, gri_reply_create(req, 204), match);
    if (match->n_allowed)
        return with_allow(req, gri_reply_raised(req, 405, gri_status_phrase(405)), match);
    return redirects(req, found.path, match->host) ? slash_redirect(req)
                                                   : gri_reply_raised(req, 404, gri_status_phrase(404));
}
