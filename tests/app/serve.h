/* One application for each test, served in memory. */
#ifndef TESTS_APP_SERVE_H
#define TESTS_APP_SERVE_H

#include <griddle.h>
#include <griddle/testing.h>
#include <unistd.h>

#include "run.h"

static gr_app *app;
static gr_test *test;

static inline void begin(void)
{
    app = gr_app_create("Test", "1");
    ck_assert_ptr_nonnull(app);
}

#define SERVE(...) \
    do { \
        begin(); \
        ck_assert_int_eq(gr_app_add(app, __VA_ARGS__), 0); \
        go(); \
    } while (0)

static inline void go(void)
{
    test = gr_test_create(app);
    ck_assert_ptr_nonnull(test);
}

/* Nothing is left, so that LeakSanitizer may look. */
static inline void end(void)
{
    if (test)
        ck_assert_uint_eq(gr_test_coroutines(test), 0);
    gr_test_destroy(test);
    gr_app_destroy(app);
}

static inline gr_answer *ask(const char *method, const char *target, const char *const *headers, const char *body)
{
    gr_answer *answer = gr_test_request(test, method, target, headers, body, body ? strlen(body) : 0);
    ck_assert_msg(answer != NULL, "%s %s: no answer", method, target);
    return answer;
}

static inline void expect(const char *method, const char *target, int status, const char *body)
{
    gr_answer *answer = ask(method, target, NULL, NULL);
    ck_assert_msg(gr_answer_status(answer) == status, "%s %s: wanted %d, got %d %s", method, target, status,
                  gr_answer_status(answer), gr_answer_body(answer, NULL));
    if (body)
        ck_assert_msg(!strcmp(gr_answer_body(answer, NULL), body), "%s %s: wanted \"%s\", got \"%s\"", method, target,
                      body, gr_answer_body(answer, NULL));
    gr_answer_free(answer);
}

static inline void expect_get(const char *target, int status, const char *body)
{
    expect("GET", target, status, body);
}

static inline void expect_header(gr_answer *answer, const char *name, const char *value)
{
    const char *got = gr_answer_header(answer, name);
    if (value)
        ck_assert_msg(got && !strcmp(got, value), "%s: wanted \"%s\", got \"%s\"", name, value, got ? got : "(none)");
    else
        ck_assert_msg(!got, "%s: wanted none, got \"%s\"", name, got);
}

/* --- what is logged --- */

static int log_pipe[2], log_saved;
static char log_text[65536];

static inline void listen_to_log(void)
{
    ck_assert_int_eq(pipe(log_pipe), 0);
    log_saved = dup(2);
    dup2(log_pipe[1], 2);
}

/* What was logged since, at most what a pipe holds. */
static inline const char *logged(void)
{
    dup2(log_saved, 2);
    close(log_saved);
    close(log_pipe[1]);
    ssize_t n = read(log_pipe[0], log_text, sizeof log_text - 1);
    log_text[n > 0 ? n : 0] = '\0';
    close(log_pipe[0]);
    return log_text;
}

static inline void expect_logged(const char *text, const char *wanted)
{
    ck_assert_msg(strstr(text, wanted) != NULL, "wanted \"%s\" in: %s", wanted, text);
}

#endif
