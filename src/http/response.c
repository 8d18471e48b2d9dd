#include "http/response.h"

#include "http/http.h"
#include "http/status.h"

/* A head is measured first, then written without a look at the room that is left. */
enum { OK_BYTES = sizeof GRI_STATUS_LINE_OK - 1, SERVER_BYTES = sizeof GRI_SERVER_LINE - 1, MOST_FIXED = 256 };

static size_t measure(const struct gri_response *response, struct gri_str beginning)
{
    size_t n = MOST_FIXED + beginning.len + response->content_type.len + response->server.len;
    for (const struct gri_header_line *h = response->headers; h; h = h->next)
        n += h->name.len + h->value.len + 4;
    return n;
}

static inline char *response_append(char *at, struct gri_str s)
{
    if (s.len) /* an empty one may be NULL */
        memcpy(at, s.at, s.len);
    return at + s.len;
}

static char *put_status_line(char *at, int status)
{
    at = gri_put_digits(response_append(at, GRI_STR("HTTP/1.1 ")), (uint64_t)status);
    at = response_append(response_append(at, GRI_STR(" ")), gri_str_from(gri_status_phrase(status)));
    return response_append(at, GRI_STR("\r\n"));
}

static char *put_server(char *at, struct gri_str server)
{
    if (server.len == 0)
        return at;
    return response_append(response_append(response_append(at, GRI_STR("server: ")), server), GRI_STR("\r\n"));
}

static char *put_beginning(char *at, struct gri_str beginning, const struct gri_response *response)
{
    if (response->status == 200 && !response->server.at)
        return response_append(at, beginning);
    at = put_status_line(at, response->status);
    size_t skipped = OK_BYTES;
    if (response->server.at) {
        at = put_server(at, response->server);
        skipped += SERVER_BYTES;
    }
    return response_append(at, (struct gri_str){beginning.at + skipped, beginning.len - skipped});
}

static char *put_content_type(char *at, struct gri_str type)
{
    return response_append(response_append(response_append(at, GRI_STR("content-type: ")), type), GRI_STR("\r\n"));
}

static char *put_framing(char *at, const struct gri_response *response, unsigned minor)
{
    if (response->streamed && !response->sized)
        return minor > 0 ? response_append(at, GRI_STR("transfer-encoding: chunked\r\n")) : at;
    at = gri_put_digits(response_append(at, GRI_STR("content-length: ")),
                        response->sized ? response->length : response->body.len);
    return response_append(at, GRI_STR("\r\n"));
}

static char *put_headers(char *at, const struct gri_header_line *h)
{
    for (; h; h = h->next)
        at = response_append(response_append(response_append(response_append(at, h->name), GRI_STR(": ")), h->value),
                             GRI_STR("\r\n"));
    return at;
}

/* HTTP/1.1 keeps a connection unless told otherwise, HTTP/1.0 the other way round (RFC 9112 section 9.3). */
static char *put_persistence(char *at, unsigned minor, bool keep_alive)
{
    if (!keep_alive)
        return response_append(at, GRI_STR("connection: close\r\n"));
    return minor == 0 ? response_append(at, GRI_STR("connection: keep-alive\r\n")) : at;
}

void gri_response_put_head(struct gri_buf *out, struct gri_http *http, const struct gri_response *response,
                           unsigned minor, bool keep_alive)
{
    struct gri_str beginning = gri_http_head(http);
    if (!gri_buf_reserve(out, measure(response, beginning)))
        return;
    char *at = put_beginning(out->data + out->len, beginning, response);
    if (response->content_type.len)
        at = put_content_type(at, response->content_type);
    if (gri_status_has_body(response->status))
        at = put_framing(at, response, minor);
    at = put_persistence(put_headers(at, response->headers), minor, keep_alive);
    out->len = (size_t)(response_append(at, GRI_STR("\r\n")) - out->data);
}
