/* Griddle: models: the table that describes a struct, so that it can be read from JSON, checked, and sent as JSON.
 *
 *     struct item { int64_t id; const char *name; double price; struct seller *seller; gr_strings tags; };
 *     static GR_MODEL(item,
 *         GR_FIELD(id),
 *         GR_FIELD(name, .min_len = 1, .max_len = 50),
 *         GR_FIELD(price, GR_GT(0)),
 *         GR_OBJECT(seller, seller, GR_OPTIONAL),
 *         GR_LIST(tags));
 *
 * makes `const gr_model *item_model(void)`, item_reply(req, &item), item_reply_list(req, items, n) and
 * item_init(&item), which gives a struct its defaults. The types come from the members, so struct and table cannot
 * disagree. (C++: griddle.hpp.) The structs below can be filled by hand: zeroed first, `size` set, members as their
 * comments say. Tables are read-only and live as long as the program. */
#ifndef GRIDDLE_MODEL_H
#define GRIDDLE_MODEL_H

#include <griddle/arena.h>
#include <griddle/mistake.h>
#include <griddle/reply.h>
#include <griddle/types.h>

GR_BEGIN_DECLS

/* What a member holds. */
typedef enum gr_type {
    GR_TYPE_BOOL = 1,
    GR_TYPE_INT8 = 2,
    GR_TYPE_INT16 = 3,
    GR_TYPE_INT32 = 4,
    GR_TYPE_INT64 = 5,
    GR_TYPE_UINT8 = 6,
    GR_TYPE_UINT16 = 7,
    GR_TYPE_UINT32 = 8,
    GR_TYPE_UINT64 = 9,
    GR_TYPE_FLOAT = 10,
    GR_TYPE_DOUBLE = 11,
    GR_TYPE_STRING = 12, /* const char *: UTF-8, NUL-terminated */
    GR_TYPE_OBJECT = 13, /* a struct with a model of its own */
    GR_TYPE_CHARS = 14,  /* char[N]: text of at most N - 1 bytes and a NUL: or it with N << GR_CHARS_SHIFT */
    GR_TYPE_BYTES = 15,  /* gr_bytes */
    GR_TYPE_ENUM = 16,   /* an enum, or any integer, of `size` bytes, with `values` */
    GR_TYPE_JSON = 17,   /* json_t *: any value; NULL is absent, json_null() null. Owned by the request */
    GR_TYPE_DATE = 18,
    GR_TYPE_TIME = 19,
    GR_TYPE_DATETIME = 20,
    GR_TYPE_DURATION = 21,
    GR_TYPE_UUID = 22,
    GR_TYPE_DECIMAL = 29, /* gr_decimal */

    /* What is in a table, and no value on the wire. */
    GR_TYPE_SELF = 23,   /* the struct itself: options only */
    GR_TYPE_SET = 24,    /* gr_set */
    GR_TYPE_TAG = 25,    /* an integer of `size` bytes that says which of the arms is there */
    GR_TYPE_ARM = 26,    /* a struct of a C union, with a model of its own, where the tag is `tag_value` */
    GR_TYPE_ROOT = 27,   /* no member: the only other one is all that is on the wire of the struct */
    GR_TYPE_EITHER = 28, /* a GR_TYPE_TAG that is not on the wire: all other members are cases, found by what fits */

    /* The same of an input, see griddle/dependency.h. */
    GR_TYPE_NEED = 30,     /* what a dependency gives: of `size` bytes, or a pointer to it */
    GR_TYPE_ARGUMENT = 31, /* a const pointer: what who needs the dependency gave */
    GR_TYPE_SCOPES = 32,   /* gr_strings */

    GR_TYPE_MASK = 0xff, /* the type itself, without the flags below */
    GR_POINTER = 0x100,  /* the member points to the value; NULL is absent (never with GR_TYPE_STRING) */
    GR_SEQUENCE = 0x200, /* the member is a struct {T *at; size_t len;} of values */
    GR_MAPPING = 0x400,  /* the same of struct {K key; T value;}, each of `stride` bytes */
    GR_FIXED = 0x800,    /* the member is T[count] */
    GR_OTHERS = 0x1000,  /* a GR_MAPPING, or a json_t *: takes what no other member of its struct takes */
    GR_CHARS_SHIFT = 16  /* N is below 65536 */
} gr_type;

/* Where a member's value comes from: GR_IN_JSON in a model, the others in a GR_INPUT. */
typedef enum gr_source {
    GR_IN_JSON = 0,
    GR_IN_PATH = 1,
    GR_IN_QUERY = 2,
    GR_IN_HEADER = 3,
    GR_IN_COOKIE = 4,
    GR_IN_BODY = 5,
    GR_IN_FORM = 6 /* application/x-www-form-urlencoded */
} gr_source;

/* A constant, kept exactly; `kind` says which member holds it. */
typedef enum gr_constant_kind {
    GR_CONSTANT_NONE = 0,
    GR_CONSTANT_INT = 1,    /* i; also true and false, which C11 has as 1 and 0 */
    GR_CONSTANT_UINT = 2,   /* u */
    GR_CONSTANT_DOUBLE = 3, /* d */
    GR_CONSTANT_STRING = 4, /* s */
    GR_CONSTANT_BOOL = 5    /* i, 0 or 1 */
} gr_constant_kind;

typedef struct gr_constant {
    gr_constant_kind kind;
    int64_t i;
    uint64_t u;
    double d;
    const char *s;
} gr_constant;

typedef struct gr_model gr_model;
typedef struct gr_dependency gr_dependency;
typedef const gr_model *gr_model_fn(void);

/* The values of an enum by the names they have on the wire; a value without a name is sent as its number. */
typedef struct gr_enum_value {
    int64_t value;
    const char *name;
} gr_enum_value;

typedef struct gr_enum {
    size_t size;      /* sizeof(gr_enum), so that later versions can add members */
    const char *name; /* for the documentation */
    const gr_enum_value *values;
    size_t n_values;
} gr_enum;

/* The name that `value` has on the wire, static, and the value that has the name. NULL: none, or it has no name; false:
 * none, and *value is as it was. Linear; any thread. GR_VALUES gives the table: gr_enum_name(&color_values, RED). */
GR_API const char *gr_enum_name(const gr_enum *values, int64_t value);
GR_API bool gr_enum_find(const gr_enum *values, const char *name, int64_t *value);

/* Which members a value was given: a struct that has one of these, declared by GR_SET, can tell absent from null and
 * from a default. Copied with the struct; ask by GR_IS_SET and GR_IS_NULL. At most 64 members can be told. */
typedef struct gr_set {
    const gr_model *model; /* whose members are counted; NULL: nothing was read into the struct */
    uint64_t given, null;  /* one bit a member, in the order of the table */
} gr_set;

/* Whether the member at `offset` was in the request (null counts), and whether it was null there. Any thread. */
GR_API bool gr_set_has(const gr_set *set, size_t offset);
GR_API bool gr_set_is_null(const gr_set *set, size_t offset);

/* Marks the member at `offset` of a struct that `model` describes as given: for .exclude_unset of a struct that the
 * program itself fills. */
GR_API void gr_set_mark(gr_set *set, const gr_model *model, size_t offset);

/* A check of one's own of a value that is read, after all else of it was found right. `value` points to the value: the
 * struct (of GR_SELF, GR_OBJECT, GR_BODY), the const char * or json_t *, the number; where the member is a pointer, to
 * what that points to. A list, a map or an array calls it for each of its values, in their order. NULL, or what is
 * wrong
 * ("must be even"), which becomes a `value_error`; static, or as old as the value. A null pointer or a default is not
 * looked at. Called on the loop, or on the pool where the body is large: it must not block, and has no gr_co. */
typedef const char *gr_validate_fn(const void *value);

/* Which case of a union a value is: the case's name in the table, or its alias. Another text is refused, as is NULL. It
 * lives as long as `value`, which is borrowed. Called where a gr_validate_fn is. */
typedef const char *gr_discriminate_fn(const json_t *value);

/* What a text has to be, beyond a string. */
typedef enum gr_format {
    GR_FORMAT_NONE = 0,
    GR_FORMAT_URL = 1,      /* an absolute URL, in its normal form (WHATWG) */
    GR_FORMAT_HTTP_URL = 2, /* the same, http or https */
    GR_FORMAT_EMAIL = 3,    /* an e-mail address */
    GR_FORMAT_BASE64 = 4    /* of gr_bytes: base64 on the wire (RFC 4648) */
} gr_format;

/* How a parameter that is a list, or a struct, stands in its place: the styles of OpenAPI 3.1 by their names. Where a
 * list is one text, an item has the delimiter in it only as an escape, in a query beside delimiters that are none (RFC
 * 6570: ids=a%2Cb,c); without one by itself the escapes are the delimiters (ids=1%2C2). "" is a list without items. */
typedef enum gr_style {
    GR_STYLE_EXPLODED = 0,        /* each item by itself, ids=1&ids=2 (form, explode: true); each member by its name */
    GR_STYLE_FORM = 1,            /* ids=1,2 in a query or a cookie (explode: false) */
    GR_STYLE_SPACE_DELIMITED = 2, /* ids=1%202 in a query */
    GR_STYLE_PIPE_DELIMITED = 3,  /* ids=1|2 in a query */
    GR_STYLE_SIMPLE = 4,          /* 1,2 in the path or a header field, which may repeat (RFC 9110 section 5.6.1) */
    GR_STYLE_DEEP_OBJECT = 5      /* a struct by value, where[name]=x&where[age]=3 in a query */
} gr_style;

/* Members that a struct does not have. They are allowed where a member takes them, GR_REST: that says it already. */
typedef enum gr_extra { GR_EXTRA_IGNORED = 0, GR_EXTRA_FORBIDDEN = 1, GR_EXTRA_ALLOWED = 2 } gr_extra;

/* One member. */
typedef struct gr_field {
    const char *name;            /* the member's, and on the wire unless `alias` says another; NULL ends a table */
    size_t offset;               /* of the member in its struct */
    unsigned type;               /* a gr_type, with GR_POINTER or GR_SEQUENCE where they apply */
    gr_source source;            /* GR_IN_JSON in a model */
    gr_model_fn *model;          /* of GR_TYPE_OBJECT and GR_TYPE_ARM: what describes the struct */
    size_t size;                 /* of GR_TYPE_ENUM, GR_TYPE_TAG, GR_TYPE_EITHER, GR_TYPE_NEED: sizeof one value */
    size_t count;                /* of GR_FIXED: how many */
    size_t stride, value_offset; /* of GR_MAPPING: sizeof an entry, and where in it the value lies */
    const gr_enum *values;       /* of GR_TYPE_ENUM */
    int64_t tag_value;           /* of GR_TYPE_ARM, and of a case: what the tag is where it is there */
    char check_[1];              /* the macros' own */

    /* What may follow a member's name in the macros, as designated initialisers. All zero is the default. */
    __extension__ struct {
        bool optional;               /* may be absent or null: a GR_POINTER, a string, a json_t * (NULL), a list or map
                                        (its `at` is NULL) */
        bool nullable;               /* has to be there, but may be null; on the same kinds of members */
        gr_constant default_value;   /* stands in where the value is absent; null is still refused */
        gr_constant ge, gt, le, lt;  /* bounds of a number, or of each in a list; of a gr_decimal also as texts */
        gr_constant multiple_of;     /* above 0; exact for integers and gr_decimal (there: 18 digits at most) */
        size_t min_len, max_len;     /* of a string, in characters; of gr_bytes, in bytes; max_len 0: any */
        size_t min_items, max_items; /* of a list or map; max_items 0: any */
        bool unique;                 /* no two items of a list of scalars are equal; see `dedupe` */
        const char *pattern;         /* of a string: a regular expression (PCRE2, UTF) that is found in it; see
                                        gr_limits.pattern_steps */
        const char *literal[8];      /* a string: one of these */
        gr_format format;            /* of a string or gr_bytes */
        gr_validate_fn *validate;
        gr_extra extra;           /* of GR_SELF: members that the struct does not have */
        bool embed;               /* of a body: under its name, even if it is the only one */
        bool secret;              /* an error never repeats its value */
        const char *alias;        /* the name on the wire */
        const char *title, *doc;  /* for the documentation */
        const char *examples;     /* a JSON array */
        bool deprecated, hidden;  /* in the documentation */
        bool default_empty;       /* of a list or map: the default is to have no items */
        const char *default_list; /* the items of a list or array of scalars that is absent, as a JSON array */
        bool dedupe;            /* of a list of scalars: a set: of equal items the first stays; then they are counted */
        bool omit_null;         /* of a member that may be absent: where it is null, replies do not have it */
        bool tuple;             /* of GR_SELF: the struct is a JSON array, its members are the positions of that */
        unsigned key_type;      /* of GR_MAPPING: a gr_type; 0: const char * */
        gr_style style;         /* of a list or struct that is a parameter, and of the lists in such a struct */
        bool defaults_required; /* of GR_SELF: documented as what it is in replies, where no member is ever absent */
        gr_discriminate_fn *discriminate; /* of GR_TYPE_EITHER; its name is the alias */
        bool allow_inf_nan; /* of a float, double or gr_decimal: "inf", "-Infinity" and "nan" are read, too; JSON has
                               no such numbers, so of a float and double null is sent, and of a gr_decimal the text */
        size_t max_digits;  /* of a gr_decimal; 0: any. Zeros at the end of its fraction do not count */
        int decimal_places; /* of a gr_decimal, behind its point; GR_NO_PLACES: none; 0: any */

        /* Of GR_NEEDS, see griddle/dependency.h. */
        const void *with;                /* what GR_ARGUMENT of the dependency gets; it lives as long as the program */
        const char *scopes;              /* "items:read me": what GR_SCOPES of it gets; RFC 6749 section 3.3 */
        bool uncached;                   /* it runs for this member alone */
        const gr_dependency *dependency; /* the macros' own */
    };
} gr_field;

struct gr_model {
    size_t size;            /* sizeof(gr_model), so that later versions can add members */
    size_t field_size;      /* sizeof(gr_field), for the same reason: shorter ones are taken */
    size_t struct_size;     /* sizeof the struct described */
    const char *name;       /* its tag */
    const gr_field *fields; /* in the order in which they are sent; ended by one whose name is NULL */
};

/* 200 with the JSON of one struct, or of an array of n. Encoded before the call returns; `value` is borrowed for it. A
 * value its model does not allow (a NULL that is not optional, a NaN, a string that is not UTF-8, a number out of its
 * bounds) becomes a 500 and a log line naming the member. NAME_reply and NAME_reply_list are these with the type
 * checked. */
GR_API GR_MUST_USE gr_reply gr_reply_model(gr_req *req, const gr_model *model, const void *value);
GR_API GR_MUST_USE gr_reply gr_reply_models(gr_req *req, const gr_model *model, const void *values, size_t n);

/* The same of a json_t, an object or an array of objects (of a model with GR_ROOT or GR_EITHER what it says, or, where
 * the operation has .response_list, an array of these), which is read through the model: members that the model does
 * not have are left out, defaults filled in, and a value that does not fit is a 500 and a log line. Steals `value`
 * (also on failure). NAME_reply_json is this. */
GR_API GR_MUST_USE gr_reply gr_reply_model_json(gr_req *req, const gr_model *model, json_t *value);

/* Where a value could not be written: "MODEL.MEMBER: WHY", static texts. */
typedef struct gr_misfit {
    const char *model, *member, *why;
} gr_misfit;

/* One struct, or n of them, as a new json_t, an object or an array: what gr_reply_model() would send. NULL: the value
 * is none that its model allows, or memory is out; *misfit, where misfit is not NULL, says why. TAG_json and
 * TAG_json_list are these with the type checked. Any thread. */
GR_API GR_MUST_USE json_t *gr_model_json(const gr_model *model, const void *value, gr_misfit *misfit);
GR_API GR_MUST_USE json_t *gr_models_json(const gr_model *model, const void *values, size_t n, gr_misfit *misfit);

/* The reverse: fills the struct at `value` from `json`, or *values, a pointer to structs, and *n from an array of them.
 * Read as a body is: coerced, checked, with defaults. All is copied into the arena, nothing borrowed from `json`; the
 * json_t members are references of the arena, which gives them back when it is reset.
 *
 * 0; GR_EINVAL: it does not fit, and gr_arena_invalid() says why, or the table is wrong, or `json` holds what no JSON
 * has; GR_EMSGSIZE: deeper than 64 levels; GR_ENOMEM; GR_ECANCELED: of a request's arena, nobody waits any more. After
 * a failure the struct is as it was. TAG_read and TAG_read_list are these with the type checked. */
GR_API GR_MUST_USE int gr_model_read(gr_arena *arena, const gr_model *model, const json_t *json, void *value);
GR_API GR_MUST_USE int gr_models_read(gr_arena *arena, const gr_model *model, const json_t *json, void *values,
                                      size_t *n);

/* Zeroes the struct of a model, or of a GR_INPUT, and gives it its defaults, by the table alone: what NAME_init(&value)
 * and NAME_input_init(&input) do. Texts are borrowed from the table, so they live as long as the program; a list or map
 * whose default is to be empty has the value GR_EMPTY; structs inside, by value, have theirs. What would need memory of
 * its own is left as zeroes: a pointer that has a default is NULL, a list with GR_DEFAULT_LIST {NULL, 0}. Any thread.
 */
GR_API void gr_model_init(const gr_model *model, void *value);

/* What the `at` of a list or map that has no items points to, so that it is not NULL; nothing is read from it. */
GR_API extern const max_align_t gr_nothing[1];

GR_END_DECLS

/* From here on a compiler treats the text as it treats the C library's macros: it reports a mistake at the line that
 * used the macro, instead of listing what the macro is made of. */
#ifdef __GNUC__
#pragma GCC system_header
#endif

/* clang-format off */

/* What GR_MODEL(tag, ...) gives beside the table: the functions above with the type checked. C and C++. */
#define GR_MODEL_REPLIES_(tag)                                                                            \
    struct tag;                                                                                           \
    GR_UNUSED static inline void tag##_init(struct tag *gr_value_)                                        \
    {                                                                                                     \
        gr_model_init(tag##_model(), gr_value_);                                                          \
    }                                                                                                     \
    GR_UNUSED GR_MUST_USE static inline gr_reply tag##_reply(gr_req *gr_req_, const struct tag *gr_value_) \
    {                                                                                                     \
        return gr_reply_model(gr_req_, tag##_model(), gr_value_);                                         \
    }                                                                                                     \
    GR_UNUSED GR_MUST_USE static inline gr_reply                                                          \
    tag##_reply_list(gr_req *gr_req_, const struct tag *gr_values_, size_t gr_n_)                         \
    {                                                                                                     \
        return gr_reply_models(gr_req_, tag##_model(), gr_values_, gr_n_);                                \
    }                                                                                                     \
    GR_UNUSED GR_MUST_USE static inline gr_reply tag##_reply_json(gr_req *gr_req_, json_t *gr_value_)     \
    {                                                                                                     \
        return gr_reply_model_json(gr_req_, tag##_model(), gr_value_);                                    \
    }                                                                                                     \
    GR_UNUSED GR_MUST_USE static inline json_t *tag##_json(const struct tag *gr_value_)                   \
    {                                                                                                     \
        return gr_model_json(tag##_model(), gr_value_, NULL);                                             \
    }                                                                                                     \
    GR_UNUSED GR_MUST_USE static inline json_t *tag##_json_list(const struct tag *gr_values_, size_t gr_n_) \
    {                                                                                                     \
        return gr_models_json(tag##_model(), gr_values_, gr_n_, NULL);                                    \
    }                                                                                                     \
    GR_UNUSED GR_MUST_USE static inline int tag##_read(gr_arena *gr_arena_, const json_t *gr_json_, struct tag *gr_value_) \
    {                                                                                                     \
        return gr_model_read(gr_arena_, tag##_model(), gr_json_, gr_value_);                              \
    }                                                                                                     \
    GR_UNUSED GR_MUST_USE static inline int                                                               \
    tag##_read_list(gr_arena *gr_arena_, const json_t *gr_json_, struct tag **gr_values_, size_t *gr_n_)  \
    {                                                                                                     \
        return gr_models_read(gr_arena_, tag##_model(), gr_json_, gr_values_, gr_n_);                     \
    }                                                                                                     \
    struct tag

/* clang-format on */

#ifndef __cplusplus

/* clang-format off */

/* A list or map member: struct order { GR_LIST_OF(int64_t) lines; }; or one of the named ones. In C it can be null,
 * which is `at == NULL`, beside empty, which is `len == 0`; what that means is up to its options, in requests and replies
 * alike, as for pydantic:
 *
 *                         in Python           absent          null     read [] or {}    sent, `at` NULL
 *   GR_LIST(m)            list[T]             missing         refused  empty            []
 *   GR_DEFAULT_EMPTY      list[T] = []        empty           refused  empty            []
 *   GR_DEFAULT_LIST(1)    list[T] = [1]       [1]             refused  empty            []
 *   GR_OPTIONAL           list[T] | None =    null            null     empty            null
 *                           None
 *   GR_NULLABLE           list[T] | None      missing         null     empty            null
 *
 * A program that has to say "empty" where null is possible, says GR_EMPTY: struct order o = {.lines = GR_EMPTY}, or
 * o.tags = (gr_strings)GR_EMPTY. What was read is never null unless it says so here. */
#define GR_LIST_OF(T) struct { T *at; size_t len; }
#define GR_MAP_OF(T)  GR_MAP_FROM(const char *, T)
#define GR_MAP_FROM(K, T) struct { struct { K key; T value; } *at; size_t len; }
#define GR_EMPTY      {(void *)(uintptr_t)gr_nothing, 0}
typedef GR_LIST_OF(const char *) gr_strings;
typedef GR_LIST_OF(int64_t) gr_ints;
typedef GR_LIST_OF(double) gr_doubles;

/* GR_MODEL(tag, members...): the table of `struct tag`, for use in one file behind `static`. Expands to the function
 * TAG_model, which returns the table, and to TAG_reply, TAG_reply_list, TAG_reply_json, TAG_json, TAG_json_list,
 * TAG_read, TAG_read_list and TAG_init. A struct may have a GR_INPUT as well. Members that several tables share can be
 * named once, by a macro: #define NAMES GR_FIELD(name), GR_FIELD(full_name, GR_OPTIONAL).
 *
 * A model that several files use: GR_DECLARE_MODEL(tag) in a header, GR_DEFINE_MODEL(tag, members...) in one of them.
 */
#define GR_MODEL(tag, ...)                                                                                \
    const gr_model *tag##_model(void)                                                                     \
    {                                                                                                     \
        enum { gr_size_of_##tag = sizeof(struct tag) };                                                   \
        typedef struct tag gr_self;                                                                       \
        static const gr_field gr_fields_[] = {__VA_ARGS__, {.name = NULL}};                               \
        static const gr_model gr_model_ = GR_TABLE_(tag, gr_fields_);                                     \
        return &gr_model_;                                                                                \
    }                                                                                                     \
    GR_MODEL_REPLIES_(tag)
#define GR_DEFINE_MODEL(tag, ...)                                                                         \
    const gr_model *tag##_model(void)                                                                     \
    {                                                                                                     \
        enum { gr_size_of_##tag = sizeof(struct tag) };                                                   \
        typedef struct tag gr_self;                                                                       \
        static const gr_field gr_fields_[] = {__VA_ARGS__, {.name = NULL}};                               \
        static const gr_model gr_model_ = GR_TABLE_(tag, gr_fields_);                                     \
        return &gr_model_;                                                                                \
    }                                                                                                     \
    struct tag
#define GR_DECLARE_MODEL(tag)          \
    const gr_model *tag##_model(void); \
    GR_MODEL_REPLIES_(tag)

/* The values of `enum tag`: GR_VALUES(color, {RED, "red"}, {GREEN, "green"}); behind `static`, before the models that
 * use it. Expands to the table `tag_values`. */
#define GR_VALUES(tag, ...)                                                                               \
    const gr_enum tag##_values = {sizeof(gr_enum), #tag, (const gr_enum_value[]){__VA_ARGS__},            \
                                  sizeof((const gr_enum_value[]){__VA_ARGS__}) / sizeof(gr_enum_value)}

/* The members. The first argument is the member's name; options follow as designated initialisers or the macros below.
 *
 *   GR_FIELD(m)             bool, an integer of any width (not plain char: say signed or unsigned), float, double,
 *                           const char *, char[N], gr_bytes, json_t *, gr_date, gr_time, gr_datetime, gr_duration,
 *                           gr_uuid, gr_decimal; or a pointer to one that is not a text or a json_t, for GR_OPTIONAL
 *   GR_ENUM(m, tag)         enum tag, or a pointer to one, with GR_VALUES(tag, ...)
 *   GR_OBJECT(m, tag)       struct tag, or a pointer to one
 *   GR_LIST(m)              GR_LIST_OF(T), T one of GR_FIELD's value types but char[N]
 *   GR_ENUMS(m, tag)        GR_LIST_OF(enum tag)
 *   GR_OBJECTS(m, tag)      GR_LIST_OF(struct tag)
 *   GR_ARRAY(m)             T[N]: a list of exactly N
 *   GR_MAP(m)               GR_MAP_OF(T): an object of any keys, in the order in which they came; or GR_MAP_FROM(K, T),
 *                           where K is a bool, number, gr_date, gr_time, gr_datetime, gr_duration or gr_uuid, read from
 *                           the key's text: of equal keys ("1" and "01") the first has the last one's value
 *   GR_MAP_OBJECTS(m, tag)  GR_MAP_OF(struct tag), or GR_MAP_FROM(K, struct tag)
 *   GR_REST(m)              json_t *: an object of what no other member takes, sent beside the others; NULL: nothing.
 *                           A program makes it of names that no other member has: a reply with two of one name is
 *                           refused, and logged. Owned by the request where it was read
 *   GR_REST_MAP(m)          GR_MAP_OF(T): the same, of values of one type; GR_REST_OBJECTS(m, tag): of structs
 *
 * A union that a member discriminates is a model of a tag and its arms:
 *
 *     struct pet { enum kind kind; union { struct cat cat; struct dog dog; }; };
 *     static GR_MODEL(pet, GR_TAG(kind), GR_ARM(cat, cat, CAT), GR_ARM(dog, dog, DOG));
 *
 * reads {"kind":"cat","lives":9}: an arm's name, or its alias, is the tag's value on the wire.
 *
 * A union that nothing discriminates is a model of a number and its cases, of which the value is the one that fits:
 *
 *     struct answer { int which; union { int64_t number; const char *text; struct cat cat; struct cats cats; }; };
 *     static GR_MODEL(answer, GR_EITHER(which), GR_CASE(number, NUMBER), GR_CASE(text, TEXT),
 *                     GR_CASE_OBJECT(cat, cat, CAT), GR_CASE_OBJECTS(cats, cat, CATS));
 *
 * reads 1 as NUMBER, "1" as TEXT, {"lives":9} as CAT and [{"lives":9}] as CATS. It is used as any model is: as a member
 * (GR_OBJECT; null by GR_OPTIONAL or GR_NULLABLE of that), in lists and maps, as a body, a parameter, or a reply. Cases
 * are chosen as pydantic's smart mode does: one that the value fits exactly (the JSON type is its own); else, of
 * structs, that which has the most of the members that were given; else the one that needs the least of a change, in
 * the order of the table ("2" is 2 where no case is a text). Where none fits there is an error for each, with the case
 * in its loc: "int", "list[Cat]", "constrained-str", as pydantic names them, or its alias.
 *
 * A case is read to see whether it fits, and that which was chosen once more: a .validate runs as often. Unions inside
 * the cases of unions are each tried once, whatever the nesting; one that holds more than 1000 lists or objects that
 * are unions is refused (union_trials), and so is a request's body that takes too many steps to find its cases, as
 * docs/limits.md says: a tag, or GR_EITHER_BY, takes none. What does not fit leaves no memory. In replies a number that names no case is a
 * 500 and a log line.
 *
 * Where a look at the value tells which case it is, a function can (pydantic's callable Discriminator):
 *
 *     static const char *by_size(const json_t *value) { return json_object_size(value) > 1 ? "pair" : "single"; }
 *     static GR_MODEL(sized, GR_EITHER_BY(which, by_size), GR_CASE_OBJECT(pair, pair, 1), ...);
 *
 * Only that case is read then, and its errors have its name in the loc.
 *
 * In the document a union stands where it is used; one with a GR_SELF(.title or .doc), or that contains itself, is a
 * component.
 *
 *   GR_CASE(m, number)               what GR_FIELD takes
 *   GR_CASE_ENUM(m, tag, number)     and the other members of a model in the same way
 *   GR_CASE_OBJECT(m, tag, number)   struct tag, or a pointer to one, as a union that contains itself needs it
 *   GR_CASE_LIST(m, number)          GR_CASE_OBJECTS(m, tag, number), GR_CASE_MAP(m, number),
 *                                    GR_CASE_MAP_OBJECTS(m, tag, number)
 *
 * A value that is no object, or one of any keys, is the only member of a model with GR_ROOT (pydantic's RootModel):
 *
 *     struct scores { GR_MAP_OF(double) by_name; };
 *     static GR_MODEL(scores, GR_ROOT, GR_MAP(by_name));
 *
 * is {"ann":1.5} on the wire: as a body, as a `.response` with scores_reply(), in a list (a list of lists is a list of
 * such structs), or as a case. Its member is of any kind; GR_OPTIONAL or GR_NULLABLE of it let the value be null. In
 * the document it stands where it is used, or is a component, as unions do.
 *
 * A tuple, a JSON array of which each position has a type of its own, is a struct with .tuple: its members are the
 * positions, none of them optional:
 *
 *     struct place { double lat, lon; const char *name; };
 *     static GR_MODEL(place, GR_SELF(.tuple = true), GR_FIELD(lat), GR_FIELD(lon), GR_FIELD(name, GR_NULLABLE));
 *
 * reads [52.5,13.4,"Berlin"] wherever a struct place is declared, in a query too (GR_OBJECT(at, place, GR_FROM_QUERY)
 * takes ?at=52.5&at=13.4&at=Berlin).
 *
 *   GR_SELF(options...)     of the struct itself: .title, .doc, .examples, .extra = GR_EXTRA_FORBIDDEN, .validate, .tuple;
 *                           .defaults_required (pydantic's json_schema_serialization_defaults_required): in replies
 *                           its members with defaults are documented as required; a model that is both received and
 *                           sent then has two schemas, Item-Input and Item-Output (see gr_app_info.shared_schemas)
 *   GR_SET(m)               gr_set: is told which members were given */
#define GR_FIELD(m, ...)                                                          \
    {                                                                             \
        GR_AT_(0) __builtin_offsetof(gr_self, m) GR_AT_END_(m), .name = #m,       \
        .type = _Generic(&((gr_self *)0)->m, GR_SCALAR_TYPES_(m), default:        \
            GR_SAYS_(_Generic(&((gr_self *)0)->m, GR_SCALAR_TYPES_(m), default: 0), GR_NO_FIELD_(#m))), \
        ##__VA_ARGS__                                                             \
    }
#define GR_ENUM(m, tag, ...)                                                      \
    {                                                                             \
        GR_AT_(0) __builtin_offsetof(gr_self, m) GR_AT_END_(m), .name = #m,       \
        .type = _Generic(&((gr_self *)0)->m, GR_ENUM_TYPES_(tag), default:        \
            GR_SAYS_(_Generic(&((gr_self *)0)->m, GR_ENUM_TYPES_(tag), default: 0), \
                     #m " is neither enum " #tag " nor a pointer to one")),       \
        .size = sizeof(enum tag), .values = &tag##_values, ##__VA_ARGS__          \
    }
#define GR_OBJECT(m, tag, ...)                                                    \
    {                                                                             \
        GR_AT_(0) __builtin_offsetof(gr_self, m) GR_AT_END_(m), .name = #m,       \
        .type = _Generic(&((gr_self *)0)->m, GR_OBJECT_TYPES_(tag), default:      \
            GR_SAYS_(_Generic(&((gr_self *)0)->m, GR_OBJECT_TYPES_(tag), default: 0), \
                     #m " is neither struct " #tag " nor a pointer to one")),     \
        .model = tag##_model, ##__VA_ARGS__                                       \
    }
#define GR_LIST(m, ...)                                                           \
    {                                                                             \
        GR_AT_(GR_SAYS_(!GR_IS_ONE_(m), GR_NO_LIST_(#m, "GR_LIST_OF(T) " #m)))    \
        __builtin_offsetof(gr_self, m.at) GR_AT_END_(m), .name = #m,              \
        .type = GR_SEQUENCE_(m, GR_SEQUENCE) | _Generic(*((gr_self *)0)->m.at, GR_ITEM_TYPES_, default: \
            GR_SAYS_(GR_IS_LIST_(m), GR_NO_ITEMS_(#m))),                          \
        ##__VA_ARGS__                                                             \
    }
#define GR_ENUMS(m, tag, ...)                                                     \
    {                                                                             \
        GR_AT_(GR_SAYS_(!GR_IS_ONE_(m), GR_NO_LIST_(#m, "GR_LIST_OF(enum " #tag ") " #m))) \
        __builtin_offsetof(gr_self, m.at) GR_AT_END_(m), .name = #m,              \
        .type = GR_SEQUENCE_(m, GR_SEQUENCE) | (GR_TYPE_ENUM +                    \
            GR_SAYS_(_Generic(((gr_self *)0)->m.at, enum tag *: 1, const enum tag *: 1, default: 0), \
                     #m " is no list of enum " #tag ": it is declared GR_LIST_OF(enum " #tag ") " #m)), \
        .size = sizeof(enum tag), .values = &tag##_values, ##__VA_ARGS__          \
    }
#define GR_OBJECTS(m, tag, ...)                                                   \
    {                                                                             \
        GR_AT_(GR_SAYS_(!GR_IS_ONE_(m), GR_NO_LIST_(#m, "GR_LIST_OF(struct " #tag ") " #m))) \
        __builtin_offsetof(gr_self, m.at) GR_AT_END_(m), .name = #m,              \
        .type = GR_SEQUENCE_(m, GR_SEQUENCE) | (GR_TYPE_OBJECT +                  \
            GR_SAYS_(_Generic(((gr_self *)0)->m.at, struct tag *: 1, const struct tag *: 1, default: 0), \
                     #m " is no list of struct " #tag ": it is declared GR_LIST_OF(struct " #tag ") " #m)), \
        .model = tag##_model, ##__VA_ARGS__                                       \
    }
#define GR_ARRAY(m, ...)                                                          \
    {                                                                             \
        GR_AT_(GR_SAYS_(GR_IS_ARRAY_(m), GR_NO_ARRAY_(#m)))                       \
        __builtin_offsetof(gr_self, m) GR_AT_END_(m), .name = #m,                 \
        .type = GR_FIXED | _Generic(*((gr_self *)0)->m, GR_ITEM_TYPES_, default: 0), \
        .count = sizeof(((gr_self *)0)->m) / sizeof(*((gr_self *)0)->m), ##__VA_ARGS__ \
    }
#define GR_MAP(m, ...)              GR_MAP_(m, 0U, ##__VA_ARGS__)
#define GR_MAP_OBJECTS(m, tag, ...) GR_MAP_OBJECTS_(m, tag, 0U, ##__VA_ARGS__)
#define GR_REST_MAP(m, ...)              GR_MAP_(m, GR_OTHERS, ##__VA_ARGS__)
#define GR_REST_OBJECTS(m, tag, ...)     GR_MAP_OBJECTS_(m, tag, GR_OTHERS, ##__VA_ARGS__)
#define GR_REST(m, ...)                                                           \
    {                                                                             \
        GR_AT_(0) __builtin_offsetof(gr_self, m) GR_AT_END_(m), .name = #m,       \
        .type = GR_OTHERS | (GR_TYPE_JSON +                                       \
            GR_SAYS_(_Generic(&((gr_self *)0)->m, json_t **: 1, default: 0),      \
                     #m " is no json_t *: the rest is one, or a map, GR_REST_MAP(" #m ")")), \
        ##__VA_ARGS__                                                             \
    }
#define GR_MAP_(m, others, ...)                                                   \
    {                                                                             \
        GR_AT_(GR_SAYS_(!GR_IS_ONE_(m), GR_NO_LIST_(#m, "GR_MAP_OF(T) " #m)) +    \
               GR_SAYS_(!GR_IS_LIST_(m), #m " is a list, GR_LIST(" #m "): a map is declared GR_MAP_OF(T) " #m)) \
        __builtin_offsetof(gr_self, m.at) GR_AT_END_(m), .name = #m,              \
        .type = (others) | GR_SEQUENCE_(m, GR_MAPPING) | _Generic(((gr_self *)0)->m.at->value, GR_ITEM_TYPES_, default: \
            GR_SAYS_(_Generic(((gr_self *)0)->m.at->value, GR_ITEM_TYPES_, default: 0), GR_NO_ITEMS_(#m))), \
        GR_ENTRY_(m), ##__VA_ARGS__                                               \
    }
#define GR_MAP_OBJECTS_(m, tag, others, ...)                                      \
    {                                                                             \
        GR_AT_(GR_SAYS_(!GR_IS_ONE_(m), GR_NO_LIST_(#m, "GR_MAP_OF(struct " #tag ") " #m)) + \
               GR_SAYS_(!GR_IS_LIST_(m), #m " is a list: a map is declared GR_MAP_OF(struct " #tag ") " #m)) \
        __builtin_offsetof(gr_self, m.at) GR_AT_END_(m), .name = #m,              \
        .type = (others) | GR_SEQUENCE_(m, GR_MAPPING) | (GR_TYPE_OBJECT +        \
            GR_SAYS_(_Generic(&((gr_self *)0)->m.at->value, struct tag *: 1, const struct tag *: 1, default: 0), \
                     #m " is no map of struct " #tag ": it is declared GR_MAP_OF(struct " #tag ") " #m)), \
        .model = tag##_model, GR_ENTRY_(m), ##__VA_ARGS__                         \
    }
#define GR_TAG(m, ...)                                                            \
    {                                                                             \
        GR_AT_(0) __builtin_offsetof(gr_self, m) GR_AT_END_(m), .name = #m,       \
        .type = GR_TYPE_TAG +                                                     \
            GR_SAYS_(_Generic(((gr_self *)0)->m, GR_EACH_INTEGER_(GR_AS_ITEM_), char: 1, default: 0), \
                     #m " is neither an enum nor an integer: a tag is the number that says which arm is there"), \
        .size = sizeof(((gr_self *)0)->m), ##__VA_ARGS__                          \
    }
#define GR_ARM(m, tag, number, ...)                                               \
    {                                                                             \
        GR_AT_(0) __builtin_offsetof(gr_self, m) GR_AT_END_(m), .name = #m,       \
        .type = GR_TYPE_ARM +                                                     \
            GR_SAYS_(_Generic(&((gr_self *)0)->m, struct tag *: 1, default: 0), #m " is no struct " #tag), \
        .model = tag##_model, .tag_value = (number), ##__VA_ARGS__                \
    }
#define GR_ROOT {.name = "", .type = GR_TYPE_ROOT}
#define GR_EITHER(m)                                                              \
    {                                                                             \
        GR_AT_(0) __builtin_offsetof(gr_self, m) GR_AT_END_(m), .name = #m,       \
        .type = GR_TYPE_EITHER +                                                  \
            GR_SAYS_(_Generic(((gr_self *)0)->m, GR_EACH_INTEGER_(GR_AS_ITEM_), char: 1, default: 0), \
                     #m " is neither an enum nor an integer: it is the number that says which case is there"), \
        .size = sizeof(((gr_self *)0)->m)                                         \
    }
#define GR_EITHER_BY(m, fn)                                                       \
    {                                                                             \
        GR_AT_(0) __builtin_offsetof(gr_self, m) GR_AT_END_(m), .name = #m,       \
        .type = GR_TYPE_EITHER +                                                  \
            GR_SAYS_(_Generic(((gr_self *)0)->m, GR_EACH_INTEGER_(GR_AS_ITEM_), char: 1, default: 0), \
                     #m " is neither an enum nor an integer: it is the number that says which case is there"), \
        .size = sizeof(((gr_self *)0)->m), .discriminate = (fn), .alias = #fn "()" \
    }
#define GR_CASE(m, number, ...)             GR_FIELD(m, .tag_value = (number), ##__VA_ARGS__)
#define GR_CASE_ENUM(m, tag, number, ...)   GR_ENUM(m, tag, .tag_value = (number), ##__VA_ARGS__)
#define GR_CASE_OBJECT(m, tag, number, ...) GR_OBJECT(m, tag, .tag_value = (number), ##__VA_ARGS__)
#define GR_CASE_LIST(m, number, ...)        GR_LIST(m, .tag_value = (number), ##__VA_ARGS__)
#define GR_CASE_OBJECTS(m, tag, number, ...) GR_OBJECTS(m, tag, .tag_value = (number), ##__VA_ARGS__)
#define GR_CASE_MAP(m, number, ...)         GR_MAP(m, .tag_value = (number), ##__VA_ARGS__)
#define GR_CASE_MAP_OBJECTS(m, tag, number, ...) GR_MAP_OBJECTS(m, tag, .tag_value = (number), ##__VA_ARGS__)
#define GR_SELF(...) {.name = "", .type = GR_TYPE_SELF, __VA_ARGS__}
#define GR_SET(m)                                                                 \
    {                                                                             \
        GR_AT_(0) __builtin_offsetof(gr_self, m) GR_AT_END_(m), .name = #m,       \
        .type = GR_TYPE_SET + GR_SAYS_(_Generic(&((gr_self *)0)->m, gr_set *: 1, default: 0), #m " is no gr_set") \
    }

/* Of a struct whose gr_set is its member `set`: whether member m was given, or given as null. */
#define GR_IS_SET(p, m)  gr_set_has(&(p)->set, (size_t)((const char *)&(p)->m - (const char *)(p)))
#define GR_IS_NULL(p, m) gr_set_is_null(&(p)->set, (size_t)((const char *)&(p)->m - (const char *)(p)))
#define GR_MARK(p, tag, m) gr_set_mark(&(p)->set, tag##_model(), __builtin_offsetof(struct tag, m))

/* The options. A bound or a default keeps the type of its constant; one that does not fit the member is refused at
 * start. */
#define GR_OPTIONAL   .optional = true
#define GR_NULLABLE   .nullable = true
#define GR_DEFAULT(x) .default_value = GR_CONSTANT_(x)
#define GR_DEFAULT_EMPTY .default_empty = true
#define GR_DEFAULT_LIST(...) .default_list = "[" #__VA_ARGS__ "]" /* as JSON has them: 1, 2; "a", "b"; true */
#define GR_GE(x)      .ge = GR_CONSTANT_(x)
#define GR_GT(x)      .gt = GR_CONSTANT_(x)
#define GR_LE(x)      .le = GR_CONSTANT_(x)
#define GR_LT(x)      .lt = GR_CONSTANT_(x)
#define GR_MULTIPLE_OF(x) .multiple_of = GR_CONSTANT_(x)
#define GR_LITERAL(...)   .literal = {__VA_ARGS__}
#define GR_URL        .format = GR_FORMAT_URL
#define GR_HTTP_URL   .format = GR_FORMAT_HTTP_URL
#define GR_NO_PLACES  (-1)
#define GR_EMAIL      .format = GR_FORMAT_EMAIL
#define GR_BASE64     .format = GR_FORMAT_BASE64

/* The pieces. */
#define GR_TABLE_(tag, fields) {sizeof(gr_model), sizeof(gr_field), gr_size_of_##tag, #tag, fields}

/* Where a member lies, after what must hold for that to be asked. A misspelt one is an error in each place that names
 * it; clang stops at one in an array designator, so that it is reported once. */
#ifdef __clang__
#define GR_AT_(says)  .check_[(says) + 0 *
#define GR_AT_END_(m) ] = 0, .offset = __builtin_offsetof(gr_self, m)
#else
#define GR_AT_(says) .check_[says] = 0, .offset =
#define GR_AT_END_(m)
#endif

/* The sentences that several macros say. */
#define GR_NO_FIELD_(m)                                                                                       \
    m " is of no type that one value has: a char * is written const char *, a list is GR_LIST(" m "), an array " \
      "GR_ARRAY(" m "), a struct GR_OBJECT(" m ", its tag); else it is a bool, an integer but plain char, a "  \
      "float, double, const char *, char[N], gr_bytes, json_t *, gr_date, gr_time, gr_datetime, gr_duration, " \
      "gr_uuid, gr_decimal, or a pointer to one that is no text and no json_t"
#define GR_NO_LIST_(m, declared) m " is no list or map: it is declared " declared "; one value is GR_FIELD(" m ")"
#define GR_NO_ARRAY_(m)                                                                                       \
    m " is no array of values: it is declared T " m "[N]; a list of any length is declared GR_LIST_OF(T) " m  \
      ", and one value is GR_FIELD(" m ")"
#define GR_NO_ITEMS_(m)                                                                                       \
    m " has items of a type that none can have: they are what GR_FIELD takes, but char[N] and pointers; of "  \
      "structs there are GR_OBJECTS and GR_MAP_OBJECTS, of enums GR_ENUMS"

/* The types of values and their codes, given to X. */
#define GR_LONG_  (sizeof(long) == 8 ? GR_TYPE_INT64 : GR_TYPE_INT32)
#define GR_ULONG_ (sizeof(long) == 8 ? GR_TYPE_UINT64 : GR_TYPE_UINT32)
#define GR_EACH_INTEGER_(X)                                                                                   \
    X(bool, GR_TYPE_BOOL), X(signed char, GR_TYPE_INT8), X(short, GR_TYPE_INT16), X(int, GR_TYPE_INT32),      \
        X(long, GR_LONG_), X(long long, GR_TYPE_INT64), X(unsigned char, GR_TYPE_UINT8),                      \
        X(unsigned short, GR_TYPE_UINT16), X(unsigned, GR_TYPE_UINT32), X(unsigned long, GR_ULONG_),          \
        X(unsigned long long, GR_TYPE_UINT64)
#define GR_EACH_VALUE_(X)                                                                                     \
    GR_EACH_INTEGER_(X), X(float, GR_TYPE_FLOAT), X(double, GR_TYPE_DOUBLE), X(gr_bytes, GR_TYPE_BYTES),      \
        X(gr_date, GR_TYPE_DATE), X(gr_time, GR_TYPE_TIME), X(gr_datetime, GR_TYPE_DATETIME),                 \
        X(gr_duration, GR_TYPE_DURATION), X(gr_uuid, GR_TYPE_UUID), X(gr_decimal, GR_TYPE_DECIMAL)
#define GR_EACH_ITEM_(X) GR_EACH_VALUE_(X), X(const char *, GR_TYPE_STRING), X(json_t *, GR_TYPE_JSON)

/* What they become in a _Generic: of an item, of the address of a member or of a pointer to it, of an array. */
#define GR_AS_ITEM_(T, code)    T: (code)
#define GR_AS_POINTER_(T, code) T **: (code) | GR_POINTER, const T **: (code) | GR_POINTER
#define GR_AS_MEMBER_(T, code)  T *: (code), GR_AS_POINTER_(T, code)
#define GR_AS_ARRAY_(T, code)   T *: (code), T const *: (code)
#define GR_ITEM_TYPES_ GR_EACH_ITEM_(GR_AS_ITEM_)
#define GR_SCALAR_TYPES_(m)                                                                                   \
    GR_EACH_VALUE_(GR_AS_MEMBER_), const char **: GR_TYPE_STRING, json_t **: GR_TYPE_JSON,                    \
        char (*)[sizeof(((gr_self *)0)->m)]: GR_TYPE_CHARS | (unsigned)sizeof(((gr_self *)0)->m) << GR_CHARS_SHIFT
#define GR_ENUM_TYPES_(tag) enum tag *: GR_TYPE_ENUM, GR_AS_POINTER_(enum tag, GR_TYPE_ENUM)
#define GR_OBJECT_TYPES_(tag) struct tag *: GR_TYPE_OBJECT, GR_AS_POINTER_(struct tag, GR_TYPE_OBJECT)

/* Whether a member is one value, or an array of them, so that it has no .at; an array; a list of values. */
#define GR_IS_ONE_(m)                                                                                         \
    _Generic(&((gr_self *)0)->m, GR_SCALAR_TYPES_(m), char **: 1,                                             \
             default: _Generic(((gr_self *)0)->m, GR_EACH_ITEM_(GR_AS_ARRAY_), default: 0))
#define GR_IS_ARRAY_(m)                                                                                       \
    _Generic(&((gr_self *)0)->m, GR_SCALAR_TYPES_(m), char **: 1, default: 0) == 0 &&                         \
        _Generic(((gr_self *)0)->m, GR_EACH_ITEM_(GR_AS_ARRAY_), default: 0)
#define GR_IS_LIST_(m) _Generic(*((gr_self *)0)->m.at, GR_ITEM_TYPES_, default: 0)

#define GR_ENTRY_(m)                                                                                          \
    .key_type = _Generic(((gr_self *)0)->m.at->key, const char *: 0U, char *: 0U, GR_EACH_VALUE_(GR_AS_ITEM_), default: \
        (unsigned)GR_SAYS_(_Generic(((gr_self *)0)->m.at->key, const char *: 1, char *: 1,                   \
                                    GR_EACH_VALUE_(GR_AS_ITEM_), default: 0),                                 \
                 #m " has keys of a type that none can have: const char *, a bool, a number, gr_date, gr_time, " \
                    "gr_datetime, gr_duration, gr_uuid")),                                                    \
    .stride = sizeof(*((gr_self *)0)->m.at),                                                                  \
    .value_offset = __builtin_offsetof(__typeof__(*((gr_self *)0)->m.at), value) +                            \
                    0 * __builtin_offsetof(__typeof__(*((gr_self *)0)->m.at), key)

/* `code`, of a member that has a size_t len right behind its at. */
#define GR_SEQUENCE_(m, code)                                                                                 \
    (code + (unsigned)GR_SAYS_(__builtin_offsetof(gr_self, m.len) ==                                          \
                                       __builtin_offsetof(gr_self, m.at) + sizeof(void *) &&                  \
                                   _Generic(&((gr_self *)0)->m.len, size_t *: 1, default: 0),                 \
                               #m " is no GR_LIST_OF(T) or GR_MAP_OF(T): it has no size_t len right behind its at"))

/* A number, a bool or a text: its kind, and itself in the member of that kind. */
#define GR_CONSTANT_(x)                                                                                   \
    {                                                                                                     \
        GR_CONSTANT_KIND_(x) +                                                                            \
            GR_SAYS_(GR_CONSTANT_KIND_(x), #x " is no number, bool or text, so it is no default or bound; " \
                                              "a member that may be absent is GR_OPTIONAL"),              \
        _Generic((x), bool: (x), char: (x), signed char: (x), short: (x), int: (x), long: (x),            \
                 long long: (x), default: 0),                                                             \
        _Generic((x), unsigned char: (x), unsigned short: (x), unsigned: (x), unsigned long: (x),         \
                 unsigned long long: (x), default: 0),                                                    \
        _Generic((x), float: (x), double: (x), default: 0),                                               \
        _Generic((x), char *: (x), const char *: (x), default: NULL)                                      \
    }
#define GR_CONSTANT_KIND_(x)                                                                              \
    _Generic((x), bool: GR_CONSTANT_BOOL, char: GR_CONSTANT_INT, signed char: GR_CONSTANT_INT,            \
             short: GR_CONSTANT_INT, int: GR_CONSTANT_INT, long: GR_CONSTANT_INT,                         \
             long long: GR_CONSTANT_INT, unsigned char: GR_CONSTANT_UINT,                                 \
             unsigned short: GR_CONSTANT_UINT, unsigned: GR_CONSTANT_UINT,                                \
             unsigned long: GR_CONSTANT_UINT, unsigned long long: GR_CONSTANT_UINT,                       \
             float: GR_CONSTANT_DOUBLE, double: GR_CONSTANT_DOUBLE, char *: GR_CONSTANT_STRING,           \
             const char *: GR_CONSTANT_STRING, default: GR_CONSTANT_NONE)

#endif

#endif
