/* What a client says it takes, and has (RFC 9110 sections 12.5.3 and 13.1.2). */
#ifndef GRI_APP_NEGOTIATE_H
#define GRI_APP_NEGOTIATE_H

#include "http/codec.h"

/* Whether it asks for gzip. False too where it says nothing: it would take any coding then, but a program that says
 * nothing often does not decode either. */
bool gri_accepts_gzip(const struct gri_head *head);

/* Whether If-None-Match names `etag` (with its quotes): the client has it already, 304. */
bool gri_has_etag(const struct gri_head *head, const char *etag);

#endif
