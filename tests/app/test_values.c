/* Structs to json_t and back, and the arena that owns what was read. */
#include <griddle.h>
#include <griddle/testing.h>
#include <malloc.h>

#include "run.h"
#include "scarce.h"

/* The bytes that are allocated; 0 where that cannot be told. */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));
static size_t in_use(void)
{
    if (__sanitizer_get_current_allocated_bytes)
        return __sanitizer_get_current_allocated_bytes();
#ifdef __GLIBC__
    return mallinfo2().uordblks;
#else
    return 0;
#endif
}

struct maker {
    const char *name;
    json_t *notes;
};
static GR_MODEL(maker, GR_FIELD(name, .max_len = 8), GR_FIELD(notes, GR_OPTIONAL));

struct part {
    int64_t id;
    double price;
    struct maker *maker;
    gr_strings tags;
    char code[4];
};
static GR_MODEL(part, GR_FIELD(id), GR_FIELD(price, GR_GT(0), GR_DEFAULT(1.5)), GR_OBJECT(maker, maker, GR_OPTIONAL),
                GR_LIST(tags), GR_FIELD(code, GR_DEFAULT("abc")));

enum color { RED = 3, GREEN = 7, NAMELESS = 9 };
static GR_VALUES(color, {RED, "red"}, {GREEN, "green"}, {NAMELESS, NULL});

/* One struct, read from the parts of a request and sent as JSON; and one whose members lie in a struct inside. */
struct visit {
    int64_t id;
    const char *q;
};
static GR_INPUT(visit, GR_PATH(id), GR_QUERY(q, GR_OPTIONAL));
static GR_MODEL(visit, GR_FIELD(id), GR_FIELD(q, GR_OPTIONAL));

struct named {
    const char *name;
    int64_t size;
};
struct box {
    struct named base;
    double weight;
};
static GR_MODEL(box, GR_FIELD(base.name, .alias = "name", .min_len = 2), GR_FIELD(base.size, .alias = "size", GR_DEFAULT(3)),
                GR_FIELD(weight));

static json_t *parse(const char *text)
{
    json_t *json;
    ck_assert_int_eq(gr_json_read(text, strlen(text), &json), 0);
    return json;
}

static void expect_json(json_t *json, const char *text)
{
    char *written;
    ck_assert_ptr_nonnull(json);
    ck_assert_int_eq(gr_json_write(json, 0, &written, NULL), 0);
    ck_assert_str_eq(written, text);
    free(written);
    json_decref(json);
}

/* --- to JSON --- */

START_TEST(a_struct_becomes_what_its_reply_would_be)
{
    struct maker acme = {"ACME", NULL};
    const char *tags[] = {"a\"b", "c"};
    struct part part = {INT64_MIN, 0.1, &acme, {tags, 2}, "xyz"};
    expect_json(part_json(&part), "{\"id\":-9223372036854775808,\"price\":0.1,\"maker\":{\"name\":\"ACME\",\"notes\":"
                                  "null},\"tags\":[\"a\\\"b\",\"c\"],\"code\":\"xyz\"}");
}
END_TEST

START_TEST(several_structs_become_an_array)
{
    const struct maker makers[] = {{"a", NULL}, {"b", NULL}};
    expect_json(maker_json_list(makers, 2), "[{\"name\":\"a\",\"notes\":null},{\"name\":\"b\",\"notes\":null}]");
    expect_json(maker_json_list(NULL, 0), "[]");
}
END_TEST

START_TEST(a_struct_that_its_model_does_not_allow_becomes_nothing_and_says_why)
{
    struct part part = {.price = -1};
    gr_misfit misfit = {NULL, NULL, NULL};
    ck_assert_ptr_null(part_json(&part));
    ck_assert_ptr_null(gr_model_json(part_model(), &part, &misfit));
    ck_assert_str_eq(misfit.model, "part");
    ck_assert_str_eq(misfit.member, "price");
    ck_assert_str_eq(misfit.why, "greater_than");
}
END_TEST

/* --- from JSON --- */

START_TEST(a_struct_is_read_with_its_defaults_and_borrows_nothing)
{
    struct part part;
    gr_arena *arena = gr_arena_create();
    json_t *json = parse("{\"id\":\" 42 \",\"maker\":{\"name\":\"ACME\",\"notes\":[1,{}]},\"tags\":[\"t\"]}");
    ck_assert_int_eq(part_read(arena, json, &part), 0);
    json_decref(json);
    ck_assert_int_eq(part.id, 42);
    ck_assert_double_eq(part.price, 1.5);
    ck_assert_str_eq(part.maker->name, "ACME");
    ck_assert_uint_eq(json_array_size(part.maker->notes), 2);
    ck_assert_str_eq(part.tags.at[0], "t");
    ck_assert_str_eq(part.code, "abc");
    gr_arena_destroy(arena);
}
END_TEST

START_TEST(an_array_is_read_into_structs)
{
    struct maker *makers;
    size_t n;
    gr_arena *arena = gr_arena_create();
    json_t *json = parse("[{\"name\":\"a\"},{\"name\":\"b\",\"notes\":7}]");
    ck_assert_int_eq(maker_read_list(arena, json, &makers, &n), 0);
    ck_assert_uint_eq(n, 2);
    ck_assert_str_eq(makers[1].name, "b");
    ck_assert_int_eq(json_integer_value(makers[1].notes), 7);
    json_decref(json);
    gr_arena_destroy(arena);
}
END_TEST

START_TEST(what_does_not_fit_leaves_the_struct_and_lists_its_mistakes)
{
    struct part part = {.id = 7};
    size_t n;
    gr_arena *arena = gr_arena_create();
    json_t *json = parse("{\"id\":\"x\",\"price\":0,\"maker\":{\"name\":\"far too long\"},\"tags\":[]}");
    ck_assert_int_eq(part_read(arena, json, &part), GR_EINVAL);
    json_decref(json);
    ck_assert_int_eq(part.id, 7);
    const gr_invalid *wrong = gr_arena_invalid(arena, &n);
    ck_assert_uint_eq(n, 3);
    ck_assert_str_eq(wrong[0].type, "int_parsing");
    ck_assert_str_eq(wrong[2].type, "string_too_long");
    ck_assert_str_eq(wrong[2].msg, "String should have at most 8 characters");
    ck_assert_str_eq(json_string_value(json_array_get(wrong[2].loc_json, 1)), "name");
    ck_assert_str_eq(json_string_value(wrong[2].input_json), "far too long");
    ck_assert_int_eq(json_integer_value(json_object_get(wrong[2].ctx_json, "max_length")), 8);
    ck_assert_ptr_null(gr_arena_invalid_sized(arena, &n, sizeof(gr_invalid) + 1));
    gr_arena_destroy(arena);
}
END_TEST

START_TEST(a_read_that_fits_forgets_the_mistakes_before_it)
{
    struct maker maker;
    size_t n;
    gr_arena *arena = gr_arena_create();
    json_t *wrong = parse("{}"), *right = parse("{\"name\":\"a\"}");
    ck_assert_int_eq(maker_read(arena, wrong, &maker), GR_EINVAL);
    ck_assert_int_eq(maker_read(arena, right, &maker), 0);
    ck_assert_ptr_null(gr_arena_invalid(arena, &n));
    ck_assert_uint_eq(n, 0);
    json_decref(wrong);
    json_decref(right);
    gr_arena_destroy(arena);
}
END_TEST

START_TEST(no_json_and_a_null_are_no_struct)
{
    struct maker maker = {"kept", NULL};
    gr_arena *arena = gr_arena_create();
    ck_assert_int_eq(maker_read(arena, NULL, &maker), GR_EINVAL);
    ck_assert_int_eq(maker_read(arena, json_null(), &maker), GR_EINVAL);
    json_t *bad = json_pack("{s:s,s:o}", "name", "a", "notes", json_stringn_nocheck("\xff", 1));
    ck_assert_int_eq(maker_read(arena, bad, &maker), GR_EINVAL);
    ck_assert_str_eq(maker.name, "kept");
    json_decref(bad);
    gr_arena_destroy(arena);
}
END_TEST

START_TEST(members_of_a_struct_inside_can_lie_flat_in_the_object)
{
    struct box box;
    gr_arena *arena = gr_arena_create();
    json_t *json = parse("{\"name\":\"ab\",\"weight\":2}"), *wrong = parse("{\"name\":\"a\"}");
    size_t n;
    ck_assert_int_eq(box_read(arena, json, &box), 0);
    ck_assert_str_eq(box.base.name, "ab");
    ck_assert_int_eq(box.base.size, 3);
    expect_json(box_json(&box), "{\"name\":\"ab\",\"size\":3,\"weight\":2.0}");
    ck_assert_int_eq(box_read(arena, wrong, &box), GR_EINVAL);
    const gr_invalid *mistakes = gr_arena_invalid(arena, &n);
    ck_assert_uint_eq(n, 2);
    ck_assert_str_eq(mistakes[0].loc, "[\"name\"]");
    ck_assert_str_eq(mistakes[1].loc, "[\"weight\"]");
    json_decref(json);
    json_decref(wrong);
    gr_arena_destroy(arena);
}
END_TEST

START_TEST(values_of_an_enum_have_names)
{
    int64_t value = 1;
    ck_assert_str_eq(gr_enum_name(&color_values, GREEN), "green");
    ck_assert_ptr_null(gr_enum_name(&color_values, NAMELESS));
    ck_assert_ptr_null(gr_enum_name(&color_values, 4));
    ck_assert(gr_enum_find(&color_values, "red", &value));
    ck_assert_int_eq(value, RED);
    ck_assert(!gr_enum_find(&color_values, "blue", &value));
    ck_assert_int_eq(value, RED);
}
END_TEST

START_TEST(json_is_written_without_escapes)
{
    const char *text = GR_JSON_TEXT({"a" : [ true, null, "x\n\"y\"" ], "b" : {"c" : 1.5}});
    expect_json(parse(text), "{\"a\":[true,null,\"x\\n\\\"y\\\"\"],\"b\":{\"c\":1.5}}");
}
END_TEST

/* --- the arena --- */

START_TEST(an_arena_that_is_reset_needs_no_more_memory_the_millionth_time)
{
    enum { TURNS = 1000000 };
    struct maker maker;
    gr_arena *arena = gr_arena_create();
    json_t *json = parse("{\"name\":\"a\",\"notes\":[]}");
    ck_assert_int_eq(maker_read(arena, json, &maker), 0);
    gr_arena_reset(arena);
    size_t before = in_use();
    for (int i = 0; i < TURNS; i++) {
        ck_assert_int_eq(maker_read(arena, json, &maker), 0);
        gr_arena_reset(arena);
    }
    ck_assert_uint_eq(in_use(), before);
    json_decref(json);
    gr_arena_destroy(arena);
}
END_TEST

START_TEST(an_arena_gives_zeroed_memory_and_texts)
{
    gr_arena *arena = gr_arena_create();
    char *at = gr_arena_alloc(arena, 10000);
    for (int i = 0; i < 10000; i++)
        ck_assert_int_eq(at[i], 0);
    ck_assert_str_eq(gr_arena_printf(arena, "%d %s", 5, "x"), "5 x");
    ck_assert_ptr_null(gr_arena_alloc(arena, SIZE_MAX));
    gr_arena_destroy(arena);
    gr_arena_destroy(NULL);
}
END_TEST

START_TEST(out_of_memory_is_said_wherever_it_happens)
{
    struct part part = {.id = 7};
    gr_arena *arena = gr_arena_create();
    json_t *json = parse("{\"id\":1,\"maker\":{\"name\":\"a\",\"notes\":[]},\"tags\":[\"a\",\"b\"]}"), *back = NULL;
    ck_assert_int_eq(part_read(arena, json, &part), 0);
    int rc = GR_ENOMEM;
    for (long after = 0; rc; after++) {
        gr_arena_reset(arena);
        once = false;
        left = after;
        rc = part_read(arena, json, &part);
        plenty();
        ck_assert(rc == 0 || rc == GR_ENOMEM);
    }
    for (long after = 0; !back; after++) {
        once = false;
        left = after;
        back = part_json(&part);
        plenty();
    }
    json_decref(back);
    json_decref(json);
    gr_arena_destroy(arena);
}
END_TEST

/* --- of a request --- */

static gr_reply read_it(gr_co co, gr_req *req)
{
    (void)co;
    json_t *json;
    struct part part;
    int rc = gr_body_json(req, &json);
    rc = rc ? rc : part_read(gr_req_arena(req), json_object_get(json, "part"), &part);
    if (rc)
        return gr_failed(req, rc == GR_EINVAL ? gr_fail_invalid(req) : rc);
    return part_reply(req, &part);
}
GR_POST("/read", read_it);

/* What a handler was given goes with the request: what is kept is read anew, into an arena that stays. */
static gr_arena *kept_arena;
static struct visit kept;

static gr_reply visit(gr_co co, gr_req *req, const struct visit *in)
{
    (void)co;
    json_t *json = visit_json(in);
    int rc = visit_read(kept_arena, json, &kept);
    json_decref(json);
    return rc ? gr_failed(req, rc) : visit_reply(req, in);
}
GR_GET("/visits/{id}", visit);

static gr_reply packed(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_pack(req, "{s:i,s:[ss],s:n}", "id", 7, "tags", "a", "b", "none");
}
GR_GET("/packed", packed);

static gr_reply badly_packed(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_pack(req, "{s:s}", "name", NULL);
}
GR_GET("/badly-packed", badly_packed);

static void expect_answer(gr_test *test, const char *body, int status, const char *text)
{
    gr_answer *answer = gr_test_post_json(test, "/read", body);
    ck_assert_int_eq(gr_answer_status(answer), status);
    ck_assert_str_eq(gr_answer_body(answer, NULL), text);
    gr_answer_free(answer);
}

START_TEST(a_handler_answers_what_it_could_not_read_as_the_framework_would)
{
    gr_app *app = gr_app_create("values", "1");
    gr_app_add(app, &read_it_route);
    gr_test *test = gr_test_create(app);
    expect_answer(test, "{\"part\":{\"id\":1,\"tags\":[],\"maker\":{\"name\":\"a\",\"notes\":{}}}}", 200,
                  "{\"id\":1,\"price\":1.5,\"maker\":{\"name\":\"a\",\"notes\":{}},\"tags\":[],\"code\":\"abc\"}");
    expect_answer(
        test, "{\"part\":{\"id\":1}}", 422,
        "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"tags\"],\"msg\":\"Field required\",\"input\":{\"id\":1}"
        "}]}");
    gr_test_destroy(test);
    gr_app_destroy(app);
}
END_TEST

START_TEST(what_is_kept_outlives_the_request)
{
    gr_app *app = gr_app_create("values", "1");
    gr_app_add(app, &visit_route);
    gr_test *test = gr_test_create(app);
    kept_arena = gr_arena_create();
    gr_answer *answer = gr_test_get(test, "/visits/7?q=milk");
    ck_assert_str_eq(gr_answer_body(answer, NULL), "{\"id\":7,\"q\":\"milk\"}");
    gr_answer_free(answer);
    gr_test_destroy(test);
    gr_app_destroy(app);
    ck_assert_int_eq(kept.id, 7);
    ck_assert_str_eq(kept.q, "milk");
    gr_arena_destroy(kept_arena);
}
END_TEST

START_TEST(a_reply_is_packed_or_says_why_not)
{
    gr_app *app = gr_app_create("values", "1");
    gr_app_add(app, &packed_route, &badly_packed_route);
    gr_test *test = gr_test_create(app);
    gr_answer *answer = gr_test_get(test, "/packed"), *wrong = gr_test_get(test, "/badly-packed");
    ck_assert_str_eq(gr_answer_body(answer, NULL), "{\"id\":7,\"tags\":[\"a\",\"b\"],\"none\":null}");
    ck_assert_int_eq(gr_answer_status(wrong), 500);
    gr_answer_free(answer);
    gr_answer_free(wrong);
    gr_test_destroy(test);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    const test_list tests = {a_struct_becomes_what_its_reply_would_be,
                             several_structs_become_an_array,
                             a_struct_that_its_model_does_not_allow_becomes_nothing_and_says_why,
                             a_struct_is_read_with_its_defaults_and_borrows_nothing,
                             an_array_is_read_into_structs,
                             what_does_not_fit_leaves_the_struct_and_lists_its_mistakes,
                             a_read_that_fits_forgets_the_mistakes_before_it,
                             no_json_and_a_null_are_no_struct,
                             an_arena_that_is_reset_needs_no_more_memory_the_millionth_time,
                             an_arena_gives_zeroed_memory_and_texts,
                             out_of_memory_is_said_wherever_it_happens,
                             members_of_a_struct_inside_can_lie_flat_in_the_object,
                             values_of_an_enum_have_names,
                             json_is_written_without_escapes,
                             what_is_kept_outlives_the_request,
                             a_reply_is_packed_or_says_why_not,
                             a_handler_answers_what_it_could_not_read_as_the_framework_would,
                             NULL};
    return run_tests("values", tests, 120);
}
