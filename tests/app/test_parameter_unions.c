/* Parameters that are unions of scalars: read as pydantic reads the string that a parameter is. */
#include "openapi.h"

#define ERROR(kind, loc, msg, input) "{\"type\":\"" kind "\",\"loc\":[" loc "],\"msg\":\"" msg "\",\"input\":" input "}"
#define NO_INT(loc, input) \
    ERROR("int_parsing", loc, "Input should be a valid integer, unable to parse string as an integer", input)
#define NO_BOOL(loc, input) \
    ERROR("bool_parsing", loc, "Input should be a valid boolean, unable to interpret input", input)
#define DETAIL(errors) "{\"detail\":[" errors "]}"

enum which { NUMBER, TRUTH, TEXT };
struct either {
    enum which which;
    union {
        int64_t number;
        bool truth;
    };
};
static GR_MODEL(either, GR_EITHER(which), GR_CASE(number, NUMBER, GR_LE(9)), GR_CASE(truth, TRUTH));

/* The text where it is none of the others. */
struct wide {
    int which;
    union {
        gr_uuid id;
        const char *text;
    };
};
static GR_MODEL(wide, GR_EITHER(which), GR_CASE(id, 0), GR_CASE(text, TEXT, .max_len = 3));

struct some {
    struct either x_one;
    struct either *more;
};
static GR_MODEL(some, GR_OBJECT(x_one, either), GR_OBJECT(more, either, GR_OPTIONAL));

struct takes {
    struct either path;
    struct either *q;
    GR_LIST_OF(struct either) all, cut;
    struct wide wide;
    struct some head;
};
static GR_INPUT(takes, GR_OBJECT(path, either, GR_FROM_PATH), GR_OBJECT(q, either, GR_FROM_QUERY, GR_OPTIONAL),
                GR_OBJECTS(all, either, GR_FROM_QUERY, GR_DEFAULT_EMPTY),
                GR_OBJECTS(cut, either, GR_FROM_QUERY, GR_DEFAULT_EMPTY, .style = GR_STYLE_FORM),
                GR_OBJECT(wide, wide, GR_FROM_COOKIE), GR_OBJECT(head, some, GR_FROM_HEADER));

static const char *show(gr_req *req, const struct either *value)
{
    if (!value)
        return "none";
    return value->which == NUMBER ? gr_printf(req, "%d", (int)value->number) : value->truth ? "true" : "false";
}

static gr_reply takes(gr_co co, gr_req *req, const struct takes *in)
{
    (void)co;
    char *text = gr_printf(req, "%s %s", show(req, &in->path), show(req, in->q));
    for (size_t i = 0; i < in->all.len; i++)
        text = gr_printf(req, "%s all %s", text, show(req, &in->all.at[i]));
    for (size_t i = 0; i < in->cut.len; i++)
        text = gr_printf(req, "%s cut %s", text, show(req, &in->cut.at[i]));
    return gr_text(req, gr_printf(req, "%s %s %s %s", text, in->wide.which == TEXT ? in->wide.text : "(id)",
                                  show(req, &in->head.x_one), show(req, in->head.more)));
}
GR_GET("/takes/{path}", takes);

static void check(gr_test *test, const char *target, const char *cookie, const char *x_one, int status,
                  const char *body)
{
    const char *const fields[] = {"Cookie", cookie, "X-One", x_one, NULL};
    gr_answer *answer = gr_test_request(test, "GET", target, fields, NULL, 0);
    check_answer(answer, status, body);
    gr_answer_free(answer);
}

START_TEST(a_union_of_scalars_comes_from_every_place)
{
    MAKE_APP(app, &takes_route);
    gr_test *test = serve(app);
    check(test, "/takes/5?q=off&all=1&all=on&cut=2,no", "wide=abc", "7", 200,
          "5 false all 1 all true cut 2 cut false abc 7 none");
    check(test, "/takes/yes", "wide=3fa85f64-5717-4562-b3fc-2c963f66afa6", "t", 200, "true none (id) true none");
    end(test, app);
}
END_TEST

START_TEST(each_case_that_does_not_fit_is_told_where_the_parameter_lies)
{
    MAKE_APP(app, &takes_route);
    gr_test *test = serve(app);
    check(test, "/takes/x?all=1&all=z", "wide=abc", "1", 422,
          DETAIL(NO_INT("\"path\",\"path\",\"constrained-int\"", "\"x\"") "," NO_BOOL(
              "\"path\",\"path\",\"bool\"", "\"x\"") "," NO_INT("\"query\",\"all\",1,\"constrained-int\"",
                                                                "\"z\"") "," NO_BOOL("\"query\",\"all\",1,\"bool\"",
                                                                                     "\"z\"")));
    check(test, "/takes/1", "wide=abcd", "10", 422, NULL);
    end(test, app);
}
END_TEST

START_TEST(bytes_that_are_no_text_fit_no_case)
{
    MAKE_APP(app, &takes_route);
    gr_test *test = serve(app);
    check(test, "/takes/1?q=%ff", "wide=a", "1", 422,
          DETAIL(NO_INT("\"query\",\"q\",\"constrained-int\"",
                        "\"\xef\xbf\xbd\"") "," NO_BOOL("\"query\",\"q\",\"bool\"", "\"\xef\xbf\xbd\"")));
    check(test, "/takes/1?q=a%00b", "wide=a", "1", 422,
          DETAIL(NO_INT("\"query\",\"q\",\"constrained-int\"", "\"a\\u0000b\"") "," NO_BOOL("\"query\",\"q\",\"bool\"",
                                                                                            "\"a\\u0000b\"")));
    end(test, app);
}
END_TEST

START_TEST(a_union_is_documented_as_one_parameter)
{
    DOCUMENT_OF(&takes_route);
    want("/paths/~1takes~1{path}/get/parameters/0", "{\"name\":\"path\",\"in\":\"path\",\"required\":true,\"schema\":{"
                                                    "\"anyOf\":[{\"type\":\"integer\",\"maximum\":9},"
                                                    "{\"type\":\"boolean\"}],\"title\":\"Path\"}}");
    want("/paths/~1takes~1{path}/get/parameters/3/style", "\"form\"");
    want("/paths/~1takes~1{path}/get/parameters/4/name", "\"x-one\"");
    forget();
}
END_TEST

struct lists {
    int which;
    union {
        int64_t one;
        gr_ints many;
    };
};
static GR_MODEL(lists, GR_EITHER(which), GR_CASE(one, 0), GR_CASE_LIST(many, 1));
struct refused {
    struct lists q;
};
static GR_INPUT(refused, GR_OBJECT(q, lists, GR_FROM_QUERY));
static gr_reply refused(gr_req *req, const struct refused *in)
{
    (void)in;
    return gr_text(req, "");
}
GR_GET("/refused", refused);

START_TEST(a_union_with_a_list_is_no_parameter)
{
    MAKE_APP(app, &refused_route);
    char *text = refusal(app);
    HAS(text, "refused.q: a parameter is a single value, a list of them, or a struct by value\n");
    free(text);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    return run_tests("parameter unions",
                     (test_list){a_union_of_scalars_comes_from_every_place,
                                 each_case_that_does_not_fit_is_told_where_the_parameter_lies,
                                 bytes_that_are_no_text_fit_no_case, a_union_is_documented_as_one_parameter,
                                 a_union_with_a_list_is_no_parameter, NULL},
                     20);
}
