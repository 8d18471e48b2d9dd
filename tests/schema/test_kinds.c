/* Values of every kind, as pydantic 2.13 took or refused them (../corpus/kinds.jsonl): each is read as the member of a
 * struct, and what it became is looked at as it is sent again. Where we answer otherwise than pydantic and mean to, the
 * case says so as `ours`: integers are of 64 bits, durations are too, JSON has neither NaN nor numbers beyond a double,
 * a C string has no NUL, hosts are ASCII, and a decimal is what its text says and was no float before. */
#include <math.h>

#include "corpus.h"
#include "schema/decode.h"
#include "schema/encode.h"
#include "schema/number.h"
#include "schema/openapi_value.h"
#include "schema/text.h"

enum color { RED, GREEN };
static GR_VALUES(color, {RED, "red"}, {GREEN, "green"});
enum level { ONE = 1, TWO = 2 };
static GR_VALUES(level, {ONE, NULL}, {TWO, NULL});

/* --- what is declared, from its words --- */

static const struct declared_kind {
    const char *name;
    gr_field field;
} kinds[] = {
    {"int", {.type = GR_TYPE_INT64}},
    {"float", {.type = GR_TYPE_DOUBLE, .allow_inf_nan = true}},
    {"bool", {.type = GR_TYPE_BOOL}},
    {"str", {.type = GR_TYPE_STRING}},
    {"bytes", {.type = GR_TYPE_BYTES}},
    {"base64", {.type = GR_TYPE_BYTES, GR_BASE64}},
    {"date", {.type = GR_TYPE_DATE}},
    {"time", {.type = GR_TYPE_TIME}},
    {"datetime", {.type = GR_TYPE_DATETIME}},
    {"timedelta", {.type = GR_TYPE_DURATION}},
    {"uuid", {.type = GR_TYPE_UUID}},
    {"url", {.type = GR_TYPE_STRING, GR_URL}},
    {"decimal", {.type = GR_TYPE_DECIMAL}},
    {"enum E (str) {r = 'red', g = 'green'}",
     {.type = GR_TYPE_ENUM, .size = sizeof(enum color), .values = &color_values}},
    {"enum EI (int) {one = 1, two = 2}", {.type = GR_TYPE_ENUM, .size = sizeof(enum level), .values = &level_values}},
    {"literal['a']", {.type = GR_TYPE_STRING, GR_LITERAL("a")}},
    {"literal['a', 'b']", {.type = GR_TYPE_STRING, GR_LITERAL("a", "b")}},
};

static char words[512];

static size_t size_of(const char *word)
{
    return strtoul(word, NULL, 10);
}

static gr_constant constant_of(const gr_field *field, char *word)
{
    if (field->type == GR_TYPE_DECIMAL)
        return (gr_constant){.kind = GR_CONSTANT_STRING, .s = word};
    double number = 0;
    if (strpbrk(word, ".e") && gri_double_read(word, strlen(word), &number)) /* in no locale's manner */
        return (gr_constant){.kind = GR_CONSTANT_DOUBLE, .d = number};
    return (gr_constant){.kind = GR_CONSTANT_INT, .i = strtoll(word, NULL, 10)};
}

/* "gt 5". False: a word that is not known, or a bound that no int64_t is. */
static bool add_option(gr_field *field, const char *name, char *word)
{
    const struct {
        const char *name;
        gr_constant *to;
    } bounds[] = {{"gt", &field->gt},
                  {"ge", &field->ge},
                  {"lt", &field->lt},
                  {"le", &field->le},
                  {"multiple_of", &field->multiple_of}};
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
        if (strcmp(name, bounds[i].name) == 0)
            return *bounds[i].to = constant_of(field, word), field->type != GR_TYPE_INT64 || strlen(word) < 19;
    if (strcmp(name, "min_length") == 0)
        return field->min_len = size_of(word), true;
    if (strcmp(name, "max_length") == 0)
        return field->max_len = size_of(word), true;
    if (strcmp(name, "max_digits") == 0)
        return field->max_digits = size_of(word), true;
    if (strcmp(name, "decimal_places") == 0)
        return field->decimal_places = *word == '0' ? GR_NO_PLACES : (int)size_of(word), true;
    if (strcmp(name, "allow_inf_nan") == 0)
        return field->allow_inf_nan = *word == 'T', true;
    return strcmp(name, "pattern") == 0 && (field->pattern = word);
}

static bool add_options(gr_field *field, char *rest)
{
    for (char *next; rest; rest = next) {
        bool pattern = strncmp(rest, "pattern ", 8) == 0; /* which is the last, and has commas of its own */
        next = pattern ? NULL : strstr(rest, ", ");
        if (next) {
            *next = '\0';
            next += 2;
        }
        char *word = strchr(rest, ' ');
        *word = '\0';
        if (!add_option(field, rest, word + 1))
            return false;
    }
    return true;
}

static bool declare(const char *declared, gr_field *field)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t len = strlen(kinds[i].name);
        if (strncmp(declared, kinds[i].name, len) != 0 || (declared[len] && declared[len] != ' '))
            continue;
        *field = kinds[i].field;
        field->name = "v";
        snprintf(words, sizeof words, "%s", declared + len + (declared[len] == ' '));
        return !*words || add_options(field, words);
    }
    return false;
}

/* --- what comes of a value --- */

struct outcome {
    struct gri_arena arena;
    struct gri_schema *schema;
    struct gri_buf text; /* {"v":...}, or the errors */
    _Alignas(16) char value[96];
};

/* What is said of a value, without its place and the value itself. */
static void put_error(struct gri_buf *buf, const struct gri_error *error)
{
    struct gri_buf message;
    gri_buf_init(&message, NULL);
    gri_error_write_message(error, &message);
    gri_buf_printf(buf, "{\"type\":\"%s\",\"msg\":", gri_error_type(error));
    gri_text_quote(buf, message.data, message.len);
    size_t len = buf->len;
    gri_buf_puts(buf, ",\"ctx\":");
    if (!gri_error_write_context(error, buf))
        buf->len = len;
    gri_buf_putc(buf, '}');
    gri_buf_finish(&message);
}

static void take(struct outcome *o, const gr_model *model, const char *json)
{
    static const gr_field none = {.name = ""};
    struct gri_errors errors;
    struct gri_steps steps;
    struct gri_culprit culprit = {0};
    struct gri_decoding d = {.arena = &o->arena, .errors = &errors, .steps = &steps};
    struct gri_member root = {.field = &none, .type = GR_TYPE_OBJECT, .plan = gri_schema_plan(o->schema, model)};
    root.size = root.stride = model->struct_size;
    gri_errors_init(&errors, &o->arena);
    gri_steps_init(&steps, 0, NULL);
    int rc = gri_decode(&d, json, strlen(json), &root, o->value, model->struct_size);
    if (rc < 0)
        gri_text_quote(&o->text, d.json_error.text, strlen(d.json_error.text));
    else if (errors.count)
        put_error(&o->text, errors.kept[0]);
    else if (gri_encode_struct(&o->text, root.plan, o->value, NULL, &steps, &culprit) < 0)
        gri_text_quote(&o->text, culprit.why, strlen(culprit.why));
    gri_buf_putc(&o->text, '\0');
    gri_steps_finish(&steps);
    json_decref(d.values);
}

static void outcome_of(struct outcome *o, const gr_field *field, const char *json)
{
    char body[8192];
    gr_field fields[] = {*field, {.name = NULL}};
    const gr_model model = {sizeof model, sizeof *fields, sizeof o->value, "one", fields};
    memset(o->value, 0, sizeof o->value);
    gri_arena_init(&o->arena, NULL, 0);
    gri_buf_init(&o->text, &o->arena);
    o->schema = gri_schema_create();
    snprintf(body, sizeof body, "{\"v\":%s}", json);
    take(o, &model, body);
    gri_schema_destroy(o->schema);
}

static void outcome_free(struct outcome *o)
{
    gri_arena_finish(&o->arena);
}

/* NaN and infinity are sent as null, which says too little. */
static bool is_infinite(const struct outcome *o, const char *want)
{
    double value;
    memcpy(&value, o->value, sizeof value);
    return strcmp(want, "nan") == 0 ? isnan(value) : isinf(value) && signbit(value) == (*want == '-');
}

static bool is_bytes(const struct outcome *o, json_t *want, bool as_hex)
{
    char got[256] = "";
    gr_bytes bytes;
    memcpy(&bytes, o->value, sizeof bytes);
    for (size_t i = 0; i < bytes.len && i < 100; i++)
        snprintf(got + (as_hex ? 2 : 1) * i, 3, as_hex ? "%02x" : "%c", bytes.at[i]);
    return strcmp(got, json_string_value(want)) == 0;
}

/* A number is the same with a point and without. */
static bool is_same(json_t *a, json_t *b)
{
    const char *key;
    json_t *value;
    size_t i;
    if (json_is_number(a) && json_is_number(b))
        return json_number_value(a) == json_number_value(b);
    if (json_typeof(a) != json_typeof(b) || json_object_size(a) != json_object_size(b) ||
        json_array_size(a) != json_array_size(b))
        return false;
    json_object_foreach(a, key,
                        value) if (!json_object_get(b, key) || !is_same(value, json_object_get(b, key))) return false;
    json_array_foreach(a, i, value) if (!is_same(value, json_array_get(b, i))) return false;
    return json_is_object(a) || json_is_array(a) || json_equal(a, b);
}

static bool is_as_wanted(const struct outcome *o, const gr_field *field, json_t *row, json_t *got)
{
    json_t *value = json_object_get(row, "value"), *hex = json_object_get(value, "hex of bytes");
    json_t *errors = json_object_get(row, "errors"), *infinite = json_object_get(value, "infinite");
    if (json_object_get(row, "ours"))
        return is_same(got, json_object_get(row, "ours"));
    if (errors)
        return is_same(got, json_array_get(errors, 0));
    if (infinite)
        return is_infinite(o, json_string_value(infinite));
    if (hex || field->format == GR_FORMAT_BASE64)
        return is_bytes(o, hex ? hex : value, hex != NULL);
    return is_same(json_object_get(got, "v"), value);
}

static void take_case(json_t *row, const gr_field *field, const char *line)
{
    struct outcome o;
    json_t *got = NULL;
    outcome_of(&o, field, json_string_value(json_object_get(row, "json")));
    ck_assert_msg(gr_json_read(o.text.data, strlen(o.text.data), &got) == 0, "%s gave %s", line, o.text.data);
    ck_assert_msg(is_as_wanted(&o, field, row, got), "wanted %s, got %s", line, o.text.data);
    json_decref(got);
    outcome_free(&o);
}

static void describe_case(json_t *row, const gr_field *field, const char *line)
{
    struct gri_doc doc;
    bool sent = strcmp(json_string_value(json_object_get(row, "mode")), "serialization") == 0;
    gri_doc_init(&doc);
    json_t *got = gri_doc_value(&doc, field, sent ? GRI_VIEW_OUTPUT : 0);
    ck_assert_int_eq(doc.rc, 0);
    if (!is_same(got, json_object_get(row, "schema"))) {
        char *text = json_dumps(got, 0);
        ck_abort_msg("wanted %s, got %s", line, text);
    }
    json_decref(got);
    gri_doc_finish(&doc);
}

static void value_case(const char *line, int number)
{
    json_t *row = corpus_json(line);
    gr_field field;
    ck_assert_msg(declare(json_string_value(json_object_get(row, "declared")), &field), "line %d: %s", number, line);
    if (json_object_get(row, "schema"))
        describe_case(row, &field, line);
    else
        take_case(row, &field, line);
    json_decref(row);
}

START_TEST(values_are_taken_and_described_as_pydantic_does)
{
    corpus_each_line("kinds.jsonl", value_case);
}
END_TEST

int main(void)
{
    return run_tests("kinds", (test_list){values_are_taken_and_described_as_pydantic_does, NULL}, 20);
}
