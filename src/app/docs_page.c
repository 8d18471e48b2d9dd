#include "app/docs.h"

static void put_escaped(struct gri_buf *html, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            gri_buf_puts(html, "&amp;");
            break;
        case '<':
            gri_buf_puts(html, "&lt;");
            break;
        case '>':
            gri_buf_puts(html, "&gt;");
            break;
        case '"':
            gri_buf_puts(html, "&quot;");
            break;
        default:
            gri_buf_putc(html, *text);
        }
    }
}

static void put_path(struct gri_buf *html, const char *path)
{
    size_t plain = strspn(path, GRI_PLAIN_PATH);
    for (; path[plain]; path += plain + 1, plain = strspn(path, GRI_PLAIN_PATH)) {
        gri_buf_put(html, path, plain);
        gri_buf_printf(html, "%%%02X", (unsigned char)path[plain]);
    }
    gri_buf_put(html, path, plain);
}

static void put_relative(struct gri_buf *html, const char *page_url, const char *url)
{
    const char *slash = strchr(page_url + 1, '/');
    gri_buf_puts(html, slash ? "" : "./");
    for (; slash; slash = strchr(slash + 1, '/'))
        gri_buf_puts(html, "../");
    put_path(html, url + 1);
}

static void put_url(struct gri_buf *html, const char *attribute, const char *page_url, const char *url)
{
    gri_buf_puts(html, attribute);
    gri_buf_puts(html, "=\"");
    put_relative(html, page_url, url);
    gri_buf_puts(html, "\"");
}

static bool ends_with(const char *name, const char *end)
{
    size_t len = strlen(name), end_len = strlen(end);
    return len >= end_len && strcmp(name + len - end_len, end) == 0;
}

static void put_asset(struct gri_buf *html, const struct gri_page_urls *urls, const char *name)
{
    bool is_script = ends_with(name, ".js");
    gri_buf_puts(html, is_script                 ? "<script defer src=\""
                       : ends_with(name, ".css") ? "<link rel=\"stylesheet\" href=\""
                                                 : "<link rel=\"icon\" href=\"");
    put_relative(html, urls->page, urls->files);
    gri_buf_puts(html, name);
    gri_buf_puts(html, is_script ? "\"></script>\n" : "\">\n");
}

static void put_head(struct gri_buf *html, const char *title, enum gri_page page, const struct gri_page_urls *urls)
{
    gri_buf_puts(html, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    put_escaped(html, title);
    gri_buf_puts(html, page == GRI_PAGE_REDOC ? " - ReDoc</title>\n" : " - Swagger UI</title>\n");
    if (page != GRI_PAGE_SWAGGER_UI) /* a browser that is given no icon asks for /favicon.ico */
        gri_buf_puts(html, "<link rel=\"icon\" href=\"data:,\">\n");
    for (size_t i = 0; i < gri_n_assets; i++)
        if (gri_assets[i].page == page)
            put_asset(html, urls, gri_assets[i].name);
    gri_buf_puts(html, "</head>\n");
}

static void put_body(struct gri_buf *html, const struct gri_page_urls *urls)
{
    gri_buf_puts(html, "<body>\n<div id=\"page\"");
    put_url(html, " data-openapi", urls->page, urls->openapi);
    put_url(html, " data-root", urls->page, "/");
    if (urls->oauth2_redirect)
        put_url(html, " data-oauth2-redirect", urls->page, urls->oauth2_redirect);
    gri_buf_puts(html, "></div>\n<noscript>This page needs JavaScript. <a");
    put_url(html, " href", urls->page, urls->openapi);
    gri_buf_puts(html, ">What it shows</a> does not.</noscript>\n</body>\n</html>\n");
}

void gri_page_put(struct gri_buf *html, const char *title, enum gri_page page, const struct gri_page_urls *urls)
{
    put_head(html, title, page, urls);
    put_body(html, urls);
}
