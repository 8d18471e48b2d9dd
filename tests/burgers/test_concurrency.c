/* What the async operations answer. The clock is virtual, so each elapsed_ms is exact. */
#include "world.h"

#define NOT_A_DELAY(n) "delays: number " n " is not a whole number from 0 to 1000; write them like 4,1,2"

/* --- /hello --- */

START_TEST(hello_waits_as_long_as_it_is_asked_to)
{
    struct world world;
    open_world(&world, ":memory:");
    expect_get(&world, "/hello", 200, "{\"result\":\"hello\",\"waited_ms\":100,\"ran_on\":\"loop\"}");
    expect_get(&world, "/hello?delay_ms=0", 200, "{\"result\":\"hello\",\"waited_ms\":0,\"ran_on\":\"loop\"}");
    expect_get(&world, "/hello?delay_ms=10000", 200, "{\"result\":\"hello\",\"waited_ms\":10000,\"ran_on\":\"loop\"}");
    close_world(&world);
}
END_TEST

START_TEST(hello_refuses_a_delay_out_of_bounds)
{
    struct world world;
    open_world(&world, ":memory:");
    expect_invalid(&world, "/hello?delay_ms=-1", "greater_than_equal");
    expect_invalid(&world, "/hello?delay_ms=10001", "less_than_equal");
    expect_invalid(&world, "/hello?delay_ms=soon", "int_parsing");
    expect_invalid(&world, "/hello?delay_ms=", "int_parsing");
    close_world(&world);
}
END_TEST

/* How many of the connections have an answer; takes the answers. */
static int count_answers(gr_test_conn **conns, int n)
{
    int answered = 0;
    for (int i = 0; i < n; i++) {
        gr_answer *answer = gr_test_next_answer(conns[i], false);
        answered += answer && gr_answer_status(answer) == 200;
        gr_answer_free(answer);
    }
    return answered;
}

START_TEST(a_thousand_clients_wait_at_the_same_time)
{
    enum { N = 1000 };
    static const char request[] = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";
    static gr_test_conn *conns[N];
    struct world world;
    open_world(&world, ":memory:");
    for (int i = 0; i < N; i++) {
        conns[i] = gr_test_connect(world.test);
        gr_test_send(conns[i], request, sizeof request - 1);
    }
    ck_assert_uint_ge(gr_test_coroutines(world.test), N);
    gr_test_advance(world.test, 99);
    ck_assert_int_eq(count_answers(conns, N), 0);
    gr_test_advance(world.test, 1);
    ck_assert_int_eq(count_answers(conns, N), N);
    for (int i = 0; i < N; i++)
        gr_test_conn_destroy(conns[i]);
    close_world(&world);
}
END_TEST

START_TEST(a_client_that_leaves_ends_its_coroutine)
{
    static const char request[] = "GET /messages?delays=1000,500 HTTP/1.1\r\nHost: x\r\n\r\n";
    struct world world;
    open_world(&world, ":memory:");
    gr_test_conn *conn = gr_test_connect(world.test);
    gr_test_send(conn, request, sizeof request - 1);
    ck_assert_uint_ge(gr_test_coroutines(world.test), 3);
    gr_test_reset(conn);
    ck_assert_uint_eq(gr_test_coroutines(world.test), 0);
    gr_test_conn_destroy(conn);
    close_world(&world);
}
END_TEST

/* --- /burgers/{number} --- */

START_TEST(as_many_burgers_as_asked_for)
{
    struct world world;
    open_world(&world, ":memory:");
    expect_get(&world, "/burgers/1", 200, "{\"burgers\":[{\"id\":1,\"name\":\"Classic Burger\"}]}");
    expect_get(&world, "/burgers/2", 200,
               "{\"burgers\":[{\"id\":1,\"name\":\"Classic Burger\"},{\"id\":2,\"name\":\"Cheeseburger\"}]}");
    gr_answer *answer = gr_test_get(world.test, "/burgers/100");
    const json_t *burgers = json_object_get(gr_answer_json(answer), "burgers");
    ck_assert_uint_eq(json_array_size(burgers), 100);
    ck_assert_int_eq(json_integer_value(json_object_get(json_array_get(burgers, 99), "id")), 100);
    gr_answer_free(answer);
    close_world(&world);
}
END_TEST

START_TEST(burgers_refuses_a_number_out_of_bounds)
{
    struct world world;
    open_world(&world, ":memory:");
    expect_get(&world, "/burgers/0", 422,
               "{\"detail\":[{\"type\":\"greater_than_equal\",\"loc\":[\"path\",\"number\"],\"msg\":\"Input should be "
               "greater than or equal to 1\",\"input\":\"0\",\"ctx\":{\"ge\":1}}]}");
    expect_get(
        &world, "/burgers/101", 422,
        "{\"detail\":[{\"type\":\"less_than_equal\",\"loc\":[\"path\",\"number\"],\"msg\":\"Input should be less "
        "than or equal to 100\",\"input\":\"101\",\"ctx\":{\"le\":100}}]}");
    expect_get(&world, "/burgers/x", 422,
               "{\"detail\":[{\"type\":\"int_parsing\",\"loc\":[\"path\",\"number\"],\"msg\":\"Input should be a valid "
               "integer, unable to parse string as an integer\",\"input\":\"x\"}]}");
    close_world(&world);
}
END_TEST

/* --- /results --- */

START_TEST(results_run_on_the_pool)
{
    struct world world;
    open_world(&world, ":memory:");
    expect_get(&world, "/results", 200, "{\"result\":\"well done\",\"ran_on\":\"pool\"}");
    close_world(&world);
}
END_TEST

/* --- /messages --- */

START_TEST(messages_finish_in_the_order_of_their_delays)
{
    const char *wanted = "{\"finished\":[{\"task\":2,\"delay\":1},{\"task\":3,\"delay\":2},{\"task\":1,\"delay\":4}],"
                         "\"elapsed_ms\":400}";
    struct world world;
    open_world(&world, ":memory:");
    expect_get(&world, "/messages", 200, wanted);
    expect_get(&world, "/messages?delays=4,1,2&unit_ms=100", 200, wanted);
    close_world(&world);
}
END_TEST

START_TEST(messages_with_one_delay_finish_in_the_order_of_their_start)
{
    struct world world;
    open_world(&world, ":memory:");
    expect_get(&world, "/messages?delays=2,2,2&unit_ms=7", 200,
               "{\"finished\":[{\"task\":1,\"delay\":2},{\"task\":2,\"delay\":2},{\"task\":3,\"delay\":2}],"
               "\"elapsed_ms\":14}");
    expect_get(&world, "/messages?delays=1000,0&unit_ms=0", 200,
               "{\"finished\":[{\"task\":1,\"delay\":1000},{\"task\":2,\"delay\":0}],\"elapsed_ms\":0}");
    close_world(&world);
}
END_TEST

START_TEST(messages_take_the_largest_of_everything)
{
    struct world world;
    open_world(&world, ":memory:");
    expect_get(&world, "/messages?delays=1000&unit_ms=1000", 200,
               "{\"finished\":[{\"task\":1,\"delay\":1000}],\"elapsed_ms\":1000000}");
    close_world(&world);
}
END_TEST

/* "/messages?delays=1,1,...", n of them. */
static const char *with_delays(char *target, int n)
{
    char *end = stpcpy(target, "/messages?delays=1");
    while (--n > 0)
        end = stpcpy(end, ",1");
    return target;
}

START_TEST(messages_take_a_hundred_delays_and_no_more)
{
    char target[512];
    struct world world;
    open_world(&world, ":memory:");
    gr_answer *answer = gr_test_get(world.test, with_delays(target, 100));
    ck_assert_uint_eq(json_array_size(json_object_get(gr_answer_json(answer), "finished")), 100);
    gr_answer_free(answer);
    expect_invalid(&world, with_delays(target, 101), "delays: at most 100 numbers");
    close_world(&world);
}
END_TEST

START_TEST(messages_say_which_delay_is_wrong)
{
    struct world world;
    open_world(&world, ":memory:");
    expect_invalid(&world, "/messages?delays=", NOT_A_DELAY("1"));
    expect_invalid(&world, "/messages?delays=,", NOT_A_DELAY("1"));
    expect_invalid(&world, "/messages?delays=1,", NOT_A_DELAY("2"));
    expect_invalid(&world, "/messages?delays=1,,2", NOT_A_DELAY("2"));
    expect_invalid(&world, "/messages?delays=1,two", NOT_A_DELAY("2"));
    expect_invalid(&world, "/messages?delays=1,-2", NOT_A_DELAY("2"));
    expect_invalid(&world, "/messages?delays=1,2.5", NOT_A_DELAY("2"));
    expect_invalid(&world, "/messages?delays=1;2", NOT_A_DELAY("1"));
    expect_invalid(&world, "/messages?delays=1001", NOT_A_DELAY("1"));
    expect_invalid(&world, "/messages?delays=99999999999999999999", NOT_A_DELAY("1"));
    expect_get(&world, "/messages?delays=1%00", 422,
               "{\"detail\":[{\"type\":\"string_unicode\",\"loc\":[\"query\",\"delays\"],\"msg\":\"Input should be a "
               "valid string, unable to parse raw data as a unicode string\",\"input\":\"1\\u0000\"}]}");
    expect_invalid(&world, "/messages?unit_ms=1001", "less_than_equal");
    expect_invalid(&world, "/messages?unit_ms=-1", "greater_than_equal");
    close_world(&world);
}
END_TEST

/* --- /say-after --- */

START_TEST(awaited_in_turn_it_takes_three_units_and_as_tasks_two)
{
    struct world world;
    open_world(&world, ":memory:");
    expect_get(&world, "/say-after", 200, "{\"said\":[\"hello\",\"world\"],\"elapsed_ms\":300}");
    expect_get(&world, "/say-after?tasks=false", 200, "{\"said\":[\"hello\",\"world\"],\"elapsed_ms\":300}");
    expect_get(&world, "/say-after?tasks=true", 200, "{\"said\":[\"hello\",\"world\"],\"elapsed_ms\":200}");
    expect_get(&world, "/say-after?tasks=yes&unit_ms=5", 200, "{\"said\":[\"hello\",\"world\"],\"elapsed_ms\":10}");
    expect_get(&world, "/say-after?tasks=on&unit_ms=0", 200, "{\"said\":[\"hello\",\"world\"],\"elapsed_ms\":0}");
    close_world(&world);
}
END_TEST

START_TEST(say_after_refuses_what_is_no_bool_or_out_of_bounds)
{
    struct world world;
    open_world(&world, ":memory:");
    expect_invalid(&world, "/say-after?tasks=perhaps", "bool_parsing");
    expect_invalid(&world, "/say-after?unit_ms=1001", "less_than_equal");
    close_world(&world);
}
END_TEST

/* --- /factorial --- */

START_TEST(the_steps_of_the_factorials_interleave)
{
    struct world world;
    open_world(&world, ":memory:");
    expect_get(&world, "/factorial", 200,
               "{\"results\":[2,6,24],\"steps\":["
               "\"Task A: Compute factorial(2), currently i=2...\","
               "\"Task B: Compute factorial(3), currently i=2...\","
               "\"Task C: Compute factorial(4), currently i=2...\","
               "\"Task A: factorial(2) = 2\","
               "\"Task B: Compute factorial(3), currently i=3...\","
               "\"Task C: Compute factorial(4), currently i=3...\","
               "\"Task B: factorial(3) = 6\","
               "\"Task C: Compute factorial(4), currently i=4...\","
               "\"Task C: factorial(4) = 24\"],\"elapsed_ms\":300}");
    close_world(&world);
}
END_TEST

START_TEST(factorial_refuses_a_unit_out_of_bounds)
{
    struct world world;
    open_world(&world, ":memory:");
    expect_invalid(&world, "/factorial?unit_ms=-1", "greater_than_equal");
    expect_invalid(&world, "/factorial?unit_ms=1001", "less_than_equal");
    close_world(&world);
}
END_TEST

/* --- the story --- */

START_TEST(one_cook_who_never_waits_takes_all_orders_before_the_first_is_ready)
{
    struct world world;
    open_world(&world, ":memory:");
    expect_get(
        &world, "/concurrent?orders=3&cook_ms=50", 200,
        "{\"orders\":[{\"id\":1,\"taken_ms\":0,\"ready_ms\":50,\"cook\":1},{\"id\":2,\"taken_ms\":0,\"ready_ms\":50,"
        "\"cook\":1},{\"id\":3,\"taken_ms\":0,\"ready_ms\":50,\"cook\":1}],\"elapsed_ms\":50}");
    expect_invalid(&world, "/concurrent?orders=101", "less_than_equal");
    expect_invalid(&world, "/blocked?orders=100&cook_ms=51", "value_error");
    expect_invalid(&world, "/parallel?cooks=17", "less_than_equal");
    close_world(&world);
}
END_TEST

START_TEST(several_cooks_share_the_orders)
{
    struct world world;
    open_world(&world, ":memory:");
    gr_answer *answer = gr_test_get(world.test, "/parallel?orders=6&cooks=3&cook_ms=1");
    ck_assert_int_eq(gr_answer_status(answer), 200);
    const json_t *orders = json_object_get(gr_answer_json(answer), "orders");
    unsigned cooks = 0;
    ck_assert_uint_eq(json_array_size(orders), 6);
    for (size_t i = 0; i < 6; i++) {
        const json_t *order = json_array_get(orders, i);
        ck_assert_int_eq(json_integer_value(json_object_get(order, "id")), (json_int_t)i + 1);
        cooks |= 1u << json_integer_value(json_object_get(order, "cook"));
    }
    ck_assert_uint_eq(cooks, 1u << 1 | 1u << 2 | 1u << 3);
    gr_answer_free(answer);
    close_world(&world);
}
END_TEST

/* How many complete lines the client has. */
static int count_lines(gr_test_conn *conn)
{
    int n = 0;
    for (const char *at = gr_test_received(conn, NULL); (at = strstr(at, " UTC\n")); at++)
        n++;
    return n;
}

START_TEST(the_date_is_a_line_a_tick_until_its_time_is_over_or_its_client_leaves)
{
    static const char request[] = "GET /date?seconds=3&every_ms=1000 HTTP/1.1\r\nHost: x\r\n\r\n";
    struct world world;
    open_world(&world, ":memory:");
    gr_test_conn *stays = gr_test_connect(world.test), *leaves = gr_test_connect(world.test);
    gr_test_send(stays, request, sizeof request - 1);
    gr_test_send(leaves, request, sizeof request - 1);
    ck_assert_int_eq(count_lines(stays), 1);
    gr_test_advance(world.test, 1000);
    ck_assert_int_eq(count_lines(stays), 2);
    gr_test_reset(leaves);
    gr_test_advance(world.test, 0);
    ck_assert_uint_eq(gr_test_coroutines(world.test), 1);
    gr_test_advance(world.test, 2000);
    ck_assert_int_eq(count_lines(stays), 4);
    ck_assert_uint_eq(gr_test_coroutines(world.test), 0);
    gr_test_conn_destroy(stays);
    gr_test_conn_destroy(leaves);
    close_world(&world);
}
END_TEST

START_TEST(in_the_kitchen_each_thread_is_joined_before_the_next_one_starts)
{
    static const char *const wanted[] = {"has the order", "has joined it", "starts to cook",
                                         "is done",       "has joined it", "serves"};
    struct world world;
    open_world(&world, ":memory:");
    gr_answer *answer = gr_test_get(world.test, "/kitchen");
    const char *at = gr_answer_body(answer, NULL);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        at = strstr(at, wanted[i]);
        ck_assert_msg(at != NULL, "\"%s\" is missing in its place in %s", wanted[i], gr_answer_body(answer, NULL));
        at++;
    }
    gr_answer_free(answer);
    close_world(&world);
}
END_TEST

START_TEST(the_page_and_its_files_are_in_the_program)
{
    static const char *const targets[] = {"/", "/story.css", "/story.js"};
    static const char *const types[] = {"text/html; charset=utf-8", "text/css; charset=utf-8",
                                        "text/javascript; charset=utf-8"};
    struct world world;
    open_world(&world, ":memory:");
    for (int i = 0; i < 3; i++) {
        gr_answer *answer = gr_test_get(world.test, targets[i]);
        ck_assert_int_eq(gr_answer_status(answer), 200);
        ck_assert_str_eq(gr_answer_header(answer, "content-type"), types[i]);
        ck_assert_ptr_nonnull(gr_answer_header(answer, "content-security-policy"));
        gr_answer_free(answer);
    }
    close_world(&world);
}
END_TEST

/* --- all of them --- */

START_TEST(what_is_not_there_is_not_found)
{
    struct world world;
    open_world(&world, ":memory:");
    expect_get(&world, "/burgers", 404, "{\"detail\":\"Not Found\"}");
    expect_get(&world, "/burgers/1/2", 404, "{\"detail\":\"Not Found\"}");
    close_world(&world);
}
END_TEST

START_TEST(another_method_is_not_allowed)
{
    struct world world;
    open_world(&world, ":memory:");
    gr_answer *answer = gr_test_post_json(world.test, "/hello", "{}");
    ck_assert_str_eq(gr_answer_header(answer, "Allow"), "GET, HEAD, OPTIONS");
    expect_answer("POST /hello", answer, 405, "{\"detail\":\"Method Not Allowed\"}");
    close_world(&world);
}
END_TEST

START_TEST(every_answer_bears_the_id_of_its_request)
{
    static const char *const headers[] = {"X-Request-ID", "order-66", NULL};
    static const char *const targets[] = {"/hello", "/results", "/nowhere", "/burgers/x"};
    struct world world;
    open_world(&world, ":memory:");
    for (size_t i = 0; i < 4; i++) {
        gr_answer *answer = gr_test_request(world.test, "GET", targets[i], headers, NULL, 0);
        ck_assert_str_eq(gr_answer_header(answer, "X-Request-ID"), "order-66");
        gr_answer_free(answer);
    }
    gr_answer *answer = gr_test_get(world.test, "/hello");
    ck_assert_uint_eq(strlen(gr_answer_header(answer, "X-Request-ID")), 32);
    gr_answer_free(answer);
    close_world(&world);
}
END_TEST

int main(void)
{
    const test_list tests = {hello_waits_as_long_as_it_is_asked_to,
                             hello_refuses_a_delay_out_of_bounds,
                             a_thousand_clients_wait_at_the_same_time,
                             a_client_that_leaves_ends_its_coroutine,
                             as_many_burgers_as_asked_for,
                             burgers_refuses_a_number_out_of_bounds,
                             results_run_on_the_pool,
                             messages_finish_in_the_order_of_their_delays,
                             messages_with_one_delay_finish_in_the_order_of_their_start,
                             messages_take_the_largest_of_everything,
                             messages_take_a_hundred_delays_and_no_more,
                             messages_say_which_delay_is_wrong,
                             awaited_in_turn_it_takes_three_units_and_as_tasks_two,
                             say_after_refuses_what_is_no_bool_or_out_of_bounds,
                             the_steps_of_the_factorials_interleave,
                             factorial_refuses_a_unit_out_of_bounds,
                             one_cook_who_never_waits_takes_all_orders_before_the_first_is_ready,
                             several_cooks_share_the_orders,
                             the_date_is_a_line_a_tick_until_its_time_is_over_or_its_client_leaves,
                             in_the_kitchen_each_thread_is_joined_before_the_next_one_starts,
                             the_page_and_its_files_are_in_the_program,
                             what_is_not_there_is_not_found,
                             another_method_is_not_allowed,
                             every_answer_bears_the_id_of_its_request,
                             NULL};
    return run_tests("burgers: concurrency", tests, 30);
}
