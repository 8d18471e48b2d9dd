/* The vocabulary of the tests: GIVEN-WHEN-THEN over Check. A program holds one suite: it lists its tests and ends with
 * "N passed, N failed". */
#ifndef TESTS_RUN_H
#define TESTS_RUN_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

typedef const TTest *test_list[];

/* Runs `tests` (ended by NULL) as the suite `name`, each in a process of its own. The program's exit status. */
static inline int run_tests(const char *name, const TTest *const *tests, double timeout_s)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, timeout_s);
    for (; *tests; tests++)
        tcase_add_test(tcase, *tests);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner), run = srunner_ntests_run(runner);
    srunner_free(runner);
    printf("%d passed, %d failed\n", run - failed, failed);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
