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

void gri_response_put_head(struct gri_buf *out, struct gri_http *http, const struct gri_response *response,
                           enum gri_persistence persistence)
{
    put_status_line(out, response->status);
    struct gri_str date = gri_http_date(http);
    gri_buf_put(out, date.at, date.len);
    if (response->content_type.len)
        put_line(out, GRI_STR("content-type"), response->content_type);
    if (gri_status_has_body(response->status))
        put_length(out, response->body.len);
    for (const struct gri_header_line *h = response->headers; h; h = h->next)
        put_line(out, h->name, h->value);
    if (persistence != GRI_KEEP_ALIVE)
        gri_buf_puts(out, persistence == GRI_CLOSE ? "connection: close\r\n" : "connection: keep-alive\r\n");
    gri_buf_put(out, "\r\n", 2);
}
