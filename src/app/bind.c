#include "app/req.h"
#include "schema/field.h"
#include "schema/scalar.h"

static struct gri_str *find_param(gr_req *req, struct gri_str name)
{
    for (unsigned i = 0; i < req->op->pattern.n_params; i++)
        if (gri_str_is(req->op->param_names[i], name))
            return &req->params[i];
    return NULL;
}

/* One value of the query, decoded; *found is false where there is none. */
static int find_query(gr_req *req, struct gri_str name, struct gri_str *value, bool *found)
{
    *value = gri_query_find(req->target.query, name, &req->x.arena);
    *found = value->at != NULL;
    if (!*found || !gri_needs_decoding(*value))
        return 0;
    char *decoded = gri_arena_alloc(&req->x.arena, value->len + 1);
    if (!decoded)
        return GR_ENOMEM;
    ptrdiff_t len = gri_percent_decode(decoded, *value, true);
    if (len >= 0)
        *value = (struct gri_str){decoded, (size_t)len};
    return 0;
}

static int bind_one(gr_req *req, const gr_field *field, void *in, struct gri_errors *errors)
{
    struct gri_arena *arena = &req->x.arena;
    struct gri_str name = gri_str_from(gri_field_wire_name(field)), value = {NULL, 0};
    bool found = true;
    if (field->source == GR_IN_PATH)
        value = *find_param(req, name); /* checked at start: it is there */
    else if (find_query(req, name, &value, &found))
        return GR_ENOMEM;
    const char *source = field->source == GR_IN_PATH ? "path" : "query";
    return found ? gri_scalar_parse(field, value.at, value.len, source, arena, in, errors)
                 : gri_scalar_absent(field, source, arena, in, errors);
}

/* FastAPI reports what the path got wrong before what the query did. */
static int bind_all(gr_req *req, gr_source source, void *in, struct gri_errors *errors)
{
    const gr_model *model = req->op->input;
    int rc = 0;
    for (const gr_field *field = model->fields; rc == 0 && field->name; field = gri_field_next(model, field))
        if (field->source == source)
            rc = bind_one(req, field, in, errors);
    return rc;
}

int gri_bind(gr_req *req, const void **input)
{
    struct gri_errors errors;
    gri_errors_init(&errors, &req->x.arena);
    void *in = gri_arena_alloc(&req->x.arena, req->op->input->struct_size);
    if (!in)
        return GR_ENOMEM;
    memset(in, 0, req->op->input->struct_size);
    int rc = bind_all(req, GR_IN_PATH, in, &errors);
    if (rc == 0)
        rc = bind_all(req, GR_IN_QUERY, in, &errors);
    *input = in;
    return rc || errors.count == 0 ? rc : gri_fail_invalid(req, &errors);
}
