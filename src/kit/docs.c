#include "kit/docs.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

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
    enum gri_page page;
    char *path; /* where it is not one of the application's */
    char *html;
    size_t html_len;
};

struct gri_docs {
    const gr_app *app;
    struct docs_op ops[GRI_MAX_DOCS_ROUTES];
    size_t n_ops;
};

/* --- serving --- */

/* Without memory the reply has become a 500, which nobody may keep. */
static gr_reply with_field(gr_reply reply, const char *name, const char *value)
{
    return gr_reply_status(reply) == 500 ? reply : gr_with_header(reply, name, value);
}

static gr_reply serve_page(gr_co co, gr_req *req, const void *in)
{
    (void)co, (void)in;
    const struct docs_op *op = (const void *)gr_route_of(req);
    gr_reply reply = gr_content_static(req, "text/html; charset=utf-8", op->html, op->html_len);
    reply = with_field(reply, "content-security-policy", policies[op->page]);
    reply = with_field(reply, "x-content-type-options", "nosniff");
    return with_field(reply, "cache-control", "no-cache");
}

static const struct gri_asset *find_asset(const char *name)
{
    for (size_t i = 0; name && i < gri_n_assets; i++)
        if (strcmp(name, gri_assets[i].name) == 0)
            return &gri_assets[i];
    return NULL;
}

static gr_reply with_file_fields(gr_reply reply, const char *etag)
{
    reply = with_field(reply, "etag", etag);
    reply = with_field(reply, "cache-control", "public, max-age=31536000, immutable");
    reply = with_field(reply, "vary", "accept-encoding");
    return with_field(reply, "x-content-type-options", "nosniff");
}

static gr_reply serve_packed(gr_req *req, const struct gri_asset *asset)
{
    gr_reply reply = gr_content_static(req, asset->content_type, asset->gzip, asset->gzip_len);
    return with_file_fields(with_field(reply, "content-encoding", "gzip"), asset->gzip_etag);
}

static bool inflate_into(unsigned char *out, const struct gri_asset *asset)
{
    z_stream z = {.next_in = asset->gzip, .avail_in = (uInt)asset->gzip_len};
    if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
        return false;
    z.next_out = out;
    z.avail_out = (uInt)asset->len;
    int rc = inflate(&z, Z_FINISH);
    inflateEnd(&z);
    return rc == Z_STREAM_END;
}

static gr_reply serve_inflated(gr_req *req, const struct gri_asset *asset)
{
    unsigned char *file = gr_alloc(req, asset->len);
    if (!file || !inflate_into(file, asset))
        return gr_failed(req, GR_ENOMEM);
    return with_file_fields(gr_content_static(req, asset->content_type, file, asset->len), asset->etag);
}

/* gzip alone is kept: what browsers take without TLS too, unlike Brotli. */
static gr_reply serve_asset(gr_co co, gr_req *req, const void *in)
{
    (void)co, (void)in;
    const char *name = gr_path_param(req, "file");
    const struct gri_asset *asset = find_asset(name);
    if (!asset)
        return name ? gr_error(req, 404, "Not Found") : gr_failed(req, GR_ENOMEM);
    bool as_gzip = gr_accepts_encoding(req, "gzip");
    const char *etag = as_gzip ? asset->gzip_etag : asset->etag;
    if (gr_has_etag(req, etag))
        return with_file_fields(gr_empty(req, 304), etag);
    return as_gzip ? serve_packed(req, asset) : serve_inflated(req, asset);
}

/* --- the operations --- */

/* New; "/" has "/static/" below it, not "//static/". */
static char *join(const char *url, const char *rest)
{
    size_t len = strlen(url), size = len + strlen(rest) + 1;
    char *path = malloc(size);
    len -= url[len - 1] == '/';
    if (path)
        snprintf(path, size, "%.*s%s", (int)len, url, rest);
    return path;
}

static bool is_docs_taken(const gr_app *app, const char *path)
{
    return gr_app_has(app, "GET", path);
}

/* Blocking, since those run inside every kind of middleware. */
static void set_route(struct docs_op *op, const char *name, const char *path)
{
    op->route = (gr_route){.size = sizeof op->route, .method = "GET", .path = path, .name = name, .kind = GR_BLOCKING};
    op->route.call = op->html ? serve_page : serve_asset;
    op->route.options.hidden = true;
}

static int add_page(struct gri_docs *docs, const char *name, const struct gri_page_urls *urls, enum gri_page page)
{
    if (is_docs_taken(docs->app, urls->page))
        return 0;
    struct docs_op *op = &docs->ops[docs->n_ops];
    op->page = page;
    op->html = gri_page_html(gr_app_title(docs->app), page, urls, &op->html_len);
    if (!op->html)
        return GR_ENOMEM;
    docs->n_ops++;
    set_route(op, name, urls->page);
    return 0;
}

static int add_files(struct gri_docs *docs, const char *name, const char *url)
{
    char *path = join(url, "/static/{file}");
    if (!path)
        return GR_ENOMEM;
    if (is_docs_taken(docs->app, path)) {
        free(path);
        return 0;
    }
    struct docs_op *op = &docs->ops[docs->n_ops++];
    op->path = path;
    set_route(op, name, path);
    return 0;
}

static int add_redoc(struct gri_docs *docs, const char *url)
{
    if (!url || is_docs_taken(docs->app, url))
        return 0;
    char *files = join(url, "/static/");
    if (!files)
        return GR_ENOMEM;
    struct gri_page_urls urls = {.page = url, .files = files, .openapi = gr_app_openapi_url(docs->app)};
    int rc = add_page(docs, "redoc-page", &urls, GRI_PAGE_REDOC);
    free(files);
    return rc ? rc : add_files(docs, "redoc-files", url);
}

/* The window for OAuth2 keeps its path: that of its route. */
static int add_oauth2_redirect(struct gri_docs *docs, struct gri_page_urls urls, char *path)
{
    size_t before = docs->n_ops;
    urls.page = path;
    int rc = add_page(docs, "swagger-ui-oauth2-redirect", &urls, GRI_PAGE_OAUTH2_REDIRECT);
    if (docs->n_ops > before)
        docs->ops[before].path = path;
    else
        free(path);
    return rc;
}

static int add_swagger_ui(struct gri_docs *docs, const char *url)
{
    if (!url || is_docs_taken(docs->app, url))
        return 0;
    char *files = join(url, "/static/"), *redirect = join(url, "/oauth2-redirect");
    struct gri_page_urls urls = {url, files, gr_app_openapi_url(docs->app), redirect};
    int rc = files && redirect ? add_page(docs, "swagger-ui-page", &urls, GRI_PAGE_SWAGGER_UI) : GR_ENOMEM;
    if (rc == 0)
        rc = add_files(docs, "swagger-ui-files", url);
    if (rc == 0)
        rc = add_oauth2_redirect(docs, urls, redirect);
    else
        free(redirect);
    free(files);
    return rc;
}

int gri_docs_create(struct gri_docs **out, const gr_app *app)
{
    *out = NULL;
    if (!gr_app_openapi_url(app))
        return 0;
    struct gri_docs *docs = calloc(1, sizeof *docs);
    if (!docs)
        return GR_ENOMEM;
    docs->app = app;
    int rc = add_swagger_ui(docs, gr_app_docs_url(app));
    if (rc == 0)
        rc = add_redoc(docs, gr_app_redoc_url(app));
    if (rc == 0)
        *out = docs;
    else
        gri_docs_destroy(docs);
    return rc;
}

void gri_docs_destroy(struct gri_docs *docs)
{
    for (size_t i = 0; docs && i < docs->n_ops; i++) {
        free(docs->ops[i].path);
        free(docs->ops[i].html);
    }
    free(docs);
}

size_t gri_docs_routes(struct gri_docs *docs, const gr_route *routes[GRI_MAX_DOCS_ROUTES])
{
    for (size_t i = 0; docs && i < docs->n_ops; i++)
        routes[i] = &docs->ops[i].route;
    return docs ? docs->n_ops : 0;
}
