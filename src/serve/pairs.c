#include "serve/pairs.h"

#include <stdlib.h>

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

/* --- in the order of their names --- */

/* Lengths first: they tell most names apart. */
static int compare_texts(struct gri_str a, struct gri_str b)
{
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    return a.len ? memcmp(a.at, b.at, a.len) : 0;
}

static int compare_fields(struct gri_str a, struct gri_str b, bool underscores)
{
    int order = a.len < b.len ? -1 : a.len > b.len;
    for (size_t i = 0; i < b.len && order == 0; i++) {
        char c = underscores && b.at[i] == '_' ? '-' : b.at[i];
        order = gri_lower(a.at[i]) - gri_lower(c);
    }
    return order;
}

static int in_order(const struct gri_pair *p, const struct gri_pair *q, int order)
{
    return order ? order : p < q ? -1 : p > q;
}

static int by_text(const void *a, const void *b)
{
    const struct gri_pair *const *p = a, *const *q = b;
    return in_order(*p, *q, compare_texts((*p)->name, (*q)->name));
}

static int by_field(const void *a, const void *b)
{
    const struct gri_pair *const *p = a, *const *q = b;
    return in_order(*p, *q, compare_fields((*p)->name, (*q)->name, false));
}

/* Most requests have few, and need no sorting by halves. */
static void pairs_sort(const struct gri_pairs *pairs)
{
    enum { FEW = 8 };
    struct gri_pair **sorted = pairs->sorted;
    int (*compare)(const void *, const void *) = pairs->nocase ? by_field : by_text;
    if (pairs->n > FEW) {
        qsort(sorted, pairs->n, sizeof *sorted, compare);
        return;
    }
    for (size_t i = 1, to; i < pairs->n; i++) {
        struct gri_pair *pair = sorted[i];
        for (to = i; to > 0 && compare(&sorted[to - 1], &pair) > 0; to--)
            sorted[to] = sorted[to - 1];
        sorted[to] = pair;
    }
}

static bool is_same_name(const struct gri_pairs *pairs, struct gri_str a, struct gri_str b)
{
    return pairs->nocase ? gri_str_is_nocase(a, b) : gri_str_is(a, b);
}

/* Behind the last there is none, nor before the first (whose `i` is SIZE_MAX). */
static bool is_named_as_next(const struct gri_pairs *pairs, size_t i)
{
    return i + 1 < pairs->n && i < pairs->n && is_same_name(pairs, pairs->sorted[i]->name, pairs->sorted[i + 1]->name);
}

static int pairs_order(gr_req *req, struct gri_pairs *pairs)
{
    pairs->sorted = gri_arena_alloc(&req->x.arena, gri_size_mul(pairs->n + 1, sizeof *pairs->sorted));
    if (!pairs->sorted)
        return GR_ENOMEM;
    for (size_t i = 0; i < pairs->n; i++)
        pairs->sorted[i] = &pairs->at[i];
    pairs_sort(pairs);
    for (size_t i = 0; i < pairs->n; i++)
        pairs->sorted[i]->counts = !is_named_as_next(pairs, pairs->nocase ? i - 1 : i);
    return 0;
}

static int compare_member(const struct gri_pairs *pairs, const struct gri_pair *pair, const struct gri_member *m)
{
    return pairs->nocase ? compare_fields(pair->name, m->name, !m->field->alias) : compare_texts(pair->name, m->name);
}

struct gri_pair *const *gri_pairs_take(const struct gri_pairs *pairs, const struct gri_member *m, size_t *n)
{
    size_t low = 0, high = pairs->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_member(pairs, pairs->sorted[middle], m) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (*n = 0; low + *n < pairs->n && compare_member(pairs, pairs->sorted[low + *n], m) == 0; ++*n)
        pairs->sorted[low + *n]->taken = true;
    return pairs->sorted + low;
}

/* --- the places --- */

static int read_query(gr_req *req, struct gri_str query, struct gri_pairs *pairs)
{
    struct gri_pair *to = pairs_reserve(req, count_parts(query, '&'));
    if (!to)
        return GR_ENOMEM;
    pairs->at = to;
    struct gri_query_pair pair;
    while (gri_query_next(&query, &pair)) {
        *to = (struct gri_pair){.name = pair.name, .value = pair.value};
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
        to[i] = (struct gri_pair){.name = head->fields[i].name, .value = head->fields[i].value};
    *pairs = (struct gri_pairs){.at = to, .n = head->n_fields, .nocase = true};
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
        to[(*n)++] = (struct gri_pair){.name = gri_str_trim(name), .value = value};
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

static int read_place(gr_req *req, gr_source source, struct gri_pairs *pairs)
{
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

int gri_pairs_read(gr_req *req, gr_source source, struct gri_pairs *pairs)
{
    *pairs = (struct gri_pairs){0};
    int rc = read_place(req, source, pairs);
    return rc ? rc : pairs_order(req, pairs);
}
