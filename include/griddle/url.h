/* Griddle: URLs of operations: made of the paths that routes declare, so that no link goes astray when one moves.
 *
 *     gr_url_for(req, "read_item", "item_id", in->id)          "/api/v1/items/7", by the operation's name
 *     GR_URL_FOR(req, read_item, "item_id", in->id)            the same by its route: a misspelt one does not compile
 *
 * Both take names and values of the path's parameters, up to eight of each: a text, an integer, a floating-point number
 * or a gr_uuid, told apart by type. Each value is percent-encoded as its converter reads it: of {name} a slash too
 * ("%2F", for another server to read: this one, as Starlette, decodes a path before it looks for segments), of
 * {name:path} not.
 *
 * What is made is a path with gr_root_path() before it, in memory of the request; NULL, with a line in the log, where
 * there is no such operation, a parameter has no value, a value no parameter, a converter does not take the value ("x"
 * or -1 for {id:int}), or the server would refuse the path: "..", a backslash, what is not UTF-8. Out of memory is NULL
 * without a line. It never begins with "//", which would name another host.
 *
 * Names. An operation "v1:users:read_me" is found by that, by "users:read_me" and by "read_me". Of several that match,
 * the one counts that has most of the routers in common with the operation that asks, be it of one router that is
 * included twice: an operation below "/api/v2" links to "/api/v2". Then the first that was declared. They are looked
 * for in the application whose code asks, then in those that are mounted in it, then in that which it is mounted in. */
#ifndef GRIDDLE_URL_H
#define GRIDDLE_URL_H

#include <griddle/mistake.h>
#include <griddle/route.h>
#include <griddle/types.h>

GR_BEGIN_DECLS

typedef enum gr_url_kind { GR_URL_TEXT, GR_URL_INT, GR_URL_UINT, GR_URL_DOUBLE, GR_URL_UUID } gr_url_kind;

/* A parameter's name and value, as the functions below make one. Never changes. */
typedef struct gr_url_arg {
    const char *name; /* NULL ends a list */
    gr_url_kind kind;
    union {
        const char *text;
        int64_t i;
        uint64_t u;
        double d;
        gr_uuid uuid;
    } value;
} gr_url_arg;

/* The URL of the operation of that name, or of that route (whose address is compared). `args` is ended by a name that
 * is NULL. Called by the request's owner. */
GR_API const char *gr_url_for_name(gr_req *req, const char *name, const gr_url_arg *args);
GR_API const char *gr_url_for_route(gr_req *req, const gr_route *route, const gr_url_arg *args);

GR_UNUSED static inline gr_url_arg gr_url_text(const char *name, const char *value)
{
    gr_url_arg arg;
    arg.name = name;
    arg.kind = GR_URL_TEXT;
    arg.value.text = value;
    return arg;
}

GR_UNUSED static inline gr_url_arg gr_url_int(const char *name, int64_t value)
{
    gr_url_arg arg;
    arg.name = name;
    arg.kind = GR_URL_INT;
    arg.value.i = value;
    return arg;
}

GR_UNUSED static inline gr_url_arg gr_url_uint(const char *name, uint64_t value)
{
    gr_url_arg arg;
    arg.name = name;
    arg.kind = GR_URL_UINT;
    arg.value.u = value;
    return arg;
}

GR_UNUSED static inline gr_url_arg gr_url_double(const char *name, double value)
{
    gr_url_arg arg;
    arg.name = name;
    arg.kind = GR_URL_DOUBLE;
    arg.value.d = value;
    return arg;
}

GR_UNUSED static inline gr_url_arg gr_url_uuid(const char *name, gr_uuid value)
{
    gr_url_arg arg;
    arg.name = name;
    arg.kind = GR_URL_UUID;
    arg.value.uuid = value;
    return arg;
}

GR_END_DECLS

#ifndef __cplusplus

/* As in mistake.h: what is wrong is reported at the line that used a macro. */
#ifdef __GNUC__
#pragma GCC system_header
#endif

#define gr_url_for(req, name, ...)  gr_url_for_name((req), (name), GR_URL_ARGS_(0, ##__VA_ARGS__))
#define GR_URL_FOR(req, route, ...) gr_url_for_route((req), &route##_route, GR_URL_ARGS_(0, ##__VA_ARGS__))

/* GR_DECLARE_ROUTE(read_item); before a function that links to an operation which is defined further down in the same
 * file, or to itself. */
#define GR_DECLARE_ROUTE(id) static const gr_route id##_route

/* clang-format off */

/* The pieces: a list of what stands there in pairs. */
#define GR_URL_ARGS_(none, ...) \
    ((const gr_url_arg[]){ \
        GR_URL_PICK_(none, ##__VA_ARGS__, GR_URL_8_, GR_URL_ODD_, GR_URL_7_, GR_URL_ODD_, GR_URL_6_, GR_URL_ODD_, \
                     GR_URL_5_, GR_URL_ODD_, GR_URL_4_, GR_URL_ODD_, GR_URL_3_, GR_URL_ODD_, GR_URL_2_, GR_URL_ODD_, \
                     GR_URL_1_, GR_URL_ODD_, GR_URL_0_, 0)(__VA_ARGS__) {.name = NULL}})
#define GR_URL_PICK_(z, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, it, ...) it
#define GR_URL_0_(...)
#define GR_URL_1_(n, v)      GR_URL_ARG_(n, v),
#define GR_URL_2_(n, v, ...) GR_URL_ARG_(n, v), GR_URL_1_(__VA_ARGS__)
#define GR_URL_3_(n, v, ...) GR_URL_ARG_(n, v), GR_URL_2_(__VA_ARGS__)
#define GR_URL_4_(n, v, ...) GR_URL_ARG_(n, v), GR_URL_3_(__VA_ARGS__)
#define GR_URL_5_(n, v, ...) GR_URL_ARG_(n, v), GR_URL_4_(__VA_ARGS__)
#define GR_URL_6_(n, v, ...) GR_URL_ARG_(n, v), GR_URL_5_(__VA_ARGS__)
#define GR_URL_7_(n, v, ...) GR_URL_ARG_(n, v), GR_URL_6_(__VA_ARGS__)
#define GR_URL_8_(n, v, ...) GR_URL_ARG_(n, v), GR_URL_7_(__VA_ARGS__)
#define GR_URL_ODD_(...) \
    {.name = GR_SAYS_(0, "of a URL's parameters each has a name and a value: \"item_id\", 7") ? NULL : NULL},
#define GR_URL_ARG_(n, v) \
    _Generic((v), char *: gr_url_text, const char *: gr_url_text, short: gr_url_int, int: gr_url_int, \
             long: gr_url_int, long long: gr_url_int, unsigned short: gr_url_uint, unsigned: gr_url_uint, \
             unsigned long: gr_url_uint, unsigned long long: gr_url_uint, float: gr_url_double, \
             double: gr_url_double, gr_uuid: gr_url_uuid, default: gr_url_int) \
    ((n) + GR_SAYS_(GR_IS_TEXT_(n), #n " is no name of a parameter: that is a text") + \
         GR_SAYS_(GR_IS_URL_VALUE_(v), #v " is no value of a parameter: that is a text, a number or a gr_uuid"), (v))
#define GR_IS_TEXT_(n) _Generic((n), char *: 1, const char *: 1, default: 0)
#define GR_IS_URL_VALUE_(v) \
    _Generic((v), char *: 1, const char *: 1, short: 1, int: 1, long: 1, long long: 1, unsigned short: 1, \
             unsigned: 1, unsigned long: 1, unsigned long long: 1, float: 1, double: 1, gr_uuid: 1, default: 0)

/* clang-format on */

#endif

#endif
