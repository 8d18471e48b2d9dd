/* Log lines in uvicorn's shape, "INFO:     text". A logger is a value that its owner passes down; there is no global.
 */
#ifndef GRI_BASE_LOG_H
#define GRI_BASE_LOG_H

#include <griddle/base.h>
#include <stdarg.h>

#include "base/cold.h"

enum gri_log_level { GRI_LOG_DEBUG, GRI_LOG_INFO, GRI_LOG_WARNING, GRI_LOG_ERROR, GRI_LOG_CRITICAL, GRI_LOG_OFF };

struct gri_log {
    enum gri_log_level level; /* lines below it are dropped */
    int fd;                   /* borrowed; -1: drop every line */
};

/* Formats one line, as gri_vsnprintf() does, and writes it by a single write(2), so lines from several threads never
 * mix. A line is cut at 2 KiB; control bytes are escaped, so that a request cannot forge a line. A full disk, or a
 * reader of a pipe that is stuck, loses the line and nothing else. Any thread. `log` may be NULL: nothing happens. */
GRI_COLD void gri_log(const struct gri_log *log, enum gri_log_level level, const char *fmt, ...) GR_PRINTF(3, 4);
GRI_COLD void gri_vlog(const struct gri_log *log, enum gri_log_level level, const char *fmt, va_list args)
    GR_PRINTF(3, 0);

/* "debug", "info", "warning", "error", "critical", "off" (any case): 0, else GR_EINVAL. */
int gri_log_level_parse(const char *text, enum gri_log_level *level);

#endif
