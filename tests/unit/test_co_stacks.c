#include "unit/co_world.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "co/maps.h"
#include "old_kernel.h"

static bool holds_memory(char *base, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char *in = calloc(size / page, 1);
    bool any = false;
    ck_assert_int_eq(mincore(base, size, in), 0);
    for (size_t i = 0; i < size / page; i++)
        any |= in[i] & 1;
    free(in);
    return any;
}

START_TEST(the_stack_that_was_used_last_is_used_next)
{
    struct gri_stacks stacks;
    ck_assert_int_eq(gri_stacks_init(&stacks, 0), 0);
    char *a = gri_stacks_get(&stacks), *b = gri_stacks_get(&stacks);
    ck_assert_ptr_ne(a, b);
    gri_stacks_put(&stacks, b);
    gri_stacks_put(&stacks, a);
    ck_assert_ptr_eq(gri_stacks_get(&stacks), a);
    ck_assert_ptr_eq(gri_stacks_get(&stacks), b);
    gri_stacks_put(&stacks, a);
    gri_stacks_put(&stacks, b);
    gri_stacks_finish(&stacks);
}
END_TEST

START_TEST(a_stack_has_the_size_asked_for_in_whole_pages)
{
    struct gri_stacks stacks;
    ck_assert_int_eq(gri_stacks_init(&stacks, 100 * 1024 + 1), 0);
    ck_assert_uint_ge(stacks.size, 100 * 1024 + 1);
    ck_assert_uint_eq(stacks.size % (size_t)sysconf(_SC_PAGESIZE), 0);
    char *base = gri_stacks_get(&stacks);
    memset(base, 1, stacks.size);
    gri_stacks_put(&stacks, base);
    gri_stacks_finish(&stacks);
    ck_assert_int_eq(gri_stacks_init(&stacks, SIZE_MAX), GR_EINVAL);
}
END_TEST

START_TEST(a_stack_has_64_kib_and_a_guard_of_1_mib_unless_a_sanitizer_needs_more)
{
    struct gri_stacks stacks;
    ck_assert_int_eq(gri_stacks_init(&stacks, 0), 0);
    ck_assert_uint_eq(stacks.size, GRI_SANITIZED ? 256 * 1024 : 64 * 1024);
    ck_assert_uint_eq(stacks.guard, 1024 * 1024);
    gri_stacks_finish(&stacks);
}
END_TEST

START_TEST(stacks_come_in_powers_of_two_and_those_of_one_size_from_one_pool)
{
    enum { KIB = 1024, SANITIZED = GRI_SANITIZED ? 4 : 1 };
    const size_t asked[] = {1, 32 * KIB, 32 * KIB + 1, 64 * KIB, 100000, 1024 * KIB, 64 * KIB * KIB};
    const size_t wanted[] = {32 * KIB, 32 * KIB, 64 * KIB, 64 * KIB, 128 * KIB, 1024 * KIB, 64 * KIB * KIB};
    struct gri_stack_sizes sizes;
    ck_assert_int_eq(gri_stack_sizes_init(&sizes, 0), 0);
    ck_assert_uint_eq(sizes.usual->size, 64 * KIB * SANITIZED);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        ck_assert_uint_eq(gri_stack_sizes_find(&sizes, asked[i])->size, wanted[i] * SANITIZED);
    ck_assert_ptr_null(gri_stack_sizes_find(&sizes, 64 * KIB * KIB + 1));
    ck_assert_ptr_null(gri_stack_sizes_find(&sizes, SIZE_MAX));
    struct gri_stacks *stacks = gri_stack_sizes_find(&sizes, 100000);
    char *base = gri_stacks_get(stacks);
    gri_stacks_put(stacks, base);
    ck_assert_ptr_eq(gri_stacks_get(gri_stack_sizes_find(&sizes, 128 * KIB)), base);
    gri_stacks_put(stacks, base);
    ck_assert(gri_stack_sizes_trim(&sizes));
    ck_assert(!gri_stack_sizes_trim(&sizes));
    gri_stack_sizes_finish(&sizes);
    ck_assert_int_eq(gri_stack_sizes_init(&sizes, 64 * KIB * KIB + 1), GR_EINVAL);
}
END_TEST

static size_t guard_offset;

static void write_into_guard(void *arg)
{
    struct gri_stacks stacks;
    (void)arg;
    ck_assert_int_eq(gri_stacks_init(&stacks, 0), 0);
    gri_stacks_get(&stacks);
    volatile char *base = gri_stacks_get(&stacks);
    base[0] = 1;
    base[-(ptrdiff_t)guard_offset] = 1;
}

START_TEST(every_part_of_the_guard_faults)
{
    const size_t offsets[] = {1, 64 * 1024, 512 * 1024, 1024 * 1024};
    for (int i = 0; i < 4; i++) {
        guard_offset = offsets[i];
        struct death death = run_apart(write_into_guard, NULL);
        ck_assert_msg(death.status != 0, "the guard let a write through");
        ck_assert(GRI_SANITIZED || (WIFSIGNALED(death.status) && WTERMSIG(death.status) == SIGSEGV));
    }
}
END_TEST

START_TEST(trimming_spares_the_stacks_that_were_used_since_the_last_time)
{
    struct gri_stacks stacks;
    char *bases[3];
    ck_assert_int_eq(gri_stacks_init(&stacks, 0), 0);
    for (int i = 0; i < 3; i++)
        memset(bases[i] = gri_stacks_get(&stacks), 1, stacks.size);
    for (int i = 3; i-- > 0;)
        gri_stacks_put(&stacks, bases[i]);
    ck_assert(gri_stacks_hold_memory(&stacks));
    gri_stacks_trim(&stacks);
    ck_assert(holds_memory(bases[2], stacks.size));
    ck_assert_ptr_eq(gri_stacks_get(&stacks), bases[0]);
    gri_stacks_put(&stacks, bases[0]);
    gri_stacks_trim(&stacks);
    ck_assert(!holds_memory(bases[2], stacks.size));
    ck_assert(!holds_memory(bases[1], stacks.size));
    ck_assert(holds_memory(bases[0], stacks.size));
    gri_stacks_trim(&stacks);
    ck_assert(!holds_memory(bases[0], stacks.size));
    ck_assert(!gri_stacks_hold_memory(&stacks));
    gri_stacks_finish(&stacks);
}
END_TEST

START_TEST(a_trimmed_stack_can_be_used_again)
{
    struct gri_stacks stacks;
    ck_assert_int_eq(gri_stacks_init(&stacks, 0), 0);
    char *base = gri_stacks_get(&stacks);
    memset(base, 1, stacks.size);
    gri_stacks_put(&stacks, base);
    gri_stacks_trim(&stacks);
    gri_stacks_trim(&stacks);
    ck_assert_ptr_eq(gri_stacks_get(&stacks), base);
    ck_assert_int_eq(base[0], 0);
    memset(base, 2, stacks.size);
    gri_stacks_put(&stacks, base);
    gri_stacks_finish(&stacks);
}
END_TEST

static int nap(gr_co co, void *arg)
{
    (void)arg;
    return gr_sleep(co, 1);
}

START_TEST(coroutines_one_after_the_other_share_one_stack)
{
    struct world *world = world_begin(REAL_TIME);
    char *base = start_in(world, "first", nap, NULL)->base;
    run_world(world);
    for (int i = 0; i < 100; i++) {
        ck_assert_ptr_eq(start_in(world, "next", nap, NULL)->base, base);
        run_world(world);
    }
    world_end(world);
}
END_TEST

static void keep_alive(uv_timer_t *timer)
{
    uv_close((uv_handle_t *)timer, NULL);
}

START_TEST(the_loop_trims_stacks_that_stay_unused_and_then_lets_them_be)
{
    struct world *world = world_begin(REAL_TIME);
    uv_timer_t timer;
    char *base = start_in(world, "napper", nap, NULL)->base;
    run_world(world);
    size_t size = world->sched.stacks.usual->size;
    ck_assert(holds_memory(base, size));
    ck_assert(world->sched.trimming);
    uv_timer_init(&world->loop, &timer);
    uv_timer_start(&timer, keep_alive, 2500, 0);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    ck_assert(!holds_memory(base, size));
    ck_assert(!world->sched.trimming);
    world_end(world);
}
END_TEST

#if !GRI_SANITIZED
static int spawn_until_it_fails(gr_co co, void *arg)
{
    int *spawned = arg, rc = 0;
    gr_task *task;
    while ((rc = gr_spawn(co, &task, nap, NULL)) == 0)
        ++*spawned;
    gr_job jobs[1000];
    for (int i = 0; i < 1000; i++)
        jobs[i].run = nap;
    int gathered = gr_gather_n(co, jobs, 1000);
    ck_assert_int_eq(gathered, GR_ENOMEM);
    return rc;
}

static void run_out_of_memory(void *arg)
{
    int spawned = 0;
    (void)arg;
    struct rlimit limit = {256 << 20, 256 << 20};
    ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, spawn_until_it_fails, &spawned), GR_ENOMEM);
    ck_assert_int_gt(spawned, 100);
    dprintf(STDERR_FILENO, "ended well\n");
}

START_TEST(where_no_stack_is_left_spawn_and_gather_say_so)
{
    struct death death = run_apart(run_out_of_memory, NULL);
    ck_assert_ptr_nonnull(strstr(death.stderr_, "ended well"));
    ck_assert_int_eq(death.status, 0);
}
END_TEST

static void *do_nothing(void *arg)
{
    return arg;
}

static void start_threads(int n)
{
    pthread_t threads[100];
    for (int i = 0; i < n; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, do_nothing, NULL), 0);
    for (int i = 0; i < n; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
}

static void run_into_the_map_limit(void *arg)
{
    struct gri_stacks stacks;
    size_t n = 0;
    (void)arg;
    if (forbid_light_guards() < 0)
        return;
    ck_assert_int_eq(gri_stacks_init(&stacks, 0), 0);
    while (n < 2000000 && gri_stacks_get(&stacks))
        n++;
    ck_assert_uint_ge(n, 10000);
    ck_assert_uint_eq(n, stacks.n_total);
    ck_assert_ptr_null(gri_stacks_get(&stacks));
    start_threads(100);
    gri_stacks_finish(&stacks);
}

START_TEST(past_the_map_limit_there_is_no_stack_but_threads_still_start)
{
    struct death death = run_apart(run_into_the_map_limit, NULL);
    ck_assert_msg(death.status == 0, "status %x: %s", (unsigned)death.status, death.stderr_);
}
END_TEST
#endif

static size_t take_all(struct gri_stacks *stacks, size_t most)
{
    size_t n = 0;
    ck_assert_int_eq(gri_stacks_init(stacks, 0), 0);
    while (n < most && gri_stacks_get(stacks))
        n++;
    return n;
}

static void share_the_map_limit(void *arg)
{
    struct gri_stacks first, second, third;
    (void)arg;
    ck_assert_int_eq(forbid_light_guards(), 0);
    gri_maps_set_limit(20000);
    size_t maps = count_maps(), n = take_all(&first, 1000000);
    ck_assert_uint_ge(n, 7700); /* 20,000 less the reserve of 4,096, at two each */
    ck_assert_uint_le(n, 7952);
    ck_assert(GRI_TSAN || count_maps() - maps <= 20000 - 4096); /* its shadow has maps too */
    ck_assert_uint_eq(take_all(&second, 1), 0);
    gri_stacks_finish(&first);
    ck_assert_uint_eq(take_all(&third, 1000000), n);
    gri_stacks_finish(&third);
    gri_stacks_finish(&second);
    gri_maps_set_limit(1000); /* half of it, where it is less than two reserves */
    ck_assert_uint_le(take_all(&first, 1000000), 250);
    ck_assert_uint_ge(first.n_total, 200);
    gri_stacks_finish(&first);
}

START_TEST(stacks_of_all_pools_share_what_is_left_of_the_map_limit_behind_a_reserve)
{
    struct death death = run_apart(share_the_map_limit, NULL);
    ck_assert_msg(death.status == 0, "status %x: %s", (unsigned)death.status, death.stderr_);
}
END_TEST

#if !GRI_SANITIZED
static void count_light_guards(void *arg)
{
    struct gri_stacks stacks;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)arg;
    if (madvise(page, 4096, 102) < 0)
        return; /* the kernel has none */
    gri_maps_set_limit(1000);
    size_t maps = count_maps();
    ck_assert_uint_eq(take_all(&stacks, 3200), 3200); /* where heavy guards end at 250 */
    ck_assert_uint_le(count_maps() - maps, 200);
    gri_stacks_finish(&stacks);
}

START_TEST(a_stack_with_a_light_guard_costs_no_map_of_its_own)
{
    struct death death = run_apart(count_light_guards, NULL);
    ck_assert_msg(death.status == 0, "status %x: %s", (unsigned)death.status, death.stderr_);
}
END_TEST
#endif

START_TEST(many_stacks_fit_under_the_map_limit_or_fail_clearly)
{
    enum { N = GRI_SANITIZED ? 1000 : 100000 };
    struct gri_stacks stacks;
    char **bases = calloc(N, sizeof *bases);
    int n = 0;
    ck_assert_int_eq(gri_stacks_init(&stacks, 0), 0);
    while (n < N && (bases[n] = gri_stacks_get(&stacks)))
        n++;
    ck_assert_int_ge(n, GRI_SANITIZED ? 1000 : 20000);
    for (int i = 0; i < n; i++)
        gri_stacks_put(&stacks, bases[i]);
    gri_stacks_finish(&stacks);
    free(bases);
}
END_TEST

int main(void)
{
    const test_list tests = {
        the_stack_that_was_used_last_is_used_next,
        a_stack_has_the_size_asked_for_in_whole_pages,
        a_stack_has_64_kib_and_a_guard_of_1_mib_unless_a_sanitizer_needs_more,
        stacks_come_in_powers_of_two_and_those_of_one_size_from_one_pool,
        every_part_of_the_guard_faults,
        trimming_spares_the_stacks_that_were_used_since_the_last_time,
        a_trimmed_stack_can_be_used_again,
        coroutines_one_after_the_other_share_one_stack,
        the_loop_trims_stacks_that_stay_unused_and_then_lets_them_be,
#if !GRI_SANITIZED
        where_no_stack_is_left_spawn_and_gather_say_so,
        past_the_map_limit_there_is_no_stack_but_threads_still_start,
#endif
        stacks_of_all_pools_share_what_is_left_of_the_map_limit_behind_a_reserve,
#if !GRI_SANITIZED
        a_stack_with_a_light_guard_costs_no_map_of_its_own,
#endif
        many_stacks_fit_under_the_map_limit_or_fail_clearly,
        NULL
    };
    return run_tests("stacks", tests, 30);
}
