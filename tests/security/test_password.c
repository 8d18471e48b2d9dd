/* Passwords are hashed and checked, by libsodium itself, with as little memory as it takes. */
#include <griddle/thread.h>

#include "rings.h"

static const gr_password_options small = {.size = sizeof small, .memory_bytes = 8192, .passes = 1};

static gr_passwords *passwords;
static gr_arena *arena;

static void begin(const gr_password_options *options)
{
    arena = gr_arena_create();
    ck_assert_int_eq(gr_passwords_create(&passwords, options), 0);
}

static void end(void)
{
    gr_passwords_destroy(passwords);
    gr_arena_destroy(arena);
}

static char *hash_of(const char *password)
{
    char *hash;
    ck_assert_int_eq(gr_password_hash_blocking(passwords, arena, password, &hash), 0);
    return hash;
}

START_TEST(a_password_is_checked_by_its_hash)
{
    begin(&small);
    char *hash = hash_of("swordfish");
    ck_assert_ptr_nonnull(strstr(hash, "$argon2id$v=19$m=8,t=1,p=1$"));
    ck_assert_ptr_null(strstr(hash, "swordfish"));
    ck_assert_int_eq(gr_password_check_blocking(passwords, hash, "swordfish"), 0);
    ck_assert_int_eq(gr_password_check_blocking(passwords, hash, "swordfisH"), GR_PASSWORD_WRONG);
    ck_assert_int_eq(gr_password_check_blocking(passwords, hash, ""), GR_PASSWORD_WRONG);
    ck_assert_int_eq(gr_password_check_blocking(passwords, NULL, "swordfish"), GR_PASSWORD_WRONG);
    ck_assert_str_ne(hash, hash_of("swordfish"));
    ck_assert_int_eq(gr_password_check_blocking(passwords, hash_of(""), ""), 0);
    end();
}
END_TEST

static int hash_and_check(gr_co co, void *arg)
{
    char *hash;
    (void)arg;
    int rc = gr_password_hash(co, passwords, arena, "swordfish", &hash);
    rc = rc ? rc : gr_password_check(co, passwords, hash, "swordfish");
    ck_assert_int_eq(rc, 0);
    ck_assert_int_eq(gr_password_check(co, passwords, hash, "herring"), GR_PASSWORD_WRONG);
    ck_assert_int_eq(gr_password_check(co, passwords, NULL, "swordfish"), GR_PASSWORD_WRONG);
    return 0;
}

START_TEST(a_coroutine_awaits_both)
{
    begin(&small);
    ck_assert_int_eq(gr_run(hash_and_check, NULL), 0);
    end();
}
END_TEST

START_TEST(a_password_has_a_greatest_length)
{
    char long_one[1026], *hash = (char[]){"x"};
    memset(long_one, 'a', 1025);
    long_one[1025] = '\0';
    begin(&small);
    ck_assert_int_eq(gr_password_hash_blocking(passwords, arena, long_one, &hash), GR_EMSGSIZE);
    ck_assert_ptr_null(hash);
    ck_assert_int_eq(gr_password_check_blocking(passwords, hash_of("a"), long_one), GR_PASSWORD_WRONG);
    long_one[1024] = '\0';
    ck_assert_int_eq(gr_password_check_blocking(passwords, hash_of(long_one), long_one), 0);
    end();
}
END_TEST

static void want_no_hash(const char *hash)
{
    int rc = gr_password_check_blocking(passwords, hash, "swordfish");
    ck_assert_msg(rc == GR_EINVAL, "\"%s\": %d", hash, rc);
}

/* 64 MiB in KiB, and 10 passes. */
START_TEST(a_hash_may_not_ask_for_more_than_the_options_allow)
{
    static const char salted[] = "c29tZXNhbHRzb21lc2FsdA$";
    char hash[200];
    static const char *const asks[] = {
        "m=65537,t=2,p=1",      "m=4194304,t=2,p=1", "m=9999999999,t=2,p=1", "m=8,t=11,p=1",
        "m=8,t=4000000000,p=1", "m=8,t=1,p=256",     "m=-8,t=1,p=1",         "m=,t=1,p=1"};
    begin(&small);
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
        snprintf(hash, sizeof hash, "$argon2id$v=19$%s$%sAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", asks[i], salted);
        want_no_hash(hash);
    }
    end();
}
END_TEST

START_TEST(what_is_no_hash_is_said_to_be_none)
{
    char *hash, cut[GR_PASSWORD_HASH_BYTES], long_one[300];
    begin(&small);
    want_no_hash("");
    want_no_hash("swordfish");
    want_no_hash("$argon2i$v=19$m=8,t=3,p=1$c29tZXNhbHQ$aGFzaA");
    want_no_hash("$2b$12$abcdefghijklmnopqrstuv");
    want_no_hash("$argon2id$v=19$m=8,t=1,p=1$!$!");
    hash = hash_of("swordfish");
    snprintf(cut, sizeof cut, "%.40s", hash);
    want_no_hash(cut);
    memset(long_one, 'A', sizeof long_one);
    long_one[299] = '\0';
    memcpy(long_one, hash, strlen(hash));
    want_no_hash(long_one);
    end();
}
END_TEST

START_TEST(a_hash_by_other_parameters_is_still_checked_and_to_be_made_anew)
{
    begin(&(gr_password_options){.size = sizeof small, .memory_bytes = 16384, .passes = 2});
    char *old = hash_of("swordfish");
    ck_assert(!gr_password_needs_rehash(passwords, old));
    gr_passwords_destroy(passwords);
    ck_assert_int_eq(gr_passwords_create(&passwords, &small), 0);
    ck_assert_int_eq(gr_password_check_blocking(passwords, old, "swordfish"), 0);
    ck_assert(gr_password_needs_rehash(passwords, old));
    ck_assert(!gr_password_needs_rehash(passwords, hash_of("swordfish")));
    ck_assert(gr_password_needs_rehash(passwords, "swordfish"));
    end();
}
END_TEST

START_TEST(options_out_of_their_range_are_refused)
{
    const gr_password_options wrong[] = {
        {.size = 0},
        {.size = sizeof small, .memory_bytes = 8191},
        {.size = sizeof small, .memory_bytes = SIZE_MAX},
        {.size = sizeof small, .memory_bytes = 1 << 20, .most_memory_bytes = 1 << 19},
        {.size = sizeof small, .passes = 5, .most_passes = 4},
        {.size = sizeof small, .places = 1 << 21},
        {.size = sizeof small, .queue = UINT32_MAX},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        passwords = (gr_passwords *)(uintptr_t)8;
        ck_assert_int_eq(gr_passwords_create(&passwords, &wrong[i]), GR_EINVAL);
        ck_assert_ptr_null(passwords);
    }
    ck_assert_int_eq(gr_passwords_create(&passwords, NULL), 0);
    ck_assert(!gr_password_needs_rehash(passwords, "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                                                   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    gr_passwords_destroy(passwords);
    gr_passwords_destroy(NULL);
}
END_TEST

int main(void)
{
    return run_tests("security password",
                     (test_list){a_password_is_checked_by_its_hash, a_coroutine_awaits_both,
                                 a_password_has_a_greatest_length, a_hash_may_not_ask_for_more_than_the_options_allow,
                                 what_is_no_hash_is_said_to_be_none,
                                 a_hash_by_other_parameters_is_still_checked_and_to_be_made_anew,
                                 options_out_of_their_range_are_refused, NULL},
                     30);
}
