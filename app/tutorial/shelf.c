#include "shelf.h"

/* The table lives here; shelf.h told the others of it. */
GR_DEFINE_MODEL(book, GR_FIELD(id), GR_FIELD(title, .max_len = 100), GR_FIELD(isbn, GR_OPTIONAL));

const struct book shelf[] = {{1, "The C Programming Language", "978-0131103627"}, {2, "Notes", NULL}};
const size_t shelf_len = sizeof shelf / sizeof *shelf;

static gr_reply catalogue(GR_UNUSED gr_co co, gr_req *req)
{
    return book_reply_list(req, shelf, shelf_len);
}
GR_GET("/books", catalogue, .response = book_model, .response_list = true, .response_exclude_none = true);

void add_catalogue(gr_app *app)
{
    gr_app_add(app, &catalogue_route);
}
