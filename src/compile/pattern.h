/* Path patterns: "/items/{item_id:int}" taken apart, and matched against decoded segments. */
#ifndef GRI_COMPILE_PATTERN_H
#define GRI_COMPILE_PATTERN_H

#include "base/arena.h"
#include "base/str.h"

enum { GRI_MAX_PARAMS = 16 };

enum gri_converter { GRI_CONV_STR, GRI_CONV_INT, GRI_CONV_FLOAT, GRI_CONV_UUID, GRI_CONV_PATH };

/* A literal run, or (name.len > 0) a parameter. */
struct gri_piece {
    struct gri_str literal, name;
    enum gri_converter converter;
};

/* The pieces of one segment; of the whole rest of the path, slashes and all, once a {name:path} has begun. */
struct gri_segment {
    struct gri_piece *pieces;
    size_t n;
    unsigned n_params;
    bool has_path; /* a {name:path} is among them */
    bool is_plain; /* it is {name}, as most with parameters are */
};

struct gri_pattern {
    struct gri_segment *segments;
    size_t n;
    unsigned n_params;
};

/* 0; GR_ENOMEM; or GR_EINVAL with *why, a text in the arena that says what is wrong. */
int gri_pattern_parse(struct gri_pattern *pattern, const char *path, struct gri_arena *arena, const char **why);

/* Whether `text` is a match for the segment as a whole; values go to params[0 .. n_params). As the regular expressions
 * of Starlette: the earlier parameter takes as much as it can. */
bool gri_segment_match(const struct gri_segment *segment, struct gri_str text, struct gri_str *params);

/* The same for one segment of a path, in which no slash is. */
static inline bool gri_segment_match_one(const struct gri_segment *segment, struct gri_str text, struct gri_str *params)
{
    if (!segment->is_plain)
        return gri_segment_match(segment, text, params);
    *params = text;
    return text.len > 0;
}

/* Whether all of a text is what a parameter of that converter takes. */
bool gri_converter_takes(enum gri_converter converter, struct gri_str text);

/* Whether two segments match the same texts and so can share an edge of the router. */
bool gri_segment_same(const struct gri_segment *a, const struct gri_segment *b);

#endif
