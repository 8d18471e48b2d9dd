/* What a declared response leaves out, checks, and refuses to send. */
#include <griddle/error.h>
#include <griddle/invalid.h>

#include "app_test.h"

struct owner {
    const char *name;
};
static GR_MODEL(owner, GR_FIELD(name));

struct item {
    int64_t id;
    const char *name;
    double price;
    int64_t *stock;
    struct owner *owner;
    gr_strings tags;
    const char *password;
    gr_set set;
};
static GR_MODEL(item, GR_FIELD(id, GR_DEFAULT(0), .alias = "itemId"), GR_FIELD(name, .max_len = 5),
                GR_FIELD(price, GR_GE(0), GR_DEFAULT(1.5)), GR_FIELD(stock, GR_OPTIONAL),
                GR_OBJECT(owner, owner, GR_OPTIONAL), GR_LIST(tags, GR_DEFAULT_EMPTY),
                GR_FIELD(password, GR_OPTIONAL), GR_SET(set));

static struct item burger(void)
{
    return (struct item){.id = 7, .name = "Beef", .price = 1.5};
}

#define REPLIES(id, reply) \
    static gr_reply id(gr_req *req) \
    { \
        struct item item = burger(); \
        (void)item; \
        return reply; \
    }

REPLIES(whole, item_reply(req, &item))
GR_GET("/whole", whole, .response = item_model);
REPLIES(included, item_reply(req, &item))
GR_GET("/included", included, .response = item_model, .response_include = GR_NAMES("id", "name"));
REPLIES(excluded, item_reply(req, &item))
GR_GET("/excluded", excluded, .response = item_model, .response_exclude = GR_NAMES("password", "owner", "stock"));
REPLIES(none, item_reply(req, &item))
GR_GET("/none", none, .response = item_model, .response_exclude_none = true);
REPLIES(defaults, item_reply(req, &item))
GR_GET("/defaults", defaults, .response = item_model, .response_exclude_defaults = true);
REPLIES(named, item_reply(req, &item))
GR_GET("/named", named, .response = item_model, .response_by_name = true, .response_include = GR_NAMES("id"));

static gr_reply listed(gr_req *req)
{
    struct item items[] = {burger(), burger()};
    items[1].id = 0;
    return item_reply_list(req, items, 2);
}
GR_GET("/listed", listed, .response = item_model, .response_list = true, .response_include = GR_NAMES("id"));

struct patch {
    struct item item;
};
static GR_INPUT(patch, GR_BODY(item, item));
static gr_reply patch(gr_req *req, const struct patch *in)
{
    struct item item = in->item;
    if (GR_IS_SET(&item, stock) && GR_IS_NULL(&item, stock))
        item.password = "stock was null";
    return item_reply(req, &item);
}
GR_PATCH("/patch", patch, .response = item_model, .response_exclude_unset = true);

static gr_reply marked(gr_req *req)
{
    struct item item = burger();
    GR_MARK(&item, item, name);
    return item_reply(req, &item);
}
GR_GET("/marked", marked, .response = item_model, .response_exclude_unset = true);

static gr_reply filtered(gr_req *req)
{
    return item_reply_json(req, json_pack("{s:s, s:i, s:s, s:{s:s, s:s}}", "name", "Beef", "itemId", 3, "secret", "x",
                                          "owner", "name", "Ann", "salary", "9"));
}
GR_GET("/filtered", filtered, .response = item_model, .response_exclude_none = true);

static gr_reply filtered_list(gr_req *req)
{
    return item_reply_json(req, json_pack("[{s:s}, {s:s}]", "name", "A", "name", "B"));
}
GR_GET("/filtered-list", filtered_list, .response = item_model, .response_include = GR_NAMES("name"));

static gr_reply misfit(gr_req *req)
{
    return item_reply_json(req, json_pack("{s:s, s:s}", "name", "Beef", "price", "free"));
}
GR_GET("/misfit", misfit, .response = item_model);

static gr_reply too_long(gr_req *req)
{
    struct item item = {.name = "Cheeseburger"};
    return item_reply(req, &item);
}
GR_GET("/too-long", too_long, .response = item_model);

static gr_reply negative(gr_req *req)
{
    struct item item = {.name = "Beef", .price = -1};
    return item_reply(req, &item);
}
GR_GET("/negative", negative, .response = item_model);

static gr_reply undeclared(gr_req *req)
{
    return owner_reply(req, &(struct owner){"Ann"});
}
GR_GET("/undeclared", undeclared);

static gr_app *make(void)
{
    gr_app *app = gr_app_create("responses", "1");
    ck_assert_int_eq(gr_app_add(app, &whole_route, &included_route, &excluded_route, &none_route, &defaults_route,
                                &named_route, &listed_route, &patch_route, &marked_route, &filtered_route,
                                &filtered_list_route, &misfit_route, &too_long_route, &negative_route,
                                &undeclared_route),
                     0);
    return app;
}

START_TEST(a_response_is_the_members_of_its_model)
{
    gr_app *app = make();
    gr_test *test = serve(app);
    check_get(
        test, "/whole", 200,
        "{\"itemId\":7,\"name\":\"Beef\",\"price\":1.5,\"stock\":null,\"owner\":null,\"tags\":[],\"password\":null}");
    check_get(test, "/undeclared", 200, "{\"name\":\"Ann\"}");
    end(test, app);
}
END_TEST

START_TEST(members_are_included_and_excluded_by_their_names)
{
    gr_app *app = make();
    gr_test *test = serve(app);
    check_get(test, "/included", 200, "{\"itemId\":7,\"name\":\"Beef\"}");
    check_get(test, "/excluded", 200, "{\"itemId\":7,\"name\":\"Beef\",\"price\":1.5,\"tags\":[]}");
    check_get(test, "/named", 200, "{\"id\":7}");
    check_get(test, "/listed", 200, "[{\"itemId\":7},{\"itemId\":0}]");
    end(test, app);
}
END_TEST

START_TEST(nulls_and_defaults_are_left_out_on_demand)
{
    gr_app *app = make();
    gr_test *test = serve(app);
    check_get(test, "/none", 200, "{\"itemId\":7,\"name\":\"Beef\",\"price\":1.5,\"tags\":[]}");
    check_get(test, "/defaults", 200, "{\"itemId\":7,\"name\":\"Beef\"}");
    end(test, app);
}
END_TEST

static void check_patch(gr_test *test, const char *body, const char *want)
{
    gr_answer *answer = gr_test_request(test, "PATCH", "/patch",
                                        (const char *[]){"Content-Type", "application/json", NULL}, body, strlen(body));
    check_answer(answer, 200, want);
    gr_answer_free(answer);
}

START_TEST(what_was_not_given_is_left_out_on_demand)
{
    gr_app *app = make();
    gr_test *test = serve(app);
    check_patch(test, "{\"name\":\"Beef\"}", "{\"name\":\"Beef\"}");
    check_patch(test, "{\"name\":\"Beef\",\"itemId\":0,\"stock\":4}", "{\"itemId\":0,\"name\":\"Beef\",\"stock\":4}");
    check_patch(test, "{\"name\":\"Beef\",\"stock\":null,\"password\":\"x\"}",
                "{\"name\":\"Beef\",\"stock\":null,\"password\":\"stock was null\"}");
    check_get(test, "/marked", 200, "{\"name\":\"Beef\"}");
    end(test, app);
}
END_TEST

START_TEST(a_json_value_is_checked_and_filtered_by_the_model)
{
    gr_app *app = make();
    gr_test *test = serve(app);
    check_get(test, "/filtered", 200,
              "{\"itemId\":3,\"name\":\"Beef\",\"price\":1.5,\"owner\":{\"name\":\"Ann\"},\"tags\":[]}");
    check_get(test, "/filtered-list", 200, "[{\"name\":\"A\"},{\"name\":\"B\"}]");
    end(test, app);
}
END_TEST

static void check_misfit(const char *target, const char *says)
{
    gr_app *app = make();
    gr_test *test = serve(app);
    begin_capture();
    check_get(test, target, 500, "Internal Server Error");
    char *log = end_capture();
    HAS(log, says);
    free(log);
    end(test, app);
}

START_TEST(a_reply_that_does_not_fit_is_a_500_that_names_operation_and_member)
{
    check_misfit("/misfit", "\"misfit\": the reply does not fit its model: item.price: Input should be a valid number");
    check_misfit("/too-long", "\"too_long\": the reply does not fit its model: item.name: string_too_long");
    check_misfit("/negative", "\"negative\": the reply does not fit its model: item.price: greater_than_equal");
}
END_TEST

/* --- an answer of one's own to invalid requests --- */

struct problem {
    const char *title;
    int64_t count;
    const char *where;
};
static GR_MODEL(problem, GR_FIELD(title), GR_FIELD(count), GR_FIELD(where));

static gr_reply answer_invalid(gr_req *req, const gr_invalid *mistakes, size_t n)
{
    struct problem problem = {mistakes[0].msg, (int64_t)n, mistakes[0].loc};
    ck_assert_str_eq(mistakes[0].type, "missing");
    ck_assert_str_eq(mistakes[1].ctx, "{\"ge\":0.0}");
    ck_assert_str_eq(mistakes[1].input, "-1");
    return gr_with_status(problem_reply(req, &problem), 400);
}

START_TEST(an_application_answers_invalid_requests_its_own_way)
{
    gr_app *app = make();
    ck_assert_int_eq(gr_app_set_invalid(app, answer_invalid, problem_model), 0);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_request(
        test, "PATCH", "/patch", (const char *[]){"Content-Type", "application/json", NULL}, "{\"price\":-1}", 12);
    check_answer(answer, 400, "{\"title\":\"Field required\",\"count\":2,\"where\":\"[\\\"body\\\",\\\"name\\\"]\"}");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

static gr_reply ask_for_the_body(gr_req *req, const gr_invalid *mistakes, size_t n)
{
    json_t *body;
    int rc = gr_body_json(req, &body);
    (void)n;
    return strcmp(mistakes[0].type, "missing") == 0 ? gr_failed(req, rc)
                                                    : gr_with_status(gr_pack(req, "{s:i}", "rc", rc), 400);
}

static gr_app *app_that_asks_for_the_body(void)
{
    gr_app *app = make();
    ck_assert_int_eq(gr_app_set_invalid(app, ask_for_the_body, problem_model), 0);
    return app;
}

static void check_patched(gr_test *test, const char *body, int status, const char *wanted)
{
    const char *headers[] = {"Content-Type", "application/json", NULL};
    gr_answer *answer = gr_test_request(test, "PATCH", "/patch", headers, body, strlen(body));
    check_answer(answer, status, wanted);
    gr_answer_free(answer);
}

START_TEST(what_it_finds_wrong_with_the_body_is_not_told_to_it_again)
{
    gr_app *app = app_that_asks_for_the_body();
    gr_test *test = serve(app);
    check_patched(test, "{\"name\"", 400, "{\"rc\":422}");
    check_patched(test, "", 422,
                  "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\"],\"msg\":\"Field required\",\"input\":null}]}");
    end(test, app);
}
END_TEST

static gr_reply in_other_words(gr_req *req, const gr_error_info *error)
{
    return gr_text(req, error->cause);
}

START_TEST(what_it_answers_is_no_error_that_another_function_words)
{
    gr_app *app = app_that_asks_for_the_body();
    ck_assert_int_eq(gr_app_on_error(app, 0, in_other_words), 0);
    gr_test *test = serve(app);
    check_patched(test, "{\"name\"", 400, "{\"rc\":422}");
    check_patched(test, "", 422, "Validation Error"); /* gr_failed() is one */
    end(test, app);
}
END_TEST

START_TEST(a_function_without_a_model_is_refused)
{
    gr_app *app = make();
    ck_assert_int_eq(gr_app_set_invalid(app, answer_invalid, NULL), GR_EINVAL);
    ck_assert_int_eq(gr_app_set_invalid(NULL, answer_invalid, problem_model), GR_ENOMEM);
    gr_app_destroy(app);
}
END_TEST

struct bad_problem {
    const char *title;
};
static GR_MODEL(bad_problem, GR_FIELD(title, GR_GE(1)));

START_TEST(a_model_of_mistakes_that_is_wrong_is_refused_under_its_own_name)
{
    gr_app *app = make();
    ck_assert_int_eq(gr_app_set_invalid(app, answer_invalid, bad_problem_model), 0);
    char *text = refusal(app);
    HAS(text, "gr_app_set_invalid(): bad_problem.title");
    free(text);
    gr_app_destroy(app);
}
END_TEST

/* --- at start --- */

GR_ROUTE_AS(no_such_member, "GET", "/a", whole, .response = item_model, .response_include = GR_NAMES("nme"));
GR_ROUTE_AS(no_response, "GET", "/b", whole, .response_exclude_none = true);

START_TEST(options_of_a_response_are_checked_at_start)
{
    MAKE_APP(app, &no_such_member_route, &no_response_route);
    begin_capture();
    ck_assert_ptr_null(gr_test_create(app));
    char *log = end_capture();
    HAS(log, "no_such_member: .response_include names \"nme\", which struct item does not have");
    HAS(log, "no_response: .response_... is of a .response, and there is none");
    free(log);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    return run_tests(
        "response",
        (test_list){a_response_is_the_members_of_its_model, members_are_included_and_excluded_by_their_names,
                    nulls_and_defaults_are_left_out_on_demand, what_was_not_given_is_left_out_on_demand,
                    a_json_value_is_checked_and_filtered_by_the_model,
                    a_reply_that_does_not_fit_is_a_500_that_names_operation_and_member,
                    an_application_answers_invalid_requests_its_own_way,
                    what_it_finds_wrong_with_the_body_is_not_told_to_it_again,
                    what_it_answers_is_no_error_that_another_function_words, a_function_without_a_model_is_refused,
                    a_model_of_mistakes_that_is_wrong_is_refused_under_its_own_name,
                    options_of_a_response_are_checked_at_start, NULL},
        20);
}
