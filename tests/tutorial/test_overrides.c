#include "overrides.h"

#include "steps.h"

struct override_dependency {
    const char *q;
};
static GR_INPUT(override_dependency, GR_QUERY(q, GR_OPTIONAL));

static int override_dependency(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct override_dependency *in,
                               struct commons *commons)
{
    *commons = (struct commons){in->q, 5, 10};
    return 0;
}
GR_DEPENDENCY(override_dependency, struct commons);

static gr_app *overridden_app(void)
{
    gr_app *app = tutorial_app();
    ck_assert_int_eq(gr_override(app, common_parameters, override_dependency), 0);
    return app;
}

START_TEST(a_stand_in_runs_wherever_the_dependency_is_needed)
{
    static const struct step steps[] = {
        {"GET",
         "/items/",
         {0},
         NULL,
         200,
         "{\"message\":\"Hello Items!\",\"params\":{\"q\":null,\"skip\":5,\"limit\":10}}"},
        {"GET",
         "/items/?q=foo",
         {0},
         NULL,
         200,
         "{\"message\":\"Hello Items!\",\"params\":{\"q\":\"foo\",\"skip\":5,\"limit\":10}}"},
        {"GET",
         "/items/?q=foo&skip=100&limit=200",
         {0},
         NULL,
         200,
         "{\"message\":\"Hello Items!\",\"params\":{\"q\":\"foo\",\"skip\":5,\"limit\":10}}"},
        {"GET",
         "/users/?skip=100",
         {0},
         NULL,
         200,
         "{\"message\":\"Hello Users!\",\"params\":{\"q\":null,\"skip\":5,\"limit\":10}}"},
    };
    take_steps_of(overridden_app(), steps, sizeof steps / sizeof *steps);
}
END_TEST

START_TEST(the_document_stays_that_of_the_original)
{
    static const struct step steps[] = {{"GET", "/openapi.json", {0}, NULL, 200, "...\"name\":\"skip\""}};
    take_steps_of(overridden_app(), steps, 1);
}
END_TEST

STEPS(without_it_the_dependency_runs_itself,
      {"GET",
       "/items/?q=foo&skip=100&limit=200",
       {0},
       NULL,
       200,
       "{\"message\":\"Hello Items!\",\"params\":{\"q\":\"foo\",\"skip\":100,\"limit\":200}}"},
      {"GET",
       "/users/",
       {0},
       NULL,
       200,
       "{\"message\":\"Hello Users!\",\"params\":{\"q\":null,\"skip\":0,\"limit\":100}}"})

TESTS("overrides", a_stand_in_runs_wherever_the_dependency_is_needed, the_document_stays_that_of_the_original,
      without_it_the_dependency_runs_itself)
