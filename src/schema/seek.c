#include "schema/seek.h"

#include <stdlib.h>

#include "schema/unescape.h"

void gri_seeker_init(struct gri_seeker *seeker)
{
    seeker->spans = NULL;
    seeker->n = seeker->cap = seeker->known = 0;
}

void gri_seeker_finish(struct gri_seeker *seeker)
{
    free(seeker->spans);
}

/* What was passed from there on stays known; what begins before it is not part of it. */
void gri_seeker_rewind(struct gri_seeker *seeker, size_t at)
{
    if (seeker->n && at < seeker->spans[0].begin)
        seeker->n = seeker->known = 0;
}

static bool seek_grow(struct gri_seeker *seeker)
{
    size_t cap = seeker->cap ? seeker->cap * 2 : 64;
    struct gri_span *spans = cap > SIZE_MAX / sizeof *spans ? NULL : realloc(seeker->spans, cap * sizeof *spans);
    if (!spans)
        return false;
    seeker->spans = spans;
    seeker->cap = cap;
    return true;
}

static bool note_begin(struct gri_seeker *seeker, size_t begin)
{
    if (seeker->n == seeker->cap && !seek_grow(seeker))
        return false;
    seeker->spans[seeker->n++] = (struct gri_span){begin, 0};
    return true;
}

/* Passes an object or array, whose first token *ahead has, and notes all that is in it. 0, -1: it does not end;
 * GR_ENOMEM. */
static int pass_over(struct gri_seeker *seeker, struct gri_json_lexer *ahead)
{
    size_t open[GRI_JSON_DEPTH];
    unsigned n = 0, depth = ahead->depth - 1;
    int rc = 0;
    for (; rc == 0; rc = ahead->depth == depth ? 1 : gri_json_next(ahead)) {
        if (ahead->token.kind == GRI_JSON_OBJECT || ahead->token.kind == GRI_JSON_ARRAY) {
            open[n++] = seeker->n;
            if (!note_begin(seeker, (size_t)(ahead->token.at - ahead->data)))
                return GR_ENOMEM;
        } else if (ahead->token.kind == GRI_JSON_CLOSE) {
            seeker->spans[open[--n]].end = ahead->at;
        }
    }
    seeker->known = ahead->at;
    return rc == 1 ? 0 : -1;
}

static const struct gri_span *find_span(const struct gri_seeker *seeker, size_t begin)
{
    size_t low = 0, high = seeker->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (seeker->spans[middle].begin < begin)
            low = middle + 1;
        else
            high = middle;
    }
    return low < seeker->n && seeker->spans[low].begin == begin ? &seeker->spans[low] : NULL;
}

/* Whatever value *ahead stands at; of what is known the end is jumped to. */
static int pass_value(struct gri_seeker *seeker, struct gri_json_lexer *ahead)
{
    if (ahead->token.kind != GRI_JSON_OBJECT && ahead->token.kind != GRI_JSON_ARRAY)
        return 0;
    const struct gri_span *span = find_span(seeker, (size_t)(ahead->token.at - ahead->data));
    if (!span)
        return pass_over(seeker, ahead);
    ahead->at = span->end;
    ahead->depth--;
    ahead->place = GRI_JSON_BEHIND;
    return 0;
}

static int is_seek_key(const struct gri_json_token *token, struct gri_str key, struct gri_arena *arena)
{
    struct gri_str found = {token->at + 1, token->len - 2};
    if (token->special && !gri_unescape(arena, &found))
        return GR_ENOMEM;
    return gri_str_is(found, key);
}

int gri_seek_key(struct gri_seeker *seeker, struct gri_json_lexer *ahead, struct gri_str key, struct gri_arena *arena)
{
    int rc = 0;
    if (ahead->at > seeker->known)
        seeker->n = 0;
    while (rc == 0 && gri_json_next(ahead) == 0 && ahead->token.kind == GRI_JSON_KEY) {
        rc = is_seek_key(&ahead->token, key, arena);
        if (rc)
            return rc < 0 || gri_json_next(ahead) == 0 ? rc : 0;
        rc = gri_json_next(ahead) == 0 ? pass_value(seeker, ahead) : -1;
    }
    return rc == GR_ENOMEM ? rc : 0;
}
