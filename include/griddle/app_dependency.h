/* Griddle: application dependencies: what is made once, when the application starts, and shared by all requests: a pool
 * of connections, a client, a model.
 *
 *     static void close_pool(gr_co co, gr_app *app, void *pool);
 *
 *     static int pool(gr_co co, gr_app *app, struct db_pool **value)             async: it awaits
 *     {
 *         *value = db_open(co, db_url);
 *         return *value ? gr_app_defer(app, close_pool, *value) : gr_app_fail(app, "no connection to %s", db_url);
 *     }
 *     GR_APP_DEPENDENCY(pool, struct db_pool *);
 *
 *     struct read_item { struct db_pool *db; int64_t id; };
 *     static GR_INPUT(read_item, GR_NEEDS(db, pool), GR_PATH(id));
 *
 * Handlers and dependencies of requests need one by GR_NEEDS as any other: a copy of the value, or a const pointer to
 * the one that all share, which costs a request nothing else. As a T it is what many use at a time, on the loop and on
 * threads of the pool: what is behind it has to allow that.
 *
 * Each application that is served, in each process, makes what its operations need, and what their dependencies need,
 * and what gr_app_need(app, GR_DEPENDENCIES(&pool_dependency)) names; nothing else. They are made after the start hooks
 * and before its tasks begin and the first connection is accepted: one after the other, what is needed before who needs
 * it; what the application's list names before what operations need, these in their order; each once, and where it has
 * a GR_ARGUMENT once for each argument. In a `.needs` list one asks a request for nothing.
 *
 * An async one runs on the loop, in a coroutine of its name; one that blocks on a thread of the pool, while the loop
 * goes on. Its input has GR_NEEDS of other application dependencies and GR_ARGUMENT: there is no request yet. One that
 * returns other than 0 ends the start: the log names it, with the text of gr_app_fail() or with its code, and a
 * positive code becomes GR_EIO. A stop that is asked for meanwhile (gr_main()'s signals) cancels an async one, and is
 * no failure; one that blocks may ask gr_job_cancelled(). In either case what was made goes again, by its teardowns.
 *
 * An application that is mounted (router.h) makes values of its own, behind the outer one's. One that is to share the
 * outer one's is given what hands it on, as its own: int outer_pool(gr_app *app, struct db_pool **pool) that copies
 * *GR_APP_VALUE(shop, pool), by gr_override(mounted, pool, outer_pool).
 *
 * So they are there in gr_main(), gr_server_start(), gr_test_create(), whose clock is the one they wait by, and
 * gr_app_run(). An application with application dependencies is served once at a time.
 *
 * .before_body, .concurrent and .uncached are of a request: refused at start, as are a GR_NEEDS of a request's
 * dependency in the input of an application's, and a stand-in by gr_override() that is the other's kind. */
#ifndef GRIDDLE_APP_DEPENDENCY_H
#define GRIDDLE_APP_DEPENDENCY_H

#include <griddle/dependency.h>
#include <griddle/task.h>

GR_BEGIN_DECLS

/* A teardown. An async one has a deadline of 5 s. */
typedef void gr_app_teardown_fn(gr_app *app, void *arg);
typedef void gr_async_app_teardown_fn(gr_co co, gr_app *app, void *arg);

/* For an application dependency, while it is made, from its own coroutine or thread: runs fn(arg) when the last request
 * has ended, and then the application's tasks, and before the stop hooks; last recorded, first run. Where the start
 * fails, those that were recorded until then run, its own too. A blocking one runs on a thread of the pool, an async
 * one on the loop, shielded from cancellation. `arg` may be, or point into, the value that is made: that lives as long.
 * 0; GR_ENOMEM: fn has been called at once; GR_EINVAL: none is being made, and fn is not called. */
GR_API GR_MUST_USE int gr_app_defer_blocking(gr_app *app, gr_app_teardown_fn *fn, void *arg);
GR_API GR_MUST_USE int gr_app_defer_async(gr_app *app, gr_async_app_teardown_fn *fn, void *arg);

/* The value of an application dependency, also of what stands in for it; that of the first argument, where it was made
 * for several. Borrowed until its teardown. NULL: it is not made: not yet, no more, or nobody needs it. Any thread that
 * runs something of the application's. GR_APP_VALUE() checks the type. */
GR_API const void *gr_app_value(const gr_app *app, const gr_dependency *dependency);

/* Runs fn(arg) as gr_run() does, with the application started and not served: its start hooks have run and its
 * dependencies are made, and go when fn and its children have ended; its tasks do not run. For commands beside a
 * server: one that fills a table, a shell. What fn returned; or the code of the start, which was logged; GR_EINVAL: the
 * application's mistakes, which were too. Aborts as gr_run(). */
GR_API GR_MUST_USE int gr_app_run(gr_app *app, gr_task_fn *fn, void *arg);

GR_END_DECLS

#ifndef __cplusplus
#ifdef __GNUC__
#pragma GCC system_header
#endif

/* clang-format off */

/* GR_APP_DEPENDENCY(fn, T), after the definition of fn and of its GR_INPUT, where it has one: the table fn_dependency
 * of a function that gives a T. Four shapes:
 *
 *     int fn(gr_co co, gr_app *app, T *value);                          async
 *     int fn(gr_co co, gr_app *app, const struct fn *in, T *value);     async, with input
 *     int fn(gr_app *app, T *value);                                    blocking
 *     int fn(gr_app *app, const struct fn *in, T *value);               blocking, with input
 *
 * `value` is zeroed before. One that several files use: GR_DECLARE_APP_DEPENDENCY(fn, T) in a header,
 * GR_DEFINE_APP_DEPENDENCY(fn, T) in one of them. */
#define GR_APP_DEPENDENCY(fn, T, ...)                                                                     \
    GR_APP_DEPENDENCY_(fn, fn##_dependency, static, T, #T, ##__VA_ARGS__, .end_ = 0)
#define GR_DEFINE_APP_DEPENDENCY(fn, T, ...)                                                              \
    GR_DECLARE_APP_DEPENDENCY(fn, T);                                                                     \
    GR_APP_DEPENDENCY_(fn, fn##_dependency, , T, #T, ##__VA_ARGS__, .end_ = 0)
#define GR_DECLARE_APP_DEPENDENCY(fn, T)                                                                  \
    typedef T gr_value_of_##fn;                                                                           \
    typedef gr_app gr_owner_of_##fn;                                                                      \
    extern const gr_dependency fn##_dependency

/* GR_APP_VALUE(app, pool): a const T *, as gr_app_value() says. For tasks, hooks and tests. */
#define GR_APP_VALUE(app, fn)                                                                             \
    ((const gr_value_of_##fn *)gr_app_value(                                                              \
        GR_SAYS_(_Generic((gr_owner_of_##fn *)0, gr_app *: 1, default: 0),                                \
                 #fn " is made for each request: only an application dependency has a value of the application") \
            ? NULL : (app),                                                                               \
        &fn##_dependency))

/* gr_app_defer(app, fn, arg): async or blocking by fn's type. */
#define gr_app_defer(app, fn, arg)                                                                        \
    GR_BY_TYPE_(fn, gr_app_teardown_fn, gr_app_defer_blocking, gr_async_app_teardown_fn, gr_app_defer_async) \
    (GR_ONE_OF_(app, fn, gr_app_teardown_fn, gr_async_app_teardown_fn,                                    \
                #fn " is no teardown of an application: write void " #fn "(gr_app *app, void *arg), or the " \
                    "same with gr_co co first"),                                                          \
     (fn), (arg))

/* --- the pieces: as those of GR_DEPENDENCY --- */

#define GR_ASYNC_MAKE_(tag, T)    int (*)(gr_co, gr_app *, const struct tag *, T *)
#define GR_BLOCKING_MAKE_(tag, T) int (*)(gr_app *, const struct tag *, T *)
#define GR_ASYNC_MAKE_BARE_(T)    int (*)(gr_co, gr_app *, T *)
#define GR_BLOCKING_MAKE_BARE_(T) int (*)(gr_app *, T *)

/* The mistakes that have a sentence of their own. */
#define GR_MUTABLE_MAKES_(tag, T, code)                                                                   \
    int (*)(gr_co, gr_app *, struct tag *, T *): code, int (*)(gr_app *, struct tag *, T *): code
#define GR_SWAPPED_MAKES_(tag, T, code)                                                                   \
    int (*)(gr_app *, gr_co, T *): code, int (*)(gr_app *, gr_co, const struct tag *, T *): code,         \
    int (*)(gr_co, gr_app *, T *, const struct tag *): code, int (*)(gr_app *, T *, const struct tag *): code
#define GR_VOID_MAKES_(tag, T, code)                                                                      \
    void (*)(gr_co, gr_app *, const struct tag *, T *): code, void (*)(gr_app *, const struct tag *, T *): code, \
    void (*)(gr_co, gr_app *, T *): code, void (*)(gr_app *, T *): code
#define GR_REQUEST_MAKES_(tag, T, code)                                                                   \
    GR_ASYNC_NEED_(tag, T): code, GR_BLOCKING_NEED_(tag, T): code, GR_ASYNC_NEED_BARE_(T): code,          \
    GR_BLOCKING_NEED_BARE_(T): code
#define GR_MAKE_IS_(fn, T)                                                                                \
    "write int " fn "(gr_co co, gr_app *app, " T " *value) to await, or int " fn "(gr_app *app, " T       \
    " *value) to block; input that it declares is a parameter before the value, const struct " fn " *"

/* Never called: they stand in the branches that a function's type rules out. */
GR_UNUSED static inline int gr_never_async_make(gr_co co, gr_app *app, const void *in, void *value)
{
    (void)co, (void)app, (void)in, (void)value;
    return 0;
}
GR_UNUSED static inline int gr_never_blocking_make(gr_app *app, const void *in, void *value)
{
    (void)app, (void)in, (void)value;
    return 0;
}
GR_UNUSED static inline int gr_never_async_make_bare(gr_co co, gr_app *app, const void *value)
{
    (void)co, (void)app, (void)value;
    return 0;
}
GR_UNUSED static inline int gr_never_blocking_make_bare(gr_app *app, const void *value)
{
    (void)app, (void)value;
    return 0;
}

/* gr_value_of_FN, the type of the value; gr_owner_of_FN, whose it is; gr_need_shape_of_FN, which of the four shapes fn
 * has; gr_need_make_of_FN, a one-line thunk that calls it so; the table FN_dependency. */
#define GR_APP_DEPENDENCY_(fn, table, linkage, T, text, ...)                                          \
    struct fn;                                                                                        \
    typedef T gr_value_of_##fn;                                                                       \
    typedef gr_app gr_owner_of_##fn;                                                                  \
    static gr_model_fn *const gr_input_of_##fn;                                                       \
    enum {                                                                                            \
        gr_need_shape_of_##fn = _Generic(                                                             \
            fn, GR_ASYNC_MAKE_(fn, gr_value_of_##fn): 0, GR_BLOCKING_MAKE_(fn, gr_value_of_##fn): 1,  \
            GR_ASYNC_MAKE_BARE_(gr_value_of_##fn): 2, GR_BLOCKING_MAKE_BARE_(gr_value_of_##fn): 3,    \
            GR_MUTABLE_MAKES_(fn, gr_value_of_##fn, 4), GR_SWAPPED_MAKES_(fn, gr_value_of_##fn, 5),   \
            GR_VOID_MAKES_(fn, gr_value_of_##fn, 6), GR_REQUEST_MAKES_(fn, gr_value_of_##fn, 7), default: 8) \
    };                                                                                                \
    _Static_assert(GR_IS_(gr_need_shape_of_##fn != 4),                                                \
                   #fn " takes its input without const: write const struct " #fn " *");               \
    _Static_assert(GR_IS_(gr_need_shape_of_##fn != 5),                                                \
                   #fn " has its parameters in another order: " GR_MAKE_IS_(#fn, text));              \
    _Static_assert(GR_IS_(gr_need_shape_of_##fn != 6),                                                \
                   #fn " returns no int: 0, or what gr_app_fail() gave: " GR_MAKE_IS_(#fn, text));    \
    _Static_assert(GR_IS_(gr_need_shape_of_##fn != 7),                                                \
                   #fn " is of a request: it is a GR_DEPENDENCY, or " GR_MAKE_IS_(#fn, text));        \
    _Static_assert(GR_IS_(gr_need_shape_of_##fn != 8),                                                \
                   #fn " is no application dependency that gives " text ": " GR_MAKE_IS_(#fn, text));  \
    static int gr_need_make_of_##fn(gr_co gr_co_, gr_app *gr_app_, const void *gr_in_, void *gr_value_) \
    {                                                                                                 \
        switch (gr_need_shape_of_##fn) {                                                              \
        case 0:                                                                                       \
            return _Generic(fn, GR_ASYNC_MAKE_(fn, gr_value_of_##fn): fn,                             \
                            default: gr_never_async_make)(gr_co_, gr_app_, gr_in_, gr_value_);        \
        case 1:                                                                                       \
            return _Generic(fn, GR_BLOCKING_MAKE_(fn, gr_value_of_##fn): fn,                          \
                            default: gr_never_blocking_make)(gr_app_, gr_in_, gr_value_);             \
        case 2:                                                                                       \
            return _Generic(fn, GR_ASYNC_MAKE_BARE_(gr_value_of_##fn): fn,                            \
                            default: gr_never_async_make_bare)(gr_co_, gr_app_, gr_value_);           \
        default:                                                                                      \
            return _Generic(fn, GR_BLOCKING_MAKE_BARE_(gr_value_of_##fn): fn,                         \
                            default: gr_never_blocking_make_bare)(gr_app_, gr_value_);                \
        }                                                                                             \
    }                                                                                                 \
    linkage const gr_dependency table = {.size = sizeof(gr_dependency),                               \
                                         .name = #fn,                                                 \
                                         .kind = gr_need_shape_of_##fn % 2 ? GR_BLOCKING : GR_ASYNC,  \
                                         .owner = GR_OF_APP,                                          \
                                         .takes_input = gr_need_shape_of_##fn < 2,                    \
                                         .value_size = sizeof(gr_value_of_##fn),                      \
                                         .make = gr_need_make_of_##fn,                                \
                                         .input = &gr_input_of_##fn,                                  \
                                         .options = {__VA_ARGS__}}

#endif

#endif
