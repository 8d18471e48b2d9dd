/* The access log: one line for each request, however it ended; and what else there is to say of one that was not
 * answered to its end. docs/lifetimes.md says what each line holds. */
#ifndef GRI_HTTP_ACCESS_LOG_H
#define GRI_HTTP_ACCESS_LOG_H

#include "http/codec.h"
#include "http/http.h"
#include "http/transport.h"

/* How a request ended for its client. */
enum gri_end {
    GRI_ANSWERED_WHOLE, /* all of the reply was handed to the system */
    GRI_CLIENT_LEFT,
    GRI_CLIENT_SLOW, /* it took less than the least rate */
    GRI_STOPPED,     /* at the stop's deadline; an incomplete head at the stop */
    GRI_NO_MEMORY,
    GRI_WRITER_FAILED, /* of a streamed reply */
    GRI_WROTE_LESS,    /* than the length that was announced */
    GRI_WROTE_MORE,
    GRI_NO_REPLY /* its handler gave none, though nobody had cancelled it */
};

/* A request that is over. */
struct gri_access {
    const struct gri_peer *peer;
    const struct gri_head *head; /* NULL: it was not complete, or is none */
    struct gri_str raw;          /* then what came of it */
    const char *operation;       /* NULL: none, its head was not complete */
    const char *id;              /* of the request; NULL: none */
    int status;                  /* that was sent; 0: none */
    enum gri_end end;
    size_t bytes; /* sent: head, framing and body */
    int64_t ms;   /* since its head was complete, or had begun */
};

/* Its line in the access log, where there is one, and, where it ended otherwise than its client or its operation can
 * tell, a warning. Loop thread. */
GRI_COLD void gri_access_log(const struct gri_http *http, const struct gri_access *access);

/* For any other line about a request: GET /items/1, escaped, cut, and with a NUL. Returns text. Any thread, and signal
 * handlers. */
enum { GRI_REQUEST_TEXT = 256 };
const char *gri_request_text(char text[GRI_REQUEST_TEXT], const struct gri_head *head);

/* A connection that closed before the system had taken the end of replies that were handed over. */
GRI_COLD void gri_access_log_unsent(const struct gri_http *http, const struct gri_peer *peer, size_t bytes,
                                    enum gri_end end);

#endif
