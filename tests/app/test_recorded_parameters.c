/* What a live FastAPI answered to parameters, and how it documented them: from the query, form, header fields and
 * cookies. What it refuses and we read is listed, and so is what cannot be declared. */
#include <griddle.h>

#include "../schema/corpus.h"
#include "openapi.h"

/* One declaration at the four places, by the numbers that they have in the recording. */
#define OPERATION(id, verb, number, opid, member, entry, made) \
    struct id { \
        member; \
    }; \
    static GR_INPUT(id, entry); \
    static gr_reply id(gr_co co, gr_req *req, const struct id *in) \
    { \
        (void)co; \
        return gr_json(req, json_pack("{s:o}", "v", made)); \
    } \
    GR_##verb("/p" #number, id, .operation_id = opid)

#define EVERYWHERE(type, q, f, h, c, made) \
    OPERATION(type##_q, GET, q, "q" #q, type##_member, type##_entry(GR_FROM_QUERY), made); \
    OPERATION(type##_f, POST, f, "f_p" #f "_post", type##_member, type##_entry(GR_FROM_FORM), made); \
    OPERATION(type##_h, GET, h, "h" #h, type##_member, type##_entry(GR_FROM_HEADER), made); \
    OPERATION(type##_c, GET, c, "c" #c, type##_member, type##_entry(GR_FROM_COOKIE), made)
#define ROUTES(type) &type##_q_route, &type##_f_route, &type##_h_route, &type##_c_route

static json_t *ints(gr_ints list)
{
    json_t *value = list.at ? json_array() : json_null();
    for (size_t i = 0; i < list.len; i++)
        json_array_append_new(value, json_integer(list.at[i]));
    return value;
}

static json_t *number(const int64_t *at)
{
    return at ? json_integer(*at) : json_null();
}

static json_t *values(json_t *const *at, size_t n)
{
    json_t *value = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append(value, at[i]);
    return value;
}

#define ints_or_null_member       gr_ints v
#define ints_or_null_entry(from)  GR_LIST(v, from, GR_OPTIONAL)
#define ints_nullable_member      gr_ints v
#define ints_nullable_entry(from) GR_LIST(v, from, GR_NULLABLE)
#define int_nullable_member       int64_t *v
#define int_nullable_entry(from)  GR_FIELD(v, from, GR_NULLABLE)
#define int_or_null_member        int64_t *v
#define int_or_null_entry(from)   GR_FIELD(v, from, GR_OPTIONAL)
#define int_default_member        int64_t v
#define int_default_entry(from)   GR_FIELD(v, from, GR_DEFAULT(7))
#define text_default_member       const char *v
#define text_default_entry(from)  GR_FIELD(v, from, GR_DEFAULT("d"))
#define text_member               const char *v
#define text_entry(from)          GR_FIELD(v, from)
#define any_member                json_t *v
#define any_entry(from)           GR_FIELD(v, from)
#define anys_member               GR_LIST_OF(json_t *) v
#define anys_entry(from)          GR_LIST(v, from)
#define float_member              double v
#define float_entry(from)         GR_FIELD(v, from)
#define forbidding_member         struct FB v
#define forbidding_entry(from)    GR_OBJECT(v, FB, from)

struct FB {
    int64_t x;
};
static GR_MODEL(FB, GR_SELF(.extra = GR_EXTRA_FORBIDDEN), GR_FIELD(x));

struct number_or_bool {
    enum number_kind { NUMBER, BOOL } which;
    union {
        int64_t number;
        bool truth;
    };
};
static GR_MODEL(number_or_bool, GR_EITHER(which), GR_CASE(number, NUMBER), GR_CASE(truth, BOOL));
#define number_or_bool_member      struct number_or_bool v
#define number_or_bool_entry(from) GR_OBJECT(v, number_or_bool, from)

struct number_or_text {
    int which;
    union {
        int64_t number;
        const char *text;
    };
};
static GR_MODEL(number_or_text, GR_EITHER(which), GR_CASE(number, 0), GR_CASE(text, 1));
#define number_or_text_member      struct number_or_text v
#define number_or_text_entry(from) GR_OBJECT(v, number_or_text, from)

EVERYWHERE(number_or_bool, 43, 61, 79, 97,
           in->v.which == BOOL ? json_boolean(in->v.truth) : json_integer(in->v.number));
EVERYWHERE(number_or_text, 44, 62, 80, 98, in->v.which ? json_string(in->v.text) : json_integer(in->v.number));

struct spot {
    int64_t number;
    const char *text;
};
static GR_MODEL(spot, GR_SELF(.tuple = true), GR_FIELD(number), GR_FIELD(text));

static json_t *texts(gr_strings list)
{
    json_t *value = json_array();
    for (size_t i = 0; i < list.len; i++)
        json_array_append_new(value, json_string(list.at[i]));
    return value;
}

#define texts_default_member      gr_strings v
#define texts_default_entry(from) GR_LIST(v, from, GR_DEFAULT_LIST("a", "b"))
#define text_set_member           gr_strings v
#define text_set_entry(from)      GR_LIST(v, from, .dedupe = true)
#define int_set_member            gr_ints v
#define int_set_entry(from)       GR_LIST(v, from, .dedupe = true)
#define tuple_member              struct spot v
#define tuple_entry(from)         GR_OBJECT(v, spot, from)

EVERYWHERE(texts_default, 39, 57, 75, 93, texts(in->v));
EVERYWHERE(text_set, 40, 58, 76, 94, texts(in->v));
EVERYWHERE(int_set, 41, 59, 77, 95, ints(in->v));
EVERYWHERE(tuple, 42, 60, 78, 96, json_pack("[I,s]", (json_int_t)in->v.number, in->v.text));
EVERYWHERE(ints_or_null, 32, 50, 68, 86, ints(in->v));
EVERYWHERE(ints_nullable, 33, 51, 69, 87, ints(in->v));
EVERYWHERE(int_nullable, 34, 52, 70, 88, number(in->v));
EVERYWHERE(int_or_null, 35, 53, 71, 89, number(in->v));
EVERYWHERE(int_default, 36, 54, 72, 90, json_integer(in->v));
EVERYWHERE(text_default, 37, 55, 73, 91, json_string(in->v));
EVERYWHERE(text, 38, 56, 74, 92, json_string(in->v));
EVERYWHERE(any, 45, 63, 81, 99, json_incref(in->v));
EVERYWHERE(anys, 46, 64, 82, 100, values(in->v.at, in->v.len));
EVERYWHERE(float, 48, 66, 84, 102, json_real(in->v));
EVERYWHERE(forbidding, 49, 67, 85, 103, json_pack("{s:I}", "x", (json_int_t)in->v.x));

struct HM {
    const char *x_token;
    int64_t x_n;
    gr_strings tags;
};
static GR_MODEL(HM, GR_SELF(.extra = GR_EXTRA_FORBIDDEN), GR_FIELD(x_token), GR_FIELD(x_n, GR_DEFAULT(1)),
                GR_LIST(tags, GR_DEFAULT_EMPTY));
OPERATION(head, GET, 104, "head", struct HM v, GR_OBJECT(v, HM, GR_FROM_HEADER), json_string(in->v.x_token));

struct HU {
    const char *x_token;
    int64_t x_n;
    gr_strings tags;
};
static GR_MODEL(HU, GR_SELF(.extra = GR_EXTRA_FORBIDDEN), GR_FIELD(x_token, .alias = "x_token"),
                GR_FIELD(x_n, GR_DEFAULT(1), .alias = "x_n"), GR_LIST(tags, GR_DEFAULT_EMPTY, .alias = "tags"));
OPERATION(exact, GET, 105, "exact", struct HU v, GR_OBJECT(v, HU, GR_FROM_HEADER), json_string(in->v.x_token));

static const gr_route *const routes[] = {
    ROUTES(number_or_bool), ROUTES(number_or_text), ROUTES(texts_default), ROUTES(text_set),     ROUTES(int_set),
    ROUTES(tuple),          ROUTES(ints_or_null),   ROUTES(ints_nullable), ROUTES(int_nullable), ROUTES(int_or_null),
    ROUTES(int_default),    ROUTES(text_default),   ROUTES(text),          ROUTES(any),          ROUTES(anys),
    ROUTES(float),          ROUTES(forbidding),     &head_route,           &exact_route};

/* What no declaration says. */
static const char *const undeclared[] = {"decimal"};

/* FastAPI reads cookies into a dict, of which no list can come. */
static const struct {
    const char *path, *sent;
    int status;
    const char *answer;
} better[] = {
    {"/p86", "cookie: v=1", 200, "{\"v\":[1]}"},
    {"/p86", "cookie: v=1; v=x", 422,
     "{\"detail\":[{\"type\":\"int_parsing\",\"loc\":[\"cookie\",\"v\",1],\"msg\":\"Input should be a valid integer, "
     "unable to parse string as an integer\",\"input\":\"x\"}]}"},
    {"/p87", "cookie: v=1; v=2", 200, "{\"v\":[1,2]}"},
    {"/p94", "cookie: v=a; v=a", 200, "{\"v\":[\"a\"]}"},
    {"/p95", "cookie: v=1; v=x; v=1", 422,
     "{\"detail\":[{\"type\":\"int_parsing\",\"loc\":[\"cookie\",\"v\",1],\"msg\":\"Input should be a valid integer, "
     "unable to parse string as an integer\",\"input\":\"x\"}]}"},
    {"/p96", "cookie: v=1; v=a", 200, "{\"v\":[1,\"a\"]}"},
    {"/p96", "cookie: v=1", 422,
     "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"cookie\",\"v\",1],\"msg\":\"Field required\",\"input\":[\"1\"]}]}"},
    {"/p96", "cookie: v=x; v=a; v=b", 422,
     "{\"detail\":[{\"type\":\"too_long\",\"loc\":[\"cookie\",\"v\"],\"msg\":\"Tuple should have at most 2 items after "
     "validation, not 3\",\"input\":[\"x\",\"a\",\"b\"],\"ctx\":{\"field_type\":\"Tuple\",\"max_length\":2,"
     "\"actual_length\":3}}]}"},
    {"/p100", "cookie: v=1; v=x", 200, "{\"v\":[\"1\",\"x\"]}"},
};

static gr_test *test;
static int identical, documented, n_better, n_undeclared;

static const char *text_in(json_t *line, const char *key)
{
    return json_string_value(json_object_get(line, key));
}

static bool is_declared(json_t *line)
{
    for (size_t i = 0; i < sizeof undeclared / sizeof *undeclared; i++)
        if (strstr(text_in(line, "declared"), undeclared[i]))
            return false;
    return true;
}

/* --- answers --- */

static void put_fields(char *to, size_t room, const char *fields)
{
    size_t n = strlen(to);
    for (; *fields && n + 4 < room; fields++) {
        if (*fields == '\n')
            to[n++] = '\r';
        to[n++] = *fields;
    }
    strcpy(to + n, "\r\n");
}

static gr_answer *send_recorded(const char *place, const char *path, const char *sent)
{
    char request[4096];
    bool query = strcmp(place, "query") == 0, form = strcmp(place, "form") == 0;
    int n = snprintf(request, sizeof request, "%s %s HTTP/1.1\r\n", form ? "POST" : "GET", query ? sent : path);
    if (!strstr(sent, "host: "))
        n += snprintf(request + n, sizeof request - (size_t)n, "Host: testserver\r\n");
    if (form)
        snprintf(request + n, sizeof request - (size_t)n,
                 "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s", strlen(sent),
                 sent);
    else if (!query && *sent)
        put_fields(request, sizeof request, sent);
    if (!form)
        strcat(request, "\r\n");
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, request);
    gr_answer *answer = gr_test_next_answer(conn, false);
    gr_test_conn_destroy(conn);
    return answer;
}

static void compare_answer(json_t *line, const char *path, const char *text, gr_answer *answer)
{
    const char *body = gr_answer_body(answer, NULL), *ours = NULL;
    int status = (int)json_integer_value(json_object_get(line, "status"));
    for (size_t i = 0; i < sizeof better / sizeof *better; i++)
        if (strcmp(better[i].path, path) == 0 && strcmp(better[i].sent, text_in(line, "sent")) == 0) {
            ours = better[i].answer;
            status = better[i].status;
        }
    json_t *got = json_loads(body, JSON_DECODE_ANY, NULL), *own = ours ? json_loads(ours, 0, NULL) : NULL;
    bool same = json_equal(got, own ? own : json_object_get(line, "answer"));
    json_decref(got);
    json_decref(own);
    ck_assert_msg(same && gr_answer_status(answer) == status, "%s\n     got: %d %s", text, gr_answer_status(answer),
                  body);
    n_better += ours != NULL;
    identical += ours == NULL;
}

/* Where each declaration was tried: "query v int" at "/p32". */
static struct {
    char declared[160], path[16];
} tried[100];
static size_t n_tried;

static const char *path_of(const char *declared)
{
    for (size_t i = 0; i < n_tried; i++)
        if (strcmp(tried[i].declared, declared) == 0)
            return tried[i].path;
    ck_abort_msg("a declaration that was not tried: %s", declared);
    return NULL;
}

/* "GET /p32: query v int" */
static void ask(json_t *line, const char *text)
{
    char path[16], declared[160];
    ck_assert_int_eq(sscanf(text_in(line, "declared"), "%*s %15[^:]: %159[^\n]", path, declared), 2);
    if (!n_tried || strcmp(tried[n_tried - 1].path, path) != 0) {
        strcpy(tried[n_tried].declared, declared);
        strcpy(tried[n_tried++].path, path);
    }
    gr_answer *answer = send_recorded(text_in(line, "in"), path, text_in(line, "sent"));
    ck_assert_msg(answer != NULL, "%s\n     got no answer", text);
    compare_answer(line, path, text, answer);
    gr_answer_free(answer);
}

/* --- the document --- */

static json_t *parameter_of(const char *path, const char *name)
{
    char pointer[64];
    size_t i;
    json_t *parameter;
    snprintf(pointer, sizeof pointer, "/paths/~1%s/get/parameters", path + 1);
    json_array_foreach(find(document, pointer), i, parameter)
    {
        if (strcmp(json_string_value(json_object_get(parameter, "name")), name) == 0)
            return parameter;
    }
    return NULL;
}

/* "query v: int", "query x: member x of model FB": what the parameter is, or whose member. */
static json_t *documented_parameter(const char *declared)
{
    char place[16], name[16], what[160], as_tried[200];
    ck_assert_int_eq(sscanf(declared, "%15s %15[^:]: %159[^\n]", place, name, what), 3);
    const char *model = strstr(what, " of model ");
    snprintf(as_tried, sizeof as_tried, "%s v %s", place, model ? model + strlen(" of model ") : what);
    return parameter_of(path_of(as_tried), name);
}

/* "POST /p50 request: form v int", "form body schema of: form v int", "component FB (used in request): FB {x}" */
static json_t *documented_form(const char *declared)
{
    char pointer[64], name[16];
    const char *form = strstr(declared, "form v ");
    if (sscanf(declared, "component %15s", name) == 1)
        snprintf(pointer, sizeof pointer, "/components/schemas/%s", name);
    else if (strncmp(declared, "POST", 4) == 0)
        snprintf(pointer, sizeof pointer, "/paths/~1%s/post/requestBody", path_of(form) + 1);
    else
        snprintf(pointer, sizeof pointer, "/components/schemas/Body_f_%s_post", path_of(form) + 1);
    return find(document, pointer);
}

static void look_up(json_t *line, const char *text)
{
    bool form = strcmp(text_in(line, "in"), "form") == 0;
    const char *declared = text_in(line, "declared");
    json_t *got = form ? documented_form(declared) : documented_parameter(declared);
    char *shown = got ? json_dumps(got, JSON_COMPACT) : NULL;
    ck_assert_msg(json_equal(got, json_object_get(line, "document")), "%s\n     got: %s", text,
                  shown ? shown : "nothing");
    free(shown);
    documented++;
}

static void replay(const char *text, int number)
{
    json_t *line = json_loads(text, 0, NULL);
    (void)number;
    ck_assert_ptr_nonnull(line);
    if (!is_declared(line))
        n_undeclared++;
    else if (json_object_get(line, "sent"))
        ask(line, text);
    else
        look_up(line, text);
    json_decref(line);
}

static gr_app *make(void)
{
    gr_app *app = gr_app_create("Recorded", "1");
    ck_assert_int_eq(gr_app_add_n(app, routes, sizeof routes / sizeof *routes), 0);
    return app;
}

START_TEST(parameters_are_answered_and_documented_as_by_fastapi)
{
    gr_app *app = make();
    test = serve(app);
    ck_assert_int_eq(gr_app_openapi(app, &document), 0);
    corpus_each_line("parameters.jsonl", replay);
    ck_assert_int_eq(identical + documented + n_better + n_undeclared, 278);
    ck_assert_int_eq(n_better, 9);
    ck_assert_int_eq(n_undeclared, 13);
    json_decref(document);
    end(test, app);
}
END_TEST

int main(void)
{
    return run_tests("recorded parameters", (test_list){parameters_are_answered_and_documented_as_by_fastapi, NULL},
                     60);
}
