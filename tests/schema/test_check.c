#include "checking.h"

struct good {
    int8_t small;
    double price;
    const char *name, *q;
    int *skip;
    bool brief;
    gr_strings tags;
    struct good *next;
};
static GR_MODEL(good, GR_FIELD(small, GR_GE(-128), GR_LE(127), GR_DEFAULT(5)), GR_FIELD(price, GR_GT(0), GR_LT(1.5)),
                GR_FIELD(name, .min_len = 1, .max_len = 3, GR_DEFAULT("\xc3\xa9\xc3\xa9\xc3\xa9")),
                GR_FIELD(q, GR_OPTIONAL), GR_FIELD(skip, GR_OPTIONAL), GR_FIELD(brief, GR_DEFAULT(false)),
                GR_LIST(tags, GR_DEFAULT_EMPTY), GR_OBJECT(next, good, GR_OPTIONAL));

START_TEST(a_model_without_a_mistake_is_taken)
{
    ck_assert_int_eq(check(good_model(), false), 0);
    ck_assert_str_eq(said, "");
}
END_TEST

struct bounds {
    int a, b, c;
    double d;
    uint8_t u;
};
static GR_MODEL(bounds, GR_FIELD(a, GR_GE(5), GR_LE(3)), GR_FIELD(b, GR_GT(3), GR_LT(4)),
                GR_FIELD(c, GR_GE(3), GR_LT(3)), GR_FIELD(d, GR_GT(1.5), GR_LE(1.5)), GR_FIELD(u, GR_LE(256)));

START_TEST(bounds_that_no_value_keeps_are_all_reported)
{
    want_said(bounds_model(), false,
              "bounds.a: ge 5 is above le 3\n"
              "bounds.b: no integer lies between gt 3 and lt 4\n"
              "bounds.c: no value lies between ge 3 and lt 3\n"
              "bounds.d: no value lies between gt 1.5 and le 1.5\n"
              "bounds.u: le 256 is out of the member's range\n");
}
END_TEST

struct kinds {
    int a;
    const char *b;
    int c;
    bool d;
    gr_ints e;
};
static GR_MODEL(kinds, GR_FIELD(a, GR_GE(0.5)), GR_FIELD(b, GR_LT(3)), GR_FIELD(c, .min_len = 3), GR_FIELD(d, GR_GT(0)),
                GR_LIST(e, GR_GT(0)));

START_TEST(options_of_the_wrong_kind_are_reported)
{
    want_said(kinds_model(), false,
              "kinds.a: ge 0.5 is of another kind than the member\n"
              "kinds.b: lt is a bound of numbers\n"
              "kinds.c: min_len and max_len are for strings\n"
              "kinds.d: gt is a bound of numbers\n"); /* of e it is a bound of each item */
}
END_TEST

struct defaults {
    int a, b, c;
    const char *d, *e;
    bool f;
    int8_t g;
    uint64_t h;
    int i;
};
static GR_MODEL(defaults, GR_FIELD(a, GR_DEFAULT("x")), GR_FIELD(b, GR_DEFAULT(1.5)),
                GR_FIELD(c, GR_GE(1), GR_LT(9), GR_DEFAULT(9)), GR_FIELD(d, GR_DEFAULT(1)),
                GR_FIELD(e, .max_len = 2, GR_DEFAULT("abc")), GR_FIELD(f, GR_DEFAULT(2)), GR_FIELD(g, GR_DEFAULT(128)),
                GR_FIELD(h, GR_DEFAULT(-1)), GR_FIELD(i, GR_GT(0), GR_DEFAULT(0)));

START_TEST(defaults_that_are_no_value_of_the_member_are_reported)
{
    want_said(defaults_model(), false,
              "defaults.a: the default \"x\" is of another kind than the member\n"
              "defaults.b: the default 1.5 is of another kind than the member\n"
              "defaults.c: the default 9 breaks lt 9\n"
              "defaults.d: the default 1 is of another kind than the member\n"
              "defaults.e: the default \"abc\" is longer than max_len 2\n"
              "defaults.f: the default 2 is of another kind than the member\n"
              "defaults.g: the default 128 is out of the member's range\n"
              "defaults.h: the default -1 is out of the member's range\n"
              "defaults.i: the default 0 breaks gt 0\n");
}
END_TEST

struct empties {
    int one;
    gr_strings both, least;
    int two[2];
    GR_MAP_OF(int) map;
};
static GR_MODEL(empties, GR_FIELD(one, GR_DEFAULT_EMPTY), GR_LIST(both, GR_DEFAULT_EMPTY, GR_OPTIONAL),
                GR_LIST(least, GR_DEFAULT_EMPTY, .min_items = 1), GR_ARRAY(two, GR_DEFAULT_EMPTY),
                GR_MAP(map, GR_NULLABLE, GR_DEFAULT_EMPTY));

START_TEST(a_default_of_no_items_is_for_lists_and_maps_that_may_have_none)
{
    want_said(empties_model(), false,
              "empties.one: GR_DEFAULT_EMPTY is for lists and maps\n"
              "empties.both: GR_OPTIONAL, which is null where it is absent, and GR_DEFAULT_EMPTY exclude each other\n"
              "empties.least: the default, to have no items, breaks min_items\n"
              "empties.two: GR_DEFAULT_EMPTY is for lists and maps\n");
}
END_TEST

struct exact {
    int64_t a;
    uint64_t b;
    double c;
};
static GR_MODEL(exact, GR_FIELD(a, GR_GE(9007199254740993), GR_LT(9007199254740992)),
                GR_FIELD(b, GR_GE(UINT64_MAX), GR_LE(UINT64_MAX - 1)),
                GR_FIELD(c, GR_GE(9007199254740993), GR_LE(9007199254740992.0)));

START_TEST(bounds_are_compared_exactly)
{
    want_said(exact_model(), false,
              "exact.a: ge 9007199254740993 is above lt 9007199254740992\n"
              "exact.b: ge 18446744073709551615 is above le 18446744073709551614\n"
              "exact.c: ge 9007199254740993 is above le 9007199254740992.0\n");
}
END_TEST

struct twice {
    int a;
};
static GR_MODEL(twice, GR_FIELD(a), GR_FIELD(a, GR_GE(3)));

START_TEST(a_member_that_is_listed_twice_is_reported)
{
    want_said(twice_model(), false, "twice.a: the name \"a\" is taken by a\n");
}
END_TEST

struct names {
    int a, b, c;
    const char *d;
};
static GR_MODEL(names, GR_FIELD(a), GR_FIELD(b, .alias = "a"), GR_FIELD(c, GR_OPTIONAL),
                GR_FIELD(d, .min_len = 5, .max_len = 4));

START_TEST(names_lengths_and_optional_values_are_checked)
{
    want_said(names_model(), false,
              "names.b: the name \"a\" is taken by a\n"
              "names.c: is optional, so it has to be a pointer: NULL is how C says absent\n"
              "names.d: min_len 5 is above max_len 4\n");
}
END_TEST

struct outer {
    struct names inner;
    struct outer *self;
};
static GR_MODEL(outer, GR_OBJECT(inner, names), GR_OBJECT(self, outer, GR_OPTIONAL));

START_TEST(models_inside_are_checked_once)
{
    struct gri_checker checker;
    said[0] = '\0';
    gri_checker_init(&checker, remember, NULL);
    ck_assert_int_eq(gri_check_model(&checker, outer_model(), false), GR_EINVAL);
    ck_assert_int_eq(gri_check_model(&checker, names_model(), false), GR_EINVAL);
    ck_assert_uint_eq(checker.problems, 3);
    gri_checker_finish(&checker);
}
END_TEST

struct mixed {
    int id;
    const char *q;
    int n;
};
static GR_INPUT(mixed, GR_PATH(id, GR_DEFAULT(1)), GR_FIELD(q), GR_QUERY(n, .alias = "id"));

START_TEST(an_input_says_where_its_members_come_from)
{
    ck_assert(gr_input_of_mixed == mixed_input);
    want_said(
        mixed_input(), true,
        "mixed.id: a path parameter is always there: it is neither optional nor has a default\n"); /* q: the body */
    want_said(mixed_input(), false,
              "mixed.id: a model's members come from JSON: GR_FIELD, not GR_PATH or GR_QUERY\n"
              "mixed.n: a model's members come from JSON: GR_FIELD, not GR_PATH or GR_QUERY\n");
}
END_TEST

START_TEST(a_table_filled_by_hand_is_checked_as_the_others)
{
    static const gr_field fields[] = {{.name = "a", .type = 99},
                                      {.name = "b", .type = GR_TYPE_OBJECT},
                                      {.name = "c", .type = GR_TYPE_STRING | GR_POINTER},
                                      {.name = NULL}};
    static const gr_model model = {sizeof(gr_model), sizeof(gr_field), 8, "hand", fields}, empty = {0};
    want_said(&model, false,
              "hand.a: its type is none\n"
              "hand.b: is an object without a model\n"
              "hand.c: its type is none\n");
    want_said(&empty, false,
              "(a model without a name): size, field_size, name or fields is not set, or of a "
              "later version than the library\n");
}
END_TEST

enum level { LOW = 1, HIGH = 2 };
static GR_VALUES(level, {LOW, "low"}, {HIGH, "high"});

struct choices {
    int a;
    enum level b;
    char c[3];
    const char *d;
    int64_t e;
    double f;
    const char *g, *h;
    gr_bytes i;
    int j;
    gr_ints k, l;
    struct names *m;
    const char *n;
    gr_date o;
};
static GR_MODEL(choices, GR_FIELD(a, GR_NULLABLE), GR_ENUM(b, level, GR_DEFAULT(3)), GR_FIELD(c, GR_DEFAULT("abc")),
                GR_FIELD(d, GR_LITERAL("x", "y"), GR_DEFAULT("z")), GR_FIELD(e, GR_MULTIPLE_OF(0)),
                GR_FIELD(f, GR_LITERAL("x")), GR_FIELD(g, .pattern = "a(b"), GR_FIELD(h, GR_BASE64),
                GR_FIELD(i, GR_EMAIL), GR_FIELD(j, .pattern = "x", .min_items = 1),
                GR_LIST(k, .min_items = 3, .max_items = 2), GR_LIST(l, GR_DEFAULT(1)),
                GR_FIELD(n, .examples = "{}"), GR_FIELD(o, GR_DEFAULT("2020-01-01")));

START_TEST(choices_patterns_formats_and_items_are_checked)
{
    want_said(choices_model(), false,
              "choices.a: is nullable, so it has to be a pointer: NULL is how C says null\n"
              "choices.b: the default 3 is none of the enum's values\n"
              "choices.c: the default \"abc\" does not fit into its char array\n"
              "choices.d: the default \"z\" is none of the literals\n"
              "choices.e: multiple_of 0 is not above 0\n"
              "choices.f: a literal is for strings\n"
              "choices.g: the pattern \"a(b\" is wrong at 3: missing closing parenthesis\n"
              "choices.h: its format is for gr_bytes\n"
              "choices.i: its format is for const char *\n"
              "choices.j: a pattern is for strings\n"
              "choices.j: min_items and max_items are for lists and maps\n"
              "choices.k: min_items 3 is above max_items 2\n"
              "choices.l: only a bool, a number, an enum or a string can have a default\n"
              "choices.n: its examples are no JSON array\n"
              "choices.o: only a bool, a number, an enum or a string can have a default\n");
}
END_TEST

struct leaf {
    int n;
};
static GR_MODEL(leaf, GR_FIELD(n));
struct branch {
    int kind;
    struct leaf leaf;
    int n;
    gr_set set, again;
};
static GR_MODEL(branch, GR_TAG(kind), GR_FIELD(n), GR_SET(set), GR_SET(again));

START_TEST(unions_and_sets_are_checked)
{
    want_said(branch_model(), false,
              "branch: has two GR_SELF, GR_SET or GR_TAG\n"
              "branch: is a union by its GR_TAG: all other members are GR_ARM, and there is one\n");
}
END_TEST

struct armed {
    struct leaf leaf;
};
static GR_MODEL(armed, GR_ARM(leaf, leaf, 1));

START_TEST(arms_need_a_tag)
{
    want_said(armed_model(), false, "armed: has arms, but no GR_TAG that says which is there\n");
}
END_TEST

struct places {
    gr_ints ids;
    struct outer deep;
    json_t *any, *one;
    struct {
        struct leaf *at;
        size_t len;
    } leaves;
    int body;
    int form;
    struct leaf flat;
};
static GR_INPUT(places, GR_LIST(ids, .source = GR_IN_PATH), GR_OBJECT(deep, outer, GR_FROM_QUERY),
                GR_FIELD(any, GR_FROM_HEADER), GR_FIELD(one, GR_FROM_PATH),
                GR_OBJECTS(leaves, leaf, GR_FROM_HEADER), GR_FIELD(body), GR_FORM(form), GR_OBJECT(flat, leaf, GR_FROM_COOKIE));

START_TEST(what_a_place_cannot_give_is_reported)
{
    want_said(places_input(), true,
              "places: takes a form and a JSON body: a request has one\n"
              "places.ids: a list in the path is one text: .style = GR_STYLE_SIMPLE\n"
              "places.deep: a struct of parameters has single values and lists of them only\n"
              "places.leaves: a parameter is a single value, a list of them, or a struct by value\n"
              "names.b: the name \"a\" is taken by a\n"
              "names.c: is optional, so it has to be a pointer: NULL is how C says absent\n"
              "names.d: min_len 5 is above max_len 4\n");
}
END_TEST

START_TEST(shapes_filled_by_hand_are_checked)
{
    static const gr_enum empty = {sizeof(gr_enum), "empty", NULL, 0};
    static const gr_field fields[] = {{.name = "a", .type = GR_TYPE_CHARS},
                                      {.name = "b", .type = GR_TYPE_ENUM, .size = 4},
                                      {.name = "c", .type = GR_TYPE_ENUM, .size = 4, .values = &empty},
                                      {.name = "d", .type = GR_TYPE_TAG, .size = 3},
                                      {.name = "e", .type = GR_TYPE_INT32 | GR_FIXED},
                                      {.name = "f", .type = GR_TYPE_INT64 | GR_MAPPING, .stride = 8, .value_offset = 8},
                                      {.name = "g", .type = GR_TYPE_INT32 | GR_POINTER | GR_SEQUENCE},
                                      {.name = "h", .type = GR_TYPE_INT32, .source = (gr_source)9},
                                      {.name = NULL}};
    static const gr_model model = {sizeof(gr_model), sizeof(gr_field), 8, "hand", fields};
    want_said(&model, false,
              "hand: is a union by its GR_TAG: all other members are GR_ARM, and there is one\n"
              "hand.a: its size is not set, or none that it can have\n"
              "hand.b: is an enum without values\n"
              "hand.c: is an enum without values\n"
              "hand.d: its size is not set, or none that it can have\n"
              "hand.e: is an array without a count\n"
              "hand.f: its size is not set, or none that it can have\n"
              "hand.g: its type is none\n"
              "hand.h: its source is none\n");
}
END_TEST

int main(void)
{
    return run_tests(
        "check",
        (test_list){a_model_without_a_mistake_is_taken, bounds_that_no_value_keeps_are_all_reported,
                    options_of_the_wrong_kind_are_reported, defaults_that_are_no_value_of_the_member_are_reported,
                    a_default_of_no_items_is_for_lists_and_maps_that_may_have_none, bounds_are_compared_exactly,
                    a_member_that_is_listed_twice_is_reported, names_lengths_and_optional_values_are_checked,
                    models_inside_are_checked_once, an_input_says_where_its_members_come_from,
                    a_table_filled_by_hand_is_checked_as_the_others, choices_patterns_formats_and_items_are_checked,
                    unions_and_sets_are_checked, arms_need_a_tag, what_a_place_cannot_give_is_reported,
                    shapes_filled_by_hand_are_checked, NULL},
        20);
}
