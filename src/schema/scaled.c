#include "schema/scaled.h"

#include <stdlib.h>

#ifdef __SIZEOF_INT128__
static uint64_t multiply_words(uint64_t a, uint64_t b, uint64_t *low)
{
    __extension__ unsigned __int128 product = (unsigned __int128)a * b;
    *low = (uint64_t)product;
    return (uint64_t)(product >> 64);
}
#else
static uint64_t multiply_words(uint64_t a, uint64_t b, uint64_t *low)
{
    uint64_t ah = a >> 32, al = (uint32_t)a, bh = b >> 32, bl = (uint32_t)b;
    uint64_t first = al * bl, second = ah * bl + (first >> 32), third = al * bh + (uint32_t)second;
    *low = third << 32 | (uint32_t)first;
    return ah * bh + (second >> 32) + (third >> 32);
}
#endif

/* Without what the lower halves give with each other: three units of the last bit at most, with what is cut. */
struct gri_scaled gri_scaled_multiply(const struct gri_scaled *a, const struct gri_scaled *b)
{
    uint64_t low, ignored;
    uint64_t high = multiply_words(a->high, b->high, &low);
    uint64_t middle = multiply_words(a->high, b->low, &ignored), other = multiply_words(a->low, b->high, &ignored);
    low += middle;
    high += low < middle;
    low += other;
    high += low < other;
    int exponent = a->exponent + b->exponent + 128;
    if (high >> 63)
        return (struct gri_scaled){high, low, exponent};
    return (struct gri_scaled){high << 1 | low >> 63, low << 1, exponent - 1};
}

struct gri_scaled gri_scaled(uint64_t value, int ten)
{
    /* 10^1, 10^2, 10^4 and so on, then the inverses; each is rounded to the nearest */
    static const struct gri_scaled powers[2][9] = {{{0xa000000000000000, 0x0000000000000000, -124},
                                                    {0xc800000000000000, 0x0000000000000000, -121},
                                                    {0x9c40000000000000, 0x0000000000000000, -114},
                                                    {0xbebc200000000000, 0x0000000000000000, -101},
                                                    {0x8e1bc9bf04000000, 0x0000000000000000, -74},
                                                    {0x9dc5ada82b70b59d, 0xf020000000000000, -21},
                                                    {0xc2781f49ffcfa6d5, 0x3cbf6b71c76b25fb, 85},
                                                    {0x93ba47c980e98cdf, 0xc66f336c36b10137, 298},
                                                    {0xaa7eebfb9df9de8d, 0xddbb901b98feeab8, 723}},
                                                   {{0xcccccccccccccccc, 0xcccccccccccccccd, -131},
                                                    {0xa3d70a3d70a3d70a, 0x3d70a3d70a3d70a4, -134},
                                                    {0xd1b71758e219652b, 0xd3c36113404ea4a9, -141},
                                                    {0xabcc77118461cefc, 0xfdc20d2b36ba7c3d, -154},
                                                    {0xe69594bec44de15b, 0x4c2ebe687989a9b4, -181},
                                                    {0xcfb11ead453994ba, 0x67de18eda5814af2, -234},
                                                    {0xa87fea27a539e9a5, 0x3f2398d747b36224, -340},
                                                    {0xddd0467c64bce4a0, 0xac7cb3f6d05ddbdf, -553},
                                                    {0xc0314325637a1939, 0xfa911155fefb5309, -978}}};
    const struct gri_scaled *power = powers[ten < 0];
    int shift = __builtin_clzll(value);
    struct gri_scaled product = {value << shift, 0, -64 - shift};
    for (unsigned left = (unsigned)abs(ten); left; left >>= 1, power++)
        if (left & 1)
            product = gri_scaled_multiply(&product, power);
    return product;
}
