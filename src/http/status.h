/* Reason phrases (RFC 9110 section 15). */
#ifndef GRI_HTTP_STATUS_H
#define GRI_HTTP_STATUS_H

#include <stdbool.h>

/* "Not Found"; "Unknown" where the registry has none. Static. */
const char *gri_status_phrase(int status);

/* 1xx, 204 and 304 have no body and no Content-Length (RFC 9110 section 6.4.1). */
static inline bool gri_status_has_body(int status)
{
    return status >= 200 && status != 204 && status != 304;
}

#endif
