/* Lists, sets, tuples and checks of one's own in operations: where bodies and parameters differ from plain models. */
#include <griddle.h>

#include "app_test.h"

static void check_post(gr_test *test, const char *target, const char *body, int status, const char *want)
{
    const char *headers[] = {"Content-Type", "application/json", NULL};
    gr_answer *answer = gr_test_request(test, "POST", target, headers, body, strlen(body));
    check_answer(answer, status, want);
    gr_answer_free(answer);
}

/* --- checks of one's own --- */

struct spot {
    int64_t floor;
    const char *name;
};
static GR_MODEL(spot, GR_SELF(.tuple = true), GR_FIELD(floor), GR_FIELD(name));
struct range {
    int64_t from, to;
};
static GR_MODEL(range, GR_FIELD(from), GR_FIELD(to));

static const char *be_up(const void *value)
{
    const struct spot *spot = value;
    return spot->floor > 0 ? NULL : "is below the ground";
}

static const char *rise(const void *value)
{
    const struct range *range = value;
    return range->from < range->to ? NULL : "does not rise";
}

static const char *be_odd(const void *value)
{
    return json_integer_value(*(json_t *const *)value) % 2 ? NULL : "is even";
}

struct checked {
    struct spot at;
    struct range range, body;
};
static GR_INPUT(checked, GR_OBJECT(at, spot, GR_FROM_QUERY, .validate = be_up),
                GR_OBJECT(range, range, GR_FROM_HEADER, .validate = rise), GR_BODY(body, range, .validate = rise));
static gr_reply checked(gr_co co, gr_req *req, const struct checked *in)
{
    (void)co;
    return range_reply(req, &in->body);
}
GR_POST("/checked", checked);

struct odd {
    json_t *json;
};
static GR_INPUT(odd, GR_JSON(json, .validate = be_odd));
static gr_reply odd(gr_co co, gr_req *req, const struct odd *in)
{
    (void)co;
    return gr_json(req, json_incref(in->json));
}
GR_POST("/odd", odd);

START_TEST(a_check_of_ones_own_is_called_wherever_it_is_written)
{
    MAKE_APP(app, &checked_route, &odd_route);
    gr_test *test = serve(app);
    const char *headers[] = {"Content-Type", "application/json", "From", "3", "To", "2", NULL};
    gr_answer *answer = gr_test_request(test, "POST", "/checked?at=0&at=x", headers, "{\"from\":5,\"to\":4}", 17);
    check_answer(
        answer, 422,
        "{\"detail\":[{\"type\":\"value_error\",\"loc\":[\"query\",\"at\"],\"msg\":\"Value error, is below the "
        "ground\",\"input\":[\"0\",\"x\"],\"ctx\":{\"error\":{}}},{\"type\":\"value_error\",\"loc\":[\"header\"],"
        "\"msg\":\"Value error, does not "
        "rise\",\"input\":{\"from\":\"3\",\"to\":\"2\",\"host\":\"testserver\",\"content-length\":\"17\",\"content-"
        "type\":\"application/json\"},\"ctx\":{\"error\":{}}},"
        "{\"type\":\"value_error\",\"loc\":[\"body\"],\"msg\":\"Value error, does not rise\","
        "\"input\":{\"from\":5,\"to\":4},\"ctx\":{\"error\":{}}}]}");
    gr_answer_free(answer);
    check_post(test, "/odd", "4", 422,
               "{\"detail\":[{\"type\":\"value_error\",\"loc\":[\"body\"],\"msg\":\"Value error, is even\",\"input\":4,"
               "\"ctx\":{\"error\":{}}}]}");
    check_post(test, "/odd", "5", 200, "5");
    end(test, app);
}
END_TEST

/* --- bodies that are lists --- */

struct words {
    gr_strings words;
};
static GR_MODEL(words, GR_LIST(words, GR_NULLABLE));
static GR_INPUT(words, GR_LIST(words, GR_DEFAULT_LIST("a", "b"), .dedupe = true));
static gr_reply words(gr_co co, gr_req *req, const struct words *in)
{
    (void)co;
    return words_reply(req, in);
}
GR_POST("/words", words);

struct perhaps {
    gr_strings words;
};
static GR_INPUT(perhaps, GR_LIST(words, GR_OPTIONAL));
static gr_reply perhaps(gr_co co, gr_req *req, const struct perhaps *in)
{
    (void)co;
    return words_reply(req, &(struct words){in->words});
}
GR_POST("/perhaps", perhaps);

START_TEST(a_body_that_is_a_list_may_be_absent_null_or_empty)
{
    MAKE_APP(app, &words_route, &perhaps_route);
    gr_test *test = serve(app);
    check_request(test, "POST", "/words", 200, "{\"words\":[\"a\",\"b\"]}");
    check_post(test, "/words", "[\"x\",\"y\",\"x\"]", 200, "{\"words\":[\"x\",\"y\"]}");
    check_post(test, "/words", "[]", 200, "{\"words\":[]}");
    check_request(test, "POST", "/perhaps", 200, "{\"words\":null}");
    check_post(test, "/perhaps", "null", 200, "{\"words\":null}");
    check_post(test, "/perhaps", "[]", 200, "{\"words\":[]}");
    end(test, app);
}
END_TEST

/* --- parameters --- */

struct sets {
    gr_ints set, few;
};
static GR_INPUT(sets, GR_LIST(set, GR_FROM_QUERY, .dedupe = true, .min_items = 2, .max_items = 3),
                GR_LIST(few, GR_FROM_QUERY, GR_DEFAULT_LIST(7)));
static gr_reply sets(gr_co co, gr_req *req, const struct sets *in)
{
    (void)co;
    return gr_json(req, json_pack("{s:i, s:i}", "set", (int)in->set.len, "few", (int)in->few.at[0]));
}
GR_GET("/sets", sets);

#define SET_COUNT(text, input, bound, actual) \
    "{\"detail\":[{\"type\":\"" text "\",\"input\":" input ",\"ctx\":{\"field_type\":\"Set\"," bound \
    ",\"actual_length\":" actual "}}]}"

START_TEST(a_set_of_parameters_is_counted_when_what_is_equal_is_gone)
{
    MAKE_APP(app, &sets_route);
    gr_test *test = serve(app);
    check_get(test, "/sets?set=1&set=2&set=+1&set=01&set=2", 200, "{\"set\":2,\"few\":7}");
    check_get(test, "/sets?set=1&set=1.0", 422,
              SET_COUNT("too_short\",\"loc\":[\"query\",\"set\"],\"msg\":\"Set should have at least 2 items after "
                        "validation, not 1",
                        "[\"1\",\"1.0\"]", "\"min_length\":2", "1"));
    check_get(test, "/sets?set=1&set=x&set=2&set=3&set=4", 422,
              SET_COUNT("too_long\",\"loc\":[\"query\",\"set\"],\"msg\":\"Set should have at most 3 items after "
                        "validation, not more",
                        "[\"1\",\"x\",\"2\",\"3\",\"4\"]", "\"max_length\":3", "null"));
    end(test, app);
}
END_TEST

/* --- a handler as a function --- */

struct paged {
    int64_t skip, limit;
    const char *order;
    gr_strings tags;
};
static GR_INPUT(paged, GR_QUERY(skip, GR_DEFAULT(0)), GR_QUERY(limit, GR_DEFAULT(20)),
                GR_QUERY(order, GR_DEFAULT("name")), GR_LIST(tags, GR_FROM_QUERY, GR_DEFAULT_EMPTY));

START_TEST(an_input_has_the_defaults_of_its_table)
{
    struct paged in;
    memset(&in, 0xff, sizeof in);
    paged_input_init(&in);
    ck_assert(in.skip == 0 && in.limit == 20 && strcmp(in.order, "name") == 0 && in.tags.at && !in.tags.len);
}
END_TEST

/* --- what is refused at start --- */

GR_ROUTE_AS(unset, "GET", "/unset", say_name, .response = range_model, .response_exclude_unset = true);
struct told {
    struct range range;
    gr_set set;
};
static GR_MODEL(told, GR_OBJECT(range, range), GR_SET(set));
struct inside {
    struct told told;
};
static GR_MODEL(inside, GR_OBJECT(told, told));
GR_ROUTE_AS(unset_inside, "GET", "/inside", say_name, .response = inside_model, .response_exclude_unset = true);

START_TEST(what_cannot_tell_what_was_given_leaves_nothing_out)
{
    MAKE_APP(app, &unset_route);
    char *text = refusal(app);
    HAS(text, "unset: .response_exclude_unset needs a GR_SET in struct range, or in one inside it");
    free(text);
    gr_app_destroy(app);
    MAKE_APP(right, &unset_inside_route);
    end(serve(right), right);
}
END_TEST

/* --- replies --- */

struct lax {
    int64_t x, y;
    json_t *others;
};
static GR_MODEL(lax, GR_FIELD(x), GR_FIELD(y), GR_REST(others));

static gr_reply lax_reply_of(gr_co co, gr_req *req)
{
    (void)co;
    return lax_reply_json(req, json_pack("{s:i, s:i, s:i}", "x", 1, "y", 2, "z", 3));
}
GR_ROUTE_AS(with_x, "GET", "/x", lax_reply_of, .response = lax_model, .response_include = GR_NAMES("x"));
GR_ROUTE_AS(with_rest, "GET", "/rest", lax_reply_of, .response = lax_model,
            .response_include = GR_NAMES("x", "others"));
GR_ROUTE_AS(without_rest, "GET", "/no-rest", lax_reply_of, .response = lax_model,
            .response_exclude = GR_NAMES("others"));

static gr_reply give_spot(gr_co co, gr_req *req)
{
    (void)co;
    return spot_reply_json(req, json_pack("[i, s]", 1, "a"));
}
static gr_reply give_spots(gr_co co, gr_req *req)
{
    (void)co;
    return spot_reply_json(req, json_pack("[[i, s], [i, s]]", 1, "a", 2, "b"));
}
GR_ROUTE_AS(one_spot, "GET", "/spot", give_spot, .response = spot_model);
GR_ROUTE_AS(all_spots, "GET", "/spots", give_spots, .response = spot_model, .response_list = true);

START_TEST(the_rest_is_included_and_excluded_by_its_members_name)
{
    MAKE_APP(app, &with_x_route, &with_rest_route, &without_rest_route, &one_spot_route, &all_spots_route);
    gr_test *test = serve(app);
    check_get(test, "/x", 200, "{\"x\":1}");
    check_get(test, "/rest", 200, "{\"x\":1,\"z\":3}");
    check_get(test, "/no-rest", 200, "{\"x\":1,\"y\":2}");
    check_get(test, "/spot", 200, "[1,\"a\"]");
    check_get(test, "/spots", 200, "[[1,\"a\"],[2,\"b\"]]");
    end(test, app);
}
END_TEST

GR_ROUTE_AS(half_spot, "GET", "/half", say_name, .response = spot_model, .response_include = GR_NAMES("floor"));

START_TEST(no_position_of_a_tuple_is_left_out)
{
    MAKE_APP(app, &half_spot_route);
    char *text = refusal(app);
    HAS(text, "half_spot: struct spot is a tuple, of which no position can be left out");
    free(text);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    return run_tests(
        "lists",
        (test_list){a_check_of_ones_own_is_called_wherever_it_is_written,
                    a_body_that_is_a_list_may_be_absent_null_or_empty,
                    a_set_of_parameters_is_counted_when_what_is_equal_is_gone, an_input_has_the_defaults_of_its_table,
                    what_cannot_tell_what_was_given_leaves_nothing_out,
                    the_rest_is_included_and_excluded_by_its_members_name, no_position_of_a_tuple_is_left_out, NULL},
        30);
}
