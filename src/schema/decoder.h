/* What the files of the decoder share: where in the text it is, what is open, and what went wrong. */
#ifndef GRI_SCHEMA_DECODER_H
#define GRI_SCHEMA_DECODER_H

#include "schema/decode.h"
#include "schema/key_stack.h"
#include "schema/seek.h"
#include "schema/trials.h"
#include "schema/value_stack.h"

enum gri_decode_place { GRI_IN_OBJECT, GRI_IN_LIST, GRI_IN_MAP, GRI_IN_TUPLE, GRI_IN_NOTHING };

/* A container that was opened. Places are offsets on the value stack, which moves as it grows. */
struct gri_decode_frame {
    enum gri_decode_place place;
    const struct gri_member *member; /* whose value it is */
    const struct gri_plan *plan;     /* of an object; of the arm, where it is a union */
    const struct gri_member *arm;
    size_t slot;              /* the member that takes a pointer or a list */
    size_t area;              /* where the value itself is built */
    size_t base;              /* of an object: its struct, in the area */
    const char *text;         /* its first byte */
    size_t first_error, keys; /* how many there were before it */
    uint64_t given[GRI_MAX_MEMBERS / 64], null;
    const struct gri_member *now; /* of an object: the member that is being read */
    size_t now_error;             /* how many there were before what is being read */
    struct gri_str key;           /* of a map, or of a member that the object does not have */
    size_t count;                 /* items that came; of an object the member that is expected next */
    size_t kept;                  /* items in the area; of an object the last entry of the rest, on the value stack */
    struct gri_error *late;       /* repeats the container, so it waits for its end */
    size_t json;                  /* the json_t member that it becomes */
    int json_rc;                  /* why it cannot become it; 0: it is none */
};

struct gri_decoder {
    struct gri_decoding *d;
    const bool *cancelled; /* as of its steps, but never NULL */
    struct gri_json_lexer lexer;
    struct gri_value_stack stack;
    struct gri_key_stack keys;
    struct gri_seeker seeker;
    size_t built;   /* of how many values more json_t may be made */
    size_t guesses; /* how many steps more may be taken to find out which case of a union a value is */
    bool hides;     /* there are secrets in it: no error repeats a whole object or list, or what stands for one */
    bool secret;    /* all of it is one */
    unsigned depth;
    unsigned floor;            /* at this depth the innermost union that is being tried ends */
    bool silent;               /* what is read now is thrown away; then it is measured: */
    struct gri_fit fit;        /* how well it fits so far */
    struct gri_trials *trials; /* NULL: there was no union yet */
    struct gri_decode_frame frames[GRI_JSON_DEPTH];
};

/* Where a value goes: into a member of a struct, or an item. */
struct gri_decode_target {
    const struct gri_member *member; /* NULL: the value was dealt with */
    size_t to;                       /* on the value stack */
    bool item;                       /* never a pointer to it */
};

static inline struct gri_decode_frame *gri_decoder_top(struct gri_decoder *d)
{
    return &d->frames[d->depth - 1];
}

static inline bool gri_decoder_at_container(const struct gri_decoder *d)
{
    return d->lexer.token.kind == GRI_JSON_OBJECT || d->lexer.token.kind == GRI_JSON_ARRAY;
}

/* From the first byte of the open container to where the decoder is. */
static inline size_t gri_decoder_span(const struct gri_decoder *d, const struct gri_decode_frame *f)
{
    return (size_t)(d->lexer.data + d->lexer.at - f->text);
}

/* --- decoder.c --- */

struct gri_decode_frame *gri_decoder_push(struct gri_decoder *d, enum gri_decode_place place,
                                          const struct gri_member *member);

/* A value has ended, and all it is made of. */
void gri_decoder_end_value(struct gri_decoder *d);

/* Passes the present value, all of it; *late learns its length at its end. */
void gri_decoder_skip(struct gri_decoder *d, struct gri_error *late);

/* Records *error at the place that the first `depth` containers lead to, and `member` in it, if any. NULL: out of
 * memory. */
GRI_COLD struct gri_error *gri_decoder_add_error(struct gri_decoder *d, struct gri_error *error, unsigned depth,
                                                 const struct gri_member *member);

/* Refuses the present value, all of it. 0, or GR_ENOMEM. */
GRI_COLD int gri_decoder_refuse(struct gri_decoder *d, struct gri_error *error);
GRI_COLD int gri_decoder_refuse_as(struct gri_decoder *d, enum gri_error_kind kind);

/* Refuses the container *f, which ends here: at its own place, or that of what it is in. 0, or GR_ENOMEM. */
GRI_COLD int gri_decoder_refuse_whole(struct gri_decoder *d, const struct gri_decode_frame *f, unsigned depth,
                                      struct gri_error *error);

/* The key at `where` stands twice in its object: GR_EINVAL. */
GRI_COLD int gri_decoder_duplicate(struct gri_decoder *d, const char *where);

static inline bool gri_field_is_checked(const gr_field *field)
{
    return field && field->validate;
}

/* Whether a check of one's own is to see the present value, or what that is part of: whole then, with its defaults,
 * also where it is only tried, and where no more mistakes are told. */
bool gri_decoder_is_looked_at(const struct gri_decoder *d);

/* More json_t would be made than are: GR_EMSGSIZE. */
GRI_COLD int gri_decoder_too_many(struct gri_decoder *d);

bool gri_decoder_is_secret(const struct gri_decoder *d, const struct gri_member *member);

/* What a string or key says: itself, or, where it has escapes, a copy without them. False: out of memory. */
bool gri_decoder_text(struct gri_decoder *d, const struct gri_json_token *token, struct gri_str *text);

/* --- one kind of value each --- */

/* The text of a key as a text of the arena, into the place for it. */
int gri_decode_store_key(struct gri_decoder *d, const struct gri_str *key, size_t at);

/* The present value, of any kind, into the member, or item, at `to`. */
int gri_decode_value(struct gri_decoder *d, const struct gri_member *m, size_t to, bool item);

/* The present scalar, or JSON of any kind, into the member, or item, at `to`. */
int gri_decode_scalar(struct gri_decoder *d, const struct gri_member *m, size_t to, bool item);
int gri_decode_json_member(struct gri_decoder *d, const struct gri_member *m, size_t to);

/* The present value as json_t, new, and a lexer that stands at its last token. NULL with *rc, as gri_json_build(), or
 * where there are no more values to be built. */
json_t *gri_decode_build(struct gri_decoder *d, struct gri_json_lexer *ahead, int *rc);

/* A json_t has a key in a map or a rest, which takes as long as another value. */
void gri_decode_count_key(struct gri_decoder *d, const struct gri_member *m);

/* A container that could not become json_t, at its end: why. */
int gri_decode_no_json(struct gri_decoder *d, const struct gri_decode_frame *f);

/* The arm of a union that the present object's tag names; NULL, and refused, where it names none. */
int gri_decode_find_arm(struct gri_decoder *d, const struct gri_member *m, const struct gri_member **arm);

/* The case that the union's own function names for the present value; NULL, and refused, where it names none. */
int gri_decode_find_case(struct gri_decoder *d, const struct gri_plan *plan, const struct gri_member **arm);
void gri_decode_store_tag(struct gri_decoder *d, const gr_field *tag, const struct gri_member *arm, size_t area);

/* What has no braces of its own: begins to try which case of a union the present value is, or reads it as the only
 * member; goes on where such a member, and all it is made of, has ended. GRI_DECODE_ENDED: no more is read, since there
 * is more to try than is tried. */
enum { GRI_DECODE_ENDED = 1 };
int gri_decode_bare(struct gri_decoder *d, const struct gri_member *m, size_t to, bool item);
int gri_decode_bare_goes_on(struct gri_decoder *d);

/* Something of so many bytes is read: steps, where that is to find out which case a value is, or what is wrong with
 * each. 0; or GRI_DECODE_ENDED or GR_ENOMEM, where there are no more. */
int gri_decode_guess(struct gri_decoder *d, size_t bytes);

/* Passes the present value where it is refused as one case and its end is known from another. */
bool gri_decode_bare_passes(struct gri_decoder *d);
void gri_decode_bare_finish(struct gri_decoder *d);

/* An object becomes a struct: its brace, its keys, their values (where *to says, unless they were dealt with), its end;
 * and one that is not there, of which all is missing. */
int gri_decode_begin_object(struct gri_decoder *d, const struct gri_member *m, size_t to, bool item);
int gri_decode_key(struct gri_decoder *d);
int gri_decode_member(struct gri_decoder *d, struct gri_decode_frame *f, struct gri_decode_target *to);
int gri_decode_end_object(struct gri_decoder *d, struct gri_decode_frame *f);
int gri_decode_no_object(struct gri_decoder *d, const struct gri_member *root);

/* Its end but for what is missing: checks of one's own, and where it lies. `depth`: of the containers around it that an
 * error names. */
int gri_decode_end_struct(struct gri_decoder *d, struct gri_decode_frame *f, unsigned depth);

/* Where the value of a key goes that the object does not know, to the rest; and all of that to its member, at the
 * object's end. */
int gri_decode_rest(struct gri_decoder *d, struct gri_decode_frame *f, struct gri_decode_target *to);
int gri_decode_end_rest(struct gri_decoder *d, const struct gri_decode_frame *f);

/* An array becomes a struct, position by position. */
int gri_decode_position(struct gri_decoder *d, struct gri_decode_frame *f, struct gri_decode_target *to);
int gri_decode_end_tuple(struct gri_decoder *d, struct gri_decode_frame *f);

/* Lists, arrays and maps, in the same way. */
int gri_decode_begin_list(struct gri_decoder *d, const struct gri_member *m, size_t to);
int gri_decode_item(struct gri_decoder *d, struct gri_decode_frame *f, struct gri_decode_target *to);
int gri_decode_end_list(struct gri_decoder *d, struct gri_decode_frame *f);

#endif
