/* gr_secret_equal(): what it says, and that it takes as many steps whatever the secret is: secret.c is compiled so that
 * each edge of it calls a function here. */
#include <griddle/secret.h>

#include "run.h"

void __sanitizer_cov_trace_pc(void);

static size_t edges;

void __sanitizer_cov_trace_pc(void)
{
    edges++;
}

START_TEST(equal_is_what_has_the_same_bytes)
{
    ck_assert(gr_secret_equal("swordfish", "swordfish"));
    ck_assert(gr_secret_equal("", ""));
    ck_assert(!gr_secret_equal("swordfisH", "swordfish"));
    ck_assert(!gr_secret_equal("Swordfish", "swordfish"));
    ck_assert(gr_secret_equal_bytes("a\0b", 3, "a\0b", 3));
    ck_assert(!gr_secret_equal_bytes("a\0b", 3, "a\0c", 3));
}
END_TEST

START_TEST(a_part_of_a_secret_is_not_the_secret)
{
    ck_assert(!gr_secret_equal("", "swordfish"));
    ck_assert(!gr_secret_equal("sword", "swordfish"));
    ck_assert(!gr_secret_equal("swordfish", "sword"));
    ck_assert(!gr_secret_equal("swordfish", ""));
    ck_assert(!gr_secret_equal("aaaa", "aa"));
    ck_assert(!gr_secret_equal("aa", "aaaa"));
    ck_assert(!gr_secret_equal_bytes("a\0", 2, "a", 1));
}
END_TEST

START_TEST(nothing_equals_nothing)
{
    ck_assert(!gr_secret_equal(NULL, "x"));
    ck_assert(!gr_secret_equal("x", NULL));
    ck_assert(!gr_secret_equal(NULL, NULL));
    ck_assert(!gr_secret_equal_bytes(NULL, 0, NULL, 0));
    ck_assert(gr_secret_equal_bytes("x", 0, "y", 0));
}
END_TEST

static size_t steps_of(const char *given, const char *secret)
{
    edges = 0;
    bool equal = gr_secret_equal_bytes(given, strlen(given), secret, strlen(secret));
    ck_assert(equal == (strcmp(given, secret) == 0));
    return edges;
}

START_TEST(it_takes_as_many_steps_wherever_they_differ)
{
    size_t steps = steps_of("0123456789", "0123456789");
    ck_assert_uint_ge(steps, 10);
    ck_assert_uint_eq(steps_of("x123456789", "0123456789"), steps);
    ck_assert_uint_eq(steps_of("012345678x", "0123456789"), steps);
    ck_assert_uint_eq(steps_of("0123456789", "0"), steps);
    ck_assert_uint_eq(steps_of("0123456789", "01234567890123456789"), steps);
    ck_assert_uint_eq(steps_of("0123456789", "x"), steps);
}
END_TEST

int main(void)
{
    return run_tests("secret",
                     (test_list){equal_is_what_has_the_same_bytes, a_part_of_a_secret_is_not_the_secret,
                                 nothing_equals_nothing, it_takes_as_many_steps_wherever_they_differ, NULL},
                     10);
}
