/* The client of a test: what it keeps from one request to the next. */
#ifndef GRI_SERVER_TEST_CLIENT_H
#define GRI_SERVER_TEST_CLIENT_H

#include <griddle/testing.h>

#include "server/place.h"

struct gri_test_client {
    struct gri_jar jar;
    struct gri_list headers;   /* char *: a name and a value, NUL-terminated, one behind the other */
    struct gri_url_place base; /* its target is the path before all others */
};

/* False: out of memory. */
bool gri_test_client_init(struct gri_test_client *client);
void gri_test_client_finish(struct gri_test_client *client);

/* 0, GR_ENOMEM, GR_EINVAL: as gr_test_set_header() and gr_test_set_base_url(). */
int gri_test_client_set_header(struct gri_test_client *client, const char *name, const char *value);
int gri_test_client_set_base(struct gri_test_client *client, const char *url);

/* --- of testing.c --- */

struct gri_test_client *gri_test_client_of(gr_test *test);

/* Sends the bytes on a connection of their own, and awaits the final answer. NULL: there was none, and why was said. */
gr_answer *gri_test_exchange(gr_test *test, const char *method, const char *target, const struct gri_buf *request);

#endif
