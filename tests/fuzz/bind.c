/* A whole request for operations that take every kind of input: an answer in all cases, and one that is JSON. The first
 * byte chooses the operation, the rest up to a line end is its query (where it begins with a slash, the end of its path
 * too), the next lines are header fields, what follows an empty line is the body. */
#include <griddle.h>
#include <griddle/testing.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "fuzz/thing.h"
#include "fuzz/united.h"

struct paging {
    uint16_t skip;
    int64_t *limit;
    gr_strings tags;
    gr_set set;
};
static GR_MODEL(paging, GR_FIELD(skip, GR_DEFAULT(0)), GR_FIELD(limit, GR_OPTIONAL), GR_LIST(tags, GR_OPTIONAL),
                GR_SET(set), GR_SELF(.extra = GR_EXTRA_FORBIDDEN));

struct everything {
    int64_t id;
    struct paging paging;
    const char *x_token;
    gr_ints x_count;
    gr_uuid *session;
    struct thing thing;
    int importance;
};
static GR_INPUT(everything, GR_PATH(id), GR_OBJECT(paging, paging, GR_FROM_QUERY),
                GR_HEADER(x_token, GR_OPTIONAL, .max_len = 9), GR_LIST(x_count, GR_FROM_HEADER, GR_DEFAULT_EMPTY),
                GR_COOKIE(session, GR_OPTIONAL), GR_BODY(thing, thing), GR_FIELD(importance, GR_DEFAULT(1)));
static gr_reply everything(gr_co co, gr_req *req, const struct everything *in)
{
    (void)co;
    return thing_reply(req, &in->thing);
}
GR_POST("/0/{id}", everything, .response = thing_model);

struct one {
    struct thing *thing;
};
static GR_INPUT(one, GR_BODY(thing, thing, GR_OPTIONAL));
static gr_reply one(gr_co co, gr_req *req, const struct one *in)
{
    (void)co;
    return in->thing ? thing_reply(req, in->thing) : gr_json(req, json_null());
}
GR_POST("/1/7", one, .response = thing_model, .response_exclude_defaults = true, .response_exclude_none = true);

struct form {
    const char *name;
    gr_ints ids;
    bool *yes;
    enum color color;
};
static GR_INPUT(form, GR_FORM(name), GR_LIST(ids, GR_FROM_FORM, GR_OPTIONAL), GR_FORM(yes, GR_OPTIONAL),
                GR_ENUM(color, color, GR_FROM_FORM, GR_DEFAULT(5)));
static gr_reply form(gr_co co, gr_req *req, const struct form *in)
{
    (void)co;
    return gr_json(req, json_string(in->name));
}
GR_POST("/2/7", form);

struct raw {
    json_t *value;
};
static GR_INPUT(raw, GR_JSON(value));
static gr_reply raw(gr_co co, gr_req *req, const struct raw *in)
{
    (void)co;
    return thing_reply_json(req, json_incref(in->value));
}
GR_POST("/3/7", raw);

static const char *be_small(const void *value);
struct strict {
    uint8_t page;
    gr_ints id;
};
static GR_MODEL(strict, GR_FIELD(page), GR_LIST(id, .min_items = 2, .max_items = 3),
                GR_SELF(.validate = be_small, .extra = GR_EXTRA_FORBIDDEN));
static const char *be_small(const void *value)
{
    const struct strict *strict = value;
    return strict->page > 9 ? "page is above 9" : NULL;
}

struct counted {
    struct strict strict;
    int64_t number;
};
static GR_INPUT(counted, GR_OBJECT(strict, strict, GR_FROM_QUERY), GR_FIELD(number, GR_DEFAULT(3), GR_LE(50)));
static gr_reply counted(gr_co co, gr_req *req, const struct counted *in)
{
    (void)co;
    FUZZ_ASSERT(in->number <= 50 && in->strict.page <= 9 && in->strict.id.len >= 2 && in->strict.id.len <= 3);
    return gr_json(req, json_integer((json_int_t)in->number));
}
GR_POST("/4/7", counted);

struct listed {
    gr_strings names;
};
static GR_INPUT(listed, GR_LIST(names));
static gr_reply listed(gr_co co, gr_req *req, const struct listed *in)
{
    (void)co;
    return gr_json(req, json_integer((json_int_t)in->names.len));
}
GR_POST("/5/7", listed);

/* Structs of parameters from each other place. */
struct agent {
    const char *user_agent;
    gr_datetime *if_since;
    gr_strings accept;
    gr_set set;
};
static GR_MODEL(agent, GR_FIELD(user_agent, GR_OPTIONAL, .pattern = "^[a-z/0-9. ]*$"), GR_FIELD(if_since, GR_OPTIONAL),
                GR_LIST(accept, GR_DEFAULT_EMPTY, .max_items = 2), GR_SET(set));
struct jar {
    gr_duration age;
    bool *fresh;
};
static GR_MODEL(jar, GR_FIELD(age), GR_FIELD(fresh, GR_OPTIONAL), GR_SELF(.extra = GR_EXTRA_FORBIDDEN));
struct login {
    const char *name, *password;
    gr_date *born;
    char code[4];
    GR_LIST_OF(enum color) colors;
};
static GR_MODEL(login, GR_FIELD(name, GR_EMAIL), GR_FIELD(password, .min_len = 2, .secret = true),
                GR_FIELD(born, GR_OPTIONAL), GR_FIELD(code, GR_DEFAULT("x")), GR_ENUMS(colors, color, GR_DEFAULT_EMPTY),
                GR_SELF(.extra = GR_EXTRA_FORBIDDEN));

struct flat {
    uint8_t id;
    struct agent agent;
    struct jar jar;
    struct login login;
};
static GR_INPUT(flat, GR_PATH(id, GR_LT(8)), GR_OBJECT(agent, agent, GR_FROM_HEADER),
                GR_OBJECT(jar, jar, GR_FROM_COOKIE), GR_OBJECT(login, login, GR_FROM_FORM));
static gr_reply flat(gr_co co, gr_req *req, const struct flat *in)
{
    (void)co;
    FUZZ_ASSERT(in->id < 8 && in->login.name && strlen(in->login.password) >= 2 && strlen(in->login.code) < 4);
    FUZZ_ASSERT(in->agent.accept.len <= 2 && GR_IS_SET(&in->agent, user_agent) == (in->agent.user_agent != NULL));
    return gr_json(req, json_string(in->login.name));
}
GR_POST("/6/{id}", flat);

struct number {
    int64_t number;
};
static GR_INPUT(number, GR_FIELD(number, GR_DEFAULT(3), GR_LE(50), .secret = true));
static gr_reply number(gr_co co, gr_req *req, const struct number *in)
{
    (void)co;
    FUZZ_ASSERT(in->number <= 50);
    return gr_json(req, json_integer((json_int_t)in->number));
}
GR_POST("/7/7", number);

struct prices {
    GR_MAP_OF(double) prices;
};
static GR_INPUT(prices, GR_MAP(prices, GR_GE(0)));
static gr_reply prices(gr_co co, gr_req *req, const struct prices *in)
{
    (void)co;
    for (size_t i = 0; i < in->prices.len; i++)
        FUZZ_ASSERT(in->prices.at[i].key && in->prices.at[i].value >= 0);
    return gr_json(req, json_integer((json_int_t)in->prices.len));
}
GR_POST("/8/7", prices);

/* Lists in one text, an object side by side, any value. */
struct where {
    const char *name;
    gr_ints ids;
    json_t *any;
};
static GR_MODEL(where, GR_FIELD(name, GR_DEFAULT("x")), GR_LIST(ids, GR_OPTIONAL, .max_items = 3),
                GR_FIELD(any, GR_OPTIONAL), GR_SELF(.extra = GR_EXTRA_FORBIDDEN));
struct styled {
    gr_strings path, pipe, head;
    gr_ints comma, space, cookie;
    struct where where;
    json_t *any;
    GR_LIST_OF(json_t *) anys;
};
static GR_INPUT(styled, GR_LIST(path, GR_FROM_PATH, .style = GR_STYLE_SIMPLE),
                GR_LIST(pipe, GR_FROM_QUERY, GR_OPTIONAL, .style = GR_STYLE_PIPE_DELIMITED, .max_len = 5),
                GR_LIST(head, GR_FROM_HEADER, GR_OPTIONAL, .style = GR_STYLE_SIMPLE, .max_items = 4),
                GR_LIST(comma, GR_FROM_QUERY, GR_OPTIONAL, .style = GR_STYLE_FORM, GR_LE(50)),
                GR_LIST(space, GR_FROM_QUERY, GR_OPTIONAL, .style = GR_STYLE_SPACE_DELIMITED),
                GR_LIST(cookie, GR_FROM_COOKIE, GR_OPTIONAL, .style = GR_STYLE_FORM),
                GR_OBJECT(where, where, GR_FROM_QUERY, .style = GR_STYLE_DEEP_OBJECT),
                GR_QUERY(any, GR_OPTIONAL), GR_LIST(anys, GR_FROM_HEADER, GR_OPTIONAL, .alias = "any"));
static gr_reply styled(gr_co co, gr_req *req, const struct styled *in)
{
    (void)co;
    FUZZ_ASSERT(in->path.len && in->head.len <= 4 && in->where.ids.len <= 3 && in->where.name);
    for (size_t i = 0; i < in->comma.len; i++)
        FUZZ_ASSERT(in->comma.at[i] <= 50);
    for (size_t i = 0; i < in->head.len; i++)
        FUZZ_ASSERT(*in->head.at[i] && !strchr(in->head.at[i], ','));
    for (size_t i = 0; i < in->anys.len; i++)
        FUZZ_ASSERT(json_is_string(in->anys.at[i]));
    return gr_json(req, in->any ? json_incref(in->any) : json_null());
}
GR_POST("/9/{path}", styled);

/* Sets, tuples and default items, from each place. */
struct fix {
    int64_t x;
    const char *name;
};
static GR_MODEL(fix, GR_SELF(.tuple = true), GR_FIELD(x, GR_LE(50)), GR_FIELD(name));
struct shaped {
    gr_ints set, from;
    gr_strings words;
    struct fix at, head;
    GR_MAP_FROM(int64_t, struct fix) body;
};
static const char *be_low(const void *value)
{
    const struct fix *fix = value;
    return fix->x > 40 ? "is too high for me" : NULL;
}
static GR_INPUT(shaped, GR_LIST(set, GR_FROM_QUERY, GR_DEFAULT_LIST(3, 1), .dedupe = true, .max_items = 3),
                GR_LIST(from, GR_FROM_HEADER, GR_OPTIONAL, .unique = true),
                GR_LIST(words, GR_FROM_QUERY, GR_DEFAULT_LIST("a"), .dedupe = true, .min_items = 1),
                GR_OBJECT(at, fix, GR_FROM_QUERY, .validate = be_low), GR_OBJECT(head, fix, GR_FROM_HEADER),
                GR_MAP_OBJECTS(body, fix, .validate = be_low, .max_items = 4));
static gr_reply shaped(gr_co co, gr_req *req, const struct shaped *in)
{
    (void)co;
    FUZZ_ASSERT(in->set.len <= 3 && in->words.len && in->at.x <= 40 && in->at.name && in->head.name);
    FUZZ_ASSERT(in->body.at && in->body.len <= 4);
    for (size_t i = 1; i < in->set.len; i++)
        FUZZ_ASSERT(in->set.at[i] != in->set.at[i - 1]);
    for (size_t i = 1; i < in->body.len; i++)
        FUZZ_ASSERT(in->body.at[i].key != in->body.at[0].key && in->body.at[i].value.x <= 40);
    return gr_json(req, json_integer((json_int_t)in->set.len));
}
GR_POST("/10/7", shaped);

/* An answer of the application's own to what is invalid, of all that it is told. */
static gr_reply invalid(gr_req *req, const gr_invalid *mistakes, size_t n)
{
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++) {
        json_decref(fuzz_json(mistakes[i].loc, strlen(mistakes[i].loc)));
        json_decref(fuzz_json(mistakes[i].input, strlen(mistakes[i].input)));
        if (mistakes[i].ctx)
            json_decref(fuzz_json(mistakes[i].ctx, strlen(mistakes[i].ctx)));
        FUZZ_ASSERT(*mistakes[i].msg && *mistakes[i].type);
        FUZZ_ASSERT(json_is_array(mistakes[i].loc_json) && mistakes[i].input_json);
        FUZZ_ASSERT(!mistakes[i].ctx == !mistakes[i].ctx_json);
        json_array_append_new(all, json_string(mistakes[i].type));
    }
    return gr_with_status(gr_json(req, all), 422);
}

/* What the first byte chooses: the operation, what its body says it is (the input may say another in a field of its
 * own), and whether the application answers itself what is invalid. */
static const struct choice {
    unsigned operation;
    bool own;
    const char *type;
} choices[] = {
    {0, false, "application/json"},
    {1, false, "application/json"},
    {2, false, "application/x-www-form-urlencoded"},
    {3, false, "application/json"},
    {4, false, "text/plain"},
    {5, false, "application/merge+json"},
    {0, false, "text/plain"},
    {5, false, "text/plain"},
    {6, false, "application/x-www-form-urlencoded"},
    {7, false, "application/json"},
    {7, false, "text/plain"},
    {8, false, "application/json"},
    {8, true, "text/plain"},
    {0, true, "application/json"},
    {4, true, "application/json"},
    {6, true, "application/x-www-form-urlencoded"},
    {9, false, "application/json"},
    {9, true, "multipart/form-data"},
    {6, false, "multipart/form-data; boundary=b"},
    {10, false, "application/json"},
    {10, true, "application/json"},
    {11, false, "text/plain"},
    {11, true, "text/plain"},
    {12, false, "application/json"},
    {12, true, "application/json"},
    {13, false, "application/json"},
    {14, false, "application/json"},
    {14, true, "application/json"},
    {15, false, "application/json"},
    {15, true, "application/json"},
    {16, false, "application/x-www-form-urlencoded"},
    {16, true, "application/x-www-form-urlencoded"},
    {17, false, "application/json"},
    {18, false, "text/plain"},
};

static gr_app *app_of_all(bool own)
{
    gr_app *app = gr_app_create("bind", "1");
    gr_app_add(app, &everything_route, &one_route, &form_route, &raw_route, &counted_route, &listed_route, &flat_route,
               &number_route, &prices_route, &styled_route, &shaped_route, &united_route, &typed_route, &listing_route,
               &wholly_route, &several_route, &filled_route, &any_json_route, &guarded_route);
    if (own)
        FUZZ_ASSERT(gr_app_set_invalid(app, invalid, thing_model) == 0);
    return app;
}

/* To compile the application and to write its document takes a hundred times what a request does, so a server serves
 * many of them, one after the other, as servers do; then it is stopped, which shows whether anything of them is left.
 */
static gr_test *test_of_all(bool own)
{
    enum { REQUESTS = 1000 };
    static gr_app *apps[2];
    static gr_test *tests[2];
    static unsigned n[2];
    if (!apps[own])
        apps[own] = app_of_all(own);
    if (n[own]++ % REQUESTS == 0) {
        gr_test_destroy(tests[own]);
        tests[own] = gr_test_create(apps[own]);
        FUZZ_ASSERT(tests[own]);
    }
    return tests[own];
}

static void put_head(struct gri_buf *to, const struct choice *choice, struct gri_str query, struct gri_str fields,
                     size_t body_len)
{
    bool path = query.len && *query.at == '/';
    gri_buf_printf(to, "POST /%u%s", choice->operation, path ? "" : "/7?");
    gri_buf_put(to, query.at, query.len);
    gri_buf_printf(to, " HTTP/1.1\r\nHost: a\r\nContent-Type: %s\r\n", choice->type);
    gri_buf_put(to, fields.at, fields.len);
    gri_buf_printf(to, "%sContent-Length: %zu\r\n\r\n", fields.len ? "\r\n" : "", body_len);
}

/* What comes before `mark`, or the end; *at is moved behind it. */
static struct gri_str take_until(const char **at, const char *end, const char *mark)
{
    size_t left = (size_t)(end - *at), n = strlen(mark);
    const char *hit = memmem(*at, left, mark, n);
    struct gri_str part = {*at, hit ? (size_t)(hit - *at) : left};
    *at = hit ? hit + n : end;
    return part;
}

/* The answer that every request gets, if only to say that it took too long. */
static gr_answer *await_answer(gr_test *test, gr_test_conn *conn)
{
    gr_answer *answer = gr_test_next_answer(conn, false);
    while (answer && gr_answer_status(answer) == 100) {
        gr_answer_free(answer);
        answer = gr_test_next_answer(conn, false);
    }
    if (!answer)
        gr_test_advance(test, 600000);
    if (!answer)
        answer = gr_test_next_answer(conn, false);
    FUZZ_ASSERT(answer);
    return answer;
}

static bool is_password(json_t *loc)
{
    static const char *const body[] = {"body", NULL};
    return fuzz_leads_to(loc, "password", body);
}

static bool is_body(json_t *loc)
{
    return json_array_size(loc) == 1 && fuzz_is_step(loc, 0, "body");
}

static bool is_nothing(json_t *loc)
{
    (void)loc;
    return false;
}

/* What is secret of each operation's input. */
static fuzz_secret_fn *const secrets[] = {
    thing_is_secret, thing_is_secret, is_nothing,     is_nothing, is_nothing,       is_nothing,      is_password,
    is_body,         is_nothing,      is_nothing,     is_nothing, is_united_secret, is_typed_secret, thing_is_secret,
    thing_is_secret, is_in_vault,     is_form_secret, is_nothing, is_guarded_secret};

static void check(const struct choice *choice, const gr_answer *answer)
{
    size_t len;
    const char *body = gr_answer_body(answer, &len);
    int status = gr_answer_status(answer);
    if (getenv("SHOW"))
        printf("SHOW %d %.*s\n", status, (int)len, body);
    FUZZ_ASSERT(status >= 200 && status < 600);
    FUZZ_ASSERT(status != 500 || choice->operation == 3 ||
                choice->operation == 17); /* these reply with what they got, through a model */
    if (status == 422 && !choice->own)
        fuzz_check_detail(body, len, secrets[choice->operation]);
    if (status == 200)
        json_decref(fuzz_json(body, len));
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    if (size < 2)
        return 0;
    const struct choice *choice = &choices[input[0] % (sizeof choices / sizeof *choices)];
    const char *at = (const char *)input + 1, *end = at + size - 1;
    struct gri_str query = take_until(&at, end, "\n"), fields = take_until(&at, end, "\n\n");
    struct gri_buf head;
    gri_buf_init(&head, NULL);
    put_head(&head, choice, query, fields, (size_t)(end - at));
    gr_test *test = test_of_all(choice->own);
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_send(conn, head.data, head.len);
    gr_test_send(conn, at, (size_t)(end - at));
    gr_answer *answer = await_answer(test, conn);
    check(choice, answer);
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    FUZZ_ASSERT(gr_test_coroutines(test) == 0);
    gri_buf_finish(&head);
    return 0;
}
