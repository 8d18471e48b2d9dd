/* Griddle: an HTTP client whose requests a coroutine awaits, on libcurl.
 *
 * A library of its own, griddle-fetch (pkg-config griddle-fetch); not part of griddle.h.
 *
 *     gr_response response;
 *     int rc = gr_fetch(co, client, GR_FETCH(.url = "https://example.com/"), &response);
 *     if (rc == 0)
 *         puts(response.body);
 *     gr_response_finish(&response);
 *
 * What libcurl does, it does here: HTTP/1.1, HTTP/2 over TLS, connections that are used again, proxies by the
 * environment (http_proxy, https_proxy, no_proxy, all_proxy), IPv6. Only http and https are spoken, in redirects too.
 * Certificates are verified. No cookies are kept, no .netrc is read. Names are looked up by gr_lookup()
 * (griddle/net.h), so that one that is given up leaves no thread behind; a client keeps an address for a minute.
 *
 * Results: 0 whenever there is a complete answer, whatever its status; else a negative code, and the reason in words in
 * response->error:
 *
 *   GR_EINVAL       a request that cannot be sent: its URL, method, a header field
 *   GR_ETIMEDOUT    the deadline of `co`, the request's timeout, or the one for connecting
 *   GR_ECANCELED    the task was cancelled; as with the deadline, nothing of the request is left
 *   GR_EMSGSIZE     a body, or a head, above its limit
 *   GR_ENOMEM       out of memory
 *   -EHOSTUNREACH   the host's, or the proxy's, name has no address
 *   GR_EAGAIN       the name servers do not answer
 *   -ECONNREFUSED   nobody listens; other codes of connect() as the system gave them
 *   -ECONNRESET     the server closed the connection before the answer was complete
 *   -EACCES         the server's certificate was not accepted
 *   -ELOOP          more redirects than allowed
 *   -EPROTO         what came is not HTTP, or not TLS
 *   GR_EIO          anything else
 *
 * In a test by griddle/testing.h, whose time is virtual and which waits for no socket, a request is late at once: test
 * a handler that fetches with gr_server_start() on port 0.
 *
 * Of the program, as of every one with sockets, SIGPIPE is to be ignored; gr_main() sees to it. */
#ifndef GRIDDLE_FETCH_H
#define GRIDDLE_FETCH_H

#include <griddle/co.h>
#include <jansson.h>

GR_BEGIN_DECLS

/* --- the client --- */

/* What a client's requests share. All zero is the default; set `size` to sizeof(gr_client_options). Strings are
 * borrowed for the call of gr_client_create(). */
typedef struct gr_client_options {
    size_t size;
    unsigned connections;       /* at once; further requests wait their turn, within their timeout; 0: no limit */
    unsigned host_connections;  /* the same, for each host and port; 0: no limit */
    unsigned idle_connections;  /* kept to be used again, at most; 0: 100 */
    int64_t timeout_ms;         /* of a request that has none of its own; 0: 30,000; below 0: none */
    int64_t connect_timeout_ms; /* for name, connection and TLS together; 0: 10,000 */
    size_t max_body_bytes;      /* bytes of a body that gr_fetch() collects; 0: 16 MiB */
    const char *ca_file;        /* certificates to trust instead of the system's, PEM */
    const char *proxy;          /* for all requests, instead of the environment's; "": none */
    const char *user_agent;     /* NULL: "griddle/VERSION" */
} gr_client_options;

/* Connections, to be used by many requests, one after the other and at the same time. */
typedef struct gr_client gr_client;

/* A new client. Needs no loop: it belongs to the one of the coroutine that first uses it, and from then on to no other
 * (GR_EINVAL). So a start hook of the application creates it, handlers use it, and the stop hook destroys it:
 *
 *     static int start(gr_app *app, void *state)
 *     {
 *         (void)app;
 *         return gr_client_create(&((struct shop *)state)->client, NULL);
 *     }
 *
 * options NULL: all defaults. GR_EINVAL: `size`; GR_ENOMEM; GR_EIO: libcurl does not start. Any thread. */
GR_API GR_MUST_USE int gr_client_create(gr_client **client, const gr_client_options *options);

/* Closes its connections, at once; its memory goes in the loop's next turn, without anybody waiting for it. No request
 * of it may be under way and no stream be open: it aborts. NULL is allowed. The thread of the loop that used it. */
GR_API void gr_client_destroy(gr_client *client);

/* --- a request --- */

/* The next piece of a body that is sent: *data, borrowed until the next call; *len 0: that was all. Called in the
 * coroutine that fetches, and may await, so gr_read() does for a body that is passed on. Any result but 0
 * ends the request, and becomes its own. */
typedef int gr_fetch_pull_fn(gr_co co, void *arg, const char **data, size_t *len);

/* A request. All but `size` and `url` may be zero. Everything is borrowed for the call; with gr_fetch_open(), `body`
 * and `pull_arg` until gr_fetch_close(). */
typedef struct gr_fetch_request {
    size_t size;                /* sizeof(gr_fetch_request): GR_FETCH() sets it */
    const char *url;            /* absolute, "http://..." or "https://...", percent-encoded */
    const char *method;         /* NULL: "GET", or "POST" where there is a body */
    const char *const *headers; /* names and values in turn, ended by NULL. A name that is no token, a value with CR,
                                   LF or another control byte, Content-Length, Transfer-Encoding: GR_EINVAL */
    const void *body;           /* body_len bytes */
    size_t body_len;
    gr_fetch_pull_fn *pull; /* instead of `body`; its length may be in body_len, else (0) it is sent in chunks. It can
                               be sent only once: where a redirect wants it again, the request ends with -EPIPE */
    void *pull_arg;
    int64_t timeout_ms;    /* for all of gr_fetch(), for gr_fetch_open(), for each gr_fetch_read(); 0: the client's;
                              below 0: none. The deadline of `co` counts beside it */
    size_t max_body_bytes; /* 0: the client's. What gr_fetch_read() gives is not limited */
    int max_redirects;     /* followed, at most; 0: none, a 3xx is an answer like any other. 303 changes to GET, 301 and
                              302 change a POST to GET, which leaves the fields of its body out; Authorization, Cookie,
                              Proxy-Authorization and Host go to no other origin (scheme, host, port), nor back */
} gr_fetch_request;

#ifndef __cplusplus
/* GR_FETCH(.url = "...", .method = "PUT"): a pointer to such a request, written in place. */
#define GR_FETCH(...) (&(const gr_fetch_request){.size = sizeof(gr_fetch_request), __VA_ARGS__})
#endif

/* --- the answer --- */

struct gr_response_head;

/* Owned by the caller: gr_response_finish(). */
typedef struct gr_response {
    int status;       /* of the last answer where redirects were followed; 0: there was none */
    const char *body; /* NUL-terminated; never NULL after 0 */
    size_t body_len;
    const char *url; /* that answered, after redirects */
    char error[256]; /* where the result is not 0: why, in English; "" else */
    struct gr_response_head *head;
} gr_response;

/* A header field's value by its name, in any case; repeated fields: the first. NULL: absent. Borrowed from the
 * response.
 */
GR_API const char *gr_response_header(const gr_response *response, const char *name);

/* The i-th header field, as it came. False: there is no i-th. */
GR_API bool gr_response_header_at(const gr_response *response, size_t i, const char **name, const char **value);

/* The body as JSON, at most 64 levels deep. *value is a new reference, NULL where the body is empty. -EPROTO: it is no
 * JSON; GR_ENOMEM. */
GR_API GR_MUST_USE int gr_response_json(const gr_response *response, json_t **value);

/* Frees what the response holds and clears it. After a failure there is nothing to free, and it does no harm. */
GR_API void gr_response_finish(gr_response *response);

/* --- fetching --- */

/* Sends a request and waits for the complete answer. *response is filled in any case. With `client` NULL the request
 * has a client, and a connection, of its own. */
GR_API GR_MUST_USE int gr_fetch(gr_co co, gr_client *client, const gr_fetch_request *request, gr_response *response);

/* JSON to `url`, and JSON from it. `body` is stolen, also on failure; NULL: none, which for POST, PUT and PATCH is
 * GR_EINVAL, since json_pack() returns it on a mistake. *answer is a new reference, or NULL where the answer has no
 * body; in case of failure too.
 *
 * 0: a status of 200 to 299. Above 0: another status, and *answer is its JSON, or NULL where it is none; it is no
 * answer that gr_fail() recorded, so nothing to return to gr_failed(). Below 0: as gr_fetch(), and -EPROTO: no JSON. */
GR_API GR_MUST_USE int gr_fetch_json(gr_co co, gr_client *client, const char *method, const char *url, json_t *body,
                                     json_t **answer);

/* An answer whose body is read piece by piece, in constant memory: what is not read is not received (back-pressure). */
typedef struct gr_fetch_stream gr_fetch_stream;

/* Sends a request and waits for the head of the answer. `response` gets it, without a body, and must live until
 * gr_fetch_close(); it is the caller's to finish. *stream is the caller's to close, before the client is destroyed;
 * NULL on failure. */
GR_API GR_MUST_USE int gr_fetch_open(gr_co co, gr_client *client, const gr_fetch_request *request,
                                     gr_response *response, gr_fetch_stream **stream);

/* The next piece of the body: *data is borrowed until the next call for this stream; *len is 0 at the end. On failure
 * response->error says why, and only gr_fetch_close() is left. Any coroutine of the loop, one at a time. */
GR_API GR_MUST_USE int gr_fetch_read(gr_co co, gr_fetch_stream *stream, const char **data, size_t *len);

/* Ends it, at once; a connection whose answer was not read to its end is closed. NULL is allowed. The loop's thread. */
GR_API void gr_fetch_close(gr_fetch_stream *stream);

GR_END_DECLS

#endif
