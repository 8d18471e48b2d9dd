#include "steps.h"

STEPS(a_model_that_was_loaded_at_start_answers, {"GET", "/predict?x=2", {0}, NULL, 200, "{\"result\":84.0}"},
      {"GET", "/predict?x=0.5", {0}, NULL, 200, "{\"result\":21.0}"})

static void predicts(gr_app *app)
{
    gr_test *test = gr_test_create(app);
    ck_assert_ptr_nonnull(test);
    take_step(test, &(struct step){"GET", "/predict?x=2", {0}, NULL, 200, "{\"result\":84.0}"});
    gr_test_destroy(test);
}

/* What was not unloaded is a leak, which the sanitizer reports. */
START_TEST(it_is_unloaded_at_the_stop_and_loaded_at_the_next_start)
{
    gr_app *app = tutorial_app();
    predicts(app);
    predicts(app);
    gr_app_destroy(app);
}
END_TEST

TESTS("lifespan", a_model_that_was_loaded_at_start_answers, it_is_unloaded_at_the_stop_and_loaded_at_the_next_start)
