/* The page that draws the timelines side by side. It is in the program, and asks for nothing outside of it. */
#include "page.h"

#include "shop.h"

static gr_reply file(gr_req *req, const char *type, const unsigned char *bytes, size_t len)
{
    gr_reply reply = gr_content(req, type, bytes, len);
    reply = gr_with_header(reply, "content-security-policy",
                           "default-src 'none'; connect-src 'self'; script-src 'self'; "
                           "style-src 'self'; img-src data:; base-uri 'none'");
    return gr_with_header(reply, "x-content-type-options", "nosniff");
}

static gr_reply index_html(GR_UNUSED gr_co co, gr_req *req)
{
    return file(req, "text/html; charset=utf-8", page_index_html, page_index_html_len);
}
GR_GET("/", index_html, .hidden = true);

static gr_reply story_css(GR_UNUSED gr_co co, gr_req *req)
{
    return file(req, "text/css; charset=utf-8", page_story_css, page_story_css_len);
}
GR_GET("/story.css", story_css, .hidden = true);

static gr_reply story_js(GR_UNUSED gr_co co, gr_req *req)
{
    return file(req, "text/javascript; charset=utf-8", page_story_js, page_story_js_len);
}
GR_GET("/story.js", story_js, .hidden = true);

void add_page(gr_app *app)
{
    gr_app_add(app, &index_html_route, &story_css_route, &story_js_route);
}
