/* The examples of the RFCs: 7515 (JWS) appendix A, 7517 (JWK) appendix A, 7519 (JWT) sections 3.1 and 6.1, 8037 (EdDSA)
 * appendix A. */
#include "rings.h"

#define PAYLOAD     "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
#define HS256_TOKEN "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." PAYLOAD ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define RS256_TOKEN \
    "eyJhbGciOiJSUzI1NiJ9." PAYLOAD "." \
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_" \
    "O8W2Fp5jujGbds9uJdbF9CUAr7t1" \
    "dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--" \
    "xi12jzD" \
    "wusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_" \
    "IoypGlUPQGe7" \
    "7Rw"
#define ES256_TOKEN \
    "eyJhbGciOiJFUzI1NiJ9." PAYLOAD \
    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"

enum { EXP_S = 1300819380 };

static void want_joe(const char *jwk, const char *token)
{
    gr_keys *keys = ring_of(jwk, NULL);
    json_t *claims;
    ck_assert_int_eq(gr_jwt_check(keys, token, GR_JWT_CHECK(.now_s = EXP_S - 1), &claims), 0);
    ck_assert_str_eq(json_string_value(json_object_get(claims, "iss")), "joe");
    ck_assert_int_eq(json_integer_value(json_object_get(claims, "exp")), EXP_S);
    ck_assert(json_is_true(json_object_get(claims, "http://example.com/is_root")));
    json_decref(claims);
    want_check(keys, token, GR_JWT_CHECK(.now_s = EXP_S), GR_TOKEN_EXPIRED);
    gr_keys_destroy(keys);
}

START_TEST(rfc7515_a1_hmac)
{
    want_joe(RFC_HS256, HS256_TOKEN);
}
END_TEST

START_TEST(rfc7515_a2_rsa)
{
    want_joe(RFC_RS256, RS256_TOKEN);
}
END_TEST

START_TEST(rfc7515_a3_ecdsa)
{
    want_joe(RFC_ES256, ES256_TOKEN);
}
END_TEST

static void want_other(const char *jwk, const char *token, int want)
{
    gr_keys *keys = ring_of(jwk, NULL);
    want_check(keys, token, GR_JWT_CHECK(.now_s = EXP_S - 1), want);
    gr_keys_destroy(keys);
}

START_TEST(a_key_checks_no_token_of_another_algorithm)
{
    want_other(RFC_HS256, RS256_TOKEN, GR_TOKEN_ALGORITHM);
    want_other(RFC_RS256, ES256_TOKEN, GR_TOKEN_ALGORITHM);
    want_other(RFC_ES256, HS256_TOKEN, GR_TOKEN_ALGORITHM);
    want_other("{\"kty\":\"RSA\",\"alg\":\"PS256\",\"n\":\"" RFC_N "\",\"e\":\"AQAB\"}", RS256_TOKEN,
               GR_TOKEN_ALGORITHM);
    want_other("{\"kty\":\"oct\",\"alg\":\"HS512\",\"k\":\"" RFC_K "\"}", HS256_TOKEN, GR_TOKEN_ALGORITHM);
}
END_TEST

START_TEST(rfc7515_a5_and_rfc7519_6_1_none_is_refused)
{
    want_other(RFC_HS256, "eyJhbGciOiJub25lIn0." PAYLOAD ".", GR_TOKEN_MALFORMED);
    want_other(RFC_HS256, "eyJhbGciOiJub25lIn0." PAYLOAD, GR_TOKEN_MALFORMED);
    want_other(RFC_HS256, "eyJhbGciOiJub25lIn0." PAYLOAD ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
               GR_TOKEN_ALGORITHM);
}
END_TEST

START_TEST(rfc7516_an_encrypted_one_is_no_signed_one)
{
    want_other(RFC_HS256, "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.b.c.d.e", GR_TOKEN_MALFORMED);
}
END_TEST

#define SET_N \
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_" \
    "BJECPebWKRXjBZCiFV4n3oknjh" \
    "Mstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_" \
    "FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvR" \
    "L5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-" \
    "kEgU8awapJzKnqD" \
    "Kgw"

START_TEST(rfc7517_a1_of_a_set_the_keys_for_signatures_are_taken)
{
    gr_keys *keys = ring_of("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\","
                            "\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
                            "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\",\"use\":\"enc\",\"kid\":\"1\"},"
                            "{\"kty\":\"RSA\",\"n\":\"" SET_N "\",\"e\":\"AQAB\",\"alg\":\"RS256\","
                            "\"kid\":\"2011-04-29\"}]}",
                            NULL);
    json_t *jwks;
    ck_assert_uint_eq(gr_keys_count(keys), 1);
    ck_assert_int_eq(gr_keys_jwks(keys, &jwks), 0);
    json_t *want = json_pack("{s:[{s:s,s:s,s:s,s:s,s:s,s:s}]}", "keys", "kty", "RSA", "use", "sig", "alg", "RS256", "n",
                             SET_N, "e", "AQAB", "kid", "2011-04-29");
    ck_assert(json_equal(jwks, want));
    json_decref(want);
    json_decref(jwks);
    gr_keys_destroy(keys);
}
END_TEST

START_TEST(rfc7517_a3_of_symmetric_keys_too)
{
    gr_keys *keys = ring_of("{\"keys\":[{\"kty\":\"oct\",\"alg\":\"A128KW\",\"k\":\"GawgguFyGrWKav7AX4VKUg\"},"
                            "{\"kty\":\"oct\",\"k\":\"" RFC_K "\","
                            "\"kid\":\"HMAC key used in JWS spec Appendix A.1 example\"}]}",
                            NULL);
    ck_assert_uint_eq(gr_keys_count(keys), 1);
    want_check(keys, HS256_TOKEN, GR_JWT_CHECK(.now_s = EXP_S - 1), 0);
    gr_keys_destroy(keys);
}
END_TEST

#define EDDSA_INPUT "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"

/* What is signed there is no JSON, which is seen only behind a right signature. */
START_TEST(rfc8037_a4_and_a5_eddsa)
{
    want_other(RFC_EDDSA,
               EDDSA_INPUT ".hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
               GR_TOKEN_MALFORMED);
    want_other(RFC_EDDSA,
               EDDSA_INPUT ".hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAw",
               GR_TOKEN_SIGNATURE);
    want_other(RFC_EDDSA,
               EDDSA_INPUT ".hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0LAg",
               GR_TOKEN_SIGNATURE);
}
END_TEST

int main(void)
{
    return run_tests("security rfc",
                     (test_list){rfc7515_a1_hmac, rfc7515_a2_rsa, rfc7515_a3_ecdsa,
                                 a_key_checks_no_token_of_another_algorithm, rfc7515_a5_and_rfc7519_6_1_none_is_refused,
                                 rfc7516_an_encrypted_one_is_no_signed_one,
                                 rfc7517_a1_of_a_set_the_keys_for_signatures_are_taken,
                                 rfc7517_a3_of_symmetric_keys_too, rfc8037_a4_and_a5_eddsa, NULL},
                     20);
}
