#include "store.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

/* How long to wait for another program that writes to the same file. */
enum { BUSY_MS = 1000 };

static const char schema[] = "CREATE TABLE IF NOT EXISTS orders ("
                             "id INTEGER PRIMARY KEY, burger_id INTEGER NOT NULL, quantity INTEGER NOT NULL)";
static const char insert[] = "INSERT INTO orders (burger_id, quantity) VALUES (?, ?)";
static const char select_some[] = "SELECT id, burger_id, quantity FROM orders ORDER BY id LIMIT ? OFFSET ?";

/* One connection and its statements, used by one thread at a time. */
struct store {
    pthread_mutex_t lock;
    sqlite3 *db;
    sqlite3_stmt *insert, *select_some;
};

static int report(struct store *store, const char *what)
{
    fprintf(stderr, "burgers: cannot %s: %s\n", what, sqlite3_errmsg(store->db));
    return GR_EIO;
}

static bool prepare(struct store *store, const char *sql, sqlite3_stmt **statement)
{
    return sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) == SQLITE_OK;
}

/* NOMUTEX: SQLite need not lock again what our lock guards. */
static bool connect(struct store *store, const char *file)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    return sqlite3_open_v2(file, &store->db, flags, NULL) == SQLITE_OK &&
           sqlite3_busy_timeout(store->db, BUSY_MS) == SQLITE_OK &&
           sqlite3_exec(store->db, schema, NULL, NULL, NULL) == SQLITE_OK && prepare(store, insert, &store->insert) &&
           prepare(store, select_some, &store->select_some);
}

int store_open(struct store **out, const char *file)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store)
        return GR_ENOMEM;
    pthread_mutex_init(&store->lock, NULL);
    if (!connect(store, file)) {
        fprintf(stderr, "burgers: cannot open the database \"%s\": %s\n", file, sqlite3_errmsg(store->db));
        store_close(store);
        return GR_EIO;
    }
    *out = store;
    return 0;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    sqlite3_finalize(store->insert);
    sqlite3_finalize(store->select_some);
    sqlite3_close(store->db);
    pthread_mutex_destroy(&store->lock);
    free(store);
}

static void bind(sqlite3_stmt *statement, int64_t first, int64_t second)
{
    sqlite3_bind_int64(statement, 1, first);
    sqlite3_bind_int64(statement, 2, second);
}

int store_add(struct store *store, struct order *order)
{
    pthread_mutex_lock(&store->lock);
    bind(store->insert, order->burger_id, order->quantity);
    int rc = sqlite3_step(store->insert) == SQLITE_DONE ? 0 : report(store, "keep an order");
    order->id = sqlite3_last_insert_rowid(store->db);
    sqlite3_reset(store->insert);
    pthread_mutex_unlock(&store->lock);
    return rc;
}

static struct order read_row(sqlite3_stmt *row)
{
    return (struct order){sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1), sqlite3_column_int64(row, 2)};
}

int store_list(struct store *store, int64_t skip, int64_t limit, struct order *orders, size_t *n)
{
    int step;
    pthread_mutex_lock(&store->lock);
    bind(store->select_some, limit, skip);
    for (*n = 0; (step = sqlite3_step(store->select_some)) == SQLITE_ROW; ++*n)
        orders[*n] = read_row(store->select_some);
    int rc = step == SQLITE_DONE ? 0 : report(store, "list the orders");
    sqlite3_reset(store->select_some);
    pthread_mutex_unlock(&store->lock);
    return rc;
}
