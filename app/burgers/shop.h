/* The burger shop: Griddle's sample. One idea a file; each file adds its own operations. */
#ifndef BURGERS_SHOP_H
#define BURGERS_SHOP_H

#include <griddle.h>
#include <pthread.h>

/* What the application carries: gr_state(req) in every handler. */
struct shop {
    const char *db; /* the file of the orders; ":memory:" keeps them until the program ends */
    struct store *store;
    pthread_t loop_thread;
};

/* The application on `shop`, which is borrowed. NULL: out of memory; gr_main() and gr_test_create() check it. */
gr_app *shop_app(struct shop *shop);

/* Where the caller runs: "loop" or "pool". */
const char *ran_on(gr_req *req);

void add_page(gr_app *app);
void add_concurrent(gr_app *app);
void add_parallel(gr_app *app);
void add_blocked(gr_app *app);
void add_kitchen(gr_app *app);
void add_date(gr_app *app);
void add_hello(gr_app *app);
void add_menu(gr_app *app);
void add_results(gr_app *app);
void add_messages(gr_app *app);
void add_say_after(gr_app *app);
void add_factorial(gr_app *app);
void add_orders(gr_app *app);

#endif
