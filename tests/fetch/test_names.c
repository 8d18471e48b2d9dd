/* Names: looked up by few threads, once for many requests, and for each place that a redirect leads to. The program's
 * own getaddrinfo() takes the place of the system's: "*.test" is this machine, if not "nowhere.test". */
#include <dirent.h>

#include "resolver.h"
#include "world.h"

enum { MANY = 60 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of all below */
static int looks, looking, most_looking;
static char looked_up[32][64]; /* the last ones */

static int held; /* atomic: none of them comes back */

static void note_look(const char *name)
{
    pthread_mutex_lock(&lock);
    snprintf(looked_up[looks++ % 32], sizeof looked_up[0], "%s", name);
    if (++looking > most_looking)
        most_looking = looking;
    pthread_mutex_unlock(&lock);
    do
        usleep(2000);
    while (__atomic_load_n(&held, __ATOMIC_RELAXED));
    pthread_mutex_lock(&lock);
    looking--;
    pthread_mutex_unlock(&lock);
}

static int looks_until_now(void)
{
    pthread_mutex_lock(&lock);
    int n = looks;
    pthread_mutex_unlock(&lock);
    return n;
}

static int most_at_once(void)
{
    pthread_mutex_lock(&lock);
    int n = most_looking;
    pthread_mutex_unlock(&lock);
    return n;
}

static bool was_looked_up(const char *name)
{
    bool was = false;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < 32 && !was; i++)
        was = strcmp(looked_up[i], name) == 0;
    pthread_mutex_unlock(&lock);
    return was;
}

static void forget_looks(void)
{
    pthread_mutex_lock(&lock);
    looks = most_looking = 0;
    memset(looked_up, 0, sizeof looked_up);
    pthread_mutex_unlock(&lock);
}

/* --- the site --- */

static gr_reply say_fields(gr_co co, gr_req *req)
{
    static const char *const names[] = {"Authorization", "Cookie", "Host", "Content-Type", "X-Own"};
    json_t *fields = json_object();
    (void)co;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (gr_header(req, names[i]))
            json_object_set_new(fields, names[i], json_string(gr_header(req, names[i])));
    return gr_json(
        req, json_pack("{s:s, s:s, s:o}", "method", gr_method(req), "body", gr_body(req, NULL), "fields", fields));
}
GR_GET("/fields", say_fields);
GR_ROUTE_AS(post_fields, "POST", "/fields", say_fields);

static gr_reply send_on(gr_co co, gr_req *req)
{
    (void)co;
    return gr_with_header(gr_with_status(gr_text(req, "on"), atoi(gr_query(req, "status"))), "Location",
                          gr_query(req, "to"));
}
GR_GET("/on", send_on);
GR_ROUTE_AS(post_on, "POST", "/on", send_on);

static int write_on(gr_co co, gr_writer *writer, void *arg)
{
    static const char block[4096];
    int rc;
    (void)arg;
    while ((rc = gr_write(co, writer, block, sizeof block)) == 0)
        continue;
    return rc;
}

static gr_reply send_on_endlessly(gr_co co, gr_req *req)
{
    (void)co;
    return gr_with_header(gr_with_status(gr_stream(req, "text/plain", write_on, NULL), 302), "Location", "/fields");
}
GR_GET("/on-endlessly", send_on_endlessly);

static void open_world(void)
{
    site.app = gr_app_create("names", "1");
    gr_app_add(site.app, &say_fields_route, &post_fields_route, &send_on_route, &post_on_route,
               &send_on_endlessly_route);
    on_look = note_look;
    __atomic_store_n(&held, 0, __ATOMIC_RELAXED);
    forget_looks();
}

/* An address on the site by a name; good for the eight last ones. */
static const char *at(const char *name, const char *target)
{
    static char urls[8][1000];
    static unsigned next;
    char *text = urls[next++ % 8];
    snprintf(text, sizeof urls[0], "http://%s:%d%s", name, site.port, target);
    return text;
}

/* --- how many threads --- */

static int count_threads(void)
{
    DIR *folder = opendir("/proc/self/task");
    int n = 0;
    while (readdir(folder))
        n++;
    closedir(folder);
    return n - 2;
}

CLIENT_TEST(names_that_are_given_up_leave_no_threads)
{
    gr_response response;
    __atomic_store_n(&held, 1, __ATOMIC_RELAXED);
    ck_assert_int_eq(gr_fetch(gr_within(co, 5), client, GR_FETCH(.url = at("first.test", "/fields")), &response),
                     GR_ETIMEDOUT);
    int before = count_threads();
    for (int i = 0; i < MANY; i++) {
        char name[40];
        sprintf(name, "n%d.test", i);
        gr_client *own = i % 2 ? client : NULL;
        ck_assert_int_eq(gr_fetch(gr_within(co, 5), own, GR_FETCH(.url = at(name, "/fields")), &response),
                         GR_ETIMEDOUT);
    }
    ck_assert_int_le(count_threads(), before + 4);
    ck_assert_int_le(most_at_once(), 4);
    __atomic_store_n(&held, 0, __ATOMIC_RELAXED);
    expect_answer(co, client, GR_FETCH(.url = at("last.test", "/fields")), 200, NULL);
    ck_assert_int_le(looks_until_now(), 6);
}

CLIENT_TEST(the_time_for_a_connection_counts_from_the_name_on)
{
    gr_client *brief;
    gr_client_options soon = {.size = sizeof soon, .connect_timeout_ms = 20};
    ck_assert_int_eq(gr_client_create(&brief, &soon), 0);
    __atomic_store_n(&held, 1, __ATOMIC_RELAXED);
    expect_failure(co, brief, GR_FETCH(.url = at("slow.test", "/fields")), GR_ETIMEDOUT, "");
    expect_failure(co, client, GR_FETCH(.url = at("slow.test", "/fields"), .timeout_ms = 20), GR_ETIMEDOUT, "");
    __atomic_store_n(&held, 0, __ATOMIC_RELAXED);
    gr_client_destroy(brief);
}

/* --- once for many --- */

struct crowd {
    gr_client *client;
    const char *url;
    int wanted;
};

static int fetch_one(gr_co co, void *arg)
{
    struct crowd *crowd = arg;
    gr_response response;
    int rc = gr_fetch(co, crowd->client, GR_FETCH(.url = crowd->url), &response);
    gr_response_finish(&response);
    ck_assert_int_eq(rc, crowd->wanted);
    return 0;
}

static void fetch_many(gr_co co, struct crowd crowd)
{
    gr_job jobs[MANY];
    for (int i = 0; i < MANY; i++)
        jobs[i] = (gr_job){fetch_one, &crowd};
    ck_assert_int_eq(gr_gather_n(co, jobs, MANY), 0);
}

CLIENT_TEST(many_requests_look_a_name_up_once)
{
    fetch_many(co, (struct crowd){client, at("Site.test", "/fields"), 0});
    ck_assert_int_eq(looks_until_now(), 1);
    expect_answer(co, client, GR_FETCH(.url = at("site.test", "/fields")), 200, NULL);
    ck_assert_int_eq(looks_until_now(), 1);
    expect_answer(co, client, GR_FETCH(.url = at("site.test.", "/fields")), 200, NULL);
    ck_assert_int_eq(looks_until_now(), 2);
    ck_assert(was_looked_up("site.test."));
}

CLIENT_TEST(a_failure_is_shared_by_those_that_wait_for_it_and_not_kept)
{
    fetch_many(co, (struct crowd){client, at("nowhere.test", "/fields"), -EHOSTUNREACH});
    ck_assert_int_eq(looks_until_now(), 1);
    expect_failure(co, client, GR_FETCH(.url = at("nowhere.test", "/")), -EHOSTUNREACH, "host: nowhere.test");
    ck_assert_int_eq(looks_until_now(), 2);
}

CLIENT_TEST(one_that_is_given_up_does_not_spoil_it_for_the_others)
{
    struct crowd crowd = {client, at("site.test", "/fields"), 0}, given_up = {client, crowd.url, GR_ECANCELED};
    gr_task *first, *second;
    __atomic_store_n(&held, 1, __ATOMIC_RELAXED);
    ck_assert_int_eq(gr_spawn(co, &first, fetch_one, &given_up), 0);
    ck_assert_int_eq(gr_spawn(co, &second, fetch_one, &crowd), 0);
    ck_assert_int_eq(gr_sleep(co, 20), 0);
    gr_cancel(first);
    ck_assert_int_eq(gr_join(co, first), 0);
    __atomic_store_n(&held, 0, __ATOMIC_RELAXED);
    ck_assert_int_eq(gr_join(co, second), 0);
}

CLIENT_TEST(more_names_than_are_kept_are_no_harm)
{
    for (int i = 0; i < 300; i++) {
        char name[40];
        sprintf(name, "n%d.test", i);
        expect_answer(co, client, GR_FETCH(.url = at(name, "/fields")), 200, NULL);
    }
}

CLIENT_TEST(figures_and_this_machine_need_no_looking_up)
{
    expect_answer(co, client, GR_FETCH(.url = at("127.0.0.1", "/fields")), 200, NULL);
    expect_answer(co, client, GR_FETCH(.url = at("0x7f.1", "/fields")), 200, NULL);
    expect_answer(co, client, GR_FETCH(.url = at("localhost", "/fields")), 200, NULL);
    expect_answer(co, client, GR_FETCH(.url = at("some.localhost", "/fields")), 200, NULL);
    expect_failure(co, client, GR_FETCH(.url = "http://[::1]:1/"), -ECONNREFUSED, "");
    ck_assert_int_eq(looks_until_now(), 0);
}

/* --- redirects --- */

static const char *on(const char *from, int status, const char *to)
{
    static char target[8][400];
    static unsigned next;
    char *text = target[next++ % 8];
    snprintf(text, sizeof target[0], "/on?status=%d&to=%s", status, to);
    return at(from, text);
}

static const char *const fields[] = {"Authorization", "Basic c2VjcmV0", "Cookie",       "a=1",      "Host", "a.example",
                                     "X-Own",         "kept",           "Content-Type", "text/own", NULL};

static void expect_at_the_end(gr_co co, gr_client *client, const char *url, const char *method, const char *wanted)
{
    gr_response response = expect(co, client,
                                  GR_FETCH(.url = url, .method = method, .headers = fields, .max_redirects = 3,
                                           .body = "b", .body_len = strcmp(method, "POST") == 0),
                                  200, NULL);
    char text[600];
    snprintf(text, sizeof text, wanted, site.port);
    ck_assert_str_eq(response.body, text);
    gr_response_finish(&response);
}

CLIENT_TEST(a_redirect_to_another_name_is_looked_up_too)
{
    expect_answer(co, client, GR_FETCH(.url = on("a.test", 302, at("b.test", "/fields")), .max_redirects = 1), 200,
                  NULL);
    ck_assert_int_eq(looks_until_now(), 2);
    ck_assert(was_looked_up("a.test") && was_looked_up("b.test"));
    expect_failure(co, client, GR_FETCH(.url = on("a.test", 302, "http://nowhere.test/"), .max_redirects = 1),
                   -EHOSTUNREACH, "host: nowhere.test");
}

CLIENT_TEST(secrets_go_to_no_other_origin)
{
    const char *kept = "{\"method\":\"GET\",\"body\":\"\",\"fields\":{\"Authorization\":\"Basic c2VjcmV0\",\"Cookie\":"
                       "\"a=1\",\"Host\":\"a.example\",\"Content-Type\":\"text/own\",\"X-Own\":\"kept\"}}",
               *dropped = "{\"method\":\"GET\",\"body\":\"\",\"fields\":{\"Host\":\"%s:%%d\",\"Content-Type\":"
                          "\"text/own\",\"X-Own\":\"kept\"}}";
    char at_b[300], at_a[300];
    snprintf(at_b, sizeof at_b, dropped, "b.test");
    snprintf(at_a, sizeof at_a, dropped, "a.test");
    expect_at_the_end(co, client, on("a.test", 302, "/fields"), "GET", kept);
    expect_at_the_end(co, client, on("a.test", 302, at("A.test", "/fields")), "GET", kept);
    expect_at_the_end(co, client, on("a.test", 302, at("b.test", "/fields")), "GET", at_b);
    char relative[100];
    snprintf(relative, sizeof relative, "//b.test:%d/fields", site.port);
    expect_at_the_end(co, client, on("a.test", 307, relative), "GET", at_b);
    char back[400];
    snprintf(back, sizeof back, "http://b.test:%d/on%%3Fstatus=302%%26to=%s", site.port, at("a.test", "/fields"));
    expect_at_the_end(co, client, on("a.test", 302, back), "GET", at_a);
}

CLIENT_TEST(the_user_of_a_url_goes_to_no_other_origin)
{
    gr_response response =
        expect(co, client, GR_FETCH(.url = on("user:secret@a.test", 302, "/fields"), .max_redirects = 1), 200, NULL);
    ck_assert_ptr_nonnull(strstr(response.body, "Authorization"));
    gr_response_finish(&response);
    response =
        expect(co, client, GR_FETCH(.url = on("user:secret@a.test", 302, at("b.test", "/fields")), .max_redirects = 1),
               200, NULL);
    ck_assert_ptr_null(strstr(response.body, "Authorization"));
    gr_response_finish(&response);
}

CLIENT_TEST(what_a_redirect_says_without_an_end_is_not_waited_for)
{
    expect_answer(co, client, GR_FETCH(.url = at("a.test", "/on-endlessly"), .max_redirects = 1, .timeout_ms = 20000),
                  200, NULL);
    gr_response response;
    gr_fetch_stream *stream;
    const char *data;
    size_t len;
    ck_assert_int_eq(gr_fetch_open(co, client, GR_FETCH(.url = at("a.test", "/on-endlessly"), .max_redirects = 1),
                                   &response, &stream),
                     0);
    ck_assert_int_eq(gr_fetch_read(co, stream, &data, &len), 0);
    ck_assert(len > 0 && *data == '{');
    gr_fetch_close(stream);
    gr_response_finish(&response);
}

CLIENT_TEST(what_becomes_a_get_says_nothing_of_a_body)
{
    const char *get = "{\"method\":\"GET\",\"body\":\"\",\"fields\":{\"Authorization\":\"Basic c2VjcmV0\",\"Cookie\":"
                      "\"a=1\",\"Host\":\"a.example\",\"X-Own\":\"kept\"}}",
               *post = "{\"method\":\"POST\",\"body\":\"b\",\"fields\":{\"Authorization\":\"Basic c2VjcmV0\","
                       "\"Cookie\":\"a=1\",\"Host\":\"a.example\",\"Content-Type\":\"text/own\",\"X-Own\":\"kept\"}}";
    expect_at_the_end(co, client, on("a.test", 303, "/fields"), "POST", get);
    expect_at_the_end(co, client, on("a.test", 301, "/fields"), "POST", get);
    expect_at_the_end(co, client, on("a.test", 307, "/fields"), "POST", post);
    expect_at_the_end(co, client, on("a.test", 308, "/fields"), "POST", post);
}

/* --- proxies --- */

/* Whose name is looked up for `host`; none comes to anything. */
static void expect_asked(gr_co co, gr_client *client, const char *host, const char *no_proxy, const char *wanted)
{
    gr_response response;
    char url[300];
    snprintf(url, sizeof url, "http://%s:1/", host);
    setenv("no_proxy", no_proxy, 1);
    forget_looks();
    int rc = gr_fetch(co, client, GR_FETCH(.url = url), &response);
    ck_assert_int_lt(rc, 0);
    ck_assert_msg(looks_until_now() == (*wanted != '\0') && (!*wanted || was_looked_up(wanted)),
                  "%s, no_proxy=%s: wanted \"%s\" looked up, got %d, \"%s\"", host, no_proxy, wanted, looks_until_now(),
                  looked_up[0]);
    unsetenv("no_proxy");
}

CLIENT_TEST(behind_a_proxy_only_its_own_name_is_looked_up)
{
    static const char *const cases[][3] = {
        {"nowhere.test", "", "proxy.invalid"},
        {"nowhere.test", "example.com", "proxy.invalid"},
        {"nowhere.test", "*", "nowhere.test"},
        {"nowhere.test", "nowhere.test", "nowhere.test"},
        {"nowhere.test", "a.test, .TEST", "nowhere.test"},
        {"nowhere.test", "where.test", "proxy.invalid"},
        {"nowhere.test", "a.nowhere.test", "proxy.invalid"},
        {"no.invalid.", "invalid.", "no.invalid."},
        {"no.invalid", "invalid.", "no.invalid"},
        {"no.invalid.", "invalid", "no.invalid."},
        {"127.0.0.1", "", "proxy.invalid"},
        {"127.0.0.1", "127.0.0.1", ""},
        {"127.0.0.1", "127.0.0.0/8", ""},
        {"127.0.0.1", "126.0.0.0/8,126.0.0.0/7", ""},
        {"127.0.0.1", "127.0.0.0/x,127.0.0.1/33,127.0.0.2", "proxy.invalid"},
        {"[::1]", "::1", ""},
        {"[::1]", "::/64", ""},
        {"[::1]", "::2/127", "proxy.invalid"},
        {"localhost", "localhost", ""},
    };
    gr_client *by_environment;
    setenv("http_proxy", "http://proxy.invalid", 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(gr_client_create(&by_environment, NULL), 0);
        expect_asked(co, by_environment, cases[i][0], cases[i][1], cases[i][2]);
        gr_client_destroy(by_environment);
    }
    (void)client;
}

CLIENT_TEST(a_proxy_of_the_options_is_for_all_requests)
{
    static const char *const proxies[][2] = {{"http://proxy.invalid:99", "proxy.invalid"},
                                             {"proxy.invalid", "proxy.invalid"},
                                             {"socks5h://proxy.invalid", "proxy.invalid"},
                                             {"", "nowhere.test"}};
    setenv("http_proxy", "http://elsewhere.invalid", 1);
    for (size_t i = 0; i < sizeof proxies / sizeof *proxies; i++) {
        gr_client *own;
        gr_client_options with = {.size = sizeof with, .proxy = proxies[i][0]};
        ck_assert_int_eq(gr_client_create(&own, &with), 0);
        expect_asked(co, own, "nowhere.test", "*", proxies[i][1]);
        gr_client_destroy(own);
    }
    (void)client;
}

CLIENT_TEST(a_proxy_that_wants_an_address_gets_one)
{
    gr_client *own;
    gr_client_options with = {.size = sizeof with, .proxy = "socks5://proxy.test:1"};
    ck_assert_int_eq(gr_client_create(&own, &with), 0);
    forget_looks();
    expect_failure(co, own, GR_FETCH(.url = "http://site.test/"), -ECONNREFUSED, "");
    ck_assert(was_looked_up("proxy.test") && was_looked_up("site.test"));
    gr_client_destroy(own);
    (void)client;
}

CLIENT_TEST(a_proxy_by_its_name_is_asked)
{
    struct liar proxy;
    gr_client *own;
    char there[100];
    const char *port = strrchr(begin_lying(&proxy, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nproxied"), ':');
    snprintf(there, sizeof there, "http://proxy.test%s", port);
    ck_assert_int_eq(gr_client_create(&own, &(gr_client_options){.size = sizeof options, .proxy = there}), 0);
    expect_answer(co, own, GR_FETCH(.url = "http://site.invalid/"), 200, "proxied");
    ck_assert_int_eq(looks_until_now(), 1);
    gr_client_destroy(own);
    end_lying(&proxy);
    (void)client;
}

/* --- descriptors --- */

CLIENT_TEST(connections_go_to_no_child)
{
    int kept = 0;
    expect_answer(co, client, GR_FETCH(.url = at("site.test", "/fields")), 200, NULL);
    for (int fd = 3; fd < 1000; fd++) {
        struct sockaddr_in peer = {0};
        socklen_t len = sizeof peer;
        if (getpeername(fd, (struct sockaddr *)&peer, &len) < 0 || ntohs(peer.sin_port) != site.port)
            continue;
        kept++;
        ck_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    }
    ck_assert_int_eq(kept, 1);
}

int main(void)
{
    const test_list tests = {names_that_are_given_up_leave_no_threads,
                             the_time_for_a_connection_counts_from_the_name_on,
                             many_requests_look_a_name_up_once,
                             a_failure_is_shared_by_those_that_wait_for_it_and_not_kept,
                             one_that_is_given_up_does_not_spoil_it_for_the_others,
                             more_names_than_are_kept_are_no_harm,
                             figures_and_this_machine_need_no_looking_up,
                             a_redirect_to_another_name_is_looked_up_too,
                             secrets_go_to_no_other_origin,
                             the_user_of_a_url_goes_to_no_other_origin,
                             what_becomes_a_get_says_nothing_of_a_body,
                             what_a_redirect_says_without_an_end_is_not_waited_for,
                             behind_a_proxy_only_its_own_name_is_looked_up,
                             a_proxy_of_the_options_is_for_all_requests,
                             a_proxy_that_wants_an_address_gets_one,
                             a_proxy_by_its_name_is_asked,
                             connections_go_to_no_child,
                             NULL};
    return run_tests("fetch names", tests, 30);
}
