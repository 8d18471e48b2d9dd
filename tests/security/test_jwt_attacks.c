/* What has been tried against checkers of tokens, one test each (RFC 8725). Unless it says otherwise the signature of
 * each is right, so that nothing but what is tried stands in its way. */
#include <openssl/bio.h>
#include <openssl/pem.h>

#include "rings.h"

#define GOOD "{\"exp\":1700000001}"

static void want_at_now(const gr_keys *keys, const char *token, int want)
{
    want_check(keys, token, GR_JWT_CHECK(.now_s = NOW_S), want);
}

static void want_token(const char *header, const char *payload, int want)
{
    gr_keys *keys = ring_of(OWN_SECRET, NULL);
    want_at_now(keys, forge(header, payload), want);
    gr_keys_destroy(keys);
}

START_TEST(what_is_right_is_taken)
{
    want_token(HS256_HEADER, GOOD, 0);
}
END_TEST

START_TEST(none_is_no_algorithm_in_any_spelling)
{
    static const char *const spellings[] = {"none", "None", "NONE", "nOnE", " none", "none ", "", "\\u006eone", "null"};
    gr_keys *keys = ring_of(OWN_SECRET, NULL);
    char header[100];
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        snprintf(header, sizeof header, "{\"alg\":\"%s\"}", spellings[i]);
        char *token = (char *)(uintptr_t)forge(header, GOOD);
        want_at_now(keys, token, GR_TOKEN_ALGORITHM);
        strrchr(token, '.')[1] = '\0';
        want_at_now(keys, token, GR_TOKEN_MALFORMED);
    }
    gr_keys_destroy(keys);
}
END_TEST

START_TEST(an_algorithm_is_a_text_and_there)
{
    want_token("{}", GOOD, GR_TOKEN_MALFORMED);
    want_token("{\"alg\":null}", GOOD, GR_TOKEN_MALFORMED);
    want_token("{\"alg\":[\"HS256\"]}", GOOD, GR_TOKEN_MALFORMED);
    want_token("{\"alg\":0}", GOOD, GR_TOKEN_MALFORMED);
    want_token("{\"alg\":\"hs256\"}", GOOD, GR_TOKEN_ALGORITHM);
    want_token("{\"alg\":\"HS256 \"}", GOOD, GR_TOKEN_ALGORITHM);
    want_token("{\"alg\":\"HS384\"}", GOOD, GR_TOKEN_ALGORITHM);
    want_token("{\"alg\":\"RS256\"}", GOOD, GR_TOKEN_ALGORITHM);
}
END_TEST

/* The public key as a text is the secret of an HMAC: the ring's key is for RS256 and for nothing else. */
START_TEST(a_public_rsa_key_is_no_secret)
{
    EVP_PKEY *key = EVP_RSA_gen(2048);
    BIO *bio = BIO_new(BIO_s_mem());
    char *pem;
    PEM_write_bio_PUBKEY(bio, key);
    size_t pem_len = (size_t)BIO_get_mem_data(bio, &pem);
    gr_keys *keys = gr_keys_create();
    ck_assert_int_eq(gr_keys_add_text(keys, pem, pem_len, "RS256"), 0);

    char token[2000] = "";
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    append_base64(token, sizeof token, HS256_HEADER, strlen(HS256_HEADER));
    strcat(token, ".");
    append_base64(token, sizeof token, GOOD, strlen(GOOD));
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)pem, pem_len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)token, strlen(token));
    crypto_auth_hmacsha256_final(&state, mac);
    strcat(token, ".");
    append_base64(token, sizeof token, mac, sizeof mac);
    want_at_now(keys, token, GR_TOKEN_ALGORITHM);

    char text[1000];
    snprintf(text, sizeof text, "%.*s", (int)pem_len, pem);
    want_refused(text, "HS256", GR_EINVAL, "not one of its kty");
    gr_keys_destroy(keys);
    BIO_free(bio);
    EVP_PKEY_free(key);
}
END_TEST

START_TEST(a_signature_is_there_and_whole)
{
    gr_keys *keys = ring_of(OWN_SECRET, NULL);
    char *token = (char *)(uintptr_t)forge(HS256_HEADER, GOOD), *signature = strrchr(token, '.') + 1;
    for (size_t len = strlen(signature); len-- > 0;) {
        signature[len] = '\0';
        want_at_now(keys, token, len ? GR_TOKEN_SIGNATURE : GR_TOKEN_MALFORMED);
    }
    gr_keys_destroy(keys);
}
END_TEST

/* One text for one signature: the last character has bits that no byte takes. */
START_TEST(a_signature_has_one_spelling)
{
    gr_keys *keys = ring_of(OWN_SECRET, NULL);
    const char *token = forge(HS256_HEADER, GOOD);
    char other[1000];
    size_t len = strlen(token);
    for (const char *c = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= "; *c; c++) {
        strcpy(other, token);
        other[len - 1] = *c;
        want_at_now(keys, other, *c == token[len - 1] ? 0 : GR_TOKEN_SIGNATURE);
    }
    snprintf(other, sizeof other, "%s=", token);
    want_at_now(keys, other, GR_TOKEN_SIGNATURE);
    gr_keys_destroy(keys);
}
END_TEST

/* CVE-2022-21449: r and s of 0 fit every text in some checkers. */
START_TEST(a_signature_of_zeros_is_none)
{
    static const struct {
        const char *alg;
        size_t bytes;
    } algorithms[] = {{"ES256", 64},  {"ES384", 96},  {"ES512", 132}, {"EdDSA", 64},
                      {"RS256", 256}, {"PS256", 256}, {"HS256", 32}};
    static const unsigned char zeros[256];
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        gr_keys *keys = gr_keys_create();
        char header[40], token[1000];
        ck_assert_int_eq(gr_keys_add_generated(keys, algorithms[i].alg), 0);
        snprintf(header, sizeof header, "{\"alg\":\"%s\"}", algorithms[i].alg);
        snprintf(token, sizeof token, "%s", forge(header, GOOD));
        strrchr(token, '.')[1] = '\0';
        append_base64(token, sizeof token, zeros, algorithms[i].bytes);
        want_at_now(keys, token, GR_TOKEN_SIGNATURE);
        gr_keys_destroy(keys);
    }
}
END_TEST

START_TEST(a_key_id_is_no_path_and_no_query)
{
    static const char *const ids[] = {"../../../../dev/null", "/etc/hostname", "x' UNION SELECT 'a", "|id", "", "k2"};
    gr_keys *keys = gr_keys_create();
    ck_assert_int_eq(gr_keys_add_secret(keys, OWN_SECRET, 32, NULL, "k1"), 0);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        char header[100];
        snprintf(header, sizeof header, "{\"alg\":\"HS256\",\"kid\":\"%s\"}", ids[i]);
        want_at_now(keys, forge(header, GOOD), GR_TOKEN_KEY);
    }
    want_at_now(keys, forge("{\"alg\":\"HS256\",\"kid\":\"k1\"}", GOOD), 0);
    want_at_now(keys, forge("{\"alg\":\"HS256\",\"kid\":1}", GOOD), GR_TOKEN_MALFORMED);
    gr_keys_destroy(keys);
}
END_TEST

/* CVE-2018-0114: the token brings its own key. */
START_TEST(a_key_in_the_token_is_not_looked_at)
{
    gr_keys *keys = ring_of(OWN_SECRET "other", NULL);
    unsigned char secret[32];
    char header[500] = "{\"alg\":\"HS256\",\"jku\":\"http://127.0.0.1:1/\",\"jwk\":{\"kty\":\"oct\",\"k\":\"";
    memcpy(secret, OWN_SECRET, sizeof secret);
    append_base64(header, sizeof header, secret, sizeof secret);
    strcat(header, "\"}}");
    want_at_now(keys, forge(header, GOOD), GR_TOKEN_SIGNATURE);
    gr_keys_destroy(keys);
}
END_TEST

/* A text of `len` bytes: `before`, then as many of `fill` as it takes, then `after`. */
static char *filled(const char *before, char fill, const char *after, size_t len)
{
    char *text = malloc(len + 1);
    memset(text, fill, len);
    memcpy(text, before, strlen(before));
    strcpy(text + len - strlen(after), after);
    return text;
}

START_TEST(what_is_too_large_is_not_read)
{
    char *longer = filled("{\"alg\":\"HS256\",\"x\":\"", 'x', "\"}", 1537),
         *payload = filled("{\"x\":\"", 'x', "\"}", 6200);
    char *long_enough = filled("{\"alg\":\"HS256\",\"x\":\"", 'x', "\"}", 1536);
    want_token(long_enough, GOOD, 0);
    want_token(longer, GOOD, GR_TOKEN_LARGE);
    want_token(HS256_HEADER, payload, GR_TOKEN_LARGE);
    free(long_enough);
    free(payload);
    free(longer);

    gr_keys *keys = ring_of(OWN_SECRET, NULL);
    const char *token = forge(HS256_HEADER, GOOD);
    size_t len = strlen(token);
    want_check(keys, token, GR_JWT_CHECK(.now_s = NOW_S, .max_bytes = len), 0);
    want_check(keys, token, GR_JWT_CHECK(.now_s = NOW_S, .max_bytes = len - 1), GR_TOKEN_LARGE);
    want_check(keys, token, GR_JWT_CHECK(.now_s = NOW_S, .max_header_bytes = 20), 0);
    want_check(keys, token, GR_JWT_CHECK(.now_s = NOW_S, .max_header_bytes = 19), GR_TOKEN_LARGE);
    char *garbage = filled("", '.', "", 1 << 24);
    want_at_now(keys, garbage, GR_TOKEN_LARGE);
    free(garbage);
    gr_keys_destroy(keys);
}
END_TEST

/* libjose reads the header again, by a function that recurses, and in the locale of the thread. */
START_TEST(a_header_is_flat_enough_for_everybody)
{
    char *deep = filled("{\"alg\":\"HS256\",\"x\":", '[', "", 1200);
    want_token(deep, GOOD, GR_TOKEN_MALFORMED);
    memset(deep + strlen(deep) - 500, ']', 500);
    want_token(deep, GOOD, GR_TOKEN_MALFORMED);
    free(deep);
    want_token("{\"alg\":\"HS256\",\"x\":1.5}", GOOD, GR_TOKEN_MALFORMED);
    want_token("{\"alg\":\"HS256\",\"x\":[{\"y\":1e5}]}", GOOD, GR_TOKEN_MALFORMED);
    want_token("{\"alg\":\"HS256\",\"x\":[{\"y\":15}]}", GOOD, 0);
}
END_TEST

START_TEST(what_is_critical_is_refused)
{
    want_token("{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}", GOOD, GR_TOKEN_CRITICAL);
    want_token("{\"alg\":\"HS256\",\"crit\":[]}", GOOD, GR_TOKEN_CRITICAL);
    want_token("{\"alg\":\"HS256\",\"crit\":null}", GOOD, GR_TOKEN_CRITICAL);
    want_token("{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":true}", GOOD, GR_TOKEN_CRITICAL);
}
END_TEST

START_TEST(a_payload_is_base64url)
{
    want_token("{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}", GOOD, GR_TOKEN_CRITICAL);
    want_token("{\"alg\":\"HS256\",\"b64\":false}", GOOD, GR_TOKEN_CRITICAL);
    want_token("{\"alg\":\"HS256\",\"b64\":\"true\"}", GOOD, GR_TOKEN_CRITICAL);
    want_token("{\"alg\":\"HS256\",\"b64\":true}", GOOD, 0);
}
END_TEST

START_TEST(nothing_is_said_twice)
{
    want_token("{\"alg\":\"HS256\",\"alg\":\"HS256\"}", GOOD, GR_TOKEN_MALFORMED);
    want_token("{\"alg\":\"none\",\"\\u0061lg\":\"HS256\"}", GOOD, GR_TOKEN_MALFORMED);
    want_token(HS256_HEADER, "{\"exp\":1,\"exp\":1700000001}", GR_TOKEN_MALFORMED);
    want_token(HS256_HEADER, "{\"exp\":1700000001,\"x\":{\"y\":1,\"y\":2}}", GR_TOKEN_MALFORMED);
}
END_TEST

START_TEST(what_is_no_token_is_refused)
{
    static const char *const tokens[] = {
        NULL,
        "",
        ".",
        "..",
        "...",
        "a",
        "a.b",
        "a.b.c",
        "a.b.c.d",
        "....",
        "e30.e30.e30",
        " e30.e30.e30",
        "Bearer e30.e30.e30",
        "eyJhbGciOiJIUzI1NiJ9..e30",
        ".e30.e30",
        "eyJhbGciOiJIUzI1NiJ9==.e30.e30",
        "eyJhbGciOiJIUzI1NiJ9\n.e30.e30",
    };
    gr_keys *keys = ring_of(OWN_SECRET, NULL);
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
        want_at_now(keys, tokens[i], GR_TOKEN_MALFORMED);
    want_at_now(keys, forge(HS256_HEADER, "{\"exp\":1700000001}x"), GR_TOKEN_MALFORMED);
    want_at_now(keys, forge(HS256_HEADER, "{\"exp\":1700000001,\"sub\":\"a\\u0000b\"}"), GR_TOKEN_MALFORMED);
    want_at_now(keys, forge(HS256_HEADER, "{\"exp\":1700000001,\"sub\":\"\xff\"}"), GR_TOKEN_MALFORMED);
    gr_keys_destroy(keys);
}
END_TEST

START_TEST(a_ring_without_keys_takes_nothing)
{
    gr_keys *keys = gr_keys_create();
    want_at_now(keys, forge(HS256_HEADER, GOOD), GR_TOKEN_ALGORITHM);
    gr_keys_destroy(keys);
}
END_TEST

/* What is wrong with its claims is nobody's to know who cannot sign. */
START_TEST(claims_are_looked_at_behind_the_signature)
{
    gr_keys *keys = ring_of(OWN_SECRET "other", NULL);
    want_at_now(keys, forge(HS256_HEADER, "{\"exp\":1}"), GR_TOKEN_SIGNATURE);
    want_at_now(keys, forge(HS256_HEADER, "no JSON"), GR_TOKEN_SIGNATURE);
    gr_keys_destroy(keys);
}
END_TEST

int main(void)
{
    return run_tests(
        "security jwt attacks",
        (test_list){what_is_right_is_taken, none_is_no_algorithm_in_any_spelling, an_algorithm_is_a_text_and_there,
                    a_public_rsa_key_is_no_secret, a_signature_is_there_and_whole, a_signature_has_one_spelling,
                    a_signature_of_zeros_is_none, a_key_id_is_no_path_and_no_query, a_key_in_the_token_is_not_looked_at,
                    what_is_too_large_is_not_read, a_header_is_flat_enough_for_everybody, what_is_critical_is_refused,
                    a_payload_is_base64url, nothing_is_said_twice, what_is_no_token_is_refused,
                    a_ring_without_keys_takes_nothing, claims_are_looked_at_behind_the_signature, NULL},
        30);
}
