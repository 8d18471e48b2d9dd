/* Lists that stand in one text, and objects whose members stand side by side: the styles of OpenAPI 3.1. */
#include "serve/pairs.h"

static char delimiter_of(gr_style style)
{
    return style == GR_STYLE_SPACE_DELIMITED ? ' ' : style == GR_STYLE_PIPE_DELIMITED ? '|' : ',';
}

static int pairs_add_item(struct gri_arena *arena, struct gri_str item, bool encoded, struct gri_named *items)
{
    struct gri_pair *pair = gri_arena_alloc(arena, sizeof *pair);
    if (!pair)
        return GR_ENOMEM;
    *pair = (struct gri_pair){.value = item};
    gri_named_add(items, pair);
    return encoded ? gri_pairs_decode(arena, &pair->value) : 0;
}

static int cut_text(struct gri_arena *arena, struct gri_str text, char delimiter, bool encoded, struct gri_named *items)
{
    bool more = text.len > 0;
    int rc = 0;
    while (more && rc == 0) {
        struct gri_str rest, item = gri_str_cut(text, delimiter, &rest);
        more = item.len < text.len;
        text = rest;
        rc = pairs_add_item(arena, item, encoded, items);
    }
    return rc;
}

/* RFC 9110 section 5.6.1: white space around the items counts as little as items without anything in them. */
static int cut_field(struct gri_arena *arena, struct gri_str text, struct gri_named *items)
{
    int rc = 0;
    while (text.len && rc == 0) {
        struct gri_str item = gri_str_trim(gri_str_cut(text, ',', &text));
        rc = item.len ? pairs_add_item(arena, item, false, items) : 0;
    }
    return rc;
}

static struct gri_str raw_text(const gr_req *req, const struct gri_pair *pair)
{
    struct gri_str query = req->target.query, rest;
    return gri_str_cut((struct gri_str){pair->raw, (size_t)(query.at + query.len - pair->raw)}, '&', &rest);
}

/* RFC 6570 section 3.2.8: a delimiter that is part of an item is encoded there. Many clients encode the others too, so
 * that where none stands by itself the encoded ones are meant. */
static int cut_parameter(const gr_req *req, struct gri_arena *arena, const struct gri_pair *pair, char delimiter,
                         struct gri_named *items)
{
    struct gri_str raw = raw_text(req, pair);
    bool by_itself = raw.len && memchr(raw.at, delimiter, raw.len);
    return by_itself ? cut_text(arena, raw, delimiter, true, items)
                     : cut_text(arena, pair->value, delimiter, false, items);
}

int gri_pairs_cut(const gr_req *req, struct gri_arena *arena, gr_source source, gr_style style, struct gri_named *named)
{
    struct gri_named items = {0};
    int rc = 0;
    for (const struct gri_pair *pair = named->first; pair && rc == 0; pair = pair->next) {
        if (source == GR_IN_HEADER)
            rc = cut_field(arena, pair->value, &items);
        else if (source == GR_IN_QUERY)
            rc = cut_parameter(req, arena, pair, delimiter_of(style), &items);
        else
            rc = cut_text(arena, pair->value, ',', false, &items);
    }
    *named = items;
    return rc;
}

/* The member in "filter[member]"; `at` NULL: it is none of that object. */
static struct gri_str member_of(struct gri_str text, struct gri_str name)
{
    bool inside = text.len > name.len + 2 && text.at[name.len] == '[' && text.at[text.len - 1] == ']' &&
                  memcmp(text.at, name.at, name.len) == 0;
    return inside ? (struct gri_str){text.at + name.len + 1, text.len - name.len - 2} : (struct gri_str){NULL, 0};
}

static size_t count_members(const struct gri_pairs *pairs, struct gri_str name)
{
    size_t n = 0;
    for (size_t i = 0; i < pairs->n; i++)
        n += member_of(pairs->at[i].name, name).at != NULL;
    return n;
}

int gri_pairs_deep(struct gri_arena *arena, const struct gri_pairs *pairs, struct gri_str name, struct gri_pairs *inner)
{
    size_t n = count_members(pairs, name);
    *inner = (struct gri_pairs){.at = gri_arena_alloc(arena, gri_size_mul(n + 1, sizeof *inner->at))};
    if (!inner->at)
        return GR_ENOMEM;
    for (size_t i = 0; i < pairs->n; i++) {
        const struct gri_pair *pair = &pairs->at[i];
        struct gri_str member = member_of(pair->name, name);
        if (member.at)
            inner->at[inner->n++] = (struct gri_pair){.name = member, .value = pair->value, .raw = pair->raw};
    }
    return gri_pairs_order(arena, inner);
}
