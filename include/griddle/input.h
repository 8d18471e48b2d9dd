/* Griddle: input: the struct that a handler takes, and the table that says where its members come from.
 *
 *     struct read_item { int64_t item_id; const char *q; bool brief; };
 *     static GR_INPUT(read_item,
 *         GR_PATH(item_id, GR_GE(1), .doc = "The item to read"),
 *         GR_QUERY(q, GR_OPTIONAL, .max_len = 50),
 *         GR_QUERY(brief, GR_DEFAULT(false)));
 *
 * Handler, struct and table share one name; the table stands before GR_GET(...). Every member is required unless
 * GR_OPTIONAL or GR_DEFAULT says otherwise. Texts become values as in FastAPI: " 42 ", 1_000 and 1.0 are integers; true
 * t yes y on 1 and their opposites, in any case, are bool. An integer that its member cannot hold is refused, never
 * cut. All mistakes of a request are answered together, by a 422 in FastAPI's shape; the handler runs on valid input
 * only. Strings, and what pointers point to, live as long as the request. */
#ifndef GRIDDLE_INPUT_H
#define GRIDDLE_INPUT_H

#include <griddle/model.h>

#ifndef __cplusplus
#ifdef __GNUC__
#pragma GCC system_header
#endif

/* clang-format off */

/* The table of `struct tag`, behind `static`. Expands to the function TAG_input, which returns it, and TAG_input_ref, a
 * pointer to that function by which the route of the same name finds it. */
#define GR_INPUT(tag, ...)                                                                                \
    const gr_model *tag##_input(void)                                                                     \
    {                                                                                                     \
        typedef struct tag gr_self;                                                                       \
        static const gr_field fields[] = {__VA_ARGS__, {.name = NULL}};                                   \
        static const gr_model model = GR_TABLE_(tag, fields);                                             \
        return &model;                                                                                    \
    }                                                                                                     \
    GR_UNUSED static gr_model_fn *const tag##_input_ref = tag##_input

/* A member from "{name}" in the path, or from the query; members as GR_FIELD's. A query parameter that is given several
 * times: the last one counts. */
#define GR_PATH(m, ...)                                                                           \
    {                                                                                             \
        GR_AT_ __builtin_offsetof(gr_self, m) GR_AT_END_(m), .name = #m, .source = GR_IN_PATH,    \
        .type = _Generic(((gr_self *)0)->m, GR_SCALAR_TYPES_), ##__VA_ARGS__                      \
    }
#define GR_QUERY(m, ...)                                                                          \
    {                                                                                             \
        GR_AT_ __builtin_offsetof(gr_self, m) GR_AT_END_(m), .name = #m, .source = GR_IN_QUERY,   \
        .type = _Generic(((gr_self *)0)->m, GR_SCALAR_TYPES_), ##__VA_ARGS__                      \
    }

#endif

#endif
