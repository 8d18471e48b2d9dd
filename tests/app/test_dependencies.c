/* Dependencies: the four shapes, the order in which they run, and what an operation answers where one refuses. */
#include <griddle/dependency.h>
#include <pthread.h>

#include "app_test.h"

static char trace[400];

static int note(const char *what)
{
    size_t len = strlen(trace);
    snprintf(trace + len, sizeof trace - len, "%s ", what);
    return 0;
}

struct db {
    int n;
};
struct user {
    int64_t id;
    const char *token;
};

static struct db the_db = {7};

static int database(gr_co co, gr_req *req, struct db **db)
{
    (void)req;
    note("database");
    *db = &the_db;
    return gr_yield(co);
}
GR_DEPENDENCY(database, struct db *);

struct current_user {
    const char *token;
    struct db *db;
};
static GR_INPUT(current_user, GR_HEADER(token, .alias = "x-token"), GR_NEEDS(db, database));
static int current_user(gr_req *req, const struct current_user *in, struct user *user)
{
    note("current_user");
    ck_assert_ptr_eq(in->db, &the_db);
    if (strcmp(in->token, "bad") == 0)
        return gr_fail(req, 401, "who?");
    *user = (struct user){.id = in->db->n, .token = in->token};
    return 0;
}
GR_DEPENDENCY(current_user, struct user);

struct page {
    int64_t skip;
};
struct paging {
    int64_t skip;
};
static GR_INPUT(paging, GR_QUERY(skip, GR_DEFAULT(0), GR_GE(0)));
static int paging(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct paging *in, struct page *page)
{
    note("paging");
    page->skip = in->skip * 10;
    return 0;
}
GR_DEPENDENCY(paging, struct page);

static int count(GR_UNUSED gr_req *req, int *value)
{
    note("count");
    *value = 3;
    return 0;
}
GR_DEPENDENCY(count, int);

struct read_me {
    const struct user *user;
    struct db *db;
    struct page page;
    int count;
    bool brief;
};
static GR_INPUT(read_me, GR_NEEDS(user, current_user), GR_NEEDS(db, database), GR_NEEDS(page, paging),
                GR_NEEDS(count, count), GR_QUERY(brief, GR_DEFAULT(false)));
static gr_reply say_me(gr_req *req, const struct read_me *in)
{
    note("handler");
    return gr_text(req, gr_printf(req, "%d %s %d %d %d %d", (int)in->user->id, in->user->token, in->db->n,
                                  (int)in->page.skip, in->count, in->brief));
}
static gr_reply read_me(GR_UNUSED gr_co co, gr_req *req, const struct read_me *in)
{
    return say_me(req, in);
}
GR_GET("/me", read_me);

struct read_me_blocking {
    const struct user *user;
    struct page page;
    int count;
};
static GR_INPUT(read_me_blocking, GR_NEEDS(page, paging), GR_NEEDS(user, current_user), GR_NEEDS(count, count));
static gr_reply read_me_blocking(gr_req *req, const struct read_me_blocking *in)
{
    note("handler");
    return gr_text(req, gr_printf(req, "%d %d %d", (int)in->user->id, (int)in->page.skip, in->count));
}
GR_GET("/me/blocking", read_me_blocking);

static int verify(GR_UNUSED gr_co co, gr_req *req)
{
    note("verify");
    return gr_query(req, "refuse") ? gr_fail(req, 403, "no") : 0;
}
GR_GUARD(verify);

struct verify_key {
    const char *key;
};
static GR_INPUT(verify_key, GR_HEADER(key, .alias = "x-key"));
static int verify_key(gr_req *req, const struct verify_key *in)
{
    note("verify_key");
    return strcmp(in->key, "k") == 0 ? 0 : gr_fail(req, 400, "X-Key header invalid");
}
GR_GUARD(verify_key);

static gr_reply guarded(GR_UNUSED gr_co co, gr_req *req)
{
    note("handler");
    return gr_text(req, "in");
}
GR_GET("/guarded", guarded, .needs = GR_DEPENDENCIES(&verify_dependency, &verify_key_dependency));

struct guarded_read {
    struct db *db;
};
static GR_INPUT(guarded_read, GR_NEEDS(db, database));
static gr_reply guarded_read(GR_UNUSED gr_co co, gr_req *req, GR_UNUSED const struct guarded_read *in)
{
    note("handler");
    return gr_text(req, "in");
}
GR_GET("/guarded/read", guarded_read, .needs = GR_DEPENDENCIES(&verify_dependency));

static gr_app *app;
static gr_test *test;

static void begin(void)
{
    trace[0] = '\0';
    app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(app, &read_me_route, &read_me_blocking_route, &guarded_route, &guarded_read_route), 0);
    test = serve(app);
}

/* With a header field, unless its name is NULL. */
static void get_with(const char *target, const char *name, const char *value, int status, const char *body)
{
    const char *const headers[] = {name, value, NULL};
    trace[0] = '\0';
    gr_answer *answer = gr_test_request(test, "GET", target, headers, NULL, 0);
    check_answer(answer, status, body);
    gr_answer_free(answer);
}

START_TEST(each_shape_gives_its_value_by_copy_or_by_pointer)
{
    begin();
    get_with("/me?skip=2&brief=1", "X-Token", "t", 200, "7 t 7 20 3 1");
    end(test, app);
}
END_TEST

START_TEST(what_is_needed_runs_first_in_the_order_of_the_tables_and_once)
{
    begin();
    get_with("/me", "X-Token", "t", 200, NULL);
    ck_assert_str_eq(trace, "database current_user paging count handler ");
    get_with("/me/blocking?skip=1", "X-Token", "t", 200, "7 10 3");
    ck_assert_str_eq(trace, "paging database current_user count handler ");
    end(test, app);
}
END_TEST

START_TEST(a_failure_ends_it_at_once)
{
    begin();
    get_with("/me", "X-Token", "bad", 401, "{\"detail\":\"who?\"}");
    ck_assert_str_eq(trace, "database current_user ");
    get_with("/me/blocking", "X-Token", "bad", 401, "{\"detail\":\"who?\"}");
    ck_assert_str_eq(trace, "paging database current_user ");
    end(test, app);
}
END_TEST

START_TEST(a_failure_wins_over_what_is_wrong_in_inputs)
{
    begin();
    get_with("/me?skip=x&brief=maybe", "X-Token", "bad", 401, "{\"detail\":\"who?\"}");
    end(test, app);
}
END_TEST

#define MISSING_TOKEN \
    "{\"type\":\"missing\",\"loc\":[\"header\",\"x-token\"],\"msg\":\"Field required\",\"input\":null}"

START_TEST(what_all_inputs_got_wrong_is_one_list_and_who_is_right_runs)
{
    begin();
    get_with("/me?skip=-1&brief=maybe", NULL, NULL, 422,
             "{\"detail\":[" MISSING_TOKEN ",{\"type\":\"greater_than_equal\",\"loc\":[\"query\",\"skip\"],"
             "\"msg\":\"Input should be greater than or equal to 0\",\"input\":\"-1\",\"ctx\":{\"ge\":0}},"
             "{\"type\":\"bool_parsing\",\"loc\":[\"query\",\"brief\"],\"msg\":\"Input should be a valid boolean, "
             "unable to interpret input\",\"input\":\"maybe\"}]}");
    ck_assert_str_eq(trace, "database count ");
    get_with("/me/blocking", NULL, NULL, 422, "{\"detail\":[" MISSING_TOKEN "]}");
    ck_assert_str_eq(trace, "paging database count ");
    end(test, app);
}
END_TEST

START_TEST(guards_of_a_list_run_in_its_order_before_what_the_handler_needs)
{
    begin();
    get_with("/guarded", "X-Key", "k", 200, "in");
    ck_assert_str_eq(trace, "verify verify_key handler ");
    get_with("/guarded", "X-Key", "other", 400, "{\"detail\":\"X-Key header invalid\"}");
    get_with("/guarded?refuse=1", NULL, NULL, 403, NULL);
    ck_assert_str_eq(trace, "verify ");
    get_with("/guarded/read", NULL, NULL, 200, NULL);
    ck_assert_str_eq(trace, "verify database handler ");
    end(test, app);
}
END_TEST

static int breaks(GR_UNUSED gr_req *req)
{
    return GR_EINVAL;
}
GR_GUARD(breaks);
static gr_reply broken(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_text(req, "");
}
GR_GET("/broken", broken, .needs = GR_DEPENDENCIES(&verify_dependency, &breaks_dependency));

START_TEST(one_that_breaks_is_a_500_and_named)
{
    MAKE_APP(made, &broken_route);
    gr_test *t = serve(made);
    begin_capture();
    gr_answer *answer = gr_test_get(t, "/broken");
    char *text = end_capture();
    check_answer(answer, 500, "Internal Server Error");
    HAS(text, "operation \"broken\": dependency \"breaks\" failed: -22 (invalid argument)");
    gr_answer_free(answer);
    free(text);
    end(t, made);
}
END_TEST

static pthread_t loop_thread;

static int on_loop(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, bool *value)
{
    *value = pthread_equal(pthread_self(), loop_thread);
    return 0;
}
GR_DEPENDENCY(on_loop, bool);
static int on_thread(GR_UNUSED gr_req *req, bool *value)
{
    *value = !pthread_equal(pthread_self(), loop_thread);
    return 0;
}
GR_DEPENDENCY(on_thread, bool);
struct where {
    bool on_loop, on_thread;
};
static GR_INPUT(where, GR_NEEDS(on_loop, on_loop), GR_NEEDS(on_thread, on_thread));
static gr_reply where(GR_UNUSED gr_co co, gr_req *req, const struct where *in)
{
    return gr_text(req, in->on_loop && in->on_thread ? "each" : "not");
}
GR_GET("/where", where);

START_TEST(each_runs_where_its_type_says)
{
    MAKE_APP(made, &where_route);
    loop_thread = pthread_self();
    gr_test *t = serve(made);
    check_get(t, "/where", 200, "each");
    end(t, made);
}
END_TEST

int main(void)
{
    return run_tests("app dependencies",
                     (test_list){each_shape_gives_its_value_by_copy_or_by_pointer,
                                 what_is_needed_runs_first_in_the_order_of_the_tables_and_once,
                                 a_failure_ends_it_at_once, a_failure_wins_over_what_is_wrong_in_inputs,
                                 what_all_inputs_got_wrong_is_one_list_and_who_is_right_runs,
                                 guards_of_a_list_run_in_its_order_before_what_the_handler_needs,
                                 one_that_breaks_is_a_500_and_named, each_runs_where_its_type_says, NULL},
                     10);
}
