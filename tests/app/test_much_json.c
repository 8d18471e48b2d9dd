/* JSON that is short and takes long to read: how much of it a body may hold, by how long it may be. */
#include "app_test.h"

#define OK(id) \
    static gr_reply id(gr_co co, gr_req *req, const struct id *in) \
    { \
        (void)co, (void)in; \
        return gr_text(req, "ok"); \
    }
#define TOO_MANY "Too many values: send less at once"

enum { BODY = 1 << 18, VALUES = BODY / 8, BUILT = BODY / 12, LARGER = 2 };

struct numbers {
    gr_ints numbers;
    json_t *any;
    GR_MAP_OF(json_t *) map;
};
static GR_INPUT(numbers, GR_LIST(numbers, GR_DEFAULT_EMPTY), GR_FIELD(any, GR_OPTIONAL),
                GR_MAP(map, GR_DEFAULT_EMPTY));
OK(numbers)
GR_POST("/numbers", numbers);
GR_ROUTE_AS(larger, "POST", "/larger", numbers, .max_body_bytes = (size_t)BODY * LARGER);
GR_ROUTE_AS(smaller, "POST", "/smaller", numbers, .max_body_bytes = 100);

static gr_reply raw(gr_co co, gr_req *req)
{
    json_t *value;
    (void)co;
    int rc = gr_body_json(req, &value);
    return rc ? gr_failed(req, rc) : gr_text(req, "ok");
}
GR_POST("/raw", raw);

/* Which of the three an object is, nobody says. */
struct one {
    int64_t n, one;
};
static GR_MODEL(one, GR_FIELD(n), GR_FIELD(one));
struct two {
    int64_t n, two;
};
static GR_MODEL(two, GR_FIELD(n), GR_FIELD(two));
struct three {
    int64_t n;
};
static GR_MODEL(three, GR_FIELD(n));
struct any_of {
    int which;
    union {
        struct one one;
        struct two two;
        struct three three;
    };
};
static GR_MODEL(any_of, GR_EITHER(which), GR_CASE_OBJECT(one, one, 1), GR_CASE_OBJECT(two, two, 2),
                GR_CASE_OBJECT(three, three, 3));
struct unions {
    GR_LIST_OF(struct any_of) list;
};
static GR_INPUT(unions, GR_OBJECTS(list, any_of, GR_DEFAULT_EMPTY));
OK(unions)
GR_POST("/unions", unions);
GR_ROUTE_AS(larger_unions, "POST", "/larger-unions", unions, .max_body_bytes = (size_t)BODY * 4);

static const char *by_size(const json_t *value)
{
    return json_object_size(value) == 1 ? "three" : "one";
}
struct by {
    int which;
    union {
        struct one one;
        struct three three;
        GR_LIST_OF(struct by) deeper;
    };
};
static const char *deeper(const json_t *value)
{
    return json_is_array(value) ? "deeper" : by_size(value);
}
GR_DECLARE_MODEL(by);
GR_DEFINE_MODEL(by, GR_EITHER_BY(which, deeper), GR_CASE_OBJECT(one, one, 1), GR_CASE_OBJECT(three, three, 2),
                GR_CASE_OBJECTS(deeper, by, 3, .alias = "deeper"));
struct asked {
    struct by by;
};
static GR_INPUT(asked, GR_BODY(by, by));
OK(asked)
GR_POST("/asked", asked);

/* --- asking --- */

static gr_app *app;
static gr_test *test;

static void setup(void)
{
    app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(app, &numbers_route, &larger_route, &smaller_route, &raw_route, &unions_route,
                                &larger_unions_route, &asked_route),
                     0);
    test = serve(app);
}

/* `begin`, then n times `item` with its number, commas between, and `finish`. */
static char *body_of(const char *begin, const char *item, size_t n, const char *finish)
{
    char *body = malloc(100 + n * (strlen(item) + 10)), *at = body + sprintf(body, "%s", begin);
    for (size_t i = 0; i < n; i++) {
        at += sprintf(at, i ? "," : "");
        at += sprintf(at, item, i);
    }
    strcpy(at, finish);
    return body;
}

static void check_body(const char *target, char *body, int status, const char *part)
{
    static const char *const json[] = {"Content-Type", "application/json", NULL};
    gr_answer *answer = gr_test_request(test, "POST", target, json, body, strlen(body));
    check_answer(answer, status, NULL);
    HAS(gr_answer_body(answer, NULL), part);
    gr_answer_free(answer);
    free(body);
}

/* So many items are taken, and one more is too many. */
static void check_most(const char *target, const char *begin, const char *item, size_t n, const char *finish)
{
    check_body(target, body_of(begin, item, n, finish), 200, "ok");
    check_body(target, body_of(begin, item, n + 1, finish), 422, TOO_MANY);
}

START_TEST(a_body_has_a_value_for_every_eight_bytes_it_may_have)
{
    setup();
    check_most("/numbers", "{\"numbers\":[", "1", VALUES - 2, "]}");
    check_most("/larger", "{\"numbers\":[", "1", LARGER * VALUES - 2, "]}");
    check_body("/smaller", body_of("{\"numbers\":[", "1", 40, "]}"), 200, "ok");
    end(test, app);
}
END_TEST

START_TEST(it_is_made_a_json_t_of_for_every_twelve)
{
    setup();
    check_most("/raw", "[", "1", BUILT - 1, "]");
    check_most("/numbers", "{\"any\":[", "1", BUILT - 1, "]}");
    check_most("/numbers", "{\"map\":{", "\"%zu\":1", BUILT / 2, "}}");
    check_most("/larger", "{\"any\":[", "1", LARGER * BODY / 12 - 1, "]}");
    end(test, app);
}
END_TEST

START_TEST(a_fault_before_the_value_that_is_too_much_is_told_first)
{
    setup();
    check_body("/numbers", body_of("{\"any\":[{\"a\":1,\"a\":1},", "1", BUILT, "]}"), 422, "Duplicate key");
    check_body("/numbers", body_of("{\"any\":[", "1", BUILT - 2, ",1e999]}"), 422, "Number out of range");
    end(test, app);
}
END_TEST

START_TEST(cases_of_unions_are_tried_for_so_many_steps)
{
    setup();
    check_body("/unions", body_of("[", "{\"n\":1}", 5000, "]"), 200, "ok");
    check_body("/unions", body_of("[", "{\"n\":1}", 16000, "]"), 422,
               "{\"detail\":[{\"type\":\"union_trials\",\"loc\":[\"body\",");
    check_body("/larger-unions", body_of("[", "{\"n\":1}", 16000, "]"), 200, "ok");
    end(test, app);
}
END_TEST

START_TEST(what_a_function_looks_at_again_and_again_is_counted_as_often)
{
    setup();
    check_body("/asked", body_of("[[", "{\"n\":1}", 1000, "]]"), 200, "ok");
    check_body("/asked", body_of("[[[[[[[[[[[[[[[[[[[[[[", "{\"n\":1}", 1000, "]]]]]]]]]]]]]]]]]]]]]]"), 422, TOO_MANY);
    end(test, app);
}
END_TEST

int main(void)
{
    test_list tests = {
        a_body_has_a_value_for_every_eight_bytes_it_may_have,         it_is_made_a_json_t_of_for_every_twelve,
        a_fault_before_the_value_that_is_too_much_is_told_first,      cases_of_unions_are_tried_for_so_many_steps,
        what_a_function_looks_at_again_and_again_is_counted_as_often, NULL};
    return run_tests("app much json", tests, 60);
}
