/* What the tests of dependencies share: a trace of what has run. */
#ifndef TESTS_APP_NEED_H
#define TESTS_APP_NEED_H

#include <griddle/background.h>
#include <griddle/dependency.h>

#include "app_test.h"

static char trace[1000]; /* one thread at a time has the request, and with it this */

GR_UNUSED static int note(const char *what)
{
    size_t len = strlen(trace);
    snprintf(trace + len, sizeof trace - len, "%s ", what);
    return 0;
}

/* GIVES(a): an async dependency a without input, which notes its name and gives a number; BLOCKS(a): a blocking one. */
#define GIVES_(fn) \
    static int fn(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, int *value) \
    { \
        *value = 1; \
        return note(#fn); \
    }
#define BLOCKS_(fn) \
    static int fn(GR_UNUSED gr_req *req, int *value) \
    { \
        *value = 1; \
        return note(#fn); \
    }
#define GIVES(fn)            GIVES_(fn) GR_DEPENDENCY(fn, int)
#define GIVES_WITH(fn, ...)  GIVES_(fn) GR_DEPENDENCY(fn, int, __VA_ARGS__)
#define BLOCKS(fn)           BLOCKS_(fn) GR_DEPENDENCY(fn, int)
#define BLOCKS_WITH(fn, ...) BLOCKS_(fn) GR_DEPENDENCY(fn, int, __VA_ARGS__)

/* A handler of what the table of its name needs. */
#define HANDLES(fn) \
    static gr_reply fn(GR_UNUSED gr_co co, gr_req *req, GR_UNUSED const struct fn *in) \
    { \
        note("handler"); \
        return gr_text(req, "done"); \
    }
#define HANDLES_BLOCKING(fn) \
    static gr_reply fn(gr_req *req, GR_UNUSED const struct fn *in) \
    { \
        note("handler"); \
        return gr_text(req, "done"); \
    }

/* Answers GET target on a server of its own, and leaves the trace of that. */
GR_UNUSED static void run_once(const gr_route *route, const char *target, int status, const char *body)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add_n(app, &route, 1), 0);
    gr_test *test = serve(app);
    trace[0] = '\0';
    check_get(test, target, status, body);
    gr_test_advance(test, 0);
    end(test, app);
}

#define REFUSED(route, ...) \
    do { \
        const gr_route *refused_ = &(route); \
        const char *const wanted_[] = {__VA_ARGS__}; \
        gr_app *app_ = gr_app_create("tests", "1"); \
        ck_assert_int_eq(gr_app_add_n(app_, &refused_, 1), 0); \
        char *text_ = refusal(app_); \
        for (size_t i_ = 0; i_ < sizeof wanted_ / sizeof *wanted_; i_++) \
            HAS(text_, wanted_[i_]); \
        free(text_); \
        gr_app_destroy(app_); \
    } while (0)

#endif
