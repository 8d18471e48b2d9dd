#include "http/response.h"

#include "http/http.h"
#include "http/status.h"

static void put_status_line(struct gri_buf *out, int status)
{
    gri_buf_put(out, "HTTP/1.1 ", 9);
    gri_buf_put_u64(out, (uint64_t)status);
    gri_buf_putc(out, ' ');
    gri_buf_puts(out, gri_status_phrase(status));
    gri_buf_put(out, "\r\n", 2);
}

static void put_beginning(struct gri_buf *out, struct gri_http *http, int status)
{
    enum { OK = sizeof GRI_STATUS_LINE_OK - 1 };
    struct gri_str head = gri_http_head(http);
    if (status != 200) {
        put_status_line(out, status);
        head = (struct gri_str){head.at + OK, head.len - OK};
    }
    gri_buf_put(out, head.at, head.len);
}

static char *append(char *at, struct gri_str s)
{
    if (s.len) /* an empty one may be NULL */
        memcpy(at, s.at, s.len);
    return at + s.len;
}

static void put_line(struct gri_buf *out, struct gri_str name, struct gri_str value)
{
    size_t n = name.len + value.len + 4;
    if (!gri_buf_reserve(out, n))
        return;
    char *at = append(append(append(out->data + out->len, name), GRI_STR(": ")), value);
    append(at, GRI_STR("\r\n"));
    out->len += n;
}

static void put_length(struct gri_buf *out, size_t len)
{
    gri_buf_put(out, "content-length: ", 16);
    gri_buf_put_u64(out, len);
    gri_buf_put(out, "\r\n", 2);
}

/* HTTP/1.1 keeps a connection unless told otherwise, HTTP/1.0 the other way round (RFC 9112 section 9.3). */
static void put_persistence(struct gri_buf *out, unsigned minor, bool keep_alive)
{
    if (!keep_alive)
        gri_buf_puts(out, "connection: close\r\n");
    else if (minor == 0)
        gri_buf_puts(out, "connection: keep-alive\r\n");
}

static void put_framing(struct gri_buf *out, const struct gri_response *response, unsigned minor)
{
    if (!gri_status_has_body(response->status))
        return;
    if (!response->streamed)
        put_length(out, response->body.len);
    else if (minor > 0)
        gri_buf_puts(out, "transfer-encoding: chunked\r\n");
}

void gri_response_put_head(struct gri_buf *out, struct gri_http *http, const struct gri_response *response,
                           unsigned minor, bool keep_alive)
{
    put_beginning(out, http, response->status);
    if (response->content_type.len)
        put_line(out, GRI_STR("content-type"), response->content_type);
    put_framing(out, response, minor);
    for (const struct gri_header_line *h = response->headers; h; h = h->next)
        put_line(out, h->name, h->value);
    put_persistence(out, minor, keep_alive);
    gri_buf_put(out, "\r\n", 2);
}
