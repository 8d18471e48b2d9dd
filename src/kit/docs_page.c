#include "kit/docs.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a path's characters (RFC 3986 section 3.3) those that need no escape anywhere, in HTML neither. */
static const char page_plain_path[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$()*+,;=:@/";

static void page_put(FILE *html, const char *text)
{
    fputs(text, html);
}

static void page_put_escaped(FILE *html, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            page_put(html, "&amp;");
            break;
        case '<':
            page_put(html, "&lt;");
            break;
        case '>':
            page_put(html, "&gt;");
            break;
        case '"':
            page_put(html, "&quot;");
            break;
        default:
            putc(*text, html);
        }
    }
}

static void page_put_path(FILE *html, const char *path)
{
    size_t plain = strspn(path, page_plain_path);
    for (; path[plain]; path += plain + 1, plain = strspn(path, page_plain_path)) {
        fwrite(path, 1, plain, html);
        fprintf(html, "%%%02X", (unsigned char)path[plain]);
    }
    fwrite(path, 1, plain, html);
}

static void put_relative(FILE *html, const char *page_url, const char *url)
{
    const char *slash = strchr(page_url + 1, '/');
    page_put(html, slash ? "" : "./");
    for (; slash; slash = strchr(slash + 1, '/'))
        page_put(html, "../");
    page_put_path(html, url + 1);
}

static void put_url(FILE *html, const char *attribute, const char *page_url, const char *url)
{
    page_put(html, attribute);
    page_put(html, "=\"");
    put_relative(html, page_url, url);
    page_put(html, "\"");
}

static bool page_ends_with(const char *name, const char *end)
{
    size_t len = strlen(name), end_len = strlen(end);
    return len >= end_len && strcmp(name + len - end_len, end) == 0;
}

static void put_asset(FILE *html, const struct gri_page_urls *urls, const char *name)
{
    bool is_script = page_ends_with(name, ".js");
    page_put(html, is_script                      ? "<script defer src=\""
                   : page_ends_with(name, ".css") ? "<link rel=\"stylesheet\" href=\""
                                                  : "<link rel=\"icon\" href=\"");
    put_relative(html, urls->page, urls->files);
    page_put(html, name);
    page_put(html, is_script ? "\"></script>\n" : "\">\n");
}

static void page_put_head(FILE *html, const char *title, enum gri_page page, const struct gri_page_urls *urls)
{
    page_put(html, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    page_put_escaped(html, title);
    page_put(html, page == GRI_PAGE_REDOC ? " - ReDoc</title>\n" : " - Swagger UI</title>\n");
    if (page != GRI_PAGE_SWAGGER_UI) /* a browser that is given no icon asks for /favicon.ico */
        page_put(html, "<link rel=\"icon\" href=\"data:,\">\n");
    for (size_t i = 0; i < gri_n_assets; i++)
        if (gri_assets[i].page == page)
            put_asset(html, urls, gri_assets[i].name);
    page_put(html, "</head>\n");
}

static void page_put_body(FILE *html, const struct gri_page_urls *urls)
{
    page_put(html, "<body>\n<div id=\"page\"");
    put_url(html, " data-openapi", urls->page, urls->openapi);
    put_url(html, " data-root", urls->page, "/");
    if (urls->oauth2_redirect)
        put_url(html, " data-oauth2-redirect", urls->page, urls->oauth2_redirect);
    page_put(html, "></div>\n<noscript>This page needs JavaScript. <a");
    put_url(html, " href", urls->page, urls->openapi);
    page_put(html, ">What it shows</a> does not.</noscript>\n</body>\n</html>\n");
}

char *gri_page_html(const char *title, enum gri_page page, const struct gri_page_urls *urls, size_t *len)
{
    char *text = NULL;
    FILE *html = open_memstream(&text, len);
    if (!html)
        return NULL;
    page_put_head(html, title, page, urls);
    page_put_body(html, urls);
    bool failed = ferror(html);
    if (fclose(html) == 0 && !failed)
        return text;
    free(text);
    return NULL;
}
