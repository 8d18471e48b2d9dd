#include "schema/formats.h"
#include "schema/kind_text.h"

/* In its normal form. 0 and *text, or as gri_scalar_read(). */
static int take_url(const struct gri_reading *r, const char **text)
{
    const char *why = NULL;
    int rc = gri_text_check(r);
    if (rc)
        return rc;
    *text = gri_url_read(r->value->at, r->value->len, r->arena, &why);
    if (!*text)
        return why ? gri_refuse_as(r, GRI_URL_PARSING, why) : GR_ENOMEM;
    return 0;
}

static int read_url(const struct gri_reading *r)
{
    const char *text;
    int rc = take_url(r, &text);
    if (rc == 0)
        memcpy(r->to, &text, sizeof text);
    return rc;
}

static int read_http_url(const struct gri_reading *r)
{
    const char *text;
    int rc = take_url(r, &text);
    if (rc)
        return rc;
    if (strncmp(text, "http:", 5) != 0 && strncmp(text, "https:", 6) != 0)
        return gri_refuse_as(r, GRI_URL_SCHEME, "'http' or 'https'");
    memcpy(r->to, &text, sizeof text);
    return 0;
}

static json_t *url_schema(struct gri_doc *doc, const gr_field *f, size_t most)
{
    return gri_text_document(doc, f, f->min_len ? f->min_len : 1, f->max_len ? f->max_len : most, "uri");
}

static json_t *document_url(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    (void)view;
    return url_schema(doc, f, SIZE_MAX);
}

static json_t *document_http_url(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    (void)view;
    return url_schema(doc, f, 2083);
}

#define URL_KIND(reads, documents) \
    { \
        .size = sizeof(char *), .options = GRI_HAS_LENGTH | GRI_HAS_PATTERN, .type_error = GRI_URL_TYPE, \
        .read = (reads), .write = gri_string_write, .check = gri_string_check, .document = (documents), \
        .takes = gri_string_takes, .compare = gri_string_compare, .put_default = gri_string_default, .label = "url" \
    }

const struct gri_kind gri_kind_url = URL_KIND(read_url, document_url);
const struct gri_kind gri_kind_http_url = URL_KIND(read_http_url, document_http_url);
