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

/* The table of `struct tag`, behind `static`. Expands to the function TAG_input, which returns it, a pointer to that
 * function by which the route of the same name finds it, and TAG_input_init, which gives a struct its defaults
 * (gr_model_init): a handler can be called as a function, by a test, say. */
#define GR_INPUT(tag, ...)                                                                                \
    const gr_model *tag##_input(void)                                                                     \
    {                                                                                                     \
        enum { gr_size_of_##tag = sizeof(struct tag) };                                                   \
        typedef struct tag gr_self;                                                                       \
        static const gr_field gr_fields_[] = {__VA_ARGS__, {.name = NULL}};                               \
        static const gr_model gr_model_ = GR_TABLE_(tag, gr_fields_);                                     \
        return &gr_model_;                                                                                \
    }                                                                                                     \
    GR_UNUSED static inline void tag##_input_init(struct tag *gr_value_)                                      \
    {                                                                                                     \
        gr_model_init(tag##_input(), gr_value_);                                                              \
    }                                                                                                     \
    GR_UNUSED static gr_model_fn *const gr_input_of_##tag = tag##_input

/* Where a member comes from. Each of these takes what GR_FIELD takes; any other member of model.h takes `.source`, so
 * that a list of a parameter that may repeat, an enum, or a whole struct from one place are
 *
 *     GR_LIST(tags, GR_FROM_QUERY), GR_ENUM(sort, sort, GR_FROM_QUERY), GR_OBJECT(paging, paging, GR_FROM_QUERY)
 *
 *   GR_PATH(m)       "{name}" in the path; always there
 *   GR_QUERY(m)      a query parameter; given several times, the last one counts
 *   GR_HEADER(m)     a header field, in any case; given several times, the first one counts. `_` in the member's name is
 *                    `-` on the wire (user_agent is user-agent), and never `_`, of which a proxy may drop either; an
 *                    alias is the name on the wire as it stands
 *   GR_COOKIE(m)     a cookie; given several times, the last one counts
 *   GR_FORM(m)       of a body of application/x-www-form-urlencoded; a value without anything in it is absent.
 *                    multipart/form-data is not read, and answered 415
 *   GR_BODY(m, tag)  the JSON body as struct tag, or a pointer to one (GR_OPTIONAL: there may be none); several bodies,
 *                    or one with `.embed`, are an object with a member for each
 *   GR_JSON(m)       the JSON body as it is, in a json_t *, owned by the request; required, an empty body is missing
 *
 * A parameter may be nullable (GR_NULLABLE: documented as such; no text is null) and, in a json_t *, of any type: then it
 * is a string, owned by the request. `.style` says how a list stands in one text (ids=1,2), or a struct side by side
 * (where[name]=x): see gr_style. A struct that comes whole from one place is checked, and told of in errors, as a
 * parameter model of FastAPI's; with .extra = GR_EXTRA_FORBIDDEN what other members read there is refused too. Lists
 * repeat in cookies as well, where FastAPI refuses any.
 *
 * A member that names no place comes from the body: GR_FIELD(importance, GR_GT(0)), GR_OBJECTS(items, item). One alone is
 * the whole body (5, or [{...}]), unless it has `.embed`; several are members of an object. */
#define GR_PATH(m, ...)      GR_FIELD(m, .source = GR_IN_PATH, ##__VA_ARGS__)
#define GR_QUERY(m, ...)     GR_FIELD(m, .source = GR_IN_QUERY, ##__VA_ARGS__)
#define GR_HEADER(m, ...)    GR_FIELD(m, .source = GR_IN_HEADER, ##__VA_ARGS__)
#define GR_COOKIE(m, ...)    GR_FIELD(m, .source = GR_IN_COOKIE, ##__VA_ARGS__)
#define GR_FORM(m, ...)      GR_FIELD(m, .source = GR_IN_FORM, ##__VA_ARGS__)
#define GR_BODY(m, tag, ...) GR_OBJECT(m, tag, .source = GR_IN_BODY, ##__VA_ARGS__)
#define GR_JSON(m, ...)      GR_FIELD(m, .source = GR_IN_BODY, ##__VA_ARGS__)
#define GR_FROM_PATH   .source = GR_IN_PATH
#define GR_FROM_QUERY  .source = GR_IN_QUERY
#define GR_FROM_HEADER .source = GR_IN_HEADER
#define GR_FROM_COOKIE .source = GR_IN_COOKIE
#define GR_FROM_FORM   .source = GR_IN_FORM
#define GR_FROM_BODY   .source = GR_IN_BODY

#endif

#endif
