/* What a head must be beyond its grammar (RFC 9110 section 7, RFC 9112 sections 3 and 6). */
#ifndef GRI_HTTP_HEAD_CHECKS_H
#define GRI_HTTP_HEAD_CHECKS_H

#include "http/codec.h"

/* Checks Host, the framing fields, Expect and the target's form, and fills host, keep_alive and expects_continue.
 * 0, or the status to refuse with. */
int gri_head_check(struct gri_head *head);

#endif
