/* A line that a signal handler writes: no memory, no stdio, no locale. */
#ifndef GRI_BASE_LINE_H
#define GRI_BASE_LINE_H

#include <stddef.h>
#include <stdint.h>

/* Zero-initialised is empty. What does not fit is left out. */
struct gri_line {
    size_t len;
    char text[512];
};

void gri_line_put(struct gri_line *line, const char *text);
void gri_line_put_most(struct gri_line *line, const char *text, size_t most); /* of its bytes */
void gri_line_put_number(struct gri_line *line, size_t number);
void gri_line_put_address(struct gri_line *line, uintptr_t address); /* 0x1f */

/* Writes it with a line end, by one write(2), and makes it empty. */
void gri_line_write(struct gri_line *line, int fd);

#endif
