/* A burger shop in memory, whose clock stands still but for the timers that a request waits for. */
#ifndef TESTS_BURGERS_WORLD_H
#define TESTS_BURGERS_WORLD_H

#include <griddle/testing.h>

#include "run.h"
#include "shop.h"

struct world {
    struct shop shop;
    gr_app *app;
    gr_test *test;
};

/* `db` is kept: the shop borrows it. */
static inline void open_world(struct world *world, const char *db)
{
    *world = (struct world){.shop = {.db = db}};
    world->app = shop_app(&world->shop);
    world->test = gr_test_create(world->app);
    ck_assert_ptr_nonnull(world->test);
}

static inline void close_world(struct world *world)
{
    gr_test_destroy(world->test);
    gr_app_destroy(world->app);
}

/* Frees `answer` when it is as wanted. */
static inline void expect_answer(const char *request, gr_answer *answer, int status, const char *body)
{
    ck_assert_msg(answer != NULL, "%s: wanted %d, got no answer", request, status);
    ck_assert_msg(gr_answer_status(answer) == status && strcmp(gr_answer_body(answer, NULL), body) == 0,
                  "%s\nwanted: %d %s\n   got: %d %s", request, status, body, gr_answer_status(answer),
                  gr_answer_body(answer, NULL));
    gr_answer_free(answer);
}

static inline void expect_get(struct world *world, const char *target, int status, const char *body)
{
    expect_answer(target, gr_test_get(world->test, target), status, body);
}

static inline void expect_post(struct world *world, const char *target, const char *json, int status, const char *body)
{
    expect_answer(json, gr_test_post_json(world->test, target, json), status, body);
}

/* That it is a 422 whose first error is of `type` (FastAPI's), or whose detail is the text `type`. */
static inline void expect_invalid(struct world *world, const char *target, const char *type)
{
    gr_answer *answer = gr_test_get(world->test, target);
    ck_assert_ptr_nonnull(answer);
    const json_t *detail = json_object_get(gr_answer_json(answer), "detail");
    const json_t *first = json_is_array(detail) ? json_object_get(json_array_get(detail, 0), "type") : detail;
    const char *got = json_string_value(first);
    ck_assert_msg(gr_answer_status(answer) == 422 && got && strcmp(got, type) == 0, "%s: wanted 422 %s, got %d %s",
                  target, type, gr_answer_status(answer), gr_answer_body(answer, NULL));
    gr_answer_free(answer);
}

#endif
