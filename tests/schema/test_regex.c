/* What matching a regular expression may take: counted, not timed. */
#include "run.h"
#include "schema/regex.h"

#include <griddle/base.h>

enum { MANY = 1000000000 };

static struct gri_steps steps;

static void begin(uint64_t limit)
{
    gri_steps_init(&steps, limit, NULL);
}

static int match_bytes(const char *pattern, const char *text, size_t len)
{
    char why[100];
    size_t where;
    struct gri_regex *regex = gri_regex_create(pattern, why, sizeof why, &where);
    ck_assert_msg(regex != NULL, "%s: %s", pattern, why);
    int rc = gri_regex_matches(regex, text, len, &steps);
    gri_regex_destroy(regex);
    return rc;
}

static int match(const char *pattern, const char *text)
{
    return match_bytes(pattern, text, strlen(text));
}

/* `part`, n times; to be freed. */
static char *repeat(const char *part, size_t n)
{
    size_t len = strlen(part);
    char *text = malloc(len * n + 1);
    for (size_t i = 0; i < n; i++)
        memcpy(text + i * len, part, len);
    text[len * n] = '\0';
    return text;
}

/* What it takes to match that, whatever the answer. */
static uint64_t steps_of(const char *pattern, const char *part, size_t n)
{
    char *text = repeat(part, n);
    begin(MANY);
    match(pattern, text);
    gri_steps_finish(&steps);
    free(text);
    return MANY - steps.left;
}

/* With the default of a request it is refused, and has taken no more than that. */
static void want_refused(const char *pattern, const char *part, size_t n)
{
    char *text = repeat(part, n);
    begin(400000);
    int rc = match(pattern, text);
    ck_assert_msg(rc == GR_EMSGSIZE && steps.left == 0, "%s: %d, %zu steps left", pattern, rc, (size_t)steps.left);
    gri_steps_finish(&steps);
    free(text);
}

START_TEST(what_is_found_is_found)
{
    begin(0);
    ck_assert_int_eq(match("^[a-z]{3}$", "abc"), 1);
    ck_assert_int_eq(match("^[a-z]{3}$", "abcd"), 0);
    ck_assert_int_eq(match("[0-9]", "abc1"), 1);
    ck_assert_int_eq(match("^(['\"]).*\\1$", "'a'"), 1);
    ck_assert_int_eq(match("^(['\"]).*\\1$", "'a\""), 0);
    ck_assert_int_eq(match("^\\X$", "a\xcc\x88"), 1);
    ck_assert_int_eq(match("", ""), 1);
    gri_steps_finish(&steps);
}
END_TEST

/* What it takes to begin to match, however short the text and the pattern. */
enum { BEGIN = 32 };

START_TEST(ordinary_patterns_take_few_steps)
{
    static const struct {
        const char *pattern, *text;
        uint64_t most;
    } cases[] = {
        {"^[a-z]{3}$", "abc", 10},
        {"^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$", "someone@example.com", 20},
        {"^[A-Z]{2}[0-9]{2}[A-Z0-9]{4}[0-9]{7}([A-Z0-9]?){0,16}$", "GB82WEST12345698765432", 60},
        {"^https://example\\.com/items/[0-9]+$", "https://example.com/items/4711", 50},
        {"^\\d{4}-\\d{2}-\\d{2}$", "2026-11-28", 20},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t n = steps_of(cases[i].pattern, cases[i].text, 1);
        ck_assert_msg(n <= BEGIN + cases[i].most, "%s: %zu steps", cases[i].pattern, (size_t)n);
    }
    ck_assert_uint_le(steps_of("foo[0-9]+", "some longer text without it ", 2000), BEGIN + 16);
    ck_assert_uint_le(steps_of("^[a-z ]*$", "some longer text ", 3000), 8000);
}
END_TEST

START_TEST(the_count_is_the_same_each_time)
{
    uint64_t first = steps_of("^(\\w+\\s?)+$", "aaaa ", 4);
    for (int i = 0; i < 3; i++)
        ck_assert_uint_eq(steps_of("^(\\w+\\s?)+$", "aaaa ", 4), first);
}
END_TEST

/* Each place where a match may begin runs over all that follows, and PCRE2's own limits see one match each. */
START_TEST(steps_are_counted_across_the_places_where_a_match_may_begin)
{
    uint64_t one = steps_of("[a-z]+[0-9]", "a", 1000), four = steps_of("[a-z]+[0-9]", "a", 4000);
    ck_assert_uint_ge(one, 1000 * 1000 / 8);
    ck_assert_uint_ge(four, 15 * one);
    want_refused("[a-z]+[0-9]", "a", 65536);
    want_refused("[a-z]+[0-9]", "a", 262144);
}
END_TEST

START_TEST(steps_are_counted_across_texts)
{
    int rc = 0, n = 0;
    begin(400000);
    for (; n < 1000 && rc == 0; n++)
        rc = match("^([a-z]+)+$", "aaaaaaaaaa!");
    ck_assert_int_eq(rc, GR_EMSGSIZE);
    ck_assert_int_gt(n, 1);
    ck_assert_int_lt(n, 1000);
    ck_assert_int_eq(match("^a$", "a"), GR_EMSGSIZE); /* there are none left */
    gri_steps_finish(&steps);
}
END_TEST

START_TEST(what_goes_back_again_and_again_is_refused)
{
    want_refused("^([a-z]+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaa!", 1);
    want_refused("^(\\w+\\s?)+$", "aaaa aaaa aaaa aaaa aaaa aaaa aaaa!", 1);
    want_refused("(x+x+)+[yz]", "x", 40);
    want_refused("^(a|aa)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 1);
    want_refused("^(?:.*,){20}[xy]", "1,", 100);
    want_refused("(?=(a+)+[bc])", "a", 30);
}
END_TEST

/* What one item runs over without a word to us: repeats that fail, what was captured, regional indicators. */
START_TEST(what_an_item_runs_over_in_silence_is_counted)
{
    char *nearly = repeat("a", 3000);
    nearly[2999] = '1';
    want_refused("[a-z]{3000}", nearly, 8);
    free(nearly);
    want_refused("^(a*?)\\1{8}c|a", "a", 20000);
    want_refused("\\X+[!?]$", "\xf0\x9f\x87\xa6", 4000);
}
END_TEST

START_TEST(memory_has_a_limit_of_its_own)
{
    char *text = repeat("ab", 100000);
    begin(0);
    ck_assert_int_eq(match("^(a|b)*$", text), GR_EMSGSIZE);
    gri_steps_finish(&steps);
    free(text);
}
END_TEST

START_TEST(a_match_that_nobody_waits_for_ends)
{
    static const bool cancelled = true;
    char *text = repeat("a", 1000);
    gri_steps_init(&steps, 0, &cancelled);
    ck_assert_int_eq(match("[a-z]+[0-9]", text), GR_ECANCELED);
    gri_steps_finish(&steps);
    free(text);
}
END_TEST

START_TEST(one_pass_is_no_less_than_an_ordinary_match_takes)
{
    char why[100];
    size_t where;
    struct gri_regex *regex = gri_regex_create("^[A-Z]{2}[0-9]{2}[A-Z0-9]{4}$", why, sizeof why, &where);
    ck_assert_uint_ge(gri_regex_one_pass(regex, 8), steps_of("^[A-Z]{2}[0-9]{2}[A-Z0-9]{4}$", "GB82WEST", 1));
    gri_regex_destroy(regex);
}
END_TEST

int main(void)
{
    test_list tests = {what_is_found_is_found,
                       ordinary_patterns_take_few_steps,
                       the_count_is_the_same_each_time,
                       steps_are_counted_across_the_places_where_a_match_may_begin,
                       steps_are_counted_across_texts,
                       what_goes_back_again_and_again_is_refused,
                       what_an_item_runs_over_in_silence_is_counted,
                       memory_has_a_limit_of_its_own,
                       a_match_that_nobody_waits_for_ends,
                       one_pass_is_no_less_than_an_ordinary_match_takes,
                       NULL};
    return run_tests("schema regex", tests, 10);
}
