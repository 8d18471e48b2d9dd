/* The head guard: finds where a request's head ends and refuses what llhttp would let through (RFC 9112 sections 2.2
 * and 5; CVE-2023-30589, CVE-2024-27982, CVE-2025-23167). It runs over every byte of a head once, before llhttp. */
#ifndef GRI_HTTP_GUARD_H
#define GRI_HTTP_GUARD_H

#include <griddle/limits.h>

enum gri_guard_result {
    GRI_GUARD_MORE,    /* the head is not complete yet */
    GRI_GUARD_HEAD,    /* the head is data[skip .. skip + head_len) */
    GRI_GUARD_REFUSED, /* answer `status` and close */
};

/* Zero-initialised before each head. */
struct gri_guard {
    uint32_t scanned; /* bytes looked at; the next scan goes on there */
    uint32_t line;    /* where the present line starts */
    uint32_t skip;    /* leading CRLFs (RFC 9112 section 2.2: at most two are skipped) */
    uint32_t head_len;
    uint32_t uncounted; /* of the target: see GRI_TARGET_IN_HEAD */
    uint32_t n_lines;   /* complete lines, with the request line */
    uint16_t status;
    bool has_tab;
};

/* How much of a target counts for head_bytes, so that uri_bytes alone decides on a longer one. */
enum { GRI_TARGET_IN_HEAD = 8192 };

/* The most bytes that a scan may ask for before it comes to a result. */
size_t gri_guard_most(const gr_limits *limits);

/* data[0 .. len) is everything received of the head so far; the bytes of earlier calls are unchanged. */
enum gri_guard_result gri_guard_scan(struct gri_guard *guard, const char *data, size_t len, const gr_limits *limits);

#endif
