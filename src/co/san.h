/* What the sanitizers are told about stacks: every switch, and which memory of a stack is alive. Empty in other builds.
 */
#ifndef GRI_CO_SAN_H
#define GRI_CO_SAN_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __has_feature
#define GRI_HAS_FEATURE(x) __has_feature(x)
#else
#define GRI_HAS_FEATURE(x) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || GRI_HAS_FEATURE(address_sanitizer)
#define GRI_ASAN 1
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#else
#define GRI_ASAN 0
#endif

#if defined(__SANITIZE_THREAD__) || GRI_HAS_FEATURE(thread_sanitizer)
#define GRI_TSAN 1
#include <sanitizer/tsan_interface.h>
#include <signal.h>
#else
#define GRI_TSAN 0
#endif

#define GRI_SANITIZED (GRI_ASAN || GRI_TSAN || GRI_HAS_FEATURE(memory_sanitizer))

/* One side of a switch. A task's is in the task; the loop's, in the scheduler. */
struct gri_san {
    const void *stack; /* its lowest address, and its size */
    size_t bytes;
    void *fake;  /* AddressSanitizer's fake stack while the side does not run */
    void *fiber; /* ThreadSanitizer's */
};

#if GRI_TSAN
/* ThreadSanitizer holds a signal back until the fiber that it came to calls the system: with one that does not run
 * again, or is just being destroyed, it would be lost. The call hands out what is held back; what comes then, the
 * system keeps. */
static inline sigset_t gri_san_block_signals(void)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    return before;
}
#endif

static inline void gri_san_create(struct gri_san *side, const void *stack, size_t bytes)
{
    (void)side, (void)stack, (void)bytes;
#if GRI_SANITIZED
    *side = (struct gri_san){.stack = stack, .bytes = bytes};
#endif
#if GRI_TSAN
    side->fiber = __tsan_create_fiber(0);
#endif
}

/* The side does not run, and never will again. */
static inline void gri_san_destroy(struct gri_san *side)
{
    (void)side;
#if GRI_TSAN
    sigset_t before = gri_san_block_signals();
    __tsan_destroy_fiber(side->fiber);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
#endif
}

/* The last thing before the switch. `for_good`: `from` never runs again, and its fake stack is freed. */
static inline void gri_san_leave(struct gri_san *from, const struct gri_san *to, bool for_good)
{
    (void)from, (void)to, (void)for_good;
#if GRI_ASAN
    __sanitizer_start_switch_fiber(for_good ? NULL : &from->fake, to->stack, to->bytes);
#endif
#if GRI_TSAN
    from->fiber = __tsan_get_current_fiber();
    sigset_t before = gri_san_block_signals();
    __tsan_switch_to_fiber(to->fiber, 0);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
#endif
}

/* The first thing after the switch. `from` (may be NULL) learns the bounds of its own stack. */
static inline void gri_san_arrive(struct gri_san *self, struct gri_san *from)
{
    (void)self, (void)from;
#if GRI_ASAN
    __sanitizer_finish_switch_fiber(self->fake, from ? &from->stack : NULL, from ? &from->bytes : NULL);
#endif
}

/* Of the side that runs: what a thread that it is about to wait for may ask, before the switch and after it. */
static inline void gri_san_note(struct gri_san *self)
{
    (void)self;
#if GRI_ASAN
    self->fake = __asan_get_current_fake_stack();
#endif
}

/* A pooled stack nobody may touch, so that a use after the task's end is found; and one that is in use again. */
static inline void gri_san_poison(char *base, size_t bytes)
{
    (void)base, (void)bytes;
#if GRI_ASAN
    __asan_poison_memory_region(base, bytes);
#endif
}

static inline void gri_san_unpoison(char *base, size_t bytes)
{
    (void)base, (void)bytes;
#if GRI_ASAN
    __asan_unpoison_memory_region(base, bytes);
#endif
}

/* What only a suspended coroutine points to is no leak. */
static inline void gri_san_add_roots(char *base, size_t bytes)
{
    (void)base, (void)bytes;
#if GRI_ASAN
    __lsan_register_root_region(base, bytes);
#endif
}

static inline void gri_san_remove_roots(char *base, size_t bytes)
{
    (void)base, (void)bytes;
#if GRI_ASAN
    __lsan_unregister_root_region(base, bytes);
#endif
}

#endif
