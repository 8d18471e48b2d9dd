/* Lists, maps and arrays: what null, absent and empty are. */
#include "decoding.h"

/* --- null, absent, empty --- */

struct four {
    gr_strings plain, empty, optional, nullable;
};
static GR_MODEL(four, GR_LIST(plain), GR_LIST(empty, GR_DEFAULT_EMPTY), GR_LIST(optional, GR_OPTIONAL),
                GR_LIST(nullable, GR_NULLABLE));

struct four_maps {
    GR_MAP_OF(int64_t) plain, empty, optional, nullable;
};
static GR_MODEL(four_maps, GR_MAP(plain), GR_MAP(empty, GR_DEFAULT_EMPTY), GR_MAP(optional, GR_OPTIONAL),
                GR_MAP(nullable, GR_NULLABLE));

struct four_objects {
    GR_LIST_OF(struct four) plain, empty, optional, nullable;
};
static GR_MODEL(four_objects, GR_OBJECTS(plain, four), GR_OBJECTS(empty, four, GR_DEFAULT_EMPTY),
                GR_OBJECTS(optional, four, GR_OPTIONAL), GR_OBJECTS(nullable, four, GR_NULLABLE));

START_TEST(an_absent_list_is_null_where_it_is_optional_and_empty_where_that_is_the_default)
{
    want_again(four_model(), "{\"plain\":[],\"nullable\":null}",
               "{\"plain\":[],\"empty\":[],\"optional\":null,\"nullable\":null}");
    want_again(four_model(), "{\"plain\":[\"p\"],\"nullable\":[\"n\"],\"optional\":[\"o\"],\"empty\":[\"e\"]}",
               "{\"plain\":[\"p\"],\"empty\":[\"e\"],\"optional\":[\"o\"],\"nullable\":[\"n\"]}");
    want_again(four_maps_model(), "{\"plain\":{},\"nullable\":null}",
               "{\"plain\":{},\"empty\":{},\"optional\":null,\"nullable\":null}");
    want_again(four_objects_model(), "{\"plain\":[],\"nullable\":null}",
               "{\"plain\":[],\"empty\":[],\"optional\":null,\"nullable\":null}");
}
END_TEST

START_TEST(what_was_read_as_empty_is_not_null)
{
    struct four four;
    setup();
    ck_assert_int_eq(decode(four_model(), "{\"plain\":[],\"nullable\":[],\"optional\":[]}", &four), 0);
    ck_assert_uint_eq(errors.count, 0);
    const gr_strings *all[] = {&four.plain, &four.empty, &four.optional, &four.nullable};
    for (int i = 0; i < 4; i++)
        ck_assert(all[i]->at && all[i]->len == 0);
    ck_assert_int_eq(decode(four_model(), "{\"plain\":[],\"nullable\":null,\"optional\":null}", &four), 0);
    ck_assert(four.plain.at && four.empty.at && !four.optional.at && !four.nullable.at);
    teardown();
    want_again(four_model(), "{\"plain\":[],\"nullable\":[],\"optional\":[]}",
               "{\"plain\":[],\"empty\":[],\"optional\":[],\"nullable\":[]}");
    want_again(four_maps_model(), "{\"plain\":{},\"nullable\":{},\"optional\":{}}",
               "{\"plain\":{},\"empty\":{},\"optional\":{},\"nullable\":{}}");
    want_again(four_objects_model(), "{\"plain\":[],\"nullable\":[],\"optional\":[]}",
               "{\"plain\":[],\"empty\":[],\"optional\":[],\"nullable\":[]}");
}
END_TEST

START_TEST(null_is_refused_where_a_list_cannot_be_null)
{
    want_errors(
        four_model(), "{\"plain\":null,\"empty\":null}",
        "{\"type\":\"list_type\",\"loc\":[\"body\",\"plain\"],\"msg\":\"Input should be a valid list\","
        "\"input\":null},{\"type\":\"list_type\",\"loc\":[\"body\",\"empty\"],"
        "\"msg\":\"Input should be a valid list\",\"input\":null},{\"type\":\"missing\","
        "\"loc\":[\"body\",\"nullable\"],\"msg\":\"Field required\",\"input\":{\"plain\":null,\"empty\":null}}");
    want_errors(four_maps_model(), "{\"plain\":{},\"nullable\":{},\"empty\":null}",
                "{\"type\":\"dict_type\",\"loc\":[\"body\",\"empty\"],\"msg\":\"Input should be a valid dictionary\","
                "\"input\":null}");
}
END_TEST

static void want_sent(const gr_model *model, const void *value, const struct gri_encode_options *options,
                      const char *want)
{
    struct gri_buf buf;
    struct gri_culprit culprit = {0};
    struct gri_steps steps;
    setup();
    gri_buf_init(&buf, NULL);
    gri_steps_init(&steps, 0, NULL);
    int rc = gri_encode_struct(&buf, gri_schema_plan(schema, model), value, options, &steps, &culprit);
    gri_steps_finish(&steps);
    ck_assert_msg(rc == 0, "wanted %s, got %s.%s: %s", want, culprit.model, culprit.field, culprit.why);
    want_text(&buf, want);
    gri_buf_finish(&buf);
    teardown();
}

START_TEST(a_program_says_null_by_a_null_address_and_empty_by_gr_empty)
{
    struct four nulls = {.plain = {NULL, 0}}, empties = {GR_EMPTY, GR_EMPTY, GR_EMPTY, GR_EMPTY};
    struct four_maps maps = {.plain = {NULL, 0}, .nullable = GR_EMPTY};
    want_sent(four_model(), &nulls, NULL, "{\"plain\":[],\"empty\":[],\"optional\":null,\"nullable\":null}");
    want_sent(four_model(), &empties, NULL, "{\"plain\":[],\"empty\":[],\"optional\":[],\"nullable\":[]}");
    want_sent(four_maps_model(), &maps, NULL, "{\"plain\":{},\"empty\":{},\"optional\":null,\"nullable\":{}}");
    nulls.optional = (gr_strings)GR_EMPTY;
    want_sent(four_model(), &nulls, NULL, "{\"plain\":[],\"empty\":[],\"optional\":[],\"nullable\":null}");
}
END_TEST

START_TEST(nulls_and_defaults_of_lists_are_left_out_on_demand)
{
    static const struct gri_encode_options no_nulls = {.none = true}, no_defaults = {.defaults = true};
    struct four nulls = {.plain = {NULL, 0}}, empties = {GR_EMPTY, GR_EMPTY, GR_EMPTY, GR_EMPTY};
    want_sent(four_model(), &nulls, &no_nulls, "{\"plain\":[],\"empty\":[]}");
    want_sent(four_model(), &empties, &no_nulls, "{\"plain\":[],\"empty\":[],\"optional\":[],\"nullable\":[]}");
    want_sent(four_model(), &nulls, &no_defaults, "{\"plain\":[],\"nullable\":null}");
    want_sent(four_model(), &empties, &no_defaults, "{\"plain\":[],\"optional\":[],\"nullable\":[]}");
}
END_TEST

struct either {
    gr_strings list;
};
static GR_MODEL(either, GR_LIST(list, GR_NULLABLE, GR_DEFAULT_EMPTY));

START_TEST(a_list_may_be_null_and_empty_by_default)
{
    static const struct gri_encode_options no_defaults = {.defaults = true};
    want_again(either_model(), "{}", "{\"list\":[]}");
    want_again(either_model(), "{\"list\":null}", "{\"list\":null}");
    want_sent(either_model(), &(struct either){{NULL, 0}}, &no_defaults, "{\"list\":null}");
    want_sent(either_model(), &(struct either){GR_EMPTY}, &no_defaults, "{}");
}
END_TEST

/* --- sets --- */

struct sets {
    gr_strings texts;
    gr_ints few;
    gr_doubles doubles;
    GR_LIST_OF(gr_datetime) times;
    GR_LIST_OF(gr_bytes) bytes;
};
static GR_MODEL(sets, GR_LIST(texts, .dedupe = true, GR_DEFAULT_EMPTY),
                GR_LIST(few, .dedupe = true, .min_items = 2, .max_items = 3, GR_DEFAULT_LIST(1, 2)),
                GR_LIST(doubles, .dedupe = true, GR_OPTIONAL), GR_LIST(times, .dedupe = true, GR_OPTIONAL),
                GR_LIST(bytes, .dedupe = true, GR_OPTIONAL));

START_TEST(of_equal_items_of_a_set_the_first_stays)
{
    want_again(
        sets_model(),
        "{\"texts\":[\"b\",\"a\",\"b\",\"A\",\"a\",\"b\"],\"few\":[2,\"2\",1.0,1],\"doubles\":[0.0,-0.0,1,\"1\"],"
        "\"times\":[\"2020-01-01T01:00:00+01:00\",\"2020-01-01T00:00:00Z\",\"2020-01-01T00:00:00\","
        "\"2019-12-31T23:30:00-00:30\"],\"bytes\":[\"xy\",\"x\",\"xy\"]}",
        "{\"texts\":[\"b\",\"a\",\"A\"],\"few\":[2,1],\"doubles\":[0.0,1.0],"
        "\"times\":[\"2020-01-01T01:00:00+01:00\",\"2020-01-01T00:00:00\"],\"bytes\":[\"xy\",\"x\"]}");
}
END_TEST

#define SET_ERROR(type, name, msg, input) \
    "{\"type\":\"" type "\",\"loc\":[\"body\",\"" name "\"],\"msg\":\"" msg "\",\"input\":" input

START_TEST(a_set_is_counted_when_what_is_equal_is_gone)
{
    want_errors(sets_model(), "{\"few\":[1,\"1\",1.0]}",
                SET_ERROR("too_short", "few", "Set should have at least 2 items after validation, not 1",
                          "[1,\"1\",1.0],\"ctx\":{\"field_type\":\"Set\",\"min_length\":2,\"actual_length\":1}}"));
    want_errors(sets_model(), "{\"few\":[1,2,\"x\",3,4]}",
                SET_ERROR("too_long", "few", "Set should have at most 3 items after validation, not more",
                          "[1,2,\"x\",3,4],\"ctx\":{\"field_type\":\"Set\",\"max_length\":3,\"actual_length\":null}}"));
    want_errors(sets_model(), "{\"few\":[1,1,2,\"x\",2,1,3]}",
                "{\"type\":\"int_parsing\",\"loc\":[\"body\",\"few\",3],\"msg\":\"Input should be a valid integer, "
                "unable to parse string as an integer\",\"input\":\"x\"}");
    want_errors(sets_model(), "{\"texts\":\"ab\",\"doubles\":{}}",
                SET_ERROR("set_type", "texts", "Input should be a valid set", "\"ab\"},")
                    SET_ERROR("set_type", "doubles", "Input should be a valid set", "{}}"));
}
END_TEST

struct uniques {
    GR_LIST_OF(gr_bytes) bytes;
    gr_doubles doubles;
};
static GR_MODEL(uniques, GR_LIST(bytes, .unique = true), GR_LIST(doubles, .unique = true));

START_TEST(items_are_equal_by_their_value)
{
    want_errors(uniques_model(), "{\"bytes\":[\"x\",\"y\",\"x\"],\"doubles\":[0.0,-0.0]}",
                SET_ERROR("value_error", "bytes", "Value error, items should be unique",
                          "[\"x\",\"y\",\"x\"],\"ctx\":{\"error\":{}}},")
                    SET_ERROR("value_error", "doubles", "Value error, items should be unique",
                              "[0.0,-0.0],\"ctx\":{\"error\":{}}}"));
}
END_TEST

/* --- maps whose keys are no texts --- */

struct keyed {
    GR_MAP_FROM(int64_t, const char *) ints;
    GR_MAP_FROM(gr_uuid, int) uuids;
    GR_MAP_FROM(gr_date, struct four) dates;
    GR_MAP_FROM(bool, double) bools;
    GR_MAP_FROM(uint8_t, bool) bytes;
};
static GR_MODEL(keyed, GR_MAP(ints, GR_OPTIONAL, .max_items = 2), GR_MAP(uuids, GR_OPTIONAL),
                GR_MAP_OBJECTS(dates, four, GR_OPTIONAL), GR_MAP(bools, GR_OPTIONAL), GR_MAP(bytes, GR_OPTIONAL));

START_TEST(keys_that_are_no_texts_are_read_and_written_as_their_values)
{
    const char *want = "{\"ints\":{\"-1\":\"a\",\"20\":\"b\"},"
                       "\"uuids\":{\"12345678-1234-5678-1234-567812345678\":1},"
                       "\"dates\":{\"2020-01-31\":{\"plain\":[],\"empty\":[],\"optional\":null,\"nullable\":null},"
                       "\"2020-02-01\":{\"plain\":[\"p\"],\"empty\":[],\"optional\":null,\"nullable\":[]}},"
                       "\"bools\":{\"true\":1.0,\"false\":2.0},\"bytes\":{\"255\":true}}";
    want_again(keyed_model(), want, want);
    want_again(keyed_model(),
               "{\"ints\":{\"\\u002d1\":\"a\",\" 20 \":\"b\"},\"uuids\":{\"12345678123456781234567812345678\":1},"
               "\"dates\":{\"2020-01-31\":{\"plain\":[],\"nullable\":null},\"2020-02-01T00:00\":{\"plain\":[\"p\"],"
               "\"nullable\":[]}},\"bools\":{\"yes\":1,\"0\":2},\"bytes\":{\"255\":true}}",
               want);
}
END_TEST

START_TEST(of_equal_keys_the_first_has_the_value_of_the_last)
{
    want_again(
        keyed_model(),
        "{\"ints\":{\"1\":\"a\",\"2\":\"b\",\"01\":\"c\",\"+1\":\"d\"},\"bools\":{\"t\":1,\"f\":0,\"1\":3}}",
        "{\"ints\":{\"1\":\"d\",\"2\":\"b\"},\"uuids\":null,\"dates\":null,\"bools\":{\"true\":3.0,\"false\":0.0},"
        "\"bytes\":null}");
}
END_TEST

START_TEST(a_wrong_key_is_refused_and_its_value_looked_at)
{
    want_errors(
        keyed_model(), "{\"ints\":{\"1\":1,\"y\":\"z\",\"x\":2}}",
        "{\"type\":\"string_type\",\"loc\":[\"body\",\"ints\",\"1\"],\"msg\":\"Input should be a valid string\","
        "\"input\":1},{\"type\":\"int_parsing\",\"loc\":[\"body\",\"ints\",\"y\",\"[key]\"],\"msg\":\"Input should "
        "be a valid integer, unable to parse string as an integer\",\"input\":\"y\"},{\"type\":\"int_parsing\","
        "\"loc\":[\"body\",\"ints\",\"x\",\"[key]\"],\"msg\":\"Input should be a valid integer, unable to parse "
        "string as an integer\",\"input\":\"x\"},{\"type\":\"string_type\",\"loc\":[\"body\",\"ints\",\"x\"],"
        "\"msg\":\"Input should be a valid string\",\"input\":2}");
    want_errors(
        keyed_model(), "{\"ints\":{\"1\":\"a\",\"2\":\"b\",\"3\":\"c\"}}",
        SET_ERROR("too_long", "ints", "Dictionary should have at most 2 items after validation, not 3",
                  "{\"1\":\"a\",\"2\":\"b\",\"3\":\"c\"},\"ctx\":{\"field_type\":\"Dictionary\",\"max_length\":2,"
                  "\"actual_length\":3}}"));
    want_errors(
        keyed_model(), "{\"ints\":{\"1\":\"a\",\"2\":\"b\",\"3\":3}}",
        "{\"type\":\"string_type\",\"loc\":[\"body\",\"ints\",\"3\"],\"msg\":\"Input should be a valid string\","
        "\"input\":3}");
    want_errors(
        keyed_model(), "{\"bytes\":{\"256\":true}}",
        "{\"type\":\"int_parsing_size\",\"loc\":[\"body\",\"bytes\",\"256\",\"[key]\"],\"msg\":\"Unable to parse input "
        "string as an integer, exceeded maximum size\",\"input\":\"256\"}");
}
END_TEST

/* --- what no other member takes --- */

struct open {
    int x;
    json_t *others;
};
static GR_MODEL(open, GR_SELF(.extra = GR_EXTRA_ALLOWED), GR_FIELD(x, .alias = "X"), GR_REST(others));
struct counted {
    GR_MAP_OF(int64_t) counts;
    gr_strings names;
    const char *last;
};
static GR_MODEL(counted, GR_REST_MAP(counts), GR_LIST(names, GR_DEFAULT_EMPTY), GR_FIELD(last, GR_OPTIONAL));
struct opens {
    GR_MAP_OF(struct counted) of;
    GR_LIST_OF(struct open) list;
    struct open *one;
};
static GR_MODEL(opens, GR_REST_OBJECTS(of, counted), GR_OBJECTS(list, open, GR_DEFAULT_EMPTY),
                GR_OBJECT(one, open, GR_OPTIONAL));

START_TEST(what_no_member_takes_comes_back_behind_them)
{
    want_again(open_model(), "{\"a\":1,\"X\":2,\"b\":{\"c\":[null,true]},\"\\u00e9\":null}",
               "{\"X\":2,\"a\":1,\"b\":{\"c\":[null,true]},\"\xc3\xa9\":null}");
    want_again(open_model(), "{\"X\":2}", "{\"X\":2}");
    want_again(counted_model(), "{\"p\":1,\"names\":[\"a\",\"b\"],\"q\":\"2\",\"last\":\"l\",\"r\":3.0}",
               "{\"names\":[\"a\",\"b\"],\"last\":\"l\",\"p\":1,\"q\":2,\"r\":3}");
    want_again(
        opens_model(),
        "{\"u\":{\"n\":1},\"list\":[{\"X\":1,\"y\":[2]},{\"z\":{},\"X\":3},{\"X\":4}],\"v\":{\"last\":\"l\",\"m\":2},"
        "\"one\":{\"deep\":{\"er\":[]},\"X\":5},\"w\":{}}",
        "{\"list\":[{\"X\":1,\"y\":[2]},{\"X\":3,\"z\":{}},{\"X\":4}],\"one\":{\"X\":5,\"deep\":{\"er\":[]}},"
        "\"u\":{\"names\":[],\"last\":null,\"n\":1},\"v\":{\"names\":[],\"last\":\"l\",\"m\":2},"
        "\"w\":{\"names\":[],\"last\":null}}");
}
END_TEST

START_TEST(what_is_wrong_with_the_rest_comes_behind_what_is_wrong_with_the_members)
{
    want_errors(counted_model(), "{\"p\":\"x\",\"names\":1,\"q\":[]}",
                SET_ERROR("list_type", "names", "Input should be a valid list", "1},")
                    SET_ERROR("int_parsing", "p",
                              "Input should be a valid integer, unable to parse string as an integer", "\"x\"},")
                        SET_ERROR("int_type", "q", "Input should be a valid integer", "[]}"));
    want_errors(opens_model(), "{\"u\":{\"n\":{}},\"list\":[{}]}",
                "{\"type\":\"missing\",\"loc\":[\"body\",\"list\",0,\"X\"],\"msg\":\"Field required\",\"input\":{}},"
                "{\"type\":\"int_type\",\"loc\":[\"body\",\"u\",\"n\"],\"msg\":\"Input should be a valid integer\","
                "\"input\":{}}");
}
END_TEST

static void want_not_sent(const gr_model *model, const void *value, const char *field, const char *why)
{
    struct gri_buf buf;
    struct gri_culprit culprit = {0};
    struct gri_steps steps;
    setup();
    gri_buf_init(&buf, NULL);
    gri_steps_init(&steps, 0, NULL);
    ck_assert_int_eq(gri_encode_struct(&buf, gri_schema_plan(schema, model), value, NULL, &steps, &culprit), GR_EINVAL);
    ck_assert_str_eq(culprit.field, field);
    ck_assert_str_eq(culprit.why, why);
    gri_steps_finish(&steps);
    gri_buf_finish(&buf);
    teardown();
}

START_TEST(a_rest_with_the_name_of_a_member_or_that_is_no_object_is_not_sent)
{
    static const struct gri_encode_options no_nulls = {.none = true};
    struct open open = {.x = 1, .others = json_pack("{s:i, s:n}", "a", 1, "b")};
    want_sent(open_model(), &open, NULL, "{\"X\":1,\"a\":1,\"b\":null}");
    want_sent(open_model(), &open, &no_nulls, "{\"X\":1,\"a\":1}");
    json_object_set_new(open.others, "X", json_null());
    want_not_sent(open_model(), &open, "others", "a name that another member has");
    json_decref(open.others);
    open.others = json_array();
    want_not_sent(open_model(), &open, "others", "the rest is no object");
    json_decref(open.others);
    struct counted counted = {.last = NULL};
    struct opens opens = {.of = {&(__typeof__(*opens.of.at)){"list", counted}, 1}};
    want_not_sent(opens_model(), &opens, "of", "a name that another member has");
}
END_TEST

/* --- tuples --- */

struct spot {
    double lat, lon;
    const char *name;
    gr_ints floors;
};
static GR_MODEL(spot, GR_SELF(.tuple = true), GR_FIELD(lat), GR_FIELD(lon, GR_LE(180)), GR_FIELD(name, GR_NULLABLE),
                GR_LIST(floors));
struct journey {
    struct spot from;
    struct spot *to;
    GR_LIST_OF(struct spot) via;
    GR_MAP_OF(struct spot) named;
};
static GR_MODEL(journey, GR_OBJECT(from, spot), GR_OBJECT(to, spot, GR_OPTIONAL),
                GR_OBJECTS(via, spot, GR_DEFAULT_EMPTY), GR_MAP_OBJECTS(named, spot, GR_DEFAULT_EMPTY));

START_TEST(a_tuple_is_an_array_of_its_members)
{
    const char *want =
        "{\"from\":[1.5,2.0,\"x\",[1,2]],\"to\":[3.0,4.0,null,[]],\"via\":[[5.0,6.0,null,[7]],[8.0,9.0,\"y\","
        "[]]],\"named\":{\"n\":[0.0,0.0,\"z\",[]]}}";
    want_again(journey_model(), want, want);
    want_again(spot_model(), "[\"1\",2,null,[\"3\"]]", "[1.0,2.0,null,[3]]");
    static const struct gri_encode_options options = {.none = true, .by_name = true};
    struct spot spot = {.lat = 1, .floors = GR_EMPTY};
    want_sent(spot_model(), &spot, &options, "[1.0,0.0,null,[]]");
}
END_TEST

START_TEST(positions_of_a_tuple_are_named_by_their_number)
{
    want_errors(
        journey_model(), "{\"from\":[1,\"x\"],\"to\":{},\"via\":[[1,2,\"n\",[\"y\"]]]}",
        "{\"type\":\"float_parsing\",\"loc\":[\"body\",\"from\",1],\"msg\":\"Input should be a valid number, "
        "unable to parse string as a number\",\"input\":\"x\"},{\"type\":\"missing\",\"loc\":[\"body\",\"from\",2],"
        "\"msg\":\"Field required\",\"input\":[1,\"x\"]},{\"type\":\"missing\",\"loc\":[\"body\",\"from\",3],"
        "\"msg\":\"Field required\",\"input\":[1,\"x\"]},{\"type\":\"tuple_type\",\"loc\":[\"body\",\"to\"],"
        "\"msg\":\"Input should be a valid tuple\",\"input\":{}},{\"type\":\"int_parsing\",\"loc\":[\"body\",\"via\","
        "0,3,0],\"msg\":\"Input should be a valid integer, unable to parse string as an integer\",\"input\":\"y\"}");
    want_errors(journey_model(), "{\"from\":[\"x\",1,null,[],5,[6]]}",
                SET_ERROR("too_long", "from", "Tuple should have at most 4 items after validation, not 6",
                          "[\"x\",1,null,[],5,[6]],\"ctx\":{\"field_type\":\"Tuple\",\"max_length\":4,"
                          "\"actual_length\":6}}"));
    want_errors(journey_model(), "{\"from\":null}",
                SET_ERROR("tuple_type", "from", "Input should be a valid tuple", "null}"));
}
END_TEST

/* --- default lists --- */

enum color { RED, GREEN };
static GR_VALUES(color, {RED, "red"}, {GREEN, "green"});
struct listed {
    gr_ints ints;
    gr_strings texts;
    GR_LIST_OF(enum color) colors;
    int pair[2];
};
static GR_MODEL(listed, GR_LIST(ints, GR_DEFAULT_LIST(3, 1, 2)), GR_LIST(texts, GR_DEFAULT_LIST("a", "b\n\"c\"")),
                GR_ENUMS(colors, color, GR_DEFAULT_LIST("green")), GR_ARRAY(pair, GR_DEFAULT_LIST(7, 8)));

START_TEST(a_list_that_is_absent_has_its_default_items)
{
    static const struct gri_encode_options no_defaults = {.defaults = true};
    struct listed one, two;
    want_again(listed_model(), "{}",
               "{\"ints\":[3,1,2],\"texts\":[\"a\",\"b\\n\\\"c\\\"\"],\"colors\":[\"green\"],\"pair\":[7,8]}");
    want_again(listed_model(), "{\"ints\":[],\"texts\":[\"x\"],\"colors\":[\"red\"],\"pair\":[1,2]}",
               "{\"ints\":[],\"texts\":[\"x\"],\"colors\":[\"red\"],\"pair\":[1,2]}");
    setup();
    ck_assert(decode(listed_model(), "{}", &one) == 0 && decode(listed_model(), "{}", &two) == 0);
    one.ints.at[0] = 9; /* which is nobody else's */
    ck_assert_int_eq(two.ints.at[0], 3);
    teardown();
    struct listed sent = {.ints = {(int64_t[]){3, 1, 2}, 3}, .pair = {7, 9}};
    want_sent(listed_model(), &sent, &no_defaults, "{\"texts\":[],\"colors\":[],\"pair\":[7,9]}");
}
END_TEST

/* --- replies without nulls --- */

struct sparse {
    int *count;
    gr_strings tags;
    const char *note;
    json_t *any;
};
static GR_MODEL(sparse, GR_FIELD(count, GR_OPTIONAL, .omit_null = true), GR_LIST(tags, GR_OPTIONAL, .omit_null = true),
                GR_FIELD(note, GR_OPTIONAL), GR_FIELD(any, GR_OPTIONAL, .omit_null = true));

START_TEST(a_member_is_left_out_where_it_is_null)
{
    int count = 1;
    want_sent(sparse_model(), &(struct sparse){0}, NULL, "{\"note\":null}");
    want_sent(sparse_model(), &(struct sparse){.tags = GR_EMPTY, .count = &count}, NULL,
              "{\"count\":1,\"tags\":[],\"note\":null}");
    want_again(sparse_model(), "{\"count\":null,\"tags\":null}", "{\"note\":null}");
}
END_TEST

/* --- defaults by the table alone --- */

struct preset {
    int count;
    const char *name;
    char code[4];
    enum color color;
    bool on;
    float share;
    gr_ints ints, listed;
    int *pointed;
    struct sparse inside;
    struct {
        int left;
    } own;
};
static GR_MODEL(preset, GR_FIELD(count, GR_DEFAULT(5)), GR_FIELD(name, GR_DEFAULT("n")),
                GR_FIELD(code, GR_DEFAULT("abc")), GR_ENUM(color, color, GR_DEFAULT(GREEN)),
                GR_FIELD(on, GR_DEFAULT(true)), GR_FIELD(share, GR_DEFAULT(0.5)), GR_LIST(ints, GR_DEFAULT_EMPTY),
                GR_LIST(listed, GR_DEFAULT_LIST(1)), GR_FIELD(pointed, GR_DEFAULT(3)), GR_OBJECT(inside, sparse));

START_TEST(a_struct_has_the_defaults_of_its_table)
{
    struct preset preset;
    memset(&preset, 0xff, sizeof preset);
    preset_init(&preset);
    ck_assert(preset.count == 5 && strcmp(preset.name, "n") == 0 && strcmp(preset.code, "abc") == 0);
    ck_assert(preset.color == GREEN && preset.on && preset.share == 0.5f);
    ck_assert(preset.ints.at && !preset.ints.len && !preset.listed.at && !preset.listed.len);
    ck_assert(!preset.pointed && !preset.inside.count && !preset.inside.tags.at && preset.own.left == 0);
}
END_TEST

/* --- checks of one's own --- */

static int calls;

static const char *be_object(const void *value)
{
    json_t *const *json = value;
    calls++;
    return json_is_object(*json) ? NULL : "no object";
}

static const char *have_lat(const void *value)
{
    const struct spot *spot = value;
    calls++;
    return spot->lat > 0 ? NULL : "no latitude";
}

static const char *be_even(const void *value)
{
    const int64_t *number = value;
    calls++;
    return *number % 2 ? "odd" : NULL;
}

struct checked {
    json_t *any;
    GR_LIST_OF(json_t *) many;
    struct spot spot;
    struct spot *pointed;
    GR_LIST_OF(struct spot) spots;
    GR_MAP_OF(struct spot) named;
    gr_ints evens;
    int64_t pair[2];
    GR_MAP_OF(int64_t) counts;
    json_t *rest;
};
static GR_MODEL(checked, GR_FIELD(any, GR_OPTIONAL, .validate = be_object),
                GR_LIST(many, GR_OPTIONAL, .validate = be_object), GR_OBJECT(spot, spot, .validate = have_lat),
                GR_OBJECT(pointed, spot, GR_OPTIONAL, .validate = have_lat),
                GR_OBJECTS(spots, spot, GR_OPTIONAL, .validate = have_lat),
                GR_MAP_OBJECTS(named, spot, GR_OPTIONAL, .validate = have_lat),
                GR_LIST(evens, GR_OPTIONAL, .validate = be_even), GR_ARRAY(pair, .validate = be_even),
                GR_MAP(counts, GR_OPTIONAL, .validate = be_even), GR_REST(rest, .validate = be_object));

#define OWN(loc, text, input) \
    "{\"type\":\"value_error\",\"loc\":[\"body\"," loc "],\"msg\":\"Value error, " text "\",\"input\":" input \
    ",\"ctx\":{\"error\":{}}}"

START_TEST(a_check_of_ones_own_sees_each_value_of_every_kind)
{
    calls = 0;
    want_again(
        checked_model(),
        "{\"any\":{},\"many\":[{},{}],\"spot\":[1,2,null,[]],\"pointed\":[1,2,null,[]],\"spots\":[[1,2,null,[]],"
        "[2,3,null,[]]],\"named\":{\"a\":[1,2,null,[]]},\"evens\":[2,4],\"pair\":[6,8],\"counts\":{\"a\":2},\"x\":{}}",
        "{\"any\":{},\"many\":[{},{}],\"spot\":[1.0,2.0,null,[]],\"pointed\":[1.0,2.0,null,[]],\"spots\":[[1.0,2.0,"
        "null,[]],[2.0,3.0,null,[]]],\"named\":{\"a\":[1.0,2.0,null,[]]},\"evens\":[2,4],\"pair\":[6,8],"
        "\"counts\":{\"a\":2},\"x\":{}}");
    ck_assert_int_eq(calls, 14);
    want_errors(
        checked_model(),
        "{\"any\":5,\"many\":[{},[1]],\"spot\":[0,2,null,[]],\"pointed\":[0,3,null,[]],\"spots\":[[1,2,null,[]],"
        "[0,4,null,[]]],\"named\":{\"a\":[0,5,null,[]]},\"evens\":[2,3],\"pair\":[1,8],\"counts\":{\"a\":3},\"x\":[]}",
        OWN("\"any\"", "no object", "5") "," OWN("\"many\",1", "no object", "[1]") "," OWN("\"spot\"", "no latitude", "[0,2,null,[]]") "," OWN(
            "\"pointed\"", "no latitude",
            "[0,3,null,[]]") "," OWN("\"spots\",1", "no latitude",
                                     "[0,4,null,[]]") "," OWN("\"named\",\"a\"", "no latitude",
                                                              "[0,5,null,[]]") "," OWN("\"evens\",1", "odd",
                                                                                       "3") "," OWN("\"pair\",0", "odd",
                                                                                                    "1") "," OWN("\"cou"
                                                                                                                 "nts\""
                                                                                                                 ",\"a"
                                                                                                                 "\"",
                                                                                                                 "odd",
                                                                                                                 "3") "," OWN("\"x\"",
                                                                                                                              "no object",
                                                                                                                              "[]"));
    want_errors(checked_model(), "{\"spot\":[0,\"x\",null,[]],\"pair\":[2,2]}",
                "{\"type\":\"float_parsing\",\"loc\":[\"body\",\"spot\",1],\"msg\":\"Input should be a valid number, "
                "unable to parse string as a number\",\"input\":\"x\"}");
}
END_TEST

int main(void)
{
    return run_tests("lists",
                     (test_list){of_equal_items_of_a_set_the_first_stays,
                                 a_set_is_counted_when_what_is_equal_is_gone,
                                 items_are_equal_by_their_value,
                                 keys_that_are_no_texts_are_read_and_written_as_their_values,
                                 of_equal_keys_the_first_has_the_value_of_the_last,
                                 a_wrong_key_is_refused_and_its_value_looked_at,
                                 what_no_member_takes_comes_back_behind_them,
                                 what_is_wrong_with_the_rest_comes_behind_what_is_wrong_with_the_members,
                                 a_rest_with_the_name_of_a_member_or_that_is_no_object_is_not_sent,
                                 a_tuple_is_an_array_of_its_members,
                                 positions_of_a_tuple_are_named_by_their_number,
                                 a_list_that_is_absent_has_its_default_items,
                                 a_member_is_left_out_where_it_is_null,
                                 a_struct_has_the_defaults_of_its_table,
                                 a_check_of_ones_own_sees_each_value_of_every_kind,
                                 an_absent_list_is_null_where_it_is_optional_and_empty_where_that_is_the_default,
                                 what_was_read_as_empty_is_not_null,
                                 null_is_refused_where_a_list_cannot_be_null,
                                 a_program_says_null_by_a_null_address_and_empty_by_gr_empty,
                                 nulls_and_defaults_of_lists_are_left_out_on_demand,
                                 a_list_may_be_null_and_empty_by_default,
                                 NULL},
                     30);
}
