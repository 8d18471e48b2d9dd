#include "app/docs.h"

#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>

#include "app/negotiate.h"
#include "app/req.h"

/* Nothing is loaded but from here, and nobody else is asked. */
#define POLICY \
    "default-src 'none'; script-src 'self'; connect-src 'self'; media-src 'self'; base-uri 'none'; " \
    "form-action 'none'; frame-ancestors 'self'; "

/* Swagger UI shows an image that an operation answers with as a blob; ReDoc writes its styles into the page, and
 * searches in a worker that it makes of a blob. */
static const char *const policies[] = {
    [GRI_PAGE_SWAGGER_UI] = POLICY "style-src 'self'; img-src 'self' data: blob:",
    [GRI_PAGE_OAUTH2_REDIRECT] = POLICY "img-src data:",
    [GRI_PAGE_REDOC] = POLICY "style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src blob:",
};

/* A hidden operation: a page, or (without `html`) the files that one loads. */
struct docs_op {
    gr_route route; /* first: the route is the operation */
    struct gri_str html;
    enum gri_page page;
};

struct gri_docs {
    struct gri_arena arena;
    struct docs_op ops[5];
    size_t n_ops;
};

/* --- serving --- */

#define FIELD(field, text) \
    { \
        .name = GRI_STR(field), .value = gri_str_from(text) \
    }
#define WITH_FIELDS(req, status, ...) \
    with_fields((req), (status), (const struct gri_header_line[]){__VA_ARGS__}, \
                sizeof((const struct gri_header_line[]){__VA_ARGS__}) / sizeof(struct gri_header_line))

/* An empty reply with these fields; without memory for all of them a 500 with none, that nobody may keep. */
static gr_reply with_fields(gr_req *req, int status, const struct gri_header_line *fields, size_t n)
{
    struct gri_header_line *copies = gri_arena_alloc(&req->x.arena, n * sizeof *copies);
    if (!copies)
        return gri_reply_internal_error(req, "out of memory");
    gr_reply reply = gri_reply_create(req, status);
    memcpy(copies, fields, n * sizeof *copies);
    for (size_t i = 0; i + 1 < n; i++)
        copies[i].next = &copies[i + 1];
    if (reply.impl->response.status == status)
        reply.impl->response.headers = copies;
    return reply;
}

static gr_reply with_body(gr_reply reply, const char *content_type, struct gri_str body)
{
    if (reply.impl->response.status == 200) {
        reply.impl->response.content_type = gri_str_from(content_type);
        reply.impl->response.body = body;
    }
    return reply;
}

static gr_reply serve_page(gr_co co, gr_req *req, const void *in)
{
    (void)co, (void)in;
    const struct docs_op *op = (const void *)req->op->route;
    gr_reply reply = WITH_FIELDS(req, 200, FIELD("content-security-policy", policies[op->page]),
                                 FIELD("x-content-type-options", "nosniff"), FIELD("cache-control", "no-cache"));
    return with_body(reply, "text/html; charset=utf-8", op->html);
}

static const struct gri_asset *find_asset(struct gri_str name)
{
    for (size_t i = 0; i < gri_n_assets; i++)
        if (gri_str_is(name, gri_str_from(gri_assets[i].name)))
            return &gri_assets[i];
    return NULL;
}

#define FILE_FIELDS(etag) \
    FIELD("etag", etag), FIELD("cache-control", "public, max-age=31536000, immutable"), \
        FIELD("vary", "accept-encoding"), FIELD("x-content-type-options", "nosniff")

static gr_reply serve_packed(gr_req *req, const struct gri_asset *asset)
{
    gr_reply reply = WITH_FIELDS(req, 200, FIELD("content-encoding", "gzip"), FILE_FIELDS(asset->gzip_etag));
    return with_body(reply, asset->content_type, (struct gri_str){(const char *)asset->gzip, asset->gzip_len});
}

/* In the arena; `at` NULL: out of memory. */
static struct gri_str inflated(const struct gri_asset *asset, struct gri_arena *arena)
{
    char *out = gri_arena_alloc(arena, asset->len);
    z_stream z = {.next_in = asset->gzip, .avail_in = (uInt)asset->gzip_len};
    if (!out || inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
        return (struct gri_str){NULL, 0};
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)asset->len;
    int rc = inflate(&z, Z_FINISH);
    inflateEnd(&z);
    return (struct gri_str){rc == Z_STREAM_END ? out : NULL, asset->len};
}

static gr_reply serve_inflated(gr_req *req, const struct gri_asset *asset)
{
    struct gri_str file = inflated(asset, &req->x.arena);
    if (!file.at)
        return gri_reply_internal_error(req, "out of memory");
    return with_body(WITH_FIELDS(req, 200, FILE_FIELDS(asset->etag)), asset->content_type, file);
}

/* gzip alone is kept: what browsers take without TLS too, unlike Brotli. */
static gr_reply serve_asset(gr_co co, gr_req *req, const void *in)
{
    (void)co, (void)in;
    const struct gri_asset *asset = find_asset(req->params[0]);
    if (!asset)
        return gri_reply_detail(req, 404, "Not Found");
    bool as_gzip = gri_accepts_gzip(&req->x.head);
    const char *etag = as_gzip ? asset->gzip_etag : asset->etag;
    if (gri_has_etag(&req->x.head, etag))
        return WITH_FIELDS(req, 304, FILE_FIELDS(etag));
    return as_gzip ? serve_packed(req, asset) : serve_inflated(req, asset);
}

/* --- the operations --- */

static char *join(struct gri_arena *arena, const char *url, const char *rest)
{
    struct gri_buf buf;
    size_t len = strlen(url);
    gri_buf_init(&buf, arena);
    gri_buf_put(&buf, url, len - (url[len - 1] == '/')); /* "/" has "/static/" below it, not "//static/" */
    gri_buf_puts(&buf, rest);
    gri_buf_putc(&buf, '\0');
    return buf.failed ? NULL : buf.data;
}

static bool is_taken(const gr_app *app, const char *path)
{
    const gr_route *const *routes = app->routes.items;
    for (size_t i = 0; i < app->routes.n; i++)
        if (routes[i]->method && routes[i]->path && strcmp(routes[i]->method, "GET") == 0 &&
            strcmp(routes[i]->path, path) == 0)
            return true;
    return false;
}

/* Blocking, since those run inside every kind of middleware. */
static int add_op(struct gri_running *running, const char *name, const char *path, struct docs_op made)
{
    struct gri_docs *docs = running->docs;
    if (is_taken(running->app, path))
        return 0;
    const gr_route **place = gri_list_add(&running->routes, sizeof *place);
    if (!place)
        return GR_ENOMEM;
    struct docs_op *op = &docs->ops[docs->n_ops++];
    *op = made;
    op->route = (gr_route){.size = sizeof op->route, .method = "GET", .path = path, .name = name, .kind = GR_BLOCKING};
    op->route.call = made.html.len ? serve_page : serve_asset;
    op->route.options.hidden = true;
    *place = &op->route;
    return 0;
}

static int add_page(struct gri_running *running, const char *name, const struct gri_page_urls *urls, enum gri_page page)
{
    struct gri_buf html;
    gri_buf_init(&html, &running->docs->arena);
    gri_page_put(&html, running->app->title, page, urls);
    if (html.failed)
        return GR_ENOMEM;
    return add_op(running, name, urls->page, (struct docs_op){.html = {html.data, html.len}, .page = page});
}

static int add_files(struct gri_running *running, const char *name, const char *url)
{
    const char *path = join(&running->docs->arena, url, "/static/{file}");
    return path ? add_op(running, name, path, (struct docs_op){.html = {NULL, 0}}) : GR_ENOMEM;
}

static int add_redoc(struct gri_running *running, const char *url)
{
    struct gri_page_urls urls = {.page = url, .openapi = running->app->openapi_url};
    if (!url || is_taken(running->app, url))
        return 0;
    urls.files = join(&running->docs->arena, url, "/static/");
    if (!urls.files)
        return GR_ENOMEM;
    int rc = add_page(running, "redoc-page", &urls, GRI_PAGE_REDOC);
    return rc ? rc : add_files(running, "redoc-files", url);
}

static int add_swagger_ui(struct gri_running *running, const char *url)
{
    struct gri_page_urls urls = {.page = url, .openapi = running->app->openapi_url};
    if (!url || is_taken(running->app, url))
        return 0;
    urls.files = join(&running->docs->arena, url, "/static/");
    urls.oauth2_redirect = join(&running->docs->arena, url, "/oauth2-redirect");
    if (!urls.files || !urls.oauth2_redirect)
        return GR_ENOMEM;
    int rc = add_page(running, "swagger-ui-page", &urls, GRI_PAGE_SWAGGER_UI);
    if (rc == 0)
        rc = add_files(running, "swagger-ui-files", url);
    urls.page = urls.oauth2_redirect;
    return rc ? rc : add_page(running, "swagger-ui-oauth2-redirect", &urls, GRI_PAGE_OAUTH2_REDIRECT);
}

int gri_docs_open(struct gri_running *running)
{
    const gr_app *app = running->app;
    if (!app->openapi_url)
        return 0;
    running->docs = calloc(1, sizeof *running->docs);
    if (!running->docs)
        return GR_ENOMEM;
    gri_arena_init(&running->docs->arena, NULL, 0);
    int rc = add_swagger_ui(running, app->docs_url);
    return rc ? rc : add_redoc(running, app->redoc_url);
}

void gri_docs_close(struct gri_running *running)
{
    if (running->docs)
        gri_arena_finish(&running->docs->arena);
    free(running->docs);
    running->docs = NULL;
}
