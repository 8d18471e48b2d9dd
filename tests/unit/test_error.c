/* gr_strerror(): every code has a text. */
#include <griddle/base.h>
#include <limits.h>

#include "run.h"

START_TEST(every_code_of_ours_has_a_text_of_its_own)
{
    const int codes[] = {0,         GR_EAGAIN, GR_EBUSY, GR_EDEADLK,  GR_ECANCELED, GR_EEXIST,
                         GR_EINVAL, GR_EIO,    GR_EPIPE, GR_EMSGSIZE, GR_ENOMEM,    GR_ETIMEDOUT};
    enum { N = sizeof codes / sizeof *codes };
    for (int i = 0; i < N; i++)
        for (int j = 0; j < i; j++)
            ck_assert_str_ne(gr_strerror(codes[i]), gr_strerror(codes[j]));
}
END_TEST

START_TEST(codes_of_the_system_have_its_texts)
{
    ck_assert_str_eq(gr_strerror(-ECONNREFUSED), "Connection refused");
    ck_assert_str_eq(gr_strerror(-ENOENT), "No such file or directory");
    ck_assert_str_eq(gr_strerror(-100000), "unknown error");
    ck_assert_str_eq(gr_strerror(INT_MIN), "unknown error");
    ck_assert_str_eq(gr_strerror(404), "an HTTP status, recorded by gr_fail()");
}
END_TEST

int main(void)
{
    const test_list tests = {every_code_of_ours_has_a_text_of_its_own, codes_of_the_system_have_its_texts, NULL};
    return run_tests("error", tests, 10);
}
