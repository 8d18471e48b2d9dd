/* Where two kinds of declarations meet: a union inside a list, a check of one's own on a union, secrets in what has no
 * name, the rest of an arm. */
#include <griddle.h>

#include "corpus.h"

/* What is wrong with the value, one mistake a line: its type, where, and what came. */
static void want_wrong(int (*read)(gr_arena *, const json_t *, void *), const char *json, const char *want)
{
    char said[2048] = "", value[256] = {0};
    gr_arena *arena = gr_arena_create();
    json_t *from = corpus_json(json);
    size_t n;
    int rc = read(arena, from, value);
    const gr_invalid *mistakes = gr_arena_invalid(arena, &n);
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(said);
        snprintf(said + len, sizeof said - len, "%s %s %s\n", mistakes[i].type, mistakes[i].loc, mistakes[i].input);
    }
    ck_assert_msg(strcmp(said, want) == 0, "%s: %s", json, said);
    ck_assert_int_eq(rc, *want ? GR_EINVAL : 0);
    json_decref(from);
    gr_arena_destroy(arena);
}

#define READER(tag) \
    static int read_##tag(gr_arena *arena, const json_t *json, void *value) \
    { \
        _Static_assert(sizeof(struct tag) <= 256, "there is room for it"); \
        return tag##_read(arena, json, value); \
    } \
    struct tag

/* --- a pointer to a union, in a list --- */

struct two {
    const char *text;
    int64_t number;
};
static GR_MODEL(two, GR_FIELD(text), GR_FIELD(number));
struct two_or_ints {
    int which;
    union {
        struct two two;
        gr_ints ints;
    };
};
static GR_MODEL(two_or_ints, GR_EITHER(which), GR_CASE_OBJECT(two, two, 1), GR_CASE_LIST(ints, 2));
struct part {
    const char *name, *other;
    struct two_or_ints *either;
};
static unsigned parts_seen, parts_not_zeroed;
static const char *see_part(const void *value)
{
    const struct part *part = value;
    parts_seen++;
    parts_not_zeroed += part->name || part->other || part->either;
    return NULL;
}
static GR_MODEL(part, GR_SELF(.validate = see_part), GR_FIELD(name, GR_OPTIONAL), GR_FIELD(other, GR_OPTIONAL),
                GR_OBJECT(either, two_or_ints, GR_OPTIONAL));
struct parts {
    GR_LIST_OF(struct part) list;
    GR_MAP_OF(struct part) map;
};
static GR_MODEL(parts, GR_OBJECTS(list, part, GR_DEFAULT_EMPTY), GR_MAP_OBJECTS(map, part, GR_DEFAULT_EMPTY));
READER(parts);

START_TEST(an_item_begins_as_zeroes_whatever_was_refused_before_it)
{
    want_wrong(read_parts, "{\"list\":[{\"either\":{\"text\":\"x\",\"number\":\"y\"}},{},{},{}]}",
               "int_parsing [\"list\",0,\"either\",\"Two\",\"number\"] \"y\"\n"
               "list_type [\"list\",0,\"either\",\"list[int]\"] {\"text\":\"x\",\"number\":\"y\"}\n");
    want_wrong(read_parts, "{\"map\":{\"a\":{\"either\":[3,4,5,\"x\"]},\"b\":{},\"c\":{}}}",
               "model_attributes_type [\"map\",\"a\",\"either\",\"Two\"] [3,4,5,\"x\"]\n"
               "int_parsing [\"map\",\"a\",\"either\",\"list[int]\",3] \"x\"\n");
    ck_assert_uint_eq(parts_seen, 5);
    ck_assert_uint_eq(parts_not_zeroed, 0);
}
END_TEST

/* --- secrets in what has no name --- */

struct pin {
    int which;
    union {
        int64_t number;
        gr_ints list;
        GR_MAP_OF(int64_t) map;
    };
};
static GR_MODEL(pin, GR_EITHER(which), GR_CASE(number, 1, .secret = true), GR_CASE_LIST(list, 2, .secret = true),
                GR_CASE_MAP(map, 3, .secret = true));
struct pins {
    gr_ints list;
};
static GR_MODEL(pins, GR_ROOT, GR_LIST(list, .secret = true));
struct keyed_pins {
    GR_MAP_FROM(int64_t, int64_t) map;
};
static GR_MODEL(keyed_pins, GR_ROOT, GR_MAP(map, .secret = true));
struct named_pins {
    int64_t n;
    GR_MAP_OF(int64_t) others;
};
static GR_MODEL(named_pins, GR_FIELD(n), GR_REST_MAP(others, .secret = true));
struct cat {
    int64_t lives;
};
static GR_MODEL(cat, GR_FIELD(lives));
struct pet {
    int kind;
    struct cat cat;
};
static GR_MODEL(pet, GR_TAG(kind), GR_ARM(cat, cat, 1, .secret = true));
struct pets {
    GR_MAP_OF(struct cat) others;
};
static GR_MODEL(pets, GR_REST_OBJECTS(others, cat, .secret = true));
READER(pin);
READER(pins);
READER(keyed_pins);
READER(named_pins);
READER(pet);
READER(pets);
#define HIDDEN " \"**********\"\n"

START_TEST(what_is_secret_is_so_in_cases_roots_arms_and_the_rest)
{
    want_wrong(read_pin, "\"told\"",
               "int_parsing [\"int\"]" HIDDEN "list_type [\"list[int]\"]" HIDDEN
               "dict_type [\"dict[str,int]\"]" HIDDEN);
    want_wrong(read_pin, "[\"told\"]",
               "int_type [\"int\"] null\nint_parsing [\"list[int]\",0]" HIDDEN "dict_type [\"dict[str,int]\"] null\n");
    want_wrong(read_pin, "{\"a\":\"told\"}",
               "int_type [\"int\"] null\nlist_type [\"list[int]\"] null\nint_parsing [\"dict[str,int]\",\"a\"]" HIDDEN);
    want_wrong(read_pins, "[\"told\"]", "int_parsing [0]" HIDDEN);
    want_wrong(read_pins, "\"told\"", "list_type []" HIDDEN);
    want_wrong(read_keyed_pins, "{\"x\":\"told\"}",
               "int_parsing [\"x\",\"[key]\"]" HIDDEN "int_parsing [\"x\"]" HIDDEN);
    want_wrong(read_named_pins, "{\"n\":\"x\",\"b\":\"told\"}",
               "int_parsing [\"n\"] \"x\"\nint_parsing [\"b\"]" HIDDEN);
    want_wrong(read_pet, "{\"kind\":\"cat\",\"lives\":\"told\"}", "int_parsing [\"cat\",\"lives\"]" HIDDEN);
    want_wrong(read_pets, "{\"a\":{\"lives\":\"told\"}}", "int_parsing [\"a\",\"lives\"]" HIDDEN);
}
END_TEST

/* --- checks of one's own --- */

struct even {
    int which;
    union {
        int64_t number;
        const char *text;
        gr_ints list;
    };
};
static const char *be_even(const void *value)
{
    const struct even *even = value;
    bool odd = (even->which == 1 && even->number % 2) || (even->which == 2 && strlen(even->text) % 2) ||
               (even->which == 3 && even->list.len % 2) || !even->which;
    return odd ? "not even" : NULL;
}
static GR_MODEL(even, GR_SELF(.validate = be_even), GR_EITHER(which), GR_CASE(number, 1), GR_CASE(text, 2),
                GR_CASE_LIST(list, 3));
struct any_even {
    int which;
    union {
        int64_t number;
        const char *text;
        gr_ints list;
    };
};
static GR_MODEL(any_even, GR_EITHER(which), GR_CASE(number, 1), GR_CASE(text, 2), GR_CASE_LIST(list, 3));
struct evens {
    struct even one;
    GR_LIST_OF(struct even) list;
    struct any_even *behind;
    GR_MAP_OF(struct even) others;
};
static GR_MODEL(evens, GR_OBJECT(one, even), GR_OBJECTS(list, even),
                GR_OBJECT(behind, any_even, GR_OPTIONAL, .validate = be_even), GR_REST_OBJECTS(others, even));
static const char *be_short(const void *value)
{
    return ((const gr_ints *)value)->len > 1 ? "too many" : NULL;
}
struct row {
    gr_ints cells;
};
static GR_MODEL(row, GR_SELF(.validate = be_short), GR_ROOT, GR_LIST(cells));
struct row_or_even {
    int which;
    union {
        struct row row;
        struct even even;
    };
};
static GR_MODEL(row_or_even, GR_EITHER(which), GR_CASE_OBJECT(row, row, 1), GR_CASE_OBJECT(even, even, 2));
struct holder {
    struct any_even even;
};
static GR_MODEL(holder, GR_OBJECT(even, any_even));
struct holder_or_text {
    int which;
    union {
        struct holder holder;
        const char *text;
    };
};
static const char *holds_even(const void *value)
{
    return be_even(&((const struct holder *)value)->even);
}
static GR_MODEL(holder_or_text, GR_EITHER(which), GR_CASE_OBJECT(holder, holder, 1, .validate = holds_even),
                GR_CASE(text, 2));
READER(even);
READER(evens);
READER(row);
READER(row_or_even);
READER(holder_or_text);

START_TEST(a_check_of_ones_own_looks_at_unions_and_roots)
{
    want_wrong(read_even, "2", "");
    want_wrong(read_even, "1", "value_error [] 1\n");
    want_wrong(read_even, "[1]", "value_error [] [1]\n");
    want_wrong(read_even, "[1,2]", "");
    want_wrong(read_evens, "{\"one\":\"x\",\"list\":[2,3,[],[1]],\"behind\":[5],\"a\":7,\"b\":8}",
               "value_error [\"one\"] \"x\"\nvalue_error [\"list\",1] 3\nvalue_error [\"list\",3] [1]\n"
               "value_error [\"behind\"] [5]\nvalue_error [\"a\"] 7\n");
    want_wrong(read_evens, "{\"one\":0,\"list\":[],\"behind\":[5,6]}", "");
    want_wrong(read_row, "[1]", "");
    want_wrong(read_row, "[1,2]", "value_error [] [1,2]\n");
}
END_TEST

START_TEST(a_check_says_which_case_a_value_is_not)
{
    want_wrong(read_row_or_even, "[1]", "");
    want_wrong(read_row_or_even, "[1,2]", "");
    want_wrong(read_row_or_even, "[1,2,3]",
               "value_error [\"list[int]\"] [1,2,3]\nvalue_error [\"union[int,str,list[int]]\"] [1,2,3]\n");
    want_wrong(read_holder_or_text, "{\"even\":[1,2]}", "");
}
END_TEST

/* --- what a check sees of a struct whose members did not come --- */

struct filled {
    const char *name;
    gr_ints list;
    int64_t *number;
    gr_set set;
};
static unsigned filled_seen, filled_not_whole;
static const char *see_filled(const void *value)
{
    const struct filled *filled = value;
    filled_seen++;
    filled_not_whole += !filled->name || filled->list.len != 2 || !filled->number || *filled->number != 7;
    return NULL;
}
static GR_MODEL(filled, GR_SELF(.validate = see_filled), GR_FIELD(name, GR_DEFAULT("n")),
                GR_LIST(list, GR_DEFAULT_LIST(1, 2)), GR_FIELD(number, GR_DEFAULT(7), GR_GT(0)), GR_SET(set));
struct filled_arm {
    int kind;
    struct filled filled;
};
static GR_MODEL(filled_arm, GR_TAG(kind), GR_ARM(filled, filled, 1, .validate = see_filled));
struct within {
    struct filled within;
};
static const char *see_within(const void *value)
{
    return see_filled(&((const struct within *)value)->within);
}
struct filled_bare {
    const char *name;
    gr_ints list;
    int64_t *number;
    gr_set set;
};
static GR_MODEL(filled_bare, GR_FIELD(name, GR_DEFAULT("n")), GR_LIST(list, GR_DEFAULT_LIST(1, 2)),
                GR_FIELD(number, GR_DEFAULT(7), GR_GT(0)), GR_SET(set));
struct holds_bare {
    struct filled_bare within;
};
static GR_MODEL(holds_bare, GR_OBJECT(within, filled_bare), GR_SELF(.validate = see_within));
struct filled_or_text {
    int which;
    union {
        struct filled filled;
        struct filled_arm arm;
        struct holds_bare holder;
        struct filled_bare bare;
        GR_LIST_OF(struct filled) list;
        GR_MAP_OF(struct filled) map;
    };
};
static GR_MODEL(filled_or_text, GR_EITHER(which), GR_CASE_OBJECTS(list, filled, 1), GR_CASE_OBJECT(arm, filled_arm, 2),
                GR_CASE_OBJECT(holder, holds_bare, 3), GR_CASE_OBJECT(filled, filled, 4),
                GR_CASE_OBJECT(bare, filled_bare, 5, .validate = see_filled), GR_CASE_MAP_OBJECTS(map, filled, 6));
struct many_filled {
    gr_ints wrong;
    GR_LIST_OF(struct filled) list;
    struct holds_bare *holder;
    struct filled *number;
};
static GR_MODEL(many_filled, GR_LIST(wrong), GR_OBJECTS(list, filled, GR_OPTIONAL), GR_OBJECT(holder, holds_bare, GR_OPTIONAL),
                GR_OBJECT(number, filled, GR_OPTIONAL));
READER(filled_or_text);

START_TEST(a_check_sees_the_defaults_of_what_is_only_tried)
{
    filled_seen = filled_not_whole = 0;
    want_wrong(read_filled_or_text, "{}", "");
    ck_assert_uint_eq(filled_seen, 2);
    want_wrong(read_filled_or_text, "[{},{\"name\":\"x\"}]", "");
    ck_assert_uint_eq(filled_seen, 6);
    want_wrong(read_filled_or_text, "{\"kind\":\"filled\"}", "");
    want_wrong(read_filled_or_text, "{\"within\":{}}", "");
    want_wrong(read_filled_or_text, "{\"a\":{}}", "");
    ck_assert_uint_eq(filled_not_whole, 0);
}
END_TEST

/* More mistakes than are told come before what is right. */
START_TEST(a_check_sees_the_defaults_behind_all_the_mistakes_that_are_told)
{
    char json[2048] = "{\"wrong\":[\"x\"";
    struct many_filled value;
    gr_arena *arena = gr_arena_create();
    for (int i = 0; i < 200; i++)
        strcat(json, ",\"x\"");
    strcat(json, "],\"list\":[{},{\"name\":5},{\"list\":[3,4]}],\"holder\":{\"within\":{}},\"number\":{\"number\":7}}");
    json_t *from = corpus_json(json);
    filled_seen = filled_not_whole = 0;
    ck_assert_int_eq(many_filled_read(arena, from, &value), GR_EINVAL);
    ck_assert_uint_eq(filled_seen, 4);
    ck_assert_uint_eq(filled_not_whole, 0);
    json_decref(from);
    gr_arena_destroy(arena);
}
END_TEST

/* --- what is sent of the rest --- */

struct open_cat {
    int64_t lives;
    json_t *rest;
};
static GR_MODEL(open_cat, GR_FIELD(lives, .alias = "n"), GR_REST(rest));
struct open_pet {
    int kind;
    struct open_cat cat;
};
static GR_MODEL(open_pet, GR_TAG(kind), GR_ARM(cat, open_cat, 1));
struct open_byte {
    uint8_t which;
    int64_t number;
};
static GR_MODEL(open_byte, GR_EITHER(which), GR_CASE(number, 200));

START_TEST(the_rest_of_an_arm_has_no_second_tag)
{
    struct open_pet pet = {1, {9, corpus_json("{\"kind\":\"dog\"}")}};
    gr_misfit misfit = {NULL, NULL, NULL};
    ck_assert_ptr_null(gr_model_json(open_pet_model(), &pet, &misfit));
    ck_assert_str_eq(misfit.member, "rest");
    ck_assert_str_eq(misfit.why, "a name that another member has");
    json_decref(pet.cat.rest);
}
END_TEST

START_TEST(the_number_of_a_case_may_need_all_of_its_bits)
{
    struct open_byte byte = {200, 4};
    json_t *json = open_byte_json(&byte);
    ck_assert_ptr_nonnull(json);
    ck_assert_int_eq(json_integer_value(json), 4);
    json_decref(json);
}
END_TEST

/* --- how deep what was read may be, to be sent --- */

struct link;
struct link_or_number {
    int which;
    union {
        struct link *link;
        int64_t number;
    };
};
GR_DECLARE_MODEL(link_or_number);
struct link {
    struct link_or_number next;
};
static GR_MODEL(link, GR_OBJECT(next, link_or_number));
GR_DEFINE_MODEL(link_or_number, GR_EITHER(which), GR_CASE_OBJECT(link, link, 1), GR_CASE(number, 2));

START_TEST(what_is_read_at_the_deepest_level_is_sent_from_there)
{
    struct link_or_number value;
    gr_arena *arena = gr_arena_create();
    json_t *json = json_integer(1);
    for (int i = 0; i < 64; i++)
        json = json_pack("{s:o}", "next", json);
    ck_assert_int_eq(link_or_number_read(arena, json, &value), 0);
    json_t *again = link_or_number_json(&value);
    ck_assert_ptr_nonnull(again);
    ck_assert(json_equal(json, again));
    json_decref(again);
    json_decref(json);
    gr_arena_destroy(arena);
}
END_TEST

/* --- null as a whole --- */

struct any_ints {
    gr_ints list;
};
static GR_MODEL(any_ints, GR_ROOT, GR_LIST(list, GR_NULLABLE));
READER(any_ints);

START_TEST(a_root_that_may_be_null_is_read_from_what_was_written_of_it)
{
    struct any_ints value = {{NULL, 0}};
    json_t *json = any_ints_json(&value);
    ck_assert(json_is_null(json));
    json_decref(json);
    want_wrong(read_any_ints, "null", "");
    want_wrong(read_row, "null", "list_type [] null\n");
}
END_TEST

int main(void)
{
    return run_tests("meetings",
                     (test_list){an_item_begins_as_zeroes_whatever_was_refused_before_it,
                                 what_is_secret_is_so_in_cases_roots_arms_and_the_rest,
                                 a_check_of_ones_own_looks_at_unions_and_roots, a_check_says_which_case_a_value_is_not,
                                 a_check_sees_the_defaults_of_what_is_only_tried,
                                 a_check_sees_the_defaults_behind_all_the_mistakes_that_are_told,
                                 the_rest_of_an_arm_has_no_second_tag, the_number_of_a_case_may_need_all_of_its_bits,
                                 what_is_read_at_the_deepest_level_is_sent_from_there,
                                 a_root_that_may_be_null_is_read_from_what_was_written_of_it, NULL},
                     20);
}
