#include "schema/formats.h"
#include "schema/kind_text.h"

static int read_email(const struct gri_reading *r)
{
    const char *why = NULL;
    int rc = gri_text_check(r);
    if (rc)
        return rc;
    const char *text = gri_email_read(r->value->at, r->value->len, r->arena, &why);
    if (!text)
        return why ? gri_refuse_as(r, GRI_EMAIL_VALUE, why) : GR_ENOMEM;
    memcpy(r->to, &text, sizeof text);
    return 0;
}

static json_t *document_email(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    (void)view;
    return gri_text_document(doc, f, f->min_len, f->max_len ? f->max_len : SIZE_MAX, "email");
}

const struct gri_kind gri_kind_email = {
    .size = sizeof(char *),
    .options = GRI_HAS_LENGTH | GRI_HAS_PATTERN,
    .type_error = GRI_STRING_TYPE,
    .read = read_email,
    .write = gri_string_write,
    .check = gri_string_check,
    .document = document_email,
    .takes = gri_string_takes,
    .compare = gri_string_compare,
    .put_default = gri_string_default,
    .exactness = gri_string_exactness,
    .label = "function-after[_validate(), str]",
};
