/* What a live FastAPI answered to 503 requests, and what we answer to the same. Where it failed with a 500, or took a
 * number that no C integer holds, we refuse with a 422. */
#include <griddle.h>
#include <griddle/testing.h>

#include "../schema/corpus.h"

/* One declaration: as a query parameter `v`, and as the member `v` of a body. Both structs have the same layout. */
#define DECLARED(id, member, entry, query_entry) \
    struct id { \
        member; \
    }; \
    static GR_MODEL(id, entry); \
    struct id##_q { \
        member; \
    }; \
    static GR_INPUT(id##_q, query_entry); \
    static gr_reply id##_q(gr_co co, gr_req *req, const struct id##_q *in) \
    { \
        (void)co; \
        return id##_reply(req, (const struct id *)(const void *)in); \
    } \
    GR_GET("/" #id "/q", id##_q); \
    IN_BODY(id)

#define IN_BODY(id) \
    struct id##_b { \
        struct id body; \
    }; \
    static GR_INPUT(id##_b, GR_BODY(body, id)); \
    static gr_reply id##_b(gr_co co, gr_req *req, const struct id##_b *in) \
    { \
        (void)co; \
        return id##_reply(req, &in->body); \
    } \
    GR_POST("/" #id "/b", id##_b)

#define SCALAR(id, member, ...) DECLARED(id, member, GR_FIELD(v, __VA_ARGS__), GR_QUERY(v, __VA_ARGS__))
#define BODY_ONLY(id, member, entry) \
    struct id { \
        member; \
    }; \
    static GR_MODEL(id, entry); \
    IN_BODY(id)

SCALAR(d_int, int64_t v, .doc = "plain");
SCALAR(d_int_range, int64_t v, GR_GE(1), GR_LE(100));
SCALAR(d_int_open, int64_t v, GR_GT(3), GR_LT(5));
SCALAR(d_int_even, int64_t v, GR_MULTIPLE_OF(2));
SCALAR(d_float, double v, .doc = "plain");
SCALAR(d_float_gt0, double v, GR_GT(0));
SCALAR(d_float_gt35, double v, GR_GT(3.5));
SCALAR(d_bool, bool v, .doc = "plain");
SCALAR(d_str, const char *v, .doc = "plain");
SCALAR(d_str_3_5, const char *v, .min_len = 3, .max_len = 5);
SCALAR(d_str_min1, const char *v, .min_len = 1);
SCALAR(d_str_max1, const char *v, .max_len = 1);
SCALAR(d_str_fix, const char *v, .pattern = "^fix$");
SCALAR(d_opt_int, int64_t *v, GR_NULLABLE);
SCALAR(d_opt_str, const char *v, GR_NULLABLE, .max_len = 3);
SCALAR(d_lit_a, const char *v, GR_LITERAL("a"));
SCALAR(d_lit_ab, const char *v, GR_LITERAL("a", "b"));
SCALAR(d_uuid, gr_uuid v, .doc = "plain");
SCALAR(d_date, gr_date v, .doc = "plain");
SCALAR(d_time, gr_time v, .doc = "plain");
SCALAR(d_url, const char *v, GR_URL);
SCALAR(d_http_url, const char *v, GR_HTTP_URL);
SCALAR(d_email, const char *v, GR_EMAIL);

enum color { RED, GREEN, BLUE };
static GR_VALUES(color, {RED, "red"}, {GREEN, "green"}, {BLUE, "blue"});
DECLARED(d_enum, enum color v, GR_ENUM(v, color), GR_ENUM(v, color, GR_FROM_QUERY));

enum grade { FIRST = 1, SECOND = 2 };
static GR_VALUES(grade, {FIRST, NULL}, {SECOND, NULL});
DECLARED(d_int_enum, enum grade v, GR_ENUM(v, grade), GR_ENUM(v, grade, GR_FROM_QUERY));

DECLARED(d_ints, gr_ints v, GR_LIST(v), GR_LIST(v, GR_FROM_QUERY));
BODY_ONLY(d_ints_2_3, gr_ints v, GR_LIST(v, .min_items = 2, .max_items = 3));
BODY_ONLY(d_map, GR_MAP_OF(double) v, GR_MAP(v));

struct sub {
    int64_t a;
    const char *b;
};
static GR_MODEL(sub, GR_FIELD(a), GR_FIELD(b, GR_OPTIONAL));
BODY_ONLY(d_sub, struct sub v, GR_OBJECT(v, sub));
BODY_ONLY(d_opt_sub, struct sub *v, GR_OBJECT(v, sub, GR_NULLABLE));
BODY_ONLY(d_subs, GR_LIST_OF(struct sub) v, GR_OBJECTS(v, sub));

struct strict {
    int64_t a;
};
static GR_MODEL(strict, GR_SELF(.extra = GR_EXTRA_FORBIDDEN), GR_FIELD(a));
BODY_ONLY(d_strict, struct strict v, GR_OBJECT(v, strict));

struct cat {
    int64_t lives;
};
static GR_MODEL(cat, GR_FIELD(lives));
struct dog {
    const char *name;
};
static GR_MODEL(dog, GR_FIELD(name));
struct pet {
    int kind;
    union {
        struct cat cat;
        struct dog dog;
    };
};
static GR_MODEL(pet, GR_TAG(kind), GR_ARM(cat, cat, 1), GR_ARM(dog, dog, 2));
BODY_ONLY(d_union, struct pet v, GR_OBJECT(v, pet));

/* FastAPI answers a dict with a datetime or a duration in it in another form than a model with one. */
BODY_ONLY(d_datetime, gr_datetime v, GR_FIELD(v));
struct d_datetime_q {
    gr_datetime v;
};
static GR_INPUT(d_datetime_q, GR_QUERY(v));
static gr_reply d_datetime_q(gr_co co, gr_req *req, const struct d_datetime_q *in)
{
    const gr_date *d = &in->v.date;
    const gr_time *t = &in->v.time;
    (void)co;
    char *text =
        gr_printf(req, "%04d-%02d-%02dT%02d:%02d:%02d", d->year, d->month, d->day, t->hour, t->minute, t->second);
    if (t->microsecond)
        text = gr_printf(req, "%s.%06d", text, (int)t->microsecond);
    if (t->has_offset)
        text = gr_printf(req, "%s+%02d:%02d", text, (int)t->offset_s / 3600, (int)t->offset_s / 60 % 60);
    return gr_json(req, json_pack("{s:s}", "v", text));
}
GR_GET("/d_datetime/q", d_datetime_q);

BODY_ONLY(d_duration, gr_duration v, GR_FIELD(v));
struct d_duration_q {
    gr_duration v;
};
static GR_INPUT(d_duration_q, GR_QUERY(v));
static gr_reply d_duration_q(gr_co co, gr_req *req, const struct d_duration_q *in)
{
    (void)co;
    return gr_json(req, json_pack("{s:f}", "v", (double)in->v.us / 1e6));
}
GR_GET("/d_duration/q", d_duration_q);

/* --- bodies as such --- */

struct item {
    const char *name;
    double price;
};
static GR_MODEL(item, GR_FIELD(name), GR_FIELD(price));
struct user {
    const char *username;
};
static GR_MODEL(user, GR_FIELD(username));

struct one_b {
    struct item item;
};
static GR_INPUT(one_b, GR_BODY(item, item));
static gr_reply one_b(gr_req *req, const struct one_b *in)
{
    return item_reply(req, &in->item);
}
GR_POST("/one/b", one_b);

struct two_b {
    struct item item;
    const struct user *user;
    int importance;
};
static GR_INPUT(two_b, GR_BODY(item, item), GR_BODY(user, user), GR_FIELD(importance, GR_GT(0)));
static gr_reply two_b(gr_co co, gr_req *req, const struct two_b *in)
{
    (void)co;
    return gr_json(req, json_pack("{s:i}", "ok", in->user && in->importance == 5));
}
GR_POST("/two/b", two_b);

struct embedded_b {
    struct item item;
};
static GR_INPUT(embedded_b, GR_BODY(item, item, .embed = true));
static gr_reply embedded_b(gr_co co, gr_req *req, const struct embedded_b *in)
{
    (void)co;
    return item_reply(req, &in->item);
}
GR_POST("/embedded/b", embedded_b);

struct single_b {
    int64_t v;
};
static GR_INPUT(single_b, GR_FIELD(v));
static gr_reply single_b(gr_co co, gr_req *req, const struct single_b *in)
{
    (void)co;
    return gr_json(req, json_integer(in->v));
}
GR_POST("/single/b", single_b);

struct optional_b {
    struct item *item;
};
static GR_INPUT(optional_b, GR_BODY(item, item, GR_OPTIONAL));
static gr_reply optional_b(gr_co co, gr_req *req, const struct optional_b *in)
{
    (void)co;
    return in->item ? item_reply(req, in->item) : gr_json(req, json_null());
}
GR_POST("/optional/b", optional_b);

/* --- the replay --- */

static const struct {
    const char *declared, *path;
} declarations[] = {
    {"int", "d_int"},
    {"int ge 1 le 100", "d_int_range"},
    {"int gt 3 lt 5", "d_int_open"},
    {"int multiple_of 2", "d_int_even"},
    {"float", "d_float"},
    {"float gt 0", "d_float_gt0"},
    {"float gt 3.5", "d_float_gt35"},
    {"bool", "d_bool"},
    {"str", "d_str"},
    {"str min 3 max 5", "d_str_3_5"},
    {"str min 1", "d_str_min1"},
    {"str max 1", "d_str_max1"},
    {"str pattern ^fix$", "d_str_fix"},
    {"optional int", "d_opt_int"},
    {"optional str max 3", "d_opt_str"},
    {"enum red green blue", "d_enum"},
    {"int enum 1 2", "d_int_enum"},
    {"literal a", "d_lit_a"},
    {"literal a b", "d_lit_ab"},
    {"list of int", "d_ints"},
    {"list of int min 2 max 3", "d_ints_2_3"},
    {"map of str to float", "d_map"},
    {"model Sub {a int, b optional str}", "d_sub"},
    {"optional model Sub", "d_opt_sub"},
    {"list of model Sub", "d_subs"},
    {"model Strict {a int}, extra forbidden", "d_strict"},
    {"union by kind: cat {lives int}, dog {name str}", "d_union"},
    {"uuid", "d_uuid"},
    {"date", "d_date"},
    {"datetime", "d_datetime"},
    {"time", "d_time"},
    {"duration", "d_duration"},
    {"url", "d_url"},
    {"http url", "d_http_url"},
    {"email", "d_email"},
    {"one model Item {name str, price float}", "one"},
    {"two models Item, User {username str} and importance int gt 0", "two"},
    {"one embedded model", "embedded"},
    {"single int body", "single"},
    {"optional model", "optional"},
};

static gr_test *test;
static int identical, better;

static const char *path_of(const char *declared)
{
    for (size_t i = 0; i < sizeof declarations / sizeof *declarations; i++)
        if (strcmp(declarations[i].declared, declared) == 0)
            return declarations[i].path;
    ck_abort_msg("a declaration that no operation has: %s", declared);
    return NULL;
}

static gr_answer *send_query(const char *path, const char *sent)
{
    char target[256];
    snprintf(target, sizeof target, "/%s%s", path, sent);
    return gr_test_get(test, target);
}

static gr_answer *send_body(const char *path, const char *place, const char *sent, size_t len)
{
    char target[256];
    const char *type = strcmp(place, "body") == 0 ? "application/json" : place + strlen("body as ");
    const char *headers[] = {"Content-Type", type, NULL};
    snprintf(target, sizeof target, "/%s/b", path);
    return gr_test_request(test, "POST", target, strcmp(type, "None") == 0 ? NULL : headers, sent, len);
}

/* What we refuse and FastAPI fails on, or takes since its integers have no end, or reads although it is no JSON. */
static bool is_better(json_t *line, int status)
{
    const char *sent = json_string_value(json_object_get(line, "sent"));
    bool too_large = strcmp(sent, "/q?v=99999999999999999999999") == 0;
    bool no_json = strstr(sent, "\\ud800") || strstr(sent, "1e400") || strstr(sent, "NaN");
    return status == 422 && (json_integer_value(json_object_get(line, "status")) == 500 || too_large || no_json);
}

static void compare(json_t *line, const char *text, int number, gr_answer *answer)
{
    int status = gr_answer_status(answer);
    const char *body = gr_answer_body(answer, NULL);
    if (is_better(line, status)) {
        ck_assert_msg(strstr(body, "json_invalid") || strstr(body, "finite_number") || strstr(body, "int_parsing_size"),
                      "line %d: %s\n     got: %s", number, text, body);
        better++;
        return;
    }
    json_t *got = json_loads(body, JSON_DECODE_ANY, NULL), *wanted = json_object_get(line, "answer");
    bool same = status == (int)json_integer_value(json_object_get(line, "status")) && json_equal(got, wanted);
    json_decref(got);
    ck_assert_msg(same, "line %d: %s\n     got: %d %s", number, text, status, body);
    identical++;
}

static void replay(const char *text, int number)
{
    json_t *line = json_loads(text, JSON_DECODE_INT_AS_REAL, NULL);
    json_t *exact = json_loads(text, 0, NULL); /* NULL: it has an integer that is too large */
    json_t *use = exact ? exact : line;
    if (!exact)
        json_object_set_new(line, "status", json_integer(200));
    json_t *sent = json_object_get(use, "sent");
    const char *place = json_string_value(json_object_get(use, "in"));
    const char *path = path_of(json_string_value(json_object_get(use, "declared")));
    gr_answer *answer = strcmp(place, "query") == 0
                            ? send_query(path, json_string_value(sent))
                            : send_body(path, place, json_string_value(sent), json_string_length(sent));
    ck_assert_msg(answer != NULL, "line %d: %s\n     got no answer", number, text);
    compare(use, text, number, answer);
    gr_answer_free(answer);
    json_decref(line);
    json_decref(exact);
}

#define BOTH(id) &id##_q_route, &id##_b_route

START_TEST(each_pair_is_answered_as_fastapi_answered_it)
{
    gr_app *app = gr_app_create("Recorded", "1");
    int rc =
        gr_app_add(app, BOTH(d_int), BOTH(d_int_range), BOTH(d_int_open), BOTH(d_int_even), BOTH(d_float),
                   BOTH(d_float_gt0), BOTH(d_float_gt35), BOTH(d_bool), BOTH(d_str), BOTH(d_str_3_5), BOTH(d_str_min1),
                   BOTH(d_str_max1), BOTH(d_str_fix), BOTH(d_opt_int), BOTH(d_opt_str), BOTH(d_lit_a), BOTH(d_lit_ab),
                   BOTH(d_uuid), BOTH(d_date), BOTH(d_time), BOTH(d_url), BOTH(d_http_url), BOTH(d_email), BOTH(d_enum),
                   BOTH(d_int_enum), BOTH(d_ints), BOTH(d_datetime), BOTH(d_duration), &d_ints_2_3_b_route,
                   &d_map_b_route, &d_sub_b_route, &d_opt_sub_b_route, &d_subs_b_route, &d_strict_b_route,
                   &d_union_b_route, &one_b_route, &two_b_route, &embedded_b_route, &single_b_route, &optional_b_route);
    ck_assert_int_eq(rc, 0);
    test = gr_test_create(app);
    ck_assert_ptr_nonnull(test);
    corpus_each_line("fastapi.jsonl", replay);
    ck_assert_int_eq(identical + better, 503);
    ck_assert_int_le(better, 30);
    gr_test_destroy(test);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    return run_tests("recorded", (test_list){each_pair_is_answered_as_fastapi_answered_it, NULL}, 60);
}
