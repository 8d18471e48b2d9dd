/* Sealed and signed values: what comes back, and all that does not. */
#include "rings.h"

/* Both kinds, which promise the same but for who can read. */
static const struct kind {
    const char *name;
    int (*close)(gr_arena *arena, const gr_keys *keys, const gr_seal_options *options, const void *value, size_t len,
                 char **text);
    int (*open)(gr_arena *arena, const gr_keys *keys, const gr_seal_options *options, const char *text, char **value,
                size_t *len);
} kinds[] = {{"seal", gr_seal, gr_unseal}, {"sign", gr_sign, gr_unsign}};

static gr_arena *arena;

static gr_seal_options cart(int64_t now_s)
{
    return (gr_seal_options){.size = sizeof(gr_seal_options), .purpose = "cart", .max_age_s = 60, .now_s = now_s};
}

static char *close_value(const struct kind *kind, const gr_keys *keys, gr_seal_options options, const char *value,
                         size_t len)
{
    char *text;
    int rc = kind->close(arena, keys, &options, value, len, &text);
    ck_assert_msg(rc == 0, "%s: %s", kind->name, gr_token_strerror(rc));
    return text;
}

static void want_open(const struct kind *kind, const gr_keys *keys, gr_seal_options options, const char *text, int want)
{
    char *value = (char[]){"x"};
    size_t len = 1;
    int rc = kind->open(arena, keys, &options, text, &value, &len);
    ck_assert_msg(rc == want, "%s \"%.100s\": wanted %s, got %s", kind->name, text ? text : "NULL",
                  gr_token_strerror(want), gr_token_strerror(rc));
    ck_assert((value != NULL) == (rc == 0));
    ck_assert(rc == 0 || len == 0);
}

static void want_same(const struct kind *kind, const gr_keys *keys, const char *value, size_t len)
{
    char *text = close_value(kind, keys, cart(NOW_S), value, len), *back;
    gr_seal_options options = cart(NOW_S + 59);
    size_t back_len;
    ck_assert_int_eq(kind->open(arena, keys, &options, text, &back, &back_len), 0);
    ck_assert_uint_eq(back_len, len);
    ck_assert(len == 0 || memcmp(back, value, len) == 0);
    ck_assert_int_eq(back[len], '\0');
    ck_assert_uint_eq(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."), strlen(text));
}

#define SEAL_TEST(name) \
    static void name##_for(const struct kind *kind, gr_keys *keys); \
    START_TEST(name) \
    { \
        for (size_t i = 0; i < 2; i++) { \
            gr_keys *keys = ring_of(OWN_SECRET, NULL); \
            arena = gr_arena_create(); \
            name##_for(&kinds[i], keys); \
            gr_arena_destroy(arena); \
            gr_keys_destroy(keys); \
        } \
    } \
    END_TEST \
    static void name##_for(const struct kind *kind, gr_keys *keys)

SEAL_TEST(what_was_closed_comes_back)
{
    want_same(kind, keys, "", 0);
    want_same(kind, keys, "a", 1);
    want_same(kind, keys,
              "a\0\xff"
              "b",
              4);
    want_same(kind, keys, "{\"user\":5,\"items\":[1,2,3]}", 26);
}

SEAL_TEST(a_changed_text_is_refused)
{
    char *text = close_value(kind, keys, cart(NOW_S), "user=5", 6);
    for (size_t i = 0; i < strlen(text); i++) {
        char before = text[i];
        text[i] = before == 'A' ? 'B' : 'A';
        char *value;
        size_t len;
        gr_seal_options options = cart(NOW_S);
        int rc = kind->open(arena, keys, &options, text, &value, &len);
        ck_assert_msg(rc == GR_TOKEN_SIGNATURE || rc == GR_TOKEN_MALFORMED, "%s, %zu: %d", kind->name, i, rc);
        text[i] = before;
    }
    want_open(kind, keys, cart(NOW_S), text, 0);
}

SEAL_TEST(a_cut_or_longer_text_is_refused)
{
    char *text = close_value(kind, keys, cart(NOW_S), "user=5", 6), longer[400];
    for (size_t len = strlen(text); len-- > 0;) {
        char *cut = gr_arena_printf(arena, "%.*s", (int)len, text), *value;
        gr_seal_options options = cart(NOW_S);
        size_t value_len;
        int rc = kind->open(arena, keys, &options, cut, &value, &value_len);
        ck_assert_msg(rc == GR_TOKEN_SIGNATURE || rc == GR_TOKEN_MALFORMED, "%s, %zu: %d", kind->name, len, rc);
    }
    snprintf(longer, sizeof longer, "%s.%s", text, text);
    want_open(kind, keys, cart(NOW_S), longer, GR_TOKEN_MALFORMED);
    snprintf(longer, sizeof longer, "%s=", text);
    want_open(kind, keys, cart(NOW_S), longer, GR_TOKEN_MALFORMED);
    want_open(kind, keys, cart(NOW_S), NULL, GR_TOKEN_MALFORMED);
    want_open(kind, keys, cart(NOW_S), "", GR_TOKEN_MALFORMED);
    want_open(kind, keys, cart(NOW_S), ".", GR_TOKEN_MALFORMED);
}

SEAL_TEST(it_is_good_for_its_purpose_alone)
{
    char *text = close_value(kind, keys, cart(NOW_S), "user=5", 6);
    gr_seal_options other = cart(NOW_S);
    other.purpose = "login";
    want_open(kind, keys, other, text, GR_TOKEN_SIGNATURE);
    other.purpose = "car";
    want_open(kind, keys, other, text, GR_TOKEN_SIGNATURE);
}

/* The value's first byte may not pass for the purpose's last. */
SEAL_TEST(purpose_and_value_do_not_run_together)
{
    gr_seal_options shorter = cart(NOW_S);
    shorter.purpose = "car";
    char *text = close_value(kind, keys, shorter, "tx", 2), *dot = strchr(text, '.');
    if (dot)
        text = gr_arena_printf(arena, "eA%s", dot); /* "x" */
    want_open(kind, keys, cart(NOW_S), text, GR_TOKEN_SIGNATURE);
}

SEAL_TEST(it_expires)
{
    char *text = close_value(kind, keys, cart(NOW_S), "x", 1);
    want_open(kind, keys, cart(NOW_S + 59), text, 0);
    want_open(kind, keys, cart(NOW_S + 60), text, GR_TOKEN_EXPIRED);
    want_open(kind, keys, cart(NOW_S - 1), text, GR_TOKEN_EXPIRED);
    gr_seal_options shorter = cart(NOW_S);
    shorter.max_age_s = 59;
    want_open(kind, keys, shorter, text, GR_TOKEN_EXPIRED);
    shorter.now_s = NOW_S + 1;
    want_open(kind, keys, shorter, text, 0);
}

SEAL_TEST(the_first_secret_closes_and_all_open)
{
    gr_keys *both = ring_of(OWN_SECRET "new\n" OWN_SECRET, NULL);
    char *old = close_value(kind, keys, cart(NOW_S), "x", 1), *new = close_value(kind, both, cart(NOW_S), "x", 1);
    want_open(kind, both, cart(NOW_S), old, 0);
    want_open(kind, both, cart(NOW_S), new, 0);
    want_open(kind, keys, cart(NOW_S), new, GR_TOKEN_SIGNATURE);
    gr_keys_destroy(both);
}

SEAL_TEST(a_ring_without_secrets_closes_nothing)
{
    gr_keys *public = ring_of(RFC_ES256, NULL);
    char *text;
    gr_seal_options options = cart(NOW_S);
    ck_assert_int_eq(kind->close(arena, public, &options, "x", 1, &text), GR_EINVAL);
    want_open(kind, public, cart(NOW_S), close_value(kind, keys, cart(NOW_S), "x", 1), GR_TOKEN_SIGNATURE);
    ck_assert_int_eq(gr_keys_add_secret(public, OWN_SECRET, 32, NULL, NULL), 0);
    want_open(kind, public, cart(NOW_S), close_value(kind, keys, cart(NOW_S), "x", 1), 0);
    gr_keys_destroy(public);
}

SEAL_TEST(what_is_too_long_is_neither_closed_nor_read)
{
    static char value[5000];
    gr_seal_options options = cart(NOW_S);
    char *text;
    size_t len = 1;
    while (kind->close(arena, keys, &options, value, len, &text) == 0 && len < sizeof value)
        len++;
    ck_assert_int_eq(kind->close(arena, keys, &options, value, len, &text), GR_EMSGSIZE);
    ck_assert_ptr_null(text);
    ck_assert_int_eq(kind->close(arena, keys, &options, value, SIZE_MAX, &text), GR_EMSGSIZE);
    ck_assert_int_eq(kind->close(arena, keys, &options, value, len - 1, &text), 0);
    ck_assert_uint_ge(strlen(text), 4090);
    ck_assert_uint_le(strlen(text), 4096);
    want_open(kind, keys, cart(NOW_S), text, 0);
    options.max_bytes = strlen(text) - 1;
    want_open(kind, keys, options, text, GR_TOKEN_LARGE);
}

SEAL_TEST(options_out_of_their_range_are_refused)
{
    gr_seal_options wrong[] = {cart(NOW_S), cart(NOW_S), cart(NOW_S), cart(NOW_S),
                               cart(NOW_S), cart(NOW_S), cart(NOW_S)};
    char long_purpose[257], *text;
    memset(long_purpose, 'a', 256);
    long_purpose[256] = '\0';
    wrong[0].purpose = NULL;
    wrong[1].purpose = "";
    wrong[2].purpose = long_purpose;
    wrong[3].max_age_s = 0;
    wrong[4].max_age_s = (int64_t)1 << 40;
    wrong[5].size = 0;
    wrong[6].now_s = INT64_MAX;
    for (size_t i = 0; i < 7; i++) {
        ck_assert_int_eq(kind->close(arena, keys, &wrong[i], "x", 1, &text), GR_EINVAL);
        want_open(kind, keys, wrong[i], "x", GR_EINVAL);
    }
    ck_assert_int_eq(kind->close(arena, keys, NULL, "x", 1, &text), GR_EINVAL);
    wrong[2].purpose++;
    ck_assert_int_eq(kind->close(arena, keys, &wrong[2], "x", 1, &text), 0);
    want_open(kind, keys, wrong[2], text, 0);
}

START_TEST(a_sealed_value_cannot_be_read_and_differs_each_time)
{
    gr_keys *keys = ring_of(OWN_SECRET, NULL);
    arena = gr_arena_create();
    char *first = close_value(&kinds[0], keys, cart(NOW_S), "swordfish", 9),
         *second = close_value(&kinds[0], keys, cart(NOW_S), "swordfish", 9);
    ck_assert_str_ne(first, second);
    ck_assert_ptr_null(strstr(first, "c3dvcmRmaXNo"));
    char *text = close_value(&kinds[1], keys, cart(NOW_S), "swordfish", 9);
    ck_assert_ptr_nonnull(strstr(text, "c3dvcmRmaXNo."));
    want_open(&kinds[0], keys, cart(NOW_S), text, GR_TOKEN_MALFORMED);
    want_open(&kinds[1], keys, cart(NOW_S), first, GR_TOKEN_MALFORMED);
    gr_arena_destroy(arena);
    gr_keys_destroy(keys);
}
END_TEST

/* What a client keeps outlives the library that made it. The signed one has been worked out from its description too:
 * BLAKE2b of the secret, of it the key, HMAC-SHA-512 of stamp, purpose and value, cut to 32 bytes. */
START_TEST(what_was_made_by_an_earlier_version_is_opened)
{
    static const char signed_text[] = "dXNlcj01.AQAAAABlU_E8WEwdyfGEdzlQtKZUhiiqtIGxI0JxJEHTpCZVKs6T3V8",
                      sealed_text[] = "AQAAAABlU_E8ssBjbmo8vys0tDpil7k-KsBUciCKRoGyQM1wxoJjeFe3qKsJGrphOyc5RshhSw";
    gr_keys *keys = ring_of(OWN_SECRET, NULL);
    arena = gr_arena_create();
    ck_assert_str_eq(close_value(&kinds[1], keys, cart(NOW_S), "user=5", 6), signed_text);
    want_open(&kinds[1], keys, cart(NOW_S), signed_text, 0);
    want_open(&kinds[0], keys, cart(NOW_S), sealed_text, 0);
    gr_arena_destroy(arena);
    gr_keys_destroy(keys);
}
END_TEST

int main(void)
{
    return run_tests("security seal",
                     (test_list){what_was_closed_comes_back, a_changed_text_is_refused, a_cut_or_longer_text_is_refused,
                                 it_is_good_for_its_purpose_alone, purpose_and_value_do_not_run_together, it_expires,
                                 the_first_secret_closes_and_all_open, a_ring_without_secrets_closes_nothing,
                                 what_is_too_long_is_neither_closed_nor_read, options_out_of_their_range_are_refused,
                                 what_was_made_by_an_earlier_version_is_opened,
                                 a_sealed_value_cannot_be_read_and_differs_each_time, NULL},
                     20);
}
