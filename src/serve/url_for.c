/* From an operation to its URL. */
#include <griddle/url.h>

#include <math.h>

#include "base/print.h"
#include "compile/scope.h"
#include "http/url.h"
#include "schema/formats.h"
#include "schema/number.h"
#include "serve/req.h"

/* --- which operation --- */

/* What is looked for: a route, or else a name. */
struct wanted_url {
    const gr_route *route;
    struct gri_str name;
};

static bool ends_name(struct gri_str whole, struct gri_str end)
{
    size_t before = whole.len - end.len;
    return whole.len >= end.len && gri_str_is((struct gri_str){whole.at + before, end.len}, end) &&
           (before == 0 || whole.at[before - 1] == ':');
}

static bool is_wanted_op(const struct gri_op *op, const struct wanted_url *wanted)
{
    struct gri_str place, whole = gri_str_from(op->name);
    if (op->mount)
        return false;
    if (wanted->route)
        return gri_route_taken(op->route)->declared == wanted->route;
    return gri_str_is(whole, wanted->name) || ends_name(gri_str_cut(whole, '@', &place), wanted->name);
}

static bool is_around(const struct gri_scope *scope, const struct gri_op *op)
{
    for (const struct gri_scope *at = op ? gri_route_taken(op->route)->scope : NULL; at; at = at->outer)
        if (at == scope)
            return true;
    return false;
}

/* How many inclusions and routers both operations stand in. */
static unsigned in_common(const struct gri_op *a, const struct gri_op *b)
{
    unsigned n = 0;
    for (const struct gri_scope *at = gri_route_taken(a->route)->scope; at; at = at->outer)
        n += is_around(at, b);
    return n;
}

static const struct gri_op *find_wanted(const struct gri_running *running, const struct wanted_url *wanted,
                                        const struct gri_op *asking)
{
    const struct gri_op *best = NULL;
    for (size_t i = 0; i < running->program.router.n_ops; i++) {
        const struct gri_op *op = &running->program.router.ops[i];
        if (is_wanted_op(op, wanted) && (!best || in_common(op, asking) > in_common(best, asking)))
            best = op;
    }
    return best;
}

static const struct gri_op *find_below(const struct gri_running **running, const struct wanted_url *wanted,
                                       const struct gri_op *asking)
{
    const struct gri_running *outer = *running;
    const struct gri_op *op = find_wanted(outer, wanted, asking);
    for (size_t i = 0; !op && i < outer->n_mounts; i++) {
        *running = &outer->mounts[i];
        op = find_below(running, wanted, asking);
    }
    return op;
}

/* *running: whose it is. */
static const struct gri_op *find_anywhere(const gr_req *req, const struct wanted_url *wanted,
                                          const struct gri_running **running)
{
    const struct gri_op *op = NULL;
    for (const struct gri_running *at = req->running; !op && at; at = at->outer) {
        *running = at;
        op = find_below(running, wanted, req->op);
    }
    return op;
}

/* --- its path --- */

struct url {
    gr_req *req;
    const struct gri_op *op;
    const gr_url_arg *args;
    struct gri_buf buf;
    bool refused;
};

GR_PRINTF(2, 3) static void url_refuse(struct url *url, const char *fmt, ...)
{
    char text[400];
    va_list args;
    va_start(args, fmt);
    gri_vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    url->refused = true;
    gri_log(url->req->running->program.log, GRI_LOG_ERROR, "operation \"%s\": no URL of %s: %s", url->req->name,
            url->op->name, text);
}

static void put_arg(struct gri_buf *buf, const gr_url_arg *arg)
{
    switch (arg->kind) {
    case GR_URL_INT:
        gri_buf_put_i64(buf, arg->value.i);
        break;
    case GR_URL_UINT:
        gri_buf_put_u64(buf, arg->value.u);
        break;
    case GR_URL_DOUBLE:
        if (isfinite(arg->value.d))
            gri_double_write_plain(buf, arg->value.d);
        else
            gri_buf_puts(buf, "no finite number");
        break;
    case GR_URL_UUID:
        gri_uuid_write(buf, &arg->value.uuid);
        break;
    default:
        gri_buf_puts(buf, arg->value.text ? arg->value.text : "");
    }
}

/* RFC 3986 section 3.3: what a segment has as it is, of that what needs no thought. */
static bool is_plain_in_url(char c)
{
    return gri_is_alnum(c) || (c && strchr("-._~:@", c));
}

static void put_encoded_in_url(struct gri_buf *buf, struct gri_str text, bool slashes)
{
    for (size_t i = 0; i < text.len; i++) {
        bool begins_host = text.at[i] == '/' && buf->len == 1;
        if (is_plain_in_url(text.at[i]) || (text.at[i] == '/' && slashes && !begins_host))
            gri_buf_putc(buf, text.at[i]);
        else
            gri_buf_put_escaped(buf, text.at[i]);
    }
}

static const gr_url_arg *arg_of(const struct url *url, struct gri_str name)
{
    for (const gr_url_arg *arg = url->args; arg->name; arg++)
        if (gri_str_is(name, gri_str_from(arg->name)))
            return arg;
    return NULL;
}

static void put_param(struct url *url, const struct gri_piece *piece)
{
    const gr_url_arg *arg = arg_of(url, piece->name);
    struct gri_buf text;
    if (!arg) {
        url_refuse(url, "\"{%.*s}\" has no value", (int)piece->name.len, piece->name.at);
        return;
    }
    gri_buf_init(&text, &url->req->x.arena);
    put_arg(&text, arg);
    struct gri_str value = {text.data, text.len};
    if (!text.failed &&
        !(piece->converter == GRI_CONV_STR ? value.len > 0 : gri_converter_takes(piece->converter, value)))
        url_refuse(url, "\"%.*s\" is no value of \"{%.*s}\"", (int)(value.len < 100 ? value.len : 100), value.at,
                   (int)piece->name.len, piece->name.at);
    url->buf.failed |= text.failed;
    put_encoded_in_url(&url->buf, value, piece->converter == GRI_CONV_PATH);
}

static void put_segment(struct url *url, const struct gri_segment *segment)
{
    gri_buf_putc(&url->buf, '/');
    for (size_t i = 0; i < segment->n; i++)
        if (segment->pieces[i].name.len)
            put_param(url, &segment->pieces[i]);
        else
            put_encoded_in_url(&url->buf, segment->pieces[i].literal, true);
}

static bool is_param(const struct gri_op *op, const char *name)
{
    for (unsigned i = 0; i < op->pattern.n_params; i++)
        if (gri_str_is(op->param_names[i], gri_str_from(name)))
            return true;
    return false;
}

static void check_args(struct url *url)
{
    for (const gr_url_arg *arg = url->args; arg->name; arg++)
        if (!is_param(url->op, arg->name))
            url_refuse(url, "there is no \"{%s}\" in \"%s\"", arg->name, url->op->route->path);
}

/* What this server answers with 400 is no URL of it: "..", say. */
static void check_served(struct url *url)
{
    struct gri_target target;
    struct gri_str path = {url->buf.data, url->buf.len};
    int rc = url->buf.failed || url->refused ? 0 : gri_target_parse(&target, path, &url->req->x.arena);
    if (rc > 0)
        url_refuse(url, "\"%.*s\" is refused", (int)(path.len < 200 ? path.len : 200), path.at);
}

static const char *make_url(gr_req *req, const struct gri_running *running, const struct gri_op *op,
                            const gr_url_arg *args)
{
    struct url url = {.req = req, .op = op, .args = args};
    gri_buf_init(&url.buf, &req->x.arena);
    gri_buf_puts(&url.buf, running->program.root_path);
    for (size_t i = 0; i < op->pattern.n; i++)
        put_segment(&url, &op->pattern.segments[i]);
    check_args(&url);
    check_served(&url);
    gri_buf_putc(&url.buf, '\0');
    return url.buf.failed || url.refused ? NULL : url.buf.data;
}

const char *gr_url_for_name(gr_req *req, const char *name, const gr_url_arg *args)
{
    gri_req_check(req);
    const struct gri_running *running;
    struct wanted_url wanted = {.name = gri_str_from(name)};
    const struct gri_op *op = find_anywhere(req, &wanted, &running);
    if (op)
        return make_url(req, running, op, args);
    gri_log(req->running->program.log, GRI_LOG_ERROR, "operation \"%s\": no URL: no operation is called \"%s\"",
            req->name, name);
    return NULL;
}

const char *gr_url_for_route(gr_req *req, const gr_route *route, const gr_url_arg *args)
{
    gri_req_check(req);
    const struct gri_running *running;
    struct wanted_url wanted = {.route = route};
    const struct gri_op *op = find_anywhere(req, &wanted, &running);
    if (op)
        return make_url(req, running, op, args);
    gri_log(req->running->program.log, GRI_LOG_ERROR, "operation \"%s\": no URL: the route of %s was not added",
            req->name, route->name);
    return NULL;
}
