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

int main(void)
{
    return run_tests("lists",
                     (test_list){an_absent_list_is_null_where_it_is_optional_and_empty_where_that_is_the_default,
                                 what_was_read_as_empty_is_not_null, null_is_refused_where_a_list_cannot_be_null,
                                 a_program_says_null_by_a_null_address_and_empty_by_gr_empty,
                                 nulls_and_defaults_of_lists_are_left_out_on_demand,
                                 a_list_may_be_null_and_empty_by_default, NULL},
                     30);
}
