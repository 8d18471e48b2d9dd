/* Griddle: an application: operations, middleware, options, state.
 *
 * Built on one thread before it is served; every string and table it is given is borrowed and must outlive it (they are
 * static, as a rule). Mistakes in what is declared are found when it starts, all together. */
#ifndef GRIDDLE_APP_H
#define GRIDDLE_APP_H

#include <griddle/limits.h>
#include <griddle/route.h>

GR_BEGIN_DECLS

typedef struct gr_app gr_app;

/* A new, empty application. `title` and `version` appear in --version and in the documentation,
 * whose rest gr_app_describe() gives (openapi.h). NULL: out of memory;
 * every function below accepts that NULL, so one check, in gr_main() or gr_server_start(), is enough. */
GR_API gr_app *gr_app_create(const char *title, const char *version);

/* Not while it is served. NULL is allowed. */
GR_API void gr_app_destroy(gr_app *app);

/* Adds operations; the first that matches a request serves it, in the order in which they were added. GR_ENOMEM,
 * GR_EINVAL (one of them is NULL), also reported at start. */
GR_API int gr_app_add_n(gr_app *app, const gr_route *const *routes, size_t n);

#ifndef __cplusplus
/* As in mistake.h: what is wrong is reported at the line that used a macro. */
#ifdef __GNUC__
#pragma GCC system_header
#endif

/* gr_app_add(app, &read_item_route, &create_item_route): gr_app_add_n() on a list written in place. */
#define gr_app_add(app, ...) \
    gr_app_add_n( \
        GR_ARE_ROUTES_(__VA_ARGS__, GR_NONE_, GR_NONE_, GR_NONE_, GR_NONE_, GR_NONE_, GR_NONE_, GR_NONE_, GR_NONE_, 0) \
            ? NULL \
            : (app), \
        (const gr_route *const[]){__VA_ARGS__}, \
        sizeof((const gr_route *const[]){__VA_ARGS__}) / sizeof(const gr_route *))

/* 0; the first eight have a sentence where they are no routes, and a compiler's warning all of them. */
#define GR_ARE_ROUTES_(a, b, c, d, e, f, g, h, ...) \
    (0 * sizeof(struct { \
         GR_IS_ROUTE_(a); \
         GR_IS_ROUTE_(b); \
         GR_IS_ROUTE_(c); \
         GR_IS_ROUTE_(d); \
         GR_IS_ROUTE_(e); \
         GR_IS_ROUTE_(f); \
         GR_IS_ROUTE_(g); \
         GR_IS_ROUTE_(h); \
         char gr_says_; \
     }))
#define GR_IS_ROUTE_(r) \
    _Static_assert(_Generic((r), const gr_route * : 1, gr_route * : 1, default : 0), \
                   #r " is no address of a route: of a handler f it is &f_route")
#define GR_NONE_ ((const gr_route *)0)
#endif

/* What the application was told, as it was given, or the default: borrowed. Title and version are never NULL; a URL is
 * NULL where it was told to serve nothing. For tools, and for operations that are made of the application. */
GR_API const char *gr_app_title(const gr_app *app);
GR_API const char *gr_app_version(const gr_app *app);
GR_API const char *gr_app_docs_url(const gr_app *app);
GR_API const char *gr_app_redoc_url(const gr_app *app);
GR_API const char *gr_app_openapi_url(const gr_app *app);

/* The i-th operation that gr_app_add() added, borrowed; NULL: there is no i-th. */
GR_API const gr_route *gr_app_route(const gr_app *app, size_t i);

/* The application's own data: gr_state(req) in every handler. Borrowed. */
GR_API int gr_app_set_state(gr_app *app, void *state);

/* Whether a path that leads nowhere, but would with a slash more or less at its end, is answered by 307 to that, as in
 * FastAPI: on, unless this says otherwise; off, it is 404. The Location is relative to the path ("./items/?q=1",
 * "../items?q=1"; RFC 3986 section 5.2), so proxies, TLS and prefixes in front do not matter. A path with "//" or a
 * backslash, also encoded, is 404 in any case: it might lead to another host. */
GR_API int gr_app_set_redirect_slashes(gr_app *app, bool on);

/* Whether a JSON body has to say that it is one, by a Content-Type of application/json or +json, as in FastAPI: on,
 * unless this says otherwise. Off, a body without a Content-Type is read as JSON, as by FastAPI's
 * strict_content_type=False; one of another type never is, and is a text. On is what keeps a page of another site from
 * sending JSON unasked, which a browser lets it do without a type. */
GR_API int gr_app_set_strict_content_type(gr_app *app, bool on);

/* The application's limits, instead of the defaults of gr_limits_init(); the command line may change them again.
 * Copied. GR_EINVAL, also reported at start: `size` is none that it can have (see base.h). */
GR_API int gr_app_set_limits(gr_app *app, const gr_limits *limits);

/* Where the pages of the documentation are: Swagger UI, at "/docs" unless moved, and ReDoc, at "/redoc"; NULL: nowhere.
 * What a page loads comes from URL/static/, and Swagger UI's window for OAuth2 ends at URL/oauth2-redirect: hidden
 * operations, found before the application's own, save that a GET operation of the same path takes the place of one,
 * and of the whole page where it has the page's. Nothing comes from another host, and Swagger UI cannot call one. There
 * are none without the document that they show, nor in a library built without docs_ui.
 *
 * `url` begins with '/' and needs no escape; borrowed. 0, or GR_EINVAL, also reported at start. */
GR_API int gr_app_set_docs_url(gr_app *app, const char *url);
GR_API int gr_app_set_redoc_url(gr_app *app, const char *url);

/* An option of the application's own on gr_main()'s command line. `name` is "--db FILE", or "--db" alone: both "--db x"
 * and "--db=x" set *value to "x", which lives as long as argv; FILE and `doc` are its line in --help. *value is left
 * alone where the option is not given. GR_EEXIST: the application has it already. Mistakes, and a name
 * that is gr_main()'s own, are also reported at start. */
GR_API int gr_option(gr_app *app, const char *name, const char **value, const char *doc);

/* Hooks: called before the first connection is accepted, and after the last request has ended, one after the other on
 * the loop's thread, each with what gr_app_set_state() was given before. A hook without gr_co may block: nothing else
 * goes on then. One with it is a coroutine, and awaits (a client's connection, gr_offload()); what it spawned has ended
 * when it has.
 *
 * Start hooks run in the order in which they were added. One that returns other than 0 ends the start with that code,
 * and is logged under its name with the text of gr_app_fail(); stop hooks that were added before it run then, in
 * reverse, as all of them do when the server stops. A stop that is asked for meanwhile (gr_main()'s signals) cancels an
 * async start hook, and is no failure. Async stop hooks have until the stop's deadline, which cancels them; those that
 * are left then begin cancelled. `name` is borrowed. GR_ENOMEM. */
typedef int gr_start_fn(gr_app *app, void *state);
typedef int gr_async_start_fn(gr_co co, gr_app *app, void *state);
typedef void gr_stop_fn(gr_app *app, void *state);
typedef void gr_async_stop_fn(gr_co co, gr_app *app, void *state);
GR_API int gr_app_on_start_blocking(gr_app *app, const char *name, gr_start_fn *fn);
GR_API int gr_app_on_start_async(gr_app *app, const char *name, gr_async_start_fn *fn);
GR_API int gr_app_on_stop_blocking(gr_app *app, const char *name, gr_stop_fn *fn);
GR_API int gr_app_on_stop_async(gr_app *app, const char *name, gr_async_stop_fn *fn);

/* A pair without names, either of which may be NULL: `stop` runs where `start` has returned 0. */
GR_API int gr_app_on(gr_app *app, gr_start_fn *start, gr_stop_fn *stop);

/* Says why a start hook fails: return gr_app_fail(app, "no connection to %s", host). The log, and so the program's last
 * words, are: start hook "connect" failed: no connection to db.example. The first text of a start counts; at most 511
 * bytes. The loop's thread. Returns GR_EIO, or GR_ENOMEM where `app` is NULL. */
GR_API int gr_app_fail(gr_app *app, const char *fmt, ...) GR_PRINTF(2, 3);

#ifndef __cplusplus
/* gr_app_on_start(app, fn), gr_app_on_stop(app, fn): async or blocking by fn's type, under fn's name. */
#define gr_app_on_start(app, fn) \
    GR_BY_TYPE_(fn, gr_start_fn, gr_app_on_start_blocking, gr_async_start_fn, gr_app_on_start_async) \
    (GR_ONE_OF_(app, fn, gr_start_fn, gr_async_start_fn, \
                #fn " is no start hook: write int " #fn \
                    "(gr_app *app, void *state), or the same with gr_co co first"), \
     #fn, (fn))
#define gr_app_on_stop(app, fn) \
    GR_BY_TYPE_(fn, gr_stop_fn, gr_app_on_stop_blocking, gr_async_stop_fn, gr_app_on_stop_async) \
    (GR_ONE_OF_(app, fn, gr_stop_fn, gr_async_stop_fn, \
                #fn " is no stop hook: write void " #fn \
                    "(gr_app *app, void *state), or the same with gr_co co first"), \
     #fn, (fn))
#endif

GR_END_DECLS

#endif
