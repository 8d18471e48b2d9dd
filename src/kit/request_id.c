#include <griddle/middleware.h>

#include <string.h>
#include <sys/random.h>

enum { MAX_LEN = 128, RANDOM_BYTES = 16 };

/* What a client sends goes into logs and a header, so it must be short and visible. */
static bool is_usable(const char *id)
{
    size_t len = id ? strlen(id) : 0;
    if (len == 0 || len > MAX_LEN)
        return false;
    for (const char *p = id; *p; p++)
        if (*p <= ' ' || *p > '~')
            return false;
    return true;
}

static const char *make_id(gr_req *req)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char bytes[RANDOM_BYTES];
    char *id = gr_alloc(req, 2 * RANDOM_BYTES + 1);
    if (!id || getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return NULL;
    for (int i = 0; i < RANDOM_BYTES; i++) {
        id[2 * i] = hex[bytes[i] >> 4];
        id[2 * i + 1] = hex[bytes[i] & 15];
    }
    return id;
}

gr_reply gr_request_id_middleware(gr_co co, gr_req *req, gr_next *next)
{
    const char *sent = gr_header(req, "X-Request-ID");
    const char *id = is_usable(sent) ? sent : make_id(req);
    gr_set_request_id(req, id);
    gr_reply reply = gr_call_next(co, req, next);
    return id ? gr_set_header(reply, "x-request-id", id) : reply;
}
