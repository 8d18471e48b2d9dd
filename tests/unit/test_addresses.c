#include "http/addresses.h"
#include "run.h"

static struct gri_peer v4(unsigned n)
{
    struct gri_peer peer = {.family = 4};
    for (int i = 0; i < 4; i++)
        peer.address[i] = (uint8_t)(n >> (8 * i));
    return peer;
}

START_TEST(an_address_is_counted_up_to_its_limit)
{
    struct gri_addresses addresses = {0};
    struct gri_peer a = v4(1), b = v4(2);
    ck_assert(gri_addresses_add(&addresses, &a, 2));
    ck_assert(gri_addresses_add(&addresses, &a, 2));
    ck_assert(!gri_addresses_add(&addresses, &a, 2));
    ck_assert(gri_addresses_add(&addresses, &b, 2));
    gri_addresses_remove(&addresses, &a);
    ck_assert(gri_addresses_add(&addresses, &a, 2));
    gri_addresses_finish(&addresses);
}
END_TEST

START_TEST(ipv6_addresses_of_one_network_are_one)
{
    struct gri_addresses addresses = {0};
    struct gri_peer a = {.family = 6, .address = {0x20, 1, [15] = 1}}, b = a, c = a;
    b.address[15] = 2;
    c.address[7] = 1;
    ck_assert(gri_addresses_add(&addresses, &a, 1));
    ck_assert(!gri_addresses_add(&addresses, &b, 1));
    ck_assert(gri_addresses_add(&addresses, &c, 1));
    gri_addresses_finish(&addresses);
}
END_TEST

START_TEST(removing_one_that_is_not_there_does_nothing)
{
    struct gri_addresses addresses = {0};
    struct gri_peer a = v4(1), b = v4(2);
    gri_addresses_remove(&addresses, &a);
    ck_assert(gri_addresses_add(&addresses, &a, 1));
    gri_addresses_remove(&addresses, &b);
    ck_assert(!gri_addresses_add(&addresses, &a, 1));
    gri_addresses_finish(&addresses);
}
END_TEST

/* Against a plain array of counts: additions and removals in a random order, so that gaps close in every way. */
START_TEST(it_counts_as_an_array_would)
{
    enum { N = 500, STEPS = 200000, MOST = 3 };
    static unsigned counts[N];
    struct gri_addresses addresses = {0};
    unsigned random = 1, held = 0;
    for (int i = 0; i < STEPS; i++) {
        random = random * 1103515245 + 12345;
        unsigned n = (random >> 8) % N;
        struct gri_peer peer = v4(n);
        if (random >> 31) {
            bool fits = counts[n] < MOST;
            ck_assert_int_eq(gri_addresses_add(&addresses, &peer, MOST), fits);
            held += fits && counts[n] == 0;
            counts[n] += fits;
        } else {
            gri_addresses_remove(&addresses, &peer);
            held -= counts[n] == 1;
            counts[n] -= counts[n] > 0;
        }
        ck_assert_uint_eq(addresses.n, held);
    }
    gri_addresses_finish(&addresses);
}
END_TEST

int main(void)
{
    const test_list tests = {an_address_is_counted_up_to_its_limit, ipv6_addresses_of_one_network_are_one,
                             removing_one_that_is_not_there_does_nothing, it_counts_as_an_array_would, NULL};
    return run_tests("addresses", tests, 30);
}
