#include "schema/bounds.h"
#include "schema/formats.h"
#include "schema/kind.h"
#include "schema/openapi_value.h"
#include "schema/text.h"

static int store_bytes(const struct gri_reading *r, gr_bytes bytes)
{
    int rc = gri_length_check(r, bytes.len, GRI_BYTES_TOO_SHORT, GRI_BYTES_TOO_LONG);
    if (rc == 0)
        memcpy(r->to, &bytes, sizeof bytes);
    return rc;
}

/* What is to be written: false where there is none. */
static bool load_bytes(const char *at, gr_bytes *bytes)
{
    memcpy(bytes, at, sizeof *bytes);
    return bytes->at || !bytes->len;
}

static const char no_bytes[] = "bytes with a length but no address";

/* --- as UTF-8 --- */

static int read_bytes(const struct gri_reading *r)
{
    const struct gri_value *v = r->value;
    if (v->kind != GRI_JSON_STRING)
        return gri_refuse_type(r);
    unsigned char *at = gri_arena_alloc(r->arena, v->len + 1);
    if (!at)
        return GR_ENOMEM;
    memcpy(at, v->at, v->len);
    return store_bytes(r, (gr_bytes){at, v->len});
}

static const char *write_bytes(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    gr_bytes bytes;
    (void)m;
    if (!load_bytes(at, &bytes))
        return no_bytes;
    return gri_text_quote(buf, (const char *)bytes.at, bytes.len) ? NULL : "not UTF-8";
}

/* --- as base64 --- */

static int read_base64(const struct gri_reading *r)
{
    const struct gri_value *v = r->value;
    const char *why = NULL;
    if (v->kind != GRI_JSON_STRING)
        return gri_refuse_type(r);
    unsigned char *at = gri_arena_alloc(r->arena, v->len + 1);
    if (!at)
        return GR_ENOMEM;
    ptrdiff_t len = gri_base64_read(v->at, v->len, at, gri_told_in(r), &why);
    if (len < 0 && !why)
        return GR_ENOMEM;
    if (len < 0) {
        gri_refuse_as(r, GRI_BYTES_INVALID_ENCODING, "base64");
        r->why->text = why;
        return 1;
    }
    return store_bytes(r, (gr_bytes){at, (size_t)len});
}

static const char *write_base64(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    gr_bytes bytes;
    (void)m;
    if (!load_bytes(at, &bytes))
        return no_bytes;
    gri_buf_putc(buf, '"');
    gri_base64_write(buf, bytes.at, bytes.len);
    gri_buf_putc(buf, '"');
    return NULL;
}

/* --- what they document --- */

static json_t *bytes_schema(struct gri_doc *doc, const gr_field *f, const char *encoding)
{
    json_t *schema = gri_doc_typed(doc, "string");
    gri_length_document(doc, schema, f->min_len, f->max_len ? f->max_len : SIZE_MAX);
    gri_doc_set_text(doc, schema, "contentEncoding", encoding);
    gri_doc_set_text(doc, schema, "contentMediaType", "application/octet-stream");
    return schema;
}

static json_t *document_bytes(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    (void)view;
    return bytes_schema(doc, f, NULL);
}

static json_t *document_base64(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    (void)view;
    return bytes_schema(doc, f, "base64");
}

static int compare_bytes(const void *a, const void *b)
{
    gr_bytes s, t;
    memcpy(&s, a, sizeof s);
    memcpy(&t, b, sizeof t);
    if (s.len != t.len)
        return s.len < t.len ? -1 : 1;
    return s.len ? memcmp(s.at, t.at, s.len) : 0;
}

const struct gri_kind gri_kind_bytes = {
    .size = sizeof(gr_bytes),
    .options = GRI_HAS_LENGTH,
    .type_error = GRI_BYTES_TYPE,
    .read = read_bytes,
    .write = write_bytes,
    .document = document_bytes,
    .label = "bytes",
    .constrained_label = "constrained-bytes",
    .compare = compare_bytes,
};

const struct gri_kind gri_kind_base64 = {
    .size = sizeof(gr_bytes),
    .options = GRI_HAS_LENGTH,
    .type_error = GRI_BYTES_TYPE,
    .read = read_base64,
    .write = write_base64,
    .document = document_base64,
    .label = "bytes",
    .constrained_label = "constrained-bytes",
    .compare = compare_bytes,
};
