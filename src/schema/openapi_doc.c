#include "schema/openapi.h"

#include <string.h>

#include "base/utf8.h"
#include "schema/json.h"

static json_t *doc_fail(struct gri_doc *doc, int rc)
{
    if (!doc->rc)
        doc->rc = rc;
    return NULL;
}

static json_t *made(struct gri_doc *doc, json_t *value)
{
    return value ? value : doc_fail(doc, GR_ENOMEM);
}

static json_t *doc_refuse(struct gri_doc *doc, const char *text, const char *why)
{
    if (!doc->rc) {
        doc->refused = text;
        doc->why = why;
    }
    return doc_fail(doc, GR_EINVAL);
}

static bool is_doc_text(struct gri_doc *doc, const char *text)
{
    if (gri_utf8_valid(text, strlen(text)))
        return true;
    doc_refuse(doc, text, "is not UTF-8");
    return false;
}

json_t *gri_doc_object(struct gri_doc *doc)
{
    return made(doc, json_object());
}

json_t *gri_doc_array(struct gri_doc *doc)
{
    return made(doc, json_array());
}

json_t *gri_doc_text(struct gri_doc *doc, const char *text)
{
    if (!text)
        return doc_fail(doc, GR_ENOMEM);
    return is_doc_text(doc, text) ? made(doc, json_string_nocheck(text)) : NULL;
}

json_t *gri_doc_size(struct gri_doc *doc, size_t n)
{
    return made(doc, json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n));
}

/* That it is JSON was checked before, all but its numbers. An integer that jansson has not is told as a constant is. */
json_t *gri_doc_json(struct gri_doc *doc, const char *json)
{
    const struct gri_json_limits limits = {.values = SIZE_MAX, .lenient = true, .rounds = true};
    struct gri_json_error ignored;
    int rc;
    json_t *value = gri_json_parse(json, strlen(json), &limits, &ignored, &rc);
    if (rc == GR_EINVAL)
        return doc_refuse(doc, json, "holds a number out of range");
    return rc ? doc_fail(doc, rc) : value;
}

void gri_doc_set(struct gri_doc *doc, json_t *object, const char *key, json_t *value)
{
    if (!key || !is_doc_text(doc, key)) {
        json_decref(value);
        doc_fail(doc, GR_ENOMEM);
    } else if (json_object_set_new_nocheck(object, key, value)) {
        doc_fail(doc, GR_ENOMEM);
    }
}

void gri_doc_add(struct gri_doc *doc, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value))
        doc_fail(doc, GR_ENOMEM);
}

void gri_doc_set_text(struct gri_doc *doc, json_t *object, const char *key, const char *text)
{
    if (text)
        gri_doc_set(doc, object, key, gri_doc_text(doc, text));
}

void gri_doc_set_json(struct gri_doc *doc, json_t *object, const char *key, const char *json)
{
    if (json)
        gri_doc_set(doc, object, key, gri_doc_json(doc, json));
}

const char *gri_doc_printf(struct gri_doc *doc, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *text = gri_arena_vprintf(&doc->arena, fmt, args);
    va_end(args);
    if (!text)
        doc_fail(doc, GR_ENOMEM);
    return text;
}
