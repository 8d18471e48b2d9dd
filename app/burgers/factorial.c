/* asyncio's example of gather: three factorials, whose steps interleave. */
#include "shop.h"

enum { MOST_STEPS = 9 };

struct computation {
    gr_ints results;
    gr_strings steps;
    int64_t elapsed_ms;
};
static GR_MODEL(computation, GR_LIST(results), GR_LIST(steps), GR_FIELD(elapsed_ms));

struct factorial {
    int64_t unit_ms;
};
static GR_INPUT(factorial, GR_QUERY(unit_ms, GR_DEFAULT(100), GR_GE(0), GR_LE(1000), .doc = "Milliseconds a step"));

struct number {
    char name;
    int n;
    int64_t result;
    /* the same for all */
    gr_req *req;
    int64_t unit_ms;
    gr_strings *steps;
};

/* Notes a step. Only the loop's thread does, so there is no lock. */
static int note(struct number *number, const char *step)
{
    if (!step)
        return GR_ENOMEM;
    number->steps->at[number->steps->len++] = step;
    return 0;
}

static int compute(gr_co co, void *arg)
{
    struct number *number = arg;
    number->result = 1;
    for (int i = 2; i <= number->n; i++) {
        int rc = note(number, gr_printf(number->req, "Task %c: Compute factorial(%d), currently i=%d...", number->name,
                                        number->n, i));
        if (rc == 0)
            rc = gr_sleep(co, number->unit_ms);
        if (rc)
            return rc;
        number->result *= i;
    }
    return note(number, gr_printf(number->req, "Task %c: factorial(%d) = %lld", number->name, number->n,
                                  (long long)number->result));
}

static gr_reply factorial(gr_co co, gr_req *req, const struct factorial *in)
{
    const char *steps[MOST_STEPS];
    struct computation computation = {.steps = {steps, 0}};
    struct number a = {'A', 2, 0, req, in->unit_ms, &computation.steps};
    struct number b = {'B', 3, 0, req, in->unit_ms, &computation.steps};
    struct number c = {'C', 4, 0, req, in->unit_ms, &computation.steps};
    int64_t began_ms = gr_now_ms(co);
    int rc = gr_gather(co, {compute, &a}, {compute, &b}, {compute, &c});
    if (rc)
        return gr_failed(req, rc);
    int64_t results[] = {a.result, b.result, c.result};
    computation.results = (gr_ints){results, 3};
    computation.elapsed_ms = gr_now_ms(co) - began_ms;
    return computation_reply(req, &computation);
}
GR_GET("/factorial", factorial, .summary = "Gather three factorials", .response = computation_model);

void add_factorial(gr_app *app)
{
    gr_app_add(app, &factorial_route);
}
