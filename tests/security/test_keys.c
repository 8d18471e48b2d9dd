/* Rings: where keys come from, what is refused, what is given away. */
#include <errno.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include "rings.h"

static const char *alg_of(const gr_keys *keys, size_t i)
{
    static char alg[20];
    json_t *jwks;
    ck_assert_int_eq(gr_keys_jwks(keys, &jwks), 0);
    json_t *jwk = json_array_get(json_object_get(jwks, "keys"), i);
    snprintf(alg, sizeof alg, "%s", jwk ? json_string_value(json_object_get(jwk, "alg")) : "");
    json_decref(jwks);
    return alg;
}

START_TEST(lines_are_secrets)
{
    gr_keys *keys = ring_of("  " OWN_SECRET "\t\r\n\n\n" OWN_SECRET "2", NULL), *one = ring_of(OWN_SECRET, NULL);
    ck_assert_uint_eq(gr_keys_count(keys), 2);
    want_check(keys, with_claims("{\"exp\":1700000001}"), GR_JWT_CHECK(.now_s = NOW_S), 0);
    ck_assert_uint_eq(gr_keys_count(one), 1);
    gr_keys_destroy(one);
    gr_keys_destroy(keys);
}
END_TEST

START_TEST(weak_keys_are_refused)
{
    static const char too_weak[] = "too weak";
    char line[80], jwk[700];
    memset(line, 'a', sizeof line);
    line[31] = '\0';
    want_refused(line, NULL, GR_EINVAL, too_weak);
    want_refused(line, "HS256", GR_EINVAL, too_weak);
    line[31] = 'a', line[47] = '\0';
    want_refused(line, "HS384", GR_EINVAL, too_weak);
    line[47] = 'a', line[63] = '\0';
    want_refused(line, "HS512", GR_EINVAL, too_weak);
    want_refused("{\"kty\":\"oct\",\"k\":\"c2hvcnQ\"}", NULL, GR_EINVAL, too_weak);
    snprintf(jwk, sizeof jwk, "{\"kty\":\"RSA\",\"alg\":\"RS256\",\"e\":\"AQAB\",\"n\":\"%.170sw\"}", RFC_N);
    want_refused(jwk, NULL, GR_EINVAL, too_weak);
}
END_TEST

START_TEST(an_exponent_is_odd_and_more_than_one)
{
    static const char *const exponents[] = {"AQ", "AA", "Ag", "AAAB", "AQAA"};
    char jwk[700];
    for (size_t i = 0; i < sizeof exponents / sizeof *exponents; i++) {
        snprintf(jwk, sizeof jwk, "{\"kty\":\"RSA\",\"alg\":\"RS256\",\"e\":\"%s\",\"n\":\"%s\"}", exponents[i], RFC_N);
        want_refused(jwk, NULL, GR_EINVAL, "exponent");
    }
}
END_TEST

START_TEST(a_key_has_one_algorithm)
{
    static const char rsa[] = "{\"kty\":\"RSA\",\"n\":\"" RFC_N "\",\"e\":\"AQAB\"}";
    want_refused(rsa, NULL, GR_EINVAL, "must say its algorithm");
    want_refused(rsa, "HS256", GR_EINVAL, "not one of its kty");
    want_refused(rsa, "none", GR_EINVAL, "algorithm is not known");
    want_refused("{" RFC_EC ",\"alg\":\"ES384\"}", NULL, GR_EINVAL, "not one of its kty and curve");
    want_refused("{" RFC_EC ",\"alg\":\"RS256\"}", NULL, GR_EINVAL, "not one of its kty and curve");
    want_refused("{" RFC_EC ",\"alg\":5}", NULL, GR_EINVAL, "algorithm is not known");
    want_refused(RFC_HS256, "RS256", GR_EINVAL, "not one of its kty");
    want_refused(OWN_SECRET, "ES256", GR_EINVAL, "not one of its kty");
    gr_keys *keys = ring_of(rsa, "PS384");
    ck_assert_str_eq(alg_of(keys, 0), "PS384");
    gr_keys_destroy(keys);
}
END_TEST

START_TEST(what_is_no_key_is_refused)
{
    want_refused("", NULL, GR_EINVAL, "is empty");
    want_refused(" \n\t", NULL, GR_EINVAL, "is empty");
    want_refused("{", NULL, GR_EINVAL, "no JSON");
    want_refused("{\"kty\":\"oct\",\"kty\":\"oct\",\"k\":\"" RFC_K "\"}", NULL, GR_EINVAL, "twice");
    want_refused("{}", NULL, GR_EINVAL, "it is no JWK");
    want_refused("{\"kty\":\"x\"}", NULL, GR_EINVAL, "it is no JWK");
    want_refused("{\"kty\":\"oct\"}", NULL, GR_EINVAL, "missing");
    want_refused("{\"kty\":\"oct\",\"k\":5}", NULL, GR_EINVAL, "no text");
    want_refused("{\"kty\":\"oct\",\"k\":\"" RFC_K "=\"}", NULL, GR_EINVAL, "no base64url");
    want_refused("{\"kty\":\"oct\",\"k\":\"" RFC_K "\",\"use\":\"enc\"}", NULL, GR_EINVAL, "its use");
    want_refused("{\"kty\":\"oct\",\"k\":\"" RFC_K "\",\"key_ops\":[\"encrypt\"]}", NULL, GR_EINVAL, "key_ops");
    want_refused("{\"kty\":\"oct\",\"k\":\"" RFC_K "\",\"kid\":5}", NULL, GR_EINVAL, "kid");
    want_refused("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\"}", NULL, GR_EINVAL, "no key");
    want_refused("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}", NULL, GR_EINVAL, "32 bytes");
    want_refused("{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AAAA\"}", NULL, GR_EINVAL, "algorithm is not known");
    want_refused("{\"keys\":[]}", NULL, GR_EINVAL, "no key for signatures");
    want_refused("{\"keys\":5}", NULL, GR_EINVAL, "no key for signatures");
    want_refused("{\"keys\":[{\"kty\":\"new\"},5]}", NULL, GR_EINVAL, "no key for signatures");
}
END_TEST

START_TEST(a_private_part_belongs_to_its_public_one)
{
    static const char does_not[] = "does not belong";
    gr_keys *keys = ring_of("{" RFC_EC "," RFC_EC_D "}", NULL);
    gr_keys_destroy(keys);
    keys = ring_of("{" RFC_OKP "," RFC_OKP_D "}", NULL);
    gr_keys_destroy(keys);
    keys = ring_of("{\"kty\":\"RSA\",\"alg\":\"RS256\",\"n\":\"" RFC_N "\",\"e\":\"AQAB\",\"d\":\"" RFC_D "\"}", NULL);
    gr_keys_destroy(keys);
    want_refused("{" RFC_EC ",\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LA\"}", NULL, GR_EINVAL, "no key");
    want_refused("{" RFC_OKP ",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2Y\"}", NULL, GR_EINVAL, does_not);
    want_refused("{" RFC_OKP ",\"d\":\"nWGx\"}", NULL, GR_EINVAL, "32 bytes");
}
END_TEST

START_TEST(one_bad_key_of_several_adds_none)
{
    want_refused("{\"keys\":[" RFC_ES256 ",{\"kty\":\"oct\",\"k\":\"c2hvcnQ\"}]}", NULL, GR_EINVAL, "key 3: ");
    want_refused(OWN_SECRET "\nshort\n", NULL, GR_EINVAL, "key 3: ");
    want_refused("{\"keys\":[{" RFC_EC ",\"kid\":\"a\"},{" RFC_OKP ",\"kid\":\"a\"}]}", NULL, GR_EEXIST, "its kid");
}
END_TEST

START_TEST(a_ring_has_its_limit)
{
    char text[20 * 40] = "";
    for (int i = 0; i < 16; i++)
        strcat(text, OWN_SECRET "\n");
    want_refused(text, NULL, GR_EMSGSIZE, "at most 16");
    text[15 * 33] = '\0';
    gr_keys *keys = ring_of(text, NULL);
    ck_assert_uint_eq(gr_keys_count(keys), 15);
    ck_assert_int_eq(gr_keys_add_generated(keys, NULL), 0);
    ck_assert_int_eq(gr_keys_add_generated(keys, NULL), GR_EMSGSIZE);
    gr_keys_destroy(keys);
    char *large = malloc(70000);
    memset(large, 'a', 69999);
    large[69999] = '\0';
    want_refused(large, NULL, GR_EMSGSIZE, "64 KiB");
    large[1025] = '\0';
    want_refused(large, NULL, GR_EINVAL, "1,024");
    free(large);
}
END_TEST

START_TEST(an_error_is_forgotten_by_the_next_success)
{
    gr_keys *keys = gr_keys_create();
    ck_assert_str_eq(gr_keys_error(keys), "");
    ck_assert_int_eq(gr_keys_add_secret(keys, "short", 5, NULL, NULL), GR_EINVAL);
    ck_assert_str_ne(gr_keys_error(keys), "");
    ck_assert_ptr_null(strstr(gr_keys_error(keys), "short "));
    ck_assert_int_eq(gr_keys_add_secret(keys, OWN_SECRET, 32, NULL, NULL), 0);
    ck_assert_str_eq(gr_keys_error(keys), "");
    ck_assert_str_eq(gr_keys_error(NULL), "out of memory");
    ck_assert_int_eq(gr_keys_add_generated(keys, "none"), GR_EINVAL);
    gr_keys_destroy(keys);
    gr_keys_destroy(NULL);
}
END_TEST

START_TEST(a_file_and_a_variable_hold_keys)
{
    char path[] = "/tmp/griddle-keys-XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_eq(write(fd, RFC_ES256, strlen(RFC_ES256)), (ssize_t)strlen(RFC_ES256));
    close(fd);
    gr_keys *keys = gr_keys_create();
    ck_assert_int_eq(gr_keys_add_file(keys, path, NULL), 0);
    setenv("GRIDDLE_TEST_KEYS", OWN_SECRET, 1);
    ck_assert_int_eq(gr_keys_add_env(keys, "GRIDDLE_TEST_KEYS", NULL), 0);
    ck_assert_uint_eq(gr_keys_count(keys), 2);

    unlink(path);
    ck_assert_int_eq(gr_keys_add_file(keys, path, NULL), -ENOENT);
    ck_assert_ptr_nonnull(strstr(gr_keys_error(keys), path));
    ck_assert_int_eq(gr_keys_add_file(keys, "/tmp", NULL), -EISDIR);
    setenv("GRIDDLE_TEST_KEYS", "swordfish", 1);
    ck_assert_int_eq(gr_keys_add_env(keys, "GRIDDLE_TEST_KEYS", NULL), GR_EINVAL);
    ck_assert_ptr_nonnull(strstr(gr_keys_error(keys), "GRIDDLE_TEST_KEYS: key 3: "));
    ck_assert_ptr_null(strstr(gr_keys_error(keys), "swordfish"));
    unsetenv("GRIDDLE_TEST_KEYS");
    ck_assert_int_eq(gr_keys_add_env(keys, "GRIDDLE_TEST_KEYS", NULL), GR_EINVAL);
    ck_assert_ptr_nonnull(strstr(gr_keys_error(keys), "no such variable"));
    ck_assert_uint_eq(gr_keys_count(keys), 2);
    gr_keys_destroy(keys);
}
END_TEST

/* --- what is given away --- */

START_TEST(nothing_private_is_given_away)
{
    gr_keys *keys = gr_keys_create();
    static const char *const names[] = {"HS512", "RS256", "ES384", "EdDSA"};
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(gr_keys_add_generated(keys, names[i]), 0);
    json_t *jwks, *jwk;
    size_t i;
    ck_assert_int_eq(gr_keys_jwks(keys, &jwks), 0);
    ck_assert_uint_eq(json_array_size(json_object_get(jwks, "keys")), 3);
    json_array_foreach(json_object_get(jwks, "keys"), i, jwk)
    {
        static const char *const secret[] = {"k", "d", "p", "q", "dp", "dq", "qi", "oth"};
        for (size_t s = 0; s < sizeof secret / sizeof *secret; s++)
            ck_assert_ptr_null(json_object_get(jwk, secret[s]));
        ck_assert_str_eq(json_string_value(json_object_get(jwk, "use")), "sig");
        ck_assert_str_eq(json_string_value(json_object_get(jwk, "alg")), names[i + 1]);
        ck_assert(json_is_string(json_object_get(jwk, "kid")));
    }
    json_decref(jwks);
    gr_keys_destroy(keys);
}
END_TEST

START_TEST(a_set_of_no_public_keys_is_an_empty_one)
{
    gr_keys *keys = ring_of(OWN_SECRET, NULL);
    json_t *jwks;
    ck_assert_int_eq(gr_keys_jwks(keys, &jwks), 0);
    ck_assert(json_is_array(json_object_get(jwks, "keys")));
    ck_assert_uint_eq(json_array_size(json_object_get(jwks, "keys")), 0);
    json_decref(jwks);
    gr_keys_destroy(keys);
}
END_TEST

/* --- PEM --- */

static void want_pem(BIO *bio, const char *alg, const char *want, bool can_sign)
{
    char *pem, *token;
    size_t len = (size_t)BIO_get_mem_data(bio, &pem);
    gr_keys *keys = gr_keys_create();
    gr_arena *arena = gr_arena_create();
    int rc = gr_keys_add_text(keys, pem, len, alg);
    ck_assert_msg(rc == 0, "%s", gr_keys_error(keys));
    ck_assert_str_eq(alg_of(keys, 0), want);
    rc = gr_jwt_make(arena, keys, json_object(), GR_JWT_MAKE(.lifetime_s = 60), &token);
    ck_assert_int_eq(rc, can_sign ? 0 : GR_EINVAL);
    gr_arena_destroy(arena);
    gr_keys_destroy(keys);
    BIO_free(bio);
}

static void want_pems(EVP_PKEY *key, const char *alg, const char *want)
{
    BIO *bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PUBKEY(bio, key);
    want_pem(bio, alg, want, false);
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
    want_pem(bio, alg, want, true);
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
        unsigned char *der = NULL;
        int len = i2d_PublicKey(key, &der);
        bio = BIO_new(BIO_s_mem());
        PEM_write_bio(bio, PEM_STRING_RSA_PUBLIC, "", der, len);
        OPENSSL_free(der);
        want_pem(bio, alg, want, false);
    }
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519) {
        bio = BIO_new(BIO_s_mem());
        PEM_write_bio_PrivateKey_traditional(bio, key, NULL, NULL, 0, NULL, NULL);
        want_pem(bio, alg, want, true);
    }
    EVP_PKEY_free(key);
}

START_TEST(pem_is_read)
{
    want_pems(EVP_RSA_gen(2048), "PS256", "PS256");
    want_pems(EVP_EC_gen("P-256"), NULL, "ES256");
    want_pems(EVP_EC_gen("P-521"), "ES512", "ES512");
    want_pems(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), NULL, "EdDSA");
}
END_TEST

START_TEST(pem_of_several_keys_is_a_ring)
{
    EVP_PKEY *a = EVP_EC_gen("P-256"), *b = EVP_EC_gen("P-384");
    BIO *bio = BIO_new(BIO_s_mem());
    char *pem;
    PEM_write_bio_PUBKEY(bio, a);
    BIO_puts(bio, "a comment\n");
    PEM_write_bio_PKCS8PrivateKey(bio, b, NULL, NULL, 0, NULL, NULL);
    gr_keys *keys = gr_keys_create();
    size_t len = (size_t)BIO_get_mem_data(bio, &pem);
    ck_assert_int_eq(gr_keys_add_text(keys, pem, len, NULL), 0);
    ck_assert_uint_eq(gr_keys_count(keys), 2);
    ck_assert_str_eq(alg_of(keys, 1), "ES384");
    gr_keys_destroy(keys);
    BIO_free(bio);
    EVP_PKEY_free(b);
    EVP_PKEY_free(a);
}
END_TEST

static void want_pem_refused(BIO *bio, const char *alg, const char *why)
{
    char *pem;
    size_t len = (size_t)BIO_get_mem_data(bio, &pem);
    char *text = calloc(1, len + 1);
    memcpy(text, pem, len);
    want_refused(text, alg, GR_EINVAL, why);
    free(text);
    BIO_free(bio);
}

START_TEST(other_pem_is_refused)
{
    EVP_PKEY *rsa = EVP_RSA_gen(2048), *weak = EVP_RSA_gen(1024), *x25519 = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
    BIO *bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PUBKEY(bio, rsa);
    want_pem_refused(bio, NULL, "must say its algorithm");
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PUBKEY(bio, weak);
    want_pem_refused(bio, "RS256", "too weak");
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PUBKEY(bio, x25519);
    want_pem_refused(bio, NULL, "its PEM is no");
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PKCS8PrivateKey(bio, rsa, EVP_aes_128_cbc(), "pass", 4, NULL, NULL);
    want_pem_refused(bio, "RS256", "encrypted");
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey_traditional(bio, rsa, EVP_aes_128_cbc(), (const unsigned char *)"pass", 4, NULL, NULL);
    want_pem_refused(bio, "RS256", "encrypted");
    want_refused("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "RS256", GR_EINVAL, "its PEM is no");
    want_refused("-----BEGIN PUBLIC KEY-----\nAAAA\n", "RS256", GR_EINVAL, "cannot be read");
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PUBKEY(bio, rsa);
    BIO_puts(bio, "-----BEGIN PUBLIC KEY-----\nAAAA\n");
    want_pem_refused(bio, "RS256", "key 3: its PEM cannot be read");
    EVP_PKEY_free(x25519);
    EVP_PKEY_free(weak);
    EVP_PKEY_free(rsa);
}
END_TEST

static X509 *self_signed(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 60);
    X509_set_pubkey(certificate, key);
    X509_sign(certificate, key, EVP_sha256());
    return certificate;
}

START_TEST(of_a_certificate_the_key_is_taken)
{
    EVP_PKEY *key = EVP_EC_gen("P-384");
    X509 *certificate = self_signed(key);
    BIO *bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, certificate);
    want_pem(bio, NULL, "ES384", false);
    X509_free(certificate);
    EVP_PKEY_free(key);
}
END_TEST

int main(void)
{
    return run_tests("security keys",
                     (test_list){lines_are_secrets, weak_keys_are_refused, an_exponent_is_odd_and_more_than_one,
                                 a_key_has_one_algorithm, what_is_no_key_is_refused,
                                 a_private_part_belongs_to_its_public_one, one_bad_key_of_several_adds_none,
                                 a_ring_has_its_limit, an_error_is_forgotten_by_the_next_success,
                                 a_file_and_a_variable_hold_keys, nothing_private_is_given_away,
                                 a_set_of_no_public_keys_is_an_empty_one, pem_is_read, pem_of_several_keys_is_a_ring,
                                 other_pem_is_refused, of_a_certificate_the_key_is_taken, NULL},
                     60);
}
