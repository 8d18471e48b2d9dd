#include "schema/json.h"
#include "schema/kind.h"

static const char *write_json(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    json_t *value;
    memcpy(&value, at, sizeof value);
    if (!value && !m->may_be_null)
        return "NULL, but not optional";
    if (!value) {
        gri_buf_put(buf, "null", 4);
        return NULL;
    }
    int rc = gri_json_write_all(value, buf);
    return rc == 0 || rc == GR_ENOMEM ? NULL : "a json_t that cannot be sent";
}

static json_t *document_json(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    (void)f;
    (void)view;
    return gri_doc_object(doc);
}

static enum gri_exactness json_exactness(const struct gri_value *value)
{
    (void)value;
    return GRI_STRICT;
}

/* Any value is taken whole by who reads the text that it is part of, before it is asked for its kind. */
const struct gri_kind gri_kind_json = {
    .size = sizeof(json_t *),
    .type_error = GRI_JSON_INVALID,
    .read = gri_refuse_type,
    .write = write_json,
    .document = document_json,
    .exactness = json_exactness,
    .label = "any",
};
