/* Each allocation of making the document failed in turn: the start fails with GR_ENOMEM, and nothing is lost. */
#include "scarce.h"

#include "openapi.h"

#include "openapi/openapi.h"
#include "serve/running.h"

enum kind { CAT, DOG };
enum color { RED, GREEN };
static GR_VALUES(color, {RED, "red"}, {GREEN, NULL});
struct cat {
    int64_t lives;
};
static GR_MODEL(cat, GR_SELF(.doc = "Purrs", .examples = "[1]"), GR_FIELD(lives));
struct pet {
    enum kind kind;
    union {
        struct cat cat;
    };
};
static GR_MODEL(pet, GR_TAG(kind), GR_ARM(cat, cat, CAT));
struct thing {
    const char *name, *secret;
    double *price;
    enum color color;
    struct cat cat;
    struct pet pet;
    gr_ints list;
    GR_MAP_OF(double) map;
    struct thing *next;
};
static GR_MODEL(thing, GR_FIELD(name, .pattern = "a", .examples = "[\"a\"]", .alias = "itsName"),
                GR_FIELD(secret, GR_NULLABLE), GR_FIELD(price, GR_OPTIONAL, GR_GT(0.5)),
                GR_ENUM(color, color, GR_DEFAULT(GREEN)), GR_OBJECT(cat, cat), GR_OBJECT(pet, pet),
                GR_LIST(list, GR_DEFAULT_EMPTY), GR_MAP(map, GR_DEFAULT_EMPTY), GR_OBJECT(next, thing, GR_OPTIONAL));

struct paging {
    int64_t skip;
    const char *x_trace;
};
static GR_MODEL(paging, GR_FIELD(skip, GR_DEFAULT(0)), GR_FIELD(x_trace, GR_OPTIONAL));

struct change {
    int64_t id, skip;
    struct paging paging;
    const char *x_token;
    struct thing thing;
    bool sure;
};
static GR_INPUT(change, GR_PATH(id), GR_QUERY(skip), GR_OBJECT(paging, paging, GR_FROM_QUERY), GR_HEADER(x_token),
                GR_BODY(thing, thing), GR_FIELD(sure, GR_DEFAULT(false)));
static gr_reply change(gr_req *req, const struct change *in)
{
    (void)in;
    return gr_empty(req, 204);
}
GR_OUTGOING(told, "POST", "told", .response = thing_model);
GR_OUTGOING(called, "POST", "called", .response = thing_model);
GR_PUT("/change/{id:int}", change, .response = thing_model, .response_list = true, .response_exclude = GR_NAMES("list"),
       .response_by_name = true, .response_exclude_none = true,
       .responses = GR_RESPONSES({404, .model = cat_model}, {404, .type = "text/plain"},
                                 {4, .model = cat_model, .list = true}),
       .tags = GR_NAMES("a"), .external_docs = {"https://example.com", "More"},
       .callbacks = GR_CALLBACKS(&called_route), .openapi_extra = "{\"tags\": [\"b\"], \"x\": {\"y\": 1}}",
       .description = "d", .deprecated = true);

struct look {
    struct thing thing;
};
static GR_INPUT(look, GR_BODY(thing, thing));
static gr_reply look(gr_req *req, const struct look *in)
{
    (void)in;
    return gr_empty(req, 204);
}
GR_POST("/look", look, .response = thing_model, .response_exclude_none = true);

static int edit(json_t *doc, void *arg)
{
    (void)arg;
    return json_is_object(doc) ? 0 : GR_EINVAL;
}

static gr_app *make_app(void)
{
    MAKE_APP(app, &change_route, &look_route);
    ck_assert_int_eq(gr_app_add_webhook(app, &told_route), 0);
    gr_app_info info = {.size = sizeof info,
                        .contact = {.name = "n"},
                        .license = {.name = "MIT"},
                        .root_path = "/v1",
                        .servers = GR_SERVERS({"https://example.com", "Production"}),
                        .tags = GR_TAGS({"a", .description = "b"}),
                        .external_docs = {"https://example.com", "More"}};
    ck_assert_int_eq(gr_app_describe(app, &info), 0);
    ck_assert_int_eq(gr_app_on_openapi(app, edit, NULL), 0);
    return app;
}

/* What is called while memory is out: Check allocates too, so it asserts nothing, and tells what it made. */
typedef int make_fn(struct gri_running *running, bool *right);

/* Calls `make` with one allocation after the other failing (or all from there on), until none does. */
static void fail_each(make_fn *make, struct gri_running *running, bool only_one)
{
    long n = 0;
    bool failed;
    json_set_alloc_funcs(__wrap_malloc, free);
    do {
        bool right = false;
        once = only_one;
        __atomic_store_n(&left, n++, __ATOMIC_RELAXED);
        int rc = make(running, &right);
        failed = only_one ? has_failed() : rc != 0; /* the last one that there was cannot be told from one too few */
        plenty();
        ck_assert_msg(right, "allocation %ld failed: what was made does not fit the result %d", n - 1, rc);
        if (failed && rc != GR_ENOMEM && !(only_one && rc == 0))
            ck_abort_msg("allocation %ld failed: wanted GR_ENOMEM, got %d", n - 1, rc);
        ck_assert(failed || rc == 0);
    } while (failed);
    ck_assert_int_gt(n, 100);
}

/* A failure that was got over must have left nothing out. */
static int make_document(struct gri_running *running, bool *right)
{
    json_t *made;
    int rc = gri_openapi_make(&running->program, &made);
    *right = rc ? made == NULL : json_equal(made, document);
    json_decref(made);
    return rc;
}

static int make_text(struct gri_running *running, bool *right)
{
    int rc = gri_openapi_init(running);
    *right = (rc == 0) == (running->openapi.text != NULL);
    gri_openapi_finish(running);
    return rc;
}

static int init(struct gri_running *running, const gr_app *app, const struct gri_log *log)
{
    *running = (struct gri_running){0};
    const gr_route *own = gri_openapi_route(&running->openapi, app);
    return gri_program_init(&running->program, app, (struct gri_own_routes){&own, 1}, NULL, log);
}

static void finish(struct gri_running *running)
{
    gri_openapi_finish(running);
    gri_program_finish(&running->program);
}

static int start(struct gri_running *running, bool *right)
{
    struct gri_log log = {.level = GRI_LOG_OFF, .fd = -1};
    struct gri_running another;
    int rc = init(&another, running->program.app, &log);
    if (rc == 0)
        rc = gri_openapi_init(&another);
    *right = (rc == 0) == (another.openapi.text != NULL);
    finish(&another);
    return rc;
}

static void check(make_fn *make, bool only_one)
{
    gr_app *app = make_app();
    struct gri_log log = {.level = GRI_LOG_WARNING, .fd = 2};
    struct gri_running running;
    ck_assert_int_eq(init(&running, app, &log), 0);
    ck_assert_int_eq(gri_openapi_make(&running.program, &document), 0);
    fail_each(make, &running, only_one);
    forget();
    finish(&running);
    gr_app_destroy(app);
}

START_TEST(one_allocation_that_fails_fails_the_document)
{
    check(make_document, true);
}
END_TEST

START_TEST(without_memory_there_is_no_document)
{
    check(make_document, false);
}
END_TEST

START_TEST(nor_is_it_written)
{
    check(make_text, true);
    check(make_text, false);
}
END_TEST

START_TEST(a_start_fails_wherever_it_is)
{
    check(start, true);
    check(start, false);
}
END_TEST

int main(void)
{
    const test_list tests = {one_allocation_that_fails_fails_the_document, without_memory_there_is_no_document,
                             nor_is_it_written, a_start_fails_wherever_it_is, NULL};
    return run_tests("openapi memory", tests, 60);
}
