/* The vocabulary of the tests: Check, a list of tests for each program, and a closing line "N passed, N failed" that
 * scripts/test adds up. A program that ends without it has failed.
 *
 *     CK_RUN_CASE=test_name ./program     runs one test
 *     CK_FORK=no ./program                runs them in one process, for a debugger
 *     CK_TIMEOUT_MULTIPLIER=10 ./program  on a slow machine
 *     GRIDDLE_LOCALE=tr_TR.UTF-8 ./program  in that locale, which must be there (LOCPATH) */
#ifndef TESTS_RUN_H
#define TESTS_RUN_H

#include <check.h>
#include <ctype.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const TTest *test_list[];

/* How much slower than plain code these tests run. */
static inline double tests_slowness(void)
{
    const char *preload = getenv("LD_PRELOAD");
    if (preload && strstr(preload, "vgpreload"))
        return 20;
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
    return 5;
#elif __has_feature(address_sanitizer)
    return 2;
#endif
#endif
#if defined(__SANITIZE_THREAD__)
    return 5;
#elif defined(__SANITIZE_ADDRESS__)
    return 2;
#else
    return 1;
#endif
}

/* Sets the process's locale, and makes sure that it is one: a comma for the point, and in Turkish an I whose small
 * letter is not i. (strcasecmp() would not tell: the sanitizers have one of their own, of the C locale.) */
static inline bool set_locale(const char *name)
{
    bool is_turkish = strncmp(name, "tr", 2) == 0;
    return setlocale(LC_ALL, name) && strcmp(localeconv()->decimal_point, ",") == 0 &&
           is_turkish == (tolower('I') != 'i');
}

/* Runs `tests` (ended by NULL) as the suite `name`, each in a process of its own, which may take `timeout_s` seconds
 * (more under sanitizers and valgrind). The program's exit status. */
static inline int run_tests(const char *name, const TTest *const *tests, double timeout_s)
{
    const char *locale = getenv("GRIDDLE_LOCALE");
    if (locale && !set_locale(locale)) {
        printf("there is no locale \"%s\", or it is not what it should be\n", locale);
        return EXIT_FAILURE;
    }
    Suite *suite = suite_create(name);
    for (; *tests; tests++) {
        TCase *tcase = tcase_create((*tests)->name);
        tcase_set_timeout(tcase, timeout_s * tests_slowness());
        tcase_add_test(tcase, *tests);
        suite_add_tcase(suite, tcase);
    }
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner), run = srunner_ntests_run(runner);
    srunner_free(runner);
    printf("%d passed, %d failed\n", run - failed, failed);
    return failed == 0 && run > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
