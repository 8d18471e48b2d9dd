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
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    double value = strtod_l(space + 1, NULL, c);
    freelocale(c);
    return value;
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

/* --- any number --- */

static uint64_t seed = UINT64_C(88172645463325252);

static uint64_t any(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

/* Subnormal ones, powers of two and round ones among them. */
static double any_double(void)
{
    double value;
    do {
        uint64_t bits = any(UINT64_MAX);
        if (any(4) == 0)
            bits &= ~((UINT64_C(1) << any(53)) - 1);
        if (any(8) == 0)
            bits &= UINT64_C(0x800fffffffffffff);
        memcpy(&value, &bits, sizeof value);
    } while (!isfinite(value));
    return value;
}

/* The C library's own reading and writing, with a point. */
static double reading(const char *text)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    double value = strtod_l(text, NULL, c);
    freelocale(c);
    return value;
}

static void writing(char *text, size_t size, const char *fmt, int digits, long double value)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0), before = uselocale(c);
    snprintf(text, size, fmt, digits, value);
    uselocale(before);
    freelocale(c);
}

static void want_read_right(const char *text)
{
    want_read(text, reading(text));
}

START_TEST(any_decimal_is_read_as_the_nearest_double)
{
    char text[100];
    for (int i = 0; i < 20000; i++) {
        char *at = text;
        int digits = 1 + (int)any(i % 16 ? 22 : 60), point = (int)any((uint64_t)digits + 1), range = i % 3 ? 60 : 720;
        for (int n = 0; n < digits; n++) {
            if (n == point)
                *at++ = '.';
            *at++ = (char)('0' + any(10));
        }
        snprintf(at, 10, "e%d", (int)any((uint64_t)range) - range / 2);
        want_read_right(text);
    }
}
END_TEST

/* All digits of what lies between two doubles; and then with one more, far behind. */
START_TEST(the_middle_of_two_doubles_is_read_as_the_even_one)
{
    char text[1000];
    for (int i = 0; i < 500; i++) {
        double below = fabs(any_double()), above = nextafter(below, (double)INFINITY);
        if (!isfinite(above))
            continue;
        writing(text, sizeof text, "%.*Le", 780, ((long double)below + (long double)above) / 2);
        want_read_right(text);
        char *exponent = strchr(text, 'e'), tail[8];
        strcpy(tail, exponent);
        strcpy(exponent, "000000000000000001");
        strcat(text, tail);
        want_read_right(text);
    }
}
END_TEST

/* The digits alone, without zeros at either end. */
static void digits_of(const char *text, char *digits)
{
    char *at = digits;
    for (; *text && *text != 'e'; text++)
        if (*text >= '0' && *text <= '9' && (at > digits || *text != '0'))
            *at++ = *text;
    while (at > digits && at[-1] == '0')
        at--;
    *at = '\0';
}

START_TEST(any_double_is_written_as_the_shortest_text_that_reads_back)
{
    char text[100], wanted[40], got[40];
    gri_buf_init(&buf, NULL);
    for (int i = 0; i < 2000; i++) {
        double value = any_double();
        int digits = 0;
        do
            writing(text, sizeof text, "%.*Le", digits++, (long double)value);
        while (reading(text) != value);
        ck_assert(gri_double_write(&buf, value));
        gri_buf_putc(&buf, '\0');
        digits_of(text, wanted);
        digits_of(buf.data, got);
        ck_assert_msg(reading(buf.data) == value, "%s is not %a", buf.data, value);
        ck_assert_msg(strlen(got) < strlen(wanted) || strcmp(got, wanted) == 0, "wanted %s, got %s", text, buf.data);
        buf.len = 0;
    }
    gri_buf_finish(&buf);
}
END_TEST

START_TEST(any_float_reads_back)
{
    gri_buf_init(&buf, NULL);
    for (int i = 0; i < 50000; i++) {
        uint32_t bits = (uint32_t)any(UINT32_MAX);
        float value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        ck_assert(gri_float_write(&buf, value));
        gri_buf_putc(&buf, '\0');
        char digits[40];
        digits_of(buf.data, digits);
        ck_assert_uint_le(strlen(digits), 9);
        ck_assert_msg((float)reading(buf.data) == value, "%s is not %a", buf.data, (double)value);
        buf.len = 0;
    }
    gri_buf_finish(&buf);
}
END_TEST

START_TEST(digits_without_number_are_read)
{
    size_t n = 200000;
    char *text = malloc(2 * n + 20);
    memset(text, '0', n);
    text[1] = '.';
    strcpy(text + n, "1e199999");
    want_read(text, 1);
    memset(text, '9', n);
    strcpy(text + n, "e-200000");
    want_read(text, 1);
    strcpy(text, "1e99999999999999999999");
    want_read(text, (double)INFINITY);
    strcpy(text, "1e-99999999999999999999");
    want_read(text, 0);
    strcpy(text, "0e99999999999999999999");
    want_read(text, 0);
    free(text);
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
                                 any_decimal_is_read_as_the_nearest_double,
                                 the_middle_of_two_doubles_is_read_as_the_even_one,
                                 any_double_is_written_as_the_shortest_text_that_reads_back, any_float_reads_back,
                                 digits_without_number_are_read, a_float_is_the_shortest_text_that_gives_that_float,
                                 messages_have_no_exponent_and_no_empty_fraction,
                                 words_for_what_is_no_number_are_numbers, what_is_no_float_is_refused, NULL},
                     60);
}
