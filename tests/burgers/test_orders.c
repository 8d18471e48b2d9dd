/* Orders, from request to database and back. */
#include <pthread.h>
#include <unistd.h>

#include "store.h"
#include "world.h"

/* A file that the test removes again. */
static void make_file(char path[32])
{
    strcpy(path, "/tmp/burgers-orders-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

START_TEST(an_order_is_answered_as_it_is_kept)
{
    struct world world;
    open_world(&world, ":memory:");
    expect_get(&world, "/orders", 200, "[]");
    expect_post(&world, "/orders", "{\"burger_id\":7,\"quantity\":2}", 201,
                "{\"id\":1,\"burger_id\":7,\"quantity\":2}");
    expect_post(&world, "/orders", " {\"quantity\" : 100, \"burger_id\" : 1, \"note\": null}\n", 201,
                "{\"id\":2,\"burger_id\":1,\"quantity\":100}");
    expect_get(&world, "/orders", 200,
               "[{\"id\":1,\"burger_id\":7,\"quantity\":2},{\"id\":2,\"burger_id\":1,\"quantity\":100}]");
    close_world(&world);
}
END_TEST

START_TEST(a_list_is_skipped_and_limited)
{
    struct world world;
    open_world(&world, ":memory:");
    for (int i = 0; i < 5; i++)
        gr_answer_free(gr_test_post_json(world.test, "/orders", "{\"burger_id\":1,\"quantity\":1}"));
    expect_get(&world, "/orders?skip=1&limit=2", 200,
               "[{\"id\":2,\"burger_id\":1,\"quantity\":1},{\"id\":3,\"burger_id\":1,\"quantity\":1}]");
    expect_get(&world, "/orders?skip=4&limit=10000", 200, "[{\"id\":5,\"burger_id\":1,\"quantity\":1}]");
    expect_get(&world, "/orders?skip=9223372036854775807", 200, "[]");
    expect_invalid(&world, "/orders?skip=-1", "greater_than_equal");
    expect_invalid(&world, "/orders?limit=0", "greater_than_equal");
    expect_invalid(&world, "/orders?limit=10001", "less_than_equal");
    close_world(&world);
}
END_TEST

static const struct {
    const char *body, *says;
} wrong_bodies[] = {
    {"{\"quantity\":1}", "\"type\":\"missing\",\"loc\":[\"body\",\"burger_id\"]"},
    {"{\"burger_id\":1}", "\"type\":\"missing\",\"loc\":[\"body\",\"quantity\"]"},
    {"{\"burger_id\":0,\"quantity\":1}", "\"type\":\"greater_than_equal\",\"loc\":[\"body\",\"burger_id\"]"},
    {"{\"burger_id\":101,\"quantity\":1}", "\"type\":\"less_than_equal\",\"loc\":[\"body\",\"burger_id\"]"},
    {"{\"burger_id\":1,\"quantity\":0}", "\"type\":\"greater_than_equal\",\"loc\":[\"body\",\"quantity\"]"},
    {"{\"burger_id\":1,\"quantity\":101}", "\"type\":\"less_than_equal\",\"loc\":[\"body\",\"quantity\"]"},
    {"{\"burger_id\":1,\"quantity\":1.5}", "\"type\":\"int_from_float\",\"loc\":[\"body\",\"quantity\"]"},
    {"{\"burger_id\":1,\"quantity\":\"x\"}", "\"type\":\"int_parsing\",\"loc\":[\"body\",\"quantity\"]"},
    {"{\"burger_id\":1,\"quantity\":null}", "\"type\":\"int_type\",\"loc\":[\"body\",\"quantity\"]"},
    {"[]", "\"type\":\"model_attributes_type\",\"loc\":[\"body\"]"},
    {"null", "\"type\":\"missing\",\"loc\":[\"body\"]"},
    {"", "\"type\":\"missing\",\"loc\":[\"body\"]"},
    {"{\"burger_id\":1,", "\"type\":\"json_invalid\",\"loc\":[\"body\",15]"},
};

static void expect_refused(struct world *world, const char *body, const char *says)
{
    gr_answer *answer = gr_test_post_json(world->test, "/orders", body);
    const char *text = gr_answer_body(answer, NULL);
    ck_assert_int_eq(gr_answer_status(answer), 422);
    ck_assert_msg(strstr(text, says) != NULL, "of %s wanted %s, got %s", body, says, text);
    gr_answer_free(answer);
}

START_TEST(a_wrong_body_is_refused_and_not_kept)
{
    struct world world;
    open_world(&world, ":memory:");
    for (size_t i = 0; i < sizeof wrong_bodies / sizeof wrong_bodies[0]; i++)
        expect_refused(&world, wrong_bodies[i].body, wrong_bodies[i].says);
    expect_get(&world, "/orders", 200, "[]");
    close_world(&world);
}
END_TEST

START_TEST(orders_outlive_the_server)
{
    char path[32];
    struct world world;
    make_file(path);
    open_world(&world, path);
    expect_post(&world, "/orders", "{\"burger_id\":3,\"quantity\":4}", 201,
                "{\"id\":1,\"burger_id\":3,\"quantity\":4}");
    close_world(&world);

    open_world(&world, path);
    expect_get(&world, "/orders", 200, "[{\"id\":1,\"burger_id\":3,\"quantity\":4}]");
    close_world(&world);
    unlink(path);
}
END_TEST

START_TEST(another_method_is_not_allowed)
{
    struct world world;
    open_world(&world, ":memory:");
    gr_answer *answer = gr_test_request(world.test, "DELETE", "/orders", NULL, NULL, 0);
    ck_assert_str_eq(gr_answer_header(answer, "Allow"), "POST, GET, HEAD, OPTIONS");
    expect_answer("DELETE /orders", answer, 405, "{\"detail\":\"Method Not Allowed\"}");
    close_world(&world);
}
END_TEST

START_TEST(a_shop_whose_database_cannot_be_opened_does_not_start)
{
    struct shop shop = {.db = "/nonexistent/orders.db"};
    gr_app *app = shop_app(&shop);
    ck_assert_ptr_null(gr_test_create(app));
    ck_assert_ptr_null(shop.store);
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_file_that_is_no_database_is_not_opened_and_not_changed)
{
    char path[32], kept[64] = "";
    struct store *store = NULL;
    make_file(path);
    FILE *file = fopen(path, "w");
    fputs("A shopping list: onions, pickles, buns.", file);
    fclose(file);
    ck_assert_int_eq(store_open(&store, path), GR_EIO);
    ck_assert_ptr_null(store);
    file = fopen(path, "r");
    ck_assert_ptr_nonnull(fgets(kept, sizeof kept, file));
    fclose(file);
    ck_assert_str_eq(kept, "A shopping list: onions, pickles, buns.");
    unlink(path);
}
END_TEST

enum { THREADS = 8, ORDERS_EACH = 50, ORDERS = THREADS * ORDERS_EACH };

static void *order_many(void *arg)
{
    struct order order = {.burger_id = 1, .quantity = 1}, listed[ORDERS];
    size_t n;
    for (int i = 0; i < ORDERS_EACH; i++) {
        int64_t id_before = order.id;
        if (store_add(arg, &order) || order.id <= id_before || store_list(arg, 0, ORDERS, listed, &n))
            return arg;
    }
    return NULL;
}

START_TEST(threads_that_order_at_the_same_time_get_an_id_each)
{
    struct store *store;
    struct order orders[ORDERS + 1];
    pthread_t threads[THREADS];
    void *failed;
    size_t n;
    ck_assert_int_eq(store_open(&store, ":memory:"), 0);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, order_many, store), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &failed);
        ck_assert_ptr_null(failed);
    }
    ck_assert_int_eq(store_list(store, 0, ORDERS + 1, orders, &n), 0);
    ck_assert_uint_eq(n, ORDERS);
    ck_assert_int_eq(orders[ORDERS - 1].id, ORDERS);
    store_close(store);
}
END_TEST

int main(void)
{
    const test_list tests = {an_order_is_answered_as_it_is_kept,
                             a_list_is_skipped_and_limited,
                             a_wrong_body_is_refused_and_not_kept,
                             orders_outlive_the_server,
                             another_method_is_not_allowed,
                             a_shop_whose_database_cannot_be_opened_does_not_start,
                             a_file_that_is_no_database_is_not_opened_and_not_changed,
                             threads_that_order_at_the_same_time_get_an_id_each,
                             NULL};
    return run_tests("burgers: orders", tests, 30);
}
