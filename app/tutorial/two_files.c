/* Two source files, one model: shelf.h declares it, shelf.c defines it, both reply with it. */
#include "shelf.h"
#include "tutorial.h"

struct read_book {
    int64_t id;
};
static GR_INPUT(read_book, GR_PATH(id, GR_GE(1)));

static gr_reply read_book(GR_UNUSED gr_co co, gr_req *req, const struct read_book *in)
{
    if ((size_t)in->id > shelf_len)
        return gr_error(req, 404, "Book not found");
    return book_reply(req, &shelf[in->id - 1]);
}
GR_GET("/books/{id}", read_book, .response = book_model);

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Books", "1.0");
    gr_app_add(app, &read_book_route);
    add_catalogue(app);
    return app;
}
