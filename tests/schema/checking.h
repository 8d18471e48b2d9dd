/* What is said of a table at start. */
#ifndef TESTS_CHECKING_H
#define TESTS_CHECKING_H

#include <griddle/input.h>

#include "corpus.h"
#include "schema/check.h"

static char said[8192];

GR_UNUSED static void remember(void *arg, const char *text)
{
    (void)arg;
    size_t len = strlen(said);
    snprintf(said + len, sizeof said - len, "%s\n", text);
}

GR_UNUSED static int check(const gr_model *model, bool input)
{
    struct gri_checker checker;
    said[0] = '\0';
    gri_checker_init(&checker, remember, NULL);
    int rc = gri_check_model(&checker, model, input);
    gri_checker_finish(&checker);
    return rc;
}

GR_UNUSED static void want_said(const gr_model *model, bool input, const char *want)
{
    ck_assert_int_eq(check(model, input), GR_EINVAL);
    ck_assert_str_eq(said, want);
}

#endif
