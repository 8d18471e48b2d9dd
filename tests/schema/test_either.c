/* Unions without a discriminator: which case is read, what is said where none fits, and what that costs. */
#include "corpus.h"
#include "schema/check.h"
#include "schema/decode.h"
#include "schema/encode.h"
#include "schema/openapi.h"

static struct gri_arena memory;
static struct gri_errors errors;
static struct gri_schema *schema;
static json_t *kept;
static struct gri_json_error json_error;

static void setup(void)
{
    gri_arena_init(&memory, NULL, 0);
    gri_errors_init(&errors, &memory);
    schema = gri_schema_create();
    kept = NULL;
}

static void teardown(void)
{
    json_decref(kept);
    gri_schema_destroy(schema);
    gri_arena_finish(&memory);
}

/* One value of the model, or a list of them. */
static int decode(const gr_model *model, bool list, const char *json, size_t len, void *to)
{
    static const gr_field none = {.name = ""};
    struct gri_steps steps;
    struct gri_decoding d = {.arena = &memory, .errors = &errors, .steps = &steps};
    struct gri_member root = {.field = &none, .type = GR_TYPE_OBJECT, .plan = gri_schema_plan(schema, model)};
    size_t size = list ? sizeof(struct gri_sequence) : model->struct_size;
    memset(to, 0, size);
    root.shape = list ? GR_SEQUENCE : 0;
    root.size = root.stride = model->struct_size;
    gri_steps_init(&steps, 0, NULL);
    int rc = gri_decode(&d, json, len, &root, to, size);
    gri_steps_finish(&steps);
    kept = d.values;
    json_error = d.json_error;
    return rc;
}

static void encode(const gr_model *model, bool list, const void *value, struct gri_buf *buf)
{
    struct gri_culprit culprit = {0};
    struct gri_steps steps;
    struct gri_sequence items = {NULL, 0};
    const struct gri_plan *plan = gri_schema_plan(schema, model);
    if (list)
        memcpy(&items, value, sizeof items);
    gri_steps_init(&steps, 0, NULL);
    int rc = list ? gri_encode_structs(buf, plan, items.at, items.len, NULL, &steps, &culprit)
                  : gri_encode_struct(buf, plan, value, NULL, &steps, &culprit);
    gri_steps_finish(&steps);
    ck_assert_msg(rc == 0, "%s.%s: %s", culprit.model, culprit.field, culprit.why);
}

/* What is read and sent again, or the errors, each as "type:loc". */
static void answer(const gr_model *model, const char *json, struct gri_buf *buf)
{
    _Alignas(16) char value[1024];
    ck_assert_uint_le(model->struct_size, sizeof value);
    gri_buf_init(buf, NULL);
    int rc = decode(model, false, json, strlen(json), value);
    ck_assert_msg(rc == 0, "of %s got %d: %s", json, rc, json_error.text);
    if (!errors.count)
        encode(model, false, value, buf);
    for (size_t i = 0; i < gri_errors_kept(&errors); i++) {
        gri_buf_printf(buf, "%s%s:", i ? " " : "", gri_error_type(errors.kept[i]));
        gri_error_write_loc(errors.kept[i], buf);
    }
}

static void want(const gr_model *model, const char *json, const char *wanted)
{
    struct gri_buf buf;
    setup();
    answer(model, json, &buf);
    want_text(&buf, wanted);
    gri_buf_finish(&buf);
    teardown();
}

/* --- what pydantic makes of it: tests/corpus/unions.jsonl --- */

struct M1 {
    int64_t a;
};
static GR_MODEL(M1, GR_FIELD(a));
struct M2 {
    int64_t a, b;
};
static GR_MODEL(M2, GR_FIELD(a), GR_FIELD(b, GR_DEFAULT(0)));
struct M3 {
    const char *a;
};
static GR_MODEL(M3, GR_FIELD(a));
struct M4 {
    const char *b;
};
static GR_MODEL(M4, GR_FIELD(b));
struct M5 {
    int64_t a;
};
static GR_MODEL(M5, GR_SELF(.extra = GR_EXTRA_FORBIDDEN), GR_FIELD(a));
struct M6 {
    int64_t *a, *c;
};
static GR_MODEL(M6, GR_FIELD(a, GR_OPTIONAL), GR_FIELD(c, GR_OPTIONAL));
struct M8 {
    double a;
};
static GR_MODEL(M8, GR_FIELD(a));
struct N1 {
    struct M1 m;
};
static GR_MODEL(N1, GR_OBJECT(m, M1));
struct N2 {
    struct M2 m;
};
static GR_MODEL(N2, GR_OBJECT(m, M2));
struct SubModelA {
    int64_t x;
};
static GR_MODEL(SubModelA, GR_FIELD(x, GR_DEFAULT(1)));
struct SubModelB {
    int64_t y;
};
static GR_MODEL(SubModelB, GR_FIELD(y, GR_DEFAULT(2)));

/* One name in pydantic, several models here. */
struct a_default {
    int64_t a;
};
static GR_MODEL(a_default, GR_FIELD(a, GR_DEFAULT(0)));
struct b_default {
    int64_t b;
};
static GR_MODEL(b_default, GR_FIELD(b, GR_DEFAULT(0)));
struct ab {
    int64_t a, b;
};
static GR_MODEL(ab, GR_FIELD(a), GR_FIELD(b));
struct sub_a {
    struct SubModelA sub;
};
static GR_MODEL(sub_a, GR_OBJECT(sub, SubModelA));
struct sub_b {
    struct SubModelB sub;
};
static GR_MODEL(sub_b, GR_OBJECT(sub, SubModelB));
struct xy {
    int64_t x, y;
};
static GR_MODEL(xy, GR_FIELD(x), GR_FIELD(y, GR_DEFAULT(1)));
struct x {
    int64_t x;
};
static GR_MODEL(x, GR_FIELD(x));
struct x_text {
    const char *x;
};
static GR_MODEL(x_text, GR_FIELD(x));

enum E { RED, GREEN };
static GR_VALUES(E, {RED, "red"}, {GREEN, "green"});
enum EI { ONE = 1, TWO };
static GR_VALUES(EI, {ONE, NULL}, {TWO, NULL});

/* Every union of these tests has the same members, of which its table names some. */
#define UNION(tag, ...) \
    struct tag { \
        int which; \
        union { \
            bool b; \
            int64_t i, j; \
            double f; \
            const char *s, *t; \
            gr_bytes bytes; \
            gr_date date; \
            gr_datetime datetime; \
            gr_time time; \
            gr_duration duration; \
            gr_uuid uuid; \
            enum E e; \
            enum EI ei; \
            GR_LIST_OF(json_t *) anys; \
            GR_LIST_OF(bool) bools; \
            GR_LIST_OF(int64_t) ints; \
            GR_LIST_OF(const char *) texts; \
            GR_LIST_OF(struct M1) m1s; \
            GR_LIST_OF(struct M2) m2s; \
            GR_LIST_OF(struct int_or_float) numbers; \
            GR_MAP_OF(json_t *) any_map; \
            GR_MAP_OF(int64_t) int_map; \
            GR_MAP_OF(const char *) text_map; \
            struct M1 m1; \
            struct M2 m2; \
            struct M3 m3; \
            struct M4 m4; \
            struct M5 m5; \
            struct M6 m6; \
            struct M8 m8; \
            struct N1 n1; \
            struct N2 n2; \
            struct a_default a_default; \
            struct b_default b_default; \
            struct ab ab; \
            struct sub_a sub_a; \
            struct sub_b sub_b; \
            struct xy xy; \
            struct x x; \
            struct x_text x_text; \
        }; \
    }; \
    static GR_MODEL(tag, GR_EITHER(which), __VA_ARGS__)

struct int_or_float {
    int which;
    union {
        int64_t i;
        double f;
    };
};
static GR_MODEL(int_or_float, GR_EITHER(which), GR_CASE(i, 1), GR_CASE(f, 2));

#define A(m, n) GR_CASE_OBJECT(m, m, n)
UNION(bool_int, GR_CASE(b, 1), GR_CASE(i, 2));
UNION(bytes_str, GR_CASE(bytes, 1), GR_CASE(s, 2));
UNION(date_datetime, GR_CASE(date, 1), GR_CASE(datetime, 2));
UNION(dict_any_m2, GR_CASE_MAP(any_map, 1), GR_CASE_OBJECT(m2, M2, 2));
UNION(dict_int_dict_str, GR_CASE_MAP(int_map, 1), GR_CASE_MAP(text_map, 2));
UNION(dict_int_list_int, GR_CASE_MAP(int_map, 1), GR_CASE_LIST(ints, 2));
UNION(dict_int_m1, GR_CASE_MAP(int_map, 1), GR_CASE_OBJECT(m1, M1, 2));
UNION(e_str, GR_CASE_ENUM(e, E, 1), GR_CASE(s, 2));
UNION(float_list, GR_CASE(f, 1), GR_CASE_LIST(anys, 2));
UNION(int_gt_int_lt, GR_CASE(i, 1, GR_GT(5)), GR_CASE(j, 2, GR_LT(0)));
UNION(int_gt_str, GR_CASE(i, 1, GR_GT(5)), GR_CASE(s, 2, .max_len = 2));
UNION(int_bool_str, GR_CASE(i, 1), GR_CASE(b, 2), GR_CASE(s, 3));
UNION(int_bool, GR_CASE(i, 1), GR_CASE(b, 2));
UNION(int_float_str, GR_CASE(i, 1), GR_CASE(f, 2), GR_CASE(s, 3));
UNION(int_float, GR_CASE(i, 1), GR_CASE(f, 2));
UNION(int_list, GR_CASE(i, 1), GR_CASE_LIST(anys, 2));
UNION(int_str_list, GR_CASE(i, 1), GR_CASE(s, 2), GR_CASE_OBJECTS(numbers, int_or_float, 3));
UNION(int_str, GR_CASE(i, 1), GR_CASE(s, 2));
UNION(int_uuid, GR_CASE(i, 1), GR_CASE(uuid, 2));
UNION(bools_ints, GR_CASE_LIST(bools, 1), GR_CASE_LIST(ints, 2));
UNION(one_int_int, GR_CASE_LIST(ints, 1, .max_items = 1), GR_CASE(i, 2));
UNION(ints_int, GR_CASE_LIST(ints, 1), GR_CASE(i, 2));
UNION(ints_texts, GR_CASE_LIST(ints, 1), GR_CASE_LIST(texts, 2));
UNION(m1s_m2s, GR_CASE_OBJECTS(m1s, M1, 1), GR_CASE_OBJECTS(m2s, M2, 2));
UNION(texts_ints, GR_CASE_LIST(texts, 1), GR_CASE_LIST(ints, 2));
UNION(a_b_int, GR_CASE(s, 1, GR_LITERAL("a", "b")), GR_CASE(i, 2));
UNION(a_int, GR_CASE(s, 1, GR_LITERAL("a")), GR_CASE(i, 2));
UNION(m1_dict_int, GR_CASE_OBJECT(m1, M1, 1), GR_CASE_MAP(int_map, 2));
UNION(m1_m2_m3_m4, GR_CASE_OBJECT(m1, M1, 1), GR_CASE_OBJECT(m2, M2, 2), GR_CASE_OBJECT(m3, M3, 3),
      GR_CASE_OBJECT(m4, M4, 4));
UNION(m1_m2, GR_CASE_OBJECT(m1, M1, 1), GR_CASE_OBJECT(m2, M2, 2));
UNION(m1_m3, GR_CASE_OBJECT(m1, M1, 1), GR_CASE_OBJECT(m3, M3, 2));
UNION(m1_m4, GR_CASE_OBJECT(m1, M1, 1), GR_CASE_OBJECT(m4, M4, 2));
UNION(m1_m8, GR_CASE_OBJECT(m1, M1, 1), GR_CASE_OBJECT(m8, M8, 2));
UNION(m2_m1, GR_CASE_OBJECT(m2, M2, 1), GR_CASE_OBJECT(m1, M1, 2));
UNION(m2_m6, GR_CASE_OBJECT(m2, M2, 1), GR_CASE_OBJECT(m6, M6, 2));
UNION(m3_m1, GR_CASE_OBJECT(m3, M3, 1), GR_CASE_OBJECT(m1, M1, 2));
UNION(m4_m1, GR_CASE_OBJECT(m4, M4, 1), GR_CASE_OBJECT(m1, M1, 2));
UNION(m5_m2, GR_CASE_OBJECT(m5, M5, 1), GR_CASE_OBJECT(m2, M2, 2));
UNION(m6_m2, GR_CASE_OBJECT(m6, M6, 1), GR_CASE_OBJECT(m2, M2, 2));
UNION(m8_m1, GR_CASE_OBJECT(m8, M8, 1), GR_CASE_OBJECT(m1, M1, 2));
UNION(n1_n2, GR_CASE_OBJECT(n1, N1, 1), GR_CASE_OBJECT(n2, N2, 2));
UNION(n2_n1, GR_CASE_OBJECT(n2, N2, 1), GR_CASE_OBJECT(n1, N1, 2));
UNION(str_min_str_pattern, GR_CASE(s, 1, .min_len = 3), GR_CASE(t, 2, .pattern = "^a$"));
UNION(str_bool, GR_CASE(s, 1), GR_CASE(b, 2));
UNION(str_int, GR_CASE(s, 1), GR_CASE(i, 2));
UNION(time_duration, GR_CASE(time, 1), GR_CASE(duration, 2));
UNION(uuid_str, GR_CASE(uuid, 1), GR_CASE(s, 2));
UNION(bool_str, GR_CASE(b, 1), GR_CASE(s, 2));
UNION(date_str, GR_CASE(date, 1), GR_CASE(s, 2));
UNION(datetime_date, GR_CASE(datetime, 1), GR_CASE(date, 2));
UNION(datetime_str, GR_CASE(datetime, 1), GR_CASE(s, 2));
UNION(ei_int, GR_CASE_ENUM(ei, EI, 1), GR_CASE(i, 2));
UNION(ei_str, GR_CASE_ENUM(ei, EI, 1), GR_CASE(s, 2));
UNION(float_int, GR_CASE(f, 1), GR_CASE(i, 2));
UNION(float_str, GR_CASE(f, 1), GR_CASE(s, 2));
UNION(int_ei, GR_CASE(i, 1), GR_CASE_ENUM(ei, EI, 2));
UNION(int_one, GR_CASE(i, 1), GR_CASE(s, 2, GR_LITERAL("1")));
UNION(int_duration, GR_CASE(i, 1), GR_CASE(duration, 2));
UNION(one_int, GR_CASE(s, 1, GR_LITERAL("1")), GR_CASE(i, 2));
UNION(a_default_b_default, A(a_default, 1), A(b_default, 2));
UNION(a_ab, GR_CASE_OBJECT(m1, M1, 1), A(ab, 2));
UNION(sub_a_sub_b, A(sub_a, 1), A(sub_b, 2));
UNION(xy_x, A(xy, 1), A(x, 2));
UNION(x_x_text, A(x, 1), A(x_text, 2));
UNION(ab_a, A(ab, 1), GR_CASE_OBJECT(m1, M1, 2));
UNION(b_default_a_default, A(b_default, 1), A(a_default, 2));
UNION(sub_b_sub_a, A(sub_b, 1), A(sub_a, 2));
UNION(str_bytes, GR_CASE(s, 1), GR_CASE(bytes, 2));
UNION(str_date, GR_CASE(s, 1), GR_CASE(date, 2));
UNION(str_datetime, GR_CASE(s, 1), GR_CASE(datetime, 2));
UNION(str_e, GR_CASE(s, 1), GR_CASE_ENUM(e, E, 2));
UNION(str_float, GR_CASE(s, 1), GR_CASE(f, 2));
UNION(str_time, GR_CASE(s, 1), GR_CASE(time, 2));
UNION(str_duration, GR_CASE(s, 1), GR_CASE(duration, 2));
UNION(str_url, GR_CASE(s, 1), GR_CASE(t, 2, GR_URL));
UNION(str_uuid, GR_CASE(s, 1), GR_CASE(uuid, 2));
UNION(time_str, GR_CASE(time, 1), GR_CASE(s, 2));
UNION(duration_int, GR_CASE(duration, 1), GR_CASE(i, 2));
UNION(duration_str, GR_CASE(duration, 1), GR_CASE(s, 2));
UNION(url_str, GR_CASE(t, 1, GR_URL), GR_CASE(s, 2));

static const struct declared {
    const char *text;
    gr_model_fn *model;
} declared[] = {
    {"union(bool | int)", bool_int_model},
    {"union(bytes | str)", bytes_str_model},
    {"union(date | datetime)", date_datetime_model},
    {"union(dict[str, any] | model M2 {a: int, b: int (default 0)})", dict_any_m2_model},
    {"union(dict[str, int] | dict[str, str])", dict_int_dict_str_model},
    {"union(dict[str, int] | list of int)", dict_int_list_int_model},
    {"union(dict[str, int] | model M1 {a: int})", dict_int_m1_model},
    {"union(enum E (str) {r = 'red', g = 'green'} | str)", e_str_model},
    {"union(float | list of any)", float_list_model},
    {"union(int gt 5 | int lt 0)", int_gt_int_lt_model},
    {"union(int gt 5 | str max_length 2)", int_gt_str_model},
    {"union(int | bool | str)", int_bool_str_model},
    {"union(int | bool)", int_bool_model},
    {"union(int | float | str)", int_float_str_model},
    {"union(int | float)", int_float_model},
    {"union(int | list of any)", int_list_model},
    {"union(int | str | list of union(int | float))", int_str_list_model},
    {"union(int | str)", int_str_model},
    {"union(int | uuid)", int_uuid_model},
    {"union(list of bool | list of int)", bools_ints_model},
    {"union(list of int max_length 1 | int)", one_int_int_model},
    {"union(list of int | int)", ints_int_model},
    {"union(list of int | list of str)", ints_texts_model},
    {"union(list of model M1 {a: int} | list of model M2 {a: int, b: int (default 0)})", m1s_m2s_model},
    {"union(list of str | list of int)", texts_ints_model},
    {"union(literal['a', 'b'] | int)", a_b_int_model},
    {"union(literal['a'] | int)", a_int_model},
    {"union(model M1 {a: int} | dict[str, int])", m1_dict_int_model},
    {"union(model M1 {a: int} | model M2 {a: int, b: int (default 0)} | model M3 {a: str} | model M4 {b: str})",
     m1_m2_m3_m4_model},
    {"union(model M1 {a: int} | model M2 {a: int, b: int (default 0)})", m1_m2_model},
    {"union(model M1 {a: int} | model M3 {a: str})", m1_m3_model},
    {"union(model M1 {a: int} | model M4 {b: str})", m1_m4_model},
    {"union(model M1 {a: int} | model M8 {a: float})", m1_m8_model},
    {"union(model M2 {a: int, b: int (default 0)} | model M1 {a: int})", m2_m1_model},
    {"union(model M2 {a: int, b: int (default 0)} | model M6 {a: nullable(int) (default None), c: nullable(int) "
     "(default None)})",
     m2_m6_model},
    {"union(model M3 {a: str} | model M1 {a: int})", m3_m1_model},
    {"union(model M4 {b: str} | model M1 {a: int})", m4_m1_model},
    {"union(model M5 config {extra_fields_behavior forbid} {a: int} | model M2 {a: int, b: int (default 0)})",
     m5_m2_model},
    {"union(model M6 {a: nullable(int) (default None), c: nullable(int) (default None)} | model M2 {a: int, b: int "
     "(default 0)})",
     m6_m2_model},
    {"union(model M8 {a: float} | model M1 {a: int})", m8_m1_model},
    {"union(model N1 {m: model M1 {a: int}} | model N2 {m: model M2 {a: int, b: int (default 0)}})", n1_n2_model},
    {"union(model N2 {m: model M2 {a: int, b: int (default 0)}} | model N1 {m: model M1 {a: int}})", n2_n1_model},
    {"union(str min_length 3 | str pattern ^a$)", str_min_str_pattern_model},
    {"union(str | bool)", str_bool_model},
    {"union(str | int)", str_int_model},
    {"union(time | timedelta)", time_duration_model},
    {"union(uuid | str)", uuid_str_model},
    {"union(bool | str)", bool_str_model},
    {"union(date | str)", date_str_model},
    {"union(datetime | date)", datetime_date_model},
    {"union(datetime | str)", datetime_str_model},
    {"union(enum EI (int) {one = 1, two = 2} | int)", ei_int_model},
    {"union(enum EI (int) {one = 1, two = 2} | str)", ei_str_model},
    {"union(float | int)", float_int_model},
    {"union(float | str)", float_str_model},
    {"union(int | enum EI (int) {one = 1, two = 2})", int_ei_model},
    {"union(int | literal['1'])", int_one_model},
    {"union(int | timedelta)", int_duration_model},
    {"union(literal['1'] | int)", one_int_model},
    {"union(model ModelA {a: int (default 0)} | model ModelB {b: int (default 0)})", a_default_b_default_model},
    {"union(model ModelA {a: int} | model ModelB {a: int, b: int})", a_ab_model},
    {"union(model ModelA {sub: model SubModelA {x: int (default 1)}} | model ModelB {sub: model SubModelB {y: int "
     "(default 2)}})",
     sub_a_sub_b_model},
    {"union(model ModelA {x: int, y: int (default 1)} | model ModelB {x: int})", xy_x_model},
    {"union(model ModelA {x: int} | model ModelB {x: str})", x_x_text_model},
    {"union(model ModelB {a: int, b: int} | model ModelA {a: int})", ab_a_model},
    {"union(model ModelB {b: int (default 0)} | model ModelA {a: int (default 0)})", b_default_a_default_model},
    {"union(model ModelB {sub: model SubModelB {y: int (default 2)}} | model ModelA {sub: model SubModelA {x: int "
     "(default 1)}})",
     sub_b_sub_a_model},
    {"union(str | bytes)", str_bytes_model},
    {"union(str | date)", str_date_model},
    {"union(str | datetime)", str_datetime_model},
    {"union(str | enum E (str) {r = 'red', g = 'green'})", str_e_model},
    {"union(str | float)", str_float_model},
    {"union(str | time)", str_time_model},
    {"union(str | timedelta)", str_duration_model},
    {"union(str | url)", str_url_model},
    {"union(str | uuid)", str_uuid_model},
    {"union(time | str)", time_str_model},
    {"union(timedelta | int)", duration_int_model},
    {"union(timedelta | str)", duration_str_model},
    {"union(url | str)", url_str_model},
};

static const gr_model *model_of(const char *text)
{
    for (size_t i = 0; i < sizeof declared / sizeof *declared; i++)
        if (strcmp(declared[i].text, text) == 0)
            return declared[i].model();
    ck_abort_msg("no model is declared as %s", text);
    return NULL;
}

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    ck_assert_msg(text != NULL, "a case without \"%s\"", name);
    return text;
}

/* "constrained-int" as "int", "list[M1]" as "list", "literal['a']" as "str": how the corpus names what was read. */
static void want_kind(struct gri_str label, const char *kind, const char *where)
{
    char name[64];
    const char *from = strncmp(label.at, "constrained-", 12) == 0 ? label.at + 12 : label.at;
    snprintf(name, sizeof name, "%.*s", (int)(label.len - (size_t)(from - label.at)), from);
    name[strcspn(name, "[")] = '\0';
    const char *called = strcmp(name, "literal") == 0 || strcmp(name, "url") == 0 ? "str"
                         : strstr(name, "enum")                                   ? "enum"
                                                                                  : name;
    if (*kind >= 'a') /* a model is known by what it answers */
        ck_assert_msg(strcmp(called, kind) == 0, "%s: wanted %s, got %s", where, kind, called);
}

static void want_answer(const gr_model *model, const json_t *row, const char *line)
{
    struct gri_sequence list;
    struct gri_buf buf;
    json_t *got, *wanted = json_pack("[O]", json_object_get(row, "answer"));
    int which;
    gri_buf_init(&buf, NULL);
    gri_buf_printf(&buf, "[%s]", text_of(row, "sent"));
    int rc = decode(model, true, buf.data, buf.len, &list);
    ck_assert_msg(rc == 0 && errors.count == 0 && list.len == 1, "%s: refused", line);
    buf.len = 0;
    encode(model, true, &list, &buf);
    ck_assert_int_eq(gr_json_read(buf.data, buf.len, &got), 0);
    ck_assert_msg(json_equal(got, wanted), "%s: got %.*s", line, (int)buf.len, buf.data);
    memcpy(&which, list.at, sizeof which);
    want_kind(gri_schema_plan(schema, model)->members[which - 1].name, text_of(row, "is"), line);
    json_decref(got);
    json_decref(wanted);
    gri_buf_finish(&buf);
}

static void want_refusals(const gr_model *model, const json_t *refusals, const json_t *row, const char *line)
{
    struct gri_sequence list;
    struct gri_buf buf;
    gri_buf_init(&buf, NULL);
    gri_buf_printf(&buf, "[%s]", text_of(row, "sent"));
    struct gri_buf text = buf;
    ck_assert_int_eq(decode(model, true, text.data, text.len, &list), 0);
    json_t *got = json_array();
    for (size_t i = 0; i < errors.count; i++) {
        json_t *loc;
        gri_buf_init(&buf, NULL);
        gri_error_write_loc(errors.kept[i], &buf);
        ck_assert_int_eq(gr_json_read(buf.data, buf.len, &loc), 0);
        json_array_remove(loc, 0); /* "body" */
        json_array_set_new(loc, 0, json_string(gri_error_type(errors.kept[i])));
        json_array_append_new(got, loc);
        gri_buf_finish(&buf);
    }
    char *said = json_dumps(got, JSON_COMPACT);
    ck_assert_msg(json_equal(got, refusals), "%s: got %s", line, said);
    free(said);
    json_decref(got);
    gri_buf_finish(&text);
}

static void want_schema(const gr_model *model, const json_t *schema_wanted, const char *line)
{
    struct gri_doc doc;
    gri_doc_init(&doc);
    json_t *got = gri_doc_model(&doc, model, 0);
    json_decref(gri_doc_components(&doc)); /* names the references */
    char *said = json_dumps(got, JSON_COMPACT);
    ck_assert_msg(doc.rc == 0 && json_equal(got, schema_wanted), "%s: got %s", line, said);
    free(said);
    json_decref(got);
    gri_doc_finish(&doc);
}

static void run_row(const char *line, int number)
{
    (void)number;
    json_t *row = corpus_json(line);
    const json_t *refusals = json_object_get(row, "errors"), *shown = json_object_get(row, "schema");
    const gr_model *model = model_of(text_of(row, "declared"));
    setup();
    if (shown)
        want_schema(model, shown, line);
    else if (refusals)
        want_refusals(model, refusals, row, line);
    else
        want_answer(model, row, line);
    teardown();
    json_decref(row);
}

START_TEST(the_case_is_the_one_that_pydantic_takes)
{
    corpus_each_line("unions.jsonl", run_row);
}
END_TEST

/* --- where a union may stand --- */

struct holder {
    struct int_str one, *may_be, *optional;
    GR_LIST_OF(struct int_str) list;
    GR_MAP_OF(struct m1_m2) map;
};
static GR_MODEL(holder, GR_OBJECT(one, int_str), GR_OBJECT(may_be, int_str, GR_NULLABLE),
                GR_OBJECT(optional, int_str, GR_OPTIONAL), GR_OBJECTS(list, int_str, .max_items = 3),
                GR_MAP_OBJECTS(map, m1_m2));

START_TEST(a_union_is_a_member_a_pointer_an_item_and_a_value_of_a_map)
{
    want(holder_model(), "{\"one\":1,\"may_be\":null,\"list\":[],\"map\":{}}",
         "{\"one\":1,\"may_be\":null,\"optional\":null,\"list\":[],\"map\":{}}");
    want(holder_model(),
         "{\"map\":{\"k\":{\"b\":2,\"a\":1},\"m\":{\"a\":3}},\"one\":\"1\",\"may_be\":\"2\","
         "\"optional\":3,\"list\":[1,\"2\",3]}",
         "{\"one\":\"1\",\"may_be\":\"2\",\"optional\":3,\"list\":[1,\"2\",3],\"map\":{\"k\":{\"a\":1,\"b\":2},"
         "\"m\":{\"a\":3}}}");
    want(m1_m2_model(), " {\"a\" : 1 , \"b\" : 2} ", "{\"a\":1,\"b\":2}");
    want(int_str_model(), " \"x\" ", "\"x\"");
}
END_TEST

START_TEST(what_fits_no_case_is_told_of_each_where_it_stands)
{
    want(holder_model(), "{\"one\":[],\"may_be\":null,\"list\":[1,{\"a\":2}],\"map\":{\"k\":{\"a\":\"x\",\"b\":[1]}}}",
         "int_type:[\"body\",\"one\",\"int\"] string_type:[\"body\",\"one\",\"str\"] "
         "int_type:[\"body\",\"list\",1,\"int\"] string_type:[\"body\",\"list\",1,\"str\"] "
         "int_parsing:[\"body\",\"map\",\"k\",\"M1\",\"a\"] int_parsing:[\"body\",\"map\",\"k\",\"M2\",\"a\"] "
         "int_type:[\"body\",\"map\",\"k\",\"M2\",\"b\"]");
    want(holder_model(), "{\"may_be\":1.5,\"optional\":{},\"list\":[1,2,3,4],\"map\":{\"k\":1},\"one\":null}",
         "int_type:[\"body\",\"one\",\"int\"] string_type:[\"body\",\"one\",\"str\"] "
         "int_from_float:[\"body\",\"may_be\",\"int\"] string_type:[\"body\",\"may_be\",\"str\"] "
         "int_type:[\"body\",\"optional\",\"int\"] string_type:[\"body\",\"optional\",\"str\"] "
         "too_long:[\"body\",\"list\"] model_attributes_type:[\"body\",\"map\",\"k\",\"M1\"] "
         "model_attributes_type:[\"body\",\"map\",\"k\",\"M2\"]");
    want(m1_m2_model(), "{\"a\":{\"a\":[]}}", "int_type:[\"body\",\"M1\",\"a\"] int_type:[\"body\",\"M2\",\"a\"]");
}
END_TEST

START_TEST(what_is_no_json_is_no_json_in_any_case)
{
    _Alignas(16) char value[1024];
    static const char *const texts[] = {"{\"a\":1,\"b\":}", "{\"a\":1,\"a\":2}", "{\"a\":1} 2",
                                        "{\"x\":[{\"y\":1,\"y\":2}]}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        setup();
        ck_assert_int_eq(decode(m1_m2_model(), false, texts[i], strlen(texts[i]), value), GR_EINVAL);
        teardown();
    }
}
END_TEST

struct named {
    int which;
    union {
        int64_t number;
        struct M1 m1;
    };
};
static GR_MODEL(named, GR_EITHER(which), GR_CASE(number, 7, .alias = "n"), GR_CASE_OBJECT(m1, M1, 8, .alias = "m"));

START_TEST(an_alias_is_what_a_loc_calls_a_case)
{
    want(named_model(), "\"x\"", "int_parsing:[\"body\",\"n\"] model_attributes_type:[\"body\",\"m\"]");
    want(named_model(), "{\"a\":1}", "{\"a\":1}");
}
END_TEST

/* --- unions in unions --- */

struct tree;
GR_DECLARE_MODEL(tree);
struct pair {
    struct tree *left, *right;
};
static GR_MODEL(pair, GR_OBJECT(left, tree), GR_OBJECT(right, tree));
struct single {
    struct tree *left;
    int64_t n;
};
static GR_MODEL(single, GR_OBJECT(left, tree), GR_FIELD(n, GR_DEFAULT(5)));
struct tree {
    int which;
    union {
        int64_t leaf;
        struct pair pair;
        struct single single;
        GR_LIST_OF(struct tree) list;
    };
};
GR_DEFINE_MODEL(tree, GR_EITHER(which), GR_CASE(leaf, 1), GR_CASE_OBJECT(pair, pair, 2),
                GR_CASE_OBJECT(single, single, 3), GR_CASE_OBJECTS(list, tree, 4));

START_TEST(a_union_that_contains_itself_is_read_and_sent)
{
    const char *text = "{\"left\":{\"left\":[1,{\"left\":2,\"n\":7}],\"n\":6},\"right\":[[],[3]]}";
    want(tree_model(), text, text);
    want(tree_model(), "{\"left\":{\"left\":1}}", "{\"left\":{\"left\":1,\"n\":5},\"n\":5}");
#define LIST "\"list[union[int,Pair,Single,list[...]]]\""
    want(tree_model(), "[{\"left\":\"x\"}]",
         "int_type:[\"body\",\"int\"] model_attributes_type:[\"body\",\"Pair\"] "
         "model_attributes_type:[\"body\",\"Single\"] int_type:[\"body\"," LIST ",0,\"int\"] "
         "int_parsing:[\"body\"," LIST ",0,\"Pair\",\"left\",\"int\"] "
         "model_attributes_type:[\"body\"," LIST ",0,\"Pair\",\"left\",\"Pair\"] "
         "model_attributes_type:[\"body\"," LIST ",0,\"Pair\",\"left\",\"Single\"] "
         "list_type:[\"body\"," LIST ",0,\"Pair\",\"left\"," LIST "] "
         "missing:[\"body\"," LIST ",0,\"Pair\",\"right\"] "
         "int_parsing:[\"body\"," LIST ",0,\"Single\",\"left\",\"int\"] "
         "model_attributes_type:[\"body\"," LIST ",0,\"Single\",\"left\",\"Pair\"] "
         "model_attributes_type:[\"body\"," LIST ",0,\"Single\",\"left\",\"Single\"] "
         "list_type:[\"body\"," LIST ",0,\"Single\",\"left\"," LIST "] list_type:[\"body\"," LIST ",0," LIST "]");
}
END_TEST

/* --- what it costs --- */

static unsigned seen;
static const char *see(const void *value)
{
    (void)value;
    seen++;
    return NULL;
}

struct nest;
GR_DECLARE_MODEL(nest);
struct right_nest {
    int64_t n;
    struct nest *x;
    const char *must;
};
static GR_MODEL(right_nest, GR_FIELD(n, .validate = see), GR_OBJECT(x, nest, GR_OPTIONAL), GR_FIELD(must));
struct left_nest {
    int64_t n;
    struct nest *x;
};
static GR_MODEL(left_nest, GR_FIELD(n, .validate = see), GR_OBJECT(x, nest, GR_OPTIONAL));
struct nest {
    int which;
    union {
        struct right_nest right;
        struct left_nest left;
    };
};
GR_DEFINE_MODEL(nest, GR_EITHER(which), GR_CASE_OBJECT(right, right_nest, 1), GR_CASE_OBJECT(left, left_nest, 2));

enum { DEEP = 60 };
static void put_nest(struct gri_buf *buf, const char *innermost)
{
    gri_buf_init(buf, NULL);
    for (int i = 0; i < DEEP; i++)
        gri_buf_puts(buf, "{\"n\":1,\"x\":");
    gri_buf_puts(buf, innermost);
    for (int i = 0; i < DEEP; i++)
        gri_buf_putc(buf, '}');
}

START_TEST(each_value_is_looked_at_twice_a_case_at_most_however_deep)
{
    struct gri_buf buf;
    _Alignas(16) char value[1024];
    setup();
    put_nest(&buf, "null");
    seen = 0;
    ck_assert_int_eq(decode(nest_model(), false, buf.data, buf.len, value), 0);
    ck_assert_uint_eq(errors.count, 0);
    ck_assert_uint_le(seen, 2 * 2 * DEEP);
    gri_buf_finish(&buf);
    teardown();
}
END_TEST

START_TEST(the_errors_of_a_deep_value_are_a_hundred_and_cost_no_more)
{
    struct gri_buf buf;
    _Alignas(16) char value[1024];
    setup();
    put_nest(&buf, "{\"n\":\"x\"}");
    seen = 0;
    ck_assert_int_eq(decode(nest_model(), false, buf.data, buf.len, value), 0);
    ck_assert_uint_gt(errors.count, GRI_ERRORS_KEPT);
    ck_assert_uint_le(seen, 10 * DEEP);
    gri_buf_finish(&buf);
    teardown();
}
END_TEST

START_TEST(more_than_a_thousand_unions_inside_one_are_too_many)
{
    struct gri_buf buf;
    _Alignas(16) char value[1024];
    for (int n = 1000; n <= 1001; n++) {
        setup();
        gri_buf_init(&buf, NULL);
        for (int i = 0; i < n; i++)
            gri_buf_puts(&buf, i ? ",[]" : "[[]");
        gri_buf_putc(&buf, ']');
        ck_assert_int_eq(decode(tree_model(), false, buf.data, buf.len, value), 0);
        ck_assert_uint_eq(errors.count, n > 1000);
        buf.len = 0;
        gri_errors_write(&errors, &buf);
        want_text(&buf,
                  n > 1000
                      ? "{\"detail\":[{\"type\":\"union_trials\",\"loc\":[\"body\"],\"msg\":\"Input has more than 1000 "
                        "lists and objects inside it that are unions\",\"input\":null}]}"
                      : "{\"detail\":[]}");
        gri_buf_finish(&buf);
        teardown();
    }
}
END_TEST

START_TEST(a_list_of_ever_so_many_unions_is_not_too_long)
{
    struct gri_buf buf;
    struct gri_sequence list;
    enum { MANY = 5000 };
    setup();
    gri_buf_init(&buf, NULL);
    for (int i = 0; i < MANY; i++)
        gri_buf_puts(&buf, i ? ",{\"a\":1,\"b\":2}" : "[{\"a\":1}");
    gri_buf_putc(&buf, ']');
    ck_assert_int_eq(decode(m1_m2_model(), true, buf.data, buf.len, &list), 0);
    ck_assert_uint_eq(errors.count, 0);
    ck_assert_uint_eq(list.len, MANY);
    gri_buf_finish(&buf);
    teardown();
}
END_TEST

struct loser {
    const char *text;
    json_t *more;
    int64_t missing;
};
static GR_MODEL(loser, GR_FIELD(text), GR_FIELD(more), GR_FIELD(missing));
struct winner {
    json_t *more;
};
static GR_MODEL(winner, GR_FIELD(more));
struct game {
    int which;
    union {
        struct loser loser;
        struct winner winner;
    };
};
static GR_MODEL(game, GR_EITHER(which), GR_CASE_OBJECT(loser, loser, 1), GR_CASE_OBJECT(winner, winner, 2));

static size_t arena_size(void)
{
    struct chunk {
        struct chunk *next;
        size_t size;
    };
    size_t bytes = 0;
    for (const struct chunk *c = (const void *)memory.chunks; c; c = c->next)
        bytes += c->size;
    return bytes;
}

START_TEST(a_case_that_loses_leaves_no_memory_and_no_error)
{
    struct gri_buf buf;
    struct game game;
    setup();
    gri_buf_init(&buf, NULL);
    gri_buf_puts(&buf, "{\"more\":[1],\"text\":\"\\n");
    for (int i = 0; i < 100000; i++)
        gri_buf_putc(&buf, 'x');
    gri_buf_puts(&buf, "\"}");
    ck_assert_int_eq(decode(game_model(), false, buf.data, buf.len, &game), 0);
    ck_assert_uint_eq(errors.count, 0);
    ck_assert_ptr_null(errors.kept);
    ck_assert_int_eq(game.which, 2);
    ck_assert_uint_eq(json_array_size(kept), 1);
    ck_assert_ptr_eq(json_array_get(kept, 0), game.winner.more);
    ck_assert_uint_le(arena_size(), 8192);
    gri_buf_finish(&buf);
    teardown();
}
END_TEST

/* --- checks of one's own --- */

struct outer {
    struct int_str inner;
    struct m1_m2 *behind;
};
static const char *is_whole(const void *value)
{
    const struct outer *outer = value;
    seen++;
    if (outer->inner.which != 1 || outer->inner.i != 4)
        return "inner is not whole";
    return outer->behind && outer->behind->which == 2 && outer->behind->m2.b == 6 ? NULL : "behind is not whole";
}
static GR_MODEL(outer, GR_SELF(.validate = is_whole), GR_OBJECT(inner, int_str), GR_OBJECT(behind, m1_m2));
struct checked {
    int which;
    union {
        struct M1 m1;
        struct outer outer;
    };
};
static GR_MODEL(checked, GR_EITHER(which), GR_CASE_OBJECT(m1, M1, 1), GR_CASE_OBJECT(outer, outer, 2));

START_TEST(a_check_sees_the_unions_of_its_struct_whole_whenever_it_is_asked)
{
    const char *text = "{\"inner\":4,\"behind\":{\"a\":5,\"b\":6}}";
    seen = 0;
    want(checked_model(), text, text);
    ck_assert_uint_eq(seen, 2);
    want(checked_model(), "{\"inner\":5,\"behind\":{\"a\":5,\"b\":6}}",
         "missing:[\"body\",\"M1\",\"a\"] value_error:[\"body\",\"Outer\"]");
}
END_TEST

/* --- sending, and what is found at start --- */

START_TEST(a_number_that_names_no_case_is_told)
{
    struct gri_culprit culprit = {0};
    struct gri_steps steps;
    struct gri_buf buf;
    struct int_str value = {.which = 3};
    setup();
    gri_buf_init(&buf, NULL);
    gri_steps_init(&steps, 0, NULL);
    ck_assert_int_eq(gri_encode_struct(&buf, gri_schema_plan(schema, int_str_model()), &value, NULL, &steps, &culprit),
                     GR_EINVAL);
    ck_assert_str_eq(culprit.model, "int_str");
    ck_assert_str_eq(culprit.why, "its number names no case of the union");
    gri_steps_finish(&steps);
    teardown();
}
END_TEST

struct itself;
GR_DECLARE_MODEL(itself);
struct itself {
    int which;
    union {
        struct itself *again;
        int64_t n;
        const char *s;
    };
};
GR_DEFINE_MODEL(itself, GR_EITHER(which), GR_CASE_OBJECT(again, itself, 1), GR_CASE(n, 1), GR_CASE(s, 2, GR_OPTIONAL));
struct mixed {
    int which;
    int64_t n;
    gr_set set;
};
static GR_MODEL(mixed, GR_EITHER(which), GR_CASE(n, 1), GR_SET(set));

static void note(void *arg, const char *text)
{
    gri_buf_printf(arg, "%s\n", text);
}

static void want_said(const gr_model *model, bool input, const char *wanted)
{
    struct gri_checker checker;
    struct gri_buf buf;
    gri_buf_init(&buf, NULL);
    gri_checker_init(&checker, note, &buf);
    gri_check_model(&checker, model, input);
    gri_checker_finish(&checker);
    want_text(&buf, wanted);
    gri_buf_finish(&buf);
}

START_TEST(unions_that_can_never_be_right_are_found_at_start)
{
    want_said(tree_model(), false, "");
    want_said(itself_model(), false,
              "itself: again and n have the same number, so that nothing tells them apart\n"
              "itself.s: a case is neither optional nor has a default: the member that is the union may be\n"
              "itself: may be itself, without a list, a map or a struct in between\n");
    want_said(mixed_model(), false,
              "mixed: is a union by its GR_EITHER: all other members are GR_CASE, and there is one\n");
    want_said(mixed_model(), true,
              "mixed: is a union by its GR_EITHER: all other members are GR_CASE, and there is one\n"
              "mixed.which: an input has no cases and no root: put them into a model of its own\n");
}
END_TEST

/* --- a value that is no object --- */

struct row {
    gr_ints cells;
};
static GR_MODEL(row, GR_ROOT, GR_LIST(cells, .max_items = 2));
struct table {
    GR_LIST_OF(struct row) rows;
};
static GR_MODEL(table, GR_ROOT, GR_OBJECTS(rows, row));
struct scores {
    GR_MAP_OF(struct row) by_name;
};
static GR_MODEL(scores, GR_ROOT, GR_MAP_OBJECTS(by_name, row));
struct maybe {
    int64_t *n;
};
static GR_MODEL(maybe, GR_ROOT, GR_FIELD(n, GR_OPTIONAL));
struct maybes {
    GR_LIST_OF(struct maybe) list;
    struct maybe *behind;
    struct table table;
};
static GR_MODEL(maybes, GR_OBJECTS(list, maybe), GR_OBJECT(behind, maybe), GR_OBJECT(table, table));
struct table_or_row {
    int which;
    union {
        struct table table;
        struct scores scores;
        struct maybe maybe;
    };
};
static GR_MODEL(table_or_row, GR_EITHER(which), GR_CASE_OBJECT(table, table, 1), GR_CASE_OBJECT(scores, scores, 2),
                GR_CASE_OBJECT(maybe, maybe, 3));

START_TEST(the_root_of_a_model_is_all_that_is_on_the_wire)
{
    want(table_model(), "[[1,2],[],[3]]", "[[1,2],[],[3]]");
    want(scores_model(), "{\"a\":[1],\"b\":[]}", "{\"a\":[1],\"b\":[]}");
    want(maybe_model(), "7", "7");
    want(maybes_model(), "{\"list\":[1,null,2],\"behind\":null,\"table\":[[4]]}",
         "{\"list\":[1,null,2],\"behind\":null,\"table\":[[4]]}");
    want(table_model(), "[[1],[\"x\",2],[1,2,3],{}]",
         "int_parsing:[\"body\",1,0] too_long:[\"body\",2] list_type:[\"body\",3]");
    want(scores_model(), "{\"a\":{},\"b\":[[]]}", "list_type:[\"body\",\"a\"] int_type:[\"body\",\"b\",0]");
}
END_TEST

START_TEST(a_root_is_a_case_of_a_union_as_what_it_is)
{
    want(table_or_row_model(), "[[1],[2]]", "[[1],[2]]");
    want(table_or_row_model(), "{\"x\":[\"1\"]}", "{\"x\":[1]}");
    want(table_or_row_model(), "5", "5");
    want(table_or_row_model(), "[1]",
         "list_type:[\"body\",\"list[list[int]]\",0] dict_type:[\"body\",\"dict[str,list[int]]\"] "
         "int_type:[\"body\",\"nullable[int]\"]");
}
END_TEST

struct two_roots {
    int64_t a, b;
};
static GR_MODEL(two_roots, GR_ROOT, GR_FIELD(a), GR_FIELD(b, GR_DEFAULT(1)));
struct circle;
GR_DECLARE_MODEL(circle);
struct circle {
    struct circle *again;
};
GR_DEFINE_MODEL(circle, GR_ROOT, GR_OBJECT(again, circle, GR_OPTIONAL));

START_TEST(roots_that_can_never_be_right_are_found_at_start)
{
    want_said(table_model(), false, "");
    want_said(two_roots_model(), false,
              "two_roots: b is all that is on the wire by GR_ROOT, so it cannot have a default\n"
              "two_roots: has a GR_ROOT: what is on the wire is its one member\n");
    want_said(circle_model(), false, "circle: may be itself, without a list, a map or a struct in between\n");
}
END_TEST

/* --- where a function says which case it is --- */

struct Big {
    int64_t big;
};
static GR_MODEL(Big, GR_FIELD(big));
struct Small {
    int64_t s;
};
static GR_MODEL(Small, GR_FIELD(s, GR_DEFAULT(0)));
static const char *by_len(const json_t *value)
{
    if (json_is_integer(value))
        return "n";
    if (!json_is_object(value))
        return NULL;
    return json_object_get(value, "big") ? "big" : "small";
}
struct sized {
    int which;
    union {
        struct Big big;
        struct Small small;
    };
};
static GR_MODEL(sized, GR_EITHER_BY(which, by_len), GR_CASE_OBJECT(big, Big, 1), GR_CASE_OBJECT(small, Small, 2));
struct sizes {
    struct sized *one;
    GR_LIST_OF(struct sized) list;
};
static GR_MODEL(sizes, GR_OBJECT(one, sized, GR_OPTIONAL), GR_OBJECTS(list, sized));
struct sized_or_int {
    int which;
    union {
        struct sized sized;
        int64_t n;
    };
};
static GR_MODEL(sized_or_int, GR_EITHER(which), GR_CASE_OBJECT(sized, sized, 1), GR_CASE(n, 2));

START_TEST(a_function_says_which_case_a_value_is)
{
    want(sized_model(), "{\"big\":1}", "{\"big\":1}");
    want(sized_model(), "{}", "{\"s\":0}");
    want(sized_model(), "{\"big\":\"x\"}", "int_parsing:[\"body\",\"big\",\"big\"]");
    want(sized_model(), "{\"s\":\"x\"}", "int_parsing:[\"body\",\"small\",\"s\"]");
    want(sized_model(), "[]", "union_tag_not_found:[\"body\"]");
    want(sized_model(), "1", "union_tag_invalid:[\"body\"]");
    want(sizes_model(), "{\"list\":[{\"big\":2},{\"s\":3},{\"big\":[1]},[{}],4],\"one\":{\"s\":[]}}",
         "int_type:[\"body\",\"one\",\"small\",\"s\"] int_type:[\"body\",\"list\",2,\"big\",\"big\"] "
         "union_tag_not_found:[\"body\",\"list\",3] union_tag_invalid:[\"body\",\"list\",4]");
    want(sizes_model(), "{\"list\":[{\"big\":2},{\"s\":3}],\"one\":{\"s\":5}}",
         "{\"one\":{\"s\":5},\"list\":[{\"big\":2},{\"s\":3}]}");
    want(sized_or_int_model(), "7", "7");
    want(sized_or_int_model(), "{\"s\":7}", "{\"s\":7}");
}
END_TEST

START_TEST(what_a_function_says_is_in_its_message_and_its_cases_are_one_of_several)
{
    struct gri_buf buf;
    _Alignas(16) char value[64];
    setup();
    gri_buf_init(&buf, NULL);
    ck_assert_int_eq(decode(sized_model(), false, "1", 1, value), 0);
    gri_errors_write(&errors, &buf);
    want_text(&buf,
              "{\"detail\":[{\"type\":\"union_tag_invalid\",\"loc\":[\"body\"],\"msg\":\"Input tag 'n' found using "
              "by_len() does not match any of the expected tags: 'big', 'small'\",\"input\":1,\"ctx\":{"
              "\"discriminator\":\"by_len()\",\"tag\":\"n\",\"expected_tags\":\"'big', 'small'\"}}]}");
    gri_buf_finish(&buf);
    teardown();
    json_t *schema_wanted =
        corpus_json("{\"oneOf\":[{\"$ref\":\"#/components/schemas/Big\"},{\"$ref\":\"#/components/schemas/Small\"}]}");
    want_schema(sized_model(), schema_wanted, "sized");
    json_decref(schema_wanted);
}
END_TEST

int main(void)
{
    return run_tests("either",
                     (test_list){the_case_is_the_one_that_pydantic_takes,
                                 a_union_is_a_member_a_pointer_an_item_and_a_value_of_a_map,
                                 what_fits_no_case_is_told_of_each_where_it_stands,
                                 what_is_no_json_is_no_json_in_any_case,
                                 an_alias_is_what_a_loc_calls_a_case,
                                 a_union_that_contains_itself_is_read_and_sent,
                                 each_value_is_looked_at_twice_a_case_at_most_however_deep,
                                 the_errors_of_a_deep_value_are_a_hundred_and_cost_no_more,
                                 more_than_a_thousand_unions_inside_one_are_too_many,
                                 a_list_of_ever_so_many_unions_is_not_too_long,
                                 a_case_that_loses_leaves_no_memory_and_no_error,
                                 a_check_sees_the_unions_of_its_struct_whole_whenever_it_is_asked,
                                 a_number_that_names_no_case_is_told,
                                 unions_that_can_never_be_right_are_found_at_start,
                                 the_root_of_a_model_is_all_that_is_on_the_wire,
                                 a_root_is_a_case_of_a_union_as_what_it_is,
                                 roots_that_can_never_be_right_are_found_at_start,
                                 a_function_says_which_case_a_value_is,
                                 what_a_function_says_is_in_its_message_and_its_cases_are_one_of_several,
                                 NULL},
                     20);
}
