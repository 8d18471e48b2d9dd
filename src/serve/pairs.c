#include "serve/pairs.h"

static int pairs_decode(gr_req *req, struct gri_str *text, bool encoded)
{
    if (!encoded)
        return 0;
    char *decoded = gri_arena_alloc(&req->x.arena, text->len + 1);
    if (!decoded)
        return GR_ENOMEM;
    ptrdiff_t len = gri_percent_decode(decoded, *text, true);
    if (len >= 0) /* a broken escape stands for itself, as in Python */
        *text = (struct gri_str){decoded, (size_t)len};
    return 0;
}

static size_t count_parts(struct gri_str text, char separator)
{
    size_t n = 0;
    for (; text.len; n++)
        gri_str_cut_soon(text, separator, &text);
    return n;
}

static struct gri_pair *pairs_reserve(gr_req *req, size_t n)
{
    return gri_arena_alloc(&req->x.arena, gri_size_mul(n ? n : 1, sizeof(struct gri_pair)));
}

static int read_query(gr_req *req, struct gri_str query, struct gri_pairs *pairs)
{
    struct gri_pair *to = pairs_reserve(req, count_parts(query, '&'));
    if (!to)
        return GR_ENOMEM;
    pairs->at = to;
    struct gri_query_pair pair;
    while (gri_query_next(&query, &pair)) {
        *to = (struct gri_pair){pair.name, pair.value};
        if (pairs_decode(req, &to->name, pair.name_encoded) || pairs_decode(req, &to->value, pair.value_encoded))
            return GR_ENOMEM;
        to++;
        pairs->n++;
    }
    return 0;
}

static int read_fields(gr_req *req, struct gri_pairs *pairs)
{
    const struct gri_head *head = &req->x.head;
    struct gri_pair *to = pairs_reserve(req, head->n_fields);
    if (!to)
        return GR_ENOMEM;
    for (unsigned i = 0; i < head->n_fields; i++)
        to[i] = (struct gri_pair){head->fields[i].name, head->fields[i].value};
    *pairs = (struct gri_pairs){to, head->n_fields, true};
    return 0;
}

/* RFC 6265 section 4.2.1; quotes around a value are no part of it, as in Python's http.cookies. */
static void cut_cookies(struct gri_str text, struct gri_pair *to, size_t *n)
{
    while (text.len) {
        struct gri_str value, rest, part = gri_str_cut(text, ';', &rest), name = gri_str_cut(part, '=', &value);
        bool named = name.len < part.len;
        text = rest;
        if (!named)
            continue;
        value = gri_str_trim(value);
        if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"')
            value = (struct gri_str){value.at + 1, value.len - 2};
        to[(*n)++] = (struct gri_pair){gri_str_trim(name), value};
    }
}

static bool is_cookie_field(const struct gri_header_field *field)
{
    return gri_str_is_nocase(field->name, GRI_STR("Cookie"));
}

static int read_cookies(gr_req *req, struct gri_pairs *pairs)
{
    const struct gri_head *head = &req->x.head;
    size_t most = 0;
    for (unsigned i = 0; i < head->n_fields; i++)
        most += is_cookie_field(&head->fields[i]) ? count_parts(head->fields[i].value, ';') : 0;
    struct gri_pair *to = pairs_reserve(req, most);
    if (!to)
        return GR_ENOMEM;
    for (unsigned i = 0; i < head->n_fields; i++)
        if (is_cookie_field(&head->fields[i]))
            cut_cookies(head->fields[i].value, to, &pairs->n);
    pairs->at = to;
    return 0;
}

static bool is_form(const gr_req *req)
{
    const struct gri_header_field *field = gri_head_find(&req->x.head, GRI_STR("Content-Type"));
    struct gri_str rest;
    return field && gri_str_is_nocase(gri_str_trim(gri_str_cut(field->value, ';', &rest)),
                                      GRI_STR("application/x-www-form-urlencoded"));
}

static int read_form(gr_req *req, struct gri_pairs *pairs)
{
    if (!is_form(req))
        return 0;
    return count_parts(req->body, '&') > GRI_MAX_FORM_FIELDS ? 413 : read_query(req, req->body, pairs);
}

int gri_pairs_read(gr_req *req, gr_source source, struct gri_pairs *pairs)
{
    *pairs = (struct gri_pairs){NULL, 0, false};
    switch (source) {
    case GR_IN_QUERY:
        return read_query(req, req->target.query, pairs);
    case GR_IN_HEADER:
        return read_fields(req, pairs);
    case GR_IN_COOKIE:
        return read_cookies(req, pairs);
    default:
        return read_form(req, pairs);
    }
}

/* A header model's members are named with underscores, the field with hyphens. */
static bool is_field_name(struct gri_str field, struct gri_str name)
{
    if (field.len != name.len)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        bool hyphen = name.at[i] == '_' && field.at[i] == '-';
        if (!hyphen && gri_ascii_lower(field.at[i]) != gri_ascii_lower(name.at[i]))
            return false;
    }
    return true;
}

static bool is_pairs_named(const struct gri_pairs *pairs, size_t i, struct gri_str name)
{
    return pairs->nocase ? is_field_name(pairs->at[i].name, name) : gri_str_is(pairs->at[i].name, name);
}

const struct gri_str *gri_pairs_next(const struct gri_pairs *pairs, struct gri_str name, size_t *at)
{
    while (*at < pairs->n)
        if (is_pairs_named(pairs, (*at)++, name))
            return &pairs->at[*at - 1].value;
    return NULL;
}

const struct gri_str *gri_pairs_last(const struct gri_pairs *pairs, struct gri_str name)
{
    for (size_t at = pairs->n; at-- > 0;)
        if (is_pairs_named(pairs, at, name))
            return &pairs->at[at].value;
    return NULL;
}
