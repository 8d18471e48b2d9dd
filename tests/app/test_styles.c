/* Lists in one text and objects side by side: the styles of OpenAPI 3.1, read, refused and documented. */
#include "openapi.h"

#define INT_PARSING(loc, input) \
    "{\"type\":\"int_parsing\",\"loc\":[" loc \
    "],\"msg\":\"Input should be a valid integer, unable to parse string as " \
    "an integer\",\"input\":" input "}"
#define DETAIL(errors) "{\"detail\":[" errors "]}"

static void check_fields(gr_test *test, const char *target, const char *const *fields, int status, const char *body)
{
    gr_answer *answer = gr_test_request(test, "GET", target, fields, NULL, 0);
    check_answer(answer, status, body);
    gr_answer_free(answer);
}

/* --- lists --- */

/* "[1,2]", or null where there is none. */
static char *show_ints(gr_req *req, gr_ints list)
{
    char *text = gr_printf(req, "%s", list.at ? "[" : "null");
    for (size_t i = 0; i < list.len; i++)
        text = gr_printf(req, "%s%s%lld", text, i ? "," : "", (long long)list.at[i]);
    return gr_printf(req, "%s%s", text, list.at ? "]" : "");
}

/* Each item in brackets, since it may hold what delimits others. */
static char *show_texts(gr_req *req, gr_strings list)
{
    char *text = gr_printf(req, "%zu", list.len);
    for (size_t i = 0; i < list.len; i++)
        text = gr_printf(req, "%s <%s>", text, list.at[i]);
    return text;
}

struct lists {
    gr_ints comma, space, pipe;
};
static GR_INPUT(lists, GR_LIST(comma, GR_FROM_QUERY, GR_OPTIONAL, .style = GR_STYLE_FORM, .max_items = 3),
                GR_LIST(space, GR_FROM_QUERY, GR_OPTIONAL, .style = GR_STYLE_SPACE_DELIMITED),
                GR_LIST(pipe, GR_FROM_QUERY, GR_OPTIONAL, .style = GR_STYLE_PIPE_DELIMITED));
static gr_reply lists(gr_co co, gr_req *req, const struct lists *in)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%s %s %s", show_ints(req, in->comma), show_ints(req, in->space),
                                  show_ints(req, in->pipe)));
}
GR_GET("/lists", lists);

START_TEST(a_list_of_the_query_is_cut_at_its_delimiter)
{
    MAKE_APP(app, &lists_route);
    gr_test *test = serve(app);
    check_get(test, "/lists?comma=1,2,3&space=4%205&pipe=6|7", 200, "[1,2,3] [4,5] [6,7]");
    check_get(test, "/lists?comma=1%2C2&space=4+5&pipe=6%7C7", 200, "[1,2] [4,5] [6,7]");
    check_get(test, "/lists?comma=1&space=4&pipe=6", 200, "[1] [4] [6]");
    check_get(test, "/lists?comma=1,2&pipe=6&comma=3&pipe=7|8", 200, "[1,2,3] null [6,7,8]");
    check_get(test, "/lists", 200, "null null null");
    end(test, app);
}
END_TEST

START_TEST(a_text_without_anything_in_it_is_a_list_without_items)
{
    MAKE_APP(app, &lists_route);
    gr_test *test = serve(app);
    check_get(test, "/lists?comma=&space&pipe=", 200, "[] [] []");
    end(test, app);
}
END_TEST

START_TEST(each_item_of_a_cut_list_is_checked_and_the_list_counted)
{
    MAKE_APP(app, &lists_route);
    gr_test *test = serve(app);
    check_get(test, "/lists?comma=1,x,&pipe=y", 422,
              DETAIL(INT_PARSING("\"query\",\"comma\",1", "\"x\"") "," INT_PARSING(
                  "\"query\",\"comma\",2", "\"\"") "," INT_PARSING("\"query\",\"pipe\",0", "\"y\"")));
    check_get(test, "/lists?comma=1,2&comma=3,4", 422,
              DETAIL("{\"type\":\"too_long\",\"loc\":[\"query\",\"comma\"],\"msg\":\"List should have at most 3 items "
                     "after validation, not 4\",\"input\":[\"1\",\"2\",\"3\",\"4\"],\"ctx\":{\"field_type\":\"List\","
                     "\"max_length\":3,\"actual_length\":4}}"));
    end(test, app);
}
END_TEST

struct texts {
    gr_strings tag;
};
static GR_INPUT(texts, GR_LIST(tag, GR_FROM_QUERY, .style = GR_STYLE_FORM));
static gr_reply texts(gr_co co, gr_req *req, const struct texts *in)
{
    (void)co;
    return gr_text(req, show_texts(req, in->tag));
}
GR_GET("/texts", texts);

START_TEST(a_delimiter_that_belongs_to_an_item_is_encoded_beside_one_that_does_not)
{
    MAKE_APP(app, &texts_route);
    gr_test *test = serve(app);
    check_get(test, "/texts?tag=a%2Cb,c+d,%26", 200, "3 <a,b> <c d> <&>");
    check_get(test, "/texts?tag=a%2Cb", 200, "2 <a> <b>");
    check_get(test, "/texts?%74ag=a%zz,b&tag=c", 200, "3 <a%zz> <b> <c>");
    check_get(test, "/texts?tag=,", 200, "2 <> <>");
    end(test, app);
}
END_TEST

struct fields {
    gr_ints x_ids, ids;
    gr_strings names;
};
static GR_INPUT(fields, GR_LIST(x_ids, GR_FROM_HEADER, GR_OPTIONAL, .style = GR_STYLE_SIMPLE),
                GR_LIST(ids, GR_FROM_COOKIE, GR_OPTIONAL, .style = GR_STYLE_FORM),
                GR_LIST(names, GR_FROM_PATH, .style = GR_STYLE_SIMPLE, .min_items = 2));
static gr_reply fields(gr_co co, gr_req *req, const struct fields *in)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%s %s %s", show_texts(req, in->names), show_ints(req, in->x_ids),
                                  show_ints(req, in->ids)));
}
GR_GET("/fields/{names}", fields);

START_TEST(lists_of_the_path_of_header_fields_and_of_cookies_are_cut_at_commas)
{
    MAKE_APP(app, &fields_route);
    gr_test *test = serve(app);
    check_fields(test, "/fields/a,b%20c",
                 (const char *[]){"X-Ids", "1, 2 ,,3", "Cookie", "ids=4,5", "x-ids", "6", NULL}, 200,
                 "2 <a> <b c> [1,2,3,6] [4,5]");
    check_fields(test, "/fields/a,b", (const char *[]){"X-Ids", "", "Cookie", "ids=\"7\"", NULL}, 200,
                 "2 <a> <b> [] [7]");
    check_fields(test, "/fields/a,b", (const char *[]){"Cookie", "ids=", NULL}, 200, "2 <a> <b> null null");
    check_fields(
        test, "/fields/a", (const char *[]){"X-Ids", "1,x", NULL}, 422,
        DETAIL("{\"type\":\"too_short\",\"loc\":[\"path\",\"names\"],\"msg\":\"List should have at least 2 items "
               "after validation, not 1\",\"input\":[\"a\"],\"ctx\":{\"field_type\":\"List\",\"min_length\":2,"
               "\"actual_length\":1}}," INT_PARSING("\"header\",\"x-ids\",1", "\"x\"")));
    end(test, app);
}
END_TEST

/* --- objects --- */

enum order { UP, DOWN };
static GR_VALUES(order, {UP, "up"}, {DOWN, "down"});
struct where {
    const char *name;
    int64_t *age;
    enum order order;
    gr_strings tags;
    gr_set set;
};
static GR_MODEL(where, GR_SELF(.extra = GR_EXTRA_FORBIDDEN), GR_FIELD(name), GR_FIELD(age, GR_OPTIONAL),
                GR_ENUM(order, order, GR_DEFAULT(DOWN)), GR_LIST(tags, GR_OPTIONAL), GR_SET(set));
struct people {
    struct where where;
    int64_t page;
};
static GR_INPUT(people, GR_OBJECT(where, where, GR_FROM_QUERY, .style = GR_STYLE_DEEP_OBJECT, .alias = "filter"),
                GR_QUERY(page, GR_DEFAULT(1)));
static gr_reply people(gr_co co, gr_req *req, const struct people *in)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%s %lld %d %s %d page %lld", in->where.name,
                                  in->where.age ? (long long)*in->where.age : -1, in->where.order,
                                  show_texts(req, in->where.tags), GR_IS_SET(&in->where, order), (long long)in->page));
}
GR_GET("/people", people);

START_TEST(a_deep_object_is_a_struct_whose_members_stand_side_by_side)
{
    MAKE_APP(app, &people_route);
    gr_test *test = serve(app);
    check_get(test, "/people?filter[name]=x&filter[age]=3&page=2", 200, "x 3 1 0 0 page 2");
    check_get(test, "/people?filter%5Btags%5D=a&filter[name]=x&name=no&filter[order]=up&filter[tags]=b", 200,
              "x -1 0 2 <a> <b> 1 page 1");
    check_get(test,
              "/people?filter[name]=x&a=1&b=1&c=1&d=1&e=1&filter[tags]=1&filter[tags]=2&filter[tags]=3&filter[age]=4"
              "&filter[name]=last",
              200, "last 4 1 3 <1> <2> <3> 0 page 1");
    end(test, app);
}
END_TEST

START_TEST(mistakes_of_a_deep_object_lie_under_its_name)
{
    MAKE_APP(app, &people_route);
    gr_test *test = serve(app);
    check_get(test, "/people?filter[age]=x&page=y&filter[b][c]=1&filters[d]=1&filter=2&filter[]=3", 422,
              DETAIL("{\"type\":\"missing\",\"loc\":[\"query\",\"filter\",\"name\"],\"msg\":\"Field "
                     "required\",\"input\":{\"age\":\"x\",\"order\":\"down\",\"b][c\":\"1\"}}," INT_PARSING(
                         "\"query\",\"filter\",\"age\"",
                         "\"x\"") ",{\"type\":\"extra_forbidden\",\"loc\":[\"query\","
                                  "\"filter\",\"b][c\"],\"msg\":\"Extra inputs are not "
                                  "permitted\",\"input\":\"1\"}," INT_PARSING("\"query\",\"page\"", "\"y\"")));
    end(test, app);
}
END_TEST

/* --- structs that come whole --- */

struct finding {
    gr_ints ids;
    const char *q;
};
static GR_MODEL(finding, GR_LIST(ids, .style = GR_STYLE_FORM), GR_FIELD(q));
struct found {
    struct finding finding;
};
static GR_INPUT(found, GR_OBJECT(finding, finding, GR_FROM_QUERY));
static gr_reply found(gr_co co, gr_req *req, const struct found *in)
{
    (void)co;
    return gr_text(req, show_ints(req, in->finding.ids));
}
GR_GET("/found", found);

START_TEST(a_list_in_a_struct_of_the_query_has_its_style)
{
    MAKE_APP(app, &found_route);
    gr_test *test = serve(app);
    check_get(test, "/found?q=x&ids=1,2", 200, "[1,2]");
    check_get(test, "/found?ids=1,2", 422,
              DETAIL("{\"type\":\"missing\",\"loc\":[\"query\",\"q\"],\"msg\":\"Field "
                     "required\",\"input\":{\"ids\":[\"1,2\"]}}"));
    end(test, app);
}
END_TEST

/* --- the document --- */

START_TEST(styles_are_documented)
{
    DOCUMENT_OF(&lists_route, &fields_route, &people_route, &found_route);
    want("/paths/~1lists/get/parameters/0/style", "\"form\"");
    want("/paths/~1lists/get/parameters/0/explode", "false");
    want("/paths/~1lists/get/parameters/1/style", "\"spaceDelimited\"");
    want("/paths/~1lists/get/parameters/1/explode", "false");
    want("/paths/~1lists/get/parameters/2/style", "\"pipeDelimited\"");
    want("/paths/~1fields~1{names}/get/parameters/0",
         "{\"name\":\"names\",\"in\":\"path\",\"required\":true,\"schema\":{\"items\":{\"type\":\"string\"},\"type\":"
         "\"array\",\"minItems\":2,\"title\":\"Names\"},\"style\":\"simple\",\"explode\":false}");
    want("/paths/~1fields~1{names}/get/parameters/1/style", "\"simple\"");
    want("/paths/~1fields~1{names}/get/parameters/2/style", "\"form\"");
    want("/paths/~1people/get/parameters/0",
         "{\"name\":\"filter\",\"in\":\"query\",\"required\":true,\"schema\":{\"$ref\":\"#/components/schemas/Where\"},"
         "\"style\":\"deepObject\",\"explode\":true}");
    want("/paths/~1people/get/parameters/1/name", "\"page\"");
    want_nothing("/paths/~1people/get/parameters/1/style");
    want("/paths/~1found/get/parameters/0/style", "\"form\"");
    forget();
}
END_TEST

/* --- at start --- */

struct inner {
    gr_ints ids;
};
static GR_MODEL(inner, GR_LIST(ids, .style = GR_STYLE_PIPE_DELIMITED));
struct worn {
    const char *one;
    gr_ints path, header, cookie, form, body;
    struct inner deep, head;
};
static GR_MODEL(worn, GR_FIELD(one, .style = GR_STYLE_FORM), GR_LIST(path, .style = GR_STYLE_DEEP_OBJECT),
                GR_LIST(header, .style = (gr_style)9), GR_LIST(cookie), GR_LIST(form), GR_LIST(body),
                GR_OBJECT(deep, inner), GR_OBJECT(head, inner));
static gr_reply worn(gr_co co, gr_req *req, const struct worn *in)
{
    (void)co, (void)in;
    return gr_text(req, "");
}
static GR_INPUT(worn, GR_QUERY(one, .style = GR_STYLE_FORM), GR_LIST(path, GR_FROM_PATH),
                GR_LIST(header, GR_FROM_HEADER, .style = GR_STYLE_FORM),
                GR_LIST(cookie, GR_FROM_COOKIE, .style = GR_STYLE_SIMPLE),
                GR_LIST(body, GR_FROM_BODY, .style = GR_STYLE_FORM),
                GR_OBJECT(deep, inner, GR_FROM_QUERY, .style = GR_STYLE_DEEP_OBJECT),
                GR_OBJECT(head, inner, GR_FROM_HEADER));
GR_GET("/worn/{path}", worn, .response = worn_model);

START_TEST(a_style_that_the_place_or_the_member_cannot_have_is_refused)
{
    MAKE_APP(app, &worn_route);
    char *text = refusal(app);
    HAS(text, "worn.one: GR_STYLE_FORM is of a list from a query or cookies\n");
    HAS(text, "worn.path: a list in the path is one text: .style = GR_STYLE_SIMPLE\n");
    HAS(text, "worn.header: GR_STYLE_FORM is of a list from a query or cookies\n");
    HAS(text, "worn.cookie: GR_STYLE_SIMPLE is of a list from the path or header fields\n");
    HAS(text, "worn.body: GR_STYLE_FORM is of a list from a query or cookies\n");
    HAS(text, "worn.deep: its member ids: a list in a GR_STYLE_DEEP_OBJECT has no style\n");
    HAS(text, "worn.head: its member ids: GR_STYLE_PIPE_DELIMITED is of a list from a query\n");
    HAS(text, "worn.path: GR_STYLE_DEEP_OBJECT is of a struct by value from a query\n");
    HAS(text, "worn.header: its style is none\n");
    free(text);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    return run_tests(
        "styles",
        (test_list){a_list_of_the_query_is_cut_at_its_delimiter, a_text_without_anything_in_it_is_a_list_without_items,
                    each_item_of_a_cut_list_is_checked_and_the_list_counted,
                    a_delimiter_that_belongs_to_an_item_is_encoded_beside_one_that_does_not,
                    lists_of_the_path_of_header_fields_and_of_cookies_are_cut_at_commas,
                    a_deep_object_is_a_struct_whose_members_stand_side_by_side,
                    mistakes_of_a_deep_object_lie_under_its_name, a_list_in_a_struct_of_the_query_has_its_style,
                    styles_are_documented, a_style_that_the_place_or_the_member_cannot_have_is_refused, NULL},
        20);
}
