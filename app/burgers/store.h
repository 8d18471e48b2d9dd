/* The orders, in SQLite. Every function blocks; any thread. What goes wrong is written to standard error. */
#ifndef BURGERS_STORE_H
#define BURGERS_STORE_H

#include <griddle.h>

struct order {
    int64_t id, burger_id, quantity;
};

struct store;

/* Opens the database in `file`, which is created where there is none, for store_close(). 0, GR_EIO, GR_ENOMEM. */
int store_open(struct store **store, const char *file);
void store_close(struct store *store);

/* Keeps `order` and sets its id. 0, or GR_EIO. */
int store_add(struct store *store, struct order *order);

/* At most `limit` orders in the order of their ids, without the first `skip`, to `orders`; how many to *n. 0, GR_EIO.
 */
int store_list(struct store *store, int64_t skip, int64_t limit, struct order *orders, size_t *n);

#endif
