#include "base/alt_stack.h"

#include <errno.h>
#include <griddle/base.h>
#include <signal.h>
#include <sys/mman.h>

enum { BYTES = 64 * 1024 };

int gri_alt_stack_begin(void **map)
{
    stack_t stack;
    *map = NULL;
    if (sigaltstack(NULL, &stack) == 0 && !(stack.ss_flags & SS_DISABLE))
        return 0;
    void *new = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (new == MAP_FAILED)
        return GR_ENOMEM;
    stack = (stack_t){.ss_sp = new, .ss_size = BYTES};
    if (sigaltstack(&stack, NULL) < 0) {
        int rc = -errno;
        munmap(new, BYTES);
        return rc;
    }
    *map = new;
    return 0;
}

void gri_alt_stack_end(void *map)
{
    stack_t stack;
    if (!map)
        return;
    if (sigaltstack(NULL, &stack) == 0 && stack.ss_sp == map)
        sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
    munmap(map, BYTES);
}
