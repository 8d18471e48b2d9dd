/* Dependencies that end what they began. A connection is given back when the last byte was sent, whatever happened; the
 * transaction on it is committed before the first byte, so that one which fails is an error and no promise.
 *
 *     $ curl -X PUT 127.0.0.1:8000/stock/5
 *     {"stock":5}
 *     $ curl -X PUT 127.0.0.1:8000/stock/-5
 *     Internal Server Error
 *     $ curl 127.0.0.1:8000/stock
 *     {"stock":5,"connections":1} */
#include "tutorial.h"

/* Stands for a database with a constraint that it checks when it commits: there is no stock below 0. */
struct db {
    int64_t stock, pending;
    int connections;
};

/* --- a connection: `finally` in FastAPI's get_db() --- */

static void disconnect(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, void *arg, GR_UNUSED gr_outcome outcome)
{
    struct db *db = arg;
    db->connections--;
}

static int connection(GR_UNUSED gr_co co, gr_req *req, struct db **db)
{
    *db = gr_state(req);
    (*db)->connections++;
    return gr_defer(req, disconnect, *db);
}
GR_DEPENDENCY(connection, struct db *);

/* --- a transaction: a dependency of its own, since who only reads needs none --- */

struct transaction {
    struct db *db;
};
static GR_INPUT(transaction, GR_NEEDS(db, connection));

static int end_transaction(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, void *arg, gr_outcome outcome)
{
    struct db *db = arg;
    if (outcome != GR_ANSWERED)
        return 0; /* nothing was kept: rolled back */
    if (db->pending < 0)
        return GR_EIO;
    db->stock = db->pending;
    return 0;
}

static int transaction(GR_UNUSED gr_co co, gr_req *req, const struct transaction *in, struct db **db)
{
    *db = in->db;
    (*db)->pending = (*db)->stock;
    return gr_defer_early(req, end_transaction, *db);
}
GR_DEPENDENCY(transaction, struct db *);

struct put_stock {
    int64_t stock;
    struct db *db;
};
static GR_INPUT(put_stock, GR_PATH(stock, GR_LE(100)), GR_NEEDS(db, transaction));

static gr_reply put_stock(GR_UNUSED gr_co co, gr_req *req, const struct put_stock *in)
{
    in->db->pending = in->stock;
    if (in->stock == 13)
        return gr_error(req, 409, "not thirteen");
    return gr_pack(req, "{s:I}", "stock", (json_int_t)in->stock);
}
GR_PUT("/stock/{stock}", put_stock);

struct read_stock {
    struct db *db;
};
static GR_INPUT(read_stock, GR_NEEDS(db, connection));

static gr_reply read_stock(GR_UNUSED gr_co co, gr_req *req, const struct read_stock *in)
{
    return gr_pack(req, "{s:I,s:i}", "stock", (json_int_t)in->db->stock, "connections", in->db->connections);
}
GR_GET("/stock", read_stock);

gr_app *tutorial_app(void)
{
    static struct db db;
    gr_app *app = gr_app_create("Transaction", "1.0");
    db = (struct db){0};
    gr_app_set_state(app, &db);
    gr_app_add(app, &put_stock_route, &read_stock_route);
    return app;
}
