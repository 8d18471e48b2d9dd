/* Griddle: models: the table that describes a struct, so that it can be sent as JSON.
 *
 *     struct item { int64_t id; const char *name; double price; struct seller *seller; gr_strings tags; };
 *     static GR_MODEL(item,
 *         GR_FIELD(id),
 *         GR_FIELD(name, .min_len = 1, .max_len = 50),
 *         GR_FIELD(price, GR_GT(0)),
 *         GR_OBJECT(seller, seller, GR_OPTIONAL),
 *         GR_LIST(tags));
 *
 * makes `const gr_model *item_model(void)`, item_reply(req, &item) and item_reply_list(req, items, n). The types come
 * from the members, so struct and table cannot disagree. The structs below can be filled by hand, from C++ for example:
 * zeroed first, `size` set, members as their comments say. Tables are read-only and live as long as the program. */
#ifndef GRIDDLE_MODEL_H
#define GRIDDLE_MODEL_H

#include <griddle/reply.h>

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

    GR_TYPE_MASK = 0xff, /* the type itself, without the two flags below */
    GR_POINTER = 0x100,  /* the member points to the value; NULL is absent (never with GR_TYPE_STRING) */
    GR_SEQUENCE = 0x200  /* the member is a struct {T *at; size_t len;} of values */
} gr_type;

/* Where a member's value comes from: GR_IN_JSON in a model, the others in a GR_INPUT. */
typedef enum gr_source { GR_IN_JSON = 0, GR_IN_PATH = 1, GR_IN_QUERY = 2 } gr_source;

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
typedef const gr_model *gr_model_fn(void);

/* One member. */
typedef struct gr_field {
    const char *name;   /* the member's, and on the wire unless `alias` says another; NULL ends a table */
    size_t offset;      /* of the member in its struct */
    unsigned type;      /* a gr_type, with GR_POINTER or GR_SEQUENCE where they apply */
    gr_source source;   /* GR_IN_JSON in a model */
    gr_model_fn *model; /* of GR_TYPE_OBJECT: what describes the struct */
    char check_[1];     /* the macros' own */

    /* What may follow a member's name in the macros, as designated initialisers. All zero is the default. */
    __extension__ struct {
        bool optional;              /* may be absent or null: a GR_POINTER, a string (NULL), a GR_SEQUENCE (empty) */
        gr_constant default_value;  /* stands in where the value is absent; null is still refused */
        gr_constant ge, gt, le, lt; /* bounds of a number */
        size_t min_len, max_len;    /* of a string, in characters; max_len 0: any */
        const char *alias;          /* the name on the wire */
        const char *title, *doc;    /* for the documentation */
    };
} gr_field;

struct gr_model {
    size_t size;            /* sizeof(gr_model), so that later versions can add members */
    size_t field_size;      /* sizeof(gr_field), for the same reason */
    size_t struct_size;     /* sizeof the struct described */
    const char *name;       /* its tag */
    const gr_field *fields; /* in the order in which they are sent; ended by one whose name is NULL */
};

/* 200 with the JSON of one struct, or of an array of n. Encoded before the call returns; `value` is borrowed for it. A
 * value its model does not allow (a NULL that is not optional, a NaN, a string that is not UTF-8) becomes a 500 and a
 * log line naming the member. NAME_reply and NAME_reply_list are these with the type checked. */
GR_API GR_MUST_USE gr_reply gr_reply_model(gr_req *req, const gr_model *model, const void *value);
GR_API GR_MUST_USE gr_reply gr_reply_models(gr_req *req, const gr_model *model, const void *values, size_t n);

GR_END_DECLS

#ifndef __cplusplus

/* From here on a compiler treats the text as it treats the C library's macros: it reports a mistake at the line that
 * used the macro, instead of listing what the macro is made of. */
#ifdef __GNUC__
#pragma GCC system_header
#endif

/* clang-format off */

/* A list member: struct order { GR_LIST_OF(int64_t) lines; }; or one of the named ones. Empty is {NULL, 0}. */
#define GR_LIST_OF(T) struct { T *at; size_t len; }
typedef GR_LIST_OF(const char *) gr_strings;
typedef GR_LIST_OF(int64_t) gr_ints;
typedef GR_LIST_OF(double) gr_doubles;

/* GR_MODEL(tag, members...): the table of `struct tag`, for use in one file behind `static`. Expands to the function
 * TAG_model, which returns the table, and to TAG_reply and TAG_reply_list.
 *
 * A model that several files use: GR_DECLARE_MODEL(tag) in a header, GR_DEFINE_MODEL(tag, members...) in one of them.
 */
#define GR_MODEL(tag, ...)                                                                                \
    const gr_model *tag##_model(void)                                                                     \
    {                                                                                                     \
        typedef struct tag gr_self;                                                                       \
        static const gr_field fields[] = {__VA_ARGS__, {.name = NULL}};                                   \
        static const gr_model model = GR_TABLE_(tag, fields);                                             \
        return &model;                                                                                    \
    }                                                                                                     \
    GR_MODEL_REPLIES_(tag)
#define GR_DEFINE_MODEL(tag, ...)                                                                         \
    const gr_model *tag##_model(void)                                                                     \
    {                                                                                                     \
        typedef struct tag gr_self;                                                                       \
        static const gr_field fields[] = {__VA_ARGS__, {.name = NULL}};                                   \
        static const gr_model model = GR_TABLE_(tag, fields);                                             \
        return &model;                                                                                    \
    }                                                                                                     \
    struct tag
#define GR_DECLARE_MODEL(tag)          \
    const gr_model *tag##_model(void); \
    GR_MODEL_REPLIES_(tag)

/* The members. The first argument is the member's name; options follow as designated initialisers or the macros below.
 *
 *   GR_FIELD(m)         bool, an integer of any width (not plain char: say signed or unsigned), float, double or
 *                       const char *; or a pointer to one of the first four, for GR_OPTIONAL
 *   GR_OBJECT(m, tag)   struct tag, or a pointer to one
 *   GR_LIST(m)          GR_LIST_OF(T), T one of GR_FIELD's value types
 *   GR_OBJECTS(m, tag)  GR_LIST_OF(struct tag) */
#define GR_FIELD(m, ...)                                                          \
    {                                                                             \
        GR_AT_ __builtin_offsetof(gr_self, m) GR_AT_END_(m), .name = #m,          \
        .type = _Generic(((gr_self *)0)->m, GR_SCALAR_TYPES_), ##__VA_ARGS__      \
    }
#define GR_OBJECT(m, tag, ...)                                                    \
    {                                                                             \
        GR_AT_ __builtin_offsetof(gr_self, m) GR_AT_END_(m), .name = #m,          \
        .type = _Generic(&((gr_self *)0)->m, GR_OBJECT_TYPES_(tag)),              \
        .model = tag##_model, ##__VA_ARGS__                                       \
    }
#define GR_LIST(m, ...)                                                           \
    {                                                                             \
        GR_AT_ __builtin_offsetof(gr_self, m.at) GR_AT_END_(m), .name = #m,       \
        .type = GR_SEQUENCE_(m) | _Generic(*((gr_self *)0)->m.at, GR_ITEM_TYPES_), \
        ##__VA_ARGS__                                                             \
    }
#define GR_OBJECTS(m, tag, ...)                                                   \
    {                                                                             \
        GR_AT_ __builtin_offsetof(gr_self, m.at) GR_AT_END_(m), .name = #m,       \
        .type = GR_SEQUENCE_(m) | _Generic(((gr_self *)0)->m.at, struct tag *: GR_TYPE_OBJECT, \
                                           const struct tag *: GR_TYPE_OBJECT),   \
        .model = tag##_model, ##__VA_ARGS__                                       \
    }

/* The options. A bound or a default keeps the type of its constant; one that does not fit the member is refused at
 * start. */
#define GR_OPTIONAL   .optional = true
#define GR_DEFAULT(x) .default_value = GR_CONSTANT_(x)
#define GR_GE(x)      .ge = GR_CONSTANT_(x)
#define GR_GT(x)      .gt = GR_CONSTANT_(x)
#define GR_LE(x)      .le = GR_CONSTANT_(x)
#define GR_LT(x)      .lt = GR_CONSTANT_(x)

/* The pieces. */
#define GR_TABLE_(tag, fields) {sizeof(gr_model), sizeof(gr_field), sizeof(struct tag), #tag, fields}
#define GR_MODEL_REPLIES_(tag)                                                                            \
    GR_UNUSED GR_MUST_USE static inline gr_reply tag##_reply(gr_req *req, const struct tag *value)        \
    {                                                                                                     \
        return gr_reply_model(req, tag##_model(), value);                                                 \
    }                                                                                                     \
    GR_UNUSED GR_MUST_USE static inline gr_reply                                                          \
    tag##_reply_list(gr_req *req, const struct tag *values, size_t n)                                     \
    {                                                                                                     \
        return gr_reply_models(req, tag##_model(), values, n);                                            \
    }                                                                                                     \
    struct tag

/* Where a member lies. A misspelt one is an error in each place that names it; clang stops at one in an array
 * designator, so that it is reported once. */
#ifdef __clang__
#define GR_AT_        .check_[0 *
#define GR_AT_END_(m) ] = 0, .offset = __builtin_offsetof(gr_self, m)
#else
#define GR_AT_ .offset =
#define GR_AT_END_(m)
#endif

#define GR_LONG_  (sizeof(long) == 8 ? GR_TYPE_INT64 : GR_TYPE_INT32)
#define GR_ULONG_ (sizeof(long) == 8 ? GR_TYPE_UINT64 : GR_TYPE_UINT32)
#define GR_ITEM_TYPES_                                                                                        \
    bool: GR_TYPE_BOOL, signed char: GR_TYPE_INT8, short: GR_TYPE_INT16, int: GR_TYPE_INT32, long: GR_LONG_,  \
        long long: GR_TYPE_INT64, unsigned char: GR_TYPE_UINT8, unsigned short: GR_TYPE_UINT16,               \
        unsigned: GR_TYPE_UINT32, unsigned long: GR_ULONG_, unsigned long long: GR_TYPE_UINT64,               \
        float: GR_TYPE_FLOAT, double: GR_TYPE_DOUBLE, const char *: GR_TYPE_STRING
#define GR_POINTER_(T, code) \
    T *: (code) | GR_POINTER, const T *: (code) | GR_POINTER
#define GR_SCALAR_TYPES_                                                                                      \
    GR_ITEM_TYPES_, GR_POINTER_(bool, GR_TYPE_BOOL), GR_POINTER_(signed char, GR_TYPE_INT8),                  \
        GR_POINTER_(short, GR_TYPE_INT16), GR_POINTER_(int, GR_TYPE_INT32), GR_POINTER_(long, GR_LONG_),      \
        GR_POINTER_(long long, GR_TYPE_INT64), GR_POINTER_(unsigned char, GR_TYPE_UINT8),                     \
        GR_POINTER_(unsigned short, GR_TYPE_UINT16), GR_POINTER_(unsigned, GR_TYPE_UINT32),                   \
        GR_POINTER_(unsigned long, GR_ULONG_), GR_POINTER_(unsigned long long, GR_TYPE_UINT64),               \
        GR_POINTER_(float, GR_TYPE_FLOAT), GR_POINTER_(double, GR_TYPE_DOUBLE)
#define GR_OBJECT_TYPES_(tag) \
    struct tag *: GR_TYPE_OBJECT, struct tag **: GR_TYPE_OBJECT | GR_POINTER, \
        const struct tag **: GR_TYPE_OBJECT | GR_POINTER

/* GR_SEQUENCE; does not compile where `len` is not a size_t right behind `at`. */
#define GR_SEQUENCE_(m)                                                                                       \
    (GR_SEQUENCE * (unsigned)sizeof(char[__builtin_offsetof(gr_self, m.len) ==                                \
                                                 __builtin_offsetof(gr_self, m.at) + sizeof(void *)           \
                                             ? _Generic(&((gr_self *)0)->m.len, size_t *: 1)                  \
                                             : -1]))

#define GR_CONSTANT_(x)                                                                                   \
    {                                                                                                     \
        _Generic((x), bool: GR_CONSTANT_BOOL, char: GR_CONSTANT_INT, signed char: GR_CONSTANT_INT,        \
                 short: GR_CONSTANT_INT, int: GR_CONSTANT_INT, long: GR_CONSTANT_INT,                     \
                 long long: GR_CONSTANT_INT, unsigned char: GR_CONSTANT_UINT,                             \
                 unsigned short: GR_CONSTANT_UINT, unsigned: GR_CONSTANT_UINT,                            \
                 unsigned long: GR_CONSTANT_UINT, unsigned long long: GR_CONSTANT_UINT,                   \
                 float: GR_CONSTANT_DOUBLE, double: GR_CONSTANT_DOUBLE, char *: GR_CONSTANT_STRING,       \
                 const char *: GR_CONSTANT_STRING),                                                       \
        _Generic((x), bool: (x), char: (x), signed char: (x), short: (x), int: (x), long: (x),            \
                 long long: (x), default: 0),                                                             \
        _Generic((x), unsigned char: (x), unsigned short: (x), unsigned: (x), unsigned long: (x),         \
                 unsigned long long: (x), default: 0),                                                    \
        _Generic((x), float: (x), double: (x), default: 0),                                               \
        _Generic((x), char *: (x), const char *: (x), default: NULL)                                      \
    }

#endif

#endif
