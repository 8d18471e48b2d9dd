/* An answer as a test's client reads it, as it comes. */
#ifndef GRI_SERVER_ANSWER_H
#define GRI_SERVER_ANSWER_H

#include <griddle/testing.h>

#include "http/response.h"

enum gri_answer_state {
    GRI_ANSWER_MORE,     /* has to come */
    GRI_ANSWER_COMPLETE, /* it is gri_answer_length() bytes long */
    GRI_ANSWER_FAILED    /* it is no HTTP, or was cut, or memory is out */
};

/* NULL: out of memory. */
gr_answer *gri_answer_create(bool to_head);

/* Reads on: data[0 .. len) is all that was received since its first byte; `at_end`: nothing more comes. */
enum gri_answer_state gri_answer_read(gr_answer *answer, const char *data, size_t len, bool at_end);
size_t gri_answer_length(const gr_answer *answer);

/* Its header fields in their order; borrowed. */
const struct gri_header_line *gri_answer_headers(const gr_answer *answer);

/* What gr_answer_target() says; copied. False: out of memory. */
bool gri_answer_set_target(gr_answer *answer, const char *target);

#endif
