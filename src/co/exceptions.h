/* C++ exceptions in coroutines. The C++ runtime keeps two words for each thread: which exceptions are caught, and how
 * many fly. They belong to a stack, so they move with the coroutine; a program without that runtime has none.
 *
 * No exception may leave a function that Griddle calls: what lies above would not be put back as it was. */
#ifndef GRI_CO_EXCEPTIONS_H
#define GRI_CO_EXCEPTIONS_H

#include <stddef.h>
#include <stdint.h>
#include <unwind.h>

/* __cxa_eh_globals of the Itanium C++ ABI, section 2.2.2. */
struct gri_exceptions {
    void *caught;
    unsigned uncaught;
#ifdef __ARM_EABI__
    void *propagating;
#endif
};

__attribute__((weak, visibility("default"))) struct gri_exceptions *__cxa_get_globals(void);

/* This thread's; NULL in a program without C++. */
static inline struct gri_exceptions *gri_exceptions_of_thread(void)
{
    return __cxa_get_globals ? __cxa_get_globals() : NULL;
}

/* The personality routine of frames that call the application's functions (Itanium C++ ABI: exception handling, section
 * 1.6.2). */
__attribute__((visibility("hidden"))) _Unwind_Reason_Code gri_exception_left(int version, _Unwind_Action actions,
                                                                             uint64_t kind,
                                                                             struct _Unwind_Exception *exception,
                                                                             struct _Unwind_Context *context);

/* Right before a function of the application's is called: an exception that leaves it ends the process, naming what
 * runs on this thread. Costs nothing: it is told to the unwinder alone. Where we cannot, std::terminate() ends the
 * process without the name. */
#if defined(__GCC_HAVE_DWARF2_CFI_ASM) && defined(__x86_64__)
#define GRI_EXCEPTIONS_END_HERE() __asm__ volatile(".cfi_personality 0x1b, %c0" : : "i"(gri_exception_left))
#elif defined(__GCC_HAVE_DWARF2_CFI_ASM) && defined(__aarch64__)
#define GRI_EXCEPTIONS_END_HERE() __asm__ volatile(".cfi_personality 0x1b, %0" : : "S"(gri_exception_left))
#else
#define GRI_EXCEPTIONS_END_HERE() ((void)0)
#endif

#endif
