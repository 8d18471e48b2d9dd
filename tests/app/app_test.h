/* What the tests of the application layer share. */
#ifndef TESTS_APP_TEST_H
#define TESTS_APP_TEST_H

#include <fcntl.h>
#include <griddle/app.h>
#include <griddle/input.h>
#include <griddle/middleware.h>
#include <griddle/task.h>
#include <griddle/testing.h>
#include <unistd.h>

#include "run.h"

#define GET(target)       "GET " target " HTTP/1.1\r\nHost: h\r\n\r\n"
#define SEND(conn, text)  gr_test_send((conn), (text), strlen(text))
#define HAS(text, part)   ck_assert_msg(strstr((text), (part)) != NULL, "\"%s\" is not in \"%s\"", (part), (text))
#define LACKS(text, part) ck_assert_msg(strstr((text), (part)) == NULL, "\"%s\" is in \"%s\"", (part), (text))
#define MAKE_APP(app, ...) \
    gr_app *app = gr_app_create("tests", "1"); \
    ck_assert_int_eq(gr_app_add(app, __VA_ARGS__), 0)

/* A server for `app` that must start. */
GR_UNUSED static gr_test *serve(gr_app *app)
{
    gr_test *test = gr_test_create(app);
    ck_assert_ptr_nonnull(test);
    return test;
}

GR_UNUSED static void end(gr_test *test, gr_app *app)
{
    ck_assert_uint_eq(gr_test_coroutines(test), 0);
    gr_test_destroy(test);
    gr_app_destroy(app);
}

/* The answer must have that status and (unless NULL) that body. */
GR_UNUSED static void check_answer(gr_answer *answer, int status, const char *body)
{
    ck_assert_ptr_nonnull(answer);
    ck_assert_msg(gr_answer_status(answer) == status, "status %d, not %d: %s", gr_answer_status(answer), status,
                  gr_answer_body(answer, NULL));
    if (body)
        ck_assert_str_eq(gr_answer_body(answer, NULL), body);
}

GR_UNUSED static void check_request(gr_test *test, const char *method, const char *target, int status, const char *body)
{
    gr_answer *answer = gr_test_request(test, method, target, NULL, NULL, 0);
    check_answer(answer, status, body);
    gr_answer_free(answer);
}

GR_UNUSED static void check_get(gr_test *test, const char *target, int status, const char *body)
{
    check_request(test, "GET", target, status, body);
}

/* Standard error, from begin_capture() to end_capture(), which returns it (to be freed). */
static int captured_fd = -1, real_stderr = -1;

GR_UNUSED static void begin_capture(void)
{
    char name[] = "/tmp/griddle-stderr-XXXXXX";
    captured_fd = mkstemp(name);
    ck_assert_int_ge(captured_fd, 0);
    unlink(name);
    real_stderr = dup(2);
    ck_assert_int_eq(dup2(captured_fd, 2), 2);
}

GR_UNUSED static char *end_capture(void)
{
    dup2(real_stderr, 2);
    close(real_stderr);
    off_t size = lseek(captured_fd, 0, SEEK_END);
    char *text = calloc(1, (size_t)size + 1);
    ck_assert_ptr_nonnull(text);
    ck_assert_int_eq(pread(captured_fd, text, (size_t)size, 0), size);
    close(captured_fd);
    return text;
}

/* What `app` is refused with at start (to be freed). */
GR_UNUSED static char *refusal(gr_app *app)
{
    begin_capture();
    gr_test *test = gr_test_create(app);
    char *text = end_capture();
    ck_assert_ptr_null(test);
    return text;
}

/* A handler whose reply is the operation's name. */
GR_UNUSED static gr_reply say_name(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, gr_operation(req));
}

#endif
