#include "schema/natural.h"

#include <string.h>

static void natural_push(struct gri_natural *a, uint64_t limb)
{
    if (limb)
        a->limb[a->n++] = (uint32_t)limb;
}

void gri_natural_set(struct gri_natural *a, uint64_t value)
{
    a->n = 0;
    if (value >> 32)
        a->limb[a->n++] = (uint32_t)value;
    natural_push(a, value >> 32 ? value >> 32 : value);
}

void gri_natural_multiply(struct gri_natural *a, uint32_t by, uint32_t plus)
{
    uint64_t carry = plus;
    for (int i = 0; i < a->n; i++) {
        carry += (uint64_t)a->limb[i] * by;
        a->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    natural_push(a, carry);
}

void gri_natural_shift(struct gri_natural *a, int bits)
{
    int limbs = bits / 32;
    gri_natural_multiply(a, UINT32_C(1) << (bits % 32), 0);
    if (!a->n || !limbs)
        return;
    memmove(a->limb + limbs, a->limb, (size_t)a->n * sizeof *a->limb);
    memset(a->limb, 0, (size_t)limbs * sizeof *a->limb);
    a->n += limbs;
}

void gri_natural_scale(struct gri_natural *a, int exponent)
{
    enum { STEP = 13 };
    static const uint32_t power[STEP + 1] = {1,     5,      25,      125,     625,      3125,      15625,
                                             78125, 390625, 1953125, 9765625, 48828125, 244140625, 1220703125};
    for (int left = exponent; left > 0; left -= STEP)
        gri_natural_multiply(a, power[left < STEP ? left : STEP], 0);
    gri_natural_shift(a, exponent);
}

void gri_natural_add(struct gri_natural *a, const struct gri_natural *b)
{
    uint64_t carry = 0;
    for (; a->n < b->n; a->n++)
        a->limb[a->n] = 0;
    for (int i = 0; i < a->n; i++) {
        carry += (uint64_t)a->limb[i] + (i < b->n ? b->limb[i] : 0);
        a->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    natural_push(a, carry);
}

void gri_natural_subtract(struct gri_natural *a, const struct gri_natural *b)
{
    uint64_t borrow = 0;
    for (int i = 0; i < a->n; i++) {
        uint64_t less = (i < b->n ? b->limb[i] : 0) + borrow;
        borrow = a->limb[i] < less;
        a->limb[i] = (uint32_t)(a->limb[i] - less);
    }
    while (a->n && !a->limb[a->n - 1])
        a->n--;
}

int gri_natural_compare(const struct gri_natural *a, const struct gri_natural *b)
{
    if (a->n != b->n)
        return a->n - b->n;
    for (int i = a->n - 1; i >= 0; i--)
        if (a->limb[i] != b->limb[i])
            return a->limb[i] < b->limb[i] ? -1 : 1;
    return 0;
}
