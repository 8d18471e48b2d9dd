/* Other answers in place of the framework's: every error in plain text, and what is wrong with input as a 400.
 *
 *     $ curl 127.0.0.1:8000/items/3
 *     Nope! I don't like 3.
 *     $ curl 127.0.0.1:8000/items/foo
 *     Validation errors:
 *     Field: ["path","item_id"], Error: Input should be a valid integer, unable to parse string as an integer */
#include "tutorial.h"

struct read_item {
    int64_t item_id;
};
static GR_INPUT(read_item, GR_PATH(item_id));

static gr_reply read_item(GR_UNUSED gr_co co, gr_req *req, const struct read_item *in)
{
    if (in->item_id == 3)
        return gr_failed(req, gr_fail(req, 418, "Nope! I don't like 3."));
    return gr_pack(req, "{s:I}", "item_id", (json_int_t)in->item_id);
}
GR_GET("/items/{item_id}", read_item);

static gr_reply tell_plainly(gr_req *req, const gr_error_info *error)
{
    return gr_text(req, error->cause);
}

struct plain {
    const char *text;
};
static GR_MODEL(plain, GR_ROOT, GR_FIELD(text));

static gr_reply tell_mistakes(gr_req *req, const gr_invalid *mistakes, size_t n)
{
    const char *message = "Validation errors:";
    for (size_t i = 0; i < n; i++)
        message = gr_printf(req, "%s\nField: %s, Error: %s", message, mistakes[i].loc, mistakes[i].msg);
    return gr_with_status(gr_text(req, message), 400);
}

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Plain errors", "1.0");
    gr_app_on_error(app, 4, tell_plainly);
    gr_app_set_invalid(app, tell_mistakes, plain_model);
    gr_app_add(app, &read_item_route);
    return app;
}
