/* Regular expressions, PCRE2's, that cannot take longer than they may. */
#ifndef GRI_SCHEMA_REGEX_H
#define GRI_SCHEMA_REGEX_H

#include "schema/steps.h"

struct gri_regex;

/* Compiles a pattern of PCRE2: UTF, where it may be found anywhere. NULL: it is wrong, *why and where in it;
 * or, where *why is empty, memory is out. */
struct gri_regex *gri_regex_create(const char *pattern, char *why, size_t why_size, size_t *where);
void gri_regex_destroy(struct gri_regex *regex);

/* Whether it is found in the text: 1, 0; GR_EMSGSIZE: that would have taken more steps than are left, of which there
 * are none then, or more than a megabyte of memory; GR_ECANCELED, GR_ENOMEM.
 *
 * A step is one item of the pattern tried at one place, or eight bytes that an item ran over: about 20 ns. They are
 * counted on from text to text and from each place where a match may begin to the next. */
int gri_regex_matches(const struct gri_regex *regex, const char *text, size_t len, struct gri_steps *steps);

/* What a text of that length takes that is run through once: what a text of the program's own adds to the budget. */
uint64_t gri_regex_one_pass(const struct gri_regex *regex, size_t len);

#endif
