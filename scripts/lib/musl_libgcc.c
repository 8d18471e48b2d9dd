/* What Debian's libgcc, which was made for glibc, asks the dynamic loader for when it walks a stack, for musl. */
#include <link.h>
#include <stdint.h>

/* As in glibc's dlfcn.h (x86-64, aarch64). */
struct found {
    unsigned long long flags;
    void *map_start, *map_end;
    struct link_map *link_map;
    void *eh_frame;
    unsigned long long reserved[7];
};

struct search {
    uintptr_t at;
    struct found *found;
};

static int look_at(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct search *search = arg;
    char *base = (char *)info->dlpi_addr, *eh_frame = 0, *start = 0, *end = 0;
    (void)size;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        char *from = base + part->p_vaddr, *to = from + part->p_memsz;
        if (part->p_type == PT_GNU_EH_FRAME)
            eh_frame = from;
        if (part->p_type == PT_LOAD && search->at >= (uintptr_t)from && search->at < (uintptr_t)to)
            start = from, end = to;
    }
    if (!start || !eh_frame)
        return 0;
    *search->found = (struct found){.map_start = start, .map_end = end, .eh_frame = eh_frame};
    return 1;
}

int _dl_find_object(void *at, struct found *found);
int _dl_find_object(void *at, struct found *found)
{
    struct search search = {(uintptr_t)at, found};
    return dl_iterate_phdr(look_at, &search) ? 0 : -1;
}
