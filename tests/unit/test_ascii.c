/* The characters of ASCII, compared with the C library's in its C locale, and numbers of digits. */
#include "base/ascii.h"

#include "base/str.h"
#include "run.h"

START_TEST(characters_are_what_they_are_in_the_c_locale)
{
    for (int i = -128; i < 128; i++) {
        char c = (char)i;
        int u = (unsigned char)c;
        ck_assert_int_eq(gri_is_digit(c), isdigit(u) != 0);
        ck_assert_int_eq(gri_is_lower(c), islower(u) != 0);
        ck_assert_int_eq(gri_is_upper(c), isupper(u) != 0);
        ck_assert_int_eq(gri_is_alpha(c), isalpha(u) != 0);
        ck_assert_int_eq(gri_is_alnum(c), isalnum(u) != 0);
        ck_assert_int_eq(gri_is_space(c), isspace(u) != 0);
        ck_assert_int_eq(gri_hex_value(c) >= 0, isxdigit(u) != 0);
        ck_assert_int_eq((unsigned char)gri_lower(c), tolower(u));
        ck_assert_int_eq((unsigned char)gri_upper(c), toupper(u));
    }
}
END_TEST

static void want_number(const char *text, unsigned base, uint64_t want, const char *rest)
{
    const char *at = text;
    ck_assert_uint_eq(gri_take_number(&at, base), want);
    ck_assert_str_eq(at, rest);
}

START_TEST(digits_are_a_number)
{
    want_number("", 10, 0, "");
    want_number("-1", 10, 0, "-1");
    want_number("0012a", 10, 12, "a");
    want_number("1Fg", 16, 31, "g");
    want_number("18446744073709551615", 10, UINT64_MAX, "");
    want_number("18446744073709551616 ", 10, UINT64_MAX, " ");
    want_number("99999999999999999999999", 10, UINT64_MAX, "");
    want_number("ffffffffffffffff", 16, UINT64_MAX, "");
}
END_TEST

START_TEST(texts_begin_and_end_without_case)
{
    struct gri_str text = GRI_STR("I/i\xc4\xb0");
    ck_assert(gri_str_begins_nocase(text, GRI_STR("i/I")));
    ck_assert(!gri_str_begins_nocase(text, GRI_STR("I/ii")));
    ck_assert(gri_str_ends_nocase(GRI_STR("x.INVALID"), GRI_STR(".invalid")));
    ck_assert(!gri_str_ends_nocase(GRI_STR("invalid"), GRI_STR(".invalid")));
    ck_assert(gri_str_ends_nocase(text, GRI_STR("")));
}
END_TEST

int main(void)
{
    return run_tests("ascii",
                     (test_list){characters_are_what_they_are_in_the_c_locale, digits_are_a_number,
                                 texts_begin_and_end_without_case, NULL},
                     5);
}
