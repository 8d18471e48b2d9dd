/* Parameters that are more than one text, or a text that may be anything. */
#include "base/utf8.h"
#include "schema/constant.h"
#include "schema/distinct.h"
#include "serve/binding.h"

/* A text where any JSON is taken is a string, as in FastAPI. */
static int take_untyped(struct binding *b, json_t *string, char *to)
{
    if (!b->values)
        b->values = json_array();
    if (json_array_append_new(b->values, string))
        return GR_ENOMEM;
    memcpy(to, &string, sizeof string);
    return 0;
}

int gri_bind_untyped(struct binding *b, const struct gri_member *m, const struct gri_str *text, char *to,
                     const size_t *index)
{
    struct gri_error error = {.kind = GRI_STRING_UNICODE};
    if (gri_utf8_valid(text->at, text->len)) {
        int rc = take_untyped(b, json_stringn_nocheck(text->at, text->len), to);
        const char *why = rc == 0 && m->field->validate ? m->field->validate(to) : NULL;
        if (!why)
            return rc;
        error.kind = GRI_VALUE_ERROR;
        error.limit = (gr_constant){.kind = GR_CONSTANT_STRING, .s = why};
    }
    gri_bind_repeat(b, &error, m, text);
    return gri_bind_error(b, &error, &m->name, index);
}

static int read_item(struct binding *b, const struct gri_member *m, const struct gri_str *text, char *to, size_t index)
{
    struct gri_error error;
    struct gri_value value = gri_bind_value(text);
    if (m->type == GR_TYPE_JSON)
        return gri_bind_untyped(b, m, text, to, &index);
    if (m->plan)
        return gri_bind_bare(b, m, text, to, &m->name, &index);
    int rc = gri_scalar_read(m, &value, to, b->arena, &b->steps, &error);
    if (rc <= 0)
        return rc;
    gri_bind_repeat(b, &error, m, text);
    return gri_bind_error(b, &error, &m->name, &index);
}

/* --- lists --- */

/* One that was refused is none of them, which counts where it is a set. */
static int read_items(struct binding *b, const struct gri_member *m, const struct gri_named *items, char *values,
                      size_t *n)
{
    const struct gri_pair *pair = items->first;
    int rc = 0;
    *n = 0;
    for (size_t i = 0; rc == 0 && pair; i++, pair = pair->next) {
        size_t before = b->errors.count;
        rc = read_item(b, m, &pair->value, values + *n * m->stride, i);
        *n += b->errors.count == before;
    }
    return rc;
}

static int refuse_list_count(struct binding *b, const struct gri_member *m, const struct gri_named *items, size_t n,
                             bool too_long)
{
    struct gri_error error = gri_member_count_error(m, n, too_long);
    return gri_bind_list_error(b, m, items, &error, NULL);
}

static int check_different(struct binding *b, const struct gri_member *m, const struct gri_named *items,
                           const char *values)
{
    int rc = gri_items_repeat(m, values, items->n);
    struct gri_error error = {.kind = GRI_VALUE_ERROR, .limit = {.kind = GR_CONSTANT_STRING, .s = GRI_ITEMS_REPEAT}};
    return rc > 0 ? gri_bind_list_error(b, m, items, &error, NULL) : rc;
}

/* The n of them that were taken; `before`: how many errors there were before the first. */
static int check_list(struct binding *b, const struct gri_member *m, const struct gri_named *items, const char *values,
                      size_t n, size_t before)
{
    if (n > gri_member_most(m)) {
        b->errors.count = before; /* then nothing else is said of it */
        return refuse_list_count(b, m, items, n, true);
    }
    if (b->errors.count != before)
        return 0;
    if (n < gri_member_least(m))
        return refuse_list_count(b, m, items, n, false);
    return m->field->unique ? check_different(b, m, items, values) : 0;
}

int gri_bind_list(struct binding *b, const struct gri_member *m, const struct gri_named *items, char *to)
{
    size_t before = b->errors.count, n;
    if (!m->field->dedupe && items->n > gri_member_most(m))
        return refuse_list_count(b, m, items, items->n, true);
    char *values = gri_arena_alloc(b->arena, gri_size_mul(items->n, m->stride));
    if (!values)
        return GR_ENOMEM;
    int rc = read_items(b, m, items, values, &n);
    if (rc == 0 && m->field->dedupe)
        rc = gri_items_dedupe(m, values, &n);
    struct gri_sequence list = {values, n};
    memcpy(to, &list, sizeof list);
    return rc ? rc : check_list(b, m, items, values, n, before);
}

/* --- tuples --- */

static int read_position(struct binding *b, const struct gri_member *tuple, const struct gri_member *m,
                         const struct gri_str *text, char *to, size_t index)
{
    struct gri_error error;
    struct gri_value value = gri_bind_value(text);
    if (m->type == GR_TYPE_JSON)
        return gri_bind_untyped(b, tuple, text, to + m->offset, &index);
    if (m->plan)
        return gri_bind_bare(b, m, text, to + m->offset, &tuple->name, &index);
    int rc = gri_scalar_read_member(m, &value, to + m->offset, b->arena, &b->steps, &error);
    if (rc <= 0)
        return rc;
    gri_bind_repeat(b, &error, m, text);
    return gri_bind_error(b, &error, &tuple->name, &index);
}

static int read_positions(struct binding *b, const struct gri_member *m, const struct gri_named *items, char *to)
{
    const struct gri_pair *pair = items->first;
    bool secret = b->secret;
    int rc = 0;
    b->secret = secret || m->field->secret;
    for (size_t i = 0; i < m->plan->n_members && rc == 0; i++) {
        struct gri_error missing = {.kind = GRI_MISSING};
        rc = pair ? read_position(b, m, &m->plan->members[i], &pair->value, to, i)
                  : gri_bind_list_error(b, m, items, &missing, &i);
        pair = pair ? pair->next : NULL;
    }
    b->secret = secret;
    return rc;
}

static int validate_tuple(struct binding *b, const struct gri_member *m, const gr_field *field,
                          const struct gri_named *items, const char *at)
{
    const char *text = field && field->validate ? field->validate(at) : NULL;
    struct gri_error error = {.kind = GRI_VALUE_ERROR, .limit = {.kind = GR_CONSTANT_STRING, .s = text}};
    return text ? gri_bind_list_error(b, m, items, &error, NULL) : 0;
}

int gri_bind_tuple(struct binding *b, const struct gri_member *m, const struct gri_named *items, char *to)
{
    size_t before = b->errors.count;
    struct gri_error error = {.kind = GRI_TUPLE_TOO_LONG, .actual = items->n};
    error.limit = gri_constant_uint(m->plan->n_members);
    if (items->n > m->plan->n_members)
        return gri_bind_list_error(b, m, items, &error, NULL);
    int rc = read_positions(b, m, items, to);
    if (rc == 0 && b->errors.count == before)
        rc = validate_tuple(b, m, m->plan->self, items, to);
    if (rc == 0 && b->errors.count == before)
        rc = validate_tuple(b, m, m->field, items, to);
    return rc;
}
