/* A model that two source files use. */
#ifndef SHELF_H
#define SHELF_H

#include <griddle.h>

struct book {
    int64_t id;
    const char *title;
    const char *isbn;
};
GR_DECLARE_MODEL(book);

extern const struct book shelf[];
extern const size_t shelf_len;

void add_catalogue(gr_app *app);

#endif
