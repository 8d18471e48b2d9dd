#include "base/backtrace.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <unwind.h>

#include "base/print.h"

struct backtrace_walk {
    void **frames;
    int n, cap;
    bool began;
};

static _Unwind_Reason_Code backtrace_take(struct _Unwind_Context *context, void *arg)
{
    struct backtrace_walk *walk = arg;
    if (!walk->began) { /* gri_backtrace() itself */
        walk->began = true;
        return _URC_NO_REASON;
    }
    void *frame = (void *)_Unwind_GetIP(context);
    if (!frame || walk->n == walk->cap)
        return _URC_END_OF_STACK;
    walk->frames[walk->n++] = frame;
    return _URC_NO_REASON;
}

__attribute__((noinline)) int gri_backtrace(void **frames, int n)
{
    struct backtrace_walk walk = {.frames = frames, .cap = n};
    _Unwind_Backtrace(backtrace_take, &walk);
    return walk.n;
}

const char *gri_backtrace_line(char *line, size_t cap, void *frame)
{
    Dl_info found;
    if (!dladdr(frame, &found))
        gri_snprintf(line, cap, "[%p]", frame);
    else if (found.dli_sname)
        gri_snprintf(line, cap, "%s(%s+0x%zx) [%p]", found.dli_fname, found.dli_sname,
                     (size_t)((char *)frame - (char *)found.dli_saddr), frame);
    else
        gri_snprintf(line, cap, "%s(+0x%zx) [%p]", found.dli_fname, (size_t)((char *)frame - (char *)found.dli_fbase),
                     frame);
    return line;
}
