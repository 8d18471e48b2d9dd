#include <griddle/base.h>
#include <string.h>

/* 0: none that it can have. A struct that begins with a size_t ends at a multiple of one. */
static size_t size_of(const void *at, size_t least, size_t most)
{
    size_t size = 0;
    if (at)
        memcpy(&size, at, sizeof size);
    return size < least || size > most || size % sizeof size != 0 ? 0 : size;
}

bool gr_sized_take(void *own, size_t own_size, const void *theirs, size_t least)
{
    size_t size = size_of(theirs, least, own_size);
    if (!size)
        return false;
    memcpy(own, theirs, size);
    memcpy(own, &own_size, sizeof own_size);
    return true;
}

bool gr_sized_give(void *theirs, const void *own, size_t own_size, size_t least)
{
    size_t size = size_of(theirs, least, own_size);
    if (!size)
        return false;
    memcpy((char *)theirs + sizeof size, (const char *)own + sizeof size, size - sizeof size);
    return true;
}
