/* How many connections each client address has: an open-addressing table, only used where that is limited. */
#ifndef GRI_HTTP_ADDRESSES_H
#define GRI_HTTP_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>

#include "http/transport.h"

struct gri_address_count;

/* Zero-initialised is empty. */
struct gri_addresses {
    struct gri_address_count *slots;
    size_t n, cap;
    uint64_t seed; /* so that nobody can choose addresses that collide */
};

/* Counts one more connection. False, and not counted: it would be above `most`, or memory is out. */
bool gri_addresses_add(struct gri_addresses *addresses, const struct gri_peer *peer, size_t most);
void gri_addresses_remove(struct gri_addresses *addresses, const struct gri_peer *peer);
void gri_addresses_finish(struct gri_addresses *addresses);

#endif
