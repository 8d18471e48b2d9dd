/* Unions without a discriminator, and values that are no objects, as operations take, answer and document them. */
#include <griddle.h>
#include <griddle/testing.h>

#include "../schema/corpus.h"

struct A {
    int64_t a;
};
static GR_MODEL(A, GR_FIELD(a));
struct B {
    const char *b;
    int64_t n;
};
static GR_MODEL(B, GR_FIELD(b), GR_FIELD(n, GR_DEFAULT(3)));

struct int_or_str {
    int which;
    union {
        int64_t number;
        const char *text;
    };
};
static GR_MODEL(int_or_str, GR_EITHER(which), GR_CASE(number, 1), GR_CASE(text, 2));
struct int_or_bool {
    int which;
    union {
        int64_t number;
        bool flag;
    };
};
static GR_MODEL(int_or_bool, GR_EITHER(which), GR_CASE(number, 1), GR_CASE(flag, 2));
struct number_or_bool {
    int which;
    union {
        int64_t number;
        double real;
        bool flag;
    };
};
static GR_MODEL(number_or_bool, GR_EITHER(which), GR_CASE(number, 1), GR_CASE(real, 2), GR_CASE(flag, 3));
struct a_or_b {
    int which;
    union {
        struct A a;
        struct B b;
    };
};
static GR_MODEL(a_or_b, GR_EITHER(which), GR_CASE_OBJECT(a, A, 1), GR_CASE_OBJECT(b, B, 2));
struct a_or_as {
    int which;
    union {
        struct A a;
        GR_LIST_OF(struct A) list;
    };
};
static GR_MODEL(a_or_as, GR_EITHER(which), GR_CASE_OBJECT(a, A, 1), GR_CASE_OBJECTS(list, A, 2));
struct a_or_int {
    int which;
    union {
        struct A a;
        int64_t number;
    };
};
static GR_MODEL(a_or_int, GR_EITHER(which), GR_CASE_OBJECT(a, A, 1), GR_CASE(number, 2));

struct lives {
    int64_t lives;
};
static GR_MODEL(lives, GR_SELF(.title = "Cat"), GR_FIELD(lives));
struct bark {
    double bark;
};
static GR_MODEL(bark, GR_SELF(.title = "Dog"), GR_FIELD(bark));
struct pet {
    int kind;
    union {
        struct lives cat;
        struct bark dog;
    };
};
static GR_MODEL(pet, GR_TAG(kind), GR_ARM(cat, lives, 1), GR_ARM(dog, bark, 2));
struct Cat {
    const char *kind;
    int64_t lives;
};
static GR_MODEL(Cat, GR_FIELD(kind, GR_LITERAL("cat")), GR_FIELD(lives));
struct Dog {
    const char *kind;
    double bark;
};
static GR_MODEL(Dog, GR_FIELD(kind, GR_LITERAL("dog")), GR_FIELD(bark));
struct cat_or_dog {
    int which;
    union {
        struct Cat cat;
        struct Dog dog;
    };
};
static GR_MODEL(cat_or_dog, GR_EITHER(which), GR_CASE_OBJECT(cat, Cat, 1), GR_CASE_OBJECT(dog, Dog, 2));
struct ints {
    gr_ints list;
};
static GR_MODEL(ints, GR_ROOT, GR_LIST(list));

/* --- bodies: as a FastAPI answered and documented them, tests/corpus/unions_http.jsonl --- */

#define EMBEDDED(id, member, entry, ...) \
    struct id { \
        member; \
    }; \
    static GR_MODEL(id, entry(v, __VA_ARGS__)); \
    struct f_##id { \
        member; \
    }; \
    static GR_INPUT(f_##id, entry(v, __VA_ARGS__, .embed = true)); \
    static gr_reply f_##id(gr_co co, gr_req *req, const struct f_##id *in) \
    { \
        (void)co; \
        return id##_reply(req, (const struct id *)(const void *)in); \
    } \
    GR_POST("/" #id, f_##id, .operation_id = "f_" #id "_post")

EMBEDDED(b1, struct int_or_str v, GR_OBJECT, int_or_str);
EMBEDDED(b2, struct number_or_bool v, GR_OBJECT, number_or_bool);
EMBEDDED(b3, struct a_or_b v, GR_OBJECT, a_or_b);
EMBEDDED(b4, GR_LIST_OF(struct a_or_b) v, GR_OBJECTS, a_or_b);
EMBEDDED(b5, struct a_or_as *v, GR_OBJECT, a_or_as, GR_NULLABLE);
EMBEDDED(b6, GR_MAP_OF(struct a_or_int) v, GR_MAP_OBJECTS, a_or_int);
EMBEDDED(b7, struct pet v, GR_OBJECT, pet);
EMBEDDED(b8, struct cat_or_dog v, GR_OBJECT, cat_or_dog);
EMBEDDED(b9, GR_LIST_OF(struct pet) v, GR_OBJECTS, pet);
EMBEDDED(b16, GR_MAP_OF(struct ints) v, GR_MAP_OBJECTS, ints);

/* --- parameters --- */

#define PARAMETER(id, verb, type, from) \
    struct f_##id { \
        struct type v; \
    }; \
    static GR_INPUT(f_##id, GR_OBJECT(v, type, from)); \
    struct id { \
        struct type v; \
    }; \
    static GR_MODEL(id, GR_OBJECT(v, type)); \
    static gr_reply f_##id(gr_co co, gr_req *req, const struct f_##id *in) \
    { \
        (void)co; \
        return id##_reply(req, (const struct id *)(const void *)in); \
    } \
    verb("/" #id, f_##id, .operation_id = "f_" #id "_post")

PARAMETER(p43, GR_GET, int_or_bool, GR_FROM_QUERY);
PARAMETER(p44, GR_GET, int_or_str, GR_FROM_QUERY);
PARAMETER(p61, GR_POST, int_or_bool, GR_FROM_FORM);
PARAMETER(p62, GR_POST, int_or_str, GR_FROM_FORM);
PARAMETER(p79, GR_GET, int_or_bool, GR_FROM_HEADER);
PARAMETER(p80, GR_GET, int_or_str, GR_FROM_HEADER);
PARAMETER(p97, GR_GET, int_or_bool, GR_FROM_COOKIE);
PARAMETER(p98, GR_GET, int_or_str, GR_FROM_COOKIE);

static gr_app *app;
static gr_test *test;
static json_t *document;

static json_t *at_path(const char *path, const char *method)
{
    json_t *item = json_object_get(json_object_get(document, "paths"), path);
    return json_object_get(item, method);
}

static json_t *component(const char *name)
{
    return json_object_get(json_object_get(json_object_get(document, "components"), "schemas"), name);
}

static void begin(void)
{
    app = gr_app_create("Unions", "1");
}

static void serve(void)
{
    test = gr_test_create(app);
    ck_assert_ptr_nonnull(test);
    gr_answer *answer = gr_test_get(test, "/openapi.json");
    document = json_loads(gr_answer_body(answer, NULL), 0, NULL);
    ck_assert_ptr_nonnull(document);
    gr_answer_free(answer);
}

static void end(void)
{
    json_decref(document);
    gr_test_destroy(test);
    gr_app_destroy(app);
}

static void want_json(const char *what, const json_t *wanted, const json_t *got)
{
    char *shown = json_dumps(got, JSON_COMPACT | JSON_ENCODE_ANY);
    ck_assert_msg(json_equal(wanted, got), "%s: got %s", what, shown ? shown : "nothing");
    free(shown);
}

static void want_answer(const char *method, const char *target, const char *sent, int status, const char *wanted)
{
    static const char *const headers[] = {"Content-Type", "application/json", NULL};
    gr_answer *answer = gr_test_request(test, method, target, sent ? headers : NULL, sent, sent ? strlen(sent) : 0);
    json_t *got = json_loads(gr_answer_body(answer, NULL), JSON_DECODE_ANY, NULL), *want = corpus_json(wanted);
    ck_assert_msg(gr_answer_status(answer) == status && json_equal(got, want), "%s %s %s: wanted %d %s, got %d %s",
                  method, target, sent ? sent : "", status, wanted, gr_answer_status(answer),
                  gr_answer_body(answer, NULL));
    json_decref(got);
    json_decref(want);
    gr_answer_free(answer);
}

static bool is_tagged; /* the cats and dogs of a tag are others than those that have their kind as a member */

static void replay_document(const json_t *row, const char *line)
{
    const char *declared = json_string_value(json_object_get(row, "declared"));
    const json_t *wanted = json_object_get(row, "document");
    const char *title = json_string_value(json_object_get(wanted, "title"));
    if (strncmp(declared, "body schema of: body", 20) == 0 && is_tagged == (strstr(declared, "discriminator") != NULL))
        want_json(line, wanted, component(title));
}

/* FastAPI calls a null that is embedded missing also where it may be null; GR_NULLABLE takes it. */
static bool is_taken_here(const char *path, const json_t *row)
{
    return strcmp(path, "/b5") == 0 && strstr(json_string_value(json_object_get(row, "sent")), "null");
}

static void replay(const char *line, int number)
{
    char path[16];
    json_t *row = corpus_json(line), *answer = json_object_get(row, "answer");
    const char *declared = json_string_value(json_object_get(row, "declared"));
    (void)number;
    if (!answer) {
        replay_document(row, line);
    } else if (sscanf(declared, "POST %15[/b0-9]:", path) == 1 && path[1] == 'b' &&
               is_tagged == (strstr(declared, "discriminator") != NULL) && !is_taken_here(path, row)) {
        char *wanted = json_dumps(answer, JSON_COMPACT | JSON_ENCODE_ANY);
        want_answer("POST", path, json_string_value(json_object_get(row, "sent")),
                    (int)json_integer_value(json_object_get(row, "status")), wanted);
        free(wanted);
    }
    json_decref(row);
}

START_TEST(bodies_are_answered_and_documented_as_fastapi_does)
{
    begin();
    is_tagged = false;
    ck_assert_int_eq(gr_app_add(app, &f_b1_route, &f_b2_route, &f_b3_route, &f_b4_route, &f_b5_route, &f_b6_route,
                                &f_b8_route, &f_b16_route),
                     0);
    serve();
    corpus_each_line("unions_http.jsonl", replay);
    end();
}
END_TEST

START_TEST(unions_with_a_tag_are_answered_and_documented_as_fastapi_does)
{
    begin();
    is_tagged = true;
    ck_assert_int_eq(gr_app_add(app, &f_b7_route, &f_b9_route), 0);
    serve();
    corpus_each_line("unions_http.jsonl", replay);
    end();
}
END_TEST

/* A row of a parameter: its place, its path and what was sent there. */
static void replay_parameter(const char *line, int number)
{
    char path[16], name[64], value[64] = "";
    json_t *row = corpus_json(line), *wanted = json_object_get(row, "answer");
    const char *declared = json_string_value(json_object_get(row, "declared"));
    const char *sent = json_string_value(json_object_get(row, "sent"));
    const char *place = json_string_value(json_object_get(row, "in"));
    (void)number;
    if (wanted && strcmp(place, "body") != 0) {
        bool form = strcmp(place, "form") == 0, query = strcmp(place, "query") == 0;
        ck_assert_int_eq(sscanf(declared, "%*s %15[^:]", path), 1);
        ck_assert(query || form || sscanf(sent, "%63[^:]: %63[^\n]", name, value) == 2);
        const char *const headers[] = {form ? "Content-Type" : name, form ? "application/x-www-form-urlencoded" : value,
                                       NULL};
        gr_answer *answer = gr_test_request(test, form ? "POST" : "GET", query ? sent : path, query ? NULL : headers,
                                            form ? sent : NULL, form ? strlen(sent) : 0);
        want_json(line, wanted, gr_answer_json(answer));
        ck_assert_int_eq(gr_answer_status(answer), json_integer_value(json_object_get(row, "status")));
        gr_answer_free(answer);
    }
    json_decref(row);
}

static void replay_parameter_document(const char *line, int number)
{
    static const struct {
        const char *declared, *path;
    } documents[] = {{"query v: int or bool", "/p43"},  {"query v: int or str", "/p44"},
                     {"header v: int or bool", "/p79"}, {"header v: int or str", "/p80"},
                     {"cookie v: int or bool", "/p97"}, {"cookie v: int or str", "/p98"}};
    json_t *row = corpus_json(line), *wanted = json_object_get(row, "document");
    const char *declared = json_string_value(json_object_get(row, "declared"));
    (void)number;
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
        if (strcmp(declared, documents[i].declared) == 0)
            want_json(line, wanted,
                      json_array_get(json_object_get(at_path(documents[i].path, "get"), "parameters"), 0));
    if (strncmp(declared, "body schema of: form", 20) == 0)
        want_json(line, wanted, component(json_string_value(json_object_get(wanted, "title"))));
    json_decref(row);
}

struct lists {
    GR_LIST_OF(struct int_or_bool) v;
    struct int_or_str *w;
};
static GR_INPUT(lists, GR_OBJECTS(v, int_or_bool, GR_FROM_QUERY), GR_OBJECT(w, int_or_str, GR_FROM_QUERY, GR_OPTIONAL));
static gr_reply lists(gr_co co, gr_req *req, const struct lists *in)
{
    (void)co;
    json_t *all = json_array();
    for (size_t i = 0; i < in->v.len; i++)
        json_array_append_new(all, in->v.at[i].which == 1 ? json_integer(in->v.at[i].number)
                                                          : json_boolean(in->v.at[i].flag));
    return gr_json(req, json_pack("{s:o,s:s?}", "v", all, "w", in->w ? in->w->text : NULL));
}
GR_GET("/lists", lists);
struct in_path {
    struct int_or_bool v;
};
static GR_INPUT(in_path, GR_OBJECT(v, int_or_bool, GR_FROM_PATH));
static gr_reply in_path(gr_co co, gr_req *req, const struct in_path *in)
{
    (void)co;
    return int_or_bool_reply(req, &in->v);
}
GR_GET("/path/{v}", in_path);

START_TEST(parameters_are_unions_of_scalars_as_in_fastapi)
{
    begin();
    ck_assert_int_eq(gr_app_add(app, &f_p43_route, &f_p44_route, &f_p61_route, &f_p62_route, &f_p79_route, &f_p80_route,
                                &f_p97_route, &f_p98_route, &lists_route, &in_path_route),
                     0);
    serve();
    corpus_each_line("unions_http.jsonl", replay_parameter);
    corpus_each_line("unions_http.jsonl", replay_parameter_document);
    want_answer("GET", "/lists?v=1&v=true&v=7", NULL, 200, "{\"v\":[1,true,7],\"w\":null}");
    want_answer("GET", "/lists?v=1&w=x", NULL, 200, "{\"v\":[1],\"w\":\"x\"}");
    want_answer(
        "GET", "/lists?v=1&v=x", NULL, 422,
        "{\"detail\":[{\"type\":\"int_parsing\",\"loc\":[\"query\",\"v\",1,\"int\"],\"msg\":\"Input should be a valid "
        "integer, unable to parse string as an "
        "integer\",\"input\":\"x\"},{\"type\":\"bool_parsing\",\"loc\":[\"query\","
        "\"v\",1,\"bool\"],\"msg\":\"Input should be a valid boolean, unable to interpret input\",\"input\":\"x\"}]}");
    want_answer("GET", "/path/true", NULL, 200, "true");
    end();
}
END_TEST

/* --- replies --- */

struct whole {
    int64_t n;
};
static GR_MODEL(whole, GR_ROOT, GR_FIELD(n, GR_LT(10)));
static gr_reply scalar(gr_req *req)
{
    return whole_reply(req, &(struct whole){atoi(gr_query_string(req))});
}
GR_GET("/scalar", scalar, .response = whole_model);

struct names {
    gr_strings list;
};
static GR_MODEL(names, GR_ROOT, GR_LIST(list, .max_items = 2));
static gr_reply names(gr_req *req)
{
    const char *two[] = {"a", "b"};
    return names_reply(req, &(struct names){{two, 2}});
}
GR_GET("/names", names, .response = names_model);

struct scores {
    GR_MAP_OF(double) by_name;
};
static GR_MODEL(scores, GR_ROOT, GR_MAP(by_name));
static gr_reply scores(gr_req *req)
{
    return scores_reply_json(req, json_pack("{s:f}", "ann", 1.5));
}
GR_GET("/scores", scores, .response = scores_model);

static gr_reply one(gr_req *req)
{
    return a_or_b_reply(req, &(struct a_or_b){.which = atoi(gr_query_string(req)), .b = {.b = "x", .n = 4}});
}
GR_GET("/one", one, .response = a_or_b_model);

static gr_reply several(gr_req *req)
{
    struct a_or_b all[] = {{.which = 1, .a = {7}}, {.which = 2, .b = {"x", 4}}};
    return a_or_b_reply_list(req, all, 2);
}
GR_GET("/several", several, .response = a_or_b_model, .response_list = true,
       .responses = GR_RESPONSES({404, .model = int_or_str_model}, {409, .model = A_model, .list = true}));

static gr_reply read_list(gr_req *req)
{
    return names_reply_json(req, json_pack("[s, s]", "x", "y"));
}
GR_GET("/read", read_list, .response = names_model);

static gr_reply rows(gr_req *req)
{
    return ints_reply_json(req, json_pack("[[i, i], []]", 1, 2));
}
GR_GET("/rows", rows, .response = ints_model, .response_list = true);

static void add_replies(void)
{
    begin();
    ck_assert_int_eq(gr_app_add(app, &scalar_route, &names_route, &scores_route, &one_route, &several_route,
                                &read_list_route, &rows_route),
                     0);
    serve();
}

static void want_failure(const char *target)
{
    gr_answer *answer = gr_test_get(test, target);
    ck_assert_int_eq(gr_answer_status(answer), 500);
    gr_answer_free(answer);
}

START_TEST(a_reply_is_a_scalar_a_list_a_map_or_a_union)
{
    add_replies();
    want_answer("GET", "/scalar?5", NULL, 200, "5");
    want_answer("GET", "/names", NULL, 200, "[\"a\",\"b\"]");
    want_answer("GET", "/scores", NULL, 200, "{\"ann\":1.5}");
    want_answer("GET", "/one?2", NULL, 200, "{\"b\":\"x\",\"n\":4}");
    want_answer("GET", "/several", NULL, 200, "[{\"a\":7},{\"b\":\"x\",\"n\":4}]");
    want_answer("GET", "/read", NULL, 200, "[\"x\",\"y\"]");
    want_answer("GET", "/rows", NULL, 200, "[[1,2],[]]");
    want_failure("/scalar?10");
    want_failure("/one?3");
    end();
}
END_TEST

static void want_response(const char *path, const char *status, const char *wanted)
{
    json_t *want = corpus_json(wanted);
    json_t *of = json_object_get(json_object_get(at_path(path, "get"), "responses"), status);
    of = json_object_get(json_object_get(of, "content"), "application/json");
    want_json(path, want, json_object_get(of, "schema"));
    json_decref(want);
}

START_TEST(such_replies_are_documented_where_they_stand)
{
    static const char a_or_b[] =
        "\"anyOf\":[{\"$ref\":\"#/components/schemas/A\"},{\"$ref\":\"#/components/schemas/B\"}]";
    char wanted[512];
    add_replies();
    want_response("/scalar", "200",
                  "{\"type\":\"integer\",\"exclusiveMaximum\":10,\"title\":\"Response Scalar Scalar Get\"}");
    want_response(
        "/names", "200",
        "{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"maxItems\":2,\"title\":\"Response Names Names Get\"}");
    want_response("/scores", "200",
                  "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"number\"},\"title\":\"Response Scores "
                  "Scores Get\"}");
    snprintf(wanted, sizeof wanted, "{%s,\"title\":\"Response One One Get\"}", a_or_b);
    want_response("/one", "200", wanted);
    snprintf(wanted, sizeof wanted, "{\"type\":\"array\",\"items\":{%s},\"title\":\"Response Several Several Get\"}",
             a_or_b);
    want_response("/several", "200", wanted);
    want_response(
        "/several", "404",
        "{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"string\"}],\"title\":\"Response 404 Several Several Get\"}");
    want_response("/several", "409",
                  "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/A\"},\"title\":\"Response 409 "
                  "Several Several Get\"}");
    end();
}
END_TEST

/* --- whole bodies --- */

struct take_union {
    struct a_or_b body;
};
static GR_INPUT(take_union, GR_BODY(body, a_or_b));
static gr_reply take_union(gr_co co, gr_req *req, const struct take_union *in)
{
    (void)co;
    return a_or_b_reply(req, &in->body);
}
GR_POST("/union", take_union, .response = a_or_b_model);
struct take_list {
    struct names names;
};
static GR_INPUT(take_list, GR_BODY(names, names));
static gr_reply take_list(gr_co co, gr_req *req, const struct take_list *in)
{
    (void)co;
    return names_reply(req, &in->names);
}
GR_POST("/list", take_list, .response = names_model);

START_TEST(a_whole_body_is_a_union_or_a_list)
{
    begin();
    ck_assert_int_eq(gr_app_add(app, &take_union_route, &take_list_route), 0);
    serve();
    want_answer("POST", "/union", "{\"b\":\"x\"}", 200, "{\"b\":\"x\",\"n\":3}");
    want_answer(
        "POST", "/union", "{}", 422,
        "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"A\",\"a\"],\"msg\":\"Field required\",\"input\":{}},"
        "{\"type\":\"missing\",\"loc\":[\"body\",\"B\",\"b\"],\"msg\":\"Field required\",\"input\":{}}]}");
    want_answer("POST", "/list", "[\"x\"]", 200, "[\"x\"]");
    want_answer("POST", "/list", "[1]", 422,
                "{\"detail\":[{\"type\":\"string_type\",\"loc\":[\"body\",0],\"msg\":\"Input should be a valid "
                "string\",\"input\":1}]}");
    json_t *schema = json_object_get(json_object_get(at_path("/union", "post"), "requestBody"), "content");
    json_t *want = corpus_json(
        "{\"anyOf\":[{\"$ref\":\"#/components/schemas/A\"},{\"$ref\":\"#/components/schemas/B\"}],\"title\":\"Body\"}");
    want_json("/union", want, json_object_get(json_object_get(schema, "application/json"), "schema"));
    json_decref(want);
    end();
}
END_TEST

/* --- unions inside of what stands in a query --- */

static const char *be_below_five(const void *value)
{
    const struct int_or_bool *one = value;
    return one->which == 1 && one->number >= 5 ? "too much" : NULL;
}
struct spot {
    struct int_or_str at;
    struct int_or_str *behind;
    gr_decimal far;
};
static GR_MODEL(spot, GR_SELF(.tuple = true), GR_OBJECT(at, int_or_str), GR_OBJECT(behind, int_or_str, GR_NULLABLE),
                GR_FIELD(far, .allow_inf_nan = true));
struct find_spot {
    struct spot spot;
};
static GR_INPUT(find_spot, GR_OBJECT(spot, spot, GR_FROM_QUERY));
static gr_reply find_spot(gr_co co, gr_req *req, const struct find_spot *in)
{
    (void)co;
    return spot_reply(req, &in->spot);
}
GR_GET("/spot", find_spot, .response = spot_model);

START_TEST(a_position_of_a_tuple_in_a_query_may_be_a_union)
{
    begin();
    ck_assert_int_eq(gr_app_add(app, &find_spot_route), 0);
    serve();
    want_answer("GET", "/spot?spot=x&spot=7&spot=nan", NULL, 200, "[\"x\",\"7\",\"NaN\"]");
    end();
}
END_TEST

struct find_number {
    struct int_or_bool *one;
    GR_LIST_OF(struct int_or_bool) few;
};
static GR_INPUT(find_number, GR_OBJECT(one, int_or_bool, GR_FROM_QUERY, .validate = be_below_five),
                GR_OBJECTS(few, int_or_bool, GR_FROM_QUERY, .validate = be_below_five));
static gr_reply find_number(gr_co co, gr_req *req, const struct find_number *in)
{
    (void)co;
    return int_or_bool_reply(req, in->one);
}
GR_GET("/number", find_number, .response = int_or_bool_model);

START_TEST(a_check_of_ones_own_looks_at_unions_in_a_query)
{
    begin();
    ck_assert_int_eq(gr_app_add(app, &find_number_route), 0);
    serve();
    want_answer("GET", "/number?one=4&few=1", NULL, 200, "4");
    want_answer(
        "GET", "/number?one=5&few=1&few=6", NULL, 422,
        "{\"detail\":[{\"type\":\"value_error\",\"loc\":[\"query\",\"one\"],\"msg\":\"Value error, too "
        "much\",\"input\":\"5\",\"ctx\":{\"error\":{}}},{\"type\":\"value_error\",\"loc\":[\"query\",\"few\",1],"
        "\"msg\":\"Value error, too much\",\"input\":\"6\",\"ctx\":{\"error\":{}}}]}");
    end();
}
END_TEST

struct open_box {
    int64_t number;
    json_t *rest;
};
static GR_MODEL(open_box, GR_FIELD(number, .alias = "n"), GR_REST(rest));
struct named {
    struct open_box body;
};
static GR_INPUT(named, GR_BODY(body, open_box));
static gr_reply named(gr_co co, gr_req *req, const struct named *in)
{
    (void)co;
    return open_box_reply(req, &in->body);
}
GR_POST("/named", named, .response = open_box_model, .response_by_name = true);

START_TEST(a_reply_by_names_has_no_name_twice)
{
    begin();
    ck_assert_int_eq(gr_app_add(app, &named_route), 0);
    serve();
    want_answer("POST", "/named", "{\"n\":1,\"more\":2}", 200, "{\"number\":1,\"more\":2}");
    gr_answer *answer = gr_test_post_json(test, "/named", "{\"n\":1,\"number\":2}");
    ck_assert_int_eq(gr_answer_status(answer), 500);
    gr_answer_free(answer);
    end();
}
END_TEST

int main(void)
{
    return run_tests(
        "unions",
        (test_list){bodies_are_answered_and_documented_as_fastapi_does,
                    unions_with_a_tag_are_answered_and_documented_as_fastapi_does,
                    a_reply_is_a_scalar_a_list_a_map_or_a_union, such_replies_are_documented_where_they_stand,
                    a_whole_body_is_a_union_or_a_list, parameters_are_unions_of_scalars_as_in_fastapi,
                    a_position_of_a_tuple_in_a_query_may_be_a_union, a_check_of_ones_own_looks_at_unions_in_a_query,
                    a_reply_by_names_has_no_name_twice, NULL},
        20);
}
