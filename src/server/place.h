/* Where a test's client sends a request: an absolute URL in its parts. */
#ifndef GRI_SERVER_PLACE_H
#define GRI_SERVER_PLACE_H

#include "server/jar.h"

struct gri_url_place {
    bool secure;  /* https */
    char *host;   /* with a port, if any */
    char *target; /* path and query */
};

/* 0, GR_ENOMEM, GR_EINVAL: `url` is no http: or https: URL. What follows host and port may be missing: "/". */
int gri_url_place_init(struct gri_url_place *place, const char *url);
void gri_url_place_finish(struct gri_url_place *place);

/* Goes where a Location leads (RFC 3986 section 5.2). 0, GR_ENOMEM, GR_EINVAL: to no http: or https: URL. */
int gri_url_place_go(struct gri_url_place *place, const char *location);

struct gri_origin gri_url_place_origin(const struct gri_url_place *place);

#endif
