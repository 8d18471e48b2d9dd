#include "co/stack.h"

#include <griddle/base.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "co/maps.h"
#include "co/san.h"

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#ifndef VALGRIND_STACK_REGISTER
#define VALGRIND_STACK_REGISTER(start, end) 0
#define VALGRIND_STACK_DEREGISTER(id)       ((void)(id))
#endif

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

enum {
    GUARD_BYTES = 1024 * 1024, /* of address space: wider than any frame of a library that does not probe its stack */
    DEFAULT_BYTES = (GRI_SANITIZED ? 256 : 64) * 1024,
    MIN_BYTES = 16 * 1024,
    SLAB_STACKS = 16, /* at most: their guards take the loop some 3 us each */
    SLAB_BYTES = 4 * 1024 * 1024,
    MAPS_OF_A_HEAVY_GUARD = 2, /* it splits what is writable around it */
    TRIM_AT_ONCE = 256         /* at about 4 us each, what the loop can stand still for */
};

struct gri_slab {
    struct gri_slab *next;
    char *map;
    size_t n;
    size_t maps; /* that are counted for it */
    unsigned valgrind_ids[];
};

static size_t stride_of(const struct gri_stacks *stacks)
{
    return stacks->guard + stacks->size;
}

int gri_stacks_init(struct gri_stacks *stacks, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size = size == 0 ? DEFAULT_BYTES : size < MIN_BYTES ? MIN_BYTES : size;
    if (size > SIZE_MAX / 64)
        return GR_EINVAL;
    *stacks = (struct gri_stacks){0};
    stacks->size = (size + page - 1) / page * page;
    stacks->guard = GUARD_BYTES > page ? GUARD_BYTES : page;
    return 0;
}

static void free_slab(struct gri_stacks *stacks, struct gri_slab *slab)
{
    size_t bytes = slab->n * stride_of(stacks);
    for (size_t i = 0; i < slab->n; i++)
        VALGRIND_STACK_DEREGISTER(slab->valgrind_ids[i]);
    gri_san_remove_roots(slab->map, bytes);
    gri_san_unpoison(slab->map, bytes);
    munmap(slab->map, bytes);
    gri_maps_give_back(slab->maps);
    free(slab);
}

void gri_stacks_finish(struct gri_stacks *stacks)
{
    struct gri_slab *next;
    for (struct gri_slab *slab = stacks->slabs; slab; slab = next) {
        next = slab->next;
        free_slab(stacks, slab);
    }
    free(stacks->free);
    *stacks = (struct gri_stacks){0};
}

/* A guard by madvise() costs no mapping of its own; LeakSanitizer, which reads whole slabs, knows only the other kind.
 * A new mapping, and not mprotect(), which would leave the guard counted where the system forbids overcommitment. */
static bool install_guard(char *at, size_t bytes, size_t *maps)
{
    if (!GRI_ASAN && !gri_maps_are_committed() && madvise(at, bytes, MADV_GUARD_INSTALL) == 0)
        return true;
    if (!gri_maps_take(MAPS_OF_A_HEAVY_GUARD))
        return false;
    *maps += MAPS_OF_A_HEAVY_GUARD;
    return mmap(at, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == at;
}

/* As many as the system's map limit allows: those behind are given back. */
static void install_guards(const struct gri_stacks *stacks, struct gri_slab *slab)
{
    size_t stride = stride_of(stacks), n = slab->n;
    slab->n = 0;
    while (slab->n < n && install_guard(slab->map + slab->n * stride, stacks->guard, &slab->maps))
        slab->n++;
    if (slab->n < n)
        munmap(slab->map + slab->n * stride, (n - slab->n) * stride);
}

static void map_stacks(const struct gri_stacks *stacks, struct gri_slab *slab)
{
    for (; slab->n > 0; slab->n /= 2) {
        size_t bytes = slab->n * stride_of(stacks);
        void *map =
            mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
        if (map == MAP_FAILED)
            continue;
        madvise(map, bytes, MADV_NOHUGEPAGE);
        slab->map = map;
        install_guards(stacks, slab);
        return;
    }
}

/* gri_stacks_put() must not fail, so the free list has room for every stack there is. */
static bool stack_reserve(struct gri_stacks *stacks, size_t cap)
{
    if (cap <= stacks->cap)
        return true;
    size_t wanted = cap < stacks->cap * 2 ? stacks->cap * 2 : cap;
    char **grown = realloc(stacks->free, wanted * sizeof *grown);
    if (!grown)
        return false;
    stacks->free = grown;
    stacks->cap = wanted;
    return true;
}

static void add_stacks(struct gri_stacks *stacks, struct gri_slab *slab)
{
    gri_san_add_roots(slab->map, slab->n * stride_of(stacks));
    for (size_t i = slab->n; i-- > 0;) {
        char *base = slab->map + i * stride_of(stacks) + stacks->guard;
        slab->valgrind_ids[i] = (unsigned)VALGRIND_STACK_REGISTER(base, base + stacks->size);
        gri_san_poison(base, stacks->size);
        stacks->free[stacks->n_free++] = base;
    }
    stacks->trimmed = stacks->n_free;
    stacks->n_total += slab->n;
    slab->next = stacks->slabs;
    stacks->slabs = slab;
}

bool gri_stacks_add_slab(struct gri_stacks *stacks)
{
    size_t n = SLAB_BYTES / stacks->size;
    n = n < 1 ? 1 : n > SLAB_STACKS ? SLAB_STACKS : n;
    struct gri_slab *slab = malloc(sizeof *slab + n * sizeof slab->valgrind_ids[0]);
    if (!slab || !stack_reserve(stacks, stacks->n_total + n))
        goto fail;
    slab->n = n;
    slab->maps = gri_maps_take(1);
    if (slab->maps)
        map_stacks(stacks, slab);
    if (!slab->maps || slab->n == 0)
        goto fail_maps;
    add_stacks(stacks, slab);
    return true;
fail_maps:
    gri_maps_give_back(slab->maps);
fail:
    free(slab);
    return false;
}

void gri_stacks_put(struct gri_stacks *stacks, char *base)
{
    gri_san_poison(base, stacks->size);
    stacks->free[stacks->n_free++] = base;
}

void gri_stacks_trim(struct gri_stacks *stacks)
{
    size_t end = stacks->low;
    if (end > stacks->trimmed + TRIM_AT_ONCE)
        end = stacks->trimmed + TRIM_AT_ONCE;
    while (stacks->trimmed < end)
        madvise(stacks->free[stacks->trimmed++], stacks->size, MADV_DONTNEED);
    stacks->low = stacks->n_free;
}
