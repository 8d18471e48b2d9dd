/* What a live FastAPI answered to lists, sets, tuples, maps and nulls, and documents of them; and what we do. */
#include <griddle.h>
#include <griddle/testing.h>

#include "../schema/corpus.h"
#include "openapi.h"

/* The declaration of one path: a member `v` by the entry `ENTRY(v, ...)`, sent back as it came. */
#define DECLARED(id, verb, path, type, entry, read_entry) \
    struct id { \
        type v; \
    }; \
    static GR_MODEL(id, entry); \
    struct id##_in { \
        type v; \
    }; \
    static GR_INPUT(id##_in, read_entry); \
    static gr_reply id##_in(gr_co co, gr_req *req, const struct id##_in *in) \
    { \
        (void)co; \
        return id##_reply(req, (const struct id *)(const void *)in); \
    } \
    verb(path, id##_in, .operation_id = "f_" #id "_post")

#define BODY(id, type, ENTRY, ...) \
    DECLARED(id, GR_POST, "/" #id, type, ENTRY(v, __VA_ARGS__), ENTRY(v, .embed = true, __VA_ARGS__))
#define PARAMETER(id, verb, place, type, ENTRY, ...) \
    DECLARED(id, verb, "/" #id, type, ENTRY(v, __VA_ARGS__), ENTRY(v, place, __VA_ARGS__))

/* The same in a query, a form and header fields. */
#define PARAMETERS(query, form, header, type, ENTRY, ...) \
    PARAMETER(query, GR_GET, GR_FROM_QUERY, type, ENTRY, __VA_ARGS__); \
    PARAMETER(form, GR_POST, GR_FROM_FORM, type, ENTRY, __VA_ARGS__); \
    PARAMETER(header, GR_GET, GR_FROM_HEADER, type, ENTRY, __VA_ARGS__)

/* int and str by their positions. */
struct pair {
    int64_t number;
    const char *text;
};
static GR_MODEL(pair, GR_SELF(.tuple = true), GR_FIELD(number), GR_FIELD(text));
#define PAIR(m, ...) GR_OBJECT(m, pair, __VA_ARGS__)

typedef struct ab {
    int64_t x;
    json_t *others;
} ab_struct;
static GR_MODEL(ab, GR_SELF(.extra = GR_EXTRA_ALLOWED, .title = "AB"), GR_FIELD(x), GR_REST(others));
#define OPEN(m, ...) GR_OBJECT(m, ab, __VA_ARGS__)

typedef struct pair pair_struct;
typedef GR_MAP_FROM(int64_t, double) by_int;
typedef GR_MAP_FROM(bool, int64_t) by_bool;
typedef GR_MAP_FROM(gr_date, int64_t) by_date;

BODY(b10, gr_strings, GR_LIST, .dedupe = true);
BODY(b11, gr_ints, GR_LIST, .dedupe = true, .min_items = 2);
BODY(b13, pair_struct, PAIR, .doc = NULL);
BODY(b14, gr_ints, GR_LIST, .doc = NULL);
BODY(b15, by_int, GR_MAP, .doc = NULL);
BODY(b18, by_bool, GR_MAP, .doc = NULL);
BODY(b19, by_date, GR_MAP, .doc = NULL);
BODY(b25, ab_struct, OPEN, .doc = NULL);
BODY(b22, GR_MAP_OF(json_t *), GR_MAP, .doc = NULL);
BODY(b23, gr_strings, GR_LIST, GR_NULLABLE);
PARAMETERS(p32, p50, p68, gr_ints, GR_LIST, GR_OPTIONAL);
PARAMETERS(p33, p51, p69, gr_ints, GR_LIST, GR_NULLABLE);
PARAMETERS(p39, p57, p75, gr_strings, GR_LIST, GR_DEFAULT_LIST("a", "b"));
PARAMETERS(p40, p58, p76, gr_strings, GR_LIST, .dedupe = true);
PARAMETERS(p41, p59, p77, gr_ints, GR_LIST, .dedupe = true);
PARAMETERS(p42, p60, p78, pair_struct, PAIR, .doc = NULL);

static const gr_route *const routes[] = {
    &b10_in_route, &b11_in_route, &b13_in_route, &b14_in_route, &b15_in_route, &b18_in_route, &b19_in_route,
    &b22_in_route, &b23_in_route, &b25_in_route, &p32_in_route, &p50_in_route, &p68_in_route, &p33_in_route,
    &p51_in_route, &p69_in_route, &p39_in_route, &p57_in_route, &p75_in_route, &p40_in_route, &p58_in_route,
    &p76_in_route, &p41_in_route, &p59_in_route, &p77_in_route, &p42_in_route, &p60_in_route, &p78_in_route};

/* Paths that have no declaration here, and why. */
static const struct {
    const char *path, *why;
} undeclared[] = {
    {"/b12", "a set is of scalars"},
    {"/b16", "a map's values are no lists"},
    {"/b17", "a map's keys are no literals"},
};

/* Where FastAPI, which takes null for absent in a body of several parts, refuses what was declared to be possible. */
static bool is_more(json_t *line, int status)
{
    const char *path = json_string_value(json_object_get(line, "path"));
    const char *sent = json_string_value(json_object_get(line, "sent"));
    return status == 200 && strcmp(path, "/b23") == 0 && strcmp(sent, "{\"v\":null}") == 0;
}

static gr_test *test;
static int answered, documented, missing, more;

static bool is_undeclared(const char *path)
{
    for (size_t i = 0; i < sizeof undeclared / sizeof *undeclared; i++)
        if (strcmp(undeclared[i].path, path) == 0)
            return true;
    return false;
}

static gr_answer *send_fields(const char *path, char *fields)
{
    const char *headers[32] = {NULL};
    size_t n = 0;
    for (char *line = strtok(fields, "\n"); line; line = strtok(NULL, "\n")) {
        char *colon = strstr(line, ": ");
        *colon = '\0';
        headers[n++] = line;
        headers[n++] = colon + 2;
    }
    return gr_test_request(test, "GET", path, headers, NULL, 0);
}

static gr_answer *send_line(const char *path, const char *place, const char *sent)
{
    const char *json[] = {"Content-Type", "application/json", NULL};
    const char *form[] = {"Content-Type", "application/x-www-form-urlencoded", NULL};
    char copy[1024];
    snprintf(copy, sizeof copy, "%s", sent);
    if (strcmp(place, "query") == 0)
        return gr_test_get(test, sent);
    if (strcmp(place, "header") == 0)
        return send_fields(path, copy);
    return gr_test_request(test, "POST", path, strcmp(place, "form") == 0 ? form : json, sent, strlen(sent));
}

static void compare(json_t *line, const char *text, int number)
{
    const char *path = json_string_value(json_object_get(line, "path"));
    gr_answer *answer = send_line(path, json_string_value(json_object_get(line, "in")),
                                  json_string_value(json_object_get(line, "sent")));
    ck_assert_msg(answer != NULL, "line %d: %s\n     got no answer", number, text);
    int status = gr_answer_status(answer);
    const char *body = gr_answer_body(answer, NULL);
    json_t *got = json_loads(body, JSON_DECODE_ANY, NULL);
    bool same = status == (int)json_integer_value(json_object_get(line, "status")) &&
                json_equal(got, json_object_get(line, "answer"));
    if (!same && is_more(line, status))
        more++;
    else
        ck_assert_msg(same, "line %d: %s\n     got: %d %s", number, text, status, body);
    answered += same;
    json_decref(got);
    gr_answer_free(answer);
}

static void replay(const char *text, int number)
{
    json_t *line = json_loads(text, 0, NULL);
    ck_assert_msg(line != NULL, "line %d is no JSON", number);
    const char *at = json_string_value(json_object_get(line, "at"));
    if (is_undeclared(json_string_value(json_object_get(line, "path")))) {
        missing++;
    } else if (at) {
        char *wanted = json_dumps(json_object_get(line, "document"), JSON_ENCODE_ANY);
        want(at, wanted);
        free(wanted);
        documented++;
    } else {
        compare(line, text, number);
    }
    json_decref(line);
}

START_TEST(lists_sets_tuples_and_maps_are_answered_and_documented_as_fastapi_does)
{
    gr_app *app = gr_app_create("Recorded", "1");
    ck_assert_int_eq(gr_app_add_n(app, routes, sizeof routes / sizeof *routes), 0);
    ck_assert_int_eq(gr_app_openapi(app, &document), 0);
    test = gr_test_create(app);
    ck_assert_ptr_nonnull(test);
    corpus_each_line("recorded_lists.jsonl", replay);
    ck_assert_int_eq(answered + documented + missing + more, 131);
    ck_assert_int_eq(missing, 10);
    ck_assert_int_eq(more, 1);
    gr_test_destroy(test);
    gr_app_destroy(app);
    forget();
}
END_TEST

int main(void)
{
    return run_tests("recorded_lists",
                     (test_list){lists_sets_tuples_and_maps_are_answered_and_documented_as_fastapi_does, NULL}, 60);
}
