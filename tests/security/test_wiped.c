/* Secrets are wiped: whatever the library frees, or jansson does for it and for libjose, holds none. */
#include <malloc.h>
#include <unistd.h>

#include "rings.h"

void __real_free(void *memory);
void __wrap_free(void *memory);

/* Texts that may be in no block that is freed. */
static const char *const secrets[] = {OWN_SECRET,
                                      "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY",
                                      RFC_K,
                                      "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
                                      "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
                                      "Eq5xpGnNCivDflJsRQBXHx1hdR1k6"};
static size_t found, freed;

void __wrap_free(void *memory)
{
    size_t size = memory ? malloc_usable_size(memory) : 0;
    freed += memory != NULL;
    for (size_t i = 0; size && i < sizeof secrets / sizeof *secrets; i++)
        found += memmem(memory, size, secrets[i], strlen(secrets[i])) != NULL;
    __real_free(memory);
}

static void begin(void)
{
    json_set_alloc_funcs(malloc, __wrap_free);
    found = freed = 0;
}

START_TEST(the_test_sees_what_is_not_wiped)
{
    begin();
    json_decref(json_string(OWN_SECRET));
    ck_assert_uint_eq(found, 1);
}
END_TEST

static void add_and_forget(const char *text)
{
    gr_arena *arena = gr_arena_create();
    gr_keys *keys = ring_of(text, NULL);
    char *token;
    json_t *claims, *jwks;
    ck_assert_int_eq(gr_jwt_make(arena, keys, json_object(), GR_JWT_MAKE(.lifetime_s = 60), &token), 0);
    ck_assert_int_eq(gr_jwt_check(keys, token, NULL, &claims), 0);
    ck_assert_int_eq(gr_keys_jwks(keys, &jwks), 0);
    json_decref(jwks);
    json_decref(claims);
    gr_keys_destroy(keys);
    gr_arena_destroy(arena);
    ck_assert_uint_gt(freed, 10);
    ck_assert_msg(found == 0, "%s", text);
}

START_TEST(a_ring_that_is_destroyed_leaves_none)
{
    begin();
    add_and_forget(OWN_SECRET "\n");
    add_and_forget(RFC_HS256);
    add_and_forget("{" RFC_EC "," RFC_EC_D "}");
    add_and_forget("{\"keys\":[{" RFC_OKP "," RFC_OKP_D "}]}");
    add_and_forget("{\"kty\":\"RSA\",\"alg\":\"PS256\",\"n\":\"" RFC_N "\",\"e\":\"AQAB\",\"d\":\"" RFC_D "\"}");
}
END_TEST

START_TEST(a_key_that_is_refused_leaves_none)
{
    static const char *const texts[] = {
        "{\"kty\":\"oct\",\"alg\":\"HS512\",\"k\":\"MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY\"}",
        "{\"kty\":\"oct\",\"alg\":\"none\",\"k\":\"" RFC_K "\"}", "{" RFC_EC ",\"alg\":\"ES384\"," RFC_EC_D "}"};
    begin();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        want_refused(texts[i], NULL, GR_EINVAL, "key 2");
    ck_assert_uint_eq(found, 0);
}
END_TEST

START_TEST(what_was_read_of_a_file_leaves_none)
{
    char path[] = "/tmp/griddle-wiped-XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_eq(write(fd, OWN_SECRET, 32), 32);
    close(fd);
    begin();
    gr_keys *keys = gr_keys_create();
    ck_assert_int_eq(gr_keys_add_file(keys, path, NULL), 0);
    gr_keys_destroy(keys);
    ck_assert_uint_gt(freed, 2);
    ck_assert_uint_eq(found, 0);
    unlink(path);
}
END_TEST

int main(void)
{
    return run_tests("security wiped",
                     (test_list){the_test_sees_what_is_not_wiped, a_ring_that_is_destroyed_leaves_none,
                                 a_key_that_is_refused_leaves_none, what_was_read_of_a_file_leaves_none, NULL},
                     30);
}
