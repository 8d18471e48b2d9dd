#include "serve/pairs.h"

#include <stdlib.h>

int gri_pairs_decode(struct gri_arena *arena, struct gri_str *text)
{
    char *decoded = gri_arena_alloc(arena, text->len + 1);
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

static struct gri_pair *pairs_reserve(struct gri_arena *arena, size_t n)
{
    return gri_arena_alloc(arena, gri_size_mul(n ? n : 1, sizeof(struct gri_pair)));
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

static bool is_same_name(const struct gri_pairs *pairs, struct gri_str a, struct gri_str b)
{
    return pairs->nocase ? gri_str_is_nocase(a, b) : gri_str_is(a, b);
}

int gri_pairs_order(struct gri_arena *arena, struct gri_pairs *pairs)
{
    enum { FEW = 8 };
    if (pairs->n <= FEW)
        return 0;
    pairs->sorted = gri_arena_alloc(arena, gri_size_mul(pairs->n, sizeof *pairs->sorted));
    if (!pairs->sorted)
        return GR_ENOMEM;
    for (size_t i = 0; i < pairs->n; i++)
        pairs->sorted[i] = &pairs->at[i];
    qsort(pairs->sorted, pairs->n, sizeof *pairs->sorted, pairs->nocase ? by_field : by_text);
    return 0;
}

static int compare_member(const struct gri_pairs *pairs, const struct gri_pair *pair, const struct gri_member *m)
{
    return pairs->nocase ? compare_fields(pair->name, m->name, !m->field->alias) : compare_texts(pair->name, m->name);
}

void gri_named_add(struct gri_named *named, struct gri_pair *pair)
{
    if (named->n++)
        named->last->next = pair;
    else
        named->first = pair;
    named->last = pair;
}

static void take_sorted(const struct gri_pairs *pairs, const struct gri_member *m, struct gri_named *named)
{
    size_t low = 0, high = pairs->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_member(pairs, pairs->sorted[middle], m) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < pairs->n && compare_member(pairs, pairs->sorted[low], m) == 0; low++)
        gri_named_add(named, pairs->sorted[low]);
}

static bool is_of_member(const struct gri_pairs *pairs, const struct gri_pair *pair, const struct gri_member *m)
{
    return pairs->nocase ? compare_fields(pair->name, m->name, !m->field->alias) == 0 : gri_str_is(pair->name, m->name);
}

void gri_pairs_take(const struct gri_pairs *pairs, const struct gri_member *m, struct gri_named *named)
{
    *named = (struct gri_named){0};
    if (pairs->sorted) {
        take_sorted(pairs, m, named);
        return;
    }
    for (size_t i = 0; i < pairs->n; i++)
        if (is_of_member(pairs, &pairs->at[i], m))
            gri_named_add(named, &pairs->at[i]);
}

/* Where it stands among the sorted ones. */
static size_t find_sorted(const struct gri_pairs *pairs, const struct gri_pair *pair)
{
    struct gri_pair *const *found =
        bsearch(&pair, pairs->sorted, pairs->n, sizeof *pairs->sorted, pairs->nocase ? by_field : by_text);
    return (size_t)(found - pairs->sorted);
}

bool gri_pairs_leads(const struct gri_pairs *pairs, const struct gri_pair *pair)
{
    if (pairs->sorted) {
        size_t i = find_sorted(pairs, pair);
        return i == 0 || !is_same_name(pairs, pairs->sorted[i - 1]->name, pair->name);
    }
    const struct gri_pair *before = pairs->at;
    while (before < pair && !is_same_name(pairs, before->name, pair->name))
        before++;
    return before == pair;
}

static void take_alike_sorted(const struct gri_pairs *pairs, const struct gri_pair *pair, struct gri_named *named)
{
    for (size_t i = find_sorted(pairs, pair); i < pairs->n; i++) {
        if (!is_same_name(pairs, pairs->sorted[i]->name, pair->name))
            return;
        gri_named_add(named, pairs->sorted[i]);
    }
}

void gri_pairs_alike(const struct gri_pairs *pairs, const struct gri_pair *pair, struct gri_named *named)
{
    *named = (struct gri_named){0};
    if (pairs->sorted) {
        take_alike_sorted(pairs, pair, named);
        return;
    }
    for (size_t i = (size_t)(pair - pairs->at); i < pairs->n; i++)
        if (is_same_name(pairs, pairs->at[i].name, pair->name))
            gri_named_add(named, &pairs->at[i]);
}

/* --- the places --- */

static int read_query(struct gri_arena *arena, struct gri_str query, struct gri_pairs *pairs)
{
    struct gri_pair *to = pairs_reserve(arena, count_parts(query, '&'));
    if (!to)
        return GR_ENOMEM;
    pairs->at = to;
    struct gri_query_pair pair;
    while (gri_query_next(&query, &pair)) {
        *to = (struct gri_pair){.name = pair.name, .value = pair.value, .raw = pair.value.at};
        if ((pair.name_encoded && gri_pairs_decode(arena, &to->name)) ||
            (pair.value_encoded && gri_pairs_decode(arena, &to->value)))
            return GR_ENOMEM;
        to++;
        pairs->n++;
    }
    return 0;
}

static int read_fields(const gr_req *req, struct gri_arena *arena, struct gri_pairs *pairs)
{
    const struct gri_head *head = &req->x.head;
    struct gri_pair *to = pairs_reserve(arena, head->n_fields);
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

static int read_cookies(const gr_req *req, struct gri_arena *arena, struct gri_pairs *pairs)
{
    const struct gri_head *head = &req->x.head;
    size_t most = 0;
    for (unsigned i = 0; i < head->n_fields; i++)
        most += is_cookie_field(&head->fields[i]) ? count_parts(head->fields[i].value, ';') : 0;
    struct gri_pair *to = pairs_reserve(arena, most);
    if (!to)
        return GR_ENOMEM;
    for (unsigned i = 0; i < head->n_fields; i++)
        if (is_cookie_field(&head->fields[i]))
            cut_cookies(head->fields[i].value, to, &pairs->n);
    pairs->at = to;
    return 0;
}

/* A body of another type is no form, and so none is there; but who sends a form that is not read is told so. */
static int read_form(const gr_req *req, struct gri_arena *arena, struct gri_pairs *pairs)
{
    const struct gri_header_field *field = gri_head_find(&req->x.head, GRI_STR("Content-Type"));
    struct gri_str rest, type = field ? gri_str_trim(gri_str_cut(field->value, ';', &rest)) : GRI_STR("");
    if (gri_str_is_nocase(type, GRI_STR("multipart/form-data")))
        return 415;
    if (!gri_str_is_nocase(type, GRI_STR("application/x-www-form-urlencoded")))
        return 0;
    return count_parts(req->body, '&') > GRI_MAX_FORM_FIELDS ? 413 : read_query(arena, req->body, pairs);
}

static int read_place(const gr_req *req, struct gri_arena *arena, gr_source source, struct gri_pairs *pairs)
{
    switch (source) {
    case GR_IN_QUERY:
        return read_query(arena, req->target.query, pairs);
    case GR_IN_HEADER:
        return read_fields(req, arena, pairs);
    case GR_IN_COOKIE:
        return read_cookies(req, arena, pairs);
    default:
        return read_form(req, arena, pairs);
    }
}

int gri_pairs_read(const gr_req *req, struct gri_arena *arena, gr_source source, struct gri_pairs *pairs)
{
    *pairs = (struct gri_pairs){0};
    int rc = read_place(req, arena, source, pairs);
    return rc ? rc : gri_pairs_order(arena, pairs);
}
