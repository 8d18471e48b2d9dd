/* Structs of programs that were compiled with an older griddle.h are shorter. Each is made here as such a program makes
 * it, at the length of its size and no longer, so that AddressSanitizer sees a byte that is read behind it. */
#include <griddle.h>
#include <griddle/debug.h>
#include <griddle/process.h>
#include <griddle/testing.h>
#include <unistd.h>

#include "run.h"

/* The first `size` bytes of a struct, with that as its size; to be freed. */
static void *shorter(const void *whole, size_t size)
{
    volatile size_t hidden = size; /* from a compiler that would warn of what is tried here */
    void *copy = malloc(hidden);
    memcpy(copy, whole, size);
    memcpy(copy, &size, sizeof size);
    return copy;
}

static void expect_get(gr_test *test, const char *target, int status, const char *body)
{
    gr_answer *answer = gr_test_get(test, target);
    ck_assert_int_eq(gr_answer_status(answer), status);
    if (body)
        ck_assert_str_eq(gr_answer_body(answer, NULL), body);
    gr_answer_free(answer);
}

/* --- the two functions --- */

struct grown {
    size_t size;
    int first, second;
    const char *third;
};

START_TEST(a_shorter_struct_leaves_the_rest_as_it_is)
{
    struct grown whole = {sizeof whole, 1, 2, "theirs"}, own = {sizeof own, 7, 8, "own"};
    struct grown *theirs = shorter(&whole, offsetof(struct grown, third));
    ck_assert(gr_sized_take(&own, sizeof own, theirs, sizeof theirs->size));
    ck_assert_uint_eq(own.size, sizeof own);
    ck_assert_int_eq(own.second, 2);
    ck_assert_str_eq(own.third, "own");
    free(theirs);
}
END_TEST

START_TEST(what_is_too_short_too_long_or_nothing_is_refused)
{
    struct grown own = {sizeof own, 7, 8, "own"}, theirs = {0, 1, 2, "theirs"};
    static const size_t wrong[] = {0, 1, sizeof(size_t) - 1, offsetof(struct grown, second), sizeof own + 1, SIZE_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        theirs.size = wrong[i];
        ck_assert(!gr_sized_take(&own, sizeof own, &theirs, offsetof(struct grown, third)));
        ck_assert(!gr_sized_give(&theirs, &own, sizeof own, offsetof(struct grown, third)));
    }
    ck_assert(!gr_sized_take(&own, sizeof own, NULL, sizeof own.size));
    ck_assert(!gr_sized_give(NULL, &own, sizeof own, sizeof own.size));
    ck_assert_int_eq(own.first, 7);
    ck_assert_int_eq(theirs.first, 1);
}
END_TEST

START_TEST(as_much_is_given_as_there_is_room_for)
{
    struct grown own = {sizeof own, 7, 8, "own"}, whole = {sizeof whole, 1, 2, "theirs"};
    struct grown *theirs = shorter(&whole, offsetof(struct grown, third));
    ck_assert(gr_sized_give(theirs, &own, sizeof own, sizeof own.size));
    ck_assert_uint_eq(theirs->size, offsetof(struct grown, third));
    ck_assert_int_eq(theirs->second, 8);
    free(theirs);
}
END_TEST

/* --- limits and options --- */

START_TEST(limits_that_an_older_program_does_not_know_have_their_defaults)
{
    gr_limits limits, defaults;
    gr_limits_init(&limits);
    gr_limits_init(&defaults);
    limits.body_bytes = 17;
    gr_limits *older = shorter(&limits, offsetof(gr_limits, extension_bytes));
    gr_app *app = gr_app_create("sized", "1");
    ck_assert_int_eq(gr_app_set_limits(app, older), 0);
    gr_test *test = gr_test_create(app);
    ck_assert_ptr_nonnull(test);
    gr_test_destroy(test);
    older->size = sizeof limits + 8;
    gr_app *wrong = gr_app_create("sized", "1");
    ck_assert_int_eq(gr_app_set_limits(wrong, older), GR_EINVAL);
    gr_app_destroy(wrong);
    gr_app_destroy(app);
    free(older);
}
END_TEST

START_TEST(a_server_takes_the_options_of_an_older_program)
{
    gr_limits limits;
    gr_limits_init(&limits);
    gr_limits *older_limits = shorter(&limits, offsetof(gr_limits, linger_ms));
    gr_server_options whole = {.limits = older_limits};
    gr_server_options *older = shorter(&whole, offsetof(gr_server_options, stop_timeout_ms));
    gr_app *app = gr_app_create("sized", "1");
    gr_server *server;
    ck_assert_int_eq(gr_server_start(&server, app, older, NULL), 0);
    gr_server_stop(server);
    ck_assert_int_eq(gr_server_run(server), 0);
    gr_server_destroy(server);
    older->size = 0;
    ck_assert_int_eq(gr_server_start(&server, app, older, NULL), GR_EINVAL);
    gr_app_destroy(app);
    free(older);
    free(older_limits);
}
END_TEST

START_TEST(an_older_description_of_an_application_is_taken)
{
    gr_app_info whole = {.summary = "A summary", .description = "More of it"};
    gr_app_info *older = shorter(&whole, offsetof(gr_app_info, terms_of_service));
    gr_app *app = gr_app_create("sized", "1");
    json_t *document;
    ck_assert_int_eq(gr_app_describe(app, older), 0);
    ck_assert_int_eq(gr_app_openapi(app, &document), 0);
    ck_assert_str_eq(json_string_value(json_object_get(json_object_get(document, "info"), "summary")), "A summary");
    json_decref(document);
    gr_app_destroy(app);
    free(older);
}
END_TEST

/* --- routes and tables --- */

static gr_reply say(gr_co co, gr_req *req, const void *in)
{
    (void)co, (void)in;
    return gr_text(req, gr_route_of(req)->name);
}

static gr_route *older_route(const char *path, size_t size)
{
    const gr_route whole = {.method = "GET", .path = path, .name = path + 1, .kind = GR_ASYNC, .call = say};
    return shorter(&whole, size);
}

START_TEST(routes_of_an_older_program_are_served_and_documented)
{
    gr_route *bare = older_route("/bare", offsetof(gr_route, options));
    gr_route *some = older_route("/some", offsetof(gr_route, options.tags));
    gr_app *app = gr_app_create("sized", "1");
    json_t *document;
    ck_assert_int_eq(gr_app_add(app, bare, some), 0);
    ck_assert_int_eq(gr_app_add_webhook(app, bare), 0);
    gr_test *test = gr_test_create(app);
    ck_assert_ptr_nonnull(test);
    expect_get(test, "/bare", 200, "bare");
    expect_get(test, "/some", 200, "some");
    ck_assert_int_eq(gr_app_openapi(app, &document), 0);
    ck_assert_ptr_nonnull(json_object_get(json_object_get(document, "paths"), "/some"));
    ck_assert_ptr_nonnull(json_object_get(json_object_get(document, "webhooks"), "/bare"));
    json_decref(document);
    gr_test_destroy(test);
    gr_app_destroy(app);
    free(bare);
    free(some);
}
END_TEST

START_TEST(a_route_of_a_later_program_is_refused_at_start)
{
    gr_route later = {.size = sizeof later + 8, .method = "GET", .path = "/later", .name = "later", .call = say};
    gr_app *app = gr_app_create("sized", "1");
    gr_app_add(app, &later);
    ck_assert_ptr_null(gr_test_create(app));
    gr_app_destroy(app);
}
END_TEST

struct pair {
    int64_t left, right;
};
enum { OLDER_FIELD = offsetof(gr_field, default_value) };

/* The tables of `struct pair`, in the query and in JSON, whose gr_field ends behind `nullable`. */
static gr_model in_table = {sizeof(gr_model), OLDER_FIELD, sizeof(struct pair), "pair", NULL};
static gr_model out_table = {sizeof(gr_model), OLDER_FIELD, sizeof(struct pair), "pair", NULL};

static const gr_model *in_model(void)
{
    return &in_table;
}

static const gr_model *out_model(void)
{
    return &out_table;
}

static gr_model_fn *const in_ref = in_model;

static gr_reply say_pair(gr_co co, gr_req *req, const void *in)
{
    (void)co;
    return gr_reply_model(req, &out_table, in);
}

static char *older_fields(gr_source source)
{
    const gr_field whole[] = {{.name = "left", .offset = 0, .type = GR_TYPE_INT64, .source = source},
                              {.name = "right", .offset = 8, .type = GR_TYPE_INT64, .source = source},
                              {.name = NULL}};
    char *fields = malloc(3 * OLDER_FIELD);
    for (size_t i = 0; i < 3; i++)
        memcpy(fields + i * OLDER_FIELD, &whole[i], OLDER_FIELD);
    return fields;
}

START_TEST(tables_of_an_older_program_are_read_written_and_documented)
{
    char *in_fields = older_fields(GR_IN_QUERY), *out_fields = older_fields(GR_IN_JSON);
    in_table.fields = (const gr_field *)(const void *)in_fields;
    out_table.fields = (const gr_field *)(const void *)out_fields;
    gr_route route = {.size = sizeof route, .method = "GET", .path = "/pair", .name = "pair", .takes_input = true};
    route.call = say_pair;
    route.input = &in_ref;
    route.options.response = out_model;
    gr_app *app = gr_app_create("sized", "1");
    json_t *document;
    gr_app_add(app, &route);
    gr_test *test = gr_test_create(app);
    ck_assert_ptr_nonnull(test);
    expect_get(test, "/pair?left=1&right=2", 200, "{\"left\":1,\"right\":2}");
    expect_get(test, "/pair?left=1", 422, NULL);
    ck_assert_int_eq(gr_app_openapi(app, &document), 0);
    json_t *schemas = json_object_get(json_object_get(document, "components"), "schemas");
    ck_assert_uint_eq(json_object_size(json_object_get(json_object_get(schemas, "Pair"), "properties")), 2);
    json_decref(document);
    gr_test_destroy(test);
    gr_app_destroy(app);
    free(in_fields);
    free(out_fields);
}
END_TEST

START_TEST(a_table_of_a_later_program_is_refused_at_start)
{
    static const gr_field fields[] = {{.name = "left", .type = GR_TYPE_INT64}, {.name = NULL}};
    out_table = (gr_model){sizeof(gr_model), sizeof(gr_field) + 8, sizeof(struct pair), "pair", fields};
    gr_route route = {.size = sizeof route, .method = "GET", .path = "/pair", .name = "pair", .call = say};
    route.options.response = out_model;
    gr_app *app = gr_app_create("sized", "1");
    gr_app_add(app, &route);
    ck_assert_ptr_null(gr_test_create(app));
    gr_app_destroy(app);
}
END_TEST

/* --- in a coroutine --- */

static gr_reply say_stats(gr_co co, gr_req *req)
{
    gr_stats whole = {.size = sizeof whole};
    gr_stats *older = shorter(&whole, offsetof(gr_stats, lag_ms));
    int rc = gr_stats_read(co, older);
    size_t coroutines = older->coroutines;
    free(older);
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%zu", coroutines));
}
GR_GET("/stats", say_stats);

static gr_reply say_child(gr_co co, gr_req *req)
{
    const gr_process_options whole = {.argv = (const char *const[]){"true", NULL}};
    gr_process_options *older = shorter(&whole, offsetof(gr_process_options, env));
    gr_process_result result;
    int rc = gr_process_run(co, older, NULL, 0, &result);
    free(older);
    gr_process_result_finish(&result);
    return rc ? gr_failed(req, rc) : gr_text(req, "ran");
}
GR_GET("/child", say_child);

START_TEST(what_is_read_and_run_in_a_coroutine_may_be_shorter_too)
{
    gr_app *app = gr_app_create("sized", "1");
    gr_app_add(app, &say_stats_route, &say_child_route);
    gr_test *test = gr_test_create(app);
    expect_get(test, "/stats", 200, "1");
    expect_get(test, "/child", 200, "ran");
    const gr_test_patience whole = {.virtual_ms = 1000};
    gr_test_patience *older = shorter(&whole, offsetof(gr_test_patience, timers));
    ck_assert_int_eq(gr_test_set_patience(test, older), 0);
    free(older);
    gr_test_destroy(test);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    test_list tests = {a_shorter_struct_leaves_the_rest_as_it_is,
                       what_is_too_short_too_long_or_nothing_is_refused,
                       as_much_is_given_as_there_is_room_for,
                       limits_that_an_older_program_does_not_know_have_their_defaults,
                       a_server_takes_the_options_of_an_older_program,
                       an_older_description_of_an_application_is_taken,
                       routes_of_an_older_program_are_served_and_documented,
                       a_route_of_a_later_program_is_refused_at_start,
                       tables_of_an_older_program_are_read_written_and_documented,
                       a_table_of_a_later_program_is_refused_at_start,
                       what_is_read_and_run_in_a_coroutine_may_be_shorter_too,
                       NULL};
    return run_tests("app sized", tests, 20);
}
