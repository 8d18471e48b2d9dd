/* Checking the tables once, at start: what can be declared and never be right. */
#ifndef GRI_SCHEMA_CHECK_H
#define GRI_SCHEMA_CHECK_H

#include <griddle/model.h>

#include "base/buf.h"

/* Is told one problem: "item.price: ge 5 is above le 3". `text` is valid during the call. */
typedef void gri_check_report(void *arg, const char *text);

/* Remembers which tables it has seen, so that one that is shared is reported once. */
struct gri_checker {
    gri_check_report *report;
    void *arg;
    size_t problems;
    const gr_model **seen;
    size_t n_seen, cap_seen;
    struct gri_buf text;
    bool failed; /* out of memory */
};

void gri_checker_init(struct gri_checker *checker, gri_check_report *report, void *arg);
void gri_checker_finish(struct gri_checker *checker);

/* Reports every problem of a model and of those it is made of (`input` false: members are GR_IN_JSON), or of an input,
 * whose members say where they come from. 0; GR_EINVAL: some were reported, by this call or before; GR_ENOMEM. */
int gri_check_model(struct gri_checker *checker, const gr_model *model, bool input);

#endif
