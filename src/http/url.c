#include "http/url.h"
#include "base/cold.h"

#include "base/utf8.h"

ptrdiff_t gri_percent_decode(char *out, struct gri_str in, bool plus)
{
    char *at = out;
    for (size_t i = 0; i < in.len; i++) {
        char c = in.at[i];
        if (c == '%') {
            int high = in.len - i > 2 ? gri_hex_value(in.at[i + 1]) : -1;
            int low = high >= 0 ? gri_hex_value(in.at[i + 2]) : -1;
            if (low < 0)
                return -1;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        *at++ = c;
    }
    return at - out;
}

/* "." and ".." would name another resource than they spell (RFC 3986 section 5.2.4); who sends them means no good. */
static GRI_COLD bool has_dot_segment(struct gri_str path)
{
    while (path.len) {
        struct gri_str segment = gri_str_cut(path, '/', &path);
        if (gri_str_is(segment, GRI_STR(".")) || gri_str_is(segment, GRI_STR("..")))
            return true;
    }
    return false;
}

/* Up to the first byte of a class in `what`, with which *rest goes on behind; *seen: the classes that were met. */
static inline struct gri_str cut_at(struct gri_str text, const unsigned char classes[256], unsigned what,
                                    struct gri_str *rest, unsigned *seen)
{
    const char *at = text.at, *end = at + text.len;
    unsigned all = 0, class = 0;
    for (; at < end; at++) {
        if (!(class = classes[(unsigned char)*at]))
            continue;
        all |= class;
        if (class & what)
            break;
    }
    size_t len = (size_t)(at - text.at), cut = len + (at < end);
    *seen = all;
    *rest = (struct gri_str){text.at + cut, text.len - cut};
    return (struct gri_str){text.at, len};
}

/* What is in a path that needs more than to be copied, and what ends it. */
enum { ESCAPE = 1, DOT = 2, BACKSLASH = 4, QUERY = 8 };

static struct gri_str cut_path(struct gri_str target, struct gri_str *query, unsigned *seen)
{
    static const unsigned char classes[256] = {['%'] = ESCAPE, ['.'] = DOT, ['\\'] = BACKSLASH, ['?'] = QUERY};
    return cut_at(target, classes, QUERY, query, seen);
}

/* llhttp lets only ASCII without controls into a target, so what was not encoded needs no more than the dots checked.
 */
static int check_plain(struct gri_str path, unsigned seen)
{
    return seen & BACKSLASH || (seen & DOT && has_dot_segment(path)) ? 400 : 0;
}

static GRI_COLD int check_decoded(struct gri_str path)
{
    if (memchr(path.at, '\0', path.len) || memchr(path.at, '\\', path.len))
        return 400;
    return has_dot_segment(path) || !gri_utf8_valid(path.at, path.len) ? 400 : 0;
}

int gri_target_parse(struct gri_target *target, struct gri_str raw, struct gri_arena *arena)
{
    unsigned seen;
    target->raw_path = cut_path(raw, &target->query, &seen);
    if (target->raw_path.len == 0)
        target->raw_path = GRI_STR("/");
    char *path = gri_arena_alloc(arena, target->raw_path.len + 1);
    if (!path)
        return GR_ENOMEM;
    ptrdiff_t len = seen & ESCAPE ? gri_percent_decode(path, target->raw_path, false) : -1;
    bool broken = len < 0 && seen & ESCAPE;
    if (len < 0) { /* where it is broken, middleware may still ask for the path: it is then as it came */
        len = (ptrdiff_t)target->raw_path.len;
        memcpy(path, target->raw_path.at, target->raw_path.len);
    }
    path[len] = '\0';
    target->path = (struct gri_str){path, (size_t)len};
    if (broken)
        return 400;
    return seen & ESCAPE ? check_decoded(target->path) : check_plain(target->path, seen);
}

/* What a byte of a query may end, and whether it is one of an encoded text. */
enum { ENDS_NAME = 1, ENDS_PAIR = 2, ENCODED = 4 };

/* Cuts up to a byte that ends `what`, and takes that byte away too. */
static struct gri_str cut_query(struct gri_str *query, unsigned what, unsigned *seen)
{
    static const unsigned char classes[256] = {['='] = ENDS_NAME, ['&'] = ENDS_PAIR, ['%'] = ENCODED, ['+'] = ENCODED};
    return cut_at(*query, classes, what, query, seen);
}

bool gri_query_next(struct gri_str *query, struct gri_query_pair *pair)
{
    unsigned in_name = 0, in_value = 0;
    while (query->len && *query->at == '&')
        *query = (struct gri_str){query->at + 1, query->len - 1};
    if (query->len == 0)
        return false;
    pair->name = cut_query(query, ENDS_NAME | ENDS_PAIR, &in_name);
    pair->value = (struct gri_str){query->at, 0};
    if (in_name & ENDS_NAME)
        pair->value = cut_query(query, ENDS_PAIR, &in_value);
    pair->name_encoded = in_name & ENCODED;
    pair->value_encoded = in_value & ENCODED;
    return true;
}

/* Most names need no decoding, so they are compared as they came first. */
static bool is_url_named(const struct gri_query_pair *pair, struct gri_str name, struct gri_arena *arena)
{
    if (gri_str_is(pair->name, name))
        return true;
    char *decoded = pair->name_encoded ? gri_arena_alloc(arena, pair->name.len) : NULL;
    ptrdiff_t len = decoded ? gri_percent_decode(decoded, pair->name, true) : -1;
    return len >= 0 && gri_str_is((struct gri_str){decoded, (size_t)len}, name);
}

struct gri_str gri_query_find(struct gri_str query, struct gri_str name, struct gri_arena *arena)
{
    struct gri_query_pair pair;
    struct gri_str found = {NULL, 0};
    while (gri_query_next(&query, &pair))
        if (is_url_named(&pair, name, arena))
            found = pair.value;
    return found;
}
