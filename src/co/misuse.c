#include "co/misuse.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/print.h"

void gri_misuse(const char *fmt, ...)
{
    char line[512];
    va_list args;
    va_start(args, fmt);
    gri_vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    gri_dprintf(STDERR_FILENO, "griddle: %s\n", line);
    abort();
}
