/* Griddle: what one client may cost. Every default is finite; docs/limits.md lists them with what a client sees beyond
 * each. Set for an application by gr_app_set_limits(), by gr_main()'s command line, and some for an operation in its
 * route's options. */
#ifndef GRIDDLE_LIMITS_H
#define GRIDDLE_LIMITS_H

#include <griddle/base.h>

GR_BEGIN_DECLS

typedef struct gr_limits {
    size_t size;                /* sizeof(gr_limits) */
    size_t uri_bytes;           /* of a request's target: 414 beyond */
    size_t head_bytes;          /* request line and fields together, 8,192 of a longer target counted: 431 */
    size_t fields;              /* 431 */
    size_t body_bytes;          /* of an operation without a limit of its own: 413, before it is read. JSON has one
                                 * value for each eight of them at most, and one json_t for each twelve: 422 */
    size_t extension_bytes;     /* chunk extensions of one body: 400 */
    size_t trailer_bytes;       /* fields behind a chunked body: 400 */
    size_t input_bytes;         /* received and not wanted yet, pipelined requests among it: beyond it reading pauses */
    size_t drain_bytes;         /* an unread body up to this is skipped to keep the connection; else it is closed */
    size_t connections;         /* of the process: more wait unaccepted; never more than descriptors, less a reserve */
    size_t address_connections; /* of one client address: more are closed at once */
    size_t zombies;             /* handlers that run on after their deadline or client: beyond it requests get 503 */
    int64_t head_ms;            /* from the first byte of a request to the end of its head: 408 */
    int64_t body_ms;            /* without a byte of a body that is waited for: 408 */
    int64_t keep_alive_ms;      /* idle between two requests: closed */
    int64_t write_ms;           /* without the client taking a byte of a reply: reset */
    size_t least_rate;   /* bytes a second of a body or a reply, on average, beyond body_ms and write_ms: as these */
    int64_t linger_ms;   /* a connection that ends closes when its client has sent nothing more for so long, or FIN */
    int64_t handler_ms;  /* from the complete head to the reply: 504; 0: none */
    size_t linger_bytes; /* sent to a connection that ends, and discarded: reset beyond */
    int64_t linger_most_ms; /* how long it is discarded at most: reset beyond */

    /* That the patterns of members may take to be matched with the texts of one request: 422 of the type
     * "string_pattern_limit", and a line in the log that names the member; 0: none. A step is one item of a regular
     * expression tried at one place, or eight bytes that an item ran over: a thousand take about 20 microseconds. So
     * an expression that takes long where a client wants it to (`^([a-z]+)+$`) costs no more than this. Texts of a
     * reply may take as many, beyond what one pass over each takes: 500 */
    size_t pattern_steps;
} gr_limits;

/* The defaults. Any thread. */
GR_API void gr_limits_init(gr_limits *limits);

GR_END_DECLS

#endif
