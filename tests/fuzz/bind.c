/* A whole request for operations that take every kind of input: an answer in all cases, and one that is JSON. The first
 * byte chooses the operation, the rest up to a line end is its query, the next lines are header fields, what follows an
 * empty line is the body. */
#include <griddle.h>
#include <griddle/testing.h>
#include <string.h>

#include "base/str.h"
#include "fuzz/fuzz.h"
#include "fuzz/thing.h"

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
                GR_HEADER(x_token, GR_OPTIONAL, .max_len = 9), GR_LIST(x_count, GR_FROM_HEADER, GR_OPTIONAL),
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

/* What a body says it is, one of them for each operation; the input may say another in a field of its own. */
static const char *const types[] = {"application/json", "application/json", "application/x-www-form-urlencoded",
                                    "application/json", "text/plain",       "application/merge+json",
                                    "text/plain",       "text/plain"};
static const unsigned operations[] = {0, 1, 2, 3, 4, 5, 0, 5};

static gr_test *test_of_all(void)
{
    static gr_app *app;
    if (!app) {
        app = gr_app_create("bind", "1");
        gr_app_add(app, &everything_route, &one_route, &form_route, &raw_route, &counted_route, &listed_route);
    }
    return gr_test_create(app);
}

static void put_head(char *to, size_t size, unsigned op, struct gri_str query, struct gri_str fields, size_t body_len)
{
    snprintf(to, size, "POST /%u/7?%.*s HTTP/1.1\r\nHost: a\r\nContent-Type: %s\r\n%.*s%sContent-Length: %zu\r\n\r\n",
             operations[op], (int)query.len, query.at, types[op], (int)fields.len, fields.at, fields.len ? "\r\n" : "",
             body_len);
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

static void check(gr_answer *answer)
{
    if (!answer || gr_answer_status(answer) != 422)
        return;
    json_t *whole = json_loads(gr_answer_body(answer, NULL), JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, NULL);
    FUZZ_ASSERT(json_array_size(json_object_get(whole, "detail")) > 0);
    json_decref(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    if (size < 2)
        return 0;
    const char *at = (const char *)input + 1, *end = at + size - 1;
    struct gri_str query = take_until(&at, end, "\n"), fields = take_until(&at, end, "\n\n");
    char *head = malloc(size + 256);
    put_head(head, size + 256, input[0] % 8, query, fields, (size_t)(end - at));
    gr_test *test = test_of_all();
    gr_test_conn *conn = gr_test_connect(test);
    gr_test_send(conn, head, strlen(head));
    gr_test_send(conn, at, (size_t)(end - at));
    gr_answer *answer = gr_test_next_answer(conn, false);
    check(answer);
    gr_answer_free(answer);
    gr_test_conn_destroy(conn);
    FUZZ_ASSERT(gr_test_coroutines(test) == 0);
    gr_test_destroy(test);
    free(head);
    return 0;
}
