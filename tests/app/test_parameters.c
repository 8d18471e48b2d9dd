/* Parameters where they are read otherwise than one text each: names, blanks, any value, null; what is told of a struct
 * that comes whole; bodies without a type; and the values of an application's own answer. */
#include <griddle/invalid.h>

#include "openapi.h"

#define ERROR(kind, loc, msg, input) "{\"type\":\"" kind "\",\"loc\":[" loc "],\"msg\":\"" msg "\",\"input\":" input "}"
#define MISSING(loc, input)          ERROR("missing", loc, "Field required", input)
#define EXTRA(loc, input)            ERROR("extra_forbidden", loc, "Extra inputs are not permitted", input)
#define NO_INT(loc, input) \
    ERROR("int_parsing", loc, "Input should be a valid integer, unable to parse string as an integer", input)
#define DETAIL(errors) "{\"detail\":[" errors "]}"

static const char form_type[] = "application/x-www-form-urlencoded";

static void check_fields(gr_test *test, const char *target, const char *const *fields, int status, const char *body)
{
    gr_answer *answer = gr_test_request(test, "GET", target, fields, NULL, 0);
    check_answer(answer, status, body);
    gr_answer_free(answer);
}

/* `type` NULL: none. */
static void check_post(gr_test *test, const char *target, const char *type, const char *text, int status,
                       const char *body)
{
    const char *const fields[] = {"Content-Type", type, NULL};
    gr_answer *answer = gr_test_request(test, "POST", target, type ? fields : NULL, text, strlen(text));
    check_answer(answer, status, body);
    gr_answer_free(answer);
}

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

/* --- names of header fields --- */

struct from {
    const char *x_user_id, *exact, *plain;
};
static GR_MODEL(from, GR_FIELD(x_user_id, GR_OPTIONAL), GR_FIELD(exact, GR_OPTIONAL, .alias = "a_b"),
                GR_FIELD(plain, GR_OPTIONAL, .alias = "C-d"));
struct senders {
    struct from from;
    const char *x_user_id, *exact;
};
static GR_INPUT(senders, GR_OBJECT(from, from, GR_FROM_HEADER), GR_HEADER(x_user_id, GR_OPTIONAL),
                GR_HEADER(exact, GR_OPTIONAL, .alias = "a_b"));
static gr_reply senders(gr_co co, gr_req *req, const struct senders *in)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%s %s %s, %s %s", or_dash(in->from.x_user_id), or_dash(in->from.exact),
                                  or_dash(in->from.plain), or_dash(in->x_user_id), or_dash(in->exact)));
}
GR_GET("/senders", senders);

START_TEST(an_underscore_never_stands_for_a_hyphen_on_the_wire)
{
    MAKE_APP(app, &senders_route);
    gr_test *test = serve(app);
    check_fields(test, "/senders", (const char *[]){"X-User-Id", "1", "A_B", "2", "c-D", "3", NULL}, 200, "1 2 3, 1 2");
    check_fields(test, "/senders", (const char *[]){"x_user_id", "1", "a-b", "2", "C_d", "3", NULL}, 200, "- - -, - -");
    check_fields(test, "/senders", (const char *[]){"x_user-id", "1", "x-user_id", "2", NULL}, 200, "- - -, - -");
    end(test, app);
}
END_TEST

/* --- what a struct got --- */

enum size { SMALL, LARGE };
static GR_VALUES(size, {SMALL, "small"}, {LARGE, "large"});
struct wanted {
    int64_t x_first;
    bool hot;
    double ratio;
    const char *name;
    enum size size;
    gr_strings tags;
    int64_t *none;
};
static GR_MODEL(wanted, GR_FIELD(x_first), GR_FIELD(hot, GR_DEFAULT(true)), GR_FIELD(ratio, GR_DEFAULT(0.5)),
                GR_FIELD(name, GR_DEFAULT("a\"b"), .alias = "the-name"), GR_ENUM(size, size, GR_DEFAULT(LARGE)),
                GR_LIST(tags, GR_NULLABLE), GR_FIELD(none, GR_OPTIONAL));
#define TAKES_WANTED(id, verb, where, from) \
    struct id { \
        struct wanted wanted; \
    }; \
    static GR_INPUT(id, GR_OBJECT(wanted, wanted, from)); \
    static gr_reply id(gr_co co, gr_req *req, const struct id *in) \
    { \
        (void)co, (void)in; \
        return gr_text(req, "read"); \
    } \
    GR_##verb(where, id)
TAKES_WANTED(in_query, GET, "/query", GR_FROM_QUERY);
TAKES_WANTED(in_head, GET, "/head", GR_FROM_HEADER);
TAKES_WANTED(in_cookie, GET, "/cookie", GR_FROM_COOKIE);
TAKES_WANTED(in_form, POST, "/form", GR_FROM_FORM);

#define DEFAULTS          "\"hot\":true,\"ratio\":0.5,\"the-name\":\"a\\\"b\",\"size\":\"large\""
#define LIST_GIVEN(input) DETAIL(MISSING("\"query\",\"x_first\"", input))

START_TEST(a_struct_that_lacks_a_member_is_repeated_with_its_defaults)
{
    MAKE_APP(app, &in_query_route, &in_form_route);
    gr_test *test = serve(app);
    check_get(test, "/query?tags=a", 422, LIST_GIVEN("{" DEFAULTS ",\"tags\":[\"a\"]}"));
    check_get(
        test, "/query?tags=a&size=small&hot=1&ratio=2&the-name=n&none=3", 422,
        LIST_GIVEN("{\"hot\":\"1\",\"ratio\":\"2\",\"the-name\":\"n\",\"size\":\"small\",\"tags\":[\"a\"],\"none\":"
                   "\"3\"}"));
    check_post(test, "/form", form_type, "tags=&hot=&none=&z=", 422,
               DETAIL(MISSING("\"body\",\"x_first\"", "{" DEFAULTS ",\"tags\":[\"\"],\"z\":\"\"}")));
    check_post(test, "/form", form_type, "x_first=&tags=a", 422,
               DETAIL(MISSING("\"body\",\"x_first\"", "{" DEFAULTS ",\"tags\":[\"a\"]}")));
    end(test, app);
}
END_TEST

START_TEST(what_came_more_than_once_is_repeated_as_a_list_behind_the_members)
{
    MAKE_APP(app, &in_query_route, &in_cookie_route);
    gr_test *test = serve(app);
    check_get(
        test, "/query?z=1&hot=0&Z=2&z=3&hot=1&tags=a&tags=b", 422,
        LIST_GIVEN("{\"hot\":\"1\",\"ratio\":0.5,\"the-name\":\"a\\\"b\",\"size\":\"large\",\"tags\":[\"a\",\"b\"],"
                   "\"z\":[\"1\",\"3\"],\"Z\":\"2\"}"));
    check_get(test, "/query?z=1&b=1&c=1&d=1&e=1&f=1&g=1&b=2&tags=a&z=2&z=3", 422,
              LIST_GIVEN("{" DEFAULTS
                         ",\"tags\":[\"a\"],\"z\":[\"1\",\"2\",\"3\"],\"b\":[\"1\",\"2\"],\"c\":\"1\",\"d\":"
                         "\"1\",\"e\":\"1\",\"f\":\"1\",\"g\":\"1\"}"));
    check_fields(test, "/cookie", (const char *[]){"Cookie", "z=1; tags=a; z=2; tags=b", NULL}, 422,
                 DETAIL(MISSING("\"cookie\",\"x_first\"", "{" DEFAULTS ",\"tags\":[\"a\",\"b\"],\"z\":\"2\"}")));
    end(test, app);
}
END_TEST

START_TEST(header_fields_are_repeated_in_lower_case_and_members_by_their_own_names)
{
    MAKE_APP(app, &in_head_route);
    gr_test *test = serve(app);
    check_fields(test, "/head", (const char *[]){"HOST", "h", "Tags", "a", "X-Other", "1", "x-other", "2", NULL}, 422,
                 DETAIL(MISSING("\"header\",\"x_first\"", "{" DEFAULTS ",\"tags\":[\"a\"],\"host\":\"h\",\"x-other\":"
                                                          "[\"1\",\"2\"]}")));
    check_fields(test, "/head", (const char *[]){"Host", "h", "X-First", "x", "Tags", "a", NULL}, 422,
                 DETAIL(NO_INT("\"header\",\"x_first\"", "\"x\"")));
    end(test, app);
}
END_TEST

/* Two structs of one query: each is repeated with its own defaults. */
struct one_half {
    int64_t a, b;
};
static GR_MODEL(one_half, GR_FIELD(a), GR_FIELD(b, GR_DEFAULT(1)));
struct other_half {
    int64_t c, d;
};
static GR_MODEL(other_half, GR_FIELD(c), GR_FIELD(d, GR_DEFAULT(2)));
struct halves {
    struct one_half one;
    struct other_half other;
};
static GR_INPUT(halves, GR_OBJECT(one, one_half, GR_FROM_QUERY), GR_OBJECT(other, other_half, GR_FROM_QUERY));
static gr_reply halves(gr_co co, gr_req *req, const struct halves *in)
{
    (void)co, (void)in;
    return gr_text(req, "read");
}
GR_GET("/halves", halves);

START_TEST(each_struct_is_repeated_with_its_own_defaults)
{
    MAKE_APP(app, &halves_route);
    gr_test *test = serve(app);
    check_get(test, "/halves?z=0", 422,
              DETAIL(MISSING("\"query\",\"a\"", "{\"b\":1,\"z\":\"0\"}") "," MISSING("\"query\",\"c\"",
                                                                                     "{\"d\":2,\"z\":\"0\"}")));
    end(test, app);
}
END_TEST

struct pair {
    int64_t limit;
};
static GR_MODEL(pair, GR_SELF(.extra = GR_EXTRA_FORBIDDEN), GR_FIELD(limit));
struct strict {
    struct pair pair;
};
static GR_INPUT(strict, GR_OBJECT(pair, pair, GR_FROM_QUERY));
static gr_reply strict(gr_co co, gr_req *req, const struct strict *in)
{
    (void)co, (void)in;
    return gr_text(req, "read");
}
GR_GET("/strict", strict);

START_TEST(what_is_too_much_is_told_once_a_name)
{
    MAKE_APP(app, &strict_route);
    gr_test *test = serve(app);
    check_get(test, "/strict?limit=1&b=1&a=2&b=3", 422,
              DETAIL(EXTRA("\"query\",\"b\"", "[\"1\",\"3\"]") "," EXTRA("\"query\",\"a\"", "\"2\"")));
    check_get(test, "/strict?limit=1&a%00b=1&a%ff=2", 422, NULL);
    end(test, app);
}
END_TEST

/* --- forms --- */

struct entry {
    const char *name;
    int64_t *age;
    int64_t n;
    const char *note;
    gr_strings tags;
};
static GR_INPUT(entry, GR_FORM(name), GR_FORM(age, GR_OPTIONAL), GR_FORM(n, GR_DEFAULT(7)),
                GR_FORM(note, GR_OPTIONAL), GR_LIST(tags, GR_FROM_FORM, GR_OPTIONAL));
static gr_reply entry(gr_co co, gr_req *req, const struct entry *in)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%s %lld %lld %s %zu", in->name, in->age ? (long long)*in->age : -1,
                                  (long long)in->n, or_dash(in->note), in->tags.len));
}
GR_POST("/entry", entry);

START_TEST(an_empty_value_of_a_form_is_absent)
{
    MAKE_APP(app, &entry_route);
    gr_test *test = serve(app);
    check_post(test, "/entry", form_type, "name=x&age=&n=&note=&tags=&tags=", 200, "x -1 7 - 2");
    check_post(test, "/entry", form_type, "name=x&n=1&n=&age=2&note=+", 200, "x 2 7   0");
    check_post(test, "/entry", form_type, "name=&age=x", 422,
               DETAIL(MISSING("\"body\",\"name\"", "null") "," NO_INT("\"body\",\"age\"", "\"x\"")));
    end(test, app);
}
END_TEST

START_TEST(multipart_is_refused_as_what_it_is)
{
    MAKE_APP(app, &entry_route, &in_form_route);
    gr_test *test = serve(app);
    const char *part = "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nx\r\n--b--\r\n";
    const char *text = "{\"detail\":\"multipart/form-data is not read: send application/x-www-form-urlencoded\"}";
    check_post(test, "/entry", "multipart/form-data; boundary=b", part, 415, text);
    check_post(test, "/form", "Multipart/Form-Data;boundary=b", part, 415, text);
    check_post(test, "/entry", "multipart/form-data", "", 415, text);
    end(test, app);
}
END_TEST

/* --- any value --- */

struct untyped {
    json_t *id, *q, *token;
    GR_LIST_OF(json_t *) all;
    json_t *session, *value;
};
static GR_INPUT(untyped, GR_PATH(id), GR_QUERY(q, GR_OPTIONAL), GR_HEADER(token, GR_OPTIONAL),
                GR_LIST(all, GR_FROM_QUERY, GR_OPTIONAL), GR_COOKIE(session, GR_OPTIONAL), GR_JSON(value, GR_OPTIONAL));
static json_t *or_null(json_t *value)
{
    return value ? json_incref(value) : json_null();
}
static gr_reply untyped(gr_co co, gr_req *req, const struct untyped *in)
{
    (void)co;
    json_t *all = json_array();
    for (size_t i = 0; i < in->all.len; i++)
        json_array_append(all, in->all.at[i]);
    return gr_json(req, json_pack("[o,o,o,o,o,o]", or_null(in->id), or_null(in->q), or_null(in->token), all,
                                  or_null(in->session), or_null(in->value)));
}
GR_POST("/untyped/{id}", untyped);

START_TEST(a_parameter_of_any_type_is_a_string)
{
    MAKE_APP(app, &untyped_route);
    gr_test *test = serve(app);
    const char *const fields[] = {"Token", "[1]", "Cookie", "session=null", "Content-Type", "application/json", NULL};
    gr_answer *answer = gr_test_request(test, "POST", "/untyped/1?q=a%00b&all=1&all=x&all=", fields, "{\"a\":[2]}", 9);
    check_answer(answer, 200, "[\"1\",\"a\\u0000b\",\"[1]\",[\"1\",\"x\",\"\"],\"null\",{\"a\":[2]}]");
    gr_answer_free(answer);
    check_post(test, "/untyped/1", NULL, "", 200, "[\"1\",null,null,[],null,null]");
    check_post(test, "/untyped/1?q=%ff&all=%fe", NULL, "", 422, NULL);
    end(test, app);
}
END_TEST

static const char *be_short(const void *value)
{
    json_t *const *any = value;
    return json_string_length(*any) > 2 ? "is too long" : NULL;
}

struct checked {
    json_t *q;
    GR_LIST_OF(json_t *) all;
};
static GR_INPUT(checked, GR_QUERY(q, .validate = be_short, .secret = true),
                GR_LIST(all, GR_FROM_QUERY, GR_OPTIONAL, .validate = be_short));
static gr_reply checked(gr_co co, gr_req *req, const struct checked *in)
{
    (void)co;
    return gr_json(req, json_incref(in->q));
}
GR_GET("/checked", checked);

START_TEST(a_parameter_of_any_type_is_given_to_its_own_check)
{
    MAKE_APP(app, &checked_route);
    gr_test *test = serve(app);
    check_get(test, "/checked?q=ab&all=a&all=bc", 200, "\"ab\"");
    check_get(
        test, "/checked?q=abc&all=a&all=bcd", 422,
        "{\"detail\":[{\"type\":\"value_error\",\"loc\":[\"query\",\"q\"],\"msg\":\"Value error, is too long\","
        "\"input\":\"**********\",\"ctx\":{\"error\":{}}},{\"type\":\"value_error\",\"loc\":[\"query\",\"all\",1],"
        "\"msg\":\"Value error, is too long\",\"input\":\"bcd\",\"ctx\":{\"error\":{}}}]}");
    end(test, app);
}
END_TEST

START_TEST(a_parameter_of_any_type_is_documented_as_one)
{
    DOCUMENT_OF(&untyped_route);
    want("/paths/~1untyped~1{id}/post/parameters/0",
         "{\"name\":\"id\",\"in\":\"path\",\"required\":true,\"schema\":{\"title\":\"Id\"}}");
    want("/paths/~1untyped~1{id}/post/parameters/2/schema/title", "\"All\"");
    forget();
}
END_TEST

/* --- lists without repeats --- */

struct different {
    gr_ints id;
    gr_strings tag;
    GR_LIST_OF(gr_bytes) raw;
};
static GR_INPUT(different, GR_LIST(id, GR_FROM_QUERY, GR_OPTIONAL, .unique = true),
                GR_LIST(tag, GR_FROM_QUERY, GR_OPTIONAL, .unique = true, .style = GR_STYLE_FORM),
                GR_LIST(raw, GR_FROM_QUERY, GR_OPTIONAL, .unique = true, .secret = true));
static gr_reply different(gr_co co, gr_req *req, const struct different *in)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%zu %zu %zu", in->id.len, in->tag.len, in->raw.len));
}
GR_GET("/different", different);

START_TEST(a_list_of_different_items_has_none_twice_in_a_query_too)
{
#define TWICE(name, input) \
    "{\"type\":\"value_error\",\"loc\":[\"query\",\"" name "\"],\"msg\":\"Value error, items should be unique\"," \
    "\"input\":" input ",\"ctx\":{\"error\":{}}}"
    MAKE_APP(app, &different_route);
    gr_test *test = serve(app);
    check_get(test, "/different?id=1&id=2&tag=a,b,ab&raw=a&raw=b", 200, "2 3 2");
    check_get(
        test, "/different?id=1&id=2&id=+1&tag=a,b,a&raw=a&raw=a", 422,
        DETAIL(TWICE("id", "[\"1\",\"2\",\" 1\"]") "," TWICE("tag", "[\"a\",\"b\",\"a\"]") "," TWICE("raw", "null")));
    check_get(test, "/different?id=1&id=x&id=1", 422, DETAIL(NO_INT("\"query\",\"id\",1", "\"x\"")));
    end(test, app);
}
END_TEST

/* --- null --- */

struct nullable {
    int64_t *id, *visit, *limit;
    enum size *size;
};
static GR_INPUT(nullable, GR_PATH(id, GR_NULLABLE, GR_GE(2)), GR_COOKIE(visit, GR_NULLABLE),
                GR_COOKIE(limit, GR_NULLABLE, GR_DEFAULT(5)), GR_ENUM(size, size, GR_FROM_PATH, GR_NULLABLE));
static gr_reply nullable(gr_co co, gr_req *req, const struct nullable *in)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%lld %lld %lld %d", (long long)*in->id, (long long)*in->visit,
                                  (long long)*in->limit, *in->size));
}
GR_GET("/nullable/{id}/{size}", nullable);

START_TEST(parameters_of_the_path_and_cookies_may_be_nullable)
{
    MAKE_APP(app, &nullable_route);
    gr_test *test = serve(app);
    check_fields(test, "/nullable/3/large", (const char *[]){"Cookie", "visit=4", NULL}, 200, "3 4 5 1");
    check_fields(test, "/nullable/3/large", (const char *[]){"Cookie", "visit=4; limit=6", NULL}, 200, "3 4 6 1");
    check_fields(test, "/nullable/null/large", (const char *[]){"Cookie", "limit=", NULL}, 422,
                 DETAIL(NO_INT("\"path\",\"id\"", "\"null\"") "," MISSING("\"cookie\",\"visit\"", "null") "," NO_INT(
                     "\"cookie\",\"limit\"", "\"\"")));
    end(test, app);
}
END_TEST

START_TEST(nullable_parameters_are_documented_as_such)
{
    DOCUMENT_OF(&nullable_route);
    want("/paths/~1nullable~1{id}~1{size}/get/parameters/0",
         "{\"name\":\"id\",\"in\":\"path\",\"required\":true,\"schema\":{\"anyOf\":[{\"type\":\"integer\",\"minimum\":"
         "2},"
         "{\"type\":\"null\"}],\"title\":\"Id\"}}");
    want("/paths/~1nullable~1{id}~1{size}/get/parameters/2",
         "{\"name\":\"visit\",\"in\":\"cookie\",\"required\":true,\"schema\":{\"anyOf\":[{\"type\":\"integer\"},"
         "{\"type\":\"null\"}],\"title\":\"Visit\"}}");
    want("/paths/~1nullable~1{id}~1{size}/get/parameters/3",
         "{\"name\":\"limit\",\"in\":\"cookie\",\"required\":false,\"schema\":{\"anyOf\":[{\"type\":\"integer\"},"
         "{\"type\":\"null\"}],\"title\":\"Limit\",\"default\":5}}");
    forget();
}
END_TEST

/* --- the path alone --- */

GR_GET("/bare/{v}/{n:int}/{r:float}-{u:uuid}/{rest:path}", say_name);
struct part {
    int64_t id;
};
static GR_INPUT(part, GR_PATH(id, .hidden = true));
static gr_reply part(gr_req *req, const struct part *in)
{
    (void)in;
    return gr_text(req, "");
}
GR_GET("/part/{id}", part);

START_TEST(a_path_that_nobody_reads_is_documented_by_its_converters)
{
#define PARAMETER(name, schema) "{\"name\":\"" name "\",\"in\":\"path\",\"required\":true,\"schema\":{" schema "}}"
    DOCUMENT_OF(&say_name_route, &part_route);
    want("/paths/~1bare~1{v}~1{n}~1{r}-{u}~1{rest}/get/parameters",
         "[" PARAMETER("v", "\"type\":\"string\",\"title\":\"V\"") "," PARAMETER(
             "n",
             "\"type\":\"integer\",\"title\":"
             "\"N\"") "," PARAMETER("r",
                                    "\"typ"
                                    "e\":"
                                    "\"num"
                                    "ber\""
                                    ",\"ti"
                                    "tle\""
                                    ":\"R"
                                    "\"") "," PARAMETER("u",
                                                        "\"type\":"
                                                        "\"string"
                                                        "\","
                                                        "\"format\":\"uuid\",\"title\":\"U\"") "," PARAMETER("rest",
                                                                                                             "\"type\":"
                                                                                                             "\"string"
                                                                                                             "\","
                                                                                                             "\"title\""
                                                                                                             ":\"Rest"
                                                                                                             "\"") "]");
    want_nothing("/paths/~1bare~1{v}~1{n}~1{r}-{u}~1{rest}/get/responses/422");
    want_nothing("/paths/~1part~1{id}/get/parameters");
    forget();
}
END_TEST

/* --- bodies --- */

struct whole {
    json_t *value;
};
static GR_INPUT(whole, GR_JSON(value));
static gr_reply whole(gr_co co, gr_req *req, const struct whole *in)
{
    (void)co;
    return gr_json(req, json_incref(in->value));
}
GR_POST("/whole", whole);
GR_ROUTE_AS(lax, "POST", "/lax", whole, .lax_content_type = true);

struct maybe {
    json_t *value;
};
static GR_INPUT(maybe, GR_JSON(value, GR_OPTIONAL));
static gr_reply maybe(gr_co co, gr_req *req, const struct maybe *in)
{
    (void)co;
    return gr_text(req, in->value ? "given" : "absent");
}
GR_POST("/maybe", maybe);

struct counted {
    int64_t *n;
};
static GR_INPUT(counted, GR_FIELD(n, GR_NULLABLE, GR_FROM_BODY));
static gr_reply counted(gr_co co, gr_req *req, const struct counted *in)
{
    (void)co;
    return gr_text(req, in->n ? "given" : "null");
}
GR_POST("/counted", counted);

START_TEST(a_body_that_has_to_be_there_is_missing_where_it_is_empty)
{
    MAKE_APP(app, &whole_route, &maybe_route, &counted_route);
    gr_test *test = serve(app);
    check_post(test, "/whole", "application/json", "", 422, DETAIL(MISSING("\"body\"", "null")));
    check_post(test, "/whole", NULL, "", 422, DETAIL(MISSING("\"body\"", "null")));
    check_post(test, "/whole", "application/json", "[1]", 200, "[1]");
    check_post(test, "/maybe", "application/json", "", 200, "absent");
    check_post(test, "/counted", "application/json", "", 422, DETAIL(MISSING("\"body\"", "null")));
    check_post(test, "/counted", "application/json", "null", 200, "null");
    end(test, app);
}
END_TEST

static void check_types(bool strict, int without, int lax)
{
    MAKE_APP(app, &whole_route, &lax_route);
    ck_assert_int_eq(gr_app_set_strict_content_type(app, strict), 0);
    gr_test *test = serve(app);
    check_post(test, "/whole", NULL, "{\"a\":1}", without, without == 200 ? "{\"a\":1}" : NULL);
    check_post(test, "/whole", "", "{\"a\":1}", without, NULL);
    check_post(test, "/lax", NULL, "{\"a\":1}", lax, "{\"a\":1}");
    check_post(test, "/whole", "text/plain", "{\"a\":1}", 422, NULL);
    check_post(test, "/lax", "text/plain", "{\"a\":1}", 422, NULL);
    check_post(test, "/lax", NULL, "{\"a\":", 422, NULL);
    end(test, app);
}

START_TEST(a_body_without_a_type_is_json_where_that_is_allowed)
{
    ck_assert_int_eq(gr_app_set_strict_content_type(NULL, false), GR_ENOMEM);
    check_types(true, 422, 200);
    check_types(false, 200, 200);
}
END_TEST

/* --- an answer of one's own --- */

struct problem {
    const char *title;
};
static GR_MODEL(problem, GR_FIELD(title));

static gr_reply answer_with_values(gr_req *req, const gr_invalid *mistakes, size_t n)
{
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++) {
        ck_assert_ptr_nonnull(mistakes[i].loc_json);
        ck_assert_int_eq(mistakes[i].ctx != NULL, mistakes[i].ctx_json != NULL);
        json_array_append_new(
            all, json_pack("[O,O,O*]", mistakes[i].loc_json, mistakes[i].input_json, mistakes[i].ctx_json));
    }
    return gr_with_status(gr_json(req, all), 400);
}

struct item {
    int64_t n;
    double limit;
    gr_strings tags;
};
static GR_MODEL(item, GR_FIELD(n, GR_LE(5)), GR_FIELD(limit), GR_LIST(tags));
struct create {
    struct item item;
    int64_t q;
};
static GR_INPUT(create, GR_BODY(item, item), GR_QUERY(q));
static gr_reply create(gr_co co, gr_req *req, const struct create *in)
{
    (void)co, (void)in;
    return gr_text(req, "read");
}
GR_POST("/create", create);

START_TEST(an_application_gets_where_what_and_why_as_values)
{
    MAKE_APP(app, &create_route);
    ck_assert_int_eq(gr_app_set_invalid(app, answer_with_values, problem_model), 0);
    gr_test *test = serve(app);
    check_post(
        test, "/create?q=a%00b", "application/json", "{\"n\":7,\"limit\":{\"a\":[1,2.5]},\"tags\":[\"a\",3]}", 400,
        "[[[\"query\",\"q\"],\"a\\u0000b\"],[[\"body\",\"n\"],7,{\"le\":5}],[[\"body\",\"limit\"],{\"a\":[1,2.5]}],"
        "[[\"body\",\"tags\",1],3]]");
    check_post(test, "/create?q=1", "application/json", "{\"n\":99999999999999999999999,\"limit\":1}", 400,
               "[[[\"body\",\"n\"],\"99999999999999999999999\",{\"le\":5}],[[\"body\",\"tags\"],"
               "\"{\\\"n\\\":99999999999999999999999,\\\"limit\\\":1}\"]]");
    check_post(test, "/create", "application/json", "[1,", 400, NULL);
    end(test, app);
}
END_TEST

/* A body of that size is read on the pool, and so the answer is made there. */
START_TEST(values_of_a_large_body_are_made_and_freed_on_its_thread)
{
    enum { LEN = 70000 };
    static char body[LEN + 40];
    size_t n = (size_t)sprintf(body, "{\"n\":7,\"limit\":1,\"tags\":[\"");
    memset(body + n, 'a', LEN);
    strcpy(body + n + LEN, "\",3]}");
    MAKE_APP(app, &create_route);
    ck_assert_int_eq(gr_app_set_invalid(app, answer_with_values, problem_model), 0);
    gr_test *test = serve(app);
    check_post(test, "/create?q=1", "application/json", body, 400,
               "[[[\"body\",\"n\"],7,{\"le\":5}],[[\"body\",\"tags\",1],3]]");
    end(test, app);
}
END_TEST

/* What a program knows that was compiled when a mistake had no values. */
struct older_invalid {
    const char *type, *loc, *msg, *input, *ctx;
};

static gr_reply answer_as_older(gr_req *req, const gr_invalid *mistakes, size_t n)
{
    const struct older_invalid *older = (const void *)mistakes;
    ck_assert_uint_eq(n, 3);
    return gr_text(req, gr_printf(req, "%s %s %s", older[0].loc, older[1].loc, older[2].type));
}

START_TEST(an_older_program_finds_each_mistake_where_it_looks_for_it)
{
    MAKE_APP(app, &create_route);
    ck_assert_int_eq(gr_app_set_invalid_sized(app, answer_as_older, problem_model, sizeof(struct older_invalid)), 0);
    gr_test *test = serve(app);
    check_post(test, "/create", "application/json", "{\"n\":7,\"limit\":1}", 200,
               "[\"query\",\"q\"] [\"body\",\"n\"] missing");
    end(test, app);
}
END_TEST

START_TEST(a_mistake_of_no_size_that_it_can_have_is_refused)
{
    MAKE_APP(app, &create_route);
    static const size_t sizes[] = {0, sizeof(struct older_invalid) - 1, sizeof(gr_invalid) + 1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        ck_assert_int_eq(gr_app_set_invalid_sized(app, answer_as_older, problem_model, sizes[i]), GR_EINVAL);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    return run_tests("parameters",
                     (test_list){an_underscore_never_stands_for_a_hyphen_on_the_wire,
                                 a_struct_that_lacks_a_member_is_repeated_with_its_defaults,
                                 what_came_more_than_once_is_repeated_as_a_list_behind_the_members,
                                 header_fields_are_repeated_in_lower_case_and_members_by_their_own_names,
                                 each_struct_is_repeated_with_its_own_defaults,
                                 what_is_too_much_is_told_once_a_name,
                                 an_empty_value_of_a_form_is_absent,
                                 multipart_is_refused_as_what_it_is,
                                 a_parameter_of_any_type_is_a_string,
                                 a_parameter_of_any_type_is_given_to_its_own_check,
                                 a_parameter_of_any_type_is_documented_as_one,
                                 a_list_of_different_items_has_none_twice_in_a_query_too,
                                 parameters_of_the_path_and_cookies_may_be_nullable,
                                 nullable_parameters_are_documented_as_such,
                                 a_path_that_nobody_reads_is_documented_by_its_converters,
                                 a_body_that_has_to_be_there_is_missing_where_it_is_empty,
                                 a_body_without_a_type_is_json_where_that_is_allowed,
                                 an_application_gets_where_what_and_why_as_values,
                                 values_of_a_large_body_are_made_and_freed_on_its_thread,
                                 an_older_program_finds_each_mistake_where_it_looks_for_it,
                                 a_mistake_of_no_size_that_it_can_have_is_refused,
                                 NULL},
                     20);
}
