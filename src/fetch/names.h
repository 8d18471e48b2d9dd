/* The addresses of names: looked up by gr_lookup(), whose threads are few, and kept for a minute, as libcurl keeps them
 * that it has looked up itself by a thread for each. */
#ifndef GRI_FETCH_NAMES_H
#define GRI_FETCH_NAMES_H

#include <curl/curl.h>
#include <griddle/co.h>

struct gri_name;

struct gri_names {
    struct gri_name *first;
    size_t n;
};

/* An await: appends what CURLOPT_RESOLVE wants to *list. As gr_lookup(). */
int gri_names_resolve(gr_co co, struct gri_names *names, const char *host, unsigned port, struct curl_slist **list);

/* Nobody is in a call. */
void gri_names_finish(struct gri_names *names);

#endif
