/* Tokens of any bytes, and tokens whose signature is right and whose header and claims are any bytes: a verdict in all
 * cases; what is taken is an object that makes a token again. Rings of any text. Nothing that nobody sealed is opened.
 *
 * The first byte says which: '0' a token; '1' header and claims, a line each; '2' a ring; '3' a sealed, '4' a signed
 * value. */
#include <griddle/json.h>
#include <griddle/security.h>
#include <sodium.h>
#include <string.h>

#include "fuzz/fuzz.h"

#define SECRET "0123456789abcdefghijklmnopqrstuv"
#define EC \
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"," \
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"
#define OKP "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"kid\":\"ed\"}"

enum { NOW_S = 1700000000, MOST = 1 << 16 };

static gr_keys *keys;
static gr_arena *arena;

static void begin(void)
{
    static const char set[] = "{\"keys\":[" EC "," OKP "]}";
    keys = gr_keys_create();
    arena = gr_arena_create();
    FUZZ_ASSERT(keys && arena);
    FUZZ_ASSERT(gr_keys_add_secret(keys, SECRET, 32, NULL, NULL) == 0);
    FUZZ_ASSERT(gr_keys_add_text(keys, set, sizeof set - 1, NULL) == 0);
}

static bool is_refusal(int rc)
{
    return rc <= GR_TOKEN_MALFORMED && rc >= GR_TOKEN_CLAIMS;
}

/* --- tokens --- */

static void make_again(json_t *claims)
{
    char *token;
    json_t *again;
    FUZZ_ASSERT(
        gr_jwt_make(arena, keys, json_deep_copy(claims),
                    &(gr_jwt_make_options){.size = sizeof(gr_jwt_make_options), .without_exp = true, .now_s = NOW_S},
                    &token) == 0);
    int rc = gr_jwt_check(keys, token,
                          GR_JWT_CHECK(.now_s = NOW_S, .without_exp = true, .any_audience = true, .max_bytes = MOST,
                                       .max_header_bytes = MOST),
                          &again);
    FUZZ_ASSERT(rc == 0);
    json_decref(again);
}

static void check_token(const char *token)
{
    json_t *claims = NULL;
    int rc = gr_jwt_check(keys, token,
                          GR_JWT_CHECK(.now_s = NOW_S, .without_exp = true, .any_audience = true, .leeway_s = 60,
                                       .max_bytes = MOST, .max_header_bytes = MOST),
                          &claims);
    FUZZ_ASSERT(rc == 0 || is_refusal(rc));
    FUZZ_ASSERT((rc == 0) == json_is_object(claims));
    FUZZ_ASSERT(gr_token_challenge(rc) && gr_token_strerror(rc));
    json_decref(claims);
    rc = gr_jwt_check(keys, token,
                      GR_JWT_CHECK(.now_s = NOW_S, .max_bytes = MOST, .max_header_bytes = MOST,
                                   .audiences = (const char *const[]){"shop", NULL}),
                      &claims);
    FUZZ_ASSERT(rc == 0 || is_refusal(rc));
    if (rc == 0)
        make_again(claims);
    json_decref(claims);
}

static void append(char *to, const void *bytes, size_t len)
{
    size_t at = strlen(to);
    sodium_bin2base64(to + at, 2 * MOST - at, bytes, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void check_signed(const char *text, size_t len)
{
    static char token[2 * MOST];
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    const char *line = memchr(text, '\n', len);
    size_t header_len = line ? (size_t)(line - text) : len;
    token[0] = '\0';
    append(token, text, header_len);
    strcat(token, ".");
    append(token, text + header_len + (line != NULL), len - header_len - (line != NULL));
    crypto_auth_hmacsha256(mac, (const unsigned char *)token, strlen(token), (const unsigned char *)SECRET);
    strcat(token, ".");
    append(token, mac, sizeof mac);
    check_token(token);
}

/* --- rings --- */

static void check_ring(const char *text, size_t len)
{
    static const char *const algs[] = {NULL, "RS256", "HS512", "EdDSA"};
    for (size_t i = 0; i < sizeof algs / sizeof *algs; i++) {
        gr_keys *made = gr_keys_create();
        json_t *jwks;
        int rc = gr_keys_add_text(made, text, len, algs[i]);
        FUZZ_ASSERT(rc <= 0 && (rc == 0) == (gr_keys_count(made) > 0));
        FUZZ_ASSERT((rc == 0) == (gr_keys_error(made)[0] == '\0'));
        FUZZ_ASSERT(gr_keys_jwks(made, &jwks) == 0);
        json_decref(jwks);
        gr_keys_destroy(made);
    }
}

/* --- seals --- */

static void check_sealed(const char *text, bool sealed)
{
    const gr_seal_options options = {
        .size = sizeof options, .purpose = "fuzz", .max_age_s = 60, .max_bytes = MOST, .now_s = NOW_S};
    char *value;
    size_t len;
    int rc = sealed ? gr_unseal(arena, keys, &options, text, &value, &len)
                    : gr_unsign(arena, keys, &options, text, &value, &len);
    FUZZ_ASSERT(is_refusal(rc) && value == NULL && len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    if (size == 0 || size > MOST / 2)
        return 0;
    if (!keys)
        begin();
    char *text = malloc(size);
    memcpy(text, input + 1, size - 1);
    text[size - 1] = '\0';
    if (*input == '0')
        check_token(text);
    else if (*input == '1')
        check_signed(text, size - 1);
    else if (*input == '2')
        check_ring(text, size - 1);
    else
        check_sealed(text, *input == '3');
    free(text);
    gr_arena_reset(arena);
    return 0;
}
