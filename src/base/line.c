#include "base/line.h"

#include <unistd.h>

void gri_line_put_most(struct gri_line *line, const char *text, size_t most)
{
    for (; *text && most > 0 && line->len < sizeof line->text - 1; most--) /* a line end still fits */
        line->text[line->len++] = *text++;
}

void gri_line_put(struct gri_line *line, const char *text)
{
    gri_line_put_most(line, text, SIZE_MAX);
}

static void line_put_digits(struct gri_line *line, size_t number, unsigned base)
{
    char digits[24], *at = digits + sizeof digits - 1;
    *at = '\0';
    do
        *--at = "0123456789abcdef"[number % base];
    while (number /= base);
    gri_line_put(line, at);
}

void gri_line_put_number(struct gri_line *line, size_t number)
{
    line_put_digits(line, number, 10);
}

void gri_line_put_address(struct gri_line *line, uintptr_t address)
{
    gri_line_put(line, "0x");
    line_put_digits(line, address, 16);
}

void gri_line_write(struct gri_line *line, int fd)
{
    line->text[line->len++] = '\n';
    ssize_t ignored = write(fd, line->text, line->len);
    (void)ignored;
    line->len = 0;
}
