/* Serving the document: made and written once, at start. */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/print.h"
#include "openapi/openapi.h"
#include "serve/req.h"

/* FNV-1a: tells one document from another, and nothing depends on its being hard to forge. */
static uint64_t hash(const char *text, size_t len)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    return h;
}

/* The running application outlives its requests, so nothing is copied. */
static gr_reply openapi_serve(gr_co co, gr_req *req, const void *in)
{
    const struct gri_openapi *openapi = &req->running->openapi;
    struct gri_str etag = gri_str_from(openapi->etag);
    (void)co, (void)in;
    struct gri_str body = {openapi->text, openapi->len};
    gr_reply reply = gr_has_etag(req, openapi->etag) ? gri_reply_create(req, 304)
                                                     : gri_reply_with_body(req, 200, GRI_STR("application/json"), body);
    gri_reply_add_header(reply, GRI_STR("etag"), etag);
    return reply;
}

const gr_route *gri_openapi_route(struct gri_openapi *openapi, const gr_app *app)
{
    if (!app->openapi_url)
        return NULL;
    openapi->route = (gr_route){.size = sizeof(gr_route),
                                .method = "GET",
                                .path = app->openapi_url,
                                .name = "openapi.json",
                                .kind = gri_app_blocking_middleware(app) ? GR_BLOCKING : GR_ASYNC,
                                .call = openapi_serve,
                                .options.hidden = true};
    return &openapi->route;
}

static int write_document(struct gri_running *running, json_t *document)
{
    struct gri_openapi *openapi = &running->openapi;
    struct gri_buf buf;
    gri_buf_init(&buf, NULL);
    int rc = gri_json_write_all(document, &buf);
    if (rc) {
        gri_buf_finish(&buf);
        if (rc != GR_ENOMEM)
            gri_log(running->program.log, GRI_LOG_ERROR, "openapi: the document: %s", gri_json_write_fault(rc));
        return rc;
    }
    openapi->text = buf.data;
    openapi->len = buf.len;
    gri_snprintf(openapi->etag, sizeof openapi->etag, "\"%016" PRIx64 "\"", hash(buf.data, buf.len));
    return 0;
}

int gri_openapi_init(struct gri_running *running)
{
    json_t *document;
    if (!running->program.app->openapi_url)
        return 0;
    int rc = gri_openapi_make(&running->program, &document);
    if (rc == 0)
        rc = write_document(running, document);
    json_decref(document);
    return rc;
}

void gri_openapi_finish(struct gri_running *running)
{
    free(running->openapi.text);
    running->openapi.text = NULL;
}

/* Checked with the operation that would serve it, so that both find the same mistakes. */
int gri_app_openapi(const gr_app *app, const char *root_path, json_t **document)
{
    struct gri_log log = {.level = GRI_LOG_WARNING, .fd = STDERR_FILENO};
    struct gri_openapi openapi = {.text = NULL};
    struct gri_program program;
    *document = NULL;
    if (!app)
        return GR_ENOMEM;
    const gr_route *own = gri_openapi_route(&openapi, app);
    int rc = gri_program_init(&program, app, (struct gri_own_routes){&own, own != NULL}, root_path, &log);
    if (rc == 0)
        rc = gri_openapi_make(&program, document);
    gri_program_finish(&program);
    return rc;
}

int gr_app_openapi(const gr_app *app, json_t **document)
{
    return gri_app_openapi(app, NULL, document);
}
