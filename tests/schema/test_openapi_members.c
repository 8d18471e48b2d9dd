/* The schemas of models and members, against those that pydantic makes (../corpus/schemas.jsonl). */
#include <griddle/model.h>

#include "corpus.h"
#include "schema/check.h"
#include "schema/openapi.h"

enum color { RED, GREEN };
static GR_VALUES(color, {RED, "red"}, {GREEN, "green"});
enum level { LOW = 1, HIGH };
static GR_VALUES(level, {LOW, NULL}, {HIGH, NULL});
enum mixed { NAMED, BARE = 7 };
static GR_VALUES(mixed, {NAMED, "named"}, {BARE, NULL});

struct cat {
    int64_t lives;
};
static GR_MODEL(cat, GR_FIELD(lives));
struct dog {
    const char *name;
};
static GR_MODEL(dog, GR_SELF(.doc = "Barks.", .extra = GR_EXTRA_FORBIDDEN), GR_FIELD(name));
struct pet {
    enum { CAT, DOG } kind;
    union {
        struct cat cat;
        struct dog dog;
    };
};
static GR_MODEL(pet, GR_SELF(.title = "Pet"), GR_TAG(kind), GR_ARM(cat, cat, CAT), GR_ARM(dog, dog, DOG));

struct point {
    double x, *y;
};
static GR_MODEL(point,
                GR_SELF(.title = "The Point", .doc = "A place.", .extra = GR_EXTRA_FORBIDDEN,
                        .examples = "[{\"x\":1}]"),
                GR_FIELD(x), GR_FIELD(y, GR_OPTIONAL));

struct node {
    int64_t value;
    struct node *next;
    GR_LIST_OF(struct node) kids;
};
static GR_MODEL(node, GR_FIELD(value), GR_OBJECT(next, node, GR_OPTIONAL), GR_OBJECTS(kids, node, GR_DEFAULT_EMPTY));

struct defaults {
    int64_t a;
    int64_t secret;
    gr_set set;
};
static GR_MODEL(defaults, GR_FIELD(a, GR_DEFAULT(1)), GR_FIELD(secret, .hidden = true), GR_SET(set));

/* tuple[int, str | None] */
struct pair {
    int64_t number;
    const char *text;
};
static GR_MODEL(pair, GR_SELF(.tuple = true), GR_FIELD(number), GR_FIELD(text, GR_NULLABLE));

struct members {
    bool flag;
    int8_t small;
    uint8_t byte;
    uint64_t count;
    int64_t number;
    double ratio;
    const char *text;
    char name[16];
    gr_bytes data, data_64, data_some;
    gr_date day;
    gr_time at;
    gr_datetime moment;
    gr_duration span;
    gr_uuid id;
    const char *link, *page, *short_page, *mail, *one, *some;
    json_t *anything, *anything_or_none;
    int64_t ranged;
    double open_range;
    const char *pattern;
    int64_t int_default;
    double float_default;
    bool bool_default;
    const char *text_default;
    int64_t *optional_int;
    const char *optional_text, *nullable_text;
    int64_t *nullable_int;
    const char *told;
    int64_t aliased, under;
    enum color color, *color_or_none, color_default;
    enum level level, level_default;
    enum mixed mixed, mixed_default;
    struct point point, *point_or_none, point_told;
    struct pet pet, *pet_or_none;
    struct node tree;
    struct defaults defaults;
    gr_strings texts, texts_or_empty, texts_or_none, nullable_texts;
    gr_ints limited, unique;
    GR_LIST_OF(enum color) colors;
    GR_LIST_OF(struct point) points;
    GR_LIST_OF(json_t *) values;
    int64_t three[3];
    GR_MAP_OF(int64_t) by_key;
    GR_MAP_OF(int64_t) by_key_or_empty;
    GR_MAP_OF(struct point) points_by_key;
    gr_strings set;
    gr_ints set_of_some, listed;
    GR_MAP_FROM(int64_t, const char *) by_int;
    GR_MAP_FROM(gr_uuid, int64_t) by_uuid;
    GR_MAP_FROM(gr_datetime, int64_t) by_moment;
    GR_MAP_OF(json_t *) by_any;
    struct pair pair, *pair_or_none;
    GR_LIST_OF(struct pair) pairs;
};
static GR_MODEL(
    members, GR_FIELD(flag), GR_FIELD(small), GR_FIELD(byte), GR_FIELD(count), GR_FIELD(number), GR_FIELD(ratio),
    GR_FIELD(text), GR_FIELD(name), GR_FIELD(data), GR_FIELD(data_64, GR_BASE64),
    GR_FIELD(data_some, .min_len = 1, .max_len = 3), GR_FIELD(day), GR_FIELD(at), GR_FIELD(moment), GR_FIELD(span),
    GR_FIELD(id), GR_FIELD(link, GR_URL), GR_FIELD(page, GR_HTTP_URL),
    GR_FIELD(short_page, GR_HTTP_URL, .min_len = 10, .max_len = 50), GR_FIELD(mail, GR_EMAIL),
    GR_FIELD(one, GR_LITERAL("a")), GR_FIELD(some, GR_LITERAL("a", "b")), GR_FIELD(anything),
    GR_FIELD(anything_or_none, GR_OPTIONAL), GR_FIELD(ranged, GR_GE(-2), GR_LE(9), GR_MULTIPLE_OF(2)),
    GR_FIELD(open_range, GR_GT(0), GR_LT(1.5), GR_MULTIPLE_OF(0.25)),
    GR_FIELD(pattern, .min_len = 1, .max_len = 5, .pattern = "^a+$"), GR_FIELD(int_default, GR_DEFAULT(3)),
    GR_FIELD(float_default, GR_DEFAULT(0.1)), GR_FIELD(bool_default, GR_DEFAULT(true)),
    GR_FIELD(text_default, GR_DEFAULT("x")), GR_FIELD(optional_int, GR_OPTIONAL, GR_GE(1)),
    GR_FIELD(optional_text, GR_OPTIONAL, .max_len = 5, .doc = "What"), GR_FIELD(nullable_text, GR_NULLABLE),
    GR_FIELD(nullable_int, GR_NULLABLE),
    GR_FIELD(told, .title = "The Told", .doc = "d", .examples = "[\"a\", 1]", .deprecated = true),
    GR_FIELD(aliased, .alias = "some-Alias_2x"), GR_FIELD(under, .alias = "_under_"), GR_ENUM(color, color),
    GR_ENUM(color_or_none, color, GR_OPTIONAL), GR_ENUM(color_default, color, GR_DEFAULT(GREEN), .doc = "x"),
    GR_ENUM(level, level), GR_ENUM(level_default, level, GR_DEFAULT(HIGH)), GR_ENUM(mixed, mixed),
    GR_ENUM(mixed_default, mixed, GR_DEFAULT(BARE)), GR_OBJECT(point, point),
    GR_OBJECT(point_or_none, point, GR_OPTIONAL),
    GR_OBJECT(point_told, point, .title = "Where", .doc = "d", .deprecated = true), GR_OBJECT(pet, pet),
    GR_OBJECT(pet_or_none, pet, GR_OPTIONAL), GR_OBJECT(tree, node), GR_OBJECT(defaults, defaults), GR_LIST(texts),
    GR_LIST(texts_or_empty, GR_DEFAULT_EMPTY), GR_LIST(texts_or_none, GR_OPTIONAL, .min_items = 1),
    GR_LIST(nullable_texts, GR_NULLABLE), GR_LIST(limited, GR_GE(1), GR_LT(5), .min_items = 1, .max_items = 9),
    GR_LIST(unique, .unique = true), GR_ENUMS(colors, color), GR_OBJECTS(points, point), GR_LIST(values),
    GR_ARRAY(three), GR_MAP(by_key), GR_MAP(by_key_or_empty, GR_DEFAULT_EMPTY),
    GR_MAP_OBJECTS(points_by_key, point, .min_items = 1, .max_items = 3), GR_LIST(set, .dedupe = true),
    GR_LIST(set_of_some, .dedupe = true, .min_items = 1, .max_items = 3), GR_LIST(listed, GR_DEFAULT_LIST(3, 1)),
    GR_MAP(by_int), GR_MAP(by_uuid), GR_MAP(by_moment), GR_MAP(by_any), GR_OBJECT(pair, pair),
    GR_OBJECT(pair_or_none, pair, GR_OPTIONAL), GR_OBJECTS(pairs, pair));

static void report(void *arg, const char *text)
{
    (void)arg;
    ck_abort_msg("the tables of the test are wrong: %s", text);
}

/* --- given a document --- */

static struct gri_doc doc;
static json_t *components;

static void make_components(void)
{
    components = gri_doc_components(&doc);
    ck_assert_int_eq(doc.rc, 0);
}

static void refer(const gr_model *model, unsigned view, const char *wanted)
{
    json_t *reference = gri_doc_model(&doc, model, view);
    make_components();
    ck_assert_str_eq(json_string_value(json_object_get(reference, "$ref")), wanted);
    json_decref(reference);
}

static void end_document(void)
{
    json_decref(components);
    gri_doc_finish(&doc);
}

static json_t *component(const char *name)
{
    json_t *found = json_object_get(components, name);
    ck_assert_msg(found != NULL, "there is no component %s", name);
    return found;
}

static void want(const char *what, const json_t *wanted, const json_t *got)
{
    if (json_equal(wanted, got))
        return;
    char *shown = json_dumps(got, JSON_SORT_KEYS), *asked = json_dumps(wanted, JSON_SORT_KEYS);
    ck_abort_msg("%s: wanted\n%s\ngot\n%s", what, asked, shown ? shown : "nothing");
}

static void want_member(const char *name, const char *key, const char *wanted)
{
    json_t *value = corpus_json(wanted);
    want(name, value, json_object_get(component(name), key));
    json_decref(value);
}

/* --- against pydantic --- */

static size_t members_compared;

static void compare(const char *line, int number)
{
    json_t *recorded = corpus_json(line), *wanted = json_object_get(recorded, "schema");
    const char *member = json_string_value(json_object_get(recorded, "member"));
    const char *other = json_string_value(json_object_get(recorded, "component"));
    json_t *properties = json_object_get(component("Members"), "properties");
    (void)number;
    if (member) {
        want(member, wanted, json_object_get(properties, member));
        members_compared++;
    } else if (other) {
        want(other, wanted, component(other));
    } else {
        json_t *rest = json_copy(component("Members"));
        json_object_del(rest, "properties");
        want("Members", wanted, rest);
        json_decref(rest);
    }
    json_decref(recorded);
}

START_TEST(schemas_are_those_of_pydantic)
{
    struct gri_checker checker;
    gri_checker_init(&checker, report, NULL);
    ck_assert_int_eq(gri_check_model(&checker, members_model(), false), 0);
    gri_checker_finish(&checker);
    gri_doc_init(&doc);
    refer(members_model(), 0, "#/components/schemas/Members");
    corpus_each_line("schemas.jsonl", compare);
    ck_assert_uint_eq(members_compared, json_object_size(json_object_get(component("Members"), "properties")));
    end_document();
}
END_TEST

START_TEST(components_are_sorted_by_name)
{
    gri_doc_init(&doc);
    refer(members_model(), 0, "#/components/schemas/Members");
    const char *before = "", *name;
    json_t *ignored;
    json_object_foreach(components, name, ignored)
    {
        ck_assert_msg(strcmp(before, name) < 0, "%s comes before %s", before, name);
        before = name;
    }
    ck_assert_uint_eq(json_object_size(components), 10);
    end_document();
}
END_TEST

/* --- names --- */

static const gr_field other_fields[] = {{.name = "z", .type = GR_TYPE_BOOL}, {.name = NULL}};
static const gr_model other_point = {sizeof(gr_model), sizeof(gr_field), 1, "The_Point", other_fields};

struct both {
    struct point a;
};
static GR_MODEL(both, GR_OBJECT(a, point));

START_TEST(two_models_of_one_name_are_numbered)
{
    gri_doc_init(&doc);
    json_t *first = gri_doc_model(&doc, point_model(), 0), *fixed = gri_doc_named(&doc, "Both", json_object());
    json_decref(gri_doc_named(&doc, "Both", json_object()));
    refer(both_model(), 0, "#/components/schemas/Both2");
    ck_assert_str_eq(json_string_value(json_object_get(first, "$ref")), "#/components/schemas/The_Point");
    ck_assert_str_eq(json_string_value(json_object_get(fixed, "$ref")), "#/components/schemas/Both");
    json_decref(first);
    json_decref(fixed);
    end_document();
}
END_TEST

START_TEST(a_title_that_is_no_key_is_made_one)
{
    gri_doc_init(&doc);
    refer(point_model(), 0, "#/components/schemas/The_Point");
    want_member("The_Point", "title", "\"The Point\"");
    end_document();
    gri_doc_init(&doc);
    refer(&other_point, 0, "#/components/schemas/ThePoint");
    end_document();
}
END_TEST

static void want_title(const char *name, const char *title, const char *type_name)
{
    gri_doc_init(&doc);
    ck_assert_str_eq(gri_doc_title(&doc, name), title);
    ck_assert_str_eq(gri_doc_type_name(&doc, name), type_name);
    gri_doc_finish(&doc);
}

START_TEST(names_become_titles_as_in_python)
{
    want_title("item_id", "Item Id", "ItemId");
    want_title("X-TOKEN", "X-Token", "X-TOKEN");
    want_title("a1b2_c", "A1B2 C", "A1b2C");
    want_title("_x__y_", " X  Y ", "XY");
    want_title("HTTPError", "Httperror", "HTTPError");
    want_title("h\xc3\xa9llo", "H\xc3\xa9llo", "H\xc3\xa9llo");
    want_title("", "", "");
}
END_TEST

/* --- unions --- */

struct zoo {
    struct pet pet;
    struct cat cat;
};
static GR_MODEL(zoo, GR_OBJECT(pet, pet), GR_OBJECT(cat, cat));

START_TEST(an_arm_that_is_also_used_by_itself_has_a_schema_of_its_own)
{
    gri_doc_init(&doc);
    refer(zoo_model(), 0, "#/components/schemas/Zoo");
    want_member("Cat", "required", "[\"lives\"]");
    want_member("PetCat", "required", "[\"kind\", \"lives\"]");
    want_member("Pet", "discriminator",
                "{\"propertyName\":\"kind\",\"mapping\":{\"cat\":\"#/components/schemas/PetCat\","
                "\"dog\":\"#/components/schemas/Dog\"}}");
    end_document();
}
END_TEST

struct shape {
    int64_t what;
    struct circle {
        double r;
    } circle;
};
static GR_MODEL(circle, GR_FIELD(r, .alias = "radius"));
static GR_MODEL(shape, GR_SELF(.title = "Shape"), GR_TAG(what, .alias = "type", .doc = "Which"),
                GR_ARM(circle, circle, 1, .alias = "round"));

START_TEST(a_union_goes_by_its_names_on_the_wire)
{
    gri_doc_init(&doc);
    refer(shape_model(), GRI_VIEW_BY_NAME, "#/components/schemas/Shape");
    want_member("Shape", "discriminator",
                "{\"propertyName\":\"type\",\"mapping\":{\"round\":\"#/components/schemas/Circle\"}}");
    want_member("Circle", "properties",
                "{\"type\":{\"type\":\"string\",\"const\":\"round\",\"title\":\"Type\",\"description\":\"Which\"},"
                "\"r\":{\"type\":\"number\",\"title\":\"R\"}}");
    end_document();
}
END_TEST

struct beast {
    int kind;
    union {
        struct cat cat;
        struct dog dog;
    };
};
static GR_MODEL(beast, GR_TAG(kind), GR_ARM(cat, cat, CAT), GR_ARM(dog, dog, DOG));
struct number {
    int which;
    union {
        int64_t i;
        double d;
    };
};
static GR_MODEL(number, GR_EITHER(which), GR_CASE(i, 1), GR_CASE(d, 2));
struct answer {
    int which;
    union {
        struct number number;
        const char *text, *other;
        struct cat cat;
        GR_LIST_OF(struct cat) cats;
    };
};
static GR_MODEL(answer, GR_EITHER(which), GR_CASE_OBJECT(number, number, 1), GR_CASE(text, 2), GR_CASE(other, 5),
                GR_CASE_OBJECT(cat, cat, 3), GR_CASE_OBJECTS(cats, cat, 4));
struct tale;
GR_DECLARE_MODEL(tale);
struct tale {
    int which;
    union {
        const char *text;
        GR_LIST_OF(struct tale) tales;
    };
};
GR_DEFINE_MODEL(tale, GR_EITHER(which), GR_CASE(text, 1, .min_len = 1, .doc = "Its words"),
                GR_CASE_OBJECTS(tales, tale, 2));
struct told {
    struct beast one, *may_be;
    GR_LIST_OF(struct beast) beasts;
    struct answer answer, *answer_or_none;
    GR_MAP_OF(struct answer) answers;
    struct tale tale;
};
static GR_MODEL(told, GR_OBJECT(one, beast), GR_OBJECT(may_be, beast, GR_OPTIONAL), GR_OBJECTS(beasts, beast),
                GR_OBJECT(answer, answer), GR_OBJECT(answer_or_none, answer, GR_OPTIONAL, .doc = "Or none"),
                GR_MAP_OBJECTS(answers, answer), GR_OBJECT(tale, tale));

START_TEST(a_union_stands_where_it_is_used_unless_it_has_a_name_or_contains_itself)
{
#define BEAST \
    "\"oneOf\":[{\"$ref\":\"#/components/schemas/BeastCat\"},{\"$ref\":\"#/components/schemas/Dog\"}]," \
    "\"discriminator\":{\"propertyName\":\"kind\",\"mapping\":{\"cat\":\"#/components/schemas/BeastCat\"," \
    "\"dog\":\"#/components/schemas/Dog\"}}"
#define ANSWER \
    "\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"number\"},{\"type\":\"string\"}," \
    "{\"$ref\":\"#/components/schemas/Cat\"},{\"items\":{\"$ref\":\"#/components/schemas/Cat\"},\"type\":\"array\"}"
    static const char properties[] =
        "{\"one\":{" BEAST ",\"title\":\"One\"},"
        "\"may_be\":{\"anyOf\":[{" BEAST "},{\"type\":\"null\"}],\"title\":\"May Be\"},"
        "\"beasts\":{\"items\":{" BEAST "},\"type\":\"array\",\"title\":\"Beasts\"},"
        "\"answer\":{" ANSWER "],\"title\":\"Answer\"},"
        "\"answer_or_none\":{" ANSWER ",{\"type\":\"null\"}],\"title\":\"Answer Or None\",\"description\":\"Or none\"},"
        "\"answers\":{\"additionalProperties\":{" ANSWER "]},\"type\":\"object\",\"title\":\"Answers\"},"
        "\"tale\":{\"$ref\":\"#/components/schemas/Tale\"}}";
    gri_doc_init(&doc);
    refer(told_model(), 0, "#/components/schemas/Told");
    want_member("Told", "properties", properties);
    want_member("Tale", "anyOf",
                "[{\"type\":\"string\",\"minLength\":1,\"description\":\"Its words\"},"
                "{\"items\":{\"$ref\":\"#/components/schemas/Tale\"},\"type\":\"array\"}]");
    end_document();
}
END_TEST

/* --- what cannot be written --- */

struct latin {
    int64_t n;
};
static GR_MODEL(latin, GR_FIELD(n, .doc = "caf\xe9"));

START_TEST(a_text_that_is_not_utf8_is_named)
{
    gri_doc_init(&doc);
    json_t *reference = gri_doc_model(&doc, latin_model(), 0);
    components = gri_doc_components(&doc);
    ck_assert_int_eq(doc.rc, GR_EINVAL);
    ck_assert_str_eq(doc.refused, "caf\xe9");
    json_decref(reference);
    end_document();
}
END_TEST

struct large {
    uint64_t n;
};
static GR_MODEL(large, GR_FIELD(n, GR_LE(UINT64_MAX), GR_GE((uint64_t)5)));

START_TEST(a_bound_beyond_int64_is_a_real)
{
    gri_doc_init(&doc);
    refer(large_model(), 0, "#/components/schemas/Large");
    want_member("Large", "properties",
                "{\"n\":{\"type\":\"integer\",\"maximum\":18446744073709551615.0,\"minimum\":5,\"title\":\"N\"}}");
    end_document();
}
END_TEST

struct large_list {
    GR_LIST_OF(uint64_t) n;
};
static GR_MODEL(large_list, GR_LIST(n, GR_DEFAULT_LIST(18446744073709551615, 5), .examples = "[[9223372036854775808]]"));

START_TEST(so_is_an_item_of_a_default_or_an_example)
{
    gri_doc_init(&doc);
    refer(large_list_model(), 0, "#/components/schemas/LargeList");
    want_member("LargeList", "properties",
                "{\"n\":{\"items\":{\"minimum\":0,\"type\":\"integer\"},\"type\":\"array\",\"title\":\"N\","
                "\"default\":[18446744073709551615.0,5],\"examples\":[[9223372036854775808.0]]}}");
    ck_assert_int_eq(doc.rc, 0);
    end_document();
}
END_TEST

int main(void)
{
    const test_list tests = {schemas_are_those_of_pydantic,
                             components_are_sorted_by_name,
                             two_models_of_one_name_are_numbered,
                             a_title_that_is_no_key_is_made_one,
                             names_become_titles_as_in_python,
                             an_arm_that_is_also_used_by_itself_has_a_schema_of_its_own,
                             a_union_goes_by_its_names_on_the_wire,
                             a_union_stands_where_it_is_used_unless_it_has_a_name_or_contains_itself,
                             a_text_that_is_not_utf8_is_named,
                             a_bound_beyond_int64_is_a_real,
                             so_is_an_item_of_a_default_or_an_example,
                             NULL};
    return run_tests("openapi members", tests, 20);
}
