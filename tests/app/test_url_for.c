/* URLs of operations, by name and by route. */
#include <griddle/openapi.h>
#include <griddle/router.h>
#include <griddle/url.h>

#include "app_test.h"

#define SAYS_NAME(fn) \
    static gr_reply fn(gr_co co, gr_req *req) \
    { \
        return say_name(co, req); \
    } \
    struct fn

SAYS_NAME(read_item);
GR_GET("/items/{item_id:int}", read_item);
SAYS_NAME(read_file);
GR_GET("/files/{name}/of/{rest:path}", read_file);
SAYS_NAME(any);
GR_GET("/{rest:path}", any);
SAYS_NAME(measure);
GR_GET("/measures/{at:float}", measure);
SAYS_NAME(thing);
GR_GET("/things/{id:uuid}", thing);
SAYS_NAME(two);
GR_GET("/a b/{x}-{y:int}", two);

/* What the handler of /ask makes. */
static const char *(*question)(gr_req *req);

static gr_reply ask(gr_co co, gr_req *req)
{
    (void)co;
    const char *url = question(req);
    return gr_text(req, url ? url : "none");
}
GR_GET("/ask", ask);

static gr_reply ask_blocking(gr_req *req)
{
    const char *url = question(req);
    return gr_text(req, url ? url : "none");
}
GR_GET("/ask-blocking", ask_blocking);

static const char *(*const no_question)(gr_req *req) = NULL;

static gr_test *test;
static gr_app *app;

static void begin(void)
{
    app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(app, &ask_route, &ask_blocking_route, &read_item_route, &read_file_route,
                                &measure_route, &thing_route, &two_route, &any_route),
                     0);
    test = serve(app);
    question = no_question;
}

#define ASK(target, wanted, url) \
    do { \
        question = url; \
        check_get(test, target, 200, wanted); \
    } while (0)

/* A function of one expression. */
#define URL(id, expression) \
    static const char *id(gr_req *req) \
    { \
        return expression; \
    } \
    struct id

URL(by_name, gr_url_for(req, "read_item", "item_id", 7));
URL(by_route, GR_URL_FOR(req, read_item, "item_id", (uint64_t)7));
URL(of_text, gr_url_for(req, "read_item", "item_id", "0042"));

START_TEST(an_operation_is_found_by_its_name_or_its_route)
{
    begin();
    ASK("/ask", "/items/7", by_name);
    ASK("/ask", "/items/7", by_route);
    ASK("/ask", "/items/0042", of_text);
    ASK("/ask-blocking", "/items/7", by_name);
    end(test, app);
}
END_TEST

URL(escaped, gr_url_for(req, "read_file", "name", "a/b c%\xc3\xa9?#", "rest", "x/y z//\xc3\xa9"));
URL(pair, gr_url_for(req, "two", "y", 3, "x", "~a:b@c-._"));
URL(uuid, gr_url_for(req, "thing", "id", ((gr_uuid){{0x12, 0x34, [15] = 0xff}})));
URL(number, GR_URL_FOR(req, measure, "at", 1.5));
URL(large, GR_URL_FOR(req, measure, "at", 1e20));
URL(whole, GR_URL_FOR(req, measure, "at", 3.0f));
URL(nothing, GR_URL_FOR(req, any, "rest", ""));
URL(ask_itself, GR_URL_FOR(req, ask));

START_TEST(values_are_written_as_their_converters_read_them)
{
    begin();
    ASK("/ask", "/files/a%2Fb%20c%25%C3%A9%3F%23/of/x/y%20z//%C3%A9", escaped);
    ASK("/ask", "/a%20b/~a:b@c-._-3", pair);
    ASK("/ask", "/things/12340000-0000-0000-0000-0000000000ff", uuid);
    ASK("/ask", "/measures/1.5", number);
    ASK("/ask", "/measures/100000000000000000000", large);
    ASK("/ask", "/measures/3", whole);
    ASK("/ask", "/", nothing);
    ASK("/ask", "/ask", ask_itself);
    check_get(test, "/a%20b/~a:b@c-._-3", 200, "two");
    end(test, app);
}
END_TEST

URL(of_a_host, GR_URL_FOR(req, any, "rest", "/evil.com/x"));

START_TEST(none_names_another_host)
{
    begin();
    ASK("/ask", "/%2Fevil.com/x", of_a_host);
    check_get(test, "/%2Fevil.com/x", 200, "any");
    end(test, app);
}
END_TEST

URL(unknown, gr_url_for(req, "read_itme", "item_id", 7));
URL(missing, gr_url_for(req, "read_item"));
URL(superfluous, gr_url_for(req, "read_item", "item_id", 7, "q", "x"));
URL(no_int, gr_url_for(req, "read_item", "item_id", "7x"));
URL(negative, gr_url_for(req, "read_item", "item_id", -1));
URL(empty, gr_url_for(req, "read_file", "name", "", "rest", "x"));
URL(null, gr_url_for(req, "read_file", "name", (const char *)NULL, "rest", "x"));
URL(no_uuid, gr_url_for(req, "thing", "id", "12"));
URL(dots, gr_url_for(req, "read_file", "name", "..", "rest", "x"));
URL(hidden_dots, gr_url_for(req, "read_file", "name", "a/../b", "rest", "x"));
URL(dots_in_a_path, gr_url_for(req, "any", "rest", "x/../y"));
URL(backslash, gr_url_for(req, "any", "rest", "x\\y"));
URL(no_utf8, gr_url_for(req, "any", "rest", "\xff"));
URL(infinite, gr_url_for(req, "measure", "at", 1e308 * 10));

static void check_none(const char *(*url)(gr_req *req), const char *why)
{
    begin();
    begin_capture();
    question = url;
    gr_answer *answer = gr_test_request(test, "GET", "/ask", NULL, NULL, 0);
    char *text = end_capture();
    check_answer(answer, 200, "none");
    HAS(text, "operation \"ask\": no URL");
    HAS(text, why);
    gr_answer_free(answer);
    free(text);
    end(test, app);
}

START_TEST(what_cannot_be_made_is_none_and_says_why)
{
    check_none(unknown, "no operation is called \"read_itme\"");
    check_none(missing, "no URL of read_item: \"{item_id}\" has no value");
    check_none(superfluous, "no URL of read_item: there is no \"{q}\" in \"/items/{item_id:int}\"");
    check_none(no_int, "\"7x\" is no value of \"{item_id}\"");
    check_none(negative, "\"-1\" is no value of \"{item_id}\"");
    check_none(empty, "\"\" is no value of \"{name}\"");
    check_none(null, "\"\" is no value of \"{name}\"");
    check_none(no_uuid, "\"12\" is no value of \"{id}\"");
    check_none(dots, "\"/files/../of/x\" is refused");
    check_none(hidden_dots, "is refused");
    check_none(dots_in_a_path, "is refused");
    check_none(backslash, "is refused");
    check_none(no_utf8, "is refused");
    check_none(infinite, "is no value of \"{at}\"");
}
END_TEST

/* --- routers and mounts --- */

static GR_ROUTER(items, "/items-of/{who}", .routes = GR_ROUTES(&read_item_route));
static GR_ROUTER(shop, "/shop", .routes = GR_ROUTES(&ask_route, &any_route), .routers = GR_ROUTERS(&items_router));

URL(item_of, gr_url_for(req, "items:read_item", "who", "me", "item_id", 7));
URL(item_short, gr_url_for(req, "read_item", "who", "me", "item_id", 7));
URL(item_route, GR_URL_FOR(req, read_item, "who", "me", "item_id", 7));
URL(item_there, gr_url_for(req, "shop:items:read_item@/v2/shop/items-of/{who}", "who", "me", "item_id", 7));
URL(item_no_end, gr_url_for(req, "ad_item", "who", "me", "item_id", 7));

START_TEST(links_stay_in_the_inclusion_that_asks)
{
    app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_include(app, &shop_router, .prefix = "/v1"), 0);
    ck_assert_int_eq(gr_app_include(app, &shop_router, .prefix = "/v2"), 0);
    test = serve(app);
    ASK("/v1/shop/ask", "/v1/shop/items-of/me/items/7", item_of);
    ASK("/v2/shop/ask", "/v2/shop/items-of/me/items/7", item_of);
    ASK("/v2/shop/ask", "/v2/shop/items-of/me/items/7", item_short);
    ASK("/v2/shop/ask", "/v2/shop/items-of/me/items/7", item_route);
    ASK("/v1/shop/ask", "/v2/shop/items-of/me/items/7", item_there);
    ASK("/v1/shop/ask", "none", item_no_end);
    end(test, app);
}
END_TEST

URL(of_mounted, gr_url_for(req, "admin:read_item", "item_id", 7));

START_TEST(urls_begin_with_root_path_and_mount)
{
    app = gr_app_create("outer", "1");
    gr_app *inner = gr_app_create("inner", "1");
    gr_app_info info = {.size = sizeof info, .root_path = "/api"};
    ck_assert_int_eq(gr_app_describe(app, &info), 0);
    ck_assert_int_eq(gr_app_add(app, &ask_route, &any_route), 0);
    ck_assert_int_eq(gr_app_add(inner, &ask_route, &read_item_route), 0);
    gr_app *whole_app = gr_app_create("whole", "1");
    ck_assert_int_eq(gr_app_describe(whole_app, &info), 0);
    ck_assert_int_eq(gr_app_add(whole_app, &ask_route), 0);
    ck_assert_int_eq(gr_app_mount(whole_app, "/admin", inner), 0);
    ck_assert_int_eq(gr_app_add(whole_app, &any_route), 0);
    test = serve(whole_app);
    ASK("/ask", "/api/admin/items/7", of_mounted);
    ASK("/ask", "/api/admin/items/7", by_route);
    ASK("/admin/ask", "/api/admin/items/7", by_name);
    ASK("/admin/ask", "/api/admin/ask", ask_itself);
    ASK("/ask", "/api/ask", ask_itself);
    ASK("/admin/ask", "/api//evil.com/x", of_a_host);
    end(test, whole_app);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    return run_tests("url_for",
                     (test_list){an_operation_is_found_by_its_name_or_its_route,
                                 values_are_written_as_their_converters_read_them, none_names_another_host,
                                 what_cannot_be_made_is_none_and_says_why, links_stay_in_the_inclusion_that_asks,
                                 urls_begin_with_root_path_and_mount, NULL},
                     10);
}
