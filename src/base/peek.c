#include "base/peek.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

bool gri_peek_open(struct gri_peek *peek)
{
    return pipe2(peek->ends, O_CLOEXEC | O_NONBLOCK) == 0;
}

void gri_peek_close(struct gri_peek *peek)
{
    close(peek->ends[0]);
    close(peek->ends[1]);
}

/* Not write(): a sanitizer would look at the memory before the system does. */
size_t gri_peek_read(const struct gri_peek *peek, void *to, uintptr_t from, size_t n)
{
    long put = syscall(SYS_write, peek->ends[1], from, n);
    ssize_t got = put > 0 ? read(peek->ends[0], to, (size_t)put) : 0;
    return got > 0 ? (size_t)got : 0;
}
