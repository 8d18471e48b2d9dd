/* A transfer: one request and its answer, under way. Its owner's memory: of gr_fetch() the coroutine's stack.
 *
 * libcurl's callbacks only fill it in and set `changed`; whatever follows from that is done by the coroutine. */
#ifndef GRI_FETCH_TRANSFER_H
#define GRI_FETCH_TRANSFER_H

#include <griddle/sync.h>
#include <griddle/task.h>

#include "fetch/client.h"
#include "fetch/place.h"

struct gri_fetch_buf {
    char *data;
    size_t len, size;
};

struct gri_transfer {
    gr_client *client;
    bool owns_client, added;
    CURL *easy;
    gr_fetch_request own;            /* the request, at its whole length */
    const gr_fetch_request *request; /* it: what it points to is borrowed until the head is here */
    const char *method;              /* that is sent now */
    struct gri_place place;          /* where it is sent now */
    struct curl_slist *headers, *resolved;
    bool has_literal; /* the place, or the proxy, is an address in figures */
    gr_event changed;
    int64_t timeout_ms;      /* below 0: none */
    int redirects;           /* that were followed */
    bool is_elsewhere;       /* they have led to another origin */
    bool is_bodiless;        /* they have made it a GET */
    bool redirected;         /* the head is that of a redirect, to be followed */
    bool moved;              /* and that answer has ended */
    size_t skipped;          /* of its body */
    bool head_done;          /* that of the last answer is here */
    bool done;               /* libcurl has ended it, with `code` */
    CURLcode code;           /* valid when done */
    int rc;                  /* why a callback, or the pull function, ended it; 0: none did */
    const char *why;         /* in words, where it was not libcurl that failed; static */
    size_t head_bytes;       /* of all answers */
    struct gri_fetch_buf in; /* of the body: what is here and not handed out */
    size_t limit;            /* of `in`: beyond it the transfer fails, or, streaming, pauses */
    bool streams, paused;    /* paused: libcurl holds a piece back until there is room */
    gr_fetch_pull_fn *pull;  /* the body to send, or NULL */
    void *pull_arg;          /* borrowed */
    bool has_pulled;
    const char *up;         /* what was pulled and not sent yet */
    size_t up_len, up_left; /* up_left: still to be pulled, where the length is known */
    bool up_counted, up_ended;
    bool wants_body; /* libcurl waits for the next piece */
    char error[CURL_ERROR_SIZE];
};

enum { GRI_FETCH_WINDOW = 64 * 1024 };

/* Prepares it: *transfer need not be set. `client` NULL: one of its own. Where that fails it must be finished too. */
int gri_transfer_begin(gr_co co, struct gri_transfer *transfer, gr_client *client, const gr_fetch_request *request,
                       bool streams);

/* An await: until `is_ready`, or for the timeout, sending what is pulled meanwhile. 0 or why it ended otherwise. */
int gri_transfer_wait(gr_co co, struct gri_transfer *transfer, bool (*is_ready)(const struct gri_transfer *));

/* An await: finds the addresses and hands it to libcurl. */
int gri_transfer_depart(gr_co co, struct gri_transfer *transfer);

/* Takes it back, and prepares it for where the redirect leads. */
int gri_transfer_redirect(struct gri_transfer *transfer);

/* Takes it back from libcurl at once, done or not. */
void gri_transfer_take_back(struct gri_transfer *transfer);

/* Lets libcurl go on where there is room again, or more of a body. */
void gri_transfer_resume(struct gri_transfer *transfer);

/* Takes it back, and frees what it holds. May be called again. */
void gri_transfer_finish(struct gri_transfer *transfer);

/* The result of one that is done. */
int gri_transfer_result(const struct gri_transfer *transfer);

/* Remembers why it failed; the first reason counts. Returns it. */
int gri_transfer_fail(struct gri_transfer *transfer, int rc, const char *why);

/* Fills *response: on failure (rc not 0) with the reason only. Takes the body that was collected. Returns rc, or
 * GR_ENOMEM. */
int gri_transfer_tell(struct gri_transfer *transfer, int rc, gr_response *response);

/* Sets the easy handle to what the request says. GR_EINVAL, GR_ENOMEM; `transfer` has the reason. */
int gri_transfer_prepare(struct gri_transfer *transfer);

/* The header fields of the request as libcurl takes them, checked: in place of those of before, if any. What is secret
 * goes to no other origin. */
int gri_transfer_set_headers(struct gri_transfer *transfer);

/* Whether `text` is a token (RFC 9110 section 5.6.2). */
bool gri_fetch_is_token(const char *text);

/* What a code of libcurl's is to us. */
int gri_fetch_code(CURL *easy, CURLcode code);

/* The first of several results that is not CURLE_OK, or that. */
CURLcode gri_fetch_first_error(const CURLcode *codes, size_t n);
#define GRI_FETCH_ALL(...) \
    gri_fetch_first_error((const CURLcode[]){__VA_ARGS__}, sizeof((const CURLcode[]){__VA_ARGS__}) / sizeof(CURLcode))

#endif
