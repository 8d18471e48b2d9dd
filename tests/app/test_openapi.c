/* The OpenAPI document as FastAPI makes it: paths, parameters, bodies, replies, and the operation that serves it. */
#include <griddle/invalid.h>

#include "openapi.h"

static gr_reply nothing(gr_req *req)
{
    return gr_empty(req, 204);
}

/* A handler that is never called: what it declares is what the tests are about. */
#define HANDLER(name) \
    static gr_reply name(gr_req *req, const struct name *in) \
    { \
        (void)in; \
        return nothing(req); \
    } \
    struct name
#define BARE(name) \
    static gr_reply name(gr_req *req) \
    { \
        return nothing(req); \
    } \
    struct name

/* --- the one of the reference --- */

struct item {
    const char *name;
    double price;
    gr_strings tags;
    double *tax;
};
static GR_MODEL(item, GR_FIELD(name, .min_len = 1, .doc = "nm", .examples = "[\"Foo\"]"), GR_FIELD(price),
                GR_LIST(tags, GR_DEFAULT_EMPTY), GR_FIELD(tax, GR_OPTIONAL));

struct update_item {
    int64_t item_id;
    const char *item_query, *x_token;
    struct item item;
};
static GR_INPUT(update_item, GR_PATH(item_id, GR_GE(1), .title = "The ID"),
                GR_QUERY(item_query, GR_OPTIONAL, .alias = "item-query", .max_len = 5, .doc = "d"),
                GR_HEADER(x_token, GR_OPTIONAL), GR_BODY(item, item));
HANDLER(update_item);
GR_PUT("/items/{item_id}", update_item, .status = 201, .tags = GR_NAMES("items"), .description = "Update an item.",
       .deprecated = true, .response = item_model);

static const char reference[] =
    "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"FastAPI\",\"version\":\"0.1.0\"},\"paths\":{\"/items/"
    "{item_id}\":{\"put\":{\"tags\":[\"items\"],\"summary\":\"Update Item\",\"description\":\"Update an item.\","
    "\"operationId\":\"update_item_items__item_id__put\",\"deprecated\":true,\"parameters\":[{\"name\":\"item_id\","
    "\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"integer\",\"minimum\":1,\"title\":\"The ID\"}},"
    "{\"name\":\"item-query\",\"in\":\"query\",\"required\":false,\"schema\":{\"anyOf\":[{\"type\":\"string\","
    "\"maxLength\":5},{\"type\":\"null\"}],\"description\":\"d\",\"title\":\"Item-Query\"},\"description\":\"d\"},"
    "{\"name\":\"x-token\",\"in\":\"header\",\"required\":false,\"schema\":{\"anyOf\":[{\"type\":\"string\"},"
    "{\"type\":\"null\"}],\"title\":\"X-Token\"}}],\"requestBody\":{\"required\":true,\"content\":{"
    "\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/Item\"}}}},\"responses\":{\"201\":{"
    "\"description\":\"Successful Response\",\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
    "\"#/components/schemas/Item\"}}}},\"422\":{\"description\":\"Validation Error\",\"content\":{"
    "\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/HTTPValidationError\"}}}}}}}},"
    "\"components\":{\"schemas\":{\"HTTPValidationError\":{\"properties\":{\"detail\":{\"items\":{\"$ref\":"
    "\"#/components/schemas/ValidationError\"},\"type\":\"array\",\"title\":\"Detail\"}},\"type\":\"object\","
    "\"title\":\"HTTPValidationError\"},\"Item\":{\"properties\":{\"name\":{\"type\":\"string\",\"minLength\":1,"
    "\"title\":\"Name\",\"description\":\"nm\",\"examples\":[\"Foo\"]},\"price\":{\"type\":\"number\",\"title\":"
    "\"Price\"},\"tags\":{\"items\":{\"type\":\"string\"},\"type\":\"array\",\"title\":\"Tags\",\"default\":[]},"
    "\"tax\":{\"anyOf\":[{\"type\":\"number\"},{\"type\":\"null\"}],\"title\":\"Tax\"}},\"type\":\"object\","
    "\"required\":[\"name\",\"price\"],\"title\":\"Item\"},\"ValidationError\":{\"properties\":{\"loc\":{\"items\":{"
    "\"anyOf\":[{\"type\":\"string\"},{\"type\":\"integer\"}]},\"type\":\"array\",\"title\":\"Location\"},\"msg\":{"
    "\"type\":\"string\",\"title\":\"Message\"},\"type\":{\"type\":\"string\",\"title\":\"Error Type\"},\"input\":{"
    "\"title\":\"Input\"},\"ctx\":{\"type\":\"object\",\"title\":\"Context\"}},\"type\":\"object\",\"required\":["
    "\"loc\",\"msg\",\"type\"],\"title\":\"ValidationError\"}}}}";

START_TEST(the_document_of_the_reference_is_made)
{
    gr_app *app = gr_app_create("FastAPI", "0.1.0");
    ck_assert_int_eq(gr_app_add(app, &update_item_route), 0);
    document_of(app);
    want("", reference);
    forget();
}
END_TEST

/* --- operations --- */

BARE(root);
GR_GET("/", root);
BARE(with_all);
GR_GET("/all/{id:int}/{rest:path}", with_all, .summary = "All of it", .operation_id = "all",
       .external_docs = {"https://example.com", "More"}, .response_description = "Done",
       .openapi_extra = "{\"x-rate\": 5, \"responses\": {\"200\": {\"x-a\": 1}}, \"tags\": [\"b\"]}",
       .tags = GR_NAMES("a"));
BARE(unseen);
GR_GET("/unseen", unseen, .hidden = true);
GR_ROUTE_AS(purged, "PURGE", "/", root);
GR_ROUTE_AS(posted, "POST", "/", root);

START_TEST(an_operation_says_its_name)
{
    DOCUMENT_OF(&root_route, &posted_route);
    want("/paths/~1/get",
         "{\"summary\":\"Root\",\"operationId\":\"root__get\",\"responses\":{\"200\":{"
         "\"description\":\"Successful Response\",\"content\":{\"application/json\":{\"schema\":{}}}}}}");
    want("/paths/~1/post/operationId", "\"posted__post\"");
    want_nothing("/components");
    forget();
}
END_TEST

START_TEST(an_operation_says_what_its_options_say)
{
    DOCUMENT_OF(&with_all_route);
    want(
        "/paths/~1all~1{id}~1{rest}/get",
        "{\"tags\":[\"a\",\"b\"],\"summary\":\"All of it\",\"externalDocs\":{\"url\":\"https://example.com\","
        "\"description\":\"More\"},\"operationId\":\"all\",\"parameters\":[{\"name\":\"id\",\"in\":\"path\","
        "\"required\":"
        "true,\"schema\":{\"type\":\"integer\",\"title\":\"Id\"}},{\"name\":\"rest\",\"in\":\"path\",\"required\":true,"
        "\"schema\":{\"type\":\"string\",\"title\":\"Rest\"}}],\"responses\":{\"200\":{\"description\":\"Done\",\"x-"
        "a\":1,"
        "\"content\":{\"application/json\":{\"schema\":{}}}}},\"x-rate\":5}");
    forget();
}
END_TEST

START_TEST(what_is_hidden_or_unknown_to_openapi_is_left_out)
{
    DOCUMENT_OF(&unseen_route, &purged_route);
    want("/paths", "{}");
    forget();
}
END_TEST

START_TEST(two_operations_of_one_id_are_warned_of)
{
    gr_route other = root_route;
    other.name = "other";
    other.path = "/other";
    other.options.operation_id = "root__get";
    begin_capture();
    DOCUMENT_OF(&root_route, &other);
    char *text = end_capture();
    HAS(text, "WARNING");
    HAS(text, "root and other have the same operation id \"root__get\"");
    free(text);
    forget();
}
END_TEST

/* --- parameters --- */

enum color { RED, GREEN };
static GR_VALUES(color, {RED, "red"}, {GREEN, "green"});

struct paging {
    int64_t skip;
    const char *x_trace;
};
static GR_MODEL(paging, GR_FIELD(skip, GR_DEFAULT(0)), GR_FIELD(x_trace, GR_OPTIONAL));
struct tracing {
    const char *x_trace, *user_agent;
};
static GR_MODEL(tracing, GR_FIELD(x_trace), GR_FIELD(user_agent, .alias = "User-Agent", GR_OPTIONAL));

struct search {
    const char *session, *q, *kind;
    gr_strings tags;
    gr_ints ids;
    enum color color, *other;
    struct paging paging;
    struct tracing tracing;
    bool secret;
};
static GR_INPUT(search, GR_COOKIE(session), GR_QUERY(q, .pattern = "^a", .deprecated = true, .doc = "What"),
                GR_QUERY(kind, GR_DEFAULT("a")), GR_LIST(tags, GR_FROM_QUERY, GR_DEFAULT_EMPTY),
                GR_LIST(ids, GR_FROM_HEADER, .alias = "X-Ids", .min_items = 1),
                GR_ENUM(color, color, GR_FROM_QUERY, GR_DEFAULT(GREEN)),
                GR_ENUM(other, color, GR_FROM_QUERY, GR_OPTIONAL), GR_OBJECT(paging, paging, GR_FROM_QUERY),
                GR_OBJECT(tracing, tracing, GR_FROM_HEADER), GR_QUERY(secret, GR_DEFAULT(false), .hidden = true));
HANDLER(search);
GR_GET("/search", search);

START_TEST(parameters_come_by_place_and_order)
{
    DOCUMENT_OF(&search_route);
    static const char *const wanted[] = {
        "{\"name\":\"q\",\"in\":\"query\",\"required\":true,\"schema\":{\"type\":\"string\",\"pattern\":\"^a\","
        "\"title\":"
        "\"Q\",\"description\":\"What\",\"deprecated\":true},\"description\":\"What\",\"deprecated\":true}",
        "{\"name\":\"kind\",\"in\":\"query\",\"required\":false,\"schema\":{\"type\":\"string\",\"default\":\"a\","
        "\"title\":\"Kind\"}}",
        "{\"name\":\"tags\",\"in\":\"query\",\"required\":false,\"schema\":{\"type\":\"array\",\"items\":{\"type\":"
        "\"string\"},\"default\":[],\"title\":\"Tags\"}}",
        "{\"name\":\"color\",\"in\":\"query\",\"required\":false,\"schema\":{\"$ref\":\"#/components/schemas/Color\","
        "\"default\":\"green\"}}",
        "{\"name\":\"other\",\"in\":\"query\",\"required\":false,\"schema\":{\"anyOf\":[{\"$ref\":"
        "\"#/components/schemas/Color\"},{\"type\":\"null\"}],\"title\":\"Other\"}}",
        "{\"name\":\"skip\",\"in\":\"query\",\"required\":false,\"schema\":{\"type\":\"integer\",\"default\":0,"
        "\"title\":"
        "\"Skip\"}}",
        "{\"name\":\"x_trace\",\"in\":\"query\",\"required\":false,\"schema\":{\"anyOf\":[{\"type\":\"string\"},{"
        "\"type\":\"null\"}],\"title\":\"X Trace\"}}",
        "{\"name\":\"X-Ids\",\"in\":\"header\",\"required\":true,\"schema\":{\"type\":\"array\",\"items\":{\"type\":"
        "\"integer\"},\"minItems\":1,\"title\":\"X-Ids\"}}",
        "{\"name\":\"x-trace\",\"in\":\"header\",\"required\":true,\"schema\":{\"type\":\"string\",\"title\":\"X "
        "Trace\"}}",
        "{\"name\":\"User-Agent\",\"in\":\"header\",\"required\":false,\"schema\":{\"anyOf\":[{\"type\":\"string\"},{"
        "\"type\":\"null\"}],\"title\":\"User-Agent\"}}",
        "{\"name\":\"session\",\"in\":\"cookie\",\"required\":true,\"schema\":{\"type\":\"string\",\"title\":"
        "\"Session\"}}"};
    size_t n = sizeof wanted / sizeof *wanted;
    for (size_t i = 0; i < n; i++) {
        char pointer[64];
        snprintf(pointer, sizeof pointer, "/paths/~1search/get/parameters/%zu", i);
        want(pointer, wanted[i]);
    }
    ck_assert_uint_eq(json_array_size(find(document, "/paths/~1search/get/parameters")), n);
    want("/components/schemas/Color", "{\"type\":\"string\",\"enum\":[\"red\",\"green\"],\"title\":\"Color\"}");
    forget();
}
END_TEST

struct twice {
    int64_t *skip;
    struct paging paging;
    struct tracing tracing;
};
static GR_INPUT(twice, GR_QUERY(skip, GR_OPTIONAL), GR_OBJECT(paging, paging, GR_FROM_QUERY),
                GR_OBJECT(tracing, tracing, GR_FROM_QUERY));
HANDLER(twice);
GR_GET("/twice", twice);

START_TEST(a_parameter_that_two_ask_for_is_listed_once)
{
    DOCUMENT_OF(&twice_route);
    want("/paths/~1twice/get/parameters/0/schema/anyOf/0/type", "\"integer\"");
    want("/paths/~1twice/get/parameters/1/name", "\"x_trace\"");
    want("/paths/~1twice/get/parameters/1/required", "true");
    ck_assert_uint_eq(json_array_size(find(document, "/paths/~1twice/get/parameters")), 3);
    forget();
}
END_TEST

/* --- bodies --- */

struct user {
    const char *name;
};
static GR_MODEL(user, GR_FIELD(name));

struct one_of_two {
    struct item item;
    struct user *user;
    int64_t importance;
};
static GR_INPUT(one_of_two, GR_BODY(item, item), GR_BODY(user, user, GR_OPTIONAL), GR_FIELD(importance, GR_GT(0)));
HANDLER(one_of_two);
GR_PUT("/two/{x}", one_of_two);

struct embedded {
    struct user user;
};
static GR_INPUT(embedded, GR_BODY(user, user, .embed = true));
HANDLER(embedded);
GR_POST("/embedded", embedded);

struct maybe {
    struct user *user;
};
static GR_INPUT(maybe, GR_BODY(user, user, GR_OPTIONAL));
HANDLER(maybe);
GR_POST("/maybe", maybe);

struct listed {
    GR_LIST_OF(struct user) users;
};
static GR_INPUT(listed, GR_OBJECTS(users, user));
HANDLER(listed);
GR_POST("/listed", listed, .response = user_model, .response_list = true);

struct any {
    json_t *payload;
};
static GR_INPUT(any, GR_JSON(payload));
HANDLER(any);
GR_POST("/any", any);

struct scalar {
    int64_t importance;
};
static GR_INPUT(scalar, GR_FIELD(importance, GR_DEFAULT(3)));
HANDLER(scalar);
GR_POST("/scalar", scalar);
GR_ROUTE_AS(asked, "OPTIONS", "/scalar", scalar);

#define BODY(path) "/paths/~1" path "/post/requestBody"

START_TEST(several_bodies_are_the_members_of_one)
{
    struct gr_route route = one_of_two_route;
    route.path = "/two";
    DOCUMENT_OF(&route);
    want("/paths/~1two/put/requestBody", "{\"required\":true,\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
                                         "\"#/components/schemas/Body_one_of_two_two_put\"}}}}");
    want("/components/schemas/Body_one_of_two_two_put",
         "{\"properties\":{\"item\":{\"$ref\":\"#/components/schemas/Item\"},\"user\":{\"anyOf\":[{\"$ref\":"
         "\"#/components/schemas/"
         "User\"},{\"type\":\"null\"}]},\"importance\":{\"type\":\"integer\",\"exclusiveMinimum\":"
         "0,\"title\":\"Importance\"}},\"type\":\"object\",\"required\":[\"item\",\"importance\"],\"title\":"
         "\"Body_one_of_two_two_put\"}");
    forget();
}
END_TEST

START_TEST(a_single_body_is_the_body)
{
    DOCUMENT_OF(&embedded_route, &maybe_route, &listed_route, &any_route, &scalar_route, &asked_route);
    want("/components/schemas/Body_embedded_embedded_post",
         "{\"properties\":{\"user\":{\"$ref\":\"#/components/schemas/User\"}},\"type\":\"object\",\"required\":["
         "\"user\"],\"title\":\"Body_embedded_embedded_post\"}");
    want(BODY("maybe"), "{\"content\":{\"application/json\":{\"schema\":{\"anyOf\":[{\"$ref\":"
                        "\"#/components/schemas/User\"},{\"type\":\"null\"}],\"title\":\"User\"}}}}");
    want(BODY("listed"), "{\"required\":true,\"content\":{\"application/json\":{\"schema\":{\"items\":{\"$ref\":"
                         "\"#/components/schemas/User\"},\"type\":\"array\",\"title\":\"Users\"}}}}");
    want(BODY("any"), "{\"required\":true,\"content\":{\"application/json\":{\"schema\":{\"title\":\"Payload\"}}}}");
    want(BODY("scalar"), "{\"content\":{\"application/json\":{\"schema\":{\"type\":\"integer\",\"default\":3,"
                         "\"title\":\"Importance\"}}}}");
    want_nothing("/paths/~1scalar/options/requestBody");
    forget();
}
END_TEST

struct login {
    const char *username, *password;
};
static GR_INPUT(login, GR_FORM(username), GR_FORM(password, GR_OPTIONAL));
HANDLER(login);
GR_POST("/login", login);

struct form {
    struct user data;
};
static GR_INPUT(form, GR_OBJECT(data, user, GR_FROM_FORM));
HANDLER(form);
GR_POST("/form", form);

struct mixed {
    struct user data;
    bool remember;
};
static GR_INPUT(mixed, GR_OBJECT(data, user, GR_FROM_FORM), GR_FORM(remember, GR_DEFAULT(false)));
HANDLER(mixed);
GR_POST("/mixed", mixed);

START_TEST(forms_are_bodies_of_their_own_type)
{
    DOCUMENT_OF(&login_route, &form_route, &mixed_route);
    want(BODY("login"), "{\"required\":true,\"content\":{\"application/x-www-form-urlencoded\":{\"schema\":{\"$ref\":"
                        "\"#/components/schemas/Body_login_login_post\"}}}}");
    want(
        "/components/schemas/Body_login_login_post",
        "{\"properties\":{\"username\":{\"type\":\"string\",\"title\":\"Username\"},\"password\":{\"anyOf\":[{\"type\":"
        "\"string\"},{\"type\":\"null\"}],\"title\":\"Password\"}},\"type\":\"object\",\"required\":[\"username\"],"
        "\"title\":\"Body_login_login_post\"}");
    want(BODY("form"), "{\"required\":true,\"content\":{\"application/x-www-form-urlencoded\":{\"schema\":{\"$ref\":"
                       "\"#/components/schemas/User\"}}}}");
    want("/components/schemas/Body_mixed_mixed_post/properties",
         "{\"name\":{\"type\":\"string\",\"title\":\"Name\"},\"remember\":{\"type\":\"boolean\",\"title\":\"Remember\","
         "\"default\":false}}");
    forget();
}
END_TEST

/* --- replies --- */

struct problem {
    const char *why;
};
static GR_MODEL(problem, GR_FIELD(why));

BARE(empty);
GR_DELETE("/empty", empty, .status = 204);
BARE(page);
GR_GET("/page", page, .response_type = "text/html");
BARE(stream);
GR_GET("/stream", stream, .response_type = "");
BARE(others);
GR_GET("/others", others, .response = user_model,
       .responses = GR_RESPONSES({404, .model = problem_model}, {403, .description = "Go away"},
                                 {4, .model = problem_model}, {GR_OTHER_STATUS, .model = problem_model, .list = true},
                                 {200, "A user, or a picture", .type = "image/png"}));

#define REPLIES(path) "/paths/~1" path "/get/responses"

START_TEST(a_reply_says_what_it_is)
{
    DOCUMENT_OF(&listed_route, &empty_route, &page_route, &stream_route);
    want("/paths/~1listed/post/responses/200/content/application~1json/schema",
         "{\"items\":{\"$ref\":\"#/components/schemas/User\"},\"type\":\"array\",\"title\":\"Response Listed Listed "
         "Post\"}");
    want("/paths/~1empty/delete/responses", "{\"204\":{\"description\":\"Successful Response\"}}");
    want(REPLIES("page"), "{\"200\":{\"description\":\"Successful "
                          "Response\",\"content\":{\"text/html\":{\"schema\":{\"type\":\"string\"}}}"
                          "}}");
    want(REPLIES("stream"), "{\"200\":{\"description\":\"Successful Response\"}}");
    forget();
}
END_TEST

START_TEST(other_replies_stand_beside_it)
{
    DOCUMENT_OF(&others_route);
    want(REPLIES("others"),
         "{\"200\":{\"description\":\"A user, or a picture\",\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
         "\"#/components/schemas/User\"}},\"image/png\":{}}},"
         "\"404\":{\"description\":\"Not Found\",\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
         "\"#/components/schemas/Problem\"}}}},\"403\":{\"description\":\"Go away\"},"
         "\"4XX\":{\"description\":\"Client Error\",\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
         "\"#/components/schemas/Problem\"}}}},\"default\":{\"description\":\"Default Response\",\"content\":{"
         "\"application/json\":{\"schema\":{\"items\":{\"$ref\":\"#/components/schemas/"
         "Problem\"},\"type\":\"array\",\"title\":\"Response Default Others Others Get\"}}}}}");
    forget();
}
END_TEST

static void check_invalid(const gr_response_list *responses, bool added)
{
    gr_route route = scalar_route;
    route.options.responses = responses;
    DOCUMENT_OF(&route);
    ck_assert_int_eq(find(document, "/components/schemas/HTTPValidationError") != NULL, added);
    forget();
}

START_TEST(a_422_is_added_unless_one_is_declared)
{
    check_invalid(NULL, true);
    check_invalid(GR_RESPONSES({.status = 404}), true);
    check_invalid(GR_RESPONSES({.status = 422}), false);
    check_invalid(GR_RESPONSES({.status = 4}), false);
    check_invalid(GR_RESPONSES({.status = GR_OTHER_STATUS}), false);
    DOCUMENT_OF(&root_route);
    want_nothing("/paths/~1/get/responses/422");
    forget();
}
END_TEST

static gr_reply invalid(gr_req *req, const gr_invalid *mistakes, size_t n)
{
    (void)mistakes, (void)n;
    return gr_empty(req, 400);
}

START_TEST(an_answer_of_ones_own_for_invalid_requests_takes_its_place)
{
    MAKE_APP(app, &scalar_route);
    ck_assert_int_eq(gr_app_set_invalid(app, invalid, problem_model), 0);
    document_of(app);
    want("/paths/~1scalar/post/responses/422/content/application~1json/schema",
         "{\"$ref\":\"#/components/schemas/Problem\"}");
    want_nothing("/components/schemas/HTTPValidationError");
    forget();
}
END_TEST

/* --- replies that are another shape than their model --- */

struct owner {
    const char *name, *nick;
};
static GR_MODEL(owner, GR_FIELD(name, .alias = "fullName"), GR_FIELD(nick, GR_NULLABLE));
struct thing {
    int64_t id;
    const char *secret;
    struct owner owner;
};
static GR_MODEL(thing, GR_FIELD(id), GR_FIELD(secret), GR_OBJECT(owner, owner));

BARE(whole);
GR_GET("/whole", whole, .response = thing_model, .response_exclude = GR_NAMES("nothing that it has"));
BARE(part);
GR_GET("/part", part, .response = thing_model, .response_exclude = GR_NAMES("secret"));
BARE(named);
GR_GET("/named", named, .response = thing_model, .response_by_name = true);
BARE(filled);
GR_GET("/filled", filled, .response = thing_model, .response_exclude_none = true);
GR_ROUTE_AS(also_whole, "GET", "/also", whole, .response = thing_model);
GR_ROUTE_AS(same, "GET", "/same", whole, .response = user_model, .response_by_name = true,
            .response_exclude_none = true);

START_TEST(what_is_left_of_a_model_is_documented)
{
    DOCUMENT_OF(&part_route);
    want("/paths/~1part/get/responses/200/content/application~1json/schema",
         "{\"$ref\":\"#/components/schemas/Response_part_part_get\"}");
    want("/components/schemas/Response_part_part_get",
         "{\"properties\":{\"id\":{\"type\":\"integer\",\"title\":\"Id\"},\"owner\":{\"$ref\":"
         "\"#/components/schemas/Owner\"}},\"type\":\"object\",\"required\":[\"id\",\"owner\"],\"title\":"
         "\"Response_part_part_get\"}");
    want_nothing("/components/schemas/Thing");
    forget();
}
END_TEST

START_TEST(other_names_and_absent_nulls_are_a_schema_beside_the_model)
{
    DOCUMENT_OF(&also_whole_route, &named_route, &filled_route, &same_route);
    want("/components/schemas/Thing/properties/owner", "{\"$ref\":\"#/components/schemas/Owner\"}");
    want("/components/schemas/Owner/required", "[\"fullName\",\"nick\"]");
    want("/paths/~1named/get/responses/200/content/application~1json/schema",
         "{\"$ref\":\"#/components/schemas/Thing-Output\"}");
    want("/components/schemas/Thing-Output/properties/owner", "{\"$ref\":\"#/components/schemas/Owner-Output\"}");
    want("/components/schemas/Owner-Output/required", "[\"name\",\"nick\"]");
    want("/components/schemas/Owner-Output2/required", "[\"fullName\"]");
    want("/paths/~1same/get/responses/200/content/application~1json/schema",
         "{\"$ref\":\"#/components/schemas/User\"}");
    forget();
}
END_TEST

START_TEST(leaving_out_what_is_not_there_is_a_mistake)
{
    MAKE_APP(app, &whole_route);
    char *text = refusal(app);
    HAS(text, "whole: .response_exclude names \"nothing that it has\"");
    free(text);
    gr_app_destroy(app);
}
END_TEST

/* --- the application --- */

START_TEST(the_application_describes_itself)
{
    MAKE_APP(app, &root_route);
    gr_app_info info = {
        .size = sizeof info,
        .summary = "s",
        .description = "d",
        .terms_of_service = "https://example.com/terms",
        .contact = {"n", "https://example.com", "a@example.com"},
        .license = {.name = "MIT", .identifier = "MIT"},
        .root_path = "/v1",
        .servers = GR_SERVERS({"https://example.com", "Production"}, {.url = "https://b.example.com"}),
        .tags = GR_TAGS({"items", "What there is", {.url = "https://example.com/items"}}, {.name = "users"}),
        .external_docs = {"https://example.com/docs", "More"}};
    ck_assert_int_eq(gr_app_describe(app, &info), 0);
    document_of(app);
    json_object_del(document, "paths");
    want("",
         "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"tests\",\"version\":\"1\",\"summary\":\"s\",\"description\":"
         "\"d\",\"termsOfService\":\"https://example.com/terms\",\"contact\":{\"name\":\"n\",\"url\":"
         "\"https://example.com\",\"email\":\"a@example.com\"},\"license\":{\"name\":\"MIT\",\"identifier\":\"MIT\"}},"
         "\"servers\":[{\"url\":\"/v1\"},{\"url\":\"https://example.com\",\"description\":\"Production\"},{\"url\":"
         "\"https://b.example.com\"}],\"tags\":[{\"name\":\"items\",\"description\":\"What there is\",\"externalDocs\":"
         "{\"url\":\"https://example.com/items\"}},{\"name\":\"users\"}],\"externalDocs\":{\"url\":"
         "\"https://example.com/docs\",\"description\":\"More\"}}");
    forget();
}
END_TEST

START_TEST(an_info_of_another_size_is_refused)
{
    MAKE_APP(app, &root_route);
    ck_assert_int_eq(gr_app_describe(app, &(gr_app_info){.size = 8}), GR_EINVAL);
    free(refusal(app));
    gr_app_destroy(app);
}
END_TEST

struct paid {
    int64_t id;
    struct user user;
};
static GR_INPUT(paid, GR_QUERY(id), GR_BODY(user, user));
GR_OUTGOING(paid, "POST", "{$request.body#/url}/paid", .response = problem_model);
GR_OUTGOING(told, "POST", "new-item", .summary = "Tells of an item");
GR_ROUTE_AS(calling, "POST", "/calling", root, .callbacks = GR_CALLBACKS(&paid_route));

START_TEST(webhooks_and_callbacks_are_documented_and_not_served)
{
    MAKE_APP(app, &calling_route);
    ck_assert_int_eq(gr_app_add_webhook(app, &told_route), 0);
    gr_test *test = serve(app);
    check_request(test, "POST", "/new-item", 404, NULL);
    gr_test_destroy(test);
    document_of(app);
    want("/webhooks",
         "{\"new-item\":{\"post\":{\"summary\":\"Tells of an item\",\"operationId\":\"toldnew_item_post\","
         "\"responses\":{\"200\":{\"description\":\"Successful Response\",\"content\":{\"application/json\":{"
         "\"schema\":{}}}}}}}}");
    want("/paths/~1calling/post/callbacks/paid/{$request.body#~1url}~1paid/post/operationId",
         "\"paid__request_body__url__paid_post\"");
    want("/paths/~1calling/post/callbacks/paid/{$request.body#~1url}~1paid/post/requestBody/content/application~1json",
         "{\"schema\":{\"$ref\":\"#/components/schemas/User\"}}");
    ck_assert_uint_eq(json_object_size(find(document, "/paths")), 1);
    forget();
}
END_TEST

static int add_extension(json_t *doc, void *arg)
{
    ck_assert_str_eq(json_string_value(find(doc, "/components/schemas/Item/title")), "Item");
    json_string_set(find(doc, "/paths/~1items~1{item_id}/put/requestBody/content/application~1json/schema/$ref"), "#x");
    return json_object_set_new(doc, "x-edited", json_string(arg));
}

START_TEST(the_application_edits_the_document)
{
    MAKE_APP(app, &update_item_route);
    ck_assert_int_eq(gr_app_on_openapi(app, add_extension, "by me"), 0);
    document_of(app);
    want("/x-edited", "\"by me\"");
    want("/paths/~1items~1{item_id}/put/responses/201/content/application~1json/schema/$ref",
         "\"#/components/schemas/Item\"");
    forget();
}
END_TEST

static int fail_to_edit(json_t *doc, void *arg)
{
    (void)doc, (void)arg;
    return GR_EIO;
}

START_TEST(an_edit_that_fails_fails_the_start)
{
    MAKE_APP(app, &root_route);
    ck_assert_int_eq(gr_app_on_openapi(app, fail_to_edit, NULL), 0);
    char *text = refusal(app);
    HAS(text, "gr_app_on_openapi() failed: -5");
    free(text);
    begin_capture();
    ck_assert_int_eq(gr_app_openapi(app, &document), GR_EIO);
    free(end_capture());
    ck_assert_ptr_null(document);
    gr_app_destroy(app);
}
END_TEST

/* --- mistakes --- */

static void check_refused(const gr_route_options *options, const char *why)
{
    gr_route route = root_route;
    route.options = *options;
    MAKE_APP(app, &route);
    char *text = refusal(app);
    HAS(text, why);
    free(text);
    gr_app_destroy(app);
}

struct wrong {
    int64_t n;
};
static GR_MODEL(wrong, GR_FIELD(n, GR_GE(5), GR_LE(3)));

START_TEST(what_is_only_documented_is_checked_too)
{
    check_refused(&(gr_route_options){.responses = GR_RESPONSES({.status = 700})},
                  "root: .responses: 700 is no status");
    check_refused(&(gr_route_options){.responses = &(const gr_response_list){0, &(gr_response_info){.status = 404}}},
                  "root: .responses: the stride is not set, or of a later version");
    check_refused(&(gr_route_options){.responses = GR_RESPONSES({400, .model = wrong_model})},
                  "root: wrong.n: ge 5 is above le 3");
    check_refused(&(gr_route_options){.openapi_extra = "[]"}, "root: .openapi_extra is no JSON object");
    check_refused(&(gr_route_options){.openapi_extra = "{"}, "root: .openapi_extra is no JSON object");
    check_refused(&(gr_route_options){.description = "caf\xe9"}, "a text of the documentation is not UTF-8");
    check_refused(&(gr_route_options){.callbacks = GR_CALLBACKS(&(gr_route){.size = sizeof(gr_route), .name = "c"})},
                  "c: what is only documented needs");
    gr_route unknown = told_route;
    unknown.method = "GET IT";
    check_refused(&(gr_route_options){.callbacks = GR_CALLBACKS(&unknown)}, "told: \"GET IT\" is no method");
}
END_TEST

START_TEST(a_webhook_is_checked_too)
{
    gr_route webhook = told_route;
    webhook.options.response = wrong_model;
    MAKE_APP(app, &root_route);
    ck_assert_int_eq(gr_app_add_webhook(app, &webhook), 0);
    char *text = refusal(app);
    HAS(text, "told: wrong.n: ge 5 is above le 3");
    free(text);
    gr_app_destroy(app);
}
END_TEST

/* --- serving --- */

static gr_answer *ask_again(gr_test *test, const char *etag, int status)
{
    gr_answer *answer =
        gr_test_request(test, "GET", "/openapi.json", (const char *[]){"If-None-Match", etag, NULL}, NULL, 0);
    check_answer(answer, status, status == 304 ? "" : NULL);
    return answer;
}

START_TEST(the_document_is_served)
{
    MAKE_APP(app, &update_item_route);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_get(test, "/openapi.json");
    check_answer(answer, 200, NULL);
    ck_assert_str_eq(gr_answer_header(answer, "content-type"), "application/json");
    ck_assert_int_eq(gr_app_openapi(app, &document), 0);
    ck_assert(json_equal(gr_answer_json(answer), document));
    const char *body = gr_answer_body(answer, NULL);
    ck_assert_msg(!strncmp(body, "{\"openapi\":\"3.1.0\",\"info\":{", 27), "not compact: %s", body);
    gr_answer *head = gr_test_request(test, "HEAD", "/openapi.json", NULL, NULL, 0);
    check_answer(head, 200, "");
    ck_assert_str_eq(gr_answer_header(head, "content-length"), gr_answer_header(answer, "content-length"));
    ck_assert_str_eq(gr_answer_header(head, "etag"), gr_answer_header(answer, "etag"));
    gr_answer_free(head);
    gr_answer_free(answer);
    forget();
    end(test, app);
}
END_TEST

START_TEST(who_has_it_is_told_so)
{
    MAKE_APP(app, &root_route);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_get(test, "/openapi.json");
    char etag[64], list[128];
    snprintf(etag, sizeof etag, "%s", gr_answer_header(answer, "etag"));
    gr_answer_free(answer);
    ck_assert_msg(strlen(etag) == 18 && etag[0] == '"', "no strong entity tag: %s", etag);
    snprintf(list, sizeof list, "\"other\", W/%s", etag);
    const char *const known[] = {etag, list, "*"}, *const unknown[] = {"\"other\"", "", "W/"};
    for (size_t i = 0; i < 3; i++) {
        answer = ask_again(test, known[i], 304);
        ck_assert_str_eq(gr_answer_header(answer, "etag"), etag);
        gr_answer_free(answer);
        gr_answer_free(ask_again(test, unknown[i], 200));
    }
    end(test, app);
}
END_TEST

START_TEST(another_document_has_another_tag)
{
    char tags[2][64];
    const gr_route *const routes[] = {&root_route, &posted_route};
    for (int i = 0; i < 2; i++) {
        MAKE_APP(app, routes[i]);
        gr_test *test = serve(app);
        gr_answer *answer = gr_test_get(test, "/openapi.json");
        snprintf(tags[i], sizeof tags[i], "%s", gr_answer_header(answer, "etag"));
        gr_answer_free(answer);
        end(test, app);
    }
    ck_assert_str_ne(tags[0], tags[1]);
}
END_TEST

BARE(rest);
GR_GET("/{rest:path}", rest);

START_TEST(it_comes_before_what_matches_everything)
{
    MAKE_APP(app, &rest_route);
    gr_test *test = serve(app);
    check_get(test, "/openapi.json", 200, NULL);
    check_get(test, "/openapi.jso", 204, NULL);
    end(test, app);
}
END_TEST

START_TEST(it_can_be_moved_and_switched_off)
{
    MAKE_APP(app, &root_route);
    ck_assert_int_eq(gr_app_set_openapi_url(app, "/api/v1/openapi.json"), 0);
    gr_test *test = serve(app);
    check_get(test, "/openapi.json", 404, NULL);
    check_get(test, "/api/v1/openapi.json", 200, NULL);
    gr_test_destroy(test);
    ck_assert_int_eq(gr_app_set_openapi_url(app, NULL), 0);
    test = serve(app);
    check_get(test, "/api/v1/openapi.json", 404, NULL);
    end(test, app);
}
END_TEST

START_TEST(a_url_that_is_none_is_refused)
{
    MAKE_APP(app, &root_route);
    ck_assert_int_eq(gr_app_set_openapi_url(app, "openapi.json"), 0);
    char *text = refusal(app);
    HAS(text, "openapi.json: the path \"openapi.json\": a path starts with '/'");
    free(text);
    gr_app_destroy(app);
}
END_TEST

static gr_reply block(gr_req *req, gr_next *next)
{
    return gr_with_header(gr_call_next_blocking(req, next), "x-step", "blocking");
}

START_TEST(it_runs_inside_blocking_middleware)
{
    MAKE_APP(app, &root_route);
    ck_assert_int_eq(gr_use(app, block), 0);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_get(test, "/openapi.json");
    check_answer(answer, 200, NULL);
    ck_assert_str_eq(gr_answer_header(answer, "x-step"), "blocking");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

int main(void)
{
    const test_list tests = {the_document_of_the_reference_is_made,
                             an_operation_says_its_name,
                             an_operation_says_what_its_options_say,
                             what_is_hidden_or_unknown_to_openapi_is_left_out,
                             two_operations_of_one_id_are_warned_of,
                             parameters_come_by_place_and_order,
                             a_parameter_that_two_ask_for_is_listed_once,
                             several_bodies_are_the_members_of_one,
                             a_single_body_is_the_body,
                             forms_are_bodies_of_their_own_type,
                             a_reply_says_what_it_is,
                             other_replies_stand_beside_it,
                             a_422_is_added_unless_one_is_declared,
                             an_answer_of_ones_own_for_invalid_requests_takes_its_place,
                             what_is_left_of_a_model_is_documented,
                             other_names_and_absent_nulls_are_a_schema_beside_the_model,
                             leaving_out_what_is_not_there_is_a_mistake,
                             the_application_describes_itself,
                             an_info_of_another_size_is_refused,
                             webhooks_and_callbacks_are_documented_and_not_served,
                             the_application_edits_the_document,
                             an_edit_that_fails_fails_the_start,
                             what_is_only_documented_is_checked_too,
                             a_webhook_is_checked_too,
                             the_document_is_served,
                             who_has_it_is_told_so,
                             another_document_has_another_tag,
                             it_comes_before_what_matches_everything,
                             it_can_be_moved_and_switched_off,
                             a_url_that_is_none_is_refused,
                             it_runs_inside_blocking_middleware,
                             NULL};
    return run_tests("openapi", tests, 20);
}
