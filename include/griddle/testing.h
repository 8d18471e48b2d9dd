/* Griddle: testing an application in process: no sockets, no ports, and the clock in the test's hand.
 *
 *     gr_test *test = gr_test_create(app);
 *     gr_answer *answer = gr_test_get(test, "/hello?delay_ms=100");
 *     assert(gr_answer_status(answer) == 200);
 *     gr_answer_free(answer);
 *     gr_test_destroy(test);
 *
 * Everything runs on the calling thread, except blocking handlers, which run on the pool as ever. Time is virtual: it
 * stands still but for gr_test_advance(), and for the simple calls (gr_test_get() and its like), which let it jump from
 * one timer to the next until the answer is there. So a handler that sleeps for an hour is tested in microseconds, and
 * every duration it measures is exact.
 *
 * No call goes on for ever, whatever the application does: gr_test_patience. */
#ifndef GRIDDLE_TESTING_H
#define GRIDDLE_TESTING_H

#include <griddle/app.h>

GR_BEGIN_DECLS

typedef struct gr_test gr_test;
typedef struct gr_test_conn gr_test_conn;
typedef struct gr_answer gr_answer;

/* A server for `app` (borrowed) in memory; start hooks have run. NULL: a mistake in the application (logged to standard
 * error) or out of memory. */
GR_API gr_test *gr_test_create(gr_app *app);

/* Stops it as a server stops; aborts, naming them, where coroutines cannot be brought to their end. Stop hooks run.
 * NULL is allowed. */
GR_API void gr_test_destroy(gr_test *test);

/* How long the calls below wait. All zero is the default; set `size` to sizeof(gr_test_patience). */
typedef struct gr_test_patience {
    size_t size;
    int64_t virtual_ms; /* that a simple call lets pass without an answer; 0: a day */
    size_t timers;      /* stops on the way that one call makes: a task of gr_every() fires for ever; 0: 1,000,000 */
    int64_t real_ms;    /* until a blocking function, a file or a child comes back; 0: 60,000; below 0: for ever */
} gr_test_patience;

/* Beyond `virtual_ms` or `timers` a simple call returns NULL, and says on standard error what every coroutine waits
 * for. Where a void call cannot go on (gr_test_advance() beyond `timers`, any beyond `real_ms`) it says so and aborts.
 * NULL: the defaults. GR_EINVAL: `size`. */
GR_API int gr_test_set_patience(gr_test *test, const gr_test_patience *patience);

/* What a request has beside its method and target. All zero: nothing. */
typedef struct gr_test_options {
    size_t size;                /* sizeof(gr_test_options), so that later versions can add members */
    const char *const *headers; /* names and values in turn, ended by NULL */
    const void *body;           /* `len` bytes, as they are */
    size_t len;
    const char *json;         /* or JSON, as application/json */
    const char *const *form;  /* or a form: names and values in turn, ended by NULL, that are encoded */
    const char *const *query; /* the same, for the target's query */
    int follow_redirects;     /* most redirects that are followed; 0: none is */
    char end_;
} gr_test_options;

/* One request on a connection of its own; NULL where none was answered: the connection closed, nothing was left that
 * could happen, or the test's patience ended. Host, Content-Length and Content-Type where there is a body, the headers
 * of gr_test_set_header() and the cookies that are meant are added unless given. Owned by the caller: gr_answer_free().
 *
 * Redirects (301, 302, 303, 307, 308 with a Location, RFC 9110 section 15.4) are followed as a browser follows them:
 * 303, and 301 and 302 of a POST, become a GET without the body and its headers; 307 and 308 keep both. Whatever host a
 * Location names, the application is asked, with that as its Host; Authorization goes to the first host only. One more
 * than `follow_redirects` is NULL, and so is one to another scheme; standard error says so. */
GR_API gr_answer *gr_test_call_with(gr_test *test, const char *method, const char *target,
                                    const gr_test_options *options);

#ifndef __cplusplus
/* As in mistake.h: what is wrong is reported at the line that used a macro. */
#ifdef __GNUC__
#pragma GCC system_header
#endif

/* gr_test_call(test, "POST", "/login", .form = GR_NAMES("user", "rick"), .follow_redirects = 5) */
#define gr_test_call(test, method, target, ...) \
    gr_test_call_with((test), (method), (target), \
                      &(const gr_test_options){.size = sizeof(gr_test_options), ##__VA_ARGS__, .end_ = 0})
#endif

/* The short forms. */
GR_API gr_answer *gr_test_request(gr_test *test, const char *method, const char *target, const char *const *headers,
                                  const void *body, size_t len);
GR_API gr_answer *gr_test_get(gr_test *test, const char *target);
GR_API gr_answer *gr_test_post_json(gr_test *test, const char *target, const char *json);

/* --- what the client keeps, as a browser would ---
 *
 * For the calls above, which are one client; raw connections are not. */

/* A header of each request from now on, in place of one of that name; NULL for `value`: no more. What a request says
 * itself counts. Copied. GR_ENOMEM. */
GR_API int gr_test_set_header(gr_test *test, const char *name, const char *value);

/* What stands before each target: "https://shop.example/api". The host is the Host, "testserver" unless set; the path
 * stands before targets that begin with '/'. With https: cookies that are Secure are kept and sent: the application
 * sees no difference. Copied. GR_EINVAL: no http: or https: URL; GR_ENOMEM. */
GR_API int gr_test_set_base_url(gr_test *test, const char *url);

/* The cookies that answers set are kept and sent by RFC 6265bis: Domain, Path, Max-Age, Expires (on the test's clock,
 * so gr_test_advance() outlives them), Secure, deletion, the prefixes __Host- and __Secure-; HttpOnly and SameSite have
 * no meaning without scripts and other sites. A request that has a Cookie of its own gets no other. The value of the
 * newest one of that name, or NULL; borrowed until the next request. */
GR_API const char *gr_test_cookie(gr_test *test, const char *name);

/* Sets one for the base URL's host, all paths, until the end. Copied. GR_ENOMEM. */
GR_API int gr_test_set_cookie(gr_test *test, const char *name, const char *value);
GR_API void gr_test_clear_cookies(gr_test *test);

GR_API void gr_answer_free(gr_answer *answer); /* NULL is allowed */
GR_API int gr_answer_status(const gr_answer *answer);
GR_API const char *gr_answer_header(const gr_answer *answer, const char *name); /* the first; NULL: absent */
GR_API const char *gr_answer_target(const gr_answer *answer); /* of the request, the last one; "" of a connection's */
GR_API const char *gr_answer_body(const gr_answer *answer, size_t *len); /* NUL-terminated; len may be NULL */
GR_API json_t *gr_answer_json(gr_answer *answer);                        /* borrowed; NULL: it is no JSON */

/* A connection to write raw bytes to. Owned by the caller. */
GR_API gr_test_conn *gr_test_connect(gr_test *test);
GR_API void gr_test_conn_destroy(gr_test_conn *conn); /* a reset, where it is open; before gr_test_destroy() */
GR_API void gr_test_send(gr_test_conn *conn, const void *data, size_t n); /* the server reacts before it returns */
GR_API void gr_test_send_fin(gr_test_conn *conn);                         /* half-close: no more bytes will come */
GR_API void gr_test_reset(gr_test_conn *conn);                            /* RST */

/* Bytes that the client takes from now on: a slow reader opens the window bit by bit. SIZE_MAX: all, the default. */
GR_API void gr_test_set_window(gr_test_conn *conn, size_t bytes);

/* What the server has sent so far, NUL-terminated; borrowed until the next call on the connection. */
GR_API const char *gr_test_received(gr_test_conn *conn, size_t *len);

/* The same, and forgotten then: for streams that are too large to keep. */
GR_API const char *gr_test_take(gr_test_conn *conn, size_t *len);

/* Whether the server has closed its side. */
GR_API bool gr_test_closed(const gr_test_conn *conn);

/* The next complete answer, removed from what was received; one without a length, as a stream to HTTP/1.0 has none, is
 * complete when the server has closed. `to_head`: it answers a HEAD request. NULL: there is none yet. Owned by the
 * caller. */
GR_API gr_answer *gr_test_next_answer(gr_test_conn *conn, bool to_head);

/* Lets `ms` milliseconds pass (below 0: none), stopping at each timer on the way; blocking functions that run are
 * waited for first. */
GR_API void gr_test_advance(gr_test *test, int64_t ms);
GR_API int64_t gr_test_now_ms(const gr_test *test);

/* Live coroutines: those of requests, and of the tasks of gr_app_add_task(); without these 0 once all requests have
 * ended. */
GR_API size_t gr_test_coroutines(const gr_test *test);

GR_END_DECLS

#endif
