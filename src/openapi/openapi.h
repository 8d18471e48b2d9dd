/* The OpenAPI document of an application, piece by piece. What the pieces are made of is in schema/openapi.h. */
#ifndef GRI_OPENAPI_OPENAPI_H
#define GRI_OPENAPI_OPENAPI_H

#include "compile/needs.h"
#include "schema/openapi.h"

/* Makes the document of what was compiled: new. 0, GR_ENOMEM, GR_EINVAL or a code of the application's, which was
 * logged. */
int gri_openapi_make(const struct gri_program *program, json_t **document);

struct gri_spec {
    struct gri_doc doc;
    const gr_app *app;
    const struct gri_log *log;
    const char *root_path;
    json_t *ids; /* each operation id, with the name of its operation */
};

/* A request that is documented: of an operation, a webhook or a callback. */
struct gri_documented {
    const gr_route *route;
    const gr_model *input;             /* or NULL */
    const struct gri_needs *needs;     /* of one that is served; or NULL */
    const struct gri_pattern *pattern; /* of the path of one that is served; else NULL */
    const char *id;                    /* its operationId */
};

/* The path item's key for a route's method ("get"), or NULL: OpenAPI does not know it. Static. */
const char *gri_spec_method(const gr_route *route);

/* Adds a request under that path to the paths, webhooks or callback it is one of; `op`: where it is served, or NULL. */
void gri_spec_add(struct gri_spec *spec, json_t *paths, const char *path, const gr_route *route,
                  const struct gri_op *op);

/* The tables that say what comes with it: its own, then those of what it needs; NULL: there is no i-th. */
static inline const gr_model *gri_spec_input(const struct gri_documented *request, size_t i)
{
    if (request->input && i-- == 0)
        return request->input;
    return request->needs && i < request->needs->n_inputs ? request->needs->inputs[i] : NULL;
}

/* Each puts what it is about into the operation, where there is any. */
void gri_spec_parameters(struct gri_spec *spec, json_t *operation, const struct gri_documented *request);
void gri_spec_body(struct gri_spec *spec, json_t *operation, const struct gri_documented *request);
void gri_spec_responses(struct gri_spec *spec, json_t *operation, const struct gri_documented *request);

/* {"url", "description"} under `key`, unless it leads nowhere. */
void gri_spec_link(struct gri_spec *spec, json_t *object, const char *key, const gr_link *link);

#endif
