#include <locale.h>
#include <math.h>

#include "corpus.h"
#include "schema/number.h"

static struct gri_buf buf;

/* "TEXT HEXADECIMAL" */
static double split(char *text, const char *line)
{
    const char *space = strchr(line, ' ');
    ck_assert_ptr_nonnull(space);
    memcpy(text, line, (size_t)(space - line));
    text[space - line] = '\0';
    return strtod(space + 1, NULL);
}

static void want_read(const char *text, double want)
{
    double got = 12345;
    ck_assert_msg(gri_double_read(text, strlen(text), &got), "wanted %s to be a number", text);
    ck_assert_msg(memcmp(&got, &want, sizeof got) == 0, "wanted %a of %.100s, got %a", want, text, got);
}

static void write_and_read(const char *line, int number)
{
    char text[4096];
    double value = split(text, line);
    (void)number;
    ck_assert(gri_double_write(&buf, value));
    want_text(&buf, text);
    want_read(text, value);
}

static void read_only(const char *line, int number)
{
    char text[4096];
    double value = split(text, line);
    (void)number;
    want_read(text, value);
}

START_TEST(doubles_are_written_as_python_writes_them)
{
    gri_buf_init(&buf, NULL);
    corpus_each_line("doubles.txt", write_and_read);
    gri_buf_finish(&buf);
}
END_TEST

START_TEST(doubles_are_read_as_python_reads_them)
{
    corpus_each_line("doubles_read.txt", read_only);
}
END_TEST

START_TEST(a_decimal_comma_in_the_locale_changes_nothing)
{
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fr_FR"};
    for (size_t i = 0; i < sizeof names / sizeof *names && !setlocale(LC_ALL, names[i]); i++)
        ;
    gri_buf_init(&buf, NULL);
    corpus_each_line("doubles.txt", write_and_read);
    gri_buf_finish(&buf);
    corpus_each_line("doubles_read.txt", read_only);
}
END_TEST

START_TEST(a_float_is_the_shortest_text_that_gives_that_float)
{
    gri_buf_init(&buf, NULL);
    ck_assert(gri_float_write(&buf, 0.1f));
    want_text(&buf, "0.1");
    ck_assert(gri_float_write(&buf, 16777216.0f));
    want_text(&buf, "16777216.0");
    ck_assert(gri_float_write(&buf, -3.4028235e38f));
    want_text(&buf, "-3.4028235e+38");
    ck_assert(gri_float_write(&buf, 1e-45f));
    want_text(&buf, "1e-45");
    gri_buf_finish(&buf);
}
END_TEST

START_TEST(messages_have_no_exponent_and_no_empty_fraction)
{
    gri_buf_init(&buf, NULL);
    gri_double_write_plain(&buf, 0);
    want_text(&buf, "0");
    gri_double_write_plain(&buf, -3.5);
    want_text(&buf, "-3.5");
    gri_double_write_plain(&buf, 1e17);
    want_text(&buf, "100000000000000000");
    gri_double_write_plain(&buf, 0.00001);
    want_text(&buf, "0.00001");
    gri_buf_finish(&buf);
}
END_TEST

START_TEST(words_for_what_is_no_number_are_numbers)
{
    double got;
    ck_assert(gri_double_read(" -iNfInItY ", 11, &got) && isinf(got) && got < 0);
    ck_assert(gri_double_read("nan", 3, &got) && isnan(got));
}
END_TEST

START_TEST(what_is_no_float_is_refused)
{
    static const char *const bad[] = {"",    " ",   "x",  ".",    "e5", "1e",   "1e+",  "+-1",   "0x10", "1,5",
                                      "1 2", "__1", "1_", "1__0", "_1", "1.5x", "infi", "1e5.5", "--1",  "+"};
    double got;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!gri_double_read(bad[i], strlen(bad[i]), &got), "wanted \"%s\" refused", bad[i]);
}
END_TEST

int main(void)
{
    return run_tests("number",
                     (test_list){doubles_are_written_as_python_writes_them, doubles_are_read_as_python_reads_them,
                                 a_decimal_comma_in_the_locale_changes_nothing,
                                 a_float_is_the_shortest_text_that_gives_that_float,
                                 messages_have_no_exponent_and_no_empty_fraction,
                                 words_for_what_is_no_number_are_numbers, what_is_no_float_is_refused, NULL},
                     60);
}
