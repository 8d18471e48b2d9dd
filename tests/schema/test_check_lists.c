/* What is said at start of lists and their defaults, of tuples, and of what could never have an effect. */
#include "checking.h"

struct listed {
    gr_ints a, b, c, d, e, f, g;
    int h[2], i;
    GR_LIST_OF(json_t *) j;
    gr_strings k, l;
};
static GR_MODEL(listed, GR_LIST(a, GR_DEFAULT_LIST(1, "x")), GR_LIST(b, GR_GE(1), GR_DEFAULT_LIST(1, 0)),
                GR_LIST(c, GR_DEFAULT_LIST(1, 2), .max_items = 1), GR_LIST(d, GR_DEFAULT_LIST(A_MACRO)),
                GR_LIST(e, GR_DEFAULT_LIST(1), GR_OPTIONAL), GR_LIST(f, GR_DEFAULT_LIST(1), GR_DEFAULT_EMPTY),
                GR_LIST(g, GR_DEFAULT_LIST(1, 2, 1), .dedupe = true), GR_ARRAY(h, GR_DEFAULT_LIST(1)),
                GR_FIELD(i, GR_DEFAULT_LIST(1)), GR_LIST(j, GR_DEFAULT_LIST(1)),
                GR_LIST(k, .pattern = "^a$", GR_DEFAULT_LIST("a", "b")),
                GR_LIST(l, .dedupe = true, .unique = true, GR_DEFAULT_LIST("a", "b")));

START_TEST(default_items_are_looked_at_as_those_of_a_request)
{
    want_said(
        listed_model(), false,
        "listed.a: the default [1, \"x\"] has an item, number 1 from 0, that is refused: Input should be a valid "
        "integer, unable to parse string as an integer\n"
        "listed.b: the default [1, 0] has an item, number 1 from 0, that is refused: Input should be greater than "
        "or equal to 1\n"
        "listed.c: the default [1, 2] has too many or too few items\n"
        "listed.d: the default [A_MACRO] is no list as JSON has it\n"
        "listed.e: GR_DEFAULT_LIST excludes GR_OPTIONAL and GR_DEFAULT_EMPTY\n"
        "listed.f: GR_DEFAULT_LIST excludes GR_OPTIONAL and GR_DEFAULT_EMPTY\n"
        "listed.g: the default [1, 2, 1] has two equal items\n"
        "listed.h: the default [1] has too many or too few items\n"
        "listed.i: GR_DEFAULT_LIST is for lists and arrays of scalars\n"
        "listed.j: GR_DEFAULT_LIST is for lists and arrays of scalars\n"
        "listed.k: the default [\"a\", \"b\"] has an item, number 1 from 0, that is refused: String should match "
        "pattern '^a$'\n"
        "listed.l: unique, which refuses what is equal, and dedupe, which drops it, exclude each other\n");
}
END_TEST

static const char *never(const void *value)
{
    (void)value;
    return "never";
}

struct twig {
    int x;
    int *y;
    int *z;
    json_t *any;
};
static GR_MODEL(twig, GR_SELF(.tuple = true), GR_FIELD(x), GR_FIELD(y, GR_OPTIONAL), GR_FIELD(z, GR_DEFAULT(1)),
                GR_REST(any));
struct ring {
    struct ring *next;
    gr_set set;
};
static GR_MODEL(ring, GR_SELF(.tuple = true), GR_OBJECT(next, ring, GR_NULLABLE), GR_SET(set));
struct wide {
    json_t *rest;
    GR_MAP_OF(int) more;
    GR_LIST_OF(struct twig) sets;
    int a, b;
    int *c;
};
static GR_MODEL(wide, GR_SELF(.extra = GR_EXTRA_FORBIDDEN), GR_REST(rest), GR_REST_MAP(more),
                GR_OBJECTS(sets, twig, .dedupe = true), GR_FIELD(a, .tuple = true), GR_FIELD(b, .omit_null = true),
                GR_FIELD(c, GR_NULLABLE, .omit_null = true));
struct lax {
    int a;
    gr_set set;
};
static GR_MODEL(lax, GR_SELF(.extra = GR_EXTRA_ALLOWED), GR_FIELD(a), {.name = "set", .type = GR_TYPE_SET,
                                                                        .offset = offsetof(struct lax, set),
                                                                        .validate = never});
struct armed {
    int kind;
    union {
        struct twig twig;
    };
};
static GR_MODEL(armed, GR_TAG(kind, .validate = never), GR_ARM(twig, twig, 1));

START_TEST(tuples_the_rest_and_what_is_never_called_are_reported)
{
    want_said(twig_model(), false,
              "twig.y: is a position of a tuple: it is there, and neither optional nor the rest\n"
              "twig.z: is a position of a tuple: it is there, and neither optional nor the rest\n"
              "twig.any: is a position of a tuple: it is there, and neither optional nor the rest\n");
    want_said(ring_model(), false,
              "ring: is a tuple: it has no GR_TAG, GR_ARM or GR_SET\n"
              "ring: is a tuple that holds itself\n");
    ck_assert_int_eq(check(wide_model(), false), GR_EINVAL);
    const char *wanted[] = {"wide: has two members that take the rest\n",
                            "wide: forbids what GR_REST would take\n",
                            "wide.sets: dedupe is for lists of scalars\n",
                            "wide.a: .tuple is an option of GR_SELF\n",
                            "wide.b: omit_null is for a member that may be absent, and null: GR_OPTIONAL\n",
                            "wide.c: omit_null is for a member that may be absent, and null: GR_OPTIONAL\n"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        ck_assert_msg(strstr(said, wanted[i]) != NULL, "%s is not in %s", wanted[i], said);
    want_said(lax_model(), false,
              "lax: allows what it has no member for: GR_REST(m) of a json_t *, or GR_REST_MAP(m)\n"
              "lax.set: has no value that a .validate could look at: GR_SELF can have one\n");
    ck_assert_int_eq(check(armed_model(), false), GR_EINVAL);
    ck_assert_ptr_nonnull(
        strstr(said, "armed.kind: has no value that a .validate could look at: GR_SELF can have one\n"));
    ck_assert_ptr_nonnull(strstr(said, "armed.twig: an arm is an object, which has the tag: no tuple\n"));
}
END_TEST

struct spot {
    double lat, lon;
    gr_ints floors;
};
static GR_MODEL(spot, GR_SELF(.tuple = true), GR_FIELD(lat), GR_FIELD(lon), GR_LIST(floors));
struct asked {
    struct spot at;
    json_t *rest;
};
static GR_INPUT(asked, GR_OBJECT(at, spot, GR_FROM_QUERY), GR_REST(rest), GR_SELF(.validate = never, .tuple = true));

START_TEST(an_input_has_no_rest_and_checks_its_members)
{
    ck_assert_int_eq(check(asked_input(), true), GR_EINVAL);
    const char *wanted[] = {"asked.at: a struct of parameters has single values and lists of them only\n",
                            "asked.rest: an input has no rest: a model that it takes may have one\n",
                            "asked.: GR_SELF of an input has no .validate: give that to its members\n",
                            "asked.: an input is no tuple: put that into a model of its own\n"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        ck_assert_msg(strstr(said, wanted[i]) != NULL, "%s is not in %s", wanted[i], said);
}
END_TEST

/* --- what nothing could ever be, or would ever look at --- */

struct keyed_rest {
    GR_MAP_FROM(float, float) others;
};
static GR_MODEL(keyed_rest, GR_REST_MAP(others, .max_items = 1));
struct keyed_list {
    gr_ints list;
};
static GR_MODEL(keyed_list, GR_LIST(list, .key_type = GR_TYPE_INT64));
struct number_or_text {
    int8_t which;
    union {
        int64_t number;
        const char *text;
        gr_ints list;
    };
};
static GR_MODEL(number_or_text, GR_EITHER(which), GR_CASE(number, 200), GR_CASE(text, 300),
                GR_CASE_LIST(list, 2, GR_DEFAULT_EMPTY));
struct few_or_text {
    int8_t which;
    int64_t number;
    const char *text;
};
static GR_MODEL(few_or_text, GR_EITHER(which), GR_CASE(number, 1), GR_CASE(text, 2));
struct by_few {
    int kind;
    struct few_or_text few;
};
static GR_MODEL(by_few, GR_TAG(kind), GR_ARM(few, few_or_text, 1));
struct root_tuple {
    gr_ints list;
};
static GR_MODEL(root_tuple, GR_SELF(.tuple = true, .extra = GR_EXTRA_FORBIDDEN), GR_ROOT, GR_LIST(list, GR_DEFAULT_LIST(1)));
struct both {
    int which;
    int64_t number;
};
static GR_MODEL(both, GR_ROOT, GR_EITHER(which), GR_CASE(number, 1));
struct rest_case {
    int which;
    int64_t number;
    GR_MAP_OF(int64_t) others;
};
static GR_MODEL(rest_case, GR_EITHER(which), GR_CASE(number, 1), GR_REST_MAP(others, .tag_value = 2));

START_TEST(what_could_never_be_right_where_declarations_meet_is_reported)
{
    want_said(keyed_rest_model(), false,
              "keyed_rest.others: takes the rest of an object: its keys are const char *\n"
              "keyed_rest.others: takes the rest of an object, which nothing counts: no min_items, no max_items\n");
    want_said(keyed_list_model(), false, "keyed_list.list: has a key_type, but is no map\n");
    want_said(
        number_or_text_model(), false,
        "number_or_text: the number of text is none that which can hold\n"
        "number_or_text.list: a case is neither optional nor has a default: the member that is the union may be\n");
    want_said(by_few_model(), false,
              "by_few: its arm few is an object with the members of one struct: no union and no root\n");
    want_said(root_tuple_model(), false,
              "root_tuple: list is all that is on the wire by GR_ROOT, so it cannot have a default\n"
              "root_tuple: is a tuple: it has neither cases nor a root\n"
              "root_tuple.list: is a position of a tuple: it is there, and neither optional nor the rest\n"
              "root_tuple: is no object by itself: what it may have beside its members the model of that says\n");
    want_said(both_model(), false,
              "both: is a union by its GR_EITHER: all other members are GR_CASE, and there is one\n");
    want_said(rest_case_model(), false,
              "rest_case: is a union by its GR_EITHER: all other members are GR_CASE, and there is one\n");
}
END_TEST

int main(void)
{
    return run_tests("check_lists",
                     (test_list){default_items_are_looked_at_as_those_of_a_request,
                                 tuples_the_rest_and_what_is_never_called_are_reported,
                                 an_input_has_no_rest_and_checks_its_members,
                                 what_could_never_be_right_where_declarations_meet_is_reported, NULL},
                     20);
}
