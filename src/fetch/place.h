/* A place on the network that a URL names: with whom a transfer connects. */
#ifndef GRI_FETCH_PLACE_H
#define GRI_FETCH_PLACE_H

#include <curl/curl.h>
#include <stdbool.h>

enum { GRI_HOST_MAX = 256 };

struct gri_place {
    char scheme[16];
    char host[GRI_HOST_MAX]; /* as libcurl looks it up, in ASCII; "[...]": an IPv6 address */
    unsigned port;
};

/* Of a parsed URL. */
CURLUcode gri_place_of(struct gri_place *place, CURLU *parsed);

/* Whether its scheme is http or https. */
bool gri_place_is_web(CURLU *parsed);

/* Whether libcurl needs nobody for the address: it is one, or a name of this machine (RFC 6761 section 6.3). */
bool gri_place_is_literal(const struct gri_place *place);

/* The same origin (RFC 6454). */
bool gri_place_is(const struct gri_place *place, const struct gri_place *other);

/* The proxy for a request to `place`: its URL, borrowed until the environment changes; NULL: none. `option` is the
 * client's, see gr_client_options.proxy. */
const char *gri_proxy_for(const struct gri_place *place, const char *option);

/* Where it is. */
CURLUcode gri_proxy_place(struct gri_place *place, const char *url);

/* Whether it wants the addresses of hosts: others look them up themselves. */
bool gri_proxy_wants_addresses(const struct gri_place *proxy);

/* A number of one to nine digits and nothing else. False: it is none. */
bool gri_read_digits(const char *text, unsigned *number);

#endif
