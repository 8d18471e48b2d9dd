/* How often dependencies run, and in which order: what is shared, what is not, arguments and scopes. */
#include <griddle/router.h>

#include "need.h"

GIVES(a);
GIVES(b);
GIVES_WITH(fresh, .uncached = true);

/* --- a diamond --- */

struct left {
    int a;
};
static GR_INPUT(left, GR_NEEDS(a, a));
static int left(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct left *in, int *value)
{
    *value = in->a;
    return note("left");
}
GR_DEPENDENCY(left, int);

struct right {
    int b;
    const int *a;
};
static GR_INPUT(right, GR_NEEDS(b, b), GR_NEEDS(a, a));
static int right(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct right *in, int *value)
{
    *value = *in->a;
    return note("right");
}
GR_DEPENDENCY(right, int);

struct diamond {
    int left, right, a;
};
static GR_INPUT(diamond, GR_NEEDS(left, left), GR_NEEDS(right, right), GR_NEEDS(a, a));
HANDLES(diamond)
GR_GET("/", diamond);

START_TEST(one_that_several_need_runs_once_before_the_first_of_them)
{
    run_once(&diamond_route, "/", 200, "done");
    ck_assert_str_eq(trace, "a left b right handler ");
}
END_TEST

struct all_the_same {
    const int *one, *two;
    int copy;
};
static GR_INPUT(all_the_same, GR_NEEDS(one, a), GR_NEEDS(two, a), GR_NEEDS(copy, a));
static gr_reply all_the_same(GR_UNUSED gr_co co, gr_req *req, const struct all_the_same *in)
{
    return gr_text(req, in->one == in->two && *in->one == in->copy ? "same" : "other");
}
GR_GET("/", all_the_same);

START_TEST(all_who_need_it_point_to_one_value)
{
    run_once(&all_the_same_route, "/", 200, "same");
    ck_assert_str_eq(trace, "a ");
}
END_TEST

/* --- not shared --- */

struct two_fresh {
    int one, two, three, four;
};
static GR_INPUT(two_fresh, GR_NEEDS(one, fresh), GR_NEEDS(two, fresh), GR_NEEDS(three, a),
                GR_NEEDS(four, a, .uncached = true));
HANDLES(two_fresh)
GR_GET("/", two_fresh);

START_TEST(one_that_is_uncached_runs_for_each_and_so_does_one_for_a_member_that_says_so)
{
    run_once(&two_fresh_route, "/", 200, "done");
    ck_assert_str_eq(trace, "fresh fresh a a handler ");
}
END_TEST

struct fresh_first {
    int one, two;
};
static GR_INPUT(fresh_first, GR_NEEDS(one, a, .uncached = true), GR_NEEDS(two, a));
HANDLES(fresh_first)
GR_GET("/", fresh_first);

START_TEST(who_shares_takes_a_value_that_is_there_already)
{
    run_once(&fresh_first_route, "/", 200, "done");
    ck_assert_str_eq(trace, "a handler ");
}
END_TEST

/* --- arguments --- */

struct role {
    const char *name;
};
struct require_role {
    const struct role *role;
    int a;
};
static GR_INPUT(require_role, GR_ARGUMENT(role), GR_NEEDS(a, a));
static int require_role(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct require_role *in, const char **value)
{
    *value = in->role->name;
    return note(in->role->name);
}
GR_DEPENDENCY(require_role, const char *);

static const struct role admin = {"admin"}, cook = {"cook"};

struct roles {
    const char *one, *two, *again;
};
static GR_INPUT(roles, GR_NEEDS(one, require_role, .with = &admin), GR_NEEDS(two, require_role, .with = &cook),
                GR_NEEDS(again, require_role, .with = &admin));
static gr_reply roles(GR_UNUSED gr_co co, gr_req *req, const struct roles *in)
{
    return gr_text(req, gr_printf(req, "%s %s %s", in->one, in->two, in->again));
}
GR_GET("/", roles);

START_TEST(each_argument_is_a_dependency_of_its_own)
{
    run_once(&roles_route, "/", 200, "admin cook admin");
    ck_assert_str_eq(trace, "a admin cook ");
}
END_TEST

/* --- scopes --- */

struct scoped {
    gr_strings scopes;
};
static GR_INPUT(scoped, GR_SCOPES(scopes));
static int scoped(GR_UNUSED gr_co co, gr_req *req, const struct scoped *in, const char **value)
{
    char *text = gr_printf(req, "(");
    for (size_t i = 0; i < in->scopes.len; i++)
        text = gr_printf(req, "%s%s%s", text, i ? " " : "", in->scopes.at[i]);
    *value = gr_printf(req, "%s)", text);
    return note(*value);
}
GR_DEPENDENCY(scoped, const char *);

struct active {
    const char *scopes;
};
static GR_INPUT(active, GR_NEEDS(scopes, scoped, .scopes = "me read"));
static int active(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct active *in, const char **value)
{
    *value = in->scopes;
    return note("active");
}
GR_DEPENDENCY(active, const char *);

struct scopes {
    const char *far, *near, *none;
};
static GR_INPUT(scopes, GR_NEEDS(far, active, .scopes = "read  items"), GR_NEEDS(near, scoped, .scopes = "items"),
                GR_NEEDS(none, scoped));
static gr_reply scopes(GR_UNUSED gr_co co, gr_req *req, const struct scopes *in)
{
    return gr_text(req, gr_printf(req, "%s %s %s", in->far, in->near, in->none));
}
GR_GET("/", scopes);

START_TEST(scopes_are_collected_along_the_chain_each_once_the_outermost_first)
{
    run_once(&scopes_route, "/", 200, "(read items me) (items) ()");
    ck_assert_str_eq(trace, "(read items me) active (items) () ");
}
END_TEST

struct same_scopes {
    const char *one, *two;
    int a, again;
};
static GR_INPUT(same_scopes, GR_NEEDS(one, scoped, .scopes = "x y"), GR_NEEDS(two, scoped, .scopes = "y x"),
                GR_NEEDS(a, a, .scopes = "x"), GR_NEEDS(again, a, .scopes = "y"));
HANDLES(same_scopes)
GR_GET("/", same_scopes);

START_TEST(scopes_in_another_order_and_where_nobody_asks_for_them_make_no_difference)
{
    run_once(&same_scopes_route, "/", 200, "done");
    ck_assert_str_eq(trace, "(x y) a handler ");
}
END_TEST

/* --- lists --- */

GIVES(first);
GIVES(second);
GIVES(third);

struct listed {
    int third, first;
};
static GR_INPUT(listed, GR_NEEDS(third, third), GR_NEEDS(first, first));
HANDLES(listed)
GR_GET("/", listed, .needs = GR_DEPENDENCIES(&second_dependency, &first_dependency));

START_TEST(those_of_a_list_run_first_and_are_shared_too)
{
    run_once(&listed_route, "/", 200, "done");
    ck_assert_str_eq(trace, "second first third handler ");
}
END_TEST

START_TEST(those_of_the_application_run_before_those_of_an_operation)
{
    MAKE_APP(app, &listed_route);
    ck_assert_int_eq(gr_app_need(app, GR_DEPENDENCIES(&b_dependency)), 0);
    ck_assert_int_eq(gr_app_need(app, GR_DEPENDENCIES(&first_dependency)), 0);
    gr_test *test = serve(app);
    trace[0] = '\0';
    check_get(test, "/", 200, "done");
    ck_assert_str_eq(trace, "b first second third handler ");
    trace[0] = '\0';
    check_get(test, "/openapi.json", 200, NULL);
    check_get(test, "/none", 404, NULL);
    ck_assert_str_eq(trace, "");
    end(test, app);
}
END_TEST

static gr_reply routed(GR_UNUSED gr_co co, gr_req *req)
{
    note("handler");
    return gr_text(req, "routed");
}
GR_GET("/routed", routed, .needs = GR_DEPENDENCIES(&third_dependency, &second_dependency));
static GR_ROUTER(inner, "/inner", .routes = GR_ROUTES(&routed_route), .needs = GR_DEPENDENCIES(&second_dependency));
static GR_ROUTER(outer, "/outer", .routers = GR_ROUTERS(&inner_router), .needs = GR_DEPENDENCIES(&first_dependency));

START_TEST(and_those_of_routers_between_from_the_outermost_on_each_once)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_include(app, &outer_router, .needs = GR_DEPENDENCIES(&a_dependency)), 0);
    ck_assert_int_eq(gr_app_need(app, GR_DEPENDENCIES(&b_dependency)), 0);
    gr_test *test = serve(app);
    trace[0] = '\0';
    check_get(test, "/outer/inner/routed", 200, "routed");
    ck_assert_str_eq(trace, "b a first second third handler ");
    end(test, app);
}
END_TEST

/* --- values --- */

struct big {
    char bytes[5000];
    max_align_t aligned;
};
static int make_big(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, struct big *value)
{
    for (size_t i = 0; i < sizeof value->bytes; i++)
        ck_assert_int_eq(value->bytes[i], 0);
    ck_assert_uint_eq((uintptr_t)value % _Alignof(max_align_t), 0);
    memset(value->bytes, 'x', sizeof value->bytes);
    return 0;
}
GR_DEPENDENCY(make_big, struct big);

struct bigs {
    char before;
    struct big copy;
    const struct big *shared;
};
static GR_INPUT(bigs, GR_NEEDS(copy, make_big), GR_NEEDS(shared, make_big));
static gr_reply bigs(GR_UNUSED gr_co co, gr_req *req, const struct bigs *in)
{
    return gr_text(req, memcmp(&in->copy, in->shared, sizeof in->copy) == 0 && !in->before ? "same" : "other");
}
GR_GET("/", bigs);

START_TEST(a_value_is_zeroed_and_aligned_and_as_large_as_it_likes)
{
    run_once(&bigs_route, "/", 200, "same");
}
END_TEST

struct of_nothing {
    int a;
};
static GR_INPUT(of_nothing, GR_NEEDS(a, a));
HANDLES(of_nothing)

START_TEST(a_table_of_an_input_can_be_filled_with_its_defaults_all_the_same)
{
    struct of_nothing in = {9};
    of_nothing_input_init(&in);
    ck_assert_int_eq(in.a, 0);
    (void)of_nothing;
}
END_TEST

int main(void)
{
    return run_tests(
        "app dependencies plan",
        (test_list){one_that_several_need_runs_once_before_the_first_of_them, all_who_need_it_point_to_one_value,
                    one_that_is_uncached_runs_for_each_and_so_does_one_for_a_member_that_says_so,
                    who_shares_takes_a_value_that_is_there_already, each_argument_is_a_dependency_of_its_own,
                    scopes_are_collected_along_the_chain_each_once_the_outermost_first,
                    scopes_in_another_order_and_where_nobody_asks_for_them_make_no_difference,
                    those_of_a_list_run_first_and_are_shared_too,
                    those_of_the_application_run_before_those_of_an_operation,
                    and_those_of_routers_between_from_the_outermost_on_each_once,
                    a_value_is_zeroed_and_aligned_and_as_large_as_it_likes,
                    a_table_of_an_input_can_be_filled_with_its_defaults_all_the_same, NULL},
        10);
}
