/* A tutorial's test: requests in turn, and what each is answered. */
#ifndef TESTS_TUTORIAL_STEPS_H
#define TESTS_TUTORIAL_STEPS_H

#include <griddle/testing.h>

#include "run.h"
#include "tutorial.h"

struct step {
    const char *method, *target;
    const char *headers[5]; /* names and values in turn */
    const char *body;
    int status;
    const char *answer; /* all of it, or, behind "...", a part */
};

#define JSON \
    { \
        "Content-Type", "application/json" \
    }
#define FORM \
    { \
        "Content-Type", "application/x-www-form-urlencoded" \
    }

static inline bool is_answer(const char *got, const char *wanted)
{
    return strncmp(wanted, "...", 3) == 0 ? strstr(got, wanted + 3) != NULL : strcmp(got, wanted) == 0;
}

static inline void take_step(gr_test *test, const struct step *step)
{
    gr_answer *answer = gr_test_request(test, step->method, step->target, step->headers[0] ? step->headers : NULL,
                                        step->body, step->body ? strlen(step->body) : 0);
    ck_assert_msg(answer != NULL, "%s %s got no answer", step->method, step->target);
    const char *got = gr_answer_body(answer, NULL);
    ck_assert_msg(gr_answer_status(answer) == step->status && is_answer(got, step->answer),
                  "%s %s %s\nwanted %d %s\n   got %d %s", step->method, step->target, step->body ? step->body : "",
                  step->status, step->answer, gr_answer_status(answer), got);
    gr_answer_free(answer);
}

static inline void take_steps_of(gr_app *app, const struct step *steps, size_t n)
{
    gr_test *test = gr_test_create(app);
    ck_assert_ptr_nonnull(test);
    for (size_t i = 0; i < n; i++)
        take_step(test, &steps[i]);
    ck_assert_uint_eq(gr_test_coroutines(test), 0);
    gr_test_destroy(test);
    gr_app_destroy(app);
}

static inline void take_steps(const struct step *steps, size_t n)
{
    take_steps_of(tutorial_app(), steps, n);
}

/* A header field of the answer to a GET; NULL: it has none of that name. */
struct field {
    const char *target, *name, *value;
};

static inline void has_field(gr_test *test, const struct field *field)
{
    gr_answer *answer = gr_test_get(test, field->target);
    ck_assert_msg(answer != NULL, "GET %s got no answer", field->target);
    const char *got = gr_answer_header(answer, field->name);
    ck_assert_msg(field->value ? got && strcmp(got, field->value) == 0 : !got, "GET %s\nwanted %s: %s\n   got %s",
                  field->target, field->name, field->value ? field->value : "(none)", got ? got : "(none)");
    gr_answer_free(answer);
}

static inline void have_fields(const struct field *fields, size_t n)
{
    gr_app *app = tutorial_app();
    gr_test *test = gr_test_create(app);
    ck_assert_ptr_nonnull(test);
    for (size_t i = 0; i < n; i++)
        has_field(test, &fields[i]);
    gr_test_destroy(test);
    gr_app_destroy(app);
}

/* STEPS(does_what, {...}, {...}): a test of a new application. */
#define STEPS(does_what, ...) \
    START_TEST(does_what) \
    { \
        const struct step own[] = {__VA_ARGS__}; \
        take_steps(own, sizeof own / sizeof *own); \
    } \
    END_TEST

/* FIELDS(does_what, {...}, {...}): the same of header fields. */
#define FIELDS(does_what, ...) \
    START_TEST(does_what) \
    { \
        const struct field own[] = {__VA_ARGS__}; \
        have_fields(own, sizeof own / sizeof *own); \
    } \
    END_TEST

/* TESTS(name, does_what, ...): main(), for several tests. */
#define TESTS(name, ...) \
    int main(void) \
    { \
        return run_tests("tutorial " name, (test_list){__VA_ARGS__, NULL}, 20); \
    }

/* TUTORIAL(name, does_what, steps): the test, and main(). */
#define TUTORIAL(name, does_what) \
    START_TEST(does_what) \
    { \
        take_steps(steps, sizeof steps / sizeof *steps); \
    } \
    END_TEST \
    TESTS(name, does_what)

#endif
