#include "app_test.h"

#define ROUTE(id, verb, where) GR_ROUTE_AS(id, verb, where, say_name)

/* Echoes the parameters a and b. */
static gr_reply say_params(gr_co co, gr_req *req)
{
    (void)co;
    const char *a = gr_path_param(req, "a"), *b = gr_path_param(req, "b");
    return gr_text(req, gr_printf(req, "%s:%s|%s", gr_operation(req), a ? a : "-", b ? b : "-"));
}

#define PARAMS(id, where) GR_ROUTE_AS(id, "GET", where, say_params)

ROUTE(me, "GET", "/users/me");
ROUTE(any_user, "GET", "/users/{a}");
ROUTE(you, "GET", "/users/you");
ROUTE(first_param, "GET", "/x/{a}/y");
ROUTE(first_literal, "GET", "/x/z/{b}");

START_TEST(a_literal_declared_before_a_parameter_wins)
{
    MAKE_APP(app, &me_route, &any_user_route);
    gr_test *test = serve(app);
    check_get(test, "/users/me", 200, "me");
    check_get(test, "/users/other", 200, "any_user");
    end(test, app);
}
END_TEST

START_TEST(a_parameter_declared_before_a_literal_wins)
{
    MAKE_APP(app, &any_user_route, &you_route);
    gr_test *test = serve(app);
    check_get(test, "/users/you", 200, "any_user");
    end(test, app);
}
END_TEST

START_TEST(declaration_order_decides_between_branches_of_the_tree)
{
    MAKE_APP(app, &first_param_route, &first_literal_route);
    gr_test *test = serve(app);
    check_get(test, "/x/z/y", 200, "first_param");
    check_get(test, "/x/z/w", 200, "first_literal");
    check_get(test, "/x/w/y", 200, "first_param");
    end(test, app);
}
END_TEST

PARAMS(an_int, "/int/{a:int}");
PARAMS(not_int, "/int/{a}");
PARAMS(a_float, "/float/{a:float}");
PARAMS(a_uuid, "/uuid/{a:uuid}");
PARAMS(a_path, "/path/{a:path}");
PARAMS(a_str, "/str/{a:str}/end");

START_TEST(an_int_converter_takes_digits_only)
{
    MAKE_APP(app, &an_int_route, &not_int_route);
    gr_test *test = serve(app);
    check_get(test, "/int/042", 200, "an_int:042|-");
    check_get(test, "/int/-1", 200, "not_int:-1|-");
    check_get(test, "/int/1x", 200, "not_int:1x|-");
    check_get(test, "/int/99999999999999999999999999", 200, "an_int:99999999999999999999999999|-");
    end(test, app);
}
END_TEST

START_TEST(a_float_converter_takes_digits_and_a_fraction)
{
    MAKE_APP(app, &a_float_route);
    gr_test *test = serve(app);
    check_get(test, "/float/1.25", 200, "a_float:1.25|-");
    check_get(test, "/float/12", 200, "a_float:12|-");
    check_get(test, "/float/1.", 404, NULL);
    check_get(test, "/float/.5", 404, NULL);
    check_get(test, "/float/1e5", 404, NULL);
    check_get(test, "/float/1.2.3", 404, NULL);
    end(test, app);
}
END_TEST

START_TEST(a_uuid_converter_takes_uuids)
{
    MAKE_APP(app, &a_uuid_route);
    gr_test *test = serve(app);
    check_get(test, "/uuid/123e4567-e89b-12d3-a456-426614174000", 200, "a_uuid:123e4567-e89b-12d3-a456-426614174000|-");
    check_get(test, "/uuid/123E4567e89b12d3a456426614174000", 200, "a_uuid:123E4567e89b12d3a456426614174000|-");
    check_get(test, "/uuid/123e4567-e89b-12d3-a456-42661417400", 404, NULL);
    check_get(test, "/uuid/123e4567-e89b-12d3-a456-4266141740000", 404, NULL);
    check_get(test, "/uuid/g23e4567-e89b-12d3-a456-426614174000", 404, NULL);
    end(test, app);
}
END_TEST

START_TEST(a_path_converter_takes_slashes_and_nothing)
{
    MAKE_APP(app, &a_path_route);
    gr_test *test = serve(app);
    check_get(test, "/path/a/b/c.txt", 200, "a_path:a/b/c.txt|-");
    check_get(test, "/path/", 200, "a_path:|-");
    check_get(test, "/path/a//b/", 200, "a_path:a//b/|-");
    end(test, app);
}
END_TEST

START_TEST(a_str_converter_takes_one_segment_that_is_not_empty)
{
    MAKE_APP(app, &a_str_route);
    gr_test *test = serve(app);
    check_get(test, "/str/a.b%20c/end", 200, "a_str:a.b c|-");
    check_get(test, "/str//end", 404, NULL);
    check_get(test, "/str/a/b/end", 404, NULL);
    end(test, app);
}
END_TEST

PARAMS(range, "/range/{a}-{b}");
PARAMS(file, "/file/{a}.{b}");
PARAMS(numbers, "/v{a:int}.{b:int}/x");
PARAMS(decimal, "/d/{a:float}.{b}");
PARAMS(joined, "/joined/{a}{b:int}");

START_TEST(two_parameters_share_a_segment_and_the_first_is_greedy)
{
    MAKE_APP(app, &range_route, &file_route, &numbers_route);
    gr_test *test = serve(app);
    check_get(test, "/range/1-2", 200, "range:1|2");
    check_get(test, "/range/1-2-3", 200, "range:1-2|3");
    check_get(test, "/range/-2", 404, NULL);
    check_get(test, "/file/a.tar.gz", 200, "file:a.tar|gz");
    check_get(test, "/v1.2/x", 200, "numbers:1|2");
    check_get(test, "/v1.x/x", 404, NULL);
    end(test, app);
}
END_TEST

START_TEST(a_greedy_parameter_gives_back_what_the_next_one_needs)
{
    MAKE_APP(app, &decimal_route, &joined_route);
    gr_test *test = serve(app);
    check_get(test, "/d/1.5", 200, "decimal:1|5");
    check_get(test, "/d/1.5.x", 200, "decimal:1.5|x");
    check_get(test, "/joined/ab12", 200, "joined:ab1|2");
    end(test, app);
}
END_TEST

PARAMS(tail, "/t/{a:path}/tail");
PARAMS(prefixed, "/p/pre{a:path}.txt");
PARAMS(path_and_name, "/n/{a:path}/{b}");
PARAMS(name_and_path, "/m/{a}/mid/{b:path}");

START_TEST(text_may_stand_behind_a_path_parameter)
{
    MAKE_APP(app, &tail_route, &path_and_name_route);
    gr_test *test = serve(app);
    check_get(test, "/t/a/b/tail", 200, "tail:a/b|-");
    check_get(test, "/t//tail", 200, "tail:|-");
    check_get(test, "/t/tail/tail/tail", 200, "tail:tail/tail|-");
    check_get(test, "/t/a/other", 404, NULL);
    check_get(test, "/n/x/y/z", 200, "path_and_name:x/y|z");
    end(test, app);
}
END_TEST

START_TEST(text_may_stand_around_a_path_parameter)
{
    MAKE_APP(app, &prefixed_route, &name_and_path_route);
    gr_test *test = serve(app);
    check_get(test, "/p/preface/of/a.txt", 200, "prefixed:face/of/a|-");
    check_get(test, "/p/pre.txt", 200, "prefixed:|-");
    check_get(test, "/p/pr.txt", 404, NULL);
    check_get(test, "/m/1/mid/2/3", 200, "name_and_path:1|2/3");
    end(test, app);
}
END_TEST

START_TEST(an_encoded_slash_separates_segments_as_in_starlette)
{
    MAKE_APP(app, &any_user_route, &a_path_route);
    gr_test *test = serve(app);
    check_get(test, "/users/a%2Fb", 404, NULL);
    check_get(test, "/path/a%2Fb", 200, "a_path:a/b|-");
    end(test, app);
}
END_TEST

START_TEST(five_hundred_routes_are_all_found)
{
    enum { N = 500 };
    static gr_route routes[N];
    static char paths[N][40], names[N][20];
    const gr_route *list[N];
    for (int i = 0; i < N; i++) {
        snprintf(paths[i], sizeof paths[i], i % 2 ? "/r%d/{a}/leaf" : "/r%d/leaf", i);
        snprintf(names[i], sizeof names[i], "op%d", i);
        routes[i] = any_user_route;
        routes[i].path = paths[i];
        routes[i].name = names[i];
        list[i] = &routes[i];
    }
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add_n(app, list, N), 0);
    gr_test *test = serve(app);
    for (int i = 0; i < N; i++) {
        char target[40];
        snprintf(target, sizeof target, i % 2 ? "/r%d/q/leaf" : "/r%d/leaf", i);
        check_get(test, target, 200, names[i]);
    }
    check_get(test, "/r500/leaf", 404, NULL);
    end(test, app);
}
END_TEST

ROUTE(begin_x_end, "GET", "/beginxend");
ROUTE(begin_y_end, "GET", "/beginyend");
ROUTE(begin_eight, "GET", "/begi-end");
ROUTE(three, "GET", "/abc");
ROUTE(two, "GET", "/ab");
ROUTE(one, "GET", "/a");

START_TEST(literals_that_begin_and_end_alike_are_told_apart)
{
    MAKE_APP(app, &begin_x_end_route, &begin_y_end_route, &begin_eight_route, &three_route, &two_route, &one_route);
    gr_test *test = serve(app);
    check_get(test, "/beginxend", 200, "begin_x_end");
    check_get(test, "/beginyend", 200, "begin_y_end");
    check_get(test, "/beginzend", 404, NULL);
    check_get(test, "/begi-end", 200, "begin_eight");
    check_get(test, "/abc", 200, "three");
    check_get(test, "/adc", 404, NULL);
    check_get(test, "/ab", 200, "two");
    check_get(test, "/cb", 404, NULL);
    check_get(test, "/a", 200, "one");
    check_get(test, "/b", 404, NULL);
    end(test, app);
}
END_TEST

ROUTE(orders_list, "GET", "/api/v1/orders/list");
ROUTE(owners_list, "GET", "/api/v1/owners/list");
ROUTE(orders_clear, "DELETE", "/api/v1/orders/list");

START_TEST(whole_paths_that_begin_and_end_alike_are_told_apart)
{
    MAKE_APP(app, &orders_list_route, &owners_list_route, &orders_clear_route);
    gr_test *test = serve(app);
    check_get(test, "/api/v1/orders/list", 200, "orders_list");
    check_get(test, "/api/v1/owners/list", 200, "owners_list");
    check_get(test, "/api/v1/others/list", 404, NULL);
    check_get(test, "/api/v1/orders/lost", 404, NULL);
    check_request(test, "DELETE", "/api/v1/orders/list", 200, "orders_clear");
    check_request(test, "HEAD", "/api/v1/owners/list", 200, "");
    check_request(test, "DELETE", "/api/v1/owners/list", 405, NULL);
    end(test, app);
}
END_TEST

START_TEST(a_path_without_a_route_is_404)
{
    MAKE_APP(app, &me_route);
    gr_test *test = serve(app);
    check_get(test, "/nothing", 404, "{\"detail\":\"Not Found\"}");
    check_get(test, "/users", 404, NULL);
    check_get(test, "/users/me/more", 404, NULL);
    check_get(test, "/Users/me", 404, NULL);
    end(test, app);
}
END_TEST

ROUTE(put_user, "PUT", "/users/{a}");
ROUTE(delete_int, "DELETE", "/users/{a:int}");
ROUTE(post_me, "POST", "/users/me");

START_TEST(a_405_allows_the_union_of_all_routes_of_the_path)
{
    MAKE_APP(app, &me_route, &put_user_route, &delete_int_route);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_request(test, "PATCH", "/users/me", NULL, NULL, 0);
    check_answer(answer, 405, "{\"detail\":\"Method Not Allowed\"}");
    ck_assert_str_eq(gr_answer_header(answer, "Allow"), "GET, PUT, HEAD, OPTIONS");
    gr_answer_free(answer);
    answer = gr_test_request(test, "PATCH", "/users/7", NULL, NULL, 0);
    check_answer(answer, 405, NULL);
    ck_assert_str_eq(gr_answer_header(answer, "Allow"), "PUT, DELETE, OPTIONS");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(a_method_of_a_later_route_is_found_behind_other_methods)
{
    MAKE_APP(app, &me_route, &put_user_route, &post_me_route);
    gr_test *test = serve(app);
    check_request(test, "POST", "/users/me", 200, "post_me");
    check_request(test, "PUT", "/users/me", 200, "put_user");
    end(test, app);
}
END_TEST

START_TEST(methods_are_case_sensitive)
{
    MAKE_APP(app, &me_route);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_request(test, "get", "/users/me", NULL, NULL, 0);
    if (answer)
        ck_assert_int_ge(gr_answer_status(answer), 400);
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

ROUTE(own_head, "HEAD", "/users/me");

START_TEST(head_goes_to_the_get_route_and_has_no_body)
{
    MAKE_APP(app, &me_route);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_request(test, "HEAD", "/users/me", NULL, NULL, 0);
    check_answer(answer, 200, "");
    ck_assert_str_eq(gr_answer_header(answer, "Content-Length"), "2");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(head_with_a_route_of_its_own_goes_there)
{
    MAKE_APP(app, &me_route, &own_head_route);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_request(test, "HEAD", "/users/me", NULL, NULL, 0);
    check_answer(answer, 200, "");
    ck_assert_str_eq(gr_answer_header(answer, "Content-Length"), "8");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(head_where_there_is_no_get_is_405_without_a_body)
{
    MAKE_APP(app, &post_me_route);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_request(test, "HEAD", "/users/me", NULL, NULL, 0);
    check_answer(answer, 405, "");
    ck_assert_str_eq(gr_answer_header(answer, "Allow"), "POST, OPTIONS");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

ROUTE(own_options, "OPTIONS", "/users/me");

START_TEST(options_is_204_with_allow)
{
    MAKE_APP(app, &me_route, &post_me_route);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_request(test, "OPTIONS", "/users/me", NULL, NULL, 0);
    check_answer(answer, 204, "");
    ck_assert_str_eq(gr_answer_header(answer, "Allow"), "GET, POST, HEAD, OPTIONS");
    ck_assert_ptr_null(gr_answer_header(answer, "Content-Length"));
    gr_answer_free(answer);
    check_request(test, "OPTIONS", "/nothing", 404, NULL);
    end(test, app);
}
END_TEST

START_TEST(options_of_the_server_is_204)
{
    MAKE_APP(app, &me_route);
    gr_test *test = serve(app);
    check_request(test, "OPTIONS", "*", 204, "");
    end(test, app);
}
END_TEST

START_TEST(a_star_with_another_method_is_not_answered_with_success)
{
    MAKE_APP(app, &me_route);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_get(test, "*");
    ck_assert_ptr_nonnull(answer);
    ck_assert_int_ge(gr_answer_status(answer), 400);
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(options_with_a_route_of_its_own_goes_there)
{
    MAKE_APP(app, &me_route, &own_options_route);
    gr_test *test = serve(app);
    check_request(test, "OPTIONS", "/users/me", 200, "own_options");
    end(test, app);
}
END_TEST

START_TEST(a_target_that_cannot_be_decoded_is_400)
{
    MAKE_APP(app, &any_user_route);
    gr_test *test = serve(app);
    check_get(test, "/users/%zz", 400, NULL);
    check_get(test, "/users/a%00b", 400, NULL);
    check_get(test, "/users/%ff", 400, NULL);
    check_get(test, "/users/../x", 400, NULL);
    end(test, app);
}
END_TEST

/* --- any method --- */

static gr_reply say_method(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%s %s", gr_operation(req), gr_method(req)));
}
GR_ANY("/up/{rest:path}", say_method);
GR_ROUTE_AS(up_status, "GET", "/up/status", say_method);
GR_ROUTE_AS(any_plain, "*", "/plain", say_method);
GR_ROUTE_AS(get_plain, "GET", "/plain", say_method);

START_TEST(a_route_of_any_method_takes_each)
{
    static const char *const methods[] = {"GET",     "POST",  "PUT",   "PATCH",    "DELETE",
                                          "OPTIONS", "TRACE", "PURGE", "PROPFIND", "SEARCH"};
    MAKE_APP(app, &say_method_route);
    gr_test *test = serve(app);
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        char wanted[40];
        snprintf(wanted, sizeof wanted, "say_method %s", methods[i]);
        check_request(test, methods[i], "/up/a/b", 200, wanted);
    }
    gr_answer *answer = gr_test_request(test, "HEAD", "/up/a", NULL, NULL, 0);
    ck_assert_str_eq(gr_answer_header(answer, "Content-Length"), "15"); /* it was called for HEAD */
    gr_answer_free(answer);
    check_request(test, "CONNECT", "/up/a", 501, NULL);
    check_request(test, "NONSENSE", "/up/a", 501, NULL);
    end(test, app);
}
END_TEST

START_TEST(a_route_of_any_method_takes_what_those_before_it_leave)
{
    MAKE_APP(app, &up_status_route, &say_method_route);
    gr_test *test = serve(app);
    check_request(test, "GET", "/up/status", 200, "up_status GET");
    check_request(test, "POST", "/up/status", 200, "say_method POST");
    check_request(test, "OPTIONS", "/up/status", 200, "say_method OPTIONS");
    end(test, app);
    MAKE_APP(plain, &get_plain_route, &any_plain_route);
    test = serve(plain);
    check_request(test, "GET", "/plain", 200, "get_plain GET");
    check_request(test, "PUT", "/plain", 200, "any_plain PUT");
    end(test, plain);
}
END_TEST

START_TEST(a_route_behind_one_of_any_method_is_never_reached)
{
    MAKE_APP(app, &any_plain_route, &get_plain_route);
    char *text = refusal(app);
    HAS(text, "get_plain: \"GET /plain\" can never be reached: \"* /plain\" of any_plain comes first");
    free(text);
    gr_app_destroy(app);
}
END_TEST

START_TEST(a_route_of_any_method_is_not_documented)
{
    MAKE_APP(app, &up_status_route, &say_method_route);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_get(test, "/openapi.json");
    HAS(gr_answer_body(answer, NULL), "\"/up/status\"");
    LACKS(gr_answer_body(answer, NULL), "say_method");
    LACKS(gr_answer_body(answer, NULL), "/up/{rest}");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

/* --- refused patterns --- */

static void check_refused(const char *path, const char *why)
{
    gr_route route = any_user_route;
    route.path = path;
    route.name = "wrong";
    MAKE_APP(app, &route);
    char *text = refusal(app);
    HAS(text, "wrong");
    HAS(text, why);
    free(text);
    gr_app_destroy(app);
}

START_TEST(a_pattern_without_a_leading_slash_is_refused)
{
    check_refused("users", "a path starts with '/'");
    check_refused("", "a path starts with '/'");
    check_refused(NULL, "a path starts with '/'");
}
END_TEST

START_TEST(an_unknown_converter_is_refused_with_the_known_ones)
{
    check_refused("/x/{a:integer}", "unknown converter \"integer\": use str, int, float, uuid or path");
}
END_TEST

START_TEST(a_bad_parameter_name_is_refused)
{
    check_refused("/x/{1a}", "\"{1a}\" is no parameter name");
    check_refused("/x/{}", "\"{}\" is no parameter name");
    check_refused("/x/{a b}", "is no parameter name");
    check_refused("/x/{:int}", "is no parameter name");
}
END_TEST

START_TEST(a_lone_brace_is_refused)
{
    check_refused("/x/{a", "a brace without its other half");
    check_refused("/x/a}", "a brace without its other half");
    check_refused("/x/{a/b}", "a brace without its other half");
}
END_TEST

START_TEST(an_empty_converter_is_refused)
{
    check_refused("/x/{a:}", "converter");
}
END_TEST

START_TEST(a_parameter_given_twice_is_refused)
{
    check_refused("/x/{a}/{a}", "the parameter \"a\" stands in it twice");
    check_refused("/x/{a}-{a}", "the parameter \"a\" stands in it twice");
}
END_TEST

START_TEST(too_many_parameters_are_refused)
{
    check_refused("/x/{a}-{b}-{c}", "more than two parameters in one segment");
    check_refused("/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}/{k}/{l}/{m}/{n}/{o}/{p}/{q}", "more than 16 parameters");
    check_refused("/{a:path}/{b:path}", "more than one {name:path}");
}
END_TEST

START_TEST(sixteen_parameters_are_allowed)
{
    gr_route route = first_param_route;
    route.path = "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}/{k}/{l}/{m}/{n}/{o}/{p}";
    MAKE_APP(app, &route);
    gr_test *test = serve(app);
    check_get(test, "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", 200, "first_param");
    end(test, app);
}
END_TEST

int main(void)
{
    return run_tests("app router",
                     (test_list){a_literal_declared_before_a_parameter_wins,
                                 a_parameter_declared_before_a_literal_wins,
                                 declaration_order_decides_between_branches_of_the_tree,
                                 an_int_converter_takes_digits_only,
                                 a_float_converter_takes_digits_and_a_fraction,
                                 a_uuid_converter_takes_uuids,
                                 a_path_converter_takes_slashes_and_nothing,
                                 a_str_converter_takes_one_segment_that_is_not_empty,
                                 two_parameters_share_a_segment_and_the_first_is_greedy,
                                 a_greedy_parameter_gives_back_what_the_next_one_needs,
                                 text_may_stand_behind_a_path_parameter,
                                 text_may_stand_around_a_path_parameter,
                                 an_encoded_slash_separates_segments_as_in_starlette,
                                 five_hundred_routes_are_all_found,
                                 literals_that_begin_and_end_alike_are_told_apart,
                                 whole_paths_that_begin_and_end_alike_are_told_apart,
                                 a_path_without_a_route_is_404,
                                 a_405_allows_the_union_of_all_routes_of_the_path,
                                 a_method_of_a_later_route_is_found_behind_other_methods,
                                 methods_are_case_sensitive,
                                 head_goes_to_the_get_route_and_has_no_body,
                                 head_with_a_route_of_its_own_goes_there,
                                 head_where_there_is_no_get_is_405_without_a_body,
                                 options_is_204_with_allow,
                                 options_of_the_server_is_204,
                                 a_star_with_another_method_is_not_answered_with_success,
                                 options_with_a_route_of_its_own_goes_there,
                                 a_target_that_cannot_be_decoded_is_400,
                                 a_route_of_any_method_takes_each,
                                 a_route_of_any_method_takes_what_those_before_it_leave,
                                 a_route_behind_one_of_any_method_is_never_reached,
                                 a_route_of_any_method_is_not_documented,
                                 a_pattern_without_a_leading_slash_is_refused,
                                 an_unknown_converter_is_refused_with_the_known_ones,
                                 a_bad_parameter_name_is_refused,
                                 a_lone_brace_is_refused,
                                 an_empty_converter_is_refused,
                                 a_parameter_given_twice_is_refused,
                                 too_many_parameters_are_refused,
                                 sixteen_parameters_are_allowed,
                                 NULL},
                     10);
}
