/* Out of memory: each allocation of the library's fails in turn, and so does each of jansson's, libjose's values among
 * them. What could not be done is told; a token is never taken for it. */
#include "app/scarce.h"
#include "rings.h"

char *__wrap_strdup(const char *text);
void *__real_sodium_malloc(size_t size);
void *__wrap_sodium_malloc(size_t size);

char *__wrap_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = __wrap_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

void *__wrap_sodium_malloc(size_t size)
{
    return fails() ? NULL : __real_sodium_malloc(size);
}

static gr_keys *keys;
static gr_arena *arena;
static const char *token;

typedef int attempt(void);

/* Each time one allocation later, until there is enough; how often there was not. Check allocates too, so nothing is
 * asserted before plenty(). */
static int try_until_it_works(attempt *try, int refused)
{
    int n = 0;
    for (bool failed = true; failed; n++) {
        once = true;
        left = n;
        int rc = try();
        failed = has_failed();
        plenty();
        ck_assert_msg(rc == 0 || (failed && (rc == GR_ENOMEM || rc == refused)), "allocation %d: %d", n, rc);
        ck_assert_int_lt(n, 3000);
    }
    return n - 1;
}

static int add_text(const char *text, const char *alg)
{
    gr_keys *made = gr_keys_create();
    int rc = made ? gr_keys_add_text(made, text, strlen(text), alg) : GR_ENOMEM;
    if (made && rc && gr_keys_count(made) != 0)
        rc = 1;
    gr_keys_destroy(made);
    return rc;
}

static int add_secret(void)
{
    return add_text(OWN_SECRET, NULL);
}

static int add_set(void)
{
    return add_text("{\"keys\":[" RFC_HS256 ",{" RFC_OKP "," RFC_OKP_D "},{" RFC_EC "," RFC_EC_D "}]}", NULL);
}

static int add_file(void)
{
    gr_keys *made = gr_keys_create();
    int rc = made ? gr_keys_add_file(made, "/dev/null", NULL) : GR_ENOMEM;
    gr_keys_destroy(made);
    return rc == GR_EINVAL ? 0 : rc; /* it is empty */
}

static int generate(void)
{
    gr_keys *made = gr_keys_create();
    int rc = made ? gr_keys_add_generated(made, "EdDSA") : GR_ENOMEM;
    gr_keys_destroy(made);
    return rc;
}

static int write_set(void)
{
    json_t *jwks;
    int rc = gr_keys_jwks(keys, &jwks);
    json_decref(jwks);
    return rc;
}

static int check_token(void)
{
    json_t *claims;
    int rc = gr_jwt_check(keys, token, GR_JWT_CHECK(.now_s = NOW_S), &claims);
    json_decref(claims);
    return rc;
}

static int make_token(void)
{
    json_t *claims = json_pack("{s:s}", "sub", "joe");
    char *made;
    return claims ? gr_jwt_make(arena, keys, claims, GR_JWT_MAKE(.lifetime_s = 60), &made) : GR_ENOMEM;
}

static int create_passwords(void)
{
    gr_passwords *passwords;
    int rc = gr_passwords_create(&passwords, NULL);
    gr_passwords_destroy(passwords);
    return rc;
}

START_TEST(each_allocation_may_fail)
{
    static const struct {
        attempt *try;
        int least, refused;
    } attempts[] = {
        {add_secret, 3, GR_ENOMEM}, {add_set, 8, GR_EINVAL},          {add_file, 2, GR_ENOMEM},
        {generate, 2, GR_EINVAL},   {write_set, 1, GR_ENOMEM},        {check_token, 2, GR_TOKEN_SIGNATURE},
        {make_token, 4, GR_ENOMEM}, {create_passwords, 1, GR_ENOMEM},
    };
    json_set_alloc_funcs(__wrap_malloc, free);
    keys = ring_of("{\"keys\":[" RFC_HS256 ",{" RFC_EC "}]}", NULL);
    ck_assert_int_eq(gr_keys_add_secret(keys, OWN_SECRET, 32, NULL, NULL), 0);
    arena = gr_arena_create();
    token = with_claims("{\"exp\":1700000001}");
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        int times = try_until_it_works(attempts[i].try, attempts[i].refused);
        ck_assert_msg(times >= attempts[i].least, "attempt %zu: %d", i, times);
    }
    gr_arena_destroy(arena);
    gr_keys_destroy(keys);
}
END_TEST

int main(void)
{
    return run_tests("security scarce", (test_list){each_allocation_may_fail, NULL}, 60);
}
