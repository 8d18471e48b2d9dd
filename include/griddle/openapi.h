/* Griddle: the OpenAPI 3.1 document that an application's declarations make, and what is to be said beside them.
 *
 * It is made when the application starts, from the tables that parse and check, and served at /openapi.json; `PROGRAM
 * --openapi` prints it. Structure and names are those of FastAPI: tools and clients made for one read the other. Where
 * FastAPI's document and its answers part, this one follows the answers: a response of which .response_include,
 * .response_exclude, .response_by_name or .response_exclude_none leave another shape has a schema of its own.
 *
 *     gr_app_describe(app, &(gr_app_info){
 *         .size = sizeof(gr_app_info),
 *         .summary = "Burgers, without waiting",
 *         .contact = {.name = "The kitchen", .email = "kitchen@example.com"},
 *         .license = {.name = "MIT", .identifier = "MIT"},
 *         .tags = GR_TAGS({"orders", .description = "What was ordered"})});
 *
 * What of an operation is documented stands in its options (route.h), what of a member in the member's (model.h). Not
 * documented are operations that are `.hidden`, and those of a method that OpenAPI does not know (PURGE, say). */
#ifndef GRIDDLE_OPENAPI_H
#define GRIDDLE_OPENAPI_H

#include <griddle/app.h>

GR_BEGIN_DECLS

/* Who answers for the API. */
typedef struct gr_contact {
    const char *name, *url, *email;
} gr_contact;

/* Of the API. `identifier` (an SPDX expression) and `url` exclude each other. */
typedef struct gr_license {
    const char *name, *identifier, *url;
} gr_license;

/* Where the API is served. */
typedef struct gr_server_info {
    const char *url; /* NULL ends a list */
    const char *description;
} gr_server_info;

/* What a tag of operations means. */
typedef struct gr_tag_info {
    const char *name; /* NULL ends a list */
    const char *description;
    gr_link external_docs;
} gr_tag_info;

/* What the document says of the application as a whole. Members that are NULL or zeroed are left out. */
typedef struct gr_app_info {
    size_t size;                       /* sizeof(gr_app_info), so that later versions can add members */
    const char *summary, *description; /* the description may be Markdown */
    const char *terms_of_service;      /* a URL */
    gr_contact contact;
    gr_license license;
    const char *root_path; /* "/api/v1": the path under which a proxy serves it, see gr_root_path(): the first of
                              the servers, unless it is one of them. A whole URL is only that. The server may
                              say another; one that is mounted is where it is mounted instead */
    const gr_server_info *servers; /* GR_SERVERS({"https://example.com", "Production"}, ...) */
    const gr_tag_info *tags;       /* GR_TAGS({"items", .description = "What there is"}, ...), in their order */
    gr_link external_docs;
    bool shared_schemas; /* what is sent has the schema of what is received: FastAPI's
                            separate_input_output_schemas=False */
} gr_app_info;

#ifndef __cplusplus
#define GR_SERVERS(...) ((const gr_server_info[]){__VA_ARGS__, {.url = NULL}})
#define GR_TAGS(...)    ((const gr_tag_info[]){__VA_ARGS__, {.name = NULL}})
#endif

/* Describes the application, beside its title and version. The struct and its lists are copied, the strings are
 * borrowed. The last call counts. GR_EINVAL, GR_ENOMEM, also reported at start: `size` is none that it can have. */
GR_API int gr_app_describe(gr_app *app, const gr_app_info *info);

/* Serves the document at `path` (GET and HEAD, with a strong ETag) instead of at "/openapi.json"; NULL: not at all, and
 * it is not made. It comes before the application's operations, and behind its middleware. Borrowed. */
GR_API int gr_app_set_openapi_url(gr_app *app, const char *path);

/* Adds a webhook: a request that the application will send to those who asked for it (OpenAPI 3.1, `webhooks`).
 * Documented under the route's path, which may be any name, and not served. See GR_OUTGOING(). GR_ENOMEM, GR_EINVAL
 * (NULL), also reported at start. */
GR_API int gr_app_add_webhook(gr_app *app, const gr_route *webhook);

/* Edits the document (borrowed) when it is made. 0, or a negative code that the start fails with. */
typedef int gr_openapi_fn(json_t *document, void *arg);

/* Lets `fn` edit the document; one function, NULL: none. `arg` is borrowed. */
GR_API int gr_app_on_openapi(gr_app *app, gr_openapi_fn *fn, void *arg);

/* Makes the document of an application that need not be served: for tools and tests. 0 and *document, new; or
 * GR_EINVAL, GR_ENOMEM, or the editing function's code, after the mistakes were logged to standard error. Start hooks
 * do not run. Thread: the one that builds the application. */
GR_API GR_MUST_USE int gr_app_openapi(const gr_app *app, json_t **document);

/* JSON without escapes, for .openapi_extra and the like: GR_JSON_TEXT({"x-internal": true, "x-owner": "billing"}). What
 * stands between the parentheses becomes the text, as the preprocessor writes it: no comment, and no macro. */
#define GR_JSON_TEXT(...) #__VA_ARGS__

GR_END_DECLS

#endif
