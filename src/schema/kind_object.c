#include "schema/kind.h"

static json_t *document_object(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    return gri_doc_model(doc, f->model(), view);
}

/* A struct is read and written member by member: as a single value there is none. */
const struct gri_kind gri_kind_object = {
    .type_error = GRI_MODEL_ATTRIBUTES_TYPE,
    .read = gri_refuse_type,
    .document = document_object,
};
