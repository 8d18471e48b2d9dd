#include "http/response.h"

#include "http/http.h"
#include "http/status.h"

static void put_status_line(struct gri_buf *out, int status)
{
    if (status == 200) {
        gri_buf_put(out, "HTTP/1.1 200 OK\r\n", 17);
        return;
    }
    gri_buf_put(out, "HTTP/1.1 ", 9);
    gri_buf_put_u64(out, (uint64_t)status);
    gri_buf_putc(out, ' ');
    gri_buf_puts(out, gri_status_phrase(status));
    gri_buf_put(out, "\r\n", 2);
}

static void put_line(struct gri_buf *out, struct gri_str name, struct gri_str value)
{
    gri_buf_put(out, name.at, name.len);
    gri_buf_put(out, ": ", 2);
    gri_buf_put(out, value.at, value.len);
    gri_buf_put(out, "\r\n", 2);
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
    put_status_line(out, response->status);
    struct gri_str date = gri_http_date(http);
    gri_buf_put(out, date.at, date.len);
    if (response->content_type.len)
        put_line(out, GRI_STR("content-type"), response->content_type);
    put_framing(out, response, minor);
    for (const struct gri_header_line *h = response->headers; h; h = h->next)
        put_line(out, h->name, h->value);
    put_persistence(out, minor, keep_alive);
    gri_buf_put(out, "\r\n", 2);
}
