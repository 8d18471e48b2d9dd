/* Griddle: dependencies: functions that make what operations, and each other, need: a connection, a user, a page.
 *
 *     static int database(gr_co co, gr_req *req, struct db **db)                 async, without input
 *     {
 *         *db = db_take(co, gr_state(req));
 *         return *db ? gr_defer(req, give_back, *db) : gr_fail(req, 503, "no connection is free");
 *     }
 *     GR_DEPENDENCY(database, struct db *);
 *
 *     struct current_user { const char *token; struct db *db; };
 *     static GR_INPUT(current_user, GR_HEADER(token, .alias = "x-token"), GR_NEEDS(db, database));
 *     static int current_user(gr_req *req, const struct current_user *in, struct user *user);     blocking, with input
 *     GR_DEPENDENCY(current_user, struct user);
 *
 *     struct read_me { const struct user *user; bool brief; };
 *     static GR_INPUT(read_me, GR_NEEDS(user, current_user), GR_QUERY(brief, GR_DEFAULT(false)));
 *
 * A dependency's type says how it runs, as a handler's does: with a gr_co on the loop, where it may await, without on a
 * thread of the pool. It returns 0, the status that gr_fail() gave, or a negative code, which ends the request as
 * gr_failed() says; its value, zeroed before, is in memory of the request and borrowed by all who need it. FastAPI's
 * Depends.
 *
 * When a request comes, what its operation needs runs before the handler, inside the async middleware and before the
 * blocking one, after the body was read: one after the other, what is needed before who needs it, in the order of the
 * tables; `.needs` lists before the handler's own table. Each runs once a request, however many need it. Its input is
 * read and checked as a handler's is. One whose input is wrong does not run, nor who needs it; the others do, and what
 * all inputs got wrong is one 422, in the order in which they run, the handler's last. A dependency that fails ends the
 * request at once, and its answer wins over the 422. A body that is no JSON is answered before any runs.
 *
 * Blocking ones that follow each other make one trip to the pool, and the handler with its blocking middleware in the
 * same, where it blocks too. What a dependency has to give back it hands to gr_defer() (after the last byte of the
 * reply) or gr_defer_early() (before the first), last recorded, first run. */
#ifndef GRIDDLE_DEPENDENCY_H
#define GRIDDLE_DEPENDENCY_H

#include <griddle/app.h>
#include <griddle/input.h>
#include <griddle/request.h>

GR_BEGIN_DECLS

/* Whose a value is. Later versions add others. */
typedef enum gr_owner {
    GR_OF_REQUEST = 0, /* made for a request, and gone with it */
    GR_OF_APP = 1      /* made once, when the application starts (app_dependency.h) */
} gr_owner;

/* What every shape is called through: `co` is empty for a blocking one, `in` NULL for one without input, `value` NULL
 * for a guard. */
typedef int gr_depend_fn(gr_co co, gr_req *req, const void *in, void *value);
typedef int gr_app_depend_fn(gr_co co, gr_app *app, const void *in, void *value);

/* The options of a dependency: what may follow in GR_DEPENDENCY(...), as designated initialisers. All zero is the
 * default. */
typedef struct gr_dependency_options {
    bool uncached;    /* runs for each who needs it, instead of once a request: FastAPI's use_cache=False */
    bool before_body; /* it, and what it needs, runs before the request's body is read and before 100 Continue, so that
                         who is refused has uploaded nothing. A mistake of input in one of these is then answered
                         without the body, too. Refused at start where one of them takes the body or a form */
    bool concurrent;  /* overlaps those beside it in a table that have it too; async only; never one in a `.needs`. The
                         first failure cancels the others; of several the answer is the one that comes first in the
                         table. Their teardowns run in the reverse order of the table all the same */
    char end_;
} gr_dependency_options;

/* A dependency. Filled by the macros below, or by hand. */
struct gr_dependency {
    size_t size;      /* sizeof(gr_dependency), so that later versions can add members */
    const char *name; /* in logs, and where something is wrong at start */
    gr_kind kind;
    gr_owner owner;
    bool takes_input;          /* the function has a parameter for it */
    size_t value_size;         /* sizeof the value; 0: a guard, which has none */
    gr_depend_fn *call;        /* GR_OF_REQUEST */
    gr_app_depend_fn *make;    /* GR_OF_APP */
    gr_model_fn *const *input; /* *input is the GR_INPUT table, or NULL; the pointer itself may be NULL */
    gr_dependency_options options;
};

/* Each operation of the application needs these, before what its routers and it itself need: gr_app_need(app,
 * GR_DEPENDENCIES(&verify_token_dependency)). The list is copied; a second one comes behind the first. Not the pages
 * of the documentation. GR_ENOMEM, also reported at start. FastAPI(dependencies=...). */
GR_API int gr_app_need(gr_app *app, const gr_dependency *const *needs);

/* In this application, and nowhere else, `stand_in` runs wherever `dependency` is needed: for tests. Its own input is
 * read and what it needs runs; the document stays that of the original. Values have to be of one size, which is checked
 * at start; gr_override() checks the type. A second stand-in takes the place of the first; NULL, or the dependency
 * itself, takes it back. Before the application is served. GR_ENOMEM, also reported at start. FastAPI's
 * app.dependency_overrides. */
GR_API int gr_app_override(gr_app *app, const gr_dependency *dependency, const gr_dependency *stand_in);

GR_END_DECLS

#ifndef __cplusplus
#ifdef __GNUC__
#pragma GCC system_header
#endif

/* clang-format off */

/* GR_DEPENDENCY(fn, T, options...), after the definition of fn and of its GR_INPUT, where it has one: the table
 * fn_dependency of a function that gives a T. Four shapes:
 *
 *     int fn(gr_co co, gr_req *req, T *value);                          async
 *     int fn(gr_co co, gr_req *req, const struct fn *in, T *value);     async, with declared input
 *     int fn(gr_req *req, T *value);                                    blocking
 *     int fn(gr_req *req, const struct fn *in, T *value);               blocking, with declared input
 *
 * GR_GUARD(fn, options...): the same without a value, for `.needs` lists: int fn(gr_co co, gr_req *req), and so on.
 *
 * One that several files use: GR_DECLARE_DEPENDENCY(fn, T) in a header, GR_DEFINE_DEPENDENCY(fn, T, options...) in one
 * of them, and GR_DECLARE_GUARD(fn), GR_DEFINE_GUARD(fn, options...). */
#define GR_DEPENDENCY(fn, T, ...)        GR_DEPENDENCY_(fn, fn##_dependency, static, T, #T, ##__VA_ARGS__, .end_ = 0)
#define GR_DEFINE_DEPENDENCY(fn, T, ...)                                                                  \
    GR_DECLARE_DEPENDENCY(fn, T);                                                                         \
    GR_DEPENDENCY_(fn, fn##_dependency, , T, #T, ##__VA_ARGS__, .end_ = 0)
#define GR_DECLARE_DEPENDENCY(fn, T)                                                                      \
    typedef T gr_value_of_##fn;                                                                           \
    typedef gr_req gr_owner_of_##fn;                                                                      \
    extern const gr_dependency fn##_dependency
#define GR_GUARD(fn, ...)                GR_GUARD_(fn, fn##_dependency, static, ##__VA_ARGS__, .end_ = 0)
#define GR_DEFINE_GUARD(fn, ...)                                                                          \
    GR_DECLARE_GUARD(fn);                                                                                 \
    GR_GUARD_(fn, fn##_dependency, , ##__VA_ARGS__, .end_ = 0)
#define GR_DECLARE_GUARD(fn)             GR_DECLARE_DEPENDENCY(fn, gr_no_value)

/* Members of a GR_INPUT, of a handler or a dependency.
 *
 * Its GR_DEPENDENCY, GR_APP_DEPENDENCY or GR_DECLARE_DEPENDENCY stands before: without one, a compiler says that
 * NAME_dependency is not declared.
 *
 *   GR_NEEDS(m, dependency)   what the dependency gives: a T, which is a copy, or a const T *, which points to the one
 *                             that all share (where T is a pointer, struct db *, a const struct db * is neither).
 *                             Options:
 *                               .with = &argument      static; what the dependency's GR_ARGUMENT gets. Each argument is
 *                                                      a dependency of its own, which runs once
 *                               .scopes = "items:read me"
 *                                                      what its GR_SCOPES, and those of what it needs, get: names with
 *                                                      spaces between (RFC 6749 section 3.3)
 *                               .uncached = true       runs for this member alone
 *   GR_ARGUMENT(m)            a const pointer: what .with gave; who needs the dependency without one is refused at start
 *   GR_SCOPES(m)              gr_strings: the scopes of all on the way from the handler to here, in that order, each
 *                             once. Where they differ the dependency runs for each. FastAPI's SecurityScopes */
#define GR_NEEDS(m, dep, ...)                                                                             \
    {                                                                                                     \
        .dependency = &dep##_dependency,                                                                  \
        GR_AT_(GR_SAYS_(_Generic((gr_value_of_##dep *)0, gr_no_value *: 0, default: 1),                   \
                        #dep " is a guard, which gives no value: it is named in .needs"))                 \
        __builtin_offsetof(gr_self, m) GR_AT_END_(m), .name = #m,                                         \
        .type = _Generic(&((gr_self *)0)->m, GR_NEED_TYPES_(dep), default:                                \
            GR_SAYS_(_Generic(&((gr_self *)0)->m, GR_NEED_TYPES_(dep), default: 0),                       \
                     #m " is neither of the type that " #dep " gives nor a const pointer to one")),       \
        .size = sizeof(gr_value_of_##dep), ##__VA_ARGS__                                                  \
    }
#define GR_ARGUMENT(m)                                                                                    \
    {                                                                                                     \
        GR_AT_(0) __builtin_offsetof(gr_self, m) GR_AT_END_(m), .name = #m,                               \
        .type = GR_TYPE_ARGUMENT +                                                                        \
            GR_SAYS_(_Generic(1 ? ((gr_self *)0)->m : (void *)1, const void *: 1, default: 0),            \
                     #m " is no const pointer: it points to what .with gave, which others share")         \
    }
#define GR_SCOPES(m)                                                                                      \
    {                                                                                                     \
        GR_AT_(0) __builtin_offsetof(gr_self, m) GR_AT_END_(m), .name = #m,                               \
        .type = GR_TYPE_SCOPES +                                                                          \
            GR_SAYS_(_Generic(&((gr_self *)0)->m, gr_strings *: 1, default: 0), #m " is no gr_strings")   \
    }

/* gr_override(app, database, fake_database): gr_app_override() of two dependencies that give the same type. */
#define gr_override(app, dep, fake)                                                                       \
    gr_app_override(                                                                                      \
        GR_SAYS_(_Generic((gr_value_of_##dep *)0, gr_value_of_##fake *: 1, default: 0),                   \
                 #fake " gives another type than " #dep " does") ? NULL : (app),                          \
        &dep##_dependency, &fake##_dependency)

/* --- the pieces --- */

/* What a guard gives. */
typedef struct gr_no_value {
    char none_;
} gr_no_value;

#define GR_NEED_TYPES_(dep)                                                                               \
    gr_value_of_##dep *: GR_TYPE_NEED, const gr_value_of_##dep **: GR_TYPE_NEED | GR_POINTER

/* The shapes: `T *value` last, or nothing. */
#define GR_ASYNC_NEED_(tag, T)    int (*)(gr_co, gr_req *, const struct tag *, T *)
#define GR_BLOCKING_NEED_(tag, T) int (*)(gr_req *, const struct tag *, T *)
#define GR_ASYNC_NEED_BARE_(T)    int (*)(gr_co, gr_req *, T *)
#define GR_BLOCKING_NEED_BARE_(T) int (*)(gr_req *, T *)
#define GR_ASYNC_GUARD_(tag)      int (*)(gr_co, gr_req *, const struct tag *)
#define GR_BLOCKING_GUARD_(tag)   int (*)(gr_req *, const struct tag *)
#define GR_ASYNC_GUARD_BARE_      int (*)(gr_co, gr_req *)
#define GR_BLOCKING_GUARD_BARE_   int (*)(gr_req *)

/* The mistakes that have a sentence of their own. */
#define GR_MUTABLE_NEEDS_(tag, T, code)                                                                   \
    int (*)(gr_co, gr_req *, struct tag *, T *): code, int (*)(gr_req *, struct tag *, T *): code
#define GR_SWAPPED_NEEDS_(tag, T, code)                                                                   \
    int (*)(gr_req *, gr_co, T *): code, int (*)(gr_req *, gr_co, const struct tag *, T *): code,         \
    int (*)(gr_co, gr_req *, T *, const struct tag *): code, int (*)(gr_req *, T *, const struct tag *): code
#define GR_NEEDS_OF_(type, tag, T, code)                                                                  \
    type (*)(gr_co, gr_req *, const struct tag *, T *): code, type (*)(gr_req *, const struct tag *, T *): code, \
    type (*)(gr_co, gr_req *, T *): code, type (*)(gr_req *, T *): code
#define GR_NEEDS_OF_APP_(tag, T, code)                                                                    \
    int (*)(gr_co, gr_app *, const struct tag *, T *): code, int (*)(gr_app *, const struct tag *, T *): code, \
    int (*)(gr_co, gr_app *, T *): code, int (*)(gr_app *, T *): code
#define GR_GUARDS_OF_(type, tag, code)                                                                    \
    type (*)(gr_co, gr_req *, const struct tag *): code, type (*)(gr_req *, const struct tag *): code,    \
    type (*)(gr_co, gr_req *): code, type (*)(gr_req *): code
#define GR_NEED_IS_(fn, T)                                                                                \
    "write int " fn "(gr_co co, gr_req *req, " T " *value) to await, or int " fn "(gr_req *req, " T       \
    " *value) to block; input that it declares is a parameter before the value, const struct " fn " *"
#define GR_GUARD_IS_(fn)                                                                                  \
    "write int " fn "(gr_co co, gr_req *req) to await, or int " fn "(gr_req *req) to block; input that "  \
    "it declares is one parameter more, const struct " fn " *; one that gives a value is a GR_DEPENDENCY"

/* Never called: they stand in the branches that a function's type rules out. */
GR_UNUSED static inline int gr_never_async_need(gr_co co, gr_req *req, const void *in, void *value)
{
    (void)co, (void)req, (void)in, (void)value;
    return 0;
}
GR_UNUSED static inline int gr_never_blocking_need(gr_req *req, const void *in, void *value)
{
    (void)req, (void)in, (void)value;
    return 0;
}
GR_UNUSED static inline int gr_never_async_need_bare(gr_co co, gr_req *req, const void *value)
{
    (void)co, (void)req, (void)value;
    return 0;
}
GR_UNUSED static inline int gr_never_blocking_need_bare(gr_req *req, const void *value)
{
    (void)req, (void)value;
    return 0;
}
GR_UNUSED static inline int gr_never_async_guard(gr_co co, gr_req *req)
{
    (void)co, (void)req;
    return 0;
}
GR_UNUSED static inline int gr_never_blocking_guard(gr_req *req)
{
    (void)req;
    return 0;
}

/* As GR_ROUTE_ in route.h: gr_value_of_FN, the type of the value; gr_need_shape_of_FN, which of the four shapes fn has;
 * gr_need_call_of_FN, a one-line thunk that calls it so; the table FN_dependency. */
#define GR_DEPENDENCY_(fn, table, linkage, T, text, ...)                                              \
    struct fn;                                                                                        \
    typedef T gr_value_of_##fn;                                                                       \
    typedef gr_req gr_owner_of_##fn;                                                                  \
    static gr_model_fn *const gr_input_of_##fn;                                                       \
    enum {                                                                                            \
        gr_need_shape_of_##fn = _Generic(                                                             \
            fn, GR_ASYNC_NEED_(fn, gr_value_of_##fn): 0, GR_BLOCKING_NEED_(fn, gr_value_of_##fn): 1,  \
            GR_ASYNC_NEED_BARE_(gr_value_of_##fn): 2, GR_BLOCKING_NEED_BARE_(gr_value_of_##fn): 3,    \
            GR_MUTABLE_NEEDS_(fn, gr_value_of_##fn, 4), GR_SWAPPED_NEEDS_(fn, gr_value_of_##fn, 5),   \
            GR_NEEDS_OF_(void, fn, gr_value_of_##fn, 6), GR_NEEDS_OF_(gr_reply, fn, gr_value_of_##fn, 6), \
            GR_GUARDS_OF_(int, fn, 7), GR_NEEDS_OF_APP_(fn, gr_value_of_##fn, 9), default: 8)         \
    };                                                                                                \
    _Static_assert(GR_IS_(gr_need_shape_of_##fn != 4),                                                \
                   #fn " takes its input without const: write const struct " #fn " *");               \
    _Static_assert(GR_IS_(gr_need_shape_of_##fn != 5),                                                \
                   #fn " has its parameters in another order: " GR_NEED_IS_(#fn, text));              \
    _Static_assert(GR_IS_(gr_need_shape_of_##fn != 6),                                                \
                   #fn " returns no int: 0, or what gr_fail() gave: " GR_NEED_IS_(#fn, text));        \
    _Static_assert(GR_IS_(gr_need_shape_of_##fn != 7),                                                \
                   #fn " gives no value: it is a GR_GUARD, or " GR_NEED_IS_(#fn, text));              \
    _Static_assert(GR_IS_(gr_need_shape_of_##fn != 8),                                                \
                   #fn " is no dependency that gives " text ": " GR_NEED_IS_(#fn, text));             \
    _Static_assert(GR_IS_(gr_need_shape_of_##fn != 9),                                                \
                   #fn " is of the application: it is a GR_APP_DEPENDENCY, or " GR_NEED_IS_(#fn, text)); \
    static int gr_need_call_of_##fn(gr_co gr_co_, gr_req *gr_req_, const void *gr_in_, void *gr_value_) \
    {                                                                                                 \
        switch (gr_need_shape_of_##fn) {                                                              \
        case 0:                                                                                       \
            return _Generic(fn, GR_ASYNC_NEED_(fn, gr_value_of_##fn): fn,                             \
                            default: gr_never_async_need)(gr_co_, gr_req_, gr_in_, gr_value_);        \
        case 1:                                                                                       \
            return _Generic(fn, GR_BLOCKING_NEED_(fn, gr_value_of_##fn): fn,                          \
                            default: gr_never_blocking_need)(gr_req_, gr_in_, gr_value_);             \
        case 2:                                                                                       \
            return _Generic(fn, GR_ASYNC_NEED_BARE_(gr_value_of_##fn): fn,                            \
                            default: gr_never_async_need_bare)(gr_co_, gr_req_, gr_value_);           \
        default:                                                                                      \
            return _Generic(fn, GR_BLOCKING_NEED_BARE_(gr_value_of_##fn): fn,                         \
                            default: gr_never_blocking_need_bare)(gr_req_, gr_value_);                \
        }                                                                                             \
    }                                                                                                 \
    GR_NEED_TABLE_(fn, table, linkage, sizeof(gr_value_of_##fn), __VA_ARGS__)

#define GR_GUARD_(fn, table, linkage, ...)                                                            \
    struct fn;                                                                                        \
    typedef gr_no_value gr_value_of_##fn;                                                             \
    typedef gr_req gr_owner_of_##fn;                                                                  \
    static gr_model_fn *const gr_input_of_##fn;                                                       \
    _Static_assert(_Generic(fn, int (*)(void): 0, default: 1),                                        \
                   #fn " has no parameters: " GR_GUARD_IS_(#fn));                                     \
    enum {                                                                                            \
        gr_need_shape_of_##fn = _Generic(                                                             \
            fn, GR_ASYNC_GUARD_(fn): 0, GR_BLOCKING_GUARD_(fn): 1, GR_ASYNC_GUARD_BARE_: 2,           \
            GR_BLOCKING_GUARD_BARE_: 3, int (*)(gr_co, gr_req *, struct fn *): 4,                     \
            int (*)(gr_req *, struct fn *): 4, int (*)(gr_req *, gr_co): 5,                           \
            int (*)(gr_req *, gr_co, const struct fn *): 5, GR_GUARDS_OF_(void, fn, 6),               \
            GR_GUARDS_OF_(gr_reply, fn, 6), default: 7)                                               \
    };                                                                                                \
    _Static_assert(GR_IS_(gr_need_shape_of_##fn != 4),                                                \
                   #fn " takes its input without const: write const struct " #fn " *");               \
    _Static_assert(GR_IS_(gr_need_shape_of_##fn != 5), #fn " takes gr_co in the wrong place: it comes first"); \
    _Static_assert(GR_IS_(gr_need_shape_of_##fn != 6),                                                \
                   #fn " returns no int: 0, or what gr_fail() gave: " GR_GUARD_IS_(#fn));             \
    _Static_assert(GR_IS_(gr_need_shape_of_##fn != 7), #fn " is no guard: " GR_GUARD_IS_(#fn));       \
    static int gr_need_call_of_##fn(gr_co gr_co_, gr_req *gr_req_, const void *gr_in_, void *gr_value_) \
    {                                                                                                 \
        (void)gr_value_;                                                                              \
        switch (gr_need_shape_of_##fn) {                                                              \
        case 0:                                                                                       \
            return _Generic(fn, GR_ASYNC_GUARD_(fn): fn,                                              \
                            default: gr_never_async_need_bare)(gr_co_, gr_req_, gr_in_);              \
        case 1:                                                                                       \
            return _Generic(fn, GR_BLOCKING_GUARD_(fn): fn,                                           \
                            default: gr_never_blocking_need_bare)(gr_req_, gr_in_);                   \
        case 2:                                                                                       \
            return _Generic(fn, GR_ASYNC_GUARD_BARE_: fn, default: gr_never_async_guard)(gr_co_, gr_req_); \
        default:                                                                                      \
            return _Generic(fn, GR_BLOCKING_GUARD_BARE_: fn, default: gr_never_blocking_guard)(gr_req_); \
        }                                                                                             \
    }                                                                                                 \
    GR_NEED_TABLE_(fn, table, linkage, 0, __VA_ARGS__)

#define GR_NEED_TABLE_(fn, table, linkage, bytes, ...)                                                \
    linkage const gr_dependency table = {.size = sizeof(gr_dependency),                               \
                                         .name = #fn,                                                 \
                                         .kind = gr_need_shape_of_##fn % 2 ? GR_BLOCKING : GR_ASYNC,  \
                                         .takes_input = gr_need_shape_of_##fn < 2,                    \
                                         .value_size = bytes,                                         \
                                         .call = gr_need_call_of_##fn,                                \
                                         .input = &gr_input_of_##fn,                                  \
                                         .options = {__VA_ARGS__}}

#endif

#endif
