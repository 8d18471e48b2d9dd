#include "http/addresses.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { FIRST_CAP = 64 };

struct gri_address_count {
    uint64_t key[2];
    size_t count; /* 0: the slot is free */
    uint8_t family;
};

/* An IPv6 client has a /64 at its disposal, so that is what is counted. */
static struct gri_address_count addresses_key_of(const struct gri_peer *peer)
{
    struct gri_address_count key = {.family = peer->family};
    memcpy(key.key, peer->address, peer->family == 6 ? 8 : 16);
    return key;
}

static bool same(const struct gri_address_count *a, const struct gri_address_count *b)
{
    return a->family == b->family && a->key[0] == b->key[0] && a->key[1] == b->key[1];
}

/* The finaliser of splitmix64: every bit of the address moves every bit of the slot. */
static size_t slot_of(const struct gri_addresses *addresses, const struct gri_address_count *key)
{
    uint64_t h = (key->key[0] ^ (key->key[1] * 31) ^ key->family) + addresses->seed;
    h = (h ^ (h >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    h = (h ^ (h >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (size_t)(h ^ (h >> 31)) & (addresses->cap - 1);
}

static struct gri_address_count *addresses_find(const struct gri_addresses *addresses,
                                                const struct gri_address_count *key)
{
    size_t i = slot_of(addresses, key);
    while (addresses->slots[i].count && !same(&addresses->slots[i], key))
        i = (i + 1) & (addresses->cap - 1);
    return &addresses->slots[i];
}

static bool addresses_grow(struct gri_addresses *addresses)
{
    struct gri_addresses larger = {.cap = addresses->cap ? addresses->cap * 2 : FIRST_CAP, .n = addresses->n};
    larger.slots = calloc(larger.cap, sizeof *larger.slots);
    if (!larger.slots || getrandom(&larger.seed, sizeof larger.seed, 0) < 0) {
        free(larger.slots);
        return false;
    }
    for (size_t i = 0; i < addresses->cap; i++)
        if (addresses->slots[i].count)
            *addresses_find(&larger, &addresses->slots[i]) = addresses->slots[i];
    free(addresses->slots);
    *addresses = larger;
    return true;
}

bool gri_addresses_add(struct gri_addresses *addresses, const struct gri_peer *peer, size_t most)
{
    struct gri_address_count key = addresses_key_of(peer);
    if (addresses->n * 2 >= addresses->cap && !addresses_grow(addresses))
        return false;
    struct gri_address_count *slot = addresses_find(addresses, &key);
    if (slot->count >= most)
        return false;
    if (slot->count == 0) {
        *slot = key;
        addresses->n++;
    }
    slot->count++;
    return true;
}

/* What stood behind a freed slot because it was taken moves up, so that a search may stop at the first free one. */
static void close_gap(struct gri_addresses *addresses, size_t gap)
{
    size_t mask = addresses->cap - 1;
    for (size_t i = (gap + 1) & mask; addresses->slots[i].count; i = (i + 1) & mask) {
        size_t home = slot_of(addresses, &addresses->slots[i]);
        if (((i - home) & mask) < ((i - gap) & mask))
            continue;
        addresses->slots[gap] = addresses->slots[i];
        addresses->slots[i].count = 0;
        gap = i;
    }
}

void gri_addresses_remove(struct gri_addresses *addresses, const struct gri_peer *peer)
{
    struct gri_address_count key = addresses_key_of(peer),
                             *slot = addresses->cap ? addresses_find(addresses, &key) : NULL;
    if (!slot || slot->count == 0 || --slot->count > 0)
        return;
    addresses->n--;
    close_gap(addresses, (size_t)(slot - addresses->slots));
}

void gri_addresses_finish(struct gri_addresses *addresses)
{
    free(addresses->slots);
    *addresses = (struct gri_addresses){0};
}
