#include "co/maps.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/ascii.h"

enum {
    DEFAULT_LIMIT = 65530,
    RESERVE = 4096, /* a thread takes about four, a block of memory that is mapped one, a program a few hundred */
    NO_OVERCOMMIT = 2
};

/* Atomic. The settings are 0 until they are asked for. */
static size_t maps_limit, maps_taken, maps_overcommit;
enum { OVERCOMMIT_IS_FORBIDDEN = 1, OVERCOMMIT_IS_ALLOWED };

static size_t system_setting(const char *path, size_t otherwise)
{
    char text[24] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return otherwise;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    const char *at = text;
    return n > 0 ? (size_t)gri_take_number(&at, 10) : otherwise;
}

static size_t most_maps(void)
{
    size_t limit = __atomic_load_n(&maps_limit, __ATOMIC_RELAXED);
    if (limit == 0) {
        limit = system_setting("/proc/sys/vm/max_map_count", DEFAULT_LIMIT);
        __atomic_store_n(&maps_limit, limit, __ATOMIC_RELAXED);
    }
    return limit > 2 * RESERVE ? limit - RESERVE : limit / 2;
}

bool gri_maps_take(size_t n)
{
    size_t taken = __atomic_add_fetch(&maps_taken, n, __ATOMIC_RELAXED);
    if (taken <= most_maps())
        return true;
    gri_maps_give_back(n);
    return false;
}

void gri_maps_give_back(size_t n)
{
    __atomic_sub_fetch(&maps_taken, n, __ATOMIC_RELAXED);
}

void gri_maps_set_limit(size_t limit)
{
    __atomic_store_n(&maps_limit, limit, __ATOMIC_RELAXED);
}

bool gri_maps_are_committed(void)
{
    size_t overcommit = __atomic_load_n(&maps_overcommit, __ATOMIC_RELAXED);
    if (overcommit == 0) {
        bool forbidden = system_setting("/proc/sys/vm/overcommit_memory", 0) == NO_OVERCOMMIT;
        overcommit = forbidden ? OVERCOMMIT_IS_FORBIDDEN : OVERCOMMIT_IS_ALLOWED;
        __atomic_store_n(&maps_overcommit, overcommit, __ATOMIC_RELAXED);
    }
    return overcommit == OVERCOMMIT_IS_FORBIDDEN;
}
