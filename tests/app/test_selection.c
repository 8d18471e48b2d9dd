/* Members inside members, included and excluded by .response_include and .response_exclude. */
#include <griddle.h>
#include <griddle/testing.h>

#include "openapi.h"

struct owner {
    const char *name, *email;
};
static GR_MODEL(owner, GR_FIELD(name), GR_FIELD(email, .alias = "e-mail"));
struct part {
    const char *name;
    int64_t secret;
    struct owner *maker;
};
static GR_MODEL(part, GR_FIELD(name), GR_FIELD(secret), GR_OBJECT(maker, owner, GR_OPTIONAL));
struct either {
    int which;
    union {
        struct owner owner;
        struct part part;
        GR_LIST_OF(struct either) list;
    };
};
GR_DECLARE_MODEL(either);
GR_DEFINE_MODEL(either, GR_EITHER(which), GR_CASE_OBJECT(owner, owner, 1), GR_CASE_OBJECT(part, part, 2),
                GR_CASE_OBJECTS(list, either, 3));
struct item {
    int64_t id;
    struct owner owner;
    GR_LIST_OF(struct part) parts;
    GR_MAP_OF(struct part) by_name;
    struct either either;
};
static GR_MODEL(item, GR_FIELD(id), GR_OBJECT(owner, owner), GR_OBJECTS(parts, part), GR_MAP_OBJECTS(by_name, part),
                GR_OBJECT(either, either));

static gr_reply item(gr_req *req)
{
    struct owner ann = {"ann", "a@b"};
    struct part parts[] = {{"bolt", 1, &ann}, {"nut", 2, NULL}};
    struct either nested[] = {{.which = 1, .owner = ann}, {.which = 2, .part = parts[0]}};
    struct item value = {.id = 7, .owner = ann, .parts = {parts, 2}};
    value.either = (struct either){.which = 3, .list = {nested, 2}};
    return item_reply(req, &value);
}
GR_ROUTE_AS(all, "GET", "/all", item, .response = item_model);
GR_ROUTE_AS(without, "GET", "/without", item, .response = item_model,
            .response_exclude = GR_NAMES("owner.email", "parts.secret", "parts.*.maker.name", "either", "by_name"));
GR_ROUTE_AS(only, "GET", "/only", item, .response = item_model,
            .response_include = GR_NAMES("owner.name", "parts.*.maker.email", "id"));
GR_ROUTE_AS(both, "GET", "/both", item, .response = item_model, .response_include = GR_NAMES("owner", "either.name"),
            .response_exclude = GR_NAMES("owner.name"));
GR_ROUTE_AS(wrong, "GET", "/wrong", item, .response = item_model,
            .response_exclude = GR_NAMES("owner.phone", "id.x", "either.secret", "either.maker.email"));

static void want_answer(gr_test *test, const char *target, const char *wanted)
{
    gr_answer *answer = gr_test_get(test, target);
    ck_assert_int_eq(gr_answer_status(answer), 200);
    ck_assert_str_eq(gr_answer_body(answer, NULL), wanted);
    gr_answer_free(answer);
}

START_TEST(names_of_members_lead_into_structs_lists_maps_and_unions)
{
    gr_app *app = gr_app_create("Selections", "1");
    ck_assert_int_eq(gr_app_add(app, &all_route, &without_route, &only_route, &both_route), 0);
    gr_test *test = gr_test_create(app);
    ck_assert_ptr_nonnull(test);
    want_answer(test, "/all",
                "{\"id\":7,\"owner\":{\"name\":\"ann\",\"e-mail\":\"a@b\"},\"parts\":[{\"name\":\"bolt\",\"secret\":1,"
                "\"maker\":{\"name\":\"ann\",\"e-mail\":\"a@b\"}},{\"name\":\"nut\",\"secret\":2,\"maker\":null}],"
                "\"by_name\":{},\"either\":[{\"name\":\"ann\",\"e-mail\":\"a@b\"},{\"name\":\"bolt\",\"secret\":1,"
                "\"maker\":{\"name\":\"ann\",\"e-mail\":\"a@b\"}}]}");
    want_answer(test, "/without",
                "{\"id\":7,\"owner\":{\"name\":\"ann\"},\"parts\":[{\"name\":\"bolt\",\"maker\":{\"e-mail\":\"a@b\"}},"
                "{\"name\":\"nut\",\"maker\":null}]}");
    want_answer(
        test, "/only",
        "{\"id\":7,\"owner\":{\"name\":\"ann\"},\"parts\":[{\"maker\":{\"e-mail\":\"a@b\"}},{\"maker\":null}]}");
    want_answer(test, "/both", "{\"owner\":{\"e-mail\":\"a@b\"},\"either\":[{\"name\":\"ann\"},{\"name\":\"bolt\"}]}");
    gr_test_destroy(test);
    gr_app_destroy(app);
}
END_TEST

START_TEST(the_document_tells_of_the_outermost_names_alone)
{
    gr_app *app = gr_app_create("Selections", "1");
    json_t *made;
    ck_assert_int_eq(gr_app_add(app, &all_route, &only_route), 0);
    ck_assert_int_eq(gr_app_openapi(app, &made), 0);
    json_t *schemas = json_object_get(json_object_get(made, "components"), "schemas");
    ck_assert_uint_eq(json_object_size(json_object_get(json_object_get(schemas, "Owner"), "properties")), 2);
    ck_assert_uint_eq(
        json_object_size(json_object_get(json_object_get(schemas, "Response_only_only_get"), "properties")), 3);
    json_decref(made);
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_name_that_leads_nowhere_is_found_at_start)
{
    MAKE_APP(app, &wrong_route);
    char *text = refusal(app);
    HAS(text, "wrong: .response_exclude names \"owner.phone\", which struct item does not have");
    HAS(text, "wrong: .response_exclude names \"id.x\", which struct item does not have");
    ck_assert_ptr_null(strstr(text, "either"));
    free(text);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    return run_tests("selection",
                     (test_list){names_of_members_lead_into_structs_lists_maps_and_unions,
                                 the_document_tells_of_the_outermost_names_alone,
                                 a_name_that_leads_nowhere_is_found_at_start, NULL},
                     20);
}
