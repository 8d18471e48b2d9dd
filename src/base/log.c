#include "base/log.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/print.h"
#include "base/str.h"

enum { LINE_MAX_BYTES = 2048 };

static const char *const level_names[] = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "OFF"};

static void escape_controls(char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            text[i] = '?';
}

/* POLLOUT of a pipe promises room for PIPE_BUF bytes, which a line never exceeds: so the write cannot block. */
static void put_line(int fd, const char *line, size_t len)
{
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    if (poll(&ready, 1, 0) == 1 && (ready.revents & POLLOUT)) {
        ssize_t ignored = write(fd, line, len);
        (void)ignored;
    }
}

void gri_vlog(const struct gri_log *log, enum gri_log_level level, const char *fmt, va_list args)
{
    if (!log || log->fd < 0 || level < log->level || level >= GRI_LOG_OFF)
        return;
    char line[LINE_MAX_BYTES];
    int head = gri_snprintf(line, sizeof line, "%s:%*s", level_names[level], (int)(9 - strlen(level_names[level])), "");
    size_t len = (size_t)head, room = sizeof line - len - 1;
    int n = gri_vsnprintf(line + len, room, fmt, args);
    size_t text = n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
    escape_controls(line + len, text);
    len += text;
    line[len++] = '\n';
    put_line(log->fd, line, len);
}

void gri_log(const struct gri_log *log, enum gri_log_level level, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    gri_vlog(log, level, fmt, args);
    va_end(args);
}

int gri_log_level_parse(const char *text, enum gri_log_level *level)
{
    for (int i = GRI_LOG_DEBUG; i <= GRI_LOG_OFF; i++)
        if (gri_str_is_nocase(gri_str_from(text), gri_str_from(level_names[i]))) {
            *level = (enum gri_log_level)i;
            return 0;
        }
    return GR_EINVAL;
}
