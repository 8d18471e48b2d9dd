/* How many hashes are computed at a time, and how many wait: libsodium's functions are the test's own, which count, and
 * go on when the test says so. */
#include <griddle/sync.h>
#include <griddle/thread.h>
#include <pthread.h>
#include <sched.h>

#include "rings.h"

enum { CROWD = 12 };

static gr_passwords *passwords;
static int inside, most, computed, arrived; /* atomic: threads change them */
static int holds;                           /* each computes until its job is cancelled */
static unsigned long long asked_passes;
static size_t asked_memory;

static int compute(void)
{
    int now = __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST), seen = __atomic_load_n(&most, __ATOMIC_SEQ_CST);
    while (now > seen && !__atomic_compare_exchange_n(&most, &seen, now, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        ;
    for (int i = 0; i < 100; i++)
        sched_yield();
    while (__atomic_load_n(&holds, __ATOMIC_SEQ_CST) && !gr_job_cancelled())
        sched_yield();
    __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&computed, 1, __ATOMIC_SEQ_CST);
    return 0;
}

int __wrap_crypto_pwhash_str_verify(const char *hash, const char *password, unsigned long long len);
int __wrap_crypto_pwhash_str_alg(char *hash, const char *password, unsigned long long len, unsigned long long passes,
                                 size_t memory, int alg);
int __wrap_crypto_pwhash(unsigned char *out, unsigned long long out_len, const char *password, unsigned long long len,
                         const unsigned char *salt, unsigned long long passes, size_t memory, int alg);

int __wrap_crypto_pwhash_str_verify(const char *hash, const char *password, unsigned long long len)
{
    (void)hash, (void)password, (void)len;
    return compute();
}

int __wrap_crypto_pwhash_str_alg(char *hash, const char *password, unsigned long long len, unsigned long long passes,
                                 size_t memory, int alg)
{
    (void)password, (void)len, (void)alg;
    asked_passes = passes;
    asked_memory = memory;
    strcpy(hash, "$argon2id$");
    return compute();
}

int __wrap_crypto_pwhash(unsigned char *out, unsigned long long out_len, const char *password, unsigned long long len,
                         const unsigned char *salt, unsigned long long passes, size_t memory, int alg)
{
    (void)password, (void)len, (void)salt, (void)alg;
    asked_passes = passes;
    asked_memory = memory;
    memset(out, 0, out_len);
    return compute();
}

static const char some_hash[] = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAAA";

static void begin(unsigned places, unsigned queue)
{
    inside = most = computed = arrived = holds = 0;
    ck_assert_int_eq(
        gr_passwords_create(
            &passwords, &(gr_password_options){.size = sizeof(gr_password_options), .places = places, .queue = queue}),
        0);
}

static int check(gr_co co, void *arg)
{
    (void)arg;
    return gr_password_check(co, passwords, some_hash, "x");
}

static int check_blocking(void *arg)
{
    (void)arg;
    __atomic_add_fetch(&arrived, 1, __ATOMIC_SEQ_CST);
    return gr_password_check_blocking(passwords, some_hash, "x");
}

static int check_on_a_thread(gr_co co, void *arg)
{
    return gr_offload(co, check_blocking, arg);
}

/* As many of each kind as there are of the crowd. */
static int come_in_a_crowd(gr_co co, void *arg)
{
    gr_job jobs[CROWD];
    int results[CROWD], *counts = arg;
    for (int i = 0; i < CROWD; i++)
        jobs[i] = (gr_job){check, NULL};
    ck_assert_int_eq(gr_gather_all_n(co, jobs, CROWD, results), 0);
    for (int i = 0; i < CROWD; i++) {
        ck_assert(results[i] == 0 || results[i] == GR_EBUSY);
        counts[results[i] != 0]++;
    }
    return 0;
}

START_TEST(never_more_than_the_places_are_hashed_at_a_time)
{
    int counts[2] = {0};
    begin(2, 100);
    ck_assert_int_eq(gr_run(come_in_a_crowd, counts), 0);
    ck_assert_int_eq(counts[0], CROWD);
    ck_assert_int_eq(computed, CROWD);
    ck_assert_int_le(most, 2);
    gr_passwords_destroy(passwords);
}
END_TEST

/* All come before the first is done: they come in one turn of the loop, and it learns of none in that. */
START_TEST(whoever_finds_the_queue_full_is_told_at_once)
{
    int counts[2] = {0};
    begin(2, 3);
    ck_assert_int_eq(gr_run(come_in_a_crowd, counts), 0);
    ck_assert_int_eq(counts[0], 5);
    ck_assert_int_eq(counts[1], CROWD - 5);
    ck_assert_int_eq(computed, 5);
    ck_assert_int_le(most, 2);
    gr_passwords_destroy(passwords);
}
END_TEST

/* More blocking ones than the pool has threads, and coroutines that have their permit and want one of those. */
static int come_from_everywhere(gr_co co, void *arg)
{
    enum { BLOCKING = 50, ALL = BLOCKING + CROWD };
    gr_job jobs[ALL];
    (void)arg;
    for (int i = 0; i < ALL; i++)
        jobs[i] = (gr_job){i % 5 ? check_on_a_thread : check, NULL};
    return gr_gather_n(co, jobs, ALL);
}

START_TEST(threads_and_coroutines_do_not_wait_for_each_other_in_a_circle)
{
    begin(1, 100);
    ck_assert_int_eq(gr_run(come_from_everywhere, NULL), 0);
    ck_assert_int_eq(computed, 62);
    ck_assert_int_eq(most, 1);
    gr_passwords_destroy(passwords);
}
END_TEST

static void *check_here(void *arg)
{
    (void)arg;
    return check_blocking(NULL) == 0 ? NULL : passwords;
}

START_TEST(other_threads_have_the_same_places)
{
    pthread_t threads[CROWD];
    begin(2, CROWD);
    for (int i = 0; i < CROWD; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, check_here, NULL), 0);
    int counts[2] = {0};
    for (int i = 0; i < CROWD; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        counts[failed != NULL]++;
    }
    ck_assert_int_eq(counts[0], CROWD);
    ck_assert_int_le(most, 2);
    gr_passwords_destroy(passwords);
}
END_TEST

/* And another one on its thread, from which it cannot be taken back. */
static int fail_once_one_is_inside(gr_co co, void *arg)
{
    (void)arg;
    while (__atomic_load_n(&inside, __ATOMIC_SEQ_CST) == 0 || __atomic_load_n(&arrived, __ATOMIC_SEQ_CST) == 0)
        if (gr_sleep(co, 1) < 0)
            return GR_ECANCELED;
    return -EDOM;
}

static int give_up(gr_co co, void *arg)
{
    (void)arg;
    return gr_gather(co, {check, NULL}, {check, NULL}, {check_on_a_thread, NULL}, {fail_once_one_is_inside, NULL});
}

START_TEST(who_is_cancelled_computes_nothing_and_leaves_no_place_taken)
{
    begin(1, 10);
    holds = 1;
    ck_assert_int_eq(gr_run(give_up, NULL), -EDOM);
    ck_assert_int_ge(computed, 1); /* and the one on a thread, if the place was left before that was told */
    ck_assert_int_le(computed, 2);
    holds = 0;
    int counts[2] = {0};
    ck_assert_int_eq(gr_run(come_in_a_crowd, counts), 0);
    ck_assert_int_eq(counts[0], 11);
    gr_passwords_destroy(passwords);
}
END_TEST

static int do_nothing(void *arg)
{
    (void)arg;
    return -EDOM;
}

static int want_a_thread(gr_co co, void *arg)
{
    return gr_offload(co, do_nothing, arg);
}

/* The pool has 40 threads: who waits for a place waits for none of them. */
static int come_in_masses(gr_co co, void *arg)
{
    enum { MASSES = 60 };
    gr_job jobs[MASSES + 1];
    (void)arg;
    for (int i = 0; i < MASSES; i++)
        jobs[i] = (gr_job){check, NULL};
    jobs[MASSES] = (gr_job){want_a_thread, NULL};
    return gr_gather_n(co, jobs, MASSES + 1);
}

START_TEST(coroutines_that_wait_for_a_place_leave_the_pool_to_others)
{
    begin(1, 100);
    holds = 1;
    ck_assert_int_eq(gr_run(come_in_masses, NULL), -EDOM);
    ck_assert_int_le(computed, 1);
    gr_passwords_destroy(passwords);
}
END_TEST

START_TEST(an_unknown_user_costs_what_a_new_hash_costs)
{
    gr_arena *arena = gr_arena_create();
    char *hash;
    begin(1, 1);
    ck_assert_int_eq(gr_password_check_blocking(passwords, NULL, "x"), GR_PASSWORD_WRONG);
    unsigned long long passes = asked_passes;
    size_t memory = asked_memory;
    ck_assert_uint_eq(passes, 2);
    ck_assert_uint_eq(memory, 64 << 20);
    ck_assert_int_eq(gr_password_hash_blocking(passwords, arena, "x", &hash), 0);
    ck_assert_uint_eq(asked_passes, passes);
    ck_assert_uint_eq(asked_memory, memory);
    ck_assert_int_eq(computed, 2);
    gr_passwords_destroy(passwords);
    gr_arena_destroy(arena);
}
END_TEST

int main(void)
{
    return run_tests(
        "security password places",
        (test_list){never_more_than_the_places_are_hashed_at_a_time, whoever_finds_the_queue_full_is_told_at_once,
                    threads_and_coroutines_do_not_wait_for_each_other_in_a_circle, other_threads_have_the_same_places,
                    who_is_cancelled_computes_nothing_and_leaves_no_place_taken,
                    coroutines_that_wait_for_a_place_leave_the_pool_to_others,
                    an_unknown_user_costs_what_a_new_hash_costs, NULL},
        30);
}
