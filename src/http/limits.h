/* What one client may cost. Every default is finite. */
#ifndef GRI_HTTP_LIMITS_H
#define GRI_HTTP_LIMITS_H

#include <stddef.h>
#include <stdint.h>

struct gri_limits {
    size_t uri_bytes;       /* 414 beyond */
    size_t head_bytes;      /* request line and fields together: 431 */
    unsigned fields;        /* 431 */
    size_t extension_bytes; /* chunk extensions of one body: 400 */
    size_t trailer_bytes;   /* 400 */
    size_t backlog_bytes;  /* input that waits for its turn, and output that waits for the client: then reading stops */
    size_t drain_bytes;    /* an unread body up to this is skipped to keep the connection; beyond it is closed */
    int64_t head_ms;       /* from the first byte of a request to the end of its head: 408 */
    int64_t body_ms;       /* without a byte of a body that is waited for: 408 */
    int64_t keep_alive_ms; /* idle between requests: closed */
    int64_t write_ms;      /* without a byte taken by the client: reset */
    int64_t linger_ms;     /* after the last reply, for the client to read it before the connection closes */
};

#define GRI_LIMITS_DEFAULT \
    { \
        .uri_bytes = 8192, .head_bytes = 16384, .fields = 100, .extension_bytes = 4096, .trailer_bytes = 8192, \
        .backlog_bytes = 65536, .drain_bytes = 65536, .head_ms = 10000, .body_ms = 10000, .keep_alive_ms = 5000, \
        .write_ms = 30000, .linger_ms = 2000 \
    }

#endif
