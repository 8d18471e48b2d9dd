#include "model.h"

#include "steps.h"

STEPS(a_model_that_was_made_at_start_answers, {"GET", "/predict?x=2", {0}, NULL, 200, "{\"result\":84.0}"},
      {"GET", "/predict?x=0.5", {0}, NULL, 200, "{\"result\":21.0}"})

static int fake_model(GR_UNUSED gr_app *app, struct model **model)
{
    static struct model fake = {.factor = 1};
    *model = &fake;
    return 0;
}
GR_APP_DEPENDENCY(fake_model, struct model *);

START_TEST(a_test_puts_another_one_in_its_place)
{
    static const struct step steps[] = {{"GET", "/predict?x=2", {0}, NULL, 200, "{\"result\":2.0}"}};
    gr_app *app = tutorial_app();
    ck_assert_int_eq(gr_override(app, ml_model, fake_model), 0);
    take_steps_of(app, steps, 1);
}
END_TEST

static int no_model(gr_app *app, struct model **model)
{
    (void)model;
    return gr_app_fail(app, "weights.bin is not there");
}
GR_APP_DEPENDENCY(no_model, struct model *);

START_TEST(without_one_there_is_no_start)
{
    gr_app *app = tutorial_app();
    ck_assert_int_eq(gr_override(app, ml_model, no_model), 0);
    ck_assert_ptr_null(gr_test_create(app));
    gr_app_destroy(app);
}
END_TEST

TESTS("model", a_model_that_was_made_at_start_answers, a_test_puts_another_one_in_its_place,
      without_one_there_is_no_start)
