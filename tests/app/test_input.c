/* Inputs from every place of a request, and what FastAPI's answers to wrong ones look like. */
#include <griddle/invalid.h>

#include "app_test.h"

/* What `in` holds is what the handler answers, so each input has a model of the same members. */
#define ECHO(id) \
    static gr_reply id(gr_co co, gr_req *req, const struct id *in) \
    { \
        (void)co; \
        return id##_reply(req, in); \
    }

#define ERROR(kind, loc, msg, input) "{\"type\":\"" kind "\",\"loc\":[" loc "],\"msg\":\"" msg "\",\"input\":" input "}"
#define MISSING(loc)                 ERROR("missing", loc, "Field required", "null")
#define DETAIL(errors)               "{\"detail\":[" errors "]}"
#define NO_INT                       "Input should be a valid integer, unable to parse string as an integer"

static void check_headers(gr_test *test, const char *target, const char *const *headers, int status, const char *body)
{
    gr_answer *answer = gr_test_request(test, "GET", target, headers, NULL, 0);
    check_answer(answer, status, body);
    gr_answer_free(answer);
}

static void check_post(gr_test *test, const char *target, const char *type, const char *text, int status,
                       const char *body)
{
    gr_answer *answer =
        gr_test_request(test, "POST", target, (const char *[]){"Content-Type", type, NULL}, text, strlen(text));
    check_answer(answer, status, body);
    gr_answer_free(answer);
}

/* --- header fields --- */

struct agent {
    const char *user_agent;
    int x_count;
    gr_strings x_tag;
    const char *token;
};
static GR_INPUT(agent, GR_HEADER(user_agent), GR_HEADER(x_count, GR_DEFAULT(1)),
                GR_LIST(x_tag, GR_FROM_HEADER, GR_DEFAULT_EMPTY), GR_HEADER(token, GR_OPTIONAL, .alias = "X_Token"));
static GR_MODEL(agent, GR_FIELD(user_agent), GR_FIELD(x_count), GR_LIST(x_tag), GR_FIELD(token, GR_OPTIONAL));
ECHO(agent)
GR_GET("/agent", agent);

START_TEST(header_fields_are_named_with_hyphens_and_in_any_case)
{
    MAKE_APP(app, &agent_route);
    gr_test *test = serve(app);
    check_headers(test, "/agent", (const char *[]){"USER-agent", "me", "X-Count", "3", NULL}, 200,
                  "{\"user_agent\":\"me\",\"x_count\":3,\"x_tag\":[],\"token\":null}");
    check_headers(test, "/agent", (const char *[]){"User-Agent", "me", "x_token", "t", NULL}, 200,
                  "{\"user_agent\":\"me\",\"x_count\":1,\"x_tag\":[],\"token\":\"t\"}");
    end(test, app);
}
END_TEST

struct repeated {
    const char *x_user, *q, *c;
};
static GR_INPUT(repeated, GR_HEADER(x_user), GR_QUERY(q), GR_COOKIE(c));

static gr_reply repeated(gr_co co, gr_req *req, const struct repeated *in)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%s %s %s %s", in->x_user, gr_header(req, "x-user"), in->q, in->c));
}
GR_GET("/repeated", repeated);

START_TEST(of_repeated_header_fields_the_first_counts_and_the_last_of_all_else)
{
    MAKE_APP(app, &repeated_route);
    gr_test *test = serve(app);
    check_headers(test, "/repeated?q=1&q=2",
                  (const char *[]){"X-User", "good", "Cookie", "c=1; c=2", "x-user", "second", "Cookie", "c=3", NULL},
                  200, "good good 2 3");
    end(test, app);
}
END_TEST

START_TEST(repeated_header_fields_make_a_list)
{
    MAKE_APP(app, &agent_route);
    gr_test *test = serve(app);
    check_headers(test, "/agent", (const char *[]){"User-Agent", "me", "X-Tag", "a", "x-tag", "b", NULL}, 200,
                  "{\"user_agent\":\"me\",\"x_count\":1,\"x_tag\":[\"a\",\"b\"],\"token\":null}");
    end(test, app);
}
END_TEST

START_TEST(wrong_header_fields_are_refused_by_their_names_on_the_wire)
{
    MAKE_APP(app, &agent_route);
    gr_test *test = serve(app);
    check_headers(test, "/agent", (const char *[]){"X-Count", "x", NULL}, 422,
                  DETAIL(MISSING("\"header\",\"user-agent\"") "," ERROR("int_parsing", "\"header\",\"x-count\"", NO_INT,
                                                                        "\"x\"")));
    end(test, app);
}
END_TEST

struct told {
    const char *host, *save_data, *plain;
};
static GR_MODEL(told, GR_FIELD(host), GR_FIELD(save_data, GR_OPTIONAL), GR_FIELD(plain, GR_OPTIONAL, .alias = "a_b"),
                GR_SELF(.extra = GR_EXTRA_FORBIDDEN));
struct strict_head {
    struct told told;
};
static GR_INPUT(strict_head, GR_OBJECT(told, told, GR_FROM_HEADER));
static gr_reply strict_head(gr_co co, gr_req *req, const struct strict_head *in)
{
    (void)co;
    return told_reply(req, &in->told);
}
GR_GET("/strict-head", strict_head);

START_TEST(a_field_that_a_member_reads_is_no_extra_and_an_alias_is_the_name_on_the_wire)
{
    MAKE_APP(app, &strict_head_route);
    gr_test *test = serve(app);
    check_headers(test, "/strict-head", (const char *[]){"HOST", "h", "Save-Data", "on", "A_B", "c", NULL}, 200,
                  "{\"host\":\"h\",\"save_data\":\"on\",\"a_b\":\"c\"}");
    check_headers(test, "/strict-head", (const char *[]){"Host", "h", "save_data", "on", NULL}, 422, NULL);
    check_headers(test, "/strict-head", (const char *[]){"Host", "h", "a-b", "c", NULL}, 422, NULL);
    end(test, app);
}
END_TEST

/* --- cookies --- */

struct visit {
    const char *session;
    int64_t *count;
};
static GR_INPUT(visit, GR_COOKIE(session, .min_len = 2), GR_COOKIE(count, GR_OPTIONAL));
static GR_MODEL(visit, GR_FIELD(session), GR_FIELD(count, GR_OPTIONAL));
ECHO(visit)
GR_GET("/visit", visit);

START_TEST(cookies_are_cut_and_unquoted)
{
    MAKE_APP(app, &visit_route);
    gr_test *test = serve(app);
    check_headers(test, "/visit", (const char *[]){"Cookie", "a=b; session=\"s d\";count=7; ;x", NULL}, 200,
                  "{\"session\":\"s d\",\"count\":7}");
    check_headers(test, "/visit", (const char *[]){"Cookie", "session=one", "Cookie", "count=2", NULL}, 200,
                  "{\"session\":\"one\",\"count\":2}");
    end(test, app);
}
END_TEST

START_TEST(wrong_cookies_are_refused)
{
    MAKE_APP(app, &visit_route);
    gr_test *test = serve(app);
    check_headers(test, "/visit", NULL, 422, DETAIL(MISSING("\"cookie\",\"session\"")));
    check_headers(test, "/visit", (const char *[]){"Cookie", "session=abc; count=x", NULL}, 422,
                  DETAIL(ERROR("int_parsing", "\"cookie\",\"count\"", NO_INT, "\"x\"")));
    end(test, app);
}
END_TEST

/* --- path --- */

enum size { SMALL, LARGE };
static GR_VALUES(size, {SMALL, "small"}, {LARGE, "large"});
struct dish {
    enum size size;
    gr_uuid id;
    gr_date day;
};
static GR_INPUT(dish, GR_ENUM(size, size, .source = GR_IN_PATH), GR_PATH(id), GR_PATH(day));
static GR_MODEL(dish, GR_ENUM(size, size), GR_FIELD(id), GR_FIELD(day));
ECHO(dish)
GR_GET("/dish/{size}/{id}/{day}", dish);

START_TEST(path_parameters_are_of_any_scalar_type)
{
    MAKE_APP(app, &dish_route);
    gr_test *test = serve(app);
    check_get(test, "/dish/large/3fa85f6457174562b3fc2c963f66afa6/2020-01-31", 200,
              "{\"size\":\"large\",\"id\":\"3fa85f64-5717-4562-b3fc-2c963f66afa6\",\"day\":\"2020-01-31\"}");
    check_get(
        test, "/dish/huge/3fa85f6457174562b3fc2c963f66afa6/2020-01-31", 422,
        "{\"detail\":[{\"type\":\"enum\",\"loc\":[\"path\",\"size\"],\"msg\":\"Input should be 'small' or 'large'\","
        "\"input\":\"huge\",\"ctx\":{\"expected\":\"'small' or 'large'\"}}]}");
    end(test, app);
}
END_TEST

/* --- the query --- */

struct search {
    gr_strings tag;
    gr_ints id;
    const char *q;
};
static GR_INPUT(search, GR_LIST(tag, GR_FROM_QUERY, GR_DEFAULT_EMPTY, .max_items = 2),
                GR_LIST(id, GR_FROM_QUERY, .min_items = 2, GR_GE(0)), GR_QUERY(q, GR_DEFAULT("all")));
static GR_MODEL(search, GR_LIST(tag), GR_LIST(id), GR_FIELD(q));
ECHO(search)
GR_GET("/search", search);

START_TEST(repeated_parameters_make_a_list_and_the_last_single_one_counts)
{
    MAKE_APP(app, &search_route);
    gr_test *test = serve(app);
    check_get(test, "/search?id=1&tag=a&id=2&tag=b%20c&q=x&q=y", 200,
              "{\"tag\":[\"a\",\"b c\"],\"id\":[1,2],\"q\":\"y\"}");
    check_get(test, "/search?id=1&id=2", 200, "{\"tag\":[],\"id\":[1,2],\"q\":\"all\"}");
    end(test, app);
}
END_TEST

START_TEST(lists_of_the_query_are_counted_and_each_item_checked)
{
    MAKE_APP(app, &search_route);
    gr_test *test = serve(app);
    check_get(
        test, "/search?id=1&tag=a&tag=b&tag=c", 422,
        "{\"detail\":[{\"type\":\"too_long\",\"loc\":[\"query\",\"tag\"],\"msg\":\"List should have at most 2 items "
        "after validation, not 3\",\"input\":[\"a\",\"b\",\"c\"],\"ctx\":{\"field_type\":\"List\",\"max_length\":2,"
        "\"actual_length\":3}},{\"type\":\"too_short\",\"loc\":[\"query\",\"id\"],\"msg\":\"List should have at least "
        "2 items after validation, not 1\",\"input\":[\"1\"],\"ctx\":{\"field_type\":\"List\",\"min_length\":2,"
        "\"actual_length\":1}}]}");
    check_get(
        test, "/search?id=-1&id=x", 422,
        "{\"detail\":[{\"type\":\"greater_than_equal\",\"loc\":[\"query\",\"id\",0],\"msg\":\"Input should be greater "
        "than or equal to 0\",\"input\":\"-1\",\"ctx\":{\"ge\":0}}," ERROR("int_parsing", "\"query\",\"id\",1", NO_INT,
                                                                           "\"x\"") "]}");
    check_get(test, "/search", 422, DETAIL(MISSING("\"query\",\"id\"")));
    end(test, app);
}
END_TEST

/* --- structs from one place --- */

static const char *check_paging(const void *value);
struct paging {
    int64_t skip, limit;
    gr_set set;
};
static GR_MODEL(paging, GR_SELF(.extra = GR_EXTRA_FORBIDDEN, .validate = check_paging), GR_FIELD(skip, GR_DEFAULT(0)),
                GR_FIELD(limit, GR_LE(100)), GR_SET(set));
struct list {
    struct paging paging;
};
static GR_INPUT(list, GR_OBJECT(paging, paging, GR_FROM_QUERY));

static const char *check_paging(const void *value)
{
    const struct paging *paging = value;
    return paging->skip > paging->limit ? "skip is above limit" : NULL;
}

static gr_reply list(gr_co co, gr_req *req, const struct list *in)
{
    (void)co;
    ck_assert(GR_IS_SET(&in->paging, limit));
    return gr_json(req, json_pack("[I,I,b]", (json_int_t)in->paging.skip, (json_int_t)in->paging.limit,
                                  GR_IS_SET(&in->paging, skip)));
}
GR_GET("/list", list);

START_TEST(a_struct_comes_whole_from_the_query)
{
    MAKE_APP(app, &list_route);
    gr_test *test = serve(app);
    check_get(test, "/list?limit=5", 200, "[0,5,false]");
    check_get(test, "/list?limit=5&skip=2", 200, "[2,5,true]");
    check_get(test, "/list?skip=2", 422,
              DETAIL(ERROR("missing", "\"query\",\"limit\"", "Field required", "{\"skip\":\"2\"}")));
    check_get(test, "/list?limit=5&page=2", 422,
              DETAIL(ERROR("extra_forbidden", "\"query\",\"page\"", "Extra inputs are not permitted", "\"2\"")));
    check_get(test, "/list?limit=5&skip=6", 422,
              "{\"detail\":[{\"type\":\"value_error\",\"loc\":[\"query\"],\"msg\":\"Value error, skip is above limit\","
              "\"input\":{\"skip\":\"6\",\"limit\":\"5\"},\"ctx\":{\"error\":{}}}]}");
    end(test, app);
}
END_TEST

/* --- forms --- */

struct login {
    const char *username;
    const char *password;
    bool *remember;
};
static GR_INPUT(login, GR_FORM(username), GR_FORM(password, .min_len = 4, .secret = true),
                GR_FORM(remember, GR_OPTIONAL));
static GR_MODEL(login, GR_FIELD(username), GR_FIELD(password), GR_FIELD(remember, GR_OPTIONAL));
ECHO(login)
GR_POST("/login", login);

static const char form_type[] = "application/x-www-form-urlencoded";

START_TEST(a_form_is_decoded)
{
    MAKE_APP(app, &login_route);
    gr_test *test = serve(app);
    check_post(test, "/login", form_type, "username=a+b%21&password=%C3%A9%26%3D12&remember=on", 200,
               "{\"username\":\"a b!\",\"password\":\"\xc3\xa9&=12\",\"remember\":true}");
    check_post(test, "/login", "application/x-www-form-urlencoded; charset=utf-8", "password=four&username=x", 200,
               "{\"username\":\"x\",\"password\":\"four\",\"remember\":null}");
    end(test, app);
}
END_TEST

START_TEST(a_body_of_another_type_is_no_form)
{
    MAKE_APP(app, &login_route);
    gr_test *test = serve(app);
    check_post(test, "/login", "application/json", "{\"username\":\"x\",\"password\":\"four\"}", 422,
               DETAIL(MISSING("\"body\",\"username\"") "," MISSING("\"body\",\"password\"")));
    end(test, app);
}
END_TEST

START_TEST(a_secret_is_never_repeated)
{
    MAKE_APP(app, &login_route);
    gr_test *test = serve(app);
    gr_answer *answer =
        gr_test_request(test, "POST", "/login", (const char *[]){"Content-Type", form_type, NULL}, "password=abc", 12);
    ck_assert_int_eq(gr_answer_status(answer), 422);
    LACKS(gr_answer_body(answer, NULL), "abc");
    HAS(gr_answer_body(answer, NULL), "string_too_short");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

struct pin {
    int64_t pin;
};
static GR_INPUT(pin, GR_FIELD(pin, GR_LE(50), .secret = true));
static GR_MODEL(pin, GR_FIELD(pin));
ECHO(pin)
GR_POST("/pin", pin);

struct pins {
    gr_ints pins;
};
static GR_INPUT(pins, GR_LIST(pins, GR_LE(50), .max_items = 2, .secret = true));
static GR_MODEL(pins, GR_LIST(pins));
ECHO(pins)
GR_POST("/pins", pins);

struct keys {
    gr_ints key;
};
static GR_INPUT(keys, GR_LIST(key, GR_FROM_QUERY, .min_items = 2, .max_items = 2, .secret = true));
static GR_MODEL(keys, GR_LIST(key));
ECHO(keys)
GR_GET("/keys", keys);

struct account {
    const char *user, *password;
};
static GR_MODEL(account, GR_FIELD(user), GR_FIELD(password, .secret = true));
struct sign_up {
    struct account account;
};
static GR_INPUT(sign_up, GR_BODY(account, account));
static gr_reply sign_up(gr_co co, gr_req *req, const struct sign_up *in)
{
    (void)co;
    return account_reply(req, &in->account);
}
GR_POST("/sign-up", sign_up);

/* Refused, without a word of what came. */
static void check_kept_secret(gr_test *test, const char *target, const char *type, const char *text)
{
    gr_answer *answer =
        type ? gr_test_request(test, "POST", target, (const char *[]){"Content-Type", type, NULL}, text, strlen(text))
             : gr_test_get(test, target);
    ck_assert_int_eq(gr_answer_status(answer), 422);
    LACKS(gr_answer_body(answer, NULL), "777");
    gr_answer_free(answer);
}

START_TEST(a_secret_that_is_the_whole_body_is_never_repeated)
{
    MAKE_APP(app, &pin_route, &pins_route, &sign_up_route);
    gr_test *test = serve(app);
    check_kept_secret(test, "/pin", "application/json", "777");
    check_kept_secret(test, "/pin", "application/json", "\"x777\"");
    check_kept_secret(test, "/pin", "text/plain", "777");
    check_kept_secret(test, "/pins", "application/json", "777");
    check_kept_secret(test, "/pins", "application/json", "[1,777]");
    check_kept_secret(test, "/pins", "application/json", "[1,2,777]");
    check_kept_secret(test, "/pins", "text/plain", "777");
    check_kept_secret(test, "/sign-up", "text/plain", "{\"user\":\"a\",\"password\":\"777\"}");
    check_kept_secret(test, "/sign-up", "application/json", "\"{\\\"password\\\":\\\"777\\\"}\"");
    end(test, app);
}
END_TEST

struct marks {
    gr_strings mark;
};
static GR_INPUT(marks, GR_LIST(mark, GR_FROM_QUERY, .max_items = 1));
static GR_MODEL(marks, GR_LIST(mark));
ECHO(marks)
GR_GET("/marks", marks);

START_TEST(what_is_no_utf8_is_null_where_a_list_is_repeated)
{
    MAKE_APP(app, &marks_route);
    gr_test *test = serve(app);
    check_get(test, "/marks?mark=a%ffb&mark=c", 422,
              "{\"detail\":[{\"type\":\"too_long\",\"loc\":[\"query\",\"mark\"],\"msg\":\"List should have at most 1 "
              "item after "
              "validation, not 2\",\"input\":[null,\"c\"],\"ctx\":{\"field_type\":\"List\",\"max_length\":1,"
              "\"actual_length\":2}}]}");
    end(test, app);
}
END_TEST

START_TEST(a_list_of_secrets_is_not_repeated_where_its_length_is_wrong)
{
    MAKE_APP(app, &keys_route);
    gr_test *test = serve(app);
    check_kept_secret(test, "/keys?key=777", NULL, NULL);
    check_kept_secret(test, "/keys?key=1&key=2&key=777", NULL, NULL);
    check_kept_secret(test, "/keys?key=1&key=x777", NULL, NULL);
    end(test, app);
}
END_TEST

/* --- structs and tuples that are secrets, beside structs that take all of the same place --- */

struct purse {
    int64_t coins;
    gr_ints owners;
    json_t *any;
};
static const char *see_no_purse(const void *value)
{
    (void)value;
    return "is no purse";
}
static GR_MODEL(purse, GR_SELF(.validate = see_no_purse), GR_FIELD(coins), GR_LIST(owners, GR_OPTIONAL, .max_items = 1),
                GR_FIELD(any, GR_OPTIONAL));
struct pair {
    int64_t x, y;
};
static GR_MODEL(pair, GR_SELF(.tuple = true), GR_FIELD(x), GR_FIELD(y));
struct all {
    int64_t n;
};
static GR_MODEL(all, GR_FIELD(n), GR_SELF(.extra = GR_EXTRA_FORBIDDEN));
struct some {
    int64_t n, m;
};
static GR_MODEL(some, GR_FIELD(n, GR_DEFAULT(1)), GR_FIELD(m));

struct keeps {
    struct pair pair;
    struct purse purse, deep;
    const char *key;
    struct all all;
    struct some some;
};
static GR_INPUT(keeps, GR_OBJECT(pair, pair, GR_FROM_QUERY, .secret = true),
                GR_OBJECT(purse, purse, GR_FROM_QUERY, .secret = true),
                GR_OBJECT(deep, purse, GR_FROM_QUERY, .secret = true, .style = GR_STYLE_DEEP_OBJECT),
                GR_QUERY(key, GR_OPTIONAL, .secret = true), GR_OBJECT(all, all, GR_FROM_QUERY),
                GR_OBJECT(some, some, GR_FROM_QUERY));
static gr_reply keeps(gr_co co, gr_req *req, const struct keeps *in)
{
    (void)co;
    (void)in;
    return gr_json(req, json_null());
}
GR_GET("/keeps", keeps);

struct keeps_fields {
    int64_t key;
    struct all all, jar;
    struct some some;
    const char *pin;
};
static GR_INPUT(keeps_fields, GR_HEADER(key, .secret = true), GR_OBJECT(all, all, GR_FROM_HEADER),
                GR_OBJECT(some, some, GR_FROM_HEADER), GR_COOKIE(pin, GR_OPTIONAL, .secret = true),
                GR_OBJECT(jar, all, GR_FROM_COOKIE));
static gr_reply keeps_fields(gr_co co, gr_req *req, const struct keeps_fields *in)
{
    (void)co;
    (void)in;
    return gr_json(req, json_null());
}
GR_GET("/keeps/fields", keeps_fields);

static void check_untold(gr_test *test, const char *target, const char *const *fields, const char *told)
{
    gr_answer *answer = gr_test_request(test, "GET", target, fields, NULL, 0);
    ck_assert_int_eq(gr_answer_status(answer), 422);
    LACKS(gr_answer_body(answer, NULL), "777");
    HAS(gr_answer_body(answer, NULL), told);
    gr_answer_free(answer);
}

START_TEST(a_struct_or_tuple_that_is_a_secret_is_never_repeated)
{
    MAKE_APP(app, &keeps_route);
    gr_test *test = serve(app);
    check_untold(test, "/keeps?pair=777&pair=x777", NULL, "[\"query\",\"pair\",1]");
    check_untold(test, "/keeps?pair=777", NULL, "[\"query\",\"pair\",1]");
    check_untold(test, "/keeps?coins=x777&owners=x777", NULL, "[\"query\",\"coins\"]");
    check_untold(test, "/keeps?owners=777&owners=777", NULL, "too_long");
    check_untold(test, "/keeps?coins=777&any=777", NULL, "is no purse");
    check_untold(test, "/keeps?deep[coins]=x777", NULL, "[\"query\",\"deep\",\"coins\"]");
    check_untold(test, "/keeps?deep[coins]=777", NULL, "is no purse");
    check_untold(test, "/keeps?deep[other]=777&deep=777", NULL, "[\"query\",\"deep\",\"coins\"]");
    end(test, app);
}
END_TEST

START_TEST(a_secret_of_one_member_is_not_repeated_by_a_struct_that_takes_all_of_its_place)
{
    MAKE_APP(app, &keeps_route, &keeps_fields_route);
    gr_test *test = serve(app);
    check_untold(test, "/keeps?n=1&key=777", NULL, "[\"query\",\"key\"]");
    check_untold(test, "/keeps?n=1&key=777&key=777", NULL, "[\"query\",\"key\"]");
    check_untold(test, "/keeps?n=1&other=5&pair=777&coins=777&any=777&deep[coins]=777&key=777", NULL,
                 "\"other\":\"5\",\"pair\":\"**********\"");
    check_untold(test, "/keeps/fields", (const char *[]){"Key", "777", "N", "1", NULL}, "[\"header\",\"key\"]");
    check_untold(test, "/keeps/fields", (const char *[]){"Cookie", "pin=777; n=1", "N", "1", NULL},
                 "[\"header\",\"cookie\"]");
    end(test, app);
}
END_TEST

struct wants_some {
    struct some some;
};
static GR_INPUT(wants_some, GR_OBJECT(some, some, GR_FROM_QUERY));
static gr_reply wants_some(gr_co co, gr_req *req, const struct wants_some *in)
{
    (void)co;
    (void)in;
    return gr_json(req, json_null());
}
GR_GET("/some", wants_some);

START_TEST(a_whole_that_is_no_json_is_null_whatever_was_told_before)
{
    MAKE_APP(app, &wants_some_route);
    gr_test *test = serve(app);
    for (int i = 0; i < 3; i++) {
        check_get(test, "/some?n=777", 422,
                  DETAIL("{\"type\":\"missing\",\"loc\":[\"query\",\"m\"],\"msg\":\"Field required\","
                         "\"input\":{\"n\":\"777\"}}"));
        check_get(test, "/some?n=1&x=%ff", 422,
                  DETAIL("{\"type\":\"missing\",\"loc\":[\"query\",\"m\"],\"msg\":\"Field required\","
                         "\"input\":null}"));
    }
    end(test, app);
}
END_TEST

START_TEST(a_form_of_too_many_fields_is_refused)
{
    MAKE_APP(app, &login_route);
    gr_test *test = serve(app);
    char text[4096] = "";
    for (size_t i = 0; i < 1001; i++)
        memcpy(text + 2 * i, "a&", 3);
    check_post(test, "/login", form_type, text, 413, "{\"detail\":\"Content Too Large\"}");
    end(test, app);
}
END_TEST

/* --- bodies --- */

struct anything {
    json_t *value;
};
static GR_INPUT(anything, GR_JSON(value));
static gr_reply anything(gr_co co, gr_req *req, const struct anything *in)
{
    (void)co;
    return gr_json(req, json_incref(in->value));
}
GR_POST("/anything", anything);

START_TEST(a_body_can_be_any_json)
{
    MAKE_APP(app, &anything_route);
    gr_test *test = serve(app);
    check_post(test, "/anything", "application/json", "{\"a\":[1,null,{\"b\":\"c\"}]}", 200,
               "{\"a\":[1,null,{\"b\":\"c\"}]}");
    check_post(test, "/anything", "application/json", "null", 200, "null");
    check_post(
        test, "/anything", "application/json", "{\"a\":1,\"a\":2}", 422,
        "{\"detail\":[{\"type\":\"json_invalid\",\"loc\":[\"body\",7],\"msg\":\"JSON decode error\",\"input\":{},"
        "\"ctx\":{\"error\":\"Duplicate key\"}}]}");
    end(test, app);
}
END_TEST

struct hosted {
    gr_strings names;
};
static GR_INPUT(hosted, GR_LIST(names, .max_items = 3));
static gr_reply hosted(gr_req *req, const struct hosted *in)
{
    return gr_json(req, json_integer((json_int_t)in->names.len));
}
GR_POST("/hosted", hosted);

START_TEST(a_body_can_be_a_list)
{
    MAKE_APP(app, &hosted_route);
    gr_test *test = serve(app);
    check_post(test, "/hosted", "application/json", "[\"a\",\"b\"]", 200, "2");
    check_post(test, "/hosted", "application/json", "{}", 422,
               DETAIL(ERROR("list_type", "\"body\"", "Input should be a valid list", "{}")));
    end(test, app);
}
END_TEST

struct order {
    int64_t table;
    int64_t seats;
    int64_t x_code;
    int64_t visit;
    struct paging paging;
};
static GR_INPUT(order, GR_BODY(paging, paging), GR_COOKIE(visit), GR_HEADER(x_code), GR_QUERY(seats), GR_PATH(table));
static gr_reply order(gr_co co, gr_req *req, const struct order *in)
{
    (void)co;
    return gr_json(req, json_integer((json_int_t)in->paging.limit));
}
GR_POST("/order/{table}", order);

START_TEST(all_places_are_reported_together_in_fastapis_order)
{
    MAKE_APP(app, &order_route);
    gr_test *test = serve(app);
    check_post(
        test, "/order/x", "application/json", "{\"limit\":5,\"more\":true}", 422,
        DETAIL(
            ERROR("int_parsing", "\"path\",\"table\"", NO_INT, "\"x\"") "," MISSING("\"query\",\"seats\"") "," MISSING(
                "\"header\",\"x-code\"") "," MISSING("\"cookie\",\"visit\"") "," ERROR("extra_forbidden",
                                                                                       "\"body\",\"more\"",
                                                                                       "Extra inputs are not permitted",
                                                                                       "true")));
    check_post(test, "/order/x", "application/json", "{\"limit\":5,}", 422, NULL);
    end(test, app);
}
END_TEST

struct sides {
    const char *left, *right;
};
static GR_MODEL(sides, GR_FIELD(left), GR_FIELD(right));
struct twice {
    struct sides sides;
};
static GR_INPUT(twice, GR_BODY(sides, sides));
static gr_reply twice(gr_co co, gr_req *req, const struct twice *in)
{
    (void)co, (void)in;
    return gr_text(req, "?");
}
GR_POST("/twice", twice);

static gr_reply count_bytes(gr_req *req, const gr_invalid *mistakes, size_t n)
{
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += strlen(mistakes[i].input);
    return gr_with_status(gr_text(req, gr_printf(req, "%zu mistakes, %zu bytes", n, bytes)), 422);
}

/* Both that are missing repeat the body: one of them fits. */
START_TEST(an_application_gets_no_more_of_a_request_than_an_answer_may_repeat)
{
    enum { LEN = 40000 };
    static char body[LEN + 20];
    size_t n = (size_t)sprintf(body, "{\"x\":\"");
    memset(body + n, 'a', LEN);
    strcpy(body + n + LEN, "\"}");
    MAKE_APP(app, &twice_route);
    ck_assert_int_eq(gr_app_set_invalid(app, count_bytes, told_model), 0);
    gr_test *test = serve(app);
    check_post(test, "/twice", "application/json", "{\"x\":1}", 422, "2 mistakes, 14 bytes");
    check_post(test, "/twice", "application/json", body, 422, "2 mistakes, 40012 bytes");
    end(test, app);
}
END_TEST

int main(void)
{
    return run_tests("input",
                     (test_list){header_fields_are_named_with_hyphens_and_in_any_case,
                                 a_field_that_a_member_reads_is_no_extra_and_an_alias_is_the_name_on_the_wire,
                                 an_application_gets_no_more_of_a_request_than_an_answer_may_repeat,
                                 of_repeated_header_fields_the_first_counts_and_the_last_of_all_else,
                                 repeated_header_fields_make_a_list,
                                 wrong_header_fields_are_refused_by_their_names_on_the_wire,
                                 cookies_are_cut_and_unquoted,
                                 wrong_cookies_are_refused,
                                 path_parameters_are_of_any_scalar_type,
                                 repeated_parameters_make_a_list_and_the_last_single_one_counts,
                                 lists_of_the_query_are_counted_and_each_item_checked,
                                 a_struct_comes_whole_from_the_query,
                                 a_form_is_decoded,
                                 a_body_of_another_type_is_no_form,
                                 a_secret_is_never_repeated,
                                 a_secret_that_is_the_whole_body_is_never_repeated,
                                 a_list_of_secrets_is_not_repeated_where_its_length_is_wrong,
                                 a_struct_or_tuple_that_is_a_secret_is_never_repeated,
                                 a_secret_of_one_member_is_not_repeated_by_a_struct_that_takes_all_of_its_place,
                                 what_is_no_utf8_is_null_where_a_list_is_repeated,
                                 a_whole_that_is_no_json_is_null_whatever_was_told_before,
                                 a_form_of_too_many_fields_is_refused,
                                 a_body_can_be_any_json,
                                 a_body_can_be_a_list,
                                 all_places_are_reported_together_in_fastapis_order,
                                 NULL},
                     20);
}
