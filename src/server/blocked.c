#include "server/blocked.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/print.h"

/* --- the system call --- */

static bool blocked_read(int tid, const char *name, char *text, size_t size)
{
    char path[64];
    gri_snprintf(path, sizeof path, "/proc/self/task/%d/%s", tid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, text, size - 1);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    return n > 0;
}

/* Where the kernel does not tell the call, its state tells whether there is one. */
static bool runs(int tid)
{
    char text[256];
    const char *end = blocked_read(tid, "stat", text, sizeof text) ? strrchr(text, ')') : NULL;
    return end && end[1] == ' ' && end[2] == 'R';
}

/* " 0x7ffc" */
static uint64_t blocked_take_address(const char **at)
{
    *at += strspn(*at, " ");
    *at += strncmp(*at, "0x", 2) == 0 ? 2 : 0;
    return gri_take_number(at, 16);
}

/* "running", "-1 SP PC" where it waits for memory, or "NUMBER six arguments SP PC". */
void gri_blocked_look(int tid, struct gri_blocked *blocked)
{
    char text[256];
    const char *at = text;
    *blocked = (struct gri_blocked){.call = -1};
    if (!blocked_read(tid, "syscall", text, sizeof text)) {
        blocked->waits = !runs(tid);
        return;
    }
    if (*text == 'r')
        return;
    bool negative = *at == '-';
    at += negative;
    long number = (long)gri_take_number(&at, 10);
    blocked->call = negative ? -number : number;
    blocked->waits = blocked->call >= 0;
    for (int i = 0; i < 6 && blocked->waits; i++)
        blocked_take_address(&at);
    blocked->sp = blocked_take_address(&at);
    blocked->pc = blocked_take_address(&at);
}

static const struct {
    long number;
    const char *name;
} calls[] = {
#ifdef SYS_nanosleep
    {SYS_nanosleep, "nanosleep"},
#endif
#ifdef SYS_poll
    {SYS_poll, "poll"},
#endif
#ifdef SYS_select
    {SYS_select, "select"},
#endif
#ifdef SYS_epoll_wait
    {SYS_epoll_wait, "epoll_wait"},
#endif
    {SYS_clock_nanosleep, "clock_nanosleep"},
    {SYS_ppoll, "ppoll"},
    {SYS_pselect6, "pselect6"},
    {SYS_epoll_pwait, "epoll_pwait"},
    {SYS_futex, "futex"},
    {SYS_read, "read"},
    {SYS_write, "write"},
    {SYS_recvfrom, "recvfrom"},
    {SYS_recvmsg, "recvmsg"},
    {SYS_sendto, "sendto"},
    {SYS_sendmsg, "sendmsg"},
    {SYS_connect, "connect"},
    {SYS_accept4, "accept4"},
    {SYS_wait4, "wait4"},
    {SYS_waitid, "waitid"},
    {SYS_flock, "flock"},
    {SYS_fcntl, "fcntl"},
    {SYS_fsync, "fsync"},
    {SYS_fdatasync, "fdatasync"},
    {SYS_openat, "openat"},
};

const char *gri_blocked_call(const struct gri_blocked *blocked, char text[GRI_CALL_TEXT])
{
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (calls[i].number == blocked->call)
            return calls[i].name;
    if (blocked->call < 0)
        return "(not known)";
    gri_snprintf(text, GRI_CALL_TEXT, "number %ld", blocked->call);
    return text;
}

/* --- the stack --- */

/* The registers that an unwinder would begin with are not to be had, so the stack is read from its end: a word is a
 * return address when there is code of the program that calls just before it. */
enum { SCANNED_BYTES = 32768, CALL_BYTES = 7 };

#if defined(__x86_64__)
/* E8 rel32; FF /2, whose length the addressing mode says. */
static bool ends_a_call(const unsigned char *end)
{
    if (end[-5] == 0xe8)
        return true;
    if (end[-2] == 0xff && ((end[-1] & 0xf8) == 0xd0 || (end[-1] & 0xf8) == 0x10))
        return true;
    if (end[-3] == 0xff && ((end[-2] & 0xf8) == 0x50 || end[-2] == 0x14))
        return true;
    if (end[-6] == 0xff && ((end[-5] & 0xf8) == 0x90 || end[-5] == 0x15))
        return true;
    return (end[-4] == 0xff && end[-3] == 0x54) || (end[-7] == 0xff && end[-6] == 0x94);
}
#elif defined(__aarch64__)
/* BL, BLR. */
static bool ends_a_call(const unsigned char *end)
{
    uint32_t code;
    memcpy(&code, end - sizeof code, sizeof code);
    return (code & 0xfc000000) == 0x94000000 || (code & 0xfffffc1f) == 0xd63f0000;
}
#else
static bool ends_a_call(const unsigned char *end)
{
    (void)end;
    return false;
}
#endif

static bool is_return_address(const struct gri_peek *peek, uintptr_t word)
{
    unsigned char before[CALL_BYTES];
    Dl_info info;
    return word > CALL_BYTES && dladdr((void *)word, &info) != 0 &&
           gri_peek_read(peek, before, word - CALL_BYTES, CALL_BYTES) == CALL_BYTES && ends_a_call(before + CALL_BYTES);
}

static size_t read_stack(const struct gri_blocked *blocked, const struct gri_peek *peek, uintptr_t top,
                         uintptr_t *words)
{
    enum { PIECE = 4096 };
    size_t n = 0, all = top > blocked->sp ? top - blocked->sp : 0, got = PIECE;
    all = all < SCANNED_BYTES ? all : SCANNED_BYTES;
    for (; n < all && got == PIECE; n += got)
        got = gri_peek_read(peek, (char *)words + n, blocked->sp + n, all - n < PIECE ? all - n : PIECE);
    return n / sizeof *words;
}

int gri_blocked_frames(const struct gri_blocked *blocked, const struct gri_peek *peek, uintptr_t top, void **frames,
                       int most)
{
    uintptr_t *words = blocked->sp ? malloc(SCANNED_BYTES) : NULL;
    size_t n_words = words ? read_stack(blocked, peek, top, words) : 0;
    int n = 0;
    if (words && blocked->pc && most > 0)
        frames[n++] = (void *)blocked->pc;
    for (size_t i = 0; i < n_words && n < most; i++)
        if (is_return_address(peek, words[i]))
            frames[n++] = (void *)words[i];
    free(words);
    return n;
}
