#include "shop.h"

#include "store.h"

static int open_shop(gr_app *app, void *state)
{
    struct shop *shop = state;
    (void)app;
    shop->loop_thread = pthread_self();
    return store_open(&shop->store, shop->db);
}

static void close_shop(gr_app *app, void *state)
{
    struct shop *shop = state;
    (void)app;
    store_close(shop->store);
    shop->store = NULL;
}

gr_app *shop_app(struct shop *shop)
{
    gr_app *app = gr_app_create("Burgers", GR_VERSION);
    gr_app_set_state(app, shop);
    gr_option(app, "--db FILE", &shop->db, "keep the orders in this SQLite database (in memory)");
    gr_app_on(app, open_shop, close_shop);
    gr_use(app, gr_request_id_middleware);
    add_page(app);
    add_concurrent(app);
    add_parallel(app);
    add_blocked(app);
    add_kitchen(app);
    add_date(app);
    add_hello(app);
    add_menu(app);
    add_results(app);
    add_messages(app);
    add_say_after(app);
    add_factorial(app);
    add_orders(app);
    return app;
}

const char *ran_on(gr_req *req)
{
    const struct shop *shop = gr_state(req);
    return pthread_equal(pthread_self(), shop->loop_thread) ? "loop" : "pool";
}
