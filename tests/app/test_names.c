/* Names that a program may give to its own functions, structs and types, though the macros use such words themselves.
 */
#include "app_test.h"

static gr_reply in(gr_co co, gr_req *req)
{
    int rc = gr_yield(co);
    return rc ? gr_failed(req, rc) : gr_text(req, "in");
}
GR_GET("/in", in);

static gr_reply req(gr_req *request)
{
    return gr_text(request, "req");
}
GR_GET("/req", req);

static const char *even(const void *value)
{
    return *(const int64_t *)value % 2 ? "must be even" : NULL;
}
/* A check that has the name of a table. */
static const char *(*const model)(const void *value) = even;

struct co {
    int64_t n;
};
static const char *fields(const void *value)
{
    return model(value);
}
static GR_INPUT(co, GR_QUERY(n, .validate = fields));
static gr_reply co(gr_co right, gr_req *request, const struct co *input)
{
    int rc = gr_yield(right);
    return rc ? gr_failed(request, rc) : gr_text(request, input->n == 2 ? "two" : "another");
}
GR_GET("/co", co);

struct call {
    bool loud;
};
static GR_INPUT(call, GR_QUERY(loud, GR_DEFAULT(false)));
static gr_reply call(gr_req *request, const struct call *input)
{
    return gr_text(request, input->loud ? "CALL" : "call");
}
GR_GET("/call", call);

/* What the pieces of a route were called. */
static const char *call_call(void)
{
    return "call_call";
}
static int call_shape, call_input_ref;
static gr_reply shape(gr_req *request)
{
    return gr_text(request, call_shape + call_input_ref == 0 ? call_call() : "");
}
GR_GET("/shape", shape);

typedef struct task {
    int n;
} task, arg;

static int work(gr_co right, task *one)
{
    one->n++;
    return gr_yield(right);
}
GR_TASK(work, task);

static int wash(gr_co right, arg *one)
{
    one->n++;
    return gr_yield(right);
}
GR_TASK(wash, arg);

static gr_reply group(gr_co right, gr_req *request)
{
    task one = {0};
    int rc = gr_gather(right, work_job(&one), wash_job(&one));
    return rc ? gr_failed(request, rc) : gr_text(request, one.n == 2 ? "both" : "none");
}
GR_GET("/group", group);

static void wants(gr_test *test, const char *path, const char *text)
{
    gr_answer *answer = gr_test_get(test, path);
    ck_assert_int_eq(gr_answer_status(answer), 200);
    ck_assert_str_eq(gr_answer_body(answer, NULL), text);
    gr_answer_free(answer);
}

START_TEST(handlers_and_types_may_have_the_names_that_the_macros_use)
{
    MAKE_APP(app, &in_route, &req_route, &co_route, &call_route, &shape_route, &group_route);
    gr_test *test = gr_test_create(app);
    wants(test, "/in", "in");
    wants(test, "/req", "req");
    wants(test, "/co?n=2", "two");
    wants(test, "/call?loud=true", "CALL");
    wants(test, "/shape", "call_call");
    wants(test, "/group", "both");
    gr_answer *answer = gr_test_get(test, "/co?n=3");
    ck_assert_int_eq(gr_answer_status(answer), 422);
    gr_answer_free(answer);
    gr_test_destroy(test);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    return run_tests("app names", (test_list){handlers_and_types_may_have_the_names_that_the_macros_use, NULL}, 10);
}
