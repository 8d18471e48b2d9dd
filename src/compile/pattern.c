#include "compile/pattern.h"

#include <stdarg.h>

/* --- parsing --- */

struct parser {
    struct gri_arena *arena;
    struct gri_pattern *pattern;
    const char **why;
    bool out_of_memory;
};

GR_PRINTF(2, 3) static int pattern_refuse(struct parser *p, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    *p->why = gri_arena_vprintf(p->arena, fmt, args);
    va_end(args);
    return *p->why ? GR_EINVAL : GR_ENOMEM;
}

static int parse_converter(struct parser *p, struct gri_str text, enum gri_converter *converter)
{
    static const char *const names[] = {"str", "int", "float", "uuid", "path"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (gri_str_is(text, gri_str_from(names[i]))) {
            *converter = (enum gri_converter)i;
            return 0;
        }
    return pattern_refuse(p, "unknown converter \"%.*s\": use str, int, float, uuid or path", (int)text.len, text.at);
}

static bool is_name(struct gri_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c != '_' && !gri_is_alpha(c) && !(i > 0 && gri_is_digit(c)))
            return false;
    }
    return s.len > 0;
}

static bool is_pattern_taken(const struct gri_pattern *pattern, struct gri_str name)
{
    for (size_t i = 0; i < pattern->n; i++)
        for (size_t j = 0; j < pattern->segments[i].n; j++)
            if (gri_str_is(pattern->segments[i].pieces[j].name, name))
                return true;
    return false;
}

static int check_param(struct parser *p, const struct gri_segment *segment, const struct gri_piece *piece)
{
    struct gri_str name = piece->name;
    if (!is_name(name))
        return pattern_refuse(p, "\"{%.*s}\" is no parameter name: use letters, digits and '_'", (int)name.len,
                              name.at);
    if (is_pattern_taken(p->pattern, name))
        return pattern_refuse(p, "the parameter \"%.*s\" stands in it twice", (int)name.len, name.at);
    if (p->pattern->n_params >= GRI_MAX_PARAMS)
        return pattern_refuse(p, "more than %d parameters", GRI_MAX_PARAMS);
    if (segment->n_params >= 2)
        return pattern_refuse(p, "more than two parameters in one segment");
    if (segment->has_path && piece->converter == GRI_CONV_PATH)
        return pattern_refuse(p, "more than one {name:path}");
    return 0;
}

/* `text` starts behind '{'. */
static int parse_param(struct parser *p, struct gri_segment *segment, struct gri_str *text)
{
    struct gri_str inside = gri_str_cut(*text, '}', text), converter;
    struct gri_piece *piece = &segment->pieces[segment->n];
    *piece = (struct gri_piece){.name = gri_str_cut(inside, ':', &converter)};
    bool has_converter = piece->name.len < inside.len;
    int rc = has_converter ? parse_converter(p, converter, &piece->converter) : 0;
    if (rc == 0)
        rc = check_param(p, segment, piece);
    segment->n++;
    segment->n_params++;
    segment->has_path |= piece->converter == GRI_CONV_PATH;
    p->pattern->n_params++;
    return rc;
}

static int parse_segment(struct parser *p, struct gri_segment *segment, struct gri_str text)
{
    segment->pieces = gri_arena_alloc(p->arena, (text.len + 1) * sizeof *segment->pieces);
    if (!segment->pieces)
        return GR_ENOMEM;
    int rc = 0;
    while (rc == 0 && text.len) {
        struct gri_str rest, literal = gri_str_cut(text, '{', &rest);
        bool has_param = literal.len < text.len;
        if (memchr(literal.at, '}', literal.len) || (has_param && !memchr(rest.at, '}', rest.len)))
            return pattern_refuse(p, "a brace without its other half");
        if (literal.len)
            segment->pieces[segment->n++] = (struct gri_piece){.literal = literal};
        text = rest;
        if (has_param)
            rc = parse_param(p, segment, &text);
    }
    segment->is_plain = segment->n == 1 && segment->n_params == 1 && segment->pieces[0].converter == GRI_CONV_STR;
    return rc;
}

/* A {name:path} may span slashes, so everything from its segment on is one. */
static struct gri_str next_segment(struct gri_str *rest, bool *more)
{
    struct gri_str whole = *rest, segment = gri_str_cut(whole, '/', rest);
    *more = segment.len < whole.len;
    if (segment.len >= 6 && memmem(segment.at, segment.len, ":path}", 6)) {
        *more = false;
        return whole;
    }
    return segment;
}

int gri_pattern_parse(struct gri_pattern *pattern, const char *path, struct gri_arena *arena, const char **why)
{
    struct parser p = {.arena = arena, .pattern = pattern, .why = why};
    *pattern = (struct gri_pattern){0};
    if (!path || path[0] != '/')
        return pattern_refuse(&p, "a path starts with '/'");
    struct gri_str rest = gri_str_from(path + 1);
    pattern->segments = gri_arena_alloc(arena, (rest.len + 1) * sizeof *pattern->segments);
    if (!pattern->segments)
        return GR_ENOMEM;
    bool more = true;
    int rc = 0;
    while (rc == 0 && more) {
        struct gri_str text = next_segment(&rest, &more);
        struct gri_segment *segment = &pattern->segments[pattern->n++];
        *segment = (struct gri_segment){0};
        rc = parse_segment(&p, segment, text);
    }
    return rc;
}

/* --- matching --- */

static size_t pattern_digits(struct gri_str s)
{
    size_t n = 0;
    while (n < s.len && gri_is_digit(s.at[n]))
        n++;
    return n;
}

static size_t longest_float(struct gri_str s)
{
    size_t n = pattern_digits(s);
    if (n == 0 || n == s.len || s.at[n] != '.')
        return n;
    size_t fraction = pattern_digits((struct gri_str){s.at + n + 1, s.len - n - 1});
    return fraction ? n + 1 + fraction : n;
}

/* 8-4-4-4-12 hexadecimal digits, each hyphen optional. */
static size_t longest_uuid(struct gri_str s)
{
    static const unsigned char groups[] = {8, 4, 4, 4, 12};
    size_t n = 0;
    for (unsigned g = 0; g < sizeof groups; g++) {
        if (g && n < s.len && s.at[n] == '-')
            n++;
        for (unsigned i = 0; i < groups[g]; i++, n++)
            if (n >= s.len || gri_hex_value(s.at[n]) < 0)
                return 0;
    }
    return n;
}

/* How much of `s` a parameter can take at most; `least` is how little. */
static size_t longest(enum gri_converter converter, struct gri_str s, size_t *least)
{
    *least = 1;
    switch (converter) {
    case GRI_CONV_INT:
        return pattern_digits(s);
    case GRI_CONV_FLOAT:
        return longest_float(s);
    case GRI_CONV_UUID:
        *least = longest_uuid(s);
        return *least;
    case GRI_CONV_PATH:
        *least = 0;
        return s.len;
    default: {
        const char *slash = s.len ? memchr(s.at, '/', s.len) : NULL;
        return slash ? (size_t)(slash - s.at) : s.len;
    }
    }
}

/* Where the part at the end of `s` begins that a parameter may take all or the rest of. */
static size_t tail_begin(enum gri_converter converter, struct gri_str s)
{
    enum { MOST_UUID = 36 };
    size_t at = s.len;
    switch (converter) {
    case GRI_CONV_PATH:
        return 0;
    case GRI_CONV_UUID:
        return s.len > MOST_UUID ? s.len - MOST_UUID : 0;
    case GRI_CONV_STR:
        while (at > 0 && s.at[at - 1] != '/')
            at--;
        return at;
    default:
        while (at > 0 && gri_is_digit(s.at[at - 1]))
            at--;
        break;
    }
    if (converter == GRI_CONV_INT || at == s.len || at < 2 || s.at[at - 1] != '.' || !gri_is_digit(s.at[at - 2]))
        return at;
    for (at--; at > 0 && gri_is_digit(s.at[at - 1]);)
        at--;
    return at;
}

/* Whether a parameter takes all of `s` from `at` on, which is not before its tail_begin(). */
static bool takes_tail(enum gri_converter converter, struct gri_str s, size_t at)
{
    struct gri_str tail = {s.at + at, s.len - at};
    if (converter == GRI_CONV_PATH)
        return true;
    if (converter == GRI_CONV_UUID)
        return tail.len && longest_uuid(tail) == tail.len;
    return tail.len && !(converter == GRI_CONV_FLOAT && *tail.at == '.');
}

bool gri_converter_takes(enum gri_converter converter, struct gri_str s)
{
    return tail_begin(converter, s) == 0 && takes_tail(converter, s, 0);
}

/* Two parameters and what stands between them. What the second may take is known, so the places where the first may
 * end are tried from the last to the first, and each costs the same: nothing is matched twice. */
static bool match_two(const struct gri_piece *first, struct gri_str between, const struct gri_piece *second,
                      struct gri_str text, struct gri_str *params)
{
    size_t least, most = longest(first->converter, text, &least), begin = tail_begin(second->converter, text);
    if (most < least || (most == 0 && first->converter != GRI_CONV_PATH) || text.len < between.len)
        return false;
    if (most > text.len - between.len)
        most = text.len - between.len;
    for (size_t n = most + 1; n-- > least && n + between.len >= begin;) {
        size_t at = n + between.len;
        bool cut_float = first->converter == GRI_CONV_FLOAT && n && text.at[n - 1] == '.';
        if (cut_float || (between.len && memcmp(text.at + n, between.at, between.len) != 0) ||
            !takes_tail(second->converter, text, at))
            continue;
        params[0] = (struct gri_str){text.at, n};
        params[1] = (struct gri_str){text.at + at, text.len - at};
        return true;
    }
    return false;
}

/* Takes what a literal piece says from the front, or the back, of what is left to match. */
static bool take_literal(struct gri_str *text, struct gri_str literal, bool front)
{
    if (text->len < literal.len)
        return false;
    const char *at = front ? text->at : text->at + text->len - literal.len;
    text->at += front ? literal.len : 0;
    text->len -= literal.len;
    return memcmp(at, literal.at, literal.len) == 0;
}

bool gri_segment_match(const struct gri_segment *segment, struct gri_str text, struct gri_str *params)
{
    const struct gri_piece *piece = segment->pieces, *end = piece + segment->n;
    if (piece < end && piece->literal.len && !take_literal(&text, (piece++)->literal, true))
        return false;
    if (piece < end && end[-1].literal.len && !take_literal(&text, (--end)->literal, false))
        return false;
    if (piece == end)
        return text.len == 0;
    if (end - piece > 1)
        return match_two(piece, end - piece == 3 ? piece[1].literal : GRI_STR(""), end - 1, text, params);
    *params = text;
    return gri_converter_takes(piece->converter, text);
}

bool gri_segment_same(const struct gri_segment *a, const struct gri_segment *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        const struct gri_piece *p = &a->pieces[i], *q = &b->pieces[i];
        bool p_param = p->name.len > 0, q_param = q->name.len > 0;
        if (p_param != q_param || (p_param ? p->converter != q->converter : !gri_str_is(p->literal, q->literal)))
            return false;
    }
    return true;
}
