/* What is received and what is sent have schemas of their own where they differ. */
#include <griddle.h>

#include "../schema/corpus.h"

struct part {
    const char *name, *note;
    int64_t weight;
};
static GR_MODEL(part, GR_SELF(.defaults_required = true), GR_FIELD(name), GR_FIELD(note, GR_OPTIONAL),
                GR_FIELD(weight, GR_DEFAULT(1)));
struct machine {
    const char *name;
    struct part *part;
};
static GR_MODEL(machine, GR_FIELD(name), GR_OBJECT(part, part, GR_OPTIONAL));
struct plain {
    int64_t n;
};
static GR_MODEL(plain, GR_FIELD(n, GR_DEFAULT(1)));

struct make_machine {
    struct machine machine;
};
static GR_INPUT(make_machine, GR_BODY(machine, machine));
static gr_reply make_machine(gr_req *req, const struct make_machine *in)
{
    return machine_reply(req, &in->machine);
}
GR_POST("/machines", make_machine, .response = machine_model, .responses = GR_RESPONSES({409, .model = part_model}));

struct make_plain {
    struct plain plain;
};
static GR_INPUT(make_plain, GR_BODY(plain, plain));
static gr_reply make_plain(gr_req *req, const struct make_plain *in)
{
    return plain_reply(req, &in->plain);
}
GR_POST("/plain", make_plain, .response = plain_model);

static gr_reply only_sent(gr_req *req)
{
    return part_reply(req, &(struct part){.name = "bolt"});
}
GR_GET("/part", only_sent, .response = part_model);

static json_t *document;

static void make(const gr_route *route, const gr_route *other, bool shared)
{
    gr_app *app = gr_app_create("Machines", "1");
    gr_app_describe(app, &(gr_app_info){.size = sizeof(gr_app_info), .shared_schemas = shared});
    ck_assert_int_eq(gr_app_add(app, route), 0);
    if (other)
        ck_assert_int_eq(gr_app_add(app, other), 0);
    ck_assert_int_eq(gr_app_openapi(app, &document), 0);
    gr_app_destroy(app);
}

static json_t *component(const char *name)
{
    return json_object_get(json_object_get(json_object_get(document, "components"), "schemas"), name);
}

static void want_required(const char *name, const char *wanted)
{
    json_t *want = corpus_json(wanted), *got = json_object_get(component(name), "required");
    char *shown = json_dumps(got, JSON_COMPACT | JSON_ENCODE_ANY);
    ck_assert_msg(json_equal(got, want), "%s: wanted %s, got %s", name, wanted, shown ? shown : "nothing");
    free(shown);
    json_decref(want);
}

static void want_in_document(const char *wanted)
{
    char *shown = json_dumps(document, JSON_COMPACT);
    ck_assert_msg(strstr(shown, wanted), "wanted %s in %s", wanted, shown);
    free(shown);
}

START_TEST(a_model_that_is_sent_with_more_than_it_is_received_with_has_two_schemas)
{
    make(&make_machine_route, &make_plain_route, false);
    want_required("Machine-Input", "[\"name\"]");
    want_required("Machine-Output", "[\"name\"]");
    want_required("Part-Input", "[\"name\"]");
    want_required("Part-Output", "[\"name\",\"note\",\"weight\"]");
    ck_assert_ptr_null(component("Machine"));
    ck_assert_ptr_null(component("Part"));
    ck_assert_ptr_nonnull(component("Plain"));
    want_in_document("\"requestBody\":{\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/"
                     "Machine-Input\"}");
    want_in_document(
        "\"200\":{\"description\":\"Successful "
        "Response\",\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/Machine-Output\"}");
    want_in_document("\"409\":{\"description\":\"Conflict\",\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
                     "\"#/components/schemas/Part-Output\"}");
    json_decref(document);
}
END_TEST

START_TEST(one_that_is_only_sent_keeps_its_name)
{
    make(&only_sent_route, NULL, false);
    want_required("Part", "[\"name\",\"note\",\"weight\"]");
    json_decref(document);
}
END_TEST

START_TEST(an_application_may_share_them)
{
    make(&make_machine_route, &only_sent_route, true);
    want_required("Machine", "[\"name\"]");
    want_required("Part", "[\"name\"]");
    ck_assert_ptr_null(component("Part-Output"));
    json_decref(document);
}
END_TEST

int main(void)
{
    return run_tests("separate",
                     (test_list){a_model_that_is_sent_with_more_than_it_is_received_with_has_two_schemas,
                                 one_that_is_only_sent_keeps_its_name, an_application_may_share_them, NULL},
                     20);
}
