/* Tokens that are made and checked: every algorithm, every claim, rotation. */
#include "rings.h"

static char *make(gr_arena *arena, const gr_keys *keys, json_t *claims, const gr_jwt_make_options *options)
{
    char *token;
    int rc = gr_jwt_make(arena, keys, claims, options, &token);
    ck_assert_msg(rc == 0, "%s", gr_strerror(rc));
    return token;
}

static void want_not_made(const gr_keys *keys, json_t *claims, const gr_jwt_make_options *options)
{
    gr_arena *arena = gr_arena_create();
    char *token = (char[]){"x"};
    ck_assert_int_eq(gr_jwt_make(arena, keys, claims, options, &token), GR_EINVAL);
    ck_assert_ptr_null(token);
    gr_arena_destroy(arena);
}

START_TEST(what_each_algorithm_signs_it_checks)
{
    static const char *const names[] = {"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256",
                                        "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"};
    gr_arena *arena = gr_arena_create();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        gr_keys *keys = gr_keys_create();
        ck_assert_int_eq(gr_keys_add_generated(keys, names[i]), 0);
        char *token = make(arena, keys, json_pack("{s:s}", "sub", "joe"), GR_JWT_MAKE(.lifetime_s = 60));
        want_check(keys, token, NULL, 0);
        char *last = strrchr(token, '.') + 3;
        *last = *last == 'A' ? 'B' : 'A';
        want_check(keys, token, NULL, GR_TOKEN_SIGNATURE);
        gr_keys_destroy(keys);
    }
    gr_arena_destroy(arena);
}
END_TEST

START_TEST(what_a_private_key_signs_its_public_one_checks)
{
    static const char *const names[] = {"RS256", "PS512", "ES256", "ES512", "EdDSA"};
    gr_arena *arena = gr_arena_create();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        gr_keys *keys = gr_keys_create(), *others = gr_keys_create();
        json_t *jwks;
        ck_assert_int_eq(gr_keys_add_generated(keys, names[i]), 0);
        ck_assert_int_eq(gr_keys_jwks(keys, &jwks), 0);
        ck_assert_int_eq(gr_keys_add_json(others, jwks, NULL), 0);
        want_check(others, make(arena, keys, json_object(), GR_JWT_MAKE(.lifetime_s = 60)), NULL, 0);
        want_not_made(others, json_object(), GR_JWT_MAKE(.lifetime_s = 60));
        json_decref(jwks);
        gr_keys_destroy(others);
        gr_keys_destroy(keys);
    }
    gr_arena_destroy(arena);
}
END_TEST

START_TEST(a_token_says_its_key_and_type_and_times)
{
    gr_arena *arena = gr_arena_create();
    gr_keys *keys = gr_keys_create();
    json_t *claims;
    ck_assert_int_eq(gr_keys_add_secret(keys, OWN_SECRET, 32, NULL, "k1"), 0);
    char *token = make(arena, keys, json_pack("{s:s}", "sub", "joe"),
                       GR_JWT_MAKE(.lifetime_s = 60, .typ = "at+jwt", .now_s = NOW_S));
    const char *want = forge("{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"k1\"}",
                             "{\"sub\":\"joe\",\"iat\":1700000000,\"exp\":1700000060}");
    ck_assert_str_eq(token, want);
    ck_assert_int_eq(gr_jwt_check(keys, token, GR_JWT_CHECK(.now_s = NOW_S + 59, .typ = "AT+JWT"), &claims), 0);
    ck_assert_str_eq(json_string_value(json_object_get(claims, "sub")), "joe");
    json_decref(claims);
    want_check(keys, token, GR_JWT_CHECK(.now_s = NOW_S, .typ = "application/at+jwt"), GR_TOKEN_TYPE);
    want_check(keys, token, GR_JWT_CHECK(.now_s = NOW_S, .typ = "JWT"), GR_TOKEN_TYPE);
    token = make(arena, keys, json_object(), GR_JWT_MAKE(.lifetime_s = 60, .typ = "Application/at+jwt"));
    want_check(keys, token, GR_JWT_CHECK(.typ = "at+jwt"), 0);
    want_check(keys, forge(HS256_HEADER, "{}"), GR_JWT_CHECK(.typ = "JWT"), GR_TOKEN_TYPE);
    gr_keys_destroy(keys);
    gr_arena_destroy(arena);
}
END_TEST

START_TEST(claims_of_ones_own_times_are_kept)
{
    gr_arena *arena = gr_arena_create();
    gr_keys *keys = ring_of(OWN_SECRET, NULL);
    char *token = make(arena, keys, json_pack("{s:i,s:i}", "exp", NOW_S + 5, "iat", NOW_S - 5),
                       GR_JWT_MAKE(.lifetime_s = 60, .now_s = NOW_S));
    ck_assert_str_eq(token, forge("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", "{\"exp\":1700000005,\"iat\":1699999995}"));
    token = make(arena, keys, json_object(), GR_JWT_MAKE(.without_exp = true, .now_s = NOW_S));
    want_check(keys, token, GR_JWT_CHECK(.now_s = NOW_S), GR_TOKEN_CLAIMS);
    want_check(keys, token, GR_JWT_CHECK(.now_s = NOW_S, .without_exp = true), 0);
    gr_keys_destroy(keys);
    gr_arena_destroy(arena);
}
END_TEST

START_TEST(what_no_check_would_take_is_not_made)
{
    gr_keys *keys = ring_of(OWN_SECRET, NULL), *none = gr_keys_create();
    want_not_made(keys, NULL, GR_JWT_MAKE(.lifetime_s = 60));
    want_not_made(keys, json_array(), GR_JWT_MAKE(.lifetime_s = 60));
    want_not_made(keys, json_object(), NULL);
    want_not_made(keys, json_object(), GR_JWT_MAKE(.lifetime_s = -1));
    want_not_made(keys, json_object(), GR_JWT_MAKE(.lifetime_s = INT64_MAX));
    want_not_made(keys, json_object(), GR_JWT_MAKE(.lifetime_s = 60, .now_s = INT64_MAX));
    want_not_made(keys, json_object(), GR_JWT_MAKE(.lifetime_s = 60, .now_s = -1));
    want_not_made(keys, json_object(), &(gr_jwt_make_options){.lifetime_s = 60});
    want_not_made(keys, json_object(), GR_JWT_MAKE(.lifetime_s = 60, .kid = "other"));
    want_not_made(keys, json_object(), GR_JWT_MAKE(.lifetime_s = 60, .typ = "\xff"));
    want_not_made(keys, json_pack("{s:i}", "sub", 5), GR_JWT_MAKE(.lifetime_s = 60));
    want_not_made(keys, json_pack("{s:s}", "exp", "soon"), GR_JWT_MAKE(.lifetime_s = 60));
    want_not_made(keys, json_pack("{s:[i]}", "aud", 5), GR_JWT_MAKE(.lifetime_s = 60));
    want_not_made(none, json_object(), GR_JWT_MAKE(.lifetime_s = 60));
    gr_keys_destroy(none);
    gr_keys_destroy(keys);
}
END_TEST

START_TEST(it_has_expired_at_the_second_that_it_says)
{
    want_claims("{\"exp\":1700000001}", (gr_jwt_check_options){0}, 0);
    want_claims("{\"exp\":1700000000}", (gr_jwt_check_options){0}, GR_TOKEN_EXPIRED);
    want_claims("{\"exp\":1699999990}", (gr_jwt_check_options){.leeway_s = 10}, GR_TOKEN_EXPIRED);
    want_claims("{\"exp\":1699999991}", (gr_jwt_check_options){.leeway_s = 10}, 0);
    want_claims("{\"exp\":1700000000.5}", (gr_jwt_check_options){0}, 0);
    want_claims("{\"exp\":-1}", (gr_jwt_check_options){0}, GR_TOKEN_EXPIRED);
    want_claims("{\"exp\":-9223372036854775808}", (gr_jwt_check_options){.leeway_s = 10}, GR_TOKEN_EXPIRED);
    want_claims("{\"exp\":9223372036854775807}", (gr_jwt_check_options){.leeway_s = 10}, 0);
    want_claims("{\"exp\":1e300}", (gr_jwt_check_options){0}, 0);
    want_claims("{}", (gr_jwt_check_options){0}, GR_TOKEN_CLAIMS);
    want_claims("{}", (gr_jwt_check_options){.without_exp = true}, 0);
}
END_TEST

START_TEST(it_is_not_valid_before_it_says)
{
    const gr_jwt_check_options any = {.without_exp = true}, late = {.without_exp = true, .leeway_s = 10};
    want_claims("{\"nbf\":1700000000}", any, 0);
    want_claims("{\"nbf\":1700000001}", any, GR_TOKEN_EARLY);
    want_claims("{\"nbf\":1700000010}", late, 0);
    want_claims("{\"nbf\":1700000011}", late, GR_TOKEN_EARLY);
    want_claims("{\"nbf\":1700000000.5}", any, GR_TOKEN_EARLY);
    want_claims("{\"iat\":1700000000}", any, 0);
    want_claims("{\"iat\":1700000001}", any, GR_TOKEN_EARLY);
    want_claims("{\"iat\":1700000010}", late, 0);
}
END_TEST

START_TEST(it_may_be_asked_to_be_young)
{
    const gr_jwt_check_options young = {.without_exp = true, .max_age_s = 60};
    want_claims("{\"iat\":1699999940}", young, 0);
    want_claims("{\"iat\":1699999939}", young, GR_TOKEN_EXPIRED);
    want_claims("{}", young, GR_TOKEN_CLAIMS);
}
END_TEST

START_TEST(the_issuer_is_one_of_those_accepted)
{
    const gr_jwt_check_options ours = {.without_exp = true, .issuers = GR_NAMES("https://a", "https://b")};
    want_claims("{\"iss\":\"https://a\"}", ours, 0);
    want_claims("{\"iss\":\"https://b\"}", ours, 0);
    want_claims("{\"iss\":\"https://c\"}", ours, GR_TOKEN_ISSUER);
    want_claims("{\"iss\":\"https://a/\"}", ours, GR_TOKEN_ISSUER);
    want_claims("{}", ours, GR_TOKEN_ISSUER);
    want_claims("{\"iss\":\"https://c\"}", (gr_jwt_check_options){.without_exp = true}, 0);
}
END_TEST

START_TEST(the_audience_names_us)
{
    const gr_jwt_check_options shop = {.without_exp = true, .audiences = GR_NAMES("shop", "till")},
                               nobody = {.without_exp = true};
    want_claims("{\"aud\":\"shop\"}", shop, 0);
    want_claims("{\"aud\":\"till\"}", shop, 0);
    want_claims("{\"aud\":[\"x\",\"till\"]}", shop, 0);
    want_claims("{\"aud\":\"x\"}", shop, GR_TOKEN_AUDIENCE);
    want_claims("{\"aud\":[\"x\",\"y\"]}", shop, GR_TOKEN_AUDIENCE);
    want_claims("{\"aud\":[]}", shop, GR_TOKEN_AUDIENCE);
    want_claims("{}", shop, GR_TOKEN_AUDIENCE);
    want_claims("{}", nobody, 0);
    want_claims("{\"aud\":\"shop\"}", nobody, GR_TOKEN_AUDIENCE);
    want_claims("{\"aud\":\"shop\"}", (gr_jwt_check_options){.without_exp = true, .any_audience = true}, 0);
}
END_TEST

START_TEST(registered_claims_are_of_their_kind)
{
    static const char *const wrong[] = {"{\"exp\":\"1700000001\"}",
                                        "{\"nbf\":null}",
                                        "{\"iat\":true}",
                                        "{\"iss\":[\"a\"]}",
                                        "{\"sub\":5}",
                                        "{\"jti\":{}}",
                                        "{\"aud\":5}",
                                        "{\"aud\":[\"a\",5]}",
                                        "{\"aud\":null}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        want_claims(wrong[i], (gr_jwt_check_options){.without_exp = true, .any_audience = true}, GR_TOKEN_CLAIMS);
    want_claims("[]", (gr_jwt_check_options){0}, GR_TOKEN_MALFORMED);
    want_claims("null", (gr_jwt_check_options){0}, GR_TOKEN_MALFORMED);
}
END_TEST

START_TEST(the_first_key_signs_and_all_check)
{
    gr_arena *arena = gr_arena_create();
    gr_keys *before = ring_of(OWN_SECRET "old", NULL), *after = ring_of(OWN_SECRET "new\n" OWN_SECRET "old\n", NULL);
    char *old = make(arena, before, json_object(), GR_JWT_MAKE(.lifetime_s = 60)),
         *new = make(arena, after, json_object(), GR_JWT_MAKE(.lifetime_s = 60));
    want_check(after, old, NULL, 0);
    want_check(after, new, NULL, 0);
    want_check(before, new, NULL, GR_TOKEN_SIGNATURE);
    gr_keys_destroy(after);
    gr_keys_destroy(before);
    gr_arena_destroy(arena);
}
END_TEST

START_TEST(a_key_id_chooses_the_key)
{
    gr_arena *arena = gr_arena_create();
    gr_keys *keys = gr_keys_create();
    ck_assert_int_eq(gr_keys_add_secret(keys, OWN_SECRET "a", 33, NULL, "a"), 0);
    ck_assert_int_eq(gr_keys_add_secret(keys, OWN_SECRET "b", 33, NULL, "b"), 0);
    char *a = make(arena, keys, json_object(), GR_JWT_MAKE(.lifetime_s = 60)),
         *b = make(arena, keys, json_object(), GR_JWT_MAKE(.lifetime_s = 60, .kid = "b"));
    want_check(keys, a, NULL, 0);
    want_check(keys, b, NULL, 0);
    gr_keys *other = gr_keys_create();
    ck_assert_int_eq(gr_keys_add_secret(other, OWN_SECRET "b", 33, NULL, "b"), 0);
    want_check(other, a, NULL, GR_TOKEN_KEY);
    want_check(other, b, NULL, 0);
    gr_keys_destroy(other);
    gr_keys_destroy(keys);
    gr_arena_destroy(arena);
}
END_TEST

struct session {
    const char *sub;
    const char *scope;
};
static GR_MODEL(session, GR_FIELD(sub), GR_FIELD(scope, GR_DEFAULT("")));

START_TEST(claims_are_read_into_a_struct)
{
    gr_arena *arena = gr_arena_create();
    gr_keys *keys = ring_of(OWN_SECRET, NULL);
    struct session session = {0};
    json_t *claims;
    const char *token = with_claims("{\"sub\":\"joe\",\"exp\":1700000001,\"other\":[1]}");
    ck_assert_int_eq(gr_jwt_check(keys, token, GR_JWT_CHECK(.now_s = NOW_S), &claims), 0);
    ck_assert_int_eq(session_read(arena, claims, &session), 0);
    json_decref(claims);
    ck_assert_str_eq(session.sub, "joe");
    ck_assert_str_eq(session.scope, "");
    gr_keys_destroy(keys);
    gr_arena_destroy(arena);
}
END_TEST

START_TEST(options_out_of_their_range_are_refused)
{
    gr_keys *keys = ring_of(OWN_SECRET, NULL);
    const char *token = with_claims("{\"exp\":1700000001}");
    want_check(keys, token, GR_JWT_CHECK(.leeway_s = -1), GR_EINVAL);
    want_check(keys, token, GR_JWT_CHECK(.leeway_s = 86401), GR_EINVAL);
    want_check(keys, token, GR_JWT_CHECK(.max_age_s = -1), GR_EINVAL);
    want_check(keys, token, GR_JWT_CHECK(.now_s = -1), GR_EINVAL);
    want_check(keys, token, GR_JWT_CHECK(.now_s = INT64_MAX, .leeway_s = 60), GR_EINVAL);
    want_check(keys, token, GR_JWT_CHECK(.max_bytes = SIZE_MAX), GR_EINVAL);
    want_check(keys, token, &(gr_jwt_check_options){.now_s = NOW_S}, GR_EINVAL);
    want_check(keys, token, GR_JWT_CHECK(.now_s = NOW_S), 0);
    gr_keys_destroy(keys);
}
END_TEST

START_TEST(each_refusal_has_a_sentence_and_a_challenge)
{
    for (int code = GR_TOKEN_CLAIMS; code <= GR_TOKEN_MALFORMED; code++) {
        const char *text = gr_token_strerror(code), *challenge = gr_token_challenge(code);
        ck_assert_ptr_nonnull(strstr(challenge, "Bearer error=\"invalid_token\", error_description=\""));
        ck_assert_ptr_nonnull(strstr(challenge, text));
        ck_assert_ptr_null(strpbrk(text, "\"\\"));
    }
    ck_assert_str_eq(gr_token_challenge(GR_TOKEN_EXPIRED),
                     "Bearer error=\"invalid_token\", error_description=\"The token has expired\"");
    ck_assert_str_eq(gr_token_strerror(GR_TOKEN_CLAIMS), "A claim of the token is missing, or of a wrong kind");
    ck_assert_str_eq(gr_token_challenge(0), "Bearer");
    ck_assert_ptr_null(gr_token_challenge(GR_ENOMEM));
    ck_assert_ptr_null(gr_token_challenge(GR_TOKEN_CLAIMS - 1));
    ck_assert_ptr_null(gr_token_challenge(GR_TOKEN_MALFORMED + 1));
    ck_assert_str_eq(gr_token_strerror(GR_ENOMEM), "out of memory");
}
END_TEST

int main(void)
{
    return run_tests(
        "security jwt",
        (test_list){what_each_algorithm_signs_it_checks, what_a_private_key_signs_its_public_one_checks,
                    a_token_says_its_key_and_type_and_times, claims_of_ones_own_times_are_kept,
                    what_no_check_would_take_is_not_made, it_has_expired_at_the_second_that_it_says,
                    it_is_not_valid_before_it_says, it_may_be_asked_to_be_young, the_issuer_is_one_of_those_accepted,
                    the_audience_names_us, registered_claims_are_of_their_kind, the_first_key_signs_and_all_check,
                    a_key_id_chooses_the_key, claims_are_read_into_a_struct, options_out_of_their_range_are_refused,
                    each_refusal_has_a_sentence_and_a_challenge, NULL},
        60);
}
