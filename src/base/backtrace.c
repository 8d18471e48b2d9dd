#include "base/backtrace.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>
#include <unwind.h>

#include "base/line.h"

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

static void backtrace_put_place(struct gri_line *line, const Dl_info *found, const char *frame)
{
    gri_line_put_most(line, found->dli_fname, 256);
    gri_line_put(line, "(");
    gri_line_put_most(line, found->dli_sname ? found->dli_sname : "", 128);
    gri_line_put(line, "+");
    gri_line_put_address(line, (uintptr_t)(frame - (char *)(found->dli_sname ? found->dli_saddr : found->dli_fbase)));
    gri_line_put(line, ") ");
}

const char *gri_backtrace_line(char *text, size_t cap, void *frame)
{
    struct gri_line line = {0};
    Dl_info found;
    if (dladdr(frame, &found))
        backtrace_put_place(&line, &found, frame);
    gri_line_put(&line, "[");
    gri_line_put_address(&line, (uintptr_t)frame);
    gri_line_put(&line, "]");
    size_t n = line.len < cap ? line.len : cap - 1;
    memcpy(text, line.text, n);
    text[n] = '\0';
    return text;
}
