/* JSON into structs of every kind of member. */
#include "decoding.h"

static void want_no_json(const gr_model *model, const char *json, int rc, const char *why, size_t at)
{
    _Alignas(16) char value[1024];
    setup();
    ck_assert_int_eq(decode(model, json, value), rc);
    ck_assert_str_eq(json_error.text, why);
    ck_assert_uint_eq(json_error.at, at);
    teardown();
}

/* --- scalars --- */

struct widths {
    int8_t i8;
    int16_t i16;
    int32_t i32;
    int64_t i64;
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    float f;
    double d;
};
static GR_MODEL(widths, GR_FIELD(i8), GR_FIELD(i16), GR_FIELD(i32), GR_FIELD(i64), GR_FIELD(u8), GR_FIELD(u16),
                GR_FIELD(u32), GR_FIELD(u64), GR_FIELD(f), GR_FIELD(d));

START_TEST(numbers_of_every_width_are_exact_at_their_ends)
{
    const char *least =
        "{\"i8\":-128,\"i16\":-32768,\"i32\":-2147483648,\"i64\":-9223372036854775808,\"u8\":0,\"u16\":0,"
        "\"u32\":0,\"u64\":0,\"f\":-3.4028235e+38,\"d\":5e-324}";
    const char *most =
        "{\"i8\":127,\"i16\":32767,\"i32\":2147483647,\"i64\":9223372036854775807,\"u8\":255,\"u16\":65535,"
        "\"u32\":4294967295,\"u64\":18446744073709551615,\"f\":3.4028235e+38,\"d\":1.7976931348623157e+308}";
    want_again(widths_model(), least, least);
    want_again(widths_model(), most, most);
}
END_TEST

struct byte {
    uint8_t n;
};
static GR_MODEL(byte, GR_FIELD(n));

START_TEST(a_number_that_its_member_cannot_hold_is_refused)
{
    want_errors(byte_model(), "{\"n\":256}",
                "{\"type\":\"int_parsing_size\",\"loc\":[\"body\",\"n\"],\"msg\":\"Unable to parse input string as an "
                "integer, exceeded maximum size\",\"input\":256}");
    want_errors(byte_model(), "{\"n\":1e3}",
                "{\"type\":\"int_parsing_size\",\"loc\":[\"body\",\"n\"],\"msg\":\"Unable to parse input string as an "
                "integer, exceeded maximum size\",\"input\":1e3}");
    want_no_json(byte_model(), "{\"n\":1e400}", GR_EINVAL, "Number out of range", 5);
}
END_TEST

enum color { RED, BLUE = 7 };
static GR_VALUES(color, {RED, "red"}, {BLUE, "blue"});

struct texts {
    char code[4];
    gr_bytes raw, coded;
    enum color color;
    enum color *other;
    gr_date day;
    json_t *any;
};
static GR_MODEL(texts, GR_FIELD(code), GR_FIELD(raw), GR_FIELD(coded, GR_BASE64), GR_ENUM(color, color),
                GR_ENUM(other, color, GR_OPTIONAL), GR_FIELD(day), GR_FIELD(any, GR_OPTIONAL));

START_TEST(texts_enums_and_json_come_back_as_they_were)
{
    want_again(
        texts_model(),
        " { \"any\" : {\"x\":[1,{}]}, \"code\":\"abc\",\"raw\":\"\\u00e9\",\"coded\":\"aGk=\",\"color\":\"blue\","
        "\"day\":\"2020-01-31\"} ",
        "{\"code\":\"abc\",\"raw\":\"\xc3\xa9\",\"coded\":\"aGk=\",\"color\":\"blue\",\"other\":null,"
        "\"day\":\"2020-01-31\",\"any\":{\"x\":[1,{}]}}");
}
END_TEST

struct code {
    char code[4];
};
static GR_MODEL(code, GR_FIELD(code));

START_TEST(a_text_longer_than_its_array_is_refused_and_never_cut)
{
    want_again(code_model(), "{\"code\":\"abc\"}", "{\"code\":\"abc\"}");
    want_errors(code_model(), "{\"code\":\"abcd\"}",
                "{\"type\":\"string_too_long\",\"loc\":[\"body\",\"code\"],\"msg\":\"String should have at most 3 "
                "characters\",\"input\":\"abcd\",\"ctx\":{\"max_length\":3}}");
}
END_TEST

/* --- structs, lists, maps --- */

struct point {
    int x, y;
};
static GR_MODEL(point, GR_FIELD(x), GR_FIELD(y, GR_DEFAULT(9)));

struct shape {
    struct point by_value;
    struct point *by_pointer;
    const struct point *absent;
    GR_LIST_OF(struct point) points;
    double rgb[3];
    GR_MAP_OF(int64_t) counts;
    GR_MAP_OF(struct point) places;
    gr_strings names;
};
static GR_MODEL(shape, GR_OBJECT(by_value, point), GR_OBJECT(by_pointer, point),
                GR_OBJECT(absent, point, GR_OPTIONAL), GR_OBJECTS(points, point), GR_ARRAY(rgb), GR_MAP(counts),
                GR_MAP_OBJECTS(places, point), GR_LIST(names, GR_DEFAULT_EMPTY));

START_TEST(structs_lists_arrays_and_maps_come_back_as_they_were)
{
    const char *want =
        "{\"by_value\":{\"x\":1,\"y\":9},\"by_pointer\":{\"x\":2,\"y\":3},\"absent\":null,"
        "\"points\":[{\"x\":4,\"y\":5},{\"x\":6,\"y\":9}],\"rgb\":[0.5,1.0,2.0],"
        "\"counts\":{\"a\":1,\"\":2,\"\xc3\xa9\":3},\"places\":{\"home\":{\"x\":7,\"y\":8}},\"names\":[\"n\"]}";
    want_again(shape_model(),
               "{\"names\":[\"n\"],\"by_value\":{\"x\":1},\"by_pointer\":{\"y\":3,\"x\":2},\"absent\":null,"
               "\"points\":[{\"x\":4,\"y\":5},{\"x\":6}],\"rgb\":[0.5,1,2],\"counts\":{\"a\":1,\"\":2,\"\\u00e9\":3},"
               "\"places\":{\"home\":{\"x\":7,\"y\":8}}}",
               want);
    want_again(shape_model(), want, want);
}
END_TEST

struct many {
    GR_LIST_OF(struct point) points;
    int64_t pair[2];
    gr_ints unique;
};
static GR_MODEL(many, GR_OBJECTS(points, point, GR_DEFAULT_EMPTY), GR_ARRAY(pair), GR_LIST(unique, GR_DEFAULT_EMPTY, .unique = true));

START_TEST(a_list_grows_as_far_as_it_has_to)
{
    struct gri_buf json;
    struct many many;
    setup();
    gri_buf_init(&json, NULL);
    gri_buf_puts(&json, "{\"pair\":[1,2],\"points\":[");
    for (int i = 0; i < 10000; i++)
        gri_buf_printf(&json, "%s{\"x\":%d}", i ? "," : "", i);
    gri_buf_puts(&json, "]}");
    ck_assert_int_eq(decode_bytes(many_model(), json.data, json.len, &many), 0);
    ck_assert_uint_eq(errors.count, 0);
    ck_assert_uint_eq(many.points.len, 10000);
    for (int i = 0; i < 10000; i++)
        ck_assert(many.points.at[i].x == i && many.points.at[i].y == 9);
    gri_buf_finish(&json);
    teardown();
}
END_TEST

START_TEST(an_array_has_exactly_its_items_and_a_set_no_two_of_the_same)
{
    want_errors(
        many_model(), "{\"pair\":[1]}",
        "{\"type\":\"too_short\",\"loc\":[\"body\",\"pair\"],\"msg\":\"List should have at least 2 items after "
        "validation, not 1\",\"input\":[1],\"ctx\":{\"field_type\":\"List\",\"min_length\":2,\"actual_length\":1}}");
    want_errors(many_model(), "{\"pair\":[1,2,\"x\"]}",
                "{\"type\":\"too_long\",\"loc\":[\"body\",\"pair\"],\"msg\":\"List should have at most 2 items after "
                "validation, not 3\",\"input\":[1,2,\"x\"],\"ctx\":{\"field_type\":\"List\",\"max_length\":2,"
                "\"actual_length\":3}}");
    want_errors(
        many_model(), "{\"pair\":[1,2],\"unique\":[3,1,3]}",
        "{\"type\":\"value_error\",\"loc\":[\"body\",\"unique\"],\"msg\":\"Value error, items should be unique\","
        "\"input\":[3,1,3],\"ctx\":{\"error\":{}}}");
}
END_TEST

/* --- recursion --- */

struct node {
    int n;
    struct node *next;
    GR_LIST_OF(struct node) children;
};
static GR_MODEL(node, GR_FIELD(n), GR_OBJECT(next, node, GR_OPTIONAL), GR_OBJECTS(children, node, GR_DEFAULT_EMPTY));

static void put_chain(struct gri_buf *buf, int depth)
{
    for (int i = 1; i < depth; i++)
        gri_buf_puts(buf, "{\"n\":1,\"next\":");
    gri_buf_puts(buf, "{\"n\":1}");
    for (int i = 1; i < depth; i++)
        gri_buf_putc(buf, '}');
}

START_TEST(a_struct_that_contains_itself_is_read_64_levels_deep_and_no_further)
{
    struct gri_buf json;
    struct node node;
    for (int depth = 63; depth <= 66; depth++) {
        setup();
        gri_buf_init(&json, NULL);
        put_chain(&json, depth);
        ck_assert_int_eq(decode_bytes(node_model(), json.data, json.len, &node), depth <= 64 ? 0 : GR_EMSGSIZE);
        gri_buf_finish(&json);
        teardown();
    }
    want_again(node_model(), "{\"n\":1,\"children\":[{\"n\":2,\"children\":[{\"n\":3}]},{\"n\":4}]}",
               "{\"n\":1,\"next\":null,\"children\":[{\"n\":2,\"next\":null,\"children\":[{\"n\":3,\"next\":null,"
               "\"children\":[]}]},{\"n\":4,\"next\":null,\"children\":[]}]}");
}
END_TEST

/* --- unions --- */

struct cat {
    int lives;
};
static GR_MODEL(cat, GR_SELF(.extra = GR_EXTRA_FORBIDDEN), GR_FIELD(lives));
struct dog {
    const char *name;
};
static GR_MODEL(dog, GR_FIELD(name));
struct pet {
    short kind;
    union {
        struct cat cat;
        struct dog dog;
    };
};
static GR_MODEL(pet, GR_TAG(kind, .alias = "type"), GR_ARM(cat, cat, 5), GR_ARM(dog, dog, 6, .alias = "hound"));
struct pets {
    GR_LIST_OF(struct pet) pets;
    struct pet *one;
};
static GR_MODEL(pets, GR_OBJECTS(pets, pet), GR_OBJECT(one, pet, GR_OPTIONAL));

START_TEST(the_tag_says_which_arm_of_a_union_is_read_wherever_it_stands)
{
    want_again(pets_model(),
               "{\"pets\":[{\"lives\":9,\"type\":\"cat\"},{\"type\":\"hound\",\"name\":\"Rex\",\"x\":[]}],"
               "\"one\":{\"name\":\"Bo\",\"type\":\"hound\"}}",
               "{\"pets\":[{\"type\":\"cat\",\"lives\":9},{\"type\":\"hound\",\"name\":\"Rex\"}],"
               "\"one\":{\"type\":\"hound\",\"name\":\"Bo\"}}");
    want_errors(
        pets_model(), "{\"pets\":[{\"type\":\"cat\",\"lives\":9,\"name\":\"x\"},{\"type\":7}]}",
        "{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"pets\",0,\"cat\",\"name\"],\"msg\":\"Extra inputs are not "
        "permitted\",\"input\":\"x\"},{\"type\":\"union_tag_invalid\",\"loc\":[\"body\",\"pets\",1],\"msg\":\"Input "
        "tag "
        "'7' found using 'type' does not match any of the expected tags: 'cat', 'hound'\",\"input\":{\"type\":7},"
        "\"ctx\":{\"discriminator\":\"'type'\",\"tag\":\"7\",\"expected_tags\":\"'cat', 'hound'\"}}");
}
END_TEST

struct twig {
    int value;
};
static GR_MODEL(twig, GR_FIELD(value));
struct branch;
GR_DECLARE_MODEL(branch);
struct fork {
    GR_LIST_OF(struct branch) branches;
    gr_ints more;
};
static GR_MODEL(fork, GR_OBJECTS(branches, branch), GR_LIST(more, GR_DEFAULT_EMPTY));
struct branch {
    int kind;
    union {
        struct twig twig;
        struct fork fork;
    };
};
GR_DEFINE_MODEL(branch, GR_TAG(kind), GR_ARM(twig, twig, 1), GR_ARM(fork, fork, 2));

/* What is in a union was passed on the way to its tag, and is passed once: each of these has to find its own all the
 * same, before and behind what was passed. */
START_TEST(unions_in_unions_have_their_tags_anywhere)
{
    want_again(
        branch_model(),
        "{\"branches\":[{\"branches\":[{\"value\":1,\"kind\":\"twig\"},{\"x\":[[{}],{\"kind\":7}],\"kind\":\"twig\","
        "\"value\":2}],\"more\":[1,2],\"kind\":\"fork\"},{\"kind\":\"fork\",\"branches\":[{\"value\":3,\"kind\":"
        "\"twig\"},{\"branches\":[],\"kind\":\"fork\"}]},{\"value\":4,\"kind\":\"twig\"}],\"kind\":\"fork\",\"more\":[]"
        "}",
        "{\"kind\":\"fork\",\"branches\":[{\"kind\":\"fork\",\"branches\":[{\"kind\":\"twig\",\"value\":1},"
        "{\"kind\":\"twig\",\"value\":2}],\"more\":[1,2]},{\"kind\":\"fork\",\"branches\":[{\"kind\":\"twig\","
        "\"value\":3},{\"kind\":\"fork\",\"branches\":[],\"more\":[]}],\"more\":[]},{\"kind\":\"twig\",\"value\":4}],"
        "\"more\":[]}");
    want_errors(
        branch_model(),
        "{\"branches\":[{\"branches\":[{\"branches\":[],\"kind\":\"fork\"}]},{\"value\":1,\"kind\":\"twig\"}],\"kind\":"
        "\"fork\"}",
        "{\"type\":\"union_tag_not_found\",\"loc\":[\"body\",\"fork\",\"branches\",0],\"msg\":\"Unable to extract "
        "tag using discriminator 'kind'\",\"input\":{\"branches\":[{\"branches\":[],\"kind\":\"fork\"}]},\"ctx\":{"
        "\"discriminator\":\"'kind'\"}}");
}
END_TEST

struct drink {
    enum { COFFEE, TEA } kind;
    union {
        struct cat coffee;
        struct dog tea;
    };
};
static GR_MODEL(drink, GR_TAG(kind, .alias = "größe"), GR_ARM(coffee, cat, COFFEE, .alias = "café"),
                GR_ARM(tea, dog, TEA, .alias = "a\"b"));

/* As json.dumps() of Python and others write what is not ASCII. */
START_TEST(a_tag_and_its_key_may_be_written_with_escapes)
{
    want_again(drink_model(), "{\"lives\":9,\"gr\\u00f6\\u00dfe\":\"caf\\u00e9\"}", "{\"größe\":\"café\",\"lives\":9}");
    want_again(drink_model(), "{\"größe\":\"a\\\"b\",\"name\":\"x\"}", "{\"größe\":\"a\\\"b\",\"name\":\"x\"}");
    want_errors(
        drink_model(), "{\"größe\":\"t\\u00e9\"}",
        "{\"type\":\"union_tag_invalid\",\"loc\":[\"body\"],\"msg\":\"Input tag 'té' found using 'größe' does not "
        "match any of the expected tags: 'café', "
        "'a\\\"b'\",\"input\":{\"größe\":\"t\\u00e9\"},\"ctx\":{\"discriminator\":"
        "\"'größe'\",\"tag\":\"té\",\"expected_tags\":\"'café', 'a\\\"b'\"}}");
}
END_TEST

/* --- order, presence, validators --- */

static const char *be_even(const void *value)
{
    return *(const int *)value % 2 ? "must be even" : NULL;
}

static const char *be_ordered(const void *value)
{
    const int *low = value, *high = low + 1;
    return *low > *high ? "low is above high" : NULL;
}

struct range {
    int low, high;
    gr_set set;
};
static GR_MODEL(range, GR_FIELD(low, .validate = be_even), GR_FIELD(high, GR_DEFAULT(10), GR_LE(20)), GR_SET(set),
                GR_SELF(.validate = be_ordered, .extra = GR_EXTRA_FORBIDDEN));

START_TEST(errors_come_in_the_order_of_the_members)
{
    want_errors(
        range_model(), "{\"b\":1,\"high\":21,\"a\":[1,2],\"low\":3}",
        "{\"type\":\"value_error\",\"loc\":[\"body\",\"low\"],\"msg\":\"Value error, must be even\",\"input\":3,"
        "\"ctx\":{\"error\":{}}},{\"type\":\"less_than_equal\",\"loc\":[\"body\",\"high\"],\"msg\":\"Input should be "
        "less than or equal to 20\",\"input\":21,\"ctx\":{\"le\":20}},{\"type\":\"extra_forbidden\",\"loc\":[\"body\","
        "\"b\"],\"msg\":\"Extra inputs are not "
        "permitted\",\"input\":1},{\"type\":\"extra_forbidden\",\"loc\":[\"body\","
        "\"a\"],\"msg\":\"Extra inputs are not permitted\",\"input\":[1,2]}");
}
END_TEST

START_TEST(a_struct_is_validated_when_its_members_are_right)
{
    want_errors(
        range_model(), "{\"low\" : 8, \"high\" : 6}",
        "{\"type\":\"value_error\",\"loc\":[\"body\"],\"msg\":\"Value error, low is above high\",\"input\":{\"low\":8,"
        "\"high\":6},\"ctx\":{\"error\":{}}}");
}
END_TEST

START_TEST(a_set_knows_what_was_given)
{
    struct range range;
    setup();
    ck_assert_int_eq(decode(range_model(), "{\"low\":2}", &range), 0);
    ck_assert_uint_eq(errors.count, 0);
    ck_assert(GR_IS_SET(&range, low) && !GR_IS_SET(&range, high) && !GR_IS_NULL(&range, low));
    struct range copy = range;
    ck_assert(GR_IS_SET(&copy, low));
    teardown();
}
END_TEST

struct account {
    const char *user;
    const char *password;
    int *age;
};
static GR_MODEL(account, GR_FIELD(user), GR_FIELD(password, .min_len = 4, .secret = true), GR_FIELD(age, GR_OPTIONAL));
struct accounts {
    GR_LIST_OF(struct account) accounts;
};
static GR_MODEL(accounts, GR_OBJECTS(accounts, account, .max_items = 1));

START_TEST(a_secret_is_repeated_by_no_error_around_it)
{
    want_errors(
        accounts_model(), "{\"accounts\":[{\"password\":\"abc\",\"age\":\"x\"}]}",
        "{\"type\":\"missing\",\"loc\":[\"body\",\"accounts\",0,\"user\"],\"msg\":\"Field required\",\"input\":"
        "null},{\"type\":\"string_too_short\",\"loc\":[\"body\",\"accounts\",0,\"password\"],\"msg\":\"String should "
        "have at least 4 characters\",\"input\":\"**********\",\"ctx\":{\"min_length\":4}},{\"type\":\"int_parsing\","
        "\"loc\":[\"body\",\"accounts\",0,\"age\"],\"msg\":\"Input should be a valid integer, unable to parse string "
        "as "
        "an integer\",\"input\":\"x\"}");
    want_errors(
        accounts_model(), "{\"accounts\":[{\"password\":\"abcd\"},{\"password\":\"abcd\"}]}",
        "{\"type\":\"too_long\",\"loc\":[\"body\",\"accounts\"],\"msg\":\"List should have at most 1 item after "
        "validation, not 2\",\"input\":null,\"ctx\":{\"field_type\":\"List\",\"max_length\":1,\"actual_length\":2}}");
}
END_TEST

struct key {
    gr_uuid id;
};
static GR_MODEL(key, GR_FIELD(id, .secret = true));
struct pass {
    enum { CARD, CODE } kind;
    union {
        struct key card;
        struct account code;
    };
};
static GR_MODEL(pass, GR_TAG(kind, .secret = true), GR_ARM(card, key, CARD), GR_ARM(code, account, CODE));
struct door {
    struct pet guard;
};
static GR_MODEL(door, GR_OBJECT(guard, pet, .secret = true));

START_TEST(a_secret_is_repeated_by_no_message)
{
    want_errors(pass_model(), "{\"kind\":\"1234\",\"a\":1}",
                "{\"type\":\"union_tag_invalid\",\"loc\":[\"body\"],\"msg\":\"Input tag '**********' found using "
                "'kind' does not match any of the expected tags: 'card', 'code'\",\"input\":null,\"ctx\":{"
                "\"discriminator\":\"'kind'\",\"tag\":\"**********\",\"expected_tags\":\"'card', 'code'\"}}");
    want_errors(door_model(), "{\"guard\":{\"type\":\"1234\"}}",
                "{\"type\":\"union_tag_invalid\",\"loc\":[\"body\",\"guard\"],\"msg\":\"Input tag '**********' found "
                "using 'type' does not match any of the expected tags: 'cat', 'hound'\",\"input\":null,\"ctx\":{"
                "\"discriminator\":\"'type'\",\"tag\":\"**********\",\"expected_tags\":\"'cat', 'hound'\"}}");
    want_errors(key_model(), "{\"id\":\"1234z\"}",
                "{\"type\":\"uuid_parsing\",\"loc\":[\"body\",\"id\"],\"msg\":\"Input should be a valid UUID, its text "
                "is not shown\",\"input\":\"**********\",\"ctx\":{\"error\":\"its text is not shown\"}}");
}
END_TEST

/* --- what is refused as a whole --- */

START_TEST(a_key_given_twice_is_refused_anywhere)
{
    want_no_json(point_model(), "{\"x\":1,\"y\":2,\"x\":3}", GR_EINVAL, "Duplicate key", 13);
    want_no_json(point_model(), "{\"x\":1,\"a\":2,\"\\u0061\":3}", GR_EINVAL, "Duplicate key", 13);
    want_no_json(point_model(), "{\"x\":1,\"z\":[{\"a\":1,\"b\":1,\"a\":2}]}", GR_EINVAL, "Duplicate key", 25);
    want_no_json(shape_model(), "{\"counts\":{\"a\":1,\"a\":2}}", GR_EINVAL, "Duplicate key", 17);
}
END_TEST

START_TEST(a_hundred_thousand_keys_are_read_in_no_time_and_little_memory)
{
    struct gri_buf json;
    struct point point;
    setup();
    gri_buf_init(&json, NULL);
    gri_buf_puts(&json, "{\"x\":1");
    for (int i = 0; i < 100000; i++) /* the same sum of bytes, and mostly the same length */
        gri_buf_printf(&json, ",\"%05d%05d\":0", i, 99999 - i);
    gri_buf_putc(&json, '}');
    ck_assert_int_eq(decode_bytes(point_model(), json.data, json.len, &point), 0);
    ck_assert_uint_eq(errors.count, 0);
    gri_buf_finish(&json);
    teardown();
}
END_TEST

static struct gri_buf repeated(const char *begin, const char *part, size_t bytes, const char *end)
{
    struct gri_buf json;
    gri_buf_init(&json, NULL);
    gri_buf_puts(&json, begin);
    while (json.len < bytes)
        gri_buf_puts(&json, part);
    gri_buf_puts(&json, end);
    return json;
}

static void want_bomb_refused(struct gri_buf json, int rc)
{
    struct node node;
    setup();
    int got = decode_bytes(node_model(), json.data, json.len, &node);
    ck_assert_msg(got == rc && (rc || errors.count), "wanted %d, got %d and %zu errors", rc, got, errors.count);
    gri_buf_finish(&json);
    teardown();
}

START_TEST(bombs_are_refused)
{
    want_bomb_refused(repeated("", "[", 1 << 20, ""), GR_EMSGSIZE);
    want_bomb_refused(repeated("", "{\"next\":", 1 << 20, ""), GR_EMSGSIZE);
    want_bomb_refused(repeated("{\"n\":", "9", 1 << 20, "}"), 0);
    want_bomb_refused(repeated("{\"n\":1,\"children\":[", "{},", 8 << 20, "{}]}"), GR_EMSGSIZE);
}
END_TEST

START_TEST(a_byte_order_mark_is_skipped_as_python_skips_it)
{
    want_again(point_model(), "\xef\xbb\xbf{\"x\":1}", "{\"x\":1,\"y\":9}");
}
END_TEST

START_TEST(bytes_that_are_no_utf_8_are_no_text)
{
    want_no_json(point_model(), "{\"x\":1,\"a\":\"\xc0\xaf\"}", -EILSEQ, "Invalid UTF-8", 12);
    want_no_json(point_model(), "{\"x\":1,\"a\":\"\\ud800\"}", GR_EINVAL, "Invalid \\uXXXX escape", 13);
    want_no_json(point_model(), "{\"x\":1,\"a\\u0000\":1}", GR_EINVAL, "Invalid \\uXXXX escape", 10);
}
END_TEST

START_TEST(an_answer_is_never_longer_than_64_kib)
{
    struct gri_buf json = repeated("{\"n\":1,\"children\":[", "{\"m\":\"0123456789012345678901234567890123456789\"},",
                                   60000, "{\"n\":2}]}"),
                   answer;
    struct node node;
    setup();
    gri_buf_init(&answer, NULL);
    ck_assert_int_eq(decode_bytes(node_model(), json.data, json.len, &node), 0);
    gri_errors_write(&errors, &answer);
    ck_assert_uint_gt(errors.count, 1000);
    ck_assert_uint_le(answer.len, GRI_ERRORS_BYTES);
    json_t *whole = json_loadb(answer.data, answer.len, 0, NULL), *detail = json_object_get(whole, "detail");
    ck_assert_uint_eq(json_array_size(detail), 101);
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(detail, 100), "type")), "too_many_errors");
    json_decref(whole);
    gri_buf_finish(&answer);
    gri_buf_finish(&json);
    teardown();
}
END_TEST

/* --- the corpus --- */

static size_t text_of(json_t *one, char *to, size_t size)
{
    const char *plain = json_string_value(json_object_get(one, "text"));
    const char *hex = json_string_value(json_object_get(one, "hex"));
    size_t n = 0;
    if (plain)
        return (size_t)snprintf(to, size, "%s", plain);
    for (unsigned byte; n < size && sscanf(hex + 2 * n, "%2x", &byte) == 1;)
        to[n++] = (char)byte;
    return n;
}

static void decode_anything(const char *line, int number)
{
    static const gr_field none = {.name = ""};
    struct gri_member root = {.field = &none, .type = GR_TYPE_JSON, .size = sizeof(json_t *)};
    char text[4096];
    struct gri_json_error error;
    json_t *got = NULL;
    json_t *one = corpus_json(line);
    size_t len = text_of(one, text, sizeof text);
    int wanted_rc;
    struct gri_steps steps;
    setup();
    gri_steps_init(&steps, 0, NULL);
    struct gri_decoding d = {.arena = &arena, .errors = &errors, .steps = &steps};
    json_t *wanted = gri_json_parse(text, len, NULL, &error, &wanted_rc);
    int rc = gri_decode(&d, text, len, &root, &got, sizeof got);
    values = d.values;
    ck_assert_msg(rc == wanted_rc && (rc || json_equal(wanted, got)), "line %d: %s", number, line);
    ck_assert_msg(rc == 0 || d.json_error.character == error.character, "line %d: %s: at %zu", number, line,
                  d.json_error.character);
    json_decref(wanted);
    json_decref(one);
    teardown();
}

START_TEST(what_is_json_for_the_parser_is_json_for_the_decoder)
{
    corpus_each_line("json/cases.jsonl", decode_anything);
}
END_TEST

int main(void)
{
    return run_tests("decode",
                     (test_list){numbers_of_every_width_are_exact_at_their_ends,
                                 a_number_that_its_member_cannot_hold_is_refused,
                                 texts_enums_and_json_come_back_as_they_were,
                                 a_text_longer_than_its_array_is_refused_and_never_cut,
                                 structs_lists_arrays_and_maps_come_back_as_they_were,
                                 a_list_grows_as_far_as_it_has_to,
                                 an_array_has_exactly_its_items_and_a_set_no_two_of_the_same,
                                 a_struct_that_contains_itself_is_read_64_levels_deep_and_no_further,
                                 the_tag_says_which_arm_of_a_union_is_read_wherever_it_stands,
                                 unions_in_unions_have_their_tags_anywhere,
                                 a_tag_and_its_key_may_be_written_with_escapes,
                                 errors_come_in_the_order_of_the_members,
                                 a_struct_is_validated_when_its_members_are_right,
                                 a_set_knows_what_was_given,
                                 a_secret_is_repeated_by_no_error_around_it,
                                 a_secret_is_repeated_by_no_message,
                                 a_key_given_twice_is_refused_anywhere,
                                 a_hundred_thousand_keys_are_read_in_no_time_and_little_memory,
                                 bombs_are_refused,
                                 a_byte_order_mark_is_skipped_as_python_skips_it,
                                 bytes_that_are_no_utf_8_are_no_text,
                                 an_answer_is_never_longer_than_64_kib,
                                 what_is_json_for_the_parser_is_json_for_the_decoder,
                                 NULL},
                     20);
}
