#include "schema/formats.h"
#include "schema/kind.h"
#include "schema/openapi_value.h"

static int read_uuid(const struct gri_reading *r)
{
    gr_uuid uuid;
    const char *why = NULL;
    if (r->value->kind != GRI_JSON_STRING)
        return gri_refuse_type(r);
    if (!gri_uuid_read(r->value->at, r->value->len, &uuid, gri_told_in(r), &why))
        return why ? gri_refuse_as(r, GRI_UUID_PARSING, why) : GR_ENOMEM;
    memcpy(r->to, &uuid, sizeof uuid);
    return 0;
}

static const char *write_uuid(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    (void)m;
    gri_buf_putc(buf, '"');
    gri_uuid_write(buf, (const gr_uuid *)(const void *)at);
    gri_buf_putc(buf, '"');
    return NULL;
}

static json_t *document_uuid(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    (void)f;
    (void)view;
    return gri_doc_formatted(doc, "uuid");
}

const struct gri_kind gri_kind_uuid = {
    .size = sizeof(gr_uuid),
    .type_error = GRI_UUID_TYPE,
    .read = read_uuid,
    .write = write_uuid,
    .document = document_uuid,
    .label = "uuid",
};
