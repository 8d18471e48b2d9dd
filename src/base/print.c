#include "base/print.h"

#include <locale.h>

struct print_locale {
    locale_t c, before;
};

/* The C library has this locale ready: nothing is allocated, and nothing can fail. */
static struct print_locale print_enter(void)
{
    struct print_locale l = {.c = newlocale(LC_ALL_MASK, "C", (locale_t)0)};
    l.before = uselocale(l.c);
    return l;
}

static void print_leave(struct print_locale l)
{
    uselocale(l.before);
    freelocale(l.c);
}

int gri_vsnprintf(char *to, size_t size, const char *fmt, va_list args)
{
    struct print_locale l = print_enter();
    int n = vsnprintf(to, size, fmt, args);
    print_leave(l);
    return n;
}

int gri_snprintf(char *to, size_t size, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = gri_vsnprintf(to, size, fmt, args);
    va_end(args);
    return n;
}

void gri_fprintf(FILE *to, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    struct print_locale l = print_enter();
    vfprintf(to, fmt, args);
    print_leave(l);
    va_end(args);
}

void gri_dprintf(int fd, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    struct print_locale l = print_enter();
    vdprintf(fd, fmt, args);
    print_leave(l);
    va_end(args);
}
