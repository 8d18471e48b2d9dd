/* Regular expressions that take long: what a client sees of it, and that nobody else does. */
#include <semaphore.h>

#include "app_test.h"
#include "rig.h"

#define REPLY_IT(id) \
    static gr_reply id(gr_co co, gr_req *req, const struct id *in) \
    { \
        (void)co; \
        return id##_reply(req, in); \
    }

#define LIMIT(loc, pattern, input) \
    "{\"type\":\"string_pattern_limit\",\"loc\":[" loc \
    "],\"msg\":\"String takes more steps to match pattern '" pattern \
    "' than one request may take\",\"input\":\"" input "\",\"ctx\":{\"pattern\":\"" pattern "\"}}"

#define EVIL "^([a-z]+)+$"
#define SLOW "aaaaaaaaaaaaaaaaaaaaaaaaaaaa!"

struct names {
    const char *name;
    gr_strings tags;
    GR_MAP_OF(const char *) notes;
};
static GR_INPUT(names, GR_FIELD(name, .pattern = EVIL, GR_DEFAULT("a")),
                GR_LIST(tags, GR_DEFAULT_EMPTY, .pattern = EVIL),
                GR_MAP(notes, GR_DEFAULT_EMPTY, .pattern = EVIL));
static gr_reply names(gr_co co, gr_req *req, const struct names *in)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%s %zu %zu", in->name, in->tags.len, in->notes.len));
}
GR_POST("/names", names);

struct search {
    const char *q;
};
static GR_INPUT(search, GR_QUERY(q, .pattern = "^(\\w+\\s?)+$"));
static GR_MODEL(search, GR_FIELD(q));
REPLY_IT(search)
GR_GET("/search", search);

struct plain {
    const char *text;
};
static GR_INPUT(plain, GR_FIELD(text, .pattern = "[a-z]+[0-9]"));
static GR_MODEL(plain, GR_FIELD(text));
REPLY_IT(plain)
GR_POST("/plain", plain);

/* `before`, `n` times `part` with commas between, `after`; to be freed. */
static char *make_list(const char *before, const char *part, size_t n, const char *after)
{
    size_t size = strlen(before) + n * (strlen(part) + 1) + strlen(after) + 1;
    char *text = malloc(size), *at = stpcpy(text, before);
    for (size_t i = 0; i < n; i++)
        at = stpcpy(stpcpy(at, i ? "," : ""), part);
    strcpy(at, after);
    return text;
}

/* The answer to it, with what was logged in *log; both to be freed. */
static gr_answer *post(gr_test *test, const char *target, const char *json, char **log)
{
    begin_capture();
    gr_answer *answer = gr_test_post_json(test, target, json);
    *log = end_capture();
    return answer;
}

static void check_limit(gr_test *test, const char *target, const char *json, const char *member, const char *body)
{
    char *log;
    gr_answer *answer = post(test, target, json, &log);
    ck_assert_int_eq(gr_answer_status(answer), 422);
    if (body)
        ck_assert_str_eq(gr_answer_body(answer, NULL), body);
    ck_assert_ptr_nonnull(strstr(gr_answer_body(answer, NULL), "\"type\":\"string_pattern_limit\""));
    HAS(log, member);
    HAS(log, "takes more than the 400000 steps of a request: answered 422");
    gr_answer_free(answer);
    free(log);
}

START_TEST(a_text_that_takes_too_long_is_422_and_logged_with_its_member)
{
    MAKE_APP(app, &names_route);
    gr_test *test = serve(app);
    check_limit(test, "/names", "{\"name\":\"" SLOW "\"}", "\"names\": the pattern of \"name\"",
                "{\"detail\":[" LIMIT("\"body\",\"name\"", EVIL, SLOW) "]}");
    end(test, app);
}
END_TEST

START_TEST(the_texts_of_a_list_and_of_a_map_share_the_steps_of_the_request)
{
    char *list = make_list("{\"tags\":[", "\"aaaaaaaaaaaa!\"", 60, "]}");
    char *map = make_list("{\"tags\":[", "\"aaaaaaaaaaaa!\"", 30, "],\"notes\":{\"k\":\"" SLOW "\"}}");
    MAKE_APP(app, &names_route);
    gr_test *test = serve(app);
    check_limit(test, "/names", list, "\"names\": the pattern of \"tags\"", NULL);
    check_limit(test, "/names", map, "\"names\": the pattern of \"notes\"", NULL);
    check_limit(test, "/names", "{\"tags\":[\"" SLOW "\",\"" SLOW "\"],\"name\":\"" SLOW "\"}", "pattern of \"tags\"",
                "{\"detail\":[" LIMIT("\"body\",\"tags\",0", EVIL, SLOW) "]}");
    end(test, app);
    free(list);
    free(map);
}
END_TEST

START_TEST(each_request_has_its_own)
{
    MAKE_APP(app, &names_route, &search_route);
    gr_test *test = serve(app);
    for (int i = 0; i < 5; i++) {
        check_limit(test, "/names", "{\"name\":\"" SLOW "\"}", "\"name\"", NULL);
        check_get(test, "/search?q=some+words", 200, "{\"q\":\"some words\"}");
    }
    end(test, app);
}
END_TEST

START_TEST(a_query_has_it_too)
{
    char *log, *target = make_list("/search?q=", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1, "!");
    MAKE_APP(app, &search_route);
    gr_test *test = serve(app);
    begin_capture();
    gr_answer *answer = gr_test_get(test, target);
    log = end_capture();
    check_answer(answer, 422, NULL);
    HAS(gr_answer_body(answer, NULL), "string_pattern_limit");
    HAS(log, "\"search\": the pattern of \"q\"");
    gr_answer_free(answer);
    end(test, app);
    free(log);
    free(target);
}
END_TEST

START_TEST(a_long_text_that_is_run_over_from_each_place_is_422)
{
    char *json = make_list("\"", "a", 15000, "\"");
    for (char *c = json; *c; c++)
        *c = *c == ',' ? 'a' : *c;
    MAKE_APP(app, &plain_route);
    gr_test *test = serve(app);
    check_limit(test, "/plain", json, "\"plain\": the pattern of \"text\"", NULL);
    end(test, app);
    free(json);
}
END_TEST

START_TEST(an_application_sets_the_limit)
{
    gr_limits limits;
    gr_limits_init(&limits);
    limits.pattern_steps = 50;
    MAKE_APP(app, &search_route);
    ck_assert_int_eq(gr_app_set_limits(app, &limits), 0);
    gr_test *test = serve(app);
    check_get(test, "/search?q=a", 200, "{\"q\":\"a\"}");
    begin_capture();
    check_get(test, "/search?q=a+a+a+a+a+a", 422, NULL);
    char *log = end_capture();
    HAS(log, "takes more than the 50 steps of a request");
    free(log);
    end(test, app);
}
END_TEST

/* --- replies --- */

struct strict {
    const char *text;
};
static GR_MODEL(strict, GR_FIELD(text, .pattern = EVIL));

static gr_reply reply_slow(gr_co co, gr_req *req)
{
    (void)co;
    return strict_reply(req, &(struct strict){SLOW});
}
GR_GET("/slow", reply_slow);

/* More texts than a request may have steps. */
static gr_reply reply_many(gr_co co, gr_req *req)
{
    enum { MANY = 50000 };
    (void)co;
    struct strict *all = gr_alloc(req, MANY * sizeof *all);
    for (size_t i = 0; i < MANY; i++)
        all[i].text = "ordinary";
    return strict_reply_list(req, all, MANY);
}
GR_GET("/many", reply_many);

static gr_reply reply_json(gr_co co, gr_req *req)
{
    (void)co;
    return strict_reply_json(req, json_pack("{s:s}", "text", SLOW));
}
GR_GET("/json", reply_json);

START_TEST(a_reply_that_takes_too_long_is_500_and_logged_with_its_member)
{
    MAKE_APP(app, &reply_slow_route, &reply_json_route);
    gr_test *test = serve(app);
    begin_capture();
    check_get(test, "/slow", 500, NULL);
    check_get(test, "/json", 500, NULL);
    char *log = end_capture();
    HAS(log, "\"reply_slow\": the reply does not fit its model: strict.text: string_pattern_limit");
    HAS(log, "\"reply_json\": the reply does not fit its model: strict.text: String takes more steps");
    free(log);
    end(test, app);
}
END_TEST

START_TEST(a_long_reply_of_ordinary_texts_is_no_problem)
{
    MAKE_APP(app, &reply_many_route);
    gr_test *test = serve(app);
    check_get(test, "/many", 200, NULL);
    end(test, app);
}
END_TEST

/* --- on the pool --- */

static sem_t entered, gate;

static const char *stay(const void *value)
{
    (void)value;
    sem_post(&entered);
    sem_wait(&gate);
    return NULL;
}

struct large {
    bool first;
    const char *text;
};
static GR_INPUT(large, GR_FIELD(first, .validate = stay), GR_FIELD(text, .pattern = "[a-z]+[0-9]"));
static gr_reply large(gr_co co, gr_req *req, const struct large *in)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%zu", strlen(in->text)));
}
GR_POST("/large", large, .deadline_ms = 100);

/* A rig whose only thread is inside of decoding a body, which ends with `last`, and matches without limit. */
static struct rig *begin_large(struct gri_memory **client, char last)
{
    enum { LEN = 1000000 };
    static char body[LEN + 30], head[200];
    gr_limits limits;
    gr_limits_init(&limits);
    limits.pattern_steps = 0;
    limits.body_bytes = sizeof body;
    MAKE_APP(app, &large_route);
    ck_assert_int_eq(gr_app_set_limits(app, &limits), 0);
    struct rig *rig = rig_begin(app, 1, 10);
    sem_init(&entered, 0, 0);
    sem_init(&gate, 0, 0);
    int n = snprintf(body, sizeof body, "{\"first\":true,\"text\":\"");
    memset(body + n, 'a', LEN);
    body[n + LEN - 1] = last;
    strcpy(body + n + LEN, "\"}");
    snprintf(head, sizeof head,
             "POST /large HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
             strlen(body));
    *client = rig_connect(rig);
    rig_say(rig, *client, head);
    rig_say(rig, *client, body);
    sem_wait(&entered);
    return rig;
}

/* It would take minutes: the test ends because it does. */
START_TEST(after_its_504_a_body_is_not_read_on_by_its_thread)
{
    struct gri_memory *client;
    struct rig *rig = begin_large(&client, 'a');
    sem_post(&gate);
    gri_sched_advance(&rig->engine.sched, 100);
    rig_expect(client, "HTTP/1.1 504");
    rig_wait(rig);
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 0);
    gri_memory_destroy(client);
    rig_end(rig);
}
END_TEST

START_TEST(a_reset_and_a_stop_end_the_reading_of_a_body_too)
{
    struct gri_memory *client;
    struct rig *rig = begin_large(&client, 'a');
    sem_post(&gate);
    rig_reset(rig, client);
    rig_wait(rig);
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 0);
    gri_memory_destroy(client);
    rig_end(rig);

    rig = begin_large(&client, 'a');
    sem_post(&gate);
    gri_engine_stop(&rig->engine);
    rig_settle(rig);
    gri_engine_cancel(&rig->engine);
    rig_wait(rig);
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 0);
    gri_memory_destroy(client);
    rig_end(rig);
}
END_TEST

START_TEST(a_client_that_half_closed_while_its_body_is_read_gets_its_answer)
{
    struct gri_memory *client;
    struct rig *rig = begin_large(&client, '1');
    rig_fin(rig, client);
    sem_post(&gate);
    rig_wait(rig);
    rig_expect(client, "HTTP/1.1 200");
    rig_expect(client, "1000000");
    gri_memory_destroy(client);
    rig_end(rig);
}
END_TEST

int main(void)
{
    test_list tests = {a_text_that_takes_too_long_is_422_and_logged_with_its_member,
                       the_texts_of_a_list_and_of_a_map_share_the_steps_of_the_request,
                       each_request_has_its_own,
                       a_query_has_it_too,
                       a_long_text_that_is_run_over_from_each_place_is_422,
                       an_application_sets_the_limit,
                       a_reply_that_takes_too_long_is_500_and_logged_with_its_member,
                       a_long_reply_of_ordinary_texts_is_no_problem,
                       after_its_504_a_body_is_not_read_on_by_its_thread,
                       a_reset_and_a_stop_end_the_reading_of_a_body_too,
                       a_client_that_half_closed_while_its_body_is_read_gets_its_answer,
                       NULL};
    return run_tests("app patterns", tests, 20);
}
