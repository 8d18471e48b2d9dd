/* Which operation a path leads to, and what is answered where none is. */
#include "serve.h"

static gr_reply names_itself(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, gr_operation(req));
}

/* "x=<x> y=<y>" of the path's parameters of these names. */
static gr_reply shows_params(gr_co co, gr_req *req)
{
    (void)co;
    const char *x = gr_path_param(req, "x"), *y = gr_path_param(req, "y");
    return gr_text(req, gr_printf(req, "%s:%s:%s", gr_operation(req), x ? x : "-", y ? y : "-"));
}

#define ROUTE(id, method, path) GR_ROUTE_AS(id, method, path, shows_params)

ROUTE(me, "GET", "/users/me");
ROUTE(user, "GET", "/users/{x}");
ROUTE(user_post, "POST", "/users/{x}");
ROUTE(me_delete, "DELETE", "/users/me");

START_TEST(the_first_route_that_matches_wins)
{
    SERVE(&me_route, &user_route);
    expect_get("/users/me", 200, "me:-:-");
    expect_get("/users/you", 200, "user:you:-");
    end();
}
END_TEST

START_TEST(a_literal_route_declared_later_does_not_win)
{
    SERVE(&user_route, &me_route);
    expect_get("/users/me", 200, "user:me:-");
    end();
}
END_TEST

ROUTE(any, "GET", "/{x:path}");

START_TEST(a_route_for_everything_declared_first_takes_everything)
{
    SERVE(&any_route, &me_route);
    expect_get("/users/me", 200, "any:users/me:-");
    expect_get("/", 200, "any::-");
    end();
}
END_TEST

START_TEST(a_route_for_everything_declared_last_takes_the_rest)
{
    SERVE(&me_route, &user_route, &any_route);
    expect_get("/users/me", 200, "me:-:-");
    expect_get("/users/a/b//c", 200, "any:users/a/b//c:-");
    end();
}
END_TEST

ROUTE(as_int, "GET", "/n/{x:int}");
ROUTE(as_float, "GET", "/n/{x:float}");
ROUTE(as_uuid, "GET", "/n/{x:uuid}");
ROUTE(as_str, "GET", "/n/{x:str}");

START_TEST(converters_take_what_is_theirs)
{
    SERVE(&as_int_route, &as_float_route, &as_uuid_route, &as_str_route);
    expect_get("/n/42", 200, "as_int:42:-");
    expect_get("/n/0", 200, "as_int:0:-");
    expect_get("/n/99999999999999999999999", 200, "as_int:99999999999999999999999:-");
    expect_get("/n/4.2", 200, "as_float:4.2:-");
    expect_get("/n/123e4567-e89b-12d3-a456-426614174000", 200, "as_uuid:123e4567-e89b-12d3-a456-426614174000:-");
    expect_get("/n/123E4567E89B12D3A456426614174000", 200, "as_uuid:123E4567E89B12D3A456426614174000:-");
    expect_get("/n/x", 200, "as_str:x:-");
    end();
}
END_TEST

START_TEST(converters_leave_what_is_not_theirs)
{
    SERVE(&as_int_route, &as_float_route, &as_uuid_route);
    static const char *const others[] = {"/n/-1",
                                         "/n/+1",
                                         "/n/1.",
                                         "/n/.5",
                                         "/n/1e5",
                                         "/n/4.2.",
                                         "/n/1_0",
                                         "/n/",
                                         "/n/123e4567-e89b-12d3-a456-42661417400",
                                         "/n/%D9%A1",
                                         "/n/123e4567-e89b-12d3-a456-4266141740000",
                                         "/n/1/2",
                                         "/n/%201",
                                         "/n/4,2"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        expect_get(others[i], 404, "{\"detail\":\"Not Found\"}");
    end();
}
END_TEST

START_TEST(a_str_parameter_is_never_empty)
{
    SERVE(&user_route);
    expect_get("/users/", 404, NULL);
    end();
}
END_TEST

ROUTE(file, "GET", "/files/{x:path}");
ROUTE(file_info, "GET", "/files/{x:path}/info");

START_TEST(a_path_parameter_spans_slashes_and_may_be_empty)
{
    SERVE(&file_info_route, &file_route);
    expect_get("/files/a/b/c//d", 200, "file:a/b/c//d:-");
    expect_get("/files/", 200, "file::-");
    expect_get("/files/a/b/info", 200, "file_info:a/b:-");
    expect_get("/files/a%2Fb", 200, "file:a/b:-");
    end();
}
END_TEST

ROUTE(range, "GET", "/range/{x:int}-{y:int}");
ROUTE(named, "GET", "/named/{x}.{y}");
ROUTE(wrapped, "GET", "/wrapped/v{x:int}.json");
ROUTE(floats, "GET", "/floats/{x:float}{y}");

START_TEST(a_segment_may_hold_two_parameters)
{
    SERVE(&range_route, &named_route, &wrapped_route, &floats_route);
    expect_get("/range/10-20", 200, "range:10:20");
    expect_get("/range/10-", 404, NULL);
    expect_get("/range/-20", 404, NULL);
    expect_get("/named/a.b.c", 200, "named:a.b:c");
    expect_get("/named/.b", 404, NULL);
    expect_get("/wrapped/v12.json", 200, "wrapped:12:-");
    expect_get("/wrapped/v12.jso", 404, NULL);
    expect_get("/floats/1.5", 200, "floats:1:.5");
    end();
}
END_TEST

ROUTE(deep_int, "GET", "/t/{x:int}/{y:int}/end");
ROUTE(deep_str, "GET", "/t/{x}/{y}/{z}");

START_TEST(a_branch_that_leads_nowhere_is_given_up)
{
    SERVE(&deep_int_route, &deep_str_route);
    expect_get("/t/1/2/end", 200, "deep_int:1:2");
    expect_get("/t/1/2/other", 200, "deep_str:1:2");
    expect_get("/t/1/b/end", 200, "deep_str:1:b");
    end();
}
END_TEST

START_TEST(a_parameter_is_decoded_after_the_path_was_split)
{
    SERVE(&user_route);
    expect_get("/users/a%20b%C3%A4", 200, "user:a b\xc3\xa4:-");
    expect_get("/users/a%2Fb", 404, NULL);
    end();
}
END_TEST

enum { MANY = 2000 };

START_TEST(many_routes_are_all_found)
{
    begin();
    static gr_route routes[MANY];
    static char paths[MANY][40], names[MANY][20];
    for (int i = 0; i < MANY; i++) {
        sprintf(paths[i], "/area%d/{x}/item%d", i % 50, i);
        sprintf(names[i], "item_%d", i);
        routes[i] = any_route;
        routes[i].path = paths[i];
        routes[i].name = names[i];
        ck_assert_int_eq(gr_app_add(app, &routes[i]), 0);
    }
    go();
    for (int i = 0; i < MANY; i += 37) {
        char target[60], wanted[60];
        sprintf(target, "/area%d/y/item%d", i % 50, i);
        sprintf(wanted, "item_%d:y:-", i);
        expect_get(target, 200, wanted);
    }
    expect_get("/area1/y/item2", 404, NULL);
    end();
}
END_TEST

START_TEST(an_application_without_operations_answers_404)
{
    begin();
    go();
    expect_get("/", 404, "{\"detail\":\"Not Found\"}");
    end();
}
END_TEST

START_TEST(another_method_is_405_with_those_of_every_route_of_the_path)
{
    SERVE(&me_route, &user_route, &user_post_route, &me_delete_route);
    gr_answer *answer = ask("PUT", "/users/me", NULL, NULL);
    ck_assert_int_eq(gr_answer_status(answer), 405);
    expect_header(answer, "Allow", "GET, DELETE, POST, HEAD, OPTIONS");
    expect_header(answer, "Content-Type", "application/json");
    ck_assert_str_eq(gr_answer_body(answer, NULL), "{\"detail\":\"Method Not Allowed\"}");
    gr_answer_free(answer);
    answer = ask("DELETE", "/users/you", NULL, NULL);
    expect_header(answer, "Allow", "GET, POST, HEAD, OPTIONS");
    gr_answer_free(answer);
    end();
}
END_TEST

START_TEST(options_is_204_with_allow)
{
    SERVE(&user_route, &user_post_route);
    gr_answer *answer = ask("OPTIONS", "/users/x", NULL, NULL);
    ck_assert_int_eq(gr_answer_status(answer), 204);
    expect_header(answer, "Allow", "GET, POST, HEAD, OPTIONS");
    gr_answer_free(answer);
    expect("OPTIONS", "/nowhere", 404, NULL);
    end();
}
END_TEST

ROUTE(own_head, "HEAD", "/users/{x}");
ROUTE(own_options, "OPTIONS", "/users/{x}");

START_TEST(an_own_options_route_is_used)
{
    SERVE(&user_route, &own_options_route);
    expect("OPTIONS", "/users/x", 200, "own_options:x:-");
    gr_answer *answer = ask("PUT", "/users/x", NULL, NULL);
    expect_header(answer, "Allow", "GET, OPTIONS, HEAD");
    gr_answer_free(answer);
    end();
}
END_TEST

START_TEST(head_goes_to_the_get_route)
{
    SERVE(&user_route);
    gr_answer *answer = ask("HEAD", "/users/x", NULL, NULL);
    ck_assert_int_eq(gr_answer_status(answer), 200);
    expect_header(answer, "Content-Length", "8");
    ck_assert_str_eq(gr_answer_body(answer, NULL), "");
    gr_answer_free(answer);
    end();
}
END_TEST

START_TEST(a_head_route_of_its_own_is_used)
{
    SERVE(&user_route, &own_head_route);
    gr_answer *answer = ask("HEAD", "/users/x", NULL, NULL);
    expect_header(answer, "Content-Length", "12");
    gr_answer_free(answer);
    expect_get("/users/x", 200, "user:x:-");
    end();
}
END_TEST

ROUTE(with_slash, "GET", "/with/");
ROUTE(without_slash, "GET", "/without");

static void expect_location(const char *target, const char *const *headers, const char *location)
{
    gr_answer *answer = ask("GET", target, headers, NULL);
    ck_assert_msg(gr_answer_status(answer) == 307, "%s: got %d", target, gr_answer_status(answer));
    expect_header(answer, "Location", location);
    expect_header(answer, "Content-Length", "0");
    gr_answer_free(answer);
}

START_TEST(a_slash_too_much_or_too_little_is_redirected)
{
    SERVE(&with_slash_route, &without_slash_route);
    expect_location("/with", NULL, "http://testserver/with/");
    expect_location("/without/", NULL, "http://testserver/without");
    expect_get("/with/", 200, NULL);
    expect_get("/without", 200, NULL);
    expect_get("/neither/", 404, NULL);
    expect_get("/", 404, NULL);
    end();
}
END_TEST

START_TEST(a_redirect_keeps_query_escapes_and_host)
{
    SERVE(&without_slash_route, &user_route);
    static const char *const headers[] = {"Host", "example.org:81", NULL};
    expect_location("/without/?a=b%20c&d", headers, "http://example.org:81/without?a=b%20c&d");
    expect_location("/users/a%20b/", headers, "http://example.org:81/users/a%20b");
    end();
}
END_TEST

START_TEST(a_redirect_counts_for_any_method)
{
    SERVE(&without_slash_route);
    expect("POST", "/without/", 307, "");
    end();
}
END_TEST

ROUTE(ends, "GET", "/{x:path}/end");

static const char *raw_answer(gr_test_conn *conn, const char *raw)
{
    gr_test_send(conn, raw, strlen(raw));
    return gr_test_received(conn, NULL);
}

START_TEST(a_redirect_without_a_host_never_names_another_server)
{
    SERVE(&ends_route);
    gr_test_conn *conn = gr_test_connect(test);
    const char *text = raw_answer(conn, "GET //evil.example/end/ HTTP/1.0\r\n\r\n");
    ck_assert_msg(!strstr(text, "location: //"), "got %s", text);
    gr_test_conn_destroy(conn);
    end();
}
END_TEST

ROUTE(purge, "PURGE", "/cache/{x}");

START_TEST(a_method_of_the_registry_may_be_routed)
{
    SERVE(&purge_route);
    expect("PURGE", "/cache/a", 200, "purge:a:-");
    expect("GET", "/cache/a", 405, NULL);
    end();
}
END_TEST

GR_GET("/root", names_itself);

START_TEST(matching_is_by_bytes_and_case)
{
    SERVE(&names_itself_route);
    expect_get("/Root", 404, NULL);
    expect_get("/root?x", 200, "names_itself");
    expect_get("/%72oot", 200, "names_itself");
    expect_get("/rootx", 404, NULL);
    expect_get("/roo", 404, NULL);
    end();
}
END_TEST

START_TEST(thousands_of_slashes_cost_little)
{
    SERVE(&deep_int_route, &deep_str_route, &ends_route);
    static char target[8001];
    memset(target, '/', 8000);
    expect_get(target, 404, NULL);
    end();
}
END_TEST

int main(void)
{
    test_list tests = {
        the_first_route_that_matches_wins,
        a_literal_route_declared_later_does_not_win,
        a_route_for_everything_declared_first_takes_everything,
        a_route_for_everything_declared_last_takes_the_rest,
        converters_take_what_is_theirs,
        converters_leave_what_is_not_theirs,
        a_str_parameter_is_never_empty,
        a_path_parameter_spans_slashes_and_may_be_empty,
        a_segment_may_hold_two_parameters,
        a_branch_that_leads_nowhere_is_given_up,
        a_parameter_is_decoded_after_the_path_was_split,
        many_routes_are_all_found,
        an_application_without_operations_answers_404,
        another_method_is_405_with_those_of_every_route_of_the_path,
        options_is_204_with_allow,
        an_own_options_route_is_used,
        head_goes_to_the_get_route,
        a_head_route_of_its_own_is_used,
        a_slash_too_much_or_too_little_is_redirected,
        a_redirect_keeps_query_escapes_and_host,
        a_redirect_counts_for_any_method,
        a_redirect_without_a_host_never_names_another_server,
        a_method_of_the_registry_may_be_routed,
        matching_is_by_bytes_and_case,
        thousands_of_slashes_cost_little,
        NULL,
    };
    return run_tests("router", tests, 20);
}
