/* Looks for requests within the default limits that cost too much. The library is compiled into this program so that it
 * counts (see counting.h), so what a request costs is the same on every machine, and libFuzzer is told whenever one
 * reaches a cost that none had for its operation: it climbs.
 *
 * The first byte chooses the operation. What follows is its target and fields, a line each, and behind an empty line
 * the body. So that a few bytes make a large request, 0x01 P N TEXT 0x02 stands for 2^P times TEXT (P up to 18), where
 * each 0x03 in it is the number of the repetition, in N digits at least. */
#include <griddle.h>
#include <griddle/testing.h>
#include <string.h>
#include <time.h>

#include "fuzz/counting.h"
#include "fuzz/fuzz.h"

/* Of every request; and what one takes of a slow machine's time at most, whatever is not counted. */
enum { MOST_INSTRUCTIONS = 60000000, MOST_CPU_S = 2 };

uint64_t fuzz_instructions;

/* In place of __sanitizer_cov_trace_pc(), which libFuzzer has one of that ends the program. */
void __wrap___sanitizer_cov_trace_pc(void);
void __wrap___sanitizer_cov_trace_pc(void)
{
    fuzz_instructions += FUZZ_EDGE;
}

/* --- the application --- */

/* clang-format off */
#define TEN(what, x) \
    what(x##0), what(x##1), what(x##2), what(x##3), what(x##4), what(x##5), what(x##6), what(x##7), what(x##8), what(x##9)
#define FORTY(what) TEN(what, a), TEN(what, b), TEN(what, c), TEN(what, d)
#define MANY(what) \
    FORTY(what), TEN(what, e), TEN(what, f), TEN(what, g), TEN(what, h), TEN(what, i), TEN(what, j), TEN(what, k), \
    TEN(what, l), TEN(what, m), TEN(what, n), TEN(what, o), TEN(what, p), TEN(what, q), TEN(what, r), TEN(what, s), \
    TEN(what, t), TEN(what, u), TEN(what, v), TEN(what, w), TEN(what, x), TEN(what, y)
/* clang-format on */
#define TEXT(m)   *m
#define CHOICE(m) CHOICE_##m
#define NAMED(m) \
    { \
        CHOICE_##m, #m \
    }
#define REQUIRED(m) GR_FIELD(m)
#define OPTIONAL(m) GR_FIELD(m, GR_OPTIONAL)

struct forty {
    const char FORTY(TEXT);
};
static GR_MODEL(forty, FORTY(REQUIRED), GR_SELF(.extra = GR_EXTRA_FORBIDDEN));

struct many {
    const char MANY(TEXT);
};
static GR_MODEL(many, MANY(OPTIONAL));

struct strict {
    const char MANY(TEXT);
};
static GR_MODEL(strict, MANY(OPTIONAL), GR_SELF(.extra = GR_EXTRA_FORBIDDEN));

enum choice { MANY(CHOICE) };
static GR_VALUES(choice, MANY(NAMED), {1000, NULL}, {1001, NULL}, {1002, NULL});

static gr_reply say_ok(gr_req *req)
{
    return gr_text(req, "ok");
}

#define OK(id) \
    static gr_reply id(gr_co co, gr_req *req, const struct id *in) \
    { \
        (void)co, (void)in; \
        return say_ok(req); \
    }

struct in_query {
    struct forty forty;
};
static GR_INPUT(in_query, GR_OBJECT(forty, forty, GR_FROM_QUERY));
OK(in_query)
GR_GET("/query", in_query);

struct in_optional_query {
    struct many many;
};
static GR_INPUT(in_optional_query, GR_OBJECT(many, many, GR_FROM_QUERY));
OK(in_optional_query)
GR_GET("/optional-query", in_optional_query);

struct in_head {
    struct many fields;
    struct strict cookies;
};
static GR_INPUT(in_head, GR_OBJECT(fields, many, GR_FROM_HEADER), GR_OBJECT(cookies, strict, GR_FROM_COOKIE));
OK(in_head)
GR_GET("/head", in_head);

struct in_form {
    struct strict form;
};
static GR_INPUT(in_form, GR_OBJECT(form, strict, GR_FROM_FORM));
OK(in_form)
GR_POST("/form", in_form);

struct in_lists {
    gr_strings a;
    gr_ints b;
    GR_LIST_OF(double) c;
    GR_LIST_OF(enum choice) d;
};
static GR_INPUT(in_lists, GR_LIST(a, GR_FROM_QUERY, GR_DEFAULT_EMPTY, .pattern = "^(\\w+\\s?)+$"),
                GR_LIST(b, GR_FROM_QUERY, GR_DEFAULT_EMPTY, .max_items = 50), GR_LIST(c, GR_FROM_QUERY, GR_DEFAULT_EMPTY),
                GR_ENUMS(d, choice, GR_FROM_QUERY, GR_DEFAULT_EMPTY));
OK(in_lists)
GR_GET("/lists", in_lists);

struct filter {
    const char *name;
    gr_ints ids;
};
static GR_MODEL(filter, GR_FIELD(name), GR_LIST(ids, GR_DEFAULT_EMPTY, .unique = true),
                GR_SELF(.extra = GR_EXTRA_FORBIDDEN));
#define PLAIN(m) m
#define DEEP(m)  GR_OBJECT(m, filter, GR_FROM_QUERY, .style = GR_STYLE_DEEP_OBJECT)

struct in_styles {
    struct filter FORTY(PLAIN);
    gr_strings texts, head;
    gr_ints pipe;
    struct forty fields;
};
static GR_INPUT(in_styles, FORTY(DEEP),
                GR_LIST(texts, GR_FROM_QUERY, GR_DEFAULT_EMPTY, .style = GR_STYLE_FORM, .unique = true),
                GR_LIST(head, GR_FROM_HEADER, GR_DEFAULT_EMPTY, .style = GR_STYLE_SIMPLE),
                GR_LIST(pipe, GR_FROM_QUERY, GR_DEFAULT_EMPTY, .style = GR_STYLE_PIPE_DELIMITED, .max_items = 9),
                GR_OBJECT(fields, forty, GR_FROM_HEADER));
OK(in_styles)
GR_GET("/styles", in_styles);

struct in_patterns {
    const char *plain, *words, *back;
    gr_strings list;
    GR_MAP_OF(const char *) map;
};
static GR_INPUT(in_patterns, GR_FIELD(plain, GR_OPTIONAL, .pattern = "[a-z]+[0-9]"),
                GR_FIELD(words, GR_OPTIONAL, .pattern = "^(\\w+\\s?)+$"),
                GR_FIELD(back, GR_OPTIONAL, .pattern = "(.*)-\\1{3,}[0-9]"),
                GR_LIST(list, GR_DEFAULT_EMPTY, .pattern = "^([a-z]+)+$"),
                GR_MAP(map, GR_DEFAULT_EMPTY, .pattern = "^[a-z]{3}-[0-9]+$"));
OK(in_patterns)
GR_POST("/patterns", in_patterns);

struct leaf {
    int64_t *value;
    gr_ints more;
};
static GR_MODEL(leaf, GR_FIELD(value, GR_OPTIONAL), GR_LIST(more, GR_DEFAULT_EMPTY));
struct node;
GR_DECLARE_MODEL(node);
struct branch {
    GR_LIST_OF(struct node) nodes;
    json_t *rest;
};
static GR_MODEL(branch, GR_OBJECTS(nodes, node, GR_DEFAULT_EMPTY), GR_FIELD(rest, GR_OPTIONAL));
struct node {
    enum kind { LEAF, BRANCH } kind;
    union {
        struct leaf leaf;
        struct branch branch;
    };
};
GR_DEFINE_MODEL(node, GR_TAG(kind), GR_ARM(leaf, leaf, LEAF), GR_ARM(branch, branch, BRANCH));

struct in_tree {
    struct node node;
};
static GR_INPUT(in_tree, GR_BODY(node, node));
OK(in_tree)
GR_POST("/tree", in_tree);

struct both {
    int64_t number;
    json_t *any;
};
static GR_MODEL(both, GR_SELF(.tuple = true), GR_FIELD(number), GR_FIELD(any));
struct lax {
    int64_t number;
    json_t *others;
};
static GR_MODEL(lax, GR_FIELD(number, GR_DEFAULT(1)), GR_REST(others));
struct arm;
GR_DECLARE_MODEL(arm);
struct first_arm {
    struct arm *x, *y;
    int64_t n;
};
static GR_MODEL(first_arm, GR_OBJECT(x, arm, GR_OPTIONAL), GR_OBJECT(y, arm, GR_OPTIONAL), GR_FIELD(n));
struct second_arm {
    struct arm *x, *y;
    const char *s;
};
static GR_MODEL(second_arm, GR_OBJECT(x, arm, GR_OPTIONAL), GR_OBJECT(y, arm, GR_OPTIONAL),
                GR_FIELD(s, GR_OPTIONAL, .pattern = "^([a-z]+)+$"));
struct arm {
    int which;
    union {
        int64_t number;
        struct first_arm first;
        struct second_arm second;
        struct node node;
        GR_LIST_OF(struct arm) arms;
    };
};
GR_DEFINE_MODEL(arm, GR_EITHER(which), GR_CASE(number, 1), GR_CASE_OBJECT(first, first_arm, 2),
                GR_CASE_OBJECT(second, second_arm, 3), GR_CASE_OBJECT(node, node, 4), GR_CASE_OBJECTS(arms, arm, 5));
struct in_arms {
    struct arm arm;
};
static GR_INPUT(in_arms, GR_BODY(arm, arm));
OK(in_arms)
GR_POST("/arms", in_arms);

struct in_values {
    GR_LIST_OF(enum choice) choices;
    gr_strings unique, urls, emails, literals;
    gr_ints ints;
    GR_LIST_OF(double) doubles;
    GR_LIST_OF(gr_bytes) bytes;
    GR_LIST_OF(gr_uuid) uuids;
    GR_LIST_OF(gr_datetime) times;
    GR_LIST_OF(gr_duration) durations;
    GR_LIST_OF(json_t *) any;
    GR_MAP_OF(json_t *) map;
    GR_LIST_OF(struct forty) forties;
    gr_strings set;
    GR_MAP_FROM(int64_t, int64_t) keyed;
    GR_LIST_OF(struct both) tuples;
    struct lax *lax;
};
static GR_INPUT(in_values, GR_ENUMS(choices, choice, GR_DEFAULT_EMPTY), GR_LIST(unique, GR_DEFAULT_EMPTY, .unique = true),
                GR_LIST(urls, GR_DEFAULT_EMPTY, GR_URL), GR_LIST(emails, GR_DEFAULT_EMPTY, GR_EMAIL),
                GR_LIST(literals, GR_DEFAULT_EMPTY, .literal = {"some", "text"}),
                GR_LIST(ints, GR_DEFAULT_EMPTY, .unique = true), GR_LIST(doubles, GR_DEFAULT_EMPTY),
                GR_LIST(bytes, GR_DEFAULT_EMPTY, GR_BASE64), GR_LIST(uuids, GR_DEFAULT_EMPTY), GR_LIST(times, GR_DEFAULT_EMPTY),
                GR_LIST(durations, GR_DEFAULT_EMPTY), GR_LIST(any, GR_DEFAULT_EMPTY), GR_MAP(map, GR_DEFAULT_EMPTY),
                GR_OBJECTS(forties, forty, GR_DEFAULT_EMPTY), GR_LIST(set, GR_DEFAULT_EMPTY, .dedupe = true, .max_items = 1000),
                GR_MAP(keyed, GR_DEFAULT_EMPTY), GR_OBJECTS(tuples, both, GR_DEFAULT_EMPTY),
                GR_OBJECT(lax, lax, GR_OPTIONAL));
OK(in_values)
GR_POST("/values", in_values);

/* A function looks at all of each, and so do those around it. */
static const char *by_look(const json_t *value)
{
    return json_is_array(value) ? "asked" : json_is_object(value) ? "leaf" : "number";
}
struct asked;
GR_DECLARE_MODEL(asked);
struct asked {
    int which;
    union {
        struct leaf leaf;
        int64_t number;
        GR_LIST_OF(struct asked) asked;
    };
};
GR_DEFINE_MODEL(asked, GR_EITHER_BY(which, by_look), GR_CASE_OBJECT(leaf, leaf, 1, .alias = "leaf"),
                GR_CASE(number, 2, .alias = "number"), GR_CASE_OBJECTS(asked, asked, 3, .alias = "asked"));
struct in_more {
    struct asked *asked;
    GR_LIST_OF(gr_decimal) decimals, unique, decimal_set;
    GR_LIST_OF(gr_date) dates;
    GR_LIST_OF(bool) bools;
    GR_LIST_OF(double) set;
    json_t *json;
};
static GR_INPUT(in_more, GR_OBJECT(asked, asked, GR_OPTIONAL), GR_LIST(decimals, GR_DEFAULT_EMPTY),
                GR_LIST(unique, GR_DEFAULT_EMPTY, .unique = true), GR_LIST(decimal_set, GR_DEFAULT_EMPTY, .dedupe = true),
                GR_LIST(dates, GR_DEFAULT_EMPTY), GR_LIST(bools, GR_DEFAULT_EMPTY), GR_LIST(set, GR_DEFAULT_EMPTY, .dedupe = true),
                GR_FIELD(json, GR_OPTIONAL));

/* Which sends back what it was sent. */
static gr_reply in_more(gr_co co, gr_req *req, const struct in_more *in)
{
    (void)co;
    return in->json ? gr_json(req, json_incref(in->json)) : say_ok(req);
}
GR_POST("/more", in_more);

struct in_body {
    struct many many;
    json_t *rest;
};
static GR_INPUT(in_body, GR_BODY(many, many, .embed = true), GR_FIELD(rest, GR_OPTIONAL));
OK(in_body)
GR_POST("/body", in_body);

/* What a handler that declares nothing reads. */
static gr_reply raw(gr_co co, gr_req *req)
{
    json_t *value;
    (void)co;
    gr_query(req, "a");
    gr_header(req, "a");
    int rc = gr_body_json(req, &value);
    return rc ? gr_failed(req, rc) : gr_json(req, json_incref(value));
}
GR_POST("/raw", raw);

static gr_reply any(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, gr_operation(req));
}
#define ROUTE(id, where) GR_ROUTE_AS(id, "GET", where, any)
ROUTE(two_json, "/{a}-{b}.json");
ROUTE(two_xml, "/{a}-{b}.xml");
ROUTE(inside, "/x/{a}-{b:path}/edit");
ROUTE(around, "/x/{a:path}--{b}--");
ROUTE(numbers, "/n/{a:float}{b:int}");
ROUTE(floats, "/n/{a:float}.{b:float}");
ROUTE(ids, "/u/{a:uuid}{b}");
ROUTE(deep, "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}/{k}/{l}/{m}/{n}/{o}/{p}");
ROUTE(deep_left, "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/x");
ROUTE(deep_pairs, "/{a}-{b}/{c}-{d}/{e}-{f}/{g}-{h}/{i}-{j}/{k}-{l}/{m}-{n}/{o}-{p}");
ROUTE(deep_mixed, "/{a}/{c}-{d}/{b}/{e}-{f}/{g}/{h}/{k:path}/x");
ROUTE(late, "/y/{a:path}/y/{b}");

static gr_reply invalid(gr_req *req, const gr_invalid *mistakes, size_t n)
{
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += strlen(mistakes[i].loc) + strlen(mistakes[i].input);
    return gr_with_status(gr_text(req, gr_printf(req, "%zu", bytes)), 422);
}

static const struct choice_of {
    const char *start; /* of the request, and of its target */
    const char *type;
    bool own; /* the application answers itself what is invalid */
} operations[] = {
    {"GET /", NULL, false},
    {"GET /query?", NULL, false},
    {"GET /query?", NULL, true},
    {"GET /optional-query?", NULL, false},
    {"GET /head?", NULL, false},
    {"POST /form?", "application/x-www-form-urlencoded", false},
    {"GET /lists?", NULL, false},
    {"POST /patterns?", "application/json", false},
    {"POST /tree?", "application/json", false},
    {"POST /values?", "application/json", false},
    {"POST /values?", "application/json", true},
    {"POST /body?", "application/json", false},
    {"POST /body?", "text/plain", false},
    {"POST /raw?", "application/json", false},
    {"OPTIONS /", NULL, false},
    {"GET /styles?", NULL, false},
    {"GET /styles?", NULL, true},
    {"POST /arms?", "application/json", false},
    {"POST /more?", "application/json", false},
    {"POST /more?", "application/json", true},
};
enum { N_OPERATIONS = sizeof operations / sizeof *operations };

static gr_test *test_of(bool own)
{
    static gr_test *tests[2];
    if (tests[own])
        return tests[own];
    gr_app *app = gr_app_create("slow", "1");
    FUZZ_ASSERT(gr_app_add(app, &in_query_route, &in_optional_query_route, &in_head_route, &in_form_route,
                           &in_lists_route, &in_styles_route, &in_patterns_route, &in_tree_route, &in_arms_route,
                           &in_values_route, &in_more_route, &in_body_route, &raw_route, &two_json_route,
                           &two_xml_route, &inside_route, &around_route, &numbers_route, &floats_route, &ids_route,
                           &deep_route, &deep_left_route, &deep_pairs_route, &deep_mixed_route, &late_route) == 0);
    if (own)
        FUZZ_ASSERT(gr_app_set_invalid(app, invalid, forty_model) == 0);
    tests[own] = gr_test_create(app);
    FUZZ_ASSERT(tests[own]);
    return tests[own];
}

/* --- the request --- */

enum { MOST_TARGET = 8000, MOST_FIELDS = 15000, MOST_LINES = 90, MOST_BODY = 1 << 18, MOST_TEXT = MOST_BODY + 30000 };

struct text {
    char *at;
    size_t len;
};

static void put(struct text *text, const void *bytes, size_t n)
{
    n = n < MOST_TEXT - text->len ? n : MOST_TEXT - text->len;
    memcpy(text->at + text->len, bytes, n);
    text->len += n;
}

static void put_unit(struct text *text, const uint8_t *unit, size_t n, unsigned number, int digits)
{
    char decimal[16];
    for (size_t i = 0; i < n; i++) {
        if (unit[i] != 3)
            put(text, &unit[i], 1);
        else
            put(text, decimal, (size_t)snprintf(decimal, sizeof decimal, "%0*u", digits, number));
    }
}

static struct text expand(const uint8_t *input, size_t size)
{
    struct text text = {malloc(MOST_TEXT + 1), 0};
    for (size_t i = 0; i < size; i++) {
        const uint8_t *end = input[i] == 1 && size - i > 3 ? memchr(input + i + 3, 2, size - i - 3) : NULL;
        if (!end) {
            put(&text, &input[i], 1);
            continue;
        }
        const uint8_t *unit = input + i + 3;
        for (unsigned n = 0; n < 1u << input[i + 1] % 21 && text.len < MOST_TEXT; n++)
            put_unit(&text, unit, (size_t)(end - unit), n, input[i + 2] % 10);
        i = (size_t)(end - input);
    }
    text.at[text.len] = '\0';
    return text;
}

/* Cuts what comes before `mark`, or all; at most so many bytes of it. */
static struct text take_until(struct text *rest, const char *mark, size_t most)
{
    size_t n = strlen(mark);
    char *hit = memmem(rest->at, rest->len, mark, n);
    struct text part = {rest->at, hit ? (size_t)(hit - rest->at) : rest->len};
    rest->at += hit ? part.len + n : part.len;
    rest->len -= hit ? part.len + n : part.len;
    part.len = part.len < most ? part.len : most;
    return part;
}

/* A byte that a target may not have would end the request before it costs anything. */
static void put_target(struct text *to, struct text target)
{
    for (size_t i = 0; i < target.len; i++)
        put(to, target.at[i] > ' ' && target.at[i] < 127 && target.at[i] != '#' ? &target.at[i] : "a", 1);
}

static void put_fields(struct text *to, struct text fields)
{
    for (int n = 0; fields.len && n < MOST_LINES; n++) {
        struct text line = take_until(&fields, "\n", MOST_FIELDS);
        put(to, line.at, line.len);
        put(to, "\r\n", 2);
    }
}

static struct text request_of(const struct choice_of *operation, struct text rest)
{
    struct text request = {malloc(MOST_TEXT + 40000), 0};
    char line[200];
    put(&request, operation->start, strlen(operation->start));
    put_target(&request, take_until(&rest, "\n", MOST_TARGET));
    put(&request, line, (size_t)snprintf(line, sizeof line, " HTTP/1.1\r\nHost: a\r\n"));
    put_fields(&request, take_until(&rest, "\n\n", MOST_FIELDS));
    if (operation->type) {
        size_t len = rest.len < MOST_BODY ? rest.len : MOST_BODY;
        put(&request, line,
            (size_t)snprintf(line, sizeof line, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n", operation->type,
                             len));
        put(&request, rest.at, len);
    } else {
        put(&request, "\r\n", 2);
    }
    return request;
}

/* --- what it costs --- */

/* libFuzzer keeps an input that makes one of these other than 0 for the first time: eight of them double the cost. */
enum { LEVELS = 256 };
__attribute__((section("__libfuzzer_extra_counters"), used)) static uint8_t reached[N_OPERATIONS][LEVELS];

static unsigned level_of(uint64_t cost)
{
    unsigned level = 0;
    for (uint64_t limit = 64; limit < cost && level < LEVELS - 1; level++)
        limit += limit / 11;
    return level;
}

/* Of all threads: a large body is read on one of the pool's. */
static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void ask(gr_test *test, struct text request)
{
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_send(conn, request.at, request.len);
    gr_test_advance(test, 0);
    gr_test_conn_destroy(conn);
    gr_test_advance(test, 0);
    FUZZ_ASSERT(gr_test_coroutines(test) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    if (size < 2)
        return 0;
    unsigned operation = input[0] % N_OPERATIONS;
    struct text text = expand(input + 1, size - 1), request = request_of(&operations[operation], text);
    gr_test *test = test_of(operations[operation].own);
    double before_s = cpu_s();
    fuzz_instructions = 0;
    ask(test, request);
    uint64_t cost = fuzz_instructions;
    double took_s = cpu_s() - before_s;
    reached[operation][level_of(cost)] = 1;
    bool fits = cost <= MOST_INSTRUCTIONS && took_s <= MOST_CPU_S, says = getenv("FUZZ_SAY");
    if (says || !fits)
        fprintf(stderr, "%10llu instructions, %.3f s: %zu bytes: %.*s\n", (unsigned long long)cost, took_s, request.len,
                request.len < 120 ? (int)request.len : 120, request.at);
    FUZZ_ASSERT(says || fits);
    free(request.at);
    free(text.at);
    return 0;
}
