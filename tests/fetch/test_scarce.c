/* Out of memory: each allocation of the client's fails in turn, and so does each of libcurl's. What could not be sent
 * is told, nothing is left behind, and the client serves on. */
#include <curl/curl.h>

#include "app/scarce.h"
#include "resolver.h"
#include "world.h"

char *__wrap_strdup(const char *text);

char *__wrap_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = __wrap_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

static gr_reply hello(gr_co co, gr_req *req)
{
    (void)co;
    return gr_with_header(gr_text(req, "hello"), "X-A", "1");
}
GR_GET("/hello", hello);

static gr_reply send_on(gr_co co, gr_req *req)
{
    (void)co;
    return gr_redirect(req, gr_printf(req, "http://other.test:%d/hello", site.port));
}
GR_GET("/on", send_on);

static void open_world(void)
{
    site.app = gr_app_create("scarce", "1");
    gr_app_add(site.app, &hello_route, &send_on_route);
}

static bool failed; /* an allocation, in the last attempt */

/* Check allocates too, so nothing is asserted before. */
static int end_scarcity(int rc)
{
    failed = has_failed();
    plenty();
    return rc;
}

typedef int attempt(gr_co co, gr_client *client);

/* Each time one allocation later, until there is enough; how often there was not. */
static int try_until_it_works(gr_co co, gr_client *client, attempt *try, bool once_only)
{
    int n = 0, rc = GR_ENOMEM;
    for (failed = true; failed; n++) {
        once = once_only;
        left = n;
        rc = try(co, client);
        ck_assert_msg(rc == 0 || (rc == GR_ENOMEM && failed), "allocation %d: %d", n, rc);
        ck_assert_int_lt(n, 1000);
    }
    ck_assert_int_eq(rc, 0);
    expect_get(co, client, "/hello", 200, "hello");
    return n - 1;
}

static int fetch_hello(gr_co co, gr_client *client)
{
    static const char *const headers[] = {"X-A", "1", NULL};
    gr_response response;
    int rc = end_scarcity(gr_fetch(co, client, GR_FETCH(.url = url("/hello"), .headers = headers), &response));
    ck_assert_msg(strcasecmp(response.error, rc ? "out of memory" : "") == 0, "\"%s\"", response.error);
    ck_assert(rc != 0 || strcmp(response.body, "hello") == 0);
    gr_response_finish(&response);
    return rc;
}

static int fetch_alone(gr_co co, gr_client *client)
{
    (void)client;
    return fetch_hello(co, NULL);
}

static int fetch_stream(gr_co co, gr_client *client)
{
    gr_response response;
    gr_fetch_stream *stream;
    const char *data;
    size_t len;
    int rc = gr_fetch_open(co, client, GR_FETCH(.url = url("/hello")), &response, &stream);
    bool is_open = rc == 0;
    if (is_open)
        rc = gr_fetch_read(co, stream, &data, &len);
    rc = end_scarcity(rc);
    ck_assert(is_open || stream == NULL);
    ck_assert_msg(strcasecmp(response.error, rc ? "out of memory" : "") == 0, "\"%s\"", response.error);
    gr_fetch_close(stream);
    gr_response_finish(&response);
    return rc;
}

/* A client of its own knows no name yet. */
static int fetch_by_names(gr_co co, gr_client *client)
{
    char there[100];
    gr_response response;
    (void)client;
    snprintf(there, sizeof there, "http://site.test:%d/on", site.port);
    int rc = end_scarcity(gr_fetch(co, NULL, GR_FETCH(.url = there, .max_redirects = 1), &response));
    ck_assert_msg(strcasecmp(response.error, rc ? "out of memory" : "") == 0, "\"%s\"", response.error);
    ck_assert(rc != 0 || strcmp(response.body, "hello") == 0);
    gr_response_finish(&response);
    return rc;
}

CLIENT_TEST(each_allocation_of_the_client_may_fail)
{
    attempt *const attempts[] = {fetch_hello, fetch_alone, fetch_stream, fetch_by_names};
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        ck_assert_int_gt(try_until_it_works(co, client, attempts[i], false), 2);
        ck_assert_int_gt(try_until_it_works(co, client, attempts[i], true), 2);
    }
}

CLIENT_TEST(a_socket_that_cannot_be_watched_ends_one_request)
{
    gr_client *fresh;
    (void)client;
    for (int n = 0; n < 2; n++) {
        ck_assert_int_eq(gr_client_create(&fresh, NULL), 0);
        ck_assert_int_gt(try_until_it_works(co, fresh, fetch_hello, n == 1), 3);
        gr_client_destroy(fresh);
    }
}

static int create_client(void)
{
    gr_client *client;
    int rc = gr_client_create(&client, &(gr_client_options){.size = sizeof options, .ca_file = "/x", .proxy = ""});
    plenty();
    ck_assert(rc == 0 || client == NULL);
    gr_client_destroy(client);
    return rc;
}

START_TEST(each_allocation_of_a_new_client_may_fail)
{
    int n = 0, rc = GR_ENOMEM;
    for (; rc != 0; n++) {
        once = true;
        left = n;
        rc = create_client();
        ck_assert_msg(rc == 0 || rc == GR_ENOMEM, "allocation %d: %d", n, rc);
    }
    ck_assert_int_eq(n - 1, 4);
}
END_TEST

int main(void)
{
    const test_list tests = {each_allocation_of_the_client_may_fail, a_socket_that_cannot_be_watched_ends_one_request,
                             each_allocation_of_a_new_client_may_fail, NULL};
    return run_tests("fetch scarce", tests, 60);
}
